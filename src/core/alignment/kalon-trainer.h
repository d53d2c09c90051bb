/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Ranked DPO of an adapter on preference pairs (arXiv 2406.09397, 2.3; Rafailov et al. 2023).
 *
 * With s (q, v) the score under the adapter and r (q, v) the score without it, for a query's pair
 * w preferred to l:
 *
 *   h    = (beta / tau) [(s (q, w) - s (q, l)) - (r (q, w) - r (q, l))]
 *   loss = -(1 - epsilon) log sigmoid (h) - epsilon log sigmoid (-h)
 *
 * which is DPO's loss exactly: a dual encoder as a policy is softmax (s / tau) over all pictures,
 * and its partition function falls out of a pair. epsilon is the label smoothing of "conservative
 * DPO" (Mitchell 2023). A query's pairs are averaged by their weights, queries count alike, so that
 * one with many pairs does not drown the others (the rule of PickScore's criterion). To this comes
 *
 *   anchor x KL (softmax (r / tau) || softmax (s / tau))     over the query's candidates
 *
 * the mean over queries, which holds the model to what it knew (in the place of the paper's
 * pre-training loss), and AdamW's decoupled weight decay, which pulls to the adapter that changes
 * nothing.
 *
 * Everything blocks. A trainer belongs to one thread at a time. The same set, options and seed give
 * the same bits on the same backend. Plain C and OpenCL differ by rounding, in the gradient by 1e-6
 * of its largest element; Adam makes more of it where an element is next to nothing, because it
 * divides by its size (tests/core/test-alignment-training.c says how much is allowed).
 */

#include "alignment/kalon-adapter.h"
#include "alignment/kalon-preference-set.h"

G_BEGIN_DECLS

/**
 * kalon_dpo_pair_loss:
 * @smoothing: epsilon, 0 to below 0.5
 * @gradient: (out) (optional): by @h
 *
 * The loss of one pair. Never overflows.
 */
double kalon_dpo_pair_loss (double h, double smoothing, double *gradient);

/**
 * KalonTrainingSet:
 * Embeddings and pairs as arrays. Grows until a trainer is made of it; each trainer keeps what it
 * needs.
 */
typedef struct _KalonTrainingSet KalonTrainingSet;

/* @images: [n, d], unit length, copied. (transfer full) */
KalonTrainingSet *kalon_training_set_new (const float *images, gsize n, gsize dimension);
void kalon_training_set_free (KalonTrainingSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTrainingSet, kalon_training_set_free)

/**
 * kalon_training_set_add_query:
 * @query: [d], unit length: the embedding of the query AS TYPED. It is to learn the order that the
 *   rephrased one found
 * @candidates: [n_candidates] image numbers, at least 2: what the anchor is over. All of the
 *   query's matrix, and others of its top K as wanted
 * @pairs: [n_pairs] at least one; winner and loser are positions in @candidates
 *
 * %KALON_ERROR_ARGUMENT when a number is outside, a pair is of one picture with itself, a weight is
 * not above 0, or the query is not finite.
 */
gboolean kalon_training_set_add_query (KalonTrainingSet *self, const float *query,
                                       const guint32 *candidates, gsize n_candidates,
                                       const KalonPair *pairs, gsize n_pairs, GError **error);
gsize kalon_training_set_get_n_queries (const KalonTrainingSet *self);
gsize kalon_training_set_get_n_pairs (const KalonTrainingSet *self);

typedef enum
{
  KALON_SCHEDULE_COSINE, /* after the warm-up to 0 along half a cosine (Loshchilov and Hutter 2017)
                          */
  KALON_SCHEDULE_CONSTANT,
} KalonSchedule;

/**
 * KalonTrainingOptions:
 * The paper's values of beta, of the weight of its second loss, learning rate, batch size, weight
 * decay and epochs are not known to us. What stands here instead, and why:
 *
 * @beta: 0.1. "Typically 0.1 to 0.5" (the DPO authors' code). Larger ones with a weaker anchor did
 *   better on one small collection (docs/benchmarks.md)
 * @temperature: tau, 0.01: CLIP's own after training (its logit scale is held to 100)
 * @smoothing: epsilon, 0.1: aesthetic scores are a model's guess; the paper smooths too
 * @anchor: weight of the divergence, 0.1: about as much pull as the pair loss at a divergence of 1
 * @learning_rate: 1e-3, Adam's own (Kingma and Ba 2015)
 * @weight_decay: 0.01, @beta1, @beta2, @epsilon: 0.9, 0.999, 1e-8: those of torch.optim.AdamW
 * @max_gradient_norm: 1: the gradient of a whole step is shortened to this; 0 never
 * @warm_up: 0.05, share of all steps over which the rate grows linearly from near 0
 * @schedule: cosine
 * @epochs: 10 times over the queries that are trained on
 * @batch: 16 queries a step
 * @held_out: 0.1, the share of the QUERIES that is kept apart and measured; 0 measures nothing and
 *   keeps the last adapter
 * @evaluate_every: steps between two measurements; 0 is once an epoch
 * @seed: 1, which queries are held out and the order of the others
 */
typedef struct
{
  double beta;
  double temperature;
  double smoothing;
  double anchor;
  double learning_rate;
  double weight_decay;
  double beta1;
  double beta2;
  double epsilon;
  double max_gradient_norm;
  double warm_up;
  KalonSchedule schedule;
  guint epochs;
  guint batch;
  double held_out;
  guint evaluate_every;
  guint32 seed;
} KalonTrainingOptions;

void kalon_training_options_init (KalonTrainingOptions *options);

/* What a set of queries is worth under the adapter. */
typedef struct
{
  double loss;      /* pair loss + anchor x divergence */
  double pair_loss; /* log 2 at the start, whatever the smoothing */
  double divergence;
  double agreement; /* share of pairs with s (q, w) > s (q, l), equals count half */
} KalonTrainingMeasure;

typedef struct
{
  guint step; /* done */
  guint n_steps;
  guint epoch; /* begun, from 1 */
  KalonTrainingMeasure batch;
  double gradient_norm; /* before it was shortened */
  double learning_rate;
  gboolean is_measured;          /* held_out is of this very step */
  KalonTrainingMeasure held_out; /* the last measurement; of no meaning without held-out queries */
  KalonTrainingMeasure best;     /* of the adapter that is kept */
  guint best_step;               /* 0 is the adapter at the start */
} KalonTrainingProgress;

typedef void (*KalonTrainingFunc) (const KalonTrainingProgress *progress, gpointer data);

typedef struct _KalonTrainer KalonTrainer;

/**
 * kalon_trainer_new:
 * @device: (nullable): %NULL computes in plain C
 * @start: the adapter to start from, of the set's dimension; copied
 *
 * %KALON_ERROR_ARGUMENT for options outside of their meaning, too few queries, or a start of
 * another dimension.
 */
KalonTrainer *
kalon_trainer_new (KalonDevice *device, KalonTrainingSet *set, const KalonAdapter *start,
                   const KalonTrainingOptions *options, GError **error);
void kalon_trainer_free (KalonTrainer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTrainer, kalon_trainer_free)

/**
 * kalon_trainer_run:
 * @n_steps: at most so many more; 0 is to the end
 * @func: (nullable) (scope call): called after each step, and once before the first
 *
 * %FALSE with %G_IO_ERROR_CANCELLED between two steps, and with %KALON_ERROR_NOT_FINITE when loss
 * or gradient is not a finite number: that step is not taken (of held-out queries: not measured).
 * The trainer stays whole either way: it can be saved, and go on after a cancellation.
 */
gboolean kalon_trainer_run (KalonTrainer *self, guint n_steps, KalonTrainingFunc func,
                            gpointer data, GCancellable *cancellable, GError **error);

/* Where it stands: valid until the trainer is used again. */
const KalonTrainingProgress *kalon_trainer_get_progress (const KalonTrainer *self);

/**
 * kalon_trainer_dup_adapter:
 *
 * Returns: (transfer full) (nullable): the adapter that was best on the held-out queries (higher
 *   agreement, then lower loss; the start is among them: training that harms gives back the start),
 *   or the last one when none are held out. Its made-from text has the options. %NULL when the
 *   device cannot be read
 */
KalonAdapter *kalon_trainer_dup_adapter (KalonTrainer *self, GError **error);

/* Everything that the next step depends on but the set, the options and the start. */
gboolean kalon_trainer_save (KalonTrainer *self, const char *path, GError **error);

/**
 * kalon_trainer_resume:
 * @path: what kalon_trainer_save() wrote
 *
 * On a trainer made of the same set, options and start: goes on there, to the same bits as if it
 * had never stopped. %KALON_ERROR_MISMATCH when it is of others; the trainer is then as before.
 */
gboolean kalon_trainer_resume (KalonTrainer *self, const char *path, GError **error);

G_END_DECLS
