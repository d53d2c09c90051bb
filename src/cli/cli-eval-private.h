/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the evaluations share: setting up a run, and the parts that every report has.
 */

#include "kalon-cli-private.h"

#include "evaluator/kalon-evaluator.h"
#include "models/kalon-models.h"

G_BEGIN_DECLS

typedef struct
{
  KalonCli *cli;
  KalonModel *model;
  KalonEvaluator *evaluator;
  char *device;
  gint64 start;
} KalonEvalRun;

extern const KalonCliCommand kalon_eval_retrieval;
extern const KalonCliCommand kalon_eval_classify;
extern const KalonCliCommand kalon_eval_aesthetic;
extern const KalonCliCommand kalon_eval_taste;
extern const KalonCliCommand kalon_eval_align;

/* Finds model and device, watches Ctrl-C and shows progress from now on. */
gboolean kalon_eval_begin (KalonEvalRun *run, KalonCli *cli, GError **error);
/* Ends the progress bar and names the failures on stderr. */
void kalon_eval_end (KalonEvalRun *run);
void kalon_eval_clear (KalonEvalRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonEvalRun, kalon_eval_clear)

/* @templates: (nullable). %FALSE after a usage message. */
gboolean kalon_eval_check_templates (const KalonCliCommand *command, GStrv templates);

/* "failed", "failures", "truncated", "model", "model_hash", "device", "seconds" */
void kalon_eval_json_run (JsonBuilder *builder, const KalonEvalRun *run);

/* {"1": value, "5": …} under @key. @cuts: [n]; @values: [n] */
void kalon_eval_json_cuts (JsonBuilder *builder, const char *key, const guint *cuts,
                           const double *values, guint n);
/* The means under @key. @estimates: [n] */
void kalon_eval_json_means (JsonBuilder *builder, const char *key, const guint *cuts,
                            const KalonEstimate *estimates, guint n);
/* "@key": [low, high] */
void
kalon_eval_json_interval (JsonBuilder *builder, const char *key, const KalonEstimate *estimate);
/* The members {"1": [low, high], …} of an object that is open. */
void kalon_eval_json_intervals (JsonBuilder *builder, const guint *cuts,
                                const KalonEstimate *estimates, guint n);

/* "5.5 % (4.9 to 6.2)", filled up to @width */
void kalon_eval_print_estimate (const KalonEstimate *estimate, int width);

G_END_DECLS
