/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/kalon-watch-private.h"

#include <errno.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gunixmounts.h>

#include "image/kalon-image.h"

static void
place_free (gpointer data)
{
  KalonWatchPlace *place = data;

  g_free (place->path);
  g_free (place->near);
  g_ptr_array_unref (place->folders);
  g_free (place);
}

void
kalon_watch_survey_free (KalonWatchSurvey *survey)
{
  g_ptr_array_unref (survey->places);
  g_free (survey);
}

gboolean
kalon_watch_is_silent (const char *file_system)
{
  /* FUSE stands before clouds and other machines, too; before NTFS and exFAT it is "fuseblk". */
  static const char *const prefixes[]
      = { "nfs",  "cifs",  "smb",   "ncp",       "9p",     "afs",      "autofs", "ceph",
          "coda", "davfs", "fuse.", "glusterfs", "lustre", "virtiofs", "vboxsf", NULL };

  for (const char *const *prefix = prefixes; *prefix != NULL; prefix++)
    if (g_str_has_prefix (file_system, *prefix))
      return TRUE;
  return g_str_equal (file_system, "fuse");
}

static gboolean
is_on_silent (const char *path)
{
  GUnixMountEntry *mount = g_unix_mount_for (path, NULL);
  gboolean silent = mount != NULL && kalon_watch_is_silent (g_unix_mount_get_fs_type (mount));

  if (mount != NULL)
    g_unix_mount_free (mount);
  return silent;
}

static char *
find_near (const char *path)
{
  g_autofree char *near = g_path_get_dirname (path);

  while (!g_file_test (near, G_FILE_TEST_IS_DIR) && !g_str_equal (near, "/")
         && !g_str_equal (near, "."))
    {
      char *parent = g_path_get_dirname (near);

      g_free (near);
      near = parent;
    }
  return g_steal_pointer (&near);
}

/* Thread */

typedef struct
{
  KalonWatchRules *rules;
  GStrv paths; /* %NULL: the folders of the rules */
  GHashTable *watched;
  KalonWatchSurvey *survey;
  GArray *places;  /* KalonScanPlace: those of the survey that are there */
  GArray *numbers; /* guint: which ones of the survey these are */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  kalon_watch_rules_unref (job->rules);
  g_strfreev (job->paths);
  g_hash_table_unref (job->watched);
  g_clear_pointer (&job->survey, kalon_watch_survey_free);
  g_clear_pointer (&job->places, g_array_unref);
  g_clear_pointer (&job->numbers, g_array_unref);
  g_free (job);
}

static KalonWatchPlace *
add_place (Job *job, const char *path)
{
  KalonWatchPlace *place = g_new0 (KalonWatchPlace, 1);

  place->path = g_strdup (path);
  place->folders = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (job->survey->places, place);
  return place;
}

static void
scan_place (Job *job, const KalonScanPlace *place)
{
  guint number = job->survey->places->len - 1;

  g_array_append_val (job->places, *place);
  g_array_append_val (job->numbers, number);
}

static void
look_at_folder (Job *job, const KalonScanPlace *folder)
{
  KalonWatchPlace *place = add_place (job, folder->path);
  struct stat status;

  if (stat (folder->path, &status) == 0)
    {
      place->device = status.st_dev;
      place->inode = status.st_ino;
    }
  if (place->inode == 0 || !S_ISDIR (status.st_mode) || access (folder->path, R_OK | X_OK) != 0)
    place->near = find_near (folder->path);
  else if (is_on_silent (folder->path))
    place->silent = TRUE;
  else
    scan_place (job, folder);
}

static const KalonScanPlace *
find_folder (Job *job, const char *path)
{
  const KalonScanPlace *found = NULL;

  for (guint i = 0; i < job->rules->folders->len; i++)
    {
      const KalonScanPlace *folder = &g_array_index (job->rules->folders, KalonScanPlace, i);

      if (kalon_scan_is_below (path, folder->path)
          && (found == NULL || strlen (folder->path) > strlen (found->path)))
        found = folder;
    }
  return found;
}

