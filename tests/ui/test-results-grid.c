/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"

#include "results/kalon-result-cell.h"
#include "results/kalon-results-grid.h"

typedef struct
{
  KalonResultsModel *model;
  KalonThumbnailQueue *queue;
  KalonResultsGrid *grid;
  GtkWindow *window;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->model = kalon_results_model_new ();
  fixture->queue = display_create_thumbnails ();
  fixture->grid = g_object_new (KALON_TYPE_RESULTS_GRID, NULL);
  kalon_results_grid_set_sources (fixture->grid, fixture->model, fixture->queue);
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 800, 600);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->grid));
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->grid), (gpointer *) &fixture->grid);
  gtk_window_destroy (fixture->window);
  wait_until (fixture->grid == NULL);
  display_finalize (fixture->queue);
  g_assert_finalize_object (fixture->model);
}

static guint
get_n_visible (Fixture *fixture)
{
  guint first, n_visible;

  kalon_results_grid_get_visible (fixture->grid, &first, &n_visible);
  return n_visible;
}

static guint
get_first (Fixture *fixture)
{
  guint first, n_visible;

  kalon_results_grid_get_visible (fixture->grid, &first, &n_visible);
  return first;
}

static guint
count_cells (GtkWidget *view)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (view); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;
  return n;
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) ids = display_create_ids (100000);
  GtkWidget *view = display_find (GTK_WIDGET (fixture->grid), GTK_TYPE_GRID_VIEW, NULL);
  g_autoptr (KalonResultItem) item = NULL;

  kalon_results_model_set_pictures (fixture->model, ids);
  wait_until (get_n_visible (fixture) > 0);
  g_assert_cmpuint (get_first (fixture), ==, 0);
  g_assert_cmpuint (get_n_visible (fixture), >=, 12);
  g_assert_cmpuint (get_n_visible (fixture), <=, 40);

  /* Somewhere in the middle: what is visible there gets its thumbnails. */
  kalon_results_grid_select (fixture->grid, 50000);
  wait_until (get_first (fixture) > 49000);
  g_assert_cmpuint (get_first (fixture), <=, 50000);
  g_assert_cmpuint (get_first (fixture) + get_n_visible (fixture), >, 50000);
  wait_until (kalon_results_model_peek_item (fixture->model, 50001) != NULL);
  item = g_object_ref (kalon_results_model_peek_item (fixture->model, 50001));
  wait_until (kalon_result_item_get_texture (item) != NULL);

  /* The view binds some 30 rows; max-columns is what keeps that small (peers.md 3.4). */
  g_assert_cmpuint (count_cells (view), <, 300);
  /* 3 screens of 48 x 32 textures, and two places. */
  g_assert_cmpuint (kalon_thumbnail_queue_get_size (fixture->queue), <, 2 * 3 * 41 * 7000);

  kalon_results_grid_scroll_to_top (fixture->grid);
  wait_until (get_first (fixture) == 0);
}

static void
test_cells (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonResults) results = display_create_results (120, 0);
  GtkWidget *cell;

  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (get_n_visible (fixture) > 0);
  cell = display_find (GTK_WIDGET (fixture->grid), KALON_TYPE_RESULT_CELL, NULL);
  wait_until (kalon_result_item_get_texture (kalon_result_cell_get_item (KALON_RESULT_CELL (cell)))
              != NULL);
  gtk_test_accessible_assert_role (cell, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (cell, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "1.jpeg, rank 1 of 120, similarity 0.50");
  /* The focus goes to the view's own wrapper: it must have the name too. */
  gtk_test_accessible_assert_property (gtk_widget_get_parent (cell), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "1.jpeg, rank 1 of 120, similarity 0.50");
  g_assert_true (gtk_widget_get_has_tooltip (cell));
}

static void
opened_cb (KalonResultsGrid *grid, guint position, guint *opened)
{
  *opened = position;
}

static void
more_cb (KalonResultsGrid *grid, const char *path, char **asked)
{
  *asked = g_strdup (path);
}

