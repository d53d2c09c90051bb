/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"

#include "search/kalon-history-popover.h"
#include "search/kalon-history-row.h"
#include "search/kalon-pasted.h"
#include "search/kalon-query-token.h"
#include "search/kalon-question-text.h"
#include "search/kalon-search-box.h"
#include "search/kalon-term-popover.h"

/* The box over a search without a model: what is asked is seen all the same. */
typedef struct
{
  KalonCatalogue *catalogue;
  KalonSearch *search;
  KalonHistory *history;
  char *directory;
  KalonSearchBox *box;
  GtkWindow *window;
  GtkWidget *tray;
  GtkWidget *entry;
  guint n_left;
  char *message;
} Fixture;

static void
left_cb (Fixture *fixture)
{
  fixture->n_left++;
}

static void
message_cb (Fixture *fixture, const char *message)
{
  g_free (fixture->message);
  fixture->message = g_strdup (message);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  /* No library can be there. */
  fixture->catalogue = kalon_catalogue_new ("/dev/null/kalon", NULL);
  fixture->search = kalon_search_new (NULL, "There is no model.", fixture->catalogue);
  fixture->box = g_object_new (KALON_TYPE_SEARCH_BOX, NULL);
  kalon_search_box_set_search (fixture->box, fixture->search);
  fixture->directory = g_dir_make_tmp ("kalon-search-box-XXXXXX", NULL);
  fixture->history = kalon_history_new (fixture->directory);
  kalon_search_box_set_history (fixture->box, fixture->history);
  g_signal_connect_swapped (fixture->box, "leave", G_CALLBACK (left_cb), fixture);
  g_signal_connect_swapped (fixture->box, "message", G_CALLBACK (message_cb), fixture);
  fixture->tray = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  kalon_search_box_set_places (fixture->box, GTK_BOX (fixture->tray), GTK_BOX (fixture->tray));
  gtk_box_append (GTK_BOX (fixture->tray), GTK_WIDGET (fixture->box));
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 420, 100);
  gtk_window_set_child (fixture->window, fixture->tray);
  gtk_window_present (fixture->window);
  fixture->entry = display_find (GTK_WIDGET (fixture->box), GTK_TYPE_SEARCH_ENTRY, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->box), (gpointer *) &fixture->box);
  gtk_window_destroy (fixture->window);
  wait_until (fixture->box == NULL);
  wait_until (!kalon_search_is_busy (fixture->search));
  display_finalize (fixture->search);
  display_finalize (fixture->catalogue);
  display_finalize (fixture->history);
  display_remove_folder (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->message);
}

static void
type (Fixture *fixture, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), text);
  g_signal_emit_by_name (fixture->entry, "activate");
}

static void
assert_asked (Fixture *fixture, const char *expected)
{
  g_autofree char *text = kalon_question_to_text (kalon_search_get_question (fixture->search));

  g_assert_cmpstr (text, ==, expected);
}

static GtkWidget *
get_token (Fixture *fixture, guint position)
{
  GtkWidget *token = display_find (GTK_WIDGET (fixture->box), KALON_TYPE_QUERY_TOKEN, NULL);

  for (guint i = 0; i < position; i++)
    token = gtk_widget_get_next_sibling (token);
  return token;
}

/* The part of a token that has the focus. */
static GtkWidget *
get_button (Fixture *fixture, guint position)
{
  return display_find (get_token (fixture, position), GTK_TYPE_BUTTON, NULL);
}

static gboolean
press_on (GtkWidget *widget, guint keyval)
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

/* As the widget with the focus gets it, and those around it if it does not want it. */
static gboolean
press (Fixture *fixture, guint keyval)
{
  GtkWidget *widget = gtk_window_get_focus (fixture->window);

  while (widget != NULL)
    {
      if (press_on (widget, keyval))
        return TRUE;
      widget = gtk_widget_get_parent (widget);
    }
  return FALSE;
}

