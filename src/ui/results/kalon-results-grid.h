/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The grid of results. Tells the thumbnail queue what is visible; opens, copies and shows pictures;
 * one context menu for pointer and keyboard.
 *
 * ::opened (guint position): a picture was activated.
 * ::thumb (guint position, gboolean liked): the picture's thumb was pressed.
 * ::more-like-this (const char *path): a query by this picture was asked for.
 * ::not-like-this (const char *path): the query is to look away from this picture.
 *
 * For two grids beside each other: ::hovered (gint64 picture) and ::selected (gint64 picture), 0
 * for none, when it changes; ::laid-out after a frame in which cells moved.
 */

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

/* Scrolls to @position and gives it selection and focus. gtk_widget_grab_focus() does so with the
 * selected picture, or the first. */
void kalon_results_grid_select (KalonResultsGrid *self, guint position);
/* See kalon_results_model_set_unfolded(). When the picture with the focus is folded away, its
 * result gets the focus. */
void kalon_results_grid_set_unfolded (KalonResultsGrid *self, gint64 picture_id, gboolean unfolded);
void kalon_results_grid_scroll_to_top (KalonResultsGrid *self);

/* Adds the ids (gint64) of the selected pictures to @pictures; with none, of the one with the
 * focus. */
void kalon_results_grid_list_selected (KalonResultsGrid *self, GArray *pictures);

/* The positions that are on screen; @n_visible 0 when none. */
void kalon_results_grid_get_visible (KalonResultsGrid *self, guint *first, guint *n_visible);

/* Vertical: for scrolling two grids as one. */
GtkAdjustment *kalon_results_grid_get_adjustment (KalonResultsGrid *self);
void kalon_results_grid_unselect (KalonResultsGrid *self);
/* Marks the cell of a picture that is looked at elsewhere; 0 is none. */
void kalon_results_grid_set_linked (KalonResultsGrid *self, gint64 picture);

/* A row that is on screen: the position of its first picture, how many it has, and where it lies,
 * in the grid's coordinates. */
typedef struct
{
  guint first;
  guint n;
  float y;
  float height;
} KalonGridRow;

/* (transfer full) (element-type KalonGridRow): from the top. */
GArray *kalon_results_grid_list_rows (KalonResultsGrid *self);

G_END_DECLS
