/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-safetensors-private.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "errors/kalon-errors.h"

/*
 * A CLIP model has about 400 tensors and a header of 60 kB. The format itself allows 100 MB, which
 * would cost gigabytes to parse.
 */
#define MAX_HEADER (8 * 1024 * 1024)
/* Reading less than this does not give pages back: neighbours would have to fetch them again. */
#define RELEASE_FROM (256 * 1024)

typedef KalonSafetensorsEntry Entry;

static KalonSafetensors *
parse (GBytes *bytes, const char *file, gboolean is_mapped, GError **error)
{
  g_autoptr (KalonSafetensors) self = g_new0 (KalonSafetensors, 1);
  g_autoptr (JsonNode) header = NULL;
  guint64 header_size = 0;
  gsize size;

  self->bytes = g_bytes_ref (bytes);
  self->file = g_strdup (file);
  self->is_mapped = is_mapped;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->data = g_bytes_get_data (bytes, &size);
  if (size >= sizeof header_size)
    {
      memcpy (&header_size, self->data, sizeof header_size);
      header_size = GUINT64_FROM_LE (header_size);
    }
  if (size < sizeof header_size || header_size > MIN (MAX_HEADER, size - sizeof header_size))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s is no safetensors file, or is cut off: fetch it again. (header length "
                   "%" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT " bytes, limit %d)",
                   file, header_size, size, MAX_HEADER);
      return NULL;
    }
  self->data += sizeof header_size;
  header = kalon_input_parse_json ((const char *) self->data, header_size, file, error);
  if (header == NULL)
    return NULL;
  self->data += header_size;
  self->data_size = size - sizeof header_size - header_size;
  if (!kalon_safetensors_parse_header (self, json_node_get_object (header), error))
    return NULL;
  return g_steal_pointer (&self);
}

KalonSafetensors *
kalon_safetensors_open (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = kalon_input_map (path, error);
  g_autofree char *file = NULL;

  if (bytes == NULL)
    return NULL;
  file = g_path_get_basename (path);
  return parse (bytes, file, TRUE, error);
}

KalonSafetensors *
kalon_safetensors_new_from_bytes (GBytes *bytes, GError **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return parse (bytes, "safetensors", FALSE, error);
}

void
kalon_safetensors_free (KalonSafetensors *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->file);
  g_free (self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
kalon_safetensors_list (const KalonSafetensors *self)
{
  GPtrArray *names;
  GHashTableIter iter;
  gpointer name;

  g_return_val_if_fail (self != NULL, NULL);

  names = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}

gboolean
kalon_safetensors_has (const KalonSafetensors *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  return g_hash_table_contains (self->entries, name);
}

const char *
kalon_safetensors_get_metadata (const KalonSafetensors *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  return g_hash_table_lookup (self->metadata, key);
}

const char *
kalon_safetensors_get_file (const KalonSafetensors *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->file;
}

guint
kalon_safetensors_get_shape (const KalonSafetensors *self, const char *name, guint max_dims,
                             gsize *shape)
{
  const Entry *entry;

  g_return_val_if_fail (self != NULL && name != NULL && shape != NULL, 0);

  entry = g_hash_table_lookup (self->entries, name);
  if (entry == NULL || entry->n_dims > max_dims)
    return 0;
  memcpy (shape, entry->shape, entry->n_dims * sizeof *shape);
  return entry->n_dims;
}

static char *
describe_shape (guint n_dims, const gsize *shape)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < n_dims; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (shape[i] == 0)
        g_string_append (text, "any");
      else
        g_string_append_printf (text, "%" G_GSIZE_FORMAT, shape[i]);
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

gboolean
kalon_safetensors_check (const KalonSafetensors *self, const char *name, guint n_dims,
                         const gsize *shape, KalonDtype *dtype, GError **error)
{
  const Entry *entry;
  gboolean fits;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  entry = g_hash_table_lookup (self->entries, name);
  if (entry == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: tensor %s is missing. The model is not a CLIPModel, or is incomplete.",
                   self->file, name);
      return FALSE;
    }
  fits = entry->n_dims == n_dims;
  for (guint i = 0; fits && i < n_dims; i++)
    fits = shape[i] == 0 ? entry->shape[i] > 0 : entry->shape[i] == shape[i];
  if (!fits)
    {
      g_autofree char *found = describe_shape (entry->n_dims, entry->shape);
      g_autofree char *wanted = describe_shape (n_dims, shape);

      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: tensor %s has shape %s, config.json asks for %s.", self->file, name, found,
                   wanted);
      return FALSE;
    }
  if (!entry->is_float)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s: tensor %s is stored as %s. Choose the model in F32, F16 or BF16.",
                   self->file, name, entry->dtype_name);
      return FALSE;
    }
  if (dtype != NULL)
    *dtype = entry->dtype;
  return TRUE;
}

