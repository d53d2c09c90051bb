/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <string.h>

/* New attempts after a failure that may pass. */
#define MAX_RETRIES 2

/* Refused parameters: each protocol has fewer of them. */
#define MAX_ADAPTATIONS 6

/* A cut answer is asked for once more with so many times its tokens. */
#define LENGTHENING 4

typedef struct
{
  KalonLlm *llm;
  KalonLlmRequest request; /* its texts are ours */
  KalonLlmTextFunc text_func;
  gpointer text_data;

  KalonLlmReader *reader; /* of the attempt that runs */
  KalonLlmHabits tried;   /* what that attempt was written by */
  gsize shown;            /* bytes of the text that text_func has seen */
  guint retries;
  guint adaptations;
  gboolean lengthened;
  gint64 deadline;
  GSource *pause; /* (nullable): until the next attempt */
  GSource *wish;  /* (nullable): of the caller's cancellable, during a pause */
} Call;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
call_free (Call *call)
{
  clear_source (&call->pause);
  clear_source (&call->wish);
  g_clear_pointer (&call->reader, kalon_llm_reader_free);
  g_free ((char *) call->request.system);
  g_free ((char *) call->request.user);
  g_free ((char *) call->request.schema_name);
  g_free ((char *) call->request.schema);
  g_clear_pointer (&call->request.picture, g_bytes_unref);
  g_object_unref (call->llm);
  g_free (call);
}

static GBytes *
write_body (Call *call)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  char *text;
  gsize length;

  json_builder_begin_object (builder);
  call->llm->protocol->write (call->llm, &call->request, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, &length);
  return g_bytes_new_take (text, length);
}

static gboolean
on_bytes (const char *data, gsize length, gpointer user_data, gboolean *enough, GError **error)
{
  Call *call = g_task_get_task_data (user_data);
  const KalonLlmAnswer *answer = kalon_llm_reader_get_answer (call->reader);

  if (!kalon_llm_reader_push (call->reader, data, length, error))
    return FALSE;
  *enough = answer->ended;
  if (call->text_func != NULL && answer->text->len > call->shown)
    {
      call->shown = answer->text->len;
      call->text_func (answer->text->str, call->text_data);
    }
  return TRUE;
}

static void on_exchanged (GObject *source, GAsyncResult *result, gpointer user_data);

/* Takes @task and hands it on to the exchange. */
static void
start_attempt (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (GBytes) body = write_body (call);

  g_clear_pointer (&call->reader, kalon_llm_reader_free);
  call->reader = kalon_llm_reader_new (call->llm);
  call->tried = call->llm->habits;
  call->shown = 0;
  kalon_llm_exchange_async (call->llm, call->llm->protocol->complete_path, body, call->deadline,
                            on_bytes, task, g_task_get_cancellable (task), on_exchanged, task);
}

static void
finish (GTask *task, GError *error)
{
  Call *call = g_task_get_task_data (task);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (kalon_llm_reader_get_answer (call->reader)->text->str),
                           g_free);
  g_object_unref (task);
}

