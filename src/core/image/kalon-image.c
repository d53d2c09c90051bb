/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "image/kalon-image-private.h"

typedef struct
{
  KalonImage image;
  GObject *owner; /* (nullable): holds the pixels; else they are g_malloc()ed */
} OwnedImage;

KalonImage *
kalon_image_new_owned (guint width, guint height, guint8 *pixels, GObject *owner)
{
  OwnedImage *owned = g_new0 (OwnedImage, 1);

  owned->image.width = width;
  owned->image.height = height;
  owned->image.pixels = pixels;
  owned->owner = owner;
  return &owned->image;
}

KalonImage *
kalon_image_new (guint width, guint height)
{
  return kalon_image_new_owned (width, height, g_malloc ((gsize) width * height * 3), NULL);
}

KalonImage *
kalon_image_try_new (guint width, guint height, GError **error)
{
  guint8 *pixels = g_try_malloc ((gsize) width * height * 3);

  if (pixels != NULL)
    return kalon_image_new_owned (width, height, pixels, NULL);
  g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
               "Not enough memory for %u x %u pixels. Close other programs or shrink the picture.",
               width, height);
  return NULL;
}

void
kalon_image_free (KalonImage *image)
{
  OwnedImage *owned = (OwnedImage *) image;

  if (owned == NULL)
    return;
  if (owned->owner != NULL)
    g_object_unref (owned->owner);
  else
    g_free (owned->image.pixels);
  g_free (owned);
}

KalonImageInfo *
kalon_image_info_copy (const KalonImageInfo *info)
{
  KalonImageInfo *copy = g_memdup2 (info, sizeof *info);

  copy->format = g_strdup (info->format);
  copy->camera = g_strdup (info->camera);
  copy->lens = g_strdup (info->lens);
  copy->profile = g_strdup (info->profile);
  return copy;
}

void
kalon_image_info_free (KalonImageInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->format);
  g_free (info->camera);
  g_free (info->lens);
  g_free (info->profile);
  g_free (info);
}

KalonImage *
kalon_image_crop (const KalonImage *image, guint x, guint y, guint width, guint height)
{
  KalonImage *part = NULL;

  g_return_val_if_fail (image != NULL, NULL);
  g_return_val_if_fail (width > 0 && x <= image->width && width <= image->width - x, NULL);
  g_return_val_if_fail (height > 0 && y <= image->height && height <= image->height - y, NULL);

  part = kalon_image_new (width, height);
  for (guint row = 0; row < height; row++)
    memcpy (part->pixels + (gsize) row * width * 3,
            image->pixels + ((gsize) (y + row) * image->width + x) * 3, (gsize) width * 3);
  return part;
}

/* Where the stored pixel (0, 0) and the steps along a stored row and column land. */
static void
place (int orientation, guint width, guint height, gssize *start, gssize *step_x, gssize *step_y)
{
  gssize w = width, h = height;

  switch (orientation)
    {
    case 2: /* mirrored left to right */
      *start = w - 1, *step_x = -1, *step_y = w;
      break;
    case 3: /* half a turn */
      *start = w * h - 1, *step_x = -1, *step_y = -w;
      break;
    case 4: /* mirrored top to bottom */
      *start = w * (h - 1), *step_x = 1, *step_y = -w;
      break;
    case 5: /* transposed: upright rows are h long */
      *start = 0, *step_x = h, *step_y = 1;
      break;
    case 6: /* to be turned clockwise */
      *start = h - 1, *step_x = h, *step_y = -1;
      break;
    case 7: /* transposed across the other diagonal */
      *start = w * h - 1, *step_x = -h, *step_y = -1;
      break;
    default: /* 8: to be turned counter-clockwise */
      *start = h * (w - 1), *step_x = -h, *step_y = 1;
      break;
    }
}

KalonImage *
kalon_image_orient (KalonImage *image, int orientation, GError **error)
{
  KalonImage *upright = NULL;
  gssize start = 0, step_x = 0, step_y = 0;

  if (orientation < 2 || orientation > 8)
    return image;

  place (orientation, image->width, image->height, &start, &step_x, &step_y);
  upright = orientation < 5 ? kalon_image_try_new (image->width, image->height, error)
                            : kalon_image_try_new (image->height, image->width, error);
  for (guint y = 0; upright != NULL && y < image->height; y++)
    {
      const guint8 *from = image->pixels + (gsize) y * image->width * 3;
      guint8 *to = upright->pixels + (start + y * step_y) * 3;

      for (guint x = 0; x < image->width; x++, from += 3, to += step_x * 3)
        {
          to[0] = from[0];
          to[1] = from[1];
          to[2] = from[2];
        }
    }
  kalon_image_free (image);
  return upright;
}
