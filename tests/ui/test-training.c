/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "charts/kalon-chart.h"
#include "indexer/kalon-indexer.h"
#include "settings/kalon-settings.h"
#include "training/kalon-align-panel.h"
#include "training/kalon-event-row.h"
#include "training/kalon-events-panel.h"
#include "training/kalon-learned-panel.h"
#include "training/kalon-picture-strip.h"
#include "training/kalon-profile-panel.h"
#include "training/kalon-shifts-panel.h"
#include "training/training-text.h"

#define N_PICTURES 64

typedef struct
{
  WindowFixture window;
  GtkWidget *page;
  GtkWidget *profile;
  GtkWidget *learned;
  GtkWidget *shifts;
  GtkWidget *events;
  GtkWidget *align;
} Fixture;

/* More than a set is made of, with aesthetic scores, which alignment takes. */
static void
index_pictures (Fixture *fixture)
{
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (fixture->window.library, model, "none");
  const char *folders[] = { fixture->window.folder, NULL };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("picture %02u.png", i);

      display_write_picture (fixture->window.folder, name, (guint8) (i * 37), (guint8) (i * i * 5),
                             (guint8) (i * 11));
    }
  kalon_indexer_set_aesthetic_models (indexer, "clip-iqa");
  kalon_indexer_run (indexer, folders, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  kalon_search_refresh (fixture->window.window->search);
  wait_until (window_get_n_shown (&fixture->window) == N_PICTURES);
}

static void
find_panels (Fixture *fixture)
{
  fixture->page = GTK_WIDGET (fixture->window.window->training_page);
  fixture->profile = display_find (fixture->page, KALON_TYPE_PROFILE_PANEL, NULL);
  fixture->learned = display_find (fixture->page, KALON_TYPE_LEARNED_PANEL, NULL);
  fixture->shifts = display_find (fixture->page, KALON_TYPE_SHIFTS_PANEL, NULL);
  fixture->events = display_find (fixture->page, KALON_TYPE_EVENTS_PANEL, NULL);
  fixture->align = display_find (fixture->page, KALON_TYPE_ALIGN_PANEL, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  window_set_up (&fixture->window, data);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window.window), 1100, 800);
  if (data == NULL)
    index_pictures (fixture);
  find_panels (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  window_tear_down (&fixture->window, data);
}

static const char *
get_page (GtkWidget *panel)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (display_find (panel, GTK_TYPE_STACK, NULL)));
}

static guint
get_n_events (Fixture *fixture)
{
  return g_list_model_get_n_items (
      kalon_events_panel_get_model (KALON_EVENTS_PANEL (fixture->events)));
}

static KalonEventItem *
peek_event (Fixture *fixture, guint position)
{
  g_autoptr (KalonEventItem) item = g_list_model_get_item (
      kalon_events_panel_get_model (KALON_EVENTS_PANEL (fixture->events)), position);

  return item;
}

static AdwComboRow *
get_profile_row (Fixture *fixture)
{
  return ADW_COMBO_ROW (display_find (fixture->profile, ADW_TYPE_COMBO_ROW, NULL));
}

static guint
get_n_profiles (Fixture *fixture)
{
  GListModel *names = adw_combo_row_get_model (get_profile_row (fixture));

  return names != NULL ? g_list_model_get_n_items (names) : 0;
}

static void
set_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_thumbs_set_finish (KALON_THUMBS (object), result, &error));
  g_assert_no_error (error);
  (*(guint *) user_data)++;
}

/* @n thumbs for each of two queries: up and down by turns. */
static void
give_thumbs (Fixture *fixture, guint n)
{
  KalonResultsModel *model = kalon_search_get_model (fixture->window.window->search);
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_set = 0;

  for (guint i = 0; i < 12; i++)
    {
      gint64 id = kalon_results_model_get_picture_id (model, i);

      g_array_append_val (shown, id);
    }
  for (guint i = 0; i < 2 * n; i++)
    kalon_thumbs_set_async (fixture->window.thumbs, i < n ? "a red square" : "Blue",
                            g_array_index (shown, gint64, i % n),
                            i % 2 == 0 ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED, shown,
                            set_cb, &n_set);
  wait_until (n_set == 2 * n);
}

static void
show_page (Fixture *fixture)
{
  kalon_window_show_view (fixture->window.window, KALON_VIEW_TRAINING);
  wait_until (g_strcmp0 (get_page (fixture->learned), "loading") != 0);
}

