/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * HPIR sets (hpir/) judged by a model: which of two groups of pictures is the better answer to a
 * query, and how often people say the same ("Aligning Vision Models with Human Aesthetics in
 * Retrieval", arXiv 2406.09397, 3.1). By the baseline, by each part of the aligned ranking alone
 * and by all of them together.
 *
 * A picture's score in a way to rank is what the searcher's aligned ranking gives it (searcher/),
 * the pictures of the set being the library; a way chooses the group of the higher mean score. It
 * chooses neither of two with the same mean, which counts half.
 *
 * Items whose pictures could not all be read are left out of every figure. Intervals draw queries,
 * each with all its items; those of correlations draw items.
 */

#include "evaluator/kalon-evaluator.h"
#include "hpir/kalon-hpir.h"
#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

/**
 * KalonHpirTask:
 * @set: pictures are looked for in its folder
 * @style, @share: of what is called "rephrase": the item's own text of that style where it has one,
 *   else the word lists'; as KalonAlignment.rephrase
 * @aesthetic_weight: as KalonAlignment.aesthetic
 * @adapters: (nullable) (element-type KalonAdapter): of this model
 * @other_model: (nullable): directory of another model, whose baseline is a row too;
 *   @other_name: what it is called
 * @n_examples: at most this many items for KalonHpirFigures.examples that the alignment put right,
 *   and as many that it put wrong
 * @seed: draws the examples and the intervals
 */
typedef struct
{
  const KalonHpirSet *set;
  KalonRephraseStyle style;
  float share;
  float aesthetic_weight;
  GPtrArray *adapters;
  const char *other_model;
  const char *other_name;
  guint n_examples;
  guint32 seed;
} KalonHpirTask;

/* @set: (nullable): to be named later. The rest: %KALON_REPHRASE_DEFAULT_STYLE, its share, the
 * searcher's weight, 3 examples of each, no adapters, no other model. */
void kalon_hpir_task_init (KalonHpirTask *task, const KalonHpirSet *set);

/* Of one way in one aspect, over the items with a majority in it; NaN where there are none. */
typedef struct
{
  KalonEstimate agreement; /* share of items where it chooses what most people chose */
  KalonEstimate weighted;  /* the same, an item counting 2 p - 1 where a share p chose so */
  KalonEstimate gain;      /* over the baseline, item by item */
  KalonEstimate weighted_gain;
  gsize n_better; /* items where it is nearer to people than the baseline */
  gsize n_worse;
  double p; /* that the two are as good as each other: McNemar's exact test of the last two. It
               takes items for independent, which those of one query are not quite */
} KalonHpirAgreement;

typedef enum
{
  KALON_HPIR_BASELINE,
  KALON_HPIR_CONTROL, /* a rephrasing that adds nothing */
  KALON_HPIR_PART,    /* one part of the aligned ranking */
  KALON_HPIR_SEVERAL, /* some of its parts */
  KALON_HPIR_ALIGNED, /* all that there are: rephrasing, aesthetics and, if there is one, an adapter
                       */
  KALON_HPIR_AESTHETICS_ALONE, /* what is asked for is not looked at */
  KALON_HPIR_OTHER_MODEL,
} KalonHpirRole;

/* What a way to rank chooses. */
typedef enum
{
  KALON_HPIR_CHOICE_A,
  KALON_HPIR_CHOICE_B,
  KALON_HPIR_CHOICE_NEITHER,
} KalonHpirChoice;

typedef struct
{
  char *name;
  KalonHpirRole role;
  guint8 *choices; /* KalonHpirChoice, [n_items] in the order of KalonHpirFigures.items */
  KalonHpirAgreement aspects[KALON_N_HPIR_ASPECTS];
} KalonHpirRow;

/* Groups of people with fewer items that have a majority among them are not told of. */
#define KALON_HPIR_MIN_SPLIT 5

/* Agreement with a part of the items, or of the people. */
typedef struct
{
  char *name;            /* the kind, or "age: 30-39" */
  gboolean is_of_people; /* the majority is that of those with the trait alone */
  gsize n_items[KALON_N_HPIR_ASPECTS];
  GArray *agreement; /* KalonEstimate, [rows, KALON_N_HPIR_ASPECTS]; NaN: no items */
  GArray *gains;     /* the same over the baseline */
} KalonHpirSplit;

/* An aesthetic model: its mean score of A less that of B, and what people say of the beauty. */
typedef struct
{
  char *name;    /* "own", "clip-iqa", of a head; "all that rank" for a blend */
  gsize n_items; /* with votes; correlated with their margin (A less B) / (A and B) */
  KalonEstimate spearman;
  KalonEstimate pearson;
  gsize n_decided;     /* with a majority */
  KalonEstimate right; /* share of these where the group of the higher mean is theirs */
} KalonHpirScorer;

typedef struct
{
  char *id;
  KalonHpirLabelerFigures figures;
} KalonHpirLabelerRow;

/* An item where the baseline and the aligned ranking choose differently in beauty. */
typedef struct
{
  guint item; /* position in the set's */
  guint row;  /* the aligned one */
  KalonHpirChoice baseline;
  KalonHpirChoice aligned;
  guint gold;        /* 0 A, 1 B */
  gboolean is_right; /* the aligned one is nearer to people */
} KalonHpirExample;

typedef struct
{
  char *name;
  gboolean is_synthetic;
  GArray *items; /* guint: positions in the set's of those that were judged */
  gsize n_left_out;
  gsize n_pictures; /* different ones that could be read */
  gsize n_stored;   /* items whose rephrasing is the set's */
  gsize n_gold[KALON_N_HPIR_ASPECTS];
  KalonEstimate confidence[KALON_N_HPIR_ASPECTS]; /* mean share of the majority: how often one of
                                                     these people is of its opinion */
  GPtrArray *rows;                                /* KalonHpirRow: the baseline is the first */
  GPtrArray *splits;                              /* KalonHpirSplit: kinds, then people */
  GPtrArray *labelers;                            /* KalonHpirLabelerRow */
  GPtrArray *scorers;                             /* KalonHpirScorer */
  GArray *examples;                               /* KalonHpirExample */
} KalonHpirFigures;

void kalon_hpir_figures_free (KalonHpirFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonHpirFigures, kalon_hpir_figures_free)

/**
 * kalon_evaluator_judge_hpir:
 *
 * Each picture and each text is encoded once. A model without aesthetic scores has no rows that
 * need them. %KALON_ERROR_MISMATCH for an adapter of another model.
 *
 * Returns: (transfer full)
 */
KalonHpirFigures *kalon_evaluator_judge_hpir (KalonEvaluator *self, const KalonHpirTask *task,
                                              GCancellable *cancellable, GError **error);

/* (nullable): the ranking of all parts, with the first adapter where there are some; %NULL for a
 * model without aesthetic scores. */
const KalonHpirRow *kalon_hpir_figures_get_aligned (const KalonHpirFigures *figures);

G_END_DECLS
