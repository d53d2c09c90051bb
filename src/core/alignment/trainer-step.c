/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step: scores of a batch under the adapter, their loss, the way back, AdamW. */
#include "alignment/kalon-trainer-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

static gboolean
ensure (KalonTrainer *self, KalonTensor **tensor, gsize rows, gsize columns, GError **error)
{
  gsize n = rows * columns;

  if (*tensor != NULL && kalon_tensor_get_count (*tensor) >= n)
    return TRUE;
  g_clear_pointer (tensor, kalon_tensor_unref);
  *tensor = kalon_nn_tensor_new (self->nn, 1, &n, error);
  return *tensor != NULL;
}

static gboolean
ensure_counting (KalonTrainer *self, gsize n, GError **error)
{
  g_autofree float *ones = NULL;

  if (self->n_counting >= n)
    return TRUE;
  self->counting = g_renew (guint32, self->counting, n);
  for (gsize i = 0; i < n; i++)
    self->counting[i] = (guint32) i;
  ones = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    ones[i] = 1;
  g_clear_pointer (&self->numbers, kalon_numbers_free);
  g_clear_pointer (&self->ones, kalon_tensor_unref);
  self->n_counting = 0;
  self->numbers = kalon_numbers_new (self->nn, self->counting, n, error);
  self->ones = kalon_nn_tensor_new_from_data (self->nn, 1, &n, ones, error);
  if (self->numbers == NULL || self->ones == NULL)
    return FALSE;
  self->n_counting = n;
  return TRUE;
}

static gboolean
ensure_scratch (KalonTrainer *self, const KalonTrainingBatch *batch, GError **error)
{
  gsize d = self->set->dimension, rank = MAX (self->start->rank, 1);
  gsize n = batch->pairs.n_queries, n_candidates = batch->pairs.n_candidates;
  gboolean gathers = self->start->kind == KALON_ADAPTER_PROJECTIONS;
  gsize columns = gathers ? d : 1;

  return ensure (self, &self->x, n, d, error) && ensure (self, &self->z, n, d, error)
         && ensure (self, &self->y, n, d, error) && ensure (self, &self->dy, n, d, error)
         && ensure (self, &self->u, n, rank, error) && ensure (self, &self->du, n, rank, error)
         && ensure (self, &self->losses, n, 3, error)
         && ensure (self, &self->scores, n_candidates, 1, error)
         && ensure (self, &self->coefficients, n_candidates, 1, error)
         && ensure (self, &self->slopes, batch->pairs.n_pairs, 1, error)
         && ensure (self, &self->squares, 2 * MAX (d, rank), 1, error)
         && (!gathers
             || (ensure (self, &self->v, n_candidates, columns, error)
                 && ensure (self, &self->zv, n_candidates, columns, error)
                 && ensure (self, &self->yv, n_candidates, columns, error)
                 && ensure (self, &self->dyv, n_candidates, columns, error)))
         && ensure_counting (self, MAX (MAX (n, n_candidates), 2 * MAX (d, rank)), error);
}

/* y = z / |z|; z stays for the way back. */
static gboolean
normalise (KalonTrainer *self, const KalonTensor *z, gsize rows, KalonTensor *y, GError **error)
{
  gsize d = self->set->dimension;

  return kalon_nn_gather_rows (self->nn, z, self->counting, rows, d, y, error)
         && kalon_nn_normalise (self->nn, y, rows, d, error);
}

static KalonOperand
plain (const KalonTensor *tensor, gsize columns)
{
  return (KalonOperand){ .tensor = tensor, .row = columns, .step = 1 };
}

static KalonOperand
turned (const KalonTensor *tensor, gsize columns)
{
  return (KalonOperand){ .tensor = tensor, .row = 1, .step = columns };
}

/* The queries under the adapter into self->y, the pictures (of a projections adapter) into yv. */
static gboolean
forward (KalonTrainer *self, const KalonTrainingBatch *batch, GError **error)
{
  KalonNn *nn = self->nn;
  gsize d = self->set->dimension, rank = self->start->rank;
  gsize n = batch->pairs.n_queries, n_candidates = batch->pairs.n_candidates;
  const KalonTensor *first = self->parts[0].parameter, *second = self->parts[1].parameter;

  if (!kalon_nn_gather_rows (nn, self->queries, batch->queries, n, d, self->x, error))
    return FALSE;
  switch (self->start->kind)
    {
    case KALON_ADAPTER_QUERY:
      return kalon_nn_score (nn, self->x, n, first, rank, d, self->u, error)
             && kalon_alignment_product (nn, plain (self->u, rank), second, self->x, n, rank, d,
                                         self->z, error)
             && normalise (self, self->z, n, self->y, error);
    case KALON_ADAPTER_IMAGE:
      /* q v + w v = (q + w) v: the same row w on top of every query. */
      return kalon_alignment_product (nn, plain (self->ones, 1), first, self->x, n, 1, d, self->y,
                                      error);
    case KALON_ADAPTER_PROJECTIONS:
    default:
      return kalon_nn_gather_rows (nn, self->images, batch->images, n_candidates, d, self->v, error)
             && kalon_alignment_product (nn, plain (self->x, d), first, self->x, n, d, d, self->z,
                                         error)
             && kalon_alignment_product (nn, plain (self->v, d), second, self->v, n_candidates, d,
                                         d, self->zv, error)
             && normalise (self, self->z, n, self->y, error)
             && normalise (self, self->zv, n_candidates, self->yv, error);
    }
}

