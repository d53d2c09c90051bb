/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/kalon-picture-selection.h"
#include "results/kalon-result-cell.h"
#include "results/kalon-results-grid.h"

G_BEGIN_DECLS

struct _KalonResultsGrid
{
  GtkWidget parent_instance;

  KalonThumbnailQueue *queue;
  KalonResultsModel *model;
  KalonCatalogue *catalogue; /* (nullable) */
  KalonPictureSelection *selection;
  GHashTable *bound; /* GtkListItem, borrowed: between bind and unbind */
  int size;
  gboolean update_wanted;
  gboolean keep_top;            /* the model changed while the view stood at its top */
  guint focus_position;         /* to be focused once it has a cell */
  gpointer focus_before_wanted; /* the widget that had it when that was set; to compare only */
  gboolean held;                /* the model changed, and the view has not been laid out since */

  guint scroll_position; /* to be brought into sight */
  double scroll_y;       /* where it is to lie in the view; NaN: anywhere in it */
  guint n_scrolls;       /* layouts for that */

  /* The selected pictures' files, for a drag. */
  guint resolve_id;
  GCancellable *resolving; /* (nullable) */
  GPtrArray *resolved;     /* KalonPicture; NULL: not known */
  gint64 linked;           /* a picture; 0: none */
  gint64 hovered;          /* likewise */
  gint64 selected;         /* that was last told of */

  /* While the same query's pictures change their order. */
  gboolean reordering;
  guint n_layouts;      /* at the place, one after the other */
  double place;         /* the scroll position */
  gint64 focus_picture; /* 0: the focus is elsewhere */
  guint focus_before;   /* where that was */

  GtkScrolledWindow *scrolled;
  GtkGridView *view;
  GtkPopover *menu;
  GtkActionBar *bar;
  GtkLabel *selected_label;
};

/* Once a frame, whatever happens in it. */
void kalon_results_grid_queue_update (KalonResultsGrid *self);
/* What is to be focused, once it has a cell. */
void kalon_results_grid_update_focus (KalonResultsGrid *self);
/* As many columns as fit. */
void kalon_results_grid_update_columns (KalonResultsGrid *self);

/* results-grid-cells.c: the view, its cells, and what pointers do with them. */
void kalon_results_grid_set_up_view (KalonResultsGrid *self);
/* Popped up in the middle of the cell at @position. */
void kalon_results_grid_pop_up_menu (KalonResultsGrid *self, GtkListItem *list_item);
/* (nullable): the one whose cell has the focus. */
GtkListItem *kalon_results_grid_get_focused (KalonResultsGrid *self);

/* results-grid-drag.c: the files of what is selected, one or many. */
void kalon_results_grid_add_drag (KalonResultsGrid *self, GtkListItem *list_item);
void kalon_results_grid_resolve (KalonResultsGrid *self);

/* results-grid-scroll.c: a model that changes, and a view that does not know it yet. */

/* The view must not hear of scrolling until it is laid out: it would look for cells that are not
 * there any more, and complain. */
void kalon_results_grid_hold (KalonResultsGrid *self);
/* After a layout. */
void kalon_results_grid_release (KalonResultsGrid *self);
/* Brings @position into sight and gives it the focus. */
void kalon_results_grid_go_to (KalonResultsGrid *self, guint position);
/* What is looked at stays where it is while cells change their size. */
void kalon_results_grid_keep_in_sight (KalonResultsGrid *self);
/* After a layout, before it is painted. */
void kalon_results_grid_follow_scroll (KalonResultsGrid *self);

/* results-grid-actions.c: menu, keys and the buttons of thumbs. */
void kalon_results_grid_install_actions (GtkWidgetClass *widget_class);
void kalon_results_grid_follow_selection (KalonResultsGrid *self);
/* (transfer full) (nullable): the selected picture's item, if it is one. */
KalonResultItem *kalon_results_grid_dup_only_item (KalonResultsGrid *self);

/* results-grid-place.c: place and focus while pictures change their order. */

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
