/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The index runs of an application: one at a time, what is asked for meanwhile comes after it.
 * ::changed: any of what the getters say changed, at most some ten times a second.
 * ::finished (GError *error): a run ended; @error is %NULL when it ended well or was stopped.
 * A run that nobody asked for waits while another process indexes the library, and tries again.
 * Main thread.
 */

#include "indexer/kalon-indexer.h"

G_BEGIN_DECLS

#define KALON_TYPE_INDEXING (kalon_indexing_get_type ())
G_DECLARE_FINAL_TYPE (KalonIndexing, kalon_indexing, KALON, INDEXING, GObject)

/**
 * kalon_indexing_new:
 * @indexer: (nullable): %NULL when there is no model
 * @no_indexer_reason: (nullable): why; told at the first run
 */
KalonIndexing *kalon_indexing_new (KalonIndexer *indexer, const char *no_indexer_reason);

/* Of the runs that begin afterwards. */
void kalon_indexing_set_indexer (KalonIndexing *self, KalonIndexer *indexer);
/* (nullable) */
KalonIndexer *kalon_indexing_get_indexer (KalonIndexing *self);

/* @folders: %NULL-terminated; empty scans the library's own again. */
void kalon_indexing_start (KalonIndexing *self, const char *const *folders);
/* @paths: as for kalon_indexer_update() */
void kalon_indexing_update (KalonIndexing *self, const char *const *paths);
/* The same, by itself: a quiet run. @paths: (nullable): %NULL is everything. */
void kalon_indexing_follow (KalonIndexing *self, const char *const *paths);
void kalon_indexing_set_paused (KalonIndexing *self, gboolean paused);
/* What was done stays; also what waits is dropped. */
void kalon_indexing_stop (KalonIndexing *self);

gboolean kalon_indexing_is_running (KalonIndexing *self);
gboolean kalon_indexing_is_paused (KalonIndexing *self);
/* Nobody asked for the run under way, or for the last one. */
gboolean kalon_indexing_is_quiet (KalonIndexing *self);
/* Of the run under way, or of the last one. */
const KalonIndexerProgress *kalon_indexing_get_progress (KalonIndexing *self);

G_END_DECLS
