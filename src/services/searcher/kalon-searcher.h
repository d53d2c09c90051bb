/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Query -> embedding -> exact nearest neighbours -> cut-off -> near-duplicate fold -> results.
 *
 * A query is a list of weighted terms: words, *not* these words, pictures.
 *
 * - Positive terms are embedded, each to unit length, and summed with their weights. Similarities
 * to pictures are spread far wider than similarities to words (the modality gap, Liang et al.
 * 2022), so where a query has both, each side is first divided by the spread that its similarities
 * have over the library: the weights then mean the same for both. The sum is normalised; the cosine
 *   with it is a picture's similarity.
 * - A negative term takes off |weight| times what its cosine exceeds the library's median by: a
 *   penalty for pictures that show it, and no reward for those that are merely far from it.
 *   Negative terms alone are %KALON_ERROR_ARGUMENT.
 * - Ranking is by score, similarity less penalties; equal scores by the row number. That is the
 * **baseline**: the frozen encoder on the query as typed.
 *
 * The **aligned** ranking is of the same pictures, those that the baseline's cut-off keeps:
 *
 *   score = similarity' + spread (a (aesthetic - 5) + t taste) - penalties
 *
 * where similarity' is that to the query blended with its rephrasing, under the profile's adapter;
 * taste is the log odds that the profile's thumbs give a picture; and spread is the distance from
 * the median of the baseline's scores over the library down to their 16th percentile. So weights
 * mean the same for every query and every encoder.
 *
 * Only pictures that the catalogue has now, with embeddings of this very model, are searched. An
 * empty library gives no results, which is no error.
 *
 * A KalonSearcher computes on one worker thread of its own; the _async functions may be called from
 * the main thread and the blocking one from any. Requests are answered one after the other; one
 * whose cancellable is cancelled is dropped, so typing cancels the old request and sends a new one.
 * The catalogue is read again whenever another connection has changed it.
 */

#include "alignment/kalon-adapter.h"
#include "encoder/kalon-encoder.h"
#include "feedback/kalon-feedback.h"
#include "library/kalon-library.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_TERM_TEXT,
  KALON_TERM_PICTURE, /* @value is a path */
} KalonTermKind;

typedef struct
{
  KalonTermKind kind;
  char *value;
  float weight; /* negative: not this */
} KalonTerm;

/* (transfer full) */
KalonTerm *kalon_term_new (KalonTermKind kind, const char *value, float weight);
void kalon_term_free (KalonTerm *term);

typedef struct _KalonQuery KalonQuery;

KalonQuery *kalon_query_new (void);
KalonQuery *kalon_query_ref (KalonQuery *self);
void kalon_query_unref (KalonQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonQuery, kalon_query_unref)

/* A query that is being searched must not be changed. */
void kalon_query_add_term (KalonQuery *self, KalonTermKind kind, const char *value, float weight);
/* (element-type KalonTerm) (transfer none) */
GPtrArray *kalon_query_get_terms (KalonQuery *self);
/**
 * kalon_query_set_filter:
 * @filter: (nullable): %NULL, the default, or one without clauses is all pictures
 *
 * Of both rankings only the pictures that pass are results. It changes no score and no cut: what
 * scores mean is still told by the whole library.
 */
void kalon_query_set_filter (KalonQuery *self, KalonFilter *filter);
/* At most this many results; 0 is all. Default 200. */
void kalon_query_set_limit (KalonQuery *self, gsize limit);

/**
 * kalon_query_set_strictness:
 * @strictness: 0 the full ranked list .. 100 only strong matches, or
 *   %KALON_STRICTNESS_OF_MODEL, what the model's calibration says; default 0
 *
 * Cuts the ranked list where scores fall off. How high a good cosine is differs between encoders
 * and between queries, so scores are measured in the query's own terms (an empirical null, Efron
 * 2004): the median over the whole library is what a picture gets that has nothing to do with the
 * query, and the distance from the median down to the 16th percentile is the spread of such scores;
 * the lower half, because matches sit in the upper one (and 1 / sqrt (n) of it more). A normal
 * distribution of that middle and spread says how many of n unrelated pictures would score so well
 * by chance. The list is as long as makes its length, less a price times that number, largest: it
 * goes on while at least one in 1 / price of the next pictures is more than chance brings (their
 * local false discovery rate), and ends at a cliff, below which only chance goes on. The price is 1
 * / (1 - 0.95 strictness / 100): at 50 about half of the next pictures may be chance, at 100 one in
 * twenty. So a common subject keeps many results, and a query that nothing in the library answers
 * keeps none. Below 50 a line of scores makes it softer: what is above is kept in any case. It runs
 * from as far below the median as the luckiest of n would be above it, sqrt (2 ln n) spreads, over
 * the median at 25 to as far above at 50. A higher strictness never shows more.
 */
