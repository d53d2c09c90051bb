/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What was searched for, newest first, and the searches that the user saved under names. Both live
 * in "history.db" in the library's directory, readable by the user only; what is removed is
 * overwritten with zeros.
 *
 * Any thread: calls wait for each other. Blocking functions are for the command line and tests; the
 * _async ones run on a worker and answer in the caller's thread-default main context, one after the
 * other, so that what was added is found by what is asked next. Errors: those of storage/, and
 * %KALON_ERROR_ARGUMENT where named.
 */

#include "question/kalon-question.h"

G_BEGIN_DECLS

/* Older ones are forgotten. */
#define KALON_HISTORY_MAX_SEARCHES 500
#define KALON_HISTORY_MAX_NAME 100

/* A search. */
typedef struct
{
  gint64 id;   /* 0: a saved one */
  gint64 time; /* seconds since 1970: when it was last asked, or saved */
  char *name;  /* (nullable): of a saved one */
  KalonQuestion *question;
} KalonHistoryEntry;

void kalon_history_entry_free (KalonHistoryEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonHistoryEntry, kalon_history_entry_free)

#define KALON_TYPE_HISTORY (kalon_history_get_type ())
G_DECLARE_FINAL_TYPE (KalonHistory, kalon_history, KALON, HISTORY, GObject)

/* @library_directory: (nullable): as for kalon_library_open(). Opened at the first call. */
KalonHistory *kalon_history_new (const char *library_directory);

/* The same question, whatever its case and strictness, moves to the front. An empty one is nothing.
 */
gboolean kalon_history_add (KalonHistory *self, const KalonQuestion *question, GError **error);

/**
 * kalon_history_find:
 * @text: what the words, names, files or filters have in them, whatever the case; "" is all
 * @limit: at most this many of each kind; 0 is all
 *
 * Returns: (transfer full) (element-type KalonHistoryEntry): saved searches by name, then the
 *   history, newest first; of each, those first that begin with @text. Rows that cannot be read are
 *   left out.
 */
GPtrArray *kalon_history_find (KalonHistory *self, const char *text, guint limit, GError **error);

/* One that is not there is no error. */
gboolean kalon_history_remove (KalonHistory *self, gint64 id, GError **error);
/* Not the saved ones. @n_removed: (out) (optional) */
gboolean kalon_history_clear (KalonHistory *self, gsize *n_removed, GError **error);

/* One of that name, whatever the case, is replaced. %KALON_ERROR_ARGUMENT for a blank or too long
 * name and an empty question. */
gboolean kalon_history_save (KalonHistory *self, const char *name, const KalonQuestion *question,
                             GError **error);
/* %KALON_ERROR_ARGUMENT when there is none of the name, or another of the new one. */
gboolean kalon_history_rename_saved (KalonHistory *self, const char *name, const char *new_name,
                                     GError **error);
gboolean kalon_history_remove_saved (KalonHistory *self, const char *name, GError **error);
/* (transfer full): %KALON_ERROR_ARGUMENT when there is none of the name. */
KalonHistoryEntry *kalon_history_get_saved (KalonHistory *self, const char *name, GError **error);

void kalon_history_find_async (KalonHistory *self, const char *text, guint limit,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
/* (transfer full) */
GPtrArray *kalon_history_find_finish (KalonHistory *self, GAsyncResult *result, GError **error);

/* Each ends with kalon_history_change_finish(). */
void kalon_history_add_async (KalonHistory *self, const KalonQuestion *question,
                              GAsyncReadyCallback callback, gpointer user_data);
void kalon_history_remove_async (KalonHistory *self, gint64 id, GAsyncReadyCallback callback,
                                 gpointer user_data);
void
kalon_history_clear_async (KalonHistory *self, GAsyncReadyCallback callback, gpointer user_data);
void kalon_history_save_async (KalonHistory *self, const char *name, const KalonQuestion *question,
                               GAsyncReadyCallback callback, gpointer user_data);
void kalon_history_rename_saved_async (KalonHistory *self, const char *name, const char *new_name,
                                       GAsyncReadyCallback callback, gpointer user_data);
void kalon_history_remove_saved_async (KalonHistory *self, const char *name,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_history_change_finish (KalonHistory *self, GAsyncResult *result, GError **error);

G_END_DECLS
