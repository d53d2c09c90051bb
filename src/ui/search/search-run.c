/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-search-private.h"

static void ask_baseline (KalonSearch *self);

void
kalon_search_emit_changed (KalonSearch *self)
{
  g_signal_emit_by_name (self, "changed");
}

static void
cancel (GCancellable **cancellable)
{
  if (*cancellable != NULL)
    g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
}

/* Ends the question under way with the answer @state; @error is taken. */
static void
settle (KalonSearch *self, KalonSearchState state, GError *error)
{
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->error, g_free);
  self->state = state;
  if (error != NULL)
    self->error = g_strdup (error->message);
  g_clear_error (&error);
  kalon_search_emit_changed (self);
}

static GCancellable *
get_cancellable (GAsyncResult *result)
{
  return g_task_get_cancellable (G_TASK (result));
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  gsize n_filtered = 0;
  g_autoptr (GArray) pictures = kalon_catalogue_list_pictures_finish (KALON_CATALOGUE (object),
                                                                      result, &n_filtered, &error);

  /* A superseded search came back: its answer is nobody's. */
  if (get_cancellable (result) != self->cancellable)
    return;
  g_clear_pointer (&self->results, kalon_results_unref);
  self->n_filtered = n_filtered;
  if (pictures != NULL)
    kalon_results_model_set_pictures (self->model, pictures);
  settle (self, pictures != NULL ? KALON_SEARCH_BROWSING : KALON_SEARCH_FAILED,
          g_steal_pointer (&error));
}

void
kalon_search_show (KalonSearch *self)
{
  kalon_results_model_set_results (self->model, self->results, kalon_search_is_aligned (self),
                                   self->question->text);
}

static void
take_results (KalonSearch *self, KalonResults *results)
{
  kalon_results_ref (results);
  g_clear_pointer (&self->results, kalon_results_unref);
  self->results = results;
  self->n_filtered = results->n_filtered;
  kalon_search_show (self);
}

static void
baseline_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonResults) results
      = kalon_searcher_search_finish (KALON_SEARCHER (object), result, &error);

  if (get_cancellable (result) != self->cancellable)
    return;
  g_clear_pointer (&self->results, kalon_results_unref);
  self->n_filtered = 0;
  if (results != NULL)
    take_results (self, results);
  settle (self, results != NULL ? KALON_SEARCH_RESULTS : KALON_SEARCH_FAILED,
          g_steal_pointer (&error));
  if (results == NULL)
    return;
  kalon_search_begin_to_stand (self);
  if (self->alignment_problem == NULL)
    kalon_search_refine (self);
}

/* Of both: a ranking of the same query, and one of a query whose baseline is not on screen. */
static void
aligned_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonResults) results
      = kalon_searcher_search_finish (KALON_SEARCHER (object), result, &error);
  gboolean refines = get_cancellable (result) == self->refining;

  if (!refines && get_cancellable (result) != self->cancellable)
    return;
  if (results != NULL)
    {
      self->aligned_stale = FALSE;
      take_results (self, results);
    }
  else
    self->alignment_problem = g_strdup (error->message);
  if (refines)
    {
      g_clear_object (&self->refining);
      kalon_search_emit_changed (self);
    }
  else if (results != NULL)
    {
      settle (self, KALON_SEARCH_RESULTS, NULL);
      kalon_search_follow_words (self);
    }
  else
    {
      g_clear_object (&self->cancellable);
      ask_baseline (self);
    }
}

gboolean
kalon_search_aligns (KalonSearch *self)
{
  return self->aligned || self->both;
}

void
kalon_search_ask_for_words (KalonSearch *self)
{
  if (self->words != NULL)
    kalon_words_set_query (self->words, kalon_search_aligns (self) ? self->question->text : "");
}

KalonQuery *
kalon_search_create_query (KalonSearch *self)
{
  KalonQuery *query;

  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);

  query = kalon_question_create_query (self->question);
  kalon_query_set_filter (query, self->filter);
  kalon_query_set_fold_duplicates (query, self->fold);
  if (self->show_all)
    kalon_query_set_strictness (query, 0);
  return query;
}

