/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-progress-text.h"
#include "window/kalon-window-private.h"

/* Of another filter the newest, or best, are at the top. */
static void
filter_changed_cb (KalonWindow *self)
{
  gboolean has_filter = kalon_search_get_filter (self->search) != NULL;

  kalon_results_grid_scroll_to_top (self->grid);
  if (!kalon_window_shows_results (self))
    kalon_window_show_view (self, KALON_VIEW_SEARCH);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.clear-filters", has_filter);
}

static void
proposals_left_cb (KalonWindow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_box));
}

void
kalon_window_connect_filters (KalonWindow *self)
{
  kalon_filter_button_set_sources (self->filter_button, self->search, self->catalogue);
  kalon_filter_proposals_set_sources (self->filter_proposals, self->search, self->words);
  g_signal_connect_object (self->filter_proposals, "leave", G_CALLBACK (proposals_left_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "filter-changed", G_CALLBACK (filter_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.clear-filters", FALSE);
}

void
kalon_window_place_filters (KalonWindow *self)
{
  /* Both boxes are filled from their inner end. */
  GtkWidget *const buttons[]
      = { GTK_WIDGET (self->strictness_button), GTK_WIDGET (self->filter_button) };

  if ((gtk_widget_get_parent (buttons[0]) == self->status_bar) == self->narrow)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      g_autoptr (GtkWidget) button = g_object_ref (buttons[i]);

      if (self->narrow)
        {
          adw_header_bar_remove (self->header_bar, button);
          gtk_box_prepend (GTK_BOX (self->status_bar), button);
        }
      else
        {
          gtk_box_remove (GTK_BOX (self->status_bar), button);
          adw_header_bar_pack_end (self->header_bar, button);
        }
    }
}

void
kalon_window_append_filtered (KalonWindow *self, GString *status)
{
  gsize n = kalon_search_get_n_filtered (self->search);
  g_autofree char *count = kalon_count_to_text (n);

  if (n == 0)
    return;
  g_string_append (status, " · ");
  g_string_append_printf (status, ngettext ("%s left out by filters", "%s left out by filters", n),
                          count);
}

char *
kalon_window_dup_filtered (KalonWindow *self)
{
  gsize n = kalon_search_get_n_filtered (self->search);
  g_autofree char *count = kalon_count_to_text (n);

  if (n == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%s picture is left out by the filters.",
                                    "%s pictures are left out by the filters.", n),
                          count);
}
