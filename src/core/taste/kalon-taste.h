/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Taste: what thumbs say of the pictures that were shown, learned as a term of the ranking.
 *
 * An event is one thumb: a picture chosen, for better or worse, among those that were shown with
 * it. It makes preference pairs, the chosen one over (or under) each of the others (skip-above rule
 * and click models: Joachims et al. 2005, "Accurately interpreting clickthrough data as implicit
 * feedback"). A linear term w . f (picture) is learned from them by the DPO loss against the frozen
 * encoder: the similarity of both is the same under policy and reference, so what is left of
 *
 *   -(1 - e) log s (h) - e log s (-h),  h = (s_w(a) - s_w(b)) - (s_ref(a) - s_ref(b)) = w . (f_a -
 * f_b)
 *
 * is the Bradley-Terry loss of the term (Rafailov et al. 2023, with the label smoothing of Mitchell
 * 2023), plus lambda / 2 |w|^2. It is convex. A few L-BFGS steps follow each event, from where the
 * last event left off, and a cross-fitted check on events that the checked weights have not seen
 * keeps the last good weights when the new ones are worse, shortens them as far as that foretells
 * better, and leaves none of them when they are worse than nothing.
 *
 * Everything is a function of the events, in order: the state after undoing one is the state of a
 * history without it, to the bit, by learning the history again (from the checkpoint before it).
 *
 * Beside it the yardsticks: ways of using the same thumbs, or none, without learning.
 *
 * Functions block, are deterministic, and may be called from any thread; an object belongs to one
 * thread at a time.
 */

#include "aesthetics/kalon-aesthetics.h"

G_BEGIN_DECLS

/*
 * Features of a picture, [KALON_N_MEASURES + dimension]: its photographic measures, standardised by
 * fixed figures (means and deviations over 6,091 ordinary photos) and cut at 4, divided by the root
 * of their number; and its embedding, scaled so that embeddings of a library lie half a unit (root
 * mean square) from their mean. So liking warm light or calm pictures is learned from measures
 * within a few thumbs, and what measures do not tell from the embedding, a little later.
 * Differences are all that counts: the embeddings' mean need not be taken off.
 */
#define KALON_TASTE_N_FEATURES(dimension) (KALON_N_MEASURES + (dimension))

/**
 * kalon_taste_get_scale:
 * @embeddings: [n, dimension], unit length: a library, or a fair sample of it
 *
 * Returns: what embeddings are multiplied by for kalon_taste_fill_features(); 1 when @n is 0.
 */
float kalon_taste_get_scale (const float *embeddings, gsize n, gsize dimension);
/* @measures: (nullable): [KALON_N_MEASURES]; NaN, as all of %NULL, is the mean. @features: (out
 * caller-allocates): may be @measures. */
void kalon_taste_fill_features (const float *embedding, gsize dimension, float scale,
                                const float *measures, float *features);

typedef struct
{
  gboolean liked;          /* or disliked */
  guint32 chosen;          /* which of @pictures */
  guint32 n;               /* pictures that were shown, at least 2 */
  const guint32 *pictures; /* [n]: row numbers of the features' table, in the order shown */
  guint32 query;           /* events of one query have the same number */
} KalonTasteEvent;

typedef struct
{
  gsize n_features;
  const float *features;         /* [n_pictures, n_features] */
  const KalonTasteEvent *events; /* [n_events], oldest first */
  gsize n_events;
} KalonTasteHistory;

/* How the newest weights did on events that they had not seen. Weights that are not accepted are
 * set aside and not lost: the next event goes on from them, with all events. */
typedef struct
{
  guint n;           /* events that were asked about: the newest ones */
  double loss;       /* mean of theirs; log 2 is knowing nothing */
  double agreement;  /* mean share of an event's pairs that come out right: 0 to 1 */
  gboolean accepted; /* else the last good weights stay */
  double scale;      /* what they are multiplied by: as much as they can be trusted, 0 to 1 */
  gboolean active;   /* %FALSE: worse than nothing, the term is 0 */
} KalonTasteCheck;
/* A check of fewer events says nothing. */
#define KALON_TASTE_MIN_CHECKED 4

typedef struct _KalonTasteLearner KalonTasteLearner;

KalonTasteLearner *kalon_taste_learner_new (gsize n_features);
KalonTasteLearner *kalon_taste_learner_copy (const KalonTasteLearner *self);
void kalon_taste_learner_free (KalonTasteLearner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTasteLearner, kalon_taste_learner_free)

/* Events learned so far. */
gsize kalon_taste_learner_get_n_events (const KalonTasteLearner *self);

/**
 * kalon_taste_learner_step:
 * @history: whose first kalon_taste_learner_get_n_events() events have been learned, and that has
 *   one more at least: the one that is learned now
 *
 * At most %KALON_TASTE_WINDOW events, the newest, are learned from at a time.
 */
void kalon_taste_learner_step (KalonTasteLearner *self, const KalonTasteHistory *history);
#define KALON_TASTE_WINDOW 256

const KalonTasteCheck *kalon_taste_learner_get_check (const KalonTasteLearner *self);
/* [n_features]: the term's weights: the last good ones, or zeros. The term is the log odds that a
 * picture is liked better than one at 0. */
const float *kalon_taste_learner_get_weights (const KalonTasteLearner *self);
/* Bytes that it holds. */
gsize kalon_taste_learner_get_size (const KalonTasteLearner *self);

/*
 * What a ranking with taste sorts by, for each of the pictures that are ranked:
 *
 *   similarity + weight . spread . taste
 *
 * where taste is w . f (picture), of which only differences count, and spread is that of the
 * query's similarities: so a query that tells pictures apart well is moved no further, in ranks,
 * than one that does not. Of simulated users (kalon-cli eval taste) this weight costs half a point
 * of recall@10, and 0.2 a whole one.
 */
#define KALON_TASTE_WEIGHT 0.15f

/**
 * kalon_taste_get_spread:
 * @similarities: [n], finite: of one query to all pictures
 *
 * Returns: their median less their 16th percentile, which is one deviation of a normal
 *   distribution: what the few that match do not widen. 0 when @n is 0.
 */
float kalon_taste_get_spread (const float *similarities, gsize n);

/* How a history of thumbs, or none, becomes a term of the ranking. */
typedef enum
{
  KALON_TASTE_LEARNED,   /* the above */
  KALON_TASTE_ROCCHIO,   /* mean of the liked embeddings less that of the others that were shown
                          * (Rocchio 1971; Manning et al. 2008, 9.1.1, with beta = gamma) */
  KALON_TASTE_NEAREST,   /* similarity to the nearest liked picture less that to the nearest
                          * disliked or passed by (1-NN relevance feedback, Nara et al. 2024) */
  KALON_TASTE_STEERING,  /* no thumbs: similarity to the mean embedding of the best tenth by
                          * aesthetic score (clip-retrieval's query + rating vector) */
  KALON_TASTE_AESTHETIC, /* no thumbs: the aesthetic score */
} KalonTasteMethod;
#define KALON_TASTE_N_METHODS 5

/* "learned", "rocchio", "nearest", "steering", "aesthetic" */
const char *kalon_taste_method_get_name (KalonTasteMethod method);
gboolean kalon_taste_method_parse (const char *name, KalonTasteMethod *method);

/**
 * kalon_taste_rocchio:
 * @first, @n: the columns of the features that count: all, or the embedding's only
 * @direction: (out caller-allocates): [n]
 */
void kalon_taste_rocchio (const KalonTasteHistory *history, gsize first, gsize n, float *direction);

/**
 * kalon_taste_nearest:
 * @first, @n: as above
 * @scores: (out caller-allocates): [n_pictures]: of @pictures, rows of @features
 *
 * Similarity is the cosine of the columns.
 */
void kalon_taste_nearest (const KalonTasteHistory *history, gsize first, gsize n,
                          const float *features, gsize n_pictures, float *scores);

/**
 * kalon_taste_steering:
 * @embeddings: [n, dimension]; @aesthetics: [n], NaN is left out
 * @direction: (out caller-allocates): [dimension]; zeros when nothing has a score
 */
void kalon_taste_steering (const float *embeddings, const float *aesthetics, gsize n,
                           gsize dimension, float *direction);

G_END_DECLS
