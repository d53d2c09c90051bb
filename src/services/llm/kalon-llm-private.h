/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How a client is built: a protocol (what a dialect writes and reads), a reader (bytes to answer),
 * an exchange (one HTTP request, bounded), and the call that repeats exchanges until there is an
 * answer.
 */

#include "llm/kalon-llm.h"

G_BEGIN_DECLS

/* Milliseconds and bytes; tests shorten them. */
typedef struct
{
  guint connect;      /* until the request is on its way: name, connection, TLS */
  guint silence;      /* between two bytes; the first ones may wait for a model to load */
  guint total;        /* of one answer, with all attempts */
  guint pause;        /* before the first new attempt; doubles */
  guint longest_wait; /* what Retry-After may ask for */
  gsize bytes;        /* of one response */
} KalonLlmLimits;

/* What this server was found to refuse; each field starts with what most accept. */
typedef struct
{
  gboolean no_temperature;
  gboolean no_think;
  gboolean other_token_limit; /* openai: max_completion_tokens instead of max_tokens */
  guint schema_form;          /* of the protocol's own counting; 0 is the first to try */
} KalonLlmHabits;

/* What has been read of an answer. */
typedef struct
{
  GString *text;
  GString *refusal; /* what the model says in place of an answer */
  gboolean refused; /* refused or filtered, with or without words */
  gboolean cut;     /* stopped at the token limit */
  gboolean ended;   /* the server said that this is the end */
} KalonLlmAnswer;

/* What a server says when something is wrong. */
typedef struct
{
  char *message; /* (nullable) */
  char *kind;    /* never %NULL: its type, code and parameter, lower case, with spaces between */
} KalonLlmComplaint;

typedef struct
{
  const char *name;
  const char *prefix;      /* of every path: "/v1" */
  gboolean bare_host_only; /* add the prefix to a host without a path only */
  const char *complete_path;
  const char *models_path;
  const char *models_member; /* the array in that answer */
  const char *model_name;    /* its elements' member */
  gboolean line_delimited;   /* NDJSON, not server-sent events */
  const char *key_header;    /* and what stands in front of the key in it */
  const char *key_prefix;
  const char *fixed_header; /* (nullable): a header that every request has, and its value */
  const char *fixed_value;
  void (*write) (const KalonLlm *llm, const KalonLlmRequest *request, JsonBuilder *builder);
  void (*read) (JsonObject *event, KalonLlmAnswer *answer);
  /* Changes @habits for a refusal that tells of @complaint, in lower case; %FALSE: can't. */
  gboolean (*adapt) (KalonLlmHabits *habits, const char *complaint);
} KalonLlmProtocol;

extern const KalonLlmProtocol kalon_llm_openai;
extern const KalonLlmProtocol kalon_llm_ollama;
extern const KalonLlmProtocol kalon_llm_anthropic;

struct _KalonLlm
{
  GObject parent_instance;

  SoupSession *session;
  KalonLlmDialect dialect;
  const KalonLlmProtocol *protocol;
  char *base; /* with the prefix, without a slash at the end */
  char *host;
  gboolean local;
  char *model;
  char *key; /* (nullable) */
  char *id;
  KalonLlmLimits limits;
  KalonLlmHabits habits;
};

/* An address taken apart and checked. @host: (out) (transfer full) */
GUri *kalon_llm_parse_url (const char *url, char **host, gboolean *local, GError **error);

/* (transfer full): "host" or "host:port", in lower case */
char *kalon_llm_dup_host (GUri *uri);

/* llm-protocol.c: members of a request and of an answer. */
void kalon_llm_write_string (JsonBuilder *builder, const char *name, const char *value);
/* @schema: checked JSON; @limits: with its limits on lengths and numbers, which some servers
 * refuse. */
void kalon_llm_write_schema (JsonBuilder *builder, const char *name, const char *schema,
                             gboolean limits);
