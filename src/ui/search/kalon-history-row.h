/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A row of the list of searches: an earlier one, or a saved one under its name, which can be
 * renamed. A saved one that was removed stays as a row that says so, and can be taken back.
 *
 * ::remove, ::rename, ::undo: were asked for, by button or by key (Delete, F2).
 */

#include <gtk/gtk.h>

#include "history/kalon-history.h"

G_BEGIN_DECLS

#define KALON_TYPE_HISTORY_ROW (kalon_history_row_get_type ())
G_DECLARE_FINAL_TYPE (KalonHistoryRow, kalon_history_row, KALON, HISTORY_ROW, GtkListBoxRow)

/* @entry: (transfer full) */
GtkWidget *kalon_history_row_new (KalonHistoryEntry *entry);

/* (transfer none) */
const KalonHistoryEntry *kalon_history_row_get_entry (KalonHistoryRow *self);
void kalon_history_row_set_removed (KalonHistoryRow *self, gboolean removed);

G_END_DECLS
