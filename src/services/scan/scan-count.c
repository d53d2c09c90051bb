/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/kalon-scan.h"

/* What a look in passing may cost. */
#define MAX_TIME (3 * G_USEC_PER_SEC)

typedef struct
{
  char *folder;
  gsize max;
  gint64 end;
  KalonScanCount count;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->folder);
  g_free (job);
}

static gboolean
entry_cb (const KalonScanEntry *entry, gpointer user_data, GError **error)
{
  Job *job = user_data;

  if (entry->kind == KALON_SCAN_BAD_FOLDER)
    job->count.complete = FALSE;
  if (entry->kind == KALON_SCAN_PICTURE)
    job->count.n_pictures++;
  if (job->count.n_pictures < job->max && g_get_monotonic_time () < job->end)
    return TRUE;
  job->count.complete = FALSE;
  /* Not told to anybody: it ends the scan. */
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Enough");
  return FALSE;
}

static void
count_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  KalonScanPlace place = { .path = job->folder };
  KalonScanRules rules = { 0 };

  job->end = g_get_monotonic_time () + MAX_TIME;
  job->count.complete = TRUE;
  kalon_scan (&place, 1, &rules, entry_cb, job, cancellable, NULL);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

void
kalon_scan_count_async (const char *folder, gsize max, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (folder != NULL);

  job->folder = g_strdup (folder);
  job->max = max;
  g_task_set_source_tag (task, kalon_scan_count_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, count_in_thread);
}

gboolean
kalon_scan_count_finish (GAsyncResult *result, KalonScanCount *count, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *count = ((Job *) g_task_get_task_data (G_TASK (result)))->count;
  return TRUE;
}
