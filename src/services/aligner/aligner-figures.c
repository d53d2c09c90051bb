/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the adapter does to queries that it never saw. */
#include "aligner/kalon-aligner-private.h"

#include <math.h>

/* Of one query, before and after. */
typedef struct
{
  double agreement[2];
  double aesthetic[2];
  double overlap;
} Figures;

static double
count_agreement (const KalonAlignerQuery *query, const float *scores)
{
  double sum = 0;

  for (guint i = 0; i < query->pairs->len; i++)
    {
      const KalonPair *pair = &g_array_index (query->pairs, KalonPair, i);
      float winner = scores[pair->winner], loser = scores[pair->loser];

      sum += winner > loser ? 1 : winner == loser ? 0.5 : 0;
    }
  return sum / query->pairs->len;
}

/* @scores: [n]. @term: (nullable): what an image adapter adds. */
static void
score (const float *query, const float *images, gsize n, gsize dimension, const float *term,
       float *scores)
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;

      for (gsize j = 0; j < dimension; j++)
        sum += ((double) query[j] + (term != NULL ? term[j] : 0)) * images[i * dimension + j];
      scores[i] = (float) sum;
    }
}

static gboolean
measure_agreement (KalonAlignerRun *run, const KalonAlignerQuery *query, Figures *figures,
                   GError **error)
{
  const KalonAdapter *adapter = run->result->adapter;
  gsize dimension = run->dimension, n = query->rows->len;
  g_autofree float *adapted = g_memdup2 (query->embedding, dimension * sizeof (float));
  g_autofree float *images = g_new (float, n *dimension);
  g_autofree float *scores = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    if (!kalon_aligner_has_row (run, g_array_index (query->rows, guint32, i), error)
        || !kalon_index_get_row (run->index, g_array_index (query->rows, guint32, i),
                                 images + i * dimension, error))
      return FALSE;
  score (query->embedding, images, n, dimension, NULL, scores);
  figures->agreement[0] = count_agreement (query, scores);
  kalon_adapter_apply_to_queries (adapter, adapted, 1);
  if (!kalon_adapter_apply_to_images (adapter, NULL, images, n, run->cancellable, error))
    return FALSE;
  score (adapted, images, n, dimension, kalon_adapter_get_linear_term (adapter), scores);
  figures->agreement[1] = count_agreement (query, scores);
  return TRUE;
}

/* Of those that have a score. */
static double
get_mean_aesthetic (const GArray *results)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    {
      float aesthetic = g_array_index (results, KalonResult, i).aesthetic;

      if (isfinite (aesthetic))
        {
          sum += aesthetic;
          n++;
        }
    }
  return n > 0 ? sum / n : 0;
}

static gboolean
measure_top (KalonAlignerRun *run, const KalonAlignerQuery *query, Figures *figures, GError **error)
{
  g_autoptr (KalonQuery) typed = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;
  KalonAlignment alignment = { .adapter = TRUE };

  kalon_query_add_term (typed, KALON_TERM_TEXT, query->query->query, 1);
  kalon_query_set_limit (typed, KALON_ALIGNER_TOP);
  kalon_query_set_fold_duplicates (typed, FALSE);
  kalon_query_set_alignment (typed, &alignment);
  results = kalon_searcher_search (run->searcher, typed, run->cancellable, error);
  if (results == NULL)
    return FALSE;
  figures->aesthetic[0] = get_mean_aesthetic (results->results);
  figures->aesthetic[1] = get_mean_aesthetic (results->aligned);
  figures->overlap = kalon_results_get_overlap (results);
  return TRUE;
}

/* Of the doubles at @offset of @figures, [n], less those at @minus unless that is below 0. */
static void
estimate (const Figures *figures, gsize n, gsize offset, gssize minus, KalonEstimate *result)
{
  g_autofree double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    {
      values[i] = G_STRUCT_MEMBER (double, &figures[i], offset);
      if (minus >= 0)
        values[i] -= G_STRUCT_MEMBER (double, &figures[i], minus);
    }
  kalon_metrics_bootstrap (values, NULL, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, result);
}

gboolean
kalon_aligner_measure (KalonAlignerRun *run, GPtrArray *queries, gsize n, GError **error)
{
  g_autofree Figures *figures = g_new0 (Figures, n);
  KalonAlignerResult *result = run->result;

  kalon_searcher_try_adapter (run->searcher, result->adapter);
  for (gsize i = 0; i < n; i++)
    {
      const KalonAlignerQuery *query = g_ptr_array_index (queries, i);

      kalon_aligner_tell (run, KALON_ALIGNER_MEASURING, i, n);
      if (!measure_agreement (run, query, &figures[i], error)
          || !measure_top (run, query, &figures[i], error))
        return FALSE;
    }
#define OF(member) G_STRUCT_OFFSET (Figures, member)
  estimate (figures, n, OF (agreement[0]), -1, &result->before.agreement);
  estimate (figures, n, OF (agreement[1]), -1, &result->after.agreement);
  estimate (figures, n, OF (agreement[1]), OF (agreement[0]), &result->gain);
  estimate (figures, n, OF (aesthetic[0]), -1, &result->before.aesthetic);
  estimate (figures, n, OF (aesthetic[1]), -1, &result->after.aesthetic);
  estimate (figures, n, OF (aesthetic[1]), OF (aesthetic[0]), &result->aesthetic_gain);
  estimate (figures, n, OF (overlap), -1, &result->overlap);
#undef OF
  result->rose = result->after.agreement.mean > result->before.agreement.mean;
  return TRUE;
}
