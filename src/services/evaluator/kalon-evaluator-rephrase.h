/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The styles of rephrasing beside each other, on queries whose answers are known. */

#include "evaluator/kalon-evaluator.h"
#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

/* Of one query, ranked in one style. */
typedef enum
{
  KALON_REPHRASE_RECALL_1, /* whether a right answer is the best of all pictures, ... */
  KALON_REPHRASE_RECALL_5,
  KALON_REPHRASE_RECALL_10, /* ... or among the 10 best */
  KALON_REPHRASE_MRR,
  KALON_REPHRASE_NDCG,    /* at 10 */
  KALON_REPHRASE_OVERLAP, /* share of the 10 best that are among those of the query as typed */
} KalonRephraseFigure;
#define KALON_N_REPHRASE_FIGURES 6

/**
 * KalonRephraseRow: one style. Figures are those of KalonRephraseFigure, then one for each
 * aesthetic model: the mean score of the 10 best.
 * @n_words: mean of the texts
 * @n_changed: queries whose text is not that of the query
 * @n_by_llm: that a language model rephrased, now or earlier
 * @n_stands_in: that it should have, and word lists did; @notice: (nullable): why, the last time
 * @gains: over the query as typed, query by query
 */
typedef struct
{
  KalonRephraseStyle style;
  double n_words;
  gsize n_changed;
  gsize n_by_llm;
  gsize n_stands_in;
  char *notice;
  KalonEstimate *figures;
  KalonEstimate *gains;
} KalonRephraseRow;

typedef struct
{
  gsize n_pictures;
  gsize n_queries;
  gboolean of_folders; /* any picture of the class is a right answer */
  float share;
  GStrv models;    /* aesthetic models */
  guint n_figures; /* with theirs */
  GPtrArray *rows; /* (element-type KalonRephraseRow): by style */
  char *example;   /* a query */
  GStrv rephrased; /* the same in each style */
} KalonRephraseFigures;

void kalon_rephrase_figures_free (KalonRephraseFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRephraseFigures, kalon_rephrase_figures_free)

/* (transfer full): %NULL with an error ends the run. */
typedef KalonRephrasing *(*KalonEvaluatorRephraseFunc) (const KalonRephraseRequest *request,
                                                        gpointer user_data, GError **error);

/**
 * KalonRephraseTask:
 * @captions: (nullable): as of kalon_evaluator_rank_captions()
 * @queries: (nullable): as of kalon_evaluator_rank_queries(); without either, class folders are
 *   asked for by their names
 * @share: of the rephrased text in what is searched with, as KalonAlignment.rephrase
 * @limit: at most as many queries, evenly spaced; 0: all
 * @models: (nullable): as of kalon_evaluator_correlate_ratings()
 * @rephrase: (nullable): who rephrases; %NULL: word lists
 */
typedef struct
{
  const char *captions;
  const char *queries;
  const char *images;
  float share;
  gsize limit;
  const char *models;
  KalonEvaluatorRephraseFunc rephrase;
  gpointer user_data;
} KalonRephraseTask;

/**
 * kalon_evaluator_compare_styles:
 *
 * The styles of rephrasing beside each other, the controls too (arXiv 2406.09397, Table 3): what
 * the 10 best gain in looks, and what that costs. The rephrased text is blended with the query as
 * the searcher does it. Styles differ in what is searched for alone: no adapter, no aesthetic term.
 *
 * Returns: (transfer full): figures whose intervals draw queries, captions of one picture together
 */
KalonRephraseFigures *
kalon_evaluator_compare_styles (KalonEvaluator *self, const KalonRephraseTask *task,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
