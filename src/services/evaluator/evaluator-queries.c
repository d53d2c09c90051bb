/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

const KalonLabelForm kalon_query_form = { "query TAB folder", 2, 1 << 0 };

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
  g_strfreev (figures->templates);
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

static void
add_query (const KalonFolderPictures *pictures, const char *text, guint32 target,
           GPtrArray *queries, GArray *targets)
{
  KalonQueryFigures *query = g_new0 (KalonQueryFigures, 1);

  query->query = g_strdup (text);
  query->folder = g_strdup (((KalonClassFolder *) pictures->folders->pdata[target])->name);
  query->n_pictures = pictures->n_good[target];
  query->chance = (double) query->n_pictures / pictures->n_pictures;
  g_ptr_array_add (queries, query);
  g_array_append_val (targets, target);
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
      add_query (pictures, label->fields[0], target, queries, targets);
    }
}

typedef struct
{
  const KalonFolderPictures *pictures;
  GPtrArray *queries;
  GArray *targets;
  guint8 *relevant; /* [n_pictures] */
  float *gains;     /* [n_pictures] the same */
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
    ranking->gains[i] = ranking->relevant[i] = pictures->folder_of[i] == target;
  rank = kalon_metrics_get_rank (similarities, ranking->relevant, pictures->n_pictures);
  query->reciprocal_rank = 1.0 / rank;
  for (guint c = 0; c < G_N_ELEMENTS (query->precision); c++)
    query->precision[c] = kalon_metrics_get_precision (
        similarities, ranking->relevant, pictures->n_pictures, kalon_evaluator_precision_cuts[c]);
  query->ndcg = kalon_metrics_get_ndcg (similarities, ranking->gains, pictures->n_pictures,
                                        KALON_EVALUATOR_NDCG_CUT);
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
summarise (const KalonFolderPictures *pictures, KalonFolderFigures *figures)
{
  GPtrArray *queries = figures->queries;

  figures->n_pictures = pictures->n_pictures;
  for (guint f = 0; f < pictures->folders->len; f++)
    figures->n_folders += pictures->n_good[f] > 0;

  for (guint c = 0; c < G_N_ELEMENTS (figures->precision); c++)
    estimate (queries, G_STRUCT_OFFSET (KalonQueryFigures, precision[c]), &figures->precision[c]);
  estimate (queries, G_STRUCT_OFFSET (KalonQueryFigures, reciprocal_rank), &figures->mrr);
  estimate (queries, G_STRUCT_OFFSET (KalonQueryFigures, ndcg), &figures->ndcg);
  for (guint i = 0; i < queries->len; i++)
    figures->chance += ((KalonQueryFigures *) queries->pdata[i])->chance / queries->len;
}

/* @embeddings: [queries, dimension] */
static gboolean
rank (KalonEvaluator *self, const KalonFolderPictures *pictures, const float *embeddings,
      GArray *targets, KalonFolderFigures *figures, GCancellable *cancellable, GError **error)
{
  GPtrArray *queries = figures->queries;
  g_autofree guint8 *relevant = g_new (guint8, pictures->n_pictures);
  g_autofree float *gains = g_new (float, pictures->n_pictures);
  Ranking ranking = { .pictures = pictures,
                      .queries = queries,
                      .targets = targets,
                      .relevant = relevant,
                      .gains = gains };

  kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, 0, queries->len);
  if (!kalon_evaluator_score (self, embeddings, queries->len, pictures->embeddings,
                              pictures->n_pictures, measure_query, &ranking, cancellable, error))
    return FALSE;
  summarise (pictures, figures);
  return TRUE;
}

static KalonFolderFigures *
figures_new (void)
{
  KalonFolderFigures *figures = g_new0 (KalonFolderFigures, 1);

  figures->queries = g_ptr_array_new_with_free_func (query_figures_free);
  return figures;
}

KalonFolderFigures *
kalon_evaluator_rank_queries (KalonEvaluator *self, const char *queries, const char *images,
                              GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonFolderFigures) figures = figures_new ();
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree float *embeddings = NULL;
  g_auto (KalonFolderPictures) pictures = { 0 };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (queries != NULL && images != NULL, NULL);

  labels = kalon_labels_read (queries, &kalon_query_form, error);
  if (labels == NULL || !kalon_evaluator_begin (self, cancellable, error))
    return NULL;
  pictures.folders = kalon_evaluator_list_folders (self, images, cancellable, error);
  if (pictures.folders == NULL
      || !kalon_evaluator_encode_folders (self, &pictures, FALSE, cancellable, error))
    return NULL;
  match (self, labels, images, &pictures, figures->queries, targets);
  if (figures->queries->len == 0)
    {
      kalon_evaluator_refuse_empty (images, error);
      return NULL;
    }
  for (guint i = 0; i < figures->queries->len; i++)
    g_ptr_array_add (texts, ((KalonQueryFigures *) figures->queries->pdata[i])->query);
  embeddings = kalon_evaluator_encode_texts (self, texts, cancellable, error);
  if (embeddings == NULL
      || !rank (self, &pictures, embeddings, targets, figures, cancellable, error))
    return NULL;
  return g_steal_pointer (&figures);
}

/* The classes without a good picture go. */
static void
add_classes (KalonNamedFolders *folders, GPtrArray *queries, GArray *targets)
{
  for (guint32 f = 0; f < folders->classes->len; f++)
    if (folders->pictures.n_good[f] > 0)
      {
        const KalonClassFigures *class = g_ptr_array_index (folders->classes, f);

        add_query (&folders->pictures, class->names[0], f, queries, targets);
      }
  for (guint f = folders->classes->len; f > 0; f--)
    if (folders->pictures.n_good[f - 1] == 0)
      g_ptr_array_remove_index (folders->classes, f - 1);
}

KalonFolderFigures *
kalon_evaluator_rank_classes (KalonEvaluator *self, const char *images, const char *names,
                              const char *const *templates, GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (KalonFolderFigures) figures = figures_new ();
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree float *embeddings = NULL;
  g_auto (KalonNamedFolders) folders = { 0 };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (images != NULL, NULL);

  if (!kalon_evaluator_name_folders (self, images, names, templates, FALSE, &folders, cancellable,
                                     error))
    return NULL;
  add_classes (&folders, figures->queries, targets);
  embeddings = kalon_evaluator_encode_classes (self, folders.classes, folders.templates,
                                               cancellable, error);
  if (embeddings == NULL
      || !rank (self, &folders.pictures, embeddings, targets, figures, cancellable, error))
    return NULL;
  figures->templates = g_steal_pointer (&folders.templates);
  figures->n_left_out = folders.n_left_out;
  return g_steal_pointer (&figures);
}
