/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "viewer/kalon-picture-view-private.h"

static gboolean
scrolled_cb (KalonPictureView *self, double x, double y, GtkEventControllerScroll *controller)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  /* A wheel zooms, a touchpad pans; with Control both zoom. */
  if ((state & GDK_CONTROL_MASK) == 0
      && gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    {
      kalon_picture_view_pan_by (self, x, y);
      return GDK_EVENT_STOP;
    }
  kalon_picture_view_zoom_to (self, kalon_picture_view_get_scale (self) * pow (1.2, -y),
                              self->pointer_x, self->pointer_y);
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
  self->gesture_scale = kalon_picture_view_get_scale (self);
}

static void
pinched_cb (KalonPictureView *self, double factor, GtkGesture *gesture)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    kalon_picture_view_zoom_to (self, self->gesture_scale * factor, x, y);
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
  kalon_picture_view_pan_by (self, self->drag_x - x, self->drag_y - y);
  self->drag_x = x;
  self->drag_y = y;
}

static void
swiped_cb (KalonPictureView *self, double velocity_x, double velocity_y)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (self->fit && ABS (velocity_x) > 300 && ABS (velocity_x) > 2 * ABS (velocity_y))
    g_signal_emit_by_name (self, "step", (velocity_x < 0) != rtl ? 1 : -1);
}

static void
pressed_cb (KalonPictureView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press != 2)
    return;
  if (self->fit)
    kalon_picture_view_zoom_to (self, 1.0 / gtk_widget_get_scale_factor (GTK_WIDGET (self)), x, y);
  else
    kalon_picture_view_zoom_fit (self);
}

static void
add_controller (KalonPictureView *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
kalon_picture_view_add_gestures (KalonPictureView *self)
{
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *zoom = gtk_gesture_zoom_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *swipe = gtk_gesture_swipe_new ();
  GtkGesture *click = gtk_gesture_click_new ();

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
