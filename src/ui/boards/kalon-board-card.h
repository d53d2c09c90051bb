/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A board in the list: its first pictures, its name, how many it has. Files dropped on it come onto
 * the board: ::dropped (GdkFileList *files). */

#include <gtk/gtk.h>

#include "boards/kalon-board-object.h"
#include "boards/kalon-board-thumbnails.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_CARD (kalon_board_card_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardCard, kalon_board_card, KALON, BOARD_CARD, GtkWidget)

GtkWidget *kalon_board_card_new (KalonBoardThumbnails *thumbnails);

/* @object: (nullable) */
void kalon_board_card_set_object (KalonBoardCard *self, KalonBoardObject *object);
KalonBoardObject *kalon_board_card_get_object (KalonBoardCard *self);

G_END_DECLS
