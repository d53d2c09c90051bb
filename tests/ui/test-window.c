/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "indexing/kalon-failures-window.h"
#include "search/kalon-search-box-private.h"
#include "viewer/kalon-picture-view.h"

static gboolean
page_is (WindowFixture *fixture, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (fixture->window->stack), name) == 0;
}

static gboolean
viewer_is_open (WindowFixture *fixture)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (fixture->window->pages), "viewer") == 0;
}

/* A picture is on screen, at its best. */
static gboolean
is_shown (GtkWidget *picture_view)
{
  KalonPictureView *view = KALON_PICTURE_VIEW (picture_view);

  return kalon_picture_view_get_zoom (view) > 0 && kalon_picture_view_has_texture (view)
         && kalon_picture_view_is_sharp (view);
}

static void
test_session (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  GtkWidget *widget = GTK_WIDGET (window);
  GtkWidget *picture_view
      = display_find (GTK_WIDGET (window->viewer), KALON_TYPE_PICTURE_VIEW, NULL);
  KalonResults *results;
  guint position;
  int start, end;

  /* An empty library asks for a folder. */
  wait_until (page_is (fixture, "first-run"));
  g_assert_false (gtk_widget_get_visible (window->status_bar));

  /* Indexed, they are all there, newest first. */
  window_fill_folder (fixture);
  kalon_window_add_folders (window, (const char *const[]){ fixture->folder, NULL });
  g_assert_true (kalon_indexing_is_running (fixture->indexing));
  wait_until (!kalon_indexing_is_running (fixture->indexing));
  wait_until (window_get_n_shown (fixture) == 12 && page_is (fixture, "grid"));
  wait_until (
      g_str_equal (gtk_label_get_text (window->indexed_label), "12 of 12 pictures indexed"));
  g_assert_cmpstr (gtk_label_get_text (window->status_label), ==, "12 pictures");
  g_assert_true (gtk_widget_get_visible (window->status_bar));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->progress_bar)));

  /* Words rank them. */
  kalon_window_search (window, "a red square");
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS);
  results = kalon_search_get_results (window->search);
  g_assert_cmpuint (results->n_candidates, ==, 12);
  g_assert_cmpuint (window_get_n_shown (fixture) + results->n_folded, ==, 12);
  g_assert_true (g_str_has_suffix (gtk_label_get_text (window->status_label), "results")
                 || window_get_n_shown (fixture) == 1);

  /* Activated, the first is shown, and the next. */
  kalon_search_box_clear (window->search_box);
  wait_until (window_get_n_shown (fixture) == 12);
  kalon_results_grid_select (window->grid, 0);
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.open", NULL);
  g_assert_true (viewer_is_open (fixture));
  wait_until (is_shown (picture_view));
  g_assert_true (kalon_picture_view_is_fit (KALON_PICTURE_VIEW (picture_view)));
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.zoom-in", NULL);
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_zoom (KALON_PICTURE_VIEW (picture_view)),
                                  1.25, 1e-6);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.previous", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.next", NULL);
  g_assert_true (kalon_viewer_get_position (window->viewer, &position));
  g_assert_cmpuint (position, ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.last", NULL);
  g_assert_true (kalon_viewer_get_position (window->viewer, &position));
  g_assert_cmpuint (position, ==, 11);
  wait_until (is_shown (picture_view));

  /* More like this: a query by the picture, which finds itself first. */
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.more-like-this", NULL);
  g_assert_false (viewer_is_open (fixture));
  g_assert_cmpuint (kalon_search_get_question (window->search)->terms->len, ==, 1);
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS);
  results = kalon_search_get_results (window->search);
  g_assert_cmpfloat (g_array_index (results->results, KalonResult, 0).similarity, >, 0.99f);

  /* Back to all of them: the focus is where one types, and stays there. */
  gtk_widget_activate_action (widget, "win.search", NULL);
  display_run_for (100);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)),
                                         GTK_WIDGET (window->search_box)));

  /* Once more: what is typed next takes the place of the words. */
  kalon_search_box_set_text (window->search_box, "lake");
  gtk_widget_activate_action (widget, "win.search", NULL);
  g_assert_true (gtk_editable_get_selection_bounds (window->search_box->entry, &start, &end));
  g_assert_cmpint (start, ==, 0);
  g_assert_cmpint (end, ==, 4);
  kalon_search_box_clear (window->search_box);
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_BROWSING);
  g_assert_cmpuint (window_get_n_shown (fixture), ==, 12);
}

