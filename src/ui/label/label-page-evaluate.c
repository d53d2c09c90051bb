/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "evidence/kalon-evidence.h"
#include "label/kalon-label-page-private.h"

typedef struct
{
  KalonLabelPage *page;
  KalonOperation *operation;
  GCancellable *cancellable;
} Evaluation;

static void
evaluation_free (Evaluation *evaluation)
{
  g_object_unref (evaluation->page);
  g_object_unref (evaluation->operation);
  g_object_unref (evaluation->cancellable);
  g_free (evaluation);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Evaluation, evaluation_free)

static void
evaluated_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Evaluation) evaluation = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *page = kalon_evidence_measure_labels_finish (result, &error);
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  kalon_operation_finish (evaluation->operation,
                          error != NULL && !cancelled ? error->message : NULL);
  if (page != NULL && evaluation->page->session != NULL)
    g_signal_emit_by_name (evaluation->page, "written", _ ("Label set evaluated"), page);
}

void
kalon_label_page_evaluate (KalonLabelPage *self, const char *id)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);
  const KalonLabelSetInfo *info = kalon_label_page_find (self, id);
  g_autofree char *title = NULL;
  Evaluation *evaluation;

  if (info == NULL)
    return;
  if (services->model_directory == NULL)
    {
      kalon_label_page_say (self, services->model_problem);
      return;
    }
  title = g_strdup_printf (_ ("Evaluating “%s”"), info->name);
  evaluation = g_new (Evaluation, 1);
  *evaluation = (Evaluation){ g_object_ref (self), kalon_operation_new (title, FALSE, TRUE),
                              g_cancellable_new () };
  kalon_operation_set_fraction (evaluation->operation, -1);
  g_signal_connect_object (evaluation->operation, "cancel", G_CALLBACK (g_cancellable_cancel),
                           evaluation->cancellable, G_CONNECT_SWAPPED);
  kalon_operations_add (services->operations, evaluation->operation);
  kalon_evidence_measure_labels_async (services->library_directory, info->id, services->model_id,
                                       services->model_directory, services->device_name,
                                       evaluation->cancellable, evaluated_cb, evaluation);
}