static gboolean
on_pause_over (gpointer user_data)
{
  Call *call = g_task_get_task_data (user_data);

  clear_source (&call->pause);
  clear_source (&call->wish);
  start_attempt (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_wish (GCancellable *cancellable, gpointer user_data)
{
  Call *call = g_task_get_task_data (user_data);
  GError *error = NULL;

  clear_source (&call->pause);
  clear_source (&call->wish);
  g_cancellable_set_error_if_cancelled (cancellable, &error);
  finish (user_data, error);
  return G_SOURCE_REMOVE;
}

/* Starts another attempt after a pause, unless there were enough, text has come already, or the
 * server wants a longer pause than anybody waits for. */
static gboolean
try_again (GTask *task, int retry_after)
{
  Call *call = g_task_get_task_data (task);
  const KalonLlmLimits *limits = &call->llm->limits;
  GCancellable *cancellable = g_task_get_cancellable (task);
  gint64 pause;

  if (call->retries >= MAX_RETRIES || kalon_llm_reader_get_answer (call->reader)->text->len > 0)
    return FALSE;
  /* The jitter keeps programs that were refused together from coming back together. */
  if (retry_after >= 0)
    pause = (gint64) retry_after * 1000;
  else
    pause
        = ((gint64) limits->pause << call->retries) + g_random_int_range (0, limits->pause / 2 + 1);
  if (pause > limits->longest_wait || g_get_monotonic_time () + pause * 1000 >= call->deadline)
    return FALSE;

  call->retries++;
  call->pause = g_timeout_source_new ((guint) pause);
  g_source_set_callback (call->pause, on_pause_over, task, NULL);
  g_source_attach (call->pause, g_task_get_context (task));
  if (cancellable != NULL)
    {
      call->wish = g_cancellable_source_new (cancellable);
      g_source_set_callback (call->wish, G_SOURCE_FUNC (on_wish), task, NULL);
      g_source_attach (call->wish, g_task_get_context (task));
    }
  return TRUE;
}

/* Writes the request in another way when that is what the server complains of. Two requests that
 * run at a time may hear the same complaint: the second one has its remedy already. */
static gboolean
adapt (GTask *task, const KalonLlmComplaint *complaint)
{
  Call *call = g_task_get_task_data (task);
  KalonLlm *llm = call->llm;
  g_autofree char *text = NULL;
  g_autofree char *lower = NULL;
  KalonLlmHabits habits = call->tried;

  if (call->adaptations >= MAX_ADAPTATIONS)
    return FALSE;
  text = g_strconcat (complaint->kind, complaint->message, NULL);
  lower = g_ascii_strdown (text, -1);
  if (!llm->protocol->adapt (&habits, lower))
    return FALSE;
  llm->habits.no_temperature |= habits.no_temperature;
  llm->habits.no_think |= habits.no_think;
  llm->habits.other_token_limit |= habits.other_token_limit;
  llm->habits.schema_form = MAX (llm->habits.schema_form, habits.schema_form);
  call->adaptations++;
  start_attempt (task);
  return TRUE;
}

static gboolean
lengthen (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (call->lengthened || call->request.max_tokens > G_MAXINT / LENGTHENING)
    return FALSE;
  call->lengthened = TRUE;
  call->request.max_tokens *= LENGTHENING;
  start_attempt (task);
  return TRUE;
}

static void
set_refusal (KalonLlm *llm, const KalonLlmAnswer *answer, GError **error)
{
  g_autofree char *quote
      = answer->refusal->len > 0 ? kalon_llm_dup_quote (llm, answer->refusal->str) : NULL;

  if (quote != NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "The model at %s refuses to answer (“%s”): word it differently.", llm->host,
                 quote);
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "The model at %s refuses to answer: word it differently.", llm->host);
}

/* A response that came to its end, with a status of success. */
static void
take_answer (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  KalonLlm *llm = call->llm;
  const KalonLlmAnswer *answer = kalon_llm_reader_get_answer (call->reader);
  const KalonLlmComplaint *complaint;
  GError *error = NULL;

  if (!kalon_llm_reader_end (call->reader, &error))
    {
      finish (task, error);
      return;
    }
  complaint = kalon_llm_reader_get_complaint (call->reader);
  if (complaint != NULL)
    {
      if (kalon_llm_is_passing (200, complaint) && try_again (task, -1))
        return;
      kalon_llm_set_status_error (llm, 200, -1, complaint, &error);
    }
  else if (answer->refused)
    set_refusal (llm, answer, &error);
  else if (!answer->ended)
    g_set_error (&error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s broke off in the middle of its answer: try again.", llm->host);
  else if (answer->cut)
    {
      if (lengthen (task))
        return;
      g_set_error (&error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "The answer of %s did not end within %u tokens: take another model, or one that "
                   "thinks less.",
                   llm->host, call->request.max_tokens);
    }
  else if (answer->text->len == 0)
    g_set_error (&error, KALON_ERROR, KALON_ERROR_SERVICE,
                 "%s answered nothing: try again, or take another model.", llm->host);
  finish (task, error);
}

static void
on_exchanged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (KalonLlmComplaint) complaint = NULL;
  g_autoptr (KalonLlmReply) reply = NULL;
  gboolean reset;
  GError *error = NULL;

  reply = kalon_llm_exchange_finish (result, &reset, &error);
  if (reply == NULL)
    {
      if (reset && try_again (task, -1))
        g_error_free (error);
      else
        finish (task, error);
      return;
    }
  if (reply->status < 300)
    {
      take_answer (task);
      return;
    }
  complaint
      = kalon_llm_parse_complaint ((const char *) reply->error_body->data, reply->error_body->len);
  if ((reply->status == 400 || reply->status == 422) && adapt (task, complaint))
    return;
  if (kalon_llm_is_passing (reply->status, complaint) && try_again (task, reply->retry_after))
    return;
  kalon_llm_set_status_error (call->llm, reply->status, reply->retry_after, complaint, &error);
  finish (task, error);
}

void
kalon_llm_complete_async (KalonLlm *self, const KalonLlmRequest *request,
                          KalonLlmTextFunc text_func, gpointer text_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (JsonNode) schema = NULL;
  GError *error = NULL;
  Call *call;

  g_return_if_fail (KALON_IS_LLM (self));
  g_return_if_fail (request != NULL && request->user != NULL && request->max_tokens > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_llm_complete_async);
  if (request->schema != NULL)
    {
      schema = kalon_input_parse_json (request->schema, strlen (request->schema), "schema", &error);
      if (schema == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
    }
  call = g_new0 (Call, 1);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  call->llm = g_object_ref (self);
  call->request.system = g_strdup (request->system);
  call->request.user = g_strdup (request->user);
  call->request.schema_name = g_strdup (request->schema_name);
  call->request.schema = g_strdup (request->schema);
  call->request.picture = request->picture != NULL ? g_bytes_ref (request->picture) : NULL;
  call->request.max_tokens = request->max_tokens;
  call->text_func = text_func;
  call->text_data = text_data;
  call->deadline = g_get_monotonic_time () + (gint64) self->limits.total * 1000;
  if (g_task_return_error_if_cancelled (task))
    return;
  start_attempt (g_steal_pointer (&task));
}

char *
kalon_llm_complete_finish (KalonLlm *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_llm_complete_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
