/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm-server.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#define FLOOD (50 << 20)
#define FLOOD_PIECE (64 << 10)

struct _LlmServer
{
  SoupServer *soup;
  char *url;
  const LlmStep *steps;
  guint n_steps;
  GPtrArray *bodies; /* of the requests */
  GPtrArray *paths;
  GPtrArray *keys;
  GArray *ports;   /* guint16, that they came from */
  GPtrArray *held; /* connections that stay open */
  GString *flood;
  gsize flooded;
};

static void
flood (SoupServerMessage *message, gpointer user_data)
{
  LlmServer *server = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  if (server->flooded >= FLOOD)
    {
      soup_message_body_complete (body);
      return;
    }
  server->flooded += server->flood->len;
  soup_message_body_append (body, SOUP_MEMORY_STATIC, server->flood->str, server->flood->len);
}

/* Writes bytes of its own on the connection, and keeps it or not. */
static void
write_raw (LlmServer *server, SoupServerMessage *message, const char *body, gboolean keep)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  if (body != NULL)
    {
      g_autofree char *text
          = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n%s", body);

      g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL,
                                 NULL, NULL);
    }
  if (keep)
    g_ptr_array_add (server->held, g_steal_pointer (&stream));
  else
    g_io_stream_close (stream, NULL, NULL);
}

static void
on_request (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  LlmServer *server = user_data;
  const LlmStep *step = &server->steps[MIN (server->bodies->len, server->n_steps - 1)];
  SoupMessageBody *request = soup_server_message_get_request_body (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *key = soup_message_headers_get_one (headers, "Authorization");
  guint16 port = g_inet_socket_address_get_port (
      G_INET_SOCKET_ADDRESS (soup_server_message_get_remote_address (message)));

  if (key == NULL)
    key = soup_message_headers_get_one (headers, "x-api-key");
  g_ptr_array_add (server->bodies, g_strndup (request->data, request->length));
  g_ptr_array_add (server->paths, g_strdup (path));
  g_ptr_array_add (server->keys, g_strdup (key));
  g_array_append_val (server->ports, port);

  switch (step->deed)
    {
    case LLM_BREAK:
      write_raw (server, message, step->body, FALSE);
      break;
    case LLM_RESET:
      write_raw (server, message, NULL, FALSE);
      break;
    case LLM_SILENCE:
      write_raw (server, message, NULL, TRUE);
      break;
    case LLM_HALF_SILENCE:
      write_raw (server, message, step->body, TRUE);
      break;
    case LLM_FLOOD:
      while (server->flood->len < FLOOD_PIECE)
        g_string_append (server->flood, step->body);
      soup_server_message_set_status (message, 200, NULL);
      soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                         SOUP_ENCODING_CHUNKED);
      soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
      g_signal_connect (message, "wrote-chunk", G_CALLBACK (flood), server);
      flood (message, server);
      break;
    case LLM_REPLY:
    default:
      soup_server_message_set_status (message, step->status != 0 ? step->status : 200, NULL);
      if (step->header_name != NULL)
        soup_message_headers_append (soup_server_message_get_response_headers (message),
                                     step->header_name, step->header_value);
      if (step->body != NULL)
        soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, step->body,
                                          strlen (step->body));
      break;
    }
}