/* The system's text, and the schema in words. */
void
kalon_llm_write_system (JsonBuilder *builder, const char *name, const KalonLlmRequest *request);
/* (transfer none) (nullable): %NULL when it is missing, null or of another type. */
const char *kalon_llm_read_string (JsonObject *object, const char *name);
JsonObject *kalon_llm_read_object (JsonObject *object, const char *name);
JsonArray *kalon_llm_read_array (JsonObject *object, const char *name);
/* The object at @index; %NULL when there is none. */
JsonObject *kalon_llm_read_element (JsonArray *array, guint index);
/* (transfer full): of {"error": ...} or {"object": "error", ...}, %NULL when @object is neither. */
KalonLlmComplaint *kalon_llm_read_complaint (JsonObject *object);
/* (transfer full): of the body of an error, JSON or not. */
KalonLlmComplaint *kalon_llm_parse_complaint (const char *body, gsize length);
void kalon_llm_complaint_free (KalonLlmComplaint *complaint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLlmComplaint, kalon_llm_complaint_free)

/* llm-stream.c: bytes in pieces to an answer. */
typedef struct _KalonLlmReader KalonLlmReader;

KalonLlmReader *kalon_llm_reader_new (KalonLlm *llm);
void kalon_llm_reader_free (KalonLlmReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLlmReader, kalon_llm_reader_free)
gboolean
kalon_llm_reader_push (KalonLlmReader *reader, const char *data, gsize length, GError **error);
/* The bytes have ended. */
gboolean kalon_llm_reader_end (KalonLlmReader *reader, GError **error);
const KalonLlmAnswer *kalon_llm_reader_get_answer (KalonLlmReader *reader);
/* (nullable): an error that came inside the stream */
const KalonLlmComplaint *kalon_llm_reader_get_complaint (KalonLlmReader *reader);

/* llm-message.c: what goes over HTTP. */
typedef struct _SoupMessage SoupMessage;

/* @body: (nullable): JSON to post; %NULL gets. With the key. */
SoupMessage *kalon_llm_message_new (KalonLlm *llm, const char *url, GBytes *body);
/* Seconds, from seconds or a date (RFC 9110, 10.2.3); -1 when nothing is said. */
int kalon_llm_message_get_retry_after (SoupMessage *message);
/* (transfer full): where a redirect leads, on the same scheme, host and port only: another one has
 * not been allowed, and must not get the key. */
char *kalon_llm_message_dup_redirect (KalonLlm *llm, SoupMessage *message, GError **error);

/* llm-exchange.c: one request, with redirects on the same host. */
typedef struct
{
  guint status;
  int retry_after;        /* seconds; -1 when nothing is said */
  GByteArray *error_body; /* the beginning of the body, of a status that is no success */
} KalonLlmReply;

void kalon_llm_reply_free (KalonLlmReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLlmReply, kalon_llm_reply_free)

/* Takes a piece of a successful response's body. @enough: (inout): what may follow is of no
 * interest: the response's end is waited for for a moment only, so that the connection can be used
 * again. */
typedef gboolean (*KalonLlmBytesFunc) (const char *data, gsize length, gpointer user_data,
                                       gboolean *enough, GError **error);

/* @body: (nullable): JSON to post; %NULL gets. @deadline: g_get_monotonic_time() */
void
kalon_llm_exchange_async (KalonLlm *llm, const char *path, GBytes *body, gint64 deadline,
                          KalonLlmBytesFunc func, gpointer func_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
/* @reset: (out): the connection broke, so that another attempt may go better. The error is
 * explained. */
KalonLlmReply *kalon_llm_exchange_finish (GAsyncResult *result, gboolean *reset, GError **error);

/* llm-errors.c: what went wrong, in a line. */

/* (transfer full): part of what a server said, without the key, fit for a message. */
char *kalon_llm_dup_quote (KalonLlm *llm, const char *text);
gboolean kalon_llm_is_quota (const KalonLlmComplaint *complaint);
/* Whether a status, or a complaint inside a stream (@status 200), is worth another attempt. */
gboolean kalon_llm_is_passing (guint status, const KalonLlmComplaint *complaint);
void kalon_llm_set_status_error (KalonLlm *llm, guint status, int retry_after,
                                 const KalonLlmComplaint *complaint, GError **error);
/* @tls: what is wrong with the certificate, 0 when it is not that. */
void kalon_llm_set_transport_error (KalonLlm *llm, const GError *cause, GTlsCertificateFlags tls,
                                    GError **error);

G_END_DECLS
