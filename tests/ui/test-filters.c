/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "search/kalon-filter-label.h"
#include "search/kalon-filter-pane-private.h"
#include "settings/kalon-settings.h"

static gboolean
page_is (WindowFixture *fixture, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (fixture->window->stack), name) == 0;
}

static KalonFilterPane *
get_pane (WindowFixture *fixture)
{
  GtkWidget *button
      = display_find (GTK_WIDGET (fixture->window->filter_button), GTK_TYPE_MENU_BUTTON, NULL);
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));

  return KALON_FILTER_PANE (display_find (GTK_WIDGET (popover), KALON_TYPE_FILTER_PANE, NULL));
}

static void
assert_filter (WindowFixture *fixture, const char *text)
{
  KalonFilter *filter = kalon_search_get_filter (fixture->window->search);
  g_autofree char *canonical = filter != NULL ? kalon_filter_to_string (filter) : g_strdup ("");

  g_assert_cmpstr (canonical, ==, text);
}

/* Twelve pictures in two folders; the window shows them. */
static KalonFilterPane *
open_filters (WindowFixture *fixture)
{
  g_autofree char *trips = g_build_filename (fixture->folder, "Trips", NULL);

  g_assert_cmpint (g_mkdir (trips, 0700), ==, 0);
  window_fill_folder (fixture);
  display_write_picture (trips, "blue lake.png", 40, 80, 220);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 13 && page_is (fixture, "grid"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-filters", NULL);
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (get_pane (fixture))));
  /* Any folder, the library's, and the one in it. */
  wait_until (
      g_list_model_get_n_items (gtk_drop_down_get_model (get_pane (fixture)->folder_drop_down))
      == 3);
  return get_pane (fixture);
}

/* GDK does not like a window that goes while a popover is open. */
static void
close_filters (KalonFilterPane *pane)
{
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (pane), GTK_TYPE_POPOVER)));
  wait_until (!gtk_widget_get_mapped (GTK_WIDGET (pane)));
}

static GtkToggleButton *
get_toggle (KalonFilterPane *pane, KalonFilterKind kind, const char *name)
{
  const char *const *names = kalon_filter_kind_get_choices (kind);

  for (guint i = 0; i < pane->toggles[kind]->len; i++)
    if (g_str_equal (names[i], name))
      return pane->toggles[kind]->pdata[i];
  g_assert_not_reached ();
}

static const char *
get_selected (GtkDropDown *drop_down)
{
  return gtk_string_object_get_string (gtk_drop_down_get_selected_item (drop_down));
}

static void
type (KalonFilterPane *pane, const char *text)
{
  gtk_editable_set_text (pane->text_entry, text);
  g_signal_emit_by_name (pane->text_entry, "activate");
}

static void
test_choose (WindowFixture *fixture, gconstpointer data)
{
  KalonFilterPane *pane = open_filters (fixture);
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkLabel *count_label = GTK_LABEL (
      display_find (GTK_WIDGET (fixture->window->filter_button), GTK_TYPE_LABEL, "count"));

  /* The text is where one begins; nothing is chosen. */
  g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (window)),
                                         GTK_WIDGET (pane->text_entry)));
  g_assert_cmpstr (get_selected (pane->date_drop_down), ==, "Any Date");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (count_label)));

  /* What is chosen holds at once, and is written as text. */
  gtk_drop_down_set_selected (pane->folder_drop_down, 2);
  g_assert_cmpstr (get_selected (pane->folder_drop_down), ==, "pictures / Trips");
  wait_until (window_get_n_shown (fixture) == 1);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (count_label)));
  g_assert_cmpstr (gtk_label_get_text (count_label), ==, "1");
  g_assert_cmpstr (gtk_label_get_text (fixture->window->status_label), ==,
                   "1 picture · 12 left out by filters");
  gtk_drop_down_set_selected (pane->folder_drop_down, 0);
  wait_until (window_get_n_shown (fixture) == 13);
  assert_filter (fixture, "");

  gtk_toggle_button_set_active (get_toggle (pane, KALON_FILTER_COLOUR, "blue"), TRUE);
  gtk_toggle_button_set_active (get_toggle (pane, KALON_FILTER_COLOUR, "teal"), TRUE);
  gtk_drop_down_set_selected (pane->date_drop_down, 7);
  gtk_toggle_button_set_active (get_toggle (pane, KALON_FILTER_FORMAT, "png"), TRUE);
  assert_filter (fixture, "colour:teal,blue date:this-year format:png");
  g_assert_cmpstr (gtk_editable_get_text (pane->text_entry), ==,
                   "colour:teal,blue date:this-year format:png");
  g_assert_cmpstr (gtk_label_get_text (count_label), ==, "3");
  gtk_toggle_button_set_active (get_toggle (pane, KALON_FILTER_COLOUR, "teal"), FALSE);
  assert_filter (fixture, "colour:blue date:this-year format:png");

  /* The filter holds for a search too, and for both rankings. */
  kalon_window_search (fixture->window, "a lake");
  wait_until (kalon_search_get_state (fixture->window->search) == KALON_SEARCH_RESULTS
              && kalon_search_is_aligned (fixture->window->search));
  g_assert_cmpuint (kalon_search_get_n_filtered (fixture->window->search), >, 0);
  g_assert_cmpuint (window_get_n_shown (fixture), <, 13);

  gtk_widget_activate_action (window, "win.clear-filters", NULL);
  assert_filter (fixture, "");
  g_assert_cmpstr (gtk_editable_get_text (pane->text_entry), ==, "");
  g_assert_false (gtk_toggle_button_get_active (get_toggle (pane, KALON_FILTER_COLOUR, "blue")));
  close_filters (pane);
}

