/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Numbers in the user's words. All (transfer full). */

#include "indexing/kalon-indexing.h"

G_BEGIN_DECLS

/* "8,091" */
char *kalon_count_to_text (gsize count);
/* "24 per second · about 3 minutes left"; %NULL while that is not known. (nullable) */
char *kalon_speed_to_text (const KalonIndexerProgress *progress);
/* "3,120 of 8,091 · 24 per second · about 3 minutes left", or that it scans or waits. */
char *kalon_progress_to_text (KalonIndexing *indexing);
/* "120 pictures added, 3 updated, 2 removed", or that nothing changed. */
char *kalon_outcome_to_text (const KalonIndexerProgress *progress);

G_END_DECLS