static void
ask_baseline (KalonSearch *self)
{
  g_autoptr (KalonQuery) query = kalon_search_create_query (self);

  self->cancellable = g_cancellable_new ();
  kalon_searcher_search_async (self->searcher, query, self->cancellable, baseline_cb,
                               g_object_ref (self));
}

/* (nullable): of a query by a picture alone there are none. */
static const char *
get_words (KalonSearch *self)
{
  KalonWordsState state;

  if (self->words == NULL || self->question->text[0] == '\0')
    return NULL;
  state = kalon_words_get_state (self->words);
  return state == KALON_WORDS_READY || state == KALON_WORDS_FAILED
             ? kalon_words_get_text (self->words)
             : NULL;
}

gboolean
kalon_search_waits_for_words (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), FALSE);

  return self->words != NULL && self->question->text[0] != '\0'
         && kalon_words_get_state (self->words) == KALON_WORDS_WRITING;
}

void
kalon_search_fill_alignment (KalonSearch *self, KalonAlignment *alignment)
{
  g_return_if_fail (KALON_IS_SEARCH (self));

  *alignment = KALON_ALIGNMENT_DEFAULT;
  alignment->rephrased = (char *) get_words (self);
  alignment->aesthetic = (float) self->aesthetic_weight;
  alignment->taste = (float) self->taste_weight;
}

static void
ask_aligned (KalonSearch *self, GCancellable **cancellable)
{
  g_autoptr (KalonQuery) query = kalon_search_create_query (self);
  KalonAlignment alignment;

  g_clear_pointer (&self->alignment_problem, g_free);
  kalon_search_fill_alignment (self, &alignment);
  g_free (self->asked_words);
  self->asked_words = g_strdup (alignment.rephrased);
  kalon_query_set_alignment (query, &alignment);
  *cancellable = g_cancellable_new ();
  kalon_searcher_search_async (self->searcher, query, *cancellable, aligned_cb,
                               g_object_ref (self));
}

void
kalon_search_refine (KalonSearch *self)
{
  /* While another question is under way, its answer will be refined. */
  if (!kalon_search_aligns (self) || self->results == NULL || self->cancellable != NULL
      || kalon_search_waits_for_words (self))
    return;
  cancel (&self->refining);
  ask_aligned (self, &self->refining);
  kalon_search_emit_changed (self);
}

void
kalon_search_follow_words (KalonSearch *self)
{
  gboolean asked
      = self->refining != NULL || (self->results != NULL && self->results->aligned != NULL);

  if (!asked || g_strcmp0 (self->asked_words, get_words (self)) != 0)
    kalon_search_refine (self);
}

void
kalon_search_run (KalonSearch *self, gboolean same)
{
  cancel (&self->cancellable);
  cancel (&self->refining);
  g_clear_handle_id (&self->change_id, g_source_remove);
  g_clear_pointer (&self->alignment_problem, g_free);
  if (!same)
    {
      kalon_search_forget_standing (self);
      kalon_results_model_begin_question (self->model);
    }
  if (self->filter != NULL)
    {
      KalonFilter *renewed = kalon_filter_renew (self->filter, NULL);

      kalon_filter_unref (self->filter);
      self->filter = renewed;
    }
  if (kalon_search_has_query (self) && self->searcher == NULL)
    {
      settle (
          self, KALON_SEARCH_FAILED,
          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, self->no_searcher_reason));
      return;
    }
  if (!kalon_search_has_query (self))
    {
      self->cancellable = g_cancellable_new ();
      kalon_catalogue_list_pictures_async (self->catalogue, self->filter, self->cancellable,
                                           listed_cb, g_object_ref (self));
    }
  else if (same && kalon_search_aligns (self) && self->results != NULL
           && self->results->aligned != NULL)
    ask_aligned (self, &self->cancellable);
  else
    ask_baseline (self);
  kalon_search_ask_for_words (self);
  kalon_search_emit_changed (self);
}
