/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics/kalon-metrics.h"

#include <math.h>

/* What leaves 2.5 % of a normal distribution above it. */
#define Z 1.959963984540054

void
kalon_metrics_estimate_share (gsize n_successes, gsize n, KalonEstimate *estimate)
{
  double share, middle, half, whole = 1 + Z * Z / n;

  g_return_if_fail (n > 0 && n_successes <= n);
  g_return_if_fail (estimate != NULL);

  share = (double) n_successes / n;
  middle = share + Z * Z / (2.0 * n);
  half = Z * sqrt (share * (1 - share) / n + Z * Z / (4.0 * n * n));
  /* At either end it is exact but for the rounding. */
  *estimate = (KalonEstimate){ share, n_successes == 0 ? 0 : (middle - half) / whole,
                               n_successes == n ? 1 : (middle + half) / whole };
}
