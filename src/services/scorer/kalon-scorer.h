/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which aesthetic models score the pictures of a library: the encoder's own head, heads that the
 * user imported, CLIP-IQA (aesthetics/), and the blend of them that a library is scored by. An
 * index run scores what it encodes; here a whole library is scored anew from what is stored,
 * without decoding a picture.
 *
 * Functions block.
 */

#include "library/kalon-library.h"
#include "models/kalon-models.h"

G_BEGIN_DECLS

/**
 * KalonHead: a head that the user imported: $XDG_DATA_HOME/kalon/heads/ID.safetensors
 */
typedef struct
{
  char *id;
  char *path;
  char *encoder; /* hash of the model that it is for */
  char *source;  /* (nullable): the name of the file that it was imported from */
} KalonHead;

void kalon_head_free (KalonHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonHead, kalon_head_free)

/* (transfer full) (element-type KalonHead): by id. A file that is no head is left out with a
 * g_message. @encoder: (nullable): only those for the model of this hash. */
GPtrArray *kalon_heads_list (const char *encoder);

/**
 * kalon_heads_import:
 * @source: see kalon_aesthetic_head_import()
 * @id: letters, digits, ".", "_" and "-", at most 64, not “own” nor “clip-iqa”; one of an earlier
 *   import is replaced
 * @model_hash, @dimension: of the model whose embeddings it is for
 */
gboolean kalon_heads_import (const char *source, const char *id, KalonHeadActivation activation,
                             const char *model_hash, gsize dimension, GError **error);

/* (transfer full): ids of all that can score the embeddings of a model: its own head when it has
 * one, CLIP-IQA, the heads that were imported for it. */
GStrv kalon_scorer_list_members (const char *model_directory, const char *model_hash);

/**
 * kalon_scorer_load_blend:
 * @model_directory, @model_hash, @dimension: of the encoder
 * @shares: (nullable): kalon_aesthetic_parse_shares(); %NULL is the model's own head
 * @blend: (out) (transfer full) (nullable): %NULL when @shares is %NULL and the model has no head
 *
 * A head that is not there is %KALON_ERROR_ARGUMENT, one for another encoder
 * %KALON_ERROR_MISMATCH.
 */
gboolean
kalon_scorer_load_blend (const char *model_directory, const char *model_hash, gsize dimension,
                         const char *shares, KalonAestheticBlend **blend, GError **error);

/* (transfer full): the shares that give @blend. */
char *kalon_scorer_dup_shares (const KalonAestheticBlend *blend);

/**
 * kalon_scorer_choose_blend:
 * @shares: (nullable): %NULL is what was chosen for this library and model before
 *
 * The blend that @library is scored by from now on. With another one than last time all scores of
 * this model are forgotten; the next run gives new ones. The lock is held, no transaction.
 */
gboolean kalon_scorer_choose_blend (KalonLibrary *library, const char *model_directory,
                                    const char *model_hash, gsize dimension, const char *shares,
                                    KalonAestheticBlend **blend, GError **error);

/**
 * kalon_scorer_store:
 * @blend: prepared
 *
 * Scores one picture, whose row is in the file, and stores all of it. Within a transaction.
 * From the row as it is stored, so that a score does not depend on when it was computed.
 */
gboolean kalon_scorer_store (KalonLibrary *library, KalonIndex *index, const char *model_hash,
                             const KalonAestheticBlend *blend, gint64 picture, gsize row,
                             const float *measures, GError **error);

typedef struct
{
  gsize n_scored;
  gsize n_unmeasured; /* the blend needs measures that no index run has taken yet */
  char *shares;       /* that were used */
} KalonScorerResult;

void kalon_scorer_result_clear (KalonScorerResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonScorerResult, kalon_scorer_result_clear)

typedef void (*KalonScorerFunc) (gsize done, gsize total, gpointer user_data);

/**
 * kalon_scorer_run:
 * @library_directory, @model_directory, @device_name: as of kalon_indexer_new(); the device is used
 *   for CLIP-IQA's prompts only
 * @shares: as of kalon_scorer_choose_blend(): kept for the index runs to come
 * @func: (nullable): called now and then
 *
 * Scores every picture that has an embedding of this model, all in one transaction: a run that is
 * cancelled or fails leaves the scores as they were. %KALON_ERROR_BUSY while an indexer works on
 * this library, %KALON_ERROR_ARGUMENT when there is nothing to score with.
 */
gboolean kalon_scorer_run (const char *library_directory, const char *model_directory,
                           const char *device_name, const char *shares, KalonScorerFunc func,
                           gpointer user_data, KalonScorerResult *result, GCancellable *cancellable,
                           GError **error);

/*
 * The same in threads of their own, for a main loop.
 */

/* @func is called in the caller's main context. */
void kalon_scorer_run_async (const char *library_directory, const char *model_directory,
                             const char *device_name, const char *shares, KalonScorerFunc func,
                             gpointer func_data, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
/* @result: (out caller-allocates): to be cleared */
gboolean
kalon_scorer_run_finish (GAsyncResult *async_result, KalonScorerResult *result, GError **error);

/* What can score a library, and what does. */
typedef struct
{
  GStrv members; /* kalon_scorer_list_members() */
  char *shares;  /* (nullable): those in use; %NULL when nothing scores */
} KalonScorerState;

void kalon_scorer_state_free (KalonScorerState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonScorerState, kalon_scorer_state_free)

void kalon_scorer_get_state_async (const char *library_directory, const char *model_directory,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
/* (transfer full) */
KalonScorerState *kalon_scorer_get_state_finish (GAsyncResult *result, GError **error);

/* kalon_heads_import() for that model; the activation is known by the file's name. */
void kalon_heads_import_async (const char *source, const char *id, const char *model_directory,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean kalon_heads_import_finish (GAsyncResult *result, GError **error);

G_END_DECLS
