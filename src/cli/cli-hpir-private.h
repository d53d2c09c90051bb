/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The family "hpir". */

#include "kalon-cli-private.h"

#include "hpir/kalon-hpir.h"

G_BEGIN_DECLS

extern const KalonCliCommand kalon_hpir_check;
extern const KalonCliCommand kalon_hpir_show;
extern const KalonCliCommand kalon_hpir_synthetic;

/* "Holidays", and that it is synthetic where it is; a line each. */
void kalon_cli_print_hpir (const KalonHpirSet *set);
/* "name", "synthetic", "made_from" */
void kalon_cli_json_hpir (JsonBuilder *builder, const KalonHpirSet *set);

G_END_DECLS
