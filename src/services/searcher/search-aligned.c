/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <stdlib.h>
#include <string.h>

/* The scores of all candidates after each part: the baseline's, then one for each KalonMove. */
#define N_STAGES (1 + KALON_N_MOVES)

typedef struct
{
  KalonSearchSession *session;
  const KalonAlignment *alignment;
  const GArray *candidates; /* KalonCandidate */
  float *scores[N_STAGES];  /* [n] each */
  float *similarities;      /* [n]: what the last stage's similarity is */
} Stages;

static guint
get_position (const Stages *stages, guint i)
{
  return stages->session->positions[g_array_index (stages->candidates, KalonCandidate, i).row];
}

/* The positive side of the query, blended with the rephrasing: [dimension], unit length. */
static gboolean
blend (KalonSearchSession *session, const KalonAlignment *alignment, const float *positive,
       float *blended, GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  g_autofree float *rephrased = g_new (float, dimension);
  const char *text = alignment->rephrased;
  gsize unused = 0;

  memcpy (blended, positive, dimension * sizeof (float));
  if (text == NULL || text[0] == '\0' || alignment->rephrase <= 0)
    return TRUE;
  if (!kalon_search_embed_text (session, text, rephrased, &unused, cancellable, error))
    return FALSE;
  kalon_alignment_blend (positive, rephrased, alignment->rephrase, dimension, blended);
  return TRUE;
}

/*
 * Similarities of all candidates to the blended query, and to it under the adapter, in one pass.
 * What a candidate lost to not-words, it loses here too.
 */
static gboolean
score_queries (Stages *stages, const float *positive, GCancellable *cancellable, GError **error)
{
  KalonSearchSession *session = stages->session;
  const KalonPreferences *preferences = session->preferences;
  const KalonAdapter *adapter = stages->alignment->adapter ? preferences->adapter : NULL;
  gsize dimension = kalon_index_get_dimension (session->index), n_rows = session->n_rows;
  g_autofree float *queries = g_new (float, 2 * dimension);
  g_autofree float *products = g_new (float, 2 * n_rows + 1);

  if (!blend (session, stages->alignment, positive, queries, cancellable, error))
    return FALSE;
  memcpy (queries + dimension, queries, dimension * sizeof (float));
  if (adapter != NULL)
    {
      kalon_adapter_apply_to_queries (adapter, queries + dimension, 1);
      kalon_adapter_fold_queries (adapter, queries + dimension, 1);
    }
  if (!kalon_index_score (session->index, session->device, queries, adapter != NULL ? 2 : 1,
                          products, cancellable, error))
    return FALSE;
  for (guint i = 0; i < stages->candidates->len; i++)
    {
      const KalonCandidate *candidate = &g_array_index (stages->candidates, KalonCandidate, i);
      float penalty = candidate->similarity - candidate->score;
      guint position = get_position (stages, i);
      float blended = products[candidate->row], adapted = blended;

      if (adapter != NULL)
        {
          adapted = products[n_rows + candidate->row];
          if (preferences->image_norms != NULL)
            adapted /= preferences->image_norms[position];
          if (preferences->image_term != NULL)
            adapted += preferences->image_term[position];
        }
      stages->scores[0][i] = candidate->score;
      stages->scores[1 + KALON_MOVE_REPHRASE][i] = blended - penalty;
      stages->scores[1 + KALON_MOVE_ADAPTER][i] = adapted - penalty;
      stages->similarities[i] = adapted;
    }
  return TRUE;
}

static void
add_terms (Stages *stages, double spread)
{
  const KalonAlignment *alignment = stages->alignment;
  const float *taste = stages->session->preferences->taste;

  for (guint i = 0; i < stages->candidates->len; i++)
    {
      guint position = get_position (stages, i);
      float aesthetic = g_array_index (stages->session->rows, KalonLibraryRow, position).aesthetic;
      float score = kalon_alignment_add_aesthetic (stages->scores[1 + KALON_MOVE_ADAPTER][i],
                                                   aesthetic, alignment->aesthetic, spread);

      stages->scores[1 + KALON_MOVE_AESTHETIC][i] = score;
      stages->scores[1 + KALON_MOVE_TASTE][i]
          = score + (float) (spread * alignment->taste * taste[position]);
    }
}

