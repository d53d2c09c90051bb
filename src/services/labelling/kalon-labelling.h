/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Labelling: people make an HPIR set of their own pictures (hpir/). Two systems answer queries; a
 * labeler sees two rows of pictures, blind and shuffled, and says for each aspect which is better.
 *
 * A label set is a folder label-sets/ID in the library's directory:
 *
 *   set.jsonl      the items, an HPIR set without labels
 *   labels.jsonl   one line for each answer, appended and synced: a killed process loses none
 *
 * The order of items, which group stands first, and which items come again for self-consistency are
 * drawn from the set's seed and the labeler's id: the same after a restart, another for everyone.
 * An item comes again as late as possible, with the groups swapped.
 *
 * Functions without _async block; any thread. A KalonLabelSession belongs to one thread.
 */

#include "hpir/kalon-hpir.h"
#include "searcher/kalon-searcher.h"
#include "systems/kalon-systems.h"

G_BEGIN_DECLS

/**
 * KalonLabelPlan: how a set is made.
 * @queries: %NULL-terminated; @rephrased: (nullable): [queries], elements (nullable)
 * @style: (nullable): that they are rephrased in, as kalon_rephrase_style_get_name(): the set then
 *   tells how
 * @systems: [2] keys of systems/; those of group A and B are drawn for each item
 * @k: pictures in a row, 1 to %KALON_HPIR_MAX_GROUP; 5 in the paper. Both rows are as long as the
 *   shorter, which would else be known by it
 * @repeats: share of items that come twice for each labeler, 0 to 1
 * @seed: of all that is drawn
 */
typedef struct
{
  const char *name;
  const char *const *queries;
  const char *const *rephrased;
  const char *style;
  const char *systems[2];
  guint k;
  double repeats;
  guint32 seed;
} KalonLabelPlan;
#define KALON_LABEL_ROW 5
#define KALON_LABEL_REPEATS 0.1

typedef void (*KalonLabelFunc) (gsize done, gsize total, gpointer user_data);

/**
 * kalon_label_set_build:
 * @func: (nullable): told how many queries were answered; on the calling thread
 * @n_same: (out) (optional): queries whose two rows were the same pictures in the same order, or
 * one of them empty: nothing to label
 *
 * Returns: (transfer full): the new set's id; %KALON_ERROR_ARGUMENT when no query makes an item
 */
char *kalon_label_set_build (KalonSystems *systems, const char *library_directory,
                             const KalonLabelPlan *plan, KalonLabelFunc func, gpointer user_data,
                             gsize *n_same, GCancellable *cancellable, GError **error);
/* A set from elsewhere, whose pictures are in its folder: a copy of it without labels.
 * %KALON_ERROR_MISMATCH for a picture that is another than the set was made of. */
char *
kalon_label_set_import (const char *library_directory, const KalonHpirSet *set, GError **error);

/**
 * kalon_label_suggest_queries:
 * @searcher: (nullable): of the library; %NULL: what was searched for alone
 * @n: at most
 *
 * What was searched for in the window, newest first; then of the built-in queries of aligner/ those
 * that have a row of answers at the model's strictness, taken evenly from their list.
 *
 * Returns: (transfer full): %NULL-terminated, each once
 */
GStrv kalon_label_suggest_queries (const char *library_directory, KalonSearcher *searcher, guint n,
                                   GCancellable *cancellable, GError **error);

/* @n_tasks: of each labeler, repeats included; @n_labels: of all, repeats included */
typedef struct
{
  char *id;
  char *name;
  gint64 created; /* seconds since 1970 */
  gsize n_items;
  gsize n_tasks;
  gsize n_labels;
  GStrv labelers;
  guint *n_labelled; /* [labelers]: items that each has answered */
  guint *n_done;     /* [labelers]: of @n_tasks */
} KalonLabelSetInfo;

void kalon_label_set_info_free (KalonLabelSetInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLabelSetInfo, kalon_label_set_info_free)

/* (transfer full) (element-type KalonLabelSetInfo): newest first. One that cannot be read is left
 * out with a g_message. */
GPtrArray *kalon_label_sets_list (const char *library_directory, GError **error);
/* (transfer full): %KALON_ERROR_ARGUMENT when there is none of that id, here and below. */
KalonLabelSetInfo *
kalon_label_set_get_info (const char *library_directory, const char *id, GError **error);
/* (transfer full): the set with all labels so far: what is exported and evaluated. */
KalonHpirSet *kalon_label_set_load (const char *library_directory, const char *id, GError **error);
gboolean kalon_label_set_remove (const char *library_directory, const char *id, GError **error);
/* Writes the set with its labels to @path, its pictures named relative to that folder if they lie
 * in it, else absolute. */
gboolean kalon_label_set_export (const char *library_directory, const char *id, const char *path,
                                 GError **error);

