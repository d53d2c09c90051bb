/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The page of boards: all of them, or the pictures of one. New boards, their names, copies, export
 * and deletion, with undo.
 *
 * ::opened (GArray *pictures, guint position): a picture is to be looked at; @pictures are the
 *   library's pictures of the board (gint64 ids).
 * ::more-like-these (GStrv paths): a search by these pictures was asked for.
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARDS_PAGE (kalon_boards_page_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardsPage, kalon_boards_page, KALON, BOARDS_PAGE, GtkWidget)

/* Once. */
void kalon_boards_page_set_session (KalonBoardsPage *self, KalonSession *session);

void kalon_boards_page_show_board (KalonBoardsPage *self, gint64 board);

/* Focus on a picture of the open board, where one comes back from the viewer. */
void kalon_boards_page_focus_picture (KalonBoardsPage *self, gint64 picture);

/**
 * kalon_boards_page_apply:
 * @widget: the page, or any widget in it
 * @edit: (transfer full)
 * @done: (nullable): what to say when it is done, with an offer to undo it
 *
 * Files that could not be added are told in any case.
 */
void kalon_boards_page_apply (GtkWidget *widget, KalonBoardEdit *edit, const char *done);

/* Puts files (GdkFileList) on a board. @before: see kalon_board_edit_add() */
void
kalon_boards_page_add_files (GtkWidget *widget, gint64 board, gint64 before, GdkFileList *files);

/* A toast on the page that @widget is in. */
void kalon_boards_page_show_message (GtkWidget *widget, const char *message);

/* The same with a button that shows @path in Files. */
void kalon_boards_page_show_exported (GtkWidget *widget, const char *message, const char *path);

G_END_DECLS
