/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments, build options and work sizes of the kernels; what each does is in its kernels/NAME.cl.
 */
#include "alignment/alignment-opencl-private.h"

#define GROUP_TILE 64
#define GROUP_SIDE 16

static gsize
divide_up (gsize n, gsize by)
{
  return (n + by - 1) / by;
}

gboolean
kalon_opencl_product (KalonNn *nn, KalonOperand a, const KalonTensor *b,
                      const KalonTensor *residual, gsize rows, gsize inner, gsize columns,
                      KalonTensor *y, GError **error)
{
  const gint32 n_rows = rows, n_inner = inner, n_columns = columns;
  const gint32 a_row = a.row, a_step = a.step;
  KalonNnShape shape = { 0 };
  g_autofree char *tile_rows = NULL;
  g_autofree char *options = NULL;
  guint height;

  kalon_nn_get_shape (nn, &shape);
  /* Twice as many sums as rows, in vectors: 16 of AVX-512's 32 registers, 12 of AVX2's 16, 8 of
   * SSE's. Rows a multiple of 4096 bytes apart evict each other beyond 8 (kernels/README.md). */
  height = shape.vec == 16 ? 8 : shape.vec == 8 ? 6 : 4;
  tile_rows = shape.group ? g_strdup ("") : g_strdup_printf (" -DTILE_ROWS=%u", height);
  options = kalon_nn_dup_options (nn, " -DRESIDUAL=%d%s", residual != NULL, tile_rows);

  const gsize local[] = { shape.group ? GROUP_SIDE : 1, shape.group ? GROUP_SIDE : 1 };
  const gsize tiles[] = { divide_up (rows, height), divide_up (columns, 2 * shape.vec) };
  const gsize groups[]
      = { GROUP_SIDE * divide_up (columns, GROUP_TILE), GROUP_SIDE * divide_up (rows, GROUP_TILE) };
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (a.tensor->buffer),
    KALON_ARG_BUFFER (b->buffer),
    KALON_ARG_BUFFER (residual != NULL ? residual->buffer : b->buffer),
    KALON_ARG_BUFFER (y->buffer),
    KALON_ARG_VALUE (n_rows),
    KALON_ARG_VALUE (n_inner),
    KALON_ARG_VALUE (n_columns),
    KALON_ARG_VALUE (a_row),
    KALON_ARG_VALUE (a_step),
  };

  return kalon_device_run (kalon_nn_get_device (nn), "matrix_product",
                           shape.group ? "matrix_product_group" : "matrix_product_tile", options,
                           args, G_N_ELEMENTS (args), 2, shape.group ? groups : tiles, local,
                           error);
}

gboolean
kalon_opencl_normalise_backward (KalonNn *nn, const KalonTensor *z, gsize rows, gsize dim,
                                 KalonTensor *gradient, GError **error)
{
  const gint32 n = dim;
  const KalonKernelArg args[]
      = { KALON_ARG_BUFFER (z->buffer), KALON_ARG_BUFFER (gradient->buffer), KALON_ARG_VALUE (n) };

  return kalon_nn_run_rows (nn, "normalise_backward", "normalise_backward", args,
                            G_N_ELEMENTS (args), rows, error);
}

gboolean
kalon_opencl_scores (KalonNn *nn, const KalonTensor *x, const KalonNumbers *owners,
                     const KalonTensor *v, const KalonNumbers *rows, gsize n, gsize dim,
                     KalonTensor *scores, GError **error)
{
  const gint32 columns = dim;
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (x->buffer),      KALON_ARG_BUFFER (owners->buffer),
    KALON_ARG_BUFFER (v->buffer),      KALON_ARG_BUFFER (rows->buffer),
    KALON_ARG_BUFFER (scores->buffer), KALON_ARG_VALUE (columns),
  };

  return kalon_nn_run_rows (nn, "candidate_scores", "candidate_scores", args, G_N_ELEMENTS (args),
                            n, error);
}

