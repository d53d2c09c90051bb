/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include "image/kalon-image-private.h"

/* The side that is not the shortest: int (size * long / short), as transformers'
   get_resize_output_image_size() computes it, in floating point. The limit is met only by
   pictures a pixel high and millions wide, of which the centre is cut anyway. */
static guint
long_side (guint resize, guint longer, guint shorter)
{
  return (guint) MIN ((double) ((guint64) resize * longer) / shorter, (double) G_MAXINT);
}

/* One axis of the centre crop: @part pixels from @from of the picture go to @to of the output.
   The halves are rounded as transformers' center_crop() rounds them. */
static void
centre (guint size, guint crop, guint *from, guint *to, guint *part)
{
  *from = size > crop ? (size - crop) / 2 : 0;
  *to = crop > size ? (crop - size + 1) / 2 : 0;
  *part = MIN (size, crop);
}

void
kalon_image_preprocess (const KalonImage *image, const KalonPreprocess *preprocess, float *out)
{
  g_autoptr (KalonImage) part = NULL;
  guint width = 0, height = 0;
  guint from_x = 0, from_y = 0, to_x = 0, to_y = 0, part_width = 0, part_height = 0;
  gsize plane = 0;
  float levels[3][256];

  g_return_if_fail (image != NULL && image->width > 0 && image->height > 0);
  g_return_if_fail (preprocess != NULL && preprocess->resize > 0 && preprocess->crop > 0);
  g_return_if_fail (out != NULL);

  width = height = preprocess->resize;
  if (!preprocess->squash && image->height > image->width)
    height = long_side (preprocess->resize, image->height, image->width);
  if (!preprocess->squash && image->width > image->height)
    width = long_side (preprocess->resize, image->width, image->height);
  centre (width, preprocess->crop, &from_x, &to_x, &part_width);
  centre (height, preprocess->crop, &from_y, &to_y, &part_height);
  part = kalon_image_resample (image, width, height, from_x, from_y, part_width, part_height);

  for (guint c = 0; c < 3; c++)
    for (guint level = 0; level < 256; level++)
      levels[c][level]
          = ((float) level * (1.0f / 255.0f) - preprocess->mean[c]) / preprocess->std[c];

  plane = (gsize) preprocess->crop * preprocess->crop;
  if (part_width < preprocess->crop || part_height < preprocess->crop)
    for (gsize i = 0; i < plane; i++)
      for (guint c = 0; c < 3; c++)
        out[c * plane + i] = levels[c][0]; /* transformers pads with black */

  for (guint y = 0; y < part_height; y++)
    {
      const guint8 *pixel = part->pixels + (gsize) y * part_width * 3;
      float *row = out + (gsize) (to_y + y) * preprocess->crop + to_x;

      for (guint x = 0; x < part_width; x++, pixel += 3)
        for (guint c = 0; c < 3; c++)
          row[c * plane + x] = levels[c][pixel[c]];
    }
}
