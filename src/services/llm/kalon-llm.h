/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A client of one model on one language-model server, in three dialects:
 *
 *   openai     POST {base}/chat/completions: OpenAI, llama.cpp, vLLM, LM Studio, most gateways
 *   ollama     POST {base}/api/chat
 *   anthropic  POST {base}/v1/messages: Anthropic, recent Ollama and llama.cpp
 *
 * One request gives one answer, a text that is to be JSON of a given schema; it is streamed, so
 * that the text can be shown as it grows and a silent server is told from a slow one. At most
 * %KALON_LLM_MAX_REQUESTS requests run at a time in a session of its own (in another one, as many
 * as its max-conns-per-host allows); further ones wait for a connection, and fail as not reached
 * when none is free in time. Use an object in one thread, with its thread-default main context.
 *
 * A server is bounded in everything: time to connect, silence, time in all, bytes. A redirect is
 * followed on the same scheme, host and port only, so neither text nor key reaches another host; a
 * certificate that does not verify ends the request before anything is sent. What is worth a second
 * try is tried again (busy, overloaded, connection reset; twice, with a growing pause or the one
 * that Retry-After asks for, up to 10 seconds), before any text has come. Parameters that a server
 * refuses by name are left out or written in its other form, and that is remembered.
 *
 * Errors are one line that names the host and says what to do; the key is in none of them, and what
 * a server says is quoted in part only, with the key cut out. %KALON_ERROR_SERVICE    not reached,
 * refused, silent, cut off, unusable: a retry by the user may help, except where the line asks for
 * another key, model or address %KALON_ERROR_TOO_LARGE  more was sent than any answer needs: a
 * retry does not help %KALON_ERROR_ARGUMENT   the address, the model or the key cannot be used as
 * it is %G_IO_ERROR_PERMISSION_DENIED  the user has not allowed this host yet: ask, then try again
 *   %G_IO_ERROR_CANCELLED
 *
 * Protocols: the vendors' API references; differences between servers as found in their sources.
 */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _SoupSession SoupSession; /* public headers never include libsoup */

typedef enum
{
  KALON_LLM_OPENAI,
  KALON_LLM_OLLAMA,
  KALON_LLM_ANTHROPIC,
} KalonLlmDialect;

/* "openai", "ollama", "anthropic": as in settings and options. */
const char *kalon_llm_dialect_get_name (KalonLlmDialect dialect);
/* %FALSE for any other name. */
gboolean kalon_llm_dialect_from_name (const char *name, KalonLlmDialect *dialect);

/* One host's connections; libsoup's default is 2. */
#define KALON_LLM_MAX_REQUESTS 8

/* The purpose of its keys in secrets/; their server is kalon_llm_get_host(). */
#define KALON_LLM_SECRET "llm"

#define KALON_TYPE_LLM (kalon_llm_get_type ())
G_DECLARE_FINAL_TYPE (KalonLlm, kalon_llm, KALON, LLM, GObject)

/**
 * kalon_llm_new:
 * @session: (nullable): whose connections and proxy to use; %NULL makes one that goes to loopback
 * and private addresses without a proxy, and to others as the desktop is set up
 * @base_url: "http://127.0.0.1:11434", "https://host/v1". Where the dialect's path is missing it is
 *   added: "/v1" to a bare host for openai, "/api" for ollama, "/v1" for anthropic. http is for
 *   loopback and private addresses, and for names that only a local network has (.local, .internal,
 *   .home.arpa); everything else is https
 * @key: (nullable): sent as the dialect does, to this host only; wiped when the object goes
 *
 * Errors: %KALON_ERROR_ARGUMENT
 */
KalonLlm *kalon_llm_new (SoupSession *session, KalonLlmDialect dialect, const char *base_url,
                         const char *model, const char *key, GError **error);
/* Who will see the text: "host" or "host:port". */
const char *kalon_llm_get_host (KalonLlm *self);
/* Loopback: nothing leaves the machine. */
gboolean kalon_llm_is_local (KalonLlm *self);
const char *kalon_llm_get_model (KalonLlm *self);
KalonLlmDialect kalon_llm_get_dialect (KalonLlm *self);
/* "openai|host|model": for caches; never the key */
const char *kalon_llm_get_id (KalonLlm *self);

/**
 * KalonLlmRequest:
 * @picture: (nullable): JPEG
 * @schema_name: (nullable): letters, digits, "_" and "-"
 * @schema: (nullable): JSON schema, as text, of an object: strict (every property required,
 *   additionalProperties false; what may be left out is a union with null). See
 *   kalon_llm_parse_answer() for what may be in it. The model is told it in words as
 *   well, behind @system. %NULL asks for plain text
 * @max_tokens: an answer that is cut there is asked for once more with four times as many
 */
