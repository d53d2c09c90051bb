/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in a thread of its own. */
#include "aligner/kalon-aligner-private.h"

#include "jobs/kalon-jobs.h"

typedef struct
{
  GStrv queries; /* (nullable) */
  KalonAlignerOptions options;
  KalonAlignerFunc func;
  gpointer user_data;
  KalonAlignerResult result;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_strfreev (run->queries);
  kalon_aligner_result_clear (&run->result);
  g_free (run);
}

static void
deliver_progress (gconstpointer progress, gpointer task_data)
{
  const Run *run = task_data;

  run->func (progress, run->user_data);
}

static void
send_progress (const KalonAlignerProgress *progress, gpointer user_data)
{
  kalon_job_report (user_data, g_memdup2 (progress, sizeof *progress), g_free, deliver_progress);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Run *run = task_data;
  GError *error = NULL;

  if (kalon_aligner_run (source, (const char *const *) run->queries, &run->options,
                         run->func != NULL ? send_progress : NULL, task, &run->result, cancellable,
                         &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_aligner_run_async (KalonAligner *self, const char *const *queries,
                         const KalonAlignerOptions *options, KalonAlignerFunc func,
                         gpointer user_data, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer callback_data)
{
  g_autoptr (GTask) task = NULL;
  Run *run;

  g_return_if_fail (KALON_IS_ALIGNER (self));
  g_return_if_fail (options != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, callback_data);
  g_task_set_source_tag (task, kalon_aligner_run_async);
  /* What was stored before the cancellation came is stored. */
  g_task_set_check_cancellable (task, FALSE);
  run = g_new0 (Run, 1);
  run->queries = g_strdupv ((GStrv) queries);
  run->options = *options;
  run->func = func;
  run->user_data = user_data;
  g_task_set_task_data (task, run, run_free);
  g_task_run_in_thread (task, run_in_thread);
}

gboolean
kalon_aligner_run_finish (KalonAligner *self, GAsyncResult *async_result,
                          KalonAlignerResult *result, GError **error)
{
  Run *run;

  g_return_val_if_fail (KALON_IS_ALIGNER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (async_result, self), FALSE);
  g_return_val_if_fail (result != NULL, FALSE);

  run = g_task_get_task_data (G_TASK (async_result));
  *result = run->result;
  run->result = (KalonAlignerResult){ 0 };
  return g_task_propagate_boolean (G_TASK (async_result), error);
}
