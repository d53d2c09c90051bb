/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The commands "history" and "saved". */

#include "kalon-cli-private.h"

#include "history/kalon-history.h"

G_BEGIN_DECLS

/* (transfer full): the arguments that "search" is asked the same with. */
GStrv kalon_cli_question_to_arguments (const KalonQuestion *question);

/* A line; an object of an array. */
void kalon_cli_print_search (const KalonHistoryEntry *entry);
void kalon_cli_json_search (JsonBuilder *builder, const KalonHistoryEntry *entry);

KalonCliStatus kalon_cli_list_saved (KalonCli *cli, const KalonCliCommand *command, GStrv argv);

G_END_DECLS
