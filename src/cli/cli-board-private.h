/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What cli-board.c, cli-board-edit.c and cli-board-export.c share. */

#include "kalon-cli-private.h"

#include "boards/kalon-boards.h"

G_BEGIN_DECLS

extern const KalonCliCommand kalon_board_create;
extern const KalonCliCommand kalon_board_rename;
extern const KalonCliCommand kalon_board_describe;
extern const KalonCliCommand kalon_board_sort;
extern const KalonCliCommand kalon_board_remove;
extern const KalonCliCommand kalon_board_add;
extern const KalonCliCommand kalon_board_drop;
extern const KalonCliCommand kalon_board_move;
extern const KalonCliCommand kalon_board_note;
extern const KalonCliCommand kalon_board_export_command;

/* (transfer full): the board of @name, with its pictures. */
KalonBoardContents *
kalon_cli_load_board (KalonCli *cli, KalonBoardStore *store, const char *name, GError **error);

/* "arranged", "name" or "date". */
extern const char *const kalon_cli_board_orders[];

G_END_DECLS
