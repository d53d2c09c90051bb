/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>

/* What a step down between two scores weighs against scores on the wrong side of the line: a step
 * of one spread moves the line past eight scores that are half a spread off it. */
#define CLIFF_WEIGHT 4.0
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

/* In spreads above the median. */
static double
get_line (gsize n, guint strictness)
{
  double luckiest = sqrt (2 * log ((double) MAX (n, 2)));
  double part = strictness / 100.0;

  return luckiest * (strictness < 50 ? 3 * part - 1 : part);
}

/*
 * Monotone in strictness: with F(i) = sum over the first i of (z - line) + 4 step(i), a higher line
 * takes more off a longer list, so the place of the maximum can only move to the front (Topkis
 * 1978). Of equal ones the shortest is taken, for the same reason.
 */
gsize
kalon_cut_scores (const float *scores, gsize n, guint strictness)
{
  double median, spread, line, sum = 0, best = 0;
  gsize kept = 0;

  if (strictness == 0 || n < 2)
    return n;
  median = get_quantile (scores, n, 0.5);
  spread = median - get_quantile (scores, n, 0.16);
  if (spread < MIN_SPREAD)
    return n;
  line = get_line (n, strictness);

  for (gsize i = 0; i < n; i++)
    {
      double step = i + 1 < n ? ((double) scores[i] - scores[i + 1]) / spread : 0;

      sum += (scores[i] - median) / spread - line;
      if (sum + CLIFF_WEIGHT * step > best)
        {
          best = sum + CLIFF_WEIGHT * step;
          kept = i + 1;
        }
    }
  return kept;
}
