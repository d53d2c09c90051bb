/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-trainer-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

KalonTrainingSet *
kalon_training_set_new (const float *images, gsize n, gsize dimension)
{
  KalonTrainingSet *self;
  guint32 none = 0;

  g_return_val_if_fail (images != NULL && n > 0 && n < G_MAXUINT32, NULL);
  g_return_val_if_fail (dimension > 0 && dimension <= KALON_ADAPTER_MAX_DIMENSION, NULL);

  self = g_new0 (KalonTrainingSet, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->dimension = dimension;
  self->n_images = n;
  self->images = g_memdup2 (images, n * dimension * sizeof *images);
  self->queries = g_array_new (FALSE, FALSE, sizeof (float));
  self->first = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->candidates = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->pair_first = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->pairs = g_array_new (FALSE, FALSE, sizeof (KalonPair));
  g_array_append_val (self->first, none);
  g_array_append_val (self->pair_first, none);
  return self;
}

KalonTrainingSet *
kalon_training_set_ref (KalonTrainingSet *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kalon_training_set_free (KalonTrainingSet *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->images);
  g_array_unref (self->queries);
  g_array_unref (self->first);
  g_array_unref (self->candidates);
  g_array_unref (self->pair_first);
  g_array_unref (self->pairs);
  g_free (self);
}

/* What is wrong with it, or NULL. */
static const char *
find_fault (const KalonTrainingSet *self, const float *query, const guint32 *candidates,
            gsize n_candidates, const KalonPair *pairs, gsize n_pairs)
{
  if (n_candidates < 2 || n_candidates > G_MAXINT32 - self->candidates->len)
    return "has too few candidates (two are needed), or the set too many";
  if (n_pairs < 1 || n_pairs > G_MAXINT32 / 2 - self->pairs->len)
    return "has no pairs, or the set too many";
  for (gsize i = 0; i < self->dimension; i++)
    if (!isfinite (query[i]))
      return "has a number that is not finite";
  for (gsize i = 0; i < n_candidates; i++)
    if (candidates[i] >= self->n_images)
      return "has a candidate that is not among the pictures";
  for (gsize i = 0; i < n_pairs; i++)
    {
      if (pairs[i].winner >= n_candidates || pairs[i].loser >= n_candidates)
        return "has a pair that is not among its candidates";
      if (candidates[pairs[i].winner] == candidates[pairs[i].loser])
        return "prefers a picture to itself";
      if (!(pairs[i].weight > 0) || !isfinite (pairs[i].weight))
        return "has a pair whose weight is not above 0";
    }
  return NULL;
}

gboolean
kalon_training_set_add_query (KalonTrainingSet *self, const float *query, const guint32 *candidates,
                              gsize n_candidates, const KalonPair *pairs, gsize n_pairs,
                              GError **error)
{
  const char *fault;

  g_return_val_if_fail (self != NULL && !self->is_used, FALSE);
  g_return_val_if_fail (query != NULL, FALSE);
  g_return_val_if_fail (candidates != NULL || n_candidates == 0, FALSE);
  g_return_val_if_fail (pairs != NULL || n_pairs == 0, FALSE);

  fault = find_fault (self, query, candidates, n_candidates, pairs, n_pairs);
  if (fault != NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "Query %" G_GSIZE_FORMAT " of the training set %s; leave it out.",
                   kalon_training_set_get_n_queries (self), fault);
      return FALSE;
    }
  g_array_append_vals (self->queries, query, (guint) self->dimension);
  g_array_append_vals (self->candidates, candidates, (guint) n_candidates);
  g_array_append_val (self->first, self->candidates->len);
  g_array_append_vals (self->pairs, pairs, (guint) n_pairs);
  g_array_append_val (self->pair_first, self->pairs->len);
  return TRUE;
}

gsize
kalon_training_set_get_n_queries (const KalonTrainingSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->first->len - 1;
}

gsize
kalon_training_set_get_n_pairs (const KalonTrainingSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pairs->len;
}