static gboolean
has_focus (Fixture *fixture, GtkWidget *widget)
{
  GtkWidget *focus = gtk_window_get_focus (fixture->window);

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
test_typed (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button;

  g_assert_null (get_token (fixture, 0));

  /* A term that is being typed is not searched for as words. */
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "red boat -peop");
  wait_until (g_str_equal (kalon_search_get_text (fixture->search), "red boat"));
  g_assert_null (get_token (fixture, 0));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "red boat -peop");

  /* Return makes a token of it; once more goes to the results. */
  type (fixture, "red boat -people");
  assert_asked (fixture, "red boat · not: people");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "red boat");
  g_assert_cmpuint (fixture->n_left, ==, 0);
  type (fixture, "red boat");
  g_assert_cmpuint (fixture->n_left, ==, 1);
  type (fixture, "red boat not: fog, rain");
  assert_asked (fixture, "red boat · not: people · not: fog · not: rain");

  button = get_button (fixture, 0);
  gtk_test_accessible_assert_role (button, GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "not: people");
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Press to change, Delete to remove");
  gtk_test_accessible_assert_property (gtk_widget_get_next_sibling (button),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Remove “not: people”");
  g_signal_emit_by_name (gtk_widget_get_next_sibling (button), "clicked");
  assert_asked (fixture, "red boat · not: fog · not: rain");

  /* Escape clears all of it. */
  g_signal_emit_by_name (fixture->entry, "stop-search");
  assert_asked (fixture, "");
  g_assert_null (get_token (fixture, 0));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "");
}

static void
test_keyboard (Fixture *fixture, gconstpointer data)
{
  type (fixture, "boat -a -b -c");
  gtk_widget_grab_focus (GTK_WIDGET (fixture->box));
  gtk_editable_set_position (GTK_EDITABLE (fixture->entry), 2);
  g_assert_false (press (fixture, GDK_KEY_Left));
  gtk_editable_set_position (GTK_EDITABLE (fixture->entry), 0);
  g_assert_true (press (fixture, GDK_KEY_Left));
  g_assert_true (has_focus (fixture, get_token (fixture, 2)));
  press (fixture, GDK_KEY_Left);
  press (fixture, GDK_KEY_Left);
  g_assert_true (has_focus (fixture, get_token (fixture, 0)));
  press (fixture, GDK_KEY_Left);
  g_assert_true (has_focus (fixture, get_token (fixture, 0)));
  press (fixture, GDK_KEY_Right);
  g_assert_true (has_focus (fixture, get_token (fixture, 1)));

  /* Delete goes on to the next, Backspace to the one before, both to the entry in the end. */
  press (fixture, GDK_KEY_Delete);
  assert_asked (fixture, "boat · not: a · not: c");
  g_assert_true (has_focus (fixture, get_token (fixture, 1)));
  press (fixture, GDK_KEY_BackSpace);
  assert_asked (fixture, "boat · not: a");
  g_assert_true (has_focus (fixture, get_token (fixture, 0)));
  press (fixture, GDK_KEY_Right);
  g_assert_true (has_focus (fixture, fixture->entry));
  g_assert_cmpint (gtk_editable_get_position (GTK_EDITABLE (fixture->entry)), ==, 0);
  g_assert_true (press (fixture, GDK_KEY_BackSpace));
  press (fixture, GDK_KEY_BackSpace);
  assert_asked (fixture, "boat");
  g_assert_true (has_focus (fixture, fixture->entry));
  g_assert_false (press (fixture, GDK_KEY_BackSpace));
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_weight (Fixture *fixture, gconstpointer data)
{
  GtkWidget *popover, *scale, *not_button;
  GtkEditable *words;
  guint n_changes = 0;

  type (fixture, "boat -people");
  g_signal_emit_by_name (get_button (fixture, 0), "clicked");
  popover = display_find (get_token (fixture, 0), KALON_TYPE_TERM_POPOVER, NULL);
  wait_until (gtk_widget_get_mapped (popover));
  scale = display_find (popover, GTK_TYPE_SCALE, NULL);
  not_button = display_find (popover, GTK_TYPE_CHECK_BUTTON, NULL);
  words = GTK_EDITABLE (display_find (popover, GTK_TYPE_ENTRY, NULL));
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 1);
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (not_button)));
  g_assert_cmpstr (gtk_editable_get_text (words), ==, "people");
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (scale),
                                                   GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  gtk_test_accessible_assert_property (words, GTK_ACCESSIBLE_PROPERTY_LABEL, "Words");

  /* The token says at once what the search does when the scale rests. */
  wait_until (!kalon_search_is_busy (fixture->search));
  g_signal_connect_swapped (kalon_search_get_model (fixture->search), "items-changed",
                            G_CALLBACK (count_cb), &n_changes);
  for (guint i = 1; i <= 10; i++)
    gtk_range_set_value (GTK_RANGE (scale), 1 + i * 0.05);
  assert_asked (fixture, "boat · not: people ×1.5");
  gtk_test_accessible_assert_property (get_button (fixture, 0), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "not: people, weight 1.5");

  /* Its keys are not the token's. */
  gtk_widget_grab_focus (scale);
  press (fixture, GDK_KEY_Delete);
  assert_asked (fixture, "boat · not: people ×1.5");

  gtk_check_button_set_active (GTK_CHECK_BUTTON (not_button), FALSE);
  gtk_editable_set_text (words, "many people");
  gtk_popover_popdown (GTK_POPOVER (popover));
  wait_until (!gtk_widget_get_mapped (popover));
  assert_asked (fixture, "boat · many people ×1.5");

  /* Its button takes the term away. */
  g_signal_emit_by_name (get_button (fixture, 0), "clicked");
  g_signal_emit_by_name (gtk_widget_get_last_child (gtk_widget_get_parent (not_button)), "clicked");
  assert_asked (fixture, "boat");
  g_assert_true (has_focus (fixture, fixture->entry));
}

