/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>

/* How many more rows than asked for are ranked at first, so that folding seldom runs out of them.
 */
#define FOLD_FACTOR 2
#define FOLD_MORE 64

KalonSearchSession *
kalon_search_session_new (const char *library_directory, const char *model_directory,
                          const char *device_name)
{
  KalonSearchSession *self = g_new0 (KalonSearchSession, 1);

  self->library_directory = g_strdup (library_directory);
  self->model_directory = g_strdup (model_directory);
  self->device_name = g_strdup (device_name);
  return self;
}

static void
clear_rows (KalonSearchSession *self)
{
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->allowed, g_free);
  g_clear_pointer (&self->positions, g_free);
  self->n_rows = 0;
}

void
kalon_search_session_free (KalonSearchSession *self)
{
  clear_rows (self);
  g_clear_object (&self->index);
  g_clear_object (&self->encoder);
  g_clear_object (&self->device);
  g_clear_object (&self->library);
  kalon_calibration_free (self->calibration);
  g_free (self->library_directory);
  g_free (self->model_directory);
  g_free (self->device_name);
  g_free (self);
}

static gboolean
load_model (KalonSearchSession *self, GCancellable *cancellable, GError **error)
{
  if (self->encoder != NULL)
    return TRUE;
  if (self->calibration == NULL)
    self->calibration = kalon_calibration_load (self->model_directory, error);
  if (self->calibration == NULL)
    return FALSE;
  if (self->device == NULL && g_strcmp0 (self->device_name, "none") != 0)
    {
      self->device = kalon_device_open (self->device_name, error);
      if (self->device == NULL)
        return FALSE;
    }
  self->encoder = kalon_encoder_new (self->model_directory, self->device, cancellable, error);
  return self->encoder != NULL;
}

/* The catalogue's live rows, and the embedding file up to the last of them. */
static gboolean
load_rows (KalonSearchSession *self, GError **error)
{
  const char *hash = kalon_encoder_get_model_hash (self->encoder);
  /* Before reading: what is committed meanwhile is read again next time. */
  guint version = kalon_library_get_version (self->library);
  KalonLibraryCounts counts;

  if (self->rows != NULL && version == self->version)
    return TRUE;
  clear_rows (self);
  if (self->index == NULL)
    self->index = kalon_library_open_index (self->library, hash,
                                            kalon_encoder_get_dimension (self->encoder), error);
  if (self->index == NULL || !kalon_library_count (self->library, hash, &counts, error))
    return FALSE;
  self->rows = kalon_library_list_rows (self->library, hash, error);
  if (self->rows == NULL)
    return FALSE;

  if (self->rows->len > 0)
    self->n_rows = g_array_index (self->rows, KalonLibraryRow, self->rows->len - 1).row + 1;
  if (!kalon_index_refresh (self->index, self->n_rows, error))
    {
      /* Opening it anew next time brings file and catalogue together. */
      clear_rows (self);
      g_clear_object (&self->index);
      return FALSE;
    }
  self->allowed = g_new0 (guint64, self->n_rows / 64 + 1);
  self->positions = g_new (guint32, self->n_rows + 1);
  for (guint i = 0; i < self->rows->len; i++)
    {
      guint32 row = g_array_index (self->rows, KalonLibraryRow, i).row;
      self->allowed[row / 64] |= G_GUINT64_CONSTANT (1) << row % 64;
      self->positions[row] = i;
    }
  self->n_pictures = counts.pictures;
  self->version = version;
  return TRUE;
}

static gboolean
get_row (guint32 row, float *embedding, gpointer user_data, GError **error)
{
  KalonSearchSession *self = user_data;

  return kalon_index_get_row (self->index, row, embedding, error);
}

