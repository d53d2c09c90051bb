/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Feedback: the user's thumbs, kept as what was done (which picture, among which, for which query)
 * and not as numbers, so that they teach any model and survive a new index. They live in
 * "taste.db" in the library's directory, by profile: one for each taste.
 *
 * Pictures are named by the SHA-256 of their content: one that is moved or renamed is the same.
 * Taking a thumb back deletes it (SQLite overwrites it with zeros), and what is learned is again
 * what it would be had it never been (taste/ is a function of the thumbs, in order).
 *
 * A KalonFeedback is one connection: use it from one thread at a time; open another for another
 * thread. Functions block, for a write until it is on the disk. Errors: those of storage/, and
 * %KALON_ERROR_ARGUMENT, %KALON_ERROR_MISMATCH where named.
 */

#include "taste/kalon-taste.h"

G_BEGIN_DECLS

#define KALON_TYPE_FEEDBACK (kalon_feedback_get_type ())
G_DECLARE_FINAL_TYPE (KalonFeedback, kalon_feedback, KALON, FEEDBACK, GObject)

/* @library_directory: (nullable): as for kalon_library_open(); must exist */
KalonFeedback *kalon_feedback_open (const char *library_directory, GError **error);

/* Changes whenever anything in it does, by this connection or another. */
guint64 kalon_feedback_get_version (KalonFeedback *self);

/* (transfer full): the same for queries that differ in case, and in white space around them, only:
 * they are one query. */
char *kalon_feedback_dup_query_key (const char *query);

/* One thumb. */
typedef struct
{
  gint64 id;
  gint64 time; /* seconds since 1970 */
  char *query;
  gboolean liked; /* or disliked */
  guint chosen;   /* which of @pictures */
  GStrv pictures; /* content hashes, in the order shown */
} KalonThumb;

void kalon_thumb_free (KalonThumb *thumb);

/**
 * kalon_feedback_add:
 * @query: what the pictures were shown for; "" when it was nothing
 * @chosen: which of @pictures the thumb is on
 * @pictures: content hashes of what was shown, in that order, at least 2 different ones; the first
 *   %KALON_FEEDBACK_MAX_SHOWN and the chosen one are kept
 * @id: (out) (optional): for kalon_feedback_undo()
 *
 * An earlier thumb on that picture for that query is taken back first: the last word counts.
 */
gboolean kalon_feedback_add (KalonFeedback *self, const char *query, gboolean liked, guint chosen,
                             const char *const *pictures, gint64 *id, GError **error);
/* More is hardly looked at, and teaches little. */
#define KALON_FEEDBACK_MAX_SHOWN 24

/* %KALON_ERROR_ARGUMENT when there is no such thumb (any more). */
gboolean kalon_feedback_undo (KalonFeedback *self, gint64 id, GError **error);
/* As if the picture had never been shown: thumbs on it go, and it goes from those on others.
 * @n_changed: (out) (optional): thumbs that went or changed. */
gboolean kalon_feedback_forget_picture (KalonFeedback *self, const char *content_hash,
                                        gsize *n_changed, GError **error);
/* Case and white space around it do not matter. */
gboolean kalon_feedback_forget_query (KalonFeedback *self, const char *query, gsize *n_changed,
                                      GError **error);
/* What was forgotten; imported tastes and adapters are one for each model. */
typedef struct
{
  gsize n_thumbs;
  gsize n_imports;
  gsize n_adapters;
} KalonForgotten;

/* All thumbs of the active profile, what was imported into it, and its adapters. @forgotten: (out
 * caller-allocates) (optional) */
gboolean kalon_feedback_reset (KalonFeedback *self, KalonForgotten *forgotten, GError **error);

/* (transfer full) (element-type KalonThumb): of the active profile, oldest first. */
GPtrArray *kalon_feedback_list (KalonFeedback *self, GError **error);

/* (transfer full) (element-type utf8): the content hashes that have a thumb up (@liked) or down in
 * the active profile, for any query: a set. */
GHashTable *kalon_feedback_list_judged (KalonFeedback *self, gboolean liked, GError **error);

/*
 * Profiles. There is always one, and one is active: the calls above are about it.
 */
#define KALON_PROFILE_DEFAULT "default"

/* (transfer full) */
GStrv kalon_feedback_list_profiles (KalonFeedback *self, GError **error);
/* (transfer full) */
char *kalon_feedback_dup_profile (KalonFeedback *self, GError **error);
/* Makes @name active, and makes it where there is none: 1 to 100 bytes of UTF-8, no control
 * characters. */
gboolean kalon_feedback_set_profile (KalonFeedback *self, const char *name, GError **error);
/* Gives the active one another name; %KALON_ERROR_ARGUMENT where there is one of that name. */
gboolean kalon_feedback_rename_profile (KalonFeedback *self, const char *name, GError **error);
/**
 * kalon_feedback_look_at:
 *
 * From now on @name is the active profile for this connection, and for no other: to rank by another
 * one's taste. Nothing must be written through it. %KALON_ERROR_ARGUMENT where there is none of
 * that name.
 */
gboolean kalon_feedback_look_at (KalonFeedback *self, const char *name, GError **error);
/* %KALON_ERROR_ARGUMENT for the active one, and where there is none of that name. */
gboolean kalon_feedback_remove_profile (KalonFeedback *self, const char *name, GError **error);

