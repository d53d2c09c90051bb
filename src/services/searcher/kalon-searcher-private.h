/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the searcher share; tests may look at the cut and the fold. */

#include "calibration/kalon-calibration.h"
#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

struct _KalonQuery
{
  gatomicrefcount ref_count;
  GPtrArray *terms;    /* KalonTerm */
  KalonFilter *filter; /* (nullable) */
  gsize limit;
  int strictness;
  gboolean fold;
  double min_aesthetic; /* NaN: none */
  KalonSort sort;
  KalonAlignment *alignment; /* (nullable) */
  char *profile;             /* (nullable): the active one */
};

/**
 * kalon_cut_scores:
 * @scores: [n], best first, of all that was searched
 *
 * Returns: how many are kept; see kalon_query_set_strictness().
 */
gsize kalon_cut_scores (const float *scores, gsize n, guint strictness);

/*
 * Near-duplicates of what was ranked before. Hashes are looked up by their four quarters (multi-
 * index hashing, Norouzi et al. 2012): of two that differ in at most 7 bits, some quarter differs
 * in at most one.
 */
typedef struct _KalonFold KalonFold;

/* The embedding of @row, [dimension], into @embedding. */
typedef gboolean (*KalonFoldRowFunc) (guint32 row, float *embedding, gpointer user_data,
                                      GError **error);

/* @cosine: from where on two embeddings are alike. */
KalonFold *
kalon_fold_new (gsize dimension, float cosine, KalonFoldRowFunc func, gpointer user_data);
void kalon_fold_free (KalonFold *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonFold, kalon_fold_free)

/**
 * kalon_fold_add:
 * @representative: (out): number of the earlier one that this is a near-duplicate of, the first of
 * several; its own number when there is none: they are counted from 0
 */
gboolean kalon_fold_add (KalonFold *self, guint32 row, guint64 perceptual_hash,
                         gsize *representative, GError **error);

typedef struct _KalonPreferences KalonPreferences;

/*
 * All that searching needs, held by the worker thread: library, model, device, embedding file. What
 * is not loaded yet, or has changed since, is loaded by the next run.
 */
typedef struct
{
  char *library_directory;
  char *model_directory;
  char *device_name;

  KalonLibrary *library;
  KalonCalibration *calibration;
  KalonDevice *device; /* (nullable): plain C */
  KalonEncoder *encoder;
  KalonIndex *index;

  /* As of @version of the catalogue. */
  guint version;
  gsize n_pictures;
  GArray *rows;        /* KalonLibraryRow, live, ordered by row */
  gsize n_rows;        /* of the embedding file, dead ones too */
  guint64 *allowed;    /* bitmap of the live ones */
  guint32 *positions;  /* [n_rows]: index into @rows */
  KalonFilter *filter; /* (nullable): that the next two are of */
  guint64 *passing;    /* (nullable): bitmap of the live rows that pass; all do where it is NULL */
  gsize n_passing;

  KalonPreferences *preferences; /* (nullable): not asked for yet; of @profiles, that of the query
                                  * under way, and else the active profile's */
  GHashTable *profiles;          /* (nullable): name, "" the active one -> KalonPreferences */
  GHashTable *texts;             /* (nullable): embeddings of texts that were searched for */
  KalonAdapter *trial;           /* (nullable): in place of the profile's */
} KalonSearchSession;

KalonSearchSession *kalon_search_session_new (const char *library_directory,
                                              const char *model_directory, const char *device_name);
void kalon_search_session_free (KalonSearchSession *self);

/* (transfer full) */
KalonResults *kalon_search_session_run (KalonSearchSession *self, KalonQuery *query,
                                        GCancellable *cancellable, GError **error);

/* Loads what is not loaded yet: library, model, rows. */
gboolean
kalon_search_session_load (KalonSearchSession *self, GCancellable *cancellable, GError **error);

/* session->passing of @filter: (nullable); rows are loaded. */
gboolean
kalon_search_session_apply_filter (KalonSearchSession *self, KalonFilter *filter, GError **error);
void kalon_search_session_forget_filter (KalonSearchSession *self);
/* @candidates: (element-type KalonCandidate): takes those out that do not pass. */
void kalon_search_session_leave_out (KalonSearchSession *self, GArray *candidates);

/* (transfer full) */
KalonTasteReport *
kalon_search_session_report (KalonSearchSession *self, GCancellable *cancellable, GError **error);
gboolean kalon_search_session_export (KalonSearchSession *self, const char *path,
                                      GCancellable *cancellable, GError **error);
gboolean kalon_search_session_import (KalonSearchSession *self, const char *path,
                                      GCancellable *cancellable, GError **error);

/* The terms of a query as vectors. */
typedef struct
{
  float *positive;  /* [dimension], unit length */
  float *negatives; /* [n_negatives, dimension] */
  float *penalties; /* [n_negatives]: above 0 */
  gsize n_negatives;
  gsize n_dropped_tokens;
} KalonSearchVectors;

void kalon_search_vectors_clear (KalonSearchVectors *vectors);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonSearchVectors, kalon_search_vectors_clear)

