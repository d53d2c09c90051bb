/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The parts of kalon_evaluator_simulate_taste(): the pictures, one user, what methods make of the
 * user's thumbs, and what that does to the ranking of all captions.
 */

#include "evaluator/kalon-evaluator-private.h"

G_BEGIN_DECLS

typedef struct
{
  gsize n;         /* pictures */
  gsize n_thumbed; /* the first ones: thumbs are about them, pairs about the others */
  gsize dimension;
  float *embeddings;         /* [n, dimension] */
  float *attributes;         /* [n, KALON_N_ATTRIBUTES], standardised */
  float *features;           /* [n, KALON_TASTE_N_FEATURES] */
  float *embedding_features; /* (nullable): the same, without measures */
  float *aesthetics;         /* (nullable): [n] */
  gsize n_captions;
  float *captions; /* [n_captions, dimension], by picture */
  guint32 *owners; /* [n_captions] pictures */
  gsize n_asked;   /* captions of the pictures that are thumbed: the first ones */
  guint page;      /* pictures in one, at least 2 */
  guint32 *pages;  /* [n_asked, page] the best pictures of each, best first */
} KalonTasteSet;

/* Each column of @attributes, [n, KALON_N_ATTRIBUTES], to mean 0 and deviation 1 (or all 0). */
void kalon_attributes_standardise (float *attributes, gsize n);

/* Users */

#define KALON_TASTE_N_PAIRS 600

typedef struct
{
  float *liking;           /* [set->n], in deviations */
  KalonTasteEvent *events; /* [n_events] */
  guint n_events;
  guint32 pairs[2 * KALON_TASTE_N_PAIRS]; /* two pictures of the second half each */
} KalonTasteUser;

/* User @number of @protocol: the most thumbs that figures are taken after. @set must outlive it. */
KalonTasteUser *
kalon_taste_user_new (const KalonTasteSet *set, const KalonTasteProtocol *protocol, guint number);
void kalon_taste_user_free (KalonTasteUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTasteUser, kalon_taste_user_free)

/* The share of the pairs that @scores, of the pictures of the second half, has in the user's order.
 */
double
kalon_taste_user_agree (const KalonTasteUser *user, const KalonTasteSet *set, const float *scores);

/* Methods */

#define KALON_TASTE_N_RUNS 8

/* (nullable): how a method, 0 to %KALON_TASTE_N_RUNS - 1, is called; %NULL when @set has not what
 * it needs. */
const char *kalon_taste_run_get_name (const KalonTasteSet *set, guint run);

/**
 * kalon_taste_run_measure:
 * @agreements: (out caller-allocates): [protocol->n_thumbs]
 */
void kalon_taste_run_measure (const KalonTasteSet *set, guint run, const KalonTasteUser *user,
                              const KalonTasteProtocol *protocol, double *agreements);

/* @taste: (out caller-allocates): [set->n] after the first @n_events thumbs, with mean 0 */
void kalon_taste_learn (const KalonTasteSet *set, const KalonTasteUser *user, guint n_events,
                        float *taste);

/* Recall */

/**
 * kalon_evaluator_rank_with_taste:
 * @tastes, @likings: [n_users, set->n]
 * @figures: its recall, n_recall_captions and weights are filled in
 */
gboolean kalon_evaluator_rank_with_taste (KalonEvaluator *self, const KalonTasteSet *set,
                                          const float *tastes, const float *likings, guint n_users,
                                          KalonTasteFigures *figures, GCancellable *cancellable,
                                          GError **error);

G_END_DECLS
