/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-progress-text.h"
#include "window/kalon-window-private.h"

static void
set_description (AdwStatusPage *page, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (page, escaped);
}

static void
show_error (KalonWindow *self, const char *title, const char *reason)
{
  adw_status_page_set_title (self->error_page, title);
  set_description (self->error_page, reason);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
show_no_results (KalonWindow *self)
{
  KalonResults *results = kalon_search_get_results (self->search);
  gboolean cut = results != NULL && results->n_cut > 0;
  g_autofree char *filtered = kalon_window_dup_filtered (self);

  gtk_widget_set_visible (self->clear_filters_button, filtered != NULL);
  gtk_widget_set_visible (self->show_all_button, cut);
  if (filtered != NULL)
    {
      adw_status_page_set_title (self->no_results_page, _ ("Nothing Passes the Filters"));
      set_description (self->no_results_page, filtered);
    }
  else if (cut)
    {
      g_autofree char *count = kalon_count_to_text (results->n_cut);
      g_autofree char *text = g_strdup_printf (
          ngettext ("%s picture is below the strictness line.",
                    "%s pictures are below the strictness line.", results->n_cut),
          count);

      adw_status_page_set_title (self->no_results_page, _ ("No Strong Matches"));
      set_description (self->no_results_page, text);
    }
  else if (results != NULL && results->n_candidates == 0)
    {
      adw_status_page_set_title (self->no_results_page, _ ("Nothing to Search Yet"));
      set_description (self->no_results_page,
                       kalon_indexing_is_running (self->indexing)
                           ? _ ("No picture is indexed so far. Results come as indexing goes on.")
                           : _ ("No picture is indexed. Add a folder, or rescan the library."));
    }
  else
    {
      adw_status_page_set_title (self->no_results_page, _ ("No Results"));
      set_description (self->no_results_page, _ ("Try other words."));
    }
  gtk_stack_set_visible_child_name (self->stack, "no-results");
}

static void
show_empty (KalonWindow *self)
{
  const KalonCatalogueState *state = self->state;

  gtk_widget_set_visible (self->empty_failures_button, state->counts.failures > 0);
  if (state->folders->len == 1)
    {
      const KalonFolder *folder = g_ptr_array_index (state->folders, 0);
      g_autofree char *name = g_filename_display_name (folder->path);
      g_autofree char *text = g_strdup_printf (folder->present ? _ ("There are no pictures in %s.")
                                                               : _ ("The folder %s is not there."),
                                               name);

      set_description (self->empty_page, text);
    }
  else
    set_description (self->empty_page, _ ("There are no pictures in the folders of the library."));
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
update_page (KalonWindow *self)
{
  KalonResultsModel *model = kalon_search_get_model (self->search);
  KalonSearchState state = kalon_search_get_state (self->search);
  gboolean asked = kalon_search_has_query (self->search);

  if (self->state_problem != NULL)
    show_error (self, _ ("The Library Cannot Be Read"), self->state_problem);
  else if (state == KALON_SEARCH_FAILED)
    show_error (self, asked ? _ ("Cannot Search") : _ ("The Library Cannot Be Read"),
                kalon_search_get_error (self->search));
  else if (self->state == NULL || state == KALON_SEARCH_LOADING)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else if (g_list_model_get_n_items (G_LIST_MODEL (model)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "grid");
  else if ((asked && state == KALON_SEARCH_RESULTS)
           || kalon_search_get_n_filtered (self->search) > 0)
    show_no_results (self);
  else if (kalon_indexing_is_running (self->indexing) && !kalon_indexing_is_quiet (self->indexing))
    gtk_stack_set_visible_child_name (self->stack, "indexing");
  else if (self->state->folders->len == 0)
    gtk_stack_set_visible_child_name (self->stack, "first-run");
  else
    show_empty (self);
}

/* For who has just come: until the first search. */
static void
update_suggestions (KalonWindow *self)
{
  if (self->state != NULL && self->state->folders->len == 0)
    self->first_run = TRUE;
  if (kalon_search_has_query (self->search))
    self->first_run = FALSE;
  gtk_widget_set_visible (
      self->suggestions_bar,
      self->first_run && g_str_equal (gtk_stack_get_visible_child_name (self->stack), "grid"));
}

static void
update_gone (KalonWindow *self)
{
  const KalonFolder *gone = NULL;
  g_autofree char *text = NULL;
  guint n_gone = 0;

  for (guint i = 0; self->state != NULL && i < self->state->folders->len; i++)
    {
      const KalonFolder *folder = g_ptr_array_index (self->state->folders, i);

      if (!folder->present)
        {
          gone = folder;
          n_gone++;
        }
    }
  if (n_gone == 1)
    {
      g_autofree char *name = g_filename_display_name (gone->path);

      text = g_strdup_printf (_ ("The folder %s is not there or not readable. Its pictures stay in "
                                 "the library; their files cannot be opened."),
                              name);
    }
  else if (n_gone > 1)
    text = g_strdup_printf (
        ngettext ("%u folder is not there or not readable. Its pictures stay in the library; their "
                  "files cannot be opened.",
                  "%u folders are not there or not readable. Their pictures stay in the library; "
                  "their files cannot be opened.",
                  n_gone),
        n_gone);
  gtk_label_set_text (self->gone_label, text != NULL ? text : "");
  gtk_info_bar_set_revealed (self->gone_bar, n_gone > 0);
}

static void
update_status (KalonWindow *self)
{
  guint n_items = kalon_results_model_get_n_results (kalon_search_get_model (self->search));
  KalonResults *results = kalon_search_get_results (self->search);
  g_autofree char *count = kalon_count_to_text (n_items);
  g_autoptr (GString) text = g_string_new (NULL);

  if (kalon_search_is_busy (self->search) && kalon_search_has_query (self->search))
    g_string_append (text, _ ("Searching…"));
  else if (results != NULL)
    g_string_append_printf (text, ngettext ("%s result", "%s results", n_items), count);
  else if (kalon_search_get_state (self->search) == KALON_SEARCH_BROWSING)
    g_string_append_printf (text, ngettext ("%s picture", "%s pictures", n_items), count);
  if (results != NULL && results->n_dropped_tokens > 0)
    {
      g_string_append (text, " · ");
      g_string_append (text, _ ("the end of the long query was not used"));
    }
  kalon_window_append_filtered (self, text);
  kalon_window_append_taste (self, text);
  gtk_label_set_text (self->status_label, text->str);

  gtk_widget_set_visible (GTK_WIDGET (self->status_label), kalon_window_shows_results (self));
  gtk_widget_set_visible (self->cut_box, results != NULL && results->n_cut > 0 && n_items > 0
                                             && kalon_window_shows_results (self));
  if (results != NULL && results->n_cut > 0)
    {
      g_autofree char *n_cut = kalon_count_to_text (results->n_cut);
      g_autofree char *cut_text
          = g_strdup_printf (ngettext ("… %s more below the strictness line",
                                       "… %s more below the strictness line", results->n_cut),
                             n_cut);

      g_autofree char *short_text = g_strdup_printf ("+%s", n_cut);

      /* Cut off in a narrow window, the sentence would say nothing. */
      gtk_label_set_text (self->cut_label, self->narrow ? short_text : cut_text);
      gtk_label_set_ellipsize (self->cut_label,
                               self->narrow ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->cut_label), cut_text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->cut_label),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, cut_text, -1);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-all",
                                 results != NULL && results->n_cut > 0);
}

void
kalon_window_update_progress (KalonWindow *self)
{
  const KalonIndexerProgress *progress = kalon_indexing_get_progress (self->indexing);
  gboolean running = kalon_indexing_is_running (self->indexing);
  gsize n_indexed = 0, n_pictures = 0;
  g_autofree char *indexed = NULL, *pictures = NULL, *text = NULL, *short_text = NULL;
  g_autofree char *tail = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), running);
  if (self->state != NULL)
    {
      n_indexed = self->state->counts.indexed;
      n_pictures = self->state->counts.pictures;
    }
  if (running)
    {
      g_autofree char *run_text = kalon_progress_to_text (self->indexing);

      if (progress->phase == KALON_INDEXER_SCANNING || progress->found == 0)
        gtk_progress_bar_pulse (self->progress_bar);
      else
        gtk_progress_bar_set_fraction (self->progress_bar,
                                       MIN (1, (double) progress->done / progress->found));
      adw_status_page_set_description (self->indexing_page, run_text);
      /* What the scan found is known before it is in the catalogue. */
      if (progress->found > progress->failed)
        n_pictures = MAX (n_pictures, progress->found - progress->failed);
    }

  indexed = kalon_count_to_text (n_indexed);
  pictures = kalon_count_to_text (n_pictures);
  text = g_strdup_printf (
      ngettext ("%s of %s picture indexed", "%s of %s pictures indexed", n_pictures), indexed,
      pictures);
  if (kalon_indexing_is_paused (self->indexing))
    tail = g_strdup (_ ("paused"));
  else if (running)
    tail = kalon_speed_to_text (progress);
  if (tail != NULL)
    {
      g_autofree char *longer = g_strdup_printf ("%s · %s", text, tail);

      g_free (text);
      text = g_steal_pointer (&longer);
    }
  /* Translators: pictures indexed / all pictures, where there is little room. */
  short_text = g_strdup_printf (_ ("%s / %s"), indexed, pictures);
  gtk_label_set_text (self->indexed_label, text);
  gtk_label_set_text (self->indexed_short_label, short_text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->indexed_short_label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->indexed_short_label),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
kalon_window_update_status_bar (KalonWindow *self)
{
  gtk_widget_set_visible (self->status_bar,
                          (self->state != NULL && self->state->folders->len > 0)
                              || gtk_widget_get_visible (GTK_WIDGET (self->operations_button)));
}

void
kalon_window_update (KalonWindow *self)
{
  gboolean has_folders = self->state != NULL && self->state->folders->len > 0;

  update_page (self);
  update_suggestions (self);
  kalon_window_update_views (self);
  update_gone (self);
  update_status (self);
  kalon_window_update_progress (self);
  kalon_window_update_status_bar (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.rescan", has_folders);
  if (self->state != NULL)
    kalon_library_button_set_state (self->library_button, self->state, self->leaving);
}
