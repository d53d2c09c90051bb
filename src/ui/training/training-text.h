/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What was learned, and what alignment did, in the user's words. All (transfer full). */

#include "aligning/kalon-aligning.h"
#include "chart-data/kalon-chart-data.h"
#include "searcher/kalon-searcher.h"
#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

/* "Learned from 44 thumbs." */
char *kalon_training_describe_thumbs (const KalonTasteReport *report);
/* (nullable): how it does on thumbs that it has not seen, and what follows. */
char *kalon_training_describe_check (const KalonTasteReport *report);
/* (nullable): whether the last thumb was taken in. */
char *kalon_training_describe_step (const KalonTasteReport *report);
/* (nullable): how far the ranking moved. */
char *kalon_training_describe_drift (const KalonTasteReport *report);

/* "25 Nov 2026, 19:40", in local time. */
char *kalon_training_format_time (gint64 seconds);
/* "Liked before 11 others"; and what is to be said of its learning. @is_learned: its pictures are
 * in the library; @is_accepted: the step was kept */
char *kalon_training_describe_event (const KalonThumbEvent *event, gboolean is_learned,
                                     gboolean is_accepted);

/* "Training: 120 of 300 steps · 24 per second · about a minute left" */
char *kalon_training_describe_progress (const KalonAligningProgress *progress);
/* What became of it. */
char *kalon_training_describe_result (const KalonAlignerResult *result);
/* "62.1 % → 68.4 % (+6.3: +1.0 to +11.2)" */
char *kalon_training_format_gain (const KalonEstimate *before, const KalonEstimate *after,
                                  const KalonEstimate *gain, gboolean is_share);

/*
 * Charts of a report: (transfer full) (nullable): %NULL where there is too little to draw
 */

/* Share of unseen pairs in order after each thumb, with its interval. */
KalonChartData *kalon_training_make_curve (const KalonTasteReport *report);
/* How far the taste was trusted after each thumb; NULL too where that was always all the way. */
KalonChartData *kalon_training_make_trust (const KalonTasteReport *report);
/* Of the ten best for each query, those that stay. */
KalonChartData *kalon_training_make_drift (const KalonTasteReport *report);

/**
 * kalon_training_find_interval:
 * @share: of @n
 *
 * The 95 % interval of a share (Wilson 1927, "Probable inference, the law of succession, and
 * statistical inference"). A mean of shares, as a taste's agreement is, spreads no wider than one
 * of yes and no: the interval is wide enough for both.
 */
void kalon_training_find_interval (double share, guint n, double *low, double *high);

G_END_DECLS
