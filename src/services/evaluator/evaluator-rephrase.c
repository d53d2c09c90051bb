/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Styles of rephrasing beside each other. */
#include "evaluator/kalon-evaluator-private.h"

#include <string.h>

static void
row_free (gpointer data)
{
  KalonRephraseRow *row = data;

  g_free (row->notice);
  g_free (row->figures);
  g_free (row->gains);
  g_free (row);
}

void
kalon_rephrase_figures_free (KalonRephraseFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_strfreev (figures->models);
  g_ptr_array_unref (figures->rows);
  g_free (figures->example);
  g_strfreev (figures->rephrased);
  g_free (figures);
}

/* The pictures that could be read, and the queries that they answer. */
typedef struct
{
  gsize n;         /* pictures */
  guint32 *groups; /* [n] */
  float *scores;   /* [n, models] */
  guint n_models;
  const float *embeddings; /* [n, dimension] */
  GPtrArray *texts;        /* borrowed */
  guint32 *targets;        /* [texts->len] */
  float *typed;            /* [texts->len, dimension] */
} Set;

static void
set_clear (Set *set)
{
  g_free (set->groups);
  g_free (set->scores);
  g_clear_pointer (&set->texts, g_ptr_array_unref);
  g_free (set->targets);
  g_free (set->typed);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

/* One style at work. */
typedef struct
{
  const Set *set;
  guint n_figures;
  double *values;       /* [queries, n_figures] */
  guint32 *top;         /* [queries, KALON_EVALUATOR_TOP] */
  const guint32 *typed; /* [queries, KALON_EVALUATOR_TOP] the same of the queries as typed */
  guint8 *relevant;     /* [n] */
  float *gains;         /* [n] */
} Ranking;

static void
measure_query (gsize row, const float *similarities, gpointer user_data)
{
  Ranking *ranking = user_data;
  const Set *set = ranking->set;
  double *values = ranking->values + row * ranking->n_figures;
  guint32 *top = ranking->top + row * KALON_EVALUATOR_TOP;
  guint n_top;
  guint32 rank;

  for (gsize i = 0; i < set->n; i++)
    ranking->gains[i] = ranking->relevant[i] = set->groups[i] == set->targets[row];
  rank = kalon_metrics_get_rank (similarities, ranking->relevant, set->n);
  for (guint c = 0; c < KALON_EVALUATOR_N_RECALLS; c++)
    values[KALON_REPHRASE_RECALL_1 + c] = rank <= kalon_evaluator_recall_cuts[c];
  values[KALON_REPHRASE_MRR] = 1.0 / rank;
  values[KALON_REPHRASE_NDCG]
      = kalon_metrics_get_ndcg (similarities, ranking->gains, set->n, KALON_EVALUATOR_NDCG_CUT);
  n_top = kalon_evaluator_find_top (similarities, set->n, top);
  values[KALON_REPHRASE_OVERLAP]
      = kalon_evaluator_get_overlap (top, ranking->typed + row * KALON_EVALUATOR_TOP, n_top);
  for (guint m = 0; m < set->n_models; m++)
    {
      double sum = 0;

      for (guint i = 0; i < n_top; i++)
        sum += set->scores[(gsize) top[i] * set->n_models + m];
      values[KALON_N_REPHRASE_FIGURES + m] = sum / n_top;
    }
}

/* @typed: [queries, n_figures] of the queries as typed */
static void
summarise (const Set *set, const double *values, const double *typed, guint n_figures,
           KalonRephraseRow *row)
{
  gsize n = set->texts->len;
  g_autofree double *column = g_new (double, n);

  row->figures = g_new (KalonEstimate, n_figures);
  row->gains = g_new (KalonEstimate, n_figures);
  for (guint f = 0; f < n_figures; f++)
    {
      for (gsize i = 0; i < n; i++)
        column[i] = values[i * n_figures + f];
      kalon_metrics_bootstrap (column, set->targets, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &row->figures[f]);
      for (gsize i = 0; i < n; i++)
        column[i] -= typed[i * n_figures + f];
      kalon_metrics_bootstrap (column, set->targets, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &row->gains[f]);
    }
}

/* All styles; the first one is the query as typed. */
static gboolean
compare (KalonEvaluator *self, const KalonRephraseTask *task, Set *set,
         KalonRephraseFigures *figures, GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_encoder_get_dimension (self->encoder);
  gsize n = set->texts->len;
  guint n_figures = figures->n_figures;
  g_autofree double *typed_values = g_new0 (double, n *n_figures);
  g_autofree double *values = g_new0 (double, n *n_figures);
  g_autofree guint32 *typed_top = g_new (guint32, n * KALON_EVALUATOR_TOP);
  g_autofree guint32 *top = g_new (guint32, n * KALON_EVALUATOR_TOP);
  g_autofree guint8 *relevant = g_new (guint8, set->n);
  g_autofree float *gains = g_new (float, set->n);
  Ranking ranking = {
    .set = set, .n_figures = n_figures, .typed = typed_top, .relevant = relevant, .gains = gains
  };

  for (guint style = KALON_REPHRASE_ORIGINAL; style < KALON_N_REPHRASE_STYLES; style++)
    {
      gboolean is_typed = style == KALON_REPHRASE_ORIGINAL;
      KalonRephraseRow *row = g_new0 (KalonRephraseRow, 1);
      g_autoptr (GPtrArray) texts = NULL;
      g_autofree float *embeddings = NULL;

      row->style = (KalonRephraseStyle) style;
      g_ptr_array_add (figures->rows, row);
      texts
          = kalon_evaluator_rephrase (self, task, set->texts, row->style, row, cancellable, error);
      embeddings
          = texts != NULL ? kalon_evaluator_encode_texts (self, texts, cancellable, error) : NULL;
      if (embeddings == NULL)
        return FALSE;
      figures->rephrased[style] = g_strdup (texts->pdata[0]);
      if (is_typed)
        set->typed = g_memdup2 (embeddings, n * dimension * sizeof (float));
      else
        for (gsize i = 0; i < n; i++)
          kalon_alignment_blend (set->typed + i * dimension, embeddings + i * dimension,
                                 task->share, dimension, embeddings + i * dimension);
      ranking.values = is_typed ? typed_values : values;
      ranking.top = is_typed ? typed_top : top;
      kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, 0, n);
      if (!kalon_evaluator_score (self, embeddings, n, set->embeddings, set->n, measure_query,
                                  &ranking, cancellable, error))
        return FALSE;
      summarise (set, ranking.values, typed_values, n_figures, row);
    }
  return TRUE;
}

