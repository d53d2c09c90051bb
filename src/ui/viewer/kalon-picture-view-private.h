/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "viewer/kalon-picture-view.h"

G_BEGIN_DECLS

/* A little below 1, so that rounding does not ask for another rendering to gain one pixel. */
#define KALON_SHARP_ENOUGH 0.98

struct _KalonPictureView
{
  GtkWidget parent_instance;

  guint width, height; /* of the picture as it is turned, pixels */
  guint turns;         /* quarter turns clockwise, 0 to 3 */
  GPtrArray *layers;   /* KalonTiles, smallest first */

  gboolean fit;
  double scale;              /* logical pixels for a picture pixel, when not fitted */
  double centre_x, centre_y; /* what is in the middle of the view, 0..1 of the picture */

  double gesture_scale;
  double drag_x, drag_y;
  double pointer_x, pointer_y;
};

/* Logical pixels for a picture pixel. */
double kalon_picture_view_get_scale (KalonPictureView *self);
/* What is under (@x, @y) of the view stays there. */
void kalon_picture_view_zoom_to (KalonPictureView *self, double scale, double x, double y);
/* By logical pixels. */
void kalon_picture_view_pan_by (KalonPictureView *self, double x, double y);

/* picture-view-gestures.c */
void kalon_picture_view_add_gestures (KalonPictureView *self);

/* picture-view-draw.c */
void kalon_picture_view_draw (GtkWidget *widget, GtkSnapshot *snapshot);

G_END_DECLS
