/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>
#include <string.h>

/* How many more rows than asked for are ranked at first, so that folding seldom runs out of them.
 */
#define FOLD_FACTOR 2
#define FOLD_MORE 64
/* Moves are counted for this many of the best: nobody asks why something is at rank 3,000. */
#define MAX_MOVES 1000

static gboolean
get_row (guint32 row, float *embedding, gpointer user_data, GError **error)
{
  KalonSearchSession *self = user_data;

  return kalon_index_get_row (self->index, row, embedding, error);
}

/* Fills @collected with KalonResults from @candidates until the limit, and @folded with what is
 * behind them. @ranking: (nullable): whose candidates they are. */
static gboolean
collect (KalonSearchSession *self, const KalonQuery *query, const GArray *candidates,
         const KalonAlignedRanking *ranking, GArray *collected, GArray *folded,
         GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonFold) fold
      = kalon_fold_new (kalon_index_get_dimension (self->index),
                        (float) self->calibration->near_duplicate_cosine, get_row, self);

  g_array_set_size (collected, 0);
  g_array_set_size (folded, 0);
  for (guint i = 0; i < candidates->len; i++)
    {
      const KalonCandidate *candidate = &g_array_index (candidates, KalonCandidate, i);
      const KalonLibraryRow *row
          = &g_array_index (self->rows, KalonLibraryRow, self->positions[candidate->row]);
      KalonResult result = {
        .picture = row->picture,
        .row = candidate->row,
        .rank = collected->len + 1,
        .similarity = candidate->similarity,
        .score = candidate->score,
        .aesthetic = row->aesthetic,
      };
      gsize representative = collected->len;

      if (query->limit > 0 && collected->len == query->limit)
        break;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (query->fold
          && !kalon_fold_add (fold, candidate->row, row->perceptual_hash, &representative, error))
        return FALSE;
      if (representative < collected->len)
        {
          KalonResult *leader = &g_array_index (collected, KalonResult, representative);
          KalonFolded behind = { leader->picture, result };

          behind.result.rank = 0;
          g_array_append_val (folded, behind);
          leader->n_duplicates++;
        }
      else
        {
          if (ranking != NULL && collected->len < MAX_MOVES)
            kalon_aligned_ranking_find_moves (ranking, i, result.moves);
          g_array_append_val (collected, result);
        }
    }
  return TRUE;
}

/* Takes out the candidates that are not good enough to look at. */
static void
leave_out_unsightly (KalonSearchSession *self, const KalonQuery *query, GArray *candidates,
                     KalonResults *results)
{
  guint n = 0;

  if (isnan (query->min_aesthetic))
    return;
  for (guint i = 0; i < candidates->len; i++)
    {
      KalonCandidate candidate = g_array_index (candidates, KalonCandidate, i);
      float aesthetic
          = g_array_index (self->rows, KalonLibraryRow, self->positions[candidate.row]).aesthetic;

      /* Written so that no score is not enough. */
      if (aesthetic >= query->min_aesthetic)
        g_array_index (candidates, KalonCandidate, n++) = candidate;
    }
  results->n_unsightly = candidates->len - n;
  g_array_set_size (candidates, n);
}

static int
compare_aesthetics (gconstpointer a, gconstpointer b)
{
  const KalonResult *x = a, *y = b;

  if (isnan (x->aesthetic) != isnan (y->aesthetic))
    return isnan (x->aesthetic) ? 1 : -1;
  if (x->aesthetic != y->aesthetic && !isnan (x->aesthetic))
    return x->aesthetic > y->aesthetic ? -1 : 1;
  return (x->rank > y->rank) - (x->rank < y->rank);
}

static void
sort_results (const KalonQuery *query, GArray *results)
{
  if (query->sort != KALON_SORT_AESTHETIC || results == NULL)
    return;
  g_array_sort (results, compare_aesthetics);
  for (guint i = 0; i < results->len; i++)
    g_array_index (results, KalonResult, i).rank = i + 1;
}

/* The same pictures once more, by the aligned ranking. @spread: of all baseline scores. */
static gboolean
align (KalonSearchSession *self, const KalonQuery *query, const KalonSearchVectors *vectors,
       const GArray *candidates, double spread, KalonResults *results, GCancellable *cancellable,
       GError **error)
{
  g_autoptr (KalonAlignedRanking) aligned = NULL;
  const KalonFeedbackLearner *learner;

  aligned = kalon_search_align (self, query, vectors, candidates, spread, cancellable, error);
  if (aligned == NULL)
    return FALSE;
  learner = self->preferences->learner;
  results->n_thumbs = kalon_feedback_learner_get_history (learner)->n_events;
  results->taste = *kalon_taste_learner_get_check (kalon_feedback_learner_get_learner (learner));
  results->aligned = g_array_new (FALSE, FALSE, sizeof (KalonResult));
  results->aligned_folded = g_array_new (FALSE, FALSE, sizeof (KalonFolded));
  results->has_import = self->preferences->imported != NULL;
  return collect (self, query, kalon_aligned_ranking_get_candidates (aligned), aligned,
                  results->aligned, results->aligned_folded, cancellable, error);
}

/* Takes off what is below the strictness line, which all pictures have a say in, and then what the
 * filter leaves out; says the spread of all scores. */
static double
cut (KalonSearchSession *self, guint strictness, GArray *candidates, KalonResults *results)
{
  g_autofree float *scores = g_new (float, candidates->len + 1);
  guint n = candidates->len;

  for (guint i = 0; i < n; i++)
    scores[i] = g_array_index (candidates, KalonCandidate, i).score;
  if (strictness > 0)
    {
      guint kept = (guint) kalon_cut_scores (scores, n, strictness);

      g_array_set_size (candidates, kept);
      kalon_search_session_leave_out (self, candidates);
      results->n_filtered = kept - candidates->len;
      results->n_cut = self->n_passing - candidates->len;
    }
  else
    {
      kalon_search_session_leave_out (self, candidates);
      results->n_filtered = self->rows->len - self->n_passing;
    }
  return kalon_taste_get_spread (scores, n);
}

gboolean
kalon_search_fill_results (KalonSearchSession *self, const KalonQuery *query,
                           const KalonSearchVectors *vectors, KalonResults *results,
                           GCancellable *cancellable, GError **error)
{
  guint strictness = query->strictness == KALON_STRICTNESS_OF_MODEL ? self->calibration->strictness
                                                                    : (guint) query->strictness;
  /* What looks at all rows is exact. */
  gsize k = strictness > 0 || !isnan (query->min_aesthetic) || query->alignment != NULL
                    || query->limit >= self->rows->len
                ? 0
                : query->limit;

  results->strictness = strictness;
  if (k > 0 && query->fold)
    k = FOLD_FACTOR * k + FOLD_MORE;
  for (;; k *= 4)
    {
      g_autoptr (GArray) candidates = kalon_search_rank (self, vectors, k, cancellable, error);
      gboolean all;
      double spread;

      if (candidates == NULL)
        return FALSE;
      all = candidates->len >= self->n_passing;
      spread = cut (self, strictness, candidates, results);
      leave_out_unsightly (self, query, candidates, results);
      if (!collect (self, query, candidates, NULL, results->results, results->folded, cancellable,
                    error)
          || (query->alignment != NULL
              && !align (self, query, vectors, candidates, spread, results, cancellable, error)))
        return FALSE;
      if (all || results->results->len >= query->limit)
        break;
    }
  results->n_folded = results->folded->len;
  sort_results (query, results->results);
  sort_results (query, results->aligned);
  return TRUE;
}
