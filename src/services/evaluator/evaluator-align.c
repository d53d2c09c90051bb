/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alignment, end to end. */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"
#include "indexer/kalon-indexer.h"

#include <math.h>
#include <stdlib.h>

#define N_KINDS (KALON_ADAPTER_PROJECTIONS + 1)

static void
row_free (gpointer data)
{
  KalonAlignRow *row = data;

  g_free (row->name);
  g_free (row);
}

void
kalon_align_figures_free (KalonAlignFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_array_unref (figures->trainings);
  g_ptr_array_unref (figures->rows);
  g_free (figures);
}

/* What a run holds. */
typedef struct
{
  const KalonAlignTask *task;
  char *train_library;
  char *test_library;
  char *images; /* links resolved, as the library names them */
  GPtrArray *pair_labels;
  GPtrArray *caption_labels;
  KalonAlignCollection collection;
  KalonAdapter *adapters[N_KINDS];
} Run;

static void
run_clear (Run *run)
{
  g_free (run->train_library);
  g_free (run->test_library);
  free (run->images);
  g_clear_pointer (&run->pair_labels, g_ptr_array_unref);
  g_clear_pointer (&run->caption_labels, g_ptr_array_unref);
  g_clear_pointer (&run->collection.pairs, g_array_unref);
  g_clear_pointer (&run->collection.places, g_hash_table_unref);
  g_clear_pointer (&run->collection.queries, g_array_unref);
  for (guint i = 0; i < N_KINDS; i++)
    kalon_adapter_free (run->adapters[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Libraries */

static void
on_indexed (const KalonIndexerProgress *progress, gpointer user_data)
{
  if (progress->phase == KALON_INDEXER_SCANNING)
    kalon_evaluator_tell (user_data, KALON_EVALUATOR_LOOKING, progress->found, 0);
  else
    kalon_evaluator_tell (user_data, KALON_EVALUATOR_PICTURES, progress->done, progress->found);
}

static gboolean
index_folder (KalonEvaluator *self, const char *library, const char *folder,
              GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonIndexer) indexer
      = kalon_indexer_new (library, self->model_directory, self->device_name);
  g_autoptr (KalonLibrary) opened = NULL;
  g_autoptr (GPtrArray) failures = NULL;
  const char *const folders[] = { folder, NULL };

  kalon_indexer_set_aesthetic_models (
      indexer, self->aesthetic_models != NULL ? self->aesthetic_models : KALON_AESTHETIC_OWN_ID);
  if (!kalon_indexer_run (indexer, folders, on_indexed, self, NULL, cancellable, error))
    return FALSE;
  opened = kalon_library_open (library, error);
  failures = opened != NULL ? kalon_library_list_failures (opened, error) : NULL;
  if (failures == NULL)
    return FALSE;
  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (failures, i);

      kalon_evaluator_fail (self, failure->path, failure->reason);
    }
  return TRUE;
}

/* Training */

static void
on_aligned (const KalonAlignerProgress *progress, gpointer user_data)
{
  kalon_evaluator_tell (user_data, KALON_EVALUATOR_TRAINING, progress->done, progress->total);
}

/* All kinds on the set that the first one built. */
static gboolean
train (KalonEvaluator *self, Run *run, KalonAlignFigures *figures, GCancellable *cancellable,
       GError **error)
{
  g_autoptr (KalonAligner) aligner
      = kalon_aligner_new (run->train_library, self->model_directory, self->device_name);
  g_autofree char *set = g_build_filename (run->task->work, "set.jsonl", NULL);
  KalonAlignerOptions options = *run->task->options;

  options.dry_run = TRUE;
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_auto (KalonAlignerResult) result = { 0 };
      KalonAlignTraining training;

      options.kind = (KalonAdapterKind) kind;
      kalon_aligner_set_files (aligner, kind > 0 ? set : NULL, kind > 0 ? NULL : set);
      if (!kalon_aligner_run (aligner, run->task->queries, &options, on_aligned, self, &result,
                              cancellable, error))
        return FALSE;
      training = (KalonAlignTraining){
        .kind = options.kind,
        .n_pairs = result.n_pairs,
        .n_steps = result.n_steps,
        .best_step = result.best_step,
        .drift = result.drift,
        .before = result.before.agreement,
        .after = result.after.agreement,
      };
      g_array_append_val (figures->trainings, training);
      run->adapters[kind] = g_steal_pointer (&result.adapter);
    }
  return TRUE;
}

/* The collection */

