/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

static gboolean
look_up_model (KalonLibrary *self, const char *model_hash, gsize *dimension, gsize *n_rows,
               GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage, "SELECT dimension, n_rows FROM models WHERE hash = ?", error);
  GError *local_error = NULL;

  *dimension = 0;
  *n_rows = 0;
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, model_hash);
  if (kalon_statement_next (statement, &local_error))
    {
      *dimension = kalon_statement_get_int (statement, 0);
      *n_rows = kalon_statement_get_int (statement, 1);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
add_model (KalonLibrary *self, const char *model_hash, gsize dimension, GError **error)
{
  KalonStatement *statement = kalon_storage_prepare (
      self->storage, "INSERT INTO models (hash, dimension, n_rows) VALUES (?, ?, 0)", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, model_hash);
  kalon_statement_bind_int (statement, 2, dimension);
  return kalon_statement_run (statement, error);
}

static gboolean
set_n_rows (KalonLibrary *self, const char *model_hash, gsize n_rows, GError **error)
{
  KalonStatement *statement = kalon_storage_prepare (
      self->storage, "UPDATE models SET n_rows = ?2 WHERE hash = ?1", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, model_hash);
  kalon_statement_bind_int (statement, 2, n_rows);
  return kalon_statement_run (statement, error);
}

static gboolean
forget_rows_from (KalonLibrary *self, const char *model_hash, gsize n_rows, GError **error)
{
  KalonStatement *statement;
  gboolean done = FALSE;

  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  statement = kalon_storage_prepare (
      self->storage,
      "DELETE FROM embeddings WHERE model = (SELECT id FROM models WHERE hash = ?1) AND row >= ?2",
      error);
  if (statement != NULL)
    {
      kalon_statement_bind_text (statement, 1, model_hash);
      kalon_statement_bind_int (statement, 2, n_rows);
      done = kalon_statement_run (statement, error) && set_n_rows (self, model_hash, n_rows, error);
    }
  if (done)
    return kalon_storage_commit (self->storage, error);
  kalon_storage_rollback (self->storage);
  return FALSE;
}

/* The lock is ours: nobody else appends, so the file and the catalogue can be brought together. */
static gboolean
reconcile (KalonLibrary *self, KalonIndex *index, const char *model_hash, GError **error)
{
  gsize dimension, committed;
  gsize n_rows = kalon_index_get_n_rows (index);

  if (!look_up_model (self, model_hash, &dimension, &committed, error))
    return FALSE;
  if (dimension == 0)
    {
      if (!add_model (self, model_hash, kalon_index_get_dimension (index), error))
        return FALSE;
    }
  else if (dimension != kalon_index_get_dimension (index))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "The catalogue has embeddings of length %" G_GSIZE_FORMAT
                   " for this model, which gives length %" G_GSIZE_FORMAT
                   ". Import the model again under a new name and index again.",
                   dimension, kalon_index_get_dimension (index));
      return FALSE;
    }

  if (n_rows > committed)
    return kalon_index_truncate (index, committed, error);
  if (n_rows < committed)
    {
      g_message ("The embedding file has %" G_GSIZE_FORMAT " of the %" G_GSIZE_FORMAT
                 " rows it should have; the others will be computed again.",
                 n_rows, committed);
      return forget_rows_from (self, model_hash, n_rows, error);
    }
  return TRUE;
}

/* Somebody is writing: what is behind the committed rows is none of ours, and not to be cut. */
static gboolean
look_only (KalonLibrary *self, KalonIndex *index, const char *model_hash, GError **error)
{
  gsize dimension, committed;

  return look_up_model (self, model_hash, &dimension, &committed, error)
         && kalon_index_refresh (index, committed, error);
}

