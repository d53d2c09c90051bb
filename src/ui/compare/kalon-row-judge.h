/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Between the two panes of a comparison: for each row of pictures that is on screen two buttons,
 * "the row on the left is better" and "the row on the right is better".
 *
 * ::judged (guint first, guint n, guint side): the button of the row whose first picture is at
 * position @first, with @n pictures, was pressed; @side 0 is the left.
 */

#include "results/kalon-results-grid.h"

G_BEGIN_DECLS

#define KALON_TYPE_ROW_JUDGE (kalon_row_judge_get_type ())
G_DECLARE_FINAL_TYPE (KalonRowJudge, kalon_row_judge, KALON, ROW_JUDGE, GtkWidget)

/**
 * KalonJudgedRow:
 * @row: y is of this widget
 * @differs: each side has pictures that the other does not have: there is something to judge
 */
typedef struct
{
  KalonGridRow row;
  gboolean differs;
} KalonJudgedRow;

/* @rows: (element-type KalonJudgedRow): copied */
void kalon_row_judge_set_rows (KalonRowJudge *self, const GArray *rows);

G_END_DECLS
