/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/kalon-viewer-private.h"

/* Milliseconds that controls stay after the pointer has moved. */
#define HIDE_MS 2500

static void
set_controls (KalonViewer *self, gboolean shown)
{
  GtkWidget *controls[] = { self->screen_bar, self->previous_button, self->next_button,
                            self->thumbs_box, self->zoom_box };

  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    {
      gtk_widget_set_can_target (controls[i], shown);
      if (shown)
        gtk_widget_remove_css_class (controls[i], "hidden");
      else
        gtk_widget_add_css_class (controls[i], "hidden");
    }
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->pane), shown ? NULL : "none");
}

/* Not while one of them has the focus or the pointer is on it: it would vanish from under it. */
static gboolean
is_in_use (KalonViewer *self)
{
  GtkWidget *controls[] = { self->screen_bar, self->previous_button, self->next_button,
                            self->thumbs_box, self->zoom_box };

  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    if ((gtk_widget_get_state_flags (controls[i])
         & (GTK_STATE_FLAG_PRELIGHT | GTK_STATE_FLAG_FOCUS_WITHIN))
        != 0)
      return TRUE;
  return FALSE;
}

static gboolean
hide_controls (gpointer user_data)
{
  KalonViewer *self = user_data;

  if (is_in_use (self))
    return G_SOURCE_CONTINUE;
  self->hide_id = 0;
  set_controls (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
show_controls (KalonViewer *self)
{
  set_controls (self, TRUE);
  g_clear_handle_id (&self->hide_id, g_source_remove);
  if (self->fullscreen)
    self->hide_id = g_timeout_add (HIDE_MS, hide_controls, self);
}

/* GTK says that the pointer moved when something moves under it, too. */
static void
moved_cb (KalonViewer *self, double x, double y)
{
  if (self->fullscreen && (ABS (x - self->pointer_x) > 1 || ABS (y - self->pointer_y) > 1))
    show_controls (self);
  self->pointer_x = x;
  self->pointer_y = y;
}

/* From the keyboard the controls are reached by Tab. */
static gboolean
key_pressed_cb (KalonViewer *self, guint keyval)
{
  if (self->fullscreen && (keyval == GDK_KEY_Tab || keyval == GDK_KEY_ISO_Left_Tab))
    show_controls (self);
  return GDK_EVENT_PROPAGATE;
}

static void
fullscreened_cb (GtkWindow *window, GParamSpec *pspec, KalonViewer *self)
{
  self->fullscreen = gtk_window_is_fullscreen (window);
  gtk_widget_set_visible (self->header, !self->fullscreen);
  gtk_widget_set_visible (self->screen_bar, self->fullscreen);
  show_controls (self);
}

void
kalon_viewer_watch_pointer (KalonViewer *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (moved_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
}

void
kalon_viewer_follow_window (KalonViewer *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_signal_connect_object (root, "notify::fullscreened", G_CALLBACK (fullscreened_cb), self, 0);
  fullscreened_cb (GTK_WINDOW (root), NULL, self);
}

void
kalon_viewer_leave_window (KalonViewer *self)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_root (GTK_WIDGET (self)), self);
  g_clear_handle_id (&self->hide_id, g_source_remove);
}
