/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

static gboolean
write_all (int fd, const char *data, gsize size)
{
  for (gsize at = 0; at < size;)
    {
      const gssize n = write (fd, data + at, size - at);

      if (n < 0 && errno != EINTR)
        return FALSE;
      at += MAX (n, 0);
    }
  return TRUE;
}

/* Beside the target, then renamed, as g_file_set_contents() does; but without its two fsync() for
   each file, which a disk takes tens of milliseconds for: thousands of thumbnails are made in one
   go, and one that a power cut spoils is made again. */
static gboolean
replace_file (const char *path, const char *data, gsize size, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  g_autofree char *name = NULL;
  const int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666);
  int code = errno;

  if (fd >= 0)
    {
      code = write_all (fd, data, size) ? 0 : errno;
      if (close (fd) != 0 && code == 0)
        code = errno;
      if (code == 0 && g_rename (temporary, path) == 0)
        return TRUE;
      code = code != 0 ? code : errno;
      g_unlink (temporary);
    }
  name = g_filename_display_name (path);
  if (code == ENOENT)
    {
      g_autofree char *folder = g_path_get_dirname (path);
      g_autofree char *shown = g_filename_display_name (folder);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "“%s” cannot be written: there is no folder “%s”. Make it first.", name, shown);
      return FALSE;
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "“%s” cannot be written: %s. Check the space and the permissions there.", name,
               g_strerror (code));
  return FALSE;
}

/* (transfer full) (nullable) */
static GBytes *
encode (const KalonImage *image, const char *type, const char *const *keys,
        const char *const *values, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  char *data = NULL;
  gsize size = 0;

  pixbuf = gdk_pixbuf_new_from_data (image->pixels, GDK_COLORSPACE_RGB, FALSE, 8, image->width,
                                     image->height, image->width * 3, NULL, NULL);
  if (!gdk_pixbuf_save_to_bufferv (pixbuf, &data, &size, type, (char **) keys, (char **) values,
                                   error))
    return NULL;
  return g_bytes_new_take (data, size);
}

/* @bytes: (transfer full) (nullable): %NULL has failed already */
static gboolean
save (const char *path, GBytes *bytes, GError **error)
{
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  gboolean done = data != NULL && replace_file (path, data, size, error);

  g_clear_pointer (&bytes, g_bytes_unref);
  return done;
}

GBytes *
kalon_image_encode_jpeg (const KalonImage *image, int quality, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%d", quality);
  const char *keys[] = { "quality", NULL };
  const char *values[] = { number, NULL };

  g_return_val_if_fail (image != NULL, NULL);
  g_return_val_if_fail (quality >= 1 && quality <= 100, NULL);

  return encode (image, "jpeg", keys, values, error);
}

gboolean
kalon_image_save_jpeg (const KalonImage *image, const char *path, int quality, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);
  return save (path, kalon_image_encode_jpeg (image, quality, error), error);
}

gboolean
kalon_image_save_png (const KalonImage *image, const char *path, GError **error)
{
  const char *none[] = { NULL };

  g_return_val_if_fail (image != NULL && path != NULL, FALSE);

  return save (path, encode (image, "png", none, none, error), error);
}
