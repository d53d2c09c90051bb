/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

KalonPicture *
kalon_picture_copy (const KalonPicture *picture)
{
  KalonPicture *copy;

  g_return_val_if_fail (picture != NULL, NULL);

  copy = g_new (KalonPicture, 1);
  *copy = *picture;
  copy->path = g_strdup (picture->path);
  copy->content_hash = g_strdup (picture->content_hash);
  copy->format = g_strdup (picture->format);
  copy->camera = g_strdup (picture->camera);
  copy->lens = g_strdup (picture->lens);
  return copy;
}

void
kalon_picture_free (KalonPicture *picture)
{
  g_return_if_fail (picture != NULL);

  g_free (picture->path);
  g_free (picture->content_hash);
  g_free (picture->format);
  g_free (picture->camera);
  g_free (picture->lens);
  g_free (picture);
}

KalonFailure *
kalon_failure_new (const char *path, const char *reason)
{
  KalonFailure *failure;

  g_return_val_if_fail (path != NULL && reason != NULL, NULL);

  failure = g_new (KalonFailure, 1);
  failure->path = g_strdup (path);
  failure->reason = g_strdup (reason);
  return failure;
}

const char *
kalon_failure_get_reason (const char *path, const GError *error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *prefix = g_strconcat (name, ": ", NULL);

  return g_str_has_prefix (error->message, prefix) ? error->message + strlen (prefix)
                                                   : error->message;
}

void
kalon_failure_free (KalonFailure *failure)
{
  g_return_if_fail (failure != NULL);

  g_free (failure->path);
  g_free (failure->reason);
  g_free (failure);
}

static KalonPicture *
read_picture (KalonStatement *statement)
{
  KalonPicture *picture = g_new0 (KalonPicture, 1);
  gint64 average = kalon_statement_get_int (statement, 15);

  picture->id = kalon_statement_get_int (statement, 0);
  picture->path = kalon_statement_dup_text (statement, 1);
  picture->size = kalon_statement_get_int (statement, 2);
  picture->mtime = kalon_statement_get_int (statement, 3);
  picture->content_hash = kalon_statement_dup_text (statement, 4);
  picture->width = kalon_statement_get_int (statement, 5);
  picture->height = kalon_statement_get_int (statement, 6);
  picture->format = kalon_statement_dup_text (statement, 7);
  picture->taken_at = kalon_statement_get_int (statement, 8);
  picture->camera = kalon_statement_dup_text (statement, 9);
  picture->lens = kalon_statement_dup_text (statement, 10);
  picture->perceptual_hash = (guint64) kalon_statement_get_int (statement, 11);
  picture->luminance = kalon_statement_get_double (statement, 12);
  picture->contrast = kalon_statement_get_double (statement, 13);
  picture->colourfulness = kalon_statement_get_double (statement, 14);
  picture->average[0] = average >> 16 & 0xff;
  picture->average[1] = average >> 8 & 0xff;
  picture->average[2] = average & 0xff;
  return picture;
}

