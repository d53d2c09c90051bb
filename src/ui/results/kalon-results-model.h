/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A GListModel of KalonResultItem over a search's results or over the ids of all pictures. Items
 * are made when asked for and live as long as somebody holds them, so 100,000 entries cost their
 * ids alone. Main thread.
 */

#include "comparison/kalon-comparison.h"
#include "results/kalon-result-item.h"
#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

#define KALON_TYPE_RESULTS_MODEL (kalon_results_model_get_type ())
G_DECLARE_FINAL_TYPE (KalonResultsModel, kalon_results_model, KALON, RESULTS_MODEL, GObject)

KalonResultsModel *kalon_results_model_new (void);

/* (nullable): whose thumbs the items tell, from the next ones on. */
void kalon_results_model_set_thumbs (KalonResultsModel *self, KalonThumbs *thumbs);

/**
 * kalon_results_model_set_results:
 * @aligned: shows the aligned ranking, which @results must have, rather than the baseline
 * @query: the words of the query
 *
 * Ranked. Everything is replaced, unless the very same results come again. Another answer to the
 * same query is announced by ::reordering, before ::items-changed: a view can keep its place.
 */
void kalon_results_model_set_results (KalonResultsModel *self, KalonResults *results,
                                      gboolean aligned, const char *query);

/* The next results are another question's answer, even if its words are the same. */
void kalon_results_model_begin_question (KalonResultsModel *self);

/* The same of a ranking alone. (element-type KalonResult) */
void kalon_results_model_set_ranking (KalonResultsModel *self, GArray *ranking, const char *query);

/* Which ranking the items are compared with, and what it is called; (nullable): none. */
void kalon_results_model_set_other (KalonResultsModel *self, KalonRanking *other, const char *name);
/* See kalon_result_item_set_plain(). */
void kalon_results_model_set_plain (KalonResultsModel *self, gboolean plain);

/**
 * kalon_results_model_set_pictures:
 * @pictures: (element-type gint64): ids in the order to show, not ranked
 *
 * Only what differs between a common beginning and a common end is replaced, so that a view keeps
 * its place while pictures are added.
 */
void kalon_results_model_set_pictures (KalonResultsModel *self, GArray *pictures);

/**
 * kalon_results_model_set_unfolded:
 * @picture_id: of a result, or of a near-duplicate that is shown behind it
 *
 * Shows the near-duplicates that are folded behind a result right after it, or folds them again.
 * They stay unfolded while the same question's results change, also when another of them leads.
 */
void
kalon_results_model_set_unfolded (KalonResultsModel *self, gint64 picture_id, gboolean unfolded);
gboolean kalon_results_model_is_unfolded (KalonResultsModel *self, gint64 picture_id);
/* (out) (optional): the position of the result that a near-duplicate is behind, or of the result
 * itself. %FALSE: it is neither. */
gboolean
kalon_results_model_find_leader (KalonResultsModel *self, gint64 picture_id, guint *position);
/* Without the near-duplicates that are unfolded. */
guint kalon_results_model_get_n_results (KalonResultsModel *self);

/* No item is made by these. */
gint64 kalon_results_model_get_picture_id (KalonResultsModel *self, guint position);
/* (transfer none) (nullable): the item of a picture, if somebody holds it. */
KalonResultItem *kalon_results_model_peek_item (KalonResultsModel *self, gint64 picture_id);
gboolean kalon_results_model_find (KalonResultsModel *self, gint64 picture_id, guint *position);

G_END_DECLS
