/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The stages of a run, in order, and what they hand on. */

#include "aligner/kalon-aligner.h"
#include "encoder/kalon-encoder.h"
#include "library/kalon-library.h"
#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

struct _KalonAligner
{
  GObject parent_instance;

  char *library_directory;
  char *model_directory;
  char *device_name;
  KalonLlm *llm;    /* (nullable) */
  char *no_llm;     /* (nullable): why not */
  char *cache_path; /* (nullable) */
  char *set_in;     /* (nullable) */
  char *set_out;    /* (nullable) */
};

typedef struct
{
  KalonAligner *aligner;
  const KalonAlignerOptions *options;
  KalonAlignerFunc func; /* (nullable) */
  gpointer user_data;
  KalonAlignerResult *result;
  GCancellable *cancellable;

  KalonLibrary *library;
  KalonDevice *device; /* (nullable): plain C */
  char *model_hash;
  gsize dimension;
  KalonPreferenceSet *set; /* one line for each query that found enough */
  float *queries;          /* [set->queries->len, dimension] and more: as typed */
  KalonSearcher *searcher;
  KalonIndex *index;
  guint n_kept;  /* steps that the checkpoint has; 0 without one */
  guint n_steps; /* of all */
} KalonAlignerRun;

void kalon_aligner_tell (KalonAlignerRun *run, KalonAlignerPhase phase, gsize done, gsize total);

/* run->set from @queries, whose embeddings run->queries has. */
gboolean kalon_aligner_build_set (KalonAlignerRun *run, const char *const *queries, GError **error);
/* run->set from the file. */
gboolean kalon_aligner_load_set (KalonAlignerRun *run, GError **error);

/* (transfer full): texts to search with, one for each of @queries; NULL with %G_IO_ERROR_CANCELLED
 * and errors of the tokenizer. */
GStrv kalon_aligner_rephrase (KalonAlignerRun *run, const char *const *queries, GError **error);

/* A query of the set with the rows of its pictures. */
typedef struct
{
  const KalonPreferenceQuery *query;
  const float *embedding; /* of run->queries */
  GArray *rows;           /* guint32: of the embedding file, each once: those of the pairs first */
  GArray *pairs;          /* KalonPair: positions in @rows; at least one */
} KalonAlignerQuery;

/* (transfer full) (element-type KalonAlignerQuery): those that have pairs, in a random order that
 * the seed gives: the first @n_held_out are for the figures. */
GPtrArray *kalon_aligner_list_pairs (KalonAlignerRun *run, gsize *n_held_out, GError **error);

/* result->adapter, from @queries of kalon_aligner_list_pairs() without the held-out ones. */
gboolean
kalon_aligner_train (KalonAlignerRun *run, GPtrArray *queries, gsize n_held_out, GError **error);

/* (transfer full): where an interrupted training is kept. */
char *kalon_aligner_dup_checkpoint (const char *library_directory);

/* The result's figures of the first @n of @queries. */
gboolean kalon_aligner_measure (KalonAlignerRun *run, GPtrArray *queries, gsize n, GError **error);

/* Whether run->index has @row by now; %KALON_ERROR_BUSY. */
gboolean kalon_aligner_has_row (KalonAlignerRun *run, guint32 row, GError **error);

G_END_DECLS
