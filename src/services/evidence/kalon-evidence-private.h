/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/kalon-evidence.h"

G_BEGIN_DECLS

/* In a sentence: "accuracy", "aesthetics", "diversity" */
extern const char *const kalon_evidence_hpir_titles[KALON_N_HPIR_ASPECTS];

/* In a paragraph each, (transfer full) (nullable): what each part gained alone, and the controls;
 * which rankings reach the aim. */
char *kalon_evidence_describe_hpir_parts (const KalonHpirFigures *figures);
char *kalon_evidence_describe_hpir_aim (const KalonHpirFigures *figures);

/* A table for each aspect by kind, then by who judged; and one of those who did. */
void kalon_evidence_add_hpir_splits (KalonReportSection *section, const KalonHpirFigures *figures);
void
kalon_evidence_add_hpir_labelers (KalonReportSection *section, const KalonHpirFigures *figures);

G_END_DECLS
