/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

struct _KalonSearcher
{
  GObject parent_instance;

  KalonSearchSession *session; /* the worker's alone while there is one */
  GAsyncQueue *requests;       /* Request */
  GMutex mutex;                /* of worker */
  GThread *worker;             /* (nullable): from the first request on */
};

G_DEFINE_FINAL_TYPE (KalonSearcher, kalon_searcher, G_TYPE_OBJECT)

/* What the worker is asked, and what it found: (transfer full). */
typedef gpointer (*RequestFunc) (KalonSearchSession *session, gpointer input,
                                 GCancellable *cancellable, GError **error);

/* One question, or with neither task nor function the end of the worker. */
typedef struct
{
  GTask *task; /* (nullable): nobody waits for an answer */
  RequestFunc func;
  gpointer input; /* (nullable) */
  GDestroyNotify free_input;
  gpointer output;
  GDestroyNotify free_output; /* (nullable): @output is no object */
  GError *error;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->task);
  if (request->input != NULL)
    request->free_input (request->input);
  if (request->output != NULL && request->free_output != NULL)
    request->free_output (request->output);
  g_clear_error (&request->error);
  g_free (request);
}

/* In the thread that asked. */
static gboolean
answer (gpointer data)
{
  Request *request = data;

  if (request->error != NULL)
    g_task_return_error (request->task, g_steal_pointer (&request->error));
  else
    g_task_return_pointer (request->task, g_steal_pointer (&request->output), request->free_output);
  return G_SOURCE_REMOVE;
}

/* The task holds the searcher, and the searcher's end waits for the worker: the task must not be
 * released here, so it goes back whole to the thread that asked. That thread may be done with its
 * context before the source is let go here, which looks at the context. */
static void
send_back (Request *request)
{
  g_autoptr (GMainContext) context = g_main_context_ref (g_task_get_context (request->task));
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (request->task));
  g_source_set_static_name (source, "kalon-searcher answer");
  g_source_set_callback (source, answer, request, request_free);
  g_source_attach (source, context);
}

typedef struct
{
  KalonSearchSession *session;
  GAsyncQueue *requests;
} Work;

static gpointer
work (gpointer data)
{
  g_autofree Work *own = data;

  for (;;)
    {
      Request *request = g_async_queue_pop (own->requests);

      if (request->func == NULL)
        {
          request_free (request);
          return NULL;
        }
      if (request->task == NULL)
        {
          request->func (own->session, request->input, NULL, NULL);
          request_free (request);
          continue;
        }
      request->output = request->func (own->session, request->input,
                                       g_task_get_cancellable (request->task), &request->error);
      send_back (request);
    }
}

static void
kalon_searcher_finalize (GObject *object)
{
  KalonSearcher *self = KALON_SEARCHER (object);

  if (self->worker != NULL)
    {
      g_async_queue_push (self->requests, g_new0 (Request, 1));
      g_thread_join (self->worker);
    }
  kalon_search_session_free (self->session);
  g_async_queue_unref (self->requests);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (kalon_searcher_parent_class)->finalize (object);
}

static void
kalon_searcher_class_init (KalonSearcherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_searcher_finalize;
}

static void
kalon_searcher_init (KalonSearcher *self)
{
  self->requests = g_async_queue_new ();
  g_mutex_init (&self->mutex);
}

KalonSearcher *
kalon_searcher_new (const char *library_directory, const char *model_directory,
                    const char *device_name)
{
  KalonSearcher *self;

  g_return_val_if_fail (model_directory != NULL, NULL);

  self = g_object_new (KALON_TYPE_SEARCHER, NULL);
  self->session = kalon_search_session_new (library_directory, model_directory, device_name);
  return self;
}

static void
start_worker (KalonSearcher *self)
{
  g_mutex_lock (&self->mutex);
  if (self->worker == NULL)
    {
      Work *own = g_new (Work, 1);

      *own = (Work){ self->session, self->requests };
      self->worker = g_thread_new ("kalon-searcher", work, own);
    }
  g_mutex_unlock (&self->mutex);
}

static gpointer
run_import (KalonSearchSession *session, gpointer input, GCancellable *cancellable, GError **error)
{
  return kalon_search_session_import (session, input, cancellable, error) ? GINT_TO_POINTER (TRUE)
                                                                          : NULL;
}

