/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A CLIP dual encoder (Radford et al. 2021): text tower and image tower into one space of
 * unit-length embeddings, from any Hugging Face CLIPModel directory. Same embeddings as
 * transformers in f32: cosine at least 0.99999.
 *
 * Texts are pooled at the end-of-text token: the first one equal to eos_token_id, or, for
 * configurations that say 2 there (all from before transformers' pull request 24773), at the
 * largest id.
 *
 * One thread at a time. Memory is flat: activations are kept for the largest batch seen, at most
 * 32 inputs or 128 MiB, and each tower's weights for as long as the encoder. An embedding is never
 * NaN, infinite or zero: that is %KALON_ERROR_NOT_FINITE.
 */

#include "weights/kalon-weights.h"

G_BEGIN_DECLS

#define KALON_TYPE_ENCODER (kalon_encoder_get_type ())
G_DECLARE_FINAL_TYPE (KalonEncoder, kalon_encoder, KALON, ENCODER, GObject)

/**
 * kalon_encoder_new:
 * @directory: the model
 * @device: (nullable): %NULL computes in plain C
 *
 * Checks the configuration, the vocabulary and name, shape and dtype of every tensor, but reads no
 * weights: each tower is read by the first call that needs it, so a search by words never pays for
 * the image tower. A weight that is not finite is found then (%KALON_ERROR_INVALID_DATA).
 * Hashes the model the first time it is seen, which takes seconds for a large one.
 */
KalonEncoder *kalon_encoder_new (const char *directory, KalonDevice *device,
                                 GCancellable *cancellable, GError **error);

const KalonModelConfig *kalon_encoder_get_config (KalonEncoder *self);
/* Embedding dimension. */
gsize kalon_encoder_get_dimension (KalonEncoder *self);
/* kalon_model_dup_hash() of the directory. */
const char *kalon_encoder_get_model_hash (KalonEncoder *self);
/* "none" or the device's name. */
const char *kalon_encoder_get_device_name (KalonEncoder *self);

/**
 * kalon_encoder_encode_texts:
 * @texts: [n]
 * @embeddings: (out caller-allocates): [n, dimension], unit length
 * @n_dropped: (out caller-allocates) (nullable): [n] tokens of each text over the context length
 */
gboolean kalon_encoder_encode_texts (KalonEncoder *self, const char *const *texts, gsize n,
                                     float *embeddings, gsize *n_dropped, GCancellable *cancellable,
                                     GError **error);

/**
 * kalon_encoder_encode_pixels:
 * @pixels: [n, 3, resolution, resolution] as kalon_image_preprocess() makes them
 * @embeddings: (out caller-allocates): [n, dimension], unit length
 *
 * Any @n; work is cut into batches that keep memory flat.
 */
gboolean kalon_encoder_encode_pixels (KalonEncoder *self, const float *pixels, gsize n,
                                      float *embeddings, GCancellable *cancellable, GError **error);

/* Loads (a JPEG no larger than it needs), preprocesses and encodes one picture. @embedding:
 * [dimension] */
gboolean kalon_encoder_encode_file (KalonEncoder *self, const char *path, float *embedding,
                                    GCancellable *cancellable, GError **error);

G_END_DECLS
