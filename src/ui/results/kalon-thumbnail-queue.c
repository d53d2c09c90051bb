/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-thumbnail-queue.h"
#include "results/kalon-thumbnail-views-private.h"

#define DEFAULT_LIMIT (96 * 1024 * 1024)

struct _KalonThumbnailQueue
{
  GObject parent_instance;

  KalonThumbnailLoadFunc func;
  gpointer user_data;
  GDestroyNotify destroy;

  GPtrArray *views;    /* KalonThumbnailView */
  GHashTable *wanted;  /* gint64 -> nothing: the ids of the ranges */
  GArray *order;       /* gint64: wanted and not at hand, most urgent first */
  guint next;          /* in @order */
  GHashTable *loading; /* gint64 -> Load */
  guint n_loading;     /* with the cancelled ones that have not come back yet */
  guint max_loading;
  GQueue single; /* GTask of a KalonResultItem: asked for by kalon_thumbnail_queue_load() */

  GHashTable *cache; /* gint64 (in the entry) -> Thumbnail */
  GQueue recent;     /* Thumbnail.link, most recently wanted first */
  gsize size;        /* bytes of the textures in @cache */
  gsize limit;
};

G_DEFINE_FINAL_TYPE (KalonThumbnailQueue, kalon_thumbnail_queue, G_TYPE_OBJECT)

typedef struct
{
  gint64 id;
  GList link;
  KalonPicture *picture; /* (nullable) */
  GdkTexture *texture;   /* (nullable) */
  char *failure;         /* (nullable) */
  gsize size;
  gboolean stale;
} Thumbnail;

typedef struct
{
  gint64 id;
  KalonPicture *picture;
  GCancellable *cancellable;
} Load;

static void pump (KalonThumbnailQueue *self);

static void
load_free (Load *load)
{
  g_clear_pointer (&load->picture, kalon_picture_free);
  g_object_unref (load->cancellable);
  g_free (load);
}

static void
thumbnail_free (Thumbnail *thumbnail)
{
  g_clear_pointer (&thumbnail->picture, kalon_picture_free);
  g_clear_object (&thumbnail->texture);
  g_free (thumbnail->failure);
  g_free (thumbnail);
}

static void
forget (KalonThumbnailQueue *self, Thumbnail *thumbnail)
{
  kalon_thumbnail_views_show (self->views, thumbnail->id, thumbnail->picture, NULL, NULL);
  g_queue_unlink (&self->recent, &thumbnail->link);
  self->size -= thumbnail->size;
  g_hash_table_remove (self->cache, &thumbnail->id);
}

/* What is wanted now is never dropped: a limit below one screen would load in circles. */
static void
keep_limit (KalonThumbnailQueue *self)
{
  while (self->size > self->limit && self->recent.tail != NULL)
    {
      Thumbnail *thumbnail = self->recent.tail->data;

      if (g_hash_table_contains (self->wanted, &thumbnail->id))
        break;
      forget (self, thumbnail);
    }
}

static void
store (KalonThumbnailQueue *self, gint64 id, KalonPicture *picture, GdkTexture *texture,
       const char *failure)
{
  Thumbnail *thumbnail = g_hash_table_lookup (self->cache, &id);

  if (thumbnail != NULL)
    {
      g_queue_unlink (&self->recent, &thumbnail->link);
      self->size -= thumbnail->size;
      g_hash_table_remove (self->cache, &id);
    }
  thumbnail = g_new0 (Thumbnail, 1);
  thumbnail->id = id;
  thumbnail->link.data = thumbnail;
  thumbnail->picture = picture;
  thumbnail->texture = texture;
  thumbnail->failure = g_strdup (failure);
  thumbnail->size = sizeof *thumbnail;
  if (texture != NULL)
    thumbnail->size
        += (gsize) gdk_texture_get_width (texture) * gdk_texture_get_height (texture) * 4;
  g_hash_table_insert (self->cache, &thumbnail->id, thumbnail);
  g_queue_push_head_link (&self->recent, &thumbnail->link);
  self->size += thumbnail->size;
  keep_limit (self);
  kalon_thumbnail_views_show (self->views, id, picture, texture, failure);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  KalonThumbnailQueue *self = source;
  Load *load = task_data;
  GError *error = NULL;
  GdkTexture *texture = self->func (load->id, &load->picture, self->user_data, cancellable, &error);

  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonThumbnailQueue *self = KALON_THUMBNAIL_QUEUE (object);
  Load *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = g_task_propagate_pointer (G_TASK (result), &error);

  self->n_loading--;
  if (g_hash_table_lookup (self->loading, &load->id) == load)
    g_hash_table_remove (self->loading, &load->id);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    store (self, load->id, g_steal_pointer (&load->picture), texture,
           error != NULL ? error->message : NULL);
  pump (self);
}

