/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-spoil-private.h"

#include <math.h>
#include <string.h>

/* @light: [3] at (x, y), between pixels, whose centres are at whole numbers; edges are repeated. */
static void
add_sample (const KalonImage *image, double x, double y, double *light)
{
  const double left = floor (x), top = floor (y);

  for (guint i = 0; i < 4; i++)
    {
      const double px = left + (i & 1), py = top + (i >> 1);
      const double weight = (1 - fabs (x - px)) * (1 - fabs (y - py));
      const guint column = (guint) CLAMP (px, 0, image->width - 1);
      const guint row = (guint) CLAMP (py, 0, image->height - 1);
      const guint8 *pixel = image->pixels + ((gsize) row * image->width + column) * 3;

      for (guint c = 0; c < 3; c++)
        light[c] += weight * kalon_spoil_to_light (pixel[c]);
    }
}

/* The camera moves evenly along a line of @strength pixels, in linear light as a lens sees it. */
KalonImage *
kalon_spoil_blur_by_motion (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = kalon_image_new (image->width, image->height);
  const double length = strength * unit, angle = g_rand_double_range (rand, 0, G_PI);
  const guint n = (guint) ceil (length) + 1;
  const double step = length / (n - 1), dx = step * cos (angle), dy = step * sin (angle);
  guint8 *pixel = out->pixels;

  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++, pixel += 3)
      {
        double light[3] = { 0 };

        for (guint i = 0; i < n; i++)
          add_sample (image, x + (i - (n - 1) / 2.0) * dx, y + (i - (n - 1) / 2.0) * dy, light);
        for (guint c = 0; c < 3; c++)
          pixel[c] = kalon_spoil_from_light (light[c] / n);
      }
  return out;
}

/* One row or column: @values: [n] floats that lie @stride apart. */
static void
blur_line (float *values, gsize n, gsize stride, const double *kernel, int radius, float *line)
{
  for (gsize i = 0; i < n; i++)
    line[i] = values[i * stride];
  for (int i = 0; i < (int) n; i++)
    {
      double sum = 0;

      for (int k = -radius; k <= radius; k++)
        sum += kernel[k + radius] * line[CLAMP (i + k, 0, (int) n - 1)];
      values[(gsize) i * stride] = (float) sum;
    }
}

/* A soft lens: a Gaussian of @strength pixels' deviation, cut off at three of them. */
KalonImage *
kalon_spoil_blur_softly (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = kalon_image_new (image->width, image->height);
  const gsize n = (gsize) image->width * image->height * 3;
  const int radius = (int) ceil (3 * strength * unit);
  g_autofree double *kernel = g_new (double, 2 * radius + 1);
  g_autofree float *values = g_new (float, n);
  g_autofree float *line = g_new (float, MAX (image->width, image->height));
  double sum = 0;

  for (int k = -radius; k <= radius; k++)
    sum += kernel[k + radius] = exp (-0.5 * k * k / (strength * unit * strength * unit));
  for (int k = 0; k <= 2 * radius; k++)
    kernel[k] /= sum;
  for (gsize i = 0; i < n; i++)
    values[i] = image->pixels[i];
  for (gsize y = 0; y < image->height; y++)
    for (guint c = 0; c < 3; c++)
      blur_line (values + y * image->width * 3 + c, image->width, 3, kernel, radius, line);
  for (gsize x = 0; x < image->width; x++)
    for (guint c = 0; c < 3; c++)
      blur_line (values + x * 3 + c, image->height, (gsize) image->width * 3, kernel, radius, line);
  for (gsize i = 0; i < n; i++)
    out->pixels[i] = kalon_spoil_clip (values[i]);
  return out;
}

/* Sees whole grains, which are as large as a pixel of the small picture: finer ones would vanish
 * where a large picture is made smaller. @grain: [3] */
typedef void (*GrainFunc) (guint8 *pixel, const double *grain, double strength);

