/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with pictures from the grid, the viewer and the pair: real files, a trash of the
 * test's own. */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "viewer/kalon-pair-view-private.h"
#include "viewer/kalon-viewer-private.h"

static char *home;

static void
set_up (WindowFixture *fixture, gconstpointer data)
{
  window_set_up (fixture, data);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static GtkSelectionModel *
get_selection (WindowFixture *fixture)
{
  GtkWidget *view = display_find (GTK_WIDGET (fixture->window->grid), GTK_TYPE_GRID_VIEW, NULL);

  return gtk_grid_view_get_model (GTK_GRID_VIEW (view));
}

static void
act (WindowFixture *fixture, const char *action)
{
  GtkWidget *widget = GTK_WIDGET (fixture->window);

  if (g_str_has_prefix (action, "results."))
    widget = GTK_WIDGET (fixture->window->grid);
  else if (g_str_has_prefix (action, "viewer."))
    widget = GTK_WIDGET (fixture->window->viewer);
  else if (g_str_has_prefix (action, "pair."))
    widget = GTK_WIDGET (fixture->window->pair_view);
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
}

static gboolean
page_is (WindowFixture *fixture, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (fixture->window->pages), name) == 0;
}

/* Into the trash and back: the files, what is shown, and what the catalogue knows. */
static void
test_trash (WindowFixture *fixture, gconstpointer data)
{
  gtk_selection_model_select_range (get_selection (fixture), 2, 3, TRUE);
  act (fixture, "results.trash");
  wait_until (window_get_n_shown (fixture) == 9);
  g_assert_cmpuint (count_files (fixture->folder), ==, 9);
  act (fixture, "win.undo");
  wait_until (window_get_n_shown (fixture) == 12);
  g_assert_cmpuint (count_files (fixture->folder), ==, 12);
  /* Nothing more to undo. */
  g_assert_cmpint (fixture->window->undoable, ==, KALON_UNDOABLE_NOTHING);

  /* When it cannot be undone any more the catalogue forgets them. */
  gtk_selection_model_select_range (get_selection (fixture), 0, 2, TRUE);
  act (fixture, "results.trash");
  wait_until (window_get_n_shown (fixture) == 10);
  g_assert_cmpint (fixture->window->undoable, ==, KALON_UNDOABLE_TRASH);
  kalon_window_forget_trash (fixture->window);
  wait_until (g_str_equal (gtk_label_get_text (fixture->window->indexed_label),
                           "10 of 10 pictures indexed"));
  g_assert_cmpuint (window_get_n_shown (fixture), ==, 10);
  g_assert_cmpuint (count_files (fixture->folder), ==, 10);
}

/* The next one is shown; undone, both are there. */
static void
test_trash_in_viewer (WindowFixture *fixture, gconstpointer data)
{
  guint position;
  gint64 before, after;

  kalon_results_grid_select (fixture->window->grid, 4);
  act (fixture, "results.open");
  wait_until (kalon_picture_pane_get_picture (fixture->window->viewer->pane) != NULL);
  before = kalon_picture_pane_get_id (fixture->window->viewer->pane);
  act (fixture, "viewer.trash");
  wait_until (window_get_n_shown (fixture) == 11);
  after = kalon_picture_pane_get_id (fixture->window->viewer->pane);
  g_assert_cmpint (after, !=, before);
  g_assert_true (kalon_viewer_get_position (fixture->window->viewer, &position));
  g_assert_cmpuint (position, ==, 4);
  act (fixture, "win.undo");
  wait_until (window_get_n_shown (fixture) == 12);
  act (fixture, "viewer.previous");
  g_assert_cmpint (kalon_picture_pane_get_id (fixture->window->viewer->pane), ==, before);
}

static void
test_export (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->directory, "copies", NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_ptr_array_add (paths, g_build_filename (fixture->folder, "picture 01.png", NULL));
  g_ptr_array_add (paths, g_build_filename (fixture->folder, "picture 02.png", NULL));
  kalon_window_copy_to_folder (fixture->window, paths, folder);
  g_assert_nonnull (fixture->window->exporting);
  wait_until (fixture->window->exporting == NULL);
  g_assert_cmpuint (count_files (folder), ==, 2);
  g_assert_cmpuint (count_files (fixture->folder), ==, 12);
}

