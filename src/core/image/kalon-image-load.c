/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "errors/kalon-errors.h"
#include "image/kalon-image-private.h"

/* Larger than any photograph; what claims to be one is a disk image with a wrong name. */
#define MAX_FILE_SIZE (G_GUINT64_CONSTANT (2) << 30)

#define CHUNK (4 * 1024 * 1024)

void
kalon_decoded_clear (KalonDecoded *decoded)
{
  g_clear_pointer (&decoded->image, kalon_image_free);
  g_clear_pointer (&decoded->profile, g_bytes_unref);
  g_clear_pointer (&decoded->format, g_free);
}

gboolean
kalon_check_dimensions (guint64 width, guint64 height, GError **error)
{
  if (width == 0 || height == 0)
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The picture is %" G_GUINT64_FORMAT " x %" G_GUINT64_FORMAT
                 " pixels. Copy it again from where it came.",
                 width, height);
  else if (width > KALON_IMAGE_MAX_PIXELS / height)
    g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                 "The picture is %" G_GUINT64_FORMAT " x %" G_GUINT64_FORMAT
                 " pixels, above the limit of %" G_GUINT64_FORMAT
                 " million. Shrink it in an image editor.",
                 width, height, KALON_IMAGE_MAX_PIXELS / 1000000);
  else
    return TRUE;
  return FALSE;
}

/* Into memory rather than mapped: a mapped file that shrinks or whose drive is unplugged kills
   the process (SIGBUS). The descriptor is opened without waiting, else a FIFO would hang. */
static int
open_regular (const char *path, gsize *size, GError **error)
{
  struct stat status;
  const int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      const int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "It cannot be read: %s. Check that it is there and that you may read it.",
                   g_strerror (code));
    }
  else if (S_ISDIR (status.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                 "It is a folder, not a picture. Name the pictures in it.");
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 "It is a device, pipe or socket, not a picture. Remove it from the folder.");
  else if (status.st_size == 0)
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The file is empty. Copy it again from where it came.");
  else if ((guint64) status.st_size > MAX_FILE_SIZE)
    g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                 "The file is larger than 2 GiB. Shrink it in an image editor.");
  else
    {
      *size = status.st_size;
      return fd;
    }
  if (fd >= 0)
    close (fd);
  return -1;
}

/* At most @size bytes; less when the file shrank meanwhile. */
static GBytes *
read_all (int fd, gsize size, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *data = g_try_malloc (size);
  gsize at = 0;

  if (data == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "Not enough memory to read it. Close other programs or shrink it.");
      return NULL;
    }
  while (at < size)
    {
      const gssize got = read (fd, data + at, MIN (CHUNK, size - at));

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          const int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                       "Reading it failed: %s. Check the drive.", g_strerror (code));
          return NULL;
        }
      if (got == 0)
        break;
      at += got;
    }
  return g_bytes_new_take (g_steal_pointer (&data), at);
}

static gboolean
decode_raw (const KalonSource *source, guint min_side, KalonDecoded *decoded,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) preview = kalon_metadata_dup_preview (source, error);
  const guint8 *data = NULL;
  gsize size = 0;

  if (preview == NULL)
    return FALSE;
  data = g_bytes_get_data (preview, &size);
  if (kalon_sniff (data, size) == KALON_SNIFFED_JPEG
          ? !kalon_decode_jpeg (data, size, min_side, decoded, cancellable, error)
          : !kalon_decode_pixbuf (data, size, decoded, cancellable, error))
    return FALSE;
  g_free (decoded->format);
  decoded->format = g_strdup ("raw");
  return TRUE;
}

/* Whether EXIF's orientation is still to be applied: HEIC and AVIF are turned by their own
   boxes, which the loader obeys; JPEG and TIFF decoders gave it already. */
static gboolean
has_separate_orientation (KalonSniffed sniffed)
{
  return sniffed == KALON_SNIFFED_PNG || sniffed == KALON_SNIFFED_WEBP
         || sniffed == KALON_SNIFFED_RAW;
}

static KalonImage *
finish (KalonDecoded *decoded, KalonImageInfo *info, GError **error)
{
  KalonImage *image = g_steal_pointer (&decoded->image);

  kalon_colour_to_srgb (image, decoded->profile);
  if (info != NULL)
    {
      const gboolean turned = decoded->orientation >= 5;

      info->width = turned ? decoded->height : decoded->width;
      info->height = turned ? decoded->width : decoded->height;
      info->format = g_steal_pointer (&decoded->format);
      if (decoded->profile != NULL)
        info->profile = kalon_colour_dup_profile_name (decoded->profile);
    }
  return kalon_image_orient (image, decoded->orientation, error);
}

