/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Model directories as they are published on the Hugging Face hub: config.json, model.safetensors,
 * preprocessor_config.json (and vocab.json + merges.txt, read by tokenizer/).
 *
 * Both files are treated as hostile: every length, offset, shape and number is checked before use,
 * and the error names the field (%KALON_ERROR_INVALID_DATA, %KALON_ERROR_UNSUPPORTED).
 * Objects are immutable after construction and may be shared between threads.
 */

#include "image/kalon-image.h"
#include "nn/kalon-nn.h"
#include "tensor/kalon-tensor.h"

G_BEGIN_DECLS

/**
 * KalonSafetensors: a mapped .safetensors file.
 * Format: u64 little-endian header length, JSON header {name: {dtype, shape, data_offsets}}, data.
 */
typedef struct _KalonSafetensors KalonSafetensors;

KalonSafetensors *kalon_safetensors_open (const char *path, GError **error);
KalonSafetensors *kalon_safetensors_new_from_bytes (GBytes *bytes, GError **error);
void kalon_safetensors_free (KalonSafetensors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonSafetensors, kalon_safetensors_free)

/* (transfer container) (element-type utf8): names, sorted. */
GPtrArray *kalon_safetensors_list (const KalonSafetensors *self);
gboolean kalon_safetensors_has (const KalonSafetensors *self, const char *name);
/* Which file it is, for messages: the name without its folder. */
const char *kalon_safetensors_get_file (const KalonSafetensors *self);

/**
 * kalon_safetensors_get_shape:
 * @shape: (out caller-allocates): [max_dims]; only the tensor's own extents are set
 *
 * For files whose shapes are their own to choose. Returns: the number of dimensions, 0 when there
 * is no such tensor or it has more than @max_dims.
 */
guint kalon_safetensors_get_shape (const KalonSafetensors *self, const char *name, guint max_dims,
                                   gsize *shape);

/**
 * kalon_safetensors_check:
 * @shape: [n_dims]; an entry of 0 accepts any extent
 * @dtype: (out) (optional): how it is stored
 *
 * %TRUE when the tensor is there, has this shape and is F32, F16 or BF16. Reads no data.
 */
gboolean kalon_safetensors_check (const KalonSafetensors *self, const char *name, guint n_dims,
                                  const gsize *shape, KalonDtype *dtype, GError **error);

/**
 * kalon_safetensors_read_f32:
 * @first, @count: which elements; they must lie inside
 * @values: (out caller-allocates): [count], converted to float
 *
 * %FALSE as kalon_safetensors_check() says, and when one of them is NaN or infinite. Pages of a
 * mapped file are given back after reading, so that loading a model does not hold it twice.
 */
gboolean kalon_safetensors_read_f32 (const KalonSafetensors *self, const char *name, gsize first,
                                     gsize count, float *values, GError **error);

/**
 * kalon_safetensors_dup_f32:
 *
 * Returns: (transfer full): kalon_safetensors_check() and all its elements, to be freed with
 *   g_free()
 */
float *kalon_safetensors_dup_f32 (const KalonSafetensors *self, const char *name, guint n_dims,
                                  const gsize *shape, GError **error);

/* (transfer none) (nullable): what the file's "__metadata__" says of @key: free text. */
const char *kalon_safetensors_get_metadata (const KalonSafetensors *self, const char *key);

/* A tensor to be written, as F32. */
typedef struct
{
  const char *name;
  guint n_dims;        /* at most 4 */
  gsize shape[4];      /* [n_dims] */
  const float *values; /* [shape[0], shape[1], ...] */
} KalonSafetensorsTensor;

/**
 * kalon_safetensors_save:
 * @tensors: [n]; names differ
 * @metadata: (nullable): key, value, key, value, ..., %NULL: UTF-8
 *
 * Writes a new file and puts it in the place of @path in one step: a reader sees the old or the new
 * one. The same tensors and metadata give the same bytes.
 */
gboolean kalon_safetensors_save (const char *path, const KalonSafetensorsTensor *tensors, gsize n,
                                 const char *const *metadata, GError **error);
/* The same in memory: (transfer full). */
GBytes *kalon_safetensors_to_bytes (const KalonSafetensorsTensor *tensors, gsize n,
                                    const char *const *metadata);

/**
 * kalon_safetensors_save_changed:
 * @tensors: [n] that are in the file, of their shapes there and stored as F32, F16 or BF16
 *
 * Writes a copy of the file to @path with other values in these tensors, in the form in which
 * they are stored (rounded to nearest). Every other byte, the header among them, stays. In
 * little memory, whatever the file's size; in one step, as kalon_safetensors_save().
 */
gboolean
kalon_safetensors_save_changed (const KalonSafetensors *self, const KalonSafetensorsTensor *tensors,
                                gsize n, const char *path, GCancellable *cancellable,
                                GError **error);

/* A tower's shape: config.json's text_config or vision_config. */
typedef struct
{
  gsize width;     /* hidden_size */
  gsize layers;    /* num_hidden_layers */
  gsize heads;     /* num_attention_heads */
  gsize mlp_width; /* intermediate_size */
  float layer_norm_epsilon;
  KalonActivation activation;
} KalonTowerConfig;

typedef struct
{
  KalonTowerConfig text;
  KalonTowerConfig vision;
  gsize projection; /* embedding dimension */
  gsize vocabulary;
  gsize context_length; /* max_position_embeddings */
  gint32 eos_token;     /* decides the pooling position, see encoder/ */
  gsize resolution;     /* image_size */
  gsize patch;
  KalonPreprocess preprocess;
} KalonModelConfig;

/**
 * kalon_model_config_load:
 * @directory: holds config.json and, optionally, preprocessor_config.json (CLIP's own values
 * otherwise)
 *
 * Every value is bounded; a missing optional one takes transformers' CLIPConfig default.
 */
gboolean kalon_model_config_load (const char *directory, KalonModelConfig *config, GError **error);

/**
 * kalon_model_dup_hash:
 *
 * Returns: (transfer full): SHA-256, in hex, over the files that decide an embedding
 *   (config.json, model.safetensors, vocab.json, merges.txt, preprocessor_config.json).
 *   Remembered under the user's cache directory for as long as size, inode and time of change of
 *   all five stay the same: hashing a large model takes seconds.
 */
char *kalon_model_dup_hash (const char *directory, GCancellable *cancellable, GError **error);

G_END_DECLS
