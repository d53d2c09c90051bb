/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The evaluations' figures as sections of a report: tables, charts, rows of pictures, and what they
 * say in words, made of the same numbers.
 */

#include "evaluator/kalon-evaluator-hpir.h"
#include "report/kalon-report.h"

G_BEGIN_DECLS

/**
 * kalon_evidence_add_hpir:
 * @id: of the first section; "ID-beauty" and others follow
 * @set: that the figures are of, for the example items' words and pictures
 */
void kalon_evidence_add_hpir (KalonReport *report, const char *id, const KalonHpirSet *set,
                              const KalonHpirFigures *figures);

/* (transfer full): what alignment gained and cost, of the row @row, in one paragraph. */
char *kalon_evidence_describe_hpir_row (const KalonHpirRow *row);

/* Aesthetic models beside ratings by people. */
void
kalon_evidence_add_ratings (KalonReport *report, const char *id, const KalonRatingFigures *figures);

/* “Original against rephrased queries”: the styles of rephrasing. */
void kalon_evidence_add_rephrase (KalonReport *report, const char *id,
                                  const KalonRephraseFigures *figures);

/* @domains: (element-type KalonDomainFigures): beside each other; @aligned_by: what their aligned
 * ranking is made of */
void kalon_evidence_add_domains (KalonReport *report, const char *id, GPtrArray *domains,
                                 const char *aligned_by);

G_END_DECLS
