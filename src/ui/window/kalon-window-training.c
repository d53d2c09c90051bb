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

/* The viewer walks along the results, or along all pictures: there it is in any case. */
static gboolean
open_found (KalonWindow *self)
{
  KalonResultsModel *model = kalon_search_get_model (self->search);
  guint position;

  if (!kalon_results_model_find (model, self->picture_to_open, &position))
    return FALSE;
  self->picture_to_open = 0;
  kalon_viewer_open (self->viewer, position);
  kalon_window_show_viewer (self, TRUE);
  return TRUE;
}

static void
search_changed_cb (KalonWindow *self)
{
  if (self->picture_to_open == 0 || kalon_search_is_busy (self->search))
    return;
  /* Nothing is asked for any more, or something else again: either way, this was the chance. */
  if (!open_found (self))
    self->picture_to_open = 0;
}

static void
open_picture_cb (KalonWindow *self, gint64 picture)
{
  g_set_weak_pointer (&self->opener, gtk_root_get_focus (GTK_ROOT (self)));
  self->picture_to_open = picture;
  if (!open_found (self))
    {
      kalon_search_box_clear (self->search_box);
      kalon_search_set_picture (self->search, NULL);
    }
}

static void
search_asked_cb (KalonWindow *self)
{
  kalon_window_show_view (self, KALON_VIEW_SEARCH);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_box));
}

void
kalon_window_return_focus (KalonWindow *self)
{
  if (self->opener != NULL)
    gtk_widget_grab_focus (self->opener);
  g_clear_weak_pointer (&self->opener);
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
  g_signal_connect_object (self->search, "changed", G_CALLBACK (search_changed_cb), self,
                           G_CONNECT_SWAPPED);
}
