/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "boards/kalon-board-thumbnails.h"
#include "boards/kalon-board-view.h"
#include "boards/kalon-boards-page.h"

G_BEGIN_DECLS

struct _KalonBoardsPage
{
  GtkWidget parent_instance;

  KalonBoards *boards;
  KalonBoardThumbnails *thumbnails;
  GListStore *store; /* KalonBoardObject */
  GCancellable *cancellable;
  gint64 menu_board;        /* that the list's menu is of */
  GtkNativeDialog *chooser; /* while it is open */
  AdwToast *toast;          /* weak: the one with an offer to undo */

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *error_page;
  GtkLabel *list_label;
  GtkGridView *list_view;
  GtkPopover *list_menu;
  GtkLabel *title_label;
  GtkLabel *subtitle_label;
  KalonBoardView *view;
};

/* boards-page-actions.c */
void kalon_boards_page_install_actions (GtkWidgetClass *widget_class);
gboolean kalon_boards_page_shows_board (KalonBoardsPage *self);

/* boards-page-list.c: all boards. */
void kalon_boards_page_make_list (KalonBoardsPage *self);
void kalon_boards_page_reload_list (KalonBoardsPage *self);
/* (transfer full) (nullable): of the list */
KalonBoard *kalon_boards_page_dup_board (KalonBoardsPage *self, gint64 board);
/* The menu of the board with the focus. */
void kalon_boards_page_popup_menu (KalonBoardsPage *self);

G_END_DECLS
