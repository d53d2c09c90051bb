/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "errors/kalon-errors.h"
#include "indexing/kalon-indexing.h"

/* Seconds until a quiet run tries again that found another process at work. */
#define RETRY_DELAY 30

/* A run to come. */
typedef struct
{
  GStrv folders; /* %NULL: of @paths */
  GPtrArray *paths;
  gboolean quiet;
} Request;

struct _KalonIndexing
{
  GObject parent_instance;

  KalonIndexer *indexer;
  char *no_indexer_reason;

  GCancellable *cancellable; /* while running */
  gboolean paused;
  KalonIndexerProgress progress;
  Request *request;   /* of the run under way, or of the last one */
  GPtrArray *waiting; /* Request */
  guint retry_id;
};

G_DEFINE_FINAL_TYPE (KalonIndexing, kalon_indexing, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void run (KalonIndexing *self, Request *request);

static void
request_free (Request *request)
{
  g_strfreev (request->folders);
  g_clear_pointer (&request->paths, g_ptr_array_unref);
  g_free (request);
}

static Request *
request_new (const char *const *folders, const char *const *paths, gboolean quiet)
{
  Request *request = g_new0 (Request, 1);

  request->folders = g_strdupv ((GStrv) folders);
  request->quiet = quiet;
  if (paths != NULL)
    request->paths = g_ptr_array_new_with_free_func (g_free);
  for (; paths != NULL && *paths != NULL; paths++)
    g_ptr_array_add (request->paths, g_strdup (*paths));
  return request;
}

static gboolean
retry_cb (gpointer user_data)
{
  KalonIndexing *self = user_data;

  self->retry_id = 0;
  if (self->cancellable == NULL && self->waiting->len > 0)
    run (self, g_ptr_array_steal_index (self->waiting, 0));
  return G_SOURCE_REMOVE;
}

/* Those who wait for the same thing wait together. */
static void
wait_for_turn (KalonIndexing *self, Request *request)
{
  for (guint i = 0; i < self->waiting->len && request->quiet; i++)
    {
      Request *other = g_ptr_array_index (self->waiting, i);

      if (!other->quiet || (other->paths == NULL) != (request->paths == NULL))
        continue;
      for (guint j = 0; request->paths != NULL && j < request->paths->len; j++)
        if (!g_ptr_array_find_with_equal_func (other->paths, request->paths->pdata[j], g_str_equal,
                                               NULL))
          g_ptr_array_add (other->paths, g_strdup (request->paths->pdata[j]));
      request_free (request);
      return;
    }
  g_ptr_array_add (self->waiting, request);
}

static void
progressed_cb (const KalonIndexerProgress *progress, gpointer user_data)
{
  KalonIndexing *self = user_data;

  self->progress = *progress;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* (transfer full) */
static GStrv
copy_paths (const Request *request)
{
  GStrv paths = g_new0 (char *, request->paths->len + 1);

  for (guint i = 0; i < request->paths->len; i++)
    paths[i] = g_strdup (request->paths->pdata[i]);
  return paths;
}

static Request *
request_copy (const Request *request)
{
  g_auto (GStrv) paths = request->paths != NULL ? copy_paths (request) : NULL;

  return request_new ((const char *const *) request->folders, (const char *const *) paths,
                      request->quiet);
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
  if (self->request->quiet && g_error_matches (error, KALON_ERROR, KALON_ERROR_BUSY))
    {
      g_clear_error (&error);
      wait_for_turn (self, request_copy (self->request));
      if (self->retry_id == 0)
        self->retry_id = g_timeout_add_seconds (RETRY_DELAY, retry_cb, self);
    }
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[FINISHED], 0, error);

  if (self->cancellable == NULL && self->waiting->len > 0 && self->retry_id == 0)
    run (self, g_ptr_array_steal_index (self->waiting, 0));
}

static void
run (KalonIndexing *self, Request *request)
{
  g_clear_pointer (&self->request, request_free);
  self->request = request;
  self->cancellable = g_cancellable_new ();
  self->progress = (KalonIndexerProgress){ .phase = KALON_INDEXER_SCANNING, .remaining = -1 };
  if (request->paths == NULL)
    kalon_indexer_run_async (self->indexer, (const char *const *) request->folders, progressed_cb,
                             self, self->cancellable, finished_cb, g_object_ref (self));
  else
    {
      g_auto (GStrv) paths = copy_paths (request);

      kalon_indexer_update_async (self->indexer, (const char *const *) paths, progressed_cb, self,
                                  self->cancellable, finished_cb, g_object_ref (self));
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
kalon_indexing_finalize (GObject *object)
{
  KalonIndexing *self = KALON_INDEXING (object);

  g_clear_object (&self->indexer);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_free (self->no_indexer_reason);
  g_clear_pointer (&self->request, request_free);
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
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) request_free);
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

static void
ask_for (KalonIndexing *self, Request *request)
{
  if (self->indexer == NULL)
    {
      g_autoptr (GError) error
          = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, self->no_indexer_reason);

      if (!request->quiet)
        g_signal_emit (self, signals[FINISHED], 0, error);
      request_free (request);
    }
  else if (self->cancellable != NULL || (request->quiet && self->retry_id != 0))
    wait_for_turn (self, request);
  else
    run (self, request);
}

void
kalon_indexing_start (KalonIndexing *self, const char *const *folders)
{
  g_return_if_fail (KALON_IS_INDEXING (self));
  g_return_if_fail (folders != NULL);

  ask_for (self, request_new (folders, NULL, FALSE));
}

void
kalon_indexing_update (KalonIndexing *self, const char *const *paths)
{
  g_return_if_fail (KALON_IS_INDEXING (self));
  g_return_if_fail (paths != NULL);

  ask_for (self, request_new (NULL, paths, FALSE));
}

void
kalon_indexing_follow (KalonIndexing *self, const char *const *paths)
{
  g_return_if_fail (KALON_IS_INDEXING (self));

  ask_for (self, request_new (NULL, paths, TRUE));
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

  g_clear_handle_id (&self->retry_id, g_source_remove);
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

gboolean
kalon_indexing_is_quiet (KalonIndexing *self)
{
  g_return_val_if_fail (KALON_IS_INDEXING (self), FALSE);
  return self->request != NULL && self->request->quiet;
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
