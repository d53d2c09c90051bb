/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * From tensors of a model file to those of a backend. With no backend nothing is read and nothing
 * is made: the same walk over a tower's tensors then only checks that they are all there in
 * the right shape, which costs microseconds.
 */

#include "weights/kalon-weights.h"

G_BEGIN_DECLS

typedef struct
{
  const KalonSafetensors *file;
  KalonNn *nn; /* (nullable): only check */
  GCancellable *cancellable;
} KalonLoader;

/* A layer norm's two vectors; their tensors are NAME.weight and NAME.bias: [dim]. */
typedef struct
{
  KalonTensor *gamma;
  KalonTensor *beta;
} KalonNorm;

void kalon_norm_clear (KalonNorm *norm);

gboolean kalon_loader_read_norm (const KalonLoader *self, const char *name, gsize dim,
                                 KalonNorm *norm, GError **error);

/* @tensor: [rows, columns], or [columns] when @rows is 0; f32. */
gboolean kalon_loader_read_tensor (const KalonLoader *self, const char *name, gsize rows,
                                   gsize columns, KalonTensor **tensor, GError **error);

/**
 * kalon_loader_read_linear:
 * @names: %NULL-terminated: NAME.weight: [out, in] (and NAME.bias: [out]) of each, stacked into
 *   one matrix of that many times @out rows
 *
 * Stored in f16 where the file has f16, which loses nothing; in f32 otherwise.
 */
gboolean
kalon_loader_read_linear (const KalonLoader *self, const char *const *names, gsize out, gsize in,
                          gboolean has_bias, KalonLinear **linear, GError **error);

/* The convolution NAME.weight: [out, 3, patch, patch] as a matrix. */
gboolean kalon_loader_read_patches (const KalonLoader *self, const char *name, gsize out,
                                    gsize patch, KalonLinear **linear, GError **error);

G_END_DECLS
