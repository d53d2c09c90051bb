/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One picture of the catalogue on screen: a KalonPictureView, what it needs loaded as it needs it,
 * and a page that says why a picture cannot be shown. Neighbours can be loaded ahead; what is kept
 * is bounded. Main thread.
 *
 * ::changed: the picture, its details, or how sharp and large it is shown have changed; never in
 * the middle of an allocation. ::step (int): as of the view.
 */

#include "viewer/kalon-picture-load.h"
#include "viewer/kalon-picture-view.h"

G_BEGIN_DECLS

#define KALON_TYPE_PICTURE_PANE (kalon_picture_pane_get_type ())
G_DECLARE_FINAL_TYPE (KalonPicturePane, kalon_picture_pane, KALON, PICTURE_PANE, GtkWidget)

/* Once. */
void kalon_picture_pane_set_catalogue (KalonPicturePane *self, KalonCatalogue *catalogue);

/* @action: (nullable): of the button beside the reason why a picture cannot be shown */
void kalon_picture_pane_set_skip (KalonPicturePane *self, const char *action);

/* @picture: (nullable): what is known of it already; @texture: (nullable): a small one */
void kalon_picture_pane_show (KalonPicturePane *self, gint64 id, const KalonPicture *picture,
                              GdkTexture *texture);
/* When the shown one is there these are loaded, in that order. Replaces earlier ones. */
void kalon_picture_pane_set_ahead (KalonPicturePane *self, const gint64 *ids, guint n);
/* Stops loading and gives the memory back. */
void kalon_picture_pane_clear (KalonPicturePane *self);

/* 0 when it shows none. */
gint64 kalon_picture_pane_get_id (KalonPicturePane *self);
/* (nullable): not known yet, or not in the library any more. */
const KalonPicture *kalon_picture_pane_get_picture (KalonPicturePane *self);
/* (nullable): not loaded yet. */
const KalonImageInfo *kalon_picture_pane_get_info (KalonPicturePane *self);
/* (transfer none) */
KalonPictureView *kalon_picture_pane_get_view (KalonPicturePane *self);

G_END_DECLS