/* Gives the whole pages of a mapped file's @data: [size] back to the system. */
static void
release_pages (const KalonSafetensors *self, const guint8 *data, gsize size)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize lead = (page - (gsize) data % page) % page;

  if (self->is_mapped && size >= RELEASE_FROM)
    madvise ((gpointer) (data + lead), (size - lead) / page * page, MADV_DONTNEED);
}

/* @data: [count] F16 or BF16 at any address; the format promises no alignment. */
static void
convert_halves (KalonDtype dtype, const guint8 *data, float *values, gsize count)
{
  guint16 halves[4096];

  while (count > 0)
    {
      gsize n = MIN (count, G_N_ELEMENTS (halves));

      memcpy (halves, data, n * sizeof *halves);
      if (dtype == KALON_DTYPE_F16)
        kalon_f16_to_f32_array (halves, values, n);
      else
        for (gsize i = 0; i < n; i++)
          values[i] = kalon_bf16_to_f32 (halves[i]);
      data += n * sizeof *halves;
      values += n;
      count -= n;
    }
}

gboolean
kalon_safetensors_read_f32 (const KalonSafetensors *self, const char *name, gsize first,
                            gsize count, float *values, GError **error)
{
  const Entry *entry;
  const guint8 *data;
  guint32 worst = 0;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  entry = g_hash_table_lookup (self->entries, name);
  g_return_val_if_fail (entry != NULL && entry->is_float, FALSE);
  g_return_val_if_fail (first <= entry->count && count <= entry->count - first, FALSE);

  data = self->data + entry->begin + first * entry->item_size;
  if (entry->dtype == KALON_DTYPE_F32)
    memcpy (values, data, count * sizeof *values);
  else
    convert_halves (entry->dtype, data, values, count);
  release_pages (self, data, count * entry->item_size);

  /* All ones in the exponent, whatever the sign, is infinity or NaN. */
  for (gsize i = 0; i < count; i++)
    {
      guint32 bits;

      memcpy (&bits, &values[i], sizeof bits);
      worst = MAX (worst, bits & 0x7fffffffu);
    }
  if (worst >= 0x7f800000u)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: tensor %s holds a value that is not finite. The model is damaged.",
                   self->file, name);
      return FALSE;
    }
  return TRUE;
}

float *
kalon_safetensors_dup_f32 (const KalonSafetensors *self, const char *name, guint n_dims,
                           const gsize *shape, GError **error)
{
  g_autofree float *values = NULL;
  const Entry *entry;

  if (!kalon_safetensors_check (self, name, n_dims, shape, NULL, error))
    return NULL;
  entry = g_hash_table_lookup (self->entries, name);
  values = g_try_new (float, MAX (entry->count, 1));
  if (values == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "%s: no memory for tensor %s. Choose a smaller model.", self->file, name);
      return NULL;
    }
  if (!kalon_safetensors_read_f32 (self, name, 0, entry->count, values, error))
    return NULL;
  return g_steal_pointer (&values);
}
