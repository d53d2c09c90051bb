/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What services share that run for long in a thread of a GTask: telling the caller how far they
 * are.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* @report: as given to kalon_job_report(); @task_data: g_task_get_task_data() */
typedef void (*KalonJobReportFunc) (gconstpointer report, gpointer task_data);

/**
 * kalon_job_report:
 * @task: whose thread this is
 * @report: (transfer full)
 *
 * Calls @func in the main context where @task was made, before @task's callback: a report never
 * comes after the end. From any thread but that one.
 */
void kalon_job_report (GTask *task, gpointer report, GDestroyNotify free_report,
                       KalonJobReportFunc func);

G_END_DECLS
