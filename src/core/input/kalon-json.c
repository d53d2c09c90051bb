/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/kalon-input.h"

#include <math.h>

#include "errors/kalon-errors.h"

/*
 * What json-glib must not see: it recurses once per level without a limit, and its scanner takes
 * comments, assignments, single-quoted strings and, leaking them, several values. Counts the
 * members of the outermost object, so that a repeated name, which json-glib drops silently, can be
 * noticed afterwards.
 */
static const char *
find_fault (const char *data, gsize length, gsize *n_members)
{
  gsize depth = 0, commas = 0;
  gboolean in_string = FALSE, any = FALSE, is_complete = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) data[i];

      if (depth == 0 && !g_ascii_isspace (c) && (c != '{' || is_complete))
        return is_complete ? "goes on after its end" : "is not a JSON object";
      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
          continue;
        }
      if (c == '{' || c == '[')
        {
          if (++depth > KALON_INPUT_MAX_DEPTH)
            return "is nested too deeply";
        }
      else if (c == '}' || c == ']')
        {
          is_complete = --depth == 0;
        }
      else if (c == '"')
        in_string = any = TRUE;
      else if (c == ',')
        commas += depth == 1;
      else if (!g_ascii_isspace (c) && !g_ascii_isalnum (c) && strchr ("+-.:", c) == NULL)
        return "has a character that JSON does not allow outside strings";
      else if (c == '\0')
        return "holds a zero byte";
    }
  if (!is_complete)
    return depth > 0 ? "ends in the middle" : "is not a JSON object";
  *n_members = any ? commas + 1 : 0;
  return NULL;
}

JsonNode *
kalon_input_parse_json (const char *data, gsize length, const char *name, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) cause = NULL;
  const char *fault;
  gsize n_members = 0;
  JsonNode *root;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  fault = find_fault (data, length, &n_members);
  if (fault == NULL && length > G_MAXINT)
    fault = "is too long";
  if (fault == NULL && !json_parser_load_from_data (parser, data, (gssize) length, &cause))
    fault = cause->message;
  root = json_parser_get_root (parser);
  if (fault == NULL && (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)))
    fault = "is not a JSON object";
  if (fault == NULL && json_object_get_size (json_node_get_object (root)) != n_members)
    fault = "has the same member twice";
  if (fault != NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: %s. The file is damaged or not what its name promises; fetch it again.",
                   name, fault);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

JsonNode *
kalon_input_load_json (const char *path, gsize max_size, GError **error)
{
  g_autoptr (GBytes) bytes = kalon_input_read (path, max_size, error);
  g_autofree char *name = NULL;
  const char *data;
  gsize size;

  if (bytes == NULL)
    return NULL;
  name = g_path_get_basename (path);
  data = g_bytes_get_data (bytes, &size);
  return kalon_input_parse_json (data, size, name, error);
}

gboolean
kalon_section_refuse (const KalonSection *section, const char *key, GError **error,
                      const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA, "%s: %s%s%s %s", section->file,
               section->section != NULL ? section->section : "",
               section->section != NULL ? "." : "", key, message);
  return FALSE;
}

JsonNode *
kalon_section_get (const KalonSection *section, const char *key)
{
  JsonNode *node = section->object != NULL ? json_object_get_member (section->object, key) : NULL;

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

gboolean
kalon_section_get_integer (const KalonSection *section, const char *key, gint64 min, gint64 max,
                           gint64 *value, GError **error)
{
  JsonNode *node = kalon_section_get (section, key);
  gint64 found;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return kalon_section_refuse (section, key, error, "must be an integer.");
  found = json_node_get_int (node);
  if (found < min || found > max)
    return kalon_section_refuse (section, key, error,
                                 "is %" G_GINT64_FORMAT ", it must be from %" G_GINT64_FORMAT
                                 " to %" G_GINT64_FORMAT ".",
                                 found, min, max);
  *value = found;
  return TRUE;
}

gboolean
kalon_section_get_number (const KalonSection *section, const char *key, double min, double max,
                          double *value, GError **error)
{
  JsonNode *node = kalon_section_get (section, key);
  double found;
  GType type;

  if (node == NULL)
    return TRUE;
  type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    return kalon_section_refuse (section, key, error, "must be a number.");
  found = json_node_get_double (node);
  if (!(found >= min && found <= max))
    return kalon_section_refuse (section, key, error, "is %g, it must be from %g to %g.", found,
                                 min, max);
  *value = found;
  return TRUE;
}

gboolean
kalon_section_get_boolean (const KalonSection *section, const char *key, gboolean *value,
                           GError **error)
{
  JsonNode *node = kalon_section_get (section, key);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return kalon_section_refuse (section, key, error, "must be true or false.");
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
kalon_section_get_string (const KalonSection *section, const char *key, const char **value,
                          GError **error)
{
  JsonNode *node = kalon_section_get (section, key);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return kalon_section_refuse (section, key, error, "must be a string.");
  /* Escaped, it passes json-glib. */
  if (!g_utf8_validate (json_node_get_string (node), -1, NULL))
    return kalon_section_refuse (section, key, error, "has half of a surrogate pair.");
  *value = json_node_get_string (node);
  return TRUE;
}
