/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-weights.h"

#include <string.h>

#include <json-glib/json-glib.h>

/* The data starts at a multiple of this, as the format's own writer has it: mapped floats are then
 * aligned. */
#define ALIGNMENT 8

static gsize
get_size (const KalonSafetensorsTensor *tensor)
{
  gsize count = 1;

  for (guint i = 0; i < tensor->n_dims; i++)
    count *= tensor->shape[i];
  return count * sizeof (float);
}

static void
add_tensor (JsonBuilder *builder, const KalonSafetensorsTensor *tensor, gsize begin)
{
  json_builder_set_member_name (builder, tensor->name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "dtype");
  json_builder_add_string_value (builder, "F32");
  json_builder_set_member_name (builder, "shape");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tensor->n_dims; i++)
    json_builder_add_int_value (builder, (gint64) tensor->shape[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "data_offsets");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, (gint64) begin);
  json_builder_add_int_value (builder, (gint64) (begin + get_size (tensor)));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static char *
make_header (const KalonSafetensorsTensor *tensors, gsize n, const char *const *metadata)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  gsize begin = 0;

  json_builder_begin_object (builder);
  if (metadata != NULL && metadata[0] != NULL)
    {
      json_builder_set_member_name (builder, "__metadata__");
      json_builder_begin_object (builder);
      for (gsize i = 0; metadata[i] != NULL; i += 2)
        {
          json_builder_set_member_name (builder, metadata[i]);
          json_builder_add_string_value (builder, metadata[i + 1]);
        }
      json_builder_end_object (builder);
    }
  for (gsize i = 0; i < n; i++)
    {
      add_tensor (builder, &tensors[i], begin);
      begin += get_size (&tensors[i]);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

GBytes *
kalon_safetensors_to_bytes (const KalonSafetensorsTensor *tensors, gsize n,
                            const char *const *metadata)
{
  g_autofree char *header = make_header (tensors, n, metadata);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize length = strlen (header);
  gsize padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  guint64 stored = GUINT64_TO_LE ((guint64) padded);

  g_byte_array_append (bytes, (const guint8 *) &stored, sizeof stored);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) length);
  g_byte_array_append (bytes, (const guint8 *) "        ", (guint) (padded - length));
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < get_size (&tensors[i]) / sizeof (float); j++)
      {
        guint32 bits;

        memcpy (&bits, &tensors[i].values[j], sizeof bits);
        bits = GUINT32_TO_LE (bits);
        g_byte_array_append (bytes, (const guint8 *) &bits, sizeof bits);
      }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

gboolean
kalon_safetensors_save (const char *path, const KalonSafetensorsTensor *tensors, gsize n,
                        const char *const *metadata, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  const void *data;

  g_return_val_if_fail (path != NULL && tensors != NULL && n > 0, FALSE);

  bytes = kalon_safetensors_to_bytes (tensors, n, metadata);
  data = g_bytes_get_data (bytes, &size);
  return g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   error);
}
