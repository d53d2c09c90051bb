/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The operations of kalon-alignment-private.h on the device of @nn; the same arguments. */

#include "alignment/kalon-alignment-private.h"

G_BEGIN_DECLS

gboolean kalon_opencl_product (KalonNn *nn, KalonOperand a, const KalonTensor *b,
                               const KalonTensor *residual, gsize rows, gsize inner, gsize columns,
                               KalonTensor *y, GError **error);
gboolean kalon_opencl_normalise_backward (KalonNn *nn, const KalonTensor *z, gsize rows, gsize dim,
                                          KalonTensor *gradient, GError **error);
gboolean kalon_opencl_scores (KalonNn *nn, const KalonTensor *x, const KalonNumbers *owners,
                              const KalonTensor *v, const KalonNumbers *rows, gsize n, gsize dim,
                              KalonTensor *scores, GError **error);
gboolean
kalon_opencl_sum_rows (KalonNn *nn, const KalonTensor *coefficients, const KalonNumbers *first,
                       const KalonTensor *v, const KalonNumbers *rows, gsize n_queries, gsize dim,
                       KalonTensor *gradient, GError **error);
gboolean kalon_opencl_scale_rows (KalonNn *nn, const KalonTensor *coefficients,
                                  const KalonNumbers *owners, const KalonTensor *x, gsize n,
                                  gsize dim, KalonTensor *gradient, GError **error);
gboolean
kalon_opencl_ranked_dpo (KalonNn *nn, const KalonDpoPairs *pairs, const KalonTensor *scores,
                         const KalonDpoFactors *factors, KalonTensor *slopes,
                         KalonTensor *coefficients, KalonTensor *losses, GError **error);
gboolean kalon_opencl_adam_w (KalonNn *nn, const KalonAdamStep *step, gsize rows, gsize dim,
                              KalonTensor *parameter, const KalonTensor *gradient,
                              KalonTensor *mean, KalonTensor *square, GError **error);

G_END_DECLS
