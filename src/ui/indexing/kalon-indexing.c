/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "indexing/kalon-indexing.h"

struct _KalonIndexing
{
  GObject parent_instance;

  KalonIndexer *indexer;
  char *no_indexer_reason;

  GCancellable *cancellable; /* while running */
  gboolean paused;
  KalonIndexerProgress progress;
  GPtrArray *waiting; /* GStrv: folders of the runs to come */
};

G_DEFINE_FINAL_TYPE (KalonIndexing, kalon_indexing, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void run (KalonIndexing *self, const char *const *folders);

static void
progressed_cb (const KalonIndexerProgress *progress, gpointer user_data)
{
  KalonIndexing *self = user_data;

  self->progress = *progress;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
finished_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonIndexing) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonIndexerProgress progress;

  if (kalon_indexer_run_finish (KALON_INDEXER (object), result, &progress, &error))
    self->progress = progress;
  g_clear_object (&self->cancellable);
  self->paused = FALSE;
  self->progress.phase = KALON_INDEXER_FINISHED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[FINISHED], 0, error);

  if (self->cancellable == NULL && self->waiting->len > 0)
    {
      g_auto (GStrv) folders = g_ptr_array_steal_index (self->waiting, 0);

      run (self, (const char *const *) folders);
    }
}

static void
run (KalonIndexing *self, const char *const *folders)
{
  self->cancellable = g_cancellable_new ();
  self->progress = (KalonIndexerProgress){ .phase = KALON_INDEXER_SCANNING, .remaining = -1 };
  kalon_indexer_run_async (self->indexer, folders, progressed_cb, self, self->cancellable,
                           finished_cb, g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
kalon_indexing_finalize (GObject *object)
{
  KalonIndexing *self = KALON_INDEXING (object);

  g_clear_object (&self->indexer);
  g_free (self->no_indexer_reason);
  g_ptr_array_unref (self->waiting);
  G_OBJECT_CLASS (kalon_indexing_parent_class)->finalize (object);
}

static void
kalon_indexing_class_init (KalonIndexingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_indexing_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
kalon_indexing_init (KalonIndexing *self)
{
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->progress.phase = KALON_INDEXER_FINISHED;
}

KalonIndexing *
kalon_indexing_new (KalonIndexer *indexer, const char *no_indexer_reason)
{
  KalonIndexing *self;

  g_return_val_if_fail (indexer == NULL || KALON_IS_INDEXER (indexer), NULL);
  g_return_val_if_fail (indexer != NULL || no_indexer_reason != NULL, NULL);

  self = g_object_new (KALON_TYPE_INDEXING, NULL);
  g_set_object (&self->indexer, indexer);
  self->no_indexer_reason = g_strdup (no_indexer_reason);
  return self;
}

void
kalon_indexing_start (KalonIndexing *self, const char *const *folders)
{
  g_return_if_fail (KALON_IS_INDEXING (self));
  g_return_if_fail (folders != NULL);

  if (self->indexer == NULL)
    {
      g_autoptr (GError) error
          = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, self->no_indexer_reason);

      g_signal_emit (self, signals[FINISHED], 0, error);
    }
  else if (self->cancellable != NULL)
    g_ptr_array_add (self->waiting, g_strdupv ((char **) folders));
  else
    run (self, folders);
}

void
kalon_indexing_set_paused (KalonIndexing *self, gboolean paused)
{
  g_return_if_fail (KALON_IS_INDEXING (self));

  if (self->cancellable == NULL || self->paused == paused)
    return;
  self->paused = paused;
  kalon_indexer_set_paused (self->indexer, paused);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
kalon_indexing_stop (KalonIndexing *self)
{
  g_return_if_fail (KALON_IS_INDEXING (self));

  g_ptr_array_set_size (self->waiting, 0);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

gboolean
kalon_indexing_is_running (KalonIndexing *self)
{
  g_return_val_if_fail (KALON_IS_INDEXING (self), FALSE);
  return self->cancellable != NULL;
}

gboolean
kalon_indexing_is_paused (KalonIndexing *self)
{
  g_return_val_if_fail (KALON_IS_INDEXING (self), FALSE);
  return self->paused;
}

const KalonIndexerProgress *
kalon_indexing_get_progress (KalonIndexing *self)
{
  g_return_val_if_fail (KALON_IS_INDEXING (self), NULL);
  return &self->progress;
}

void
kalon_indexing_set_indexer (KalonIndexing *self, KalonIndexer *indexer)
{
  g_return_if_fail (KALON_IS_INDEXING (self));
  g_return_if_fail (indexer == NULL || KALON_IS_INDEXER (indexer));
  g_set_object (&self->indexer, indexer);
}

KalonIndexer *
kalon_indexing_get_indexer (KalonIndexing *self)
{
  g_return_val_if_fail (KALON_IS_INDEXING (self), NULL);
  return self->indexer;
}
