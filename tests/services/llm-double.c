/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "services/llm-double.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

struct _KalonLlm
{
  GObject parent_instance;

  char *answer;
  GError *error;
  guint n_requests;
  char *system;
  char *user;
};

G_DEFINE_FINAL_TYPE (KalonLlm, kalon_llm, G_TYPE_OBJECT)

/* A request: the answer comes a byte more at a time. */
typedef struct
{
  KalonLlmTextFunc text_func;
  gpointer text_data;
  gsize shown;
} Request;

static void
kalon_llm_finalize (GObject *object)
{
  KalonLlm *self = KALON_LLM (object);

  g_free (self->answer);
  g_clear_error (&self->error);
  g_free (self->system);
  g_free (self->user);
  G_OBJECT_CLASS (kalon_llm_parent_class)->finalize (object);
}

static void
kalon_llm_class_init (KalonLlmClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_llm_finalize;
}

static void
kalon_llm_init (KalonLlm *self)
{
}

KalonLlm *
llm_double_new (const char *answer)
{
  KalonLlm *self = g_object_new (KALON_TYPE_LLM, NULL);

  self->answer = g_strdup (answer);
  return self;
}

void
llm_double_set_answer (KalonLlm *self, const char *answer)
{
  g_free (self->answer);
  self->answer = g_strdup (answer);
}

void
llm_double_set_error (KalonLlm *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
}

guint
llm_double_get_n_requests (KalonLlm *self)
{
  return self->n_requests;
}

const char *
llm_double_get_user (KalonLlm *self)
{
  return self->user;
}

const char *
llm_double_get_system (KalonLlm *self)
{
  return self->system;
}

const char *
kalon_llm_get_host (KalonLlm *self)
{
  return "llm.example";
}

gboolean
kalon_llm_is_local (KalonLlm *self)
{
  return FALSE;
}

const char *
kalon_llm_get_id (KalonLlm *self)
{
  return "openai|llm.example|double";
}

static gboolean
go_on (gpointer user_data)
{
  GTask *task = user_data;
  KalonLlm *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  gsize length = self->answer != NULL ? strlen (self->answer) : 0;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (self->error != NULL)
    {
      g_task_return_error (task, g_error_copy (self->error));
      return G_SOURCE_REMOVE;
    }
  if (self->answer == NULL)
    return G_SOURCE_CONTINUE;
  if (request->shown < length)
    {
      request->shown = (gsize) (g_utf8_next_char (self->answer + request->shown) - self->answer);
      if (request->text_func != NULL)
        {
          g_autofree char *so_far = g_strndup (self->answer, request->shown);

          request->text_func (so_far, request->text_data);
        }
      return G_SOURCE_CONTINUE;
    }
  g_task_return_pointer (task, g_strdup (self->answer), g_free);
  return G_SOURCE_REMOVE;
}

void
kalon_llm_complete_async (KalonLlm *self, const KalonLlmRequest *asked, KalonLlmTextFunc text_func,
                          gpointer text_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);
  g_autoptr (GSource) idle = NULL;

  self->n_requests++;
  g_free (self->system);
  self->system = g_strdup (asked->system);
  g_free (self->user);
  self->user = g_strdup (asked->user);
  request->text_func = text_func;
  request->text_data = text_data;
  g_task_set_task_data (task, request, g_free);
  /* Where the real one answers: in the context of who asked. */
  idle = g_idle_source_new ();
  g_source_set_callback (idle, go_on, task, g_object_unref);
  g_source_attach (idle, g_task_get_context (task));
}

char *
kalon_llm_complete_finish (KalonLlm *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The schema's types, one level down. */
static gboolean
fits (JsonNode *node, JsonObject *definition)
{
  const char *type = json_object_get_string_member (definition, "type");

  if (g_str_equal (type, "string"))
    return json_node_get_value_type (node) == G_TYPE_STRING;
  if (g_str_equal (type, "array"))
    {
      if (!JSON_NODE_HOLDS_ARRAY (node))
        return FALSE;
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        if (!fits (json_array_get_element (json_node_get_array (node), i),
                   json_object_get_object_member (definition, "items")))
          return FALSE;
      return TRUE;
    }
  return JSON_NODE_HOLDS_OBJECT (node);
}

JsonNode *
kalon_llm_parse_answer (const char *text, const char *schema, GError **error)
{
  g_autoptr (JsonNode) wanted = kalon_input_parse_json (schema, strlen (schema), "schema", NULL);
  g_autoptr (JsonNode) answer = kalon_input_parse_json (text, strlen (text), "answer", error);
  JsonObject *properties
      = json_object_get_object_member (json_node_get_object (wanted), "properties");
  g_autoptr (GList) names = json_object_get_members (properties);

  if (answer == NULL)
    return NULL;
  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *member = json_object_get_member (json_node_get_object (answer), l->data);

      if (member != NULL && fits (member, json_object_get_object_member (properties, l->data)))
        continue;
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The language model's answer does not have “%s” as it should.",
                   (const char *) l->data);
      return NULL;
    }
  return g_steal_pointer (&answer);
}
