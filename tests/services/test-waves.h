/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "image/kalon-image.h"

/* Soft waves with some fine detail, of a colour that goes with @family. */
static KalonImage *
make_waves (guint seed, guint family)
{
  GRand *rand = g_rand_new_with_seed (seed);
  KalonImage *image = kalon_image_new (120 + seed % 3 * 20, 96);
  const double across = g_rand_double_range (rand, 2, 9), down = g_rand_double_range (rand, 2, 9);
  guint8 *pixel = image->pixels;

  for (guint y = 0; y < image->height; y++)
    for (guint x = 0; x < image->width; x++, pixel += 3)
      for (guint c = 0; c < 3; c++)
        pixel[c] = (guint8) (90 + 50 * sin (across * x / 96) + 40 * cos (down * y / 96)
                             + (c == family % 3 ? 40 : 0) + g_rand_int_range (rand, 0, 8));
  g_rand_free (rand);
  return image;
}