/* What the window would be asked to do: "name: ids". */
static void
asked_cb (GSimpleAction *action, GVariant *parameter, GString *asked)
{
  g_autofree char *ids = g_variant_print (parameter, FALSE);

  g_string_append_printf (asked, "%s %s;", g_action_get_name (G_ACTION (action)), ids);
}

static void
add_window_actions (Fixture *fixture, GString *asked)
{
  static const char *const names[] = { "copy-pictures", "trash-pictures", "compare-pictures" };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (names[i], G_VARIANT_TYPE ("ax"));

      g_signal_connect (action, "activate", G_CALLBACK (asked_cb), asked);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (fixture->window), "win", G_ACTION_GROUP (group));
}

/* Several at a time: how many decides what can be done, and the bar says how many. */
static void
test_selection (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonResults) results = display_create_results (1000, 0);
  g_autoptr (GString) asked = g_string_new (NULL);
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  GtkWidget *grid = GTK_WIDGET (fixture->grid);
  GtkWidget *bar = display_find (grid, GTK_TYPE_ACTION_BAR, NULL);
  GtkWidget *view = display_find (grid, GTK_TYPE_GRID_VIEW, NULL);
  GtkWidget *label = display_find (bar, GTK_TYPE_LABEL, "numeric");
  GtkSelectionModel *selection;
  const gint64 second = 2, last = 1000;

  add_window_actions (fixture, asked);
  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (get_n_visible (fixture) > 0);
  selection = gtk_grid_view_get_model (GTK_GRID_VIEW (view));
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE);
  kalon_results_grid_select (fixture->grid, 1);
  g_assert_false (gtk_action_bar_get_revealed (GTK_ACTION_BAR (bar)));
  gtk_widget_activate_action (grid, "results.compare", NULL);
  g_assert_cmpstr (asked->str, ==, "");
  gtk_widget_activate_action (grid, "results.pin", NULL);
  gtk_selection_model_select_item (selection, 4, FALSE);
  g_assert_true (gtk_action_bar_get_revealed (GTK_ACTION_BAR (bar)));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, "2 selected");
  gtk_test_accessible_assert_role (label, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_widget_activate_action (grid, "results.compare", NULL);
  gtk_widget_activate_action (grid, "results.copy", NULL);
  g_assert_cmpstr (asked->str, ==,
                   "compare-pictures [2];compare-pictures [2, 5];copy-pictures [2, 5];");

  /* It goes with the pictures when some come to be hidden, and when they change their order. */
  g_array_append_val (gone, second);
  kalon_results_model_set_hidden (fixture->model, gone, TRUE);
  g_string_truncate (asked, 0);
  g_assert_false (gtk_action_bar_get_revealed (GTK_ACTION_BAR (bar)));
  gtk_widget_activate_action (grid, "results.copy", NULL);
  g_assert_cmpstr (asked->str, ==, "copy-pictures [5];");
  kalon_results_model_set_hidden (fixture->model, gone, FALSE);
  results->aligned = g_array_copy (results->results);
  g_array_index (results->aligned, KalonResult, 4).picture = last;
  g_array_index (results->aligned, KalonResult, 999).picture = 5;
  gtk_selection_model_select_item (selection, 0, FALSE);
  kalon_results_model_set_results (fixture->model, results, TRUE, "lake");
  g_string_truncate (asked, 0);
  gtk_widget_activate_action (grid, "results.trash", NULL);
  g_assert_cmpstr (asked->str, ==, "trash-pictures [1, 5];");

  /* All of them, and none; another query begins with none. */
  gtk_widget_activate_action (view, "list.select-all", NULL);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, "1000 selected");
  gtk_widget_activate_action (grid, "results.select-none", NULL);
  g_assert_false (gtk_action_bar_get_revealed (GTK_ACTION_BAR (bar)));
  gtk_widget_activate_action (view, "list.select-all", NULL);
  kalon_results_model_set_results (fixture->model, results, FALSE, "sea");
  g_assert_false (gtk_action_bar_get_revealed (GTK_ACTION_BAR (bar)));
  gtk_widget_insert_action_group (GTK_WIDGET (fixture->window), "win", NULL);
}

