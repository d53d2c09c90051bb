/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The family "model": cli-model.c, cli-model-aesthetic.c and cli-model-download.c.
 */

#include "kalon-cli-private.h"

#include "models/kalon-models.h"

G_BEGIN_DECLS

extern const KalonCliCommand kalon_model_import_head;
extern const KalonCliCommand kalon_model_score;

/* A line each, behind the models': what completes an id reads the first words of those. */
void kalon_model_print_heads (GPtrArray *heads);
/* "heads": what is known of each. @heads: (element-type KalonHead) */
void kalon_model_json_heads (JsonBuilder *builder, GPtrArray *heads);

extern const KalonCliCommand kalon_cli_model_download;

/* A model's figures, as "model info" prints them. */
void kalon_cli_print_model (KalonCli *cli, const KalonModel *model, const char *hash);
/* What can be downloaded by a short name. */
void kalon_cli_print_offers (KalonCli *cli);

G_END_DECLS
