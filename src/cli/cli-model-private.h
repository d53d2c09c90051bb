/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The family "model": cli-model.c and cli-model-download.c. */

#include "kalon-cli-private.h"

#include "models/kalon-models.h"

G_BEGIN_DECLS

extern const KalonCliCommand kalon_cli_model_download;

/* A model's figures, as "model info" prints them. */
void kalon_cli_print_model (KalonCli *cli, const KalonModel *model, const char *hash);
/* What can be downloaded by a short name. */
void kalon_cli_print_offers (KalonCli *cli);

G_END_DECLS
