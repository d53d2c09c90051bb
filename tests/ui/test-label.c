/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "label/kalon-label-new-dialog-private.h"
#include "label/kalon-label-page-private.h"
#include "label/kalon-label-view-private.h"
#include "label/kalon-label-who-dialog.h"
#include "label/label-text.h"
#include "report/kalon-report.h"
#include "settings/kalon-settings.h"

#define N_ITEMS 6
#define N_TASKS 8 /* two come twice */
#define SET "Reds & “Blues”"

typedef struct
{
  WindowFixture window;
  KalonLabelPage *page;
  KalonLabelView *view;
  char *message; /* the last one */
  char *written;
} Fixture;

static void
message_cb (Fixture *fixture, const char *text)
{
  g_free (fixture->message);
  fixture->message = g_strdup (text);
}

static void
written_cb (Fixture *fixture, const char *text, const char *path)
{
  g_free (fixture->written);
  fixture->written = g_strdup (path);
}

/* (transfer full): its key */
static char *
write_results (Fixture *fixture, const char *name, guint first)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = g_strdup_printf ("%s/%s.json", fixture->window.directory, name);

  g_string_append_printf (text, "{\"system\": \"%s\", \"results\": [", name);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_string_append_printf (text, "%s{\"query\": \"query %u\", \"pictures\": [", i > 0 ? "," : "",
                              i);
      for (guint j = 0; j < 5; j++)
        g_string_append_printf (text, "%s\"%s/picture %02u.png\"", j > 0 ? ", " : "",
                                fixture->window.folder, (i + j + first) % 12);
      g_string_append (text, "]}");
    }
  g_string_append (text, "]}");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return g_strconcat ("results:", path, NULL);
}

static void
build_set (Fixture *fixture)
{
  g_autofree char *first = write_results (fixture, "ours", 0);
  g_autofree char *second = write_results (fixture, "theirs", 5);
  g_autoptr (KalonSystems) systems = kalon_systems_new (fixture->window.library, "none", NULL);
  const char *const queries[]
      = { "query 0", "query 1", "query 2", "query 3", "query 4", "query 5", NULL };
  const KalonLabelPlan plan = { .name = SET,
                                .queries = queries,
                                .systems = { first, second },
                                .k = KALON_LABEL_ROW,
                                .repeats = 2.0 / N_ITEMS,
                                .seed = 3 };
  g_autoptr (GError) error = NULL;
  g_autofree char *id = kalon_label_set_build (systems, fixture->window.library, &plan, NULL, NULL,
                                               NULL, NULL, &error);

  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  window_set_up (&fixture->window, NULL);
  g_settings_reset (fixture->window.settings, KALON_SETTING_REPHRASE_STYLE);
  g_settings_reset (fixture->window.settings, KALON_SETTING_LABELER);
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("picture %02u.png", i);

      display_write_picture (fixture->window.folder, name, (guint8) (i * 20), (guint8) (i * i),
                             (guint8) (255 - i * 20));
    }
  window_index_folder (&fixture->window, fixture->window.folder);
  wait_until (window_get_n_shown (&fixture->window) == 12);
  if (data == NULL)
    build_set (fixture);
  fixture->page = fixture->window.window->label_page;
  fixture->view = fixture->page->view;
  g_signal_connect_swapped (fixture->page, "message", G_CALLBACK (message_cb), fixture);
  g_signal_connect_swapped (fixture->page, "written", G_CALLBACK (written_cb), fixture);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window.window), 1000, 700);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window.window), "win.show-view", "s", "label");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  window_tear_down (&fixture->window, data);
  g_free (fixture->message);
  g_free (fixture->written);
}

static const char *
get_page (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (fixture->page->stack);
}

static guint
get_n_sets (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->page->store));
}

/* (transfer none) */
static const KalonLabelSetInfo *
get_info (Fixture *fixture)
{
  g_autoptr (KalonLabelSetObject) object
      = g_list_model_get_item (G_LIST_MODEL (fixture->page->store), 0);

  return kalon_label_set_object_get_info (object);
}

