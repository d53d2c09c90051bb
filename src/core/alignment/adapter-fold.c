/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Searching under a projections adapter without a second embedding file: v' = (v + v M) / |v + v
 * M|, so q v' = ((I + M) q) v / |v + v M|. A query is folded once, and the lengths are measured in
 * one pass over the library.
 */

#include "alignment/kalon-adapter.h"
#include "alignment/kalon-alignment-private.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"

/* Rows at a time, so that a whole library passes in little memory. */
#define CHUNK 4096

void
kalon_adapter_fold_queries (const KalonAdapter *self, float *queries, gsize n)
{
  gsize d = self->dimension;
  g_autofree float *query = NULL;

  g_return_if_fail (self != NULL && (queries != NULL || n == 0));

  if (!kalon_adapter_changes_images (self))
    return;
  query = g_new (float, d);
  for (gsize i = 0; i < n; i++)
    {
      const float *m = self->parts[1].values;

      for (gsize row = 0; row < d; row++)
        {
          double sum = queries[i * d + row];

          for (gsize column = 0; column < d; column++)
            sum += (double) m[row * d + column] * queries[i * d + column];
          query[row] = (float) sum;
        }
      memcpy (queries + i * d, query, d * sizeof (float));
    }
}

gboolean
kalon_adapter_measure_images (const KalonAdapter *self, KalonDevice *device, const float *images,
                              gsize n, float *lengths, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonNn) nn = NULL;
  g_autoptr (KalonTensor) change = NULL;
  g_autoptr (KalonTensor) from = NULL;
  g_autoptr (KalonTensor) to = NULL;
  g_autofree float *changed = NULL;
  gsize d, shape[2];

  g_return_val_if_fail (self != NULL && self->kind == KALON_ADAPTER_PROJECTIONS, FALSE);
  g_return_val_if_fail (lengths != NULL, FALSE);

  d = self->dimension;
  nn = kalon_nn_new (device);
  shape[0] = shape[1] = d;
  change = kalon_nn_tensor_new_from_data (nn, 2, shape, self->parts[1].values, error);
  shape[0] = CHUNK;
  from = change != NULL ? kalon_nn_tensor_new (nn, 2, shape, error) : NULL;
  to = from != NULL ? kalon_nn_tensor_new (nn, 2, shape, error) : NULL;
  if (to == NULL)
    return FALSE;
  changed = g_new (float, CHUNK *d);
  for (gsize first = 0; first < n; first += CHUNK)
    {
      gsize rows = MIN (CHUNK, n - first);
      const KalonOperand operand = { .tensor = from, .row = d, .step = 1 };

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !kalon_tensor_write (from, 0, images + first * d, rows * d, error)
          || !kalon_alignment_product (nn, operand, change, from, rows, d, d, to, error)
          || !kalon_tensor_read (to, 0, changed, rows * d, error))
        return FALSE;
      for (gsize row = 0; row < rows; row++)
        {
          double squares = 0;

          for (gsize i = 0; i < d; i++)
            squares += (double) changed[row * d + i] * changed[row * d + i];
          if (!(squares > 0) || !isfinite (squares))
            {
              g_set_error_literal (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
                                   "The adapter makes an embedding that has no direction. Train it "
                                   "anew, or reset the profile.");
              return FALSE;
            }
          lengths[first + row] = (float) sqrt (squares);
        }
    }
  return TRUE;
}
