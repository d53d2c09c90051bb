/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-indexer-private.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <glib/gstdio.h>

#include "indexer/kalon-batch-private.h"
#include "indexer/kalon-places-private.h"
#include "indexer/kalon-survey-private.h"
#include "thumbnails/kalon-thumbnails.h"

/* Below this a batch costs more than it saves. */
#define MIN_BATCH 4

/* Files whose outcome waits for a commit, encoded or not. */
#define MAX_UNCOMMITTED 256

/* Ten reports a second are as many as anybody can read. */
#define REPORT_INTERVAL (G_USEC_PER_SEC / 10)

/* Decoded pixels per worker, in the budget that all share: a 20-megapixel picture at once each. */
#define DECODE_BUDGET_PER_WORKER (80 * 1024 * 1024)

typedef struct
{
  const KalonIndexerSettings *settings;
  KalonIndexerFunc func;
  gpointer user_data;
  GCancellable *cancellable;

  KalonLibrary *library;
  char *model_hash;
  KalonModelConfig config;
  KalonIndex *index;
  KalonEncoder *encoder;
  KalonAestheticBlend *blend; /* (nullable): nothing scores */
  KalonPlaces *places;
  KalonSurvey *survey;
  KalonDecodeQueue *queue;

  KalonBatch *batch;

  KalonIndexerProgress progress;
  KalonRate rate;
  gint64 reported;
} Run;

static void
report (Run *run, gboolean now)
{
  gint64 time = g_get_monotonic_time ();

  if (!now && time - run->reported < REPORT_INTERVAL)
    return;
  run->reported = time;
  run->progress.rate = kalon_rate_get (&run->rate, time);
  run->progress.remaining = -1;
  if (run->progress.phase == KALON_INDEXER_FINISHED)
    run->progress.remaining = 0;
  else if (run->progress.phase == KALON_INDEXER_ENCODING && run->progress.rate > 0)
    run->progress.remaining = (run->progress.found - run->progress.done) / run->progress.rate;
  if (run->func != NULL)
    run->func (&run->progress, run->user_data);
}

