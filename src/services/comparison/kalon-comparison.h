/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Two rankings of one query side by side: how far they agree, and a picture or a page of them to
 * show to others. Any thread; an object belongs to one at a time.
 *
 * Rankings are best first, and hold a picture once. The "top k" of one that is shorter is all of
 * it.
 */

#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

/**
 * KalonRanking: what is compared. Once made it is not changed; any thread.
 * @results: (element-type KalonResult)
 * @leaders: gint64 -> gint64: pictures that are folded, and the results that they are behind
 * @ranks: gint64 -> rank, of @results: asked for with every cell that is shown
 */
typedef struct
{
  GArray *results;
  GHashTable *leaders;
  GHashTable *ranks;
} KalonRanking;

/* @results: referenced, and not to be changed any more; @folded: (nullable) (element-type
 * KalonFolded): what is behind them. */
KalonRanking *kalon_ranking_new (GArray *results, GArray *folded);
KalonRanking *kalon_ranking_ref (KalonRanking *self);
void kalon_ranking_unref (KalonRanking *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRanking, kalon_ranking_unref)

/* The rank of @picture, or of the near-duplicate that it is folded behind; 0 for neither. */
guint kalon_ranking_find (const KalonRanking *self, gint64 picture);

/**
 * kalon_ranking_count_common:
 * @n: (out): of how many: @k, or the longer list's length where both are shorter
 *
 * Returns: the pictures that are in the top @k of both: overlap@k is this divided by @n.
 */
guint kalon_ranking_count_common (const KalonRanking *a, const KalonRanking *b, guint k, guint *n);

/* Mean of the aesthetic scores in the top @k, about 0 to 10, of those that have one; NaN when none
 * has. It is the same model's score that the aligned ranking adds, so it says what that did and not
 * that it was right. */
double kalon_ranking_get_mean_aesthetic (const KalonRanking *self, guint k);

/**
 * kalon_rank_to_mark:
 * @rank: of a picture
 * @other: its rank in the other ranking; 0 when it is not in it
 * @only_here: what to say then
 *
 * Returns: (transfer full): "▲ 12" for one that is 12 places higher than in the other ranking,
 *   "▼ 3", "="
 */
char *kalon_rank_to_mark (guint rank, guint other, const char *only_here);

typedef struct
{
  char *name; /* of the ranking */
  KalonRanking *ranking;
} KalonComparisonSide;

/**
 * KalonComparison: what is exported.
 * @rephrased: (nullable): what the aligned ranking searched for beside the query
 * @model: (nullable): its id
 * @rephrase, @aesthetic, @taste: the weights of the aligned ranking, see KalonAlignment
 * @time: seconds since 1970
 * @k: how much of each ranking; at least 1
 */
typedef struct
{
  char *query;
  char *rephrased;
  char *model;
  float rephrase;
  float aesthetic;
  float taste;
  gint64 time;
  guint k;
  KalonComparisonSide sides[2];
} KalonComparison;

KalonComparison *kalon_comparison_new (const char *query, guint k);
void kalon_comparison_set_side (KalonComparison *self, guint side, const char *name,
                                KalonRanking *ranking);
void kalon_comparison_free (KalonComparison *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonComparison, kalon_comparison_free)

/**
 * kalon_comparison_export:
 * @library_directory: (nullable): as for kalon_library_open(): whose pictures they are
 * @path: ends in ".png", ".html" or ".htm": what it becomes. Replaced at the end, in one step
 *
 * As PNG two labelled blocks of thumbnails, ten in a line; as HTML a table with the thumbnails in
 * it, that needs neither other files nor a network nor scripts, and is well-formed XML as well.
 * Names of files are in it, folders are not. A picture that cannot be read is a grey field. Plain
 * English. %KALON_ERROR_ARGUMENT for another ending.
 */
gboolean kalon_comparison_export (const KalonComparison *self, const char *library_directory,
                                  const char *path, GCancellable *cancellable, GError **error);
/* @self: (transfer full) */
void kalon_comparison_export_async (KalonComparison *self, const char *library_directory,
                                    const char *path, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_comparison_export_finish (GAsyncResult *result, GError **error);

G_END_DECLS