/* %FALSE with %KALON_ERROR_ARGUMENT when @query has no meaning; reads no model. */
gboolean kalon_search_check_query (KalonQuery *query, GError **error);
gboolean
kalon_search_embed_query (KalonSearchSession *session, KalonQuery *query,
                          KalonSearchVectors *vectors, GCancellable *cancellable, GError **error);

/* @embedding: [dimension]; @n_dropped: tokens over the context length. Remembers the last ones. */
gboolean kalon_search_embed_text (KalonSearchSession *session, const char *text, float *embedding,
                                  gsize *n_dropped, GCancellable *cancellable, GError **error);

typedef struct
{
  guint32 row;
  float similarity;
  float score;
} KalonCandidate;

/**
 * kalon_search_rank:
 * @k: at most this many; 0 is all
 *
 * Returns: (transfer full) (element-type KalonCandidate): live rows, best first. Where it is all,
 *   those are among them that the filter leaves out.
 */
GArray *kalon_search_rank (KalonSearchSession *session, const KalonSearchVectors *vectors, gsize k,
                           GCancellable *cancellable, GError **error);

/*
 * What the profile's thumbs and adapter say of every live row, as far as it does not depend on the
 * query: search-preferences.c. Kept until thumbs, profile, rows or method change.
 */
void kalon_preferences_free (KalonPreferences *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPreferences, kalon_preferences_free)

/* session->preferences as of now, for @method; the adapter only where it is wanted. */
gboolean
kalon_search_update_preferences (KalonSearchSession *session, KalonTasteMethod method,
                                 gboolean with_adapter, GCancellable *cancellable, GError **error);
/* Which profile session->preferences is of; (nullable): the active one. */
gboolean
kalon_search_select_profile (KalonSearchSession *session, const char *profile, GError **error);
/* session->preferences->feedback */
gboolean kalon_search_open_feedback (KalonSearchSession *session, GError **error);
/* Of live row @i, its number in the embedding file. */
guint32 kalon_search_get_row (KalonSearchSession *session, guint i);
/* Adds to @scores, [n] of the live rows, the inner product of each embedding with @direction. */
gboolean kalon_search_add_direction (KalonSearchSession *session, const float *direction,
                                     float *scores, GCancellable *cancellable, GError **error);
/* @scores: [n] of the live rows, zeros; see KalonAlignment. */
gboolean kalon_search_score_taste (KalonSearchSession *session, KalonTasteMethod method,
                                   float *scores, GCancellable *cancellable, GError **error);
void kalon_search_clear_adapter (KalonPreferences *self);
/* session->preferences->adapter, and what of it does not depend on a query: search-adapter.c */
gboolean
kalon_search_load_adapter (KalonSearchSession *session, GCancellable *cancellable, GError **error);
/* (transfer full): what the thumbs taught, free of this library. */
KalonTasteTerm *kalon_search_dup_term (KalonSearchSession *session);
/* session->rows, or what they hold, have changed. */
void kalon_search_forget_preferences (KalonSearchSession *session);

struct _KalonPreferences
{
  KalonFeedback *feedback;
  guint64 version; /* of @feedback, that all below is of */
  gboolean current;
  KalonTasteMethod method;

  float scale;      /* of the features, see kalon_taste_get_scale() */
  GArray *measures; /* float [n, KALON_N_MEASURES], standardised; of session->rows */
  KalonFeedbackLearner *learner;
  gboolean is_learner_checked; /* against the rows that there are now */
  KalonTasteTerm *imported;    /* (nullable) */
  float *taste;                /* [n]: of session->rows */

  GBytes *adapter_bytes; /* (nullable): that @adapter was made of, once all of it is there */
  KalonAdapter *adapter; /* (nullable) */
  float *image_term;     /* (nullable): [n]: what an image adapter adds */
  float *image_norms;    /* (nullable): [n]: lengths of what a projections adapter makes */
};

typedef struct _KalonAlignedRanking KalonAlignedRanking;

void kalon_aligned_ranking_free (KalonAlignedRanking *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonAlignedRanking, kalon_aligned_ranking_free)

/* (transfer none) (element-type KalonCandidate): the aligned ranking, best first. */
const GArray *kalon_aligned_ranking_get_candidates (const KalonAlignedRanking *self);
/* @moves: (out caller-allocates): [KALON_N_MOVES] of candidate @i: one look at all others. */
void kalon_aligned_ranking_find_moves (const KalonAlignedRanking *self, guint i, gint32 *moves);

/**
 * kalon_search_align:
 * @candidates: (element-type KalonCandidate): the baseline's, best first: those that are kept. They
 *   must outlive the ranking
 * @spread: of the baseline's scores
 */
KalonAlignedRanking *
kalon_search_align (KalonSearchSession *session, const KalonQuery *query,
                    const KalonSearchVectors *vectors, const GArray *candidates, double spread,
                    GCancellable *cancellable, GError **error);

/* Ranks, cuts, folds and, where the query asks for it, aligns: session->rows are loaded. */
gboolean kalon_search_fill_results (KalonSearchSession *session, const KalonQuery *query,
                                    const KalonSearchVectors *vectors, KalonResults *results,
                                    GCancellable *cancellable, GError **error);

G_END_DECLS
