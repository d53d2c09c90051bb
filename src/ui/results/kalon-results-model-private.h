/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/kalon-results-model.h"

G_BEGIN_DECLS

struct _KalonResultsModel
{
  GObject parent_instance;

  /* One of the two, or neither. */
  GArray *ranking; /* KalonResult */
  GArray *pictures;
  GArray *folded;      /* KalonFolded behind @ranking, which it comes and goes with */
  char *query;         /* of @ranking, otherwise "" */
  gboolean is_other;   /* what comes next is another question's */
  KalonThumbs *thumbs; /* (nullable) */
  guint n_items;
  KalonRanking *other; /* (nullable) */
  char *other_name;
  gboolean plain;

  GHashTable *items; /* gint64 id (in the item) -> KalonResultItem, weak */

  /* While something is unfolded; otherwise positions are those of @ranking. */
  GHashTable *unfolded; /* set of gint64: the pictures of results that are */
  GArray *rows;         /* gint32: number in @ranking, or -1 - number in @folded */
};

/* results-model-fold.c */

/* What is at @position of a ranking; @is_behind: folded behind a result. */
const KalonResult *
kalon_results_model_get_result (KalonResultsModel *self, guint position, gboolean *is_behind);
/* The rank of the result that @position is behind. */
guint kalon_results_model_get_leading_rank (KalonResultsModel *self, guint position);
/* Of a new @ranking: what was unfolded is again. */
void kalon_results_model_keep_unfolded (KalonResultsModel *self);
void kalon_results_model_fold_all (KalonResultsModel *self);

G_END_DECLS
