/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the ranking at hand can be compared with: the rankings of one search, those by other models
 * that are installed, and those by other profiles of the library.
 *
 * All functions of KalonRivals belong to the thread that created it (its thread-default main
 * context); reading what there is happens on another.
 */

#include "comparison/kalon-comparison.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_RIVAL_BASELINE,  /* the frozen encoder on the words as typed */
  KALON_RIVAL_REPHRASED, /* aligned by the rephrased words alone: no adapter, looks or taste */
  KALON_RIVAL_ALIGNED,   /* by the active profile */
  KALON_RIVAL_MODEL,     /* the baseline of another model */
  KALON_RIVAL_PROFILE,   /* aligned by another profile */
} KalonRivalKind;

/**
 * KalonRival: one way to rank.
 * @name: (nullable): of the model or profile
 * @directory: (nullable): of the model
 */
typedef struct
{
  KalonRivalKind kind;
  char *name;
  char *directory;
} KalonRival;

KalonRival *kalon_rival_new (KalonRivalKind kind, const char *name, const char *directory);
KalonRival *kalon_rival_copy (const KalonRival *rival);
void kalon_rival_free (KalonRival *rival);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRival, kalon_rival_free)

/* (transfer full): "baseline", "rephrased", "aligned", "model:ID", "profile:NAME": for files. */
char *kalon_rival_dup_key (const KalonRival *rival);
/* (transfer full): "Baseline", "Model ID", ..., in English, for what is exported. */
char *kalon_rival_dup_title (const KalonRival *rival);
gboolean kalon_rival_equal (const KalonRival *a, const KalonRival *b);

#define KALON_TYPE_RIVALS (kalon_rivals_get_type ())
G_DECLARE_FINAL_TYPE (KalonRivals, kalon_rivals, KALON, RIVALS, GObject)

/**
 * kalon_rivals_new:
 * @library_directory, @device_name: as for kalon_searcher_new()
 * @model_directory: (nullable): of the model that is searched with: it is no rival
 * @searcher: (nullable): with that model
 */
KalonRivals *kalon_rivals_new (const char *library_directory, const char *device_name,
                               const char *model_directory, KalonSearcher *searcher);

/* Another model, or another device: of what is asked from now on. As for kalon_rivals_new(). */
void kalon_rivals_set_searcher (KalonRivals *self, const char *device_name,
                                const char *model_directory, KalonSearcher *searcher);

/* (transfer full) (element-type KalonRival): the three of the search itself, other models by id,
 * other profiles by name. What cannot be read is left out with a g_message. */
void kalon_rivals_list_async (KalonRivals *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kalon_rivals_list_finish (KalonRivals *self, GAsyncResult *result, GError **error);

/* (transfer none) (nullable): that of @rivals (element-type KalonRival) which @key names. */
const KalonRival *kalon_rivals_find (GPtrArray *rivals, const char *key);

/**
 * kalon_rivals_get_searcher:
 *
 * Who ranks for @rival. Of other models' searchers the last two are kept, for each holds its
 * weights.
 *
 * Returns: (transfer full) (nullable): %NULL when there is no model at all
 */
KalonSearcher *kalon_rivals_get_searcher (KalonRivals *self, const KalonRival *rival);

/**
 * kalon_rival_prepare:
 * @query: a query without alignment
 * @alignment: what the aligned ranking at hand adds
 *
 * Makes @query ask for what @rival needs. Its ranking is then kalon_rival_dup_ranking().
 */
void
kalon_rival_prepare (const KalonRival *rival, KalonQuery *query, const KalonAlignment *alignment);

/* (transfer none) (nullable) (element-type KalonResult): @rival's of the two that @results has. */
GArray *kalon_rival_peek_results (const KalonRival *rival, const KalonResults *results);
/* (transfer full) (nullable): @rival's of the two that @results has. */
KalonRanking *kalon_rival_dup_ranking (const KalonRival *rival, const KalonResults *results);

G_END_DECLS
