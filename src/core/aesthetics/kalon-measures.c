/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-aesthetics.h"

#include <math.h>
#include <stdlib.h>

/* tools/train-starter/measures.py is the same in numpy, and heads are trained on that: change both
 * or neither. Sources of the formulas are in the header. */

#define SIDE KALON_MEASURE_SIDE
#define N_PIXELS (SIDE * SIDE)
#define HALF (SIDE / 2)
/* Of what has a neighbour on all sides. */
#define INNER (SIDE - 2)
#define BLOCK 8
#define FRAME (SIDE / 8)
/* Keeps ratios of what may be nothing at all finite. */
#define LITTLE 1e-6

static const char *const names[KALON_N_MEASURES] = {
  "sharpness",
  "sharpness-half",
  "noise",
  "noise-flat",
  "sparsity",
  "flat",
  "anisotropy",
  "alignment",
  "contrast",
  "range",
  "luminance",
  "shadows",
  "highlights",
  "skew",
  "entropy",
  "colourfulness",
  "saturation",
  "saturated",
  "cast-rg",
  "cast-yb",
  "cast",
  "dark-channel",
  "frame-light",
  "frame-detail",
  "mscn-variance",
  "mscn-shape",
  "mscn-right",
  "mscn-down",
  "mscn-diagonal",
  "mscn-variance-half",
  "mscn-shape-half",
  "mscn-right-half",
  "mscn-down-half",
  "mscn-diagonal-half",
};

const char *
kalon_measure_get_name (guint i)
{
  g_return_val_if_fail (i < KALON_N_MEASURES, NULL);

  return names[i];
}

static double
deviation (double sum, double squares, double n)
{
  return sqrt (MAX (squares / n - sum / n * (sum / n), 0));
}

/* @y: [side, side] */
static double
measure_sharpness (const double *y, guint side)
{
  double sum = 0, squares = 0, d;
  const double n = (double) (side - 2) * (side - 2);

  for (guint i = 1; i < side - 1; i++)
    for (guint j = 1; j < side - 1; j++)
      {
        const double *p = y + i * side + j;
        const double l = p[-(int) side] + p[side] + p[-1] + p[1] - 4 * p[0];

        sum += l;
        squares += l * l;
      }
  d = deviation (sum, squares, n);
  return log1p (d * d);
}