static gpointer
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (windows);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && gtk_widget_get_mapped (window))
        return window;
    }
  return NULL;
}

static void
show_list (Fixture *fixture)
{
  wait_until (g_strcmp0 (get_page (fixture), "list") == 0);
}

static GtkWidget *
find_button (gpointer within, const char *label)
{
  for (GtkWidget *child = gtk_widget_get_first_child (within); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;

      if (GTK_IS_BUTTON (child)
          && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (child)), label) == 0)
        return child;
      found = find_button (child, label);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Activates the row of the set, and begins as @name. */
static void
begin (Fixture *fixture, const char *name)
{
  GtkWidget *dialog;

  show_list (fixture);
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (fixture->page->list_box, 0), "activate");
  wait_until (find_window (KALON_TYPE_LABEL_WHO_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_LABEL_WHO_DIALOG);
  gtk_editable_set_text (GTK_EDITABLE (display_find (dialog, ADW_TYPE_ENTRY_ROW, NULL)), name);
  g_signal_emit_by_name (find_button (dialog, "_Begin"), "clicked");
  wait_until (g_str_equal (get_page (fixture), "task") || g_str_equal (get_page (fixture), "end"));
}

static void
press (Fixture *fixture, const char *action)
{
  g_autofree char *name = g_strconcat ("labelling.", action, NULL);

  gtk_widget_activate_action (GTK_WIDGET (fixture->view), name, NULL);
}

static guint
get_position (Fixture *fixture)
{
  return kalon_label_session_get_position (fixture->view->session);
}

/* All three, and waits for the next item or the end. */
static void
answer (Fixture *fixture, const char *accuracy, const char *aesthetic, const char *diversity)
{
  guint before = get_position (fixture);

  press (fixture, accuracy);
  press (fixture, aesthetic);
  press (fixture, diversity);
  wait_until (fixture->view->session == NULL || get_position (fixture) != before);
}

static gboolean
has_focus (gpointer widget)
{
  return gtk_widget_is_focus (widget);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  GtkListBoxRow *row;

  show_list (fixture);
  g_assert_cmpuint (get_n_sets (fixture), ==, 1);
  g_assert_cmpuint (get_info (fixture)->n_items, ==, N_ITEMS);
  row = gtk_list_box_get_row_at_index (fixture->page->list_box, 0);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==,
                   "Reds &amp; “Blues”");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "6 items"));
  g_assert_nonnull (
      strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "nobody has labelled it yet"));
  /* By the keyboard alone. */
  wait_until (has_focus (row));
}

