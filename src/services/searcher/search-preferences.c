/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>
#include <string.h>

/* The features' scale is taken from this many rows at most, spread over the library. */
#define SCALE_ROWS 4096

static void
forget_rows (KalonPreferences *self)
{
  kalon_search_clear_adapter (self);
  g_clear_pointer (&self->taste, g_free);
  g_clear_pointer (&self->measures, g_array_unref);
  self->is_learner_checked = FALSE;
  self->current = FALSE;
}

void
kalon_preferences_free (KalonPreferences *self)
{
  if (self == NULL)
    return;
  forget_rows (self);
  g_clear_pointer (&self->learner, kalon_feedback_learner_free);
  g_clear_pointer (&self->imported, kalon_taste_term_free);
  g_clear_object (&self->feedback);
  g_free (self);
}

void
kalon_search_forget_preferences (KalonSearchSession *session)
{
  GHashTableIter iter;
  gpointer preferences;

  if (session->profiles == NULL)
    return;
  g_hash_table_iter_init (&iter, session->profiles);
  while (g_hash_table_iter_next (&iter, NULL, &preferences))
    forget_rows (preferences);
}

static const char *
get_model_hash (KalonSearchSession *session)
{
  return kalon_encoder_get_model_hash (session->encoder);
}

guint32
kalon_search_get_row (KalonSearchSession *session, guint i)
{
  return g_array_index (session->rows, KalonLibraryRow, i).row;
}

/* In steps of a fifth or so, so that what is learned does not depend on every picture that comes.
 */
static double
round_scale (double scale)
{
  return exp2 (rint (4 * log2 (scale)) / 4);
}

static gboolean
take_scale (KalonSearchSession *session, GError **error)
{
  gsize dimension = kalon_index_get_dimension (session->index);
  guint n = MIN (session->rows->len, SCALE_ROWS);
  g_autofree float *embeddings = g_new (float, MAX (n, 1) * dimension);

  for (guint i = 0; i < n; i++)
    if (!kalon_index_get_row (
            session->index,
            kalon_search_get_row (session, (guint) ((guint64) i * session->rows->len / n)),
            embeddings + i * dimension, error))
      return FALSE;
  session->preferences->scale
      = (float) round_scale (kalon_taste_get_scale (embeddings, n, dimension));
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
  /* Another process has committed since session->rows was read. Both are read again next time; this
   * once nothing is known of any. */
  if (self->measures->len != session->rows->len)
    {
      g_array_set_size (self->measures, session->rows->len);
      for (gsize i = 0; i < (gsize) self->measures->len * KALON_N_MEASURES; i++)
        ((float *) (gpointer) self->measures->data)[i] = NAN;
    }
  for (guint i = 0; i < self->measures->len; i++)
    {
      float *measures = (float *) (gpointer) self->measures->data + (gsize) i * KALON_N_MEASURES;

      kalon_taste_fill_features (NULL, 0, 1, measures, measures);
    }
  return TRUE;
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

/* What was learned stays while an index run commits again and again, as long as the pictures that
 * it was learned from, and the scale of all, are what they were. */
static gboolean
check_learner (KalonSearchSession *session, GError **error)
{
  KalonPreferences *self = session->preferences;
  float scale = self->scale;

  if (!take_scale (session, error))
    return FALSE;
  if (self->learner != NULL
      && (self->scale != scale || !kalon_feedback_learner_is_current (self->learner)))
    g_clear_pointer (&self->learner, kalon_feedback_learner_free);
  self->is_learner_checked = TRUE;
  return TRUE;
}

static gboolean
learn (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (self->feedback, error);

  if (thumbs == NULL)
    return FALSE;
  if (!self->is_learner_checked && !check_learner (session, error))
    return FALSE;
  if (self->learner == NULL)
    self->learner = kalon_feedback_learner_new (
        KALON_TASTE_N_FEATURES (kalon_index_get_dimension (session->index)), fill_features,
        session);
  return kalon_feedback_learner_update (self->learner, thumbs, cancellable, error);
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
kalon_search_select_profile (KalonSearchSession *session, const char *profile, GError **error)
{
  const char *name = profile != NULL ? profile : "";

  if (session->profiles == NULL)
    session->profiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                               (GDestroyNotify) kalon_preferences_free);
  session->preferences = g_hash_table_lookup (session->profiles, name);
  if (session->preferences == NULL)
    {
      session->preferences = g_new0 (KalonPreferences, 1);
      g_hash_table_insert (session->profiles, g_strdup (name), session->preferences);
    }
  if (profile == NULL)
    return TRUE;
  /* Each time: it may have been removed, and made anew, since. */
  if (kalon_search_open_feedback (session, error)
      && kalon_feedback_look_at (session->preferences->feedback, profile, error))
    return TRUE;
  kalon_search_select_profile (session, NULL, NULL);
  return FALSE;
}

gboolean
kalon_search_open_feedback (KalonSearchSession *session, GError **error)
{
  KalonPreferences *self;

  if (session->preferences == NULL)
    kalon_search_select_profile (session, NULL, NULL);
  self = session->preferences;
  if (self->feedback == NULL)
    self->feedback = kalon_feedback_open (kalon_library_get_directory (session->library), error);
  return self->feedback != NULL;
}

gboolean
kalon_search_update_preferences (KalonSearchSession *session, KalonTasteMethod method,
                                 gboolean with_adapter, GCancellable *cancellable, GError **error)
{
  KalonPreferences *self;
  guint64 version;

  if (!kalon_search_open_feedback (session, error))
    return FALSE;
  self = session->preferences;
  if (with_adapter && !kalon_search_load_adapter (session, cancellable, error))
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
  if (!kalon_search_score_taste (session, method, self->taste, cancellable, error))
    return FALSE;
  self->version = version;
  self->method = method;
  self->current = TRUE;
  return TRUE;
}
