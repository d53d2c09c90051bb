/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* cli-rephrase.c: for whoever ranks by a rephrased query. */

#include "kalon-cli-private.h"

#include "models/kalon-models.h"
#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

/* @llm: (out) (transfer full) (nullable): the one that is configured, named on stderr when it is on
 * another machine; %NULL without an error where none is */
gboolean kalon_cli_open_llm (KalonLlm **llm, GError **error);
/* (transfer full): by the language model that is configured, which is named on stderr when it is on
 * another machine; by word lists where there is none. Blocks. */
KalonRephrasing *
kalon_cli_rephrase_query (KalonCli *cli, const KalonModel *model, const char *query,
                          KalonRephraseStyle style, GError **error);

G_END_DECLS
