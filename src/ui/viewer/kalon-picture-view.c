/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "viewer/kalon-picture-view-private.h"

/* Screen pixels for a picture pixel. */
#define MAX_ZOOM 16.0

G_DEFINE_FINAL_TYPE (KalonPictureView, kalon_picture_view, GTK_TYPE_WIDGET)

enum
{
  VIEW_CHANGED,
  STEP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Small pictures are not blown up. */
static double
get_fit_scale (KalonPictureView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double scale = MIN ((double) gtk_widget_get_width (widget) / MAX (self->width, 1),
                      (double) gtk_widget_get_height (widget) / MAX (self->height, 1));

  return MIN (scale, 1.0 / gtk_widget_get_scale_factor (widget));
}

double
kalon_picture_view_get_scale (KalonPictureView *self)
{
  return self->fit ? get_fit_scale (self) : self->scale;
}

/* No empty border while the picture is larger than the view. */
static double
clamp_centre (double centre, double view, double shown)
{
  double half = shown > view ? view / shown / 2 : 0.5;

  return CLAMP (centre, half, 1 - half);
}

static void
changed (KalonPictureView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double scale = kalon_picture_view_get_scale (self);

  self->centre_x
      = clamp_centre (self->centre_x, gtk_widget_get_width (widget), self->width * scale);
  self->centre_y
      = clamp_centre (self->centre_y, gtk_widget_get_height (widget), self->height * scale);
  gtk_widget_queue_draw (widget);
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
}

/* What is under (@x, @y) of the view stays there. */
void
kalon_picture_view_zoom_to (KalonPictureView *self, double scale, double x, double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double before = kalon_picture_view_get_scale (self), fit = get_fit_scale (self);
  double from_x = x - gtk_widget_get_width (widget) / 2.0;
  double from_y = y - gtk_widget_get_height (widget) / 2.0;

  if (self->width == 0 || self->height == 0 || fit <= 0)
    return;
  scale = MIN (scale, MAX (MAX_ZOOM / gtk_widget_get_scale_factor (widget), fit));
  self->fit = scale <= fit * 1.001;
  if (self->fit)
    scale = fit;
  self->centre_x += from_x / (self->width * before) - from_x / (self->width * scale);
  self->centre_y += from_y / (self->height * before) - from_y / (self->height * scale);
  self->scale = scale;
  changed (self);
}

static void
zoom_at_middle (KalonPictureView *self, double scale)
{
  kalon_picture_view_zoom_to (self, scale, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                              gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

void
kalon_picture_view_pan_by (KalonPictureView *self, double x, double y)
{
  double scale = kalon_picture_view_get_scale (self);

  if (self->width == 0 || self->height == 0 || scale <= 0)
    return;
  self->centre_x += x / (self->width * scale);
  self->centre_y += y / (self->height * scale);
  changed (self);
}

static void
kalon_picture_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  changed (KALON_PICTURE_VIEW (widget));
}

static void
kalon_picture_view_finalize (GObject *object)
{
  g_ptr_array_unref (KALON_PICTURE_VIEW (object)->layers);
  G_OBJECT_CLASS (kalon_picture_view_parent_class)->finalize (object);
}

static void
kalon_picture_view_class_init (KalonPictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_picture_view_finalize;
  widget_class->size_allocate = kalon_picture_view_size_allocate;
  widget_class->snapshot = kalon_picture_view_draw;
  gtk_widget_class_set_css_name (widget_class, "pictureview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  signals[VIEW_CHANGED] = g_signal_new ("view-changed", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STEP] = g_signal_new ("step", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
kalon_picture_view_init (KalonPictureView *self)
{
  self->fit = TRUE;
  self->centre_x = self->centre_y = 0.5;
  self->layers = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_tiles_unref);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);

  kalon_picture_view_add_gestures (self);
}

void
kalon_picture_view_set_picture (KalonPictureView *self, guint width, guint height,
                                GdkTexture *texture)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));

  self->width = width;
  self->height = height;
  self->turns = 0;
  self->fit = TRUE;
  self->centre_x = self->centre_y = 0.5;
  g_ptr_array_set_size (self->layers, 0);
  if (texture != NULL)
    g_ptr_array_add (self->layers, kalon_tiles_new_for_texture (texture));
  changed (self);
}

