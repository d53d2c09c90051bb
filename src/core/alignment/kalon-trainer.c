/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-trainer-private.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"

/* In the order that @seed and @stream give, the same on every machine. */
static void
shuffle (guint32 *numbers, gsize n, guint32 seed, guint32 stream)
{
  const guint32 seeds[] = { seed, stream };
  g_autoptr (GRand) random = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));

  for (gsize i = n; i > 1; i--)
    {
      gsize j = (gsize) g_rand_int_range (random, 0, (gint32) i);
      guint32 number = numbers[j];

      numbers[j] = numbers[i - 1];
      numbers[i - 1] = number;
    }
}

static gboolean
make_parts (KalonTrainer *self, GError **error)
{
  gsize d = self->set->dimension;

  for (guint p = 0; p < self->start->n_parts; p++)
    {
      KalonTrainerPart *part = &self->parts[p];
      gsize rows = self->start->parts[p].rows;
      const gsize shape[] = { rows, d };
      g_autofree float *zeros = g_new0 (float, rows *d);

      part->parameter
          = kalon_nn_tensor_new_from_data (self->nn, 2, shape, self->start->parts[p].values, error);
      part->gradient = kalon_nn_tensor_new_from_data (self->nn, 2, shape, zeros, error);
      part->mean = kalon_nn_tensor_new_from_data (self->nn, 2, shape, zeros, error);
      part->square = kalon_nn_tensor_new_from_data (self->nn, 2, shape, zeros, error);
      part->best = g_memdup2 (self->start->parts[p].values, rows * d * sizeof (float));
      if (part->parameter == NULL || part->gradient == NULL || part->mean == NULL
          || part->square == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
divide_queries (KalonTrainer *self, GError **error)
{
  const KalonTrainingOptions *options = &self->options;
  gsize n = kalon_training_set_get_n_queries (self->set);
  gsize n_steps;

  self->n_held_out = (gsize) round (options->held_out * n);
  if (options->held_out > 0)
    self->n_held_out = MAX (self->n_held_out, 1);
  if (self->n_held_out >= n)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%" G_GSIZE_FORMAT " queries with pairs are too few to train on and to hold "
                   "some out. Add queries or pictures.",
                   n);
      return FALSE;
    }
  self->n_trained = n - self->n_held_out;
  self->order = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    self->order[i] = (guint32) i;
  shuffle (self->order, n, options->seed, 0);
  self->epoch_order = g_new (guint32, self->n_trained);
  self->steps_per_epoch = (guint) ((self->n_trained + options->batch - 1) / options->batch);
  n_steps = (gsize) self->steps_per_epoch * options->epochs;
  if (n_steps > G_MAXINT32)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "So many epochs over so many queries are too many steps. Take larger batches or "
                   "fewer epochs.");
      return FALSE;
    }
  self->progress.n_steps = (guint) n_steps;
  return TRUE;
}

