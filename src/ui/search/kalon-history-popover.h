/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Saved and earlier searches under the search box: those that have what is typed in them. It never
 * takes the focus from the entry by itself.
 *
 * ::found (guint n): the list is that of the newest kalon_history_popover_find().
 * ::chosen (const KalonQuestion *question): is to be asked.
 * ::left: the entry wants the focus back.
 * ::failed (const char *message): something was not kept or removed.
 */

#include <gtk/gtk.h>

#include "history/kalon-history.h"

G_BEGIN_DECLS

#define KALON_TYPE_HISTORY_POPOVER (kalon_history_popover_get_type ())
G_DECLARE_FINAL_TYPE (KalonHistoryPopover, kalon_history_popover, KALON, HISTORY_POPOVER,
                      GtkPopover)

/* Once. */
void kalon_history_popover_set_history (KalonHistoryPopover *self, KalonHistory *history);

/* Looks for searches that have @text in them, but for @current, which is asked already. A newer
 * call supersedes an older one. */
void kalon_history_popover_find (KalonHistoryPopover *self, const char *text,
                                 const KalonQuestion *current);
/* On the first row. */
void kalon_history_popover_focus (KalonHistoryPopover *self);

G_END_DECLS
