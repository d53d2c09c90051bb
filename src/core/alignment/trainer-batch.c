/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-trainer-private.h"

/* A batch as it is put together on the host. */
typedef struct
{
  guint32 *first, *pair_first, *owners, *rows, *winners, *losers, *touch_first, *touches;
  float *weights, *reference;
} Draft;

static void
draft_clear (Draft *draft)
{
  g_free (draft->first);
  g_free (draft->pair_first);
  g_free (draft->owners);
  g_free (draft->rows);
  g_free (draft->winners);
  g_free (draft->losers);
  g_free (draft->touch_first);
  g_free (draft->touches);
  g_free (draft->weights);
  g_free (draft->reference);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static gsize
get_start (GArray *starts, gsize query)
{
  return g_array_index (starts, guint32, query);
}

static gsize
get_count (GArray *starts, gsize query)
{
  return get_start (starts, query + 1) - get_start (starts, query);
}

/* The candidates of the @q-th query of the batch, from @e on. */
static void
place_candidates (KalonTrainingBatch *self, Draft *draft, const KalonTrainingSet *set, gsize q,
                  gsize e, gboolean gathered, const float *reference)
{
  gsize from = get_start (set->first, self->queries[q]);
  gsize n = get_count (set->first, self->queries[q]);

  for (gsize i = 0; i < n; i++)
    {
      self->images[e + i] = g_array_index (set->candidates, guint32, from + i);
      draft->owners[e + i] = (guint32) q;
      draft->rows[e + i] = gathered ? (guint32) (e + i) : self->images[e + i];
      draft->reference[e + i] = reference != NULL ? reference[from + i] : 0;
    }
}

/* Its pairs, from @p on; their weights add up to 1. */
static void
place_pairs (KalonTrainingBatch *self, Draft *draft, const KalonTrainingSet *set, gsize q, gsize p)
{
  const KalonPair *pairs
      = &g_array_index (set->pairs, KalonPair, get_start (set->pair_first, self->queries[q]));
  gsize n = get_count (set->pair_first, self->queries[q]);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += pairs[i].weight;
  for (gsize i = 0; i < n; i++)
    {
      draft->winners[p + i] = draft->first[q] + pairs[i].winner;
      draft->losers[p + i] = draft->first[q] + pairs[i].loser;
      draft->weights[p + i] = (float) (pairs[i].weight / sum);
      draft->touch_first[draft->winners[p + i] + 1]++;
      draft->touch_first[draft->losers[p + i] + 1]++;
    }
}

/* From how many pairs touch a candidate (in touch_first[e + 1]) to which; in the order of pairs. */
static void
place_touches (Draft *draft, gsize n_candidates, gsize n_pairs)
{
  g_autofree guint32 *next = NULL;

  for (gsize e = 0; e < n_candidates; e++)
    draft->touch_first[e + 1] += draft->touch_first[e];
  next = g_memdup2 (draft->touch_first, n_candidates * sizeof *next);
  for (gsize p = 0; p < n_pairs; p++)
    {
      draft->touches[next[draft->winners[p]]++] = (guint32) (2 * p);
      draft->touches[next[draft->losers[p]]++] = (guint32) (2 * p + 1);
    }
}

static gboolean
send (KalonTrainingBatch *self, KalonNn *nn, const Draft *draft, GError **error)
{
  KalonDpoPairs *pairs = &self->pairs;
  gsize n_queries = pairs->n_queries, n_candidates = pairs->n_candidates, n_pairs = pairs->n_pairs;
  struct
  {
    KalonNumbers **to;
    const guint32 *from;
    gsize n;
  } const lists[] = {
    { &pairs->first, draft->first, n_queries + 1 },
    { &pairs->pair_first, draft->pair_first, n_queries + 1 },
    { &pairs->winners, draft->winners, n_pairs },
    { &pairs->losers, draft->losers, n_pairs },
    { &pairs->touch_first, draft->touch_first, n_candidates + 1 },
    { &pairs->touches, draft->touches, 2 * n_pairs },
    { &self->owners, draft->owners, n_candidates },
    { &self->rows, draft->rows, n_candidates },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      *lists[i].to = kalon_numbers_new (nn, lists[i].from, lists[i].n, error);
      if (*lists[i].to == NULL)
        return FALSE;
    }
  pairs->weights = kalon_nn_tensor_new_from_data (nn, 1, &n_pairs, draft->weights, error);
  if (pairs->weights == NULL)
    return FALSE;
  pairs->reference = kalon_nn_tensor_new_from_data (nn, 1, &n_candidates, draft->reference, error);
  return pairs->reference != NULL;
}

KalonTrainingBatch *
kalon_training_batch_new (KalonNn *nn, const KalonTrainingSet *set, const guint32 *queries, gsize n,
                          gboolean gathered, const float *reference, GError **error)
{
  g_autoptr (KalonTrainingBatch) self = g_new0 (KalonTrainingBatch, 1);
  g_auto (Draft) draft = { 0 };
  KalonDpoPairs *pairs = &self->pairs;

  self->queries = g_memdup2 (queries, n * sizeof *queries);
  pairs->n_queries = n;
  draft.first = g_new0 (guint32, n + 1);
  draft.pair_first = g_new0 (guint32, n + 1);
  for (gsize q = 0; q < n; q++)
    {
      draft.first[q + 1] = draft.first[q] + get_count (set->first, queries[q]);
      draft.pair_first[q + 1] = draft.pair_first[q] + get_count (set->pair_first, queries[q]);
    }
  pairs->n_candidates = draft.first[n];
  pairs->n_pairs = draft.pair_first[n];
  self->images = g_new (guint32, pairs->n_candidates);
  draft.owners = g_new (guint32, pairs->n_candidates);
  draft.rows = g_new (guint32, pairs->n_candidates);
  draft.reference = g_new (float, pairs->n_candidates);
  draft.winners = g_new (guint32, pairs->n_pairs);
  draft.losers = g_new (guint32, pairs->n_pairs);
  draft.weights = g_new (float, pairs->n_pairs);
  draft.touch_first = g_new0 (guint32, pairs->n_candidates + 1);
  draft.touches = g_new (guint32, 2 * pairs->n_pairs);
  for (gsize q = 0; q < n; q++)
    {
      place_candidates (self, &draft, set, q, draft.first[q], gathered, reference);
      place_pairs (self, &draft, set, q, draft.pair_first[q]);
    }
  place_touches (&draft, pairs->n_candidates, pairs->n_pairs);
  return send (self, nn, &draft, error) ? g_steal_pointer (&self) : NULL;
}

void
kalon_training_batch_free (KalonTrainingBatch *self)
{
  KalonNumbers **lists[] = {
    &self->pairs.first,       &self->pairs.pair_first, &self->pairs.winners, &self->pairs.losers,
    &self->pairs.touch_first, &self->pairs.touches,    &self->owners,        &self->rows
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_clear_pointer (lists[i], kalon_numbers_free);
  g_clear_pointer (&self->pairs.weights, kalon_tensor_unref);
  g_clear_pointer (&self->pairs.reference, kalon_tensor_unref);
  g_free (self->queries);
  g_free (self->images);
  g_free (self);
}
