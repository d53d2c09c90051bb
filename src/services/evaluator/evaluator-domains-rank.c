/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The class queries of a domain, ranked by the baseline and aligned. */
#include "evaluator/kalon-evaluator-domains-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  KalonDomainScene *scene;
  gboolean is_aligned;
  guint8 *relevant; /* [pictures] */
  float *scores;    /* [pictures] of one query */
} Ranking;

static float
multiply (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return (float) sum;
}

static double
get_mean_aesthetic (const KalonFolderPictures *pictures, const guint32 *top, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += pictures->scores[top[i]];
  return sum / n;
}

/* The searcher's formula; @scores: (inout): [pictures] similarities of query @row. */
static void
align (const KalonDomainScene *scene, gsize row, float *scores)
{
  const KalonFolderPictures *pictures = &scene->folders.pictures;

  for (gsize i = 0; i < pictures->n_pictures; i++)
    {
      if (scene->linear != NULL)
        scores[i] += scene->linear[i];
      if (pictures->scores != NULL)
        scores[i] = kalon_alignment_add_aesthetic (
            scores[i], pictures->scores[i], scene->task->aesthetic_weight, scene->spreads[row]);
    }
}

static void
measure_query (gsize row, const float *similarities, gpointer user_data)
{
  Ranking *ranking = user_data;
  KalonDomainScene *scene = ranking->scene;
  const KalonFolderPictures *pictures = &scene->folders.pictures;
  KalonDomainRanking *found = &scene->rankings[ranking->is_aligned];
  double *values = found->values + row * KALON_N_DOMAIN_FIGURES;
  guint32 *top = found->top + row * KALON_EVALUATOR_TOP;
  gsize n = pictures->n_pictures;
  guint32 class = g_array_index (scene->asked, guint32, row / scene->n_wordings);

  memcpy (ranking->scores, similarities, n * sizeof (float));
  if (ranking->is_aligned)
    align (scene, row, ranking->scores);
  else
    scene->spreads[row] = kalon_taste_get_spread (similarities, n);
  for (gsize i = 0; i < n; i++)
    ranking->relevant[i] = pictures->folder_of[i] == class;
  found->n_top = kalon_evaluator_find_top (ranking->scores, n, top);
  values[KALON_DOMAIN_PRECISION]
      = kalon_metrics_get_precision (ranking->scores, ranking->relevant, n, KALON_EVALUATOR_TOP);
  values[KALON_DOMAIN_R_PRECISION] = kalon_metrics_get_precision (
      ranking->scores, ranking->relevant, n, pictures->n_good[class]);
  values[KALON_DOMAIN_AESTHETIC]
      = pictures->scores != NULL ? get_mean_aesthetic (pictures, top, found->n_top) : NAN;
}

/* What the adapter makes of the pictures. */
static gboolean
adapt_pictures (KalonDomainScene *scene, KalonEvaluator *self, GCancellable *cancellable,
                GError **error)
{
  const KalonAdapter *adapter = scene->task->adapter;
  const KalonFolderPictures *pictures = &scene->folders.pictures;
  const float *term = adapter != NULL ? kalon_adapter_get_linear_term (adapter) : NULL;
  gsize n = pictures->n_pictures;

  if (term != NULL)
    {
      scene->linear = g_new (float, n);
      for (gsize i = 0; i < n; i++)
        scene->linear[i]
            = multiply (term, pictures->embeddings + i * scene->dimension, scene->dimension);
    }
  if (adapter == NULL || !kalon_adapter_changes_images (adapter))
    return TRUE;
  scene->images = g_memdup2 (pictures->embeddings, n * scene->dimension * sizeof (float));
  return kalon_adapter_apply_to_images (adapter, self->device, scene->images, n, cancellable,
                                        error);
}

/* (transfer full): [queries, dimension], each of unit length */
static float *
align_queries (const KalonDomainScene *scene, gsize n)
{
  float *queries = g_new (float, n * scene->dimension);

  for (gsize i = 0; i < n; i++)
    kalon_alignment_blend (scene->typed + i * scene->dimension,
                           scene->rephrased + i * scene->dimension, scene->task->share,
                           scene->dimension, queries + i * scene->dimension);
  if (scene->task->adapter != NULL)
    kalon_adapter_apply_to_queries (scene->task->adapter, queries, n);
  return queries;
}

gboolean
kalon_domain_scene_rank (KalonDomainScene *scene, KalonEvaluator *self, GCancellable *cancellable,
                         GError **error)
{
  const KalonFolderPictures *pictures = &scene->folders.pictures;
  gsize n = scene->asked->len * scene->n_wordings;
  g_autofree guint8 *relevant = g_new (guint8, pictures->n_pictures);
  g_autofree float *scores = g_new (float, pictures->n_pictures);
  g_autofree float *aligned = align_queries (scene, n);
  Ranking ranking = { .scene = scene, .relevant = relevant, .scores = scores };

  if (!adapt_pictures (scene, self, cancellable, error))
    return FALSE;
  scene->spreads = g_new (double, n);
  for (guint r = 0; r < G_N_ELEMENTS (scene->rankings); r++)
    {
      scene->rankings[r].values = g_new0 (double, n *KALON_N_DOMAIN_FIGURES);
      scene->rankings[r].top = g_new (guint32, n * KALON_EVALUATOR_TOP);
    }
  kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, 0, n);
  if (!kalon_evaluator_score (self, scene->typed, n, pictures->embeddings, pictures->n_pictures,
                              measure_query, &ranking, cancellable, error))
    return FALSE;
  ranking.is_aligned = TRUE;
  return kalon_evaluator_score (self, aligned, n,
                                scene->images != NULL ? scene->images : pictures->embeddings,
                                pictures->n_pictures, measure_query, &ranking, cancellable, error);
}
