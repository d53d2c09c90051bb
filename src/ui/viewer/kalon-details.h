/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What is known of a picture: file, size, date, camera, and its place in the results. */

#include "results/kalon-result-item.h"

G_BEGIN_DECLS

#define KALON_TYPE_DETAILS (kalon_details_get_type ())
G_DECLARE_FINAL_TYPE (KalonDetails, kalon_details, KALON, DETAILS, GtkWidget)

/* @picture: (nullable), @item: (nullable): for rank and similarity */
void
kalon_details_set_picture (KalonDetails *self, const KalonPicture *picture, KalonResultItem *item);
/* Of the picture that was set last, below all else; nothing when there is no score. */
void kalon_details_add_scores (KalonDetails *self, const KalonPictureScores *scores);

G_END_DECLS
