/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encoder/kalon-tower-private.h"

struct _KalonImageTower
{
  KalonNn *nn; /* (nullable) */
  gsize width;
  gsize resolution;
  gsize patch;
  gsize length;
  KalonTower *tower;
  KalonLinear *patches;         /* [width, 3 * patch^2] */
  KalonTensor *class_embedding; /* [width] */
  KalonTensor *positions;       /* [length, width] */
  KalonNorm norm;               /* before the layers */
  KalonTensor *pixels;          /* [batch, 3 * resolution^2] */
};

gsize
kalon_image_tower_get_length (const KalonModelConfig *config)
{
  gsize grid = config->resolution / config->patch;

  return 1 + grid * grid;
}

KalonImageTower *
kalon_image_tower_load (const KalonLoader *loader, const KalonModelConfig *config, GError **error)
{
  static const KalonTowerNames names
      = { "vision_model.encoder.layers", "vision_model.post_layernorm", "visual_projection" };
  g_autoptr (KalonImageTower) self = g_new0 (KalonImageTower, 1);
  gsize width = config->vision.width;

  g_set_object (&self->nn, loader->nn);
  self->width = width;
  self->resolution = config->resolution;
  self->patch = config->patch;
  self->length = kalon_image_tower_get_length (config);
  /* "pre_layrnorm" is how OpenAI's and hence everyone's files spell it. */
  if (!kalon_loader_read_tensor (loader, "vision_model.embeddings.class_embedding", 0, width,
                                 &self->class_embedding, error)
      || !kalon_loader_read_tensor (loader, "vision_model.embeddings.position_embedding.weight",
                                    self->length, width, &self->positions, error)
      || !kalon_loader_read_patches (loader, "vision_model.embeddings.patch_embedding", width,
                                     config->patch, &self->patches, error)
      || !kalon_loader_read_norm (loader, "vision_model.pre_layrnorm", width, &self->norm, error))
    return NULL;
  self->tower = kalon_tower_load (loader, &names, &config->vision, config->projection, error);
  return self->tower != NULL ? g_steal_pointer (&self) : NULL;
}

void
kalon_image_tower_free (KalonImageTower *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tower, kalon_tower_free);
  g_clear_pointer (&self->patches, kalon_linear_free);
  g_clear_pointer (&self->class_embedding, kalon_tensor_unref);
  g_clear_pointer (&self->positions, kalon_tensor_unref);
  g_clear_pointer (&self->pixels, kalon_tensor_unref);
  kalon_norm_clear (&self->norm);
  g_clear_object (&self->nn);
  g_free (self);
}

gboolean
kalon_image_tower_encode (KalonImageTower *self, const float *pixels, gsize batch,
                          float *embeddings, GCancellable *cancellable, GError **error)
{
  g_autofree guint32 *pooled = g_new (guint32, batch);
  gsize picture = 3 * self->resolution * self->resolution;
  KalonTensor *x = kalon_tower_prepare (self->tower, batch, self->length, error);

  /* The class token comes first in each picture. */
  for (gsize i = 0; i < batch; i++)
    pooled[i] = (guint32) (i * self->length);
  return x != NULL && kalon_tower_reserve (self->nn, &self->pixels, batch, picture, error)
         && kalon_tensor_write (self->pixels, 0, pixels, batch * picture, error)
         && kalon_nn_patch_embedding (self->nn, self->pixels, self->patches, self->class_embedding,
                                      self->positions, batch, self->resolution, self->patch, x,
                                      error)
         && kalon_tower_apply_norm (self->tower, &self->norm, x, batch * self->length, x, error)
         && kalon_tower_run (self->tower, batch, self->length, FALSE, pooled, embeddings,
                             cancellable, error);
}
