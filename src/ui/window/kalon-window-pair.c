/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "toasts/kalon-toasts.h"
#include "window/kalon-window-files-private.h"

static void
unpin (KalonWindow *self)
{
  self->pinned = 0;
  if (self->pin_toast != NULL)
    kalon_toasts_dismiss (self->pin_toast);
  g_clear_weak_pointer (&self->pin_toast);
}

static void
dismissed_cb (AdwToast *toast, KalonWindow *self)
{
  if (toast == self->pin_toast)
    unpin (self);
}

/* As long as it is kept in mind, it says so. */
static void
pin (KalonWindow *self, gint64 picture)
{
  unpin (self);
  self->pinned = picture;
  g_set_weak_pointer (
      &self->pin_toast,
      adw_toast_new (
          _ ("Choose another picture and press Ctrl+Shift+C to compare it with this one")));
  adw_toast_set_timeout (self->pin_toast, 0);
  g_signal_connect_object (self->pin_toast, "dismissed", G_CALLBACK (dismissed_cb), self, 0);
  kalon_window_show_toast (self, self->pin_toast);
}

void
kalon_window_compare (KalonWindow *self, GArray *ids)
{
  gint64 first, second;

  if (ids->len == 0 || ids->len > 2)
    return;
  first = g_array_index (ids, gint64, 0);
  if (ids->len == 1 && self->pinned == 0)
    {
      pin (self, first);
      return;
    }
  second = ids->len == 2 ? g_array_index (ids, gint64, 1) : first;
  if (ids->len == 1)
    first = self->pinned;
  unpin (self);
  if (first != second)
    kalon_window_show_pair (self, first, second);
}

void
kalon_window_show_pair (KalonWindow *self, gint64 first, gint64 second)
{
  kalon_pair_view_open (self->pair_view, first, second);
  gtk_stack_set_visible_child_name (self->pages, "pair");
  gtk_widget_grab_focus (GTK_WIDGET (self->pair_view));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.larger", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.smaller", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.normal-size", FALSE);
}

void
kalon_window_leave_pair (KalonWindow *self)
{
  guint position;

  /* Chosen in the viewer: it still has its picture. */
  kalon_window_show_viewer (self, kalon_viewer_get_position (self->viewer, &position));
}