void kalon_query_set_strictness (KalonQuery *self, int strictness);
#define KALON_STRICTNESS_OF_MODEL (-1)

/**
 * kalon_query_set_fold_duplicates:
 * @fold: default %TRUE
 *
 * Puts near-duplicates behind the best-ranked of them: another size, another compression, a burst.
 * A picture is one of a higher-ranked result when their perceptual hashes differ in at most
 * %KALON_FOLD_BITS of 64 bits and their embeddings have a cosine of at least what the model's
 * calibration says: either alone is wrong too often, hashes on plain pictures, embeddings on two of
 * the same subject.
 * Only as much of the ranking is looked at as fills the limit, so what ranks after the last result
 * is not counted as a duplicate of it.
 */
void kalon_query_set_fold_duplicates (KalonQuery *self, gboolean fold);
#define KALON_FOLD_BITS 7

/**
 * kalon_query_set_min_aesthetic:
 * @score: NaN, the default, is no limit
 *
 * Leaves out what has an aesthetic score below @score, or none, before the limit is applied: the
 * best of all that are good enough, however far down the ranking. Strictness is not moved by it.
 */
void kalon_query_set_min_aesthetic (KalonQuery *self, double score);

typedef enum
{
  KALON_SORT_RELEVANCE,
  KALON_SORT_AESTHETIC, /* those without a score last */
} KalonSort;

/* In which order the results stand that the ranking, the cut and the limit have chosen; default
 * %KALON_SORT_RELEVANCE. Ranks are counted in this order. */
void kalon_query_set_sort (KalonQuery *self, KalonSort sort);

/**
 * KalonAlignment:
 * What the aligned ranking adds. Weights of 0 take a part out; the defaults together cost less than
 * a point of recall at 10 (docs/benchmarks.md).
 * @rephrased: (nullable): what to search for beside the words as typed, of rephraser/
 * @rephrase: its share, 0 to 1
 * @aesthetic: spreads for a point of aesthetic score
 * @adapter: whether the profile's adapter is applied
 * @taste: spreads for one of taste, the log odds
 * @method: where taste comes from; but for %KALON_TASTE_LEARNED the yardstick's scores are brought
 *   to mean 0 and deviation 1 over the library
 */
typedef struct
{
  char *rephrased;
  float rephrase;
  float aesthetic;
  gboolean adapter;
  float taste;
  KalonTasteMethod method;
} KalonAlignment;

#define KALON_ALIGNMENT_DEFAULT                                                                    \
  ((KalonAlignment){                                                                               \
      .rephrase = 0.25f, .aesthetic = 0.1f, .adapter = TRUE, .taste = KALON_TASTE_WEIGHT })

/*
 * Parts of the aligned score, for who ranks embeddings without a library (evaluator/). Between the
 * two comes the adapter.
 */

/* @query, @rephrased: [dimension], unit length; @share: of the second, 0 to 1
 * @blended: (out caller-allocates): [dimension], unit length */
void kalon_alignment_blend (const float *query, const float *rephrased, float share,
                            gsize dimension, float *blended);
/* @score with @weight spreads for each point of @aesthetic, NaN: not scored. */
float kalon_alignment_add_aesthetic (float score, float aesthetic, float weight, double spread);

/* @alignment: (nullable): copied; %NULL, the default, asks for the baseline only. */
void kalon_query_set_alignment (KalonQuery *self, const KalonAlignment *alignment);

/* @profile: (nullable): whose taste and adapter the aligned ranking takes; %NULL, the default, is
 * the active one's. Where there is none of that name the search is %KALON_ERROR_ARGUMENT. */
void kalon_query_set_profile (KalonQuery *self, const char *profile);

/* Why a picture moved, in the order in which the parts are added. */
typedef enum
{
  KALON_MOVE_REPHRASE,
  KALON_MOVE_ADAPTER,
  KALON_MOVE_AESTHETIC,
  KALON_MOVE_TASTE,
} KalonMove;
#define KALON_N_MOVES 4

/* One result. Times and sizes are looked up by the picture id when shown. */
typedef struct
{
  gint64 picture;
  guint32 row;
  guint rank;         /* 1 is the best */
  float similarity;   /* cosine with the positive part */
  float score;        /* what the ranking is by */
  guint n_duplicates; /* folded behind this one */
  float aesthetic;    /* about 0 to 10, see aesthetics/; NaN: not scored */
  /* Of an aligned result: places that each part moved it up, near-duplicates not folded; of the
   * first 1,000. */
  gint32 moves[KALON_N_MOVES];
} KalonResult;

/* A near-duplicate that is folded behind the result whose picture is @leader. */
typedef struct
{
  gint64 leader;
  KalonResult result; /* of the near-duplicate; rank 0, for it has none, and no moves */
} KalonFolded;

