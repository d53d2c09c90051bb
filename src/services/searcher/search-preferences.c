/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>
#include <string.h>

/* The features' scale is taken from this many rows at most, spread over the library. */
#define SCALE_ROWS 4096

static void
clear_learned (KalonPreferences *self)
{
  g_clear_pointer (&self->learner, kalon_feedback_learner_free);
  g_clear_pointer (&self->imported, kalon_taste_term_free);
  g_clear_pointer (&self->adapter, kalon_adapter_free);
  g_clear_pointer (&self->taste, g_free);
  g_clear_pointer (&self->image_term, g_free);
  g_clear_pointer (&self->image_norms, g_free);
  self->current = FALSE;
}

void
kalon_preferences_forget_rows (KalonPreferences *self)
{
  clear_learned (self);
  g_clear_pointer (&self->measures, g_array_unref);
}

void
kalon_preferences_free (KalonPreferences *self)
{
  if (self == NULL)
    return;
  kalon_preferences_forget_rows (self);
  g_clear_object (&self->feedback);
  g_free (self);
}

static const char *
get_model_hash (KalonSearchSession *session)
{
  return kalon_encoder_get_model_hash (session->encoder);
}

static guint32
get_row (KalonSearchSession *session, guint i)
{
  return g_array_index (session->rows, KalonLibraryRow, i).row;
}

static gboolean
take_scale (KalonSearchSession *session, GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  guint n = MIN (session->rows->len, SCALE_ROWS);
  g_autofree float *embeddings = g_new (float, MAX (n, 1) * dimension);

  for (guint i = 0; i < n; i++)
    if (!kalon_index_get_row (session->index,
                              get_row (session, (guint) ((guint64) i * session->rows->len / n)),
                              embeddings + i * dimension, error))
      return FALSE;
  session->preferences->scale = kalon_taste_get_scale (embeddings, n, dimension);
  return TRUE;
}

/* The library's measures, made what a taste's weights are of. */
static gboolean
load_measures (KalonSearchSession *session, GError **error)
{
  KalonPreferences *self = session->preferences;

  if (self->measures != NULL)
    return TRUE;
  self->measures = kalon_library_list_measures (session->library, get_model_hash (session), error);
  if (self->measures == NULL)
    return FALSE;
  /* Another process has committed since session->rows was read: both are read again next time. */
  g_array_set_size (self->measures, session->rows->len);
  for (guint i = 0; i < self->measures->len; i++)
    {
      float *measures = (float *) (gpointer) self->measures->data + (gsize) i * KALON_N_MEASURES;

      kalon_taste_fill_features (NULL, 0, 1, measures, measures);
    }
  return take_scale (session, error);
}

static gboolean
fill_features (const char *content_hash, float *features, gpointer user_data)
{
  KalonSearchSession *session = user_data;
  gsize dimension = kalon_index_get_dimension (session->index);
  float measures[KALON_N_MEASURES];
  g_autofree float *embedding = g_new (float, dimension);
  g_autoptr (GError) error = NULL;
  KalonLibraryRow row;
  gboolean found;

  if (!kalon_library_find_content (session->library, get_model_hash (session), content_hash, &row,
                                   &found, &error)
      || !found || row.row >= session->n_rows
      || !kalon_library_get_measures (session->library, row.picture, measures, &error)
      || !kalon_index_get_row (session->index, row.row, embedding, &error))
    {
      if (error != NULL)
        g_message ("A thumb is passed over: %s", error->message);
      return FALSE;
    }
  kalon_taste_fill_features (embedding, dimension, session->preferences->scale, measures, features);
  return TRUE;
}

static gboolean
learn (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (self->feedback, error);

  if (thumbs == NULL)
    return FALSE;
  if (self->learner == NULL)
    self->learner = kalon_feedback_learner_new (
        KALON_TASTE_N_FEATURES (kalon_index_get_dimension (session->index)), fill_features,
        session);
  return kalon_feedback_learner_update (self->learner, thumbs, cancellable, error);
}

gboolean
kalon_search_add_direction (KalonSearchSession *session, const float *direction, float *scores,
                            GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  g_autofree float *products = NULL;
  gboolean is_zero = TRUE;

  for (gsize i = 0; i < dimension && is_zero; i++)
    is_zero = direction[i] == 0;
  if (is_zero)
    return TRUE;
  products = g_new (float, session->n_rows);
  if (!kalon_index_score (session->index, session->device, direction, 1, products, cancellable,
                          error))
    return FALSE;
  for (guint i = 0; i < session->rows->len; i++)
    scores[i] += products[get_row (session, i)];
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
          || !kalon_index_get_row (session->index, get_row (session, i),
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
      if (!kalon_index_get_row (session->index, get_row (session, i), embeddings + i * dimension,
                                error))
        return FALSE;
    }
  kalon_taste_steering (embeddings, aesthetics, n, dimension, direction);
  return kalon_search_add_direction (session, direction, scores, cancellable, error);
}

/* scores: [n] of the live rows, zeros. */
static gboolean
score_taste (KalonSearchSession *session, KalonTasteMethod method, float *scores,
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

static gboolean
load_imported (KalonSearchSession *session, GError **error)
{
  KalonPreferences *self = session->preferences;
  g_autoptr (GBytes) bytes = NULL;

  return kalon_feedback_load_part (self->feedback, KALON_PROFILE_TASTE, get_model_hash (session),
                                   &bytes, error)
         && (bytes == NULL
             || kalon_taste_term_parse (bytes, kalon_index_get_dimension (session->index),
                                        &self->imported, error));
}

gboolean
kalon_search_update_preferences (KalonSearchSession *session, KalonTasteMethod method,
                                 GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  guint64 version;

  if (self == NULL)
    self = session->preferences = g_new0 (KalonPreferences, 1);
  if (self->feedback == NULL)
    self->feedback = kalon_feedback_open (kalon_library_get_directory (session->library), error);
  if (self->feedback == NULL)
    return FALSE;
  version = kalon_feedback_get_version (self->feedback);
  if (self->current && self->version == version && self->method == method)
    return TRUE;

  self->current = FALSE;
  g_clear_pointer (&self->imported, kalon_taste_term_free);
  g_clear_pointer (&self->taste, g_free);
  if (!load_measures (session, error) || !learn (session, cancellable, error)
      || !load_imported (session, error))
    return FALSE;
  self->taste = g_new0 (float, session->rows->len + 1);
  if (!score_taste (session, method, self->taste, cancellable, error))
    return FALSE;
  if (self->version != version || self->method == method)
    {
      g_clear_pointer (&self->adapter, kalon_adapter_free);
      g_clear_pointer (&self->image_term, g_free);
      g_clear_pointer (&self->image_norms, g_free);
      if (!kalon_search_load_adapter (session, cancellable, error))
        return FALSE;
    }
  self->version = version;
  self->method = method;
  self->current = TRUE;
  return TRUE;
}
