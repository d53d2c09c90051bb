/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/kalon-judge-private.h"

/* An answer has some thirty; what is cut is asked for again with more. */
#define MAX_TOKENS 200

typedef struct
{
  KalonJudge *judge;
  KalonJudgeCache *cache;
  GMainContext *context;
  GCancellable *cancellable; /* (nullable) */
  KalonJudgeFunc func;       /* (nullable) */
  gpointer user_data;
  gsize done;
  gsize total;
  gint64 next;      /* when the next call may begin, monotonic */
  guint n_in_a_row; /* failures */
  gsize n_calls[KALON_N_JUDGE_STYLES];
} Run;

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static gboolean
end_pause (gpointer user_data)
{
  gboolean *ended = user_data;

  *ended = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
end_pause_cancelled (GCancellable *cancellable, gpointer user_data)
{
  return end_pause (user_data);
}

/* Until the next call may begin. */
static gboolean
wait_turn (Run *run, GError **error)
{
  gint64 now = g_get_monotonic_time ();
  gint64 between
      = run->judge->per_minute > 0 ? 60 * G_USEC_PER_SEC / (gint64) run->judge->per_minute : 0;

  if (now < run->next)
    {
      g_autoptr (GSource) pause = g_timeout_source_new ((guint) ((run->next - now + 999) / 1000));
      g_autoptr (GSource) wish = NULL;
      gboolean ended = FALSE;

      g_source_set_callback (pause, end_pause, &ended, NULL);
      g_source_attach (pause, run->context);
      if (run->cancellable != NULL)
        {
          wish = g_cancellable_source_new (run->cancellable);
          g_source_set_callback (wish, G_SOURCE_FUNC (end_pause_cancelled), &ended, NULL);
          g_source_attach (wish, run->context);
        }
      while (!ended)
        g_main_context_iteration (run->context, TRUE);
      g_source_destroy (pause);
      if (wish != NULL)
        g_source_destroy (wish);
    }
  run->next = MAX (g_get_monotonic_time (), run->next) + between;
  return !g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* (transfer full) (nullable): what the model says. */
static char *
ask (Run *run, const KalonJudgeCall *call, GBytes *picture, GError **error)
{
  g_autofree char *user = kalon_judge_prompt_dup_user (call->item->query);
  g_autoptr (GAsyncResult) result = NULL;
  const KalonLlmRequest request = {
    .system = kalon_judge_prompt_get_system (call->style),
    .user = user,
    .picture = picture,
    .schema_name = "judgement",
    .schema = kalon_judge_prompt_get_schema (call->style),
    .max_tokens = MAX_TOKENS,
  };

  if (!wait_turn (run, error))
    return NULL;
  run->n_calls[call->style]++;
  kalon_llm_complete_async (run->judge->llm, &request, NULL, NULL, run->cancellable, take_result,
                            &result);
  while (result == NULL)
    g_main_context_iteration (run->context, TRUE);
  return kalon_llm_complete_finish (run->judge->llm, result, error);
}

/* @failure: (out) (transfer full) (nullable): why there is no answer, which is no error. */
static gboolean
answer (Run *run, KalonJudgeCall *call, char **failure, GError **error)
{
  KalonJudgeAnswer parsed;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) picture = NULL;
  g_autofree char *text = NULL;

  /* The same question may have been asked since: by another item, or another process. */
  if (!kalon_judge_call_look_up (call, run->cache, error))
    return FALSE;
  if (call->answer != NULL)
    return TRUE;
  picture = kalon_judge_call_draw (run->judge, call, run->cancellable, &reason);
  if (picture == NULL && !g_cancellable_is_cancelled (run->cancellable))
    {
      /* Nothing that the server could help. */
      *failure = g_strdup (reason->message);
      return TRUE;
    }
  text = picture != NULL ? ask (run, call, picture, &reason) : NULL;
  if (text != NULL && kalon_judge_answer_parse (text, call->style, &parsed, &call->answer, &reason))
    {
      run->n_in_a_row = 0;
      return kalon_judge_cache_store (run->cache, call->key, call->answer, error);
    }
  if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
      || ++run->n_in_a_row == KALON_JUDGE_MAX_FAILURES)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&reason),
                                  "The judge stops, and keeps what it was answered: ");
      return FALSE;
    }
  *failure = g_strdup (reason->message);
  return TRUE;
}

static gboolean
judge_case (Run *run, KalonJudgeCase *one, GError **error)
{
  for (guint i = 0; one->state == KALON_JUDGE_TO_ASK && i < KALON_JUDGE_CALLS; i++)
    {
      /* One call alone decides nothing: the other one need not be paid for. */
      if (one->calls[i].answer == NULL && one->failure == NULL
          && !answer (run, &one->calls[i], &one->failure, error))
        return FALSE;
      run->done++;
      if (run->func != NULL)
        run->func (run->done, run->total, run->user_data);
    }
  return TRUE;
}

/* Whether pictures may go where they would go. */
static gboolean
check_consent (Run *run, GPtrArray *cases, GError **error)
{
  KalonJudge *self = run->judge;
  KalonJudgeEstimate estimate;
  g_autofree char *size = NULL;

  if (self->may_send || kalon_llm_is_local (self->llm)
      || kalon_judge_count_calls (cases, NULL) == 0)
    return TRUE;
  if (!kalon_judge_estimate_cases (self, cases, &estimate, run->cancellable, error))
    return FALSE;
  size = g_format_size (estimate.bytes);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "Nothing was sent. %" G_GSIZE_FORMAT
               " pictures, about %s, made of thumbnails of the "
               "rows that are compared, would go to %s with the queries; allow that with "
               "--send-pictures.",
               estimate.n_calls, size, kalon_llm_get_host (self->llm));
  return FALSE;
}

static KalonJudgeFigures *
run_all (Run *run, GPtrArray *items, const KalonJudgeStyle *styles, guint n_styles, GError **error)
{
  g_autoptr (GPtrArray) cases = kalon_judge_list_cases (run->judge, run->cache, items, styles,
                                                        n_styles, run->cancellable, error);
  KalonJudgeFigures *figures;
  gsize n_kept;

  if (cases == NULL || !check_consent (run, cases, error))
    return NULL;
  run->total = kalon_judge_count_calls (cases, &n_kept) + n_kept;
  for (guint i = 0; i < cases->len; i++)
    if (!judge_case (run, g_ptr_array_index (cases, i), error))
      return NULL;
  figures = kalon_judge_figures_new (kalon_llm_get_id (run->judge->llm), items);
  for (guint style = 0; style < n_styles; style++)
    {
      KalonJudgeCount *count
          = kalon_judge_count_cases (styles[style], cases, (gsize) style * items->len, items->len);

      count->n_calls = run->n_calls[styles[style]];
      g_ptr_array_add (figures->counts, count);
    }
  return figures;
}

KalonJudgeFigures *
kalon_judge_run (KalonJudge *self, GPtrArray *items, const KalonJudgeStyle *styles, guint n_styles,
                 KalonJudgeFunc func, gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonJudgeCache) cache = kalon_judge_cache_open (self->cache_path, error);
  g_autoptr (GMainContext) context = NULL;
  KalonJudgeFigures *figures;
  Run run = {
    .judge = self, .cache = cache, .cancellable = cancellable, .func = func, .user_data = user_data
  };

  if (cache == NULL)
    return NULL;
  context = g_main_context_new ();
  run.context = context;
  g_main_context_push_thread_default (context);
  figures = run_all (&run, items, styles, n_styles, error);
  /* A connection that was cut off is given up in here, and nobody iterates it any more. */
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  return figures;
}
