/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

#include <string.h>

void
kalon_library_facets_free (KalonLibraryFacets *facets)
{
  if (facets == NULL)
    return;
  g_strfreev (facets->folders);
  g_strfreev (facets->cameras);
  g_free (facets);
}

/* (transfer full): the distinct answers of @sql, one text a row, in order. */
static GPtrArray *
list_texts (KalonLibrary *self, const char *sql, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (self->storage, sql, error);
  g_autoptr (GError) reason = NULL;

  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &reason))
    g_ptr_array_add (texts, kalon_statement_dup_text (statement, 0));
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&texts);
}

/* Adds @root, and the folder right in it that holds @path, if one does; once each. */
static void
add_folders (GHashTable *folders, const char *root, const char *path)
{
  gsize length = g_str_equal (root, "/") ? 0 : strlen (root);
  const char *slash;

  if (strncmp (path, root, length) != 0 || path[length] != '/')
    return;
  if (!g_hash_table_contains (folders, root))
    g_hash_table_add (folders, g_strdup (root));
  slash = strchr (path + length + 1, '/');
  if (slash != NULL)
    {
      g_autofree char *folder = g_strndup (path, (gsize) (slash - path));

      if (!g_hash_table_contains (folders, folder))
        g_hash_table_add (folders, g_steal_pointer (&folder));
    }
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GStrv
sort_keys (GHashTable *table)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (sorted, key);
  g_ptr_array_sort (sorted, compare_texts);
  for (guint i = 0; i < sorted->len; i++)
    g_strv_builder_add (builder, sorted->pdata[i]);
  return g_strv_builder_end (builder);
}

KalonLibraryFacets *
kalon_library_list_facets (KalonLibrary *self, GError **error)
{
  g_autoptr (KalonLibraryFacets) facets = g_new0 (KalonLibraryFacets, 1);
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) cameras = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  g_auto (GStrv) roots = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  roots = kalon_library_list_folders (self, error);
  if (roots == NULL)
    return NULL;
  paths = list_texts (self, "SELECT path FROM pictures", error);
  cameras = paths != NULL ? list_texts (self,
                                        "SELECT DISTINCT camera FROM pictures "
                                        "WHERE camera <> '' ORDER BY camera",
                                        error)
                          : NULL;
  if (cameras == NULL)
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    for (char **root = roots; *root != NULL; root++)
      add_folders (folders, *root, paths->pdata[i]);
  facets->folders = sort_keys (folders);
  g_ptr_array_add (cameras, NULL);
  facets->cameras = (GStrv) g_ptr_array_steal (cameras, NULL);
  return g_steal_pointer (&facets);
}