static void
look_at_change (Job *job, const char *path)
{
  const KalonScanPlace *folder = find_folder (job, path);
  KalonWatchPlace *place;
  KalonScanPlace part;
  struct stat status;

  if (folder == NULL)
    return;
  place = add_place (job, path);
  if (lstat (path, &status) != 0)
    {
      place->near = find_near (path);
      place->matters
          = kalon_image_is_candidate (path) || g_hash_table_contains (job->watched, path);
      return;
    }
  part = *folder;
  if (!g_str_equal (path, folder->path))
    {
      part.path = place->path;
      part.folder = folder->path;
    }
  scan_place (job, &part);
}

static gboolean
scan_cb (const KalonScanEntry *entry, gpointer user_data, GError **error)
{
  Job *job = user_data;
  guint i = (guint) (entry->place - (const KalonScanPlace *) job->places->data);
  KalonWatchPlace *place
      = g_ptr_array_index (job->survey->places, g_array_index (job->numbers, guint, i));

  if (entry->kind == KALON_SCAN_FOLDER)
    g_ptr_array_add (place->folders, g_strdup (entry->path));
  /* What is in a folder that was there before may have gone. */
  if (entry->kind == KALON_SCAN_PICTURE || entry->kind == KALON_SCAN_BAD_FILE
      || (entry->kind == KALON_SCAN_FOLDER && g_hash_table_contains (job->watched, entry->path)))
    place->matters = TRUE;
  return TRUE;
}

/* How many of them the system lets us watch, with what other programs watch: GFileMonitor would not
 * say that it watches nothing. These watches end with the function. */
static guint
count_allowed (Job *job)
{
  int fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  guint n = 0;

  if (fd < 0)
    return 0;
  for (guint i = 0; i < job->survey->places->len; i++)
    {
      const KalonWatchPlace *place = g_ptr_array_index (job->survey->places, i);

      for (guint j = 0; j < place->folders->len; j++)
        {
          const char *path = g_ptr_array_index (place->folders, j);

          if (g_hash_table_contains (job->watched, path))
            continue;
          /* What cannot be watched for another reason is not what is counted. */
          if (inotify_add_watch (fd, path, IN_CREATE) < 0 && errno == ENOSPC)
            goto out;
          n++;
        }
    }
out:
  close (fd);
  return n;
}

static void
survey_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  KalonScanRules rules = {
    .excludes = (const char *const *) job->rules->excludes,
    .own_directory = job->rules->own_directory,
  };
  GError *error = NULL;

  job->survey = g_new0 (KalonWatchSurvey, 1);
  job->survey->places = g_ptr_array_new_with_free_func (place_free);
  job->places = g_array_new (FALSE, FALSE, sizeof (KalonScanPlace));
  job->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  if (job->paths != NULL)
    for (guint i = 0; job->paths[i] != NULL; i++)
      look_at_change (job, job->paths[i]);
  else
    for (guint i = 0; i < job->rules->folders->len; i++)
      look_at_folder (job, &g_array_index (job->rules->folders, KalonScanPlace, i));
  if (kalon_scan ((const KalonScanPlace *) job->places->data, job->places->len, &rules, scan_cb,
                  job, cancellable, &error))
    {
      job->survey->n_allowed = count_allowed (job);
      g_task_return_pointer (task, g_steal_pointer (&job->survey),
                             (GDestroyNotify) kalon_watch_survey_free);
    }
  else
    g_task_return_error (task, error);
}

void
kalon_watch_survey_async (KalonWatchRules *rules, const char *const *paths, GHashTable *watched,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);
  GHashTableIter iter;
  gpointer path;

  job->rules = kalon_watch_rules_ref (rules);
  job->paths = g_strdupv ((GStrv) paths);
  job->watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, watched);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    g_hash_table_add (job->watched, g_strdup (path));
  g_task_set_source_tag (task, kalon_watch_survey_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, survey_in_thread);
}

KalonWatchSurvey *
kalon_watch_survey_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