static GtkWidget *
find_label (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL
      && gtk_widget_get_visible (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_label (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The one toast's text. */
static const char *
get_toast (Fixture *fixture)
{
  AdwToast *toast = fixture->window.window->thumb_toast;

  return toast != NULL ? adw_toast_get_title (toast) : "";
}

static void
undo (Fixture *fixture)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window.window), "win.undo-thumb", NULL);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button;

  show_page (fixture);
  wait_until (g_str_equal (get_page (fixture->learned), "empty"));
  wait_until (get_n_profiles (fixture) == 1);
  g_assert_cmpuint (get_n_events (fixture), ==, 0);
  g_assert_cmpstr (get_page (fixture->events), ==, "message");
  g_assert_false (gtk_widget_get_visible (fixture->shifts));
  button = gtk_widget_get_ancestor (find_label (fixture->learned, "Search for Pictures"),
                                    GTK_TYPE_BUTTON);
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (fixture->window.window->views), ==,
                   KALON_VIEW_SEARCH);
}

/* Nothing is wider than the narrowest window, on any page of a stack. */
static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  int minimum;

  give_thumbs (fixture, 4);
  show_page (fixture);
  wait_until (g_str_equal (get_page (fixture->learned), "learned"));
  gtk_widget_measure (fixture->page, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 340);
}

static void
test_learned (Fixture *fixture, gconstpointer data)
{
  GtkWidget *chart;

  /* Off screen nothing is asked for; once shown, everything. */
  give_thumbs (fixture, 6);
  display_run_for (50);
  g_assert_cmpstr (get_page (fixture->learned), ==, "loading");
  show_page (fixture);
  wait_until (g_str_equal (get_page (fixture->learned), "learned"));
  wait_until (get_n_events (fixture) == 12);
  g_assert_nonnull (find_label (fixture->learned, "Learned from 12 thumbs."));
  chart = display_find (fixture->learned, KALON_TYPE_CHART, NULL);
  g_assert_true (gtk_widget_get_visible (chart));
  g_assert_cmpuint (kalon_plot_get_data (kalon_chart_get_plot (KALON_CHART (chart)))->n, ==, 12);
  g_assert_nonnull (find_label (fixture->learned, "2 queries"));
  g_assert_nonnull (find_label (fixture->profile, "default"));

  /* Newest first, with what they say. */
  g_assert_cmpstr (kalon_event_item_get_query (peek_event (fixture, 0)), ==, "Blue");
  g_assert_false (kalon_event_item_is_liked (peek_event (fixture, 0)));
  g_assert_true (
      g_str_has_prefix (kalon_event_item_get_text (peek_event (fixture, 0)), "Liked less than 11"));
  g_assert_cmpstr (kalon_event_item_get_query (peek_event (fixture, 11)), ==, "a red square");

  /* While it is shown it follows. */
  undo (fixture);
  give_thumbs (fixture, 7);
  wait_until (find_label (fixture->learned, "Learned from 14 thumbs.") != NULL);
}