/* A file that a question comes from outside with: the words are shown, and its weight is kept. */
static void
test_question (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonQuestion) question = kalon_question_new ();
  GtkWidget *token;

  kalon_question_set_text (question, "lake");
  kalon_question_add_term (question, KALON_TERM_PICTURE, "/pictures/dawn.jpeg", 0.5f);
  kalon_question_add_term (question, KALON_TERM_PICTURE, "/pictures/dusk.jpeg", -3);
  kalon_search_set_question (fixture->search, question);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "lake");
  assert_asked (fixture, "lake · like: dawn.jpeg ×0.5 · not like: dusk.jpeg ×3");
  /* Where there is no room for them, the tokens are elsewhere, and do the same. */
  kalon_search_box_set_narrow (fixture->box, TRUE);
  g_assert_null (get_token (fixture, 0));
  token = display_find (fixture->tray, KALON_TYPE_QUERY_TOKEN, NULL);
  gtk_widget_grab_focus (token);
  press (fixture, GDK_KEY_Right);
  press (fixture, GDK_KEY_Right);
  g_assert_true (has_focus (fixture, fixture->entry));
  kalon_search_box_set_narrow (fixture->box, FALSE);
  g_assert_true (get_token (fixture, 0) == token);
  g_signal_emit_by_name (get_button (fixture, 1), "clicked");
  assert_asked (fixture, "lake · like: dawn.jpeg ×0.5 · not like: dusk.jpeg ×3");

  /* What is being typed is not lost when the same words are asked for again. */
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "lake at night");
  kalon_search_remove_term (fixture->search, 0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "lake at night");
  kalon_search_box_clear (fixture->box);
  assert_asked (fixture, "");
}

/* Filters that are typed are no words. */
static void
test_filter (Fixture *fixture, gconstpointer data)
{
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "lake date:20");
  wait_until (g_str_equal (kalon_search_get_text (fixture->search), "lake"));
  g_assert_null (get_token (fixture, 0));

  /* A blank ends it. */
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "lake date:2021 -fog ");
  wait_until (kalon_search_get_filter (fixture->search) != NULL);
  assert_asked (fixture, "lake · date:2021");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "lake -fog ");
  type (fixture, "lake -fog -camera:nokia");
  assert_asked (fixture, "lake · not: fog · date:2021 -camera:nokia");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "lake");
  gtk_test_accessible_assert_property (get_button (fixture, 2), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Camera: Not: nokia");

  /* Pressed, it is to be edited; by key, it goes. */
  g_signal_emit_by_name (get_button (fixture, 2), "clicked");
  assert_asked (fixture, "lake · not: fog · date:2021");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "lake -camera:nokia");
  g_assert_true (has_focus (fixture, fixture->entry));
  gtk_widget_grab_focus (get_token (fixture, 1));
  press (fixture, GDK_KEY_BackSpace);
  assert_asked (fixture, "lake · not: fog");
  g_assert_null (kalon_search_get_filter (fixture->search));
  g_assert_true (has_focus (fixture, get_token (fixture, 0)));
}

