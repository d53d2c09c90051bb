/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models.h"

#include <libsoup/soup.h>

/* kalon_models_prepare_download() and kalon_models_download() on another thread. */

typedef struct
{
  char *what;
  char *revision;
  SoupSession *session;
  KalonDownloadFunc func;
  gpointer func_data;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->what);
  g_free (job->revision);
  g_clear_object (&job->session);
  g_free (job);
}

typedef struct
{
  GTask *task;
  char *file;
  KalonDownloadProgress progress;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_object_unref (delivery->task);
  g_free (delivery->file);
  g_free (delivery);
}

static gboolean
deliver (gpointer data)
{
  Delivery *delivery = data;
  const Job *job = g_task_get_task_data (delivery->task);

  job->func (&delivery->progress, job->func_data);
  return G_SOURCE_REMOVE;
}

/* Of the same priority as the task's completion, so it never arrives after it. */
static void
send_progress (const KalonDownloadProgress *progress, gpointer user_data)
{
  GTask *task = user_data;
  Delivery *delivery = g_new (Delivery, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  delivery->task = g_object_ref (task);
  delivery->progress = *progress;
  delivery->progress.file = delivery->file = g_strdup (progress->file);
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, deliver, delivery, delivery_free);
  g_source_set_static_name (source, "[kalon] download progress");
  g_source_attach (source, g_task_get_context (task));
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  GError *error = NULL;
  g_autoptr (KalonDownload) download
      = kalon_models_prepare_download (job->what, job->revision, job->session, cancellable, &error);
  char *path = NULL;

  if (download != NULL)
    path = kalon_models_download (download, job->session, job->func != NULL ? send_progress : NULL,
                                  task, cancellable, &error);
  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
kalon_models_download_async (const char *what, const char *revision, SoupSession *session,
                             KalonDownloadFunc func, gpointer func_data, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->what = g_strdup (what);
  job->revision = g_strdup (revision);
  job->session = session != NULL ? g_object_ref (session) : NULL;
  job->func = func;
  job->func_data = func_data;
  g_task_set_source_tag (task, kalon_models_download_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_in_thread);
}

char *
kalon_models_download_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
