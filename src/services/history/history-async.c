/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/kalon-history-private.h"

typedef struct _Job Job;

struct _Job
{
  gboolean (*run) (KalonHistory *self, const Job *job, GError **error); /* NULL: to find */
  char *text; /* (nullable): to be found, or a name */
  char *new_name;
  KalonQuestion *question;
  gint64 id;
  guint limit;
};

static void
job_free (Job *job)
{
  g_free (job->text);
  g_free (job->new_name);
  kalon_question_free (job->question);
  g_free (job);
}

static void
run_job (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  KalonHistory *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *found;

  /* What was superseded before its turn is never looked for. */
  if (g_task_return_error_if_cancelled (task))
    return;
  if (job->run != NULL)
    {
      if (job->run (self, job, &error))
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, error);
      return;
    }
  found = kalon_history_find (self, job->text, job->limit, &error);
  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
ask (KalonHistory *self, gpointer tag, const Job *job, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_memdup2 (job, sizeof *job), (GDestroyNotify) job_free);
  if (self->worker == NULL)
    self->worker = g_thread_pool_new (run_job, NULL, 1, FALSE, NULL);
  g_thread_pool_push (self->worker, task, NULL);
}

void
kalon_history_find_async (KalonHistory *self, const char *text, guint limit,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (KALON_IS_HISTORY (self));
  g_return_if_fail (text != NULL);

  ask (self, kalon_history_find_async, &(Job){ .text = g_strdup (text), .limit = limit },
       cancellable, callback, user_data);
}

GPtrArray *
kalon_history_find_finish (KalonHistory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
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
       &(Job){ .run = run_add, .question = kalon_question_copy (question) }, NULL, callback,
       user_data);
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
  ask (self, kalon_history_remove_async, &(Job){ .run = run_remove, .id = id }, NULL, callback,
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
  ask (self, kalon_history_clear_async, &(Job){ .run = run_clear }, NULL, callback, user_data);
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
       NULL, callback, user_data);
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
       &(Job){ .run = run_rename, .text = g_strdup (name), .new_name = g_strdup (new_name) }, NULL,
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
       &(Job){ .run = run_remove_saved, .text = g_strdup (name) }, NULL, callback, user_data);
}

gboolean
kalon_history_change_finish (KalonHistory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
