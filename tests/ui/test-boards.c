/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "boards/kalon-board-card.h"
#include "boards/kalon-board-cell.h"
#include "boards/kalon-board-export-dialog.h"
#include "boards/kalon-board-picker.h"
#include "boards/kalon-board-view-private.h"
#include "boards/kalon-boards-page-private.h"

static void
set_up (WindowFixture *fixture, gconstpointer data)
{
  window_set_up (fixture, data);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 700);
}

/* (transfer none) (nullable): the open window of that type */
static GtkWidget *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type))
        return window;
    }
  return NULL;
}

static KalonBoardsPage *
get_page (WindowFixture *fixture)
{
  return fixture->window->boards_page;
}

static gboolean
page_is (WindowFixture *fixture, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (get_page (fixture)->stack), name) == 0;
}

static void
act (WindowFixture *fixture, const char *name)
{
  GtkWidget *widget = g_str_has_prefix (name, "win.")      ? GTK_WIDGET (fixture->window)
                      : g_str_has_prefix (name, "boards.") ? GTK_WIDGET (get_page (fixture))
                                                           : GTK_WIDGET (get_page (fixture)->view);

  g_assert_true (gtk_widget_activate_action (widget, name, NULL));
}

/* The names of the open board's pictures, by their two digits: "03 00". */
static char *
describe (WindowFixture *fixture)
{
  const KalonBoardContents *contents = kalon_board_view_get_contents (get_page (fixture)->view);
  GString *text = g_string_new (NULL);

  for (guint i = 0; contents != NULL && i < contents->items->len; i++)
    {
      const KalonBoardItem *item = g_ptr_array_index (contents->items, i);
      g_autofree char *name = g_path_get_basename (item->path);
      const char *digits = g_str_has_prefix (name, "picture ") ? name + 8 : name;

      g_string_append_printf (text, "%s%.2s", i > 0 ? " " : "", digits);
    }
  return g_string_free (text, FALSE);
}

static gboolean
holds (WindowFixture *fixture, const char *names)
{
  g_autofree char *now = describe (fixture);

  return g_str_equal (now, names);
}

static GtkWidget *
find_cell (WindowFixture *fixture, guint position)
{
  KalonBoardView *view = get_page (fixture)->view;
  GHashTableIter iter;
  gpointer list_item;

  g_hash_table_iter_init (&iter, view->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (gtk_list_item_get_position (list_item) == position)
      return gtk_list_item_get_child (list_item);
  return NULL;
}

static void
assert_cell (WindowFixture *fixture, guint position, const char *label, const char *note)
{
  GtkWidget *wrapper = gtk_widget_get_parent (find_cell (fixture, position));

  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (wrapper), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       label);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (wrapper),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, note);
}

static void
select_items (WindowFixture *fixture, guint first, guint n)
{
  gtk_selection_model_select_range (GTK_SELECTION_MODEL (get_page (fixture)->view->selection),
                                    first, n, TRUE);
}

/* Through the dialog: the picture at @position of the grid comes onto the board of that name. */
static void
add_to_board (WindowFixture *fixture, guint position, const char *name)
{
  GtkWidget *picker, *entry;

  kalon_results_grid_select (fixture->window->grid, position);
  act (fixture, "win.add-to-board");
  wait_until (find_window (KALON_TYPE_BOARD_PICKER) != NULL);
  picker = find_window (KALON_TYPE_BOARD_PICKER);
  entry = display_find (picker, GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_ROLE_SEARCH_BOX);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Name of the Board");
  /* Listed, or there would be two offers to make one. */
  display_run_for (100);
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  g_signal_emit_by_name (entry, "activate");
  wait_until (find_window (KALON_TYPE_BOARD_PICKER) == NULL);
}

static void
open_board (WindowFixture *fixture)
{
  KalonBoardsPage *page = get_page (fixture);

  adw_view_stack_set_visible_child_name (fixture->window->views, KALON_VIEW_BOARDS);
  wait_until (page_is (fixture, "list"));
  g_signal_emit_by_name (page->list_view, "activate", 0);
  wait_until (page_is (fixture, "board") && kalon_board_view_get_contents (page->view) != NULL);
  wait_until (find_cell (fixture, 0) != NULL);
}

