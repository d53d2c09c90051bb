/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-words.h"
#include "settings/kalon-settings.h"

struct _KalonWords
{
  GObject parent_instance;

  GSettings *settings;
  char *cache_path;
  KalonTokenizer *tokenizer; /* (nullable) */
  gsize context_length;

  KalonRephraser *rephraser; /* with the language model of the settings; NULL until it is there */
  char *host;                /* that it is on */
  char *refused_host;        /* (nullable): "not now" */
  char *unknown_host;        /* (nullable): to be asked about */

  char *query;
  KalonWordsState state;
  char *text;
  char *notice;
  gboolean of_model; /* @text is, or becomes, a language model's */
  gboolean own;      /* @text is the user's */
  gboolean pinned;

  guint delay_id;
  GCancellable *cancellable; /* of the one question under way: for the model, or to it */
};

G_DEFINE_FINAL_TYPE (KalonWords, kalon_words, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void begin (KalonWords *self);

static void
set_state (KalonWords *self, KalonWordsState state, const char *text, const char *notice)
{
  char *copy = g_strdup (text);

  self->state = state;
  g_free (self->text);
  self->text = copy;
  copy = g_strdup (notice);
  g_free (self->notice);
  self->notice = copy;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
stop (KalonWords *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static KalonRephraseStyle
get_style (KalonWords *self)
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
    .style = get_style (self),
    .tokenizer = self->tokenizer,
    .context_length = self->context_length,
  };
}

static void
use_word_lists (KalonWords *self)
{
  KalonRephraseRequest request = make_request (self);
  g_autoptr (KalonRephrasing) rephrasing = kalon_rephrase_built_in (&request);

  self->of_model = FALSE;
  set_state (self, KALON_WORDS_READY, rephrasing->text, NULL);
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

  set_state (self, KALON_WORDS_WRITING, text, NULL);
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
  if (rephrasing->notice != NULL)
    set_state (self, KALON_WORDS_FAILED, NULL, rephrasing->notice);
  else
    set_state (self, KALON_WORDS_READY, rephrasing->text, NULL);
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
      set_state (self, KALON_WORDS_FAILED, NULL, error->message);
      return;
    }
  if (llm == NULL)
    {
      use_word_lists (self);
      return;
    }
  self->host = g_strdup (kalon_llm_get_host (llm));
  self->rephraser = kalon_rephraser_new (llm, self->cache_path);
  begin (self);
}

/* Whom to ask, or whom one may not ask. */
static void
begin (KalonWords *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlmChoice) choice = NULL;

  stop (self);
  g_clear_pointer (&self->unknown_host, g_free);
  self->own = self->own && self->pinned;
  if (self->query[0] == '\0' || !kalon_words_is_on (self))
    {
      if (self->own)
        g_signal_emit (self, signals[CHANGED], 0);
      else
        set_state (self, KALON_WORDS_NONE, NULL, NULL);
      return;
    }
  if (self->own)
    {
      set_state (self, KALON_WORDS_READY, self->text, NULL);
      return;
    }
  choice = kalon_llm_dup_choice (self->settings, &error);
  self->of_model = choice != NULL;
  if (error != NULL)
    {
      set_state (self, KALON_WORDS_FAILED, NULL, error->message);
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
  set_state (self, KALON_WORDS_WRITING, NULL, NULL);
}

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
  begin (self);
}

static void
kalon_words_dispose (GObject *object)
{
  KalonWords *self = KALON_WORDS (object);

  stop (self);
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
  begin (self);
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

void
kalon_words_retry (KalonWords *self)
{
  g_return_if_fail (KALON_IS_WORDS (self));
  begin (self);
}

void
kalon_words_set_own (KalonWords *self, const char *words)
{
  g_return_if_fail (KALON_IS_WORDS (self));

  if (words == NULL)
    {
      self->own = self->pinned = FALSE;
      begin (self);
      return;
    }
  stop (self);
  self->own = TRUE;
  set_state (self, KALON_WORDS_READY, words, NULL);
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
  return get_style (self) != KALON_REPHRASE_ORIGINAL;
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
