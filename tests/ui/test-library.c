/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "indexing/kalon-excludes-window.h"
#include "indexing/kalon-failures-window.h"
#include "indexing/kalon-folder-row.h"
#include "settings/kalon-settings.h"

#define SECONDS_OF_A_DAY (24 * 3600)

static void
test_folder_text (void)
{
  static const struct
  {
    KalonFolder folder;
    KalonWatchStatus status;
    gboolean watched;
    const char *counts;
    const char *watch;
  } cases[] = {
    { { .present = TRUE, .counts = { 1000, 980, 3 }, .n_excluded = 12, .scanned_at = 700 },
      { KALON_WATCH_WATCHING, 4, 4 },
      TRUE,
      "980 of 1000 indexed · 12 left out · 3 not read",
      "Watched · looked through 5 minutes ago" },
    { { .present = TRUE, .counts = { 1, 1, 0 }, .scanned_at = 990 },
      { 0 },
      FALSE,
      "1 of 1 indexed",
      "Not watched · looked through just now" },
    { { .present = TRUE },
      { KALON_WATCH_SILENT, 0, 0 },
      TRUE,
      "No pictures yet",
      "On a network or cloud drive: looked at when Kalon starts" },
    { { .present = TRUE },
      { KALON_WATCH_PARTLY, 9000, 8000 },
      TRUE,
      "No pictures yet",
      "The system lets Kalon watch 8000 of 9000 folders in it: the rest is looked at now and "
      "then" },
    { { .present = FALSE, .counts = { 7, 7, 1 }, .scanned_at = 1 },
      { KALON_WATCH_GONE, 0, 0 },
      TRUE,
      "7 of 7 indexed",
      "Not there now; pictures stay searchable" },
    { { .present = TRUE, .scanned_at = 1 - 2 * SECONDS_OF_A_DAY },
      { KALON_WATCH_WATCHING, 1, 1 },
      TRUE,
      "No pictures yet",
      "Watched · looked through 2 days ago" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *counts = kalon_folder_to_text (&cases[i].folder);
      g_autofree char *watch = kalon_folder_watch_to_text (
          &cases[i].folder, cases[i].watched ? &cases[i].status : NULL, 1000);

      g_assert_cmpstr (counts, ==, cases[i].counts);
      g_assert_cmpstr (watch, ==, cases[i].watch);
    }
}

static void
test_library_button (void)
{
  KalonLibraryButton *button = g_object_new (KALON_TYPE_LIBRARY_BUTTON, NULL);
  KalonFolder here = { .path = (char *) "/pictures/summer", .present = TRUE };
  KalonFolder gone = { .path = (char *) "/media/old", .present = FALSE };
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();
  g_autoptr (GHashTable) leaving = g_hash_table_new (g_str_hash, g_str_equal);
  KalonCatalogueState state
      = { .folders = folders, .counts = { .pictures = 8091, .indexed = 3120, .failures = 1 } };
  GtkWidget *menu_button = display_find (GTK_WIDGET (button), GTK_TYPE_MENU_BUTTON, NULL);
  GtkWidget *list = display_find (GTK_WIDGET (button), GTK_TYPE_LIST_BOX, NULL);
  GtkWidget *heading = display_find (GTK_WIDGET (button), GTK_TYPE_LABEL, "heading");
  GtkListBoxRow *row;

  g_object_ref_sink (button);
  gtk_test_accessible_assert_property (menu_button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Library");

  g_ptr_array_add (folders, &gone);
  g_ptr_array_add (folders, &here);
  g_hash_table_add (leaving, here.path);
  kalon_library_button_set_state (button, &state, leaving);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (heading)), ==, "3120 of 8091 pictures indexed");
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, "old");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "Not there now"));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (row), "gone"));
  gtk_test_accessible_assert_role (row, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_test_accessible_assert_property (display_find (GTK_WIDGET (row), GTK_TYPE_MENU_BUTTON, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Menu of the Folder old");
  g_assert_cmpstr (adw_action_row_get_subtitle (
                       ADW_ACTION_ROW (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1))),
                   ==, "Leaves the library");

  /* A row stays what it is while its folder does. */
  g_hash_table_remove_all (leaving);
  g_ptr_array_remove_index (folders, 1);
  gone.present = TRUE;
  kalon_library_button_set_state (button, &state, leaving);
  g_assert_true (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0) == row);
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (row), "gone"));
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1));
  g_ptr_array_set_size (folders, 0);
  kalon_library_button_set_state (button, &state, leaving);
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0));
  g_assert_finalize_object (button);
}

