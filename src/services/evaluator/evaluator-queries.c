/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

static void
query_figures_free (gpointer data)
{
  KalonQueryFigures *query = data;

  g_free (query->query);
  g_free (query->folder);
  g_free (query);
}

void
kalon_folder_figures_free (KalonFolderFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_ptr_array_unref (figures->queries);
  g_free (figures);
}

static gboolean
find_folder (const KalonFolderPictures *pictures, const char *name, guint32 *position)
{
  for (guint f = 0; f < pictures->folders->len; f++)
    if (g_str_equal (((KalonClassFolder *) pictures->folders->pdata[f])->name, name))
      {
        *position = f;
        return TRUE;
      }
  return FALSE;
}

/* The queries whose folder has a good picture; @targets (element-type guint32) is which folder. */
static void
match (KalonEvaluator *self, GPtrArray *labels, const char *images,
       const KalonFolderPictures *pictures, GPtrArray *queries, GArray *targets)
{
  g_autoptr (GHashTable) unknown = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (labels, i);
      KalonQueryFigures *query;
      guint32 target;

      if (!find_folder (pictures, label->fields[1], &target) || pictures->n_good[target] == 0)
        {
          g_autofree char *path = g_build_filename (images, label->fields[1], NULL);

          if (g_hash_table_add (unknown, label->fields[1]))
            kalon_evaluator_fail (self, path,
                                  "There is no such folder with a picture that can be read: its "
                                  "queries are left out.");
          continue;
        }
      query = g_new0 (KalonQueryFigures, 1);
      query->query = g_strdup (label->fields[0]);
      query->folder = g_strdup (label->fields[1]);
      query->n_pictures = pictures->n_good[target];
      query->chance = (double) query->n_pictures / pictures->n_pictures;
      g_ptr_array_add (queries, query);
      g_array_append_val (targets, target);
    }
}

typedef struct
{
  const KalonFolderPictures *pictures;
  GPtrArray *queries;
  GArray *targets;
  guint8 *relevant; /* [n_pictures] */
} Ranking;

static void
measure_query (gsize row, const float *similarities, gpointer user_data)
{
  Ranking *ranking = user_data;
  const KalonFolderPictures *pictures = ranking->pictures;
  KalonQueryFigures *query = g_ptr_array_index (ranking->queries, row);
  guint32 target = g_array_index (ranking->targets, guint32, row);
  guint32 rank;

  for (gsize i = 0; i < pictures->n_pictures; i++)
    ranking->relevant[i] = pictures->folder_of[i] == target;
  rank = kalon_metrics_get_rank (similarities, ranking->relevant, pictures->n_pictures);
  query->reciprocal_rank = 1.0 / rank;
  for (guint c = 0; c < G_N_ELEMENTS (query->precision); c++)
    query->precision[c] = kalon_metrics_get_precision (
        similarities, ranking->relevant, pictures->n_pictures, kalon_evaluator_precision_cuts[c]);
}

/* The mean of the double at @offset of every query. */
static void
estimate (GPtrArray *queries, gsize offset, KalonEstimate *mean)
{
  g_autofree double *values = g_new (double, queries->len);

  for (guint i = 0; i < queries->len; i++)
    values[i] = G_STRUCT_MEMBER (double, queries->pdata[i], offset);
  kalon_metrics_bootstrap (values, NULL, queries->len, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                           mean);
}

static void
summarise (KalonFolderFigures *figures)
{
  GPtrArray *queries = figures->queries;

  for (guint c = 0; c < G_N_ELEMENTS (figures->precision); c++)
    estimate (queries, G_STRUCT_OFFSET (KalonQueryFigures, precision[c]), &figures->precision[c]);
  estimate (queries, G_STRUCT_OFFSET (KalonQueryFigures, reciprocal_rank), &figures->mrr);
  for (guint i = 0; i < queries->len; i++)
    figures->chance += ((KalonQueryFigures *) queries->pdata[i])->chance / queries->len;
}

static gboolean
rank (KalonEvaluator *self, const KalonFolderPictures *pictures, GPtrArray *queries,
      GArray *targets, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autofree float *embeddings = NULL;
  g_autofree guint8 *relevant = g_new (guint8, pictures->n_pictures);
  Ranking ranking
      = { .pictures = pictures, .queries = queries, .targets = targets, .relevant = relevant };

  for (guint i = 0; i < queries->len; i++)
    g_ptr_array_add (texts, ((KalonQueryFigures *) queries->pdata[i])->query);
  embeddings = kalon_evaluator_encode_texts (self, texts, cancellable, error);
  if (embeddings == NULL)
    return FALSE;
  kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, 0, queries->len);
  return kalon_evaluator_score (self, embeddings, queries->len, pictures->embeddings,
                                pictures->n_pictures, measure_query, &ranking, cancellable, error);
}

KalonFolderFigures *
kalon_evaluator_rank_queries (KalonEvaluator *self, const char *queries, const char *images,
                              GCancellable *cancellable, GError **error)
{
  static const KalonLabelForm form = { "query TAB folder", 2, 1 << 0 };
  g_autoptr (KalonFolderFigures) figures = g_new0 (KalonFolderFigures, 1);
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_auto (KalonFolderPictures) pictures = { 0 };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (queries != NULL && images != NULL, NULL);

  figures->queries = g_ptr_array_new_with_free_func (query_figures_free);
  labels = kalon_labels_read (queries, &form, error);
  if (labels == NULL || !kalon_evaluator_begin (self, cancellable, error))
    return NULL;
  pictures.folders = kalon_evaluator_list_folders (self, images, cancellable, error);
  if (pictures.folders == NULL
      || !kalon_evaluator_encode_folders (self, &pictures, cancellable, error))
    return NULL;
  match (self, labels, images, &pictures, figures->queries, targets);
  if (figures->queries->len == 0)
    {
      kalon_evaluator_refuse_empty (images, error);
      return NULL;
    }
  if (!rank (self, &pictures, figures->queries, targets, cancellable, error))
    return NULL;
  figures->n_pictures = pictures.n_pictures;
  for (guint f = 0; f < pictures.folders->len; f++)
    figures->n_folders += pictures.n_good[f] > 0;
  summarise (figures);
  return g_steal_pointer (&figures);
}
