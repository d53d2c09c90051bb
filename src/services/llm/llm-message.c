/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

#include "errors/kalon-errors.h"
#include "secrets/kalon-secrets.h"

#include <libsoup/soup.h>

SoupMessage *
kalon_llm_message_new (KalonLlm *llm, const char *url, GBytes *body)
{
  const KalonLlmProtocol *protocol = llm->protocol;
  SoupMessage *message = soup_message_new (body != NULL ? "POST" : "GET", url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* Asking twice does no harm: libsoup may use a connection that is open already. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE
                                       | SOUP_MESSAGE_IDEMPOTENT);
  /* A compressed stream comes in lumps, and few bytes can become very many. */
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_append (headers, "Accept",
                               "application/json, application/x-ndjson, text/event-stream");
  if (protocol->fixed_header != NULL)
    soup_message_headers_append (headers, protocol->fixed_header, protocol->fixed_value);
  if (llm->key != NULL)
    {
      char *value = g_strconcat (protocol->key_prefix, llm->key, NULL);

      soup_message_headers_append (headers, protocol->key_header, value);
      kalon_secret_free (value);
    }
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  return message;
}

int
kalon_llm_message_get_retry_after (SoupMessage *message)
{
  const char *value
      = soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  g_autoptr (GDateTime) date = NULL;
  g_autoptr (GDateTime) now = NULL;
  guint64 seconds;

  if (value == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &seconds, NULL))
    return (int) seconds;
  date = soup_date_time_new_from_http_string (value);
  if (date == NULL)
    return -1;
  now = g_date_time_new_now_utc ();
  return (int) CLAMP (g_date_time_difference (date, now) / G_TIME_SPAN_SECOND, 0, G_MAXINT);
}

char *
kalon_llm_message_dup_redirect (KalonLlm *llm, SoupMessage *message, GError **error)
{
  const char *location
      = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  GUri *from = soup_message_get_uri (message);
  g_autoptr (GUri) to = NULL;
  g_autofree char *host = NULL;
  g_autofree char *target = NULL;
  g_autofree char *quote = NULL;

  if (location != NULL)
    to = g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (to == NULL || g_uri_get_host (to) == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "%s sends requests on to nowhere: check the address.", llm->host);
      return NULL;
    }
  if (g_str_equal (g_uri_get_scheme (from), g_uri_get_scheme (to))
      && g_ascii_strcasecmp (g_uri_get_host (from), g_uri_get_host (to)) == 0
      && g_uri_get_port (from) == g_uri_get_port (to))
    return g_uri_to_string (to);
  host = kalon_llm_dup_host (to);
  target = g_strdup_printf ("%s://%s", g_uri_get_scheme (to), host);
  quote = kalon_llm_dup_quote (llm, target);
  g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
               "%s sends requests on to “%s”, where nothing was sent: if that is the right server, "
               "make it the address.",
               llm->host, quote);
  return NULL;
}