static void
single_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonThumbnailQueue *self = KALON_THUMBNAIL_QUEUE (object);
  g_autoptr (KalonResultItem) item = user_data;

  loaded_cb (object, result, NULL);
  kalon_thumbnail_queue_fill (self, item);
}

static void
pump_single (KalonThumbnailQueue *self)
{
  while (self->n_loading < self->max_loading && !g_queue_is_empty (&self->single))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->single);

      self->n_loading++;
      g_task_run_in_thread (task, load_in_thread);
    }
}

static void
pump (KalonThumbnailQueue *self)
{
  pump_single (self);
  while (self->n_loading < self->max_loading && self->next < self->order->len)
    {
      gint64 id = g_array_index (self->order, gint64, self->next++);
      const Thumbnail *loaded = g_hash_table_lookup (self->cache, &id);
      g_autoptr (GTask) task = NULL;
      Load *load;

      /* Or it came after it had been wanted again. */
      if (g_hash_table_contains (self->loading, &id) || (loaded != NULL && !loaded->stale))
        continue;
      load = g_new0 (Load, 1);
      load->id = id;
      load->cancellable = g_cancellable_new ();
      task = g_task_new (self, load->cancellable, loaded_cb, NULL);
      g_task_set_source_tag (task, pump);
      g_task_set_task_data (task, load, (GDestroyNotify) load_free);
      g_hash_table_insert (self->loading, &load->id, load);
      self->n_loading++;
      g_task_run_in_thread (task, load_in_thread);
    }
}

static gboolean
cancel_unwanted (gpointer key, gpointer value, gpointer user_data)
{
  KalonThumbnailQueue *self = user_data;
  Load *load = value;

  if (g_hash_table_contains (self->wanted, key))
    return FALSE;
  g_cancellable_cancel (load->cancellable);
  return TRUE;
}

static void
want (KalonThumbnailQueue *self, const KalonThumbnailView *view, guint position)
{
  gint64 id = kalon_results_model_get_picture_id (view->model, position);
  Thumbnail *thumbnail = g_hash_table_lookup (self->cache, &id);
  KalonResultItem *item;

  if (thumbnail != NULL)
    {
      g_queue_unlink (&self->recent, &thumbnail->link);
      g_queue_push_head_link (&self->recent, &thumbnail->link);
      /* Loaded for another grid, after this one had bound its cell and before it was followed. */
      item = kalon_results_model_peek_item (view->model, id);
      if (item != NULL)
        kalon_thumbnail_queue_fill (self, item);
    }
  if (g_hash_table_add (self->wanted, g_memdup2 (&id, sizeof id))
      && (thumbnail == NULL || thumbnail->stale))
    g_array_append_val (self->order, id);
}

static void
want_at_distance (KalonThumbnailQueue *self, const KalonThumbnailView *view, guint distance)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (view->model));
  guint last;

  if (view->n_visible == 0 || distance > view->n_visible || view->first >= n_items)
    return;
  last = MIN (view->first + view->n_visible, n_items) - 1;
  if (distance == 0)
    for (guint position = view->first; position <= last; position++)
      want (self, view, position);
  else
    {
      if (last + distance < n_items)
        want (self, view, last + distance);
      if (distance <= view->first)
        want (self, view, view->first - distance);
    }
}

static void
kalon_thumbnail_queue_dispose (GObject *object)
{
  KalonThumbnailQueue *self = KALON_THUMBNAIL_QUEUE (object);

  g_ptr_array_set_size (self->views, 0);
  G_OBJECT_CLASS (kalon_thumbnail_queue_parent_class)->dispose (object);
}

