/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * HPIR sets: human preference of image retrieval ("Aligning Vision Models with Human Aesthetics in
 * Retrieval", arXiv 2406.09397, 3.1). An item is a query and two groups of pictures, A and B;
 * people say for each of three aspects which group is the better answer. A file of JSON lines
 * (docs/formats.md); pictures are named relative to the folder of the set, with the hash of their
 * contents.
 *
 * A set is plain data: not changed while another thread reads it. Functions block; any thread.
 */

#include <gio/gio.h>

#include "metrics/kalon-metrics.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_HPIR_ACCURACY,  /* what fits the words better */
  KALON_HPIR_AESTHETIC, /* what is nicer to look at */
  KALON_HPIR_DIVERSITY, /* what is more varied in content and style */
} KalonHpirAspect;
#define KALON_N_HPIR_ASPECTS 3

/* "accuracy", "aesthetic", "diversity" */
const char *kalon_hpir_aspect_get_name (KalonHpirAspect aspect);
/* %FALSE: there is none of that name */
gboolean kalon_hpir_aspect_find (const char *name, KalonHpirAspect *aspect);

typedef enum
{
  KALON_HPIR_UNASKED, /* there is no answer to this aspect */
  KALON_HPIR_A,
  KALON_HPIR_B,
  KALON_HPIR_CANNOT_TELL,
} KalonHpirVote;

/* (nullable): "a", "b", "neither"; %NULL for what was not asked: as in files */
const char *kalon_hpir_vote_get_name (KalonHpirVote vote);
/* @name: (nullable). %FALSE: there is none of that name */
gboolean kalon_hpir_vote_find (const char *name, KalonHpirVote *vote);

/**
 * KalonHpirPicture:
 * @path: relative to the set's folder, or absolute; bytes
 * @content_hash: (nullable): hex SHA-256 of the bytes
 */
typedef struct
{
  char *path;
  char *content_hash;
} KalonHpirPicture;

/**
 * KalonHpirLabeler: who labels. What is known of somebody is what that person wrote down.
 * @id: a name or a pseudonym, once in a set
 * @traits: char * -> char *: "age" -> "30-39", "region" -> "Europe"; may be empty: what per-group
 *   tables are made by
 */
typedef struct
{
  char *id;
  GHashTable *traits;
} KalonHpirLabeler;

/**
 * KalonHpirLabel: one person's answers to one item, once.
 * @labeler: position in the set's labelers
 * @repeat: 0 for the first time, 1 for the second: repeats measure consistency, and count nowhere
 *   else
 * @swapped: group B stood first
 * @time: seconds since 1970, 0 unknown
 * @seconds: that it took; 0 unknown
 */
typedef struct
{
  guint labeler;
  guint repeat;
  gboolean swapped;
  gint64 time;
  double seconds;
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
} KalonHpirLabel;

/**
 * KalonHpirItem:
 * @id: once in a set
 * @rephrased: char * -> char *: style (as kalon_rephrase_style_get_name()) -> text; may be empty
 * @kind: (nullable): the contrast that it was made for; tables are split by it
 * @systems: (nullable): [2] whose answers the groups are, as the keys of systems/
 * @groups: [2] (element-type KalonHpirPicture): A and B, best first; 1 to %KALON_HPIR_MAX_GROUP
 * each
 * @labels: KalonHpirLabel
 * @votes: [aspect][0 A, 1 B]: how many said so: counted from @labels where there are any (those
 * that are no repeats), else as the file has them
 * @stated: the votes that the file has beside labels, which count for nothing: where they differ
 * that is a problem of kalon_hpir_set_check(). @is_stated: there are any
 */
typedef struct
{
  char *id;
  char *query;
  GHashTable *rephrased;
  char *kind;
  char *systems[2];
  GPtrArray *groups[2];
  GArray *labels;
  guint votes[KALON_N_HPIR_ASPECTS][2];
  guint stated[KALON_N_HPIR_ASPECTS][2];
  gboolean is_stated;
} KalonHpirItem;
#define KALON_HPIR_MAX_GROUP 20

/**
 * KalonHpirSet:
 * @name: free text
 * @synthetic: no human being has judged: whoever shows figures of it says so
 * @made_from: (nullable): one line: how it came to be
 * @folder: where names of pictures begin: that of the file, until somebody else is named
 */
typedef struct
{
  char *name;
  gboolean synthetic;
  char *made_from;
  char *folder;
  GPtrArray *labelers; /* KalonHpirLabeler */
  GPtrArray *items;    /* KalonHpirItem */
  GHashTable *by_id;   /* the items by their ids */
} KalonHpirSet;

KalonHpirSet *kalon_hpir_set_new (const char *name, const char *folder);
void kalon_hpir_set_free (KalonHpirSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonHpirSet, kalon_hpir_set_free)

/* The new labeler's position, or that of the one with this @id, who gets @traits (nullable: stays).
 */
