/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "boards/kalon-board-cell.h"
#include "boards/kalon-board-view.h"

G_BEGIN_DECLS

struct _KalonBoardView
{
  GtkWidget parent_instance;

  KalonBoards *boards;
  KalonBoardThumbnails *thumbnails;
  KalonResultsModel *model; /* the ids of items */
  GtkMultiSelection *selection;
  GHashTable *bound; /* GtkListItem, borrowed: between bind and unbind */
  int size;

  gint64 board;                 /* 0: none */
  KalonBoardContents *contents; /* (nullable): not loaded yet */
  GHashTable *items;            /* id (in the item) -> KalonBoardItem of @contents, borrowed */
  GCancellable *cancellable;    /* of what is asked for @board */
  gboolean update_wanted;
  gint64 focus_item; /* to be focused when it has a cell; 0 none */

  KalonBoardCell *drop_cell; /* borrowed: it shows where a drop would go */
  int drop_scroll;           /* pixels a frame while something is held at an edge */
  guint drop_tick;

  GtkStack *stack;
  AdwStatusPage *message;
  GtkScrolledWindow *scrolled;
  GtkGridView *view;
  GtkPopover *menu;
};

/* kalon-board-view.c: once a frame, whatever happens in it. */
void kalon_board_view_queue_update (KalonBoardView *self);

/* board-view-contents.c */

/* Shows @contents as they are now, keeping focus and selection. */
void kalon_board_view_update (KalonBoardView *self);
/* Puts items elsewhere: at once, and then in the store. @before: 0 is the end */
void kalon_board_view_move (KalonBoardView *self, GArray *items, gint64 before);

/* board-view-cells.c */

void kalon_board_view_make_cells (KalonBoardView *self);
void kalon_board_view_fill_cell (KalonBoardView *self, GtkListItem *list_item);
/* Only when a frame's layout is done do cells lie where they will be seen. */
void kalon_board_view_after_paint (KalonBoardView *self);
/* (transfer full): ids of the selected items in the order shown. */
GArray *kalon_board_view_list_selected (KalonBoardView *self);
const KalonBoardItem *kalon_board_view_get_item (KalonBoardView *self, guint position);
/* (transfer none) (nullable): the list item that @widget is the cell of, or is in. */
GtkListItem *kalon_board_view_find_list_item (KalonBoardView *self, GtkWidget *widget);
/* board-view-actions.c */
void kalon_board_view_install_actions (GtkWidgetClass *widget_class);
void kalon_board_view_follow_selection (KalonBoardView *self);
void kalon_board_view_add_keys (KalonBoardView *self);
void kalon_board_view_open (KalonBoardView *self, guint position);

/* board-view-drag.c */
void kalon_board_view_add_drag_source (KalonBoardView *self, GtkListItem *list_item);
void kalon_board_view_add_drop_target (KalonBoardView *self);

G_END_DECLS
