/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "files/kalon-files-private.h"

#define INFO_SUFFIX ".trashinfo"
#define INFO_GROUP "Trash Info"

void
kalon_trashed_free (KalonTrashed *trashed)
{
  g_free (trashed->path);
  g_free (trashed->trashed);
  g_free (trashed->info);
  g_free (trashed);
}

/* (transfer full): the topmost folder above @path that is on the same drive. */
static char *
dup_top_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat of_folder, of_parent;

  if (g_stat (folder, &of_folder) != 0)
    return NULL;
  for (;;)
    {
      g_autofree char *parent = g_path_get_dirname (folder);

      if (g_str_equal (parent, folder) || g_stat (parent, &of_parent) != 0
          || of_parent.st_dev != of_folder.st_dev)
        return g_steal_pointer (&folder);
      g_free (folder);
      folder = g_steal_pointer (&parent);
    }
}

/* (transfer full): where the file was that @info is of; @top is what its path may be relative to.
 */
static char *
dup_original_path (const char *info, const char *top)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  if (!g_key_file_load_from_file (file, info, G_KEY_FILE_NONE, NULL))
    return NULL;
  escaped = g_key_file_get_string (file, INFO_GROUP, "Path", NULL);
  path = escaped != NULL ? g_uri_unescape_string (escaped, NULL) : NULL;
  if (path == NULL || g_path_is_absolute (path))
    return g_steal_pointer (&path);
  return g_build_filename (top, path, NULL);
}

static gboolean
is_same (const struct stat *a, const struct stat *b)
{
  return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec
         && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Looks in one trash for the file that was at @path a moment ago and looked like @status: of
 * several that were there, the one that came last. */
static void
find_in (const char *trash, const char *top, const char *path, const struct stat *status,
         KalonTrashed *found, gint64 *found_at)
{
  g_autofree char *infos = g_build_filename (trash, "info", NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *stem = g_strndup (name, strcspn (name, "."));
  g_autoptr (GDir) directory = g_dir_open (infos, 0, NULL);
  const char *entry;

  /* A name that was taken gets a number behind its stem. */
  while (directory != NULL && (entry = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *info = NULL, *base = NULL, *file = NULL, *original = NULL;
      struct stat of_info, of_file;
      gint64 time;

      if (!g_str_has_prefix (entry, stem) || !g_str_has_suffix (entry, INFO_SUFFIX))
        continue;
      info = g_build_filename (infos, entry, NULL);
      base = g_strndup (entry, strlen (entry) - strlen (INFO_SUFFIX));
      file = g_build_filename (trash, "files", base, NULL);
      if (g_lstat (info, &of_info) != 0 || g_lstat (file, &of_file) != 0
          || !is_same (&of_file, status))
        continue;
      time = (gint64) of_info.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
             + of_info.st_mtim.tv_nsec;
      original = dup_original_path (info, top);
      if (g_strcmp0 (original, path) != 0 || time < *found_at)
        continue;
      *found_at = time;
      g_free (found->trashed);
      g_free (found->info);
      found->trashed = g_steal_pointer (&file);
      found->info = g_steal_pointer (&info);
    }
}

KalonTrashed *
kalon_files_trash (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *top = dup_top_folder (path);
  g_autofree char *user = g_strdup_printf ("%u", getuid ());
  g_autofree char *own_name = g_strdup_printf (".Trash-%s", user);
  g_autofree char *home = g_build_filename (g_get_user_data_dir (), "Trash", NULL);
  KalonTrashed *trashed;
  gint64 found_at = G_MININT64;
  struct stat status;

  if (g_lstat (path, &status) != 0)
    {
      const int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "It cannot be moved to the trash: %s.", g_strerror (code));
      return NULL;
    }
  if (!g_file_trash (file, NULL, error))
    return NULL;
  trashed = g_new0 (KalonTrashed, 1);
  trashed->path = g_strdup (path);
  find_in (home, "/", path, &status, trashed, &found_at);
  if (top != NULL)
    {
      g_autofree char *shared = g_build_filename (top, ".Trash", user, NULL);
      g_autofree char *own = g_build_filename (top, own_name, NULL);

      find_in (shared, top, path, &status, trashed, &found_at);
      find_in (own, top, path, &status, trashed, &found_at);
    }
  return trashed;
}

gboolean
kalon_files_restore (const KalonTrashed *trashed, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (trashed->path);
  g_autoptr (GFile) from = NULL;
  g_autoptr (GFile) to = g_file_new_for_path (trashed->path);
  g_autoptr (GError) reason = NULL;

  if (trashed->trashed == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "It is in the trash, but not where it can be found from here. Restore it in the "
                   "file manager.");
      return FALSE;
    }
  from = g_file_new_for_path (trashed->trashed);
  g_mkdir_with_parents (folder, 0777);
  if (!g_file_move (from, to, G_FILE_COPY_NOFOLLOW_SYMLINKS | G_FILE_COPY_ALL_METADATA, NULL, NULL,
                    NULL, &reason))
    {
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_EXISTS))
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                     "Another file has taken its place. It stays in the trash.");
      else
        g_set_error (error, reason->domain, reason->code,
                     "It cannot be taken out of the trash: %s.", reason->message);
      return FALSE;
    }
  g_unlink (trashed->info);
  return TRUE;
}