static void
test_actions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonResults) results = display_create_results (30, 0);
  g_autofree char *asked = NULL;
  GtkWidget *grid = GTK_WIDGET (fixture->grid);
  KalonResultItem *item;
  guint opened = G_MAXUINT;

  g_signal_connect (grid, "opened", G_CALLBACK (opened_cb), &opened);
  g_signal_connect (grid, "more-like-this", G_CALLBACK (more_cb), &asked);
  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (get_n_visible (fixture) > 0);

  /* Nothing selected, nothing to do. */
  gtk_widget_activate_action (grid, "results.open", NULL);
  g_assert_cmpuint (opened, ==, G_MAXUINT);

  kalon_results_grid_select (fixture->grid, 2);
  gtk_widget_activate_action (grid, "results.open", NULL);
  g_assert_cmpuint (opened, ==, 2);
  item = kalon_results_model_peek_item (fixture->model, 3);
  wait_until (kalon_result_item_get_picture (item) != NULL);
  gtk_widget_activate_action (grid, "results.more-like-this", NULL);
  g_assert_cmpstr (asked, ==, "/nowhere/3.jpeg");
}

static void
test_focus (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonResults) results = display_create_results (1000, 0);
  GtkWidget *focus;

  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (get_n_visible (fixture) > 0);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->grid));
  kalon_results_grid_select (fixture->grid, 500);
  wait_until ((focus = gtk_window_get_focus (fixture->window)) != NULL
              && KALON_IS_RESULT_CELL (gtk_widget_get_first_child (focus))
              && kalon_result_item_get_rank (kalon_result_cell_get_item (
                     KALON_RESULT_CELL (gtk_widget_get_first_child (focus))))
                     == 501);
}

static gint64
get_focused_id (Fixture *fixture)
{
  GtkWidget *focus = gtk_window_get_focus (fixture->window);
  GtkWidget *cell = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return cell != NULL && KALON_IS_RESULT_CELL (cell) ? kalon_result_item_get_picture_id (
             kalon_result_cell_get_item (KALON_RESULT_CELL (cell)))
                                                     : 0;
}

static gboolean
is_at (Fixture *fixture, gint64 focused, double place)
{
  GtkWidget *scrolled = display_find (GTK_WIDGET (fixture->grid), GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  return get_focused_id (fixture) == focused
         && ABS (gtk_adjustment_get_value (adjustment) - place) < 1;
}

/* Another ranking of the same query: one stays where one is, with the picture that one is at. */
static void
test_reordering (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonResults) results = display_create_results (1000, 0);
  GtkWidget *scrolled = display_find (GTK_WIDGET (fixture->grid), GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  KalonResult moved;
  double place;

  /* 501 goes two places up; 503 far away. */
  results->aligned = g_array_copy (results->results);
  moved = g_array_index (results->aligned, KalonResult, 500);
  g_array_remove_index (results->aligned, 500);
  g_array_insert_val (results->aligned, 498, moved);
  moved = g_array_index (results->aligned, KalonResult, 502);
  g_array_remove_index (results->aligned, 502);
  g_array_insert_val (results->aligned, 10, moved);

  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (get_n_visible (fixture) > 0);
  kalon_results_grid_select (fixture->grid, 500);
  wait_until (get_focused_id (fixture) == 501);
  place = gtk_adjustment_get_value (adjustment);
  g_assert_cmpfloat (place, >, 1000);

  kalon_results_model_set_results (fixture->model, results, TRUE, "lake");
  wait_until (is_at (fixture, 501, place));
  display_run_for (100);
  g_assert_true (is_at (fixture, 501, place));

  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (is_at (fixture, 501, place));
  kalon_results_grid_select (fixture->grid, 502);
  wait_until (get_focused_id (fixture) == 503);
  place = gtk_adjustment_get_value (adjustment);
  kalon_results_model_set_results (fixture->model, results, TRUE, "lake");
  /* Its picture is out of sight: the focus stays with the one that came in its place. */
  wait_until (is_at (fixture, 502, place) || is_at (fixture, 504, place));

  /* There are fewer: the end of them, and the focus is still theirs. */
  g_array_set_size (results->results, 100);
  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (get_focused_id (fixture) > 60 && get_focused_id (fixture) <= 100);
}

typedef struct
{
  guint position;
  gboolean liked;
  guint n;
} Thumb;

static void
thumb_cb (KalonResultsGrid *grid, guint position, gboolean liked, Thumb *thumb)
{
  *thumb = (Thumb){ position, liked, thumb->n + 1 };
}

static gboolean
is_in_first_half (GtkWidget *button)
{
  GtkWidget *cell = gtk_widget_get_ancestor (button, KALON_TYPE_RESULT_CELL);
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (button, cell, &bounds));
  return bounds.origin.x + bounds.size.width < gtk_widget_get_width (cell) / 2.f;
}

