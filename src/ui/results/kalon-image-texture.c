/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-image-texture.h"

GdkTexture *
kalon_image_to_texture (KalonImage *image)
{
  gsize stride = (gsize) image->width * 3;
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (image->pixels, stride * image->height,
                                                         (GDestroyNotify) kalon_image_free, image);

  return gdk_memory_texture_new (image->width, image->height, GDK_MEMORY_R8G8B8, bytes, stride);
}
