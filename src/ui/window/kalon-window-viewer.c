/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/kalon-window-private.h"

void
kalon_window_show_viewer (KalonWindow *self, gboolean show)
{
  if (!show)
    kalon_viewer_close (self->viewer);
  gtk_stack_set_visible_child_name (self->pages, show ? "viewer" : "search");
  if (show)
    gtk_widget_grab_focus (GTK_WIDGET (self->viewer));
  else
    kalon_window_focus_view (self);
  /* Their keys mean the zoom there. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.larger", !show);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.smaller", !show);
}

void
kalon_window_open_picture (KalonWindow *self, KalonResultsModel *model, guint position)
{
  self->viewed = model;
  kalon_viewer_set_model (self->viewer, model);
  kalon_viewer_open (self->viewer, position);
  kalon_window_show_viewer (self, TRUE);
}

void
kalon_window_leave_viewer (KalonWindow *self)
{
  guint position;
  gboolean found = kalon_viewer_get_position (self->viewer, &position);

  kalon_window_show_viewer (self, FALSE);
  if (found && self->viewed == kalon_search_get_model (self->search))
    kalon_results_grid_select (self->grid, position);
  else if (found)
    kalon_compare_page_return_to (self->compare_page, self->viewed, position);
}