LlmServer *
llm_server_new (const LlmStep *steps, guint n_steps, GTlsCertificate *certificate)
{
  LlmServer *server = g_new0 (LlmServer, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  server->steps = steps;
  server->n_steps = n_steps;
  server->bodies = g_ptr_array_new_with_free_func (g_free);
  server->paths = g_ptr_array_new_with_free_func (g_free);
  server->keys = g_ptr_array_new_with_free_func (g_free);
  server->ports = g_array_new (FALSE, FALSE, sizeof (guint16));
  server->held = g_ptr_array_new_with_free_func (g_object_unref);
  server->flood = g_string_new (NULL);
  server->soup = soup_server_new (NULL, NULL);
  if (certificate != NULL)
    soup_server_set_tls_certificate (server->soup, certificate);
  soup_server_add_handler (server->soup, NULL, on_request, server, NULL);
  soup_server_listen_local (
      server->soup, 0,
      SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server->soup);
  server->url = g_strdup_printf ("%s://127.0.0.1:%d", certificate != NULL ? "https" : "http",
                                 g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return server;
}

void
llm_server_free (LlmServer *server)
{
  soup_server_disconnect (server->soup);
  g_object_unref (server->soup);
  g_ptr_array_unref (server->held);
  g_ptr_array_unref (server->bodies);
  g_ptr_array_unref (server->paths);
  g_ptr_array_unref (server->keys);
  g_array_unref (server->ports);
  g_string_free (server->flood, TRUE);
  g_free (server->url);
  g_free (server);
}

const char *
llm_server_get_url (LlmServer *server)
{
  return server->url;
}

guint
llm_server_get_requests (LlmServer *server)
{
  return server->bodies->len;
}

gsize
llm_server_get_flooded (LlmServer *server)
{
  return server->flooded;
}

const char *
llm_server_get_body (LlmServer *server, guint index)
{
  return g_ptr_array_index (server->bodies, index);
}

const char *
llm_server_get_path (LlmServer *server, guint index)
{
  return g_ptr_array_index (server->paths, index);
}

const char *
llm_server_get_key (LlmServer *server, guint index)
{
  return g_ptr_array_index (server->keys, index);
}

guint16
llm_server_get_port (LlmServer *server, guint index)
{
  return g_array_index (server->ports, guint16, index);
}

/* A JSON string, with its quotation marks. */
static char *
dup_quoted (const char *text)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), text);

  return json_to_string (node, FALSE);
}

static void
append_pieces (GString *body, const char *const *pieces, const char *format)
{
  for (; *pieces != NULL; pieces++)
    {
      g_autofree char *quoted = dup_quoted (*pieces);
      g_auto (GStrv) parts = g_strsplit (format, "%s", 2);

      g_string_append_printf (body, "%s%s%s", parts[0], quoted, parts[1]);
    }
}

char *
llm_stream (KalonLlmDialect dialect, const char *const *pieces, const char *reason)
{
  GString *body = g_string_new (NULL);

  switch (dialect)
    {
    case KALON_LLM_OPENAI:
      g_string_append (body, ": ping\n\n"
                             "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
                             "\"content\":null}}]}\n\n"
                             "data: {\"choices\":[{\"index\":0,\"delta\":"
                             "{\"reasoning_content\":\"hm {\"}}],\"usage\":null}\r\n\r\n");
      append_pieces (
          body, pieces,
          "data: "
          "{\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},\"finish_reason\":null}]}\n\n");
      if (reason != NULL)
        g_string_append_printf (body,
                                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
                                "\"%s\"}]}\n\n"
                                "data: {\"choices\":[],\"usage\":{\"completion_tokens\":3}}\n\n"
                                "data: {\"choices\":null,\"usage\":null}\n\ndata: {}\n\n"
                                "data: [DONE]\n\n",
                                reason);
      break;
    case KALON_LLM_OLLAMA:
      g_string_append (body, "{\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":"
                             "\"hm {\"},\"done\":false}\n");
      append_pieces (body, pieces,
                     "{\"message\":{\"role\":\"assistant\",\"content\":%s},\"done\":false}\n");
      if (reason != NULL)
        g_string_append_printf (body,
                                "{\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":"
                                "true,\"done_reason\":\"%s\",\"eval_count\":null}\n",
                                reason);
      break;
    case KALON_LLM_ANTHROPIC:
    default:
      g_string_append (body,
                       "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{"
                       "\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":1}}}\n\n"
                       "event: ping\ndata: {\"type\": \"ping\"}\n\n"
                       "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
                       "\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm "
                       "{\"}}\n\n");
      append_pieces (body, pieces,
                     "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
                     "\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}\n\n");
      if (reason != NULL)
        g_string_append_printf (
            body,
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
            "\"%s\"},\"usage\":null}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
            g_str_equal (reason, "length") ? "max_tokens" : "end_turn");
      break;
    }
  return g_string_free (body, FALSE);
}

char *
llm_error (KalonLlmDialect dialect, const char *type, const char *message)
{
  g_autofree char *quoted = dup_quoted (message);

  switch (dialect)
    {
    case KALON_LLM_OLLAMA:
      return g_strdup_printf ("{\"error\":%s}", quoted);
    case KALON_LLM_OPENAI:
    case KALON_LLM_ANTHROPIC:
    default:
      return g_strdup_printf (
          "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":%s,\"param\":null}}", type,
          quoted);
    }
}
