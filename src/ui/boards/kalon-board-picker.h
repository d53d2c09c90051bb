/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * "Add to Board": a list of the boards, the last used first; typing narrows it, and names a new
 * one. Enter takes the selected row.
 *
 * ::added (KalonBoardOutcome *outcome, const char *board): pictures came onto the board of that
 *   name.
 * ::failed (const char *message)
 */

#include <adwaita.h>

#include "boards/kalon-boards.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_PICKER (kalon_board_picker_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardPicker, kalon_board_picker, KALON, BOARD_PICKER, AdwWindow)

/* @pictures: (element-type gint64): ids of the library */
KalonBoardPicker *kalon_board_picker_new (GtkWindow *parent, KalonBoards *boards, GArray *pictures);

G_END_DECLS
