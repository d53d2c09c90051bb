/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A language-model server on the loopback that answers by a script, for tests of those who ask one.
 * It runs in the main context of the thread that makes it.
 */

#include <gio/gio.h>

#include "llm/kalon-llm.h"

typedef enum
{
  LLM_REPLY,        /* status, header and body */
  LLM_BREAK,        /* the same, and the connection breaks before what Content-Length promised */
  LLM_RESET,        /* the connection breaks without a word */
  LLM_SILENCE,      /* nothing, ever */
  LLM_HALF_SILENCE, /* the body, and then nothing */
  LLM_FLOOD,        /* body again and again, 50 MB of it */
} LlmDeed;

/* One request's fate. The last one of a script is that of every request that follows. */
typedef struct
{
  LlmDeed deed;
  guint status;            /* 0 is 200 */
  const char *header_name; /* (nullable) */
  const char *header_value;
  const char *body; /* (nullable) */
} LlmStep;

typedef struct _LlmServer LlmServer;

/* @steps: must outlive it. @certificate: (nullable): makes it speak TLS */
LlmServer *llm_server_new (const LlmStep *steps, guint n_steps, GTlsCertificate *certificate);
void llm_server_free (LlmServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LlmServer, llm_server_free)

/* "http://127.0.0.1:PORT" */
const char *llm_server_get_url (LlmServer *server);
guint llm_server_get_requests (LlmServer *server);
/* Bytes that a flood got rid of. */
gsize llm_server_get_flooded (LlmServer *server);
/* Of the request at @index: its body, path, and the header that has a key. */
const char *llm_server_get_body (LlmServer *server, guint index);
const char *llm_server_get_path (LlmServer *server, guint index);
const char *llm_server_get_key (LlmServer *server, guint index);
/* The client's: two requests of one connection have the same. */
guint16 llm_server_get_port (LlmServer *server, guint index);

/* (transfer full): a response's body that streams @pieces (%NULL-terminated) as @dialect does, with
 * pings and thoughts between them. @reason: why it ends: "stop" or "length"; %NULL: it does not. */
char *llm_stream (KalonLlmDialect dialect, const char *const *pieces, const char *reason);
/* (transfer full): what @dialect says of an error, as the body of a response */
char *llm_error (KalonLlmDialect dialect, const char *type, const char *message);
