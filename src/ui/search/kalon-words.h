/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The words that are searched for beside those typed: rephrased by word lists at once, or by the
 * language model of the settings as soon as it has answered; or the user's own. Main thread.
 *
 * Nothing is sent to a host that was not allowed: kalon_words_get_unknown_host() names it, word
 * lists are used meanwhile, and kalon_words_answer() takes what the user says of it.
 *
 * ::changed is emitted after every change of what the getters return.
 */

#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_WORDS_NONE,    /* nothing was typed, or rephrasing is off */
  KALON_WORDS_WRITING, /* a language model was asked; the text grows */
  KALON_WORDS_READY,
  KALON_WORDS_FAILED, /* word lists stand in for the model: kalon_words_get_notice() says why */
} KalonWordsState;

#define KALON_TYPE_WORDS (kalon_words_get_type ())
G_DECLARE_FINAL_TYPE (KalonWords, kalon_words, KALON, WORDS, GObject)

/**
 * kalon_words_new:
 * @settings: the style and the language model, followed as they change
 * @cache_path: (nullable): as for kalon_rephraser_new()
 */
KalonWords *kalon_words_new (GSettings *settings, const char *cache_path);

/* For counting what fits the encoder: see KalonRephraseRequest. From the next query on. */
void kalon_words_set_tokenizer (KalonWords *self, KalonTokenizer *tokenizer, gsize context_length);

/* What was typed; "" is nothing. Cancels what is under way for another query. A language model is
 * asked when the query stands for %KALON_WORDS_DELAY_MS, not at every key. */
void kalon_words_set_query (KalonWords *self, const char *query);
#define KALON_WORDS_DELAY_MS 450

const char *kalon_words_get_query (KalonWords *self);

KalonWordsState kalon_words_get_state (KalonWords *self);
/* (nullable): what there is of it. */
const char *kalon_words_get_text (KalonWords *self);
/* (nullable): who rephrases, or "" when word lists do; %NULL for one's own words. */
const char *kalon_words_get_source (KalonWords *self);
/* (nullable) */
const char *kalon_words_get_notice (KalonWords *self);
/* (transfer none): %NULL-terminated, maybe empty: filters (filter/) that the query seems to ask
 * for. They are only proposed. */
const char *const *kalon_words_get_filters (KalonWords *self);
/* After a failure. */
void kalon_words_retry (KalonWords *self);

/* The user's own words, for this query; (nullable): %NULL goes back to the rephrased ones. */
void kalon_words_set_own (KalonWords *self, const char *words);
/* Whether the words at hand stay for the next queries. */
void kalon_words_set_pinned (KalonWords *self, gboolean pinned);
gboolean kalon_words_is_pinned (KalonWords *self);

/* Whether queries are rephrased at all, a setting. */
void kalon_words_set_on (KalonWords *self, gboolean on);
gboolean kalon_words_is_on (KalonWords *self);

/* (nullable): the host that would see what is typed, while nobody has said whether it may. */
const char *kalon_words_get_unknown_host (KalonWords *self);
/* Of that host: allowed for good; or not, until the program is started again. */
void kalon_words_answer (KalonWords *self, gboolean allow);

/* Forgets all that language models have answered, in this object and on the disk, on a thread. */
void kalon_words_clear_cache_async (KalonWords *self, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_words_clear_cache_finish (KalonWords *self, GAsyncResult *result, GError **error);

G_END_DECLS