static GdkTexture *
create_texture (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (16 * 16 * 3), 16 * 16 * 3);

  return gdk_memory_texture_new (16, 16, GDK_MEMORY_R8G8B8, bytes, 16 * 3);
}

static void
test_paste (Fixture *fixture, gconstpointer data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->box));
  const KalonQuestion *question = kalon_search_get_question (fixture->search);
  g_autoptr (GdkTexture) texture = create_texture ();
  g_autoptr (GFile) file = g_file_new_for_path ("/pictures/lake.png");
  g_autoptr (GFile) other = g_file_new_for_path ("/pictures/notes.txt");
  GFile *files[] = { file, other };
  GdkFileList *list = gdk_file_list_new_from_array (files, 2);
  GdkFileList *none = gdk_file_list_new_from_array (files + 1, 1);

  gdk_clipboard_set_text (clipboard, "words");
  g_assert_false (kalon_search_box_paste (fixture->box));

  /* A picture without a file becomes one. */
  gdk_clipboard_set_texture (clipboard, texture);
  g_assert_true (kalon_search_box_paste (fixture->box));
  wait_until (kalon_search_get_question (fixture->search)->terms->len == 1);
  assert_asked (fixture, "like: pasted picture");
  question = kalon_search_get_question (fixture->search);
  g_assert_true (kalon_pasted_is_in (question));
  g_assert_true (
      g_file_test (((KalonTerm *) question->terms->pdata[0])->value, G_FILE_TEST_IS_REGULAR));

  /* Of files those that are pictures. */
  gdk_clipboard_set (clipboard, GDK_TYPE_FILE_LIST, list);
  g_assert_true (kalon_search_box_paste (fixture->box));
  wait_until (kalon_search_get_question (fixture->search)->terms->len == 2);
  assert_asked (fixture, "like: pasted picture · like: lake.png");
  gdk_clipboard_set (clipboard, GDK_TYPE_FILE_LIST, none);
  g_assert_true (kalon_search_box_paste (fixture->box));
  wait_until (fixture->message != NULL);
  g_assert_cmpstr (fixture->message, ==, "What was copied is no picture");
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  g_boxed_free (GDK_TYPE_FILE_LIST, none);
}

static void
add (Fixture *fixture, const char *typed, const char *name)
{
  g_autoptr (KalonQuestion) question = kalon_question_new ();

  kalon_question_read_typed (question, typed);
  if (name != NULL)
    g_assert_true (kalon_history_save (fixture->history, name, question, NULL));
  else
    g_assert_true (kalon_history_add (fixture->history, question, NULL));
}

static GtkWidget *
get_row (Fixture *fixture, guint position)
{
  GtkWidget *row = display_find (GTK_WIDGET (fixture->box), KALON_TYPE_HISTORY_ROW, NULL);

  for (guint i = 0; row != NULL && i < position; i++)
    row = gtk_widget_get_next_sibling (row);
  return row;
}

static guint
get_n_rows (Fixture *fixture)
{
  guint n = 0;

  while (get_row (fixture, n) != NULL)
    n++;
  return n;
}

