/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What cli-label.c, cli-label-build.c, cli-label-status.c and cli-label-answer.c share. */

#include "kalon-cli-private.h"

#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

extern const KalonCliCommand kalon_label_build;
extern const KalonCliCommand kalon_label_status;
extern const KalonCliCommand kalon_label_answer;

/* %FALSE after a usage message when no id is among @arguments. */
gboolean kalon_cli_check_label_id (const KalonCliCommand *command, GStrv arguments);

G_END_DECLS
