/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

#include "errors/kalon-errors.h"

/* 0 for all folders, which is how the index of the table sees them. */
static gboolean
find_folder (KalonLibrary *self, const char *folder, gint64 *id, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;
  g_autofree char *real = NULL;
  g_autofree char *name = NULL;
  GError *local_error = NULL;

  *id = 0;
  if (folder == NULL)
    return TRUE;
  statement = kalon_storage_prepare (self->storage, "SELECT id FROM folders WHERE path = ?", error);
  if (statement == NULL)
    return FALSE;
  real = kalon_library_dup_real_path (folder);
  kalon_statement_bind_path (statement, 1, real);
  if (kalon_statement_next (statement, &local_error))
    {
      *id = kalon_statement_get_int (statement, 0);
      return TRUE;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  name = g_filename_display_name (folder);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "“%s” is not a folder of this library: nothing was changed.", name);
  return FALSE;
}

GStrv
kalon_library_list_excludes (KalonLibrary *self, const char *folder, GError **error)
{
  g_autoptr (GStrvBuilder) patterns = g_strv_builder_new ();
  KalonStatement *statement;
  GError *local_error = NULL;
  gint64 id;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  if (!find_folder (self, folder, &id, error))
    return NULL;
  statement = kalon_storage_prepare (
      self->storage, "SELECT pattern FROM excludes WHERE ifnull (folder, 0) = ? ORDER BY pattern",
      error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_int (statement, 1, id);
  while (kalon_statement_next (statement, &local_error))
    {
      g_autofree char *pattern = kalon_statement_dup_text (statement, 0);

      g_strv_builder_add (patterns, pattern);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_strv_builder_end (patterns);
}

static gboolean
check_pattern (const char *pattern, GError **error)
{
  g_autofree char *name = NULL;

  if (*pattern != '\0' && *pattern != '/' && strpbrk (pattern, "\n\r") == NULL
      && !g_str_has_suffix (pattern, "/"))
    return TRUE;
  name = g_filename_display_name (pattern);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "“%s” can match nothing. Write a name, or a path below the folder, without a slash "
               "at either end: “*.tmp”, “scans/raw*”.",
               name);
  return FALSE;
}

static gboolean
replace_excludes (KalonLibrary *self, gint64 folder, const char *const *patterns, GError **error)
{
  KalonStatement *statement = kalon_storage_prepare (
      self->storage, "DELETE FROM excludes WHERE ifnull (folder, 0) = ?", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, folder);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  for (; *patterns != NULL; patterns++)
    {
      statement = kalon_storage_prepare (
          self->storage, "INSERT OR IGNORE INTO excludes VALUES (nullif (?, 0), ?)", error);
      if (statement == NULL)
        return FALSE;
      kalon_statement_bind_int (statement, 1, folder);
      kalon_statement_bind_path (statement, 2, *patterns);
      if (!kalon_statement_run (statement, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_library_set_excludes (KalonLibrary *self, const char *folder, const char *const *patterns,
                            GError **error)
{
  gint64 id;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (patterns != NULL, FALSE);

  for (const char *const *pattern = patterns; *pattern != NULL; pattern++)
    if (!check_pattern (*pattern, error))
      return FALSE;
  if (!find_folder (self, folder, &id, error) || !kalon_storage_begin (self->storage, error))
    return FALSE;
  if (replace_excludes (self, id, patterns, error))
    return kalon_storage_commit (self->storage, error);
  kalon_storage_rollback (self->storage);
  return FALSE;
}

gboolean
kalon_library_set_include_hidden (KalonLibrary *self, const char *folder, gboolean include,
                                  GError **error)
{
  KalonStatement *statement;
  gint64 id;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);

  if (!find_folder (self, folder, &id, error))
    return FALSE;
  statement = kalon_storage_prepare (self->storage,
                                     "UPDATE folders SET include_hidden = ?2 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, id);
  kalon_statement_bind_int (statement, 2, include);
  return kalon_statement_run (statement, error);
}
