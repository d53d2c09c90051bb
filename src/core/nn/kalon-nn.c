/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errors/kalon-errors.h"
#include "nn/kalon-nn-private.h"

G_DEFINE_FINAL_TYPE (KalonNn, kalon_nn, G_TYPE_OBJECT)

static void
kalon_nn_finalize (GObject *object)
{
  KalonNn *self = KALON_NN (object);

  g_clear_pointer (&self->patches, kalon_tensor_unref);
  g_clear_object (&self->device);

  G_OBJECT_CLASS (kalon_nn_parent_class)->finalize (object);
}

static void
kalon_nn_class_init (KalonNnClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_nn_finalize;
}

static void
kalon_nn_init (KalonNn *self)
{
}

gboolean
kalon_nn_form_from_name (const char *name, KalonNnForm *form)
{
  static const char *const names[] = { [KALON_NN_FORM_TILE_16] = "tile16",
                                       [KALON_NN_FORM_TILE_8] = "tile8",
                                       [KALON_NN_FORM_TILE_4] = "tile4",
                                       [KALON_NN_FORM_GROUP] = "group" };

  for (gsize i = KALON_NN_FORM_TILE_16; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      {
        *form = i;
        return TRUE;
      }
  return FALSE;
}

static KalonNnForm
device_form (const KalonDeviceInfo *info)
{
  if (!info->is_cpu)
    return KALON_NN_FORM_GROUP;
  if (info->float_width >= 16)
    return KALON_NN_FORM_TILE_16;
  return info->float_width >= 8 ? KALON_NN_FORM_TILE_8 : KALON_NN_FORM_TILE_4;
}

KalonNn *
kalon_nn_new_with_form (KalonDevice *device, KalonNnForm form)
{
  KalonNn *self = g_object_new (KALON_TYPE_NN, NULL);

  if (form == KALON_NN_FORM_DEVICE)
    form = device_form (kalon_device_get_info (device));
  self->backend = &kalon_nn_opencl;
  self->device = g_object_ref (device);
  self->group = form == KALON_NN_FORM_GROUP;
  self->vec = form == KALON_NN_FORM_TILE_16 ? 16 : form == KALON_NN_FORM_TILE_8 ? 8 : 4;
  self->lanes = self->group ? 64 : 1;
  self->panel = self->group ? 64 : 2 * self->vec;
  return self;
}

KalonNn *
kalon_nn_new (KalonDevice *device)
{
  const char *wanted = g_getenv ("KALON_KERNEL_FORM");
  KalonNnForm form = KALON_NN_FORM_DEVICE;
  KalonNn *self;

  g_return_val_if_fail (device == NULL || KALON_IS_DEVICE (device), NULL);

  if (device != NULL)
    {
      if (wanted != NULL && !kalon_nn_form_from_name (wanted, &form))
        g_warning ("KALON_KERNEL_FORM is “%s”, which is none of tile16, tile8, tile4, group; the "
                   "device's own form is taken",
                   wanted);
      return kalon_nn_new_with_form (device, form);
    }
  self = g_object_new (KALON_TYPE_NN, NULL);
  self->backend = &kalon_nn_reference;
  self->panel = KALON_NN_REFERENCE_PANEL;
  return self;
}

KalonDevice *
kalon_nn_get_device (KalonNn *self)
{
  g_return_val_if_fail (KALON_IS_NN (self), NULL);

  return self->device;
}

gboolean
kalon_nn_get_shape (KalonNn *self, KalonNnShape *shape)
{
  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (shape != NULL, FALSE);

  if (self->device == NULL)
    return FALSE;
  *shape = (KalonNnShape){ .group = self->group, .vec = self->vec, .lanes = self->lanes };
  return TRUE;
}

KalonTensor *
kalon_nn_tensor_new (KalonNn *self, guint n_dims, const gsize *shape, GError **error)
{
  g_return_val_if_fail (KALON_IS_NN (self), NULL);

  return kalon_tensor_new (self->device, KALON_DTYPE_F32, n_dims, shape, error);
}

KalonTensor *
kalon_nn_tensor_new_from_data (KalonNn *self, guint n_dims, const gsize *shape, const float *data,
                               GError **error)
{
  g_autoptr (KalonTensor) tensor = kalon_nn_tensor_new (self, n_dims, shape, error);

  if (tensor == NULL
      || !kalon_tensor_write (tensor, 0, data, kalon_tensor_get_count (tensor), error))
    return NULL;
  return g_steal_pointer (&tensor);
}

/* @tensor is f32, in the right place, and holds at least @a * @b elements. */
static gboolean
check_tensor (KalonNn *self, const char *operation, const char *name, const KalonTensor *tensor,
              gsize a, gsize b, GError **error)
{
  gsize needed;

  if (tensor->dtype != KALON_DTYPE_F32 || (tensor->buffer == NULL) != (self->device == NULL))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%s: “%s” must be an f32 tensor on this backend's device", operation, name);
      return FALSE;
    }
  if (!g_size_checked_mul (&needed, a, b) || kalon_tensor_get_count (tensor) < needed)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%s: “%s” has %" G_GSIZE_FORMAT " elements, %" G_GSIZE_FORMAT
                   " x %" G_GSIZE_FORMAT " are needed",
                   operation, name, kalon_tensor_get_count (tensor), a, b);
      return FALSE;
    }
  return TRUE;
}

