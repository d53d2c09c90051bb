/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What services share that work in another thread: telling the caller how far they are, and a
 * worker that answers questions one after another.
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

/*
 * KalonWorker: a thread of an object, for what blocks or may be used by one thread only (a
 * database). Questions are answered in the order in which they are asked, in the main context
 * where that was done. The thread is there while there is something to do.
 */
typedef struct _KalonWorker KalonWorker;

/* Runs on the worker before each question: opens what is not open yet. @object: that of
 * kalon_worker_ask() */
typedef gboolean (*KalonWorkerPrepare) (gpointer object, GError **error);
/* Runs on the worker. Returns: (transfer full) (nullable): the answer; it has failed when @error is
 * set */
typedef gpointer (*KalonWorkerQuestion) (gpointer object, gpointer argument,
                                         GCancellable *cancellable, GError **error);

/* @prepare: (nullable) */
KalonWorker *kalon_worker_new (KalonWorkerPrepare prepare);
/* In the finalizer of the object whose worker it is, on whichever thread that runs: questions hold
 * references on the object, so none is left. */
void kalon_worker_free (KalonWorker *worker);

/**
 * kalon_worker_ask:
 * @tag: of the task, for kalon_worker_answer()
 * @argument: (transfer full): what @question is asked with
 * @argument_free, @answer_free: (nullable): the latter for an answer that nobody takes
 *
 * One that is cancelled before its turn is not asked at all.
 */
void
kalon_worker_ask (KalonWorker *worker, gpointer object, gpointer tag, KalonWorkerQuestion question,
                  gpointer argument, GDestroyNotify argument_free, GDestroyNotify answer_free,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* @tag: (nullable): that of any question
 * Returns: (transfer full) (nullable) */
gpointer kalon_worker_answer (gpointer object, gpointer tag, GAsyncResult *result, GError **error);

G_END_DECLS
