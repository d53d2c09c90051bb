/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-weights.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

/*
 * A CLIP model has about 400 tensors and a header of 60 kB. The format itself allows 100 MB, which
 * would cost gigabytes to parse.
 */
#define MAX_HEADER (8 * 1024 * 1024)
#define MAX_DIMS 8
/* Reading less than this does not give pages back: neighbours would have to fetch them again. */
#define RELEASE_FROM (256 * 1024)

typedef struct
{
  const char *dtype_name; /* static */
  gsize item_size;
  gboolean is_float; /* dtype is valid */
  KalonDtype dtype;
  guint n_dims;
  gsize shape[MAX_DIMS];
  gsize count;
  gsize begin; /* from the start of the data */
  gsize end;
} Entry;

struct _KalonSafetensors
{
  GBytes *bytes;
  const guint8 *data; /* after the header */
  gsize data_size;
  char *file;         /* its name, for messages */
  gboolean is_mapped; /* untouched pages of a file: they may be dropped */
  GHashTable *entries;
};

static const struct
{
  const char *name;
  gsize item_size;
  gboolean is_float;
  KalonDtype dtype;
} dtypes[] = {
  { "F32", 4, TRUE, KALON_DTYPE_F32 },
  { "F16", 2, TRUE, KALON_DTYPE_F16 },
  { "BF16", 2, TRUE, KALON_DTYPE_BF16 },
  { "F64", 8 },
  { "I64", 8 },
  { "I32", 4 },
  { "I16", 2 },
  { "I8", 1 },
  { "U64", 8 },
  { "U32", 4 },
  { "U16", 2 },
  { "U8", 1 },
  { "BOOL", 1 },
  { "F8_E4M3", 1 },
  { "F8_E5M2", 1 },
};

static gboolean
parse_extent (JsonArray *array, guint i, gsize *extent)
{
  JsonNode *node = json_array_get_element (array, i);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64
      || json_node_get_int (node) < 0)
    return FALSE;
  *extent = (gsize) json_node_get_int (node);
  return TRUE;
}

static gboolean
parse_dtype (const KalonSection *section, Entry *entry, GError **error)
{
  g_autofree char *quoted = NULL;
  const char *name = NULL;

  if (!kalon_section_get_string (section, "dtype", &name, error))
    return FALSE;
  if (name == NULL)
    return kalon_section_refuse (section, "dtype", error, "is missing.");
  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (g_str_equal (dtypes[i].name, name))
      {
        entry->dtype_name = dtypes[i].name;
        entry->item_size = dtypes[i].item_size;
        entry->is_float = dtypes[i].is_float;
        entry->dtype = dtypes[i].dtype;
        return TRUE;
      }
  quoted = kalon_input_quote (name);
  return kalon_section_refuse (section, "dtype", error, "“%s” is not known.", quoted);
}

static gboolean
parse_shape (const KalonSection *section, Entry *entry, GError **error)
{
  JsonNode *node = kalon_section_get (section, "shape");
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return kalon_section_refuse (section, "shape", error, "must be a list of integers.");
  array = json_node_get_array (node);
  if (json_array_get_length (array) > MAX_DIMS)
    return kalon_section_refuse (section, "shape", error, "has %u dimensions, the limit is %d.",
                                 json_array_get_length (array), MAX_DIMS);
  entry->n_dims = json_array_get_length (array);
  entry->count = 1;
  for (guint i = 0; i < entry->n_dims; i++)
    {
      if (!parse_extent (array, i, &entry->shape[i]))
        return kalon_section_refuse (section, "shape", error,
                                     "must hold integers that are not negative.");
      if (!g_size_checked_mul (&entry->count, entry->count, entry->shape[i]))
        return kalon_section_refuse (section, "shape", error, "overflows.");
    }
  return TRUE;
}

