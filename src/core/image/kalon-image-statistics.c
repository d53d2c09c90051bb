/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include <math.h>
#include <string.h>

#include "image/kalon-image-private.h"

/* Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), 3.2.1:
   grey 32 x 32, DCT, the 8 x 8 lowest frequencies without the constant ones, each compared
   with their median. */
#define HASH_SIDE 32
#define HASH_COEFFICIENTS 8
/* Of sums over 1024 grey values; below it is what rounding leaves of no detail at all. */
#define HASH_FLOOR 1.0

#define STATISTICS_SIDE 64

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* ITU-R BT.601, as JPEG and Pillow define grey. */
static double
luma (const guint8 *pixel)
{
  return 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
}

guint64
kalon_image_get_perceptual_hash (const KalonImage *image)
{
  g_autoptr (KalonImage) small = NULL;
  double cosines[HASH_COEFFICIENTS][HASH_SIDE];
  double rows[HASH_SIDE][HASH_COEFFICIENTS];
  double coefficients[HASH_COEFFICIENTS * HASH_COEFFICIENTS] = { 0 };
  double sorted[HASH_COEFFICIENTS * HASH_COEFFICIENTS];
  double median = 0;
  guint64 hash = 0;

  g_return_val_if_fail (image != NULL, 0);

  small = kalon_image_resize (image, HASH_SIDE, HASH_SIDE);
  /* Frequencies 1 to 8: the constant one would only say how bright the picture is. */
  for (guint k = 0; k < HASH_COEFFICIENTS; k++)
    for (guint x = 0; x < HASH_SIDE; x++)
      cosines[k][x] = cos (G_PI * (k + 1) * (2 * x + 1) / (2 * HASH_SIDE));
  for (guint y = 0; y < HASH_SIDE; y++)
    for (guint k = 0; k < HASH_COEFFICIENTS; k++)
      {
        rows[y][k] = 0;
        for (guint x = 0; x < HASH_SIDE; x++)
          rows[y][k] += luma (small->pixels + (y * HASH_SIDE + x) * 3) * cosines[k][x];
      }
  for (guint i = 0; i < G_N_ELEMENTS (coefficients); i++)
    {
      for (guint y = 0; y < HASH_SIDE; y++)
        coefficients[i] += rows[y][i % HASH_COEFFICIENTS] * cosines[i / HASH_COEFFICIENTS][y];
      if (fabs (coefficients[i]) < HASH_FLOOR)
        coefficients[i] = 0;
    }

  memcpy (sorted, coefficients, sizeof sorted);
  qsort (sorted, G_N_ELEMENTS (sorted), sizeof *sorted, compare_doubles);
  median = (sorted[31] + sorted[32]) / 2;
  for (guint i = 0; i < G_N_ELEMENTS (coefficients); i++)
    hash |= (guint64) (coefficients[i] > median) << i;
  return hash;
}

/* sRGB (IEC 61966-2-1) to linear light. */
static float
linear (guint8 value)
{
  const float v = value / 255.0f;

  return v <= 0.04045f ? v / 12.92f : powf ((v + 0.055f) / 1.055f, 2.4f);
}

/* CIE 1976 L* of a relative luminance; white is 1. */
static float
lightness (float y)
{
  return y > 216.0f / 24389.0f ? 116.0f * cbrtf (y) - 16.0f : y * 24389.0f / 27.0f;
}

static double
deviation (double sum, double squares, double n)
{
  return sqrt (MAX (squares / n - sum / n * (sum / n), 0));
}

void
kalon_image_get_colour_statistics (const KalonImage *image, KalonColourStatistics *statistics)
{
  g_autoptr (KalonImage) small = NULL;
  float linear_of[256];
  double channels[3] = { 0 };
  double l_sum = 0, l_squares = 0;
  double rg_sum = 0, rg_squares = 0, yb_sum = 0, yb_squares = 0;
  guint n = 0;

  g_return_if_fail (image != NULL && statistics != NULL);

  small = kalon_image_resize (image, MIN (image->width, STATISTICS_SIDE),
                              MIN (image->height, STATISTICS_SIDE));
  for (guint level = 0; level < 256; level++)
    linear_of[level] = linear (level);
  n = small->width * small->height;
  for (guint i = 0; i < n; i++)
    {
      const guint8 *pixel = small->pixels + i * 3;
      /* The luminance row of sRGB's matrix to XYZ (D65). */
      const double l = lightness (0.2126f * linear_of[pixel[0]] + 0.7152f * linear_of[pixel[1]]
                                  + 0.0722f * linear_of[pixel[2]]);
      /* Hasler and Suesstrunk, "Measuring colourfulness in natural images" (2003), eq. 1-2. */
      const double rg = (double) pixel[0] - pixel[1];
      const double yb = 0.5 * (pixel[0] + pixel[1]) - pixel[2];

      for (guint c = 0; c < 3; c++)
        channels[c] += pixel[c];
      l_sum += l;
      l_squares += l * l;
      rg_sum += rg;
      rg_squares += rg * rg;
      yb_sum += yb;
      yb_squares += yb * yb;
    }
  for (guint c = 0; c < 3; c++)
    statistics->average[c] = (guint8) (channels[c] / n + 0.5);
  statistics->luminance = l_sum / n;
  statistics->contrast = deviation (l_sum, l_squares, n);
  statistics->colourfulness
      = hypot (deviation (rg_sum, rg_squares, n), deviation (yb_sum, yb_squares, n))
        + 0.3 * hypot (rg_sum / n, yb_sum / n);
}
