/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Query -> embedding -> exact nearest neighbours -> cut-off -> near-duplicate fold -> results.
 *
 * A query is a list of weighted terms: words, *not* these words, pictures. Positive terms are
 * embedded, each to unit length, summed with their weights and normalised; scores against negative
 * terms are subtracted as a penalty (peers.md 1.4.2). Negative terms alone are
 * %KALON_ERROR_ARGUMENT.
 *
 * A KalonSearcher computes on one worker thread of its own; the _async functions may be called from
 * the main thread and the blocking one from any.
 */

#include "encoder/kalon-encoder.h"
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

typedef struct _KalonQuery KalonQuery;

KalonQuery *kalon_query_new (void);
KalonQuery *kalon_query_ref (KalonQuery *self);
void kalon_query_unref (KalonQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonQuery, kalon_query_unref)

void kalon_query_add_term (KalonQuery *self, KalonTermKind kind, const char *value, float weight);
/* (element-type KalonTerm) (transfer none) */
GPtrArray *kalon_query_get_terms (KalonQuery *self);
/* At most this many results; 0 is all. Default 200. */
void kalon_query_set_limit (KalonQuery *self, gsize limit);
/* 0 the full ranked list .. 100 only strong matches: cuts where scores fall off. Default 0. */
void kalon_query_set_strictness (KalonQuery *self, guint strictness);
/* Near-duplicates behind their best-ranked one. Default on. */
void kalon_query_set_fold_duplicates (KalonQuery *self, gboolean fold);

/* One result. Times and sizes are looked up by the picture id when shown. */
typedef struct
{
  gint64 picture;
  guint32 row;
  guint rank;         /* 1 is the best */
  float similarity;   /* cosine with the positive part */
  float score;        /* what the ranking is by */
  guint n_duplicates; /* folded behind this one */
} KalonResult;

typedef struct
{
  GArray *results;    /* KalonResult, best first */
  gsize n_candidates; /* pictures that were scored */
  gsize n_cut;        /* below the strictness line */
  gsize n_folded;
  gsize n_dropped_tokens; /* of the words, over the model's context length */
  gsize n_pictures;       /* in the library, indexed or not */
} KalonResults;

KalonResults *kalon_results_ref (KalonResults *self);
void kalon_results_unref (KalonResults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonResults, kalon_results_unref)

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

/* (transfer full) */
KalonResults *kalon_searcher_search (KalonSearcher *self, KalonQuery *query,
                                     GCancellable *cancellable, GError **error);
void kalon_searcher_search_async (KalonSearcher *self, KalonQuery *query, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
KalonResults *
kalon_searcher_search_finish (KalonSearcher *self, GAsyncResult *result, GError **error);

G_END_DECLS
