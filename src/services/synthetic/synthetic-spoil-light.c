/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-spoil-private.h"

#include <math.h>
#include <string.h>

guint8
kalon_spoil_clip (double value)
{
  return (guint8) CLAMP (value + 0.5, 0, 255);
}

double
kalon_spoil_to_light (guint8 value)
{
  static gsize once = 0;
  static double table[256];

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < 256; i++)
        table[i] = i <= 10 ? i / 255.0 / 12.92 : pow ((i / 255.0 + 0.055) / 1.055, 2.4);
      g_once_init_leave (&once, 1);
    }
  return table[value];
}

guint8
kalon_spoil_from_light (double light)
{
  if (light <= 0.0031308)
    return kalon_spoil_clip (255 * 12.92 * light);
  return kalon_spoil_clip (255 * (1.055 * pow (MIN (light, 1), 1 / 2.4) - 0.055));
}

/* ITU-R BT.601, as Pillow weighs them. */
static double
get_grey (const guint8 *pixel)
{
  return 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
}

/* Box and Muller 1958. */
double
kalon_spoil_draw_normal (GRand *rand)
{
  const double radius = sqrt (-2 * log (1 - g_rand_double (rand)));

  return radius * cos (2 * G_PI * g_rand_double (rand));
}

static KalonImage *
copy_image (const KalonImage *image)
{
  return kalon_image_crop (image, 0, 0, image->width, image->height);
}

/* Fog: @strength of the light is that of an overcast sky. */
KalonImage *
kalon_spoil_add_haze (const KalonImage *image, double strength, double unit, GRand *rand)
{
  static const double sky[3] = { 208, 212, 218 };
  KalonImage *out = copy_image (image);

  for (gsize i = 0; i < (gsize) out->width * out->height * 3; i++)
    out->pixels[i] = kalon_spoil_clip (out->pixels[i] * (1 - strength) + strength * sky[i % 3]);
  return out;
}

/* All levels come nearer to the mean grey: @strength of the distance is left. */
KalonImage *
kalon_spoil_flatten (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = copy_image (image);
  const gsize n = (gsize) out->width * out->height;
  double mean = 0;

  for (gsize i = 0; i < n; i++)
    mean += get_grey (out->pixels + i * 3) / n;
  for (gsize i = 0; i < n * 3; i++)
    out->pixels[i] = kalon_spoil_clip (mean + (out->pixels[i] - mean) * strength);
  return out;
}

/* @strength levels are left in each channel. */
KalonImage *
kalon_spoil_posterise (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = copy_image (image);
  const double steps = strength - 1;

  for (gsize i = 0; i < (gsize) out->width * out->height * 3; i++)
    out->pixels[i] = kalon_spoil_clip (rint (out->pixels[i] / 255.0 * steps) * 255 / steps);
  return out;
}

/* Colours are @strength times as far from grey. */
KalonImage *
kalon_spoil_oversaturate (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = copy_image (image);

  for (gsize i = 0; i < (gsize) out->width * out->height; i++)
    {
      guint8 *pixel = out->pixels + i * 3;
      const double grey = get_grey (pixel);

      for (guint c = 0; c < 3; c++)
        pixel[c] = kalon_spoil_clip (grey + (pixel[c] - grey) * strength);
    }
  return out;
}

/* Dark corners: they get (1 - @strength)^2 of their light. */
KalonImage *
kalon_spoil_darken_corners (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = copy_image (image);
  guint8 *pixel = out->pixels;

  for (guint row = 0; row < out->height; row++)
    for (guint column = 0; column < out->width; column++, pixel += 3)
      {
        const double y = (row + 0.5) / out->height * 2 - 1, x = (column + 0.5) / out->width * 2 - 1;
        const double fall = 1 - strength * MIN ((x * x + y * y) / 1.6, 1);

        for (guint c = 0; c < 3; c++)
          pixel[c] = kalon_spoil_from_light (kalon_spoil_to_light (pixel[c]) * fall * fall);
      }
  return out;
}

/* A finger before the lens: a soft disc of @strength of the shorter side, of the colour of some
 * skin, about a point of an edge. */
KalonImage *
kalon_spoil_add_finger (const KalonImage *image, double strength, double unit, GRand *rand)
{
  static const double skins[3][3] = { { 196, 140, 118 }, { 120, 76, 58 }, { 60, 36, 30 } };
  KalonImage *out = copy_image (image);
  const double side = MIN (out->width, out->height), radius = side * strength;
  const double softness = side * 0.06;
  const guint edge = g_rand_int_range (rand, 0, 4);
  const double along = g_rand_double_range (rand, 0.15, 0.85);
  const double *skin = skins[g_rand_int_range (rand, 0, 3)];
  const double cx = (edge < 2 ? along : edge - 2) * out->width;
  const double cy = (edge < 2 ? edge : along) * out->height;
  guint8 *pixel = out->pixels;

  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++, pixel += 3)
      {
        const double inside = (radius - hypot (x + 0.5 - cx, y + 0.5 - cy)) / softness + 0.5;
        const double share = CLAMP (inside, 0, 1);

        for (guint c = 0; c < 3; c++)
          pixel[c] = kalon_spoil_clip (pixel[c] * (1 - share) + share * skin[c]);
      }
  return out;
}

/* A plain bar of any grey over @strength of one side. */
KalonImage *
kalon_spoil_add_bar (const KalonImage *image, double strength, double unit, GRand *rand)
{
  KalonImage *out = copy_image (image);
  const guint edge = g_rand_int_range (rand, 0, 4);
  const guint8 grey = (guint8) g_rand_int_range (rand, 0, 256);
  guint8 *pixel = out->pixels;

  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++, pixel += 3)
      {
        const double at = edge < 2 ? (x + 0.5) / out->width : (y + 0.5) / out->height;

        if ((edge & 1 ? 1 - at : at) < strength)
          memset (pixel, grey, 3);
      }
  return out;
}

static KalonImage *
scale_light (const KalonImage *image, const double *gains)
{
  KalonImage *out = copy_image (image);

  for (gsize i = 0; i < (gsize) out->width * out->height * 3; i++)
    out->pixels[i] = kalon_spoil_from_light (kalon_spoil_to_light (out->pixels[i]) * gains[i % 3]);
  return out;
}

static KalonImage *
expose (const KalonImage *image, double stops)
{
  const double gain = exp2 (stops);

  return scale_light (image, (const double[]){ gain, gain, gain });
}

/* @strength stops too little light. */
KalonImage *
kalon_spoil_underexpose (const KalonImage *image, double strength, double unit, GRand *rand)
{
  return expose (image, -strength);
}

/* @strength stops too much light. */
KalonImage *
kalon_spoil_overexpose (const KalonImage *image, double strength, double unit, GRand *rand)
{
  return expose (image, strength);
}

/* Light of another colour: the channel that is furthest off is by @strength stops. */
KalonImage *
kalon_spoil_cast_colour (const KalonImage *image, double strength, double unit, GRand *rand)
{
  double tone[3], mean = 0, most = 0;

  for (guint c = 0; c < 3; c++)
    mean += (tone[c] = kalon_spoil_draw_normal (rand)) / 3;
  for (guint c = 0; c < 3; c++)
    most = MAX (most, fabs (tone[c] - mean));
  for (guint c = 0; c < 3; c++)
    tone[c] = exp2 ((tone[c] - mean) / most * strength);
  return scale_light (image, tone);
}
