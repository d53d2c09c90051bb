/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pillow's Image.resize (BICUBIC), bit for bit (src/libImaging/Resample.c): the cubic of Keys
 * with a = -0.5, widened by the scale when shrinking (antialiasing); a horizontal pass, then a
 * vertical one, each in fixed point and rounded to 8 bits.
 */
#include "image/kalon-image.h"

#include <math.h>
#include <string.h>

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

/* Four bytes a lane, summed in one vector for each of the four (a GCC and Clang extension that
   lowers to what the processor has): no compiler makes good vectors of the plain loops. */
#define LANES 8
#define BYTES (4 * LANES)

typedef guint32 Words __attribute__ ((vector_size (BYTES)));
typedef gint32 Sums __attribute__ ((vector_size (BYTES)));

/* Compiled for each of these and chosen when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PER_PROCESSOR                                                                              \
  __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PER_PROCESSOR
#endif

/* out[j] = the sum over k < @count of weight[k] x in[k * @stride + j], for j < BYTES. Always
   inlined, so as to be compiled for its caller's processor. */
__attribute__ ((always_inline)) static inline void
sum_bytes (const guint8 *in, gsize stride, const gint32 *weight, guint count, guint8 *out)
{
  Sums sums[4] = { { 0 } };
  Words packed = { 0 };

  for (guint b = 0; b < 4; b++)
    sums[b] += 1 << (PRECISION - 1);
  for (guint k = 0; k < count; k++)
    {
      Words words;

      memcpy (&words, in + k * stride, sizeof words);
      for (guint b = 0; b < 4; b++)
        sums[b] += (Sums) (words >> (8 * b) & 255) * weight[k];
    }
  for (guint b = 0; b < 4; b++)
    {
      Sums sum = sums[b] >> PRECISION;

      /* Clipped: a comparison of vectors is -1 where it holds. */
      sum &= ~(sum < 0);
      sum |= sum > 255;
      packed |= (Words) (sum & 255) << (8 * b);
    }
  memcpy (out, &packed, sizeof packed);
}

/* BYTES rows from @first on, side by side: @columns: [width, 3, BYTES]. Behind the last row it is
   repeated. */
static void
rows_to_columns (const KalonImage *image, guint first, guint8 *columns)
{
  const gsize length = (gsize) image->width * 3;

  for (guint r = 0; r < BYTES; r += 4)
    {
      const guint8 *in[4];

      for (guint i = 0; i < 4; i++)
        in[i] = image->pixels + MIN (first + r + i, image->height - 1) * length;
      for (gsize x = 0; x < length; x++)
        {
          const guint8 four[4] = { in[0][x], in[1][x], in[2][x], in[3][x] };

          memcpy (columns + x * BYTES + r, four, sizeof four);
        }
    }
}

/* Across, BYTES rows at once: @columns: [width, 3, BYTES], @out: [n, 3, BYTES] */
PER_PROCESSOR static void
resample_columns (const guint8 *columns, const Weights *weights, guint n, guint8 *out)
{
  for (guint i = 0; i < n; i++)
    for (guint c = 0; c < 3; c++, out += BYTES)
      sum_bytes (columns + ((gsize) weights->starts[i] * 3 + c) * BYTES, 3 * BYTES,
                 weights->weights + (gsize) i * weights->size, weights->counts[i], out);
}

/* The rows from @first on of @image, made as wide as @narrow, which they fill. */
static void
resample_across (const KalonImage *image, guint first, const Weights *weights, KalonImage *narrow)
{
  const gsize length = (gsize) narrow->width * 3;
  g_autofree guint8 *columns = g_malloc ((gsize) image->width * 3 * BYTES);
  g_autofree guint8 *out = g_malloc (length * BYTES);

  for (guint row = 0; row < narrow->height; row += BYTES)
    {
      rows_to_columns (image, first + row, columns);
      resample_columns (columns, weights, narrow->width, out);
      for (guint r = 0; r < MIN (BYTES, narrow->height - row); r++)
        for (gsize x = 0; x < length; x++)
          narrow->pixels[(row + r) * length + x] = out[x * BYTES + r];
    }
}

/* Down: one output row from @count input rows of @length bytes each. */
PER_PROCESSOR static void
resample_down (const guint8 *in, gsize length, const gint32 *weight, guint count, guint8 *out)
{
  gsize x = 0;

  for (; x + BYTES <= length; x += BYTES)
    sum_bytes (in + x, length, weight, count, out + x);
  for (; x < length; x++)
    {
      gint32 sum = 1 << (PRECISION - 1);

      for (guint k = 0; k < count; k++)
        sum += in[k * length + x] * weight[k];
      out[x] = CLAMP (sum >> PRECISION, 0, 255);
    }
}

KalonImage *
kalon_image_resample (const KalonImage *image, guint width, guint height, guint x, guint y,
                      guint part_width, guint part_height)
{
  g_auto (Weights) across = { 0 };
  g_auto (Weights) down = { 0 };
  g_autoptr (KalonImage) narrow = NULL;
  KalonImage *part = NULL;
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
      resample_across (image, first_row, &across, narrow);
    }
  if (height == image->height)
    return g_steal_pointer (&narrow);

  part = kalon_image_new (part_width, part_height);
  for (guint row = 0; row < part_height; row++)
    resample_down (narrow->pixels + (down.starts[row] - first_row) * length, length,
                   down.weights + (gsize) row * down.size, down.counts[row],
                   part->pixels + row * length);
  return part;
}

KalonImage *
kalon_image_resize (const KalonImage *image, guint width, guint height)
{
  g_return_val_if_fail (image != NULL, NULL);
  g_return_val_if_fail (width > 0 && height > 0, NULL);

  return kalon_image_resample (image, width, height, 0, 0, width, height);
}
