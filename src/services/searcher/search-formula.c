/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the aligned score that need no library. */
#include "searcher/kalon-searcher.h"

#include <math.h>
#include <string.h>

/* Where an aesthetic score neither raises nor lowers: the median of ordinary good photos. */
#define AESTHETIC_MIDDLE 5.0f

void
kalon_alignment_blend (const float *query, const float *rephrased, float share, gsize dimension,
                       float *blended)
{
  double squares = 0;

  for (gsize i = 0; i < dimension; i++)
    {
      blended[i] = (1 - share) * query[i] + share * rephrased[i];
      squares += (double) blended[i] * blended[i];
    }
  /* Opposite directions of equal weight: a rephrasing that says the contrary is no help. */
  if (squares < 1e-6)
    memcpy (blended, query, dimension * sizeof (float));
  else
    for (gsize i = 0; i < dimension; i++)
      blended[i] = (float) (blended[i] / sqrt (squares));
}

float
kalon_alignment_add_aesthetic (float score, float aesthetic, float weight, double spread)
{
  return isfinite (aesthetic) ? score + (float) (spread * weight * (aesthetic - AESTHETIC_MIDDLE))
                              : score;
}