/* A thumb for many, and all of it undone. */
static void
test_thumbs (WindowFixture *fixture, gconstpointer data)
{
  KalonResultsModel *model = kalon_search_get_model (fixture->window->search);
  g_autoptr (KalonResultItem) first = NULL;
  g_autoptr (KalonResultItem) third = NULL;

  first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  third = g_list_model_get_item (G_LIST_MODEL (model), 2);
  wait_until (kalon_result_item_get_picture (first) != NULL
              && kalon_result_item_get_picture (third) != NULL);
  /* What had another thumb gets that back. */
  gtk_selection_model_select_range (get_selection (fixture), 0, 1, TRUE);
  act (fixture, "results.dislike");
  wait_until (kalon_result_item_get_verdict (first) == KALON_VERDICT_DISLIKED);
  gtk_selection_model_select_range (get_selection (fixture), 0, 3, TRUE);
  act (fixture, "results.like");
  wait_until (kalon_result_item_get_verdict (third) == KALON_VERDICT_LIKED);
  wait_until (kalon_result_item_get_verdict (first) == KALON_VERDICT_LIKED
              && fixture->window->undoable == KALON_UNDOABLE_THUMB);
  act (fixture, "win.undo");
  wait_until (kalon_result_item_get_verdict (first) == KALON_VERDICT_DISLIKED
              && kalon_result_item_get_verdict (third) == KALON_VERDICT_NONE);
}

static KalonPictureView *
get_view (WindowFixture *fixture, guint side)
{
  return kalon_picture_pane_get_view (fixture->window->pair_view->sides[side].pane);
}

static gboolean
are_shown (WindowFixture *fixture)
{
  return kalon_picture_view_get_zoom (get_view (fixture, 0)) > 0
         && kalon_picture_view_get_zoom (get_view (fixture, 1)) > 0
         && gtk_widget_get_width (GTK_WIDGET (get_view (fixture, 1))) > 0;
}

/* Two of them: one zoom and one place, until they are taken apart. */
static void
test_pair (WindowFixture *fixture, gconstpointer data)
{
  KalonPairView *pair = fixture->window->pair_view;
  gint64 first, second;

  gtk_selection_model_select_range (get_selection (fixture), 3, 2, TRUE);
  act (fixture, "results.compare");
  g_assert_true (page_is (fixture, "pair"));
  wait_until (are_shown (fixture));
  first = pair->sides[0].id;
  second = pair->sides[1].id;
  gtk_test_accessible_assert_role (get_view (fixture, 0), GTK_ACCESSIBLE_ROLE_IMG);

  act (fixture, "pair.zoom-in");
  act (fixture, "pair.zoom-in");
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_place (get_view (fixture, 1)).zoom,
                                  kalon_picture_view_get_place (get_view (fixture, 0)).zoom, 1e-6);
  g_assert_cmpfloat (kalon_picture_view_get_place (get_view (fixture, 1)).zoom, >, 1.5);
  act (fixture, "pair.linked");
  act (fixture, "pair.zoom-fit");
  g_assert_true (kalon_picture_view_is_fit (get_view (fixture, 0)));
  g_assert_false (kalon_picture_view_is_fit (get_view (fixture, 1)));

  act (fixture, "pair.swap");
  g_assert_cmpint (pair->sides[0].id, ==, second);
  g_assert_cmpint (pair->sides[1].id, ==, first);
  act (fixture, "pair.flip");
  g_assert_true (kalon_pair_area_get_stacked (pair->area));
  g_assert_false (kalon_pair_area_shows_second (pair->area));
  act (fixture, "pair.flip");
  g_assert_true (kalon_pair_area_shows_second (pair->area));
  act (fixture, "pair.close");
  g_assert_true (page_is (fixture, "search"));
  /* Both are still selected. */
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 4));

  /* One from the viewer, and then another; back to the viewer. */
  kalon_results_grid_select (fixture->window->grid, 0);
  act (fixture, "results.open");
  wait_until (kalon_picture_pane_get_picture (fixture->window->viewer->pane) != NULL);
  act (fixture, "viewer.compare");
  g_assert_true (page_is (fixture, "viewer"));
  act (fixture, "viewer.next");
  wait_until (kalon_picture_pane_get_picture (fixture->window->viewer->pane) != NULL);
  act (fixture, "viewer.compare");
  g_assert_true (page_is (fixture, "pair"));
  act (fixture, "pair.close");
  g_assert_true (page_is (fixture, "viewer"));
}