typedef struct
{
  const char *system;
  const char *user;
  GBytes *picture;
  const char *schema_name;
  const char *schema;
  guint max_tokens;
} KalonLlmRequest;

/* @so_far: the answer's text as it has grown, possibly cut inside JSON, valid UTF-8; it begins anew
 * when the answer is asked for once more. Called in the caller's thread-default main context. */
typedef void (*KalonLlmTextFunc) (const char *so_far, gpointer user_data);

/**
 * kalon_llm_complete_async:
 * @request: copied
 * @text_func: (nullable)
 */
void
kalon_llm_complete_async (KalonLlm *self, const KalonLlmRequest *request,
                          KalonLlmTextFunc text_func, gpointer text_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): the answer's text, valid UTF-8, not empty; that it is JSON fitting the schema is
 * for the caller to check with kalon_llm_parse_answer(). */
char *kalon_llm_complete_finish (KalonLlm *self, GAsyncResult *result, GError **error);

/**
 * kalon_llm_list_models_async:
 *
 * Asks the server which models it has. @self's own model need not be one of them.
 */
void kalon_llm_list_models_async (KalonLlm *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): their names in the server's order, possibly none. */
GStrv kalon_llm_list_models_finish (KalonLlm *self, GAsyncResult *result, GError **error);

/**
 * kalon_llm_try_async:
 *
 * Sends always the same sentence, and nothing of the user's: whether the server answers, in the
 * form that was asked for, and how fast.
 */
void kalon_llm_try_async (KalonLlm *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
#define KALON_LLM_TRIAL "Name a colour of the sea at dawn."
/* @seconds: (out) (optional): until the whole answer was there. (transfer full): its text */
char *kalon_llm_try_finish (KalonLlm *self, GAsyncResult *result, double *seconds, GError **error);

/**
 * kalon_llm_parse_answer:
 * @text: an answer: JSON, alone, in a Markdown fence, or with words around it. The first object in
 * it that fits is taken
 * @schema: JSON schema of an object. Known: type (also a list of types), properties, required,
 *   additionalProperties, items, enum, minItems, maxItems, minLength and maxLength (characters),
 *   minimum, maximum. Anything else is ignored
 *
 * Answers are data that somebody else wrote, also when the server promised to keep to the schema.
 * Members that an object's schema does not name are left out.
 *
 * Returns: (transfer full): an object that fits; or %KALON_ERROR_INVALID_DATA naming the member
 */
JsonNode *kalon_llm_parse_answer (const char *text, const char *schema, GError **error);

/**
 * kalon_llm_new_from_settings:
 *
 * The server that is configured: settings llm-dialect, llm-url, llm-model, each overridden by an
 * environment variable KALON_LLM_DIALECT, KALON_LLM_URL, KALON_LLM_MODEL that is not empty; the key
 * of that host from secrets/. Blocks for the key, possibly on a question to the user: for programs
 * without a main loop; a window takes the asynchronous one.
 *
 * A host that is not loopback must have been allowed by name (setting llm-allowed-hosts, or
 * KALON_LLM_ALLOW=host): %G_IO_ERROR_PERMISSION_DENIED otherwise, and nothing has been sent.
 *
 * Returns: (transfer full) (nullable): %NULL without an error when none is configured
 */
KalonLlm *kalon_llm_new_from_settings (GSettings *settings, SoupSession *session, GError **error);
void kalon_llm_new_from_settings_async (GSettings *settings, SoupSession *session,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
KalonLlm *kalon_llm_new_from_settings_finish (GAsyncResult *result, GError **error);

/**
 * KalonLlmChoice:
 * What is configured, before anything is contacted.
 */
typedef struct
{
  KalonLlmDialect dialect;
  char *url;
  char *model;
  char *host;       /* as kalon_llm_get_host() */
  gboolean local;   /* as kalon_llm_is_local() */
  gboolean allowed; /* text may be sent there */
} KalonLlmChoice;

void kalon_llm_choice_free (KalonLlmChoice *choice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLlmChoice, kalon_llm_choice_free)

/* (transfer full) (nullable): %NULL without an error when no server is configured;
 * %KALON_ERROR_ARGUMENT when what is configured has no meaning. */
KalonLlmChoice *kalon_llm_dup_choice (GSettings *settings, GError **error);
/* Remembers that text may be sent to @host, as kalon_llm_get_host() names it. */
void kalon_llm_allow_host (GSettings *settings, const char *host);
/* Takes that back. */
void kalon_llm_forget_host (GSettings *settings, const char *host);

G_END_DECLS
