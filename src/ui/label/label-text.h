/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the Label page says, and what its answers mean. Strings (transfer full) unless said. */

#include "label/kalon-label-question.h"
#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

/* (transfer none): "Which row fits the words better?" */
const char *kalon_label_get_question (KalonHpirAspect aspect);
/* For screen readers, after the question: the query, where one is, and the keys. */
char *
kalon_label_describe_question (const char *query, guint question, guint position, guint n_tasks);

/* What stands first was group B with @swapped. */
KalonHpirVote kalon_label_vote_from_choice (KalonLabelChoice choice, gboolean swapped);
KalonLabelChoice kalon_label_choice_from_vote (KalonHpirVote vote, gboolean swapped);

/* Seconds, by the median of what items took (element-type double); negative while that is not
 * known. */
double kalon_label_get_remaining (GArray *seconds, guint n_open);
/* "17 of 300 · about 40 minutes left" */
char *kalon_label_describe_progress (guint position, guint n_tasks, double remaining);

/* "40 items · 3 November 2026 · Ada ✓, Ben 12" */
char *kalon_label_describe_set (const KalonLabelSetInfo *info);
/* "Ada answered the same in 10 of 12 questions that were asked twice." (nullable): none was. */
char *kalon_label_describe_consistency (const KalonHpirLabelerFigures *figures);

G_END_DECLS