/* Fills @results from @candidates until the limit. */
static gboolean
collect (KalonSearchSession *self, const KalonQuery *query, const GArray *candidates,
         KalonResults *results, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonFold) fold
      = kalon_fold_new (kalon_index_get_dimension (self->index),
                        (float) self->calibration->near_duplicate_cosine, get_row, self);

  g_array_set_size (results->results, 0);
  results->n_folded = 0;
  for (guint i = 0; i < candidates->len; i++)
    {
      const KalonCandidate *candidate = &g_array_index (candidates, KalonCandidate, i);
      const KalonLibraryRow *row
          = &g_array_index (self->rows, KalonLibraryRow, self->positions[candidate->row]);
      KalonResult result = {
        .picture = row->picture,
        .row = candidate->row,
        .rank = results->results->len + 1,
        .similarity = candidate->similarity,
        .score = candidate->score,
        .aesthetic = row->aesthetic,
      };
      gsize representative = results->results->len;

      if (query->limit > 0 && results->results->len == query->limit)
        break;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (query->fold
          && !kalon_fold_add (fold, candidate->row, row->perceptual_hash, &representative, error))
        return FALSE;
      if (representative < results->results->len)
        {
          g_array_index (results->results, KalonResult, representative).n_duplicates++;
          results->n_folded++;
        }
      else
        g_array_append_val (results->results, result);
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
sort_results (const KalonQuery *query, KalonResults *results)
{
  if (query->sort != KALON_SORT_AESTHETIC)
    return;
  g_array_sort (results->results, compare_aesthetics);
  for (guint i = 0; i < results->results->len; i++)
    g_array_index (results->results, KalonResult, i).rank = i + 1;
}

static gboolean
rank_and_collect (KalonSearchSession *self, const KalonQuery *query,
                  const KalonSearchVectors *vectors, KalonResults *results,
                  GCancellable *cancellable, GError **error)
{
  guint strictness = query->strictness == KALON_STRICTNESS_OF_MODEL ? self->calibration->strictness
                                                                    : (guint) query->strictness;
  /* What looks at all rows is exact. */
  gsize k = strictness > 0 || !isnan (query->min_aesthetic) || query->limit >= self->rows->len
                ? 0
                : query->limit;

  results->strictness = strictness;
  if (k > 0 && query->fold)
    k = FOLD_FACTOR * k + FOLD_MORE;
  for (;; k *= 4)
    {
      g_autoptr (GArray) candidates = kalon_search_rank (self, vectors, k, cancellable, error);
      gboolean all;

      if (candidates == NULL)
        return FALSE;
      all = candidates->len == self->rows->len;
      if (strictness > 0)
        {
          g_autofree float *scores = g_new (float, candidates->len);

          for (guint i = 0; i < candidates->len; i++)
            scores[i] = g_array_index (candidates, KalonCandidate, i).score;
          g_array_set_size (candidates,
                            (guint) kalon_cut_scores (scores, candidates->len, strictness));
          results->n_cut = self->rows->len - candidates->len;
        }
      leave_out_unsightly (self, query, candidates, results);
      if (!collect (self, query, candidates, results, cancellable, error))
        return FALSE;
      if (all || results->results->len >= query->limit)
        return TRUE;
    }
}

KalonResults *
kalon_search_session_run (KalonSearchSession *self, KalonQuery *query, GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (KalonResults) results = kalon_results_new ();
  g_auto (KalonSearchVectors) vectors = { NULL };

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !kalon_search_check_query (query, error))
    return NULL;
  if (self->library == NULL)
    self->library = kalon_library_open (self->library_directory, error);
  if (self->library == NULL || !load_model (self, cancellable, error) || !load_rows (self, error)
      || !kalon_search_embed_query (self, query, &vectors, cancellable, error)
      || !rank_and_collect (self, query, &vectors, results, cancellable, error))
    return NULL;
  sort_results (query, results);
  results->n_candidates = self->rows->len;
  results->n_dropped_tokens = vectors.n_dropped_tokens;
  results->n_pictures = self->n_pictures;
  return g_steal_pointer (&results);
}
