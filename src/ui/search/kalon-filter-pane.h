/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The filters of a search, to choose and as text. What is chosen holds at once; what is typed a
 * moment after the last key, or at Return. Text that is no filter changes nothing and stands there
 * with what is wrong below it.
 */

#include <gtk/gtk.h>

#include "search/kalon-search.h"

G_BEGIN_DECLS

#define KALON_TYPE_FILTER_PANE (kalon_filter_pane_get_type ())
G_DECLARE_FINAL_TYPE (KalonFilterPane, kalon_filter_pane, KALON, FILTER_PANE, GtkWidget)

/* Once. */
void kalon_filter_pane_set_sources (KalonFilterPane *self, KalonSearch *search,
                                    KalonCatalogue *catalogue);
/* Asks the catalogue for its folders and cameras; and is at most @width and @height large, in
 * logical pixels. */
void kalon_filter_pane_prepare (KalonFilterPane *self, int width, int height);

G_END_DECLS
