/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "errors/kalon-errors.h"

/* Below this two opposite embeddings have cancelled each other out. */
#define MIN_LENGTH 1e-6

void
kalon_search_vectors_clear (KalonSearchVectors *vectors)
{
  g_free (vectors->positive);
  g_free (vectors->negatives);
  g_free (vectors->penalties);
}

static gboolean
is_blank (const KalonTerm *term)
{
  return term->value[strspn (term->value, " \t\r\n\v\f")] == '\0';
}

gboolean
kalon_search_check_query (KalonQuery *query, GError **error)
{
  gsize n_positive = 0, n_negative = 0;

  for (guint i = 0; i < query->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (query->terms, i);

      if (!isfinite (term->weight))
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                       "The weight of “%s” is no number; use one like 1 or 0.5", term->value);
          return FALSE;
        }
      if (term->kind == KALON_TERM_TEXT && !g_utf8_validate (term->value, -1, NULL))
        {
          g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                               "The words are not valid UTF-8; type them again");
          return FALSE;
        }
      if (!is_blank (term) && term->weight > 0)
        n_positive++;
      if (!is_blank (term) && term->weight < 0)
        n_negative++;
    }
  if (n_positive == 0)
    g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                         n_negative > 0
                             ? "The query only says what not to find; add words or a picture that "
                               "say what to find"
                             : "The query is empty; type some words or give a picture");
  return n_positive > 0;
}

/* The stored row of a picture that the library knows as it is now. @found says whether it does. */
static gboolean
find_stored (KalonSearchSession *session, const char *path, float *embedding, gboolean *found,
             GError **error)
{
  char *real = realpath (path, NULL);
  g_autoptr (KalonPicture) picture = NULL;
  g_autoptr (GError) local_error = NULL;
  struct stat status;

  *found = FALSE;
  if (real == NULL || stat (real, &status) != 0)
    {
      free (real);
      return TRUE; /* reading the picture will say why */
    }
  picture = kalon_library_find_picture (session->library, real, &local_error);
  free (real);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (picture == NULL || picture->size != (guint64) status.st_size
      || picture->mtime
             != status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec)
    return TRUE;
  for (guint i = 0; i < session->rows->len; i++)
    {
      const KalonLibraryRow *row = &g_array_index (session->rows, KalonLibraryRow, i);

      if (row->picture == picture->id)
        {
          *found = TRUE;
          return kalon_index_get_row (session->index, row->row, embedding, error);
        }
    }
  return TRUE;
}

/* A text that was searched for: a thumb or a slider ranks the same words anew. */
typedef struct
{
  gsize n_dropped;
  float embedding[];
} KnownText;

/* Then all are forgotten: it is what a user goes back and forth between that is worth keeping. */
#define MAX_KNOWN_TEXTS 64

gboolean
kalon_search_embed_text (KalonSearchSession *session, const char *text, float *embedding,
                         gsize *n_dropped, GCancellable *cancellable, GError **error)
{
  gsize size = kalon_index_get_dimension (session->index) * sizeof (float);
  KnownText *known;

  if (session->texts == NULL)
    session->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  known = g_hash_table_lookup (session->texts, text);
  if (known == NULL)
    {
      if (!kalon_encoder_encode_texts (session->encoder, &text, 1, embedding, n_dropped,
                                       cancellable, error))
        return FALSE;
      if (g_hash_table_size (session->texts) == MAX_KNOWN_TEXTS)
        g_hash_table_remove_all (session->texts);
      known = g_malloc (sizeof *known + size);
      known->n_dropped = *n_dropped;
      memcpy (known->embedding, embedding, size);
      g_hash_table_insert (session->texts, g_strdup (text), known);
    }
  memcpy (embedding, known->embedding, size);
  *n_dropped = known->n_dropped;
  return TRUE;
}

static gboolean
embed_term (KalonSearchSession *session, const KalonTerm *term, float *embedding, gsize *n_dropped,
            GCancellable *cancellable, GError **error)
{
  gsize dropped = 0;
  gboolean found, done;

  if (term->kind == KALON_TERM_TEXT)
    {
      done
          = kalon_search_embed_text (session, term->value, embedding, &dropped, cancellable, error);
      *n_dropped += dropped;
      return done;
    }
  if (!find_stored (session, term->value, embedding, &found, error))
    return FALSE;
  return found
         || kalon_encoder_encode_file (session->encoder, term->value, embedding, cancellable,
                                       error);
}