/* Whoever has left the results is not brought back to them because the library changed. */
static void
test_refresh_stays (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;

  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  kalon_window_search (window, "a red square");
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS
              && !kalon_search_is_busy (window->search));
  kalon_window_show_view (window, KALON_VIEW_BOARDS);
  kalon_search_refresh (window->search);
  g_assert_true (kalon_search_is_busy (window->search));
  wait_until (!kalon_search_is_busy (window->search));
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (window->views), ==, KALON_VIEW_BOARDS);

  /* Another question does. */
  kalon_window_search (window, "a blue square");
  wait_until (kalon_window_shows_grid (window));
}

static void
test_close_viewer (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;

  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  kalon_results_grid_select (window->grid, 3);
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.open", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.next", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.close", NULL);
  g_assert_false (viewer_is_open (fixture));
  /* Where one looked last is where one is. */
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.open", NULL);
  {
    guint position;

    g_assert_true (kalon_viewer_get_position (window->viewer, &position));
    g_assert_cmpuint (position, ==, 4);
  }
}

static void
test_bad_files (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  g_autofree char *bad = g_build_filename (fixture->folder, "bad.jpeg", NULL);
  g_autoptr (GError) error = NULL;

  /* Nothing but a bad file: the empty page, with the way to the reason. */
  g_assert_true (g_file_set_contents (bad, "not a picture", -1, &error));
  window_index_folder (fixture, fixture->folder);
  wait_until (page_is (fixture, "empty") && gtk_widget_get_visible (window->empty_failures_button));
  {
    GtkWidget *failures = GTK_WIDGET (
        kalon_failures_window_new (GTK_WINDOW (window), fixture->catalogue, fixture->indexing));
    GtkWidget *view = display_find (failures, GTK_TYPE_LIST_VIEW, NULL);

    gtk_window_present (GTK_WINDOW (failures));
    wait_until (display_find (view, GTK_TYPE_LABEL, "caption") != NULL);
    g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (display_find (view, GTK_TYPE_LABEL, NULL))), ==,
                     bad);
    g_assert_cmpuint (
        strlen (gtk_label_get_text (GTK_LABEL (display_find (view, GTK_TYPE_LABEL, "caption")))), >,
        10);
    gtk_window_destroy (GTK_WINDOW (failures));
  }
}

static void
test_file_gone (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  GtkWidget *error_page = display_find (GTK_WIDGET (window->viewer), ADW_TYPE_STATUS_PAGE, NULL);

  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);

  /* The folder is unplugged: said above the grid; thumbnails stay; a picture says why it does not.
   */
  display_remove_folder (fixture->folder);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.rescan", NULL);
  wait_until (!kalon_indexing_is_running (fixture->indexing));
  wait_until (gtk_info_bar_get_revealed (window->gone_bar));
  g_assert_true (strstr (gtk_label_get_text (window->gone_label), fixture->folder) != NULL);
  g_assert_cmpuint (window_get_n_shown (fixture), ==, 12);
  kalon_results_grid_select (window->grid, 5);
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.open", NULL);
  wait_until (gtk_widget_get_mapped (error_page));
  g_assert_nonnull (strstr (adw_status_page_get_description (ADW_STATUS_PAGE (error_page)),
                            "the drive is not connected"));
}

