/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The first pictures of a board side by side, the first one largest; each fills its part, cut where
 * it must be. */

#include <gtk/gtk.h>

#include "boards/kalon-board-thumbnails.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_COVERS (kalon_board_covers_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardCovers, kalon_board_covers, KALON, BOARD_COVERS, GtkWidget)

GtkWidget *kalon_board_covers_new (KalonBoardThumbnails *thumbnails);

/* @covers: (element-type KalonBoardItem) (nullable): loaded again only where they are others. */
void kalon_board_covers_set (KalonBoardCovers *self, GPtrArray *covers);

G_END_DECLS
