/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "tensor/kalon-tensor.h"

/* A cache line, and the widest vector register there is. */
#define HOST_ALIGNMENT 64

gsize
kalon_dtype_get_size (KalonDtype dtype)
{
  static const gsize sizes[] = {
    [KALON_DTYPE_F32] = 4, [KALON_DTYPE_F16] = 2, [KALON_DTYPE_BF16] = 2, [KALON_DTYPE_I8] = 1
  };

  g_return_val_if_fail (dtype < G_N_ELEMENTS (sizes), 0);
  return sizes[dtype];
}

const char *
kalon_dtype_get_name (KalonDtype dtype)
{
  static const char *const names[] = { [KALON_DTYPE_F32] = "f32",
                                       [KALON_DTYPE_F16] = "f16",
                                       [KALON_DTYPE_BF16] = "bf16",
                                       [KALON_DTYPE_I8] = "i8" };

  g_return_val_if_fail (dtype < G_N_ELEMENTS (names), NULL);
  return names[dtype];
}

static char *
describe_shape (KalonDtype dtype, guint n_dims, const gsize *shape)
{
  GString *text = g_string_new (kalon_dtype_get_name (dtype));

  g_string_append (text, " [");
  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i == 0 ? "" : ", ", shape[i]);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static gboolean
multiply_shape (KalonDtype dtype, guint n_dims, const gsize *shape, gsize *size)
{
  *size = kalon_dtype_get_size (dtype);
  for (guint i = 0; i < n_dims; i++)
    if (!g_size_checked_mul (size, *size, shape[i]))
      return FALSE;
  return *size <= G_MAXSSIZE - HOST_ALIGNMENT;
}

KalonTensor *
kalon_tensor_new (KalonDevice *device, KalonDtype dtype, guint n_dims, const gsize *shape,
                  GError **error)
{
  g_autoptr (KalonTensor) self = NULL;
  gsize size;

  g_return_val_if_fail (n_dims >= 1 && n_dims <= KALON_TENSOR_MAX_DIMS, NULL);
  g_return_val_if_fail (shape != NULL, NULL);

  if (!multiply_shape (dtype, n_dims, shape, &size))
    {
      g_autofree char *described = describe_shape (dtype, n_dims, shape);

      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "A tensor %s is larger than this machine can address; use a smaller model",
                   described);
      return NULL;
    }

  self = g_new0 (KalonTensor, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->dtype = dtype;
  self->n_dims = n_dims;
  memcpy (self->shape, shape, n_dims * sizeof *shape);

  /* An empty tensor still has storage, so that a non-NULL pointer always tells where it lives. */
  if (device != NULL)
    {
      self->buffer = kalon_buffer_new (device, MAX (size, 1), error);
      if (self->buffer == NULL)
        return NULL;
    }
  else if (posix_memalign (&self->data, HOST_ALIGNMENT, MAX (size, 1)) != 0)
    {
      g_autofree char *described = describe_shape (dtype, n_dims, shape);

      self->data = NULL;
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "There is no memory for a tensor %s (%" G_GSIZE_FORMAT
                   " bytes); close other programs or use a smaller batch or model",
                   described, size);
      return NULL;
    }
  return g_steal_pointer (&self);
}

KalonTensor *
kalon_tensor_ref (KalonTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kalon_tensor_unref (KalonTensor *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  free (self->data);
  g_clear_pointer (&self->buffer, kalon_buffer_unref);
  g_free (self);
}

gsize
kalon_tensor_get_count (const KalonTensor *self)
{
  gsize count = 1;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->n_dims; i++)
    count *= self->shape[i];
  return count;
}

/* Byte range of elements [first, first + count), checked against the storage. */
static gboolean
element_range (const KalonTensor *self, gsize first, gsize count, gsize *offset, gsize *size,
               GError **error)
{
  gsize total = kalon_tensor_get_count (self);

  if (first > total || count > total - first)
    {
      g_autofree char *described = describe_shape (self->dtype, self->n_dims, self->shape);

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "Elements %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT " + %" G_GSIZE_FORMAT
                   " are outside of a tensor %s",
                   first, first, count, described);
      return FALSE;
    }
  *offset = first * kalon_dtype_get_size (self->dtype);
  *size = count * kalon_dtype_get_size (self->dtype);
  return TRUE;
}

gboolean
kalon_tensor_write (KalonTensor *self, gsize first, const void *data, gsize count, GError **error)
{
  gsize offset, size;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || count == 0, FALSE);

  if (!element_range (self, first, count, &offset, &size, error))
    return FALSE;
  if (size == 0)
    return TRUE;
  if (self->buffer != NULL)
    return kalon_buffer_write (self->buffer, offset, data, size, error);
  memcpy ((char *) self->data + offset, data, size);
  return TRUE;
}

gboolean
kalon_tensor_read (const KalonTensor *self, gsize first, void *data, gsize count, GError **error)
{
  gsize offset, size;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || count == 0, FALSE);

  if (!element_range (self, first, count, &offset, &size, error))
    return FALSE;
  if (size == 0)
    return TRUE;
  if (self->buffer != NULL)
    return kalon_buffer_read (self->buffer, offset, data, size, error);
  memcpy (data, (const char *) self->data + offset, size);
  return TRUE;
}