static void
test_thumbs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonThumbs) thumbs = kalon_thumbs_new ("/dev/null/kalon");
  g_autoptr (KalonResults) results = display_create_results (30, 0);
  GtkWidget *grid = GTK_WIDGET (fixture->grid);
  Thumb thumb = { 0 };
  GtkWidget *button, *other, *pointed_at;

  kalon_results_model_set_thumbs (fixture->model, thumbs);
  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  g_signal_connect (grid, "thumb", G_CALLBACK (thumb_cb), &thumb);
  wait_until (get_n_visible (fixture) > 0);
  g_assert_null (display_find (grid, GTK_TYPE_BUTTON, "thumb"));

  /* Where the focus is, they are to be seen. */
  kalon_results_grid_select (fixture->grid, 2);
  wait_until (get_focused_id (fixture) == 3);
  button = display_find (gtk_window_get_focus (fixture->window), GTK_TYPE_BUTTON, "thumb");
  g_assert_true (gtk_widget_get_mapped (button));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Thumb Up");
  gtk_test_accessible_assert_property (gtk_widget_get_next_sibling (button),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Thumb Down");
  g_signal_emit_by_name (gtk_widget_get_next_sibling (button), "clicked");
  g_assert_cmpuint (thumb.n, ==, 1);
  g_assert_cmpuint (thumb.position, ==, 2);
  g_assert_false (thumb.liked);
  gtk_widget_activate_action (grid, "results.like", NULL);
  g_assert_cmpuint (thumb.n, ==, 2);
  g_assert_cmpuint (thumb.position, ==, 2);
  g_assert_true (thumb.liked);

  /* Where the pointer is, they are too, and go a moment after it: see LINGER. */
  other = gtk_widget_get_next_sibling (gtk_window_get_focus (fixture->window));
  gtk_widget_set_state_flags (other, GTK_STATE_FLAG_PRELIGHT, FALSE);
  pointed_at = display_find (other, GTK_TYPE_BUTTON, "thumb");
  g_assert_true (gtk_widget_get_mapped (pointed_at));
  gtk_widget_unset_state_flags (other, GTK_STATE_FLAG_PRELIGHT);
  g_assert_true (gtk_widget_get_mapped (pointed_at));
  wait_until (!gtk_widget_get_mapped (pointed_at));

  /* In the corner where reading begins. */
  wait_until (is_in_first_half (button));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  wait_until (!is_in_first_half (button));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_size (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) ids = display_create_ids (1000);
  guint size, n_small;

  kalon_results_model_set_pictures (fixture->model, ids);
  g_object_set (fixture->grid, "thumbnail-size", 96, NULL);
  wait_until (get_n_visible (fixture) > 30);
  n_small = get_n_visible (fixture);
  g_object_set (fixture->grid, "thumbnail-size", 320, NULL);
  wait_until (get_n_visible (fixture) < n_small / 3);
  g_object_get (fixture->grid, "thumbnail-size", &size, NULL);
  g_assert_cmpuint (size, ==, 320);
}

