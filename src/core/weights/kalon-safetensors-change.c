/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-safetensors-private.h"

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"

/* Where one tensor's bytes stand in the file, and what comes there. */
typedef struct
{
  gsize begin; /* from the start of the file */
  GBytes *bytes;
} Change;

static void
change_clear (gpointer data)
{
  g_bytes_unref (((Change *) data)->bytes);
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  gsize x = ((const Change *) a)->begin, y = ((const Change *) b)->begin;

  return (x > y) - (x < y);
}

/* @values: [n] as @dtype stores them, little-endian. */
static GBytes *
encode (const float *values, gsize n, KalonDtype dtype)
{
  gsize size = kalon_dtype_get_size (dtype);
  guint8 *bytes = g_malloc (n * size);

  for (gsize i = 0; i < n; i++)
    if (dtype == KALON_DTYPE_F32)
      {
        guint32 bits;

        memcpy (&bits, &values[i], sizeof bits);
        bits = GUINT32_TO_LE (bits);
        memcpy (bytes + i * size, &bits, sizeof bits);
      }
    else
      {
        guint16 half = dtype == KALON_DTYPE_F16 ? kalon_f32_to_f16 (values[i])
                                                : kalon_f32_to_bf16 (values[i]);

        half = GUINT16_TO_LE (half);
        memcpy (bytes + i * size, &half, sizeof half);
      }
  return g_bytes_new_take (bytes, n * size);
}

/* What a reader would refuse is not written: also a number that F16 has no room for. */
static gboolean
check_values (const KalonSafetensors *self, const KalonSafetensorsTensor *tensor, gsize n,
              KalonDtype dtype, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (tensor->values[i])
        || (dtype == KALON_DTYPE_F16
            && !isfinite (kalon_f16_to_f32 (kalon_f32_to_f16 (tensor->values[i])))))
      {
        g_set_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
                     "%s: a new value of tensor %s cannot be stored as %s.", self->file,
                     tensor->name, kalon_dtype_get_name (dtype));
        return FALSE;
      }
  return TRUE;
}

/* (transfer full) (element-type Change): in the order of the file */
static GArray *
make_changes (const KalonSafetensors *self, const KalonSafetensorsTensor *tensors, gsize n,
              GError **error)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  gsize data_begin = self->data - (const guint8 *) g_bytes_get_data (self->bytes, NULL);

  g_array_set_clear_func (changes, change_clear);
  for (gsize i = 0; i < n; i++)
    {
      const KalonSafetensorsEntry *entry;
      KalonDtype dtype;
      Change change;

      if (!kalon_safetensors_check (self, tensors[i].name, tensors[i].n_dims, tensors[i].shape,
                                    &dtype, error))
        return NULL;
      entry = g_hash_table_lookup (self->entries, tensors[i].name);
      if (!check_values (self, &tensors[i], entry->count, dtype, error))
        return NULL;
      change.begin = data_begin + entry->begin;
      change.bytes = encode (tensors[i].values, entry->count, dtype);
      g_array_append_val (changes, change);
    }
  g_array_sort (changes, compare_changes);
  return g_steal_pointer (&changes);
}

static gboolean
write_changed (const KalonSafetensors *self, GArray *changes, const char *path,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream
      = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, cancellable, error);
  GOutputStream *out = G_OUTPUT_STREAM (stream);
  gsize size, done = 0;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);

  if (stream == NULL)
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);
      gsize length;
      const void *data = g_bytes_get_data (change->bytes, &length);

      if (!g_output_stream_write_all (out, bytes + done, change->begin - done, NULL, cancellable,
                                      error)
          || !g_output_stream_write_all (out, data, length, NULL, cancellable, error))
        return FALSE;
      done = change->begin + length;
    }
  return g_output_stream_write_all (out, bytes + done, size - done, NULL, cancellable, error)
         && g_output_stream_close (out, cancellable, error);
}

gboolean
kalon_safetensors_save_changed (const KalonSafetensors *self, const KalonSafetensorsTensor *tensors,
                                gsize n, const char *path, GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (GArray) changes = NULL;
  g_autofree char *part = NULL;

  g_return_val_if_fail (self != NULL && path != NULL && (tensors != NULL || n == 0), FALSE);

  changes = make_changes (self, tensors, n, error);
  if (changes == NULL)
    return FALSE;
  part = g_strconcat (path, ".part", NULL);
  if (!write_changed (self, changes, part, cancellable, error))
    {
      g_unlink (part);
      return FALSE;
    }
  if (g_rename (part, path) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s could not be written: %s",
                   path, g_strerror (code));
      g_unlink (part);
      return FALSE;
    }
  return TRUE;
}
