/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The grids that a thumbnail queue serves. */

#include "results/kalon-results-model.h"

G_BEGIN_DECLS

/* What a grid shows. */
typedef struct
{
  GPtrArray *views;         /* that it is in */
  KalonResultsModel *model; /* weak: its end is the view's */
  guint first, n_visible;
} KalonThumbnailView;

/* (transfer full) (element-type KalonThumbnailView) */
GPtrArray *kalon_thumbnail_views_new (void);
/* (transfer none): @model's; a new one where there is none. */
KalonThumbnailView *kalon_thumbnail_views_get (GPtrArray *views, KalonResultsModel *model);
/* To the items of picture @id in all grids; each of the others (nullable). */
void kalon_thumbnail_views_show (GPtrArray *views, gint64 id, const KalonPicture *picture,
                                 GdkTexture *texture, const char *failure);

G_END_DECLS
