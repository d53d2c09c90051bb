/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of HPIR sets share. */

#include "evaluator/kalon-evaluator-private.h"

G_BEGIN_DECLS

/* The items of a set that can be judged, their pictures and texts as a model sees them. */
typedef struct
{
  const KalonHpirTask *task;
  gsize dimension;

  GPtrArray *paths;  /* of the different pictures */
  guint8 *is_good;   /* [paths->len] */
  gsize *positions;  /* [paths->len]: of good ones, the row in @embeddings */
  float *embeddings; /* [good ones, dimension] */
  gsize n_good;
  float *scores;      /* (nullable): [good ones] by the aesthetic models that rank; NULL: there are
                         none */
  gboolean is_blend;  /* @scores are of more than one model */
  GPtrArray *members; /* char *: all aesthetic models of this encoder */
  float *of_members;  /* [good ones, members->len] */

  GArray *items;     /* guint: positions in the set's, those of a query together */
  guint32 *clusters; /* [items->len]: which query */
  GArray *groups;    /* guint32: rows in @embeddings, of A then B of each item */
  guint *first;      /* [2 items + 1]: where in @groups the pictures of A or B begin */

  float *texts[KALON_N_REPHRASE_STYLES]; /* (nullable): [items->len, dimension]; those asked for */
  gsize n_stored[KALON_N_REPHRASE_STYLES];
  double *spreads; /* [items->len]: of the baseline's similarities to all pictures */
} KalonHpirScene;

/* Pictures are read and scored, with aesthetic models where @with_scores. Clear it after an error
 * too. */
gboolean
kalon_hpir_scene_init (KalonHpirScene *scene, KalonEvaluator *self, const KalonHpirTask *task,
                       gboolean with_scores, GCancellable *cancellable, GError **error);
void kalon_hpir_scene_clear (KalonHpirScene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonHpirScene, kalon_hpir_scene_clear)

/* @scores: [n_good]; mean over group @group of item @i, both counted in the scene. */
double kalon_hpir_scene_get_mean (const KalonHpirScene *scene, gsize i, guint group,
                                  const float *scores, gsize stride);

/**
 * kalon_hpir_scene_score:
 *
 * Returns: (transfer full): [items->len, 2] mean scores of A and B
 */
double *
kalon_hpir_scene_score (KalonHpirScene *scene, KalonEvaluator *self, const KalonAlignWay *way,
                        GCancellable *cancellable, GError **error);
/* (transfer full): KalonHpirChoice, [items->len]. @means: [items->len, 2] */
guint8 *kalon_hpir_choose (const double *means, gsize n_items);

/* Figures of what is chosen: fills in rows' aspects, splits, examples. */
void kalon_hpir_count_agreement (const KalonHpirScene *scene, KalonHpirFigures *figures);
void kalon_hpir_count_splits (const KalonHpirScene *scene, KalonHpirFigures *figures);
void kalon_hpir_correlate (const KalonHpirScene *scene, KalonHpirFigures *figures);
void kalon_hpir_draw_examples (const KalonHpirScene *scene, KalonHpirFigures *figures);

/* What one way and the baseline get right: [n] of the items with a majority. */
typedef struct
{
  gsize n;
  double *right;    /* 1, 0, or 1/2 for neither */
  double *baseline; /* the same of the baseline */
  double *weights;  /* 2 p - 1 */
  double *confidence;
  guint32 *clusters;
} KalonHpirOutcomes;

/* @only: (nullable): see kalon_hpir_item_get_gold(); @kind: (nullable): of items */
void kalon_hpir_outcomes_init (KalonHpirOutcomes *outcomes, const KalonHpirScene *scene,
                               const guint8 *choices, const guint8 *baseline,
                               KalonHpirAspect aspect, const gboolean *only, const char *kind);
void kalon_hpir_outcomes_clear (KalonHpirOutcomes *outcomes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonHpirOutcomes, kalon_hpir_outcomes_clear)
/* @values: [n]; @weights: (nullable); NaN where n is 0. */
void kalon_hpir_estimate (const KalonHpirScene *scene, const double *values, const double *weights,
                          const guint32 *clusters, gsize n, KalonEstimate *estimate);

G_END_DECLS
