/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics/kalon-metrics.h"

#include <math.h>
#include <string.h>

typedef struct
{
  float similarity;
  float gain;
} Item;

/* Ties go to the lower gain; NaN is above every number, unless it is ours to find. */
static gboolean
stands_before (const Item *a, const Item *b)
{
  gboolean a_nan = isnan (a->similarity), b_nan = isnan (b->similarity);

  if (!a_nan && !b_nan && a->similarity != b->similarity)
    return a->similarity > b->similarity;
  if (a_nan && !b_nan)
    return a->gain <= 0;
  if (b_nan && !a_nan)
    return b->gain > 0;
  return a->gain < b->gain;
}

/* Keeps @best, sorted, the @size first of all items that were put in. */
static void
insert (Item *best, gsize *n_best, gsize size, Item item)
{
  gsize i = *n_best;

  if (i == size)
    {
      if (size == 0 || !stands_before (&item, &best[size - 1]))
        return;
      i--;
    }
  else
    (*n_best)++;
  for (; i > 0 && stands_before (&item, &best[i - 1]); i--)
    best[i] = best[i - 1];
  best[i] = item;
}

guint32
kalon_metrics_get_rank (const float *similarities, const guint8 *relevant, gsize n)
{
  float best = NAN;
  guint32 rank = 1;

  g_return_val_if_fail (similarities != NULL || n == 0, 0);
  g_return_val_if_fail (relevant != NULL || n == 0, 0);

  for (gsize i = 0; i < n; i++)
    if (relevant[i])
      best = fmaxf (best, similarities[i]);
  for (gsize i = 0; i < n; i++)
    rank += !relevant[i] && !(similarities[i] < best);
  return rank;
}

double
kalon_metrics_get_recall (const guint32 *ranks, gsize n, gsize k)
{
  gsize hits = 0;

  g_return_val_if_fail (ranks != NULL && n > 0, NAN);

  for (gsize i = 0; i < n; i++)
    hits += ranks[i] <= k;
  return (double) hits / n;
}

static int
compare_ranks (gconstpointer a, gconstpointer b, gpointer data)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

double
kalon_metrics_get_median_rank (const guint32 *ranks, gsize n)
{
  g_autofree guint32 *sorted = NULL;

  g_return_val_if_fail (ranks != NULL && n > 0, NAN);

  sorted = g_memdup2 (ranks, n * sizeof *ranks);
  g_qsort_with_data (sorted, (int) n, sizeof *sorted, compare_ranks, NULL);
  return ((double) sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

double
kalon_metrics_get_mrr (const guint32 *ranks, gsize n)
{
  double sum = 0;

  g_return_val_if_fail (ranks != NULL && n > 0, NAN);

  for (gsize i = 0; i < n; i++)
    sum += 1.0 / ranks[i];
  return sum / n;
}

double
kalon_metrics_get_precision (const float *similarities, const guint8 *relevant, gsize n, gsize k)
{
  gsize size = MIN (n, k);
  gsize n_best = 0;
  gsize hits = 0;
  g_autofree Item *best = NULL;

  g_return_val_if_fail (similarities != NULL && relevant != NULL, NAN);
  g_return_val_if_fail (n > 0 && k > 0, NAN);

  best = g_new (Item, size);
  for (gsize i = 0; i < n; i++)
    insert (best, &n_best, size, (Item){ similarities[i], relevant[i] != 0 });
  for (gsize i = 0; i < size; i++)
    hits += best[i].gain > 0;
  return (double) hits / k;
}

static double
get_dcg (const Item *items, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += items[i].gain / log2 (i + 2.0);
  return sum;
}

double
kalon_metrics_get_ndcg (const float *similarities, const float *gains, gsize n, gsize k)
{
  gsize size = MIN (n, k);
  gsize n_best = 0;
  gsize n_ideal = 0;
  g_autofree Item *best = NULL;
  g_autofree Item *ideal = NULL;
  double most;

  g_return_val_if_fail (similarities != NULL && gains != NULL, NAN);
  g_return_val_if_fail (n > 0 && k > 0, NAN);

  best = g_new (Item, size);
  ideal = g_new (Item, size);
  for (gsize i = 0; i < n; i++)
    {
      insert (best, &n_best, size, (Item){ similarities[i], gains[i] });
      insert (ideal, &n_ideal, size, (Item){ gains[i], gains[i] });
    }
  most = get_dcg (ideal, size);
  return most > 0 ? get_dcg (best, size) / most : 0;
}

double
kalon_metrics_get_ndcg_of_ranks (const guint32 *ranks, gsize n, gsize k)
{
  double sum = 0, most = 0;

  g_return_val_if_fail (ranks != NULL, NAN);
  g_return_val_if_fail (n > 0 && k > 0, NAN);

  for (gsize i = 0; i < n && ranks[i] <= k; i++)
    sum += 1 / log2 (ranks[i] + 1.0);
  for (gsize i = 0; i < MIN (n, k); i++)
    most += 1 / log2 ((double) i + 2);
  return sum / most;
}
