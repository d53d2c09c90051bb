/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The parts of the “llm” family. */

#include "kalon-cli-private.h"

#include "llm/kalon-llm.h"

G_BEGIN_DECLS

extern const KalonCliCommand kalon_cli_llm_key;
extern const KalonCliCommand kalon_cli_llm_models;
extern const KalonCliCommand kalon_cli_llm_test;

G_END_DECLS