static void
test_removal (WindowFixture *fixture, gconstpointer data)
{
  AdwToast *toast;

  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.remove-folder", "^ay",
                              fixture->folder);
  /* Undone, before anything has happened. */
  toast = g_hash_table_lookup (fixture->window->leaving, fixture->folder);
  g_assert_nonnull (strstr (adw_toast_get_title (toast), "with 12 indexed pictures"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.keep-folder", "^ay",
                              fixture->folder);
  adw_toast_dismiss (toast);
  display_run_for (100);
  g_assert_cmpuint (window_get_n_shown (fixture), ==, 12);

  /* Not undone. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.remove-folder", "^ay",
                              fixture->folder);
  adw_toast_dismiss (g_hash_table_lookup (fixture->window->leaving, fixture->folder));
  wait_until (page_is (fixture, "first-run"));
  g_assert_true (g_file_test (fixture->folder, G_FILE_TEST_IS_DIR));
  g_assert_cmpuint (g_hash_table_size (fixture->window->leaving), ==, 0);

  /* It does not outlive the window that could undo it. */
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12 && page_is (fixture, "grid"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.remove-folder", "^ay",
                              fixture->folder);
  window_close (fixture);
  window_open (fixture, TRUE);
  wait_until (page_is (fixture, "first-run"));
}

static void
test_no_folder (WindowFixture *fixture, gconstpointer data)
{
  wait_until (page_is (fixture, "first-run"));
  kalon_window_add_folders (fixture->window, (const char *const[]){ "/nowhere/at all", NULL });
  g_assert_false (kalon_indexing_is_running (fixture->indexing));
  g_assert_true (page_is (fixture, "first-run"));
}

static void
test_without_model (WindowFixture *fixture, gconstpointer data)
{
  wait_until (page_is (fixture, "first-run"));
  kalon_window_search (fixture->window, "lake");
  wait_until (page_is (fixture, "error"));
  g_assert_cmpstr (adw_status_page_get_description (fixture->window->error_page), ==,
                   "There is no model “missing”.");
  kalon_search_box_clear (fixture->window->search_box);
  wait_until (page_is (fixture, "first-run"));
}

static gboolean
has_filters_below (WindowFixture *fixture)
{
  return gtk_widget_is_ancestor (GTK_WIDGET (fixture->window->filter_button),
                                 fixture->window->status_bar);
}

static void
test_narrow (WindowFixture *fixture, gconstpointer data)
{
  int minimum;

  /* With the buttons of the display_length that the metainfo promises: a phone has but one. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  kalon_search_add_term (fixture->window->search, KALON_TERM_PICTURE,
                         "/pictures/a rather long name of a file.jpeg", 1);
  wait_until (page_is (fixture, "grid") || page_is (fixture, "error"));
  /* Below some width what is beside the entry makes room for the words. */
  wait_until ((window_ask_for_size (fixture, 360, 294), has_filters_below (fixture)));
  gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);

  /* What is below the strictness line is told in short there, and whole to a screen reader. */
  kalon_search_box_clear (fixture->window->search_box);
  kalon_window_search (fixture->window, "a red square");
  kalon_search_set_strictness (fixture->window->search, 100);
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (fixture->window->cut_label)));
  g_assert_true (g_str_has_prefix (gtk_label_get_text (fixture->window->cut_label), "+"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (GTK_WIDGET (fixture->window->cut_label)),
                            "more below the strictness line"));
  wait_until ((window_ask_for_size (fixture, 1100, 760), !has_filters_below (fixture)));
  wait_until (strstr (gtk_label_get_text (fixture->window->cut_label), "strictness line") != NULL);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-decoration-layout");
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add ("/window/session", WindowFixture, NULL, window_set_up, test_session,
              window_tear_down);
  g_test_add ("/window/refresh-stays", WindowFixture, NULL, window_set_up, test_refresh_stays,
              window_tear_down);
  g_test_add ("/window/close-viewer", WindowFixture, NULL, window_set_up, test_close_viewer,
              window_tear_down);
  g_test_add ("/window/bad-files", WindowFixture, NULL, window_set_up, test_bad_files,
              window_tear_down);
  g_test_add ("/window/file-gone", WindowFixture, NULL, window_set_up, test_file_gone,
              window_tear_down);
  g_test_add ("/window/removal", WindowFixture, NULL, window_set_up, test_removal,
              window_tear_down);
  g_test_add ("/window/no-folder", WindowFixture, NULL, window_set_up, test_no_folder,
              window_tear_down);
  g_test_add ("/window/without-model", WindowFixture, "without", window_set_up, test_without_model,
              window_tear_down);
  g_test_add ("/window/narrow", WindowFixture, NULL, window_set_up, test_narrow, window_tear_down);
  return g_test_run ();
}
