/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * An application's alignment by ranked DPO: one run at a time, of the active profile. Queries are
 * rephrased by word lists, so nothing leaves the computer. A run that is stopped keeps what it
 * trained, and the same run goes on there, see aligner/.
 *
 * ::changed: any of what the getters say changed. ::finished: a run ended, in whatever way; after
 * ::changed. Main thread.
 */

#include "aligner/kalon-aligner.h"

G_BEGIN_DECLS

/* For which queries. */
typedef enum
{
  KALON_ALIGN_BUILT_IN,
  KALON_ALIGN_HISTORY, /* those that pictures were thumbed for */
  KALON_ALIGN_FILE,
} KalonAlignQueries;

/**
 * KalonAligningProgress:
 * @rate: of @now a second; 0 while that is not known
 * @remaining: seconds of this phase; below 0 likewise
 */
typedef struct
{
  KalonAlignerProgress now;
  double rate;
  double remaining;
} KalonAligningProgress;

#define KALON_TYPE_ALIGNING (kalon_aligning_get_type ())
G_DECLARE_FINAL_TYPE (KalonAligning, kalon_aligning, KALON, ALIGNING, GObject)

/**
 * kalon_aligning_new:
 * @library_directory: (nullable): as for kalon_library_open()
 * @aligner: (nullable): %NULL when there is no model
 * @no_aligner_reason: (nullable): why; the problem of every run
 */
KalonAligning *kalon_aligning_new (const char *library_directory, KalonAligner *aligner,
                                   const char *no_aligner_reason);

/* Of another model, for the runs that begin afterwards. */
void kalon_aligning_set_aligner (KalonAligning *self, KalonAligner *aligner);

/* @path: (nullable): of %KALON_ALIGN_FILE. Nothing happens while a run is under way. */
void kalon_aligning_start (KalonAligning *self, KalonAlignQueries queries, const char *path,
                           KalonAdapterKind kind);
void kalon_aligning_stop (KalonAligning *self);

gboolean kalon_aligning_is_running (KalonAligning *self);
/* Of the run under way. */
const KalonAligningProgress *kalon_aligning_get_progress (KalonAligning *self);

/*
 * How the last run ended: one of these, or none before the first.
 */

/* (nullable) */
const KalonAlignerResult *kalon_aligning_get_result (KalonAligning *self);
/* (nullable) */
const char *kalon_aligning_get_problem (KalonAligning *self);
gboolean kalon_aligning_was_stopped (KalonAligning *self);

G_END_DECLS