KalonPicture *
kalon_library_get_picture (KalonLibrary *self, gint64 id, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  statement = kalon_storage_prepare (
      self->storage, "SELECT id, " KALON_PICTURE_COLUMNS " FROM pictures WHERE id = ?", error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_int (statement, 1, id);
  return kalon_statement_next (statement, error) ? read_picture (statement) : NULL;
}

KalonPicture *
kalon_library_find_picture (KalonLibrary *self, const char *path, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  statement = kalon_storage_prepare (
      self->storage, "SELECT id, " KALON_PICTURE_COLUMNS " FROM pictures WHERE path = ?", error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_path (statement, 1, path);
  return kalon_statement_next (statement, error) ? read_picture (statement) : NULL;
}

KalonPicture *
kalon_library_find_picture_of (KalonLibrary *self, const char *content_hash, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (content_hash != NULL, NULL);

  statement = kalon_storage_prepare (self->storage,
                                     "SELECT id, " KALON_PICTURE_COLUMNS
                                     " FROM pictures WHERE content_hash = ? ORDER BY id LIMIT 1",
                                     error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_text (statement, 1, content_hash);
  return kalon_statement_next (statement, error) ? read_picture (statement) : NULL;
}

GPtrArray *
kalon_library_list_failures (KalonLibrary *self, GError **error)
{
  g_autoptr (GPtrArray) failures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  statement = kalon_storage_prepare (self->storage,
                                     "SELECT path, reason FROM failures ORDER BY path", error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &local_error))
    {
      KalonFailure *failure = g_new0 (KalonFailure, 1);

      failure->path = kalon_statement_dup_text (statement, 0);
      failure->reason = kalon_statement_dup_text (statement, 1);
      g_ptr_array_add (failures, failure);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_steal_pointer (&failures);
}

gboolean
kalon_library_look_up (KalonLibrary *self, const char *path, const char *model_hash,
                       KalonLibraryEntry *entry, GError **error)
{
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (model_hash != NULL, FALSE);

  *entry = (KalonLibraryEntry){ 0 };
  statement = kalon_storage_prepare (
      self->storage,
      "SELECT id, size, mtime, 0, row, aesthetic, length (measures) FROM pictures LEFT JOIN "
      "embeddings ON picture = id AND model = (SELECT models.id FROM models WHERE hash = ?2) WHERE "
      "path = ?1 UNION ALL SELECT id, size, mtime, 1, NULL, NULL, NULL FROM failures WHERE path = "
      "?1",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_path (statement, 1, path);
  kalon_statement_bind_text (statement, 2, model_hash);
  if (kalon_statement_next (statement, &local_error))
    {
      entry->id = kalon_statement_get_int (statement, 0);
      entry->size = kalon_statement_get_int (statement, 1);
      entry->mtime = kalon_statement_get_int (statement, 2);
      entry->failed = kalon_statement_get_int (statement, 3) != 0;
      entry->embedded = !kalon_statement_is_null (statement, 4);
      entry->row = kalon_statement_get_int (statement, 4);
      entry->scored = !kalon_statement_is_null (statement, 5);
      /* Of another length they are not those of this version. */
      entry->measured
          = kalon_statement_get_int (statement, 6) == KALON_N_MEASURES * (gint64) sizeof (float);
      kalon_statement_reset (statement);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

void
kalon_library_bind_below (KalonStatement *statement, int from, int to, const char *folder)
{
  gsize length = strlen (folder);
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  while (length > 0 && folder[length - 1] == '/')
    length--;
  first = g_strdup_printf ("%.*s/", (int) length, folder);
  last = g_strdup_printf ("%.*s0", (int) length, folder); /* '0' is the byte after '/' */
  kalon_statement_bind_path (statement, from, first);
  kalon_statement_bind_path (statement, to, last);
}

static gboolean foreach (KalonStatement *statement, gboolean failed, KalonLibraryEntryFunc func,
                         gpointer user_data, GError * *error)
{
  GError *local_error = NULL;

  while (kalon_statement_next (statement, &local_error))
    {
      g_autofree char *path = kalon_statement_dup_text (statement, 1);
      g_autofree char *content_hash = kalon_statement_dup_text (statement, 4);
      KalonLibraryEntry entry = {
        .id = kalon_statement_get_int (statement, 0),
        .size = kalon_statement_get_int (statement, 2),
        .mtime = kalon_statement_get_int (statement, 3),
        .embedded = kalon_statement_get_int (statement, 5) != 0,
        .failed = failed,
      };

      func (path, content_hash, &entry, user_data);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
kalon_library_foreach_picture (KalonLibrary *self, const char *folder, const char *model_hash,
                               KalonLibraryEntryFunc func, gpointer user_data, GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  statement = kalon_storage_prepare (self->storage,
                                     "SELECT id, path, size, mtime, content_hash, EXISTS (SELECT 1 "
                                     "FROM embeddings WHERE picture = "
                                     "pictures.id AND model = (SELECT id FROM models WHERE hash = "
                                     "?3)) FROM pictures WHERE path >= "
                                     "?1 AND path < ?2 ORDER BY path",
                                     error);
  if (statement == NULL)
    return FALSE;
  kalon_library_bind_below (statement, 1, 2, folder);
  kalon_statement_bind_text (statement, 3, model_hash);
  return foreach (statement, FALSE, func, user_data, error);
}

gboolean
kalon_library_foreach_failure (KalonLibrary *self, const char *folder, KalonLibraryEntryFunc func,
                               gpointer user_data, GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  statement = kalon_storage_prepare (self->storage,
                                     "SELECT id, path, size, mtime, NULL, 0 FROM failures WHERE "
                                     "(path >= ?1 AND path < ?2) OR path = "
                                     "?3 ORDER BY path",
                                     error);
  if (statement == NULL)
    return FALSE;
  kalon_library_bind_below (statement, 1, 2, folder);
  kalon_statement_bind_path (statement, 3, folder);
  return foreach (statement, TRUE, func, user_data, error);
}
