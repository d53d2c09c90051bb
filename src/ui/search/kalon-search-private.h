/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search/kalon-search.h"

G_BEGIN_DECLS

struct _KalonSearch
{
  GObject parent_instance;

  KalonSearcher *searcher;
  char *no_searcher_reason;
  KalonCatalogue *catalogue;
  KalonWords *words;     /* (nullable) */
  KalonHistory *history; /* (nullable) */
  gboolean remembers;
  guint stood_id; /* of the timeout after which the question is kept */

  KalonQuestion *question;
  KalonFilter *filter; /* (nullable): the question's */
  gsize n_filtered;
  guint change_id; /* of the timeout after which a weight is searched by */
  gboolean fold;
  gboolean show_all;
  gboolean aligned;
  gboolean both; /* rankings are wanted, not the one alone that is shown */
  double aesthetic_weight;
  double taste_weight;
  gboolean use_adapter;

  GCancellable *cancellable; /* of the question under way: what is on screen is of another */
  GCancellable *refining; /* of the aligned ranking under way: what is on screen is its baseline */
  char *asked_words;      /* that the newest aligned ranking was asked with */
  gboolean aligned_stale; /* weights or thumbs have changed since @results */
  KalonSearchState state;
  char *error;
  char *alignment_problem;
  KalonResults *results;
  KalonResultsModel *model;
};

/* search-run.c */

void kalon_search_emit_changed (KalonSearch *self);
/* Cancels what is under way and asks anew. @same: the query is the one that is on screen, which is
 * refined at once; of another one the baseline is shown first. */
void kalon_search_run (KalonSearch *self, gboolean same);
/* Asks for the aligned ranking of what is on screen, as soon as its words are there. */
void kalon_search_refine (KalonSearch *self);
/* The aligned ranking is asked for. */
gboolean kalon_search_aligns (KalonSearch *self);
/* Tells the words what to rephrase: nothing, where they would not be used. */
void kalon_search_ask_for_words (KalonSearch *self);
/* The ranking that is wanted, when it is at hand. */
void kalon_search_show (KalonSearch *self);
/* Words came, or changed. */
void kalon_search_follow_words (KalonSearch *self);

/* search-question.c */

/* The question was changed: asks it. */
void kalon_search_ask (KalonSearch *self);

/* search-history.c */

/* Results came: if they are looked at, the question will be kept. */
void kalon_search_begin_to_stand (KalonSearch *self);
void kalon_search_forget_standing (KalonSearch *self);

G_END_DECLS
