/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encoder/kalon-encoder.h"

#include "encoder/kalon-tower-private.h"
#include "errors/kalon-errors.h"
#include "tokenizer/kalon-tokenizer.h"

struct _KalonEncoder
{
  GObject parent_instance;

  KalonModelConfig config;
  char *model_hash;
  KalonSafetensors *file;
  KalonTokenizer *tokenizer;
  KalonNn *nn;
  /* Loaded on first use: indexing never needs the one, a search by words never the other. */
  KalonTextTower *text;
  KalonImageTower *image;
};

G_DEFINE_FINAL_TYPE (KalonEncoder, kalon_encoder, G_TYPE_OBJECT)

static void
kalon_encoder_finalize (GObject *object)
{
  KalonEncoder *self = KALON_ENCODER (object);

  g_clear_pointer (&self->text, kalon_text_tower_free);
  g_clear_pointer (&self->image, kalon_image_tower_free);
  g_clear_pointer (&self->file, kalon_safetensors_free);
  g_clear_object (&self->tokenizer);
  g_clear_object (&self->nn);
  g_free (self->model_hash);
  G_OBJECT_CLASS (kalon_encoder_parent_class)->finalize (object);
}

static void
kalon_encoder_class_init (KalonEncoderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_encoder_finalize;
}

static void
kalon_encoder_init (KalonEncoder *self)
{
}

static gboolean
open_weights (KalonEncoder *self, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "model.safetensors", NULL);
  g_autofree char *index = g_strconcat (path, ".index.json", NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && g_file_test (index, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s: the weights are in several files. Save the model again as one "
                   "model.safetensors.",
                   directory);
      return FALSE;
    }
  self->file = kalon_safetensors_open (path, error);
  return self->file != NULL;
}

/* Everything that can be known to be wrong before the weights are read. */
static gboolean
check_model (KalonEncoder *self, GError **error)
{
  KalonLoader checker = { .file = self->file };
  g_autoptr (KalonTextTower) text = NULL;
  g_autoptr (KalonImageTower) image = NULL;
  gsize n_tokens = kalon_tokenizer_get_vocabulary_size (self->tokenizer);
  gint32 end = kalon_tokenizer_get_end (self->tokenizer);

  if (n_tokens > self->config.vocabulary)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "vocab.json has ids up to %" G_GSIZE_FORMAT
                   ", config.json's text_config.vocab_size is %" G_GSIZE_FORMAT
                   ". The files belong to different models.",
                   n_tokens - 1, self->config.vocabulary);
      return FALSE;
    }
  /* 2 is what old files have whatever their vocabulary; see kalon-text-tower.c. */
  if (self->config.eos_token != end && self->config.eos_token != 2)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "config.json: text_config.eos_token_id is %d, vocab.json's <|endoftext|> is %d: "
                   "every text would get the same embedding. The files belong to different models.",
                   self->config.eos_token, end);
      return FALSE;
    }
  text = kalon_text_tower_load (&checker, &self->config, error);
  image = text != NULL ? kalon_image_tower_load (&checker, &self->config, error) : NULL;
  return image != NULL;
}

KalonEncoder *
kalon_encoder_new (const char *directory, KalonDevice *device, GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (KalonEncoder) self = NULL;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (device == NULL || KALON_IS_DEVICE (device), NULL);

  self = g_object_new (KALON_TYPE_ENCODER, NULL);
  if (!kalon_model_config_load (directory, &self->config, error)
      || !open_weights (self, directory, error))
    return NULL;
  self->tokenizer = kalon_tokenizer_new (directory, error);
  if (self->tokenizer == NULL || !check_model (self, error))
    return NULL;
  self->model_hash = kalon_model_dup_hash (directory, cancellable, error);
  if (self->model_hash == NULL)
    return NULL;
  self->nn = kalon_nn_new (device);
  return g_steal_pointer (&self);
}

const KalonModelConfig *
kalon_encoder_get_config (KalonEncoder *self)
{
  g_return_val_if_fail (KALON_IS_ENCODER (self), NULL);

  return &self->config;
}

gsize
kalon_encoder_get_dimension (KalonEncoder *self)
{
  g_return_val_if_fail (KALON_IS_ENCODER (self), 0);

  return self->config.projection;
}