KalonIndex *
kalon_library_open_index (KalonLibrary *self, const char *model_hash, gsize dimension,
                          GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autoptr (KalonIndex) index = NULL;
  GError *local_error = NULL;
  gboolean had_lock, has_lock;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (model_hash != NULL && *model_hash != '\0', NULL);
  g_return_val_if_fail (strspn (model_hash, "0123456789abcdef") == strlen (model_hash), NULL);
  g_return_val_if_fail (dimension > 0, NULL);

  name = g_strconcat (model_hash, ".kemb", NULL);
  path = g_build_filename (self->directory, "embeddings", name, NULL);

  had_lock = self->lock >= 0;
  has_lock = had_lock;
  if (!had_lock && !kalon_library_try_lock (self, &has_lock, error))
    return NULL;
  index = kalon_index_open (path, model_hash, dimension, &local_error);
  if (g_error_matches (local_error, KALON_ERROR, KALON_ERROR_INVALID_DATA))
    g_prefix_error (&local_error,
                    "Delete the embedding file “%s” and index again: only the "
                    "embeddings are computed again. It is damaged: ",
                    path);
  if (index != NULL && !(has_lock ? reconcile : look_only) (self, index, model_hash, &local_error))
    g_clear_object (&index);
  if (!had_lock)
    kalon_library_unlock (self);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return g_steal_pointer (&index);
}

gboolean
kalon_library_store_row (KalonLibrary *self, const char *model_hash, gint64 picture, gsize row,
                         GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (model_hash != NULL, FALSE);

  statement = kalon_storage_prepare (
      self->storage,
      "INSERT INTO embeddings (picture, model, row) VALUES (?1, (SELECT id FROM models WHERE hash "
      "= "
      "?2), ?3) ON CONFLICT (picture, model) DO UPDATE SET row = excluded.row, aesthetic = NULL",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, picture);
  kalon_statement_bind_text (statement, 2, model_hash);
  kalon_statement_bind_int (statement, 3, row);
  return kalon_statement_run (statement, error)
         && kalon_library_forget_scores (self, model_hash, picture, error)
         && set_n_rows (self, model_hash, row + 1, error);
}

/* The columns row, picture, perceptual hash, aesthetic score. */
static KalonLibraryRow
read_row (KalonStatement *statement)
{
  KalonLibraryRow row = {
    .row = kalon_statement_get_int (statement, 0),
    .picture = kalon_statement_get_int (statement, 1),
    .perceptual_hash = (guint64) kalon_statement_get_int (statement, 2),
    .aesthetic = NAN,
  };

  if (!kalon_statement_is_null (statement, 3))
    row.aesthetic = (float) kalon_statement_get_double (statement, 3);
  return row;
}

gboolean
kalon_library_find_content (KalonLibrary *self, const char *model_hash, const char *content_hash,
                            KalonLibraryRow *row, gboolean *found, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (model_hash != NULL && content_hash != NULL, FALSE);

  *found = FALSE;
  /* Copies of one picture have rows of their own: always the same one of them. */
  statement = kalon_storage_prepare (
      self->storage,
      "SELECT row, pictures.id, perceptual_hash, aesthetic FROM pictures JOIN embeddings ON "
      "picture = pictures.id WHERE content_hash = ? AND model = (SELECT id FROM models WHERE "
      "hash = ?) ORDER BY pictures.id LIMIT 1",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, content_hash);
  kalon_statement_bind_text (statement, 2, model_hash);
  *found = kalon_statement_next (statement, &reason);
  if (*found)
    *row = read_row (statement);
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

GArray *
kalon_library_list_rows (KalonLibrary *self, const char *model_hash, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (KalonLibraryRow));
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (model_hash != NULL, NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT row, pictures.id, perceptual_hash, aesthetic FROM embeddings JOIN pictures ON "
      "pictures.id = picture WHERE model = (SELECT id FROM models WHERE hash = ?) ORDER BY row",
      error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_text (statement, 1, model_hash);
  while (kalon_statement_next (statement, &local_error))
    {
      KalonLibraryRow row = read_row (statement);

      g_array_append_val (rows, row);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_steal_pointer (&rows);
}

gboolean
kalon_library_count (KalonLibrary *self, const char *model_hash, KalonLibraryCounts *counts,
                     GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (counts != NULL, FALSE);

  *counts = (KalonLibraryCounts){ 0 };
  statement = kalon_storage_prepare (
      self->storage,
      "SELECT (SELECT count (*) FROM pictures), (SELECT count (*) FROM failures), (SELECT count "
      "(*) "
      "FROM embeddings WHERE model = (SELECT id FROM models WHERE hash = ?))",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, model_hash);
  if (!kalon_statement_next (statement, error))
    return FALSE;
  counts->pictures = kalon_statement_get_int (statement, 0);
  counts->failures = kalon_statement_get_int (statement, 1);
  counts->indexed = kalon_statement_get_int (statement, 2);
  return TRUE;
}
