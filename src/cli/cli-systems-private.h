/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* cli-systems.c: for whoever compares two systems. */

#include "kalon-cli-private.h"

G_BEGIN_DECLS

/* clang-format off */
#define KALON_CLI_SYSTEM_ENTRY(options)                                                            \
  { "system", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(options).systems,                                 \
    "Who answers, twice: “baseline” and “aligned” (the default), “rephrased”, “model:ID”, "        \
    "“profile:NAME”, “folder:DIR”, “results:FILE”",                                                \
    "SYSTEM" }
/* clang-format on */

/* @systems: (nullable): the default. %FALSE after a usage message. */
gboolean kalon_cli_check_systems (const KalonCliCommand *command, GStrv systems);

G_END_DECLS