/* Sizes are at least 1 and small enough for a kernel's 32-bit indices. */
static gboolean
check_size (const char *operation, const char *name, gsize size, GError **error)
{
  if (size >= 1 && size <= G_MAXINT32)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "%s: %s is %" G_GSIZE_FORMAT ", it must be between 1 and %d", operation, name, size,
               G_MAXINT32);
  return FALSE;
}

gboolean
kalon_nn_linear (KalonNn *self, const KalonLinear *linear, const KalonTensor *x, gsize rows,
                 KalonActivation activation, const KalonTensor *residual, KalonTensor *y,
                 GError **error)
{
  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (linear != NULL && x != NULL && y != NULL && x != y, FALSE);

  if (!check_size ("linear", "rows", rows, error)
      || !check_tensor (self, "linear", "x", x, rows, linear->in, error)
      || !check_tensor (self, "linear", "y", y, rows, linear->out, error)
      || (residual != NULL
          && !check_tensor (self, "linear", "residual", residual, rows, linear->out, error)))
    return FALSE;
  return self->backend->linear (self, linear, x, rows, activation, residual, rows, y, error);
}

gboolean
kalon_nn_layer_norm (KalonNn *self, const KalonTensor *x, const KalonTensor *gamma,
                     const KalonTensor *beta, gsize rows, gsize dim, float epsilon, KalonTensor *y,
                     GError **error)
{
  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (x != NULL && gamma != NULL && beta != NULL && y != NULL, FALSE);

  if (!check_size ("layer norm", "rows", rows, error)
      || !check_size ("layer norm", "dim", dim, error)
      || !check_tensor (self, "layer norm", "x", x, rows, dim, error)
      || !check_tensor (self, "layer norm", "gamma", gamma, 1, dim, error)
      || !check_tensor (self, "layer norm", "beta", beta, 1, dim, error)
      || !check_tensor (self, "layer norm", "y", y, rows, dim, error))
    return FALSE;
  return self->backend->layer_norm (self, x, gamma, beta, rows, dim, epsilon, y, error);
}

gboolean
kalon_nn_softmax (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error)
{
  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (x != NULL, FALSE);

  if (!check_size ("softmax", "rows", rows, error) || !check_size ("softmax", "dim", dim, error)
      || !check_tensor (self, "softmax", "x", x, rows, dim, error))
    return FALSE;
  return self->backend->softmax (self, x, rows, dim, error);
}