/* How many of @scores, [n], are above @score. */
static guint
count_above (const float *scores, guint n, float score)
{
  guint count = 0;

  for (guint i = 0; i < n; i++)
    count += scores[i] > score;
  return count;
}

/* Places that each part moved candidate @i up. */
static void
find_moves (const Stages *stages, guint i, gint32 *moves)
{
  guint n = stages->candidates->len;
  guint before = count_above (stages->scores[0], n, stages->scores[0][i]);

  for (guint move = 0; move < KALON_N_MOVES; move++)
    {
      /* A part that changed nothing is not counted again: most have no adapter. */
      gboolean same
          = memcmp (stages->scores[move], stages->scores[move + 1], n * sizeof (float)) == 0;
      guint after
          = same ? before : count_above (stages->scores[move + 1], n, stages->scores[move + 1][i]);

      moves[move] = (gint32) before - (gint32) after;
      before = after;
    }
}

typedef struct
{
  KalonCandidate candidate;
  guint number; /* among the baseline's candidates */
} Aligned;

static int
compare_aligned (const void *a, const void *b)
{
  const Aligned *x = a, *y = b;

  if (x->candidate.score != y->candidate.score)
    return x->candidate.score > y->candidate.score ? -1 : 1;
  return (x->candidate.row > y->candidate.row) - (x->candidate.row < y->candidate.row);
}

struct _KalonAlignedRanking
{
  Stages stages;
  float *space;       /* of the stages' arrays */
  GArray *candidates; /* KalonCandidate, best first */
  guint *numbers;     /* of each, among the baseline's candidates */
};

void
kalon_aligned_ranking_free (KalonAlignedRanking *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->candidates);
  g_free (self->numbers);
  g_free (self->space);
  g_free (self);
}

const GArray *
kalon_aligned_ranking_get_candidates (const KalonAlignedRanking *self)
{
  return self->candidates;
}

void
kalon_aligned_ranking_find_moves (const KalonAlignedRanking *self, guint i, gint32 *moves)
{
  find_moves (&self->stages, self->numbers[i], moves);
}

static void
sort (KalonAlignedRanking *self)
{
  const Stages *stages = &self->stages;
  guint n = stages->candidates->len;
  g_autofree Aligned *aligned = g_new (Aligned, n + 1);

  for (guint i = 0; i < n; i++)
    aligned[i] = (Aligned){
      { g_array_index (stages->candidates, KalonCandidate, i).row, stages->similarities[i],
        stages->scores[N_STAGES - 1][i] },
      i,
    };
  qsort (aligned, n, sizeof *aligned, compare_aligned);
  for (guint i = 0; i < n; i++)
    {
      g_array_append_val (self->candidates, aligned[i].candidate);
      self->numbers[i] = aligned[i].number;
    }
}

KalonAlignedRanking *
kalon_search_align (KalonSearchSession *session, const KalonQuery *query,
                    const KalonSearchVectors *vectors, const GArray *candidates, double spread,
                    GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonAlignedRanking) self = g_new0 (KalonAlignedRanking, 1);
  gsize n = candidates->len;

  self->space = g_new (float, (N_STAGES + 1) * n + 1);
  self->numbers = g_new (guint, n + 1);
  self->candidates = g_array_sized_new (FALSE, FALSE, sizeof (KalonCandidate), (guint) n);
  self->stages = (Stages){
    .session = session,
    .alignment = query->alignment,
    .candidates = candidates,
    .similarities = self->space + N_STAGES * n,
  };
  for (guint stage = 0; stage < N_STAGES; stage++)
    self->stages.scores[stage] = self->space + stage * n;
  if (!kalon_search_update_preferences (session, query->alignment->method,
                                        query->alignment->adapter, cancellable, error)
      || !score_queries (&self->stages, vectors->positive, cancellable, error))
    return NULL;
  add_terms (&self->stages, spread);
  sort (self);
  return g_steal_pointer (&self);
}
