/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "viewer/kalon-picture-view-private.h"

/* The view's coordinates become those of the picture as it is stored, drawn @width x @height. */
static void
turn (KalonPictureView *self, GtkSnapshot *snapshot, double width, double height)
{
  const graphene_point_t corners[] = {
    { 0, 0 }, { (float) height, 0 }, { (float) width, (float) height }, { 0, (float) width }
  };

  gtk_snapshot_translate (snapshot, &corners[self->turns]);
  gtk_snapshot_rotate (snapshot, 90.f * self->turns);
}

/* Of the picture as it is stored, drawn @width x @height with its (turned) corner at (@x, @y): what
 * is in sight. */
static graphene_rect_t
get_seen (KalonPictureView *self, double x, double y, double width, double height)
{
  double view_width = gtk_widget_get_width (GTK_WIDGET (self));
  double view_height = gtk_widget_get_height (GTK_WIDGET (self));

  switch (self->turns)
    {
    case 0:
      return GRAPHENE_RECT_INIT ((float) -x, (float) -y, (float) view_width, (float) view_height);
    case 1:
      return GRAPHENE_RECT_INIT ((float) -y, (float) (height + x - view_width), (float) view_height,
                                 (float) view_width);
    case 2:
      return GRAPHENE_RECT_INIT ((float) (width + x - view_width),
                                 (float) (height + y - view_height), (float) view_width,
                                 (float) view_height);
    default:
      return GRAPHENE_RECT_INIT ((float) (width + y - view_height), (float) -x, (float) view_height,
                                 (float) view_width);
    }
}

/* (nullable): the smallest layer that suffices, else the largest. */
static KalonTiles *
find_layer (KalonPictureView *self)
{
  double needed = (self->turns % 2 == 0 ? self->width : self->height)
                  * kalon_picture_view_get_scale (self)
                  * gtk_widget_get_scale_factor (GTK_WIDGET (self)) * KALON_SHARP_ENOUGH;
  KalonTiles *layer = NULL;

  for (guint i = 0; i < self->layers->len; i++)
    {
      layer = g_ptr_array_index (self->layers, i);
      if (kalon_tiles_get_width (layer) >= needed)
        break;
    }
  return layer;
}

void
kalon_picture_view_draw (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KalonPictureView *self = KALON_PICTURE_VIEW (widget);
  double scale = kalon_picture_view_get_scale (self), device = gtk_widget_get_scale_factor (widget);
  double shown_width = self->width * scale, shown_height = self->height * scale;
  KalonTiles *layer = find_layer (self);
  double x, y, width, height;
  graphene_rect_t seen;

  if (layer == NULL || shown_width <= 0 || shown_height <= 0)
    return;

  x = gtk_widget_get_width (widget) / 2.0 - self->centre_x * shown_width;
  y = gtk_widget_get_height (widget) / 2.0 - self->centre_y * shown_height;
  /* On whole screen pixels: a texture of just the right size must not be smeared. */
  x = round (x * device) / device;
  y = round (y * device) / device;
  shown_width = round (shown_width * device) / device;
  shown_height = round (shown_height * device) / device;
  width = self->turns % 2 == 0 ? shown_width : shown_height;
  height = self->turns % 2 == 0 ? shown_height : shown_width;
  seen = get_seen (self, x, y, width, height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  turn (self, snapshot, width, height);
  kalon_tiles_snapshot (layer, snapshot, width, height, &seen, device);
  gtk_snapshot_restore (snapshot);
}
