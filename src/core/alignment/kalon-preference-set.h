/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The partially ordered set of preferences (arXiv 2406.09397, 2.3 and Fig. 4), and its file.
 *
 * The candidates of one query are put in the order of a semantic score, every stride-th is taken,
 * and those fill a matrix of u rows by v columns, row by row: a row is a semantic level. Within a
 * row they are then put in the order of an aesthetic score. So
 *
 *   left is preferred to right       the same meaning, the better picture      u C(v, 2) pairs
 *   upper is preferred to lower      the same rank of beauty, more to the point v C(u, 2) pairs
 *
 * Pure functions and plain data; any thread. A set belongs to one thread while it is changed.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the paper used for K, u, v and the stride is not known to us; see the decision page. */
#define KALON_ORDER_DEFAULT_K 400
#define KALON_ORDER_DEFAULT_STRIDE 10
#define KALON_ORDER_DEFAULT_SIDE 5

#define KALON_ORDER_MAX_K 100000
#define KALON_ORDER_MAX_SIDE 64

typedef struct
{
  guint k;      /* candidates looked at: the best of them by semantic score; 1 to MAX_K */
  guint stride; /* 1 to MAX_K: every stride-th of these is taken */
  guint u;      /* rows, 1 to MAX_SIDE */
  guint v;      /* columns, 2 to MAX_SIDE */
} KalonOrderOptions;

void kalon_order_options_init (KalonOrderOptions *options);

/**
 * KalonOrder:
 * @rows: at most u; 0 when there are fewer candidates than a row takes
 * @columns: v
 * @stride: the one that was used
 * @n_candidates: how many had both scores and were among the best k
 * @cells: [rows * columns], row by row: numbers of candidates
 */
typedef struct
{
  guint rows;
  guint columns;
  guint stride;
  guint n_candidates;
  guint32 *cells;
} KalonOrder;

/**
 * kalon_order_new:
 * @semantic, @aesthetic: [n] scores of the candidates, higher is better. One whose score is not a
 *   finite number on either side is left out, not put last
 *
 * Too few candidates for u v at the stride: a smaller stride; too few at stride 1: fewer rows.
 * Both are said in the result. Equal scores keep the order of the candidates.
 *
 * Returns: (transfer full) (nullable): %NULL with %KALON_ERROR_ARGUMENT for options outside of
 *   their limits
 */
KalonOrder *kalon_order_new (const float *semantic, const float *aesthetic, gsize n,
                             const KalonOrderOptions *options, GError **error);
void kalon_order_free (KalonOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonOrder, kalon_order_free)

/* Positions in a matrix (row by row) or in a query's list of candidates; which is preferred. */
typedef struct
{
  guint32 winner;
  guint32 loser;
  float weight; /* above 0; 1 is as good as any: what counts is the ratio within a query */
} KalonPair;

/* Below these a difference of scores is no preference: what embeddings in half precision and a
 * head's rounding make of equal pictures. */
#define KALON_ORDER_SEMANTIC_MARGIN 1e-4f
#define KALON_ORDER_AESTHETIC_MARGIN 1e-3f

/**
 * kalon_order_list_pairs:
 * @semantic, @aesthetic: [rows * columns] scores of the cells
 * @semantic_margin, @aesthetic_margin: pairs along a column (a row) whose scores differ by no more
 *   than this are left out; at least 0
 *
 * Returns: (transfer full) (element-type KalonPair): positions in the matrix, weight 1
 */
GArray *
kalon_order_list_pairs (guint rows, guint columns, const float *semantic, const float *aesthetic,
                        float semantic_margin, float aesthetic_margin);

/* A picture in the matrix. */
typedef struct
{
  char *path;         /* bytes; relative to wherever the set's maker said, or absolute */
  char *content_hash; /* SHA-256 in hex of the picture's bytes */
  float semantic;
  float aesthetic;
} KalonPreferenceCell;

typedef struct
{
  char *query;      /* as typed: what is to learn the order */
  char *rephrased;  /* what found it; the same text when nothing was rephrased */
  guint rows;       /* 1 to the set's u */
  guint columns;    /* 1 to its v */
  GPtrArray *cells; /* (element-type KalonPreferenceCell): [rows * columns], row by row */
} KalonPreferenceQuery;

/**
 * KalonPreferenceSet:
 * All queries of one run. The file is in docs/formats.md.
 */
typedef struct
{
  char *model_hash; /* of the encoder that found the candidates: SHA-256 in hex */
  char *style;      /* which rephrasing; free text, may be empty */
  KalonOrderOptions options;
  GPtrArray *queries; /* (element-type KalonPreferenceQuery) */
} KalonPreferenceSet;

KalonPreferenceSet *kalon_preference_set_new (const char *model_hash, const char *style,
                                              const KalonOrderOptions *options);
void kalon_preference_set_free (KalonPreferenceSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPreferenceSet, kalon_preference_set_free)

/**
 * kalon_preference_set_add:
 * @order: with at least one row
 * @paths, @content_hashes, @semantic, @aesthetic: [candidates] what order->cells counts into
 *
 * Copies what the matrix holds to the end of the set.
 */
void kalon_preference_set_add (KalonPreferenceSet *self, const char *query, const char *rephrased,
                               const KalonOrder *order, const char *const *paths,
                               const char *const *content_hashes, const float *semantic,
                               const float *aesthetic);

/* kalon_order_list_pairs() of a query of the set: (transfer full) (element-type KalonPair). */
GArray *kalon_preference_query_list_pairs (const KalonPreferenceQuery *query, float semantic_margin,
                                           float aesthetic_margin);

/* In one step: a reader sees the old file or the new one. */
gboolean
kalon_preference_set_save (const KalonPreferenceSet *self, const char *path, GError **error);

/**
 * kalon_preference_set_load:
 *
 * Returns: (transfer full) (nullable): %NULL with %KALON_ERROR_INVALID_DATA, _UNSUPPORTED (another
 *   version) or _TOO_LARGE (over 512 MiB); the message has the file's name and the line
 */
KalonPreferenceSet *kalon_preference_set_load (const char *path, GError **error);
/* The same from memory; @name is what to call it in a message. */
KalonPreferenceSet *
kalon_preference_set_parse (const char *data, gsize length, const char *name, GError **error);

G_END_DECLS
