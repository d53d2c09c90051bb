/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-places-private.h"

#include <dirent.h>
#include <stdlib.h>

void
kalon_places_free (KalonPlaces *self)
{
  g_array_unref (self->places);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_string_chunk_free (self->strings);
  g_strfreev (self->excludes);
  g_strfreev (self->elsewhere);
  free (self->own_directory);
  g_free (self);
}

static KalonPlaces *
places_new (KalonLibrary *library, const KalonIndexerSettings *settings, GError **error)
{
  g_autoptr (KalonPlaces) self = g_new0 (KalonPlaces, 1);
  g_autoptr (GStrvBuilder) excludes = g_strv_builder_new ();
  g_auto (GStrv) of_all = kalon_library_list_excludes (library, NULL, error);

  self->places = g_array_new (FALSE, FALSE, sizeof (KalonScanPlace));
  self->strings = g_string_chunk_new (4096);
  self->folders = of_all != NULL ? kalon_library_get_folders (library, error) : NULL;
  if (self->folders == NULL)
    return NULL;
  g_strv_builder_addv (excludes, (const char **) of_all);
  if (settings->excludes != NULL)
    g_strv_builder_addv (excludes, (const char **) settings->excludes);
  self->excludes = g_strv_builder_end (excludes);
  self->own_directory = realpath (kalon_library_get_directory (library), NULL);
  self->rules = (KalonScanRules){
    .excludes = (const char *const *) self->excludes,
    .include_hidden = settings->include_hidden,
    .own_directory = self->own_directory,
  };
  return g_steal_pointer (&self);
}

static void
add_folder (KalonPlaces *self, const KalonLibraryFolder *folder)
{
  KalonScanPlace place = {
    .path = folder->path,
    .excludes = (const char *const *) folder->excludes,
    .include_hidden = folder->include_hidden,
  };

  g_array_append_val (self->places, place);
}

static gboolean
is_place (KalonPlaces *self, const char *path)
{
  for (guint i = 0; i < self->places->len; i++)
    if (g_str_equal (g_array_index (self->places, KalonScanPlace, i).path, path))
      return TRUE;
  return FALSE;
}

/* Folders of the library that lie in a place are places, too; all others are elsewhere. */
static void
add_inner_folders (KalonPlaces *self)
{
  g_autoptr (GStrvBuilder) elsewhere = g_strv_builder_new ();
  guint n_places = self->places->len;

  for (guint i = 0; i < self->folders->len; i++)
    {
      const KalonLibraryFolder *folder = g_ptr_array_index (self->folders, i);
      gboolean below = FALSE;

      if (is_place (self, folder->path))
        continue;
      for (guint j = 0; j < n_places && !below; j++)
        below = kalon_scan_is_below (folder->path,
                                     g_array_index (self->places, KalonScanPlace, j).path);
      if (below)
        add_folder (self, folder);
      else
        g_strv_builder_add (elsewhere, folder->path);
    }
  self->elsewhere = g_strv_builder_end (elsewhere);
  self->rules.elsewhere = (const char *const *) self->elsewhere;
}

static char *
find_new_folder (const char *folder, const char *const *known, GError **error)
{
  char *real = realpath (folder, NULL);
  g_autofree char *path = real != NULL ? g_strdup (real) : g_canonicalize_filename (folder, NULL);
  g_autofree char *name = NULL;

  free (real);
  if (g_strv_contains (known, path) || g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&path);
  name = g_filename_display_name (path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "There is no folder “%s”. Check its name: nothing was indexed.", name);
  return NULL;
}

/* (transfer full): the paths of @given, all of them in the library by then */
static GStrv
add_to_library (KalonLibrary *library, const char *const *given, GError **error)
{
  g_auto (GStrv) known = kalon_library_list_folders (library, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  if (known == NULL)
    return NULL;
  for (guint i = 0; given != NULL && given[i] != NULL; i++)
    {
      g_autofree char *path = find_new_folder (given[i], (const char *const *) known, error);

      if (path == NULL)
        return NULL;
      g_strv_builder_add (builder, path);
    }
  paths = g_strv_builder_end (builder);
  for (guint i = 0; paths[i] != NULL; i++)
    if (!kalon_library_add_folder (library, paths[i], error))
      return NULL;
  return g_steal_pointer (&paths);
}

KalonPlaces *
kalon_places_of_folders (KalonLibrary *library, const KalonIndexerSettings *settings,
                         const char *const *given, GError **error)
{
  g_auto (GStrv) paths = add_to_library (library, given, error);
  g_autoptr (KalonPlaces) self = paths != NULL ? places_new (library, settings, error) : NULL;

  if (self == NULL)
    return NULL;
  for (guint i = 0; i < self->folders->len; i++)
    {
      const KalonLibraryFolder *folder = g_ptr_array_index (self->folders, i);

      if (paths[0] == NULL || g_strv_contains ((const char *const *) paths, folder->path))
        add_folder (self, folder);
    }
  add_inner_folders (self);
  return g_steal_pointer (&self);
}

/* The innermost one that @path lies in. */
static const KalonLibraryFolder *
find_folder (KalonPlaces *self, const char *path)
{
  const KalonLibraryFolder *found = NULL;

  for (guint i = 0; i < self->folders->len; i++)
    {
      const KalonLibraryFolder *folder = g_ptr_array_index (self->folders, i);

      if (kalon_scan_is_below (path, folder->path)
          && (found == NULL || strlen (folder->path) > strlen (found->path)))
        found = folder;
    }
  return found;
}

/* Not so when its disk went: then nothing in it is known to be gone. */
static gboolean
has_anything (const char *folder)
{
  DIR *directory = opendir (folder);
  struct dirent *entry;
  gboolean found = FALSE;

  while (!found && directory != NULL && (entry = readdir (directory)) != NULL)
    found = strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0;
  if (directory != NULL)
    closedir (directory);
  return found;
}

static void
add_part (KalonPlaces *self, const char *path)
{
  const KalonLibraryFolder *folder = find_folder (self, path);
  KalonScanPlace place;

  if (folder == NULL || is_place (self, folder->path))
    return;
  for (guint i = 0; i < self->places->len; i++)
    if (kalon_scan_is_below (path, g_array_index (self->places, KalonScanPlace, i).path))
      return;
  if (g_str_equal (path, folder->path) || !has_anything (folder->path))
    {
      add_folder (self, folder);
      return;
    }
  place = (KalonScanPlace){
    .path = g_string_chunk_insert (self->strings, path),
    .folder = folder->path,
    .excludes = (const char *const *) folder->excludes,
    .include_hidden = folder->include_hidden,
  };
  g_array_append_val (self->places, place);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

KalonPlaces *
kalon_places_of_parts (KalonLibrary *library, const KalonIndexerSettings *settings,
                       const char *const *paths, GError **error)
{
  g_autoptr (KalonPlaces) self = places_new (library, settings, error);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  if (self == NULL)
    return NULL;
  /* What lies in another of them comes behind it. */
  for (; *paths != NULL; paths++)
    g_ptr_array_add (sorted, (char *) *paths);
  g_ptr_array_sort (sorted, compare_paths);
  for (guint i = 0; i < sorted->len; i++)
    add_part (self, g_ptr_array_index (sorted, i));
  add_inner_folders (self);
  return g_steal_pointer (&self);
}
