/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-words-private.h"
#include "settings/kalon-settings.h"

void
kalon_words_set_state (KalonWords *self, KalonWordsState state, const char *text,
                       const char *notice)
{
  char *copy = g_strdup (text);

  self->state = state;
  g_free (self->text);
  self->text = copy;
  copy = g_strdup (notice);
  g_free (self->notice);
  self->notice = copy;
  g_signal_emit_by_name (self, "changed");
}

void
kalon_words_stop (KalonWords *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

KalonRephraseStyle
kalon_words_get_style (KalonWords *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, KALON_SETTING_REPHRASE_STYLE);
  KalonRephraseStyle style = KALON_REPHRASE_DEFAULT_STYLE;

  kalon_rephrase_style_from_name (name, &style);
  return style;
}

static KalonRephraseRequest
make_request (KalonWords *self)
{
  return (KalonRephraseRequest){
    .query = self->query,
    .style = kalon_words_get_style (self),
    .tokenizer = self->tokenizer,
    .context_length = self->context_length,
  };
}

/* @rephrasing: (nullable): %NULL proposes none */
static void
take_filters (KalonWords *self, const KalonRephrasing *rephrasing)
{
  g_strfreev (self->filters);
  self->filters = rephrasing != NULL ? g_strdupv (rephrasing->filters) : g_new0 (char *, 1);
}

static void
use_word_lists (KalonWords *self)
{
  KalonRephraseRequest request = make_request (self);
  g_autoptr (KalonRephrasing) rephrasing = kalon_rephrase_built_in (&request);

  self->of_model = FALSE;
  take_filters (self, rephrasing);
  kalon_words_set_state (self, KALON_WORDS_READY, rephrasing->text, NULL);
}

/* For a language model that cannot be asked. */
static void
stand_in (KalonWords *self, const char *reason)
{
  KalonRephraseRequest request = make_request (self);
  g_autoptr (KalonRephrasing) rephrasing = kalon_rephrase_stand_in (&request, reason);

  self->of_model = FALSE;
  take_filters (self, rephrasing);
  kalon_words_set_state (self, KALON_WORDS_FAILED, rephrasing->text, rephrasing->notice);
}

static gboolean
is_superseded (KalonWords *self, GCancellable *cancellable)
{
  return cancellable != self->cancellable;
}

static void
text_cb (const char *text, gpointer user_data)
{
  KalonWords *self = user_data;

  kalon_words_set_state (self, KALON_WORDS_WRITING, text, NULL);
}

static void
rephrased_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWords) self = user_data;
  g_autoptr (KalonRephrasing) rephrasing
      = kalon_rephraser_rephrase_finish (KALON_REPHRASER (object), result, NULL);

  if (rephrasing == NULL || is_superseded (self, g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->cancellable);
  take_filters (self, rephrasing);
  self->of_model = !rephrasing->stands_in;
  kalon_words_set_state (self, rephrasing->stands_in ? KALON_WORDS_FAILED : KALON_WORDS_READY,
                         rephrasing->text, rephrasing->notice);
}

static gboolean
ask_model (gpointer user_data)
{
  KalonWords *self = user_data;
  KalonRephraseRequest request = make_request (self);

  self->delay_id = 0;
  self->cancellable = g_cancellable_new ();
  kalon_rephraser_rephrase_async (self->rephraser, &request, text_cb, self, self->cancellable,
                                  rephrased_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWords) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlm) llm = kalon_llm_new_from_settings_finish (result, &error);

  if (is_superseded (self, g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->cancellable);
  if (error != NULL)
    {
      stand_in (self, error->message);
      return;
    }
  if (llm == NULL)
    {
      use_word_lists (self);
      return;
    }
  self->host = g_strdup (kalon_llm_get_host (llm));
  self->rephraser = kalon_rephraser_new (llm, self->cache_path);
  kalon_words_begin (self);
}

/* Whom to ask, or whom one may not ask. */
void
kalon_words_begin (KalonWords *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlmChoice) choice = NULL;

  kalon_words_stop (self);
  g_clear_pointer (&self->unknown_host, g_free);
  take_filters (self, NULL);
  self->own = self->own && self->pinned;
  if (self->query[0] == '\0' || !kalon_words_is_on (self))
    {
      if (self->own)
        g_signal_emit_by_name (self, "changed");
      else
        kalon_words_set_state (self, KALON_WORDS_NONE, NULL, NULL);
      return;
    }
  if (self->own)
    {
      kalon_words_set_state (self, KALON_WORDS_READY, self->text, NULL);
      return;
    }
  choice = kalon_llm_dup_choice (self->settings, &error);
  self->of_model = choice != NULL;
  if (error != NULL)
    {
      stand_in (self, error->message);
      return;
    }
  if (choice == NULL)
    {
      use_word_lists (self);
      return;
    }
  if (!choice->allowed)
    {
      if (g_strcmp0 (choice->host, self->refused_host) != 0)
        self->unknown_host = g_strdup (choice->host);
      use_word_lists (self);
      return;
    }
  if (self->rephraser != NULL)
    self->delay_id = g_timeout_add (KALON_WORDS_DELAY_MS, ask_model, self);
  else
    {
      self->cancellable = g_cancellable_new ();
      kalon_llm_new_from_settings_async (self->settings, NULL, self->cancellable, connected_cb,
                                         g_object_ref (self));
    }
  kalon_words_set_state (self, KALON_WORDS_WRITING, NULL, NULL);
}
