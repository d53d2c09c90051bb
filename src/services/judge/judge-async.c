/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in a thread of its own. */
#include "judge/kalon-judge-private.h"

#include "jobs/kalon-jobs.h"

typedef struct
{
  GPtrArray *items;
  KalonJudgeStyle styles[KALON_N_JUDGE_STYLES];
  guint n_styles;
  KalonJudgeFunc func; /* (nullable) */
  gpointer user_data;
} Order;

typedef struct
{
  gsize done;
  gsize total;
} Progress;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_ptr_array_unref (order->items);
  g_free (order);
}

static void
deliver_progress (gconstpointer report, gpointer task_data)
{
  const Order *order = task_data;
  const Progress *progress = report;

  order->func (progress->done, progress->total, order->user_data);
}

static void
send_progress (gsize done, gsize total, gpointer user_data)
{
  const Progress progress = { done, total };

  kalon_job_report (user_data, g_memdup2 (&progress, sizeof progress), g_free, deliver_progress);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Order *order = task_data;
  GError *error = NULL;
  KalonJudgeFigures *figures
      = kalon_judge_run (source, order->items, order->styles, order->n_styles,
                         order->func != NULL ? send_progress : NULL, task, cancellable, &error);

  if (figures != NULL)
    g_task_return_pointer (task, figures, (GDestroyNotify) kalon_judge_figures_free);
  else
    g_task_return_error (task, error);
}

void
kalon_judge_run_async (KalonJudge *self, GPtrArray *items, const KalonJudgeStyle *styles,
                       guint n_styles, KalonJudgeFunc func, gpointer user_data,
                       GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer callback_data)
{
  g_autoptr (GTask) task = NULL;
  Order *order;

  g_return_if_fail (KALON_IS_JUDGE (self) && items != NULL && styles != NULL);
  g_return_if_fail (n_styles > 0 && n_styles <= KALON_N_JUDGE_STYLES);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, callback_data);
  g_task_set_source_tag (task, kalon_judge_run_async);
  order = g_new0 (Order, 1);
  order->items = g_ptr_array_ref (items);
  order->n_styles = n_styles;
  for (guint i = 0; i < n_styles; i++)
    order->styles[i] = styles[i];
  order->func = func;
  order->user_data = user_data;
  g_task_set_task_data (task, order, order_free);
  g_task_run_in_thread (task, run_in_thread);
}

KalonJudgeFigures *
kalon_judge_run_finish (KalonJudge *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (KALON_IS_JUDGE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
