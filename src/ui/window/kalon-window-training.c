/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/kalon-window-private.h"

static void
message_cb (KalonWindow *self, const char *text, gboolean can_undo)
{
  if (can_undo)
    kalon_window_offer_undo (self, text);
  else
    kalon_window_show_message (self, text);
}

static void
open_picture_cb (KalonWindow *self, gint64 picture)
{
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (pictures, picture);
  kalon_window_open_pictures (self, pictures, 0);
}

static void
search_asked_cb (KalonWindow *self)
{
  kalon_window_show_view (self, KALON_VIEW_SEARCH);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_box));
}

void
kalon_window_connect_training (KalonWindow *self)
{
  kalon_training_page_set_session (self->training_page, self->session);
  g_signal_connect_object (self->training_page, "message", G_CALLBACK (message_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->training_page, "open-picture", G_CALLBACK (open_picture_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->training_page, "search", G_CALLBACK (search_asked_cb), self,
                           G_CONNECT_SWAPPED);
}
