/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/kalon-files-private.h"
#include "jobs/kalon-jobs.h"

typedef struct
{
  GPtrArray *files; /* paths, or KalonTrashed */
  char *folder;
  KalonFilesProgressFunc progress;
  gpointer progress_data;
} Job;

static void
job_free (Job *job)
{
  g_ptr_array_unref (job->files);
  g_free (job->folder);
  g_free (job);
}

KalonFilesResult *
kalon_files_result_new (void)
{
  KalonFilesResult *self = g_new0 (KalonFilesResult, 1);

  self->trashed = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_trashed_free);
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  return self;
}

void
kalon_files_result_free (KalonFilesResult *result)
{
  g_ptr_array_unref (result->trashed);
  g_ptr_array_unref (result->failures);
  g_free (result);
}

void
kalon_files_result_add_failure (KalonFilesResult *self, const char *path, GError *error)
{
  g_ptr_array_add (self->failures, kalon_failure_new (path, error->message));
  g_error_free (error);
}

static GPtrArray *
copy_paths (GPtrArray *paths)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (copy, g_strdup (g_ptr_array_index (paths, i)));
  return copy;
}

/* @files: (transfer full) */
static GTask *
start (gpointer tag, GPtrArray *files, const char *folder, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->files = files;
  job->folder = g_strdup (folder);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  /* What was done before a cancellation is to be known. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

static KalonFilesResult *
finish (gpointer tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
trash_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  KalonFilesResult *result = kalon_files_result_new ();

  for (guint i = 0; i < job->files->len; i++)
    {
      const char *path = g_ptr_array_index (job->files, i);
      GError *error = NULL;
      KalonTrashed *trashed = kalon_files_trash (path, &error);

      if (trashed != NULL)
        g_ptr_array_add (result->trashed, trashed);
      else
        kalon_files_result_add_failure (result, path, error);
    }
  result->n_done = result->trashed->len;
  g_task_return_pointer (task, result, (GDestroyNotify) kalon_files_result_free);
}

void
kalon_files_trash_async (GPtrArray *paths, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (paths != NULL);

  task = start (kalon_files_trash_async, copy_paths (paths), NULL, NULL, callback, user_data);
  g_task_run_in_thread (task, trash_in_thread);
}

KalonFilesResult *
kalon_files_trash_finish (GAsyncResult *result, GError **error)
{
  return finish (kalon_files_trash_async, result, error);
}

static void
restore_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  KalonFilesResult *result = kalon_files_result_new ();

  for (guint i = 0; i < job->files->len; i++)
    {
      const KalonTrashed *trashed = g_ptr_array_index (job->files, i);
      GError *error = NULL;

      if (kalon_files_restore (trashed, &error))
        result->n_done++;
      else
        kalon_files_result_add_failure (result, trashed->path, error);
    }
  g_task_return_pointer (task, result, (GDestroyNotify) kalon_files_result_free);
}

void
kalon_files_restore_async (GPtrArray *trashed, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (trashed != NULL);

  task = start (kalon_files_restore_async, g_ptr_array_ref (trashed), NULL, NULL, callback,
                user_data);
  g_task_run_in_thread (task, restore_in_thread);
}

KalonFilesResult *
kalon_files_restore_finish (GAsyncResult *result, GError **error)
{
  return finish (kalon_files_restore_async, result, error);
}

typedef struct
{
  guint n_done, n;
} Progress;

static void
report_cb (gconstpointer report, gpointer task_data)
{
  const Progress *progress = report;
  const Job *job = task_data;

  job->progress (progress->n_done, progress->n, job->progress_data);
}

static void
copy_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (KalonFilesResult) result = kalon_files_result_new ();

  if (!g_file_test (job->folder, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *name = g_filename_display_name (job->folder);

      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                               "The folder %s is not there. Choose another.", name);
      return;
    }
  for (guint i = 0; i < job->files->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const char *path = g_ptr_array_index (job->files, i);
      GError *error = NULL;

      if (kalon_files_copy (path, job->folder, cancellable, &error))
        result->n_done++;
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_error_free (error);
      else
        kalon_files_result_add_failure (result, path, error);
      if (job->progress != NULL)
        {
          Progress *progress = g_new (Progress, 1);

          *progress = (Progress){ i + 1, job->files->len };
          kalon_job_report (task, progress, g_free, report_cb);
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&result), (GDestroyNotify) kalon_files_result_free);
}

void
kalon_files_copy_async (GPtrArray *paths, const char *folder, KalonFilesProgressFunc progress,
                        gpointer progress_data, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (paths != NULL && folder != NULL);

  task = start (kalon_files_copy_async, copy_paths (paths), folder, cancellable, callback,
                user_data);
  job = g_task_get_task_data (task);
  job->progress = progress;
  job->progress_data = progress_data;
  g_task_run_in_thread (task, copy_in_thread);
}

KalonFilesResult *
kalon_files_copy_finish (GAsyncResult *result, GError **error)
{
  return finish (kalon_files_copy_async, result, error);
}