static const KalonTensor *
get_pictures (KalonTrainer *self)
{
  return self->start->kind == KALON_ADAPTER_PROJECTIONS ? self->yv : self->images;
}

/* From self->coefficients to the gradient of each part. */
static gboolean
backward (KalonTrainer *self, const KalonTrainingBatch *batch, GError **error)
{
  KalonNn *nn = self->nn;
  gsize d = self->set->dimension, rank = self->start->rank;
  gsize n = batch->pairs.n_queries, n_candidates = batch->pairs.n_candidates;
  KalonTensor *first = self->parts[0].gradient, *second = self->parts[1].gradient;

  if (!kalon_alignment_sum_rows (nn, self->coefficients, batch->pairs.first, get_pictures (self),
                                 batch->rows, n, d, self->dy, error))
    return FALSE;
  switch (self->start->kind)
    {
    case KALON_ADAPTER_QUERY:
      return kalon_alignment_normalise_backward (nn, self->z, n, d, self->dy, error)
             && kalon_alignment_product (nn, turned (self->u, rank), self->dy, NULL, rank, n, d,
                                         second, error)
             && kalon_nn_score (nn, self->dy, n, self->parts[1].parameter, rank, d, self->du, error)
             && kalon_alignment_product (nn, turned (self->du, rank), self->x, NULL, rank, n, d,
                                         first, error);
    case KALON_ADAPTER_IMAGE:
      return kalon_alignment_product (nn, plain (self->ones, n), self->dy, NULL, 1, n, d, first,
                                      error);
    case KALON_ADAPTER_PROJECTIONS:
    default:
      return kalon_alignment_normalise_backward (nn, self->z, n, d, self->dy, error)
             && kalon_alignment_product (nn, turned (self->x, d), self->dy, NULL, d, n, d, first,
                                         error)
             && kalon_alignment_scale_rows (nn, self->coefficients, batch->owners, self->y,
                                            n_candidates, d, self->dyv, error)
             && kalon_alignment_normalise_backward (nn, self->zv, n_candidates, d, self->dyv, error)
             && kalon_alignment_product (nn, turned (self->v, d), self->dyv, NULL, d, n_candidates,
                                         d, second, error);
    }
}

static gboolean
read_losses (KalonTrainer *self, const KalonTrainingBatch *batch, KalonTrainingMeasure *measure,
             GError **error)
{
  gsize n = batch->pairs.n_queries;
  g_autofree float *losses = g_new (float, 3 * n);

  if (!kalon_tensor_read (self->losses, 0, losses, 3 * n, error))
    return FALSE;
  *measure = (KalonTrainingMeasure){ 0 };
  for (gsize q = 0; q < n; q++)
    {
      measure->pair_loss += (double) losses[3 * q] / n;
      measure->divergence += (double) losses[3 * q + 1] / n;
      measure->agreement += (double) losses[3 * q + 2] / batch->pairs.n_pairs;
    }
  measure->loss = measure->pair_loss + self->options.anchor * measure->divergence;
  if (isfinite (measure->loss))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
               "The training's loss is not a finite number any more. Choose a lower learning rate, "
               "or look for embeddings that are not of unit length.");
  return FALSE;
}

gboolean
kalon_trainer_compute (KalonTrainer *self, const guint32 *queries, gsize n, gboolean with_gradient,
                       KalonTrainingMeasure *measure, GError **error)
{
  const KalonTrainingOptions *options = &self->options;
  const KalonDpoFactors factors = { .scale = (float) (options->beta / options->temperature),
                                    .smoothing = (float) options->smoothing,
                                    .anchor = (float) options->anchor,
                                    .inverse_temperature = (float) (1 / options->temperature),
                                    .share = (float) (1.0 / n) };
  g_autoptr (KalonTrainingBatch) batch = kalon_training_batch_new (
      self->nn, self->set, queries, n, self->start->kind == KALON_ADAPTER_PROJECTIONS,
      self->reference, error);

  return batch != NULL && ensure_scratch (self, batch, error) && forward (self, batch, error)
         && kalon_alignment_scores (self->nn, self->y, batch->owners, get_pictures (self),
                                    batch->rows, batch->pairs.n_candidates, self->set->dimension,
                                    self->scores, error)
         && kalon_alignment_ranked_dpo (self->nn, &batch->pairs, self->scores, &factors,
                                        self->slopes, self->coefficients, self->losses, error)
         && (!with_gradient || backward (self, batch, error))
         && read_losses (self, batch, measure, error);
}

