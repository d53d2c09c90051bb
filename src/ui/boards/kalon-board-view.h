/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One board: its pictures in a grid that is put in order by dragging and by keys, notes written in
 * place. Lies in a KalonBoardsPage, which edits and tells.
 *
 * ::closed: the board is there no more.
 * ::opened (GArray *pictures, guint position): of the library's pictures on the board (gint64 ids)
 *   one is to be looked at.
 * ::more-like-these (GStrv paths): the selected pictures, else all.
 * ::loaded: what the board is called, or how many pictures it has, is new.
 */

#include <gtk/gtk.h>

#include "boards/kalon-board-thumbnails.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_VIEW (kalon_board_view_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardView, kalon_board_view, KALON, BOARD_VIEW, GtkWidget)

/* Once. The "thumbnail-size" property is for GSettings to bind. */
void kalon_board_view_set_sources (KalonBoardView *self, KalonBoards *boards,
                                   KalonBoardThumbnails *thumbnails);

/* @board: 0 shows nothing */
void kalon_board_view_show (KalonBoardView *self, gint64 board);
/* Looks again: something has changed. */
void kalon_board_view_reload (KalonBoardView *self);

gint64 kalon_board_view_get_board (KalonBoardView *self);
/* (nullable): not loaded yet */
const KalonBoardContents *kalon_board_view_get_contents (KalonBoardView *self);

/* The focus goes to the picture of the library that was looked at last. */
void kalon_board_view_focus_picture (KalonBoardView *self, gint64 picture);

G_END_DECLS