/* Four pictures, newest first, which is the last by number: 11 10 09 08. */
static void
fill_board (WindowFixture *fixture)
{
  KalonResultsModel *model = kalon_search_get_model (fixture->window->search);
  KalonBoardEdit *edit = kalon_board_edit_create ("Autumn", "for the cabin");
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardStore) store = kalon_board_store_open (fixture->library, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("picture %02u.png", 11 - i);
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      kalon_board_edit_take_path (edit, path);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 12);
  kalon_board_outcome_free (kalon_board_store_apply (store, edit, NULL, &error));
  g_assert_no_error (error);
  kalon_board_edit_free (edit);
  /* Another program's change is found. */
  kalon_boards_check (fixture->boards);
  open_board (fixture);
  wait_until (holds (fixture, "11 10 09 08"));
}

static void
test_picker (WindowFixture *fixture, gconstpointer data)
{
  KalonBoardsPage *page = get_page (fixture);
  g_autoptr (KalonBoardObject) object = NULL;
  GtkWidget *card;

  wait_until (page_is (fixture, "empty"));
  add_to_board (fixture, 2, "Autumn");
  add_to_board (fixture, 5, "autu");
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (page->store)) == 1);
  object = g_list_model_get_item (G_LIST_MODEL (page->store), 0);
  wait_until (kalon_board_object_get_board (object)->n_items == 2);
  g_assert_cmpstr (kalon_board_object_get_board (object)->name, ==, "Autumn");
  adw_view_stack_set_visible_child_name (fixture->window->views, KALON_VIEW_BOARDS);
  wait_until ((card = display_find (GTK_WIDGET (page), KALON_TYPE_BOARD_CARD, NULL)) != NULL);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (gtk_widget_get_parent (card)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Autumn, 2 pictures");

  /* The offer to undo takes back the last one. */
  g_assert_nonnull (fixture->window->board_toast);
  act (fixture, "win.undo-board");
  wait_until (kalon_board_object_get_board (object)->n_items == 1);
  g_assert_null (fixture->window->board_toast);

  /* From the viewer too. */
  adw_view_stack_set_visible_child_name (fixture->window->views, KALON_VIEW_SEARCH);
  kalon_results_grid_select (fixture->window->grid, 0);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window->grid), "results.open", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window->viewer), "viewer.last", NULL);
  {
    g_autoptr (GArray) pictures = kalon_window_list_selected (fixture->window);

    g_assert_cmpuint (pictures->len, ==, 1);
    g_assert_cmpint (
        g_array_index (pictures, gint64, 0), ==,
        kalon_results_model_get_picture_id (kalon_search_get_model (fixture->window->search), 11));
  }
}

static void
test_arrange (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *text;

  fill_board (fixture);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (get_page (fixture)->view->view),
                                   GTK_ACCESSIBLE_ROLE_GRID);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (get_page (fixture)->view->view),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Pictures of the Board");
  g_assert_cmpstr (gtk_label_get_text (get_page (fixture)->title_label), ==, "Autumn");
  g_assert_cmpstr (gtk_label_get_text (get_page (fixture)->subtitle_label), ==,
                   "4 pictures · for the cabin");
  assert_cell (fixture, 1, "picture 10.png, 2 of 4", "");

  /* Two of them together; they stay selected. */
  select_items (fixture, 1, 2);
  act (fixture, "board.earlier");
  g_assert_true (holds (fixture, "10 09 11 08"));
  act (fixture, "board.later");
  act (fixture, "board.later");
  g_assert_true (holds (fixture, "11 08 10 09"));
  act (fixture, "board.later");
  act (fixture, "board.first");
  g_assert_true (holds (fixture, "10 09 11 08"));
  act (fixture, "board.last");
  g_assert_true (holds (fixture, "11 08 10 09"));
  g_assert_true (gtk_selection_model_is_selected (
      GTK_SELECTION_MODEL (get_page (fixture)->view->selection), 3));
  display_run_for (200);
  g_assert_true (holds (fixture, "11 08 10 09"));
  wait_until (find_cell (fixture, 3) != NULL);
  assert_cell (fixture, 3, "picture 09.png, 4 of 4", "");

  /* Five moves; undone, they are as they were. */
  for (guint i = 0; i < 5; i++)
    act (fixture, "boards.undo");
  wait_until (holds (fixture, "11 10 09 08"));

  /* A note, written in place. */
  select_items (fixture, 2, 1);
  act (fixture, "board.note");
  text = display_find (find_cell (fixture, 2), GTK_TYPE_TEXT, "note-text");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Note");
  g_assert_true (gtk_widget_get_visible (text));
  gtk_editable_set_text (GTK_EDITABLE (text), "the warm one");
  g_signal_emit_by_name (text, "activate");
  g_assert_false (gtk_widget_get_visible (text));
  display_run_for (200);
  assert_cell (fixture, 2, "picture 09.png, 3 of 4", "the warm one");

  /* Sorted, they cannot be moved, and the arrangement is kept. */
  g_object_set (get_page (fixture), "order", "name", NULL);
  wait_until (holds (fixture, "08 09 10 11"));
  select_items (fixture, 0, 1);
  act (fixture, "board.last");
  display_run_for (100);
  g_assert_true (holds (fixture, "08 09 10 11"));
  g_object_set (get_page (fixture), "order", "arranged", NULL);
  wait_until (holds (fixture, "11 10 09 08"));
}

