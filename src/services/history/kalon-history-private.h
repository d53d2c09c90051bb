/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/kalon-history.h"
#include "jobs/kalon-jobs.h"
#include "storage/kalon-storage.h"

G_BEGIN_DECLS

struct _KalonHistory
{
  GObject parent_instance;

  char *path;
  KalonWorker *worker;   /* for the _async functions */
  GMutex mutex;          /* of what follows */
  KalonStorage *storage; /* (nullable): not opened yet */
};

/* With the mutex held: opens the database. */
gboolean kalon_history_ensure_open (KalonHistory *self, GError **error);
/* (transfer full): what differs in case only is one. */
char *kalon_history_dup_key (const char *text);
/* (transfer full): what a search is found by. */
char *kalon_history_dup_words (const KalonQuestion *question);

/* Columns 0 to 3: id, time, name, question. Adds what can be read to @entries. */
gboolean kalon_history_read_rows (KalonStatement *statement, GPtrArray *entries, GError **error);

/* history-saved.c; with the mutex held. */
gboolean kalon_history_find_saved (KalonHistory *self, const char *key, guint limit,
                                   GPtrArray *entries, GError **error);

G_END_DECLS
