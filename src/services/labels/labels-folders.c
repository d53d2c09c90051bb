/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labels/kalon-labels.h"

#include "errors/kalon-errors.h"
#include "scan/kalon-scan.h"

#include <stdlib.h>
#include <string.h>

static void
class_folder_free (gpointer data)
{
  KalonClassFolder *folder = data;

  g_free (folder->name);
  g_ptr_array_unref (folder->paths);
  g_free (folder);
}

typedef struct
{
  const char *root;
  GHashTable *folders; /* name -> KalonClassFolder, owned */
  GPtrArray *failures;
  KalonClassFoldersFunc func;
  gpointer user_data;
  gsize n_pictures;
} Collection;

/* Pictures that lie in @root itself are of no class. */
static void
add_picture (Collection *collection, const char *path)
{
  const char *relative = path + strlen (collection->root);
  const char *end;
  g_autofree char *name = NULL;
  KalonClassFolder *folder;

  relative += strspn (relative, "/");
  end = strchr (relative, '/');
  if (end == NULL)
    return;
  name = g_strndup (relative, end - relative);
  folder = g_hash_table_lookup (collection->folders, name);
  if (folder == NULL)
    {
      folder = g_new (KalonClassFolder, 1);
      folder->name = g_strdup (name);
      folder->paths = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (collection->folders, folder->name, folder);
    }
  g_ptr_array_add (folder->paths, g_strdup (path));
  collection->n_pictures++;
}

static gboolean
on_entry (const KalonScanEntry *entry, gpointer user_data, GError **error)
{
  Collection *collection = user_data;

  if (entry->kind == KALON_SCAN_PICTURE)
    add_picture (collection, entry->path);
  else if (entry->kind == KALON_SCAN_BAD_FILE)
    g_ptr_array_add (collection->failures, kalon_failure_new (entry->path, entry->reason));
  else if (entry->kind == KALON_SCAN_BAD_FOLDER)
    g_ptr_array_add (
        collection->failures,
        kalon_failure_new (entry->path,
                           "The folder cannot be read. Make it readable and run again."));
  if (collection->func != NULL && collection->n_pictures % 1000 == 1)
    collection->func (collection->n_pictures, collection->user_data);
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const KalonClassFolder *const *x = a, *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
kalon_class_folders_list (const char *images, GPtrArray *failures, KalonClassFoldersFunc func,
                          gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (class_folder_free);
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *absolute = g_canonicalize_filename (images, NULL);
  g_autofree char *shown = g_filename_display_name (images);
  char *real = realpath (absolute, NULL);
  g_autofree char *root = g_strdup (real);
  KalonScanPlace place = { .path = root };
  Collection collection = {
    .root = root, .folders = table, .failures = failures, .func = func, .user_data = user_data
  };
  KalonScanRules rules = { 0 };
  GHashTableIter iter;
  gpointer folder;
  gboolean done;

  free (real);
  if (root == NULL || !g_file_test (root, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "%s is not a folder. Name the one that holds a sub-folder for each class.",
                   shown);
      return NULL;
    }
  done = kalon_scan (&place, 1, &rules, on_entry, &collection, cancellable, error);
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &folder))
    {
      g_ptr_array_sort (((KalonClassFolder *) folder)->paths, compare_paths);
      g_ptr_array_add (folders, folder);
    }
  g_ptr_array_sort (folders, compare_names);
  if (!done)
    return NULL;
  if (folders->len > 0)
    return g_steal_pointer (&folders);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "%s has no sub-folder with pictures. Name the folder that holds one for each class.",
               shown);
  return NULL;
}

char *
kalon_class_folder_dup_own_name (const char *folder)
{
  char *name = g_filename_display_name (folder);

  return g_strdelimit (name, "_-", ' ');
}
