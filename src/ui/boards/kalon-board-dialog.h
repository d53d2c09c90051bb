/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Asks for a board's name and what it is about. */

#include <adwaita.h>

#include "boards/kalon-boards.h"

G_BEGIN_DECLS

/* What was entered. */
typedef void (*KalonBoardDialogFunc) (const char *name, const char *description,
                                      gpointer user_data);

/**
 * kalon_board_dialog_present:
 * @board: (nullable): to be changed; %NULL is a new one
 * @func: called when it is agreed to, with a name
 * @user_data: a GObject, held until the dialog is closed
 */
void kalon_board_dialog_present (GtkWidget *parent, const KalonBoard *board,
                                 KalonBoardDialogFunc func, gpointer user_data);

G_END_DECLS