KalonTrainer *
kalon_trainer_new (KalonDevice *device, KalonTrainingSet *set, const KalonAdapter *start,
                   const KalonTrainingOptions *options, GError **error)
{
  g_autoptr (KalonTrainer) self = NULL;
  const char *fault;
  gsize d, shape[2];

  g_return_val_if_fail (device == NULL || KALON_IS_DEVICE (device), NULL);
  g_return_val_if_fail (set != NULL && start != NULL && options != NULL, NULL);

  d = set->dimension;
  fault = kalon_training_options_find_fault (options);
  if (fault == NULL && start->dimension != d)
    fault = "the adapter is of another dimension than the embeddings";
  if (fault != NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "Training cannot start: %s.", fault);
      return NULL;
    }
  self = g_new0 (KalonTrainer, 1);
  self->nn = kalon_nn_new (device);
  self->set = kalon_training_set_ref (set);
  self->set->is_used = TRUE;
  self->options = *options;
  self->start = kalon_adapter_copy (start);
  if (!divide_queries (self, error))
    return NULL;
  self->reference = g_new (float, set->candidates->len);
  shape[0] = set->n_images;
  shape[1] = d;
  self->images = kalon_nn_tensor_new_from_data (self->nn, 2, shape, set->images, error);
  if (self->images == NULL)
    return NULL;
  shape[0] = kalon_training_set_get_n_queries (set);
  self->queries = kalon_nn_tensor_new_from_data (self->nn, 2, shape,
                                                 (const float *) set->queries->data, error);
  if (self->queries == NULL || !make_parts (self, error)
      || !kalon_trainer_compute_reference (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
kalon_trainer_free (KalonTrainer *self)
{
  if (self == NULL)
    return;

  KalonTensor **scratch[]
      = { &self->images, &self->queries, &self->x,           &self->z,      &self->y,
          &self->dy,     &self->u,       &self->du,          &self->ones,   &self->v,
          &self->zv,     &self->yv,      &self->dyv,         &self->scores, &self->slopes,
          &self->losses, &self->squares, &self->coefficients };

  for (gsize i = 0; i < G_N_ELEMENTS (scratch); i++)
    g_clear_pointer (scratch[i], kalon_tensor_unref);
  for (guint p = 0; p < KALON_ADAPTER_MAX_PARTS; p++)
    {
      g_clear_pointer (&self->parts[p].parameter, kalon_tensor_unref);
      g_clear_pointer (&self->parts[p].gradient, kalon_tensor_unref);
      g_clear_pointer (&self->parts[p].mean, kalon_tensor_unref);
      g_clear_pointer (&self->parts[p].square, kalon_tensor_unref);
      g_free (self->parts[p].best);
    }
  g_clear_pointer (&self->numbers, kalon_numbers_free);
  g_free (self->counting);
  g_free (self->order);
  g_free (self->epoch_order);
  g_free (self->reference);
  kalon_adapter_free (self->start);
  kalon_training_set_free (self->set);
  g_clear_object (&self->nn);
  g_free (self);
}

static gboolean
read_parts (KalonTrainer *self, float *const *values, GError **error)
{
  for (guint p = 0; p < self->start->n_parts; p++)
    if (!kalon_tensor_read (self->parts[p].parameter, 0, values[p],
                            self->start->parts[p].rows * self->set->dimension, error))
      return FALSE;
  return TRUE;
}

/* Measures the held-out queries and keeps the adapter when there was none better. */
static gboolean
measure (KalonTrainer *self, GError **error)
{
  KalonTrainingProgress *progress = &self->progress;
  KalonTrainingMeasure sum = { 0 };
  double n_pairs = 0;
  const guint32 *held_out = self->order + self->n_trained;
  gboolean better;

  for (gsize q = 0; q < self->n_held_out; q += self->options.batch)
    {
      gsize n = MIN (self->options.batch, self->n_held_out - q);
      double share = (double) n / self->n_held_out, pairs = 0;
      KalonTrainingMeasure part;

      if (!kalon_trainer_compute (self, held_out + q, n, FALSE, &part, error))
        return FALSE;
      for (gsize i = q; i < q + n; i++)
        pairs += g_array_index (self->set->pair_first, guint32, held_out[i] + 1)
                 - g_array_index (self->set->pair_first, guint32, held_out[i]);
      sum.loss += share * part.loss;
      sum.pair_loss += share * part.pair_loss;
      sum.divergence += share * part.divergence;
      sum.agreement += pairs * part.agreement;
      n_pairs += pairs;
    }
  sum.agreement /= n_pairs;
  progress->held_out = sum;
  progress->is_measured = TRUE;
  better = !self->has_best || sum.agreement > progress->best.agreement
           || (sum.agreement == progress->best.agreement && sum.loss < progress->best.loss);
  if (!better)
    return TRUE;
  self->has_best = TRUE;
  progress->best = sum;
  progress->best_step = progress->step;
  return read_parts (self, (float *const[]){ self->parts[0].best, self->parts[1].best }, error);
}

static gboolean
take_step (KalonTrainer *self, GError **error)
{
  KalonTrainingProgress *progress = &self->progress;
  guint epoch = progress->step / self->steps_per_epoch + 1;
  gsize first = (gsize) (progress->step % self->steps_per_epoch) * self->options.batch;
  gsize n = MIN (self->options.batch, self->n_trained - first);
  double rate = kalon_trainer_get_rate (self, progress->step);

  if (self->epoch != epoch)
    {
      /* From the seed and its number alone, so that a resumed training draws the same. */
      memcpy (self->epoch_order, self->order, self->n_trained * sizeof *self->order);
      shuffle (self->epoch_order, self->n_trained, self->options.seed, epoch);
      self->epoch = epoch;
    }
  if (!kalon_trainer_compute (self, self->epoch_order + first, n, TRUE, &progress->batch, error)
      || !kalon_trainer_descend (self, rate, progress->step, &progress->gradient_norm, error))
    return FALSE;
  progress->step++;
  progress->epoch = epoch;
  progress->learning_rate = rate;
  progress->is_measured = FALSE;
  return TRUE;
}

gboolean
kalon_trainer_run (KalonTrainer *self, guint n_steps, KalonTrainingFunc func, gpointer data,
                   GCancellable *cancellable, GError **error)
{
  KalonTrainingProgress *progress;
  guint every, end;

  g_return_val_if_fail (self != NULL, FALSE);

  progress = &self->progress;
  every = self->options.evaluate_every > 0 ? self->options.evaluate_every : self->steps_per_epoch;
  end = progress->n_steps;
  if (n_steps > 0 && n_steps < end - progress->step)
    end = progress->step + n_steps;
  if (progress->step == 0 && !self->has_best)
    {
      if (self->n_held_out > 0 && !measure (self, error))
        return FALSE;
      if (func != NULL)
        func (progress, data);
    }
  while (progress->step < end)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !take_step (self, error))
        return FALSE;
      if (self->n_held_out > 0
          && (progress->step % every == 0 || progress->step == progress->n_steps)
          && !measure (self, error))
        return FALSE;
      if (func != NULL)
        func (progress, data);
    }
  return TRUE;
}

const KalonTrainingProgress *
kalon_trainer_get_progress (const KalonTrainer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->progress;
}

KalonAdapter *
kalon_trainer_dup_adapter (KalonTrainer *self, GError **error)
{
  g_autoptr (KalonAdapter) adapter = NULL;
  g_autofree char *options = NULL;
  g_autofree char *made_from = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  adapter = kalon_adapter_copy (self->start);
  for (guint p = 0; self->has_best && p < adapter->n_parts; p++)
    memcpy (adapter->parts[p].values, self->parts[p].best,
            adapter->parts[p].rows * adapter->dimension * sizeof (float));
  if (!self->has_best
      && !read_parts (self, (float *const[]){ adapter->parts[0].values, adapter->parts[1].values },
                      error))
    return NULL;
  options = kalon_training_options_to_string (&self->options);
  made_from = g_strdup_printf (
      "%" G_GSIZE_FORMAT " queries, %" G_GSIZE_FORMAT " pairs, step %u of %u; %s",
      kalon_training_set_get_n_queries (self->set), kalon_training_set_get_n_pairs (self->set),
      self->has_best ? self->progress.best_step : self->progress.step, self->progress.n_steps,
      options);
  kalon_adapter_set_made_from (adapter, made_from);
  return g_steal_pointer (&adapter);
}