static void
test_labelling (Fixture *fixture, gconstpointer data)
{
  KalonLabelView *view = fixture->view;
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GError) error = NULL;
  const KalonHpirItem *item;
  const KalonHpirLabel *label;
  g_autofree char *id = NULL;
  gboolean swapped;

  begin (fixture, " Ada ");
  g_assert_cmpstr (gtk_label_get_text (view->name_label), ==, "Ada");
  g_assert_true (g_str_has_prefix (gtk_label_get_text (view->progress_label), "1 of 8"));
  item = view->task.item;
  id = g_strdup (item->id);
  swapped = view->task.swapped;
  {
    g_autofree char *query = g_strdup_printf ("“%s”", item->query);

    g_assert_cmpstr (gtk_label_get_text (view->query_label), ==, query);
  }

  /* Rows tell their pictures, and not whose they are. */
  for (guint row = 0; row < 2; row++)
    {
      const KalonHpirPicture *picture
          = g_ptr_array_index (item->groups[swapped ? 1 - row : row], 2);
      g_autofree char *base = g_path_get_basename (picture->path);
      g_autofree char *name = g_strdup_printf ("%s, row %u, picture 3 of 5", base, row + 1);
      KalonLabelPicture *shown = kalon_label_strip_get_picture (view->rows[row], 2);

      g_assert_cmpuint (kalon_label_strip_get_n_pictures (view->rows[row]), ==, 5);
      gtk_test_accessible_assert_role (GTK_ACCESSIBLE (shown), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           name);
      wait_until (kalon_label_picture_is_ready (shown));
    }
  wait_until (has_focus (view->questions[0]));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (view->questions[0]), GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view->questions[0]),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Which row fits the words better?");
  {
    g_autofree char *context = g_strdup_printf ("“%s”. Item 1 of 8, question 1 of 3. Press 1, 2, "
                                                "or 0 if you can’t tell.",
                                                item->query);

    gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view->questions[0]),
                                         GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, context);
  }

  /* A question back, another answer. */
  press (fixture, "second");
  wait_until (has_focus (view->questions[1]));
  press (fixture, "back");
  wait_until (has_focus (view->questions[0]));
  g_assert_cmpint (kalon_label_question_get_choice (view->questions[0]), ==,
                   KALON_LABEL_CHOICE_SECOND);
  answer (fixture, "first", "second", "neither");
  g_assert_cmpuint (get_position (fixture), ==, 1);
  wait_until (has_focus (view->questions[0]));
  g_assert_cmpint (kalon_label_question_get_choice (view->questions[0]), ==,
                   KALON_LABEL_CHOICE_NONE);

  /* It is stored, whatever happens now. */
  set = kalon_label_set_load (fixture->window.library, get_info (fixture)->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (set->labelers->len, ==, 1);
  item = kalon_hpir_set_find_item (set, id);
  g_assert_cmpuint (item->labels->len, ==, 1);
  label = &g_array_index (item->labels, KalonHpirLabel, 0);
  g_assert_cmpint (label->swapped, ==, swapped);
  g_assert_cmpint (label->votes[KALON_HPIR_ACCURACY], ==, swapped ? KALON_HPIR_B : KALON_HPIR_A);
  g_assert_cmpint (label->votes[KALON_HPIR_AESTHETIC], ==, swapped ? KALON_HPIR_A : KALON_HPIR_B);
  g_assert_cmpint (label->votes[KALON_HPIR_DIVERSITY], ==, KALON_HPIR_CANNOT_TELL);

  /* An item back, to its last question; its answers are there, and can be changed. */
  press (fixture, "back");
  g_assert_cmpuint (get_position (fixture), ==, 0);
  g_assert_cmpuint (view->question, ==, 2);
  g_assert_cmpint (kalon_label_question_get_choice (view->questions[1]), ==,
                   KALON_LABEL_CHOICE_SECOND);
  press (fixture, "next");
  g_assert_cmpuint (get_position (fixture), ==, 1);
  press (fixture, "back");
  press (fixture, "first");
  wait_until (get_position (fixture) == 1);
  g_clear_pointer (&set, kalon_hpir_set_free);
  set = kalon_label_set_load (fixture->window.library, get_info (fixture)->id, &error);
  item = kalon_hpir_set_find_item (set, id);
  g_assert_cmpuint (item->labels->len, ==, 1);
  g_assert_cmpint (g_array_index (item->labels, KalonHpirLabel, 0).votes[KALON_HPIR_DIVERSITY], ==,
                   swapped ? KALON_HPIR_B : KALON_HPIR_A);
}

