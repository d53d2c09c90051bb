/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A cell of the results' grid: the whole picture, never cropped, on neutral ground; before it is
 * loaded, its average colour. Rank and similarity show on hover, focus and selection, and so do the
 * thumbs; one that is set, and the number of near-duplicates folded behind it, always show.
 *
 * A result that is compared with another ranking shows its rank always, and a mark of how it stands
 * there.
 *
 * The buttons of the thumbs activate "results.thumb" with the picture's id and whether it is liked;
 * that of the near-duplicates "results.unfold" with the picture's id.
 */

#include "results/kalon-result-item.h"

G_BEGIN_DECLS

#define KALON_TYPE_RESULT_CELL (kalon_result_cell_get_type ())
G_DECLARE_FINAL_TYPE (KalonResultCell, kalon_result_cell, KALON, RESULT_CELL, GtkWidget)

GtkWidget *kalon_result_cell_new (void);

/* Logical pixels of its width; the height follows. */
void kalon_result_cell_set_size (KalonResultCell *self, int size);

/* @item: (nullable) */
void kalon_result_cell_set_item (KalonResultCell *self, KalonResultItem *item);
KalonResultItem *kalon_result_cell_get_item (KalonResultCell *self);

/* The picture is looked at on the other side of a comparison: an outline and a diamond. */
void kalon_result_cell_set_linked (KalonResultCell *self, gboolean linked);

G_END_DECLS
