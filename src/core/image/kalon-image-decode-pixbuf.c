/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every format but JPEG: gdk-pixbuf's loaders, fed in pieces so that they can be cancelled. */
#include "image/kalon-image-private.h"

#include <string.h>
#include <unistd.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "errors/kalon-errors.h"

#define CHUNK (256 * 1024)
#define DESCRIBE_CHUNK (64 * 1024)

/* Laid on white, rounded as Pillow's alpha_composite() on an opaque ground rounds. */
static inline guint8
on_white (guint8 value, guint8 alpha)
{
  const guint blend = value * alpha + 255u * (255u - alpha) + 128;

  return (blend + (blend >> 8)) >> 8;
}

/* Packs the rows to three bytes a pixel inside the pixbuf's own memory, which @pixbuf's only
   owner may do: a second copy of a large picture is what runs a machine out of memory. */
static KalonImage *
pack (GdkPixbuf *pixbuf)
{
  const guint width = gdk_pixbuf_get_width (pixbuf);
  const guint height = gdk_pixbuf_get_height (pixbuf);
  const gsize stride = gdk_pixbuf_get_rowstride (pixbuf);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  guint8 *to = pixels;

  for (guint y = 0; y < height; y++)
    {
      const guint8 *from = pixels + y * stride;

      if (!gdk_pixbuf_get_has_alpha (pixbuf))
        {
          memmove (to, from, (gsize) width * 3);
          to += (gsize) width * 3;
          continue;
        }
      for (guint x = 0; x < width; x++, from += 4, to += 3)
        {
          const guint8 alpha = from[3];

          to[0] = on_white (from[0], alpha);
          to[1] = on_white (from[1], alpha);
          to[2] = on_white (from[2], alpha);
        }
    }
  return kalon_image_new_owned (width, height, pixels, G_OBJECT (pixbuf));
}

/* What a loader told so far. */
typedef struct
{
  guint width, height;
  guint8 *rows; /* [height]: whether it is there */
  GError *error;
} Progress;

static void
progress_clear (Progress *progress)
{
  g_free (progress->rows);
  g_clear_error (&progress->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Progress, progress_clear)

/* A size of zero makes a loader stop before it allocates the picture. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, Progress *progress)
{
  if (progress->rows != NULL || progress->error != NULL)
    return;
  progress->width = MAX (width, 0);
  progress->height = MAX (height, 0);
  if (kalon_check_dimensions (progress->width, progress->height, &progress->error))
    progress->rows = g_malloc0 (progress->height);
  else
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static void
area_updated_cb (GdkPixbufLoader *loader, int x, int y, int width, int height, Progress *progress)
{
  for (int row = MAX (y, 0); row < y + height && row < (int) progress->height; row++)
    progress->rows[row] = TRUE;
}

/* Some loaders end well where the data ended early; what is missing is whatever memory held. */
static gboolean
check_rows (const Progress *progress, GError **error)
{
  if (memchr (progress->rows, FALSE, progress->height) == NULL)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "The picture is truncated: some of its rows are missing. Copy it again from where "
               "it came.");
  return FALSE;
}

/* @size: of the @whole, what the loader shall see */
static gboolean
feed (GdkPixbufLoader *loader, const guint8 *data, gsize size, gsize whole,
      GCancellable *cancellable, GError **error)
{
  /* Ends a GIF that was cut behind its first frame. */
  static const guint8 trailer = 0x3b;

  for (gsize at = 0; at < size; at += CHUNK)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !gdk_pixbuf_loader_write (loader, data + at, MIN (CHUNK, size - at), error))
      return FALSE;
  return size == whole || gdk_pixbuf_loader_write (loader, &trailer, 1, error);
}

/* What gdk-pixbuf would find out by itself only where a MIME database is installed. */
typedef struct
{
  KalonSniffed sniffed;
  const char *mime_type;
  const char *missing; /* (nullable): what to install */
} Format;

static const Format *
find_format (KalonSniffed sniffed)
{
  static const Format formats[] = {
    { KALON_SNIFFED_JPEG, "image/jpeg", NULL },
    { KALON_SNIFFED_PNG, "image/png", NULL },
    { KALON_SNIFFED_GIF, "image/gif", NULL },
    { KALON_SNIFFED_TIFF, "image/tiff", NULL },
    { KALON_SNIFFED_WEBP, "image/webp", "WebP needs the package webp-pixbuf-loader" },
    { KALON_SNIFFED_HEIF, "image/heif", "HEIC needs the package heif-gdk-pixbuf" },
    { KALON_SNIFFED_AVIF, "image/avif", "AVIF needs the package heif-gdk-pixbuf" },
    { KALON_SNIFFED_JXL, "image/jxl",
      "JPEG XL needs libjxl's gdk-pixbuf loader, which Debian 12 does not have" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].sniffed == sniffed)
      return &formats[i];
  return NULL;
}

/* gdk-pixbuf's reasons in our domain, with what to do next. */
static void
translate_error (GError **error, const GError *reason, const Format *format)
{
  if (reason->domain != GDK_PIXBUF_ERROR)
    g_propagate_error (error, g_error_copy (reason));
  else if (reason->code == GDK_PIXBUF_ERROR_UNKNOWN_TYPE && format != NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                 "No loader is installed: %s. Install it and index again.",
                 format->missing != NULL ? format->missing : format->mime_type);
  else if (reason->code == GDK_PIXBUF_ERROR_UNKNOWN_TYPE)
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "This is not a picture of any known format. Check what it is, or remove it.");
  else if (reason->code == GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY)
    g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                 "Not enough memory to decode it (%s). Close other programs or shrink it.",
                 reason->message);
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The picture is corrupt or truncated (%s). Copy it again from where it came.",
                 reason->message);
}