static void
test_forget (Fixture *fixture, gconstpointer data)
{
  gint64 newest;
  const char *hash;

  give_thumbs (fixture, 5);
  show_page (fixture);
  wait_until (get_n_events (fixture) == 10
              && find_label (fixture->learned, "Learned from 10 thumbs.") != NULL);
  newest = kalon_event_item_get_id (peek_event (fixture, 0));
  gtk_widget_activate_action (fixture->events, "events.forget", "x", newest);
  wait_until (get_n_events (fixture) == 9
              && find_label (fixture->learned, "Learned from 9 thumbs.") != NULL);
  g_assert_cmpint (kalon_event_item_get_id (peek_event (fixture, 0)), !=, newest);
  wait_until (g_str_equal (get_toast (fixture), "1 thumb forgotten"));
  undo (fixture);
  wait_until (get_n_events (fixture) == 10);
  g_assert_cmpint (kalon_event_item_get_id (peek_event (fixture, 0)), ==, newest);

  gtk_widget_activate_action (fixture->events, "events.forget-query", "s", " BLUE ");
  wait_until (get_n_events (fixture) == 5);
  g_assert_cmpstr (kalon_event_item_get_query (peek_event (fixture, 0)), ==, "a red square");
  undo (fixture);
  wait_until (get_n_events (fixture) == 10);

  /* One picture has two thumbs, and was shown with all others. */
  hash = kalon_event_item_get_content_hash (peek_event (fixture, 0));
  gtk_widget_activate_action (fixture->events, "events.forget-picture", "s", hash);
  wait_until (get_n_events (fixture) == 8
              && strstr (kalon_event_item_get_text (peek_event (fixture, 0)), "10 others") != NULL);
  undo (fixture);
  wait_until (get_n_events (fixture) == 10
              && strstr (kalon_event_item_get_text (peek_event (fixture, 1)), "11 others") != NULL);

  gtk_widget_activate_action (fixture->profile, "profile.reset", NULL);
  wait_until (g_str_equal (get_page (fixture->learned), "empty") && get_n_events (fixture) == 0);
  wait_until (strstr (get_toast (fixture), "10 thumbs forgotten") != NULL);
  undo (fixture);
  wait_until (get_n_events (fixture) == 10 && g_str_equal (get_page (fixture->learned), "learned"));
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  GtkWidget *entry = display_find (fixture->events, GTK_TYPE_SEARCH_ENTRY, NULL);
  GtkWidget *view = display_find (fixture->events, GTK_TYPE_LIST_VIEW, NULL);
  GtkWidget *row, *button;
  KalonEventItem *kept;

  give_thumbs (fixture, 6);
  show_page (fixture);
  wait_until (get_n_events (fixture) == 12);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Thumbs, newest first");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Filter by Query");
  wait_until ((row = display_find (view, KALON_TYPE_EVENT_ROW, NULL)) != NULL);
  button = display_find (row, GTK_TYPE_BUTTON, NULL);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Forget…");
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
                                                   GTK_ACCESSIBLE_PROPERTY_LABEL));
  g_signal_emit_by_name (button, "clicked");
  g_assert_true (
      gtk_widget_get_visible (display_find (fixture->events, GTK_TYPE_POPOVER_MENU, NULL)));
  gtk_popover_popdown (GTK_POPOVER (display_find (fixture->events, GTK_TYPE_POPOVER_MENU, NULL)));

  gtk_editable_set_text (GTK_EDITABLE (entry), "RED");
  wait_until (get_n_events (fixture) == 6);
  g_assert_cmpstr (kalon_event_item_get_query (peek_event (fixture, 0)), ==, "a red square");
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing of it");
  wait_until (g_str_equal (get_page (fixture->events), "message"));
  g_signal_emit_by_name (entry, "stop-search");
  wait_until (get_n_events (fixture) == 12);

  /* What stays keeps its item, and so the list its place. */
  kept = peek_event (fixture, 11);
  gtk_widget_activate_action (fixture->events, "events.forget", "x",
                              kalon_event_item_get_id (peek_event (fixture, 0)));
  wait_until (get_n_events (fixture) == 11);
  g_assert_true (peek_event (fixture, 10) == kept);
}

/* A key, as the list gets it. */
static gboolean
press (GtkWidget *widget, guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
    }
  return handled;
}

static void
test_list_keys (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = display_find (fixture->events, GTK_TYPE_LIST_VIEW, NULL);
  GtkWidget *menu = display_find (fixture->events, GTK_TYPE_POPOVER_MENU, NULL);
  gint64 second;

  give_thumbs (fixture, 4);
  show_page (fixture);
  wait_until (get_n_events (fixture) == 8 && display_find (view, KALON_TYPE_EVENT_ROW, NULL));
  /* Nothing is selected before one goes there. */
  g_assert_false (press (view, GDK_KEY_Delete));
  gtk_widget_activate_action (view, "list.select-item", "(ubb)", 1, FALSE, FALSE);
  g_assert_true (press (view, GDK_KEY_Menu));
  g_assert_true (gtk_widget_get_visible (menu));
  gtk_popover_popdown (GTK_POPOVER (menu));
  second = kalon_event_item_get_id (peek_event (fixture, 1));
  g_assert_true (press (view, GDK_KEY_Delete));
  wait_until (get_n_events (fixture) == 7);
  g_assert_cmpint (kalon_event_item_get_id (peek_event (fixture, 1)), !=, second);
}

/* Answers the dialog that is open, with a name where it asks for one. */
static void
answer (const char *response, const char *name)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkWidget *entry;

      if (!ADW_IS_MESSAGE_DIALOG (window))
        continue;
      entry = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (window));
      if (name != NULL)
        gtk_editable_set_text (GTK_EDITABLE (entry), name);
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (window), response);
      gtk_window_destroy (GTK_WINDOW (window));
      return;
    }
  g_assert_not_reached ();
}

