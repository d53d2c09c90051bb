/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-safetensors-private.h"

#include "errors/kalon-errors.h"

typedef KalonSafetensorsEntry Entry;

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
  if (json_array_get_length (array) > KALON_SAFETENSORS_MAX_DIMS)
    return kalon_section_refuse (section, "shape", error, "has %u dimensions, the limit is %d.",
                                 json_array_get_length (array), KALON_SAFETENSORS_MAX_DIMS);
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

/* The format wants texts; anything else is nobody's business here. */
static void
take_metadata (KalonSafetensors *self, JsonObject *object)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_hash_table_insert (self->metadata, g_strdup (key), json_node_dup_string (node));
}

gboolean
kalon_safetensors_parse_header (KalonSafetensors *self, JsonObject *header, GError **error)
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
        {
          take_metadata (self, json_node_get_object (node));
          continue;
        }
      section.object = json_node_get_object (node);
      entry = g_new0 (Entry, 1);
      if (!parse_dtype (&section, entry, error) || !parse_shape (&section, entry, error)
          || !parse_offsets (&section, self->data_size, entry, error))
        return FALSE;
      g_hash_table_insert (self->entries, g_strdup (name), g_steal_pointer (&entry));
    }
  return check_coverage (self, error);
}
