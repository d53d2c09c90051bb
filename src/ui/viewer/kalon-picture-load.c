/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "viewer/kalon-picture-load.h"

typedef struct
{
  gint64 id;
  guint side;
  KalonLoadedPicture *loaded;
} Load;

static void
load_free (Load *load)
{
  g_clear_pointer (&load->loaded, kalon_loaded_picture_free);
  g_free (load);
}

void
kalon_loaded_picture_free (KalonLoadedPicture *loaded)
{
  g_clear_pointer (&loaded->picture, kalon_picture_free);
  g_clear_pointer (&loaded->tiles, kalon_tiles_unref);
  g_clear_pointer (&loaded->info, kalon_image_info_free);
  g_clear_error (&loaded->error);
  g_free (loaded);
}

KalonLoadedPicture *
kalon_loaded_pictures_find (GQueue *kept, gint64 id)
{
  for (GList *link = kept->head; link != NULL; link = link->next)
    {
      KalonLoadedPicture *loaded = link->data;

      if (loaded->id == id)
        return loaded;
    }
  return NULL;
}

void
kalon_loaded_pictures_add (GQueue *kept, KalonLoadedPicture *loaded, guint most)
{
  KalonLoadedPicture *before = kalon_loaded_pictures_find (kept, loaded->id);

  if (before != NULL)
    {
      g_queue_remove (kept, before);
      kalon_loaded_picture_free (before);
    }
  g_queue_push_head (kept, loaded);
  while (kept->length > most)
    kalon_loaded_picture_free (g_queue_pop_tail (kept));
}

/* GTK 4.8 draws smaller without antialiasing, so what is more than needed is reduced here. */
static KalonImage *
reduce (KalonImage *image, guint side)
{
  double scale = 1, shorter = MIN (image->width, image->height);
  double longer = MAX (image->width, image->height);
  KalonImage *reduced;

  if (side > 0 && side < shorter)
    scale = side / shorter;
  scale = MIN (scale, KALON_PICTURE_LOAD_MAX_SIDE / longer);
  if (scale >= 1)
    return image;
  reduced = kalon_image_resize (image, MAX (1, (guint) round (image->width * scale)),
                                MAX (1, (guint) round (image->height * scale)));
  kalon_image_free (image);
  return reduced;
}

/* Of a drive that is not connected there is nothing, or an empty folder to mount it on. */
static gboolean
is_folder_gone (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return dir == NULL || g_dir_read_name (dir) == NULL;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Load *load = task_data;
  KalonLoadedPicture *loaded = load->loaded;
  KalonImage *image = kalon_image_load (loaded->picture->path, load->side, &loaded->info,
                                        cancellable, &loaded->error);

  if (image != NULL)
    loaded->tiles = kalon_tiles_new (reduce (image, load->side));
  else if (is_folder_gone (loaded->picture->path))
    {
      g_autofree char *name = g_filename_display_name (loaded->picture->path);

      g_clear_error (&loaded->error);
      loaded->error = g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                   _ ("The folder of %s is not there. If it is on a drive, the "
                                      "drive is not connected."),
                                   name);
    }
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&load->loaded),
                           (GDestroyNotify) kalon_loaded_picture_free);
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;

  load->loaded = g_new0 (KalonLoadedPicture, 1);
  load->loaded->id = load->id;
  load->loaded->picture
      = kalon_catalogue_get_picture_finish (KALON_CATALOGUE (object), result, &error);
  if (load->loaded->picture != NULL)
    {
      g_task_run_in_thread (task, load_in_thread);
      return;
    }
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  load->loaded->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                             _ ("The picture is no longer in the library."));
  g_task_return_pointer (task, g_steal_pointer (&load->loaded),
                         (GDestroyNotify) kalon_loaded_picture_free);
}

void
kalon_picture_load_async (KalonCatalogue *catalogue, gint64 picture_id, guint side,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;
  Load *load = g_new0 (Load, 1);

  g_return_if_fail (KALON_IS_CATALOGUE (catalogue));

  load->id = picture_id;
  load->side = side;
  task = g_task_new (catalogue, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_picture_load_async);
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  kalon_catalogue_get_picture_async (catalogue, picture_id, cancellable, looked_up_cb, task);
}

KalonLoadedPicture *
kalon_picture_load_finish (KalonCatalogue *catalogue, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, catalogue), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
