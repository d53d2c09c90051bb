/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Alignment of a library, end to end (arXiv 2406.09397, 2.2 and 2.3):
 *
 *   queries -> rephrased -> the K best pictures of each -> a partially ordered set of pairs
 *           -> ranked DPO -> an adapter -> measured on queries that it never saw -> kept, or not
 *
 * The K best, and their semantic score, are those of the query blended with its rephrasing as the
 * searcher blends them (similarity' of kalon-searcher.h). The paper retrieves with one model and
 * scores again with others; here there is one encoder, so the semantic score is the similarity that
 * the pictures were found by. The aesthetic score is the library's (KalonLibraryRow.aesthetic).
 * What is trained is the query AS TYPED: the adapter learns to order as the rephrased query and the
 * aesthetic model do, at no cost when searching.
 *
 * A share of the queries takes no part in training nor in choosing the adapter among its steps; the
 * figures before and after are of those alone. The adapter goes into the active profile of
 * feedback/ only where their pair agreement has risen.
 *
 * A run that is cancelled, or killed, while it trains leaves “align-checkpoint.safetensors” in the
 * library's directory. The same run again (same pictures, queries, options) goes on there, to the
 * same bits on the same device. There is one: any other run begins anew and writes its own over it,
 * and a run that ends removes it.
 */

#include "alignment/kalon-alignment.h"
#include "llm/kalon-llm.h"
#include "metrics/kalon-metrics.h"
#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

/* Pictures of a held-out query whose mean aesthetic score and overlap are told. */
#define KALON_ALIGNER_TOP 10
/* Fewer held-out queries say nothing: their interval may be a point. */
#define KALON_ALIGNER_FEW_HELD_OUT 5

/**
 * KalonAlignerOptions:
 * @order: K, stride, u and v of the set
 * @semantic_margin, @aesthetic_margin: see kalon_order_list_pairs()
 * @style: how queries are rephrased; %KALON_REPHRASE_ORIGINAL not at all
 * @share: of the rephrasing in what is searched with, 0 to 1; as KalonAlignment.rephrase
 * @kind, @rank: of the adapter; rank of a query adapter only
 * @anchor_pictures: 0 to 1000: so many of the best of the query as typed are held in their order
 *   by the anchor term, beside the pictures of the matrix
 * @held_out: 0 to 0.9, the share of queries, at least one, that the figures are of
 * @training: its seed also chooses those
 * queries and starts the adapter; its own held_out is of the others, and chooses among steps
 * @dry_run: keeps nothing in the profile
 */
typedef struct
{
  KalonOrderOptions order;
  float semantic_margin;
  float aesthetic_margin;
  KalonRephraseStyle style;
  float share;
  KalonAdapterKind kind;
  guint rank;
  guint anchor_pictures;
  double held_out;
  KalonTrainingOptions training;
  gboolean dry_run;
} KalonAlignerOptions;

void kalon_aligner_options_init (KalonAlignerOptions *options);

typedef enum
{
  KALON_ALIGNER_REPHRASING,
  KALON_ALIGNER_ENCODING,
  KALON_ALIGNER_SEARCHING,
  KALON_ALIGNER_PREPARING, /* told twice: before kernels are built, once on a device; then as below
                            */
  KALON_ALIGNER_TRAINING,
  KALON_ALIGNER_MEASURING,
} KalonAlignerPhase;

/* @done of @total queries, or of steps while training and preparing it: those that an earlier run
 * had done. */
typedef struct
{
  KalonAlignerPhase phase;
  gsize done;
  gsize total;
  double agreement;    /* of the queries that choose among steps; training only */
  gboolean supersedes; /* the unfinished training of another run will be lost; preparing only */
} KalonAlignerProgress;

typedef void (*KalonAlignerFunc) (const KalonAlignerProgress *progress, gpointer user_data);

/**
 * KalonAlignerFigures: of the held-out queries, with intervals that draw queries.
 * @agreement: share of pairs that are in the set's order
 * @aesthetic: mean score of the %KALON_ALIGNER_TOP best for the query as typed
 */
typedef struct
{
  KalonEstimate agreement;
  KalonEstimate aesthetic;
} KalonAlignerFigures;

/**
 * KalonAlignerResult:
 * @n_queries: with pairs: trained on, choosing and held out
 * @n_left_out: queries that found too few pictures with scores, or no pair
 * @n_missing: pictures of a set from a file that the library does not have
 * @n_by_word_lists: queries that word lists rephrased because the language model failed or could
 * not be asked; @notice says why
 * @n_resumed: steps that an earlier run had done
 * @best_step: 0 where no step was better than the start
 * @overlap: share of the %KALON_ALIGNER_TOP best that stayed
 * @gain, @aesthetic_gain: after less before, query by query
 * @rose: whether the agreement did
 * @stored: whether the profile has the adapter now
 */
typedef struct
{
  gsize n_queries;
  gsize n_held_out;
  gsize n_pairs;
  gsize n_left_out;
  gsize n_missing;
  gsize n_by_word_lists;
  char *notice; /* (nullable) */
  guint n_steps;
  guint n_resumed;
  guint best_step;
  KalonAlignerFigures before;
  KalonAlignerFigures after;
  KalonEstimate gain;
  KalonEstimate aesthetic_gain;
  KalonEstimate overlap;
  double drift; /* kalon_adapter_get_drift() */
  gboolean rose;
  gboolean stored;
  char *profile; /* the active one */
  KalonAdapter *adapter;
} KalonAlignerResult;

void kalon_aligner_result_clear (KalonAlignerResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonAlignerResult, kalon_aligner_result_clear)

#define KALON_TYPE_ALIGNER (kalon_aligner_get_type ())
G_DECLARE_FINAL_TYPE (KalonAligner, kalon_aligner, KALON, ALIGNER, GObject)

/* @library_directory, @model_directory, @device_name: as for kalon_indexer_new() */
KalonAligner *kalon_aligner_new (const char *library_directory, const char *model_directory,
                                 const char *device_name);

/**
 * kalon_aligner_set_llm:
 * @llm, @cache_path: (nullable): as for kalon_rephraser_new(); word lists without one
 *
 * @llm is used on the thread that runs, and by nobody else meanwhile. Where it fails three times in
 * a row the other queries are rephrased by word lists.
 */
void kalon_aligner_set_llm (KalonAligner *self, KalonLlm *llm, const char *cache_path);

/* @reason: (nullable): why a language model that is configured cannot even be asked: all queries
 * are counted as rephrased by word lists. */
void kalon_aligner_set_no_llm (KalonAligner *self, const char *reason);

/* A preference set to train on instead of building one: rephrasings and scores are the file's; and
 * where to write the set that was built or read. (nullable) both. */
void kalon_aligner_set_files (KalonAligner *self, const char *set_in, const char *set_out);

/*
 * Queries: (transfer full), %NULL-terminated, each once, without white space around.
 */

/* Lines of a file; empty ones and those that begin with # are skipped. At most 16 MiB. */
GStrv kalon_aligner_read_queries (const char *path, GError **error);
/* What pictures were thumbed for in the active profile, oldest first. */
GStrv kalon_aligner_list_history (const char *library_directory, GError **error);
/* The words of what was searched for in the window (history/), newest first. */
GStrv kalon_aligner_list_searches (const char *library_directory, GError **error);
/* Some 200 plain searches, data/lexicon/queries.txt. */
GStrv kalon_aligner_list_built_in (void);

/**
 * kalon_aligner_run:
 * @queries: (nullable): %NULL-terminated; not looked at where a set is given
 * @func: (nullable) (scope call): called on the calling thread
 *
 * Blocks. %G_IO_ERROR_CANCELLED says at which step it stopped, or that nothing is kept.
 * %KALON_ERROR_ARGUMENT for no or too few queries, for a library with too few pictures or
 * without aesthetic scores, and for options outside of their meaning; %KALON_ERROR_MISMATCH for the
 * set of another model. After an error the profile is as it was.
 */
gboolean
kalon_aligner_run (KalonAligner *self, const char *const *queries,
                   const KalonAlignerOptions *options, KalonAlignerFunc func, gpointer user_data,
                   KalonAlignerResult *result, GCancellable *cancellable, GError **error);

/* The same in a thread of its own; @func is called in the caller's main context. */
void kalon_aligner_run_async (KalonAligner *self, const char *const *queries,
                              const KalonAlignerOptions *options, KalonAlignerFunc func,
                              gpointer user_data, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer callback_data);
/* @result: (out caller-allocates) */
gboolean kalon_aligner_run_finish (KalonAligner *self, GAsyncResult *async_result,
                                   KalonAlignerResult *result, GError **error);

/* Removes what an interrupted run has left. Returns: whether there was something. */
gboolean kalon_aligner_discard_checkpoint (const char *library_directory);

/**
 * kalon_aligner_export_model:
 *
 * kalon_adapter_export_model() of what a run gave, for the aligner's model.
 */
gboolean
kalon_aligner_export_model (KalonAligner *self, const KalonAdapter *adapter,
                            const char *out_directory, GCancellable *cancellable, GError **error);

G_END_DECLS