static void
test_type (WindowFixture *fixture, gconstpointer data)
{
  KalonFilterPane *pane = open_filters (fixture);

  /* Typed filters are chosen below, or stand there as they are. */
  type (pane, "Orientation:Landscape size:2mp date:2019..2020-05,2022 -camera:nokia");
  assert_filter (fixture, "orientation:landscape size:>=2MP date:2019..2020-05,2022 -camera:nokia");
  g_assert_true (
      gtk_toggle_button_get_active (get_toggle (pane, KALON_FILTER_ORIENTATION, "landscape")));
  g_assert_cmpstr (get_selected (pane->size_drop_down), ==, "At Least 2\302\240MP");
  g_assert_cmpstr (get_selected (pane->date_drop_down), ==, "2019 to 2020-05 or 2022");
  g_assert_cmpstr (get_selected (pane->camera_drop_down), ==, "Any Camera");
  /* What was typed is not rewritten under one's hands. */
  g_assert_true (g_str_has_prefix (gtk_editable_get_text (pane->text_entry), "Orientation:"));

  /* Nothing is left: the page offers the way back. */
  wait_until (page_is (fixture, "no-results"));
  g_assert_cmpstr (adw_status_page_get_title (fixture->window->no_results_page), ==,
                   "Nothing Passes the Filters");
  g_assert_true (gtk_widget_get_visible (fixture->window->clear_filters_button));
  g_assert_false (gtk_widget_get_visible (fixture->window->show_all_button));

  /* A mistake is told where it stands, and changes nothing, whatever else goes on. */
  type (pane, "date:2021 colour:octarine");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (pane->text_error)));
  g_assert_nonnull (strstr (gtk_label_get_text (pane->text_error), "“octarine”"));
  gtk_test_accessible_assert_state (pane->text_entry, GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);
  kalon_search_refresh (fixture->window->search);
  wait_until (!kalon_search_is_busy (fixture->window->search));
  assert_filter (fixture, "orientation:landscape size:>=2MP date:2019..2020-05,2022 -camera:nokia");
  g_assert_cmpstr (gtk_editable_get_text (pane->text_entry), ==, "date:2021 colour:octarine");

  /* Typed without Return it holds after a moment. */
  gtk_editable_set_text (pane->text_entry, "name:lake");
  wait_until (kalon_search_get_state (fixture->window->search) == KALON_SEARCH_BROWSING
              && window_get_n_shown (fixture) == 1);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (pane->text_error)));
  g_signal_emit_by_name (pane->clear_button, "clicked");
  wait_until (window_get_n_shown (fixture) == 13);
  close_filters (pane);
}

