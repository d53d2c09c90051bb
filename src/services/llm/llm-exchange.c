/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

#include "errors/kalon-errors.h"

#include <libsoup/soup.h>

#define PIECE 16384

/* Enough for what a server says about an error. */
#define MAX_ERROR_BODY 65536

#define MAX_REDIRECTS 3

/* Milliseconds that the end of a response has when all that matters of it has come. */
#define LAST_MOMENT 300

typedef struct
{
  KalonLlm *llm;
  char *url;
  GBytes *body; /* (nullable) */
  KalonLlmBytesFunc func;
  gpointer func_data;

  SoupMessage *message;
  GInputStream *stream;
  GCancellable *io; /* ends what is running, for whatever reason */
  GError *stopped;  /* (nullable): that reason */
  GSource *clock;
  GSource *wish;      /* (nullable): of the caller's cancellable */
  gboolean under_way; /* connected, and the request written */
  gboolean enough;    /* all that matters has come */
  gboolean at_end;    /* all has come */
  gint64 deadline;
  gsize received;
  guint redirects;
  gboolean reset;
  KalonLlmReply *reply;
} Exchange;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* What is not at its end is cancelled first, or closing it would read the rest; a connection whose
 * response is at its end is kept for the next request. */
static void
drop_response (Exchange *exchange)
{
  if (!exchange->at_end)
    g_cancellable_cancel (exchange->io);
  if (exchange->stream != NULL)
    g_input_stream_close (exchange->stream, exchange->io, NULL);
  g_clear_object (&exchange->stream);
  g_clear_object (&exchange->message);
}

static void
exchange_free (Exchange *exchange)
{
  drop_response (exchange);
  clear_source (&exchange->clock);
  clear_source (&exchange->wish);
  g_clear_object (&exchange->io);
  g_clear_error (&exchange->stopped);
  g_clear_pointer (&exchange->reply, kalon_llm_reply_free);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_free (exchange->url);
  g_object_unref (exchange->llm);
  g_free (exchange);
}

void
kalon_llm_reply_free (KalonLlmReply *reply)
{
  g_byte_array_unref (reply->error_body);
  g_free (reply);
}

/* The operation that runs ends with an error, and the task with the one in ->stopped. */
static void
stop (Exchange *exchange)
{
  clear_source (&exchange->clock);
  clear_source (&exchange->wish);
  g_cancellable_cancel (exchange->io);
}

static gboolean
on_clock (gpointer user_data)
{
  Exchange *exchange = g_task_get_task_data (user_data);
  KalonLlm *llm = exchange->llm;

  if (exchange->enough)
    {
      stop (exchange);
      return G_SOURCE_REMOVE;
    }
  if (g_get_monotonic_time () >= exchange->deadline)
    g_set_error (&exchange->stopped, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s took longer than %u seconds: try again, or take a smaller model.", llm->host,
                 llm->limits.total / 1000);
  else if (exchange->under_way)
    g_set_error (&exchange->stopped, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s has been silent for %u seconds: try again, it may still be loading the model.",
                 llm->host, llm->limits.silence / 1000);
  else
    g_set_error (&exchange->stopped, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s could not be reached within %u seconds: check the address and the network.",
                 llm->host, llm->limits.connect / 1000);
  stop (exchange);
  return G_SOURCE_REMOVE;
}

/* Something has happened: the next thing has its time from now on. */
static void
wind_clock (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  const KalonLlmLimits *limits = &exchange->llm->limits;
  gint64 now = g_get_monotonic_time ();
  gint64 span = exchange->enough      ? LAST_MOMENT
                : exchange->under_way ? limits->silence
                                      : limits->connect;
  gint64 left = MAX (exchange->deadline - now, 0) / 1000 + 1;

  clear_source (&exchange->clock);
  if (exchange->stopped != NULL)
    return;
  exchange->clock = g_timeout_source_new ((guint) MIN (span, left));
  g_source_set_callback (exchange->clock, on_clock, task, NULL);
  g_source_attach (exchange->clock, g_task_get_context (task));
}

static gboolean
on_wish (GCancellable *cancellable, gpointer user_data)
{
  Exchange *exchange = g_task_get_task_data (user_data);

  if (exchange->stopped == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, &exchange->stopped);
  stop (exchange);
  return G_SOURCE_REMOVE;
}

static void
on_wrote_headers (SoupMessage *message, gpointer user_data)
{
  Exchange *exchange = g_task_get_task_data (user_data);

  exchange->under_way = TRUE;
  wind_clock (user_data);
}

/* Takes @task. */
static void
finish (GTask *task, GError *error)
{
  Exchange *exchange = g_task_get_task_data (task);

  clear_source (&exchange->clock);
  clear_source (&exchange->wish);
  if (exchange->message != NULL)
    g_signal_handlers_disconnect_by_data (exchange->message, task);
  drop_response (exchange);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&exchange->reply),
                           (GDestroyNotify) kalon_llm_reply_free);
  g_object_unref (task);
}

