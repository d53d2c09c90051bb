/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encoder/kalon-tower-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

/* Enough for a matrix product to reach its full speed. */
#define MAX_BATCH 32
/* Of activations, in floats: 128 MiB. */
#define ACTIVATION_BUDGET ((gsize) 1 << 25)
/* A unit vector's squared length in f32, over any dimension that is allowed. */
#define LENGTH_TOLERANCE 1e-3f

typedef struct
{
  KalonNorm norm1;
  KalonLinear *qkv; /* [3 * width, width] */
  KalonLinear *out; /* [width, width] */
  KalonNorm norm2;
  KalonLinear *fc1; /* [mlp_width, width] */
  KalonLinear *fc2; /* [width, mlp_width] */
} Layer;

struct _KalonTower
{
  KalonTowerConfig config;
  gsize projection_size;
  KalonNn *nn;             /* (nullable) */
  Layer *layers;           /* [config.layers] */
  KalonNorm norm;          /* [width] */
  KalonLinear *projection; /* [projection_size, width] */

  /* Activations, rows = batch * length. */
  KalonTensor *x;          /* [rows, width] */
  KalonTensor *y;          /* [rows, width] */
  KalonTensor *qkv;        /* [rows, 3 * width] */
  KalonTensor *hidden;     /* [rows, mlp_width] */
  KalonTensor *pooled_x;   /* [batch, width] */
  KalonTensor *pooled_y;   /* [batch, width] */
  KalonTensor *embeddings; /* [batch, projection_size] */
};

static gboolean
load_layer (const KalonLoader *loader, const char *prefix, const KalonTowerConfig *config,
            Layer *layer, GError **error)
{
  g_autofree char *norm1 = g_strconcat (prefix, ".layer_norm1", NULL);
  g_autofree char *query = g_strconcat (prefix, ".self_attn.q_proj", NULL);
  g_autofree char *key = g_strconcat (prefix, ".self_attn.k_proj", NULL);
  g_autofree char *value = g_strconcat (prefix, ".self_attn.v_proj", NULL);
  g_autofree char *out = g_strconcat (prefix, ".self_attn.out_proj", NULL);
  g_autofree char *norm2 = g_strconcat (prefix, ".layer_norm2", NULL);
  g_autofree char *fc1 = g_strconcat (prefix, ".mlp.fc1", NULL);
  g_autofree char *fc2 = g_strconcat (prefix, ".mlp.fc2", NULL);
  const char *qkv_names[] = { query, key, value, NULL };
  const char *out_names[] = { out, NULL };
  const char *fc1_names[] = { fc1, NULL };
  const char *fc2_names[] = { fc2, NULL };
  gsize width = config->width;
  gsize mlp_width = config->mlp_width;

  return kalon_loader_read_norm (loader, norm1, width, &layer->norm1, error)
         && kalon_loader_read_linear (loader, qkv_names, width, width, TRUE, &layer->qkv, error)
         && kalon_loader_read_linear (loader, out_names, width, width, TRUE, &layer->out, error)
         && kalon_loader_read_norm (loader, norm2, width, &layer->norm2, error)
         && kalon_loader_read_linear (loader, fc1_names, mlp_width, width, TRUE, &layer->fc1, error)
         && kalon_loader_read_linear (loader, fc2_names, width, mlp_width, TRUE, &layer->fc2,
                                      error);
}