static void
test_remove (WindowFixture *fixture, gconstpointer data)
{
  KalonBoardsPage *page = get_page (fixture);
  g_autofree char *gone = g_build_filename (fixture->folder, "picture 11.png", NULL);
  g_autofree char *away = g_build_filename (fixture->directory, "away.png", NULL);

  fill_board (fixture);
  select_items (fixture, 1, 2);
  act (fixture, "board.remove");
  wait_until (holds (fixture, "11 08") && page->toast != NULL);
  act (fixture, "boards.undo");
  wait_until (holds (fixture, "11 10 09 08"));

  /* A file that is gone is told, not lost. */
  g_assert_cmpint (g_rename (gone, away), ==, 0);
  kalon_board_view_reload (page->view);
  display_run_for (200);
  wait_until (find_cell (fixture, 0) != NULL);
  assert_cell (fixture, 0, "picture 11.png, 1 of 4, missing", "");
  kalon_board_view_open (page->view, 0);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->window->pages), ==, "search");
  g_assert_cmpint (g_rename (away, gone), ==, 0);

  /* The whole board. */
  act (fixture, "boards.delete");
  wait_until (page_is (fixture, "empty"));
  act (fixture, "boards.undo");
  wait_until (page_is (fixture, "list"));
  open_board (fixture);
  wait_until (holds (fixture, "11 10 09 08"));
  act (fixture, "boards.duplicate");
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (page->store)) == 2);
  act (fixture, "boards.back");
  wait_until (page_is (fixture, "list"));
}

static void
test_viewer (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  KalonResultsModel *results = kalon_search_get_model (window->search);
  guint position;

  fill_board (fixture);
  select_items (fixture, 1, 1);
  act (fixture, "board.open");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->pages), ==, "viewer");
  g_assert_true (kalon_viewer_get_position (window->viewer, &position));
  g_assert_cmpuint (position, ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.last", NULL);
  g_assert_true (kalon_viewer_get_position (window->viewer, &position));
  g_assert_cmpuint (position, ==, 3);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.close", NULL);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->pages), ==, "search");
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (window->views), ==, KALON_VIEW_BOARDS);
  /* Where one looked last is where one is. */
  g_assert_true (gtk_selection_model_is_selected (
      GTK_SELECTION_MODEL (get_page (fixture)->view->selection), 3));
  g_assert_true (kalon_viewer_get_model (window->viewer) == results);

  select_items (fixture, 1, 2);
  act (fixture, "boards.more-like-these");
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (window->views), ==, KALON_VIEW_SEARCH);
  g_assert_cmpuint (kalon_search_get_question (window->search)->terms->len, ==, 2);
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS);
}

/* As if files of another program were dropped. */
static void
drop (GtkWidget *widget, const char *path)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GdkFileList *files = gdk_file_list_new_from_array (&file, 1);
  GValue value = G_VALUE_INIT;
  gboolean dropped = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, files);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 5.0, 5.0, &dropped);
    }
  g_value_unset (&value);
  g_assert_true (dropped);
}

static void
test_drop (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *outside = g_build_filename (fixture->directory, "zz outside.png", NULL);
  g_autofree char *second = g_build_filename (fixture->directory, "yy second.png", NULL);

  display_write_picture (fixture->directory, "zz outside.png", 9, 99, 199);
  display_write_picture (fixture->directory, "yy second.png", 99, 99, 19);
  fill_board (fixture);
  /* Kept by its path, in front of the picture that it was dropped on. */
  drop (GTK_WIDGET (get_page (fixture)->view), outside);
  wait_until (holds (fixture, "zz 11 10 09 08") || holds (fixture, "11 10 09 08 zz"));
  act (fixture, "boards.undo");
  wait_until (holds (fixture, "11 10 09 08"));
  /* On the board in the list: at its end. */
  act (fixture, "boards.back");
  wait_until (display_find (GTK_WIDGET (get_page (fixture)), KALON_TYPE_BOARD_CARD, NULL) != NULL);
  drop (display_find (GTK_WIDGET (get_page (fixture)), KALON_TYPE_BOARD_CARD, NULL), second);
  display_run_for (200);
  open_board (fixture);
  wait_until (holds (fixture, "11 10 09 08 yy"));
}