static GtkWidget *
find_folder_row (WindowFixture *fixture)
{
  return display_find (GTK_WIDGET (fixture->window->library_button), KALON_TYPE_FOLDER_ROW, NULL);
}

static gboolean
row_says (WindowFixture *fixture, const char *text)
{
  GtkWidget *row = find_folder_row (fixture);

  return row != NULL && strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), text) != NULL;
}

/* Files come and go; the library follows without a word. */
static void
test_watching (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonWatch) watch = kalon_watch_new (NULL, KALON_WATCH_MAX_FOLDERS, 200);
  g_autofree char *away = g_build_filename (fixture->directory, "away", NULL);
  g_autofree char *file = g_build_filename (fixture->folder, "picture 03.png", NULL);

  window_close (fixture);
  fixture->watch = watch;
  window_open (fixture, TRUE);
  g_settings_set_boolean (fixture->settings, KALON_SETTING_WATCH_FOLDERS, TRUE);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12 && row_says (fixture, "Watched"));
  g_assert_true (row_says (fixture, "12 of 12 indexed"));

  display_write_picture (fixture->folder, "new.png", 9, 8, 7);
  wait_until (window_get_n_shown (fixture) == 13);
  g_assert_true (kalon_indexing_is_quiet (fixture->indexing));
  g_remove (file);
  wait_until (window_get_n_shown (fixture) == 12);

  /* The drive goes: all stays; it comes back. */
  g_assert_cmpint (g_rename (fixture->folder, away), ==, 0);
  wait_until (row_says (fixture, "Not there now"));
  display_write_picture (away, "newer.png", 3, 8, 7);
  g_assert_cmpuint (window_get_n_shown (fixture), ==, 12);
  g_assert_cmpint (g_rename (away, fixture->folder), ==, 0);
  wait_until (row_says (fixture, "Watched") && window_get_n_shown (fixture) == 13);

  g_settings_set_boolean (fixture->settings, KALON_SETTING_WATCH_FOLDERS, FALSE);
  wait_until (row_says (fixture, "Not watched"));
  g_settings_reset (fixture->settings, KALON_SETTING_WATCH_FOLDERS);
}

/* What changed while nobody watched is found at the start. */
static void
test_start (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonWatch) watch = kalon_watch_new (NULL, KALON_WATCH_MAX_FOLDERS, 200);

  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  window_close (fixture);
  display_write_picture (fixture->folder, "new.png", 9, 8, 7);
  fixture->watch = watch;
  window_open (fixture, TRUE);
  wait_until (window_get_n_shown (fixture) == 13);
}

/* Another process is at work: a run that nobody asked for waits. */
static void
test_busy (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = NULL;

  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  library = kalon_library_open (fixture->library, &error);
  g_assert_true (kalon_library_lock (library, &error));
  display_write_picture (fixture->folder, "new.png", 9, 8, 7);
  kalon_indexing_follow (fixture->indexing, NULL);
  wait_until (!kalon_indexing_is_running (fixture->indexing));
  kalon_indexing_follow (fixture->indexing, (const char *const[]){ fixture->folder, NULL });
  g_assert_false (kalon_indexing_is_running (fixture->indexing));
  kalon_library_unlock (library);
  /* One that somebody asked for does not, and takes the others along. */
  kalon_indexing_start (fixture->indexing, (const char *const[]){ NULL });
  wait_until (window_get_n_shown (fixture) == 13);
}