KalonTower *
kalon_tower_load (const KalonLoader *loader, const KalonTowerNames *names,
                  const KalonTowerConfig *config, gsize projection, GError **error)
{
  g_autoptr (KalonTower) self = g_new0 (KalonTower, 1);
  const char *projection_names[] = { names->projection, NULL };

  self->config = *config;
  self->projection_size = projection;
  g_set_object (&self->nn, loader->nn);
  self->layers = g_new0 (Layer, config->layers);
  for (gsize i = 0; i < config->layers; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("%s.%" G_GSIZE_FORMAT, names->layers, i);

      if (!load_layer (loader, prefix, config, &self->layers[i], error))
        return NULL;
    }
  if (!kalon_loader_read_norm (loader, names->norm, config->width, &self->norm, error)
      || !kalon_loader_read_linear (loader, projection_names, projection, config->width, FALSE,
                                    &self->projection, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
clear_layer (Layer *layer)
{
  kalon_norm_clear (&layer->norm1);
  kalon_norm_clear (&layer->norm2);
  g_clear_pointer (&layer->qkv, kalon_linear_free);
  g_clear_pointer (&layer->out, kalon_linear_free);
  g_clear_pointer (&layer->fc1, kalon_linear_free);
  g_clear_pointer (&layer->fc2, kalon_linear_free);
}

void
kalon_tower_free (KalonTower *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < self->config.layers; i++)
    clear_layer (&self->layers[i]);
  g_free (self->layers);
  kalon_norm_clear (&self->norm);
  g_clear_pointer (&self->projection, kalon_linear_free);
  g_clear_pointer (&self->x, kalon_tensor_unref);
  g_clear_pointer (&self->y, kalon_tensor_unref);
  g_clear_pointer (&self->qkv, kalon_tensor_unref);
  g_clear_pointer (&self->hidden, kalon_tensor_unref);
  g_clear_pointer (&self->pooled_x, kalon_tensor_unref);
  g_clear_pointer (&self->pooled_y, kalon_tensor_unref);
  g_clear_pointer (&self->embeddings, kalon_tensor_unref);
  g_clear_object (&self->nn);
  g_free (self);
}

gsize
kalon_tower_choose_batch (const KalonTowerConfig *config, gsize length)
{
  gsize floats = length * (5 * config->width + config->mlp_width);

  return CLAMP (ACTIVATION_BUDGET / floats, 1, MAX_BATCH);
}

gboolean
kalon_tower_reserve (KalonNn *nn, KalonTensor **tensor, gsize rows, gsize columns, GError **error)
{
  gsize shape[] = { rows, columns };

  if (*tensor != NULL && kalon_tensor_get_count (*tensor) >= rows * columns)
    return TRUE;
  g_clear_pointer (tensor, kalon_tensor_unref);
  *tensor = kalon_nn_tensor_new (nn, 2, shape, error);
  return *tensor != NULL;
}

KalonTensor *
kalon_tower_prepare (KalonTower *self, gsize batch, gsize length, GError **error)
{
  gsize width = self->config.width;
  gsize rows = batch * length;

  if (!kalon_tower_reserve (self->nn, &self->x, rows, width, error)
      || !kalon_tower_reserve (self->nn, &self->y, rows, width, error)
      || !kalon_tower_reserve (self->nn, &self->qkv, rows, 3 * width, error)
      || !kalon_tower_reserve (self->nn, &self->hidden, rows, self->config.mlp_width, error)
      || !kalon_tower_reserve (self->nn, &self->pooled_x, batch, width, error)
      || !kalon_tower_reserve (self->nn, &self->pooled_y, batch, width, error)
      || !kalon_tower_reserve (self->nn, &self->embeddings, batch, self->projection_size, error))
    return NULL;
  return self->x;
}

gboolean
kalon_tower_apply_norm (KalonTower *self, const KalonNorm *norm, const KalonTensor *x, gsize rows,
                        KalonTensor *y, GError **error)
{
  return kalon_nn_layer_norm (self->nn, x, norm->gamma, norm->beta, rows, self->config.width,
                              self->config.layer_norm_epsilon, y, error);
}

/* x: [rows, width] += what attention found, y; then x += mlp (norm (x)). */
static gboolean
finish_layer (KalonTower *self, const Layer *layer, KalonTensor *x, KalonTensor *y, gsize rows,
              GError **error)
{
  return kalon_nn_linear (self->nn, layer->out, y, rows, KALON_ACTIVATION_NONE, x, x, error)
         && kalon_tower_apply_norm (self, &layer->norm2, x, rows, y, error)
         && kalon_nn_linear (self->nn, layer->fc1, y, rows, self->config.activation, NULL,
                             self->hidden, error)
         && kalon_nn_linear (self->nn, layer->fc2, self->hidden, rows, KALON_ACTIVATION_NONE, x, x,
                             error);
}

static gboolean
run_layer (KalonTower *self, gsize i, gsize batch, gsize length, gboolean causal,
           const guint32 *pooled, GError **error)
{
  const Layer *layer = &self->layers[i];
  gsize width = self->config.width;
  gsize heads = self->config.heads;
  gsize rows = batch * length;

  if (!kalon_tower_apply_norm (self, &layer->norm1, self->x, rows, self->y, error)
      || !kalon_nn_linear (self->nn, layer->qkv, self->y, rows, KALON_ACTIVATION_NONE, NULL,
                           self->qkv, error)
      || !kalon_nn_attention (self->nn, self->qkv, batch, length, heads, width / heads, causal,
                              self->y, error))
    return FALSE;
  if (i + 1 < self->config.layers)
    return finish_layer (self, layer, self->x, self->y, rows, error);
  return kalon_nn_gather_rows (self->nn, self->x, pooled, batch, width, self->pooled_x, error)
         && kalon_nn_gather_rows (self->nn, self->y, pooled, batch, width, self->pooled_y, error)
         && finish_layer (self, layer, self->pooled_x, self->pooled_y, batch, error);
}

static gboolean
check_embeddings (const float *embeddings, gsize batch, gsize dimension, GError **error)
{
  for (gsize i = 0; i < batch; i++)
    {
      float length = 0;

      for (gsize d = 0; d < dimension; d++)
        length += embeddings[i * dimension + d] * embeddings[i * dimension + d];
      /* Written so that NaN fails it. */
      if (!(fabsf (length - 1) <= LENGTH_TOLERANCE))
        {
          g_set_error_literal (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
                               "The model gave an embedding that is not finite or is zero. Check "
                               "the device with “kalon-cli device self-test”, or choose another "
                               "model.");
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
kalon_tower_run (KalonTower *self, gsize batch, gsize length, gboolean causal,
                 const guint32 *pooled, float *embeddings, GCancellable *cancellable,
                 GError **error)
{
  gsize dimension = self->projection_size;

  for (gsize i = 0; i < self->config.layers; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !run_layer (self, i, batch, length, causal, pooled, error))
      return FALSE;
  return kalon_tower_apply_norm (self, &self->norm, self->pooled_x, batch, self->pooled_y, error)
         && kalon_nn_linear (self->nn, self->projection, self->pooled_y, batch,
                             KALON_ACTIVATION_NONE, NULL, self->embeddings, error)
         && kalon_nn_normalise (self->nn, self->embeddings, batch, dimension, error)
         && kalon_tensor_read (self->embeddings, 0, embeddings, batch * dimension, error)
         && check_embeddings (embeddings, batch, dimension, error);
}
