/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alignment, end to end. */
#include "evaluator/kalon-evaluator-private.h"

#include "indexer/kalon-indexer.h"

#define N_KINDS (KALON_ADAPTER_PROJECTIONS + 1)

static void
row_free (gpointer data)
{
  KalonAlignRow *row = data;

  g_free (row->name);
  g_free (row);
}

static void
training_clear (gpointer data)
{
  KalonAlignTraining *training = data;

  kalon_adapter_free (training->adapter);
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
  KalonAlignCollection collection;
} Run;

static void
run_clear (Run *run)
{
  g_free (run->train_library);
  g_free (run->test_library);
  kalon_align_collection_clear (&run->collection);
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
  if (progress->phase != KALON_ALIGNER_PREPARING)
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
        .adapter = g_steal_pointer (&result.adapter),
        .n_pairs = result.n_pairs,
        .n_steps = result.n_steps,
        .best_step = result.best_step,
        .drift = result.drift,
        .before = result.before.agreement,
        .after = result.after.agreement,
      };
      g_array_append_val (figures->trainings, training);
    }
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
  KalonAdapter *adapters[N_KINDS];
  g_autoptr (GArray) ways = NULL;
  g_autoptr (KalonSearcher) searcher
      = kalon_searcher_new (run->test_library, self->model_directory, self->device_name);
  g_autofree double *baseline = NULL;

  for (guint kind = 0; kind < N_KINDS; kind++)
    adapters[kind] = g_array_index (figures->trainings, KalonAlignTraining, kind).adapter;
  ways = kalon_evaluator_list_ways (options->style, run->task->aesthetic_weight, adapters, N_KINDS);
  for (guint i = 0; i < ways->len; i++)
    {
      const KalonAlignWay *way = &g_array_index (ways, KalonAlignWay, i);
      g_autofree double *found = kalon_evaluator_rank_way (self, searcher, &run->collection, way,
                                                           options->share, cancellable, error);

      if (found == NULL)
        return FALSE;
      add_row (run, figures, way->name, found, i > 0 ? baseline : found);
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
  g_array_set_clear_func (figures->trainings, training_clear);
  figures->rows = g_ptr_array_new_with_free_func (row_free);
  run.train_library = g_build_filename (task->work, "train", NULL);
  run.test_library = g_build_filename (task->work, "test", NULL);
  if (!kalon_align_collection_read (&run.collection, task, error)
      || !kalon_evaluator_begin (self, cancellable, error)
      || !index_folder (self, run.test_library, task->images, cancellable, error)
      || !index_folder (self, run.train_library, task->train, cancellable, error)
      || !kalon_evaluator_collect (self, &run.collection, run.test_library, task->judge, figures,
                                   cancellable, error)
      || !count_pictures (self, &run, figures, error)
      || !train (self, &run, figures, cancellable, error)
      || !rank (self, &run, figures, cancellable, error))
    return NULL;
  return g_steal_pointer (&figures);
}
