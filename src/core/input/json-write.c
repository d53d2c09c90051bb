/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/kalon-input.h"

#include <string.h>

JsonBuilder *
kalon_json_begin_line (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

char *
kalon_json_end_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  return g_strconcat (line, "\n", NULL);
}

void
kalon_json_add_text (JsonBuilder *builder, const char *key, const char *text)
{
  json_builder_set_member_name (builder, key);
  kalon_json_add_text_element (builder, text);
}

void
kalon_json_add_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

void
kalon_json_add_number (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

void
kalon_json_add_boolean (JsonBuilder *builder, const char *key, gboolean value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

void
kalon_json_add_texts (JsonBuilder *builder, const char *key, const char *const *texts)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (; texts != NULL && *texts != NULL; texts++)
    kalon_json_add_text_element (builder, *texts);
  json_builder_end_array (builder);
}

void
kalon_json_add_text_table (JsonBuilder *builder, const char *key, GHashTable *texts)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (texts), (GCompareFunc) g_strcmp0);

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (GList *name = names; name != NULL; name = name->next)
    kalon_json_add_text (builder, name->data, g_hash_table_lookup (texts, name->data));
  json_builder_end_object (builder);
}

void
kalon_json_add_text_element (JsonBuilder *builder, const char *text)
{
  g_autofree char *valid = text != NULL ? kalon_input_dup_utf8 (text) : NULL;

  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

void
kalon_json_add_path (JsonBuilder *builder, const char *path)
{
  kalon_json_add_text (builder, "path", path);
  if (!g_utf8_validate (path, -1, NULL))
    {
      g_autofree char *escaped = g_uri_escape_bytes ((const guint8 *) path, strlen (path), "/");
      g_autofree char *uri = g_strconcat (*path == '/' ? "file://" : "", escaped, NULL);

      kalon_json_add_text (builder, "uri", uri);
    }
}