const char *
kalon_encoder_get_model_hash (KalonEncoder *self)
{
  g_return_val_if_fail (KALON_IS_ENCODER (self), NULL);

  return self->model_hash;
}

const char *
kalon_encoder_get_device_name (KalonEncoder *self)
{
  KalonDevice *device;

  g_return_val_if_fail (KALON_IS_ENCODER (self), NULL);

  device = kalon_nn_get_device (self->nn);
  return device != NULL ? kalon_device_get_info (device)->name : "none";
}

static gboolean
encode_text_batch (KalonEncoder *self, const char *const *texts, gsize batch, float *embeddings,
                   gsize *n_dropped, GCancellable *cancellable, GError **error)
{
  gsize context = self->config.context_length;
  g_autofree gint32 *tokens = g_new (gint32, batch * context);
  g_autofree gsize *lengths = g_new (gsize, batch);
  gint32 end = kalon_tokenizer_get_end (self->tokenizer);

  for (gsize i = 0; i < batch; i++)
    lengths[i]
        = kalon_tokenizer_encode (self->tokenizer, texts[i], context, end, tokens + i * context,
                                  n_dropped != NULL ? &n_dropped[i] : NULL);
  return kalon_text_tower_encode (self->text, tokens, lengths, batch, embeddings, cancellable,
                                  error);
}

gboolean
kalon_encoder_encode_texts (KalonEncoder *self, const char *const *texts, gsize n,
                            float *embeddings, gsize *n_dropped, GCancellable *cancellable,
                            GError **error)
{
  gsize batch;

  g_return_val_if_fail (KALON_IS_ENCODER (self), FALSE);
  g_return_val_if_fail ((texts != NULL && embeddings != NULL) || n == 0, FALSE);

  if (self->text == NULL)
    {
      KalonLoader loader = { self->file, self->nn, cancellable };

      self->text = kalon_text_tower_load (&loader, &self->config, error);
      if (self->text == NULL)
        return FALSE;
    }
  batch = kalon_tower_choose_batch (&self->config.text, self->config.context_length);
  for (gsize i = 0; i < n; i += batch)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !encode_text_batch (self, texts + i, MIN (batch, n - i),
                               embeddings + i * self->config.projection,
                               n_dropped != NULL ? n_dropped + i : NULL, cancellable, error))
      return FALSE;
  return TRUE;
}

gboolean
kalon_encoder_encode_pixels (KalonEncoder *self, const float *pixels, gsize n, float *embeddings,
                             GCancellable *cancellable, GError **error)
{
  gsize picture, batch;

  g_return_val_if_fail (KALON_IS_ENCODER (self), FALSE);
  g_return_val_if_fail ((pixels != NULL && embeddings != NULL) || n == 0, FALSE);

  if (self->image == NULL)
    {
      KalonLoader loader = { self->file, self->nn, cancellable };

      self->image = kalon_image_tower_load (&loader, &self->config, error);
      if (self->image == NULL)
        return FALSE;
    }
  picture = 3 * self->config.resolution * self->config.resolution;
  batch = kalon_tower_choose_batch (&self->config.vision,
                                    kalon_image_tower_get_length (&self->config));
  for (gsize i = 0; i < n; i += batch)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !kalon_image_tower_encode (self->image, pixels + i * picture, MIN (batch, n - i),
                                      embeddings + i * self->config.projection, cancellable, error))
      return FALSE;
  return TRUE;
}

gboolean
kalon_encoder_encode_file (KalonEncoder *self, const char *path, float *embedding,
                           GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonImage) image = NULL;
  g_autofree float *pixels = NULL;
  gsize side;

  g_return_val_if_fail (KALON_IS_ENCODER (self), FALSE);
  g_return_val_if_fail (path != NULL && embedding != NULL, FALSE);

  image = kalon_image_load (path, self->config.preprocess.resize, NULL, cancellable, error);
  if (image == NULL)
    return FALSE;
  side = self->config.preprocess.crop;
  pixels = g_new (float, 3 * side * side);
  kalon_image_preprocess (image, &self->config.preprocess, pixels);
  return kalon_encoder_encode_pixels (self, pixels, 1, embedding, cancellable, error);
}
