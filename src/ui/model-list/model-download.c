/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "model-list/kalon-model-list-private.h"

static void
progressed_cb (const KalonDownloadProgress *progress, gpointer user_data)
{
  KalonModelJob *job = user_data;
  g_autofree char *done = g_format_size (progress->done);
  g_autofree char *total = g_format_size (progress->total);
  g_autofree char *detail = NULL;

  job->item->progress
      = progress->total > 0 ? (double) progress->done / (double) progress->total : 0;
  kalon_model_item_emit_changed (job->item);

  /* Translators: of a download: “12 MB of 338 MB”. */
  detail = progress->file != NULL ? g_strdup_printf (_ ("%s of %s"), done, total)
                                  : g_strdup (_ ("All of it is here, and being verified…"));
  kalon_operation_set_detail (job->operation, detail);
  kalon_operation_set_fraction (job->operation, job->item->progress);
}

static void
downloaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonModelJob) job = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = kalon_models_download_finish (result, &error);

  kalon_model_item_end_job (job->item, error);
  job->item->state = path != NULL ? KALON_MODEL_INSTALLED : KALON_MODEL_BEGUN;
  kalon_model_item_emit_changed (job->item);
  kalon_operation_finish (job->operation, job->item->problem);
  kalon_model_list_refresh (job->list);
  if (path != NULL)
    g_signal_emit_by_name (job->list, "downloaded", job->item);
}

void
kalon_model_list_download (KalonModelList *self, KalonModelItem *item)
{
  g_autofree char *title = NULL;
  KalonModelJob *job;

  g_return_if_fail (KALON_IS_MODEL_LIST (self));
  g_return_if_fail (KALON_IS_MODEL_ITEM (item) && item->offer != NULL);

  if (item->cancellable != NULL)
    return;
  kalon_model_item_begin_job (item);
  item->state = KALON_MODEL_DOWNLOADING;
  item->progress = 0;
  title = g_strdup_printf (_ ("Downloading %s"), item->id);
  job = kalon_model_job_new (self, item);
  job->operation = kalon_operation_new (title, FALSE, TRUE);
  g_signal_connect_object (job->operation, "cancel", G_CALLBACK (g_cancellable_cancel),
                           item->cancellable, G_CONNECT_SWAPPED);
  kalon_operations_add (self->operations, job->operation);
  kalon_models_download_async (item->id, NULL, NULL, progressed_cb, job, item->cancellable,
                               downloaded_cb, job);
  kalon_model_item_emit_changed (item);
}
