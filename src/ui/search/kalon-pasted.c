/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <time.h>

#include "search/kalon-pasted.h"

#define DAY (24 * 60 * 60)

static char *
dup_directory (void)
{
  return g_build_filename (g_get_user_cache_dir (), "kalon", "pasted", NULL);
}

static void
delete_old (const char *directory)
{
  g_autoptr (GDir) files = g_dir_open (directory, 0, NULL);
  time_t now = time (NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      GStatBuf status;

      if (g_lstat (path, &status) == 0 && status.st_mtime < now - DAY)
        g_unlink (path);
    }
}

static void
store (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (task_data);
  g_autofree char *directory = dup_directory ();
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, png);
  g_autofree char *name = g_strconcat (hash, ".png", NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  GError *error = NULL;

  g_mkdir_with_parents (directory, 0700);
  delete_old (directory);
  if (g_file_set_contents_full (path, g_bytes_get_data (png, NULL), (gssize) g_bytes_get_size (png),
                                G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_task_return_pointer (task, g_steal_pointer (&path), g_free);
  else
    g_task_return_error (task, error);
}

void
kalon_pasted_store_async (GdkTexture *texture, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (GDK_IS_TEXTURE (texture));

  g_task_set_source_tag (task, kalon_pasted_store_async);
  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  g_task_run_in_thread (task, store);
}

char *
kalon_pasted_store_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
kalon_pasted_is (const char *path)
{
  g_autofree char *directory = dup_directory ();
  g_autofree char *folder = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  folder = g_path_get_dirname (path);
  return g_str_equal (folder, directory);
}

gboolean
kalon_pasted_is_in (const KalonQuestion *question)
{
  g_return_val_if_fail (question != NULL, FALSE);

  for (guint i = 0; i < question->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (question->terms, i);

      if (term->kind == KALON_TERM_PICTURE && kalon_pasted_is (term->value))
        return TRUE;
    }
  return FALSE;
}
