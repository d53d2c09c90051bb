/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <stdlib.h>

static int
compare_candidates (const void *a, const void *b)
{
  const KalonCandidate *x = a, *y = b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static float
get_median (const float *similarities, const GArray *rows)
{
  g_autofree float *live = g_new (float, rows->len);

  for (guint i = 0; i < rows->len; i++)
    live[i] = similarities[g_array_index (rows, KalonLibraryRow, i).row];
  qsort (live, rows->len, sizeof *live, compare_floats);
  return live[rows->len / 2];
}

/* Every live row, for what needs the whole library: penalties and the cut. */
static GArray *
rank_all (KalonSearchSession *session, const KalonSearchVectors *vectors, GCancellable *cancellable,
          GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index), n = 1 + vectors->n_negatives;
  g_autofree float *queries = g_new (float, n *dimension);
  g_autofree float *similarities = g_new (float, n * session->n_rows);
  g_autoptr (GArray) candidates
      = g_array_sized_new (FALSE, FALSE, sizeof (KalonCandidate), session->rows->len);

  memcpy (queries, vectors->positive, dimension * sizeof (float));
  memcpy (queries + dimension, vectors->negatives,
          vectors->n_negatives * dimension * sizeof (float));
  if (!kalon_index_score (session->index, session->device, queries, n, similarities, cancellable,
                          error))
    return NULL;

  for (guint i = 0; i < session->rows->len; i++)
    {
      guint32 row = g_array_index (session->rows, KalonLibraryRow, i).row;
      KalonCandidate candidate = { row, similarities[row], similarities[row] };
      g_array_append_val (candidates, candidate);
    }
  for (gsize j = 0; j < vectors->n_negatives && candidates->len > 0; j++)
    {
      const float *against = similarities + (1 + j) * session->n_rows;
      float median = get_median (against, session->rows);

      for (guint i = 0; i < candidates->len; i++)
        {
          KalonCandidate *candidate = &g_array_index (candidates, KalonCandidate, i);
          candidate->score -= vectors->penalties[j] * MAX (0, against[candidate->row] - median);
        }
    }
  if (candidates->len > 0)
    qsort (candidates->data, candidates->len, sizeof (KalonCandidate), compare_candidates);
  return g_steal_pointer (&candidates);
}

static GArray *
rank_best (KalonSearchSession *session, const KalonSearchVectors *vectors, gsize k,
           GCancellable *cancellable, GError **error)
{
  g_autofree KalonNeighbour *neighbours = g_new (KalonNeighbour, k);
  g_autoptr (GArray) candidates = NULL;
  gsize n;

  if (!kalon_index_search (session->index, session->device, vectors->positive, 1,
                           session->passing != NULL ? session->passing : session->allowed, k,
                           neighbours, &n, cancellable, error))
    return NULL;
  candidates = g_array_sized_new (FALSE, FALSE, sizeof (KalonCandidate), (guint) n);
  for (gsize i = 0; i < n; i++)
    {
      KalonCandidate candidate
          = { neighbours[i].row, neighbours[i].similarity, neighbours[i].similarity };
      g_array_append_val (candidates, candidate);
    }
  return g_steal_pointer (&candidates);
}

GArray *
kalon_search_rank (KalonSearchSession *session, const KalonSearchVectors *vectors, gsize k,
                   GCancellable *cancellable, GError **error)
{
  if (k == 0 || k >= session->rows->len || vectors->n_negatives > 0)
    return rank_all (session, vectors, cancellable, error);
  return rank_best (session, vectors, k, cancellable, error);
}
