/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"
#include "image/kalon-image.h"
#include "indexer/kalon-indexer.h"

#include <string.h>

/* The encoder's own largest batch. Two of them are held, one decoded while the other is encoded. */
#define BATCH 32
/* Texts between two looks at Ctrl-C. */
#define TEXT_BATCH 128

typedef struct _Batch Batch;

typedef struct
{
  Batch *batch;
  const char *path;
  float *pixels;     /* [3, crop, crop], of the batch's */
  float *measures;   /* (nullable): [KALON_N_MEASURES] */
  float *attributes; /* (nullable): [KALON_N_ATTRIBUTES] */
  GError *error;     /* (nullable) */
} Slot;

struct _Batch
{
  Slot slots[BATCH];
  guint first; /* position of slot 0 in the paths */
  guint n;
  float *pixels;   /* [BATCH, 3, crop, crop] */
  guint n_waiting; /* slots that a worker has not done yet */
  GMutex mutex;
  GCond cond;
};

typedef struct
{
  KalonEvaluator *evaluator;
  const KalonPreprocess *preprocess;
  GPtrArray *paths;
  gsize pixels_size; /* floats of one picture */
  GThreadPool *pool;
  GCancellable *cancellable;
  float *embeddings; /* [n_rows, dimension], with room for all paths */
  gsize n_rows;
  guint8 *is_good;
  float *measures;   /* (nullable): [paths->len, KALON_N_MEASURES] */
  float *attributes; /* (nullable): [paths->len, KALON_N_ATTRIBUTES] */
} Encoding;

/* A worker: one picture. */
static void
decode (gpointer data, gpointer user_data)
{
  Slot *slot = data;
  Encoding *encoding = user_data;
  const KalonPreprocess *preprocess = encoding->preprocess;
  /* As the indexer decodes it: figures and scores are to be those of a search. */
  guint min_side = kalon_indexer_get_min_side (preprocess);
  g_autoptr (KalonImage) image = NULL;

  image = kalon_image_load (slot->path, min_side, NULL, encoding->cancellable, &slot->error);
  if (image != NULL)
    kalon_image_preprocess (image, preprocess, slot->pixels);
  if (image != NULL && slot->measures != NULL)
    kalon_measure_image (image, slot->measures);
  if (image != NULL && slot->attributes != NULL)
    kalon_attributes_measure (image, slot->attributes);
  g_mutex_lock (&slot->batch->mutex);
  slot->batch->n_waiting--;
  g_cond_signal (&slot->batch->cond);
  g_mutex_unlock (&slot->batch->mutex);
}

static void
batch_init (Batch *batch, gsize pixels_size)
{
  g_mutex_init (&batch->mutex);
  g_cond_init (&batch->cond);
  batch->pixels = g_new (float, BATCH *pixels_size);
}

static void
batch_start (Batch *batch, Encoding *encoding, guint first)
{
  batch->first = first;
  batch->n = first < encoding->paths->len ? MIN (BATCH, encoding->paths->len - first) : 0;
  batch->n_waiting = batch->n;
  for (guint i = 0; i < batch->n; i++)
    {
      Slot *slot = &batch->slots[i];

      slot->batch = batch;
      slot->path = g_ptr_array_index (encoding->paths, first + i);
      slot->pixels = batch->pixels + i * encoding->pixels_size;
      slot->measures = encoding->measures != NULL
                           ? encoding->measures + (gsize) (first + i) * KALON_N_MEASURES
                           : NULL;
      slot->attributes = encoding->attributes != NULL
                             ? encoding->attributes + (gsize) (first + i) * KALON_N_ATTRIBUTES
                             : NULL;
      slot->error = NULL;
      g_thread_pool_push (encoding->pool, slot, NULL);
    }
}

static void
batch_wait (Batch *batch)
{
  g_mutex_lock (&batch->mutex);
  while (batch->n_waiting > 0)
    g_cond_wait (&batch->cond, &batch->mutex);
  g_mutex_unlock (&batch->mutex);
}

static void
batch_clear (Batch *batch)
{
  batch_wait (batch);
  for (guint i = 0; i < batch->n; i++)
    g_clear_error (&batch->slots[i].error);
  g_free (batch->pixels);
  g_cond_clear (&batch->cond);
  g_mutex_clear (&batch->mutex);
}

static void
fail (Encoding *encoding, Batch *batch, guint i, const GError *reason)
{
  const char *path = batch->slots[i].path;

  encoding->is_good[batch->first + i] = FALSE;
  kalon_evaluator_fail (encoding->evaluator, path, kalon_failure_get_reason (path, reason));
}

