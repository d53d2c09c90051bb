/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste/kalon-taste-private.h"

/* Partial sums: what a vector register holds, several times over. */
#define LANES 32

float
kalon_taste_dot (const float *a, const float *b, gsize n)
{
  float sums[LANES] = { 0 };
  gsize i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (gsize lane = 0; lane < LANES; lane++)
      sums[lane] += a[i + lane] * b[i + lane];
  for (; i < n; i++)
    sums[i % LANES] += a[i] * b[i];
  for (gsize m = LANES / 2; m > 0; m /= 2)
    for (gsize lane = 0; lane < m; lane++)
      sums[lane] += sums[lane + m];
  return sums[0];
}

void
kalon_taste_add (float *y, float factor, const float *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    y[i] += factor * x[i];
}
