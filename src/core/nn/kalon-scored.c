/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "nn/kalon-nn-private.h"

static gboolean
better (const KalonScored *a, const KalonScored *b)
{
  gboolean a_nan = isnan (a->value), b_nan = isnan (b->value);

  if (a_nan != b_nan)
    return b_nan;
  if (!a_nan && a->value != b->value)
    return a->value > b->value;
  return a->index < b->index;
}

static int
compare (const void *a, const void *b)
{
  return better (a, b) ? -1 : better (b, a);
}

/* The worst of heap[0 .. n) is at its root. */
static void
sift_down (KalonScored *heap, gsize n, gsize i)
{
  for (gsize child = 2 * i + 1; child < n; child = 2 * i + 1)
    {
      KalonScored swapped = heap[i];

      if (child + 1 < n && better (&heap[child], &heap[child + 1]))
        child++;
      if (!better (&heap[i], &heap[child]))
        return;
      heap[i] = heap[child];
      heap[child] = swapped;
      i = child;
    }
}

void
kalon_scored_select (KalonScored *scored, gsize n, gsize k)
{
  for (gsize i = k / 2; i-- > 0;)
    sift_down (scored, k, i);
  for (gsize i = k; i < n; i++)
    if (better (&scored[i], &scored[0]))
      {
        KalonScored swapped = scored[0];

        scored[0] = scored[i];
        scored[i] = swapped;
        sift_down (scored, k, 0);
      }
  qsort (scored, k, sizeof *scored, compare);
}
