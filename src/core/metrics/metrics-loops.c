/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics/kalon-metrics.h"

/* “Not below” and not “at least”: NaN is to count as ahead. */

guint32
kalon_metrics_count_ahead (const float *similarities, gsize n, float best)
{
  guint32 ahead = 0;

  for (gsize i = 0; i < n; i++)
    ahead += !(similarities[i] < best);
  return ahead;
}

void
kalon_metrics_add_ahead (const float *similarities, const float *best, gsize n, guint32 *ahead)
{
  for (gsize i = 0; i < n; i++)
    ahead[i] += !(similarities[i] < best[i]);
}
