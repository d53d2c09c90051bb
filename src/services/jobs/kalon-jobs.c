/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/kalon-jobs.h"

typedef struct
{
  GTask *task;
  gpointer report;
  GDestroyNotify free_report;
  KalonJobReportFunc func;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_object_unref (delivery->task);
  delivery->free_report (delivery->report);
  g_free (delivery);
}

static gboolean
deliver (gpointer data)
{
  Delivery *delivery = data;

  delivery->func (delivery->report, g_task_get_task_data (delivery->task));
  return G_SOURCE_REMOVE;
}

/* An own source, not g_main_context_invoke(): that would call @func on this thread while nobody
 * runs the caller's main loop. Of the same priority as the task's completion, so it never arrives
 * after it. */
void
kalon_job_report (GTask *task, gpointer report, GDestroyNotify free_report, KalonJobReportFunc func)
{
  Delivery *delivery = g_new (Delivery, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  *delivery = (Delivery){ g_object_ref (task), report, free_report, func };
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, deliver, delivery, delivery_free);
  g_source_set_static_name (source, "[kalon] progress");
  g_source_attach (source, g_task_get_context (task));
}
