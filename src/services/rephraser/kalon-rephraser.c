/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

/* A few megabytes, and more searches than somebody repeats. */
#define CACHE_LIMIT 10000
/* Twice what the longest style asks for, in JSON. */
#define MAX_TOKENS 400

struct _KalonRephraser
{
  GObject parent_instance;

  KalonLlm *llm;             /* (nullable) */
  KalonRephraseCache *cache; /* (nullable) */
  gboolean only_kept;        /* nothing is sent */
  gboolean has_answered;     /* the language model is loaded */
  guint patience;            /* milliseconds; 0: as the header says */
};

G_DEFINE_FINAL_TYPE (KalonRephraser, kalon_rephraser, G_TYPE_OBJECT)

/* A rephrasing under way; the data of its task. */
typedef struct
{
  KalonRephraseRequest request;
  char *query;
  GDate today;
  KalonRephraseTextFunc text_func;
  gpointer text_data;
  char *shown; /* what @text_func has got last */

  /* While the language model is at work. */
  GCancellable *cancellable; /* of the caller or of the timeout */
  gulong cancelled_id;
  GSource *timeout;
  gboolean timed_out;

  KalonRephraseAnswer answer;
} Job;

static void
stop_waiting (Job *job, GCancellable *of_caller)
{
  if (job->timeout != NULL)
    g_source_destroy (job->timeout);
  g_clear_pointer (&job->timeout, g_source_unref);
  g_cancellable_disconnect (of_caller, job->cancelled_id);
  job->cancelled_id = 0;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->request.tokenizer);
  g_clear_object (&job->cancellable);
  kalon_rephrase_answer_clear (&job->answer);
  g_free (job->query);
  g_free (job->shown);
  g_free (job);
}

static Job *
job_new (const KalonRephraseRequest *request, KalonRephraseTextFunc text_func, gpointer text_data)
{
  Job *job = g_new0 (Job, 1);

  job->request = *request;
  job->query = kalon_query_clean (request->query);
  kalon_rephrase_take_date (request, &job->today);
  job->request.query = job->query;
  job->request.today = &job->today;
  if (request->tokenizer != NULL)
    g_object_ref (request->tokenizer);
  job->text_func = text_func;
  job->text_data = text_data;
  return job;
}

static void
return_rephrasing (GTask *task, KalonRephrasing *rephrasing)
{
  g_task_return_pointer (task, rephrasing, (GDestroyNotify) kalon_rephrasing_unref);
}

static void
return_stand_in (GTask *task, const char *reason)
{
  Job *job = g_task_get_task_data (task);

  return_rephrasing (task, kalon_rephrase_stand_in (&job->request, reason));
}

/* The database blocks. @func gets @task as its data, @callback another reference to it. The
 * thread's own task holds neither: it may be the last to go, and the rephraser must not end in a
 * thread. */
static void
run_in_thread (GTask *task, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) aside = g_task_new (NULL, NULL, callback, g_object_ref (task));

  g_task_set_source_tag (aside, run_in_thread);
  g_task_set_task_data (aside, task, NULL);
  g_task_run_in_thread (aside, func);
}

/* ---- the language model ---- */

static guint
get_patience (KalonRephraser *self)
{
  gboolean may_load = kalon_llm_is_local (self->llm) && !self->has_answered;

  if (self->patience > 0)
    return self->patience;
  return 1000 * (may_load ? KALON_REPHRASE_FIRST_SECONDS : KALON_REPHRASE_SECONDS);
}