static void
test_pause (Fixture *fixture, gconstpointer data)
{
  KalonLabelView *view = fixture->view;
  GtkWidget *dialog;

  begin (fixture, "Ada");
  answer (fixture, "first", "first", "first");
  answer (fixture, "neither", "second", "first");
  g_assert_cmpint (strncmp (gtk_label_get_text (view->progress_label), "3 of 8", 6), ==, 0);
  press (fixture, "first");
  press (fixture, "pause");
  show_list (fixture);
  wait_until (get_info (fixture)->labelers[0] != NULL);
  g_assert_cmpuint (get_info (fixture)->n_labelled[0], ==, 2);
  {
    g_autofree char *text = kalon_label_describe_set (get_info (fixture));

    g_assert_true (g_str_has_suffix (text, "· Ada 2"));
  }

  /* Another one begins at the beginning; what is told of oneself is stored. */
  begin (fixture, "Ben");
  g_assert_cmpuint (get_position (fixture), ==, 0);
  answer (fixture, "second", "second", "second");
  press (fixture, "pause");
  show_list (fixture);
  wait_until (g_strv_length (get_info (fixture)->labelers) == 2);

  /* Both are offered, the last one is proposed. */
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (fixture->page->list_box, 0), "activate");
  wait_until (find_window (KALON_TYPE_LABEL_WHO_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_LABEL_WHO_DIALOG);
  g_assert_cmpstr (
      gtk_editable_get_text (GTK_EDITABLE (display_find (dialog, ADW_TYPE_ENTRY_ROW, NULL))), ==,
      "Ben");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (find_window (KALON_TYPE_LABEL_WHO_DIALOG) == NULL);

  begin (fixture, "Ada");
  g_assert_cmpuint (get_position (fixture), ==, 2);
  g_assert_cmpuint (view->question, ==, 0);
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->window.directory, "set.jsonl", NULL);
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GError) error = NULL;

  begin (fixture, "Ada <3");
  for (guint i = 0; i < N_TASKS; i++)
    {
      gboolean swapped = fixture->view->task.swapped;

      /* The same group both times for two aspects, the same place for one. */
      answer (fixture, swapped ? "second" : "first", swapped ? "first" : "second", "first");
    }
  wait_until (g_str_equal (get_page (fixture), "end"));
  g_assert_cmpstr (adw_status_page_get_title (fixture->page->end_page), ==, "Thank You, Ada &lt;3");
  g_assert_nonnull (strstr (adw_status_page_get_description (fixture->page->end_page),
                            "Of 6 questions that were asked twice, you answered 4 the same way"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.leave", NULL);
  show_list (fixture);
  wait_until (get_info (fixture)->labelers[0] != NULL);
  {
    g_autofree char *text = kalon_label_describe_set (get_info (fixture));

    g_assert_true (g_str_has_suffix (text, "· Ada <3 ✓"));
  }
  g_assert_true (
      kalon_label_set_export (fixture->window.library, get_info (fixture)->id, path, &error));
  set = kalon_hpir_set_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (set->items->len, ==, N_ITEMS);

  /* Who is through is thanked at once. */
  begin (fixture, "Ada <3");
  wait_until (g_str_equal (get_page (fixture), "end"));
}

static void
test_evaluate (Fixture *fixture, gconstpointer data)
{
  GListModel *operations = G_LIST_MODEL (fixture->window.operations);
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;

  begin (fixture, "Ada");
  for (guint i = 0; i < N_TASKS; i++)
    answer (fixture, "first", "second", "first");
  wait_until (g_str_equal (get_page (fixture), "end"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.evaluate-this", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 1);
  wait_until (fixture->written != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 0);
  folder = g_path_get_dirname (fixture->written);
  report = kalon_report_read (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kalon_report_get_title (report), ==, SET);
  g_assert_nonnull (kalon_report_find_section (report, "hpir"));
  g_assert_nonnull (kalon_report_get_fact (report, "model_hash"));

  /* What is called off is no failure. */
  g_clear_pointer (&fixture->written, g_free);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.evaluate-this", NULL);
  {
    g_autoptr (KalonOperation) operation = g_list_model_get_item (operations, 0);

    kalon_operation_cancel (operation);
  }
  wait_until (g_list_model_get_n_items (operations) == 0);
  g_assert_null (fixture->written);
}

static void
test_large (Fixture *fixture, gconstpointer data)
{
  KalonLabelView *view = fixture->view;
  KalonLabelPicture *picture;

  begin (fixture, "Ada");
  picture = kalon_label_strip_get_picture (view->rows[0], 1);
  wait_until (kalon_label_picture_is_ready (picture));
  gtk_widget_grab_focus (GTK_WIDGET (picture));
  g_signal_emit_by_name (picture, "activated");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (view->stack), ==, "large");
  g_assert_cmpstr (gtk_label_get_text (view->large_label), ==,
                   kalon_label_picture_get_name (picture));
  wait_until (view->enlarging == NULL);
  g_assert_nonnull (gtk_picture_get_paintable (view->large_picture));

  g_assert_true (kalon_label_view_step_large (view, 1, 0));
  g_assert_true (kalon_label_view_step_large (view, 0, 1));
  g_assert_cmpuint (view->large_row, ==, 1);
  g_assert_cmpuint (view->large_position, ==, 2);
  g_assert_false (kalon_label_view_step_large (view, 0, 1));
  for (guint i = 0; i < 2; i++)
    g_assert_true (kalon_label_view_step_large (view, 1, 0));
  g_assert_false (kalon_label_view_step_large (view, 1, 0));

  /* Whoever answers wants to see what is asked. */
  press (fixture, "first");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (view->stack), ==, "task");
  g_assert_cmpint (view->choices[0], ==, KALON_LABEL_CHOICE_NONE);
  wait_until (has_focus (kalon_label_strip_get_picture (view->rows[1], 4)));
}

static void
test_missing_picture (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->window.folder, "picture 03.png", NULL);
  guint n_failed = 0;

  g_assert_cmpint (g_unlink (path), ==, 0);
  begin (fixture, "Ada");
  for (guint task = 0; task < 3; task++)
    {
      for (guint row = 0; row < 2; row++)
        for (guint i = 0; i < 5; i++)
          {
            KalonLabelPicture *picture
                = kalon_label_strip_get_picture (fixture->view->rows[row], i);

            wait_until (kalon_label_picture_is_ready (picture));
            if (g_str_equal (kalon_label_picture_get_path (picture), path))
              n_failed++;
          }
      answer (fixture, "first", "first", "first");
    }
  g_assert_cmpuint (n_failed, >, 0);
}

