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
  GHashTable *walked; /* real paths of the directories walked so far */
  GQueue links;       /* Link: followed when all real directories are known */
} Scan;

typedef struct
{
  char *path;
  gsize folder_length; /* of the scanned folder that it lies in */
} Link;

static gboolean walk (Scan *scan, const char *path, gsize folder_length, GError **error);

static gboolean
report (Scan *scan, KalonScanKind kind, const char *path, const char *reason, GError **error)
{
  KalonScanEntry entry = { .kind = kind, .path = path, .reason = reason };

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

static gboolean
is_excluded (Scan *scan, const char *path, const char *name, gsize folder_length)
{
  const char *relative = path + folder_length + strspn (path + folder_length, "/");

  if (!scan->rules->include_hidden && name[0] == '.')
    return TRUE;
  if (g_strcmp0 (path, scan->rules->own_directory) == 0)
    return TRUE;
  for (const char *const *pattern = scan->rules->excludes; pattern != NULL && *pattern != NULL;
       pattern++)
    if (fnmatch (*pattern, name, 0) == 0 || fnmatch (*pattern, relative, FNM_PATHNAME) == 0)
      return TRUE;
  return FALSE;
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
  KalonScanEntry entry = { .kind = KALON_SCAN_PICTURE, .path = path };

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
visit (Scan *scan, const char *path, const char *name, gsize folder_length, GError **error)
{
  struct stat status;

  if (is_excluded (scan, path, name, folder_length))
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
    return walk (scan, path, folder_length, error);
  if (S_ISLNK (status.st_mode))
    {
      Link *link = g_new (Link, 1);

      link->path = g_strdup (path);
      link->folder_length = folder_length;
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
walk (Scan *scan, const char *path, gsize folder_length, GError **error)
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

  names = read_names (path, &number);
  if (number != 0 && !report_unreadable (scan, path, number, error))
    return FALSE;
  if (number == 0 && names->len == 0 && strlen (path) == folder_length
      && !report (scan, KALON_SCAN_EMPTY_FOLDER, path, NULL, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_cancellable_set_error_if_cancelled (scan->cancellable, error)
          || !visit (scan, child, name, folder_length, error))
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
  return FALSE;
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
    return walk (scan, link->path, link->folder_length, error);
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

gboolean
kalon_scan (const char *const *folders, const KalonScanRules *rules, KalonScanFunc func,
            gpointer user_data, GCancellable *cancellable, GError **error)
{
  Scan scan = { .rules = rules, .func = func, .user_data = user_data, .cancellable = cancellable };
  gboolean done = TRUE;

  g_return_val_if_fail (folders != NULL, FALSE);
  g_return_val_if_fail (rules != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  scan.walked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&scan.links);
  for (guint i = 0; done && folders[i] != NULL; i++)
    {
      struct stat status;

      if (stat (folders[i], &status) != 0)
        done = report_gone (&scan, folders[i], errno, error);
      else if (!S_ISDIR (status.st_mode))
        done = report_gone (&scan, folders[i], ENOTDIR, error);
      else
        done = walk (&scan, folders[i], strlen (folders[i]), error);
    }
  while (done && !g_queue_is_empty (&scan.links))
    {
      Link *link = g_queue_pop_head (&scan.links);

      done = follow (&scan, link, error);
      link_free (link);
    }
  g_queue_clear_full (&scan.links, link_free);
  g_hash_table_unref (scan.walked);
  return done;
}
