/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/kalon-scan.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "image/kalon-image.h"

typedef struct
{
  const KalonScanRules *rules;
  KalonScanFunc func;
  gpointer user_data;
  GCancellable *cancellable;
  const KalonScanPlace *place; /* being looked through */
  GHashTable *folders;         /* paths of the places that are library folders */
  GHashTable *walked;          /* real paths of the directories walked so far */
  GQueue links;                /* Link: followed when all real directories are known */
} Scan;

typedef struct
{
  char *path;
  const KalonScanPlace *place; /* that it lies in */
} Link;

static gboolean walk (Scan *scan, const char *path, GError **error);

static gboolean
report (Scan *scan, KalonScanKind kind, const char *path, const char *reason, GError **error)
{
  KalonScanEntry entry = { .kind = kind, .place = scan->place, .path = path, .reason = reason };

  return scan->func (&entry, scan->user_data, error);
}

gboolean
kalon_scan_is_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  while (length > 0 && folder[length - 1] == '/')
    length--;
  return strncmp (path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static const char *
get_folder (const KalonScanPlace *place)
{
  return place->folder != NULL ? place->folder : place->path;
}

static gboolean
matches_any (const char *const *patterns, const char *name, const char *relative)
{
  for (; patterns != NULL && *patterns != NULL; patterns++)
    if (fnmatch (*patterns, name, 0) == 0 || fnmatch (*patterns, relative, FNM_PATHNAME) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_excluded (Scan *scan, const char *path, const char *name)
{
  const KalonScanPlace *place = scan->place;
  const char *relative = path + strlen (get_folder (place));

  relative += strspn (relative, "/");
  if (name[0] == '.' && !scan->rules->include_hidden && !place->include_hidden)
    return TRUE;
  return g_strcmp0 (path, scan->rules->own_directory) == 0
         || matches_any (scan->rules->excludes, name, relative)
         || matches_any (place->excludes, name, relative);
}

static const char *
describe_special (mode_t mode)
{
  if (S_ISFIFO (mode))
    return "It is a named pipe, not a picture. Remove or exclude it.";
  if (S_ISSOCK (mode))
    return "It is a socket, not a picture. Remove or exclude it.";
  return "It is a device, not a picture. Remove or exclude it.";
}

static gboolean
report_file (Scan *scan, const char *path, const char *name, const struct stat *status,
             GError **error)
{
  KalonScanEntry entry = { .kind = KALON_SCAN_PICTURE, .place = scan->place, .path = path };

  if (!kalon_image_is_candidate (name))
    return report (scan, KALON_SCAN_OTHER, path, NULL, error);
  if (!S_ISREG (status->st_mode))
    return report (scan, KALON_SCAN_BAD_FILE, path, describe_special (status->st_mode), error);
  entry.size = status->st_size;
  entry.mtime = status->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status->st_mtim.tv_nsec;
  return scan->func (&entry, scan->user_data, error);
}

static gboolean
report_unreadable (Scan *scan, const char *path, int number, GError **error)
{
  g_autofree char *reason = NULL;

  reason
      = g_strdup_printf ("The folder cannot be read: %s. Its pictures are kept as they were; make "
                         "it readable and index again.",
                         g_strerror (number));
  return report (scan, KALON_SCAN_BAD_FOLDER, path, reason, error);
}

static gboolean
visit (Scan *scan, const char *path, const char *name, GError **error)
{
  struct stat status;

  if (g_hash_table_contains (scan->folders, path))
    return TRUE;
  if (is_excluded (scan, path, name))
    return report (scan, KALON_SCAN_EXCLUDED, path, NULL, error);
  if (lstat (path, &status) != 0)
    {
      g_autofree char *reason = NULL;

      /* Deleted since its name was read: as if it had never been met. */
      if (errno == ENOENT)
        return TRUE;
      if (!kalon_image_is_candidate (name))
        return report_unreadable (scan, path, errno, error);
      reason = g_strdup_printf ("The file cannot be looked at: %s. Check the folder it is in.",
                                g_strerror (errno));
      return report (scan, KALON_SCAN_BAD_FILE, path, reason, error);
    }
  if (S_ISDIR (status.st_mode))
    return walk (scan, path, error);
  if (S_ISLNK (status.st_mode))
    {
      Link *link = g_new (Link, 1);

      link->path = g_strdup (path);
      link->place = scan->place;
      g_queue_push_tail (&scan->links, link);
      return TRUE;
    }
  return report_file (scan, path, name, &status, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (transfer full): sorted; @number is the errno of a folder that could not be read to its end. */
static GPtrArray *
read_names (const char *path, int *number)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  DIR *directory = opendir (path);
  struct dirent *entry;

  *number = directory == NULL ? errno : 0;
  if (directory == NULL)
    return g_steal_pointer (&names);
  while (errno = 0, (entry = readdir (directory)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      g_ptr_array_add (names, g_strdup (entry->d_name));
  *number = errno;
  closedir (directory);
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/* @path is walked under this name; it may lead through links. */
static gboolean
walk (Scan *scan, const char *path, GError **error)
{
  char *real = realpath (path, NULL);
  g_autoptr (GPtrArray) names = NULL;
  gboolean is_new;
  int number;

  if (real == NULL)
    return report_unreadable (scan, path, errno, error);
  is_new = g_hash_table_add (scan->walked, g_strdup (real));
  free (real);
  if (!is_new)
    return TRUE;
  if (!report (scan, KALON_SCAN_FOLDER, path, NULL, error))
    return FALSE;

  names = read_names (path, &number);
  if (number != 0 && !report_unreadable (scan, path, number, error))
    return FALSE;
  if (number == 0 && names->len == 0 && scan->place->folder == NULL
      && g_str_equal (path, scan->place->path)
      && !report (scan, KALON_SCAN_EMPTY_FOLDER, path, NULL, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_cancellable_set_error_if_cancelled (scan->cancellable, error)
          || !visit (scan, child, name, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_met_elsewhere (Scan *scan, const char *real, const char *real_directory)
{
  if (g_hash_table_contains (scan->walked, real_directory))
    return TRUE;
  if (scan->rules->own_directory != NULL && kalon_scan_is_below (real, scan->rules->own_directory))
    return TRUE;
  for (const char *const *folder = scan->rules->elsewhere; folder != NULL && *folder != NULL;
       folder++)
    if (kalon_scan_is_below (real, *folder))
      return TRUE;
  return scan->place->folder != NULL && kalon_scan_is_below (real, scan->place->folder);
}

static gboolean
follow (Scan *scan, const Link *link, GError **error)
{
  g_autofree char *name = g_path_get_basename (link->path);
  g_autofree char *real_directory = NULL;
  struct stat status;
  char *real;
  gboolean elsewhere;

  if (stat (link->path, &status) != 0)
    {
      g_autofree char *reason = NULL;

      if (!kalon_image_is_candidate (name))
        return report (scan, KALON_SCAN_OTHER, link->path, NULL, error);
      reason
          = g_strdup_printf ("It is a link to a file that cannot be reached (%s). Bring that back, "
                             "or remove the link.",
                             g_strerror (errno));
      return report (scan, KALON_SCAN_BAD_FILE, link->path, reason, error);
    }

  real = realpath (link->path, NULL);
  if (real == NULL)
    return report_unreadable (scan, link->path, errno, error);
  real_directory = S_ISDIR (status.st_mode) ? g_strdup (real) : g_path_get_dirname (real);
  elsewhere = is_met_elsewhere (scan, real, real_directory);
  free (real);
  if (elsewhere)
    return report (scan, KALON_SCAN_EXCLUDED, link->path, NULL, error);
  if (S_ISDIR (status.st_mode))
    return walk (scan, link->path, error);
  return report_file (scan, link->path, name, &status, error);
}

static void
link_free (gpointer data)
{
  Link *link = data;

  g_free (link->path);
  g_free (link);
}

static gboolean
report_gone (Scan *scan, const char *folder, int number, GError **error)
{
  g_autofree char *reason = NULL;

  reason
      = g_strdup_printf ("The folder is not there (%s). Its pictures are kept: bring the disk or "
                         "the folder back and index again, or remove the folder from the library.",
                         g_strerror (number));
  return report (scan, KALON_SCAN_BAD_FOLDER, folder, reason, error);
}

static gboolean
scan_folder (Scan *scan, const KalonScanPlace *place, GError **error)
{
  struct stat status;

  if (stat (place->path, &status) != 0)
    return report_gone (scan, place->path, errno, error);
  if (!S_ISDIR (status.st_mode))
    return report_gone (scan, place->path, ENOTDIR, error);
  return walk (scan, place->path, error);
}

/* A part is left out with what it lies in. */
static gboolean
scan_part (Scan *scan, const KalonScanPlace *place, GError **error)
{
  gsize length = strlen (place->folder);
  const char *end = place->path + length;
  g_autofree char *name = g_path_get_basename (place->path);

  while (*end == '/' && (end = strchr (end + 1, '/')) != NULL)
    {
      g_autofree char *parent = g_strndup (place->path, (gsize) (end - place->path));
      g_autofree char *parent_name = g_path_get_basename (parent);

      if (is_excluded (scan, parent, parent_name))
        return report (scan, KALON_SCAN_EXCLUDED, parent, NULL, error);
    }
  return visit (scan, place->path, name, error);
}

gboolean
kalon_scan (const KalonScanPlace *places, gsize n_places, const KalonScanRules *rules,
            KalonScanFunc func, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Scan scan = { .rules = rules, .func = func, .user_data = user_data, .cancellable = cancellable };
  gboolean done = TRUE;

  g_return_val_if_fail (places != NULL || n_places == 0, FALSE);
  g_return_val_if_fail (rules != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  scan.folders = g_hash_table_new (g_str_hash, g_str_equal);
  scan.walked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&scan.links);
  for (gsize i = 0; i < n_places; i++)
    if (places[i].folder == NULL)
      g_hash_table_add (scan.folders, (char *) places[i].path);
  for (gsize i = 0; done && i < n_places; i++)
    {
      scan.place = &places[i];
      done = (places[i].folder == NULL ? scan_folder : scan_part) (&scan, &places[i], error);
    }
  while (done && !g_queue_is_empty (&scan.links))
    {
      Link *link = g_queue_pop_head (&scan.links);

      scan.place = link->place;
      done = follow (&scan, link, error);
      link_free (link);
    }
  g_queue_clear_full (&scan.links, link_free);
  g_hash_table_unref (scan.walked);
  g_hash_table_unref (scan.folders);
  return done;
}