typedef struct
{
  GArray *results; /* KalonResult, best first */
  GArray *aligned; /* the same by the aligned ranking; %NULL when it was not asked for */
  /* KalonFolded of each ranking, the best-ranked first; %NULL as above. */
  GArray *folded;
  GArray *aligned_folded;
  gsize n_thumbs; /* that the taste was learned from; of an aligned ranking */
  KalonTasteCheck taste;
  gboolean has_import; /* an imported taste is added to it */
  gsize n_candidates;  /* pictures that were scored */
  gsize n_filtered;    /* above the strictness line, but left out by kalon_query_set_filter() */
  gsize n_cut;         /* below the strictness line, of those that pass the filter */
  guint strictness;    /* by which they were cut: 0 to 100 */
  gsize n_unsightly;   /* left out by kalon_query_set_min_aesthetic() */
  gsize n_folded;
  gsize n_dropped_tokens; /* of the words, over the model's context length */
  gsize n_pictures;       /* in the library, indexed or not */
} KalonResults;

/* Empty, to be filled before it is shared. */
KalonResults *kalon_results_new (void);
KalonResults *kalon_results_ref (KalonResults *self);
void kalon_results_unref (KalonResults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonResults, kalon_results_unref)

/* Share of the baseline's pictures that the aligned list has too; 1 when there are none. */
double kalon_results_get_overlap (const KalonResults *self);

#define KALON_TYPE_SEARCHER (kalon_searcher_get_type ())
G_DECLARE_FINAL_TYPE (KalonSearcher, kalon_searcher, KALON, SEARCHER, GObject)

/**
 * kalon_searcher_new:
 * @library_directory, @model_directory, @device_name: as for kalon_indexer_new()
 *
 * The model is loaded at the first search, on the worker thread.
 */
KalonSearcher *kalon_searcher_new (const char *library_directory, const char *model_directory,
                                   const char *device_name);

/* (transfer full). Errors: %KALON_ERROR_ARGUMENT for a query without meaning, and those of loading
 * the model, the library and the pictures of the query. */
KalonResults *kalon_searcher_search (KalonSearcher *self, KalonQuery *query,
                                     GCancellable *cancellable, GError **error);
void kalon_searcher_search_async (KalonSearcher *self, KalonQuery *query, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
KalonResults *
kalon_searcher_search_finish (KalonSearcher *self, GAsyncResult *result, GError **error);

/**
 * kalon_searcher_try_adapter:
 * @adapter: (nullable): of this model; copied. %NULL goes back to the profile's
 *
 * From the next search on aligned rankings apply @adapter in place of the active profile's, which
 * stays as it is: to measure one before it is kept. With one of another model the next aligned
 * search is %KALON_ERROR_MISMATCH.
 */
void kalon_searcher_try_adapter (KalonSearcher *self, const KalonAdapter *adapter);

/* A picture and its taste: the log odds that it is liked better than one at 0. */
typedef struct
{
  gint64 picture;
  float taste;
} KalonTasteShift;

/* One query, and the share of its ten best that baseline and aligned ranking have in common. */
typedef struct
{
  char *query;
  double overlap;
} KalonTasteDrift;

#define KALON_TASTE_REPORT_PICTURES 12

/**
 * KalonTasteReport: what the active profile has learned, for the model at hand.
 */
typedef struct
{
  char *profile;
  char *model_hash; /* of the model at hand */
  gsize n_thumbs;
  gsize n_learned;   /* of them: those whose pictures are in the library */
  GArray *learned;   /* gint64: the ids of these thumbs, oldest first */
  GArray *curve;     /* KalonTasteCheck, one after each of these: the learning curve */
  GArray *raised;    /* KalonTasteShift: of the library's pictures those raised most, most first */
  GArray *lowered;   /* likewise */
  double length;     /* of the weights: how far they are from no taste */
  guint n_queries;   /* that pictures were thumbed for: the newest 20 */
  double overlap;    /* mean of the following */
  GPtrArray *drifts; /* KalonTasteDrift: one for each of these, the newest first */
  gboolean has_import; /* a taste that was imported is added */
  gboolean has_adapter;
  gsize size; /* bytes held for the profile */
} KalonTasteReport;

void kalon_taste_report_free (KalonTasteReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTasteReport, kalon_taste_report_free)

/* (transfer full) */
void kalon_searcher_report_taste_async (KalonSearcher *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
KalonTasteReport *
kalon_searcher_report_taste_finish (KalonSearcher *self, GAsyncResult *result, GError **error);

/* The active profile's taste and adapter to or from a profile file, see feedback/. */
void kalon_searcher_export_profile_async (KalonSearcher *self, const char *path,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
void kalon_searcher_import_profile_async (KalonSearcher *self, const char *path,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
/* Of either. */
gboolean kalon_searcher_profile_finish (KalonSearcher *self, GAsyncResult *result, GError **error);

G_END_DECLS