/*
 * What a profile has for one model beside its thumbs, as safetensors: an adapter that `align`
 * trained, and a taste that was imported.
 */
typedef enum
{
  KALON_PROFILE_ADAPTER,
  KALON_PROFILE_TASTE,
} KalonProfilePart;

/* @bytes: (nullable): %NULL removes it */
gboolean kalon_feedback_store_part (KalonFeedback *self, KalonProfilePart part,
                                    const char *model_hash, GBytes *bytes, GError **error);
/* @bytes: (out) (transfer full) (nullable): %NULL where there is none, which is no error */
gboolean kalon_feedback_load_part (KalonFeedback *self, KalonProfilePart part,
                                   const char *model_hash, GBytes **bytes, GError **error);

/* A part as it is stored. */
typedef struct
{
  KalonProfilePart part;
  char *model_hash;
  GBytes *bytes;
} KalonStoredPart;

void kalon_stored_part_free (KalonStoredPart *part);

/* (transfer full) (element-type KalonStoredPart): of the active profile, for all models. */
GPtrArray *kalon_feedback_list_parts (KalonFeedback *self, GError **error);

/**
 * kalon_feedback_restore_all:
 * @thumbs: (nullable) (element-type KalonThumb): of kalon_feedback_list()
 * @parts: (nullable) (element-type KalonStoredPart)
 *
 * Puts all back into the active profile, or nothing: each thumb where it was, with its id and time,
 * one on that picture for that query that came since being taken back; and parts in the place of
 * what is there. After kalon_feedback_reset(), or forgetting a query or a picture, the
 * profile is again what it was.
 */
gboolean kalon_feedback_restore_all (KalonFeedback *self, GPtrArray *thumbs, GPtrArray *parts,
                                     GError **error);

/**
 * KalonTasteTerm: a taste as weights, free of the library that it was learned in.
 * @measures: [KALON_N_MEASURES] of standardised measures (kalon_taste_fill_features())
 * @embedding: [dimension] of unit-length embeddings
 */
typedef struct
{
  gsize dimension;
  float *measures;
  float *embedding;
} KalonTasteTerm;

KalonTasteTerm *kalon_taste_term_new (gsize dimension);
void kalon_taste_term_free (KalonTasteTerm *term);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTasteTerm, kalon_taste_term_free)

/**
 * kalon_profile_export:
 * @term, @adapter: (nullable): what the profile has
 *
 * Writes a profile file (docs/formats.md), stamped with the model. It holds weights; no query, no
 * picture and no path is in it.
 */
gboolean kalon_profile_export (const char *path, const char *name, const char *model_hash,
                               const KalonTasteTerm *term, GBytes *adapter, GError **error);
/**
 * kalon_profile_import:
 * Into the active profile. %KALON_ERROR_MISMATCH when it belongs to another model.
 */
gboolean kalon_profile_import (KalonFeedback *self, const char *path, const char *model_hash,
                               gsize dimension, GError **error);
/* @term: (out) (transfer full) (nullable): of kalon_feedback_load_part() */
gboolean
kalon_taste_term_parse (GBytes *bytes, gsize dimension, KalonTasteTerm **term, GError **error);

/*
 * Learning, incrementally: what the last call learned is kept, so that a new thumb costs a few
 * steps, and one taken back costs those since the checkpoint before it.
 */
typedef struct _KalonFeedbackLearner KalonFeedbackLearner;

/* The features of a picture, [n_features]; %FALSE when it is not in the library (any more). */
typedef gboolean (*KalonFeaturesFunc) (const char *content_hash, float *features,
                                       gpointer user_data);

KalonFeedbackLearner *
kalon_feedback_learner_new (gsize n_features, KalonFeaturesFunc func, gpointer user_data);
void kalon_feedback_learner_free (KalonFeedbackLearner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonFeedbackLearner, kalon_feedback_learner_free)

/**
 * kalon_feedback_learner_update:
 * @thumbs: (element-type KalonThumb): of kalon_feedback_list()
 *
 * The weights afterwards are those of learning @thumbs from nothing. A thumb whose picture is not
 * in the library, or all whose others are not, teaches nothing.
 */
gboolean kalon_feedback_learner_update (KalonFeedbackLearner *self, GPtrArray *thumbs,
                                        GCancellable *cancellable, GError **error);
/* Whether every picture that thumbs are about is, and looks, as when it was asked for; a thumb
 * about one that was not in the library is not current. Make a new learner where it is not. */
gboolean kalon_feedback_learner_is_current (const KalonFeedbackLearner *self);
/* Whether the thumb at @position of those that were given last was learned from. */
gboolean kalon_feedback_learner_is_learned (const KalonFeedbackLearner *self, gsize position);
/* Thumbs that were learned from. */
const KalonTasteHistory *kalon_feedback_learner_get_history (const KalonFeedbackLearner *self);
const KalonTasteLearner *kalon_feedback_learner_get_learner (const KalonFeedbackLearner *self);
/* (transfer none) (element-type KalonTasteCheck): the learning curve, one for each event. */
GArray *kalon_feedback_learner_get_curve (const KalonFeedbackLearner *self);
/* Bytes that are held for the profile: weights, checkpoints and events; and features of pictures
 * that thumbs are about, which are the library's. */
gsize kalon_feedback_learner_get_size (const KalonFeedbackLearner *self, gsize *features_size);

G_END_DECLS