static void
assert_kept (Fixture *fixture, guint n_saved, guint n_searches)
{
  g_autoptr (GPtrArray) entries = kalon_history_find (fixture->history, "", 0, NULL);

  for (guint i = 0; i < entries->len; i++)
    if (((KalonHistoryEntry *) entries->pdata[i])->name != NULL)
      n_saved--;
    else
      n_searches--;
  g_assert_cmpuint (n_saved, ==, 0);
  g_assert_cmpuint (n_searches, ==, 0);
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  GtkWidget *popover = display_find (GTK_WIDGET (fixture->box), KALON_TYPE_HISTORY_POPOVER, NULL);
  GtkWidget *row;

  /* Nothing was asked yet: Down goes to the results. */
  gtk_widget_grab_focus (GTK_WIDGET (fixture->box));
  press (fixture, GDK_KEY_Down);
  wait_until (fixture->n_left == 1);
  g_assert_false (gtk_widget_get_visible (popover));

  add (fixture, "red boat -people", NULL);
  add (fixture, "lake", NULL);
  add (fixture, "lake district", NULL);
  add (fixture, "boat at night", "Boats");
  press (fixture, GDK_KEY_Down);
  wait_until (get_n_rows (fixture) == 4);
  row = get_row (fixture, 0);
  wait_until (has_focus (fixture, row));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Saved search Boats: boat at night");
  gtk_test_accessible_assert_property (get_row (fixture, 3), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Earlier search: red boat · not: people");
  gtk_test_accessible_assert_role (row, GTK_ACCESSIBLE_ROLE_LIST_ITEM);

  /* Up goes back; typing lists what has it; what is asked already is not offered. */
  press (fixture, GDK_KEY_Up);
  g_assert_true (has_focus (fixture, fixture->entry));
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "lake");
  wait_until (get_n_rows (fixture) == 1);
  gtk_test_accessible_assert_property (get_row (fixture, 0), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Earlier search: lake district");
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "boat");
  wait_until (get_n_rows (fixture) == 2);

  /* One is asked again, whole. */
  row = get_row (fixture, 1);
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  assert_asked (fixture, "red boat · not: people");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "red boat");
  g_assert_true (has_focus (fixture, fixture->entry));
  wait_until (!gtk_widget_get_visible (popover));

  /* Escape closes the list before it clears the search. */
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "lake");
  kalon_search_box_show_history (fixture->box);
  wait_until (gtk_widget_get_visible (popover));
  g_signal_emit_by_name (fixture->entry, "stop-search");
  wait_until (!gtk_widget_get_visible (popover));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "lake");
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row, *undo;

  add (fixture, "lake", NULL);
  add (fixture, "sea", NULL);
  add (fixture, "boat", "Boats");
  gtk_widget_grab_focus (GTK_WIDGET (fixture->box));
  press (fixture, GDK_KEY_Down);
  wait_until (get_n_rows (fixture) == 3 && has_focus (fixture, get_row (fixture, 0)));

  /* A saved one can be taken back. */
  row = get_row (fixture, 0);
  press (fixture, GDK_KEY_Delete);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "“Boats” was removed");
  g_assert_true (has_focus (fixture, row));
  display_run_for (100);
  assert_kept (fixture, 0, 2);
  undo = display_find (row, GTK_TYPE_BUTTON, "small");
  g_assert_true (gtk_widget_get_visible (undo));
  g_signal_emit_by_name (undo, "clicked");
  display_run_for (100);
  assert_kept (fixture, 1, 2);

  /* Of the others the next gets the focus, and in the end the entry. */
  gtk_widget_grab_focus (get_row (fixture, 1));
  press (fixture, GDK_KEY_Delete);
  g_assert_cmpuint (get_n_rows (fixture), ==, 2);
  g_assert_true (has_focus (fixture, get_row (fixture, 1)));
  press (fixture, GDK_KEY_Delete);
  g_assert_true (has_focus (fixture, get_row (fixture, 0)));
  display_run_for (100);
  assert_kept (fixture, 1, 0);
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }
  return NULL;
}

static void
respond (const char *text, const char *response)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (find_dialog ());
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);

  if (text != NULL)
    {
      gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           "Name of the search");
      gtk_editable_set_text (GTK_EDITABLE (entry), " ");
      g_assert_false (adw_message_dialog_get_response_enabled (dialog, response));
      gtk_editable_set_text (GTK_EDITABLE (entry), text);
      g_assert_true (adw_message_dialog_get_response_enabled (dialog, response));
    }
  adw_message_dialog_response (dialog, response);
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (find_dialog () == NULL);
}