/* What is asked next. */
typedef struct
{
  const KalonHpirItem *item;
  gboolean swapped; /* group B stands first */
  guint repeat;
} KalonLabelTask;

#define KALON_TYPE_LABEL_SESSION (kalon_label_session_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelSession, kalon_label_session, KALON, LABEL_SESSION, GObject)

/**
 * kalon_label_session_open:
 * @labeler: not empty
 * @traits: (nullable): char * -> char *: replace those that were given before
 *
 * Goes on where this labeler stopped. %KALON_ERROR_BUSY when another process labels under that
 * name.
 */
KalonLabelSession *
kalon_label_session_open (const char *library_directory, const char *id, const char *labeler,
                          GHashTable *traits, GError **error);
const char *kalon_label_session_get_labeler (KalonLabelSession *self);
/* Without labels, with the pictures where they are now. */
const KalonHpirSet *kalon_label_session_get_set (KalonLabelSession *self);
guint kalon_label_session_get_n_tasks (KalonLabelSession *self); /* repeats included */
guint kalon_label_session_get_n_done (KalonLabelSession *self);
/* The task at hand, the first one that has no answer or the one that was gone back to; %FALSE at
 * the end. */
gboolean kalon_label_session_peek (KalonLabelSession *self, KalonLabelTask *task);
guint kalon_label_session_get_position (KalonLabelSession *self); /* of it, from 0 */
/* The task after it, whose pictures can be got ready; %FALSE: there is none. */
gboolean kalon_label_session_peek_next (KalonLabelSession *self, KalonLabelTask *task);

/**
 * kalon_label_session_answer:
 * @votes: [aspects] KALON_HPIR_A and B are the item's groups, wherever they stood; at least one is
 *   not %KALON_HPIR_UNASKED
 * @seconds: that it took
 *
 * On the disk when it returns, and the next task is at hand. An answer to a task that has one takes
 * its place.
 */
gboolean kalon_label_session_answer (KalonLabelSession *self,
                                     const KalonHpirVote votes[KALON_N_HPIR_ASPECTS],
                                     double seconds, GError **error);
/* The same, written in another thread; one at a time. */
void
kalon_label_session_answer_async (KalonLabelSession *self,
                                  const KalonHpirVote votes[KALON_N_HPIR_ASPECTS], double seconds,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean
kalon_label_session_answer_finish (KalonLabelSession *self, GAsyncResult *result, GError **error);
/* To the task before, to see or change its answer; %FALSE at the first. */
gboolean kalon_label_session_go_back (KalonLabelSession *self);
gboolean kalon_label_session_go_on (KalonLabelSession *self); /* %FALSE at the first open one */
/* The answer that the task at hand has; %FALSE: none. */
gboolean
kalon_label_session_get_answer (KalonLabelSession *self, KalonHpirVote votes[KALON_N_HPIR_ASPECTS]);

/*
 * For a main loop: the same, on another thread, answered in the caller's thread-default main
 * context. What they are given is copied, unless it is said otherwise.
 */

void kalon_label_sets_list_async (const char *library_directory, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kalon_label_sets_list_finish (GAsyncResult *result, GError **error);

void kalon_label_set_load_async (const char *library_directory, const char *id,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
KalonHpirSet *kalon_label_set_load_finish (GAsyncResult *result, GError **error);

/* Both end with kalon_label_set_change_finish(). */
void kalon_label_set_remove_async (const char *library_directory, const char *id,
                                   GAsyncReadyCallback callback, gpointer user_data);
void kalon_label_set_export_async (const char *library_directory, const char *id, const char *path,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_label_set_change_finish (GAsyncResult *result, GError **error);

/* @path: of a set, as for kalon_hpir_set_read() */
void kalon_label_set_import_async (const char *library_directory, const char *path,
                                   GAsyncReadyCallback callback, gpointer user_data);
char *kalon_label_set_import_finish (GAsyncResult *result, GError **error);

void kalon_label_suggest_queries_async (const char *library_directory, KalonSearcher *searcher,
                                        guint n, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
GStrv kalon_label_suggest_queries_finish (GAsyncResult *result, GError **error);

/**
 * kalon_label_set_build_async:
 * @systems: kept, and not to be used by others until the end
 * @func: (nullable): called in the caller's main context, until the end or until it is cancelled
 */
void kalon_label_set_build_async (KalonSystems *systems, const char *library_directory,
                                  const KalonLabelPlan *plan, KalonLabelFunc func,
                                  gpointer func_data, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
char *kalon_label_set_build_finish (GAsyncResult *result, gsize *n_same, GError **error);

/* @traits: (nullable): kept, and not to be changed until the end. The session belongs to the thread
 * that asked. */
void
kalon_label_session_open_async (const char *library_directory, const char *id, const char *labeler,
                                GHashTable *traits, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
KalonLabelSession *kalon_label_session_open_finish (GAsyncResult *result, GError **error);

G_END_DECLS
