/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * POST {base}/api/chat, Ollama's own: one JSON object a line. Source: Ollama's docs/api.md.
 */

#include "llm/kalon-llm-private.h"

#include "input/kalon-input.h"

#include <string.h>

static void
write_request (const KalonLlm *llm, const KalonLlmRequest *request, JsonBuilder *builder)
{
  kalon_llm_write_string (builder, "model", llm->model);
  kalon_json_add_boolean (builder, "stream", TRUE);
  if (!llm->habits.no_think)
    kalon_json_add_boolean (builder, "think", FALSE);
  /* The next query comes within minutes; loading the model takes tens of seconds. */
  kalon_llm_write_string (builder, "keep_alive", "10m");
  json_builder_set_member_name (builder, "messages");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "role", "system");
  kalon_llm_write_system (builder, "content", request);
  json_builder_end_object (builder);
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "role", "user");
  kalon_llm_write_string (builder, "content", request->user);
  if (request->picture != NULL)
    {
      gsize size;
      const guchar *data = g_bytes_get_data (request->picture, &size);
      g_autofree char *base64 = g_base64_encode (data, size);

      json_builder_set_member_name (builder, "images");
      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, base64);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  if (request->schema != NULL && llm->habits.schema_form == 0)
    kalon_llm_write_schema (builder, "format", request->schema, TRUE);
  json_builder_set_member_name (builder, "options");
  json_builder_begin_object (builder);
  kalon_json_add_integer (builder, "temperature", 0);
  kalon_json_add_integer (builder, "num_predict", request->max_tokens);
  json_builder_end_object (builder);
}

static void
read_event (JsonObject *event, KalonLlmAnswer *answer)
{
  const char *piece = kalon_llm_read_string (kalon_llm_read_object (event, "message"), "content");
  const char *reason = kalon_llm_read_string (event, "done_reason");
  JsonNode *done = json_object_get_member (event, "done");

  if (piece != NULL)
    g_string_append (answer->text, piece);
  if (done != NULL && JSON_NODE_HOLDS_VALUE (done) && json_node_get_boolean (done))
    answer->ended = TRUE;
  if (answer->ended && reason != NULL && g_str_equal (reason, "length"))
    answer->cut = TRUE;
}

static gboolean
adapt (KalonLlmHabits *habits, const char *complaint)
{
  if (!habits->no_think && strstr (complaint, "think") != NULL)
    return habits->no_think = TRUE;
  if (habits->schema_form == 0
      && (strstr (complaint, "format") != NULL || strstr (complaint, "schema") != NULL
          || strstr (complaint, "grammar") != NULL))
    return habits->schema_form = TRUE;
  return FALSE;
}

const KalonLlmProtocol kalon_llm_ollama = {
  .name = "ollama",
  .prefix = "/api",
  .complete_path = "/chat",
  .models_path = "/tags",
  .models_member = "models",
  .model_name = "name",
  .line_delimited = TRUE,
  .key_header = "Authorization",
  .key_prefix = "Bearer ",
  .write = write_request,
  .read = read_event,
  .adapt = adapt,
};
