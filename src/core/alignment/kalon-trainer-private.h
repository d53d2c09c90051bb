/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The parts of a trainer: kalon-training-set.c and the trainer-*.c. */

#include "alignment/kalon-alignment-private.h"
#include "alignment/kalon-trainer.h"

G_BEGIN_DECLS

struct _KalonTrainingSet
{
  gatomicrefcount ref_count;
  gboolean is_used; /* by a trainer: it may not change any more */
  gsize dimension;
  gsize n_images;
  float *images;
  GArray *queries;    /* float: [n, dimension] */
  GArray *first;      /* guint32: [n + 1], into candidates */
  GArray *candidates; /* guint32: image numbers */
  GArray *pair_first; /* guint32: [n + 1], into pairs */
  GArray *pairs;      /* KalonPair: candidate positions in the query's own list */
};

KalonTrainingSet *kalon_training_set_ref (KalonTrainingSet *self);

/* Some queries with their candidates and pairs, where the trainer computes. */
typedef struct
{
  KalonDpoPairs pairs;
  guint32 *queries;     /* [n_queries] of the set */
  guint32 *images;      /* [n_candidates] of the set */
  KalonNumbers *owners; /* [n_candidates] position of the query in the batch */
  KalonNumbers *rows;   /* [n_candidates] = images, or 0, 1, ... where they are gathered first */
} KalonTrainingBatch;

/* @reference: (nullable): [candidates of the whole set]; zeros without it. */
KalonTrainingBatch *
kalon_training_batch_new (KalonNn *nn, const KalonTrainingSet *set, const guint32 *queries, gsize n,
                          gboolean gathered, const float *reference, GError **error);
void kalon_training_batch_free (KalonTrainingBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTrainingBatch, kalon_training_batch_free)

/* A matrix of the adapter and what AdamW keeps of it, all [rows, dimension] on the device. */
typedef struct
{
  KalonTensor *parameter, *gradient, *mean, *square;
  float *best; /* on the host */
} KalonTrainerPart;

struct _KalonTrainer
{
  KalonNn *nn;
  KalonTrainingSet *set;
  KalonTrainingOptions options;
  KalonAdapter *start;
  KalonTrainerPart parts[KALON_ADAPTER_MAX_PARTS];
  KalonTensor *images, *queries;
  float *reference; /* [candidates of the set] scores without the adapter */

  guint32 *order; /* [n_queries] of the set: those trained on, then those held out */
  gsize n_trained, n_held_out;
  guint32 *epoch_order; /* [n_trained] in the order of the epoch below */
  guint epoch;          /* from 1; 0 is none yet */
  guint steps_per_epoch;

  KalonTrainingProgress progress;
  gboolean has_best;

  guint32 *counting; /* 0, 1, 2, ... n_counting - 1 */
  gsize n_counting;
  KalonNumbers *numbers; /* the same on the device */
  /* Scratch that only grows: of queries, of their candidates, of pairs. */
  KalonTensor *x, *z, *y, *dy, *u, *du, *ones;
  KalonTensor *v, *zv, *yv, *dyv, *scores, *coefficients;
  KalonTensor *slopes, *losses, *squares;
};

/* Loss of @n queries of the set and, with @backward, its gradient in the parts. */
gboolean kalon_trainer_compute (KalonTrainer *self, const guint32 *queries, gsize n,
                                gboolean backward, KalonTrainingMeasure *measure, GError **error);
/* One step of AdamW on the gradient that is there. */
gboolean kalon_trainer_descend (KalonTrainer *self, double learning_rate, guint step,
                                double *gradient_norm, GError **error);
/* Scores without the adapter, into self->reference. */
gboolean kalon_trainer_compute_reference (KalonTrainer *self, GError **error);
/* Of @step, from 0. */
double kalon_trainer_get_rate (const KalonTrainer *self, guint step);

/* What of it is out of its meaning, or NULL. */
const char *kalon_training_options_find_fault (const KalonTrainingOptions *options);
/* One line that names every option. */
char *kalon_training_options_to_string (const KalonTrainingOptions *options);

G_END_DECLS