static gboolean
find_pair (KalonEvaluator *self, Run *run, KalonLibrary *library, const KalonLabel *label,
           KalonAlignPair *pair, gboolean *found, GError **error)
{
  *found = TRUE;
  for (guint side = 0; side < 2; side++)
    {
      g_autofree char *path = g_build_filename (run->images, label->fields[side], NULL);
      g_autoptr (KalonPicture) picture = NULL;
      g_autoptr (GError) reason = NULL;

      picture = kalon_library_find_picture (library, path, &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (picture == NULL)
        {
          kalon_evaluator_fail (self, path, "It is not among the pictures that could be read.");
          *found = FALSE;
        }
      else if (g_hash_table_contains (run->collection.places, &picture->id))
        {
          kalon_evaluator_fail (self, path, "It is in more than one pair.");
          *found = FALSE;
        }
      else
        pair->pictures[side] = picture->id;
    }
  *found = *found && pair->pictures[0] != pair->pictures[1];
  return TRUE;
}

static void
add_place (KalonAlignCollection *collection, gint64 picture, guint place)
{
  g_hash_table_insert (collection->places, g_memdup2 (&picture, sizeof picture),
                       GUINT_TO_POINTER (place));
}

/* @numbers: (out caller-allocates): the pair of each better picture's name, and 1 */
static gboolean
find_pairs (KalonEvaluator *self, Run *run, KalonLibrary *library, GHashTable *numbers,
            GPtrArray *paths, GError **error)
{
  KalonAlignCollection *collection = &run->collection;

  for (guint i = 0; i < run->pair_labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (run->pair_labels, i);
      KalonAlignPair pair = { 0 };
      guint number = collection->pairs->len;
      gboolean found;

      if (!find_pair (self, run, library, label, &pair, &found, error))
        return FALSE;
      if (!found)
        continue;
      for (guint side = 0; side < 2; side++)
        {
          add_place (collection, pair.pictures[side], 2 * number + side);
          g_ptr_array_add (paths, g_build_filename (run->images, label->fields[side], NULL));
        }
      g_array_append_val (collection->pairs, pair);
      g_hash_table_insert (numbers, label->fields[0], GUINT_TO_POINTER (number + 1));
    }
  return TRUE;
}

static int
compare_queries (gconstpointer a, gconstpointer b)
{
  const KalonAlignQuery *x = a, *y = b;

  return (x->pair > y->pair) - (x->pair < y->pair);
}

static void
find_queries (KalonEvaluator *self, Run *run, GHashTable *numbers)
{
  for (guint i = 0; i < run->caption_labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (run->caption_labels, i);
      guint number = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, label->fields[0]));
      KalonAlignQuery query = { label->fields[1], number - 1 };

      if (number > 0)
        g_array_append_val (run->collection.queries, query);
      else
        kalon_evaluator_fail (self, label->fields[0],
                              "It has a caption but is the better one of no pair.");
    }
  g_array_sort (run->collection.queries, compare_queries);
}

/* Scores of @paths, two for each pair, by @shares (nullable: the model's own head), which are no
 * longer the evaluator's afterwards; and how often they are right. */