static void
test_excludes (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *excludes, *entry, *remove;

  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.edit-excludes", "^ay",
                              fixture->folder);
  {
    g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

    excludes = NULL;
    for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
      {
        g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

        if (KALON_IS_EXCLUDES_WINDOW (window))
          excludes = window;
      }
  }
  g_assert_nonnull (excludes);
  entry = display_find (excludes, ADW_TYPE_ENTRY_ROW, NULL);
  /* Its rules have been read. */
  display_run_for (200);
  gtk_editable_set_text (GTK_EDITABLE (entry), "picture 0*");
  g_signal_emit_by_name (entry, "apply");
  wait_until ((remove = display_find (excludes, GTK_TYPE_BUTTON, "flat")) != NULL
              && gtk_widget_get_tooltip_text (remove) != NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  gtk_editable_set_text (GTK_EDITABLE (entry), "wrong/");
  g_signal_emit_by_name (entry, "apply");
  g_assert_true (gtk_revealer_get_reveal_child (
      GTK_REVEALER (display_find (excludes, GTK_TYPE_REVEALER, NULL))));
  gtk_window_close (GTK_WINDOW (excludes));
  wait_until (window_get_n_shown (fixture) == 2 && row_says (fixture, "10 left out"));
}

static void
pause_cb (KalonOperation *operation, gboolean pause, gpointer user_data)
{
  kalon_operation_set_paused (operation, pause);
}

static void
cancel_cb (KalonOperation *operation, gpointer user_data)
{
  kalon_operation_finish (operation, NULL);
}

static void
count_changes (guint *n)
{
  (*n)++;
}

static void
test_operations (void)
{
  g_autoptr (KalonOperations) operations = kalon_operations_new ();
  g_autoptr (KalonOperation) first = kalon_operation_new ("First", TRUE, TRUE);
  g_autoptr (KalonOperation) second = kalon_operation_new ("Second", FALSE, FALSE);
  GListModel *model = G_LIST_MODEL (operations);
  guint n_changes = 0;

  g_signal_connect_swapped (operations, "changed", G_CALLBACK (count_changes), &n_changes);
  g_signal_connect (first, "pause", G_CALLBACK (pause_cb), NULL);
  g_signal_connect (first, "cancel", G_CALLBACK (cancel_cb), NULL);
  g_assert_cmpfloat (kalon_operations_get_fraction (operations), <, 0);
  kalon_operations_add (operations, first);
  kalon_operations_add (operations, second);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 2);
  g_assert_cmpuint (n_changes, ==, 2);
  kalon_operation_set_fraction (first, 0.5);
  g_assert_cmpfloat (kalon_operations_get_fraction (operations), <, 0);
  kalon_operation_set_fraction (second, 2);
  g_assert_cmpfloat (kalon_operations_get_fraction (operations), ==, 0.75);
  g_assert_cmpuint (n_changes, ==, 4);

  kalon_operation_pause (first, TRUE);
  g_assert_true (kalon_operation_is_paused (first));
  kalon_operation_pause (second, TRUE);
  g_assert_false (kalon_operation_is_paused (second));
  kalon_operation_cancel (second);
  g_assert_false (kalon_operation_is_finished (second));

  /* What ends well leaves, what does not stays until it is taken away. */
  kalon_operation_cancel (first);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  kalon_operation_finish (second, "The disk is full.");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  g_assert_cmpuint (kalon_operations_count_failed (operations), ==, 1);
  kalon_operations_remove (operations, second);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  kalon_operations_remove (operations, second);
}

static void
test_operations_button (void)
{
  g_autoptr (KalonOperations) operations = kalon_operations_new ();
  g_autoptr (KalonOperation) operation = kalon_operation_new ("Exporting", TRUE, TRUE);
  KalonOperationsButton *button = g_object_new (KALON_TYPE_OPERATIONS_BUTTON, NULL);
  const char *description = "1 operation is under way: 40 %";
  GtkWidget *menu_button = display_find (GTK_WIDGET (button), GTK_TYPE_MENU_BUTTON, NULL);
  GtkWidget *row, *bar, *pause;

  g_object_ref_sink (button);
  g_signal_connect (operation, "pause", G_CALLBACK (pause_cb), NULL);
  kalon_operations_button_set_operations (button, operations);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (button)));
  kalon_operations_add (operations, operation);
  kalon_operation_set_fraction (operation, 0.4);
  kalon_operation_set_detail (operation, "4 of 10");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (button)));
  gtk_test_accessible_assert_property (menu_button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Operations");
  gtk_test_accessible_assert_property (menu_button, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       description);

  row = display_find (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW, NULL);
  bar = display_find (row, GTK_TYPE_PROGRESS_BAR, NULL);
  pause = display_find (row, GTK_TYPE_BUTTON, NULL);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), ==, 0.4);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_LABEL, "Exporting");
  gtk_test_accessible_assert_property (pause, GTK_ACCESSIBLE_PROPERTY_LABEL, "Pause");
  g_signal_emit_by_name (pause, "clicked");
  g_assert_true (kalon_operation_is_paused (operation));
  gtk_test_accessible_assert_property (pause, GTK_ACCESSIBLE_PROPERTY_LABEL, "Go On");

  kalon_operation_finish (operation, "The disk is full.");
  g_assert_true (gtk_widget_has_css_class (menu_button, "failed"));
  g_assert_false (gtk_widget_get_visible (pause));
  g_signal_emit_by_name (gtk_widget_get_next_sibling (pause), "clicked");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (button)));
  g_assert_finalize_object (button);
}

