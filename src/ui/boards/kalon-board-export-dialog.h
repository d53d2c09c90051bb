/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Exports a board: asks how and where, shows how far it is, and says what could not be exported.
 * The page that it belongs to tells that it is done. */

#include <adwaita.h>

#include "board-export/kalon-board-export.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_EXPORT_DIALOG (kalon_board_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardExportDialog, kalon_board_export_dialog, KALON, BOARD_EXPORT_DIALOG,
                      AdwWindow)

/* @page: a KalonBoardsPage; @contents: (transfer full) */
KalonBoardExportDialog *
kalon_board_export_dialog_new (GtkWidget *page, KalonBoardContents *contents);

/* As if the user had chosen @path in the file chooser. */
void kalon_board_export_dialog_export_to (KalonBoardExportDialog *self, const char *path);

G_END_DECLS
