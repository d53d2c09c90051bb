/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Folder -> scan -> decode -> image tower -> embedding file and catalogue.
 *
 * Decode workers and the encoder overlap; a bounded queue between them keeps memory flat. Each
 * committed batch survives a kill: a next run goes on behind it. Unchanged files (size and mtime)
 * are not read again; a renamed file is known by its content hash; a file that failed is tried
 * again only when it changed. Every candidate file is counted as added, updated, unchanged,
 * renamed, removed or failed; failed ones are named with a reason.
 */

#include "encoder/kalon-encoder.h"
#include "library/kalon-library.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_INDEXER_SCANNING,
  KALON_INDEXER_ENCODING,
  KALON_INDEXER_PAUSED,
  KALON_INDEXER_FINISHED,
} KalonIndexerPhase;

typedef struct
{
  KalonIndexerPhase phase;
  gsize found; /* candidate files seen by the scan, and folders that could not be read */
  gsize done;  /* of these, dealt with in any way: added .. failed */
  gsize added;
  gsize updated; /* the content changed, or this model or blend had not seen it yet */
  gsize unchanged;
  gsize renamed;
  gsize failed;     /* now or before; kalon_library_list_failures() has the reasons */
  gsize removed;    /* not in @found */
  gsize excluded;   /* files and folders left out by the exclude and hidden-file rules, and links to
                       what the scan meets elsewhere */
  gsize other;      /* files that are no pictures, by their names */
  double rate;      /* pictures encoded per second, over the last ten seconds */
  double remaining; /* seconds; negative while unknown */
} KalonIndexerProgress;

#define KALON_TYPE_INDEXER (kalon_indexer_get_type ())
G_DECLARE_FINAL_TYPE (KalonIndexer, kalon_indexer, KALON, INDEXER, GObject)

/**
 * kalon_indexer_new:
 * @library_directory: (nullable): as kalon_library_open(); the indexer opens its own connection
 * @model_directory: the model to encode with
 * @device_name: (nullable): as kalon_device_open(); "none" is plain C
 *
 * The model is loaded when it runs, on the running thread.
 */
KalonIndexer *kalon_indexer_new (const char *library_directory, const char *model_directory,
                                 const char *device_name);

/* All three are those of the runs that begin afterwards.
 * Beside what the library keeps, see kalon_library_set_excludes(); they are not kept. */
void kalon_indexer_set_excludes (KalonIndexer *self, const char *const *patterns);
/* In all folders; otherwise names that begin with a dot are left out (and counted) where
 * kalon_library_set_include_hidden() does not say the contrary. */
void kalon_indexer_set_include_hidden (KalonIndexer *self, gboolean include);

/* @shares: (nullable): kalon_aesthetic_parse_shares(): by which aesthetic models the library is
 * scored from now on; %NULL is those that were chosen before, at first the model's own head. A
 * wrong one ends the run with its reason. */
void kalon_indexer_set_aesthetic_models (KalonIndexer *self, const char *shares);

typedef void (*KalonIndexerFunc) (const KalonIndexerProgress *progress, gpointer user_data);

/**
 * kalon_indexer_run:
 * @folders: (nullable): %NULL-terminated; added to the library and scanned; empty re-scans the
 * library's folders
 * @func: (nullable) (scope call): called on the calling thread, at most ten times a second and once
 * at the end
 * @result: (out caller-allocates) (optional): what was done, filled in on errors too
 *
 * Blocks. Cancelling ends it at a batch boundary with G_IO_ERROR_CANCELLED; what was done stays.
 * A library folder that is gone, unreadable or suddenly empty (a disk that is not mounted) is an
 * entry in the failures, and its pictures are kept; a folder that does not exist and never was in
 * the library is G_IO_ERROR_NOT_FOUND, before anything is done. %KALON_ERROR_BUSY when another
 * indexer works on this library.
 */
gboolean kalon_indexer_run (KalonIndexer *self, const char *const *folders, KalonIndexerFunc func,
                            gpointer user_data, KalonIndexerProgress *result,
                            GCancellable *cancellable, GError **error);

/**
 * kalon_indexer_update:
 * @paths: %NULL-terminated, absolute: files and folders that changed, came or went, each looked at
 *   with all that is below. What lies in no folder of the library is passed over
 *
 * Like kalon_indexer_run(), without a look at the rest of the library; afterwards it is as after
 * such a run. What moved from one path to another is known when both are given. A file of @paths
 * that could not be read before is tried again.
 */
gboolean kalon_indexer_update (KalonIndexer *self, const char *const *paths, KalonIndexerFunc func,
                               gpointer user_data, KalonIndexerProgress *result,
                               GCancellable *cancellable, GError **error);

/* The same in a thread of their own, behind all else that wants the processors (nice 10); @func is
 * called in the caller's main context. */
void kalon_indexer_run_async (KalonIndexer *self, const char *const *folders, KalonIndexerFunc func,
                              gpointer user_data, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer callback_data);
void
kalon_indexer_update_async (KalonIndexer *self, const char *const *paths, KalonIndexerFunc func,
                            gpointer user_data, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer callback_data);
/* Of both. */
gboolean kalon_indexer_run_finish (KalonIndexer *self, GAsyncResult *result,
                                   KalonIndexerProgress *final, GError **error);

/* Any thread. */
void kalon_indexer_set_paused (KalonIndexer *self, gboolean paused);

/* For kalon_image_load(): one decoding, large enough for the encoder, the thumbnail and the
 * aesthetic measures. Who decodes a JPEG smaller gets other embeddings and scores than an index
 * run. */
guint kalon_indexer_get_min_side (const KalonPreprocess *preprocess);

G_END_DECLS
