/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What CLIP's two towers have in common: a stack of pre-norm transformer layers (Vaswani et al.
 * 2017, Radford et al. 2019), one pooled position, a layer norm, a projection, unit length. And the
 * two towers themselves, which differ in how they embed their input.
 *
 * Activations are allocated once for the largest batch seen and reused: memory is flat.
 */

#include "encoder/kalon-loader-private.h"

G_BEGIN_DECLS

typedef struct _KalonTower KalonTower;

/* The names in a CLIPModel's file. */
typedef struct
{
  const char *layers;     /* "text_model.encoder.layers" */
  const char *norm;       /* after pooling */
  const char *projection; /* into the shared space */
} KalonTowerNames;

/**
 * kalon_tower_load:
 *
 * Returns: (transfer full) (nullable): the tower, empty when @loader only checks
 */
KalonTower *kalon_tower_load (const KalonLoader *loader, const KalonTowerNames *names,
                              const KalonTowerConfig *config, gsize projection, GError **error);
void kalon_tower_free (KalonTower *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTower, kalon_tower_free)

/**
 * kalon_tower_prepare:
 *
 * Returns: (transfer none) (nullable): [batch * length, width], where the caller puts the embedded
 *   input
 */
KalonTensor *kalon_tower_prepare (KalonTower *self, gsize batch, gsize length, GError **error);

/**
 * kalon_tower_run:
 * @pooled: [batch]: rows of the prepared tensor that become embeddings
 * @embeddings: (out caller-allocates): [batch, projection] of unit length
 *
 * The last layer computes only the pooled rows after its attention: all that is read of it.
 */
gboolean kalon_tower_run (KalonTower *self, gsize batch, gsize length, gboolean causal,
                          const guint32 *pooled, float *embeddings, GCancellable *cancellable,
                          GError **error);

/* y = norm (x); @x and @y: [rows, width]. */
gboolean kalon_tower_apply_norm (KalonTower *self, const KalonNorm *norm, const KalonTensor *x,
                                 gsize rows, KalonTensor *y, GError **error);

/* How many inputs of @length tokens to take at a time. */
gsize kalon_tower_choose_batch (const KalonTowerConfig *config, gsize length);

/* Makes @tensor hold at least @rows x @columns values; its content is then undefined. */
gboolean
kalon_tower_reserve (KalonNn *nn, KalonTensor **tensor, gsize rows, gsize columns, GError **error);

typedef struct _KalonTextTower KalonTextTower;

/* @loader's file must outlive the tower: token embeddings are read from it as they are needed. */
KalonTextTower *
kalon_text_tower_load (const KalonLoader *loader, const KalonModelConfig *config, GError **error);
void kalon_text_tower_free (KalonTextTower *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTextTower, kalon_text_tower_free)

/**
 * kalon_text_tower_encode:
 * @tokens: [batch, context_length]
 * @lengths: [batch]: tokens before the padding
 * @batch: at most kalon_tower_choose_batch()
 */
gboolean
kalon_text_tower_encode (KalonTextTower *self, const gint32 *tokens, const gsize *lengths,
                         gsize batch, float *embeddings, GCancellable *cancellable, GError **error);

typedef struct _KalonImageTower KalonImageTower;

KalonImageTower *
kalon_image_tower_load (const KalonLoader *loader, const KalonModelConfig *config, GError **error);
void kalon_image_tower_free (KalonImageTower *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonImageTower, kalon_image_tower_free)

/* @pixels: [batch, 3, resolution, resolution] */
gboolean kalon_image_tower_encode (KalonImageTower *self, const float *pixels, gsize batch,
                                   float *embeddings, GCancellable *cancellable, GError **error);

/* Tokens of one picture: the class token and the patches. */
gsize kalon_image_tower_get_length (const KalonModelConfig *config);

G_END_DECLS
