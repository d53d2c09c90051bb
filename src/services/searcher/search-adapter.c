/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adapter of the aligned ranking: the profile's, or one that is tried. */
#include "searcher/kalon-searcher-private.h"

#include "errors/kalon-errors.h"

/* Rows that pass through a projections adapter at a time. */
#define ADAPTER_ROWS 4096

/* Lengths of v + v M, which an adapted similarity is divided by: one pass over the library. */
static gboolean
measure_norms (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  gsize dimension = kalon_index_get_dimension (session->index);
  g_autofree float *images = g_new (float, ADAPTER_ROWS *dimension);

  self->image_norms = g_new (float, session->rows->len + 1);
  for (guint first = 0; first < session->rows->len; first += ADAPTER_ROWS)
    {
      guint n = MIN (ADAPTER_ROWS, session->rows->len - first);

      for (guint i = 0; i < n; i++)
        if (!kalon_index_get_row (session->index,
                                  g_array_index (session->rows, KalonLibraryRow, first + i).row,
                                  images + i * dimension, error))
          return FALSE;
      if (!kalon_adapter_measure_images (self->adapter, session->device, images, n,
                                         self->image_norms + first, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

void
kalon_search_clear_adapter (KalonPreferences *self)
{
  g_clear_pointer (&self->adapter_bytes, g_bytes_unref);
  g_clear_pointer (&self->adapter, kalon_adapter_free);
  g_clear_pointer (&self->image_term, g_free);
  g_clear_pointer (&self->image_norms, g_free);
}

/* What self->adapter says of every live row. */
static gboolean
prepare_rows (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  const float *term = kalon_adapter_get_linear_term (self->adapter);

  if (term != NULL)
    {
      self->image_term = g_new0 (float, session->rows->len + 1);
      return kalon_search_add_direction (session, term, self->image_term, cancellable, error);
    }
  return !kalon_adapter_changes_images (self->adapter)
         || measure_norms (session, cancellable, error);
}

/* Trying another one forgets what was prepared of the last. */
static gboolean
load_trial (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  const char *hash = kalon_encoder_get_model_hash (session->encoder);

  if (self->adapter != NULL)
    return TRUE;
  if (!g_str_equal (kalon_adapter_get_model_hash (session->trial), hash))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "The adapter to be tried belongs to another model. Train one for this model.");
      return FALSE;
    }
  self->adapter = kalon_adapter_copy (session->trial);
  return prepare_rows (session, cancellable, error);
}

static gboolean
load_of_profile (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  KalonPreferences *self = session->preferences;
  const char *hash = kalon_encoder_get_model_hash (session->encoder);
  g_autoptr (GBytes) bytes = NULL;

  if (!kalon_feedback_load_part (self->feedback, KALON_PROFILE_ADAPTER, hash, &bytes, error))
    return FALSE;
  /* A thumb must not cost a pass of the library through an adapter that is the same. */
  if (self->adapter_bytes != NULL && bytes != NULL && g_bytes_equal (self->adapter_bytes, bytes))
    return TRUE;
  kalon_search_clear_adapter (self);
  if (bytes == NULL)
    return TRUE;
  self->adapter = kalon_adapter_new_from_bytes (bytes, hash, error);
  if (self->adapter == NULL || !prepare_rows (session, cancellable, error))
    return FALSE;
  self->adapter_bytes = g_steal_pointer (&bytes);
  return TRUE;
}

gboolean
kalon_search_load_adapter (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  gboolean done = session->trial != NULL ? load_trial (session, cancellable, error)
                                         : load_of_profile (session, cancellable, error);

  if (!done)
    kalon_search_clear_adapter (session->preferences);
  return done;
}
