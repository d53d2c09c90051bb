/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/kalon-evidence.h"

G_BEGIN_DECLS

/* In a sentence: "accuracy", "aesthetics", "diversity" */
extern const char *const kalon_evidence_hpir_titles[KALON_N_HPIR_ASPECTS];

/* "it gained 4.2 points (2.0 to 6.4) on @title", or cost, or what else can be said.
 * @unit: %KALON_REPORT_POINTS or %KALON_REPORT_CHANGE */
void kalon_evidence_append_gain (GString *text, const char *title, const KalonEstimate *gain,
                                 KalonReportUnit unit);

/* A chart of bars with their intervals. @values: [n]; @reference: NaN: none */
void kalon_evidence_add_bars (KalonReportSection *section, const char *id, const char *title,
                              const char *x_title, const char *y_title, const char *const *labels,
                              const KalonEstimate *values, gsize n, KalonChartUnit unit,
                              double reference, const char *reference_name);

G_END_DECLS