/* One picture that the model turns into NaN must not take its neighbours along. */
static gboolean
encode_singly (Encoding *encoding, Batch *batch, const guint *which, gsize n, GError **error)
{
  KalonEncoder *encoder = encoding->evaluator->encoder;
  gsize dimension = kalon_encoder_get_dimension (encoder);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) reason = NULL;

      if (kalon_encoder_encode_pixels (encoder, batch->pixels + i * encoding->pixels_size, 1,
                                       encoding->embeddings + encoding->n_rows * dimension,
                                       encoding->cancellable, &reason))
        encoding->n_rows++;
      else if (g_error_matches (reason, KALON_ERROR, KALON_ERROR_NOT_FINITE))
        fail (encoding, batch, which[i], reason);
      else
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
    }
  return TRUE;
}

/* Of a batch that is decoded: the good pictures move together, then through the tower. */
static gboolean
batch_encode (Batch *batch, Encoding *encoding, GError **error)
{
  KalonEncoder *encoder = encoding->evaluator->encoder;
  gsize dimension = kalon_encoder_get_dimension (encoder);
  g_autoptr (GError) reason = NULL;
  guint which[BATCH];
  gsize n = 0;

  if (g_cancellable_set_error_if_cancelled (encoding->cancellable, error))
    return FALSE;
  for (guint i = 0; i < batch->n; i++)
    {
      Slot *slot = &batch->slots[i];

      if (slot->error != NULL)
        {
          fail (encoding, batch, i, slot->error);
          g_clear_error (&slot->error);
          continue;
        }
      encoding->is_good[batch->first + i] = TRUE;
      if (n < i)
        memcpy (batch->pixels + n * encoding->pixels_size, slot->pixels,
                encoding->pixels_size * sizeof (float));
      which[n++] = i;
    }
  if (n == 0
      || kalon_encoder_encode_pixels (encoder, batch->pixels, n,
                                      encoding->embeddings + encoding->n_rows * dimension,
                                      encoding->cancellable, &reason))
    {
      encoding->n_rows += n;
      return TRUE;
    }
  if (g_error_matches (reason, KALON_ERROR, KALON_ERROR_NOT_FINITE))
    return encode_singly (encoding, batch, which, n, error);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
encode_all (Encoding *encoding, GError **error)
{
  guint n = encoding->paths->len;
  Batch batches[2] = { 0 };
  gboolean done = TRUE;

  for (guint i = 0; i < 2; i++)
    {
      batch_init (&batches[i], encoding->pixels_size);
      batch_start (&batches[i], encoding, i * BATCH);
    }
  for (guint first = 0, i = 0; done && first < n; first += BATCH, i = 1 - i)
    {
      kalon_evaluator_tell (encoding->evaluator, KALON_EVALUATOR_PICTURES, first, n);
      batch_wait (&batches[i]);
      done = batch_encode (&batches[i], encoding, error);
      if (done)
        batch_start (&batches[i], encoding, first + 2 * BATCH);
    }
  if (done)
    kalon_evaluator_tell (encoding->evaluator, KALON_EVALUATOR_PICTURES, n, n);
  for (guint i = 0; i < 2; i++)
    batch_clear (&batches[i]);
  return done;
}

float *
kalon_evaluator_encode_pictures (KalonEvaluator *self, GPtrArray *paths, guint8 *is_good,
                                 float *measures, float *attributes, GCancellable *cancellable,
                                 GError **error)
{
  const KalonModelConfig *config = kalon_encoder_get_config (self->encoder);
  gsize crop = config->preprocess.crop;
  g_autofree float *embeddings = g_new (float, MAX (1, paths->len) * config->projection);
  Encoding encoding = { .evaluator = self,
                        .preprocess = &config->preprocess,
                        .paths = paths,
                        .pixels_size = 3 * crop * crop,
                        .cancellable = cancellable,
                        .embeddings = embeddings,
                        .is_good = is_good,
                        .measures = measures,
                        .attributes = attributes };
  gboolean done;

  encoding.pool = g_thread_pool_new (decode, &encoding, (int) g_get_num_processors (), FALSE, NULL);
  done = encode_all (&encoding, error);
  g_thread_pool_free (encoding.pool, FALSE, TRUE);
  return done ? g_steal_pointer (&embeddings) : NULL;
}

float *
kalon_evaluator_encode_texts (KalonEvaluator *self, GPtrArray *texts, GCancellable *cancellable,
                              GError **error)
{
  gsize dimension = kalon_encoder_get_dimension (self->encoder);
  g_autofree float *embeddings = g_new (float, MAX (1, texts->len) * dimension);
  gsize n_dropped[TEXT_BATCH];

  for (guint first = 0; first < texts->len; first += TEXT_BATCH)
    {
      guint n = MIN (TEXT_BATCH, texts->len - first);

      kalon_evaluator_tell (self, KALON_EVALUATOR_TEXTS, first, texts->len);
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !kalon_encoder_encode_texts (self->encoder, (const char *const *) texts->pdata + first,
                                          n, embeddings + first * dimension, n_dropped, cancellable,
                                          error))
        return NULL;
      for (guint i = 0; i < n; i++)
        self->n_truncated += n_dropped[i] > 0;
    }
  return g_steal_pointer (&embeddings);
}
