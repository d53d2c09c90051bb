/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * An adapter: what alignment adds to a frozen encoder. Vectors are rows, [d]; q is a query's, v a
 * picture's embedding, both of unit length. At the start it changes nothing, exactly.
 *
 *   query        q' = normalise (q + (q A^T) B)      A, B [rank, d]   B = 0 at the start
 *                The index stays as it is; a query costs 2 rank d products. LoRA's rule (Hu et al.
 *                2022): A random, B zero.
 *   image        score = q v + w v                   w [d]            0 at the start
 *                A taste that is the same for every query; convex to train.
 *   projections  q' = normalise (q + q T)            T, M [d, d]      0 at the start
 *                v' = normalise (v + v M)
 *                The end of both towers, fine-tuned. A CLIP tower ends in v = normalise (W h), W
 * its projection [d, width], h its last hidden state. (I + M^T) W h and (I + M^T) v differ by |W h|
 * only, which the second normalise takes away: v' is what the encoder with the projection W' = (I +
 * M^T) W gives, so kalon_adapter_export_model() can write it back. Every W' of the same row space
 * is of this form.
 *
 * Plain data, owned by one thread while it is changed; const functions from any thread.
 */

#include <gio/gio.h>

#include "compute/kalon-compute.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_ADAPTER_QUERY,
  KALON_ADAPTER_IMAGE,
  KALON_ADAPTER_PROJECTIONS,
} KalonAdapterKind;

/* "query", "image", "projections"; %FALSE when @name is none of them. */
gboolean kalon_adapter_kind_from_name (const char *name, KalonAdapterKind *kind);
const char *kalon_adapter_kind_get_name (KalonAdapterKind kind);

#define KALON_ADAPTER_MAX_DIMENSION 4096
#define KALON_ADAPTER_MAX_RANK 256
/* What is customary for LoRA: 4 to 16. */
#define KALON_ADAPTER_DEFAULT_RANK 8

typedef struct _KalonAdapter KalonAdapter;

/**
 * kalon_adapter_new:
 * @model_hash: the encoder's: 64 characters (kalon_model_dup_hash())
 * @dimension: 1 to MAX_DIMENSION
 * @rank: of KALON_ADAPTER_QUERY, 1 to MAX_RANK; not looked at for the others
 * @seed: of A's values: uniform with variance 1 / d, so that its rows have about unit length
 *
 * Returns: (transfer full): an adapter that changes nothing
 */
KalonAdapter *kalon_adapter_new (KalonAdapterKind kind, const char *model_hash, gsize dimension,
                                 gsize rank, guint32 seed);
KalonAdapter *kalon_adapter_copy (const KalonAdapter *self);
void kalon_adapter_free (KalonAdapter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonAdapter, kalon_adapter_free)

KalonAdapterKind kalon_adapter_get_kind (const KalonAdapter *self);
gsize kalon_adapter_get_dimension (const KalonAdapter *self);
gsize kalon_adapter_get_rank (const KalonAdapter *self); /* 0 but for a query adapter */
const char *kalon_adapter_get_model_hash (const KalonAdapter *self);
/* What to call it, and what it was trained with: free text, "" at the start. */
const char *kalon_adapter_get_name (const KalonAdapter *self);
void kalon_adapter_set_name (KalonAdapter *self, const char *name);
const char *kalon_adapter_get_made_from (const KalonAdapter *self);
void kalon_adapter_set_made_from (KalonAdapter *self, const char *made_from);

/* Whether it changes nothing, exactly. */
gboolean kalon_adapter_is_identity (const KalonAdapter *self);
/* How far it is from that: Frobenius norm of A^T B, of w, or of T and M together. */
double kalon_adapter_get_drift (const KalonAdapter *self);

/* @queries: [n, d], unit length, changed in place. An image adapter leaves them. Plain C. */
void kalon_adapter_apply_to_queries (const KalonAdapter *self, float *queries, gsize n);

/* Whether kalon_adapter_apply_to_images() changes anything: the library needs another pass. */
gboolean kalon_adapter_changes_images (const KalonAdapter *self);

/**
 * kalon_adapter_apply_to_images:
 * @device: (nullable): %NULL computes in plain C
 * @images: [n, d], unit length, changed in place. Only a projections adapter changes them
 *
 * In pieces of some thousand rows, so that a whole library passes in little memory.
 * %KALON_ERROR_NOT_FINITE when a result is not a unit vector; @images is then in part changed.
 */
gboolean
kalon_adapter_apply_to_images (const KalonAdapter *self, KalonDevice *device, float *images,
                               gsize n, GCancellable *cancellable, GError **error);

/* @queries: [n, d], as adapted: changed in place so that their inner product with an embedding as
 * it is stored is that with v + v M, which is kalon_adapter_measure_images() long. Divided by that
 * length it is the similarity under a projections adapter, without a second embedding file. */
void kalon_adapter_fold_queries (const KalonAdapter *self, float *queries, gsize n);
/* Of a projections adapter. @images: [n, d]; @lengths: (out caller-allocates): [n]. */
gboolean
kalon_adapter_measure_images (const KalonAdapter *self, KalonDevice *device, const float *images,
                              gsize n, float *lengths, GCancellable *cancellable, GError **error);

/* (transfer none) (nullable): [d] the w of score = q v + w v; %NULL for the other kinds. As scores
 * are linear in q, a search for q + w, not normalised, gives the same ranking. */
const float *kalon_adapter_get_linear_term (const KalonAdapter *self);

/* Safetensors; docs/formats.md. */
gboolean kalon_adapter_save (const KalonAdapter *self, const char *path, GError **error);

/**
 * kalon_adapter_load:
 * @model_hash: (nullable): the model it must belong to; %NULL takes any
 *
 * Returns: (transfer full) (nullable): %NULL with %KALON_ERROR_MISMATCH for another model's,
 *   %KALON_ERROR_INVALID_DATA, %KALON_ERROR_UNSUPPORTED (another version)
 */
KalonAdapter *kalon_adapter_load (const char *path, const char *model_hash, GError **error);
KalonAdapter *kalon_adapter_new_from_bytes (GBytes *bytes, const char *model_hash, GError **error);

/**
 * kalon_adapter_export_model:
 * @model_directory: the model that the adapter belongs to; its hash is checked
 * @out_directory: must not exist; removed again after an error
 *
 * Writes a CLIPModel directory whose projections have the adapter in them: (I + T^T) W for the text
 * tower and (I + M^T) W for the image tower; a query adapter is T = A^T B and leaves the image
 * tower. Every other tensor and file, but for the receipt of a download, is copied byte for byte;
 * the two are rounded to the form in which they were stored. The aesthetic head and the calibration
 * are among what is copied: of a projections adapter that went far they should be made anew.
 *
 * %KALON_ERROR_UNSUPPORTED for an image adapter: no projection does what it does.
 */
gboolean
kalon_adapter_export_model (const KalonAdapter *self, const char *model_directory,
                            const char *out_directory, GCancellable *cancellable, GError **error);

G_END_DECLS
