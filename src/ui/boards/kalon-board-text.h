/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What was done to boards, in words. */

#include "boards/kalon-boards.h"

G_BEGIN_DECLS

/* (transfer full): "Added 3 pictures to “Autumn”, 1 was there already". @name: of the board */
char *kalon_board_added_to_text (const KalonBoardOutcome *outcome, const char *name);

/* (transfer full): "12 pictures · for the cabin brochure" */
char *kalon_board_subtitle_to_text (const KalonBoard *board);

G_END_DECLS
