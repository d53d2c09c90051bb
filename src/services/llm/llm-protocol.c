/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

#include "input/kalon-input.h"

#include <string.h>

void
kalon_llm_write_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

/* Takes the limits out of a schema and of those in it. */
static void
drop_limits (JsonNode *node)
{
  static const char *const limits[]
      = { "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum" };

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) members = NULL;

      /* A limit is a number; a property that is called so is a schema. */
      for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
        {
          JsonNode *value = json_object_get_member (object, limits[i]);

          if (value != NULL && JSON_NODE_HOLDS_VALUE (value))
            json_object_remove_member (object, limits[i]);
        }
      members = json_object_get_values (object);
      for (GList *l = members; l != NULL; l = l->next)
        drop_limits (l->data);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        drop_limits (json_array_get_element (array, i));
    }
}

void
kalon_llm_write_schema (JsonBuilder *builder, const char *name, const char *schema, gboolean limits)
{
  g_autoptr (JsonNode) node = kalon_input_parse_json (schema, strlen (schema), "schema", NULL);

  g_return_if_fail (node != NULL);
  if (!limits)
    drop_limits (node);
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, g_steal_pointer (&node));
}

void
kalon_llm_write_system (JsonBuilder *builder, const char *name, const KalonLlmRequest *request)
{
  const char *system = request->system != NULL ? request->system : "";
  g_autofree char *text = NULL;

  /* In words as well: a grammar forces the form without telling the model of it, and some servers
   * pass over what they don't know. */
  if (request->schema != NULL)
    text = g_strdup_printf ("%s\n\nAnswer with one JSON object that fits this JSON schema, and "
                            "with nothing else:\n%s",
                            system, request->schema);
  kalon_llm_write_string (builder, name, text != NULL ? text : system);
}

const char *
kalon_llm_read_string (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

JsonObject *
kalon_llm_read_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
kalon_llm_read_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
kalon_llm_read_element (JsonArray *array, guint index)
{
  JsonNode *node = array != NULL && index < json_array_get_length (array)
                       ? json_array_get_element (array, index)
                       : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* vLLM and Mistral send {"object":"error","message":...,"type":...}, or the last two alone. No
 * event of an answer has a text for its message. */
static gboolean
is_complaint (JsonObject *object)
{
  return kalon_llm_read_string (object, "message") != NULL
         && (g_strcmp0 (kalon_llm_read_string (object, "object"), "error") == 0
             || kalon_llm_read_string (object, "type") != NULL);
}

KalonLlmComplaint *
kalon_llm_read_complaint (JsonObject *object)
{
  static const char *const parts[] = { "type", "code", "param" };
  JsonNode *node = json_object_get_member (object, "error");
  gboolean has_member = node != NULL && !JSON_NODE_HOLDS_NULL (node);
  KalonLlmComplaint *complaint;
  g_autoptr (GString) kind = NULL;
  JsonObject *error;

  if (!has_member && !is_complaint (object))
    return NULL;
  complaint = g_new0 (KalonLlmComplaint, 1);
  kind = g_string_new (NULL);
  error = has_member ? kalon_llm_read_object (object, "error") : object;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *part = kalon_llm_read_string (error, parts[i]);

      if (part != NULL)
        g_string_append_printf (kind, "%s ", part);
    }
  complaint->kind = g_ascii_strdown (kind->str, -1);
  complaint->message = g_strdup (
      kalon_llm_read_string (error != NULL ? error : object, error != NULL ? "message" : "error"));
  return complaint;
}

KalonLlmComplaint *
kalon_llm_parse_complaint (const char *body, gsize length)
{
  g_autoptr (JsonNode) node = kalon_input_parse_json (body, length, "error", NULL);
  KalonLlmComplaint *complaint = NULL;
  g_auto (GStrv) lines = NULL;

  if (node != NULL)
    complaint = kalon_llm_read_complaint (json_node_get_object (node));
  if (complaint != NULL)
    return complaint;
  complaint = g_new0 (KalonLlmComplaint, 1);
  complaint->kind = g_strdup ("");
  /* FastAPI's own {"detail": ...}, a gateway's {"message": ...}, or a line of plain text; a page of
   * HTML tells nothing. */
  if (node != NULL)
    {
      JsonObject *object = json_node_get_object (node);
      const char *detail = kalon_llm_read_string (object, "detail");

      complaint->message
          = g_strdup (detail != NULL ? detail : kalon_llm_read_string (object, "message"));
    }
  else if (length > 0 && memchr (body, '<', length) == NULL)
    {
      g_autofree char *text = g_utf8_make_valid (body, length);

      lines = g_strsplit (g_strstrip (text), "\n", 2);
      if (lines[0] != NULL && lines[0][0] != '\0')
        complaint->message = g_strdup (lines[0]);
    }
  return complaint;
}

void
kalon_llm_complaint_free (KalonLlmComplaint *complaint)
{
  g_free (complaint->message);
  g_free (complaint->kind);
  g_free (complaint);
}
