/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How well taste is learned, on users whose liking is known because it is made up. */

#include "evaluator/kalon-evaluator.h"
#include "taste/kalon-taste.h"

G_BEGIN_DECLS

/* What simulated users do. */
typedef struct
{
  guint n_users;
  const guint *thumbs; /* [n_thumbs], rising: numbers of thumbs after which figures are taken */
  guint n_thumbs;
  guint page;                /* pictures shown at once */
  double noise;              /* share of thumbs that are slips: of a random picture of the page */
  gboolean random;           /* all of them are */
  gboolean embedding_only;   /* measures are not looked at */
  gboolean composition_only; /* users care for symmetry, depth, sky, hue simplicity and thirds only,
                              * which measures say little of */
  guint32 seed;
} KalonTasteProtocol;

/* [n_thumbs] each. Medians over the users. */
typedef struct
{
  const char *name;
  KalonMedian *agreement;
  KalonMedian *difference; /* of the learned one less this one, user by user */
  double *ahead;           /* share of users for whom the learned one is ahead; ties are half */
} KalonTasteMethodFigures;

/* Means over the users. */
typedef struct
{
  double weight; /* of taste in the ranking */
  KalonEstimate recall;
  KalonEstimate change; /* recall less that without taste */
  KalonEstimate gain;   /* mean liking of the best ten less that without taste, in deviations */
} KalonTasteWeightFigures;

#define KALON_EVALUATOR_N_WEIGHTS 6

typedef struct
{
  gsize n_pictures;
  gsize n_thumbed; /* of them in the half that thumbs are about */
  gsize n_captions;
  guint page;         /* the protocol's, or that half if it is smaller */
  GPtrArray *methods; /* (element-type KalonTasteMethodFigures): the learned one first */
  guint recall_thumbs;
  gsize n_recall_captions;
  double recall; /* at 10, without taste */
  /* By rising weight; %KALON_TASTE_WEIGHT is one of them. */
  KalonTasteWeightFigures weights[KALON_EVALUATOR_N_WEIGHTS];
} KalonTasteFigures;

void kalon_taste_figures_free (KalonTasteFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTasteFigures, kalon_taste_figures_free)

/* What users may like, see below. */
#define KALON_N_ATTRIBUTES 12
/* Recall and gain are taken after as many thumbs, or the most that there are. */
#define KALON_EVALUATOR_RECALL_THUMBS 20

/**
 * kalon_evaluator_simulate_taste:
 * @captions: as of kalon_evaluator_rank_captions()
 * @images: the folder that names are relative to
 *
 * How well taste/ learns what somebody likes, on users whose liking is known because it is made
 * up: of attributes of the pixels. They are computed here, apart from encoder and measures, which
 * does not make them independent: warmth, lightness and contrast are all but one measure each
 * (correlation 0.99), and linear combinations of the measures tell most of the others as well, but
 * little of symmetry, depth of field, sky and thirds (docs/benchmarks.md). They are taken from a
 * copy of 160 x 160 pixels in CIELAB (D65), with g = |dL/dx| + |dL/dy| between neighbours:
 *
 *  0 warmth: mean b*                       1 redness: mean a*
 *  2 lightness: mean L*                    3 contrast: standard deviation of L*
 *  4 chroma: mean C = hypot (a*, b*)       5 sparseness: share of g < 6 (negative space)
 *  6 symmetry: -mean |L* - its mirror image| / (contrast + 5)
 *  7 depth of field: log ((mean g of the central 80 x 80 + 1/2) / (mean g of the rest + 1/2))
 *  8 sky: mean L* of the upper third less that of the lower
 *  9 hue simplicity: sum p log p over 20 hues, by C where C >= 1
 * 10 dark mood: share of L* < 15
 * 11 thirds: log ((sum of the mean g of rows 50-55 and 104-109 + 1/2) / (2 mean g + 1/2))
 *
 * Each is standardised over the pictures. A user likes sum w tanh (0.7 z) over three of them, drawn
 * without replacement (of attributes 6 to 9 and 11 with composition_only), with w from a normal
 * distribution; in deviations over the pictures.
 *
 * A hash of a picture's name puts it into one of two halves. A thumb: a caption of the first half,
 * drawn at random, ranks that half's pictures by similarity; of the best of them, a page, the one
 * liked best is thumbed up (7 of 10 times) or the one liked least down (3 of 10), or a random one
 * for a slip. Agreement is the share of 600 random pairs of the other half that a method puts in
 * the user's order, where ties are half. Methods:
 *
 * - learned: the taste learner; learned-embedding: the same without measures
 * - rocchio, nearest: the yardsticks on the embedding, as published; rocchio-features,
 *   nearest-features: on all features. Pictures passed by count as disliked, which makes
 *   rocchio better, and nearest worse by a point or two after many thumbs
 * - steering, aesthetic: without thumbs; only with a model that has an aesthetic head
 *
 * Recall at 10 is that of captions (evenly spaced ones of more than 10,000) among all pictures,
 * which are ranked as %KALON_TASTE_WEIGHT tells, with that and other weights of what each
 * user has taught. Intervals draw users. The same files, model and protocol give the same figures.
 *
 * %KALON_ERROR_ARGUMENT when a half has fewer than two pictures.
 *
 * Returns: (transfer full):
 */
KalonTasteFigures *
kalon_evaluator_simulate_taste (KalonEvaluator *self, const char *captions, const char *images,
                                const KalonTasteProtocol *protocol, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
