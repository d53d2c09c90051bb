/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/kalon-picture-view.h"

/* Screen pixels for a picture pixel. */
#define MAX_ZOOM 16.0
/* A little below 1, so that rounding does not ask for another texture to gain one pixel. */
#define SHARP_ENOUGH 0.98

struct _KalonPictureView
{
  GtkWidget parent_instance;

  guint width, height; /* of the picture, pixels */
  GPtrArray *textures; /* GdkTexture, smallest first */

  gboolean fit;
  double scale;              /* logical pixels for a picture pixel, when not fitted */
  double centre_x, centre_y; /* what is in the middle of the view, 0..1 of the picture */

  double gesture_scale;
  double drag_x, drag_y;
  double pointer_x, pointer_y;
};

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

static double
get_scale (KalonPictureView *self)
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
  double scale = get_scale (self);

  self->centre_x
      = clamp_centre (self->centre_x, gtk_widget_get_width (widget), self->width * scale);
  self->centre_y
      = clamp_centre (self->centre_y, gtk_widget_get_height (widget), self->height * scale);
  gtk_widget_queue_draw (widget);
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
}

/* What is under (@x, @y) of the view stays there. */
static void
zoom_to (KalonPictureView *self, double scale, double x, double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double before = get_scale (self), fit = get_fit_scale (self);
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
  zoom_to (self, scale, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
           gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

static void
pan_by (KalonPictureView *self, double x, double y)
{
  double scale = get_scale (self);

  if (self->width == 0 || self->height == 0 || scale <= 0)
    return;
  self->centre_x += x / (self->width * scale);
  self->centre_y += y / (self->height * scale);
  changed (self);
}

static gboolean
scrolled_cb (KalonPictureView *self, double x, double y, GtkEventControllerScroll *controller)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  /* A wheel zooms, a touchpad pans; with Control both zoom. */
  if ((state & GDK_CONTROL_MASK) == 0
      && gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    {
      pan_by (self, x, y);
      return GDK_EVENT_STOP;
    }
  zoom_to (self, get_scale (self) * pow (1.2, -y), self->pointer_x, self->pointer_y);
  return GDK_EVENT_STOP;
}

static void
moved_cb (KalonPictureView *self, double x, double y)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

static void
pinch_began_cb (KalonPictureView *self)
{
  self->gesture_scale = get_scale (self);
}

static void
pinched_cb (KalonPictureView *self, double factor, GtkGesture *gesture)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    zoom_to (self, self->gesture_scale * factor, x, y);
}

static void
drag_began_cb (KalonPictureView *self, double x, double y)
{
  self->drag_x = 0;
  self->drag_y = 0;
}

static void
dragged_cb (KalonPictureView *self, double x, double y)
{
  if (self->fit)
    return;
  pan_by (self, self->drag_x - x, self->drag_y - y);
  self->drag_x = x;
  self->drag_y = y;
}

static void
swiped_cb (KalonPictureView *self, double velocity_x, double velocity_y)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (self->fit && ABS (velocity_x) > 300 && ABS (velocity_x) > 2 * ABS (velocity_y))
    g_signal_emit (self, signals[STEP], 0, (velocity_x < 0) != rtl ? 1 : -1);
}

static void
pressed_cb (KalonPictureView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press != 2)
    return;
  if (self->fit)
    zoom_to (self, 1.0 / gtk_widget_get_scale_factor (GTK_WIDGET (self)), x, y);
  else
    kalon_picture_view_zoom_fit (self);
}

static void
kalon_picture_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  changed (KALON_PICTURE_VIEW (widget));
}

