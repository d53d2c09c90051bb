/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

static gboolean
on_bytes (const char *data, gsize length, gpointer user_data, gboolean *enough, GError **error)
{
  g_string_append_len (user_data, data, length);
  return TRUE;
}

static void
free_text (GString *text)
{
  g_string_free (text, TRUE);
}

static GStrv
read_names (KalonLlm *llm, GString *text, GError **error)
{
  const KalonLlmProtocol *protocol = llm->protocol;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (JsonNode) node = kalon_input_parse_json (text->str, text->len, "models", NULL);
  JsonArray *array
      = node != NULL ? kalon_llm_read_array (json_node_get_object (node), protocol->models_member)
                     : NULL;

  if (array == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "%s does not list its models as an “%s” server does: check the address and the "
                   "dialect.",
                   llm->host, protocol->name);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *name
          = kalon_llm_read_string (kalon_llm_read_element (array, i), protocol->model_name);

      if (name != NULL)
        g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

static void
on_exchanged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KalonLlm *llm = KALON_LLM (source);
  g_autoptr (KalonLlmComplaint) complaint = NULL;
  g_autoptr (KalonLlmReply) reply = NULL;
  GError *error = NULL;
  GStrv names = NULL;

  reply = kalon_llm_exchange_finish (result, NULL, &error);
  if (reply != NULL && reply->status < 300)
    names = read_names (llm, g_task_get_task_data (task), &error);
  else if (reply != NULL)
    {
      complaint = kalon_llm_parse_complaint ((const char *) reply->error_body->data,
                                             reply->error_body->len);
      kalon_llm_set_status_error (llm, reply->status, reply->retry_after, complaint, &error);
    }
  if (names != NULL)
    g_task_return_pointer (task, names, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

void
kalon_llm_list_models_async (KalonLlm *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GString *text = g_string_new (NULL);
  GTask *task;

  g_return_if_fail (KALON_IS_LLM (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_llm_list_models_async);
  g_task_set_task_data (task, text, (GDestroyNotify) free_text);
  kalon_llm_exchange_async (self, self->protocol->models_path, NULL,
                            g_get_monotonic_time () + (gint64) self->limits.total * 1000, on_bytes,
                            text, cancellable, on_exchanged, task);
}

GStrv
kalon_llm_list_models_finish (KalonLlm *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_llm_list_models_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