static void
on_text (const char *so_far, gpointer user_data)
{
  Job *job = g_task_get_task_data (user_data);
  g_auto (KalonRephraseAnswer) answer = { NULL };
  g_autoptr (KalonRephrasing) rephrasing = NULL;

  /* A cancellation is noticed later than what was read already. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (user_data)))
    return;
  if (!kalon_rephrase_answer_parse_partial (so_far, job->query, job->request.style, &answer))
    return;
  rephrasing = kalon_rephrase_answer_compose (&answer, &job->request, KALON_REPHRASE_SOURCE_LLM);
  if (g_strcmp0 (rephrasing->text, job->shown) == 0)
    return;
  g_free (job->shown);
  job->shown = g_strdup (rephrasing->text);
  job->text_func (job->shown, job->text_data);
}

static void
store_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GTask *whole = data;
  KalonRephraser *self = g_task_get_source_object (whole);
  Job *job = g_task_get_task_data (whole);

  kalon_rephrase_cache_store (self->cache, kalon_llm_get_id (self->llm), &job->request,
                              &job->answer);
  g_task_return_boolean (task, TRUE);
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);

  return_rephrasing (
      task, kalon_rephrase_answer_compose (&job->answer, &job->request, KALON_REPHRASE_SOURCE_LLM));
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  KalonRephraser *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  g_autofree char *text = kalon_llm_complete_finish (self->llm, result, &error);

  stop_waiting (job, g_task_get_cancellable (task));
  if (g_task_return_error_if_cancelled (task))
    return;
  if (text == NULL && job->timed_out)
    {
      g_autofree char *reason
          = g_strdup_printf ("%s did not answer in time.", kalon_llm_get_host (self->llm));

      return_stand_in (task, reason);
      return;
    }
  if (text != NULL)
    self->has_answered = TRUE;
  if (text == NULL
      || !kalon_rephrase_answer_parse (text, job->query, job->request.style, &job->answer, &error))
    {
      return_stand_in (task, error->message);
      return;
    }
  if (self->cache == NULL)
    {
      return_rephrasing (task, kalon_rephrase_answer_compose (&job->answer, &job->request,
                                                              KALON_REPHRASE_SOURCE_LLM));
      return;
    }
  run_in_thread (task, store_in_thread, on_stored);
}

static gboolean
on_timeout (gpointer user_data)
{
  Job *job = user_data;

  job->timed_out = TRUE;
  g_cancellable_cancel (job->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *of_caller, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* @task: (transfer full) */
static void
ask (GTask *task)
{
  KalonRephraser *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GCancellable *of_caller = g_task_get_cancellable (task);
  g_autofree char *system = kalon_prompt_dup_system (job->request.style);
  g_autofree char *user = kalon_prompt_dup_user (job->query, &job->today);
  KalonLlmRequest request = {
    .system = system,
    .user = user,
    .schema_name = "rephrasing",
    .schema = kalon_prompt_get_schema (job->request.style),
    .max_tokens = MAX_TOKENS,
  };

  job->cancellable = g_cancellable_new ();
  job->timeout = g_timeout_source_new (get_patience (self));
  g_source_set_static_name (job->timeout, "kalon-rephraser patience");
  g_source_set_callback (job->timeout, on_timeout, job, NULL);
  g_source_attach (job->timeout, g_task_get_context (task));
  if (of_caller != NULL)
    job->cancelled_id = g_cancellable_connect (of_caller, G_CALLBACK (on_cancelled),
                                               g_object_ref (job->cancellable), g_object_unref);
  kalon_llm_complete_async (self->llm, &request, job->text_func != NULL ? on_text : NULL, task,
                            job->cancellable, on_answer, task);
}

/* ---- what was answered before ---- */

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GTask *whole = data;
  KalonRephraser *self = g_task_get_source_object (whole);
  Job *job = g_task_get_task_data (whole);

  g_task_return_boolean (task, kalon_rephrase_cache_find (self->cache, kalon_llm_get_id (self->llm),
                                                          &job->request, &job->answer));
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KalonRephraser *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (g_task_propagate_boolean (G_TASK (result), NULL))
    return_rephrasing (task, kalon_rephrase_answer_compose (&job->answer, &job->request,
                                                            KALON_REPHRASE_SOURCE_CACHE));
  else if (self->only_kept)
    return_rephrasing (task, kalon_rephrase_built_in (&job->request));
  else
    ask (g_steal_pointer (&task));
}

/* ---- the type ---- */

static void
kalon_rephraser_finalize (GObject *object)
{
  KalonRephraser *self = KALON_REPHRASER (object);

  g_clear_object (&self->llm);
  g_clear_pointer (&self->cache, kalon_rephrase_cache_free);
  G_OBJECT_CLASS (kalon_rephraser_parent_class)->finalize (object);
}

static void
kalon_rephraser_class_init (KalonRephraserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_rephraser_finalize;
}

static void
kalon_rephraser_init (KalonRephraser *self)
{
}

char *
kalon_rephraser_dup_cache_path (void)
{
  return g_build_filename (g_get_user_cache_dir (), "kalon", "rephrasings.db", NULL);
}

KalonRephraser *
kalon_rephraser_new (KalonLlm *llm, const char *cache_path)
{
  KalonRephraser *self;

  g_return_val_if_fail (llm == NULL || KALON_IS_LLM (llm), NULL);

  self = g_object_new (KALON_TYPE_REPHRASER, NULL);
  g_set_object (&self->llm, llm);
  if (cache_path != NULL)
    self->cache = kalon_rephrase_cache_new (cache_path, CACHE_LIMIT);
  return self;
}

void
kalon_rephraser_set_only_kept (KalonRephraser *self, gboolean only_kept)
{
  g_return_if_fail (KALON_IS_REPHRASER (self));

  self->only_kept = only_kept;
}

void
kalon_rephraser_set_patience (KalonRephraser *self, guint milliseconds)
{
  g_return_if_fail (KALON_IS_REPHRASER (self));

  self->patience = milliseconds;
}

void
kalon_rephraser_rephrase_async (KalonRephraser *self, const KalonRephraseRequest *request,
                                KalonRephraseTextFunc text_func, gpointer text_data,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (KALON_IS_REPHRASER (self));
  g_return_if_fail (request != NULL && request->query != NULL);
  g_return_if_fail (request->style < KALON_N_REPHRASE_STYLES);
  g_return_if_fail (request->tokenizer == NULL || request->context_length >= 2);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_rephraser_rephrase_async);
  job = job_new (request, text_func, text_data);
  g_task_set_task_data (task, job, job_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->llm == NULL || (self->cache == NULL && self->only_kept)
      || !kalon_prompt_has_style (request->style) || job->query[0] == '\0')
    return_rephrasing (task, kalon_rephrase_built_in (&job->request));
  else if (self->cache == NULL)
    ask (g_steal_pointer (&task));
  else
    run_in_thread (task, find_in_thread, on_found);
}

KalonRephrasing *
kalon_rephraser_rephrase_finish (KalonRephraser *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
kalon_rephraser_clear_cache (KalonRephraser *self, GError **error)
{
  g_return_val_if_fail (KALON_IS_REPHRASER (self), FALSE);

  return self->cache == NULL || kalon_rephrase_cache_clear (self->cache, error);
}