/* An index run is one of the operations, and obeys. */
static void
test_indexing_operation (WindowFixture *fixture, gconstpointer data)
{
  GListModel *model = G_LIST_MODEL (fixture->operations);
  g_autoptr (KalonOperation) operation = NULL;

  window_fill_folder (fixture);
  /* More than it takes between going on and pausing again. */
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("more-%u.png", i);

      display_write_picture (fixture->folder, name, (guint8) i, (guint8) (i * 7),
                             (guint8) (i * 31));
    }
  kalon_indexing_start (fixture->indexing, (const char *const[]){ fixture->folder, NULL });
  kalon_indexing_set_paused (fixture->indexing, TRUE);
  /* It says how far it is twice more than half a second apart. */
  display_run_for (700);
  kalon_indexing_set_paused (fixture->indexing, FALSE);
  kalon_indexing_set_paused (fixture->indexing, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  operation = g_list_model_get_item (model, 0);
  g_assert_cmpstr (kalon_operation_get_title (operation), ==, "Indexing Pictures");
  g_assert_true (kalon_operation_is_paused (operation));
  g_assert_nonnull (kalon_operation_get_detail (operation));
  g_assert_true (gtk_widget_get_visible (fixture->window->status_bar));
  kalon_operation_pause (operation, FALSE);
  g_assert_false (kalon_indexing_is_paused (fixture->indexing));
  wait_until (g_list_model_get_n_items (model) == 0);
  wait_until (window_get_n_shown (fixture) == 212);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window->operations_button)));
}

/* Without a portal it stays as long as the session does, and says so. */
static void
test_staying (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GApplication) application
      = g_application_new ("io.github.kalon_project.Test", G_APPLICATION_NON_UNIQUE);
  KalonStaying *staying = kalon_staying_new (application, fixture->settings, NULL);

  g_assert_false (kalon_staying_is_held (staying));
  g_settings_set_boolean (fixture->settings, KALON_SETTING_INDEX_IN_BACKGROUND, TRUE);
  g_assert_true (kalon_staying_is_held (staying));
  wait_until (kalon_staying_get_problem (staying) != NULL);
  g_assert_nonnull (strstr (kalon_staying_get_problem (staying), "Until you log out"));
  g_settings_set_boolean (fixture->settings, KALON_SETTING_INDEX_IN_BACKGROUND, FALSE);
  g_assert_false (kalon_staying_is_held (staying));
  g_settings_reset (fixture->settings, KALON_SETTING_INDEX_IN_BACKGROUND);
  display_finalize (staying);
}

static gboolean
page_is (WindowFixture *fixture, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (fixture->window->stack), name) == 0;
}

