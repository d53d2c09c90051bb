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

double
kalon_metrics_test_mcnemar (gsize n_first, gsize n_second)
{
  gsize n = n_first + n_second;
  gsize least = MIN (n_first, n_second);
  double log_term = -(double) n * G_LN2;
  double sum = 0, term = 1;

  /* Binomial (n, least) / 2^n as a logarithm: it may be too small for a double. */
  for (gsize i = 1; i <= least; i++)
    log_term += log ((double) (n - least + i) / i);
  /* Those below it, as shares of it. */
  for (gsize k = least + 1; k-- > 0;)
    {
      sum += term;
      term *= (double) k / (n - k + 1);
    }
  return MIN (2 * exp (log_term) * sum, 1);
}
