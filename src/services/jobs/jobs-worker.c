/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/kalon-jobs.h"

struct _KalonWorker
{
  GThreadPool *pool; /* one thread */
  KalonWorkerPrepare prepare;
};

typedef struct
{
  KalonWorkerQuestion question;
  gpointer argument;
  GDestroyNotify argument_free;
  GDestroyNotify answer_free;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->argument_free != NULL)
    job->argument_free (job->argument);
  g_free (job);
}

/* The task may hold the last reference on the object, which frees the worker. */
static void
run_job (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  const KalonWorker *worker = user_data;
  gpointer object = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer answer = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (worker->prepare == NULL || worker->prepare (object, &error))
    answer = job->question (object, job->argument, g_task_get_cancellable (task), &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, answer, job->answer_free);
}

KalonWorker *
kalon_worker_new (KalonWorkerPrepare prepare)
{
  KalonWorker *worker = g_new (KalonWorker, 1);

  worker->prepare = prepare;
  worker->pool = g_thread_pool_new (run_job, worker, 1, FALSE, NULL);
  return worker;
}

void
kalon_worker_free (KalonWorker *worker)
{
  g_return_if_fail (worker != NULL);

  /* Not waiting, for this may be the worker itself. */
  g_thread_pool_free (worker->pool, FALSE, FALSE);
  g_free (worker);
}

void
kalon_worker_ask (KalonWorker *worker, gpointer object, gpointer tag, KalonWorkerQuestion question,
                  gpointer argument, GDestroyNotify argument_free, GDestroyNotify answer_free,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (object, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job){ question, argument, argument_free, answer_free };
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  g_thread_pool_push (worker->pool, task, NULL);
}

gpointer
kalon_worker_answer (gpointer object, gpointer tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, object), NULL);
  g_return_val_if_fail (tag == NULL || g_task_get_source_tag (G_TASK (result)) == tag, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