static void
test_profiles (Fixture *fixture, gconstpointer data)
{
  give_thumbs (fixture, 4);
  show_page (fixture);
  wait_until (get_n_events (fixture) == 8 && get_n_profiles (fixture) == 1);
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (display_find (fixture->profile, GTK_TYPE_MENU_BUTTON, NULL)),
      GTK_ACCESSIBLE_PROPERTY_LABEL, "Profile Menu");

  gtk_widget_activate_action (fixture->profile, "profile.new", NULL);
  answer ("cancel", "warm");
  gtk_widget_activate_action (fixture->profile, "profile.new", NULL);
  answer ("accept", " warm ");
  wait_until (get_n_profiles (fixture) == 2 && get_n_events (fixture) == 0
              && g_str_equal (get_page (fixture->learned), "empty"));
  g_assert_cmpuint (adw_combo_row_get_selected (get_profile_row (fixture)), ==, 1);

  gtk_widget_activate_action (fixture->profile, "profile.rename", NULL);
  answer ("accept", "calm");
  wait_until (adw_combo_row_get_selected (get_profile_row (fixture)) == 0);
  /* Back, by the row. */
  adw_combo_row_set_selected (get_profile_row (fixture), 1);
  wait_until (get_n_events (fixture) == 8);
  adw_combo_row_set_selected (get_profile_row (fixture), 0);
  wait_until (get_n_events (fixture) == 0);

  gtk_widget_activate_action (fixture->profile, "profile.remove", NULL);
  answer ("cancel", NULL);
  gtk_widget_activate_action (fixture->profile, "profile.remove", NULL);
  answer ("remove", NULL);
  wait_until (get_n_profiles (fixture) == 1 && get_n_events (fixture) == 8);
}

/* From the page into the viewer and back. */
static void
test_open (Fixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window.window;
  gint64 picture;
  guint position;

  give_thumbs (fixture, 4);
  kalon_window_search (window, "a red square");
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS);
  show_page (fixture);
  wait_until (get_n_events (fixture) == 8);
  picture = kalon_event_item_get_picture (peek_event (fixture, 3));
  gtk_widget_activate_action (fixture->events, "events.open", "x", picture);
  wait_until (kalon_viewer_get_position (window->viewer, &position)
              && g_str_equal (gtk_stack_get_visible_child_name (window->pages), "viewer"));
  g_assert_cmpint (
      kalon_results_model_get_picture_id (kalon_viewer_get_model (window->viewer), position), ==,
      picture);
  g_signal_emit_by_name (window->viewer, "closed");
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (window->views), ==, KALON_VIEW_TRAINING);
}

static void
test_align (Fixture *fixture, gconstpointer data)
{
  KalonAligning *aligning = fixture->window.aligning;
  GtkWidget *adapter = display_find (fixture->align, GTK_TYPE_SWITCH, NULL);
  g_autofree char *path = g_build_filename (fixture->window.directory, "queries.txt", NULL);
  g_autoptr (GString) queries = g_string_new (NULL);
  const KalonAlignerResult *result;
  gboolean used;

  show_page (fixture);
  wait_until (g_str_equal (get_page (fixture->learned), "empty"));
  g_assert_false (gtk_widget_get_mapped (adapter));

  /* Stopped at once: nothing came of it, and the same can be started again. */
  gtk_widget_activate_action (fixture->align, "align.start", NULL);
  g_assert_true (kalon_aligning_is_running (aligning));
  gtk_widget_activate_action (fixture->align, "align.stop", NULL);
  wait_until (!kalon_aligning_is_running (aligning));
  g_assert_true (kalon_aligning_was_stopped (aligning));
  g_assert_nonnull (find_label (fixture->align, "Stopped. What was trained is kept"));

  /* Too few queries, and a file that is not there: said where one looks. */
  kalon_align_panel_set_file (KALON_ALIGN_PANEL (fixture->align), path);
  gtk_widget_activate_action (fixture->align, "align.start", NULL);
  wait_until (!kalon_aligning_is_running (aligning));
  g_assert_nonnull (kalon_aligning_get_problem (aligning));
  g_assert_nonnull (find_label (fixture->align, kalon_aligning_get_problem (aligning)));

  for (guint i = 0; i < 24; i++)
    g_string_append_printf (queries, "thing number %u\n", i * i);
  g_assert_true (g_file_set_contents (path, queries->str, -1, NULL));
  gtk_widget_activate_action (fixture->align, "align.start", NULL);
  wait_until (kalon_aligning_get_progress (aligning)->now.done > 0);
  wait_until (!kalon_aligning_is_running (aligning));
  g_assert_null (kalon_aligning_get_problem (aligning));
  result = kalon_aligning_get_result (aligning);
  g_assert_nonnull (result);
  g_assert_cmpuint (result->n_queries, ==, 24);
  g_assert_nonnull (find_label (fixture->align, result->stored ? "Kept:" : "Not kept:"));
  g_assert_nonnull (find_label (fixture->align, "→"));

  /* What the profile has now is shown, and can be switched off and removed. */
  {
    g_autoptr (KalonFeedback) feedback = kalon_feedback_open (fixture->window.library, NULL);
    g_autoptr (GPtrArray) parts = kalon_feedback_list_parts (feedback, NULL);

    g_assert_cmpuint (parts->len, ==, result->stored ? 1 : 0);
  }
  if (!result->stored)
    return;
  wait_until (gtk_widget_get_mapped (adapter));
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (adapter)));
  gtk_switch_set_active (GTK_SWITCH (adapter), FALSE);
  g_object_get (fixture->window.window->search, KALON_SETTING_USE_ADAPTER, &used, NULL);
  g_assert_false (used);
  gtk_switch_set_active (GTK_SWITCH (adapter), TRUE);
  gtk_widget_activate_action (fixture->align, "align.remove-adapter", NULL);
  wait_until (!gtk_widget_get_mapped (adapter));
  wait_until (g_str_equal (get_toast (fixture), "The adapter was removed"));
  undo (fixture);
  wait_until (gtk_widget_get_mapped (adapter));
}

