/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <math.h>
#include <string.h>

/* f32 sums of the similarity: stride / 64 fused operations on each partial sum and six additions to
 * join them, each wrong by at most half a unit in the last place; two more for second order. */
#define ROUNDING(stride) (((stride) / 64.0 + 8.0) * 0x1p-24)
/* Appended rows have unit length before f16 rounds each element by at most 2^-11. */
#define ROW_LENGTH 1.001

/* Walsh-Hadamard transform in place, scaled to keep lengths; @n is a power of two. */
static void
transform (double *values, gsize n)
{
  double unit = 1.0 / sqrt ((double) n);

  for (gsize half = 1; half < n; half *= 2)
    for (gsize start = 0; start < n; start += 2 * half)
      for (gsize i = start; i < start + half; i++)
        {
          double a = values[i], b = values[i + half];
          values[i] = a + b;
          values[i + half] = a - b;
        }
  for (gsize i = 0; i < n; i++)
    values[i] *= unit;
}

/*
 * Signs, then a Walsh-Hadamard transform (the SRHT of Ailon and Chazelle 2009) of the first 2^p
 * elements, and the same of the last 2^p where the dimension is no power of two: each step keeps
 * lengths and inner products, so the whole does. The signs are part of the file format.
 */
static void
rotate (double *values, gsize dimension)
{
  gsize n = 1;
  guint32 state = 0x4b414c4f; /* "KALO" */

  while (n * 2 <= dimension)
    n *= 2;
  for (gsize i = 0; i < dimension; i++)
    {
      /* xorshift32, Marsaglia 2003 */
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      if (state & 1)
        values[i] = -values[i];
    }
  transform (values, n);
  if (n < dimension)
    transform (values + dimension - n, n);
}

static double *
rotated (const float *values, gsize dimension, double *largest)
{
  double *result = g_new (double, dimension);

  for (gsize i = 0; i < dimension; i++)
    result[i] = values[i];
  rotate (result, dimension);
  *largest = 0;
  for (gsize i = 0; i < dimension; i++)
    *largest = MAX (*largest, fabs (result[i]));
  return result;
}

void
kalon_index_encode_row (const KalonIndexLayout *layout, const float *row, guint8 *codes,
                        float *scale, float *error)
{
  double largest, sum = 0;
  g_autofree double *values = rotated (row, layout->dimension, &largest);

  *scale = (float) (largest / 127.0);
  for (gsize i = 0; i < layout->dimension; i++)
    {
      double level = CLAMP (rint (values[i] / *scale), -127.0, 127.0);
      double rest = values[i] - level * *scale;
      codes[i] = (guint8) (level + KALON_INDEX_CODE_ZERO);
      sum += rest * rest;
    }
  for (gsize i = layout->dimension; i < layout->stride; i++)
    codes[i] = KALON_INDEX_CODE_ZERO;
  /* Up, past the rounding of this very sum. */
  *error = (float) (sqrt (sum) * (1 + 0x1p-20) + 0x1p-40);
}

void
kalon_index_encode_query (const KalonIndexLayout *layout, const float *values, gint8 *levels,
                          KalonIndexQuery *query)
{
  double largest, error = 0, length = 0;
  g_autofree double *turned = rotated (values, layout->dimension, &largest);
  /* Within 128 * 127 + 63, and so that neither the sum over codes, at most 255 each, nor its high
   * part leaves 32 bits. */
  double limit = MIN (16319.0, floor (G_MAXINT32 / (255.0 * layout->stride)) - 64);
  float step = (float) (largest / limit);
  gint32 sum = 0;

  memset (levels, 0, 2 * layout->stride);
  for (gsize i = 0; i < layout->dimension; i++)
    {
      int level = (int) CLAMP (rint (turned[i] / step), -limit, limit);
      int high = (int) floor ((level + 64) / 128.0);
      double rest = turned[i] - (double) level * step;

      levels[i] = (gint8) high;
      levels[layout->stride + i] = (gint8) (level - 128 * high);
      sum += level;
      error += rest * rest;
      length += turned[i] * turned[i];
    }

  query->values = values;
  query->levels = levels;
  query->zero = sum * KALON_INDEX_CODE_ZERO;
  query->step = step;
  query->length = (float) (sqrt (length) * (1 + 0x1p-20));
  /* A code's length is at most the row's and its error's together, and errors are below 1. The
   * second part covers the similarity's sums and the few operations that compute the bound. */
  query->slack = (float) (sqrt (error) * (ROW_LENGTH + 1)
                          + query->length * ROW_LENGTH * (ROUNDING (layout->stride) + 0x1p-20));
}
