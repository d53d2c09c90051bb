/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models.h"

#include "jobs/kalon-jobs.h"

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

static void
progress_free (gpointer data)
{
  KalonDownloadProgress *progress = data;

  g_free ((char *) progress->file);
  g_free (progress);
}

static void
deliver_progress (gconstpointer progress, gpointer task_data)
{
  const Job *job = task_data;

  job->func (progress, job->func_data);
}

static void
send_progress (const KalonDownloadProgress *progress, gpointer user_data)
{
  KalonDownloadProgress *copy = g_memdup2 (progress, sizeof *progress);

  copy->file = g_strdup (progress->file);
  kalon_job_report (user_data, copy, progress_free, deliver_progress);
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
