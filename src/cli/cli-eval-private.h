/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the evaluations share: setting up a run, and the parts that every report has.
 */

#include "cli-report-private.h"

#include "evaluator/kalon-evaluator-domains.h"
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
extern const KalonCliCommand kalon_eval_rephrase;
extern const KalonCliCommand kalon_eval_domains;
extern const KalonCliCommand kalon_eval_all;
extern const KalonCliCommand kalon_eval_align;
extern const KalonCliCommand kalon_eval_hpir;

/* Finds model and device, watches Ctrl-C and shows progress from now on. */
gboolean kalon_eval_begin (KalonEvalRun *run, KalonCli *cli, GError **error);
/* Ends the progress bar and names the failures on stderr. */
void kalon_eval_end (KalonEvalRun *run);
/* On stderr: a line for each failure, and one for all with the same reason where they are many.
 * @failures: (element-type KalonFailure) */
void kalon_eval_tell_failures (GPtrArray *failures);
void kalon_eval_clear (KalonEvalRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonEvalRun, kalon_eval_clear)

/* (transfer full): with the run's model, device and command. */
KalonReport *kalon_eval_begin_report (const KalonEvalRun *run, const char *title);
/* Of an evaluation with an output of its own, which was printed: only writes it, if asked to. */
KalonCliStatus kalon_eval_end_report (const KalonEvalRun *run, const KalonReport *report,
                                      const char *name, const KalonCliReport *options);

/* (transfer full) (element-type KalonAdapter): those of @files, (nullable), and that of the active
 * profile. */
GPtrArray *kalon_eval_load_adapters (const KalonEvalRun *run, const char *const *files,
                                     gboolean profile, GError **error);

/* @domains: "NAME=DIR"; @names: (nullable): "NAME=FILE". %FALSE after a usage message. */
gboolean kalon_eval_check_domains (const KalonCliCommand *command, GStrv domains, GStrv names);
/* (transfer full) (element-type KalonDomainFigures): of each; @common: all that is the same of
 * them. Ends the progress bar and names failures. */
GPtrArray *kalon_eval_measure_domains (KalonEvalRun *run, const KalonDomainTask *common,
                                       GStrv domains, GStrv names, GError **error);
/* (transfer full): "rephrasing (…), the aesthetic term (0.10) and no adapter" */
char *kalon_eval_describe_alignment (const KalonDomainTask *task);

/* clang-format off */
/* What is looked for, and in which pictures. */
#define KALON_EVAL_QUERY_ENTRIES(options)                                                          \
  { "captions", 0, 0, G_OPTION_ARG_FILENAME, &(options).captions, "Lines “name TAB caption”",      \
    "FILE" },                                                                                      \
  { "queries", 0, 0, G_OPTION_ARG_FILENAME, &(options).queries, "Lines “query TAB folder”",        \
    "FILE" },                                                                                      \
  { "images", 0, 0, G_OPTION_ARG_FILENAME, &(options).images, "The folder of the pictures", "DIR" }
/* clang-format on */

/* @images: (nullable): the folder. %FALSE after a usage message. */
gboolean kalon_eval_check_images (const KalonCliCommand *command, const char *images);
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
