/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pillow's Image.resize (BICUBIC), bit for bit (src/libImaging/Resample.c): the cubic of Keys
 * with a = -0.5, widened by the scale when shrinking (antialiasing); a horizontal pass, then a
 * vertical one, each in fixed point and rounded to 8 bits.
 */
#include "image/kalon-image.h"

#include <math.h>

#include "image/kalon-image-private.h"

/* 8 bits of pixel, 2 of headroom for the cubic's overshoot. */
#define PRECISION (32 - 8 - 2)

/* Output i is the sum over k < counts[i] of weights[i * size + k] x input[starts[i] + k]. */
typedef struct
{
  guint size;
  guint *starts;
  guint *counts;
  gint32 *weights; /* [n, size] */
} Weights;

static void
weights_clear (Weights *weights)
{
  g_free (weights->starts);
  g_free (weights->counts);
  g_free (weights->weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Weights, weights_clear)

static double
cubic (double x)
{
  const double a = -0.5;

  x = fabs (x);
  if (x < 1.0)
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0)
    return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

/* For outputs first .. first + n - 1 of @out_size, from @in_size inputs. */
static void
weights_init (Weights *weights, guint in_size, guint out_size, guint first, guint n)
{
  const double scale = (double) in_size / out_size;
  const double filter_scale = MAX (scale, 1.0);
  const double support = 2.0 * filter_scale;
  g_autofree double *exact = NULL;

  weights->size = (guint) ceil (support) * 2 + 1;
  weights->starts = g_new (guint, n);
  weights->counts = g_new (guint, n);
  weights->weights = g_new (gint32, (gsize) n * weights->size);
  exact = g_new (double, weights->size);

  for (guint i = 0; i < n; i++)
    {
      const double center = (first + i + 0.5) * scale;
      const double inverse = 1.0 / filter_scale;
      /* Truncated towards zero, as Pillow's casts do. */
      const int start = MAX ((int) (center - support + 0.5), 0);
      const int end = MIN ((int) (center + support + 0.5), (int) in_size);
      const guint count = end - start;
      gint32 *row = weights->weights + (gsize) i * weights->size;
      double sum = 0.0;

      for (guint k = 0; k < count; k++)
        {
          exact[k] = cubic (((int) k + start - center + 0.5) * inverse);
          sum += exact[k];
        }
      for (guint k = 0; k < count; k++)
        {
          const double weight = (sum != 0.0 ? exact[k] / sum : exact[k]) * (1 << PRECISION);

          row[k] = (gint32) (weight < 0 ? weight - 0.5 : weight + 0.5);
        }
      weights->starts[i] = start;
      weights->counts[i] = count;
    }
}

static inline guint8
clip (gint32 sum)
{
  return CLAMP (sum >> PRECISION, 0, 255);
}

static void
resample_row (const guint8 *in, guint8 *out, const Weights *weights, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const gint32 *weight = weights->weights + (gsize) i * weights->size;
      const guint8 *pixel = in + (gsize) weights->starts[i] * 3;
      gint32 r = 1 << (PRECISION - 1), g = r, b = r;

      for (guint k = 0; k < weights->counts[i]; k++, pixel += 3)
        {
          r += pixel[0] * weight[k];
          g += pixel[1] * weight[k];
          b += pixel[2] * weight[k];
        }
      out[i * 3] = clip (r);
      out[i * 3 + 1] = clip (g);
      out[i * 3 + 2] = clip (b);
    }
}

/* One output row from counts[i] input rows of @length bytes; @sums: [length]. */
static void
resample_column (const guint8 *in, gsize length, guint8 *out, gint32 *sums, const gint32 *weight,
                 guint count)
{
  for (gsize x = 0; x < length; x++)
    sums[x] = 1 << (PRECISION - 1);
  for (guint k = 0; k < count; k++)
    for (gsize x = 0; x < length; x++)
      sums[x] += in[k * length + x] * weight[k];
  for (gsize x = 0; x < length; x++)
    out[x] = clip (sums[x]);
}

KalonImage *
kalon_image_resample (const KalonImage *image, guint width, guint height, guint x, guint y,
                      guint part_width, guint part_height)
{
  g_auto (Weights) across = { 0 };
  g_auto (Weights) down = { 0 };
  g_autoptr (KalonImage) narrow = NULL;
  KalonImage *part = NULL;
  g_autofree gint32 *sums = NULL;
  const gsize length = (gsize) part_width * 3;
  guint first_row = 0, end_row = 0;

  weights_init (&down, image->height, height, y, part_height);
  first_row = down.starts[0];
  end_row = down.starts[part_height - 1] + down.counts[part_height - 1];

  /* Pillow skips a pass that keeps its size; the weights there are 1, so the pass is exact too. */
  if (width == image->width)
    narrow = kalon_image_crop (image, x, first_row, part_width, end_row - first_row);
  else
    {
      weights_init (&across, image->width, width, x, part_width);
      narrow = kalon_image_new (part_width, end_row - first_row);
      for (guint row = first_row; row < end_row; row++)
        resample_row (image->pixels + (gsize) row * image->width * 3,
                      narrow->pixels + (row - first_row) * length, &across, part_width);
    }
  if (height == image->height)
    return g_steal_pointer (&narrow);

  part = kalon_image_new (part_width, part_height);
  sums = g_new (gint32, length);
  for (guint row = 0; row < part_height; row++)
    resample_column (narrow->pixels + (down.starts[row] - first_row) * length, length,
                     part->pixels + row * length, sums, down.weights + (gsize) row * down.size,
                     down.counts[row]);
  return part;
}

KalonImage *
kalon_image_resize (const KalonImage *image, guint width, guint height)
{
  g_return_val_if_fail (image != NULL, NULL);
  g_return_val_if_fail (width > 0 && height > 0, NULL);

  return kalon_image_resample (image, width, height, 0, 0, width, height);
}