static KalonImage *
load (const KalonSource *source, KalonSniffed sniffed, guint min_side, KalonImageInfo **info,
      GCancellable *cancellable, GError **error)
{
  g_auto (KalonDecoded) decoded = { 0 };
  g_autoptr (KalonImageInfo) filled = info != NULL ? g_new0 (KalonImageInfo, 1) : NULL;
  KalonImage *image = NULL;
  const guint8 *data = NULL;
  gsize size = 0;
  gboolean done = FALSE;

  if (source->bytes != NULL)
    data = g_bytes_get_data (source->bytes, &size);
  if (sniffed == KALON_SNIFFED_RAW)
    done = decode_raw (source, min_side, &decoded, cancellable, error);
  else if (sniffed == KALON_SNIFFED_JPEG)
    done = kalon_decode_jpeg (data, size, min_side, &decoded, cancellable, error);
  else
    done = kalon_decode_pixbuf (data, size, &decoded, cancellable, error);
  if (!done)
    return NULL;

  if (filled != NULL || has_separate_orientation (sniffed))
    {
      const int orientation = kalon_metadata_read (source, filled);

      if (has_separate_orientation (sniffed) && decoded.orientation == 0)
        decoded.orientation = orientation;
    }
  image = finish (&decoded, filled, error);
  if (image != NULL && info != NULL)
    *info = g_steal_pointer (&filled);
  return image;
}

/* A TIFF shell is a RAW file by its suffix or by what is inside. */
static KalonSniffed
look_inside (KalonSniffed sniffed, const KalonSource *source)
{
  const gboolean shell = sniffed == KALON_SNIFFED_TIFF || sniffed == KALON_SNIFFED_OTHER;
  const gboolean named = source->path != NULL && kalon_suffix_is_raw (source->path);

  if ((shell && named) || (sniffed == KALON_SNIFFED_TIFF && kalon_metadata_is_raw (source)))
    return KALON_SNIFFED_RAW;
  return sniffed;
}

static void
prefix_name (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_prefix_error (error, "%s: ", name);
}

KalonImage *
kalon_image_load (const char *path, guint min_side, KalonImageInfo **info,
                  GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  KalonSource source = { .path = path };
  KalonSniffed sniffed = KALON_SNIFFED_OTHER;
  KalonImage *image = NULL;
  guint8 head[KALON_SNIFF_SIZE];
  gssize head_size = 0;
  gsize size = 0;
  int fd = -1;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  fd = open_regular (path, &size, error);
  if (fd < 0)
    goto out;
  head_size = pread (fd, head, sizeof head, 0);
  sniffed = look_inside (kalon_sniff (head, MAX (head_size, 0)), &source);
  /* Of RAW, tens of megabytes, only the preview is read. */
  if (sniffed != KALON_SNIFFED_RAW)
    {
      bytes = read_all (fd, size, cancellable, error);
      if (bytes == NULL)
        goto out;
      source = (KalonSource){ .bytes = bytes };
    }
  image = load (&source, sniffed, min_side, info, cancellable, error);

out:
  if (fd >= 0)
    close (fd);
  if (image == NULL)
    prefix_name (path, error);
  return image;
}

KalonImage *
kalon_image_load_bytes (GBytes *bytes, guint min_side, KalonImageInfo **info,
                        GCancellable *cancellable, GError **error)
{
  const KalonSource source = { .bytes = bytes };
  const guint8 *data = NULL;
  gsize size = 0;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  if (size == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The picture is empty. Copy it again from where it came.");
      return NULL;
    }
  return load (&source, look_inside (kalon_sniff (data, size), &source), min_side, info,
               cancellable, error);
}

static KalonImageInfo *
read_info (int fd, const char *path, GError **error)
{
  const KalonSource source = { .path = path };
  g_autoptr (KalonImageInfo) info = g_new0 (KalonImageInfo, 1);
  KalonSniffed sniffed = KALON_SNIFFED_OTHER;
  guint8 head[KALON_SNIFF_SIZE];
  const gssize head_size = pread (fd, head, sizeof head, 0);
  int orientation = 0;

  sniffed = look_inside (kalon_sniff (head, MAX (head_size, 0)), &source);
  if (sniffed == KALON_SNIFFED_RAW)
    {
      if (!kalon_metadata_read_preview_size (&source, &info->width, &info->height, error))
        return NULL;
      info->format = g_strdup ("raw");
    }
  else if (!kalon_describe_pixbuf (fd, &info->format, &info->width, &info->height, error))
    return NULL;

  orientation = kalon_metadata_read (&source, info);
  if (orientation >= 5 && sniffed != KALON_SNIFFED_HEIF && sniffed != KALON_SNIFFED_AVIF)
    {
      const guint stored_width = info->width;

      info->width = info->height;
      info->height = stored_width;
    }
  return g_steal_pointer (&info);
}

KalonImageInfo *
kalon_image_read_info (const char *path, GError **error)
{
  KalonImageInfo *info = NULL;
  gsize size = 0;
  int fd = -1;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  fd = open_regular (path, &size, error);
  if (fd >= 0)
    {
      info = read_info (fd, path, error);
      close (fd);
    }
  if (info == NULL)
    prefix_name (path, error);
  return info;
}