/* To unit length; %FALSE when there is none. */
static gboolean
normalise (float *vector, gsize dimension)
{
  double sum = 0;

  for (gsize i = 0; i < dimension; i++)
    sum += (double) vector[i] * vector[i];
  if (sqrt (sum) < MIN_LENGTH)
    return FALSE;
  for (gsize i = 0; i < dimension; i++)
    vector[i] = (float) (vector[i] / sqrt (sum));
  return TRUE;
}

/* Standard deviation of the similarities of each of @sides: [2, dimension] to the live rows. */
static gboolean
measure_spreads (KalonSearchSession *session, const float *sides, double spreads[2],
                 GCancellable *cancellable, GError **error)
{
  g_autofree float *similarities = g_new (float, 2 * session->n_rows);

  if (!kalon_index_score (session->index, session->device, sides, 2, similarities, cancellable,
                          error))
    return FALSE;
  for (guint side = 0; side < 2; side++)
    {
      const float *values = similarities + side * session->n_rows;
      double sum = 0, squares = 0, n = session->rows->len;

      for (guint i = 0; i < session->rows->len; i++)
        sum += values[g_array_index (session->rows, KalonLibraryRow, i).row];
      for (guint i = 0; i < session->rows->len; i++)
        {
          double rest = values[g_array_index (session->rows, KalonLibraryRow, i).row] - sum / n;
          squares += rest * rest;
        }
      spreads[side] = n > 1 ? sqrt (squares / n) : 0;
    }
  return TRUE;
}

/* @sides: [2, dimension]: weighted sums of the words and of the pictures. */
static gboolean
join_sides (KalonSearchSession *session, float *sides, const double weights[2], float *positive,
            GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  double factors[2] = { 1, 1 }, spreads[2] = { 0, 0 };

  if (weights[0] > 0 && weights[1] > 0)
    {
      if (!normalise (sides, dimension) || !normalise (sides + dimension, dimension))
        goto cancelled_out;
      if (!measure_spreads (session, sides, spreads, cancellable, error))
        return FALSE;
      /* A library of one picture, or of copies, has no spread to go by. */
      for (guint i = 0; i < 2; i++)
        factors[i] = weights[i] / (MIN (spreads[0], spreads[1]) > MIN_LENGTH ? spreads[i] : 1);
    }
  for (gsize i = 0; i < dimension; i++)
    positive[i] = (float) (factors[0] * sides[i] + factors[1] * sides[dimension + i]);
  if (normalise (positive, dimension))
    return TRUE;

cancelled_out:
  g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                       "The terms of the query cancel each other out; leave one away");
  return FALSE;
}

gboolean
kalon_search_embed_query (KalonSearchSession *session, KalonQuery *query,
                          KalonSearchVectors *vectors, GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  g_autofree float *sides = g_new0 (float, 2 * dimension);
  g_autofree float *embedding = g_new (float, dimension);
  double weights[2] = { 0, 0 };

  vectors->positive = g_new (float, dimension);
  vectors->negatives = g_new (float, query->terms->len *dimension);
  vectors->penalties = g_new (float, query->terms->len);
  for (guint i = 0; i < query->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (query->terms, i);
      guint side = term->kind == KALON_TERM_PICTURE;

      if (is_blank (term) || term->weight == 0)
        continue;
      if (!embed_term (session, term, embedding, &vectors->n_dropped_tokens, cancellable, error))
        return FALSE;
      if (term->weight < 0)
        {
          memcpy (vectors->negatives + vectors->n_negatives * dimension, embedding,
                  dimension * sizeof (float));
          vectors->penalties[vectors->n_negatives++] = -term->weight;
          continue;
        }
      weights[side] += term->weight;
      for (gsize j = 0; j < dimension; j++)
        sides[side * dimension + j] += term->weight * embedding[j];
    }
  return join_sides (session, sides, weights, vectors->positive, cancellable, error);
}
