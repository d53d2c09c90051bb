/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-transfer-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <libsoup/soup.h>

/* The hub needs two: a renamed repository, and its content delivery network. */
#define MAX_REDIRECTS 5

void
kalon_answer_clear (KalonAnswer *answer)
{
  g_free (answer->host);
  g_free (answer->etag);
  g_free (answer->commit);
  g_free (answer->sha256);
  g_free (answer->git_sha1);
  *answer = (KalonAnswer){ 0 };
}

static gboolean
is_hex (const char *text, gsize length)
{
  return strlen (text) == length && strspn (text, "0123456789abcdef") == length;
}

/* The hub's ETags are the content's hash: SHA-256 of files that are kept apart (LFS), that of the
 * git blob of the others. */
static void
take_hash (KalonAnswer *answer, const char *etag)
{
  g_autofree char *hash = NULL;

  if (etag == NULL)
    return;
  hash = g_strdup (g_str_has_prefix (etag, "W/") ? etag + 2 : etag);
  if (hash[0] == '"' && g_str_has_suffix (hash + 1, "\""))
    {
      hash[strlen (hash) - 1] = '\0';
      memmove (hash, hash + 1, strlen (hash));
    }
  if (is_hex (hash, 64) && answer->sha256 == NULL)
    answer->sha256 = g_steal_pointer (&hash);
  else if (is_hex (hash, 40) && answer->git_sha1 == NULL)
    answer->git_sha1 = g_steal_pointer (&hash);
}

/* What the hub says of a file, in its own answer or in the redirect to where the file is. */
static void
read_hub_headers (KalonAnswer *answer, SoupMessageHeaders *headers)
{
  const char *commit = soup_message_headers_get_one (headers, "X-Repo-Commit");
  const char *linked_etag = soup_message_headers_get_one (headers, "X-Linked-ETag");
  const char *linked_size = soup_message_headers_get_one (headers, "X-Linked-Size");
  guint64 size;

  if (commit != NULL && answer->commit == NULL && is_hex (commit, 40))
    answer->commit = g_strdup (commit);
  take_hash (answer, linked_etag);
  if (linked_size != NULL && answer->length < 0
      && g_ascii_string_to_unsigned (linked_size, 10, 0, G_MAXINT64, &size, NULL))
    answer->length = (gint64) size;
}

static guint
read_retry_after (const char *value)
{
  guint64 seconds;

  if (value == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT, &seconds, NULL))
    return (guint) seconds;
  else
    {
      g_autoptr (GDateTime) then = soup_date_time_new_from_http_string (value);
      g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
      GTimeSpan span = then != NULL ? g_date_time_difference (then, now) : 0;

      return span > 0 ? (guint) MIN (span / G_TIME_SPAN_SECOND + 1, G_MAXUINT) : 0;
    }
}

static void
read_answer (KalonAnswer *answer, SoupMessage *message, const char *method)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *etag = soup_message_headers_get_one (headers, "ETag");
  goffset first, last, total;

  answer->status = soup_message_get_status (message);
  answer->retry_after = read_retry_after (soup_message_headers_get_one (headers, "Retry-After"));
  if (etag != NULL && !g_str_has_prefix (etag, "W/"))
    answer->etag = g_strdup (etag);
  /* Only the hub is known to make its ETags that way. */
  if (answer->commit != NULL && answer->sha256 == NULL)
    take_hash (answer, etag);
  if (soup_message_headers_get_one (headers, "Content-Length") != NULL)
    answer->body_length = soup_message_headers_get_content_length (headers);
  if (answer->status == SOUP_STATUS_PARTIAL_CONTENT
      && soup_message_headers_get_content_range (headers, &first, &last, &total))
    {
      answer->first = first;
      if (total >= 0)
        answer->length = total;
    }
  else if (answer->length < 0)
    answer->length = answer->body_length;
}

static gboolean
is_redirect (guint status)
{
  return status == SOUP_STATUS_MOVED_PERMANENTLY || status == SOUP_STATUS_FOUND
         || status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_TEMPORARY_REDIRECT
         || status == SOUP_STATUS_PERMANENT_REDIRECT;
}

