/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/kalon-watch-private.h"

struct _KalonChanges
{
  GHashTable *by_folder; /* path -> set of paths, empty for the folder as a whole */
};

KalonChanges *
kalon_changes_new (void)
{
  KalonChanges *self = g_new (KalonChanges, 1);

  self->by_folder = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) g_hash_table_unref);
  return self;
}

void
kalon_changes_free (KalonChanges *self)
{
  g_hash_table_unref (self->by_folder);
  g_free (self);
}

void
kalon_changes_add (KalonChanges *self, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  GHashTable *files = g_hash_table_lookup (self->by_folder, folder);

  if (files == NULL)
    {
      files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->by_folder, g_steal_pointer (&folder), files);
    }
  else if (g_hash_table_size (files) == 0)
    return;
  g_hash_table_add (files, g_strdup (path));
  if (g_hash_table_size (files) > KALON_CHANGES_MAX_FILES)
    g_hash_table_remove_all (files);
}

GStrv
kalon_changes_take (KalonChanges *self)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer folder, files;

  g_hash_table_iter_init (&iter, self->by_folder);
  while (g_hash_table_iter_next (&iter, &folder, &files))
    {
      GHashTableIter file_iter;
      gpointer file;

      if (g_hash_table_size (files) == 0)
        g_strv_builder_add (paths, folder);
      g_hash_table_iter_init (&file_iter, files);
      while (g_hash_table_iter_next (&file_iter, &file, NULL))
        g_strv_builder_add (paths, file);
    }
  g_hash_table_remove_all (self->by_folder);
  return g_strv_builder_end (paths);
}
