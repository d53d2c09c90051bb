/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

typedef struct
{
  KalonHpirSet *set;
  GHashTable *labelers; /* id -> position + 1 */
  gint64 count;         /* items as the first line says; -1: it does not say */
} Reader;

gboolean
kalon_hpir_read_texts (const KalonSection *section, const char *key, guint max, gsize max_text,
                       GHashTable *texts, GError **error)
{
  JsonNode *node = kalon_section_get (section, key);
  KalonSection inner = { .file = section->file, .section = key };
  g_autoptr (GList) members = NULL;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (section, key, error, "is not an object of texts.");
  inner.object = json_node_get_object (node);
  if (json_object_get_size (inner.object) > max)
    return kalon_section_refuse (section, key, error, "has more than %u members.", max);
  members = json_object_get_members (inner.object);
  for (GList *m = members; m != NULL; m = m->next)
    {
      const char *name = m->data;
      g_autofree char *shown = kalon_input_quote (name);
      const char *text;

      if (*name == '\0' || strlen (name) > KALON_HPIR_MAX_WORD || !g_utf8_validate (name, -1, NULL))
        return kalon_section_refuse (&inner, shown, error, "is no name of 1 to %d bytes.",
                                     KALON_HPIR_MAX_WORD);
      text = kalon_section_take_text (&inner, name, max_text, error);
      if (text == NULL)
        return FALSE;
      g_hash_table_insert (texts, g_strdup (name), g_strdup (text));
    }
  return TRUE;
}

static gboolean
read_labeler (Reader *reader, const KalonSection *head, JsonNode *node, GError **error)
{
  KalonSection section = { .file = head->file, .section = "labelers" };
  g_autoptr (GHashTable) traits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *id;
  guint position;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (head, "labelers", error, "has an element that is no object.");
  section.object = json_node_get_object (node);
  id = kalon_section_take_text (&section, "id", KALON_HPIR_MAX_WORD, error);
  if (id == NULL)
    return FALSE;
  if (*id == '\0' || g_hash_table_contains (reader->labelers, id))
    return kalon_section_refuse (&section, "id", error,
                                 *id == '\0' ? "is empty." : "is that of a labeler before.");
  if (!kalon_hpir_read_texts (&section, "traits", KALON_HPIR_MAX_TRAITS, KALON_HPIR_MAX_WORD,
                              traits, error))
    return FALSE;
  position = kalon_hpir_set_add_labeler (reader->set, id, traits);
  g_hash_table_insert (reader->labelers, g_strdup (id), GUINT_TO_POINTER (position + 1));
  return TRUE;
}

static gboolean
read_labelers (Reader *reader, const KalonSection *head, GError **error)
{
  JsonNode *node = kalon_section_get (head, "labelers");
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) > KALON_HPIR_MAX_LABELERS)
    return kalon_section_refuse (head, "labelers", error, "is not an array of %d labelers at most.",
                                 KALON_HPIR_MAX_LABELERS);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_labeler (reader, head, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_head (Reader *reader, const KalonSection *head, GError **error)
{
  const char *format = kalon_section_take_text (head, "format", KALON_HPIR_MAX_TEXT, error);
  const char *name;
  gint64 version = -1;

  if (format == NULL
      || !kalon_section_get_integer (head, "version", 0, G_MAXINT64, &version, error))
    return FALSE;
  if (!g_str_equal (format, KALON_HPIR_FORMAT))
    return kalon_section_refuse (head, "format", error, "is not “%s”.", KALON_HPIR_FORMAT);
  if (version < 0)
    return kalon_section_refuse (head, "version", error, "is missing.");
  if (version != KALON_HPIR_VERSION)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s: version %" G_GINT64_FORMAT " is not known; this Kalon reads version %d.",
                   head->file, version, KALON_HPIR_VERSION);
      return FALSE;
    }
  name = kalon_section_take_text (head, "name", KALON_HPIR_MAX_TEXT, error);
  if (name == NULL || !kalon_section_get_boolean (head, "synthetic", &reader->set->synthetic, error)
      || !kalon_section_copy_text (head, "made_from", KALON_HPIR_MAX_TEXT, &reader->set->made_from,
                                   error)
      || !kalon_section_get_integer (head, "count", 0, G_MAXINT32, &reader->count, error))
    return FALSE;
  if (reader->count < 0)
    return kalon_section_refuse (head, "count", error, "is missing.");
  g_free (reader->set->name);
  reader->set->name = g_strdup (name);
  return read_labelers (reader, head, error);
}

/* The paper's plain form has no first line of its own: it begins with an item. */
static gboolean
read_line (Reader *reader, const char *line, gsize length, const char *where, gboolean is_first,
           GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  KalonSection section = { .file = where };

  if (length > KALON_HPIR_MAX_LINE)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "%s: the line is over %d MiB. This is no HPIR set, or a damaged one.", where,
                   KALON_HPIR_MAX_LINE >> 20);
      return FALSE;
    }
  root = kalon_input_parse_json (line, length, where, error);
  if (root == NULL)
    return FALSE;
  section.object = json_node_get_object (root);
  if (is_first && json_object_has_member (section.object, "format"))
    return read_head (reader, &section, error);
  return kalon_hpir_read_item (&section, reader->set, reader->labelers, error);
}

KalonHpirSet *
kalon_hpir_set_parse (const char *data, gsize length, const char *name, const char *folder,
                      GError **error)
{
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GHashTable) labelers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader;
  const char *end = data + length;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (name != NULL && folder != NULL, NULL);

  set = kalon_hpir_set_new (name, folder);
  reader = (Reader){ set, labelers, -1 };
  for (guint line = 1; data < end; line++)
    {
      const char *stop = memchr (data, '\n', (gsize) (end - data));
      gsize size = (gsize) ((stop != NULL ? stop : end) - data);
      g_autofree char *where = g_strdup_printf ("%s:%u", name, line);

      if (!read_line (&reader, data, size, where, line == 1, error))
        return NULL;
      data += MIN (size + 1, (gsize) (end - data));
    }
  if (reader.count >= 0 ? set->items->len != reader.count : set->items->len == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   reader.count >= 0
                       ? "%s: %u items are there, its first line says %" G_GINT64_FORMAT
                         ". The file was cut off; get it again."
                       : "%s: it is empty. Name an HPIR set.",
                   name, set->items->len, reader.count);
      return NULL;
    }
  return g_steal_pointer (&set);
}

KalonHpirSet *
kalon_hpir_set_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;
  const char *data;
  gsize size;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = kalon_input_read (path, KALON_HPIR_MAX_FILE, error);
  if (bytes == NULL)
    return NULL;
  base = g_path_get_basename (path);
  name = kalon_input_dup_utf8 (base);
  folder = g_path_get_dirname (path);
  data = g_bytes_get_data (bytes, &size);
  return kalon_hpir_set_parse (data != NULL ? data : "", size, name, folder, error);
}