static void
test_no_model (Fixture *fixture, gconstpointer data)
{
  show_page (fixture);
  g_assert_cmpstr (get_page (fixture->learned), ==, "problem");
  g_assert_nonnull (find_label (fixture->learned, "There is no model"));
  /* Profiles and thumbs need none. */
  wait_until (get_n_profiles (fixture) == 1);
  g_assert_cmpstr (get_page (fixture->events), ==, "message");
  g_assert_nonnull (find_label (fixture->align, "There is no model"));
}

static void
test_texts (void)
{
  g_autoptr (KalonTasteReport) report = g_new0 (KalonTasteReport, 1);
  KalonTasteCheck check
      = { .n = 20, .agreement = 0.84, .accepted = TRUE, .scale = 1, .active = TRUE };
  const KalonAligningProgress progress
      = { .now = { KALON_ALIGNER_TRAINING, 120, 300, 0 }, .rate = 24, .remaining = 7.5 };
  const KalonEstimate before = { 0.621, 0.5, 0.7 }, after = { 0.684, 0.6, 0.7 };
  const KalonEstimate gain = { 0.063, 0.01, 0.112 }, none = { -0.001, -0.51, 0.004 };
  g_autofree char *said = NULL, *unsure = NULL, *step = NULL, *running = NULL, *figures = NULL;
  g_autofree char *scores = NULL;
  double low, high;

  report->curve = g_array_new (FALSE, FALSE, sizeof (KalonTasteCheck));
  g_array_append_val (report->curve, check);
  said = kalon_training_describe_check (report);
  g_assert_cmpstr (said, ==,
                   "Of the pairs of the last 20 thumbs, which it had not seen, 84 % come out right "
                   "(chance: 50 %).");
  g_array_index (report->curve, KalonTasteCheck, 0).active = FALSE;
  g_array_index (report->curve, KalonTasteCheck, 0).accepted = FALSE;
  unsure = kalon_training_describe_check (report);
  g_assert_nonnull (strstr (unsure, "change nothing in the ranking yet"));
  step = kalon_training_describe_step (report);
  g_assert_true (g_str_has_prefix (step, "The last thumb was not taken in"));
  running = kalon_training_describe_progress (&progress);
  g_assert_cmpstr (running, ==,
                   "Training: 120 of 300 steps · 24 per second · less than a minute left");
  figures = kalon_training_format_gain (&before, &after, &gain, TRUE);
  g_assert_cmpstr (figures, ==, "62.1 % → 68.4 % (+6.3: +1.0 to +11.2)");
  scores = kalon_training_format_gain (&before, &after, &none, FALSE);
  g_assert_cmpstr (scores, ==, "0.62 → 0.68 (0.00: −0.51 to 0.00)");

  /* Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
   */
  kalon_training_find_interval (81 / 263.0, 263, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0.2553, 5e-5);
  g_assert_cmpfloat_with_epsilon (high, 0.3662, 5e-5);
  kalon_training_find_interval (1, 20, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0.8389, 5e-5);
  g_assert_cmpfloat (high, ==, 1);
}

int
main (int argc, char **argv)
{
  static const char none[] = "no model";

  display_init (&argc, &argv);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  g_test_add_func ("/training/texts", test_texts);
  ADD ("/training/empty", test_empty);
  ADD ("/training/narrow", test_narrow);
  ADD ("/training/learned", test_learned);
  ADD ("/training/forget", test_forget);
  ADD ("/training/list", test_list);
  ADD ("/training/list-keys", test_list_keys);
  ADD ("/training/profiles", test_profiles);
  ADD ("/training/open", test_open);
  ADD ("/training/align", test_align);
  g_test_add ("/training/no-model", Fixture, none, set_up, test_no_model, tear_down);
  return g_test_run ();
}