static gboolean
is_reset (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
         || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

/* Ends with what libsoup says, in our words, unless it was us who ended it. */
static void
finish_broken (GTask *task, GError *cause)
{
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  if (exchange->stopped != NULL)
    error = g_steal_pointer (&exchange->stopped);
  else if (!exchange->enough)
    {
      exchange->reset = is_reset (cause);
      kalon_llm_set_transport_error (
          exchange->llm, cause,
          exchange->message != NULL
              ? soup_message_get_tls_peer_certificate_errors (exchange->message)
              : 0,
          &error);
    }
  g_error_free (cause);
  finish (task, error);
}

static void send_message (GTask *task);

static void
redirect (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  char *url = kalon_llm_message_dup_redirect (exchange->llm, exchange->message, &error);

  if (url == NULL)
    {
      finish (task, error);
      return;
    }
  g_free (exchange->url);
  exchange->url = url;
  if (exchange->redirects++ >= MAX_REDIRECTS)
    {
      g_set_error (&error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "%s sends requests round in a circle: check the address.", exchange->llm->host);
      finish (task, error);
      return;
    }
  g_signal_handlers_disconnect_by_data (exchange->message, task);
  drop_response (exchange);
  g_clear_object (&exchange->io);
  exchange->io = g_cancellable_new ();
  send_message (task);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) piece
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  const char *data;
  gsize size;

  if (piece == NULL || exchange->stopped != NULL)
    {
      finish_broken (task, error != NULL ? error : g_error_copy (exchange->stopped));
      return;
    }
  data = g_bytes_get_data (piece, &size);
  if (size == 0)
    {
      exchange->at_end = TRUE;
      finish (task, NULL);
      return;
    }
  exchange->received += size;
  if (exchange->reply->status >= 300)
    {
      g_byte_array_append (exchange->reply->error_body, (const guint8 *) data, size);
      if (exchange->received >= MAX_ERROR_BODY)
        {
          finish (task, NULL);
          return;
        }
    }
  else if (exchange->received > exchange->llm->limits.bytes)
    {
      g_set_error (&error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "%s sent more than any answer needs, and was cut off: take another model or "
                   "server.",
                   exchange->llm->host);
      finish (task, error);
      return;
    }
  else if (!exchange->func (data, size, exchange->func_data, &exchange->enough, &error))
    {
      finish (task, error);
      return;
    }
  wind_clock (task);
  g_input_stream_read_bytes_async (exchange->stream, PIECE, G_PRIORITY_DEFAULT, exchange->io,
                                   on_read, task);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  guint status;

  exchange->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (exchange->stream == NULL || exchange->stopped != NULL)
    {
      finish_broken (task, error != NULL ? error : g_error_copy (exchange->stopped));
      return;
    }
  status = soup_message_get_status (exchange->message);
  if (status == 301 || status == 302 || status == 307 || status == 308)
    {
      redirect (task);
      return;
    }
  exchange->reply->status = status;
  exchange->reply->retry_after = kalon_llm_message_get_retry_after (exchange->message);
  wind_clock (task);
  g_input_stream_read_bytes_async (exchange->stream, PIECE, G_PRIORITY_DEFAULT, exchange->io,
                                   on_read, task);
}

static void
send_message (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  exchange->message = kalon_llm_message_new (exchange->llm, exchange->url, exchange->body);
  exchange->under_way = FALSE;
  g_signal_connect (exchange->message, "wrote-headers", G_CALLBACK (on_wrote_headers), task);
  wind_clock (task);
  soup_session_send_async (exchange->llm->session, exchange->message, G_PRIORITY_DEFAULT,
                           exchange->io, on_sent, task);
}

void
kalon_llm_exchange_async (KalonLlm *llm, const char *path, GBytes *body, gint64 deadline,
                          KalonLlmBytesFunc func, gpointer func_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (llm, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, kalon_llm_exchange_async);
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  exchange->llm = g_object_ref (llm);
  exchange->url = g_strconcat (llm->base, path, NULL);
  exchange->body = body != NULL ? g_bytes_ref (body) : NULL;
  exchange->deadline = deadline;
  exchange->func = func;
  exchange->func_data = func_data;
  exchange->io = g_cancellable_new ();
  exchange->reply = g_new0 (KalonLlmReply, 1);
  exchange->reply->error_body = g_byte_array_new ();
  if (cancellable != NULL)
    {
      exchange->wish = g_cancellable_source_new (cancellable);
      g_source_set_callback (exchange->wish, G_SOURCE_FUNC (on_wish), task, NULL);
      g_source_attach (exchange->wish, g_task_get_context (task));
    }
  send_message (task);
}

KalonLlmReply *
kalon_llm_exchange_finish (GAsyncResult *result, gboolean *reset, GError **error)
{
  Exchange *exchange = g_task_get_task_data (G_TASK (result));

  if (reset != NULL)
    *reset = exchange->reset;
  return g_task_propagate_pointer (G_TASK (result), error);
}
