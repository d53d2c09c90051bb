/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics/kalon-metrics.h"

#include <math.h>

/* What is cut off at either end of a 95 % interval. */
#define TAIL 0.025

typedef struct
{
  double sum;
  double weight;
} Cluster;

/* (transfer full) (element-type Cluster) */
static GArray *
sum_clusters (const double *values, const double *weights, const guint32 *clusters, gsize n)
{
  GArray *sums = g_array_new (FALSE, FALSE, sizeof (Cluster));

  for (gsize i = 0; i < n; i++)
    {
      double weight = weights != NULL ? weights[i] : 1;
      Cluster *last;

      if (i == 0 || clusters == NULL || clusters[i] != clusters[i - 1])
        {
          Cluster next = { 0 };
          g_array_append_val (sums, next);
        }
      last = &g_array_index (sums, Cluster, sums->len - 1);
      last->sum += weight * values[i];
      last->weight += weight;
    }
  return sums;
}

static double
get_mean (GArray *clusters)
{
  double sum = 0, weight = 0;

  for (guint i = 0; i < clusters->len; i++)
    {
      sum += g_array_index (clusters, Cluster, i).sum;
      weight += g_array_index (clusters, Cluster, i).weight;
    }
  return sum / weight;
}

static double
draw_mean (GArray *clusters, GRand *random)
{
  double sum = 0, weight = 0;

  for (guint i = 0; i < clusters->len; i++)
    {
      const Cluster *cluster = &g_array_index (
          clusters, Cluster, g_rand_int_range (random, 0, (gint32) clusters->len));

      sum += cluster->sum;
      weight += cluster->weight;
    }
  return sum / weight;
}

static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer data)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Between the two neighbours of position share (n - 1). */
static double
get_percentile (const double *sorted, gsize n, double share)
{
  double position = share * (n - 1);
  gsize below = (gsize) floor (position);
  gsize above = MIN (below + 1, n - 1);

  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/* Sorts @values. */
static void
cut_tails (double *values, gsize n, double *low, double *high)
{
  g_qsort_with_data (values, (int) n, sizeof *values, compare_numbers, NULL);
  *low = get_percentile (values, n, TAIL);
  *high = get_percentile (values, n, 1 - TAIL);
}

void
kalon_metrics_bootstrap_weighted (const double *values, const double *weights,
                                  const guint32 *clusters, gsize n, guint n_resamples, guint32 seed,
                                  KalonEstimate *estimate)
{
  g_autoptr (GArray) sums = NULL;
  g_autoptr (GRand) random = NULL;
  g_autofree double *means = NULL;
  gsize n_means = 0;

  g_return_if_fail (values != NULL && n > 0);
  g_return_if_fail (n_resamples > 0);
  g_return_if_fail (estimate != NULL);

  sums = sum_clusters (values, weights, clusters, n);
  estimate->mean = estimate->low = estimate->high = get_mean (sums);
  if (sums->len == 1 || isnan (estimate->mean))
    return;

  random = g_rand_new_with_seed (seed);
  means = g_new (double, n_resamples);
  for (guint i = 0; i < n_resamples; i++)
    {
      means[n_means] = draw_mean (sums, random);
      n_means += !isnan (means[n_means]);
    }
  if (n_means > 0)
    cut_tails (means, n_means, &estimate->low, &estimate->high);
}

void
kalon_metrics_bootstrap (const double *values, const guint32 *clusters, gsize n, guint n_resamples,
                         guint32 seed, KalonEstimate *estimate)
{
  kalon_metrics_bootstrap_weighted (values, NULL, clusters, n, n_resamples, seed, estimate);
}

void
kalon_metrics_bootstrap_correlation (KalonCorrelation correlation, const double *x, const double *y,
                                     gsize n, guint n_resamples, guint32 seed,
                                     KalonEstimate *estimate)
{
  g_autoptr (GRand) random = NULL;
  g_autofree double *drawn_x = NULL;
  g_autofree double *drawn_y = NULL;
  g_autofree double *found = NULL;
  gsize n_found = 0;

  g_return_if_fail (correlation != NULL && x != NULL && y != NULL && n > 0);
  g_return_if_fail (n_resamples > 0);
  g_return_if_fail (estimate != NULL);

  estimate->mean = estimate->low = estimate->high = correlation (x, y, n);
  if (isnan (estimate->mean))
    return;
  random = g_rand_new_with_seed (seed);
  drawn_x = g_new (double, n);
  drawn_y = g_new (double, n);
  found = g_new (double, n_resamples);
  for (guint i = 0; i < n_resamples; i++)
    {
      for (gsize j = 0; j < n; j++)
        {
          gint32 drawn = g_rand_int_range (random, 0, (gint32) n);

          drawn_x[j] = x[drawn];
          drawn_y[j] = y[drawn];
        }
      found[n_found] = correlation (drawn_x, drawn_y, n);
      n_found += !isnan (found[n_found]);
    }
  if (n_found > 0)
    cut_tails (found, n_found, &estimate->low, &estimate->high);
}

/* Sorts @values. */
static double
get_median (double *values, gsize n)
{
  g_qsort_with_data (values, (int) n, sizeof *values, compare_numbers, NULL);
  return get_percentile (values, n, 0.5);
}

void
kalon_metrics_bootstrap_median (const double *values, gsize n, guint n_resamples, guint32 seed,
                                KalonMedian *estimate)
{
  g_autoptr (GRand) random = NULL;
  g_autofree double *drawn = NULL;
  g_autofree double *medians = NULL;

  g_return_if_fail (values != NULL && n > 0);
  g_return_if_fail (n_resamples > 0);
  g_return_if_fail (estimate != NULL);

  drawn = g_memdup2 (values, n * sizeof *values);
  estimate->median = get_median (drawn, n);
  random = g_rand_new_with_seed (seed);
  medians = g_new (double, n_resamples);
  for (guint i = 0; i < n_resamples; i++)
    {
      for (gsize j = 0; j < n; j++)
        drawn[j] = values[g_rand_int_range (random, 0, (gint32) n)];
      medians[i] = get_median (drawn, n);
    }
  cut_tails (medians, n_resamples, &estimate->low, &estimate->high);
}
