/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encoder/kalon-tower-private.h"

#define TABLE "text_model.embeddings.token_embedding.weight"
#define POSITIONS "text_model.embeddings.position_embedding.weight"

/* transformers' mark of a config.json from before its pull request 24773: pool at the largest id.
 */
#define LEGACY_EOS 2

struct _KalonTextTower
{
  const KalonSafetensors *file;
  KalonNn *nn; /* (nullable) */
  gsize width;
  gsize context_length;
  gint32 eos_token;
  KalonTower *tower;
  KalonTensor *positions; /* [context_length, width] */

  /* The embeddings of one batch's tokens. The whole table, a third of a small model, is never
   * loaded: a query needs ten rows of its 49,408. */
  KalonTensor *rows; /* [batch * length, width] */
  float *host_rows;  /* the same on the host */
  gsize n_host_rows;
  gint32 *row_numbers; /* [n_host_rows]: 0, 1, 2, ... */
};

KalonTextTower *
kalon_text_tower_load (const KalonLoader *loader, const KalonModelConfig *config, GError **error)
{
  static const KalonTowerNames names
      = { "text_model.encoder.layers", "text_model.final_layer_norm", "text_projection" };
  g_autoptr (KalonTextTower) self = g_new0 (KalonTextTower, 1);
  gsize table[] = { config->vocabulary, config->text.width };

  self->file = loader->file;
  g_set_object (&self->nn, loader->nn);
  self->width = config->text.width;
  self->context_length = config->context_length;
  self->eos_token = config->eos_token;
  if (!kalon_safetensors_check (loader->file, TABLE, 2, table, NULL, error)
      || !kalon_loader_read_tensor (loader, POSITIONS, config->context_length, config->text.width,
                                    &self->positions, error))
    return NULL;
  self->tower = kalon_tower_load (loader, &names, &config->text, config->projection, error);
  return self->tower != NULL ? g_steal_pointer (&self) : NULL;
}

void
kalon_text_tower_free (KalonTextTower *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tower, kalon_tower_free);
  g_clear_pointer (&self->positions, kalon_tensor_unref);
  g_clear_pointer (&self->rows, kalon_tensor_unref);
  g_clear_object (&self->nn);
  g_free (self->host_rows);
  g_free (self->row_numbers);
  g_free (self);
}

static void
reserve_host_rows (KalonTextTower *self, gsize n)
{
  if (n <= self->n_host_rows)
    return;
  self->host_rows = g_renew (float, self->host_rows, n * self->width);
  self->row_numbers = g_renew (gint32, self->row_numbers, n);
  for (gsize i = self->n_host_rows; i < n; i++)
    self->row_numbers[i] = (gint32) i;
  self->n_host_rows = n;
}

/* @x: [batch * length, width] = token embeddings + position embeddings. */
static gboolean
embed (KalonTextTower *self, const gint32 *tokens, gsize batch, gsize length, KalonTensor *x,
       GError **error)
{
  gsize n = batch * length;

  reserve_host_rows (self, n);
  for (gsize i = 0; i < n; i++)
    {
      gint32 token = tokens[i / length * self->context_length + i % length];

      if (!kalon_safetensors_read_f32 (self->file, TABLE, (gsize) token * self->width, self->width,
                                       self->host_rows + i * self->width, error))
        return FALSE;
    }
  return kalon_tower_reserve (self->nn, &self->rows, n, self->width, error)
         && kalon_tensor_write (self->rows, 0, self->host_rows, n * self->width, error)
         && kalon_nn_token_embedding (self->nn, self->row_numbers, self->rows, self->positions,
                                      batch, length, self->width, x, error);
}

/* Where transformers' CLIPTextModel pools. */
static gsize
find_pooled (const KalonTextTower *self, const gint32 *tokens, gsize length)
{
  gsize best = 0;

  for (gsize i = 0; i < length; i++)
    if (self->eos_token != LEGACY_EOS && tokens[i] == self->eos_token)
      return i;
    else if (self->eos_token == LEGACY_EOS && tokens[i] > tokens[best])
      best = i;
  return best;
}

gboolean
kalon_text_tower_encode (KalonTextTower *self, const gint32 *tokens, const gsize *lengths,
                         gsize batch, float *embeddings, GCancellable *cancellable, GError **error)
{
  g_autofree guint32 *pooled = g_new (guint32, batch);
  gsize length = 0;
  KalonTensor *x;

  /* Attention is causal: nothing after the longest text can change an embedding. */
  for (gsize i = 0; i < batch; i++)
    length = MAX (length, lengths[i]);
  for (gsize i = 0; i < batch; i++)
    pooled[i] = (guint32) (i * length
                           + find_pooled (self, tokens + i * self->context_length, lengths[i]));
  x = kalon_tower_prepare (self->tower, batch, length, error);
  return x != NULL && embed (self, tokens, batch, length, x, error)
         && kalon_tower_run (self->tower, batch, length, TRUE, pooled, embeddings, cancellable,
                             error);
}
