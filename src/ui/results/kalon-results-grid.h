/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The grid of results. Tells the thumbnail queue what is visible; any number of pictures can be
 * selected, by pointer and keys, and the selection stays with them while they change their order.
 * One context menu for pointer and keyboard, and a bar for what many are selected for.
 *
 * What is done with pictures it asks of the window: "win.copy-pictures" and its like, whose target
 * is the ids ("ax"; see window/).
 *
 * ::opened (guint position): a picture was activated.
 * ::thumb (guint position, gboolean liked): the picture's thumb was pressed.
 * ::more-like-this (const char *path): a query by this picture was asked for.
 */

#include "catalogue/kalon-catalogue.h"
#include "results/kalon-results-model.h"
#include "results/kalon-thumbnail-queue.h"

G_BEGIN_DECLS

#define KALON_TYPE_RESULTS_GRID (kalon_results_grid_get_type ())
G_DECLARE_FINAL_TYPE (KalonResultsGrid, kalon_results_grid, KALON, RESULTS_GRID, GtkWidget)

/* The smallest and largest of the thumbnail-size property, logical pixels. */
#define KALON_RESULTS_GRID_MIN_SIZE 96
#define KALON_RESULTS_GRID_MAX_SIZE 320

/* Once. */
void kalon_results_grid_set_sources (KalonResultsGrid *self, KalonResultsModel *model,
                                     KalonThumbnailQueue *queue);

/* Where the files of pictures are looked up that are not on screen: several can then be dragged. */
void kalon_results_grid_set_catalogue (KalonResultsGrid *self, KalonCatalogue *catalogue);

/* Scrolls to @position and gives it, alone, selection and focus. gtk_widget_grab_focus() does so
 * with the selected picture, or the first; it leaves several selected. */
void kalon_results_grid_select (KalonResultsGrid *self, guint position);
/* (transfer full) (element-type gint64): ids of what is selected, in the order shown. */
GArray *kalon_results_grid_list_selected (KalonResultsGrid *self);
void kalon_results_grid_scroll_to_top (KalonResultsGrid *self);

/* The positions that are on screen; @n_visible 0 when none. */
void kalon_results_grid_get_visible (KalonResultsGrid *self, guint *first, guint *n_visible);

G_END_DECLS
