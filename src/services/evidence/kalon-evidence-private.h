/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/kalon-evidence.h"

G_BEGIN_DECLS

/* In a sentence: "accuracy", "aesthetics", "diversity" */
extern const char *const kalon_evidence_hpir_titles[KALON_N_HPIR_ASPECTS];

G_END_DECLS
