/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From names of pictures to rows of the embedding file, and which queries are held out. */
#include "aligner/kalon-aligner-private.h"

#include "errors/kalon-errors.h"

/* One to train on, one to choose by, one for the figures. */
#define MIN_QUERIES 3
#define NO_ROW G_MAXUINT32

static void
query_free (gpointer data)
{
  KalonAlignerQuery *query = data;

  g_array_unref (query->rows);
  g_array_unref (query->pairs);
  g_free (query);
}

/* The position of @row in @rows, where it is put when it is new. */
static guint32
place (GArray *rows, guint32 row)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, guint32, i) == row)
      return i;
  g_array_append_val (rows, row);
  return rows->len - 1;
}

/* @places: [cells] positions in query->rows; NO_ROW for a picture that is not there */
static gboolean
find_rows (KalonAlignerRun *run, KalonAlignerQuery *query, guint32 *places, GError **error)
{
  GPtrArray *cells = query->query->cells;

  for (guint i = 0; i < cells->len; i++)
    {
      const KalonPreferenceCell *cell = g_ptr_array_index (cells, i);
      KalonLibraryRow row;
      gboolean found;

      if (!kalon_library_find_content (run->library, run->model_hash, cell->content_hash, &row,
                                       &found, error))
        return FALSE;
      places[i] = found ? place (query->rows, row.row) : NO_ROW;
      run->result->n_missing += !found;
    }
  return TRUE;
}

static void
add_pairs (KalonAlignerRun *run, KalonAlignerQuery *query, const guint32 *places)
{
  g_autoptr (GArray) pairs = kalon_preference_query_list_pairs (
      query->query, run->options->semantic_margin, run->options->aesthetic_margin);

  for (guint i = 0; i < pairs->len; i++)
    {
      KalonPair pair = g_array_index (pairs, KalonPair, i);

      pair.winner = places[pair.winner];
      pair.loser = places[pair.loser];
      /* The same bytes at two places are one picture. */
      if (pair.winner != NO_ROW && pair.loser != NO_ROW && pair.winner != pair.loser)
        g_array_append_val (query->pairs, pair);
    }
}

/* The best of the query as typed: what the anchor holds in its order. */
static gboolean
add_anchor (KalonAlignerRun *run, KalonAlignerQuery *query, GError **error)
{
  g_autoptr (KalonQuery) typed = NULL;
  g_autoptr (KalonResults) results = NULL;

  if (run->options->anchor_pictures == 0)
    return TRUE;
  typed = kalon_query_new ();
  kalon_query_add_term (typed, KALON_TERM_TEXT, query->query->query, 1);
  kalon_query_set_limit (typed, run->options->anchor_pictures);
  kalon_query_set_fold_duplicates (typed, FALSE);
  results = kalon_searcher_search (run->searcher, typed, run->cancellable, error);
  if (results == NULL)
    return FALSE;
  for (guint i = 0; i < results->results->len; i++)
    place (query->rows, g_array_index (results->results, KalonResult, i).row);
  return TRUE;
}

static gboolean
add_query (KalonAlignerRun *run, guint number, GPtrArray *queries, GError **error)
{
  KalonAlignerQuery *query = g_new0 (KalonAlignerQuery, 1);
  g_autofree guint32 *places = NULL;

  query->query = g_ptr_array_index (run->set->queries, number);
  query->embedding = run->queries + number * run->dimension;
  query->rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  query->pairs = g_array_new (FALSE, FALSE, sizeof (KalonPair));
  g_ptr_array_add (queries, query);
  places = g_new (guint32, query->query->cells->len + 1);
  if (!find_rows (run, query, places, error))
    return FALSE;
  add_pairs (run, query, places);
  if (query->pairs->len > 0)
    return add_anchor (run, query, error);
  g_ptr_array_set_size (queries, (int) queries->len - 1);
  run->result->n_left_out++;
  return TRUE;
}

static void
shuffle (GPtrArray *queries, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  for (guint i = queries->len; i > 1; i--)
    {
      guint j = (guint) g_rand_int_range (random, 0, (gint32) i);
      gpointer other = queries->pdata[j];

      queries->pdata[j] = queries->pdata[i - 1];
      queries->pdata[i - 1] = other;
    }
}

GPtrArray *
kalon_aligner_list_pairs (KalonAlignerRun *run, gsize *n_held_out, GError **error)
{
  g_autoptr (GPtrArray) queries = g_ptr_array_new_with_free_func (query_free);
  guint n = run->set->queries->len;

  for (guint i = 0; i < n; i++)
    {
      kalon_aligner_tell (run, KALON_ALIGNER_SEARCHING, i, n);
      if (!add_query (run, i, queries, error))
        return NULL;
    }
  if (queries->len < MIN_QUERIES)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "Only %u %s found pictures to compare; %d are needed to train, to choose and "
                   "to check. Give more queries, or index more pictures.",
                   queries->len, queries->len == 1 ? "query" : "queries", MIN_QUERIES);
      return NULL;
    }
  shuffle (queries, run->options->training.seed);
  *n_held_out = CLAMP ((gsize) (run->options->held_out * queries->len + 0.5), 1,
                       queries->len - (MIN_QUERIES - 1));
  run->result->n_queries = queries->len;
  run->result->n_held_out = *n_held_out;
  return g_steal_pointer (&queries);
}