static void
test_save (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = GTK_WIDGET (fixture->box);
  g_autoptr (KalonHistoryEntry) entry = NULL;

  kalon_search_box_save (fixture->box);
  g_assert_cmpstr (fixture->message, ==, "Search for something first, then save the search");
  type (fixture, "boat -people");
  kalon_search_box_save (fixture->box);
  respond ("Boats", "accept");
  wait_until (g_strcmp0 (fixture->message, "The search is saved") == 0);
  entry = kalon_history_get_saved (fixture->history, "Boats", NULL);
  g_assert_true (
      kalon_question_equal (entry->question, kalon_search_get_question (fixture->search)));

  /* From its row, another name. */
  kalon_search_box_clear (fixture->box);
  kalon_search_box_show_history (fixture->box);
  wait_until (get_n_rows (fixture) == 1);
  gtk_widget_grab_focus (get_row (fixture, 0));
  press (fixture, GDK_KEY_F2);
  respond ("Ships", "accept");
  display_run_for (100);
  g_clear_pointer (&entry, kalon_history_entry_free);
  entry = kalon_history_get_saved (fixture->history, "Ships", NULL);
  g_assert_nonnull (entry);

  /* Clearing asks first, and spares what was saved. */
  add (fixture, "lake", NULL);
  gtk_widget_activate_action (box, "search.clear-history", NULL);
  respond (NULL, "cancel");
  assert_kept (fixture, 1, 1);
  gtk_widget_activate_action (box, "search.clear-history", NULL);
  respond (NULL, "clear");
  display_run_for (100);
  assert_kept (fixture, 1, 0);
}

/* What the box's menu does. */
static void
test_actions (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = GTK_WIDGET (fixture->box);
  GtkWidget *menu_button = display_find (box, GTK_TYPE_MENU_BUTTON, NULL);
  gboolean remembers;

  gtk_test_accessible_assert_property (menu_button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Ask in Another Way");
  gtk_widget_activate_action (box, "search.not-these", NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "not: ");
  type (fixture, "not: fog");
  assert_asked (fixture, "not: fog");
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "red boat");
  gtk_widget_activate_action (box, "search.these-too", NULL);
  assert_asked (fixture, "not: fog · red boat");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "");
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "people");
  gtk_widget_activate_action (box, "search.not-these", NULL);
  assert_asked (fixture, "not: fog · red boat · not: people");
  gtk_widget_activate_action (box, "search.paste", NULL);
  g_assert_nonnull (fixture->message);

  gtk_widget_activate_action (box, "search.remember", NULL);
  g_object_get (fixture->search, "remember-searches", &remembers, NULL);
  g_assert_false (remembers);
}

/* Many files are not as many tokens, and that is said. */
static void
test_many_pictures (Fixture *fixture, gconstpointer data)
{
  const guint n_files = KALON_SEARCH_MAX_PICTURES + 3;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  GdkFileList *list;
  GtkWidget *button;

  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_strdup_printf ("/pictures/%u.jpeg", i);

      g_ptr_array_add (files, g_file_new_for_path (path));
    }
  list = gdk_file_list_new_from_array ((GFile **) files->pdata, files->len);
  g_assert_true (kalon_search_box_add_files (fixture->box, list));
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  g_assert_cmpuint (kalon_search_get_question (fixture->search)->terms->len, ==,
                    KALON_SEARCH_MAX_PICTURES);
  g_assert_cmpstr (fixture->message, ==, "A search takes 12 pictures: 3 more were left out");

  /* Mnemonics are no part of a name. */
  g_signal_emit_by_name (get_button (fixture, 0), "clicked");
  button = display_find (get_token (fixture, 0), GTK_TYPE_CHECK_BUTTON, NULL);
  wait_until (gtk_widget_get_mapped (button));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Away from pictures of this");
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER)));
  wait_until (!gtk_widget_get_mapped (button));
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add ("/search-box/typed", Fixture, NULL, set_up, test_typed, tear_down);
  g_test_add ("/search-box/keyboard", Fixture, NULL, set_up, test_keyboard, tear_down);
  g_test_add ("/search-box/weight", Fixture, NULL, set_up, test_weight, tear_down);
  g_test_add ("/search-box/question", Fixture, NULL, set_up, test_question, tear_down);
  g_test_add ("/search-box/filter", Fixture, NULL, set_up, test_filter, tear_down);
  g_test_add ("/search-box/history", Fixture, NULL, set_up, test_history, tear_down);
  g_test_add ("/search-box/remove", Fixture, NULL, set_up, test_remove, tear_down);
  g_test_add ("/search-box/save", Fixture, NULL, set_up, test_save, tear_down);
  g_test_add ("/search-box/actions", Fixture, NULL, set_up, test_actions, tear_down);
  g_test_add ("/search-box/paste", Fixture, NULL, set_up, test_paste, tear_down);
  g_test_add ("/search-box/many-pictures", Fixture, NULL, set_up, test_many_pictures, tear_down);
  return g_test_run ();
}
