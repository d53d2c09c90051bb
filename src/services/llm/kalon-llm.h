/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What services/rephraser uses of the client in branch “llm”, whose header replaces this one. */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _SoupSession SoupSession;

typedef enum
{
  KALON_LLM_OPENAI,
  KALON_LLM_OLLAMA,
  KALON_LLM_ANTHROPIC,
} KalonLlmDialect;

#define KALON_TYPE_LLM (kalon_llm_get_type ())
G_DECLARE_FINAL_TYPE (KalonLlm, kalon_llm, KALON, LLM, GObject)

KalonLlm *kalon_llm_new (SoupSession *session, KalonLlmDialect dialect, const char *base_url,
                         const char *model, const char *key, GError **error);
const char *kalon_llm_get_host (KalonLlm *self);
gboolean kalon_llm_is_local (KalonLlm *self);
/* "openai|host|model", for caches */
const char *kalon_llm_get_id (KalonLlm *self);

typedef struct
{
  const char *system;
  const char *user;
  GBytes *picture;
  const char *schema_name;
  const char *schema;
  guint max_tokens;
} KalonLlmRequest;

typedef void (*KalonLlmTextFunc) (const char *so_far, gpointer user_data);

void
kalon_llm_complete_async (KalonLlm *self, const KalonLlmRequest *request,
                          KalonLlmTextFunc text_func, gpointer text_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
char *kalon_llm_complete_finish (KalonLlm *self, GAsyncResult *result, GError **error);

/* Parses and validates against the schema; transfer full. */
JsonNode *kalon_llm_parse_answer (const char *text, const char *schema, GError **error);

G_END_DECLS
