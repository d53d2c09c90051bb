/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Decoded files on their way into the library: encoded together, committed together. One thread.
 */

#include "indexer/kalon-decode-private.h"
#include "indexer/kalon-indexer.h"
#include "scorer/kalon-scorer.h"

G_BEGIN_DECLS

/* Pictures encoded at once: enough to keep a GPU busy. */
#define KALON_BATCH_MAX 32

typedef struct
{
  KalonLibrary *library; /* borrowed, as are the next three; the lock is held */
  KalonIndex *index;
  KalonEncoder *encoder;
  const KalonAestheticBlend *blend; /* (nullable): no scores */
  const char *model_hash;
  const KalonModelConfig *config;
  GPtrArray *files;  /* KalonDecodedFile, in the order they came */
  gsize n_pixels;    /* of these, to be encoded: at most KALON_BATCH_MAX */
  float *pixels;     /* [KALON_BATCH_MAX, 3, crop, crop] */
  float *embeddings; /* [KALON_BATCH_MAX, projection] */
} KalonBatch;

KalonBatch *kalon_batch_new (KalonLibrary *library, KalonIndex *index, KalonEncoder *encoder,
                             const KalonAestheticBlend *blend);
void kalon_batch_free (KalonBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBatch, kalon_batch_free)

/* Takes @file. */
void kalon_batch_add (KalonBatch *self, KalonDecodedFile *file);
/* Encodes, stores, counts in @progress and empties the batch; after an error it is as good as
 * lost: the next run does its files again. */
gboolean kalon_batch_commit (KalonBatch *self, KalonIndexerProgress *progress,
                             GCancellable *cancellable, GError **error);

G_END_DECLS