gboolean
kalon_nn_attention (KalonNn *self, const KalonTensor *qkv, gsize batch, gsize length, gsize heads,
                    gsize head_dim, gboolean causal, KalonTensor *out, GError **error)
{
  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (qkv != NULL && out != NULL && qkv != out, FALSE);

  if (!check_size ("attention", "batch", batch, error)
      || !check_size ("attention", "length", length, error)
      || !check_size ("attention", "heads", heads, error)
      || !check_size ("attention", "head_dim", head_dim, error)
      || !check_size ("attention", "heads x head_dim", heads * head_dim, error)
      || !check_size ("attention", "batch x length", batch * length, error)
      || !check_tensor (self, "attention", "qkv", qkv, batch * length, 3 * heads * head_dim, error)
      || !check_tensor (self, "attention", "out", out, batch * length, heads * head_dim, error))
    return FALSE;
  return self->backend->attention (self, qkv, batch, length, heads, head_dim, causal, out, error);
}

/* Scratch that only grows: a run of batches allocates once. */
static KalonTensor *
ensure_patches (KalonNn *self, gsize rows, gsize columns, GError **error)
{
  gsize shape[] = { rows, columns };

  if (self->patches == NULL || kalon_tensor_get_count (self->patches) < rows * columns)
    {
      g_clear_pointer (&self->patches, kalon_tensor_unref);
      self->patches = kalon_nn_tensor_new (self, 2, shape, error);
    }
  return self->patches;
}

gboolean
kalon_nn_patch_embedding (KalonNn *self, const KalonTensor *pixels, const KalonLinear *projection,
                          const KalonTensor *class_embedding, const KalonTensor *position_embedding,
                          gsize batch, gsize resolution, gsize patch, KalonTensor *out,
                          GError **error)
{
  KalonTensor *patches;
  gsize tokens;

  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (pixels != NULL && projection != NULL && out != NULL, FALSE);
  g_return_val_if_fail (class_embedding != NULL && position_embedding != NULL, FALSE);

  if (!check_size ("patch embedding", "batch", batch, error)
      || !check_size ("patch embedding", "patch", patch, error)
      || !check_size ("patch embedding", "resolution", resolution, error)
      || !check_tensor (self, "patch embedding", "pixels", pixels, batch,
                        3 * resolution * resolution, error))
    return FALSE;
  if (patch > resolution || projection->in != 3 * patch * patch)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "patch embedding: a patch of %" G_GSIZE_FORMAT
                   " does not fit a resolution of %" G_GSIZE_FORMAT
                   " and a projection of %" G_GSIZE_FORMAT " inputs",
                   patch, resolution, projection->in);
      return FALSE;
    }
  tokens = 1 + (resolution / patch) * (resolution / patch);
  if (!check_size ("patch embedding", "batch x tokens", batch * tokens, error)
      || !check_tensor (self, "patch embedding", "class_embedding", class_embedding, 1,
                        projection->out, error)
      || !check_tensor (self, "patch embedding", "position_embedding", position_embedding, tokens,
                        projection->out, error)
      || !check_tensor (self, "patch embedding", "out", out, batch * tokens, projection->out,
                        error))
    return FALSE;

  /* A row of zeros for the class token makes it a plain matrix product over all tokens. */
  patches = ensure_patches (self, batch * tokens, projection->in, error);
  return patches != NULL
         && self->backend->extract_patches (self, pixels, batch, resolution, patch, patches, error)
         && self->backend->linear (self, projection, patches, batch * tokens, KALON_ACTIVATION_NONE,
                                   position_embedding, tokens, out, error)
         && self->backend->add_to_rows (self, out, class_embedding, batch, tokens, projection->out,
                                        error);
}

gboolean
kalon_nn_token_embedding (KalonNn *self, const gint32 *tokens, const KalonTensor *table,
                          const KalonTensor *position_embedding, gsize batch, gsize length,
                          gsize width, KalonTensor *out, GError **error)
{
  gsize vocabulary;

  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (tokens != NULL && table != NULL && out != NULL, FALSE);
  g_return_val_if_fail (position_embedding != NULL, FALSE);

  if (!check_size ("token embedding", "batch", batch, error)
      || !check_size ("token embedding", "length", length, error)
      || !check_size ("token embedding", "batch x length", batch * length, error)
      || !check_size ("token embedding", "width", width, error)
      || !check_tensor (self, "token embedding", "table", table, 1, width, error)
      || !check_tensor (self, "token embedding", "position_embedding", position_embedding, length,
                        width, error)
      || !check_tensor (self, "token embedding", "out", out, batch * length, width, error))
    return FALSE;
  vocabulary = kalon_tensor_get_count (table) / width;
  for (gsize i = 0; i < batch * length; i++)
    if (tokens[i] < 0 || (gsize) tokens[i] >= vocabulary)
      {
        g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                     "token embedding: token %d is not below the vocabulary's %" G_GSIZE_FORMAT
                     "; the tokenizer belongs to another model",
                     tokens[i], vocabulary);
        return FALSE;
      }
  return self->backend->token_embedding (self, tokens, table, position_embedding, batch, length,
                                         width, out, error);
}

