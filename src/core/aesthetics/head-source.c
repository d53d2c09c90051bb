/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-head-source-private.h"

#include <string.h>

#include "aesthetics/kalon-torch-private.h"
#include "errors/kalon-errors.h"
#include "tensor/kalon-tensor.h"
#include "weights/kalon-weights.h"

static void
tensor_free (gpointer data)
{
  KalonHeadTensor *tensor = data;

  g_free (tensor->values);
  g_free (tensor);
}

void
kalon_head_source_clear (KalonHeadSource *self)
{
  g_clear_pointer (&self->tensors, g_hash_table_unref);
}

gboolean
kalon_head_source_refuse (const KalonHeadSource *self, GError **error, int code, const char *format,
                          ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, KALON_ERROR, code, "%s: %s", self->name, message);
  return FALSE;
}

/* @values: (transfer full). A number alone is [1]; more than two lengths are none of a head. */
static gboolean
add_tensor (KalonHeadSource *self, const char *name, guint n_dims, const gsize *shape,
            float *values, GError **error)
{
  KalonHeadTensor *tensor = g_new0 (KalonHeadTensor, 1);

  tensor->values = values;
  tensor->n_dims = MAX (n_dims, 1);
  tensor->shape[0] = 1;
  for (guint i = 0; i < MIN (n_dims, 2); i++)
    tensor->shape[i] = shape[i];
  g_hash_table_insert (self->tensors, g_strdup (name), tensor);
  if (n_dims <= 2)
    return TRUE;
  return kalon_head_source_refuse (
      self, error, KALON_ERROR_UNSUPPORTED,
      "tensor %s has %u dimensions, those of a dense head have one or two.", name, n_dims);
}

static gboolean
read_safetensors (KalonHeadSource *self, GBytes *bytes, GError **error)
{
  g_autoptr (KalonSafetensors) file = kalon_safetensors_new_from_bytes (bytes, error);
  g_autoptr (GPtrArray) names = NULL;

  if (file == NULL)
    return FALSE;
  names = kalon_safetensors_list (file);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      gsize shape[2] = { 0 };
      guint n_dims = kalon_safetensors_get_shape (file, name, 2, shape);
      float *values;

      if (n_dims == 0)
        return kalon_head_source_refuse (
            self, error, KALON_ERROR_UNSUPPORTED,
            "tensor %s is not of one or two dimensions, as those of a dense head are.", name);
      values = kalon_safetensors_dup_f32 (file, name, n_dims, shape, error);
      if (values == NULL || !add_tensor (self, name, n_dims, shape, values, error))
        return FALSE;
    }
  return TRUE;
}

static gsize
count_elements (const KalonTorchTensor *tensor)
{
  gsize count = 1;

  for (guint i = 0; i < tensor->n_dims; i++)
    count *= tensor->shape[i];
  return count;
}

/* Weights do not overlap, so that all together are no longer than the file; a few bytes in many
 * tensors would fill the memory. */
static gboolean
check_sizes (const KalonHeadSource *self, GPtrArray *tensors, gsize left, GError **error)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      const KalonTorchTensor *tensor = g_ptr_array_index (tensors, i);
      gsize size = count_elements (tensor) * (tensor->is_f16 ? 2 : 4);

      if (size > left)
        return kalon_head_source_refuse (self, error, KALON_ERROR_INVALID_DATA,
                                         "its tensors are longer than the file. Fetch it again.");
      left -= size;
    }
  return TRUE;
}

/* (transfer full) (nullable) */
static float *
dup_values (const KalonTorchArchive *archive, const KalonTorchTensor *tensor, GError **error)
{
  const gsize item_size = tensor->is_f16 ? 2 : 4;
  g_autofree char *entry = g_strconcat ("data/", tensor->storage, NULL);
  g_autofree float *values = NULL;
  const gsize count = count_elements (tensor);
  gsize size = 0;
  const guint8 *data = kalon_torch_archive_get (archive, entry, &size, error);

  if (data == NULL)
    return NULL;
  if (tensor->offset > size / item_size || count > size / item_size - tensor->offset)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: tensor %s reaches over the end of its bytes. Fetch the file again.",
                   kalon_torch_archive_get_file (archive), tensor->name);
      return NULL;
    }
  data += tensor->offset * item_size;
  values = g_new (float, count);
  for (gsize i = 0; i < count; i++, data += item_size)
    {
      guint32 bits = data[0] | (guint32) data[1] << 8;

      if (tensor->is_f16)
        values[i] = kalon_f16_to_f32 ((guint16) bits);
      else
        {
          bits |= (guint32) data[2] << 16 | (guint32) data[3] << 24;
          memcpy (&values[i], &bits, sizeof bits);
        }
    }
  return g_steal_pointer (&values);
}

static gboolean
check_byte_order (const KalonHeadSource *self, const KalonTorchArchive *archive, GError **error)
{
  gsize size;
  const guint8 *order;

  if (!kalon_torch_archive_has (archive, "byteorder"))
    return TRUE;
  order = kalon_torch_archive_get (archive, "byteorder", &size, error);
  if (order == NULL)
    return FALSE;
  if (size == strlen ("little") && memcmp (order, "little", size) == 0)
    return TRUE;
  return kalon_head_source_refuse (
      self, error, KALON_ERROR_UNSUPPORTED,
      "its numbers are not little-endian. Save it again on an ordinary machine.");
}

static gboolean
read_torch (KalonHeadSource *self, GBytes *bytes, GError **error)
{
  g_autoptr (KalonTorchArchive) archive = kalon_torch_archive_new (bytes, self->name, error);
  g_autoptr (GPtrArray) tensors = NULL;
  const guint8 *pickle;
  gsize size;

  if (archive == NULL || !check_byte_order (self, archive, error))
    return FALSE;
  pickle = kalon_torch_archive_get (archive, "data.pkl", &size, error);
  tensors = pickle != NULL ? kalon_torch_read_state_dict (pickle, size, self->name, error) : NULL;
  if (tensors == NULL || !check_sizes (self, tensors, g_bytes_get_size (bytes), error))
    return FALSE;
  for (guint i = 0; i < tensors->len; i++)
    {
      const KalonTorchTensor *tensor = g_ptr_array_index (tensors, i);
      float *values = dup_values (archive, tensor, error);

      if (values == NULL
          || !add_tensor (self, tensor->name, tensor->n_dims, tensor->shape, values, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_head_source_read (KalonHeadSource *self, GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  self->tensors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, tensor_free);
  if (size >= 4 && memcmp (data, "PK\3\4", 4) == 0)
    return read_torch (self, bytes, error);
  /* No safetensors file has a header of that length. */
  if (size >= 2 && data[0] == 0x80 && data[1] == 0x02 && size >= 8 && data[7] != 0)
    return kalon_head_source_refuse (
        self, error, KALON_ERROR_UNSUPPORTED,
        "it was written by a PyTorch before 1.6, or is a bare pickle. Load it there and "
        "save its state dict again with a newer one, or as safetensors.");
  return read_safetensors (self, bytes, error);
}
