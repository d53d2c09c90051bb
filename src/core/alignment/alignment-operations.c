/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/alignment-opencl-private.h"

#include <string.h>

KalonNumbers *
kalon_numbers_new (KalonNn *nn, const guint32 *values, gsize n, GError **error)
{
  g_autoptr (KalonNumbers) self = g_new0 (KalonNumbers, 1);
  KalonDevice *device = kalon_nn_get_device (nn);

  if (device == NULL)
    self->data = g_memdup2 (values, n * sizeof *values);
  else
    {
      self->buffer = kalon_buffer_new_from_data (device, values, n * sizeof *values, error);
      if (self->buffer == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
kalon_numbers_free (KalonNumbers *self)
{
  if (self == NULL)
    return;
  g_free (self->data);
  g_clear_pointer (&self->buffer, kalon_buffer_unref);
  g_free (self);
}

gboolean
kalon_alignment_product (KalonNn *nn, KalonOperand a, const KalonTensor *b,
                         const KalonTensor *residual, gsize rows, gsize inner, gsize columns,
                         KalonTensor *y, GError **error)
{
  if (kalon_nn_get_device (nn) != NULL)
    return kalon_opencl_product (nn, a, b, residual, rows, inner, columns, y, error);
  kalon_loops_product (a.tensor->data, a.row, a.step, b->data,
                       residual != NULL ? residual->data : NULL, rows, inner, columns, y->data);
  return TRUE;
}

gboolean
kalon_alignment_normalise_backward (KalonNn *nn, const KalonTensor *z, gsize rows, gsize dim,
                                    KalonTensor *gradient, GError **error)
{
  if (kalon_nn_get_device (nn) != NULL)
    return kalon_opencl_normalise_backward (nn, z, rows, dim, gradient, error);
  kalon_loops_normalise_backward (z->data, rows, dim, gradient->data);
  return TRUE;
}

gboolean
kalon_alignment_scores (KalonNn *nn, const KalonTensor *x, const KalonNumbers *owners,
                        const KalonTensor *v, const KalonNumbers *rows, gsize n, gsize dim,
                        KalonTensor *scores, GError **error)
{
  if (kalon_nn_get_device (nn) != NULL)
    return kalon_opencl_scores (nn, x, owners, v, rows, n, dim, scores, error);
  kalon_loops_scores (x->data, owners->data, v->data, rows->data, n, dim, scores->data);
  return TRUE;
}

gboolean
kalon_alignment_sum_rows (KalonNn *nn, const KalonTensor *coefficients, const KalonNumbers *first,
                          const KalonTensor *v, const KalonNumbers *rows, gsize n_queries,
                          gsize dim, KalonTensor *gradient, GError **error)
{
  if (kalon_nn_get_device (nn) != NULL)
    return kalon_opencl_sum_rows (nn, coefficients, first, v, rows, n_queries, dim, gradient,
                                  error);
  kalon_loops_sum_rows (coefficients->data, first->data, v->data, rows->data, n_queries, dim,
                        gradient->data);
  return TRUE;
}

gboolean
kalon_alignment_scale_rows (KalonNn *nn, const KalonTensor *coefficients,
                            const KalonNumbers *owners, const KalonTensor *x, gsize n, gsize dim,
                            KalonTensor *gradient, GError **error)
{
  if (kalon_nn_get_device (nn) != NULL)
    return kalon_opencl_scale_rows (nn, coefficients, owners, x, n, dim, gradient, error);
  kalon_loops_scale_rows (coefficients->data, owners->data, x->data, n, dim, gradient->data);
  return TRUE;
}

gboolean
kalon_alignment_ranked_dpo (KalonNn *nn, const KalonDpoPairs *pairs, const KalonTensor *scores,
                            const KalonDpoFactors *factors, KalonTensor *slopes,
                            KalonTensor *coefficients, KalonTensor *losses, GError **error)
{
  if (kalon_nn_get_device (nn) != NULL)
    return kalon_opencl_ranked_dpo (nn, pairs, scores, factors, slopes, coefficients, losses,
                                    error);
  kalon_loops_ranked_dpo (pairs, scores->data, factors, slopes->data, coefficients->data,
                          losses->data);
  return TRUE;
}

gboolean
kalon_alignment_adam_w (KalonNn *nn, const KalonAdamStep *step, gsize rows, gsize dim,
                        KalonTensor *parameter, const KalonTensor *gradient, KalonTensor *mean,
                        KalonTensor *square, GError **error)
{
  if (kalon_nn_get_device (nn) != NULL)
    return kalon_opencl_adam_w (nn, step, rows, dim, parameter, gradient, mean, square, error);
  kalon_loops_adam_w (step, rows * dim, parameter->data, gradient->data, mean->data, square->data);
  return TRUE;
}
