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
#include "searcher/kalon-searcher.h"
#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

#define KALON_TYPE_RESULT_ITEM (kalon_result_item_get_type ())
G_DECLARE_FINAL_TYPE (KalonResultItem, kalon_result_item, KALON, RESULT_ITEM, GObject)

/**
 * kalon_result_item_new:
 * @result: what is said of it, copied: picture, rank, similarity, aesthetic score, near-duplicates
 *   and moves
 * @n_ranked: how many the ranking has; 0 for a picture that no query ranked, of which the id alone
 *   counts
 */
KalonResultItem *kalon_result_item_new (const KalonResult *result, guint n_ranked);

/* Whose thumbs on it are to be known, and for which query; @n_items: pictures that are shown with
 * it. Before it is shown. */
void kalon_result_item_set_thumbs (KalonResultItem *self, KalonThumbs *thumbs, const char *query,
                                   guint n_items);

/* It is folded behind the result of its rank. Before it is shown. */
void kalon_result_item_set_is_behind (KalonResultItem *self, gboolean is_behind);
gboolean kalon_result_item_is_behind (KalonResultItem *self);
/* Its near-duplicates are shown, or it is one of them. Emits ::changed. */
void kalon_result_item_set_unfolded (KalonResultItem *self, gboolean unfolded);
gboolean kalon_result_item_is_unfolded (KalonResultItem *self);
/* Where it stands in the ranking that it is compared with, called @name; 0: not there. (nullable):
 * %NULL compares it with none. Before it is shown, or ::changed follows. */
void kalon_result_item_set_other (KalonResultItem *self, guint rank, const char *name);
/* Tells its name and rank alone, and takes no thumb: which ranking it is of must not show. Before
 * it is shown, or ::changed follows. */
void kalon_result_item_set_plain (KalonResultItem *self, gboolean plain);

gint64 kalon_result_item_get_picture_id (KalonResultItem *self);
guint kalon_result_item_get_rank (KalonResultItem *self);
float kalon_result_item_get_similarity (KalonResultItem *self);
/* It is shown beside another ranking. */
gboolean kalon_result_item_is_compared (KalonResultItem *self);
/* (transfer full) (nullable): how it stands against the other ranking: "▲ 12", "▼ 3", "=", "only
 * here"; %NULL without one. @style: (out): its CSS class: "up", "down", "same", "only" */
char *kalon_result_item_dup_mark (KalonResultItem *self, const char **style);
guint kalon_result_item_get_n_duplicates (KalonResultItem *self);

/* A thumb can be set: somebody keeps them, and there is another picture to prefer it to. */
gboolean kalon_result_item_takes_thumbs (KalonResultItem *self);
/* The thumb on it; none before the picture is known. */
KalonVerdict kalon_result_item_get_verdict (KalonResultItem *self);
/* Emits ::changed: a thumb came or went. */
void kalon_result_item_update (KalonResultItem *self);

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
 * near-duplicates"; or "FILE, near-duplicate of rank 3, similarity 0.31". For tooltips and screen
 * readers. */
char *kalon_result_item_dup_label (KalonResultItem *self);
/* (transfer full) (nullable): how it stands against the ranking that it is compared with; why it is
 * where it is: "12 places up: rephrasing +12, aesthetics +3,
 * taste −3", of the aligned ranking; and the thumb on it. */
char *kalon_result_item_dup_reason (KalonResultItem *self);

G_END_DECLS