static void
test_export (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *gone = g_build_filename (fixture->folder, "picture 09.png", NULL);
  g_autofree char *folder = g_build_filename (fixture->directory, "exported", NULL);
  g_autofree char *again = g_build_filename (fixture->directory, "again.zip", NULL);
  g_autofree char *first = g_build_filename (folder, "01 picture 11.png", NULL);
  g_autofree char *notes = g_build_filename (folder, "Notes.txt", NULL);
  GtkWidget *dialog, *button, *bar;

  fill_board (fixture);
  act (fixture, "boards.export");
  wait_until (find_window (KALON_TYPE_BOARD_EXPORT_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_BOARD_EXPORT_DIALOG);
  button = display_find (dialog, GTK_TYPE_BUTTON, "suggested-action");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_ROLE_BUTTON);
  bar = display_find (dialog, GTK_TYPE_PROGRESS_BAR, NULL);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Exporting");
  kalon_board_export_dialog_export_to (KALON_BOARD_EXPORT_DIALOG (dialog), folder);
  wait_until (find_window (KALON_TYPE_BOARD_EXPORT_DIALOG) == NULL);
  g_assert_true (g_file_test (first, G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_test (notes, G_FILE_TEST_IS_REGULAR));

  /* What is not there any more is told, and the rest is exported. */
  g_assert_cmpint (g_remove (gone), ==, 0);
  act (fixture, "boards.export");
  wait_until (find_window (KALON_TYPE_BOARD_EXPORT_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_BOARD_EXPORT_DIALOG);
  adw_combo_row_set_selected (ADW_COMBO_ROW (display_find (dialog, ADW_TYPE_COMBO_ROW, NULL)),
                              KALON_BOARD_FORMAT_ZIP);
  kalon_board_export_dialog_export_to (KALON_BOARD_EXPORT_DIALOG (dialog), again);
  wait_until (g_file_test (again, G_FILE_TEST_IS_REGULAR));
  display_run_for (200);
  g_assert_nonnull (find_window (KALON_TYPE_BOARD_EXPORT_DIALOG));
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (find_window (KALON_TYPE_BOARD_EXPORT_DIALOG) == NULL);
}

static void
test_names (WindowFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *icon;
    const char *label;
  } buttons[] = {
    { "go-previous-symbolic", "All Boards" },
    { "send-to-symbolic", "Export…" },
  };
  GtkWidget *name;

  fill_board (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      GtkWidget *bar = gtk_widget_get_first_child (
          gtk_stack_get_child_by_name (get_page (fixture)->stack, "board"));
      gboolean found = FALSE;

      for (GtkWidget *child = gtk_widget_get_first_child (bar); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        if (GTK_IS_BUTTON (child)
            && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (child)), buttons[i].icon) == 0)
          {
            found = TRUE;
            gtk_test_accessible_assert_property (GTK_ACCESSIBLE (child),
                                                 GTK_ACCESSIBLE_PROPERTY_LABEL, buttons[i].label);
            g_assert_cmpstr (gtk_widget_get_tooltip_text (child), ==, buttons[i].label);
          }
      g_assert_true (found);
    }

  /* A name is changed in a dialog; a blank one is not offered. */
  act (fixture, "boards.edit");
  wait_until (find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  name = display_find (find_window (ADW_TYPE_MESSAGE_DIALOG), ADW_TYPE_ENTRY_ROW, NULL);
  gtk_editable_set_text (GTK_EDITABLE (name), "  ");
  g_assert_false (adw_message_dialog_get_response_enabled (
      ADW_MESSAGE_DIALOG (find_window (ADW_TYPE_MESSAGE_DIALOG)), "agree"));
  gtk_editable_set_text (GTK_EDITABLE (name), "Winter");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_window (ADW_TYPE_MESSAGE_DIALOG)), "agree");
  gtk_window_destroy (GTK_WINDOW (find_window (ADW_TYPE_MESSAGE_DIALOG)));
  wait_until (g_str_equal (gtk_label_get_text (get_page (fixture)->title_label), "Winter"));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (WindowFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/boards-page/picker", test_picker }, { "/boards-page/arrange", test_arrange },
    { "/boards-page/remove", test_remove }, { "/boards-page/viewer", test_viewer },
    { "/boards-page/drop", test_drop },     { "/boards-page/export", test_export },
    { "/boards-page/names", test_names },
  };

  display_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, WindowFixture, NULL, set_up, tests[i].run, window_tear_down);
  return g_test_run ();
}
