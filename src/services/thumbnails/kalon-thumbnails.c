/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "thumbnails/kalon-thumbnails.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "errors/kalon-errors.h"

/* Small enough (about 15 KB) to keep 100,000, good enough not to be seen at this size. */
#define QUALITY 85

/* freedesktop.org Thumbnail Managing Standard 0.9: sizes of at least ours, smallest first. */
static const char *const desktop_sizes[] = { "large", "x-large", "xx-large" };

char *
kalon_thumbnail_dup_path (const char *library_directory, const char *content_hash)
{
  char fan[3] = { 0 };
  g_autofree char *name = NULL;

  g_return_val_if_fail (library_directory != NULL, NULL);
  g_return_val_if_fail (content_hash != NULL && strlen (content_hash) > 2, NULL);

  /* 256 folders: some file systems slow down at a hundred thousand names in one. */
  memcpy (fan, content_hash, 2);
  name = g_strconcat (content_hash, ".jpg", NULL);
  return g_build_filename (library_directory, "thumbnails", fan, name, NULL);
}

KalonImage *
kalon_thumbnail_shrink (const KalonImage *image)
{
  const guint longer = MAX (image->width, image->height);
  guint width = 0, height = 0;

  g_return_val_if_fail (image != NULL, NULL);

  if (longer <= KALON_THUMBNAIL_SIZE)
    return NULL;
  width = ((guint64) image->width * KALON_THUMBNAIL_SIZE + longer / 2) / longer;
  height = ((guint64) image->height * KALON_THUMBNAIL_SIZE + longer / 2) / longer;
  return kalon_image_resize (image, MAX (width, 1), MAX (height, 1));
}

static gboolean
save (const char *path, const KalonImage *thumbnail, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      const int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "%s: the folder for thumbnails cannot be made: %s. Check its permissions.",
                   folder, g_strerror (code));
      return FALSE;
    }
  return kalon_image_save_jpeg (thumbnail, path, QUALITY, error);
}

gboolean
kalon_thumbnail_store (const char *library_directory, const char *content_hash,
                       const KalonImage *image, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (KalonImage) small = NULL;

  g_return_val_if_fail (image != NULL, FALSE);

  path = kalon_thumbnail_dup_path (library_directory, content_hash);
  small = kalon_thumbnail_shrink (image);
  return save (path, small != NULL ? small : image, error);
}

/* The value of a PNG tEXt chunk before the pixels, as a number; -1 when there is none.
   Chunks are length, type, data, CRC (PNG 1.2, 3.2); tEXt data is "KEY\0VALUE". */
static gint64
read_png_number (GBytes *png, const char *key)
{
  const gsize key_size = strlen (key) + 1;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (png, &size);

  for (gsize at = 8; at + 12 <= size;)
    {
      const gsize length
          = (gsize) data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
      const char *type = (const char *) data + at + 4;
      const char *text = (const char *) data + at + 8;

      if (length > size - at - 12 || memcmp (type, "IDAT", 4) == 0)
        break;
      if (memcmp (type, "tEXt", 4) == 0 && length > key_size && memcmp (text, key, key_size) == 0)
        {
          g_autofree char *value = g_strndup (text + key_size, length - key_size);
          char *end = NULL;
          const gint64 number = g_ascii_strtoll (value, &end, 10);

          return end != value ? number : -1;
        }
      at += length + 12;
    }
  return -1;
}

/* (nullable): @image at our size. */
static KalonImage *
fit (KalonImage *image)
{
  KalonImage *small = image != NULL ? kalon_thumbnail_shrink (image) : NULL;

  if (small == NULL)
    return image;
  kalon_image_free (image);
  return small;
}

/* The desktop's, when it was made of the picture as it is now. */
static KalonImage *
load_desktop (const char *path, GCancellable *cancellable)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);
  g_autofree char *digest = NULL;
  g_autofree char *name = NULL;
  GStatBuf status;

  if (uri == NULL || g_stat (path, &status) != 0)
    return NULL;
  digest = g_compute_checksum_for_string (G_CHECKSUM_MD5, uri, -1);
  name = g_strconcat (digest, ".png", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (desktop_sizes); i++)
    {
      g_autofree char *file
          = g_build_filename (g_get_user_cache_dir (), "thumbnails", desktop_sizes[i], name, NULL);
      g_autoptr (GBytes) png = NULL;
      char *content = NULL;
      gsize size = 0;

      if (!g_file_get_contents (file, &content, &size, NULL))
        continue;
      png = g_bytes_new_take (content, size);
      if (read_png_number (png, "Thumb::MTime") == status.st_mtime)
        return fit (kalon_image_load_bytes (png, 0, NULL, cancellable, NULL));
    }
  return NULL;
}

KalonImage *
kalon_thumbnail_load (const char *library_directory, const char *path, const char *content_hash,
                      GCancellable *cancellable, GError **error)
{
  g_autofree char *own = NULL;
  KalonImage *image = NULL;

  g_return_val_if_fail (library_directory != NULL && path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (content_hash != NULL)
    {
      own = kalon_thumbnail_dup_path (library_directory, content_hash);
      image = kalon_image_load (own, 0, NULL, cancellable, NULL);
      if (image != NULL)
        return image;
    }
  image = load_desktop (path, cancellable);
  if (image != NULL)
    return image;

  image = fit (kalon_image_load (path, KALON_THUMBNAIL_SIZE, NULL, cancellable, error));
  if (image != NULL && own != NULL)
    {
      g_autoptr (GError) reason = NULL;

      /* A full disk does not keep the picture from being shown. */
      if (!save (own, image, &reason))
        g_info ("%s", reason->message);
    }
  return image;
}
