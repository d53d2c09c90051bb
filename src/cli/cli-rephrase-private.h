/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* cli-rephrase.c: for whoever ranks by a rephrased query. */

#include "kalon-cli-private.h"

#include "models/kalon-models.h"
#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

/* @style: (inout): stays where @name, (nullable), is %NULL. %FALSE after a usage message. */
gboolean
kalon_cli_parse_style (const KalonCliCommand *command, const char *name, KalonRephraseStyle *style);
/* Returns: (transfer full) (nullable): the one that is configured, named on stderr when it is on
 * another machine; %NULL where none is, or it cannot be asked: then @reason, (out) (transfer full),
 * says why */
KalonLlm *kalon_cli_open_llm (char **reason);
/* Returns: (transfer full) (nullable): the same without key and consent, to be named and not asked;
 * %NULL without an error where none is configured */
KalonLlm *kalon_cli_name_llm (GError **error);
/* (transfer full): by the language model that is configured, which is named on stderr when it is on
 * another machine; by word lists where there is none, or it fails. Blocks. */
KalonRephrasing *
kalon_cli_rephrase_query (KalonCli *cli, const KalonModel *model, const char *query,
                          KalonRephraseStyle style, GError **error);
/* (transfer full): the texts of all, %NULL-terminated, with a progress bar. Without @send nothing
 * is sent: by what the language model has answered before, and word lists. */
GStrv
kalon_cli_rephrase_queries (KalonCli *cli, const KalonModel *model, const char *const *queries,
                            KalonRephraseStyle style, gboolean send, GError **error);

G_END_DECLS