gboolean
kalon_nn_gather_rows (KalonNn *self, const KalonTensor *x, const guint32 *rows, gsize n, gsize dim,
                      KalonTensor *y, GError **error)
{
  gsize n_rows;

  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (x != NULL && rows != NULL && y != NULL && x != y, FALSE);

  if (!check_size ("gather", "n", n, error) || !check_size ("gather", "dim", dim, error)
      || !check_tensor (self, "gather", "x", x, 1, dim, error)
      || !check_tensor (self, "gather", "y", y, n, dim, error))
    return FALSE;
  n_rows = kalon_tensor_get_count (x) / dim;
  for (gsize i = 0; i < n; i++)
    if (rows[i] >= n_rows)
      {
        g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                     "gather: row %u is outside of %" G_GSIZE_FORMAT " rows", rows[i], n_rows);
        return FALSE;
      }
  return self->backend->gather_rows (self, x, rows, n, dim, y, error);
}

gboolean
kalon_nn_normalise (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error)
{
  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (x != NULL, FALSE);

  if (!check_size ("normalise", "rows", rows, error) || !check_size ("normalise", "dim", dim, error)
      || !check_tensor (self, "normalise", "x", x, rows, dim, error))
    return FALSE;
  return self->backend->normalise (self, x, rows, dim, error);
}

gboolean
kalon_nn_score (KalonNn *self, const KalonTensor *queries, gsize n_queries, const KalonTensor *rows,
                gsize n_rows, gsize dim, KalonTensor *scores, GError **error)
{
  gsize needed;

  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (queries != NULL && rows != NULL && scores != NULL, FALSE);

  if (!check_size ("score", "queries", n_queries, error)
      || !check_size ("score", "rows", n_rows, error) || !check_size ("score", "dim", dim, error)
      || !check_tensor (self, "score", "queries", queries, n_queries, dim, error)
      || !check_tensor (self, "score", "scores", scores, n_queries, n_rows, error))
    return FALSE;
  if ((rows->dtype != KALON_DTYPE_F32 && rows->dtype != KALON_DTYPE_F16)
      || (rows->buffer == NULL) != (self->device == NULL)
      || !g_size_checked_mul (&needed, n_rows, dim) || kalon_tensor_get_count (rows) < needed)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "score: “rows” must be an f32 or f16 tensor of at least %" G_GSIZE_FORMAT
                   " x %" G_GSIZE_FORMAT " elements on this backend's device",
                   n_rows, dim);
      return FALSE;
    }
  return self->backend->score (self, queries, n_queries, rows, n_rows, dim, scores, error);
}

gboolean
kalon_nn_top_k (KalonNn *self, const KalonTensor *scores, gsize first, gsize n_rows, gsize k,
                guint32 *indices, float *values, gsize *n_found, GError **error)
{
  gsize end;

  g_return_val_if_fail (KALON_IS_NN (self), FALSE);
  g_return_val_if_fail (scores != NULL && n_found != NULL, FALSE);
  g_return_val_if_fail (k == 0 || (indices != NULL && values != NULL), FALSE);

  *n_found = MIN (k, n_rows);
  if (*n_found == 0)
    return TRUE;
  if (!g_size_checked_add (&end, first, n_rows) || !check_size ("top-k", "rows", n_rows, error)
      || !check_tensor (self, "top-k", "scores", scores, 1, end, error))
    return FALSE;
  return self->backend->top_k (self, scores, first, n_rows, *n_found, indices, values, error);
}