/* Each hop is a message of its own: nothing that was said to one host is said to the next. */
static SoupMessage *
message_new (const char *method, GUri *address, goffset first, const char *etag)
{
  SoupMessage *message = soup_message_new_from_uri (method, address);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  /* Sizes, ranges and hashes are those of the file, not of a packed form. */
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (first > 0)
    {
      soup_message_headers_set_range (headers, first, -1);
      if (etag != NULL)
        soup_message_headers_replace (headers, "If-Range", etag);
    }
  return message;
}

GInputStream *
kalon_request_send (SoupSession *session, const char *method, GUri *address, goffset first,
                    const char *etag, KalonAnswer *answer, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GUri) here = g_uri_ref (address);

  *answer = (KalonAnswer){ .length = -1, .body_length = -1, .first = -1 };
  for (guint hop = 0; hop <= MAX_REDIRECTS; hop++)
    {
      g_autoptr (SoupMessage) message = message_new (method, here, first, etag);
      g_autoptr (GInputStream) stream = NULL;
      g_autoptr (GUri) next = NULL;
      SoupMessageHeaders *headers;

      g_free (answer->host);
      answer->host = g_strdup (g_uri_get_host (here));
      stream = soup_session_send (session, message, cancellable, error);
      if (stream == NULL)
        return NULL;
      headers = soup_message_get_response_headers (message);
      read_hub_headers (answer, headers);
      if (!is_redirect (soup_message_get_status (message)))
        {
          const char *encoding = soup_message_headers_get_one (headers, "Content-Encoding");

          read_answer (answer, message, method);
          if (encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0)
            {
              g_autofree char *quoted = kalon_input_quote (encoding);

              g_set_error (
                  error, KALON_ERROR, KALON_ERROR_SERVICE,
                  "%s sends a packed form (%s) that was not asked for. Try again later, or "
                  "choose another mirror.",
                  answer->host, quoted);
              return NULL;
            }
          return g_steal_pointer (&stream);
        }
      /* The place that the hub sends to need not answer HEAD, and all is said already. */
      if (g_str_equal (method, "HEAD") && answer->length >= 0
          && (answer->sha256 != NULL || answer->git_sha1 != NULL))
        {
          answer->status = SOUP_STATUS_OK;
          return g_steal_pointer (&stream);
        }
      next = kalon_address_follow (here, soup_message_headers_get_one (headers, "Location"), error);
      if (next == NULL)
        return NULL;
      g_input_stream_close (stream, cancellable, NULL);
      g_uri_unref (here);
      here = g_steal_pointer (&next);
    }
  g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
               "%s sends on and on: more than %d times. Try again later.", g_uri_get_host (address),
               MAX_REDIRECTS);
  return NULL;
}

gboolean
kalon_request_may_pass (const GError *error)
{
  /* A connection that broke or went silent; a name, a certificate or a refusal stays what it is. */
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED)
         || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF)
         || g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE);
}

gboolean
kalon_request_is_passing_status (guint status)
{
  return status == SOUP_STATUS_REQUEST_TIMEOUT || status == 429
         || status == SOUP_STATUS_INTERNAL_SERVER_ERROR || status == SOUP_STATUS_BAD_GATEWAY
         || status == SOUP_STATUS_SERVICE_UNAVAILABLE || status == SOUP_STATUS_GATEWAY_TIMEOUT;
}

gboolean
kalon_request_refuse (const KalonAnswer *answer, const char *name, GError **error)
{
  const char *advice;

  switch (answer->status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_FORBIDDEN:
      /* The hub says 401 of a repository that does not exist, too. */
      advice = "There is no such repository, or it is open to its members only. Check the name; "
               "what needs an account can be downloaded in a browser and imported with “kalon-cli "
               "model import”";
      break;
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_GONE:
      advice = "Check the repository's name and the revision";
      break;
    case 429:
      advice = "It has too many visitors, or too many from here. Try again later";
      break;
    default:
      advice = "Try again later, or choose another mirror";
    }
  g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE, "%s answers %u (%s) to %s. %s.",
               answer->host, answer->status, soup_status_get_phrase (answer->status), name, advice);
  return FALSE;
}
