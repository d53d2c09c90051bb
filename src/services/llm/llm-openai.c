/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * POST {base}/chat/completions, as OpenAI documents it and others speak it.
 */

#include "llm/kalon-llm-private.h"

#include "input/kalon-input.h"

#include <string.h>

/* How the schema is told, from the strictest that most servers take. */
enum
{
  FORM_LIMITS, /* json_schema with limits on lengths, which llama.cpp turns into a grammar */
  FORM_STRICT, /* json_schema without them, which OpenAI's strict mode wants */
  FORM_FLAT,   /* json_object with the schema beside it: older llama.cpp and its Python server */
  FORM_WORDS,  /* in the system's text only */
};

static void
write_schema (const KalonLlm *llm, const KalonLlmRequest *request, JsonBuilder *builder)
{
  guint form = llm->habits.schema_form;

  if (request->schema == NULL || form == FORM_WORDS)
    return;
  json_builder_set_member_name (builder, "response_format");
  json_builder_begin_object (builder);
  if (form == FORM_FLAT)
    {
      kalon_llm_write_string (builder, "type", "json_object");
      kalon_llm_write_schema (builder, "schema", request->schema, TRUE);
    }
  else
    {
      kalon_llm_write_string (builder, "type", "json_schema");
      json_builder_set_member_name (builder, "json_schema");
      json_builder_begin_object (builder);
      kalon_llm_write_string (builder, "name",
                              request->schema_name != NULL ? request->schema_name : "answer");
      kalon_json_add_boolean (builder, "strict", TRUE);
      kalon_llm_write_schema (builder, "schema", request->schema, form == FORM_LIMITS);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
write_user (const KalonLlmRequest *request, JsonBuilder *builder)
{
  g_autofree char *base64 = NULL;
  g_autofree char *url = NULL;
  const guchar *data;
  gsize size;

  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "role", "user");
  if (request->picture == NULL)
    {
      kalon_llm_write_string (builder, "content", request->user);
      json_builder_end_object (builder);
      return;
    }
  data = g_bytes_get_data (request->picture, &size);
  base64 = g_base64_encode (data, size);
  url = g_strconcat ("data:image/jpeg;base64,", base64, NULL);
  json_builder_set_member_name (builder, "content");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "type", "text");
  kalon_llm_write_string (builder, "text", request->user);
  json_builder_end_object (builder);
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "type", "image_url");
  json_builder_set_member_name (builder, "image_url");
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "url", url);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
write_request (const KalonLlm *llm, const KalonLlmRequest *request, JsonBuilder *builder)
{
  kalon_llm_write_string (builder, "model", llm->model);
  kalon_json_add_boolean (builder, "stream", TRUE);
  if (!llm->habits.no_temperature)
    kalon_json_add_integer (builder, "temperature", 0);
  /* Ollama and older servers know max_tokens only and pass over the new name without a word. */
  kalon_json_add_integer (builder,
                          llm->habits.other_token_limit ? "max_completion_tokens" : "max_tokens",
                          request->max_tokens);
  json_builder_set_member_name (builder, "messages");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  kalon_llm_write_string (builder, "role", "system");
  kalon_llm_write_system (builder, "content", request);
  json_builder_end_object (builder);
  write_user (request, builder);
  json_builder_end_array (builder);
  write_schema (llm, request, builder);
}

static void
append (GString *text, const char *piece)
{
  if (piece != NULL)
    g_string_append (text, piece);
}

/* A piece of a stream has "delta", an answer in one piece "message". A piece that tells of the
 * usage has no choices: an empty array, null or nothing. */
static void
read_event (JsonObject *event, KalonLlmAnswer *answer)
{
  JsonObject *choice = kalon_llm_read_element (kalon_llm_read_array (event, "choices"), 0);
  JsonObject *message = kalon_llm_read_object (choice, "delta");
  const char *reason = kalon_llm_read_string (choice, "finish_reason");

  if (message == NULL)
    message = kalon_llm_read_object (choice, "message");
  append (answer->text, kalon_llm_read_string (message, "content"));
  append (answer->refusal, kalon_llm_read_string (message, "refusal"));
  if (answer->refusal->len > 0)
    answer->refused = TRUE;
  if (reason == NULL)
    return;
  answer->ended = TRUE;
  if (g_str_equal (reason, "length"))
    answer->cut = TRUE;
  else if (g_str_equal (reason, "content_filter"))
    answer->refused = TRUE;
}

static gboolean
adapt (KalonLlmHabits *habits, const char *complaint)
{
  if (!habits->other_token_limit && strstr (complaint, "max_tokens") != NULL)
    return habits->other_token_limit = TRUE;
  if (!habits->no_temperature && strstr (complaint, "temperature") != NULL)
    return habits->no_temperature = TRUE;
  if (habits->schema_form < FORM_WORDS
      && (strstr (complaint, "response_format") != NULL || strstr (complaint, "schema") != NULL
          || strstr (complaint, "grammar") != NULL))
    {
      habits->schema_form++;
      return TRUE;
    }
  return FALSE;
}

const KalonLlmProtocol kalon_llm_openai = {
  .name = "openai",
  .prefix = "/v1",
  .bare_host_only = TRUE,
  .complete_path = "/chat/completions",
  .models_path = "/models",
  .models_member = "data",
  .model_name = "id",
  .key_header = "Authorization",
  .key_prefix = "Bearer ",
  .write = write_request,
  .read = read_event,
  .adapt = adapt,
};