static void
test_dates (WindowFixture *fixture, gconstpointer data)
{
  KalonFilterPane *pane = open_filters (fixture);

  gtk_editable_set_text (pane->from_entry, "2019-05");
  g_signal_emit_by_name (pane->from_entry, "activate");
  assert_filter (fixture, "date:2019-05..");
  g_assert_cmpstr (get_selected (pane->date_drop_down), ==, "From 2019-05");
  gtk_editable_set_text (pane->to_entry, "20");
  g_signal_emit_by_name (pane->to_entry, "activate");
  assert_filter (fixture, "date:2019-05..");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (pane->date_error)));
  gtk_test_accessible_assert_state (pane->to_entry, GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);
  gtk_editable_set_text (pane->to_entry, "2020");
  g_signal_emit_by_name (pane->to_entry, "activate");
  assert_filter (fixture, "date:2019-05..2020");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (pane->date_error)));
  /* A word has no ends, and leaving the empty entries does not take it away. */
  gtk_drop_down_set_selected (pane->date_drop_down, 1);
  assert_filter (fixture, "date:today");
  g_assert_cmpstr (gtk_editable_get_text (pane->from_entry), ==, "");
  g_signal_emit_by_name (pane->from_entry, "activate");
  assert_filter (fixture, "date:today");
  type (pane, "date:2021");
  g_assert_cmpstr (gtk_editable_get_text (pane->from_entry), ==, "2021");
  g_assert_cmpstr (gtk_editable_get_text (pane->to_entry), ==, "2021");
  gtk_editable_set_text (pane->from_entry, "");
  gtk_editable_set_text (pane->to_entry, "");
  g_signal_emit_by_name (pane->to_entry, "activate");
  assert_filter (fixture, "");
  close_filters (pane);
}

/* Roles and names of what is in the popover. */
static void
test_accessible (WindowFixture *fixture, gconstpointer data)
{
  KalonFilterPane *pane = open_filters (fixture);
  GtkWidget *button
      = display_find (GTK_WIDGET (fixture->window->filter_button), GTK_TYPE_MENU_BUTTON, NULL);
  gpointer labelled[] = { pane->text_entry,     pane->date_drop_down,   pane->from_entry,
                          pane->to_entry,       pane->folder_drop_down, pane->camera_drop_down,
                          pane->size_drop_down, pane->orientation_grid, pane->colour_grid,
                          pane->liked_grid,     pane->format_grid };

  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Filters");
  for (gsize i = 0; i < G_N_ELEMENTS (labelled); i++)
    g_assert_true (
        gtk_test_accessible_has_relation (labelled[i], GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  gtk_test_accessible_assert_role (pane->colour_grid, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_test_accessible_assert_role (pane->date_drop_down, GTK_ACCESSIBLE_ROLE_COMBO_BOX);
  for (guint kind = 0; kind < KALON_N_FILTER_KINDS; kind++)
    for (guint i = 0; pane->toggles[kind] != NULL && i < pane->toggles[kind]->len; i++)
      {
        GtkWidget *toggle = pane->toggles[kind]->pdata[i];

        gtk_test_accessible_assert_role (toggle, GTK_ACCESSIBLE_ROLE_BUTTON);
        gtk_test_accessible_assert_property (toggle, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                             kalon_filter_choice_to_label (kind, i));
      }
  type (pane, "date:today -camera:nokia");
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "2 Filters: date:today -camera:nokia");
  gtk_toggle_button_set_active (get_toggle (pane, KALON_FILTER_LIKED, "yes"), TRUE);
  gtk_test_accessible_assert_state (get_toggle (pane, KALON_FILTER_LIKED, "yes"),
                                    GTK_ACCESSIBLE_STATE_PRESSED, GTK_ACCESSIBLE_TRISTATE_TRUE);
  close_filters (pane);
  /* A button pressed by a key says so a moment later; the focus is not to go into what is closed.
   */
  g_signal_emit_by_name (pane->clear_button, "clicked");
  assert_filter (fixture, "");
  g_assert_false (
      gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (fixture->window)), GTK_WIDGET (pane)));
}

static gboolean
has_picture (WindowFixture *fixture, guint position)
{
  GListModel *model = G_LIST_MODEL (kalon_search_get_model (fixture->window->search));
  g_autoptr (KalonResultItem) item = g_list_model_get_item (model, position);

  return kalon_result_item_get_picture (item) != NULL;
}

/* A thumb decides what "liked:" shows. */
static void
test_thumbs (WindowFixture *fixture, gconstpointer data)
{
  KalonFilterPane *pane = open_filters (fixture);

  type (pane, "liked:none");
  wait_until (!kalon_search_is_busy (fixture->window->search));
  g_assert_cmpuint (window_get_n_shown (fixture), ==, 13);
  wait_until (has_picture (fixture, 0));
  g_signal_emit_by_name (fixture->window->grid, "thumb", 0u, TRUE);
  wait_until (window_get_n_shown (fixture) == 12);
  type (pane, "liked:yes");
  wait_until (window_get_n_shown (fixture) == 1);
  kalon_window_undo_thumb (fixture->window);
  wait_until (page_is (fixture, "no-results"));
  close_filters (pane);
}

