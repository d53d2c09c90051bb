/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-server.h"

#include <libsoup/soup.h>
#include <string.h>

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static char *
dup_git_sha1 (const char *content, gsize length)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *head = g_strdup_printf ("blob %" G_GSIZE_FORMAT, length);

  g_checksum_update (checksum, (const guchar *) head, (gssize) strlen (head) + 1);
  g_checksum_update (checksum, (const guchar *) content, (gssize) length);
  return g_strdup (g_checksum_get_string (checksum));
}

/* Writes an answer byte by byte as it is given, past what the server would make of it. */
static void
answer_raw (Hub *hub, SoupServerMessage *message, const char *head, const char *body, gsize length)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (output, body, length, NULL, NULL, NULL);
  if (hub->conduct == HUB_STALLS)
    g_ptr_array_add (hub->streams, g_steal_pointer (&stream));
  else
    g_io_stream_close (stream, NULL, NULL);
}

/* TRUE when it has answered. */
static gboolean
misbehave (Hub *hub, SoupServerMessage *message, char *content, gsize length)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  g_autofree char *head = NULL;
  const char *range = soup_message_headers_get_one (request, "Range");
  gsize first = range != NULL ? g_ascii_strtoull (range + strlen ("bytes="), NULL, 10) : 0;
  gsize half = (length - first) / 2;
  const char *etag = hub->conduct == HUB_MIXES ? "\"other\"" : hub->etag;

  switch (hub->conduct)
    {
    case HUB_SERVES:
      return FALSE;
    case HUB_ALTERS:
      content[length / 2] ^= 1;
      return FALSE;
    case HUB_IGNORES_RANGE:
      soup_message_headers_remove (request, "Range");
      return FALSE;
    case HUB_FAILS:
      if (hub->retry_after != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                      "Retry-After", hub->retry_after);
      soup_server_message_set_status (message, hub->status, NULL);
      return TRUE;
    case HUB_RESETS:
      answer_raw (hub, message, "", "", 0);
      return TRUE;
    case HUB_CHUNKS_MORE:
      head = g_strdup_printf ("HTTP/1.1 200 OK\r\nETag: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "%" G_GSIZE_MODIFIER "x\r\n%.*s\r\n%" G_GSIZE_MODIFIER "x\r\n",
                              hub->etag, (gsize) 4, 4, "more", length);
      answer_raw (hub, message, head, content, length);
      return TRUE;
    case HUB_SHIFTS_RANGE:
      head = g_strdup_printf (
          "HTTP/1.1 206 Partial Content\r\nETag: %s\r\nContent-Length: %" G_GSIZE_FORMAT
          "\r\nContent-Range: bytes 1-%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT "\r\n\r\n",
          hub->etag, length - 1, length - 1, length);
      answer_raw (hub, message, head, content + 1, length - 1);
      return TRUE;
    case HUB_SAYS_TOO_SHORT:
      head = g_strdup_printf ("HTTP/1.1 200 OK\r\nETag: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                              "\r\nConnection: close\r\n\r\n",
                              hub->etag, half);
      break;
    case HUB_SAYS_TOO_LONG:
      head = g_strdup_printf ("HTTP/1.1 200 OK\r\nETag: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                              "\r\nConnection: close\r\n\r\n",
                              hub->etag, 2 * length);
      answer_raw (hub, message, head, content, length);
      return TRUE;
    case HUB_CUTS:
    case HUB_STALLS:
    case HUB_MIXES:
    default:
      if (first > 0)
        head = g_strdup_printf (
            "HTTP/1.1 206 Partial Content\r\nETag: %s\r\nContent-Length: %" G_GSIZE_FORMAT
            "\r\nContent-Range: bytes %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT
            "\r\n\r\n",
            etag, length - first, first, length - 1, length);
      else
        head = g_strdup_printf ("HTTP/1.1 200 OK\r\nETag: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                                "\r\n\r\n",
                                etag, length);
    }
  answer_raw (hub, message, head, content + first, half);
  return TRUE;
}

static void
remember (Hub *hub, SoupServerMessage *message)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);

  hub->n_gets++;
  g_free (hub->range);
  g_free (hub->if_range);
  hub->range = g_strdup (soup_message_headers_get_one (request, "Range"));
  hub->if_range = g_strdup (soup_message_headers_get_one (request, "If-Range"));
}

