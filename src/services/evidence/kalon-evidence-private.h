/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/kalon-evidence.h"

G_BEGIN_DECLS

/* In a sentence: "accuracy", "aesthetics", "diversity" */
extern const char *const kalon_evidence_hpir_titles[KALON_N_HPIR_ASPECTS];

/* "+4.2 points, +2.0 to +6.4"; @unit as below */
void
kalon_evidence_append_change (GString *text, const KalonEstimate *change, KalonReportUnit unit);
/* "it gained 4.2 points (2.0 to 6.4) on @title", or cost, or what else can be said.
 * @unit: %KALON_REPORT_POINTS or %KALON_REPORT_CHANGE */
void kalon_evidence_append_gain (GString *text, const char *title, const KalonEstimate *gain,
                                 KalonReportUnit unit);

/* (transfer full): what style @i, and alignment in a domain, gained and cost, in one paragraph. */
char *kalon_evidence_describe_style (const KalonRephraseFigures *figures, guint i);
char *kalon_evidence_describe_domain (const KalonDomainFigures *domain);

/* @chart with one series, @name, with intervals. @values: [n of @chart] */
void kalon_evidence_add_estimates (KalonReportSection *section, const char *id, const char *name,
                                   const KalonChartData *chart, const KalonEstimate *values);
/* A chart of bars with their intervals. @values: [n]; @reference: NaN: none */
void kalon_evidence_add_bars (KalonReportSection *section, const char *id, const char *title,
                              const char *x_title, const char *y_title, const char *const *labels,
                              const KalonEstimate *values, gsize n, KalonChartUnit unit,
                              double reference, const char *reference_name);

/* In a paragraph each, (transfer full) (nullable): what each part gained alone, and the controls;
 * which rankings reach the aim. */
char *kalon_evidence_describe_hpir_parts (const KalonHpirFigures *figures);
char *kalon_evidence_describe_hpir_aim (const KalonHpirFigures *figures);

/* A table for each aspect by kind, then by who judged; and one of those who did. */
void kalon_evidence_add_hpir_splits (KalonReportSection *section, const KalonHpirFigures *figures);
void
kalon_evidence_add_hpir_labelers (KalonReportSection *section, const KalonHpirFigures *figures);

/* @title with what it was measured on, if that is told. */
KalonReportSection *
kalon_evidence_add_section (KalonReport *report, const char *id, const char *title, const char *of);

/* Columns whose keys and titles are made: "recall_5", "Recall@5". */
typedef struct
{
  GArray *columns; /* KalonReportColumn */
  GPtrArray *texts;
} KalonEvidenceColumns;

void kalon_evidence_columns_init (KalonEvidenceColumns *self);
void kalon_evidence_columns_clear (KalonEvidenceColumns *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonEvidenceColumns, kalon_evidence_columns_clear)
void kalon_evidence_columns_add (KalonEvidenceColumns *self, const char *key, const char *title,
                                 KalonReportUnit unit);
/* @key and @title with @cut behind them */
void kalon_evidence_columns_add_cut (KalonEvidenceColumns *self, const char *key, const char *title,
                                     guint cut, KalonReportUnit unit);
KalonReportTable *
kalon_evidence_add_table (KalonReportSection *section, const char *id, const char *title,
                          const char *name_title, const KalonEvidenceColumns *columns);

/* Bars that are collected one by one. */
typedef struct
{
  GPtrArray *labels; /* owned texts */
  GArray *values;    /* KalonEstimate */
} KalonEvidenceBars;

void kalon_evidence_bars_init (KalonEvidenceBars *self);
void kalon_evidence_bars_clear (KalonEvidenceBars *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonEvidenceBars, kalon_evidence_bars_clear)
/* @label: (transfer full) */
void kalon_evidence_bars_take (KalonEvidenceBars *self, char *label, const KalonEstimate *estimate);
/* kalon_evidence_add_bars(); nothing without any. */
void
kalon_evidence_bars_add (const KalonEvidenceBars *self, KalonReportSection *section, const char *id,
                         const char *title, const char *x_title, const char *y_title,
                         KalonChartUnit unit, double reference, const char *reference_name);

G_END_DECLS
