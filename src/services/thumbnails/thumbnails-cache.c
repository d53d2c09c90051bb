/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "thumbnails/kalon-thumbnails.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "library/kalon-library.h"

/* What is done with each file; %FALSE ends the walk. */
typedef gboolean (*FileFunc) (const char *path, KalonThumbnailUsage *usage, GError **error);

static gboolean
count_file (const char *path, KalonThumbnailUsage *usage, GError **error)
{
  GStatBuf status;

  /* One that has just gone counts for nothing. */
  if (g_lstat (path, &status) == 0)
    {
      usage->n_files++;
      usage->bytes += (guint64) status.st_size;
    }
  return TRUE;
}

static gboolean
remove_file (const char *path, KalonThumbnailUsage *usage, GError **error)
{
  const int code = g_unlink (path) == 0 ? 0 : errno;

  if (code == 0 || code == ENOENT)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "%s: the thumbnail cannot be deleted: %s. Check the folder’s permissions.", path,
               g_strerror (code));
  return FALSE;
}

/* Only what kalon_thumbnail_store() makes, two levels deep: nothing else is ours. */
static gboolean
walk (const char *folder, guint depth, FileFunc func, KalonThumbnailUsage *usage,
      GCancellable *cancellable, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  /* None was ever made. */
  if (dir == NULL)
    return TRUE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      gboolean done = TRUE;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (depth > 0 && strlen (name) == 2 && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        done = walk (path, depth - 1, func, usage, cancellable, error);
      else if (depth == 0 && g_str_has_suffix (name, ".jpg"))
        done = func (path, usage, error);
      if (!done)
        return FALSE;
    }
  return TRUE;
}

static void
walk_in_thread (GTask *task, const char *library_directory, FileFunc func,
                GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (library_directory, &error);
  g_autofree KalonThumbnailUsage *usage = g_new0 (KalonThumbnailUsage, 1);
  g_autofree char *folder = NULL;

  if (library != NULL)
    folder = g_build_filename (kalon_library_get_directory (library), "thumbnails", NULL);
  if (folder == NULL || !walk (folder, 1, func, usage, cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&usage), g_free);
}

static void
count_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  walk_in_thread (task, task_data, count_file, cancellable);
}

static void
clear_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  walk_in_thread (task, task_data, remove_file, cancellable);
}

static void
run (gpointer tag, const char *library_directory, GTaskThreadFunc func, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_strdup (library_directory), g_free);
  g_task_run_in_thread (task, func);
}

void
kalon_thumbnails_get_usage_async (const char *library_directory, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  run (kalon_thumbnails_get_usage_async, library_directory, count_in_thread, cancellable, callback,
       user_data);
}

gboolean
kalon_thumbnails_get_usage_finish (GAsyncResult *result, KalonThumbnailUsage *usage, GError **error)
{
  g_autofree KalonThumbnailUsage *found = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_thumbnails_get_usage_async), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found != NULL)
    *usage = *found;
  return found != NULL;
}

void
kalon_thumbnails_clear_async (const char *library_directory, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  run (kalon_thumbnails_clear_async, library_directory, clear_in_thread, cancellable, callback,
       user_data);
}

gboolean
kalon_thumbnails_clear_finish (GAsyncResult *result, GError **error)
{
  g_autofree KalonThumbnailUsage *found = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_thumbnails_clear_async), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  return found != NULL;
}
