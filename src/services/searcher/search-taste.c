/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>
#include <string.h>

/* Far below what any score shows. */
#define MIN_SQUARES 1e-20

gboolean
kalon_search_add_direction (KalonSearchSession *session, const float *direction, float *scores,
                            GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  g_autofree float *products = NULL;
  double squares = 0;

  for (gsize i = 0; i < dimension; i++)
    squares += (double) direction[i] * direction[i];
  /* The index refuses what has no direction; of a taste it is nothing to add. */
  if (squares < MIN_SQUARES)
    return TRUE;
  products = g_new (float, session->n_rows);
  if (!kalon_index_score (session->index, session->device, direction, 1, products, cancellable,
                          error))
    return FALSE;
  for (guint i = 0; i < session->rows->len; i++)
    scores[i] += products[kalon_search_get_row (session, i)];
  return TRUE;
}

static void
add_measures (KalonSearchSession *session, const float *weights, float *scores)
{
  const float *measures = (const float *) (gpointer) session->preferences->measures->data;

  for (guint i = 0; i < session->rows->len; i++)
    {
      float sum = 0;

      for (guint j = 0; j < KALON_N_MEASURES; j++)
        sum += weights[j] * measures[(gsize) i * KALON_N_MEASURES + j];
      scores[i] += sum;
    }
}

static gboolean
add_term (KalonSearchSession *session, const KalonTasteTerm *term, float *scores,
          GCancellable *cancellable, GError **error)
{
  add_measures (session, term->measures, scores);
  return kalon_search_add_direction (session, term->embedding, scores, cancellable, error);
}

KalonTasteTerm *
kalon_search_dup_term (KalonSearchSession *session)
{
  KalonPreferences *self = session->preferences;
  gsize dimension = kalon_index_get_dimension (session->index);
  KalonTasteTerm *term = kalon_taste_term_new (dimension);
  const float *weights
      = kalon_taste_learner_get_weights (kalon_feedback_learner_get_learner (self->learner));

  memcpy (term->measures, weights, KALON_N_MEASURES * sizeof (float));
  for (gsize i = 0; i < dimension; i++)
    term->embedding[i] = weights[KALON_N_MEASURES + i] * self->scale;
  return term;
}

/* To mean 0 and deviation 1; what is not a number, to 0. */
static void
standardise (float *scores, guint n)
{
  double sum = 0, squares = 0, mean, deviation;
  guint n_known = 0;

  for (guint i = 0; i < n; i++)
    if (isfinite (scores[i]))
      {
        sum += scores[i];
        squares += (double) scores[i] * scores[i];
        n_known++;
      }
  mean = n_known > 0 ? sum / n_known : 0;
  deviation = n_known > 0 ? sqrt (MAX (0, squares / n_known - mean * mean)) : 0;
  for (guint i = 0; i < n; i++)
    scores[i]
        = isfinite (scores[i]) && deviation > 0 ? (float) ((scores[i] - mean) / deviation) : 0;
}

static gboolean
score_nearest (KalonSearchSession *session, float *scores, GCancellable *cancellable,
               GError **error)
{
  KalonPreferences *self = session->preferences;
  const KalonTasteHistory *history = kalon_feedback_learner_get_history (self->learner);
  gsize dimension = kalon_index_get_dimension (session->index);
  g_autofree float *features = g_new0 (float, history->n_features);

  for (guint i = 0; i < session->rows->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !kalon_index_get_row (session->index, kalon_search_get_row (session, i),
                                   features + KALON_N_MEASURES, error))
        return FALSE;
      kalon_taste_nearest (history, KALON_N_MEASURES, dimension, features, 1, &scores[i]);
    }
  return TRUE;
}

static gboolean
score_steering (KalonSearchSession *session, float *scores, GCancellable *cancellable,
                GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  guint n = session->rows->len;
  g_autofree float *embeddings = g_new (float, n *dimension + 1);
  g_autofree float *aesthetics = g_new (float, n + 1);
  g_autofree float *direction = g_new (float, dimension);

  for (guint i = 0; i < n; i++)
    {
      aesthetics[i] = g_array_index (session->rows, KalonLibraryRow, i).aesthetic;
      if (!kalon_index_get_row (session->index, kalon_search_get_row (session, i),
                                embeddings + i * dimension, error))
        return FALSE;
    }
  kalon_taste_steering (embeddings, aesthetics, n, dimension, direction);
  return kalon_search_add_direction (session, direction, scores, cancellable, error);
}

gboolean
kalon_search_score_taste (KalonSearchSession *session, KalonTasteMethod method, float *scores,
                          GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  gsize dimension = kalon_index_get_dimension (session->index);
  g_autoptr (KalonTasteTerm) term = NULL;
  g_autofree float *direction = NULL;
  gboolean done = TRUE;

  switch (method)
    {
    case KALON_TASTE_LEARNED:
      term = kalon_search_dup_term (session);
      return add_term (session, term, scores, cancellable, error)
             && (self->imported == NULL
                 || add_term (session, self->imported, scores, cancellable, error));
    case KALON_TASTE_ROCCHIO:
      direction = g_new (float, dimension);
      kalon_taste_rocchio (kalon_feedback_learner_get_history (self->learner), KALON_N_MEASURES,
                           dimension, direction);
      done = kalon_search_add_direction (session, direction, scores, cancellable, error);
      break;
    case KALON_TASTE_NEAREST:
      done = score_nearest (session, scores, cancellable, error);
      break;
    case KALON_TASTE_STEERING:
      done = score_steering (session, scores, cancellable, error);
      break;
    case KALON_TASTE_AESTHETIC:
      for (guint i = 0; i < session->rows->len; i++)
        scores[i] = g_array_index (session->rows, KalonLibraryRow, i).aesthetic;
      break;
    default:
      g_return_val_if_reached (FALSE);
    }
  standardise (scores, session->rows->len);
  return done;
}
