/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A menu button with the filters of the search: with a number on it while there are any, which is
 * how many.
 */

#include "search/kalon-filter-pane.h"

G_BEGIN_DECLS

#define KALON_TYPE_FILTER_BUTTON (kalon_filter_button_get_type ())
G_DECLARE_FINAL_TYPE (KalonFilterButton, kalon_filter_button, KALON, FILTER_BUTTON, GtkWidget)

/* Once. @catalogue: asked what there is to filter by, whenever the popover is opened. */
void kalon_filter_button_set_sources (KalonFilterButton *self, KalonSearch *search,
                                      KalonCatalogue *catalogue);
void kalon_filter_button_popup (KalonFilterButton *self);

G_END_DECLS
