/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include <math.h>

/* Of the square copy and of its gradient, which has a row and a column less. */
#define SIDE KALON_ATTRIBUTE_SIDE
#define N_PIXELS (SIDE * SIDE)
#define GRADIENT_SIDE (SIDE - 1)
#define N_GRADIENTS (GRADIENT_SIDE * GRADIENT_SIDE)

#define HUES 20
/* A colour that is nearer to grey has no hue that anybody sees. */
#define MIN_CHROMA 1.0f

typedef struct
{
  float l[N_PIXELS], a[N_PIXELS], b[N_PIXELS];
  float gradient[N_GRADIENTS]; /* [GRADIENT_SIDE, GRADIENT_SIDE] */
} Lab;

/* f of CIE 15:2004, 8.2.1, with its customary rounded constants. */
static double
bend (double t)
{
  return t > 0.008856 ? cbrt (t) : 7.787 * t + 16.0 / 116;
}

/* IEC 61966-2-1 (sRGB), D65. */
static void
fill_lab (const KalonImage *image, Lab *lab)
{
  double linear[256];

  for (guint i = 0; i < G_N_ELEMENTS (linear); i++)
    {
      double value = i / 255.0;
      linear[i] = value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
    }
  for (gsize i = 0; i < N_PIXELS; i++)
    {
      double red = linear[image->pixels[3 * i]], green = linear[image->pixels[3 * i + 1]],
             blue = linear[image->pixels[3 * i + 2]];
      double x = bend ((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
      double y = bend (0.2126 * red + 0.7152 * green + 0.0722 * blue);
      double z = bend ((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);

      lab->l[i] = (float) (116 * y - 16);
      lab->a[i] = (float) (500 * (x - y));
      lab->b[i] = (float) (200 * (y - z));
    }
  for (guint y = 0; y < GRADIENT_SIDE; y++)
    for (guint x = 0; x < GRADIENT_SIDE; x++)
      {
        const float *l = lab->l + y * SIDE + x;
        lab->gradient[y * GRADIENT_SIDE + x] = fabsf (l[SIDE] - l[0]) + fabsf (l[1] - l[0]);
      }
}

/* The mean of rows @top .. @bottom - 1 and columns @left .. @right - 1. */
static double
get_mean (const float *values, guint stride, guint top, guint bottom, guint left, guint right)
{
  double sum = 0;

  for (guint y = top; y < bottom; y++)
    for (guint x = left; x < right; x++)
      sum += values[y * stride + x];
  return sum / ((bottom - top) * (right - left));
}

static double
get_deviation (const float *values, gsize n, double mean)
{
  double squares = 0;

  for (gsize i = 0; i < n; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  return sqrt (squares / (double) n);
}

static double
get_share_below (const float *values, gsize n, float limit)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += values[i] < limit;
  return (double) count / (double) n;
}

static double
get_mirror_difference (const Lab *lab)
{
  double sum = 0;

  for (guint y = 0; y < SIDE; y++)
    for (guint x = 0; x < SIDE; x++)
      sum += fabsf (lab->l[y * SIDE + x] - lab->l[y * SIDE + SIDE - 1 - x]);
  return sum / N_PIXELS;
}

/* @simplicity: sum of p log p over the hues, 0 for one hue or none. */
static void
measure_colours (const Lab *lab, double *chroma, double *simplicity)
{
  double hues[HUES] = { 0 }, total = 0, sum = 0;

  for (gsize i = 0; i < N_PIXELS; i++)
    {
      float length = hypotf (lab->a[i], lab->b[i]);
      double turn = atan2 (lab->b[i], lab->a[i]) / (2 * G_PI) + 0.5;

      sum += length;
      if (length < MIN_CHROMA)
        continue;
      hues[MIN ((guint) (turn * HUES), HUES - 1)] += length;
      total += length;
    }
  *chroma = sum / N_PIXELS;
  *simplicity = 0;
  for (guint i = 0; i < HUES; i++)
    if (hues[i] > 0)
      *simplicity += hues[i] / total * log (hues[i] / total);
}

void
kalon_attributes_measure (const KalonImage *image, float *attributes)
{
  g_autoptr (KalonImage) small = NULL;
  g_autofree Lab *lab = g_new (Lab, 1);
  double lightness, contrast, chroma, simplicity, edges, centre, border, lines;

  g_return_if_fail (image != NULL && attributes != NULL);

  small = kalon_image_resize (image, SIDE, SIDE);
  fill_lab (small, lab);
  lightness = get_mean (lab->l, SIDE, 0, SIDE, 0, SIDE);
  contrast = get_deviation (lab->l, N_PIXELS, lightness);
  measure_colours (lab, &chroma, &simplicity);
  edges = get_mean (lab->gradient, GRADIENT_SIDE, 0, GRADIENT_SIDE, 0, GRADIENT_SIDE);
  centre = get_mean (lab->gradient, GRADIENT_SIDE, 40, 120, 40, 120);
  border = (edges * N_GRADIENTS - centre * 80 * 80) / (N_GRADIENTS - 80 * 80);
  lines = get_mean (lab->gradient, GRADIENT_SIDE, 50, 56, 0, GRADIENT_SIDE)
          + get_mean (lab->gradient, GRADIENT_SIDE, 104, 110, 0, GRADIENT_SIDE);

  attributes[0] = (float) get_mean (lab->b, SIDE, 0, SIDE, 0, SIDE);
  attributes[1] = (float) get_mean (lab->a, SIDE, 0, SIDE, 0, SIDE);
  attributes[2] = (float) lightness;
  attributes[3] = (float) contrast;
  attributes[4] = (float) chroma;
  attributes[5] = (float) get_share_below (lab->gradient, N_GRADIENTS, 6);
  attributes[6] = (float) (-get_mirror_difference (lab) / (contrast + 5));
  attributes[7] = (float) log ((centre + 0.5) / (border + 0.5));
  attributes[8] = (float) (get_mean (lab->l, SIDE, 0, 53, 0, SIDE)
                           - get_mean (lab->l, SIDE, 107, SIDE, 0, SIDE));
  attributes[9] = (float) simplicity;
  attributes[10] = (float) get_share_below (lab->l, N_PIXELS, 15);
  attributes[11] = (float) log ((lines + 0.5) / (2 * edges + 0.5));
}