/* What of @queries is left: pictures that could be read, and queries that they answer. */
static void
fill_set (const KalonAnsweredQueries *queries, const KalonMemberScores *scores, Set *set)
{
  g_autoptr (GHashTable) answered = g_hash_table_new (g_direct_hash, g_direct_equal);

  set->n_models = scores->n;
  set->embeddings = scores->embeddings;
  set->groups = g_new (guint32, queries->paths->len);
  set->scores = g_new (float, (gsize) queries->paths->len * scores->n);
  for (guint i = 0; i < queries->paths->len; i++)
    if (scores->is_good[i])
      {
        guint32 group = g_array_index (queries->groups, guint32, i);

        memcpy (set->scores + set->n * scores->n, scores->scores + (gsize) i * scores->n,
                scores->n * sizeof (float));
        set->groups[set->n++] = group;
        g_hash_table_add (answered, GUINT_TO_POINTER (group));
      }
  set->texts = g_ptr_array_new ();
  set->targets = g_new (guint32, queries->texts->len);
  for (guint i = 0; i < queries->texts->len; i++)
    {
      guint32 target = g_array_index (queries->targets, guint32, i);

      if (!g_hash_table_contains (answered, GUINT_TO_POINTER (target)))
        continue;
      set->targets[set->texts->len] = target;
      g_ptr_array_add (set->texts, queries->texts->pdata[i]);
    }
}

KalonRephraseFigures *
kalon_evaluator_compare_styles (KalonEvaluator *self, const KalonRephraseTask *task,
                                GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonRephraseFigures) figures = g_new0 (KalonRephraseFigures, 1);
  g_auto (KalonAnsweredQueries) queries = { 0 };
  g_auto (KalonMemberScores) scores = { 0 };
  g_auto (Set) set = { 0 };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (task != NULL && task->images != NULL, NULL);

  figures->rows = g_ptr_array_new_with_free_func (row_free);
  if (!kalon_evaluator_list_queries (self, task, &queries, cancellable, error)
      || !kalon_evaluator_score_members (self, task->models, queries.paths, &scores, cancellable,
                                         error))
    return NULL;
  fill_set (&queries, &scores, &set);
  if (set.texts->len == 0)
    {
      kalon_evaluator_refuse_empty (task->images, error);
      return NULL;
    }
  figures->n_pictures = set.n;
  figures->n_queries = set.texts->len;
  figures->of_folders = queries.of_folders;
  figures->share = task->share;
  figures->n_figures = KALON_N_REPHRASE_FIGURES + scores.n;
  figures->models = g_steal_pointer (&scores.ids);
  figures->example = g_strdup (set.texts->pdata[0]);
  figures->rephrased = g_new0 (char *, KALON_N_REPHRASE_STYLES + 1);
  if (!compare (self, task, &set, figures, cancellable, error))
    return NULL;
  return g_steal_pointer (&figures);
}