/* From nothing to the first result in two clicks. */
static void
test_first_run (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  KalonFirstRunPage *page = window->first_run_page;
  GtkWidget *use = display_find (GTK_WIDGET (page), GTK_TYPE_BUTTON, "suggested-action");
  GtkWidget *count = display_find (GTK_WIDGET (page), GTK_TYPE_LABEL, "caption");
  GtkWidget *chip = display_find (window->suggestions_bar, GTK_TYPE_BUTTON, "chip");

  window_fill_folder (fixture);
  wait_until (page_is (fixture, "first-run"));
  kalon_first_run_page_set_folder (page, fixture->folder, "starter");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (count)), ==, "Counting pictures…");
  wait_until (g_str_equal (gtk_label_get_text (GTK_LABEL (count)), "12 pictures"));
  gtk_test_accessible_assert_role (use, GTK_ACCESSIBLE_ROLE_BUTTON);
  g_assert_true (gtk_widget_activate_action (use, "win.index-folder", "^ay", fixture->folder));
  wait_until (page_is (fixture, "grid"));
  g_assert_true (gtk_widget_get_visible (window->suggestions_bar));
  g_signal_emit_by_name (chip, "clicked");
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS);
  g_assert_cmpstr (kalon_search_get_text (window->search), ==, "a beach");
  g_assert_false (gtk_widget_get_visible (window->suggestions_bar));
  /* Who has searched once knows how. */
  kalon_search_box_clear (window->search_box);
  wait_until (window_get_n_shown (fixture) == 12);
  g_assert_false (gtk_widget_get_visible (window->suggestions_bar));
}

static void
test_first_run_empty (WindowFixture *fixture, gconstpointer data)
{
  KalonFirstRunPage *page = fixture->window->first_run_page;
  GtkWidget *use = display_find (GTK_WIDGET (page), GTK_TYPE_BUTTON, "suggested-action");
  g_autofree char *none = kalon_bigger_model_to_text (0, 2);
  g_autofree char *many = kalon_bigger_model_to_text (13200, 2);

  kalon_first_run_page_set_folder (page, fixture->folder, "starter");
  wait_until (!gtk_widget_get_sensitive (use));
  g_assert_false (gtk_widget_has_css_class (use, "suggested-action"));
  kalon_first_run_page_set_folder (page, NULL, "other");
  g_assert_false (gtk_widget_get_visible (use));
  g_assert_null (strstr (none, "minute"));
  g_assert_nonnull (strstr (many, "your 13200 pictures would take it at most about 11 minutes"));
}

/* All are tried again, and one that is whole now leaves the list. */
static void
test_failures (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *bad = g_build_filename (fixture->folder, "bad.png", NULL);
  g_autofree char *good = g_build_filename (fixture->folder, "good.png", NULL);
  GtkWidget *failures, *view;

  g_assert_true (g_file_set_contents (bad, "not a picture", -1, NULL));
  window_index_folder (fixture, fixture->folder);
  failures = GTK_WIDGET (kalon_failures_window_new (GTK_WINDOW (fixture->window),
                                                    fixture->catalogue, fixture->indexing));
  gtk_window_present (GTK_WINDOW (failures));
  view = display_find (failures, GTK_TYPE_LIST_VIEW, NULL);
  wait_until (
      g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view))))
      == 1);
  wait_until (display_find (view, GTK_TYPE_BUTTON, NULL) != NULL);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (display_find (view, GTK_TYPE_BUTTON, NULL)), ==,
                   "Show in Files");
  display_write_picture (fixture->folder, "good.png", 1, 2, 3);
  g_assert_cmpint (g_rename (good, bad), ==, 0);
  {
    GtkWidget *header = display_find (failures, ADW_TYPE_HEADER_BAR, NULL);
    GtkWidget *retry = display_find (header, GTK_TYPE_BUTTON, "text-button");

    wait_until (gtk_widget_get_sensitive (retry));
    g_signal_emit_by_name (retry, "clicked");
  }
  wait_until (
      g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view))))
      == 0);
  wait_until (window_get_n_shown (fixture) == 1);
  gtk_window_destroy (GTK_WINDOW (failures));
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add_func ("/library/folder-text", test_folder_text);
  g_test_add_func ("/library/button", test_library_button);
  g_test_add_func ("/library/operations", test_operations);
  g_test_add_func ("/library/operations-button", test_operations_button);
#define ADD(path, function)                                                                        \
  g_test_add (path, WindowFixture, NULL, window_set_up, function, window_tear_down)
  ADD ("/library/indexing-operation", test_indexing_operation);
  ADD ("/library/watching", test_watching);
  ADD ("/library/start", test_start);
  ADD ("/library/busy", test_busy);
  ADD ("/library/excludes", test_excludes);
  ADD ("/library/staying", test_staying);
  ADD ("/library/failures", test_failures);
  ADD ("/library/first-run", test_first_run);
  ADD ("/library/first-run-empty", test_first_run_empty);
#undef ADD
  return g_test_run ();
}
