/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalogue/kalon-catalogue.h"
#include "jobs/kalon-jobs.h"

G_BEGIN_DECLS

struct _KalonCatalogue
{
  GObject parent_instance;

  char *library_directory;
  KalonWorker *worker; /* what follows is its own; the library is open when it is asked */
  KalonLibrary *library;
  char *model_directory;
  char *model_hash;

  guint version; /* main thread: what the last check saw */
  gboolean checked;
};

/* ::changed, for what the worker's own connection has committed. */
void kalon_catalogue_tell_changed (KalonCatalogue *self);
/* On the worker. A model that does not load is told by whoever searches or indexes with it: ""
 * then.
 */
const char *kalon_catalogue_get_model_hash (KalonCatalogue *self, GCancellable *cancellable);

G_END_DECLS
