/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

#include <stdlib.h>

char *
kalon_library_dup_real_path (const char *path)
{
  char *real = realpath (path, NULL);
  char *copy = real != NULL ? g_strdup (real) : g_canonicalize_filename (path, NULL);

  free (real);
  return copy;
}

gboolean
kalon_library_add_folder (KalonLibrary *self, const char *path, GError **error)
{
  g_autofree char *real = NULL;
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  real = kalon_library_dup_real_path (path);
  statement = kalon_storage_prepare (
      self->storage, "INSERT INTO folders (path) VALUES (?) ON CONFLICT DO NOTHING", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_path (statement, 1, real);
  return kalon_statement_run (statement, error);
}

GStrv
kalon_library_list_folders (KalonLibrary *self, GError **error)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  statement
      = kalon_storage_prepare (self->storage, "SELECT path FROM folders ORDER BY path", error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &local_error))
    {
      g_autofree char *path = kalon_statement_dup_text (statement, 0);

      g_strv_builder_add (folders, path);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_strv_builder_end (folders);
}

void
kalon_library_folder_free (KalonLibraryFolder *folder)
{
  g_free (folder->path);
  g_strfreev (folder->excludes);
  g_free (folder);
}

static KalonLibraryFolder *
read_folder (KalonStatement *statement)
{
  KalonLibraryFolder *folder = g_new0 (KalonLibraryFolder, 1);

  folder->path = kalon_statement_dup_text (statement, 0);
  folder->include_hidden = kalon_statement_get_int (statement, 1) != 0;
  folder->scanned_at = kalon_statement_get_int (statement, 2);
  folder->n_excluded = (gsize) kalon_statement_get_int (statement, 3);
  return folder;
}

GPtrArray *
kalon_library_get_folders (KalonLibrary *self, GError **error)
{
  g_autoptr (GPtrArray) folders
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_library_folder_free);
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT path, include_hidden, scanned_at, n_excluded FROM folders ORDER BY path", error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &local_error))
    g_ptr_array_add (folders, read_folder (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  for (guint i = 0; i < folders->len; i++)
    {
      KalonLibraryFolder *folder = g_ptr_array_index (folders, i);

      folder->excludes = kalon_library_list_excludes (self, folder->path, error);
      if (folder->excludes == NULL)
        return NULL;
    }
  return g_steal_pointer (&folders);
}

gboolean
kalon_library_note_scan (KalonLibrary *self, const char *folder, gint64 time, gsize n_excluded,
                         GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);

  statement = kalon_storage_prepare (
      self->storage, "UPDATE folders SET scanned_at = ?2, n_excluded = ?3 WHERE path = ?1", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_path (statement, 1, folder);
  kalon_statement_bind_int (statement, 2, time);
  kalon_statement_bind_int (statement, 3, (gint64) n_excluded);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_library_count_below (KalonLibrary *self, const char *folder, const char *model_hash,
                           KalonLibraryCounts *counts, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (counts != NULL, FALSE);

  *counts = (KalonLibraryCounts){ 0 };
  statement = kalon_storage_prepare (
      self->storage,
      "SELECT (SELECT count (*) FROM pictures WHERE path >= ?1 AND path < ?2), "
      "(SELECT count (*) FROM failures WHERE (path >= ?1 AND path < ?2) OR path = ?3), "
      "(SELECT count (*) FROM pictures JOIN embeddings ON picture = pictures.id WHERE path >= ?1 "
      "AND path < ?2 AND model = (SELECT id FROM models WHERE hash = ?4))",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_library_bind_below (statement, 1, 2, folder);
  kalon_statement_bind_path (statement, 3, folder);
  kalon_statement_bind_text (statement, 4, model_hash);
  if (!kalon_statement_next (statement, error))
    return FALSE;
  counts->pictures = (gsize) kalon_statement_get_int (statement, 0);
  counts->failures = (gsize) kalon_statement_get_int (statement, 1);
  counts->indexed = (gsize) kalon_statement_get_int (statement, 2);
  return TRUE;
}

typedef struct
{
  GStrv others; /* the folders that stay */
  GArray *ids;  /* gint64 */
} Orphans;

static gboolean
is_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  while (length > 0 && folder[length - 1] == '/')
    length--;
  return strncmp (path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static void
collect_orphan (const char *path, const char *content_hash, const KalonLibraryEntry *entry,
                gpointer user_data)
{
  Orphans *orphans = user_data;

  for (guint i = 0; orphans->others[i] != NULL; i++)
    if (is_below (path, orphans->others[i]))
      return;
  g_array_append_val (orphans->ids, entry->id);
}

static gboolean
forget_below (KalonLibrary *self, const char *folder, GError **error)
{
  g_auto (GStrv) others = kalon_library_list_folders (self, error);
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) failures = g_array_new (FALSE, FALSE, sizeof (gint64));
  Orphans orphan_pictures = { others, pictures };
  Orphans orphan_failures = { others, failures };

  if (others == NULL
      || !kalon_library_foreach_picture (self, folder, NULL, collect_orphan, &orphan_pictures,
                                         error)
      || !kalon_library_foreach_failure (self, folder, collect_orphan, &orphan_failures, error))
    return FALSE;
  for (guint i = 0; i < pictures->len; i++)
    if (!kalon_library_remove_picture (self, g_array_index (pictures, gint64, i), error))
      return FALSE;
  for (guint i = 0; i < failures->len; i++)
    if (!kalon_library_remove_failure (self, g_array_index (failures, gint64, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
forget_folder (KalonLibrary *self, const char *folder, GError **error)
{
  KalonStatement *statement
      = kalon_storage_prepare (self->storage, "DELETE FROM folders WHERE path = ?", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_path (statement, 1, folder);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  if (kalon_storage_get_n_changes (self->storage) == 0)
    {
      g_autofree char *name = g_filename_display_name (folder);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "“%s” is not a folder of this library: nothing was removed.", name);
      return FALSE;
    }
  return forget_below (self, folder, error);
}

gboolean
kalon_library_remove_folder (KalonLibrary *self, const char *path, GError **error)
{
  g_autofree char *real = NULL;
  gboolean had_lock, removed;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  real = kalon_library_dup_real_path (path);
  had_lock = self->lock >= 0;
  if (!had_lock && !kalon_library_lock (self, error))
    return FALSE;
  removed = kalon_storage_begin (self->storage, error);
  if (removed)
    {
      removed = forget_folder (self, real, error);
      if (removed)
        removed = kalon_storage_commit (self->storage, error);
      else
        kalon_storage_rollback (self->storage);
    }
  if (!had_lock)
    kalon_library_unlock (self);
  return removed;
}