/* Between two files. Returns %FALSE with @error when cancelled. */
static gboolean
pass (gpointer user_data, GError **error)
{
  Run *run = user_data;
  KalonIndexerPhase phase = run->progress.phase;

  if (g_atomic_int_get (run->settings->paused))
    {
      if (run->queue != NULL)
        kalon_decode_queue_set_paused (run->queue, TRUE);
      run->progress.phase = KALON_INDEXER_PAUSED;
      report (run, TRUE);
      while (g_atomic_int_get (run->settings->paused)
             && !g_cancellable_is_cancelled (run->cancellable))
        g_usleep (REPORT_INTERVAL / 4);
      run->progress.phase = phase;
      kalon_rate_clear (&run->rate);
      kalon_rate_add (&run->rate, g_get_monotonic_time (), 0);
      if (run->queue != NULL)
        kalon_decode_queue_set_paused (run->queue, FALSE);
      report (run, TRUE);
    }
  report (run, FALSE);
  return !g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

static gboolean
survey (Run *run, const char *const *folders, GError **error)
{
  run->places
      = run->settings->paths != NULL
            ? kalon_places_of_parts (run->library, run->settings, run->settings->paths, error)
            : kalon_places_of_folders (run->library, run->settings, folders, error);
  if (run->places == NULL)
    return FALSE;
  run->progress.phase = KALON_INDEXER_SCANNING;
  run->survey = kalon_survey_new (run->library, run->model_hash, run->blend != NULL, run->places,
                                  &run->progress, pass, run, run->cancellable, error);
  return run->survey != NULL && kalon_survey_store (run->survey, run->library, error);
}

/* Work */

static gboolean
commit_batch (Run *run, GError **error)
{
  guint n = run->batch->files->len;

  if (n == 0)
    return TRUE;
  if (!kalon_batch_commit (run->batch, &run->progress, run->cancellable, error))
    return FALSE;
  kalon_rate_add (&run->rate, g_get_monotonic_time (), n);
  return TRUE;
}

/* A batch is about a second's work, which is what a kill, a pause or a cancellation costs. */
static gboolean
is_batch_full (Run *run)
{
  double rate = kalon_rate_get (&run->rate, g_get_monotonic_time ());

  return run->batch->n_pixels >= CLAMP (rate, MIN_BATCH, KALON_BATCH_MAX)
         || run->batch->files->len >= MAX_UNCOMMITTED;
}

/* The next decoded file, if there is one by now. */
static gboolean
take (Run *run, guint *n_taken, GError **error)
{
  KalonDecodedFile *file = kalon_decode_queue_pop (run->queue, REPORT_INTERVAL);

  if (file == NULL)
    return TRUE;
  (*n_taken)++;
  if (file->fatal)
    {
      g_propagate_error (error, g_steal_pointer (&file->error));
      kalon_decoded_file_free (file);
      return FALSE;
    }
  kalon_batch_add (run->batch, file);
  return !is_batch_full (run) || commit_batch (run, error);
}

static gboolean
load_encoder (Run *run, GError **error)
{
  g_autoptr (KalonDevice) device = NULL;

  if (g_strcmp0 (run->settings->device_name, "none") != 0)
    {
      device = kalon_device_open (run->settings->device_name, error);
      if (device == NULL)
        return FALSE;
    }
  run->encoder
      = kalon_encoder_new (run->settings->model_directory, device, run->cancellable, error);
  if (run->encoder == NULL)
    return FALSE;
  if (run->blend != NULL
      && !kalon_aesthetic_blend_prepare (run->blend, run->encoder, run->cancellable, error))
    return FALSE;
  run->batch = kalon_batch_new (run->library, run->index, run->encoder, run->blend);
  return TRUE;
}

static gboolean
work_through (Run *run, GError **error)
{
  KalonDecodeBudget budget = { .limit = g_get_num_processors () * DECODE_BUDGET_PER_WORKER };
  KalonDecodeSettings settings = {
    .library_directory = kalon_library_get_directory (run->library),
    .preprocess = &run->config.preprocess,
    .missing = run->survey->missing,
    .budget = &budget,
  };
  guint n_jobs = run->survey->jobs->len;
  guint n_taken = 0;
  gboolean done;

  if (n_jobs == 0)
    return TRUE;
  g_mutex_init (&budget.mutex);
  g_cond_init (&budget.cond);
  run->progress.phase = KALON_INDEXER_ENCODING;
  report (run, TRUE);

  /* The workers begin while the model is loaded. */
  run->queue = kalon_decode_queue_new (run->survey->jobs, &settings, run->cancellable);
  done = load_encoder (run, error);
  kalon_rate_add (&run->rate, g_get_monotonic_time (), 0);
  while (done && n_taken < n_jobs)
    done = pass (run, error) && take (run, &n_taken, error);
  done = done && commit_batch (run, error);
  g_clear_pointer (&run->queue, kalon_decode_queue_free);
  g_cond_clear (&budget.cond);
  g_mutex_clear (&budget.mutex);
  return done;
}

/* The end */

static gboolean
remove_missing (Run *run, GError **error)
{
  GPtrArray *all = run->survey->missing->all;
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    if (!((KalonMissing *) g_ptr_array_index (all, i))->claimed)
      g_ptr_array_add (gone, g_ptr_array_index (all, i));
  if (gone->len == 0)
    return TRUE;

  if (!kalon_library_begin (run->library, error))
    return FALSE;
  for (guint i = 0; i < gone->len; i++)
    if (!kalon_library_remove_picture (run->library,
                                       ((KalonMissing *) g_ptr_array_index (gone, i))->id, error))
      {
        kalon_library_rollback (run->library);
        return FALSE;
      }
  if (!kalon_library_commit (run->library, error))
    return FALSE;
  run->progress.removed += gone->len;
  return TRUE;
}

/* Also those of folders that were removed from the library since the last run. */
static gboolean
remove_thumbnails (Run *run, GError **error)
{
  g_auto (GStrv) hashes = kalon_library_list_orphans (run->library, error);

  if (hashes == NULL)
    return FALSE;
  for (guint i = 0; hashes[i] != NULL; i++)
    {
      g_autofree char *path
          = kalon_thumbnail_dup_path (kalon_library_get_directory (run->library), hashes[i]);

      g_unlink (path);
    }
  return hashes[0] == NULL || kalon_library_forget_orphans (run->library, error);
}

static gboolean
run_all (Run *run, const char *const *folders, GError **error)
{
  run->library = kalon_library_open (run->settings->library_directory, error);
  if (run->library == NULL || !kalon_library_lock (run->library, error)
      || !kalon_model_config_load (run->settings->model_directory, &run->config, error))
    return FALSE;
  run->model_hash = kalon_model_dup_hash (run->settings->model_directory, run->cancellable, error);
  if (run->model_hash == NULL)
    return FALSE;
  run->index
      = kalon_library_open_index (run->library, run->model_hash, run->config.projection, error);
  /* Before the survey: what lacks a score of this very blend has work left. */
  return run->index != NULL
         && kalon_scorer_choose_blend (run->library, run->settings->model_directory,
                                       run->model_hash, run->config.projection,
                                       run->settings->aesthetic_models, &run->blend, error)
         && survey (run, folders, error) && work_through (run, error) && remove_missing (run, error)
         && remove_thumbnails (run, error);
}

/* Decoded pictures are megabytes each, and of every size. glibc maps such blocks at first, but
 * after each free it raises the size from which it does, up to 32 MB, and then keeps them in the
 * heap of every worker. A fixed size gives them back at once: over Debian's wallpapers the peak
 * falls from 224 to 165 MB, what stays afterwards from 35 to 15 MB, for 8 % more processor time. */
static void
keep_memory_flat (void)
{
#ifdef __GLIBC__
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  mallopt (M_MMAP_THRESHOLD, 1024 * 1024);
  g_once_init_leave (&once, 1);
#endif
}

gboolean
kalon_indexer_run_with (const KalonIndexerSettings *settings, const char *const *folders,
                        KalonIndexerFunc func, gpointer user_data, KalonIndexerProgress *result,
                        GCancellable *cancellable, GError **error)
{
  Run run = {
    .settings = settings,
    .func = func,
    .user_data = user_data,
    .cancellable = cancellable,
  };
  gboolean done;

  keep_memory_flat ();
  done = run_all (&run, folders, error);
  run.progress.phase = KALON_INDEXER_FINISHED;
  report (&run, TRUE);
  if (result != NULL)
    *result = run.progress;

  kalon_rate_clear (&run.rate);
  g_clear_pointer (&run.batch, kalon_batch_free);
  g_clear_pointer (&run.survey, kalon_survey_free);
  g_clear_pointer (&run.places, kalon_places_free);
  g_clear_object (&run.encoder);
  g_clear_pointer (&run.blend, kalon_aesthetic_blend_free);
  g_clear_object (&run.index);
  g_clear_pointer (&run.model_hash, g_free);
  g_clear_object (&run.library);
  return done;
}
