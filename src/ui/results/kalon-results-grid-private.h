/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/kalon-result-cell.h"
#include "results/kalon-results-grid.h"

G_BEGIN_DECLS

struct _KalonResultsGrid
{
  GtkWidget parent_instance;

  KalonThumbnailQueue *queue;
  KalonResultsModel *model;
  GtkSingleSelection *selection;
  GHashTable *bound; /* GtkListItem, borrowed: between bind and unbind */
  int size;
  gboolean update_wanted;
  gboolean keep_top;            /* the model changed while the view stood at its top */
  guint focus_position;         /* to be focused once it has a cell */
  gpointer focus_before_wanted; /* the widget that had it when that was set; to compare only */
  gint64 linked;                /* a picture; 0: none */
  gint64 hovered;               /* likewise */
  gint64 selected;              /* that was last told of */

  /* While the same query's pictures change their order. */
  gboolean reordering;
  guint n_layouts;         /* at the place, one after the other */
  double place;            /* the scroll position */
  gint64 focus_picture;    /* 0: the focus is elsewhere */
  guint focus_before;      /* where that was */
  gint64 selected_picture; /* 0: none */

  GtkScrolledWindow *scrolled;
  GtkGridView *view;
  GtkPopover *menu;
};

/* Once a frame, whatever happens in it. */
void kalon_results_grid_queue_update (KalonResultsGrid *self);

/* results-grid-actions.c: menu, keys and the buttons of thumbs. */
void kalon_results_grid_install_actions (GtkWidgetClass *widget_class);
void kalon_results_grid_follow_selection (KalonResultsGrid *self);

/* results-grid-place.c: place, focus and selection while pictures change their order. */

/* (nullable): the cell with the focus. */
KalonResultCell *kalon_results_grid_get_focused_cell (KalonResultsGrid *self);
void kalon_results_grid_want_focus (KalonResultsGrid *self, guint position);
gboolean kalon_results_grid_has_lost_focus (KalonResultsGrid *self);
/* Before they do. */
void kalon_results_grid_begin_reordering (KalonResultsGrid *self);
/* After every layout, before it is painted. */
void kalon_results_grid_keep_place (KalonResultsGrid *self);
/* After every frame. */
void kalon_results_grid_keep_focus (KalonResultsGrid *self);

/* results-grid-link.c: what a grid beside it wants to know. */
void kalon_results_grid_watch_pointer (KalonResultsGrid *self);
void kalon_results_grid_tell_selected (KalonResultsGrid *self);

G_END_DECLS
