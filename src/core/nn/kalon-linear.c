/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "errors/kalon-errors.h"
#include "nn/kalon-nn-private.h"

/* One panel: @columns rows of @weight: [out, in] beside each other, zeros up to @panel. */
static void
pack_panel (const float *weight, gsize columns, gsize in, gsize panel, float *packed)
{
  memset (packed, 0, in * panel * sizeof *packed);
  for (gsize c = 0; c < columns; c++)
    for (gsize i = 0; i < in; i++)
      packed[i * panel + c] = weight[c * in + i];
}

static gboolean
write_weight (KalonLinear *self, const float *weight, KalonDtype storage, GError **error)
{
  gsize count = self->in * self->panel;
  g_autofree float *packed = g_try_new (float, count);
  g_autofree guint16 *halves = storage == KALON_DTYPE_F16 ? g_try_new (guint16, count) : NULL;

  if (packed == NULL || (storage == KALON_DTYPE_F16 && halves == NULL))
    {
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                           "There is no memory to pack the weights; use a smaller model");
      return FALSE;
    }
  for (gsize o = 0; o < self->out; o += self->panel)
    {
      gsize first = o / self->panel * count;

      pack_panel (weight + o * self->in, MIN (self->panel, self->out - o), self->in, self->panel,
                  packed);
      if (halves != NULL)
        kalon_f32_to_f16_array (packed, halves, count);
      if (!kalon_tensor_write (self->weight, first, halves != NULL ? (const void *) halves : packed,
                               count, error))
        return FALSE;
    }
  return TRUE;
}

KalonLinear *
kalon_nn_linear_new (KalonNn *self, const float *weight, const float *bias, gsize out, gsize in,
                     KalonDtype storage, GError **error)
{
  g_autoptr (KalonLinear) linear = NULL;
  g_autofree float *padded = NULL;
  gsize shape[3];

  g_return_val_if_fail (KALON_IS_NN (self), NULL);
  g_return_val_if_fail (weight != NULL, NULL);
  g_return_val_if_fail (storage == KALON_DTYPE_F32 || storage == KALON_DTYPE_F16, NULL);

  if (out < 1 || in < 1 || out > G_MAXINT32 / 2 || in > G_MAXINT32 / 2)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "A linear layer of %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT " has no meaning",
                   out, in);
      return NULL;
    }
  linear = g_new0 (KalonLinear, 1);
  linear->out = out;
  linear->in = in;
  linear->panel = self->panel;
  shape[0] = (out + linear->panel - 1) / linear->panel;
  shape[1] = in;
  shape[2] = linear->panel;
  linear->weight = kalon_tensor_new (self->device, storage, 3, shape, error);
  if (linear->weight == NULL || !write_weight (linear, weight, storage, error))
    return NULL;

  shape[0] *= linear->panel;
  padded = g_new0 (float, shape[0]);
  if (bias != NULL)
    memcpy (padded, bias, out * sizeof *bias);
  linear->bias = kalon_nn_tensor_new_from_data (self, 1, shape, padded, error);
  if (linear->bias == NULL)
    return NULL;
  return g_steal_pointer (&linear);
}

void
kalon_linear_free (KalonLinear *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->weight, kalon_tensor_unref);
  g_clear_pointer (&self->bias, kalon_tensor_unref);
  g_free (self);
}
