/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>

/* A library of copies has no spread to measure by. */
#define MIN_SPREAD 1e-6

/* Of @scores: [n], best first; @part from 0, the lowest, to 1, between the two nearest. */
static double
get_quantile (const float *scores, gsize n, double part)
{
  double place = (1 - part) * (double) (n - 1);
  gsize above = (gsize) place;
  gsize below = MIN (above + 1, n - 1);

  return scores[above] + (place - (double) above) * ((double) scores[below] - scores[above]);
}

/* The part of a normal distribution that is above @z. */
static double
get_tail (double z)
{
  return 0.5 * erfc (z / G_SQRT2);
}

/*
 * Monotone in strictness: in both counts a higher strictness takes more off a longer list, so that
 * the place of the maximum can only move to the front (Topkis 1978). Of equal ones the shortest is
 * taken, for the same reason.
 */
gsize
kalon_cut_scores (const float *scores, gsize n, guint strictness)
{
  double median, spread, price, line, best = 0;
  gsize kept = 0;

  if (strictness == 0 || n < 2)
    return n;
  median = get_quantile (scores, n, 0.5);
  spread = median - get_quantile (scores, n, 0.16);
  if (spread < MIN_SPREAD)
    return n;
  /* About its standard error: a small library knows its spread less well, and what it takes for a
   * match must stand out the more. */
  spread *= 1 + 1 / sqrt ((double) n);
  price = 1 / (1 - 0.95 * strictness / 100.0);
  line = sqrt (2 * log ((double) n)) * (4 * strictness / 100.0 - 1);

  for (gsize i = 0; i < n; i++)
    {
      double z = (scores[i] - median) / spread;
      double gain = (double) (i + 1) - price * (double) n * get_tail (z);

      if (gain > best)
        {
          best = gain;
          kept = i + 1;
        }
      if (z >= line)
        kept = MAX (kept, i + 1);
    }
  return kept;
}