/* (transfer none) (nullable): the button of the proposal at @position */
static GtkWidget *
get_proposal (WindowFixture *fixture, guint position)
{
  GtkWidget *button
      = display_find (GTK_WIDGET (fixture->window->filter_proposals), GTK_TYPE_BUTTON, "proposal");

  for (guint i = 0; button != NULL && i < position; i++)
    button = gtk_widget_get_next_sibling (button);
  return button;
}

/* What the words seem to ask for is offered, and searched for only when it is pressed. */
static void
test_proposals (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *proposals = GTK_WIDGET (fixture->window->filter_proposals);
  GtkWidget *button;

  g_settings_reset (fixture->settings, KALON_SETTING_REPHRASE_STYLE);
  kalon_search_set_aligned (fixture->window->search, TRUE);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  g_assert_false (gtk_widget_get_visible (proposals));

  kalon_window_search (fixture->window, "a brown dog in portrait format in 2019");
  wait_until (get_proposal (fixture, 1) != NULL && gtk_widget_get_mapped (proposals));
  g_assert_null (get_proposal (fixture, 2));
  assert_filter (fixture, "");
  gtk_test_accessible_assert_role (proposals, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_test_accessible_assert_property (proposals, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Proposed filters");
  button = get_proposal (fixture, 0);
  gtk_test_accessible_assert_role (button, GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Add the Filter “Portrait”");

  /* Pressed, it is a filter, and proposed no more; the words and the focus stay in reach. */
  gtk_widget_grab_focus (button);
  g_signal_emit_by_name (button, "clicked");
  assert_filter (fixture, "orientation:portrait");
  g_assert_cmpstr (kalon_search_get_text (fixture->window->search), ==,
                   "a brown dog in portrait format in 2019");
  g_assert_nonnull (get_proposal (fixture, 0));
  g_assert_null (get_proposal (fixture, 1));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == get_proposal (fixture, 0));
  g_signal_emit_by_name (get_proposal (fixture, 0), "clicked");
  assert_filter (fixture, "orientation:portrait date:2019-01-01..2019-12-31");
  g_assert_false (gtk_widget_get_visible (proposals));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->window)),
                                         GTK_WIDGET (fixture->window->search_box)));

  /* Taken away, it is proposed again; other words have none. */
  kalon_search_set_filter (fixture->window->search, NULL);
  g_assert_nonnull (get_proposal (fixture, 1));
  kalon_window_search (fixture->window, "a brown dog");
  wait_until (!gtk_widget_get_visible (proposals));
  wait_until (!kalon_search_is_busy (fixture->window->search));
}

static const struct
{
  const char *filter;
  const char *label;
} labels[] = {
  { "date:last-year", "Last Year" },
  { "date:2019..last-month", "2019 to Last Month" },
  { "date:..2021-07", "Up to 2021-07" },
  { "-camera:canon,nikon", "Not: canon or nikon" },
  { "size:<500kB", "Under 500\302\240kB" },
  { "size:1..5mp", "1\302\240MP to 5\302\240MP" },
  { "aesthetic:>6", "Aesthetic Score: Over 6" },
  { "folder:/home/me/Trips/", "Only in Trips" },
  { "folder:trips/", "Only in trips" },
  { "folder:/home/me/Trips", "Trips" },
  { "colour:grey", "Grey" },
  { "format:webp", "WebP" },
  { "liked:down", "Thumb Down" },
  { "name:img*", "“img*”" },
};

static void
test_labels (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (KalonFilter) filter = kalon_filter_parse (labels[i].filter, NULL, NULL);
      g_autofree char *label = kalon_filter_clause_to_label (kalon_filter_get_clause (filter, 0));

      g_assert_cmpstr (label, ==, labels[i].label);
    }
  /* Every choice has one of its own. */
  for (guint kind = 0; kind < KALON_N_FILTER_KINDS; kind++)
    {
      const char *const *names = kalon_filter_kind_get_choices (kind);
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      g_assert_cmpstr (kalon_filter_kind_to_label (kind), !=, "");
      for (guint i = 0; names != NULL && names[i] != NULL; i++)
        g_assert_true (g_hash_table_add (seen, (char *) kalon_filter_choice_to_label (kind, i)));
    }
}

#define ADD(name, test)                                                                            \
  g_test_add ("/filters/" name, WindowFixture, NULL, window_set_up, test, window_tear_down)

int
main (int argc, char *argv[])
{
  display_init (&argc, &argv);
  ADD ("choose", test_choose);
  ADD ("type", test_type);
  ADD ("dates", test_dates);
  ADD ("accessible", test_accessible);
  ADD ("thumbs", test_thumbs);
  ADD ("proposals", test_proposals);
  g_test_add_func ("/filters/labels", test_labels);
  return g_test_run ();
}