gboolean
kalon_trainer_compute_reference (KalonTrainer *self, GError **error)
{
  gsize n_queries = kalon_training_set_get_n_queries (self->set);

  for (gsize q = 0; q < n_queries; q += self->options.batch)
    {
      gsize n = MIN (self->options.batch, n_queries - q);
      g_autofree guint32 *numbers = g_new (guint32, n);
      g_autoptr (KalonTrainingBatch) batch = NULL;

      for (gsize i = 0; i < n; i++)
        numbers[i] = (guint32) (q + i);
      batch = kalon_training_batch_new (self->nn, self->set, numbers, n, FALSE, NULL, error);
      if (batch == NULL || !ensure_scratch (self, batch, error)
          || !kalon_nn_gather_rows (self->nn, self->queries, numbers, n, self->set->dimension,
                                    self->x, error)
          || !kalon_alignment_scores (self->nn, self->x, batch->owners, self->images, batch->rows,
                                      batch->pairs.n_candidates, self->set->dimension, self->scores,
                                      error)
          || !kalon_tensor_read (self->scores, 0,
                                 self->reference + g_array_index (self->set->first, guint32, q),
                                 batch->pairs.n_candidates, error))
        return FALSE;
    }
  return TRUE;
}

/* Of the gradient of all parts together. */
static gboolean
get_gradient_norm (KalonTrainer *self, double *norm, GError **error)
{
  double sum = 0;

  for (guint p = 0; p < self->start->n_parts; p++)
    {
      gsize rows = self->start->parts[p].rows;
      const KalonTensor *gradient = self->parts[p].gradient;
      g_autofree float *squares = g_new (float, rows);

      /* The inner product of each row with itself. */
      if (!kalon_alignment_scores (self->nn, gradient, self->numbers, gradient, self->numbers, rows,
                                   self->set->dimension, self->squares, error)
          || !kalon_tensor_read (self->squares, 0, squares, rows, error))
        return FALSE;
      for (gsize r = 0; r < rows; r++)
        sum += squares[r];
    }
  *norm = sqrt (sum);
  if (isfinite (*norm))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
               "The training's gradient is not a finite number any more. Choose a lower learning "
               "rate.");
  return FALSE;
}

double
kalon_trainer_get_rate (const KalonTrainer *self, guint step)
{
  const KalonTrainingOptions *options = &self->options;
  guint n_steps = self->progress.n_steps;
  guint warm = (guint) ceil (options->warm_up * n_steps);

  if (step < warm)
    return options->learning_rate * (step + 1) / warm;
  if (options->schedule == KALON_SCHEDULE_CONSTANT)
    return options->learning_rate;
  return options->learning_rate * 0.5 * (1 + cos (G_PI * (step - warm) / (n_steps - warm)));
}

gboolean
kalon_trainer_descend (KalonTrainer *self, double learning_rate, guint step, double *gradient_norm,
                       GError **error)
{
  const KalonTrainingOptions *options = &self->options;
  double limit = options->max_gradient_norm;
  KalonAdamStep adam = { .clip = 1,
                         .keep = (float) (1 - learning_rate * options->weight_decay),
                         .step = (float) (learning_rate / (1 - pow (options->beta1, step + 1))),
                         .square_scale = (float) (1 / sqrt (1 - pow (options->beta2, step + 1))),
                         .beta2 = (float) options->beta2,
                         .mean_share = (float) (1 - options->beta1),
                         .square_share = (float) (1 - options->beta2),
                         .epsilon = (float) options->epsilon };

  if (!get_gradient_norm (self, gradient_norm, error))
    return FALSE;
  if (limit > 0 && *gradient_norm > limit)
    adam.clip = (float) (limit / *gradient_norm);
  for (guint p = 0; p < self->start->n_parts; p++)
    {
      const KalonTrainerPart *part = &self->parts[p];

      if (!kalon_alignment_adam_w (self->nn, &adam, self->start->parts[p].rows,
                                   self->set->dimension, part->parameter, part->gradient,
                                   part->mean, part->square, error))
        return FALSE;
    }
  return TRUE;
}
