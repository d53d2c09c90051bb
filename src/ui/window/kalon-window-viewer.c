/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/kalon-window-private.h"

void
kalon_window_show_viewer (KalonWindow *self, gboolean show)
{
  if (!show)
    {
      kalon_viewer_close (self->viewer);
      kalon_viewer_set_model (self->viewer, kalon_search_get_model (self->search));
    }
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
  g_set_weak_pointer (&self->opener, gtk_root_get_focus (GTK_ROOT (self)));
  kalon_viewer_set_model (self->viewer, model);
  kalon_viewer_open (self->viewer, position);
  kalon_window_show_viewer (self, TRUE);
}

void
kalon_window_open_pictures (KalonWindow *self, GArray *pictures, guint position)
{
  g_autoptr (KalonResultsModel) model = kalon_results_model_new ();

  kalon_results_model_set_pictures (model, pictures);
  kalon_window_open_picture (self, model, position);
}

/* The page shows the picture that was seen last; one that cannot gets the focus back. */
static void
return_to (KalonWindow *self, KalonResultsModel *model, guint position)
{
  const char *view = adw_view_stack_get_visible_child_name (self->views);

  if (g_strcmp0 (view, KALON_VIEW_SEARCH) == 0)
    kalon_results_grid_select (self->grid, position);
  else if (g_strcmp0 (view, KALON_VIEW_COMPARE) == 0)
    kalon_compare_page_return_to (self->compare_page, model, position);
  else if (g_strcmp0 (view, KALON_VIEW_BOARDS) == 0)
    kalon_boards_page_focus_picture (self->boards_page,
                                     kalon_results_model_get_picture_id (model, position));
  else if (self->opener != NULL)
    gtk_widget_grab_focus (self->opener);
}

void
kalon_window_leave_viewer (KalonWindow *self)
{
  g_autoptr (KalonResultsModel) model = g_object_ref (kalon_viewer_get_model (self->viewer));
  guint position;
  gboolean found = kalon_viewer_get_position (self->viewer, &position);

  kalon_window_show_viewer (self, FALSE);
  if (found)
    return_to (self, model, position);
  g_clear_weak_pointer (&self->opener);
}
