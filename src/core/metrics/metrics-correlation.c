/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics/kalon-metrics.h"

#include <math.h>

double
kalon_metrics_get_pearson (const double *x, const double *y, gsize n)
{
  double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
  gboolean varies_x = FALSE, varies_y = FALSE;

  g_return_val_if_fail (x != NULL && y != NULL && n > 0, NAN);

  for (gsize i = 0; i < n; i++)
    {
      mean_x += x[i] / n;
      mean_y += y[i] / n;
      varies_x = varies_x || x[i] != x[0];
      varies_y = varies_y || y[i] != y[0];
    }
  /* Not by the variance, which rounding may leave above 0. */
  if (!varies_x || !varies_y)
    return NAN;
  for (gsize i = 0; i < n; i++)
    {
      xx += (x[i] - mean_x) * (x[i] - mean_x);
      yy += (y[i] - mean_y) * (y[i] - mean_y);
      xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
  return CLAMP (xy / (sqrt (xx) * sqrt (yy)), -1, 1);
}

static int
compare_positions (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *values = data;
  double x = values[*(const guint32 *) a], y = values[*(const guint32 *) b];

  return (x > y) - (x < y);
}

/* (transfer full): [n] from 1; equals share the mean of theirs. */
static double *
rank (const double *values, gsize n)
{
  double *ranks = g_new (double, n);
  g_autofree guint32 *order = g_new (guint32, n);

  for (gsize i = 0; i < n; i++)
    order[i] = (guint32) i;
  g_qsort_with_data (order, (int) n, sizeof *order, compare_positions, (gpointer) values);
  for (gsize first = 0, next; first < n; first = next)
    {
      for (next = first + 1; next < n && values[order[next]] == values[order[first]];)
        next++;
      for (gsize i = first; i < next; i++)
        ranks[order[i]] = (first + 1 + next) / 2.0;
    }
  return ranks;
}

double
kalon_metrics_get_spearman (const double *x, const double *y, gsize n)
{
  g_autofree double *ranks_x = NULL;
  g_autofree double *ranks_y = NULL;

  g_return_val_if_fail (x != NULL && y != NULL && n > 0, NAN);

  ranks_x = rank (x, n);
  ranks_y = rank (y, n);
  return kalon_metrics_get_pearson (ranks_x, ranks_y, n);
}