guint kalon_hpir_set_add_labeler (KalonHpirSet *set, const char *id, GHashTable *traits);
/* (transfer none): a new item at the end, whose groups are empty; no other has that @id. */
KalonHpirItem *kalon_hpir_set_add_item (KalonHpirSet *set, const char *id, const char *query);
/* (transfer none) (nullable) */
KalonHpirItem *kalon_hpir_set_find_item (const KalonHpirSet *set, const char *id);
void kalon_hpir_item_add_picture (KalonHpirItem *item, guint group, const char *path,
                                  const char *content_hash);
/* Counts its votes too, unless it is a repeat. Votes that the item had without labels become what
 * is stated. */
void kalon_hpir_item_add_label (KalonHpirItem *item, const KalonHpirLabel *label);
/* (transfer none) (nullable): what @labeler (position) said at that @repeat */
const KalonHpirLabel *
kalon_hpir_item_find_label (const KalonHpirItem *item, guint labeler, guint repeat);
/* (transfer full): where the picture is on the disk: in the set's folder unless it is absolute */
char *kalon_hpir_set_dup_path (const KalonHpirSet *set, const KalonHpirPicture *picture);

/**
 * kalon_hpir_item_get_gold:
 * @only: (nullable): [labelers]: the labels of those with %TRUE alone count
 * @choice: (out): 0 A, 1 B
 * @confidence: (out): share of those who chose it among those who chose, above 1/2 to 1
 *
 * Returns: %FALSE when nobody has chosen, or as many chose one as the other: such an item counts
 *   for nothing in that aspect
 */
gboolean kalon_hpir_item_get_gold (const KalonHpirItem *item, KalonHpirAspect aspect,
                                   const gboolean *only, guint *choice, double *confidence);

/**
 * kalon_hpir_set_read:
 * @path: at most 512 MiB. Refused with FILE:LINE and the field when something in it is wrong
 *   (%KALON_ERROR_INVALID_DATA), of another version with %KALON_ERROR_UNSUPPORTED
 */
KalonHpirSet *kalon_hpir_set_read (const char *path, GError **error);
/* The same from memory; @name is what to call it in a message. */
KalonHpirSet *kalon_hpir_set_parse (const char *data, gsize length, const char *name,
                                    const char *folder, GError **error);
/* (transfer full): what is written. A text or a list that kalon_hpir_set_read() would refuse is
 * refused: %KALON_ERROR_TOO_LARGE, or %KALON_ERROR_ARGUMENT where it is empty and must not be. */
GBytes *kalon_hpir_set_to_bytes (const KalonHpirSet *set, GError **error);
/* Replaces @path in one step. */
gboolean kalon_hpir_set_write (const KalonHpirSet *set, const char *path, GError **error);

/**
 * kalon_hpir_set_merge:
 * @set: gets the items, labelers (by their ids) and labels of @other, which it lacks
 *
 * %KALON_ERROR_MISMATCH, and @set is as it was, when an item of the same id is another: query or
 * pictures differ, somebody has answered it in both in different ways, or one of the two has votes
 * without labels, of which nobody knows whose they are. Pictures are the same when their hashes
 * are, or without hashes their names; those of a new item are named from the folder of @set.
 * %KALON_ERROR_TOO_LARGE for more labelers than a file may hold.
 */
gboolean kalon_hpir_set_merge (KalonHpirSet *set, const KalonHpirSet *other, GError **error);

/* What is wrong with a set, though its file can be read. */
typedef struct
{
  char *item;        /* (nullable): its id; NULL: the set's own */
  char *text;        /* one line */
  gboolean is_error; /* else a thing worth knowing: no votes, a picture in both groups */
} KalonHpirProblem;

typedef struct
{
  gsize n_items;
  gsize n_pictures;                        /* different ones */
  gsize n_labels;                          /* without repeats */
  gsize n_gold[KALON_N_HPIR_ASPECTS];      /* items with a majority */
  double confidence[KALON_N_HPIR_ASPECTS]; /* mean over them; NaN: none */
  GPtrArray *problems;                     /* KalonHpirProblem */
} KalonHpirCheck;

void kalon_hpir_check_free (KalonHpirCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonHpirCheck, kalon_hpir_check_free)

/**
 * kalon_hpir_set_check:
 * @with_files: pictures are looked for in the set's folder, and their contents compared with their
 *   hashes
 *
 * Returns: (transfer full) (nullable): %NULL when cancelled
 */
KalonHpirCheck *kalon_hpir_set_check (const KalonHpirSet *set, gboolean with_files,
                                      GCancellable *cancellable, GError **error);

/* How well somebody agrees with herself and with the others. */
typedef struct
{
  gsize n_labels;                                  /* without repeats */
  gsize n_repeats[KALON_N_HPIR_ASPECTS];           /* answered both times */
  KalonEstimate consistency[KALON_N_HPIR_ASPECTS]; /* share answered the same; with n_repeats */
  gsize n_compared[KALON_N_HPIR_ASPECTS];          /* items that others have a majority for */
  KalonEstimate with_others[KALON_N_HPIR_ASPECTS]; /* share that agrees with it */
} KalonHpirLabelerFigures;

/* @labeler: position */
void kalon_hpir_set_measure_labeler (const KalonHpirSet *set, guint labeler,
                                     KalonHpirLabelerFigures *figures);

G_END_DECLS