gboolean
kalon_opencl_sum_rows (KalonNn *nn, const KalonTensor *coefficients, const KalonNumbers *first,
                       const KalonTensor *v, const KalonNumbers *rows, gsize n_queries, gsize dim,
                       KalonTensor *gradient, GError **error)
{
  const gint32 columns = dim;
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (coefficients->buffer),
    KALON_ARG_BUFFER (first->buffer),
    KALON_ARG_BUFFER (v->buffer),
    KALON_ARG_BUFFER (rows->buffer),
    KALON_ARG_BUFFER (gradient->buffer),
    KALON_ARG_VALUE (columns),
  };

  return kalon_nn_run_rows (nn, "candidate_gradient", "sum_rows", args, G_N_ELEMENTS (args),
                            n_queries, error);
}

gboolean
kalon_opencl_scale_rows (KalonNn *nn, const KalonTensor *coefficients, const KalonNumbers *owners,
                         const KalonTensor *x, gsize n, gsize dim, KalonTensor *gradient,
                         GError **error)
{
  const gint32 columns = dim;
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (coefficients->buffer),
    KALON_ARG_BUFFER (owners->buffer),
    KALON_ARG_BUFFER (x->buffer),
    KALON_ARG_BUFFER (gradient->buffer),
    KALON_ARG_VALUE (columns),
  };

  return kalon_nn_run_rows (nn, "candidate_gradient", "scale_rows", args, G_N_ELEMENTS (args), n,
                            error);
}

gboolean
kalon_opencl_ranked_dpo (KalonNn *nn, const KalonDpoPairs *pairs, const KalonTensor *scores,
                         const KalonDpoFactors *factors, KalonTensor *slopes,
                         KalonTensor *coefficients, KalonTensor *losses, GError **error)
{
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (scores->buffer),         KALON_ARG_BUFFER (pairs->reference->buffer),
    KALON_ARG_BUFFER (pairs->first->buffer),   KALON_ARG_BUFFER (pairs->pair_first->buffer),
    KALON_ARG_BUFFER (pairs->winners->buffer), KALON_ARG_BUFFER (pairs->losers->buffer),
    KALON_ARG_BUFFER (pairs->weights->buffer), KALON_ARG_BUFFER (pairs->touch_first->buffer),
    KALON_ARG_BUFFER (pairs->touches->buffer), KALON_ARG_BUFFER (slopes->buffer),
    KALON_ARG_BUFFER (coefficients->buffer),   KALON_ARG_BUFFER (losses->buffer),
    KALON_ARG_VALUE (factors->scale),          KALON_ARG_VALUE (factors->smoothing),
    KALON_ARG_VALUE (factors->anchor),         KALON_ARG_VALUE (factors->inverse_temperature),
    KALON_ARG_VALUE (factors->share),
  };

  return kalon_nn_run_rows (nn, "ranked_dpo", "ranked_dpo", args, G_N_ELEMENTS (args),
                            pairs->n_queries, error);
}

gboolean
kalon_opencl_adam_w (KalonNn *nn, const KalonAdamStep *step, gsize rows, gsize dim,
                     KalonTensor *parameter, const KalonTensor *gradient, KalonTensor *mean,
                     KalonTensor *square, GError **error)
{
  const gint32 columns = dim;
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (parameter->buffer),
    KALON_ARG_BUFFER (gradient->buffer),
    KALON_ARG_BUFFER (mean->buffer),
    KALON_ARG_BUFFER (square->buffer),
    KALON_ARG_VALUE (columns),
    KALON_ARG_VALUE (step->clip),
    KALON_ARG_VALUE (step->keep),
    KALON_ARG_VALUE (step->step),
    KALON_ARG_VALUE (step->square_scale),
    KALON_ARG_VALUE (step->beta2),
    KALON_ARG_VALUE (step->mean_share),
    KALON_ARG_VALUE (step->square_share),
    KALON_ARG_VALUE (step->epsilon),
  };

  return kalon_nn_run_rows (nn, "adam_w", "adam_w", args, G_N_ELEMENTS (args), rows, error);
}