static gboolean
parse_offsets (const KalonSection *section, gsize data_size, Entry *entry, GError **error)
{
  JsonNode *node = kalon_section_get (section, "data_offsets");
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gsize size;

  if (array == NULL || json_array_get_length (array) != 2 || !parse_extent (array, 0, &entry->begin)
      || !parse_extent (array, 1, &entry->end))
    return kalon_section_refuse (section, "data_offsets", error,
                                 "must be two integers that are not negative.");
  if (entry->begin > entry->end || entry->end > data_size)
    return kalon_section_refuse (section, "data_offsets", error,
                                 "are %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                                 ", the file has %" G_GSIZE_FORMAT " bytes of data.",
                                 entry->begin, entry->end, data_size);
  if (!g_size_checked_mul (&size, entry->count, entry->item_size)
      || size != entry->end - entry->begin)
    return kalon_section_refuse (section, "data_offsets", error, "do not fit shape and dtype.");
  return TRUE;
}

static int
compare_begin (gconstpointer a, gconstpointer b, gpointer entries)
{
  const Entry *x = g_hash_table_lookup (entries, *(const char *const *) a);
  const Entry *y = g_hash_table_lookup (entries, *(const char *const *) b);

  /* An empty tensor may share its place with the one that follows it. */
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

/* The format wants the data covered exactly: no overlap, no hole, nothing at the end. */
static gboolean
check_coverage (KalonSafetensors *self, GError **error)
{
  g_autoptr (GPtrArray) names = kalon_safetensors_list (self);
  gsize end = 0;

  g_ptr_array_sort_with_data (names, compare_begin, self->entries);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      const Entry *entry = g_hash_table_lookup (self->entries, name);
      g_autofree char *quoted = kalon_input_quote (name);
      KalonSection section = { .file = self->file, .section = quoted };

      if (entry->begin != end)
        return kalon_section_refuse (&section, "data_offsets", error,
                                     entry->begin < end ? "overlap another tensor."
                                                        : "leave a hole before the tensor.");
      end = entry->end;
    }
  if (end != self->data_size)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: %" G_GSIZE_FORMAT " bytes of data, its tensors have %" G_GSIZE_FORMAT
                   ". The file is damaged; fetch it again.",
                   self->file, self->data_size, end);
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse_header (KalonSafetensors *self, JsonObject *header, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, header);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autofree char *quoted = kalon_input_quote (name);
      KalonSection section = { .file = self->file, .section = quoted };
      g_autofree Entry *entry = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          section.section = NULL;
          return kalon_section_refuse (&section, quoted, error, "is not an object.");
        }
      if (g_str_equal (name, "__metadata__"))
        continue;
      section.object = json_node_get_object (node);
      entry = g_new0 (Entry, 1);
      if (!parse_dtype (&section, entry, error) || !parse_shape (&section, entry, error)
          || !parse_offsets (&section, self->data_size, entry, error))
        return FALSE;
      g_hash_table_insert (self->entries, g_strdup (name), g_steal_pointer (&entry));
    }
  return check_coverage (self, error);
}

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
  self->data = g_bytes_get_data (bytes, &size);
  if (size >= sizeof header_size)
    {
      memcpy (&header_size, self->data, sizeof header_size);
      header_size = GUINT64_FROM_LE (header_size);
    }
  if (size < sizeof header_size || header_size > MIN (MAX_HEADER, size - sizeof header_size))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: header length is %" G_GUINT64_FORMAT ", the file has %" G_GSIZE_FORMAT
                   " bytes and the limit is %d. The file is damaged or of another format; fetch "
                   "it again.",
                   file, header_size, size, MAX_HEADER);
      return NULL;
    }
  self->data += sizeof header_size;
  header = kalon_input_parse_json ((const char *) self->data, header_size, file, error);
  if (header == NULL)
    return NULL;
  self->data += header_size;
  self->data_size = size - sizeof header_size - header_size;
  if (!parse_header (self, json_node_get_object (header), error))
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