/* @n_values: of each grain: 3 is coloured, 1 grey */
static KalonImage *
add_grain (const KalonImage *image, GrainFunc func, gboolean is_normal, guint n_values,
           double strength, double unit, GRand *rand)
{
  KalonImage *out = kalon_image_crop (image, 0, 0, image->width, image->height);
  const guint size = MAX (1, (guint) round (unit));
  const guint columns = (image->width + size - 1) / size;
  const guint rows = (image->height + size - 1) / size;
  g_autofree double *grains = g_new (double, (gsize) columns *rows * 3);
  guint8 *pixel = out->pixels;

  for (gsize i = 0; i < (gsize) columns * rows * 3; i++)
    grains[i] = i % 3 >= n_values ? grains[i - 1]
                : is_normal       ? kalon_spoil_draw_normal (rand)
                                  : g_rand_double (rand);
  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++, pixel += 3)
      func (pixel, grains + ((gsize) (y / size) * columns + x / size) * 3, strength);
  return out;
}

static void
add_noise (guint8 *pixel, const double *grain, double strength)
{
  for (guint c = 0; c < 3; c++)
    pixel[c] = kalon_spoil_clip (pixel[c] + strength * grain[c]);
}

/* Normal noise of @strength levels; grey in two pictures of five. */
KalonImage *
kalon_spoil_make_noisy (const KalonImage *image, double strength, double unit, GRand *rand)
{
  const guint n_values = g_rand_double (rand) < 0.6 ? 3 : 1;

  return add_grain (image, add_noise, TRUE, n_values, strength, unit, rand);
}

static void
add_speckle (guint8 *pixel, const double *grain, double strength)
{
  for (guint c = 0; c < 3; c++)
    pixel[c] = kalon_spoil_clip (pixel[c] * (1 + strength * grain[c]));
}

/* Noise that grows with the light, as of coherent light: @strength is its share. */
KalonImage *
kalon_spoil_speckle (const KalonImage *image, double strength, double unit, GRand *rand)
{
  return add_grain (image, add_speckle, TRUE, 3, strength, unit, rand);
}

static void
add_salt_or_pepper (guint8 *pixel, const double *grain, double strength)
{
  if (grain[0] < strength)
    memset (pixel, grain[1] < 0.5 ? 0 : 255, 3);
}

/* Dead pixels: @strength is the share that is black or white. */
KalonImage *
kalon_spoil_salt_and_pepper (const KalonImage *image, double strength, double unit, GRand *rand)
{
  return add_grain (image, add_salt_or_pepper, FALSE, 3, strength, unit, rand);
}

static KalonImage *
shrink (const KalonImage *image, double times)
{
  return kalon_image_resize (image, MAX (1, (guint) (image->width / times)),
                             MAX (1, (guint) (image->height / times)));
}

/* Squares of @strength pixels, one colour each. */
KalonImage *
kalon_spoil_pixelate (const KalonImage *image, double strength, double unit, GRand *rand)
{
  g_autoptr (KalonImage) small = shrink (image, strength * unit);
  KalonImage *out = kalon_image_new (image->width, image->height);
  guint8 *pixel = out->pixels;

  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++, pixel += 3)
      {
        const gsize row = (gsize) y * small->height / out->height;
        const gsize column = (gsize) x * small->width / out->width;

        memcpy (pixel, small->pixels + (row * small->width + column) * 3, 3);
      }
  return out;
}

/* A small picture blown up @strength times. */
KalonImage *
kalon_spoil_blow_up (const KalonImage *image, double strength, double unit, GRand *rand)
{
  g_autoptr (KalonImage) small = shrink (image, strength * unit);

  return kalon_image_resize (small, image->width, image->height);
}

/* The camera is held askew by @strength degrees. The picture is magnified so that no corner is
 * empty. */
KalonImage *
kalon_spoil_tilt (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = kalon_image_new (image->width, image->height);
  const double angle = strength * (g_rand_boolean (rand) ? 1 : -1) * G_PI / 180;
  const double aspect = (double) MAX (out->width, out->height) / MIN (out->width, out->height);
  /* The largest upright part of the same form that fits into the turned picture. */
  const double part = 1 / (cos (angle) + aspect * fabs (sin (angle)));
  const double along = part * cos (angle), across = part * sin (angle);
  const double cx = (out->width - 1) / 2.0, cy = (out->height - 1) / 2.0;
  guint8 *pixel = out->pixels;

  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++, pixel += 3)
      {
        double light[3] = { 0 };

        add_sample (image, cx + (x - cx) * along - (y - cy) * across,
                    cy + (x - cx) * across + (y - cy) * along, light);
        for (guint c = 0; c < 3; c++)
          pixel[c] = kalon_spoil_from_light (light[c]);
      }
  return out;
}
