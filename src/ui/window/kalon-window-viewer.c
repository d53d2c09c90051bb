/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/kalon-window-private.h"

void
kalon_window_show_viewer (KalonWindow *self, gboolean show)
{
  GtkWidget *behind = kalon_window_shows_results (self)
                          ? GTK_WIDGET (self->grid)
                          : adw_view_stack_get_visible_child (self->views);

  if (!show)
    {
      kalon_viewer_close (self->viewer);
      kalon_viewer_set_model (self->viewer, kalon_search_get_model (self->search));
    }
  gtk_stack_set_visible_child_name (self->pages, show ? "viewer" : "search");
  gtk_widget_grab_focus (show ? GTK_WIDGET (self->viewer) : behind);
  /* Their keys mean the zoom there. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.larger", !show);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.smaller", !show);
}

void
kalon_window_open_pictures (KalonWindow *self, GArray *pictures, guint position)
{
  g_autoptr (KalonResultsModel) model = kalon_results_model_new ();

  g_set_weak_pointer (&self->opener, gtk_root_get_focus (GTK_ROOT (self)));
  kalon_results_model_set_pictures (model, pictures);
  kalon_viewer_set_model (self->viewer, model);
  kalon_viewer_open (self->viewer, position);
  kalon_window_show_viewer (self, TRUE);
}

void
kalon_window_leave_viewer (KalonWindow *self)
{
  KalonResultsModel *model = kalon_viewer_get_model (self->viewer);
  gint64 picture = 0;
  guint position = 0;
  gboolean found = kalon_viewer_get_position (self->viewer, &position);

  if (found)
    picture = kalon_results_model_get_picture_id (model, position);
  kalon_window_show_viewer (self, FALSE);
  if (kalon_window_shows_results (self))
    {
      if (found)
        kalon_results_grid_select (self->grid, position);
    }
  else if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), KALON_VIEW_BOARDS) == 0)
    kalon_boards_page_focus_picture (self->boards_page, picture);
  else if (self->opener != NULL)
    gtk_widget_grab_focus (self->opener);
  g_clear_weak_pointer (&self->opener);
}
