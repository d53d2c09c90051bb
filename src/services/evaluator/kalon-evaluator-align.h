/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What alignment gains and costs on a collection of pictures and their spoilt copies. */

#include "aligner/kalon-aligner.h"
#include "evaluator/kalon-evaluator.h"

G_BEGIN_DECLS

/**
 * KalonAlignTask: a collection of pictures and their spoilt copies, and another to learn on.
 * @work: a directory for the two libraries; a later run uses them again
 * @train: a folder of pictures to learn on: nothing is known of them
 * @queries: %NULL-terminated: to learn on
 * @images: the folder that names of pairs and captions are relative to; all of it is searched
 * @pairs: as of kalon_evaluator_compare_pairs(); each picture in one pair only
 * @captions: as of kalon_evaluator_rank_captions(), of the better pictures: the queries that are
 *   measured
 * @judge: kalon_aesthetic_parse_shares(): what does not take part in learning and ranking, as
 *   kalon_evaluator_set_aesthetic_models() does
 * @aesthetic_weight: as KalonAlignment.aesthetic
 * @options: how to align; its kind is not looked at: each is trained
 */
typedef struct
{
  const char *work;
  const char *train;
  const char *const *queries;
  const char *images;
  const char *pairs;
  const char *captions;
  const char *judge;
  float aesthetic_weight;
  const KalonAlignerOptions *options;
} KalonAlignTask;

/* Of one query. */
typedef enum
{
  KALON_ALIGN_JUDGED,        /* mean score by the judge of the 10 best */
  KALON_ALIGN_OWN,           /* the same by the models that rank */
  KALON_ALIGN_BETTER,        /* share of better pictures among the 10 best */
  KALON_ALIGN_TWINS,         /* whether the picture is above its spoilt copy; a tie is half */
  KALON_ALIGN_RECALL_EITHER, /* whether either of the two is among the 10 best */
  KALON_ALIGN_RECALL_BETTER, /* whether the better one is */
  KALON_ALIGN_DIVERSITY, /* mean of 1 - cosine over the pairs of the 10 best: 0 is all the same */
} KalonAlignFigure;
#define KALON_N_ALIGN_FIGURES 7

/* One way to rank. */
typedef struct
{
  char *name;
  KalonEstimate figures[KALON_N_ALIGN_FIGURES];
  KalonEstimate gains[KALON_N_ALIGN_FIGURES]; /* over the baseline, query by query */
} KalonAlignRow;

/* An adapter as it was trained. */
typedef struct
{
  KalonAdapterKind kind;
  KalonAdapter *adapter;
  gsize n_pairs;
  guint n_steps;
  guint best_step;
  double drift;
  KalonEstimate before; /* agreement of held-out training queries */
  KalonEstimate after;
} KalonAlignTraining;

typedef struct
{
  gsize n_pictures; /* in the collection */
  gsize n_pairs;
  gsize n_queries;
  KalonEstimate judge_power; /* share of pairs whose better picture it scores higher */
  KalonEstimate own_power;
  GArray *trainings; /* KalonAlignTraining */
  GPtrArray *rows;   /* KalonAlignRow: the baseline is the first */
} KalonAlignFigures;

void kalon_align_figures_free (KalonAlignFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonAlignFigures, kalon_align_figures_free)

/**
 * kalon_evaluator_align:
 *
 * What alignment gains and what it costs: adapters are trained on one collection (aligner/) and
 * rankings compared on another, by the searcher itself, each part of the aligned ranking alone and
 * together. Rephrasing is by word lists. All results are exact; near-duplicates are not folded.
 *
 * Returns: (transfer full): figures whose intervals draw pairs, each with all its captions
 */
KalonAlignFigures *kalon_evaluator_align (KalonEvaluator *self, const KalonAlignTask *task,
                                          GCancellable *cancellable, GError **error);

G_END_DECLS