static void
kalon_thumbnail_queue_finalize (GObject *object)
{
  KalonThumbnailQueue *self = KALON_THUMBNAIL_QUEUE (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_ptr_array_unref (self->views);
  g_hash_table_unref (self->wanted);
  g_hash_table_unref (self->loading);
  g_hash_table_unref (self->cache);
  g_array_unref (self->order);
  G_OBJECT_CLASS (kalon_thumbnail_queue_parent_class)->finalize (object);
}

static void
kalon_thumbnail_queue_class_init (KalonThumbnailQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kalon_thumbnail_queue_dispose;
  object_class->finalize = kalon_thumbnail_queue_finalize;
}

static void
kalon_thumbnail_queue_init (KalonThumbnailQueue *self)
{
  self->views = kalon_thumbnail_views_new ();
  self->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->loading = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->cache
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) thumbnail_free);
  self->order = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->limit = DEFAULT_LIMIT;
  /* Half the processors, for the rest draw and index; never one alone, or a single huge picture
   * without a thumbnail would hold up all others. */
  self->max_loading = CLAMP (g_get_num_processors () / 2, 2, 6);
}

KalonThumbnailQueue *
kalon_thumbnail_queue_new (KalonThumbnailLoadFunc func, gpointer user_data, GDestroyNotify destroy)
{
  KalonThumbnailQueue *self = g_object_new (KALON_TYPE_THUMBNAIL_QUEUE, NULL);

  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}

void
kalon_thumbnail_queue_set_limit (KalonThumbnailQueue *self, gsize bytes)
{
  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (self));
  self->limit = bytes;
  keep_limit (self);
}

gsize
kalon_thumbnail_queue_get_size (KalonThumbnailQueue *self)
{
  g_return_val_if_fail (KALON_IS_THUMBNAIL_QUEUE (self), 0);
  return self->size;
}

void
kalon_thumbnail_queue_set_range (KalonThumbnailQueue *self, KalonResultsModel *model, guint first,
                                 guint n_visible)
{
  guint furthest = 0;
  KalonThumbnailView *view;

  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (self));
  g_return_if_fail (KALON_IS_RESULTS_MODEL (model));

  view = kalon_thumbnail_views_get (self->views, model);
  view->first = first;
  view->n_visible = n_visible;
  g_hash_table_remove_all (self->wanted);
  g_array_set_size (self->order, 0);
  self->next = 0;

  for (guint i = 0; i < self->views->len; i++)
    furthest
        = MAX (furthest, ((KalonThumbnailView *) g_ptr_array_index (self->views, i))->n_visible);
  for (guint distance = 0; distance <= furthest; distance++)
    for (guint i = 0; i < self->views->len; i++)
      want_at_distance (self, g_ptr_array_index (self->views, i), distance);
  g_hash_table_foreach_remove (self->loading, cancel_unwanted, self);
  keep_limit (self);
  pump (self);
}

void
kalon_thumbnail_queue_fill (KalonThumbnailQueue *self, KalonResultItem *item)
{
  gint64 id = kalon_result_item_get_picture_id (item);
  Thumbnail *thumbnail;

  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (self));

  thumbnail = g_hash_table_lookup (self->cache, &id);
  if (thumbnail != NULL && kalon_result_item_get_texture (item) == NULL)
    kalon_result_item_set_loaded (item, thumbnail->picture, thumbnail->texture, thumbnail->failure);
}

void
kalon_thumbnail_queue_load (KalonThumbnailQueue *self, KalonResultItem *item,
                            GCancellable *cancellable)
{
  GTask *task;
  Load *load;

  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (self));
  g_return_if_fail (KALON_IS_RESULT_ITEM (item));

  kalon_thumbnail_queue_fill (self, item);
  if (kalon_result_item_get_texture (item) != NULL)
    return;
  load = g_new0 (Load, 1);
  load->id = kalon_result_item_get_picture_id (item);
  load->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  task = g_task_new (self, load->cancellable, single_loaded_cb, g_object_ref (item));
  g_task_set_source_tag (task, kalon_thumbnail_queue_load);
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_queue_push_tail (&self->single, task);
  pump_single (self);
}

void
kalon_thumbnail_queue_refresh (KalonThumbnailQueue *self)
{
  GHashTableIter iter;
  gpointer thumbnail, id;

  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (self));

  g_hash_table_iter_init (&iter, self->cache);
  while (g_hash_table_iter_next (&iter, NULL, &thumbnail))
    ((Thumbnail *) thumbnail)->stale = TRUE;
  g_array_set_size (self->order, 0);
  self->next = 0;
  g_hash_table_iter_init (&iter, self->wanted);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_array_append_vals (self->order, id, 1);
  pump (self);
}
