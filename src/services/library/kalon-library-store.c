/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

static void
bind_picture (KalonStatement *statement, const KalonPicture *picture)
{
  kalon_statement_bind_path (statement, 1, picture->path);
  kalon_statement_bind_int (statement, 2, picture->size);
  kalon_statement_bind_int (statement, 3, picture->mtime);
  kalon_statement_bind_text (statement, 4, picture->content_hash);
  kalon_statement_bind_int (statement, 5, picture->width);
  kalon_statement_bind_int (statement, 6, picture->height);
  kalon_statement_bind_text (statement, 7, picture->format);
  kalon_statement_bind_int (statement, 8, picture->taken_at);
  kalon_statement_bind_text (statement, 9, picture->camera);
  kalon_statement_bind_text (statement, 10, picture->lens);
  kalon_statement_bind_int (statement, 11, (gint64) picture->perceptual_hash);
  kalon_statement_bind_double (statement, 12, picture->luminance);
  kalon_statement_bind_double (statement, 13, picture->contrast);
  kalon_statement_bind_double (statement, 14, picture->colourfulness);
  kalon_statement_bind_int (
      statement, 15, picture->average[0] << 16 | picture->average[1] << 8 | picture->average[2]);
}

static gboolean
run_for_path (KalonLibrary *self, const char *sql, const char *path, GError **error)
{
  KalonStatement *statement = kalon_storage_prepare (self->storage, sql, error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_path (statement, 1, path);
  return kalon_statement_run (statement, error);
}

static gboolean
run_for_id (KalonLibrary *self, const char *sql, gint64 id, GError **error)
{
  KalonStatement *statement = kalon_storage_prepare (self->storage, sql, error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, id);
  return kalon_statement_run (statement, error);
}

/* Embeddings, of whatever model, are of a content that is gone. */
static gboolean
forget_stale_embeddings (KalonLibrary *self, const KalonPicture *picture, GError **error)
{
  KalonStatement *statement
      = kalon_storage_prepare (self->storage,
                               "DELETE FROM embeddings WHERE picture = ?1 AND (SELECT content_hash "
                               "FROM pictures WHERE id = ?1) "
                               "<> ?2",
                               error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, picture->id);
  kalon_statement_bind_text (statement, 2, picture->content_hash);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_library_store_picture (KalonLibrary *self, KalonPicture *picture, GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (picture != NULL && picture->path != NULL, FALSE);
  g_return_val_if_fail (picture->content_hash != NULL, FALSE);

  if (picture->id != 0 && !forget_stale_embeddings (self, picture, error))
    return FALSE;
  statement = kalon_storage_prepare (
      self->storage,
      picture->id == 0 ? "INSERT INTO pictures (" KALON_PICTURE_COLUMNS ") VALUES "
                         "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
                       : "UPDATE pictures SET (" KALON_PICTURE_COLUMNS ") = "
                         "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15), "
                         "measures = NULL WHERE id = ?16",
      error);
  if (statement == NULL)
    return FALSE;
  bind_picture (statement, picture);
  if (picture->id != 0)
    kalon_statement_bind_int (statement, 16, picture->id);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  if (picture->id == 0)
    picture->id = kalon_storage_get_last_insert_id (self->storage);
  return run_for_path (self, "DELETE FROM failures WHERE path = ?", picture->path, error);
}

gboolean
kalon_library_move_picture (KalonLibrary *self, gint64 id, const char *path, gint64 size,
                            gint64 mtime, GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  statement = kalon_storage_prepare (
      self->storage, "UPDATE pictures SET path = ?2, size = ?3, mtime = ?4 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, id);
  kalon_statement_bind_path (statement, 2, path);
  kalon_statement_bind_int (statement, 3, size);
  kalon_statement_bind_int (statement, 4, mtime);
  return kalon_statement_run (statement, error)
         && run_for_path (self, "DELETE FROM failures WHERE path = ?", path, error);
}

gboolean
kalon_library_remove_picture (KalonLibrary *self, gint64 id, GError **error)
{
  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);

  return run_for_id (self, "DELETE FROM pictures WHERE id = ?", id, error);
}

GStrv
kalon_library_list_orphans (KalonLibrary *self, GError **error)
{
  g_autoptr (GStrvBuilder) hashes = g_strv_builder_new ();
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT content_hash FROM orphans WHERE NOT EXISTS (SELECT 1 FROM pictures WHERE "
      "pictures.content_hash = orphans.content_hash)",
      error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &local_error))
    {
      g_autofree char *hash = kalon_statement_dup_text (statement, 0);

      g_strv_builder_add (hashes, hash);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_strv_builder_end (hashes);
}

gboolean
kalon_library_forget_orphans (KalonLibrary *self, GError **error)
{
  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);

  return kalon_storage_execute (self->storage, "DELETE FROM orphans", error);
}

gboolean
kalon_library_store_failure (KalonLibrary *self, const char *path, gint64 size, gint64 mtime,
                             const char *reason, GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);

  statement = kalon_storage_prepare (
      self->storage,
      "INSERT INTO failures (path, size, mtime, reason) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (path) "
      "DO "
      "UPDATE SET size = excluded.size, mtime = excluded.mtime, reason = excluded.reason",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_path (statement, 1, path);
  kalon_statement_bind_int (statement, 2, size);
  kalon_statement_bind_int (statement, 3, mtime);
  kalon_statement_bind_text (statement, 4, reason);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_library_remove_failure (KalonLibrary *self, gint64 id, GError **error)
{
  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);

  return run_for_id (self, "DELETE FROM failures WHERE id = ?", id, error);
}
