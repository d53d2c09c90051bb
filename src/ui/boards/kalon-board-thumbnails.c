/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "boards/kalon-board-thumbnails.h"
#include "results/kalon-image-texture.h"
#include "thumbnails/kalon-thumbnails.h"

/* What the threads that load share. */
typedef struct
{
  char *directory; /* never changed */
  GMutex mutex;
  GHashTable *items; /* by the mutex: id (in the item) -> KalonBoardItem */
} Source;

struct _KalonBoardThumbnails
{
  GObject parent_instance;

  Source *source; /* also the queue's */
  KalonThumbnailQueue *queue;
  GThreadPool *covers; /* few threads: a page of boards asks for many at once */
};

G_DEFINE_FINAL_TYPE (KalonBoardThumbnails, kalon_board_thumbnails, G_TYPE_OBJECT)

static void
clear_source (Source *source)
{
  g_free (source->directory);
  g_hash_table_unref (source->items);
  g_mutex_clear (&source->mutex);
}

static void
source_unref (gpointer source)
{
  g_atomic_rc_box_release_full (source, (GDestroyNotify) clear_source);
}

static GdkTexture *
load (Source *source, const KalonBoardItem *item, GCancellable *cancellable, GError **error)
{
  KalonImage *image = kalon_thumbnail_load (source->directory, item->path, item->content_hash,
                                            cancellable, error);

  return image != NULL ? kalon_image_to_texture (image) : NULL;
}

static KalonBoardItem *
dup_item (Source *source, gint64 id)
{
  const KalonBoardItem *item;
  KalonBoardItem *copy;

  g_mutex_lock (&source->mutex);
  item = g_hash_table_lookup (source->items, &id);
  copy = item != NULL ? kalon_board_item_copy (item) : NULL;
  g_mutex_unlock (&source->mutex);
  return copy;
}

static GdkTexture *
load_queued (gint64 id, KalonPicture **picture, gpointer user_data, GCancellable *cancellable,
             GError **error)
{
  Source *source = user_data;
  g_autoptr (KalonBoardItem) item = dup_item (source, id);
  GdkTexture *texture;

  if (item == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Not on the board any more");
      return NULL;
    }
  texture = load (source, item, cancellable, error);
  if (texture != NULL)
    *picture = kalon_picture_copy (
        &(KalonPicture){ .id = id, .path = item->path, .content_hash = item->content_hash });
  return texture;
}

static void
load_cover (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  KalonBoardThumbnails *self = g_task_get_source_object (task);
  GError *error = NULL;
  GdkTexture *texture;

  if (g_task_return_error_if_cancelled (task))
    return;
  texture = load (self->source, g_task_get_task_data (task), g_task_get_cancellable (task), &error);
  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
kalon_board_thumbnails_finalize (GObject *object)
{
  KalonBoardThumbnails *self = KALON_BOARD_THUMBNAILS (object);

  g_thread_pool_free (self->covers, FALSE, FALSE);
  g_clear_object (&self->queue);
  source_unref (self->source);
  G_OBJECT_CLASS (kalon_board_thumbnails_parent_class)->finalize (object);
}

static void
kalon_board_thumbnails_class_init (KalonBoardThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_board_thumbnails_finalize;
}

static void
kalon_board_thumbnails_init (KalonBoardThumbnails *self)
{
  self->covers = g_thread_pool_new (load_cover, NULL, 2, FALSE, NULL);
}

KalonBoardThumbnails *
kalon_board_thumbnails_new (const char *library_directory)
{
  KalonBoardThumbnails *self = g_object_new (KALON_TYPE_BOARD_THUMBNAILS, NULL);

  self->source = g_atomic_rc_box_new0 (Source);
  g_mutex_init (&self->source->mutex);
  self->source->directory = library_directory != NULL
                                ? g_strdup (library_directory)
                                : g_build_filename (g_get_user_data_dir (), "kalon", NULL);
  self->source->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                               (GDestroyNotify) kalon_board_item_free);
  self->queue = kalon_thumbnail_queue_new (load_queued, g_atomic_rc_box_acquire (self->source),
                                           source_unref);
  return self;
}

KalonThumbnailQueue *
kalon_board_thumbnails_get_queue (KalonBoardThumbnails *self)
{
  g_return_val_if_fail (KALON_IS_BOARD_THUMBNAILS (self), NULL);
  return self->queue;
}

void
kalon_board_thumbnails_set_items (KalonBoardThumbnails *self, GPtrArray *items)
{
  g_return_if_fail (KALON_IS_BOARD_THUMBNAILS (self));

  g_mutex_lock (&self->source->mutex);
  g_hash_table_remove_all (self->source->items);
  for (guint i = 0; i < items->len; i++)
    {
      KalonBoardItem *item = kalon_board_item_copy (g_ptr_array_index (items, i));

      g_hash_table_insert (self->source->items, &item->id, item);
    }
  g_mutex_unlock (&self->source->mutex);
}

void
kalon_board_thumbnails_load_async (KalonBoardThumbnails *self, const KalonBoardItem *item,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task;

  g_return_if_fail (KALON_IS_BOARD_THUMBNAILS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_board_thumbnails_load_async);
  g_task_set_task_data (task, kalon_board_item_copy (item), (GDestroyNotify) kalon_board_item_free);
  g_thread_pool_push (self->covers, task, NULL);
}

GdkTexture *
kalon_board_thumbnails_load_finish (KalonBoardThumbnails *self, GAsyncResult *result,
                                    GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