static float *
score_pairs (KalonEvaluator *self, const char *shares, GPtrArray *paths, KalonEstimate *power,
             GCancellable *cancellable, GError **error)
{
  g_autofree char *own = g_strdup (self->aesthetic_models);
  guint n = paths->len / 2;
  g_autofree double *wins = g_new (double, n);
  float *scores;

  kalon_evaluator_set_aesthetic_models (self, shares);
  scores = kalon_evaluator_score_files (self, paths, cancellable, error);
  kalon_evaluator_set_aesthetic_models (self, own);
  if (scores == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    wins[i] = scores[2 * i] > scores[2 * i + 1] ? 1 : scores[2 * i] == scores[2 * i + 1] ? 0.5 : 0;
  kalon_metrics_bootstrap (wins, NULL, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, power);
  return scores;
}

static gboolean
collect (KalonEvaluator *self, Run *run, KalonAlignFigures *figures, GCancellable *cancellable,
         GError **error)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (run->test_library, error);
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *own_models = g_strdup (self->aesthetic_models);
  g_autofree float *judged = NULL;
  g_autofree float *own = NULL;

  run->collection.pairs = g_array_new (FALSE, FALSE, sizeof (KalonAlignPair));
  run->collection.queries = g_array_new (FALSE, FALSE, sizeof (KalonAlignQuery));
  run->collection.places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (library == NULL || !find_pairs (self, run, library, numbers, paths, error))
    return FALSE;
  find_queries (self, run, numbers);
  if (run->collection.queries->len == 0)
    return kalon_evaluator_refuse_empty (run->task->images, error);
  judged = score_pairs (self, run->task->judge, paths, &figures->judge_power, cancellable, error);
  own = judged != NULL
            ? score_pairs (self, own_models, paths, &figures->own_power, cancellable, error)
            : NULL;
  if (own == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    g_array_index (run->collection.pairs, KalonAlignPair, i / 2).judged[i % 2] = judged[i];
  figures->n_pairs = run->collection.pairs->len;
  figures->n_queries = run->collection.queries->len;
  return TRUE;
}

/* Rankings */

/* @baseline: (nullable): the same of the baseline, for gains */
static void
add_row (const Run *run, KalonAlignFigures *figures, const char *name, const double *found,
         const double *baseline)
{
  gsize n = run->collection.queries->len;
  g_autofree double *values = g_new (double, n);
  g_autofree double *gains = g_new (double, n);
  g_autofree guint32 *clusters = g_new (guint32, n);
  KalonAlignRow *row = g_new0 (KalonAlignRow, 1);

  row->name = g_strdup (name);
  for (gsize i = 0; i < n; i++)
    clusters[i] = g_array_index (run->collection.queries, KalonAlignQuery, i).pair;
  for (guint f = 0; f < KALON_N_ALIGN_FIGURES; f++)
    {
      for (gsize i = 0; i < n; i++)
        {
          values[i] = found[i * KALON_N_ALIGN_FIGURES + f];
          gains[i] = values[i] - baseline[i * KALON_N_ALIGN_FIGURES + f];
        }
      kalon_metrics_bootstrap (values, clusters, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &row->figures[f]);
      kalon_metrics_bootstrap (gains, clusters, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &row->gains[f]);
    }
  g_ptr_array_add (figures->rows, row);
}

static gboolean
rank (KalonEvaluator *self, Run *run, KalonAlignFigures *figures, GCancellable *cancellable,
      GError **error)
{
  const KalonAlignerOptions *options = run->task->options;
  const KalonRephraseStyle none = KALON_REPHRASE_ORIGINAL, style = options->style;
  const float weight = run->task->aesthetic_weight;
  KalonAdapter *const *adapters = run->adapters;
  const KalonAlignWay ways[] = {
    { "baseline", none, 0, NULL },
    { "repeat (control)", KALON_REPHRASE_REPEAT, 0, NULL },
    { "reorg (control)", KALON_REPHRASE_REORG, 0, NULL },
    { "rephrase", style, 0, NULL },
    { "aesthetics", none, weight, NULL },
    { "DPO, query", none, 0, adapters[KALON_ADAPTER_QUERY] },
    { "DPO, image", none, 0, adapters[KALON_ADAPTER_IMAGE] },
    { "DPO, projections", none, 0, adapters[KALON_ADAPTER_PROJECTIONS] },
    { "rephrase + aesthetics", style, weight, NULL },
    { "all, query", style, weight, adapters[KALON_ADAPTER_QUERY] },
    { "all, image", style, weight, adapters[KALON_ADAPTER_IMAGE] },
    { "all, projections", style, weight, adapters[KALON_ADAPTER_PROJECTIONS] },
  };
  g_autoptr (KalonSearcher) searcher
      = kalon_searcher_new (run->test_library, self->model_directory, self->device_name);
  g_autofree double *baseline = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree double *found = kalon_evaluator_rank_way (
          self, searcher, &run->collection, &ways[i], options->share, cancellable, error);

      if (found == NULL)
        return FALSE;
      add_row (run, figures, ways[i].name, found, i > 0 ? baseline : found);
      if (i == 0)
        baseline = g_steal_pointer (&found);
    }
  return TRUE;
}

static gboolean
count_pictures (KalonEvaluator *self, const Run *run, KalonAlignFigures *figures, GError **error)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (run->test_library, error);
  KalonLibraryCounts counts;

  if (library == NULL
      || !kalon_library_count (library, kalon_encoder_get_model_hash (self->encoder), &counts,
                               error))
    return FALSE;
  figures->n_pictures = counts.indexed;
  return TRUE;
}

KalonAlignFigures *
kalon_evaluator_align (KalonEvaluator *self, const KalonAlignTask *task, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (KalonAlignFigures) figures = g_new0 (KalonAlignFigures, 1);
  g_auto (Run) run = { .task = task };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (task != NULL, NULL);

  figures->trainings = g_array_new (FALSE, FALSE, sizeof (KalonAlignTraining));
  figures->rows = g_ptr_array_new_with_free_func (row_free);
  run.train_library = g_build_filename (task->work, "train", NULL);
  run.test_library = g_build_filename (task->work, "test", NULL);
  run.images = realpath (task->images, NULL);
  if (run.images == NULL)
    {
      kalon_evaluator_refuse_empty (task->images, error);
      return NULL;
    }
  run.pair_labels = kalon_evaluator_read_labels (task->pairs, &kalon_pair_form, error);
  run.caption_labels
      = run.pair_labels != NULL
            ? kalon_evaluator_read_labels (task->captions, &kalon_caption_form, error)
            : NULL;
  if (run.caption_labels == NULL || !kalon_evaluator_begin (self, cancellable, error)
      || !index_folder (self, run.test_library, task->images, cancellable, error)
      || !index_folder (self, run.train_library, task->train, cancellable, error)
      || !collect (self, &run, figures, cancellable, error)
      || !count_pictures (self, &run, figures, error)
      || !train (self, &run, figures, cancellable, error)
      || !rank (self, &run, figures, cancellable, error))
    return NULL;
  return g_steal_pointer (&figures);
}
