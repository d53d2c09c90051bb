/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * POST {base}/v1/messages: the Anthropic Messages API.
 */

#include "llm/kalon-llm-private.h"

#include "input/kalon-input.h"

#include <string.h>

static void
write_picture (GBytes *picture, JsonBuilder *builder)
{
  gsize size;
  const guchar *data = g_bytes_get_data (picture, &size);
  g_autofree char *base64 = g_base64_encode (data, size);

  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "type", "image");
  json_builder_set_member_name (builder, "source");
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "type", "base64");
  kalon_llm_write_string (builder, "media_type", "image/jpeg");
  kalon_llm_write_string (builder, "data", base64);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
write_request (const KalonLlm *llm, const KalonLlmRequest *request, JsonBuilder *builder)
{
  kalon_llm_write_string (builder, "model", llm->model);
  kalon_json_add_boolean (builder, "stream", TRUE);
  kalon_json_add_integer (builder, "max_tokens", request->max_tokens);
  if (!llm->habits.no_temperature)
    kalon_json_add_integer (builder, "temperature", 0);
  kalon_llm_write_system (builder, "system", request);
  json_builder_set_member_name (builder, "messages");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "role", "user");
  json_builder_set_member_name (builder, "content");
  json_builder_begin_array (builder);
  if (request->picture != NULL)
    write_picture (request->picture, builder);
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "type", "text");
  kalon_llm_write_string (builder, "text", request->user);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  if (request->schema == NULL || llm->habits.schema_form > 0)
    return;
  json_builder_set_member_name (builder, "output_config");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "format");
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "type", "json_schema");
  /* This API refuses limits on lengths and numbers. */
  kalon_llm_write_schema (builder, "schema", request->schema, FALSE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
read_stop (const char *reason, KalonLlmAnswer *answer)
{
  if (reason == NULL)
    return;
  answer->ended = TRUE;
  answer->cut = g_str_equal (reason, "max_tokens");
  answer->refused = g_str_equal (reason, "refusal");
}

static void
read_event (JsonObject *event, KalonLlmAnswer *answer)
{
  const char *type = kalon_llm_read_string (event, "type");
  JsonObject *delta = kalon_llm_read_object (event, "delta");
  const char *piece = NULL;

  if (type == NULL)
    return;
  if (g_str_equal (type, "content_block_delta")
      && g_strcmp0 (kalon_llm_read_string (delta, "type"), "text_delta") == 0)
    {
      piece = kalon_llm_read_string (delta, "text");
      if (piece != NULL)
        g_string_append (answer->text, piece);
    }
  else if (g_str_equal (type, "message_delta"))
    read_stop (kalon_llm_read_string (delta, "stop_reason"), answer);
  else if (g_str_equal (type, "message_stop"))
    answer->ended = TRUE;
  else if (g_str_equal (type, "message"))
    {
      /* Not streamed, although asked to. */
      JsonArray *content = kalon_llm_read_array (event, "content");

      for (guint i = 0; content != NULL && i < json_array_get_length (content); i++)
        {
          piece = kalon_llm_read_string (kalon_llm_read_element (content, i), "text");
          if (piece != NULL)
            g_string_append (answer->text, piece);
        }
      read_stop (kalon_llm_read_string (event, "stop_reason"), answer);
    }
}

static gboolean
adapt (KalonLlmHabits *habits, const char *complaint)
{
  if (!habits->no_temperature && strstr (complaint, "temperature") != NULL)
    return habits->no_temperature = TRUE;
  if (habits->schema_form == 0
      && (strstr (complaint, "output_config") != NULL || strstr (complaint, "schema") != NULL
          || strstr (complaint, "format") != NULL))
    return habits->schema_form = TRUE;
  return FALSE;
}

const KalonLlmProtocol kalon_llm_anthropic = {
  .name = "anthropic",
  .prefix = "/v1",
  .complete_path = "/messages",
  .models_path = "/models?limit=1000",
  .models_member = "data",
  .model_name = "id",
  .key_header = "x-api-key",
  .key_prefix = "",
  .fixed_header = "anthropic-version",
  .fixed_value = "2023-06-01",
  .write = write_request,
  .read = read_event,
  .adapt = adapt,
};