static KalonResultCell *
find_cell (Fixture *fixture, gint64 picture)
{
  GtkWidget *view = display_find (GTK_WIDGET (fixture->grid), GTK_TYPE_GRID_VIEW, NULL);

  for (GtkWidget *child = gtk_widget_get_first_child (view); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      KalonResultCell *cell = KALON_RESULT_CELL (gtk_widget_get_first_child (child));
      KalonResultItem *item = kalon_result_cell_get_item (cell);

      if (item != NULL && kalon_result_item_get_picture_id (item) == picture)
        return cell;
    }
  return NULL;
}

static void
test_unfold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonResults) results = display_create_results (20, 0);
  GtkWidget *grid = GTK_WIDGET (fixture->grid), *badge, *focus;

  kalon_results_model_set_results (fixture->model, results, FALSE, "lake");
  wait_until (get_n_visible (fixture) > 0);
  g_assert_null (display_find (GTK_WIDGET (find_cell (fixture, 4)), GTK_TYPE_BUTTON, "badge"));
  badge = display_find (GTK_WIDGET (find_cell (fixture, 5)), GTK_TYPE_BUTTON, "badge");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (badge)), ==, "+1");
  gtk_test_accessible_assert_role (badge, GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_test_accessible_assert_property (badge, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Show 1 Near-Duplicate");

  /* By its badge; what comes in is marked. */
  g_signal_emit_by_name (badge, "clicked");
  wait_until (find_cell (fixture, DISPLAY_FOLDED + 5) != NULL);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (badge)), ==, "−1");
  gtk_test_accessible_assert_property (badge, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Fold the Near-Duplicates");
  badge = display_find (GTK_WIDGET (find_cell (fixture, DISPLAY_FOLDED + 5)), GTK_TYPE_BUTTON,
                        "badge");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (badge)), ==, "≈");
  g_assert_true (gtk_widget_has_css_class (
      gtk_widget_get_parent (GTK_WIDGET (find_cell (fixture, DISPLAY_FOLDED + 5))), "unfolded"));

  /* By key on one of them: its result gets the focus. */
  kalon_results_grid_select (fixture->grid, 5);
  focus = gtk_widget_get_parent (GTK_WIDGET (find_cell (fixture, DISPLAY_FOLDED + 5)));
  wait_until (gtk_window_get_focus (fixture->window) == focus);
  gtk_widget_activate_action (grid, "results.toggle-duplicates", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 20);
  focus = gtk_widget_get_parent (GTK_WIDGET (find_cell (fixture, 5)));
  wait_until (gtk_window_get_focus (fixture->window) == focus);
  g_assert_false (gtk_widget_has_css_class (focus, "unfolded"));

  /* Again, with the selection where it was. */
  gtk_widget_activate_action (grid, "results.toggle-duplicates", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 21);
  display_run_for (50);
  g_assert_true (gtk_window_get_focus (fixture->window) == focus);
  kalon_results_grid_select (fixture->grid, 0);
  gtk_widget_activate_action (grid, "results.toggle-duplicates", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 21);
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add ("/results-grid/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/results-grid/cells", Fixture, NULL, set_up, test_cells, tear_down);
  g_test_add ("/results-grid/selection", Fixture, NULL, set_up, test_selection, tear_down);
  g_test_add ("/results-grid/actions", Fixture, NULL, set_up, test_actions, tear_down);
  g_test_add ("/results-grid/focus", Fixture, NULL, set_up, test_focus, tear_down);
  g_test_add ("/results-grid/reordering", Fixture, NULL, set_up, test_reordering, tear_down);
  g_test_add ("/results-grid/thumbs", Fixture, NULL, set_up, test_thumbs, tear_down);
  g_test_add ("/results-grid/size", Fixture, NULL, set_up, test_size, tear_down);
  g_test_add ("/results-grid/unfold", Fixture, NULL, set_up, test_unfold, tear_down);
  return g_test_run ();
}
