/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One picture in a grid: what a search said of it, and what the thumbnail queue found out.
 * Main thread.
 *
 * ::changed is emitted when the texture, the picture or the failure changes.
 */

#include <gtk/gtk.h>

#include "library/kalon-library.h"

G_BEGIN_DECLS

#define KALON_TYPE_RESULT_ITEM (kalon_result_item_get_type ())
G_DECLARE_FINAL_TYPE (KalonResultItem, kalon_result_item, KALON, RESULT_ITEM, GObject)

/**
 * kalon_result_item_new:
 * @rank: 1 is the best; 0 for a picture that no query ranked
 * @n_ranked: how many the ranking has
 * @aesthetic: see KalonResult; NaN when there is no score
 */
KalonResultItem *kalon_result_item_new (gint64 picture_id, guint rank, guint n_ranked,
                                        float similarity, float aesthetic, guint n_duplicates);

gint64 kalon_result_item_get_picture_id (KalonResultItem *self);
guint kalon_result_item_get_rank (KalonResultItem *self);
float kalon_result_item_get_similarity (KalonResultItem *self);
guint kalon_result_item_get_n_duplicates (KalonResultItem *self);

/* (nullable): not loaded, or given back to save memory. */
GdkTexture *kalon_result_item_get_texture (KalonResultItem *self);
/* (nullable): not looked up yet. */
const KalonPicture *kalon_result_item_get_picture (KalonResultItem *self);
/* (nullable): why there is no thumbnail. */
const char *kalon_result_item_get_failure (KalonResultItem *self);

/* For the thumbnail queue. Each argument (nullable); the picture is copied. */
void kalon_result_item_set_loaded (KalonResultItem *self, const KalonPicture *picture,
                                   GdkTexture *texture, const char *failure);

/* (transfer full): "FILE, rank 3 of 120, similarity 0.31, aesthetic score 6.2, and 2
 * near-duplicates", for tooltips and screen readers. */
char *kalon_result_item_dup_label (KalonResultItem *self);

G_END_DECLS
