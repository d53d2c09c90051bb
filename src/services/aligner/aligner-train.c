/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranked DPO of the set, in pieces with a checkpoint behind them. */
#include "aligner/kalon-aligner-private.h"

#include "errors/kalon-errors.h"

/* What a kill costs at most. */
#define SECONDS_BETWEEN_CHECKPOINTS 10
/* Steps between two looks at the clock. */
#define PIECE 10

char *
kalon_aligner_dup_checkpoint (const char *library_directory)
{
  return g_build_filename (library_directory, "align-checkpoint.safetensors", NULL);
}

/* Embeddings of the rows that are trained on, each once. */
typedef struct
{
  GHashTable *numbers; /* row -> number + 1 */
  GArray *images;      /* float */
} Images;

static void
images_clear (Images *images)
{
  g_clear_pointer (&images->numbers, g_hash_table_unref);
  g_clear_pointer (&images->images, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Images, images_clear)

gboolean
kalon_aligner_has_row (KalonAlignerRun *run, guint32 row, GError **error)
{
  /* The searcher sees what an index run commits meanwhile. */
  if (row >= kalon_index_get_n_rows (run->index)
      && !kalon_index_refresh (run->index, G_MAXSIZE, error))
    return FALSE;
  if (row < kalon_index_get_n_rows (run->index))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_BUSY,
               "The library changed while it was searched. Run again when indexing is done.");
  return FALSE;
}

/* The row's number, into @number. */
static gboolean
add_image (KalonAlignerRun *run, Images *images, guint32 row, guint32 *number, GError **error)
{
  gpointer key = GUINT_TO_POINTER (row);
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (images->numbers, key));
  guint n = g_hash_table_size (images->numbers);

  *number = known > 0 ? known - 1 : n;
  if (known > 0)
    return TRUE;
  if (!kalon_aligner_has_row (run, row, error))
    return FALSE;
  g_array_set_size (images->images, (n + 1) * (guint) run->dimension);
  g_hash_table_insert (images->numbers, key, GUINT_TO_POINTER (n + 1));
  return kalon_index_get_row (run->index, row,
                              &g_array_index (images->images, float, n * run->dimension), error);
}

static gboolean
fill_set (KalonAlignerRun *run, GPtrArray *queries, gsize first, const Images *images,
          KalonTrainingSet *set, GError **error)
{
  for (gsize i = first; i < queries->len; i++)
    {
      const KalonAlignerQuery *query = g_ptr_array_index (queries, i);
      g_autofree guint32 *numbers = g_new (guint32, query->rows->len);

      for (guint j = 0; j < query->rows->len; j++)
        numbers[j]
            = GPOINTER_TO_UINT (g_hash_table_lookup (
                  images->numbers, GUINT_TO_POINTER (g_array_index (query->rows, guint32, j))))
              - 1;
      if (!kalon_training_set_add_query (set, query->embedding, numbers, query->rows->len,
                                         (const KalonPair *) (gpointer) query->pairs->data,
                                         query->pairs->len, error))
        return FALSE;
    }
  return TRUE;
}

static KalonTrainingSet *
make_set (KalonAlignerRun *run, GPtrArray *queries, gsize first, GError **error)
{
  g_auto (Images) images
      = { g_hash_table_new (NULL, NULL), g_array_new (FALSE, FALSE, sizeof (float)) };
  g_autoptr (KalonTrainingSet) set = NULL;

  for (gsize i = first; i < queries->len; i++)
    {
      const KalonAlignerQuery *query = g_ptr_array_index (queries, i);
      guint32 number;

      for (guint j = 0; j < query->rows->len; j++)
        if (!add_image (run, &images, g_array_index (query->rows, guint32, j), &number, error))
          return NULL;
    }
  set = kalon_training_set_new ((const float *) (gpointer) images.images->data,
                                g_hash_table_size (images.numbers), run->dimension);
  return fill_set (run, queries, first, &images, set, error) ? g_steal_pointer (&set) : NULL;
}