/* Nothing is wider than the narrowest window, and one question is shown at a time. */
static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  KalonLabelView *view = fixture->view;
  int minimum;

  begin (fixture, "Ada");
  wait_until (!view->narrow);
  for (guint i = 0; i < 3; i++)
    g_assert_true (gtk_widget_get_visible (GTK_WIDGET (view->questions[i])));
  wait_until ((window_ask_for_size (&fixture->window, 360, 640), view->narrow));
  wait_until (!gtk_widget_get_visible (GTK_WIDGET (view->questions[1])));
  gtk_widget_measure (GTK_WIDGET (fixture->page), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  press (fixture, "first");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (view->questions[1])));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view->questions[0])));
  wait_until (has_focus (view->questions[1]));
}

static void
test_new_set (Fixture *fixture, gconstpointer data)
{
  KalonLabelNewDialog *dialog;

  wait_until (g_str_equal (get_page (fixture), "empty"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.new", NULL);
  wait_until (find_window (KALON_TYPE_LABEL_NEW_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_LABEL_NEW_DIALOG);
  g_assert_false (gtk_widget_get_sensitive (dialog->create_button));
  gtk_editable_set_text (dialog->name_row, "Mine");
  g_assert_false (gtk_widget_get_sensitive (dialog->create_button));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (dialog->text_view),
                            "a red square\n\n  blue sky \na red square\ngreen\n", -1);
  g_assert_cmpstr (gtk_label_get_text (dialog->count_label), ==, "3 queries");
  g_assert_true (gtk_widget_get_sensitive (dialog->create_button));

  /* Never the same twice. */
  g_assert_cmpstr (kalon_label_new_dialog_get_key (dialog, 0), ==, "baseline");
  g_assert_cmpstr (kalon_label_new_dialog_get_key (dialog, 1), ==, "aligned");
  adw_combo_row_set_selected (dialog->system_rows[0], 2);
  g_assert_cmpstr (kalon_label_new_dialog_get_key (dialog, 0), ==, "aligned");
  g_assert_cmpstr (kalon_label_new_dialog_get_key (dialog, 1), ==, "baseline");
  adw_combo_row_set_selected (dialog->system_rows[0], 1);
  g_assert_cmpstr (kalon_label_new_dialog_get_key (dialog, 0), ==, "rephrased");

  g_signal_emit_by_name (dialog->create_button, "clicked");
  wait_until (find_window (KALON_TYPE_LABEL_NEW_DIALOG) == NULL);
  show_list (fixture);
  g_assert_cmpuint (get_n_sets (fixture), ==, 1);
  g_assert_cmpstr (get_info (fixture)->name, ==, "Mine");
  g_assert_cmpuint (get_info (fixture)->n_items, >, 0);
  {
    g_autoptr (KalonHpirSet) set
        = kalon_label_set_load (fixture->window.library, get_info (fixture)->id, NULL);
    const KalonHpirItem *item = g_ptr_array_index (set->items, 0);

    g_assert_nonnull (g_hash_table_lookup (item->rephrased, "detail"));
    g_assert_cmpuint (item->groups[0]->len, ==, 5);
  }
}

/* What is wrong is told where it can be changed; and closing ends it. */
static void
test_new_set_refused (Fixture *fixture, gconstpointer data)
{
  KalonLabelNewDialog *dialog;
  g_autofree char *path = g_build_filename (fixture->window.directory, "other.json", NULL);
  g_autofree char *answers
      = g_strdup_printf ("{\"system\": \"Other\", \"results\": [{\"query\": \"a blue square\", "
                         "\"pictures\": [\"%s/picture 00.png\"]}]}",
                         fixture->window.folder);
  guint added;

  g_assert_true (g_file_set_contents (path, answers, -1, NULL));
  wait_until (g_str_equal (get_page (fixture), "empty"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.new", NULL);
  wait_until (find_window (KALON_TYPE_LABEL_NEW_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_LABEL_NEW_DIALOG);
  gtk_editable_set_text (dialog->name_row, "Mine");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (dialog->text_view), "a red square", -1);
  added = kalon_label_systems_add (dialog->systems, KALON_LABEL_ASK_FILE, path);
  adw_combo_row_set_selected (dialog->system_rows[1], added);
  g_assert_true (g_str_has_suffix (kalon_label_new_dialog_get_key (dialog, 1), "other.json"));
  g_signal_emit_by_name (dialog->create_button, "clicked");
  wait_until (gtk_widget_get_visible (GTK_WIDGET (dialog->error_label)));
  g_assert_nonnull (strstr (gtk_label_get_text (dialog->error_label), "None of 1 queries"));
  g_assert_cmpstr (gtk_stack_get_visible_child_name (dialog->stack), ==, "options");
  g_assert_true (gtk_widget_get_sensitive (dialog->create_button));
  g_signal_emit_by_name (dialog->create_button, "clicked");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (find_window (KALON_TYPE_LABEL_NEW_DIALOG) == NULL);
  g_assert_cmpuint (get_n_sets (fixture), ==, 0);
}

static void
test_suggested (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonQuestion) question = kalon_question_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) queries = NULL;
  KalonLabelNewDialog *dialog;

  kalon_question_set_text (question, "red and blue squares");
  g_assert_true (kalon_history_add (fixture->window.history, question, &error));
  wait_until (g_str_equal (get_page (fixture), "empty"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.new", NULL);
  wait_until (find_window (KALON_TYPE_LABEL_NEW_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_LABEL_NEW_DIALOG);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (dialog->text_view), "my own", -1);
  g_signal_emit_by_name (dialog->suggest_button, "clicked");
  wait_until (gtk_widget_get_sensitive (dialog->suggest_button));
  queries = kalon_label_new_dialog_list_queries (dialog);
  g_assert_cmpuint (g_strv_length (queries), >=, 2);
  g_assert_cmpstr (queries[0], ==, "my own");
  g_assert_cmpstr (queries[1], ==, "red and blue squares");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (find_window (KALON_TYPE_LABEL_NEW_DIALOG) == NULL);
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog;

  show_list (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.remove", "s",
                              get_info (fixture)->id);
  wait_until (find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  dialog = find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Remove “" SET "”?");
  adw_message_dialog_response (dialog, "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_cmpuint (get_n_sets (fixture), ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "labels.remove", "s",
                              get_info (fixture)->id);
  wait_until (find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  dialog = find_window (ADW_TYPE_MESSAGE_DIALOG);
  adw_message_dialog_response (dialog, "remove");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (g_str_equal (get_page (fixture), "empty"));
}

/* The same name in two windows, or in a terminal beside. */
static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonLabelSession) other = NULL;
  g_autoptr (GError) error = NULL;
  KalonLabelWhoDialog *dialog;

  show_list (fixture);
  other = kalon_label_session_open (fixture->window.library, get_info (fixture)->id, "Ada", NULL,
                                    &error);
  g_assert_no_error (error);
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (fixture->page->list_box, 0), "activate");
  wait_until (find_window (KALON_TYPE_LABEL_WHO_DIALOG) != NULL);
  dialog = find_window (KALON_TYPE_LABEL_WHO_DIALOG);
  g_signal_emit_by_name (dialog, "chosen", "Ada", NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (fixture->message != NULL);
  g_assert_nonnull (strstr (fixture->message, "Ada"));
  g_assert_cmpstr (get_page (fixture), ==, "list");
}

static void
test_texts (void)
{
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (double));
  const double values[] = { 4, 20, 6 };
  g_autofree char *place = NULL, *soon = NULL, *later = NULL;

  g_assert_cmpfloat (kalon_label_get_remaining (seconds, 10), <, 0);
  g_array_append_vals (seconds, values, G_N_ELEMENTS (values));
  g_assert_cmpfloat (kalon_label_get_remaining (seconds, 30), ==, 180);
  place = kalon_label_describe_progress (16, 300, -1);
  g_assert_cmpstr (place, ==, "17 of 300");
  soon = kalon_label_describe_progress (16, 300, 59);
  g_assert_cmpstr (soon, ==, "17 of 300 · less than a minute left");
  later = kalon_label_describe_progress (0, 300, 181);
  g_assert_cmpstr (later, ==, "1 of 300 · about 4 minutes left");
  for (guint swapped = 0; swapped < 2; swapped++)
    for (KalonLabelChoice choice = KALON_LABEL_CHOICE_NONE;
         choice <= KALON_LABEL_CHOICE_CANNOT_TELL; choice++)
      g_assert_cmpint (
          kalon_label_choice_from_vote (kalon_label_vote_from_choice (choice, (gboolean) swapped),
                                        (gboolean) swapped),
          ==, choice);
}

int
main (int argc, char **argv)
{
  static const char none[] = "no set";

  display_init (&argc, &argv);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  g_test_add_func ("/label/texts", test_texts);
  ADD ("/label/list", test_list);
  ADD ("/label/labelling", test_labelling);
  ADD ("/label/pause", test_pause);
  ADD ("/label/end", test_end);
  ADD ("/label/evaluate", test_evaluate);
  ADD ("/label/large", test_large);
  ADD ("/label/missing-picture", test_missing_picture);
  ADD ("/label/narrow", test_narrow);
  ADD ("/label/remove", test_remove);
  ADD ("/label/busy", test_busy);
  g_test_add ("/label/new-set", Fixture, none, set_up, test_new_set, tear_down);
  g_test_add ("/label/new-set-refused", Fixture, none, set_up, test_new_set_refused, tear_down);
  g_test_add ("/label/suggested", Fixture, none, set_up, test_suggested, tear_down);
  return g_test_run ();
}
