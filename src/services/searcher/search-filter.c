/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

void
kalon_search_session_forget_filter (KalonSearchSession *self)
{
  g_clear_pointer (&self->filter, kalon_filter_unref);
  g_clear_pointer (&self->passing, g_free);
}

gboolean
kalon_search_session_apply_filter (KalonSearchSession *self, KalonFilter *filter, GError **error)
{
  const char *hash = kalon_encoder_get_model_hash (self->encoder);
  g_autoptr (GHashTable) passing = NULL;
  g_autoptr (GArray) pictures = NULL;

  if (filter == NULL)
    {
      kalon_search_session_forget_filter (self);
      self->n_passing = self->rows->len;
      return TRUE;
    }
  /* While one types, the same filter comes again and again. Thumbs change without a word to the
   * catalogue. */
  if (self->filter == filter && !kalon_filter_has (filter, KALON_FILTER_LIKED))
    return TRUE;
  kalon_search_session_forget_filter (self);
  pictures = kalon_library_list_pictures (self->library, filter, hash, error);
  if (pictures == NULL)
    return FALSE;

  passing = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < pictures->len; i++)
    g_hash_table_add (passing, &g_array_index (pictures, gint64, i));
  self->filter = kalon_filter_ref (filter);
  self->passing = g_new0 (guint64, self->n_rows / 64 + 1);
  self->n_passing = 0;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const KalonLibraryRow *row = &g_array_index (self->rows, KalonLibraryRow, i);

      if (!g_hash_table_contains (passing, &row->picture))
        continue;
      self->passing[row->row / 64] |= G_GUINT64_CONSTANT (1) << row->row % 64;
      self->n_passing++;
    }
  return TRUE;
}

void
kalon_search_session_leave_out (KalonSearchSession *self, GArray *candidates)
{
  guint n = 0;

  if (self->passing == NULL)
    return;
  for (guint i = 0; i < candidates->len; i++)
    {
      KalonCandidate candidate = g_array_index (candidates, KalonCandidate, i);

      if ((self->passing[candidate.row / 64] >> candidate.row % 64 & 1) != 0)
        g_array_index (candidates, KalonCandidate, n++) = candidate;
    }
  g_array_set_size (candidates, n);
}
