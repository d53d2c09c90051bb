/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports for a main loop. */
#include "report/kalon-report-private.h"

typedef struct
{
  char *directory; /* (nullable) */
  char *to;        /* (nullable) */
} Paths;

static void
paths_free (gpointer data)
{
  Paths *paths = data;

  g_free (paths->directory);
  g_free (paths->to);
  g_free (paths);
}

static void
run (GTaskThreadFunc func, gpointer tag, const char *directory, const char *to,
     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Paths *paths = g_new (Paths, 1);

  *paths = (Paths){ g_strdup (directory), g_strdup (to) };
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, paths, paths_free);
  g_task_run_in_thread (task, func);
}

static void
return_pointer (GTask *task, gpointer pointer, GDestroyNotify free_func, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pointer, free_func);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Paths *paths = data;
  GError *error = NULL;
  GPtrArray *list = kalon_reports_list (paths->directory, cancellable, &error);

  return_pointer (task, list, (GDestroyNotify) g_ptr_array_unref, error);
}

void
kalon_reports_list_async (const char *library_directory, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  run (list_in_thread, kalon_reports_list_async, library_directory, NULL, cancellable, callback,
       user_data);
}

GPtrArray *
kalon_reports_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_reports_list_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Paths *paths = data;
  GError *error = NULL;
  KalonReport *report = kalon_report_read (paths->directory, &error);

  return_pointer (task, report, (GDestroyNotify) kalon_report_free, error);
}

void
kalon_report_read_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (path != NULL);
  run (read_in_thread, kalon_report_read_async, path, NULL, cancellable, callback, user_data);
}

KalonReport *
kalon_report_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_report_read_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
return_boolean (GTask *task, gboolean done, GError *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
remove_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Paths *paths = data;
  GError *error = NULL;

  return_boolean (task, kalon_report_remove (paths->directory, &error), error);
}

void
kalon_report_remove_async (const char *directory, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (directory != NULL);
  run (remove_in_thread, kalon_report_remove_async, directory, NULL, NULL, callback, user_data);
}

static void
copy_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Paths *paths = data;
  GError *error = NULL;

  return_boolean (task, kalon_report_copy (paths->directory, paths->to, cancellable, &error),
                  error);
}

void
kalon_report_copy_async (const char *directory, const char *to, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (directory != NULL && to != NULL);
  run (copy_in_thread, kalon_report_copy_async, directory, to, cancellable, callback, user_data);
}

gboolean
kalon_report_files_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
