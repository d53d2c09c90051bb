/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One side of a comparison: above, which ranking it shows, with a menu of those that there are;
 * below, its pictures, or why there are none; at the edges, where a picture is that is looked at on
 * the other side and is not on screen here.
 *
 * ::chosen (const char *key): a ranking of kalon_rival_dup_key() was chosen from the menu.
 */

#include "results/kalon-results-grid.h"
#include "rivals/kalon-rivals.h"

G_BEGIN_DECLS

#define KALON_TYPE_COMPARE_PANE (kalon_compare_pane_get_type ())
G_DECLARE_FINAL_TYPE (KalonComparePane, kalon_compare_pane, KALON, COMPARE_PANE, GtkWidget)

/* Once. */
void kalon_compare_pane_set_sources (KalonComparePane *self, KalonResultsModel *model,
                                     KalonThumbnailQueue *thumbnails);
KalonResultsGrid *kalon_compare_pane_get_grid (KalonComparePane *self);

/* @rivals: (element-type KalonRival): what the menu offers; @key: of the one that is shown */
void kalon_compare_pane_set_rivals (KalonComparePane *self, GPtrArray *rivals, const char *key);
/* @menu: whether another can be chosen: not while it must not be known which it is. */
void kalon_compare_pane_set_title (KalonComparePane *self, const char *title, gboolean menu);
/* Beside the title. */
void
kalon_compare_pane_set_figure (KalonComparePane *self, const char *figure, const char *explanation);

void kalon_compare_pane_show_pictures (KalonComparePane *self);
/* A spinner. */
void kalon_compare_pane_show_waiting (KalonComparePane *self, const char *text);
void
kalon_compare_pane_show_problem (KalonComparePane *self, const char *title, const char *reason);

/* Marks the picture at @rank; 0: none of them. @outside: says so at an edge where that is not on
 * screen. */
void kalon_compare_pane_set_linked (KalonComparePane *self, guint rank, gboolean outside);
/* It is looked at on the other side, and not in this ranking. */
void kalon_compare_pane_set_missing (KalonComparePane *self);

G_END_DECLS