static void
on_step (const KalonTrainingProgress *progress, gpointer data)
{
  KalonAlignerRun *run = data;
  KalonAlignerProgress told
      = { KALON_ALIGNER_TRAINING, progress->step, progress->n_steps, progress->best.agreement };

  if (run->func != NULL)
    run->func (&told, run->user_data);
}

/* Says why and goes on: a run without a checkpoint is a run. */
static void
save (KalonAlignerRun *run, KalonTrainer *trainer, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (kalon_trainer_save (trainer, path, &error))
    run->n_kept = kalon_trainer_get_progress (trainer)->step;
  else
    g_message ("The training's checkpoint could not be written: %s", error->message);
}

/* A checkpoint of another run, or one that is damaged, is passed over. */
static void
resume (KalonAlignerRun *run, KalonTrainer *trainer, const char *path)
{
  g_autoptr (GError) error = NULL;
  KalonAlignerProgress told = { .phase = KALON_ALIGNER_PREPARING };

  if (g_file_test (path, G_FILE_TEST_EXISTS) && !kalon_trainer_resume (trainer, path, &error))
    {
      told.supersedes = g_error_matches (error, KALON_ERROR, KALON_ERROR_MISMATCH);
      if (!told.supersedes)
        g_message ("The checkpoint of an interrupted training is not used: %s", error->message);
    }
  run->n_steps = kalon_trainer_get_progress (trainer)->n_steps;
  run->n_kept = run->result->n_resumed = kalon_trainer_get_progress (trainer)->step;
  told.done = run->n_kept;
  told.total = run->n_steps;
  if (run->func != NULL)
    run->func (&told, run->user_data);
}

static gboolean
run_trainer (KalonAlignerRun *run, KalonTrainer *trainer, const char *path, GError **error)
{
  gint64 saved = g_get_monotonic_time ();

  for (;;)
    {
      const KalonTrainingProgress *progress = kalon_trainer_get_progress (trainer);
      gint64 now = g_get_monotonic_time ();

      if (progress->step >= progress->n_steps)
        break;
      if (now - saved > SECONDS_BETWEEN_CHECKPOINTS * G_USEC_PER_SEC)
        {
          save (run, trainer, path);
          saved = now;
        }
      if (!kalon_trainer_run (trainer, PIECE, on_step, run, run->cancellable, error))
        {
          save (run, trainer, path);
          return FALSE;
        }
    }
  /* Who stops while it is measured need not train again. */
  save (run, trainer, path);
  return TRUE;
}

gboolean
kalon_aligner_train (KalonAlignerRun *run, GPtrArray *queries, gsize n_held_out, GError **error)
{
  const KalonAlignerOptions *options = run->options;
  KalonAlignerResult *result = run->result;
  g_autofree char *path = kalon_aligner_dup_checkpoint (kalon_library_get_directory (run->library));
  g_autoptr (KalonTrainingSet) set = make_set (run, queries, n_held_out, error);
  g_autoptr (KalonAdapter) start = NULL;
  g_autoptr (KalonTrainer) trainer = NULL;
  const KalonTrainingProgress *progress;

  if (set == NULL)
    return FALSE;
  result->n_pairs = kalon_training_set_get_n_pairs (set);
  if (run->device != NULL)
    kalon_aligner_tell (run, KALON_ALIGNER_PREPARING, 0, 0);
  start = kalon_adapter_new (options->kind, run->model_hash, run->dimension, options->rank,
                             options->training.seed);
  trainer = kalon_trainer_new (run->device, set, start, &options->training, error);
  if (trainer == NULL)
    return FALSE;
  resume (run, trainer, path);
  if (!run_trainer (run, trainer, path, error))
    return FALSE;
  progress = kalon_trainer_get_progress (trainer);
  result->n_steps = progress->step;
  result->best_step = progress->best_step;
  result->adapter = kalon_trainer_dup_adapter (trainer, error);
  if (result->adapter == NULL)
    return FALSE;
  kalon_adapter_set_name (result->adapter, "align");
  result->drift = kalon_adapter_get_drift (result->adapter);
  return TRUE;
}