/* @input: (transfer full) (nullable) */
static void
ask (KalonSearcher *self, RequestFunc func, gpointer input, GDestroyNotify free_input,
     GDestroyNotify free_output, gpointer source_tag, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (request->task, source_tag);
  /* What was imported before the cancellation came is imported. */
  g_task_set_check_cancellable (request->task, func != run_import);
  request->func = func;
  request->input = input;
  request->free_input = free_input;
  request->free_output = free_output;
  start_worker (self);
  g_async_queue_push (self->requests, request);
}

static gpointer
run_try (KalonSearchSession *session, gpointer input, GCancellable *cancellable, GError **error)
{
  KalonAdapter **trial = input;

  kalon_adapter_free (session->trial);
  session->trial = g_steal_pointer (trial);
  kalon_search_forget_preferences (session);
  return NULL;
}

static void
trial_free (gpointer data)
{
  KalonAdapter **trial = data;

  kalon_adapter_free (*trial);
  g_free (trial);
}

void
kalon_searcher_try_adapter (KalonSearcher *self, const KalonAdapter *adapter)
{
  Request *request;
  KalonAdapter **trial;

  g_return_if_fail (KALON_IS_SEARCHER (self));

  request = g_new0 (Request, 1);
  trial = g_new0 (KalonAdapter *, 1);
  if (adapter != NULL)
    *trial = kalon_adapter_copy (adapter);
  request->func = run_try;
  request->input = trial;
  request->free_input = trial_free;
  start_worker (self);
  g_async_queue_push (self->requests, request);
}

static gpointer
run_search (KalonSearchSession *session, gpointer input, GCancellable *cancellable, GError **error)
{
  return kalon_search_session_run (session, input, cancellable, error);
}

void
kalon_searcher_search_async (KalonSearcher *self, KalonQuery *query, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_SEARCHER (self));
  g_return_if_fail (query != NULL);

  ask (self, run_search, kalon_query_ref (query), (GDestroyNotify) kalon_query_unref,
       (GDestroyNotify) kalon_results_unref, kalon_searcher_search_async, cancellable, callback,
       user_data);
}

KalonResults *
kalon_searcher_search_finish (KalonSearcher *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
run_report (KalonSearchSession *session, gpointer input, GCancellable *cancellable, GError **error)
{
  return kalon_search_session_report (session, cancellable, error);
}

void
kalon_searcher_report_taste_async (KalonSearcher *self, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_SEARCHER (self));

  ask (self, run_report, NULL, NULL, (GDestroyNotify) kalon_taste_report_free,
       kalon_searcher_report_taste_async, cancellable, callback, user_data);
}

KalonTasteReport *
kalon_searcher_report_taste_finish (KalonSearcher *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
run_export (KalonSearchSession *session, gpointer input, GCancellable *cancellable, GError **error)
{
  return kalon_search_session_export (session, input, cancellable, error) ? GINT_TO_POINTER (TRUE)
                                                                          : NULL;
}

void
kalon_searcher_export_profile_async (KalonSearcher *self, const char *path,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (KALON_IS_SEARCHER (self));
  g_return_if_fail (path != NULL);

  ask (self, run_export, g_strdup (path), g_free, NULL, kalon_searcher_export_profile_async,
       cancellable, callback, user_data);
}

void
kalon_searcher_import_profile_async (KalonSearcher *self, const char *path,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (KALON_IS_SEARCHER (self));
  g_return_if_fail (path != NULL);

  ask (self, run_import, g_strdup (path), g_free, NULL, kalon_searcher_import_profile_async,
       cancellable, callback, user_data);
}

gboolean
kalon_searcher_profile_finish (KalonSearcher *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

KalonResults *
kalon_searcher_search (KalonSearcher *self, KalonQuery *query, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;
  KalonResults *results;

  g_return_val_if_fail (KALON_IS_SEARCHER (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);

  g_main_context_push_thread_default (context);
  kalon_searcher_search_async (self, query, cancellable, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  results = kalon_searcher_search_finish (self, result, error);
  g_main_context_pop_thread_default (context);
  return results;
}
