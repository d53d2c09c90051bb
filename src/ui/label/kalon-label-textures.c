/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "label/kalon-label-textures.h"
#include "results/kalon-image-texture.h"

/* The item at hand, the one after and the one before, with the longest rows. */
#define KEPT 60

struct _KalonLabelTextures
{
  GObject parent_instance;

  guint side;
  GHashTable *textures; /* char *: path -> GdkTexture */
  GQueue order;         /* of its keys, the latest first */
};

G_DEFINE_FINAL_TYPE (KalonLabelTextures, kalon_label_textures, G_TYPE_OBJECT)

static void
kalon_label_textures_finalize (GObject *object)
{
  KalonLabelTextures *self = KALON_LABEL_TEXTURES (object);

  g_queue_clear (&self->order);
  g_hash_table_unref (self->textures);
  G_OBJECT_CLASS (kalon_label_textures_parent_class)->finalize (object);
}

static void
kalon_label_textures_class_init (KalonLabelTexturesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_label_textures_finalize;
}

static void
kalon_label_textures_init (KalonLabelTextures *self)
{
  self->textures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_queue_init (&self->order);
}

KalonLabelTextures *
kalon_label_textures_new (guint side)
{
  KalonLabelTextures *self = g_object_new (KALON_TYPE_LABEL_TEXTURES, NULL);

  self->side = side;
  return self;
}

GdkTexture *
kalon_label_textures_peek (KalonLabelTextures *self, const char *path)
{
  g_return_val_if_fail (KALON_IS_LABEL_TEXTURES (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_hash_table_lookup (self->textures, path);
}

static void
keep (KalonLabelTextures *self, const char *path, GdkTexture *texture)
{
  char *key = g_strdup (path);

  if (g_hash_table_contains (self->textures, path))
    {
      g_free (key);
      return;
    }
  g_hash_table_insert (self->textures, key, g_object_ref (texture));
  g_queue_push_head (&self->order, key);
  while (g_queue_get_length (&self->order) > KEPT)
    g_hash_table_remove (self->textures, g_queue_pop_tail (&self->order));
}

typedef struct
{
  char *path;
  guint side;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->path);
  g_free (load);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Load *load = task_data;
  GError *error = NULL;
  g_autoptr (KalonImage) image
      = kalon_image_load (load->path, load->side, NULL, cancellable, &error);
  double scale;

  if (image == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  scale = (double) load->side / MAX (image->width, image->height);
  if (scale < 1)
    {
      KalonImage *small = kalon_image_resize (image, (guint) MAX (1, image->width * scale + 0.5),
                                              (guint) MAX (1, image->height * scale + 0.5));

      kalon_image_free (image);
      image = small;
    }
  g_task_return_pointer (task, kalon_image_to_texture (g_steal_pointer (&image)), g_object_unref);
}

void
kalon_label_textures_load_async (KalonLabelTextures *self, const char *path,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Load *load = g_new (Load, 1);

  g_return_if_fail (KALON_IS_LABEL_TEXTURES (self));
  g_return_if_fail (path != NULL);

  *load = (Load){ g_strdup (path), self->side };
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_label_textures_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
}

GdkTexture *
kalon_label_textures_load_finish (KalonLabelTextures *self, GAsyncResult *result, GError **error)
{
  const Load *load;
  GdkTexture *texture;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  load = g_task_get_task_data (G_TASK (result));
  texture = g_task_propagate_pointer (G_TASK (result), error);
  if (texture != NULL)
    keep (self, load->path, texture);
  return texture;
}

static void
prepared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  /* Whoever shows it will tell what is wrong with it. */
  g_autoptr (GdkTexture) texture
      = kalon_label_textures_load_finish (KALON_LABEL_TEXTURES (object), result, NULL);
}

void
kalon_label_textures_prepare (KalonLabelTextures *self, const char *path, GCancellable *cancellable)
{
  if (kalon_label_textures_peek (self, path) == NULL)
    kalon_label_textures_load_async (self, path, cancellable, prepared_cb, NULL);
}