static void
kalon_picture_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KalonPictureView *self = KALON_PICTURE_VIEW (widget);
  double scale = get_scale (self), device = gtk_widget_get_scale_factor (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double shown_width = self->width * scale, shown_height = self->height * scale;
  GdkTexture *texture = NULL;
  double x, y;

  for (guint i = 0; i < self->textures->len; i++)
    {
      texture = g_ptr_array_index (self->textures, i);
      if (gdk_texture_get_width (texture) >= shown_width * device * SHARP_ENOUGH)
        break;
    }
  if (texture == NULL || shown_width <= 0 || shown_height <= 0)
    return;

  x = width / 2 - self->centre_x * shown_width;
  y = height / 2 - self->centre_y * shown_height;
  /* On whole screen pixels: a texture of just the right size must not be smeared. */
  x = round (x * device) / device;
  y = round (y * device) / device;
  gtk_snapshot_append_texture (
      snapshot, texture,
      &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) (round (shown_width * device) / device),
                           (float) (round (shown_height * device) / device)));
}

static void
kalon_picture_view_finalize (GObject *object)
{
  g_ptr_array_unref (KALON_PICTURE_VIEW (object)->textures);
  G_OBJECT_CLASS (kalon_picture_view_parent_class)->finalize (object);
}

static void
kalon_picture_view_class_init (KalonPictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_picture_view_finalize;
  widget_class->size_allocate = kalon_picture_view_size_allocate;
  widget_class->snapshot = kalon_picture_view_snapshot;
  gtk_widget_class_set_css_name (widget_class, "pictureview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  signals[VIEW_CHANGED] = g_signal_new ("view-changed", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STEP] = g_signal_new ("step", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
add_controller (KalonPictureView *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
kalon_picture_view_init (KalonPictureView *self)
{
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *zoom = gtk_gesture_zoom_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *swipe = gtk_gesture_swipe_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->fit = TRUE;
  self->centre_x = self->centre_y = 0.5;
  self->textures = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scrolled_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (zoom, "begin", G_CALLBACK (pinch_began_cb), self);
  g_signal_connect_swapped (zoom, "scale-changed", G_CALLBACK (pinched_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_began_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (dragged_cb), self);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (swipe), TRUE);
  g_signal_connect_swapped (swipe, "swipe", G_CALLBACK (swiped_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  add_controller (self, scroll);
  add_controller (self, motion);
  add_controller (self, zoom);
  add_controller (self, drag);
  add_controller (self, swipe);
  add_controller (self, click);
}

void
kalon_picture_view_set_picture (KalonPictureView *self, guint width, guint height,
                                GdkTexture *texture)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));

  self->width = width;
  self->height = height;
  self->fit = TRUE;
  self->centre_x = self->centre_y = 0.5;
  g_ptr_array_set_size (self->textures, 0);
  if (texture != NULL)
    g_ptr_array_add (self->textures, g_object_ref (texture));
  changed (self);
}

void
kalon_picture_view_add_texture (KalonPictureView *self, GdkTexture *texture)
{
  guint position = 0;

  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  g_return_if_fail (GDK_IS_TEXTURE (texture));

  while (position < self->textures->len
         && gdk_texture_get_width (g_ptr_array_index (self->textures, position))
                < gdk_texture_get_width (texture))
    position++;
  g_ptr_array_insert (self->textures, (int) position, g_object_ref (texture));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
kalon_picture_view_zoom_by (KalonPictureView *self, double factor)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  g_return_if_fail (factor > 0);
  zoom_at_middle (self, get_scale (self) * factor);
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
  return get_scale (self) * gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

void
kalon_picture_view_pan (KalonPictureView *self, double x, double y)
{
  g_return_if_fail (KALON_IS_PICTURE_VIEW (self));
  pan_by (self, x * gtk_widget_get_width (GTK_WIDGET (self)),
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
  return self->textures->len > 0;
}

gboolean
kalon_picture_view_is_sharp (KalonPictureView *self)
{
  guint needed = kalon_picture_view_get_needed_side (self);
  GdkTexture *best;

  if (self->textures->len == 0)
    return needed == 0;
  best = g_ptr_array_index (self->textures, self->textures->len - 1);
  return MIN (gdk_texture_get_width (best), gdk_texture_get_height (best)) >= needed * SHARP_ENOUGH;
}
