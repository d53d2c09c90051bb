/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

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
  kalon_search_session_forget_filter (self);
  self->n_rows = 0;
  kalon_search_forget_preferences (self);
}

void
kalon_search_session_free (KalonSearchSession *self)
{
  clear_rows (self);
  g_clear_pointer (&self->profiles, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_hash_table_unref);
  kalon_adapter_free (self->trial);
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

gboolean
kalon_search_session_load (KalonSearchSession *self, GCancellable *cancellable, GError **error)
{
  if (self->library == NULL)
    self->library = kalon_library_open (self->library_directory, error);
  return self->library != NULL && load_model (self, cancellable, error) && load_rows (self, error);
}

KalonResults *
kalon_search_session_run (KalonSearchSession *self, KalonQuery *query, GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (KalonResults) results = kalon_results_new ();
  g_auto (KalonSearchVectors) vectors = { NULL };
  gboolean done;

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !kalon_search_check_query (query, error)
      || !kalon_search_session_load (self, cancellable, error)
      || !kalon_search_session_apply_filter (self, query->filter, error)
      || !kalon_search_embed_query (self, query, &vectors, cancellable, error)
      || !kalon_search_select_profile (self, query->profile, error))
    return NULL;
  done = kalon_search_fill_results (self, query, &vectors, results, cancellable, error);
  kalon_search_select_profile (self, NULL, NULL);
  if (!done)
    return NULL;
  results->n_candidates = self->rows->len;
  results->n_dropped_tokens = vectors.n_dropped_tokens;
  results->n_pictures = self->n_pictures;
  return g_steal_pointer (&results);
}
