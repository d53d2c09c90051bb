/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A board in a list model. ::changed is emitted when what it says is new. Main thread. */

#include "boards/kalon-boards.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_OBJECT (kalon_board_object_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardObject, kalon_board_object, KALON, BOARD_OBJECT, GObject)

const KalonBoard *kalon_board_object_get_board (KalonBoardObject *self);

/* Makes @store hold @boards (element-type KalonBoard), keeping the objects of those that stay in
 * their places: a view keeps its focus. */
void kalon_board_objects_fill (GListStore *store, GPtrArray *boards);

G_END_DECLS
