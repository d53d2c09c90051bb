/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A picture on a board: the picture, its name, and the note, which is written in place.
 *
 * ::note-written (const char *note): another note was entered.
 */

#include "boards/kalon-boards.h"
#include "results/kalon-result-cell.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_CELL (kalon_board_cell_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardCell, kalon_board_cell, KALON, BOARD_CELL, GtkWidget)

GtkWidget *kalon_board_cell_new (void);

/* Logical pixels of its width. */
void kalon_board_cell_set_size (KalonBoardCell *self, int size);

/* @result: (nullable): the picture's thumbnail; then @item is what is said of it, which may be
 * %NULL: it is on the board no more. */
void kalon_board_cell_set_item (KalonBoardCell *self, KalonResultItem *result,
                                const KalonBoardItem *item, guint position, guint n_items);

void kalon_board_cell_edit_note (KalonBoardCell *self);

/* Where a picture that is dragged would come to stand. */
typedef enum
{
  KALON_DROP_NOWHERE,
  KALON_DROP_BEFORE,
  KALON_DROP_AFTER,
} KalonDropPlace;
void kalon_board_cell_set_drop_place (KalonBoardCell *self, KalonDropPlace place);

G_END_DECLS