/* The file itself. The server answers ranges of what it is given, but knows no If-Range. */
static void
serve (Hub *hub, SoupServerMessage *message, char *content, gsize length, gboolean is_large)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);
  gboolean is_get = g_str_equal (soup_server_message_get_method (message), "GET");

  if (is_get && is_large)
    {
      remember (hub, message);
      if (hub->times > 0)
        {
          hub->times--;
          if (misbehave (hub, message, content, length))
            return;
        }
    }
  if (is_large)
    {
      if (g_strcmp0 (soup_message_headers_get_one (request, "If-Range"), hub->etag) != 0)
        soup_message_headers_remove (request, "Range");
      soup_message_headers_replace (response, "ETag", hub->etag);
    }
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_COPY, content,
                                    length);
}

static void
answer (Hub *hub, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *file
      = g_str_equal (name, "head.pth")
            ? g_test_build_filename (G_TEST_DIST, "reference", "aesthetics", HUB_HEAD, NULL)
            : g_build_filename (hub->folder, name, NULL);
  g_autofree char *content = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *size = NULL;
  gboolean is_large = g_str_equal (name, "model.safetensors") || g_str_equal (name, "head.pth");
  gsize length;

  hub->n_requests++;
  if (hub->head_status != 0 && g_str_equal (soup_server_message_get_method (message), "HEAD"))
    {
      soup_server_message_set_status (message, hub->head_status, NULL);
      return;
    }
  if (g_strcmp0 (name, hub->missing) == 0 || !g_file_get_contents (file, &content, &length, NULL))
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }
  if (!g_str_has_prefix (path, "/hub/") || hub->is_plain)
    {
      serve (hub, message, content, length, is_large);
      return;
    }
  soup_message_headers_replace (response, "X-Repo-Commit", COMMIT);
  if (!is_large)
    {
      hash = dup_git_sha1 (content, length);
      etag = g_strdup_printf ("\"%s\"", hash);
      soup_message_headers_replace (response, "ETag", etag);
      if (hub->linked_size != NULL)
        soup_message_headers_replace (response, "X-Linked-Size", hub->linked_size);
      serve (hub, message, content, length, is_large);
      return;
    }
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);
  etag = g_strdup_printf ("\"%s\"", hash);
  size = g_strdup_printf ("%" G_GSIZE_FORMAT, length);
  soup_message_headers_replace (response, "X-Linked-ETag", etag);
  soup_message_headers_replace (response, "X-Linked-Size", size);
  soup_message_headers_replace (response, "Location",
                                hub->location != NULL ? hub->location : "/store/model.safetensors");
  soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  Hub *hub = user_data;

  g_mutex_lock (&hub->lock);
  answer (hub, message, path);
  g_mutex_unlock (&hub->lock);
}

static gpointer
run (gpointer data)
{
  Hub *hub = data;

  g_main_context_push_thread_default (hub->context);
  g_main_loop_run (hub->loop);
  g_main_context_pop_thread_default (hub->context);
  return NULL;
}

Hub *
hub_new (const char *folder)
{
  Hub *hub = g_new0 (Hub, 1);
  g_autoptr (GError) error = NULL;
  GSList *addresses;

  g_mutex_init (&hub->lock);
  hub->folder = g_strdup (folder);
  hub->etag = "\"first\"";
  hub->streams = g_ptr_array_new_with_free_func (g_object_unref);
  hub->context = g_main_context_new ();
  hub->loop = g_main_loop_new (hub->context, FALSE);
  g_main_context_push_thread_default (hub->context);
  hub->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (hub->server, NULL, on_request, hub, NULL);
  for (guint i = 0; i < 2; i++)
    {
      soup_server_listen_local (hub->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
      g_assert_no_error (error);
    }
  g_main_context_pop_thread_default (hub->context);
  addresses = soup_server_get_uris (hub->server);
  hub->port = (guint) g_uri_get_port (addresses->data);
  hub->other_port = (guint) g_uri_get_port (addresses->next->data);
  g_slist_free_full (addresses, (GDestroyNotify) g_uri_unref);
  hub->thread = g_thread_new ("hub", run, hub);
  return hub;
}

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
hub_free (Hub *hub)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit, hub->loop, NULL);
  g_source_attach (source, hub->context);
  g_thread_join (hub->thread);
  g_main_context_push_thread_default (hub->context);
  soup_server_disconnect (hub->server);
  g_ptr_array_unref (hub->streams);
  g_object_unref (hub->server);
  while (g_main_context_iteration (hub->context, FALSE))
    continue;
  g_main_context_pop_thread_default (hub->context);
  g_main_loop_unref (hub->loop);
  g_main_context_unref (hub->context);
  g_mutex_clear (&hub->lock);
  g_free (hub->folder);
  g_free (hub->range);
  g_free (hub->if_range);
  g_free (hub);
}
