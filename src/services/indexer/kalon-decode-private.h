/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is done for one file on a decode worker, and the workers themselves.
 */

#include "image/kalon-image.h"
#include "library/kalon-library.h"

G_BEGIN_DECLS

/**
 * KalonDecodeJob: one file that the scan found new, changed, or without an embedding.
 */
typedef struct
{
  const char *path; /* owned by whoever made the jobs */
  gint64 size;
  gint64 mtime;
  gint64 id;                /* the picture of this path, 0 when there is none */
  const char *content_hash; /* (nullable): of that picture, when it has its embedding */
  gboolean only_embedding;  /* the file did not change: the catalogue has the rest */
  gboolean only_score;      /* nor did the model: its embedding is at @row */
  gboolean measured;        /* its measures are stored: nothing is left to be decoded */
  gsize row;
} KalonDecodeJob;

/**
 * KalonMissing: a picture that the scan did not find where it was; perhaps under a new name.
 */
typedef struct
{
  gint64 id;
  gint64 size;
  char *content_hash;
  gboolean claimed; /* found again */
} KalonMissing;

/**
 * KalonMissingSet: by size, so that most new files need no look, and by content.
 */
typedef struct
{
  GMutex mutex;
  GPtrArray *all;      /* KalonMissing, owned */
  GHashTable *sizes;   /* set of gint64, borrowed from @all */
  GHashTable *by_hash; /* content hash -> GPtrArray of KalonMissing, borrowed */
} KalonMissingSet;

KalonMissingSet *kalon_missing_set_new (void);
void kalon_missing_set_free (KalonMissingSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonMissingSet, kalon_missing_set_free)
/* @can_be_claimed: %FALSE for one that lacks its embedding and is better made anew. */
void kalon_missing_set_add (KalonMissingSet *self, gint64 id, gint64 size, const char *content_hash,
                            gboolean can_be_claimed);
/* Any thread. The id of a missing picture with that content, which is given once; 0 for none. */
gint64 kalon_missing_set_claim (KalonMissingSet *self, gint64 size, const char *content_hash);

/**
 * KalonDecodeBudget: bounds the bytes of decoded pixels that all workers hold together. A picture
 * larger than the whole budget waits until it is alone.
 */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gsize limit;
  gsize used;
} KalonDecodeBudget;

/* Blocks until @size bytes are free; kalon_decode_budget_leave() gives them back. */
void kalon_decode_budget_enter (KalonDecodeBudget *self, gsize size);
void kalon_decode_budget_leave (KalonDecodeBudget *self, gsize size);

typedef enum
{
  KALON_DECODED_PIXELS,   /* to be encoded */
  KALON_DECODED_MEASURED, /* to be measured or scored: it has its embedding */
  KALON_DECODED_SAME,     /* another time, but the content is as it was */
  KALON_DECODED_RENAMED,  /* a missing picture under a new name */
  KALON_DECODED_FAILED,
} KalonDecodedKind;

typedef struct
{
  KalonDecodedKind kind;
  KalonDecodeJob job;
  KalonPicture *picture; /* (nullable): all but the id, unless job.only_embedding */
  float *pixels;         /* [3, crop, crop] */
  float *measures;       /* (nullable): [KALON_N_MEASURES] of what was decoded */
  gint64 renamed;        /* id */
  GError *error;         /* of a failed one */
  gboolean fatal;        /* it concerns every file (a full disk, cancellation): end the run */
} KalonDecodedFile;

void kalon_decoded_file_free (KalonDecodedFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonDecodedFile, kalon_decoded_file_free)

/* Shared by all workers, unchanged while they run (the missing set guards itself). */
typedef struct
{
  const char *library_directory;
  const KalonPreprocess *preprocess;
  KalonMissingSet *missing;
  KalonDecodeBudget *budget;
} KalonDecodeSettings;

/* (transfer full): never %NULL; a file that cannot be decoded is a result, too. */
KalonDecodedFile *kalon_decode_file (const KalonDecodeJob *job, const KalonDecodeSettings *settings,
                                     GCancellable *cancellable);

/**
 * KalonDecodeQueue: workers that decode @jobs and give the results in the order of the jobs,
 * working ahead of the reader by a bounded number and a bounded amount of memory.
 */
typedef struct _KalonDecodeQueue KalonDecodeQueue;

/* @jobs: (element-type KalonDecodeJob), and @settings: borrowed until it is freed. */
KalonDecodeQueue *kalon_decode_queue_new (GArray *jobs, const KalonDecodeSettings *settings,
                                          GCancellable *cancellable);
/* Ends the workers, after the files in hand. */
void kalon_decode_queue_free (KalonDecodeQueue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonDecodeQueue, kalon_decode_queue_free)

/* (transfer full) (nullable): the next, or %NULL when it is not ready after @timeout microseconds.
 * To be called once per job at most. */
KalonDecodedFile *kalon_decode_queue_pop (KalonDecodeQueue *self, gint64 timeout);
void kalon_decode_queue_set_paused (KalonDecodeQueue *self, gboolean paused);

G_END_DECLS