/* @format: (nullable): gdk-pixbuf shall find out */
static GdkPixbufLoader *
new_loader (const Format *format, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GdkPixbufLoader *loader = NULL;

  if (format == NULL)
    return gdk_pixbuf_loader_new ();
  loader = gdk_pixbuf_loader_new_with_mime_type (format->mime_type, &reason);
  if (loader == NULL)
    translate_error (error, reason, format);
  return loader;
}

static void
read_options (GdkPixbuf *pixbuf, KalonDecoded *decoded)
{
  const char *orientation = gdk_pixbuf_get_option (pixbuf, "orientation");
  const char *profile = gdk_pixbuf_get_option (pixbuf, "icc-profile");

  decoded->orientation = orientation != NULL ? atoi (orientation) : 0;
  if (profile != NULL)
    {
      gsize size = 0;
      guchar *data = g_base64_decode (profile, &size);

      decoded->profile = g_bytes_new_take (data, size);
    }
}

static gboolean
check_format (GdkPixbufLoader *loader, KalonDecoded *decoded, GError **error)
{
  decoded->format = gdk_pixbuf_format_get_name (gdk_pixbuf_loader_get_format (loader));
  if (kalon_format_is_photographic (decoded->format))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
               "Icons and drawings are not indexed. Export it as PNG if it should be found.");
  return FALSE;
}

/* Those that tell of every row (an animation tells of none), and when they do. */
static gboolean
tells_rows_while_fed (KalonSniffed sniffed, const guint8 *data, gsize size)
{
  const gboolean animated = size > 20 && memcmp (data + 12, "VP8X", 4) == 0 && (data[20] & 2) != 0;

  return sniffed == KALON_SNIFFED_WEBP && !animated;
}

static gboolean
tells_rows (const char *format)
{
  static const char *const formats[] = { "png", "bmp", "pnm", NULL };

  return g_strv_contains (formats, format);
}

/* Feeds @loader, of the @whole bytes the first @size, and closes it, whatever happens. */
static gboolean
run_loader (GdkPixbufLoader *loader, const Format *format, const guint8 *data, gsize size,
            gsize whole, Progress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) damage = NULL;

  if (feed (loader, data, size, whole, cancellable, &reason) && progress->rows != NULL
      && format != NULL && tells_rows_while_fed (format->sniffed, data, size))
    check_rows (progress, &damage); /* before WebP's loader is closed, when it calls all updated */
  /* The first reason is the one to tell. */
  gdk_pixbuf_loader_close (loader, reason == NULL && damage == NULL ? &reason : NULL);
  if (damage == NULL)
    damage = g_steal_pointer (&progress->error);
  if (damage != NULL)
    g_propagate_error (error, g_steal_pointer (&damage));
  else if (reason != NULL)
    translate_error (error, reason, format);
  else
    return TRUE;
  return FALSE;
}

gboolean
kalon_decode_pixbuf (const guint8 *data, gsize size, KalonDecoded *decoded,
                     GCancellable *cancellable, GError **error)
{
  const KalonSniffed sniffed = kalon_sniff (data, size);
  const Format *format = find_format (sniffed);
  const gsize whole = size;
  g_autoptr (GdkPixbufLoader) loader = NULL;
  g_auto (Progress) progress = { 0 };
  GdkPixbuf *pixbuf = NULL;

  /* Both before there is a loader: closed without data, some log a warning. */
  if (!kalon_check_container (sniffed, data, &size, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  loader = new_loader (format, error);
  if (loader == NULL)
    return FALSE;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &progress);
  g_signal_connect (loader, "area-updated", G_CALLBACK (area_updated_cb), &progress);
  if (!run_loader (loader, format, data, size, whole, &progress, cancellable, error)
      || !check_format (loader, decoded, error))
    return FALSE;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL || progress.rows == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The file holds no picture. Copy it again from where it came.");
      return FALSE;
    }
  if (tells_rows (decoded->format) && !check_rows (&progress, error))
    return FALSE;
  decoded->width = progress.width;
  decoded->height = progress.height;
  read_options (pixbuf, decoded);
  decoded->image = pack (g_object_ref (pixbuf));
  return TRUE;
}

static void
describe_cb (GdkPixbufLoader *loader, int width, int height, Progress *progress)
{
  progress->width = MAX (width, 0);
  progress->height = MAX (height, 0);
  gdk_pixbuf_loader_set_size (loader, 0, 0);
}

gboolean
kalon_describe_pixbuf (int fd, char **format, guint *width, guint *height, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = NULL;
  g_autofree guint8 *data = g_malloc (DESCRIBE_CHUNK);
  gssize got = pread (fd, data, DESCRIBE_CHUNK, 0);
  Progress described = { 0 };

  loader = new_loader (find_format (kalon_sniff (data, MAX (got, 0))), error);
  if (loader == NULL)
    return FALSE;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (describe_cb), &described);
  for (off_t at = 0; got > 0 && described.width == 0; got = pread (fd, data, DESCRIBE_CHUNK, at))
    {
      if (!gdk_pixbuf_loader_write (loader, data, got, NULL))
        break;
      at += got;
    }
  /* Stopped at its size, a loader calls the picture corrupt. */
  gdk_pixbuf_loader_close (loader, NULL);
  if (!kalon_check_dimensions (described.width, described.height, error))
    return FALSE;
  *format = gdk_pixbuf_format_get_name (gdk_pixbuf_loader_get_format (loader));
  *width = described.width;
  *height = described.height;
  return TRUE;
}
