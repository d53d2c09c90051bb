/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One picture to look at closely: fitted, or zoomed and panned by wheel, pinch, drag and keys.
 *
 * It is told the picture's true size at once and given pixels as they arrive: a small one first,
 * then one reduced to the screen (scaled with antialiasing, which GTK 4.8 does not do when it
 * draws), and the whole one when it is zoomed beyond that. The smallest that suffices is drawn.
 *
 * ::view-changed: zoom or allocation changed; ask get_zoom() and get_needed_side() again.
 * ::step (int): the user swiped or pressed for the next (1) or previous (-1) picture.
 */

#include "viewer/kalon-tiles.h"

G_BEGIN_DECLS

#define KALON_TYPE_PICTURE_VIEW (kalon_picture_view_get_type ())
G_DECLARE_FINAL_TYPE (KalonPictureView, kalon_picture_view, KALON, PICTURE_VIEW, GtkWidget)

/* A new picture, fitted. Sizes in pixels; 0 x 0 shows nothing. @texture: (nullable) */
void kalon_picture_view_set_picture (KalonPictureView *self, guint width, guint height,
                                     GdkTexture *texture);
/* A better rendering of the same picture. */
void kalon_picture_view_add_tiles (KalonPictureView *self, KalonTiles *tiles);

/* By a quarter, in this view only: no file is changed. */
void kalon_picture_view_turn (KalonPictureView *self, gboolean clockwise);
/* Quarter turns clockwise, 0 to 3. */
guint kalon_picture_view_get_turns (KalonPictureView *self);

void kalon_picture_view_zoom_by (KalonPictureView *self, double factor);
void kalon_picture_view_zoom_fit (KalonPictureView *self);
/* One picture pixel on one screen pixel. */
void kalon_picture_view_zoom_original (KalonPictureView *self);
gboolean kalon_picture_view_is_fit (KalonPictureView *self);
/* Screen pixels for one picture pixel; 0 without a picture. */
double kalon_picture_view_get_zoom (KalonPictureView *self);

/* Where one looks, in terms that mean the same for pictures of any size: @zoom over the fitted
 * size, and what is in the middle, 0 to 1 of the (turned) picture. */
typedef struct
{
  double zoom;
  double x, y;
} KalonPicturePlace;

KalonPicturePlace kalon_picture_view_get_place (KalonPictureView *self);
void kalon_picture_view_set_place (KalonPictureView *self, KalonPicturePlace place);

/* By fractions of the view. */
void kalon_picture_view_pan (KalonPictureView *self, double x, double y);

/* The shorter side, in picture pixels, of the texture that would be drawn pixel for pixel now:
 * never more than the picture's; 0 without a picture or before the first allocation. */
guint kalon_picture_view_get_needed_side (KalonPictureView *self);
gboolean kalon_picture_view_has_texture (KalonPictureView *self);
/* No larger texture is wanted. */
gboolean kalon_picture_view_is_sharp (KalonPictureView *self);

G_END_DECLS
