/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalogue/kalon-catalogue.h"

G_BEGIN_DECLS

struct _KalonCatalogue
{
  GObject parent_instance;

  char *library_directory;
  GThreadPool *worker; /* one thread: what follows is its own */
  KalonLibrary *library;
  char *model_directory;
  char *model_hash;

  guint version; /* main thread: what the last check saw */
  gboolean checked;
};

/* Runs on the worker; what it returns goes to g_task_return_pointer(). */
typedef gpointer (*KalonCatalogueQuestion) (KalonCatalogue *self, gpointer argument,
                                            GCancellable *cancellable, GError **error);

/* @argument (transfer full) and its @argument_free (nullable): what @question is asked with;
 * @answer_free (nullable): for an answer that nobody takes. */
void
kalon_catalogue_ask (KalonCatalogue *self, gpointer tag, KalonCatalogueQuestion question,
                     gpointer argument, GDestroyNotify argument_free, GDestroyNotify answer_free,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gpointer
kalon_catalogue_answer (KalonCatalogue *self, gpointer tag, GAsyncResult *result, GError **error);
/* On the worker. A model that does not load is told by whoever searches or indexes with it: ""
 * then.
 */
const char *kalon_catalogue_get_model_hash (KalonCatalogue *self, GCancellable *cancellable);

G_END_DECLS
