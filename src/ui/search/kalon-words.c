/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-words-private.h"
#include "settings/kalon-settings.h"

G_DEFINE_FINAL_TYPE (KalonWords, kalon_words, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
setting_changed_cb (KalonWords *self, const char *key)
{
  if (g_str_has_prefix (key, "llm-"))
    {
      g_clear_object (&self->rephraser);
      g_clear_pointer (&self->host, g_free);
    }
  else if (!g_str_equal (key, KALON_SETTING_REPHRASE_STYLE))
    return;
  kalon_words_begin (self);
}

static void
kalon_words_dispose (GObject *object)
{
  KalonWords *self = KALON_WORDS (object);

  kalon_words_stop (self);
  g_clear_object (&self->rephraser);
  g_clear_object (&self->settings);
  g_clear_object (&self->tokenizer);
  G_OBJECT_CLASS (kalon_words_parent_class)->dispose (object);
}

static void
kalon_words_finalize (GObject *object)
{
  KalonWords *self = KALON_WORDS (object);

  g_free (self->cache_path);
  g_free (self->host);
  g_free (self->refused_host);
  g_free (self->unknown_host);
  g_free (self->query);
  g_free (self->text);
  g_free (self->notice);
  g_strfreev (self->filters);
  G_OBJECT_CLASS (kalon_words_parent_class)->finalize (object);
}

static void
kalon_words_class_init (KalonWordsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kalon_words_dispose;
  object_class->finalize = kalon_words_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_words_init (KalonWords *self)
{
  self->query = g_strdup ("");
  self->filters = g_new0 (char *, 1);
}

KalonWords *
kalon_words_new (GSettings *settings, const char *cache_path)
{
  KalonWords *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (KALON_TYPE_WORDS, NULL);
  self->settings = g_object_ref (settings);
  self->cache_path = g_strdup (cache_path);
  g_signal_connect_object (settings, "changed", G_CALLBACK (setting_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

void
kalon_words_set_tokenizer (KalonWords *self, KalonTokenizer *tokenizer, gsize context_length)
{
  g_return_if_fail (KALON_IS_WORDS (self));
  g_set_object (&self->tokenizer, tokenizer);
  self->context_length = context_length;
}

void
kalon_words_set_query (KalonWords *self, const char *query)
{
  g_return_if_fail (KALON_IS_WORDS (self));
  g_return_if_fail (query != NULL);

  if (g_str_equal (self->query, query))
    return;
  g_free (self->query);
  self->query = g_strdup (query);
  kalon_words_begin (self);
}

const char *
kalon_words_get_query (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), NULL);
  return self->query;
}

KalonWordsState
kalon_words_get_state (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), KALON_WORDS_NONE);
  return self->query[0] != '\0' ? self->state : KALON_WORDS_NONE;
}

const char *
kalon_words_get_text (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), NULL);
  return self->text;
}

const char *
kalon_words_get_source (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), NULL);
  if (self->own)
    return NULL;
  return self->of_model && self->host != NULL ? self->host : "";
}

const char *
kalon_words_get_notice (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), NULL);
  return self->notice;
}

const char *const *
kalon_words_get_filters (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), NULL);
  return (const char *const *) self->filters;
}

void
kalon_words_retry (KalonWords *self)
{
  g_return_if_fail (KALON_IS_WORDS (self));
  kalon_words_begin (self);
}

void
kalon_words_set_own (KalonWords *self, const char *words)
{
  g_return_if_fail (KALON_IS_WORDS (self));

  if (words == NULL)
    {
      self->own = self->pinned = FALSE;
      kalon_words_begin (self);
      return;
    }
  kalon_words_stop (self);
  self->own = TRUE;
  kalon_words_set_state (self, KALON_WORDS_READY, words, NULL);
}

void
kalon_words_set_pinned (KalonWords *self, gboolean pinned)
{
  g_return_if_fail (KALON_IS_WORDS (self));

  if (self->pinned == pinned || (pinned && self->text == NULL))
    return;
  self->pinned = pinned;
  if (pinned)
    kalon_words_set_own (self, self->text);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
kalon_words_is_pinned (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), FALSE);
  return self->pinned;
}

void
kalon_words_set_on (KalonWords *self, gboolean on)
{
  g_return_if_fail (KALON_IS_WORDS (self));

  if (on == kalon_words_is_on (self))
    return;
  if (on)
    g_settings_reset (self->settings, KALON_SETTING_REPHRASE_STYLE);
  else
    {
      self->own = self->pinned = FALSE;
      g_settings_set_string (self->settings, KALON_SETTING_REPHRASE_STYLE,
                             kalon_rephrase_style_get_name (KALON_REPHRASE_ORIGINAL));
    }
}

gboolean
kalon_words_is_on (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), FALSE);
  return kalon_words_get_style (self) != KALON_REPHRASE_ORIGINAL;
}

const char *
kalon_words_get_unknown_host (KalonWords *self)
{
  g_return_val_if_fail (KALON_IS_WORDS (self), NULL);
  return self->unknown_host;
}

void
kalon_words_answer (KalonWords *self, gboolean allow)
{
  g_return_if_fail (KALON_IS_WORDS (self));

  if (self->unknown_host == NULL)
    return;
  if (allow)
    {
      g_autofree char *host = g_steal_pointer (&self->unknown_host);

      /* The setting's change goes on from here. */
      kalon_llm_allow_host (self->settings, host);
      return;
    }
  g_free (self->refused_host);
  self->refused_host = g_steal_pointer (&self->unknown_host);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_cache_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (KalonRephraser) rephraser = kalon_rephraser_new (NULL, task_data);
  GError *error = NULL;

  if (kalon_rephraser_clear_cache (rephraser, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_words_clear_cache_async (KalonWords *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KALON_IS_WORDS (self));

  /* It has the file open; the next query makes another. */
  g_clear_object (&self->rephraser);
  g_clear_pointer (&self->host, g_free);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_words_clear_cache_async);
  g_task_set_task_data (task, g_strdup (self->cache_path), g_free);
  g_task_run_in_thread (task, clear_cache_in_thread);
}

gboolean
kalon_words_clear_cache_finish (KalonWords *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
