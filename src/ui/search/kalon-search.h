/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The one search that every page of a window shares: what is asked for, and the answer as a list
 * model. No query at all is an answer too: every picture, newest first.
 *
 * A change of the query cancels the search under way and starts another; its answer replaces the
 * shown one when it arrives, so the pictures stay on screen meanwhile. ::changed is emitted after
 * every change of query, state or numbers; the model tells its own. Main thread.
 *
 * When the aligned ranking is wanted, the baseline is shown first, and the aligned ranking in its
 * place when it and the words that are rephrased for it are there. If it fails, the baseline stays.
 */

#include "catalogue/kalon-catalogue.h"
#include "filter/kalon-filter.h"
#include "history/kalon-history.h"
#include "results/kalon-results-model.h"
#include "search/kalon-words.h"
#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_SEARCH_LOADING,  /* the first answer has not arrived */
  KALON_SEARCH_BROWSING, /* all pictures */
  KALON_SEARCH_RESULTS,  /* ranked, maybe none */
  KALON_SEARCH_FAILED,
} KalonSearchState;

#define KALON_TYPE_SEARCH (kalon_search_get_type ())
G_DECLARE_FINAL_TYPE (KalonSearch, kalon_search, KALON, SEARCH, GObject)

/**
 * kalon_search_new:
 * @searcher: (nullable): %NULL when there is no model: only browsing works
 * @no_searcher_reason: (nullable): shown for it
 *
 * Nothing runs before the first change of the query or kalon_search_refresh().
 */
KalonSearch *kalon_search_new (KalonSearcher *searcher, const char *no_searcher_reason,
                               KalonCatalogue *catalogue);

/* Another model: what is on screen is asked for again. */
void kalon_search_set_searcher (KalonSearch *self, KalonSearcher *searcher);

/* (nullable): which words to search for beside those typed, in the aligned ranking. Once. */
void kalon_search_set_words (KalonSearch *self, KalonWords *words);

/* (nullable): where questions are kept that stood: whose results were looked at for
 * %KALON_SEARCH_STOOD_MS, or one of which was opened, which kalon_search_stand() says. Not those by
 * pictures that are gone at the end. Once. A boolean property, "remember-searches" (at first
 * %TRUE), for GSettings to bind. */
void kalon_search_set_history (KalonSearch *self, KalonHistory *history);
#define KALON_SEARCH_STOOD_MS 2000
void kalon_search_stand (KalonSearch *self);

/* The words that are typed. Blank text is no words. */
void kalon_search_set_text (KalonSearch *self, const char *text);
const char *kalon_search_get_text (KalonSearch *self);

/* All that is asked. (transfer none): until the next change. */
const KalonQuestion *kalon_search_get_question (KalonSearch *self);
/* All of it at once, its strictness too, as one search. */
void kalon_search_set_question (KalonSearch *self, const KalonQuestion *question);

/* Beside the words: see kalon_question_add_term(). */
void kalon_search_add_term (KalonSearch *self, KalonTermKind kind, const char *value, float weight);
/* Of the term at @position of the question's. @value: (nullable): %NULL leaves it. What a weight
 * does is asked for when it has stood for %KALON_SEARCH_WEIGHT_DELAY_MS, not at every step. */
void kalon_search_change_term (KalonSearch *self, guint position, const char *value, float weight);
#define KALON_SEARCH_WEIGHT_DELAY_MS 200
void kalon_search_remove_term (KalonSearch *self, guint position);
/**
 * kalon_search_add_pictures:
 * @paths: %NULL-terminated
 * @instead: of all that is asked, but for the strictness
 *
 * Looks for pictures like these, as one search.
 *
 * Returns: how many were left out: with more than %KALON_SEARCH_MAX_PICTURES the search would take
 *   long, and find what is like none of them.
 */
guint kalon_search_add_pictures (KalonSearch *self, const char *const *paths, gboolean instead);
#define KALON_SEARCH_MAX_PICTURES 12

/**
 * kalon_search_set_filter:
 * @filter: (nullable): what pictures must have beside; %NULL, like one without clauses, is all
 *
 * Holds for every state: of all pictures and of both rankings those are shown that pass it.
 * ::filter-changed is emitted beside ::changed when it is another one.
 */
void kalon_search_set_filter (KalonSearch *self, KalonFilter *filter);
/* (nullable): %NULL when there is none, or none with clauses. */
KalonFilter *kalon_search_get_filter (KalonSearch *self);
/* Pictures that the filter left out of what is on screen: of those that are above the strictness
 * line, or while browsing of all. */
gsize kalon_search_get_n_filtered (KalonSearch *self);

/* 0 to 100, or at first %KALON_STRICTNESS_OF_MODEL, see searcher/; an int property, "strictness",
 * for GSettings to bind. */
void kalon_search_set_strictness (KalonSearch *self, int strictness);

/* Whether near-duplicates are folded behind the best of them. A boolean property,
 * "fold-duplicates" (at first %TRUE), for GSettings to bind. */
void kalon_search_set_fold_duplicates (KalonSearch *self, gboolean fold);

/**
 * kalon_search_set_aligned:
 *
 * Which ranking is wanted; where both are at hand, it is shown without a new search. A boolean
 * property, "aligned" (at first %TRUE), for GSettings to bind; and so are the doubles
 * "aesthetic-weight" and "taste-weight" of KalonAlignment, 0 to %KALON_SEARCH_MAX_WEIGHT, and the
 * boolean "use-adapter" (at first %TRUE).
 */
void kalon_search_set_aligned (KalonSearch *self, gboolean aligned);
#define KALON_SEARCH_MAX_WEIGHT 0.5

/* Both rankings are wanted, whichever of them the model shows: somebody puts them beside each
 * other.
 */
void kalon_search_set_both (KalonSearch *self, gboolean both);

/* (transfer full): what is asked for, for another ranking of it; without alignment. */
KalonQuery *kalon_search_create_query (KalonSearch *self);
/* What the aligned ranking adds to it; the words are (transfer none), until the next change. */
void kalon_search_fill_alignment (KalonSearch *self, KalonAlignment *alignment);
/* The words that belong to the query are still being written. */
gboolean kalon_search_waits_for_words (KalonSearch *self);

/* The aligned ranking is what is on screen. */
gboolean kalon_search_is_aligned (KalonSearch *self);
/* The thumbs changed: ranks anew, in place, what they say something of. */
void kalon_search_follow_thumbs (KalonSearch *self);
/* (nullable): why there is no aligned ranking, or not one of the newest words, weights and thumbs.
 */
const char *kalon_search_get_alignment_problem (KalonSearch *self);

/* The pictures below the strictness line, for this query only. */
void kalon_search_show_all (KalonSearch *self);

/* Asks the same again: the library changed. */
void kalon_search_refresh (KalonSearch *self);

KalonSearchState kalon_search_get_state (KalonSearch *self);
/* A search is under way; not so while only the aligned ranking of what is on screen is. */
gboolean kalon_search_is_busy (KalonSearch *self);
/* (nullable) */
const char *kalon_search_get_error (KalonSearch *self);
/* Anything is asked that pictures are ranked by. */
gboolean kalon_search_has_query (KalonSearch *self);
KalonResultsModel *kalon_search_get_model (KalonSearch *self);
/* (nullable): what the results are out of; %NULL while browsing. */
KalonResults *kalon_search_get_results (KalonSearch *self);

G_END_DECLS
