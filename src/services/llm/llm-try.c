/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

/* Small, and with a limit that keeps any model from going on for ever. */
#define SCHEMA                                                                                     \
  "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"answer\"],"                 \
  "\"properties\":{\"answer\":{\"type\":\"string\",\"maxLength\":80}}}"

typedef struct
{
  gint64 start; /* monotonic time */
  double seconds;
} Trial;

static void
completed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Trial *trial = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *text = kalon_llm_complete_finish (KALON_LLM (object), result, &error);
  g_autoptr (JsonNode) node = text != NULL ? kalon_llm_parse_answer (text, SCHEMA, &error) : NULL;

  trial->seconds = (double) (g_get_monotonic_time () - trial->start) / G_USEC_PER_SEC;
  if (node == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (
        task, g_strdup (json_object_get_string_member (json_node_get_object (node), "answer")),
        g_free);
}

void
kalon_llm_try_async (KalonLlm *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  const KalonLlmRequest request = {
    .system = "You answer in JSON.",
    .user = KALON_LLM_TRIAL,
    .schema_name = "answer",
    .schema = SCHEMA,
    .max_tokens = 200,
  };
  Trial trial = { .start = g_get_monotonic_time () };
  GTask *task;

  g_return_if_fail (KALON_IS_LLM (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_llm_try_async);
  g_task_set_task_data (task, g_memdup2 (&trial, sizeof trial), g_free);
  kalon_llm_complete_async (self, &request, NULL, NULL, cancellable, completed_cb, task);
}

char *
kalon_llm_try_finish (KalonLlm *self, GAsyncResult *result, double *seconds, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (seconds != NULL)
    *seconds = ((Trial *) g_task_get_task_data (G_TASK (result)))->seconds;
  return g_task_propagate_pointer (G_TASK (result), error);
}
