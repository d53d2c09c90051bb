/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

/* g_file_set_contents_full() writes beside the target and renames. */
static gboolean
save (const KalonImage *image, const char *path, const char *type, const char *const *keys,
      const char *const *values, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autofree char *data = NULL;
  gsize size = 0;

  pixbuf = gdk_pixbuf_new_from_data (image->pixels, GDK_COLORSPACE_RGB, FALSE, 8, image->width,
                                     image->height, image->width * 3, NULL, NULL);
  return gdk_pixbuf_save_to_bufferv (pixbuf, &data, &size, type, (char **) keys, (char **) values,
                                     error)
         && g_file_set_contents_full (path, data, size, G_FILE_SET_CONTENTS_CONSISTENT, 0644,
                                      error);
}

gboolean
kalon_image_save_jpeg (const KalonImage *image, const char *path, int quality, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%d", quality);
  const char *keys[] = { "quality", NULL };
  const char *values[] = { number, NULL };

  g_return_val_if_fail (image != NULL && path != NULL, FALSE);
  g_return_val_if_fail (quality >= 1 && quality <= 100, FALSE);

  return save (image, path, "jpeg", keys, values, error);
}

gboolean
kalon_image_save_png (const KalonImage *image, const char *path, GError **error)
{
  const char *none[] = { NULL };

  g_return_val_if_fail (image != NULL && path != NULL, FALSE);

  return save (image, path, "png", none, none, error);
}
