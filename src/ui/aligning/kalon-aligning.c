/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "aligning/kalon-aligning.h"

/* A rate of less than that many seconds says little. */
#define MIN_SECONDS 2

struct _KalonAligning
{
  GObject parent_instance;

  char *library_directory;
  KalonAligner *aligner; /* (nullable) */
  char *no_aligner_reason;

  GCancellable *cancellable; /* while running */
  KalonAdapterKind kind;
  KalonAligningProgress progress;
  guint n_reports;    /* of the phase */
  gint64 phase_began; /* monotonic time of its second report, */
  gsize phase_offset; /* and what was done by then: loading a model, and a checkpoint's part, are no
                       * measure of what is to come */
  gboolean has_result;
  KalonAlignerResult result;
  char *problem;
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (KalonAligning, kalon_aligning, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
measure_rate (KalonAligning *self)
{
  KalonAligningProgress *progress = &self->progress;
  double seconds = (double) (g_get_monotonic_time () - self->phase_began) / G_USEC_PER_SEC;
  double done = (double) (progress->now.done - MIN (self->phase_offset, progress->now.done));

  progress->rate = 0;
  progress->remaining = -1;
  if (seconds < MIN_SECONDS || done <= 0)
    return;
  progress->rate = done / seconds;
  progress->remaining = (double) (progress->now.total - progress->now.done) / progress->rate;
}

static void
progressed_cb (const KalonAlignerProgress *now, gpointer user_data)
{
  KalonAligning *self = user_data;

  if (now->phase != self->progress.now.phase)
    self->n_reports = 0;
  if (++self->n_reports <= 2)
    {
      self->phase_began = g_get_monotonic_time ();
      self->phase_offset = now->done;
    }
  self->progress.now = *now;
  measure_rate (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_end (KalonAligning *self)
{
  kalon_aligner_result_clear (&self->result);
  self->has_result = FALSE;
  g_clear_pointer (&self->problem, g_free);
  self->stopped = FALSE;
}

/* @error: (nullable): NULL where self->result is there */
static void
end (KalonAligning *self, const GError *error)
{
  self->has_result = error == NULL;
  self->stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (error != NULL && !self->stopped)
    self->problem = g_strdup (error->message);
  g_clear_object (&self->cancellable);
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[FINISHED], 0);
}

static void
aligned_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonAligning) self = user_data;
  g_autoptr (GError) error = NULL;

  kalon_aligner_run_finish (KALON_ALIGNER (object), result, &self->result, &error);
  end (self, error);
}

typedef struct
{
  KalonAlignQueries queries;
  char *path;
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->path);
  g_free (source);
}

static void
list_in_thread (GTask *task, gpointer object, gpointer task_data, GCancellable *cancellable)
{
  const KalonAligning *self = object;
  const Source *source = task_data;
  GError *error = NULL;
  GStrv queries = NULL;

  switch (source->queries)
    {
    case KALON_ALIGN_BUILT_IN:
      queries = kalon_aligner_list_built_in ();
      break;
    case KALON_ALIGN_HISTORY:
      queries = kalon_aligner_list_history (self->library_directory, &error);
      break;
    case KALON_ALIGN_FILE:
      queries = kalon_aligner_read_queries (source->path, &error);
      break;
    }
  if (queries != NULL)
    g_task_return_pointer (task, queries, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonAligning *self = KALON_ALIGNING (object);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) queries = g_task_propagate_pointer (G_TASK (result), &error);
  KalonAlignerOptions options;

  if (queries == NULL)
    {
      end (self, error);
      return;
    }
  kalon_aligner_options_init (&options);
  options.kind = self->kind;
  kalon_aligner_run_async (self->aligner, (const char *const *) queries, &options, progressed_cb,
                           self, self->cancellable, aligned_cb, g_object_ref (self));
}

static void
kalon_aligning_finalize (GObject *object)
{
  KalonAligning *self = KALON_ALIGNING (object);

  clear_end (self);
  g_clear_object (&self->aligner);
  g_free (self->library_directory);
  g_free (self->no_aligner_reason);
  G_OBJECT_CLASS (kalon_aligning_parent_class)->finalize (object);
}

static void
kalon_aligning_class_init (KalonAligningClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_aligning_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_aligning_init (KalonAligning *self)
{
}

KalonAligning *
kalon_aligning_new (const char *library_directory, KalonAligner *aligner,
                    const char *no_aligner_reason)
{
  KalonAligning *self;

  g_return_val_if_fail (aligner == NULL || KALON_IS_ALIGNER (aligner), NULL);
  g_return_val_if_fail (aligner != NULL || no_aligner_reason != NULL, NULL);

  self = g_object_new (KALON_TYPE_ALIGNING, NULL);
  self->library_directory = g_strdup (library_directory);
  g_set_object (&self->aligner, aligner);
  self->no_aligner_reason = g_strdup (no_aligner_reason);
  return self;
}

void
kalon_aligning_set_aligner (KalonAligning *self, KalonAligner *aligner)
{
  g_return_if_fail (KALON_IS_ALIGNING (self));
  g_return_if_fail (KALON_IS_ALIGNER (aligner));
  g_set_object (&self->aligner, aligner);
}

void
kalon_aligning_start (KalonAligning *self, KalonAlignQueries queries, const char *path,
                      KalonAdapterKind kind)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  Source *source;

  g_return_if_fail (KALON_IS_ALIGNING (self));
  g_return_if_fail (queries != KALON_ALIGN_FILE || path != NULL);

  if (self->cancellable != NULL)
    return;
  clear_end (self);
  if (self->aligner == NULL)
    {
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, self->no_aligner_reason);
      end (self, error);
      return;
    }
  self->cancellable = g_cancellable_new ();
  self->kind = kind;
  self->progress = (KalonAligningProgress){ .remaining = -1 };
  self->n_reports = 0;
  source = g_new (Source, 1);
  *source = (Source){ queries, g_strdup (path) };
  task = g_task_new (self, self->cancellable, listed_cb, NULL);
  g_task_set_source_tag (task, kalon_aligning_start);
  g_task_set_task_data (task, source, source_free);
  g_task_run_in_thread (task, list_in_thread);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
kalon_aligning_stop (KalonAligning *self)
{
  g_return_if_fail (KALON_IS_ALIGNING (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

gboolean
kalon_aligning_is_running (KalonAligning *self)
{
  g_return_val_if_fail (KALON_IS_ALIGNING (self), FALSE);
  return self->cancellable != NULL;
}

const KalonAligningProgress *
kalon_aligning_get_progress (KalonAligning *self)
{
  g_return_val_if_fail (KALON_IS_ALIGNING (self), NULL);
  return &self->progress;
}

const KalonAlignerResult *
kalon_aligning_get_result (KalonAligning *self)
{
  g_return_val_if_fail (KALON_IS_ALIGNING (self), NULL);
  return self->has_result ? &self->result : NULL;
}

const char *
kalon_aligning_get_problem (KalonAligning *self)
{
  g_return_val_if_fail (KALON_IS_ALIGNING (self), NULL);
  return self->problem;
}

gboolean
kalon_aligning_was_stopped (KalonAligning *self)
{
  g_return_val_if_fail (KALON_IS_ALIGNING (self), FALSE);
  return self->stopped;
}
