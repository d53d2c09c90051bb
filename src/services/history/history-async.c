/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/kalon-history-private.h"

typedef struct _Job Job;

struct _Job
{
  gboolean (*run) (KalonHistory *self, const Job *job, GError **error); /* of a change */
  char *text; /* (nullable): to be found, or a name */
  char *new_name;
  KalonQuestion *question;
  gint64 id;
  guint limit;
};

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->text);
  g_free (job->new_name);
  kalon_question_free (job->question);
  g_free (job);
}

/* What was superseded before its turn is never looked for. */
static gpointer
run_find (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  const Job *job = argument;

  return kalon_history_find (object, job->text, job->limit, error);
}

/* The answer to a change is the history, when it was made. */
static gpointer
run_change (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  const Job *job = argument;

  return job->run (object, job, error) ? object : NULL;
}

static void
ask (KalonHistory *self, gpointer tag, const Job *job, GAsyncReadyCallback callback,
     gpointer user_data)
{
  kalon_worker_ask (self->worker, self, tag, run_change, g_memdup2 (job, sizeof *job), job_free,
                    NULL, NULL, callback, user_data);
}

void
kalon_history_find_async (KalonHistory *self, const char *text, guint limit,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  g_return_if_fail (text != NULL);

  kalon_worker_ask (self->worker, self, kalon_history_find_async, run_find,
                    g_memdup2 (&(Job){ .text = g_strdup (text), .limit = limit }, sizeof (Job)),
                    job_free, (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
kalon_history_find_finish (KalonHistory *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_history_find_async, result, error);
}

static gboolean
run_add (KalonHistory *self, const Job *job, GError **error)
{
  return kalon_history_add (self, job->question, error);
}

void
kalon_history_add_async (KalonHistory *self, const KalonQuestion *question,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  g_return_if_fail (question != NULL);

  ask (self, kalon_history_add_async,
       &(Job){ .run = run_add, .question = kalon_question_copy (question) }, callback, user_data);
}

static gboolean
run_remove (KalonHistory *self, const Job *job, GError **error)
{
  return kalon_history_remove (self, job->id, error);
}

void
kalon_history_remove_async (KalonHistory *self, gint64 id, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  ask (self, kalon_history_remove_async, &(Job){ .run = run_remove, .id = id }, callback,
       user_data);
}

static gboolean
run_clear (KalonHistory *self, const Job *job, GError **error)
{
  return kalon_history_clear (self, NULL, error);
}

void
kalon_history_clear_async (KalonHistory *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  ask (self, kalon_history_clear_async, &(Job){ .run = run_clear }, callback, user_data);
}

static gboolean
run_save (KalonHistory *self, const Job *job, GError **error)
{
  return kalon_history_save (self, job->text, job->question, error);
}

void
kalon_history_save_async (KalonHistory *self, const char *name, const KalonQuestion *question,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  g_return_if_fail (name != NULL && question != NULL);

  ask (self, kalon_history_save_async,
       &(Job){
           .run = run_save, .text = g_strdup (name), .question = kalon_question_copy (question) },
       callback, user_data);
}

static gboolean
run_rename (KalonHistory *self, const Job *job, GError **error)
{
  return kalon_history_rename_saved (self, job->text, job->new_name, error);
}

void
kalon_history_rename_saved_async (KalonHistory *self, const char *name, const char *new_name,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  g_return_if_fail (name != NULL && new_name != NULL);

  ask (self, kalon_history_rename_saved_async,
       &(Job){ .run = run_rename, .text = g_strdup (name), .new_name = g_strdup (new_name) },
       callback, user_data);
}

static gboolean
run_remove_saved (KalonHistory *self, const Job *job, GError **error)
{
  return kalon_history_remove_saved (self, job->text, error);
}

void
kalon_history_remove_saved_async (KalonHistory *self, const char *name,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  g_return_if_fail (name != NULL);

  ask (self, kalon_history_remove_saved_async,
       &(Job){ .run = run_remove_saved, .text = g_strdup (name) }, callback, user_data);
}

gboolean
kalon_history_change_finish (KalonHistory *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, NULL, result, error) != NULL;
}