static void
test_viewer (WindowFixture *fixture, gconstpointer data)
{
  KalonViewer *viewer = fixture->window->viewer;
  KalonPictureView *view = kalon_picture_pane_get_view (viewer->pane);
  const char *zoom = "Zoom 100 %";

  kalon_results_grid_select (fixture->window->grid, 1);
  act (fixture, "results.open");
  wait_until (kalon_picture_view_get_zoom (view) > 0 && kalon_picture_view_is_sharp (view));
  act (fixture, "viewer.turn-right");
  g_assert_cmpuint (kalon_picture_view_get_turns (view), ==, 1);
  wait_until (gtk_widget_get_visible (
      GTK_WIDGET (display_find (GTK_WIDGET (viewer->pane), GTK_TYPE_LABEL, "osd-text"))));
  /* What stands on the button is not all that is read aloud. */
  wait_until (g_str_equal (gtk_button_get_label (viewer->zoom_button), "100 %"));
  gtk_test_accessible_assert_property (viewer->zoom_button, GTK_ACCESSIBLE_PROPERTY_LABEL, zoom);
  act (fixture, "viewer.next");
  g_assert_cmpuint (kalon_picture_view_get_turns (view), ==, 0);
  wait_until (kalon_picture_pane_get_picture (viewer->pane) != NULL);
  act (fixture, "viewer.copy");
  wait_until (gdk_clipboard_is_local (gtk_widget_get_clipboard (GTK_WIDGET (viewer))));
  act (fixture, "viewer.close");
  g_assert_true (page_is (fixture, "search"));
}

/* What GTK would read aloud as "_Copy All" and "GtkImage". */
static void
test_names (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *bar = GTK_WIDGET (fixture->window->note_bar);
  GtkWidget *close;
  GtkWidget *details = GTK_WIDGET (fixture->window->viewer->details);

  kalon_window_set_note (fixture->window, "A remark");
  close = display_find (bar, GTK_TYPE_BUTTON, "circular");
  wait_until (gtk_widget_get_mapped (close));
  gtk_test_accessible_assert_property (close, GTK_ACCESSIBLE_PROPERTY_LABEL, "Close");
  kalon_results_grid_select (fixture->window->grid, 0);
  act (fixture, "results.open");
  wait_until (gtk_widget_get_width (GTK_WIDGET (fixture->window->viewer->pane)) > 0);
  act (fixture, "viewer.details");
  wait_until (gtk_widget_get_mapped (display_find (details, GTK_TYPE_BUTTON, NULL)));
  gtk_test_accessible_assert_property (display_find (details, GTK_TYPE_BUTTON, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Copy All");
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  int status;

  /* The trash is below them. */
  home = g_dir_make_tmp ("kalon-pictures-XXXXXX", NULL);
  data = g_build_filename (home, "data", NULL);
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  display_init (&argc, &argv);
#define ADD(path, function)                                                                        \
  g_test_add (path, WindowFixture, NULL, set_up, function, window_tear_down)
  ADD ("/pictures/trash", test_trash);
  ADD ("/pictures/trash-in-viewer", test_trash_in_viewer);
  ADD ("/pictures/export", test_export);
  ADD ("/pictures/thumbs", test_thumbs);
  ADD ("/pictures/pair", test_pair);
  ADD ("/pictures/viewer", test_viewer);
  ADD ("/pictures/names", test_names);
#undef ADD
  status = g_test_run ();
  display_remove_folder (home);
  g_free (home);
  return status;
}
