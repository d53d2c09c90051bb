/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The evaluations' figures as sections of a report: tables, charts, rows of pictures, and what they
 * say in words, made of the same numbers.
 */

#include "evaluator/kalon-evaluator-align.h"
#include "evaluator/kalon-evaluator-domains.h"
#include "evaluator/kalon-evaluator-hpir.h"
#include "evaluator/kalon-evaluator-rephrase.h"
#include "evaluator/kalon-evaluator-taste.h"
#include "judge/kalon-judge.h"
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

/* Which of two systems a judge finds better, style by style, and how far it agrees with people. */
void
kalon_evidence_add_judge (KalonReport *report, const char *id, const KalonJudgeFigures *figures);

/*
 * All of it in one report.
 */

/**
 * KalonEvidence: what was measured; each may be missing.
 * @align: trained on photos that are not measured
 * @kind: of the adapter that is told as the aligned ranking
 * @hpir: (element-type KalonHpirFigures)
 * @domains: (element-type KalonDomainFigures)
 */
typedef struct
{
  KalonRephraseFigures *rephrase;
  KalonAlignFigures *align;
  KalonAdapterKind kind;
  GPtrArray *hpir;
  GPtrArray *domains;
} KalonEvidence;

/* “Each component's share”: what each part of the aligned ranking gains and costs alone, and what
 * they do together, on HPIR sets and on photos with spoilt copies. Nothing without either. */
void
kalon_evidence_add_components (KalonReport *report, const char *id, const KalonEvidence *evidence);
/* What alignment gained and what it cost, in words; @summary: a section that was added before the
 * others. */
void kalon_evidence_sum_up (KalonReportSection *summary, const KalonEvidence *evidence);

/*
 * The functions below add one section and give it back, (transfer none), for what the caller has to
 * add. @of: (nullable): what it was measured on, behind the section's title.
 */

/* @examples: (nullable) (element-type KalonExample) */
KalonReportSection *
kalon_evidence_add_captions (KalonReport *report, const char *id, const char *of,
                             const KalonCaptionFigures *figures, GPtrArray *examples);
/* Queries for folders, or for classes. */
KalonReportSection *kalon_evidence_add_folders (KalonReport *report, const char *id, const char *of,
                                                const KalonFolderFigures *figures);
KalonReportSection *
kalon_evidence_add_classification (KalonReport *report, const char *id, const char *of,
                                   const KalonClassificationFigures *figures);
/* How often aesthetic models find the better of two. */
KalonReportSection *kalon_evidence_add_pairs (KalonReport *report, const char *id, const char *of,
                                              const KalonPairFigures *figures);
/* What is learned from simulated users, which it says as synthetic data. */
KalonReportSection *
kalon_evidence_add_taste (KalonReport *report, const char *id, const char *of,
                          const KalonTasteProtocol *protocol, const KalonTasteFigures *figures);
/* What alignment gains and costs, in all and by its parts. */
KalonReportSection *kalon_evidence_add_align (KalonReport *report, const char *id, const char *of,
                                              const KalonAlignFigures *figures);

/**
 * kalon_evidence_measure_labels_async:
 * @id: of a label set of the library (labelling/)
 *
 * Measures it with all its labels, as “kalon-cli eval hpir” does, on a thread, and keeps the report
 * in the library. A model and its weights are needed, and are let go of afterwards.
 */
void kalon_evidence_measure_labels_async (const char *library_directory, const char *id,
                                          const char *model_id, const char *model_directory,
                                          const char *device_name, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): the path of the report's page. */
char *kalon_evidence_measure_labels_finish (GAsyncResult *result, GError **error);

G_END_DECLS