void
kalon_picture_view_add_tiles (KalonPictureView *self, KalonTiles *tiles)
{
  guint position = 0;

  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  g_return_if_fail (tiles != NULL);

  while (position < self->layers->len
         && kalon_tiles_get_width (g_ptr_array_index (self->layers, position))
                < kalon_tiles_get_width (tiles))
    position++;
  g_ptr_array_insert (self->layers, (int) position, kalon_tiles_ref (tiles));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
kalon_picture_view_turn (KalonPictureView *self, gboolean clockwise)
{
  double x, y;

  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));

  x = self->centre_x;
  y = self->centre_y;
  self->turns = (self->turns + (clockwise ? 1 : 3)) % 4;
  self->centre_x = clockwise ? 1 - y : y;
  self->centre_y = clockwise ? x : 1 - x;
  {
    guint width = self->width;

    self->width = self->height;
    self->height = width;
  }
  changed (self);
}

guint
kalon_picture_view_get_turns (KalonPictureView *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_VIEW (self), 0);
  return self->turns;
}

KalonPicturePlace
kalon_picture_view_get_place (KalonPictureView *self)
{
  double fit;

  g_return_val_if_fail (KALON_IS_PICTURE_VIEW (self), ((KalonPicturePlace){ 1, 0.5, 0.5 }));

  fit = get_fit_scale (self);
  return (KalonPicturePlace){ fit > 0 ? kalon_picture_view_get_scale (self) / fit : 1,
                              self->centre_x, self->centre_y };
}

void
kalon_picture_view_set_place (KalonPictureView *self, KalonPicturePlace place)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  g_return_if_fail (place.zoom > 0);

  zoom_at_middle (self, get_fit_scale (self) * place.zoom);
  self->centre_x = place.x;
  self->centre_y = place.y;
  changed (self);
}

void
kalon_picture_view_zoom_by (KalonPictureView *self, double factor)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  g_return_if_fail (factor > 0);
  zoom_at_middle (self, kalon_picture_view_get_scale (self) * factor);
}

void
kalon_picture_view_zoom_fit (KalonPictureView *self)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  zoom_at_middle (self, get_fit_scale (self));
}

void
kalon_picture_view_zoom_original (KalonPictureView *self)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  zoom_at_middle (self, 1.0 / gtk_widget_get_scale_factor (GTK_WIDGET (self)));
}

gboolean
kalon_picture_view_is_fit (KalonPictureView *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_VIEW (self), TRUE);
  return self->fit;
}

double
kalon_picture_view_get_zoom (KalonPictureView *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_VIEW (self), 0);
  if (self->width == 0 || self->height == 0)
    return 0;
  return kalon_picture_view_get_scale (self) * gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

void
kalon_picture_view_pan (KalonPictureView *self, double x, double y)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  kalon_picture_view_pan_by (self, x * gtk_widget_get_width (GTK_WIDGET (self)),
                             y * gtk_widget_get_height (GTK_WIDGET (self)));
}

guint
kalon_picture_view_get_needed_side (KalonPictureView *self)
{
  double zoom = kalon_picture_view_get_zoom (self);
  guint side = MIN (self->width, self->height);

  return (guint) ceil (side * MIN (zoom, 1.0));
}

gboolean
kalon_picture_view_has_texture (KalonPictureView *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_VIEW (self), FALSE);
  return self->layers->len > 0;
}

gboolean
kalon_picture_view_is_sharp (KalonPictureView *self)
{
  guint needed = kalon_picture_view_get_needed_side (self);
  KalonTiles *best;

  if (self->layers->len == 0)
    return needed == 0;
  best = g_ptr_array_index (self->layers, self->layers->len - 1);
  return MIN (kalon_tiles_get_width (best), kalon_tiles_get_height (best))
         >= needed * KALON_SHARP_ENOUGH;
}
