/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/kalon-window-private.h"

/* Logical pixels of width below which the switcher goes to the bottom, and below which the words
 * need the room of all else. */
#define COMPACT 860
#define NARROW 560

static gboolean
follow_width (gpointer user_data)
{
  KalonWindow *self = user_data;

  self->width_id = 0;
  kalon_aligned_button_set_narrow (self->aligned_button, self->narrow);
  kalon_words_line_set_narrow (self->words_line, self->narrow);
  kalon_search_box_set_narrow (self->search_box, self->narrow);
  kalon_window_place_filters (self);
  kalon_window_update_views (self);
  kalon_window_update (self);
  return G_SOURCE_REMOVE;
}

void
kalon_window_follow_width (KalonWindow *self, int width)
{
  gboolean compact = width < COMPACT;
  gboolean narrow = width < NARROW;

  if (compact == self->compact && narrow == self->narrow)
    return;
  self->compact = compact;
  self->narrow = narrow;
  /* Nothing may be shown or hidden in the middle of an allocation. */
  if (self->width_id == 0)
    self->width_id = g_idle_add (follow_width, self);
}

gboolean
kalon_window_shows_results (KalonWindow *self)
{
  const char *view = adw_view_stack_get_visible_child_name (self->views);

  return g_strcmp0 (view, KALON_VIEW_SEARCH) == 0 || g_strcmp0 (view, KALON_VIEW_COMPARE) == 0;
}

gboolean
kalon_window_shows_grid (KalonWindow *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), KALON_VIEW_SEARCH) == 0;
}

void
kalon_window_focus_view (KalonWindow *self)
{
  gtk_widget_grab_focus (kalon_window_shows_grid (self)
                             ? GTK_WIDGET (self->grid)
                             : adw_view_stack_get_visible_child (self->views));
}

void
kalon_window_show_view (KalonWindow *self, const char *name)
{
  kalon_window_show_viewer (self, FALSE);
  adw_view_stack_set_visible_child_name (self->views, name);
}

void
kalon_window_update_views (KalonWindow *self)
{
  GListModel *pages = G_LIST_MODEL (adw_view_stack_get_pages (self->views));
  gboolean has_views = g_list_model_get_n_items (pages) > 1 && self->state != NULL
                       && self->state->folders->len > 0;
  gboolean aligns = self->searcher != NULL && kalon_search_has_query (self->search)
                    && kalon_window_shows_results (self);

  g_object_unref (pages);
  kalon_aligned_button_set_both (self->aligned_button,
                                 adw_view_stack_get_visible_child (self->views)
                                     == GTK_WIDGET (self->compare_page));
  gtk_widget_set_visible (self->switcher, has_views && !self->compact);
  adw_view_switcher_bar_set_reveal (self->switcher_bar, has_views && self->compact);
  gtk_widget_set_visible (self->alignment_bar, aligns);
  gtk_widget_set_visible (GTK_WIDGET (self->token_tray), kalon_window_shows_results (self));
  gtk_widget_set_visible (self->views_bar, aligns || (has_views && !self->compact));
}