static int
compare_doubles (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Two measures. */
static void
measure_noise (const double *y, float *out)
{
  const guint n = INNER / BLOCK;
  const double scale = sqrt (G_PI / 2) / 6;
  double blocks[(INNER / BLOCK) * (INNER / BLOCK)] = { 0 };
  double sum = 0;

  for (guint i = 0; i < INNER; i++)
    for (guint j = 0; j < INNER; j++)
      {
        const double *p = y + i * SIDE + j;
        const double top = p[0] - 2 * p[1] + p[2];
        const double middle = p[SIDE] - 2 * p[SIDE + 1] + p[SIDE + 2];
        const double bottom = p[2 * SIDE] - 2 * p[2 * SIDE + 1] + p[2 * SIDE + 2];
        const double found = fabs (top - 2 * middle + bottom);

        sum += found;
        if (i / BLOCK < n && j / BLOCK < n)
          blocks[i / BLOCK * n + j / BLOCK] += found / (BLOCK * BLOCK);
      }
  qsort (blocks, n * n, sizeof *blocks, compare_doubles);
  out[0] = (float) log1p (scale * sum / (INNER * INNER));
  out[1] = (float) log1p (scale * blocks[n * n / 10]);
}

/* Four measures; @length: (out): [INNER, INNER] of the gradients. */
static void
measure_gradients (const double *y, double *length, float *out)
{
  double sum = 0, xx = 0, yy = 0, xy = 0, aligned = 0, energy;
  const double n = INNER * INNER;
  guint n_flat = 0;

  for (guint i = 0; i < INNER; i++)
    for (guint j = 0; j < INNER; j++)
      {
        const double *p = y + (i + 1) * SIDE + j + 1;
        const double gx = (p[1] - p[-1]) / 2, gy = (p[SIDE] - p[-SIDE]) / 2;
        const double square = gx * gx + gy * gy;

        length[i * INNER + j] = sqrt (square);
        sum += length[i * INNER + j];
        xx += gx * gx;
        yy += gy * gy;
        xy += gx * gy;
        /* |g|^2 cos 4a = |g|^2 (1 - 8 cos^2 a sin^2 a) */
        aligned += square - 8 * gx * gx * gy * gy / (square + LITTLE);
        n_flat += square < 1;
      }
  energy = (xx + yy) / n + LITTLE;
  out[0] = (float) (sum / n * (sum / n) / energy);
  out[1] = (float) (n_flat / n);
  out[2] = (float) (sqrt ((xx - yy) * (xx - yy) + 4 * xy * xy) / n / energy);
  out[3] = (float) (aligned / n / energy);
}

/* Seven measures; @y: [SIDE, SIDE], whole numbers */
static void
measure_tones (const double *y, float *out)
{
  guint counts[256] = { 0 }, below = 0, low = 0, high = 0, dark = 0, light = 0;
  double sum = 0, squares = 0, cubes = 0, entropy = 0, spread, mean;

  for (guint i = 0; i < N_PIXELS; i++)
    {
      counts[(guint) y[i]]++;
      sum += y[i];
      squares += y[i] * y[i];
    }
  mean = sum / N_PIXELS;
  spread = deviation (sum, squares, N_PIXELS);
  for (guint level = 0; level < 256; level++)
    {
      const double share = (double) counts[level] / N_PIXELS, off = level - mean;

      below += counts[level];
      low += below * 20 < N_PIXELS;
      high += below * 20 < 19 * N_PIXELS;
      dark += level <= 8 ? counts[level] : 0;
      light += level >= 247 ? counts[level] : 0;
      cubes += share * off * off * off;
      if (share > 0)
        entropy -= share * log2 (share);
    }
  out[0] = (float) spread;
  out[1] = (float) high - (float) low;
  out[2] = (float) mean;
  out[3] = (float) dark / N_PIXELS;
  out[4] = (float) light / N_PIXELS;
  out[5] = (float) (cubes / ((spread + 1) * (spread + 1) * (spread + 1)));
  out[6] = (float) entropy;
}

/* Seven measures. */
static void
measure_colours (const KalonImage *small, float *out)
{
  guint8 least_of[(SIDE / BLOCK) * (SIDE / BLOCK)];
  double rg_sum = 0, rg_squares = 0, yb_sum = 0, yb_squares = 0, saturation = 0, dark = 0;
  double centre, radius;
  guint n_saturated = 0;

  memset (least_of, 255, sizeof least_of);
  for (guint i = 0; i < N_PIXELS; i++)
    {
      const guint8 *p = small->pixels + i * 3;
      const double rg = (double) p[0] - p[1], yb = 0.5 * (p[0] + p[1]) - p[2];
      const guint most = MAX (MAX (p[0], p[1]), p[2]), least = MIN (MIN (p[0], p[1]), p[2]);
      guint8 *block = &least_of[i / SIDE / BLOCK * (SIDE / BLOCK) + i % SIDE / BLOCK];

      rg_sum += rg;
      rg_squares += rg * rg;
      yb_sum += yb;
      yb_squares += yb * yb;
      saturation += (double) (most - least) / MAX (most, 1);
      n_saturated += 4 * (most - least) >= 3 * most && most >= 32;
      *block = MIN (*block, least);
    }
  for (guint i = 0; i < G_N_ELEMENTS (least_of); i++)
    dark += least_of[i];
  centre = hypot (rg_sum / N_PIXELS, yb_sum / N_PIXELS);
  radius
      = hypot (deviation (rg_sum, rg_squares, N_PIXELS), deviation (yb_sum, yb_squares, N_PIXELS));
  out[0] = (float) (radius + 0.3 * centre);
  out[1] = (float) (saturation / N_PIXELS);
  out[2] = (float) n_saturated / N_PIXELS;
  out[3] = (float) (rg_sum / N_PIXELS);
  out[4] = (float) (yb_sum / N_PIXELS);
  out[5] = (float) log1p (centre / (radius + 1));
  out[6] = (float) (dark / G_N_ELEMENTS (least_of));
}

/* Two measures; @length: [INNER, INNER] */
static void
measure_frame (const double *y, const double *length, float *out)
{
  /* Gradients begin one pixel in. */
  const guint k = FRAME - 1;
  const guint n_inner = (SIDE - 2 * FRAME) * (SIDE - 2 * FRAME);
  double all = 0, inner = 0, total = 0, sides[4] = { 0 }, least;

  for (guint i = 0; i < SIDE; i++)
    for (guint j = 0; j < SIDE; j++)
      {
        all += y[i * SIDE + j];
        if (MIN (i, j) >= FRAME && MAX (i, j) < SIDE - FRAME)
          inner += y[i * SIDE + j];
      }
  for (guint i = 0; i < INNER; i++)
    for (guint j = 0; j < INNER; j++)
      {
        const double l = length[i * INNER + j];

        total += l;
        sides[0] += i < k ? l : 0;
        sides[1] += i >= INNER - k ? l : 0;
        sides[2] += j < k ? l : 0;
        sides[3] += j >= INNER - k ? l : 0;
      }
  least = MIN (MIN (sides[0], sides[1]), MIN (sides[2], sides[3])) / (k * INNER);
  out[0] = (float) ((all - inner) / (N_PIXELS - n_inner) - inner / n_inner);
  out[1] = (float) log ((least + 0.5) / (total / (INNER * INNER) + 0.5));
}

/* Five measures; @y: [side, side]. The window is BRISQUE's: 7 x 7, Gaussian of deviation 7/6. */
static void
measure_mscn (const double *y, guint side, float *out)
{
  const guint inner = side - 6;
  g_autofree double *means = g_new (double, side *inner); /* [side, inner], along rows */
  g_autofree double *squares = g_new (double, side *inner);
  g_autofree double *m = g_new (double, inner *inner);
  double window[7], sum = 0, square = 0, size = 0, right = 0, down = 0, diagonal = 0;
  const double n = (double) inner * inner, n_side = (double) inner * (inner - 1);

  for (int k = 0; k < 7; k++)
    sum += window[k] = exp (-(k - 3) * (k - 3) / (2 * (7 / 6.0) * (7 / 6.0)));
  for (guint k = 0; k < 7; k++)
    window[k] /= sum;
  for (guint i = 0; i < side; i++)
    for (guint j = 0; j < inner; j++)
      {
        double mean = 0, of_squares = 0;

        for (guint k = 0; k < 7; k++)
          {
            const double v = y[i * side + j + k];

            mean += window[k] * v;
            of_squares += window[k] * v * v;
          }
        means[i * inner + j] = mean;
        squares[i * inner + j] = of_squares;
      }
  for (guint i = 0; i < inner; i++)
    for (guint j = 0; j < inner; j++)
      {
        double mean = 0, of_squares = 0, value;

        for (guint k = 0; k < 7; k++)
          {
            mean += window[k] * means[(i + k) * inner + j];
            of_squares += window[k] * squares[(i + k) * inner + j];
          }
        value = (y[(i + 3) * side + j + 3] - mean) / (sqrt (MAX (of_squares - mean * mean, 0)) + 1);
        m[i * inner + j] = value;
        square += value * value;
        size += fabs (value);
        right += j > 0 ? value * m[i * inner + j - 1] : 0;
        down += i > 0 ? value * m[(i - 1) * inner + j] : 0;
        diagonal += i > 0 && j > 0 ? value * m[(i - 1) * inner + j - 1] : 0;
      }
  out[0] = (float) (square / n);
  out[1] = (float) (size / n * (size / n) / (square / n + LITTLE));
  out[2] = (float) (right / n_side);
  out[3] = (float) (down / n_side);
  out[4] = (float) (diagonal / ((inner - 1.0) * (inner - 1.0)));
}

void
kalon_measure_image (const KalonImage *image, float *measures)
{
  g_autoptr (KalonImage) small = NULL;
  g_autofree double *y = g_new (double, N_PIXELS);
  g_autofree double *half = g_new (double, HALF *HALF);
  g_autofree double *length = g_new (double, INNER *INNER);

  g_return_if_fail (image != NULL && measures != NULL);

  small = kalon_image_resize (image, SIDE, SIDE);
  for (guint i = 0; i < N_PIXELS; i++)
    {
      const guint8 *p = small->pixels + i * 3;

      /* ITU-R BT.601 in Pillow's whole numbers. */
      y[i] = (19595u * p[0] + 38470u * p[1] + 7471u * p[2] + 32768u) >> 16;
    }
  for (guint i = 0; i < HALF; i++)
    for (guint j = 0; j < HALF; j++)
      {
        const double *p = y + 2 * i * SIDE + 2 * j;

        half[i * HALF + j] = (p[0] + p[1] + p[SIDE] + p[SIDE + 1]) / 4;
      }
  measures[0] = (float) measure_sharpness (y, SIDE);
  measures[1] = (float) measure_sharpness (half, HALF);
  measure_noise (y, measures + 2);
  measure_gradients (y, length, measures + 4);
  measure_tones (y, measures + 8);
  measure_colours (small, measures + 15);
  measure_frame (y, length, measures + 22);
  measure_mscn (y, SIDE, measures + 24);
  measure_mscn (half, HALF, measures + 29);
}
