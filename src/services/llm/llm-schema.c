/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <string.h>

/* Objects that are tried in a text; a rambling model may write many braces. */
#define MAX_OBJECTS 16

static gboolean fit (JsonObject *schema, JsonNode *node, const char *path, GError **error);

static gboolean
    G_GNUC_PRINTF (3, 4) refuse (GError **error, const char *path, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "The answer does not have the form that was asked for: %s %s. Try again, or take "
               "another model.",
               path[0] != '\0' ? path : "it", message);
  return FALSE;
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node)
         && (json_node_get_value_type (node) == G_TYPE_INT64
             || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
has_type (JsonNode *node, const char *type)
{
  if (g_strcmp0 (type, "object") == 0)
    return JSON_NODE_HOLDS_OBJECT (node);
  if (g_strcmp0 (type, "array") == 0)
    return JSON_NODE_HOLDS_ARRAY (node);
  if (g_strcmp0 (type, "null") == 0)
    return JSON_NODE_HOLDS_NULL (node);
  if (g_strcmp0 (type, "number") == 0)
    return is_number (node);
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (g_strcmp0 (type, "string") == 0)
    return json_node_get_value_type (node) == G_TYPE_STRING;
  if (g_strcmp0 (type, "boolean") == 0)
    return json_node_get_value_type (node) == G_TYPE_BOOLEAN;
  if (g_strcmp0 (type, "integer") == 0)
    return json_node_get_value_type (node) == G_TYPE_INT64;
  return FALSE;
}

static gboolean
fit_type (JsonNode *type, JsonNode *node, const char *path, GError **error)
{
  g_autofree char *wanted = NULL;

  if (JSON_NODE_HOLDS_VALUE (type) && has_type (node, json_node_get_string (type)))
    return TRUE;
  if (JSON_NODE_HOLDS_ARRAY (type))
    {
      JsonArray *types = json_node_get_array (type);

      for (guint i = 0; i < json_array_get_length (types); i++)
        if (has_type (node, json_array_get_string_element (types, i)))
          return TRUE;
    }
  wanted = json_to_string (type, FALSE);
  return refuse (error, path, "is not of type %s", wanted);
}

/* A limit of the schema; @otherwise when it has none. */
static double
get_limit (JsonObject *schema, const char *name, double otherwise)
{
  JsonNode *node = json_object_get_member (schema, name);

  return node != NULL && is_number (node) ? json_node_get_double (node) : otherwise;
}

static gboolean
fit_range (JsonObject *schema, const char *low, const char *high, double value, const char *what,
           const char *path, GError **error)
{
  double min = get_limit (schema, low, -G_MAXDOUBLE);
  double max = get_limit (schema, high, G_MAXDOUBLE);

  if (value < min)
    return refuse (error, path, "has a %s of %g, below %g", what, value, min);
  if (value > max)
    return refuse (error, path, "has a %s of %g, above %g", what, value, max);
  return TRUE;
}

static gboolean
fit_choice (JsonArray *choices, JsonNode *node, const char *path, GError **error)
{
  for (guint i = 0; i < json_array_get_length (choices); i++)
    if (json_node_equal (json_array_get_element (choices, i), node))
      return TRUE;
  return refuse (error, path, "is none of the values that are allowed");
}

static gboolean
fit_array (JsonObject *schema, JsonArray *array, const char *path, GError **error)
{
  JsonNode *items = json_object_get_member (schema, "items");

  if (!fit_range (schema, "minItems", "maxItems", json_array_get_length (array), "length", path,
                  error))
    return FALSE;
  for (guint i = 0;
       items != NULL && JSON_NODE_HOLDS_OBJECT (items) && i < json_array_get_length (array); i++)
    {
      g_autofree char *inner = g_strdup_printf ("%s[%u]", path, i);

      if (!fit (json_node_get_object (items), json_array_get_element (array, i), inner, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fit_object (JsonObject *schema, JsonObject *object, const char *path, GError **error)
{
  JsonNode *properties = json_object_get_member (schema, "properties");
  JsonNode *required = json_object_get_member (schema, "required");
  JsonObject *known = properties != NULL && JSON_NODE_HOLDS_OBJECT (properties)
                          ? json_node_get_object (properties)
                          : NULL;
  JsonNode *others = json_object_get_member (schema, "additionalProperties");
  gboolean closed
      = others != NULL && JSON_NODE_HOLDS_VALUE (others) && !json_node_get_boolean (others);
  g_autoptr (GList) members = json_object_get_members (object);

  if (required != NULL && JSON_NODE_HOLDS_ARRAY (required))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (required)); i++)
      {
        const char *name = json_array_get_string_element (json_node_get_array (required), i);

        if (name != NULL && !json_object_has_member (object, name))
          return refuse (error, path, "lacks “%s”", name);
      }
  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *inner = known != NULL ? json_object_get_member (known, l->data) : NULL;
      g_autofree char *name = NULL;

      if (inner != NULL && JSON_NODE_HOLDS_OBJECT (inner))
        {
          name = path[0] != '\0' ? g_strdup_printf ("%s.%s", path, (char *) l->data)
                                 : g_strdup (l->data);
          if (!fit (json_node_get_object (inner), json_object_get_member (object, l->data), name,
                    error))
            return FALSE;
        }
      else if (closed)
        json_object_remove_member (object, l->data);
    }
  return TRUE;
}

/* Depth is bounded by that of the parsed schema. */
static gboolean
fit (JsonObject *schema, JsonNode *node, const char *path, GError **error)
{
  JsonNode *type = json_object_get_member (schema, "type");
  JsonNode *choices = json_object_get_member (schema, "enum");

  if (type != NULL && !fit_type (type, node, path, error))
    return FALSE;
  if (choices != NULL && JSON_NODE_HOLDS_ARRAY (choices)
      && !fit_choice (json_node_get_array (choices), node, path, error))
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return fit_object (schema, json_node_get_object (node), path, error);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return fit_array (schema, json_node_get_array (node), path, error);
  if (has_type (node, "string"))
    return fit_range (schema, "minLength", "maxLength",
                      g_utf8_strlen (json_node_get_string (node), -1), "length", path, error);
  if (is_number (node))
    return fit_range (schema, "minimum", "maximum", json_node_get_double (node), "value", path,
                      error);
  return TRUE;
}

/* The end of the object that begins at @text, %NULL when it has none. Braces in strings don't
 * count. */
static const char *
find_object_end (const char *text)
{
  gboolean quoted = FALSE;
  guint depth = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (quoted && *p == '\\' && p[1] != '\0')
      p++;
    else if (*p == '"')
      quoted = !quoted;
    else if (!quoted && *p == '{')
      depth++;
    else if (!quoted && *p == '}' && --depth == 0)
      return p + 1;
  return NULL;
}

JsonNode *
kalon_llm_parse_answer (const char *text, const char *schema, GError **error)
{
  g_autoptr (JsonNode) form = NULL;
  g_autoptr (GError) first = NULL;
  const char *start = text;

  g_return_val_if_fail (text != NULL && schema != NULL, NULL);

  form = kalon_input_parse_json (schema, strlen (schema), "schema", error);
  if (form == NULL)
    return NULL;
  for (guint i = 0; i < MAX_OBJECTS && (start = strchr (start, '{')) != NULL; i++)
    {
      const char *end = find_object_end (start);
      g_autoptr (JsonNode) node = NULL;

      if (end != NULL)
        node = kalon_input_parse_json (start, end - start, "answer", NULL);
      if (node != NULL
          && fit (json_node_get_object (form), node, "", first == NULL ? &first : NULL))
        return g_steal_pointer (&node);
      /* What is no JSON may have some in it; the objects in one that does not fit are not looked
       * for. */
      start = node != NULL ? end : start + 1;
    }
  if (first != NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  else
    g_set_error_literal (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                         "The answer is not the JSON that was asked for. Try again, or take "
                         "another model.");
  return NULL;
}
