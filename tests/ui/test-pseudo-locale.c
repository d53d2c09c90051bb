/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The window in a language that po/make-pseudo.py made up, in which no letter is without an accent:
 * a plain one on screen stands for a text that nobody can translate. It also is 40 % longer, as
 * some languages are. From left to right, and from right to left.
 */

#include <locale.h>
#include <unistd.h>

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "boards/kalon-boards-page-private.h"
#include "compare/kalon-compare-page-private.h"
#include "page-checks.h"
#include "preferences-fixture.h"
#include "label/kalon-label-page-private.h"
#include "settings/kalon-settings.h"
#include "training/kalon-learned-panel.h"
#include "training/kalon-profile-panel.h"

#define LANGUAGE "en_XA"
/* The one that glibc itself comes with. */
#define EXISTING_LOCALE "/usr/lib/locale/C.utf8"
/* No letter and no accent, so that it is none of ours. */
#define QUERY "7 × 7"

/* gettext() translates nothing in the locales "C" and "C.UTF-8", and there may be no other: so the
 * latter by another name. */
static void
set_locale (void)
{
  g_autofree char *directory = g_dir_make_tmp ("kalon-locale-XXXXXX", NULL);
  g_autofree char *link = g_build_filename (directory, LANGUAGE ".utf8", NULL);

  g_assert_nonnull (directory);
  g_assert_cmpint (symlink (EXISTING_LOCALE, link), ==, 0);
  g_setenv ("LOCPATH", directory, TRUE);
  g_setenv ("LC_ALL", LANGUAGE ".UTF-8", TRUE);
  g_setenv ("LANGUAGE", LANGUAGE, TRUE);
  setlocale (LC_ALL, "");
  /* It is in memory now. */
  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
use_pseudo_locale (void)
{
  g_autofree char *translations = g_test_build_filename (G_TEST_BUILT, "ui", "locale", NULL);

  bindtextdomain (KALON_GETTEXT_PACKAGE, translations);
  bind_textdomain_codeset (KALON_GETTEXT_PACKAGE, "UTF-8");
  textdomain (KALON_GETTEXT_PACKAGE);
}

static void
show_view (WindowFixture *fixture, const char *name)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-view", "s", name);
  wait_until (g_strcmp0 (adw_view_stack_get_visible_child_name (fixture->window->views), name)
              == 0);
}

static void
search_for (WindowFixture *fixture, const char *query)
{
  kalon_window_search (fixture->window, query);
  wait_until (kalon_search_get_state (fixture->window->search) == KALON_SEARCH_RESULTS);
}

static gboolean
shows (GtkStack *stack, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (stack), name) == 0;
}

static void
set_up (WindowFixture *fixture, gconstpointer data)
{
  gtk_widget_set_default_direction (GPOINTER_TO_INT (data));
  window_set_up (fixture, NULL);
  g_settings_reset (fixture->settings, KALON_SETTING_REPHRASE_STYLE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1100, 800);
}

/* Twelve pictures, ranked. */
static Untranslated *
fill (WindowFixture *fixture)
{
  Untranslated *texts = untranslated_new ();

  untranslated_allow (texts, fixture->folder);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  kalon_search_set_aligned (fixture->window->search, TRUE);
  search_for (fixture, QUERY);
  return texts;
}

static void
give_thumb (WindowFixture *fixture)
{
  GListModel *model = G_LIST_MODEL (kalon_search_get_model (fixture->window->search));
  g_autoptr (KalonResultItem) item = g_list_model_get_item (model, 0);
  g_autoptr (GArray) shown = display_create_ids (12);

  wait_until (kalon_result_item_get_picture (item) != NULL);
  kalon_window_press_thumb (fixture->window, item, shown, TRUE);
  wait_until (fixture->window->thumb_toast != NULL);
}

static void
test_empty (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  Untranslated *texts = untranslated_new ();

  untranslated_allow (texts, fixture->folder);
  wait_until (shows (fixture->window->stack, "first-run"));
  check_page (texts, "first run", window);
  check_popovers (texts, "popovers of the first run", window);
  window_index_folder (fixture, fixture->folder);
  wait_until (shows (fixture->window->stack, "empty"));
  check_page (texts, "an empty folder", window);
  untranslated_end (texts);
}

static void
test_search (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  Untranslated *texts = fill (fixture);
  g_autoptr (KalonFilter) filter = kalon_filter_parse ("date:1900", NULL, NULL);

  check_page (texts, "search", window);
  check_popovers (texts, "popovers of the search", window);
  give_thumb (fixture);
  check_page (texts, "a thumb", window);
  check_window (texts, window, "win.show-failures", NULL);
  check_window (texts, window, "win.edit-excludes", g_variant_new_bytestring (fixture->folder));
  check_window (texts, window, "win.edit-excludes", g_variant_new_bytestring (""));
  kalon_results_grid_select (fixture->window->grid, 0);
  check_window (texts, window, "win.add-to-board", NULL);

  g_settings_set_boolean (fixture->settings, KALON_SETTING_SHOW_DETAILS, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window->grid), "results.open", NULL);
  wait_until (shows (fixture->window->pages, "viewer"));
  check_page (texts, "a picture", window);
  check_popovers (texts, "popovers of a picture", GTK_WIDGET (fixture->window->viewer));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window->viewer), "viewer.close", NULL);

  kalon_search_set_filter (fixture->window->search, filter);
  wait_until (shows (fixture->window->stack, "no-results"));
  check_page (texts, "no results", window);
  kalon_search_box_clear (fixture->window->search_box);
  wait_until (kalon_search_get_state (fixture->window->search) == KALON_SEARCH_BROWSING);
  check_page (texts, "all pictures, filtered", window);
  untranslated_end (texts);
}

static void
test_compare (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *compare = fixture->window->compare_page;
  Untranslated *texts = fill (fixture);

  show_view (fixture, KALON_VIEW_COMPARE);
  wait_until (shows (compare->stack, "panes")
              && kalon_contest_get_state (compare->contest, 0) == KALON_CONTEST_READY
              && kalon_contest_get_state (compare->contest, 1) == KALON_CONTEST_READY);
  check_page (texts, "compare", GTK_WIDGET (fixture->window));
  check_popovers (texts, "popovers of compare", GTK_WIDGET (compare));
  gtk_toggle_button_set_active (compare->flip_button, TRUE);
  check_page (texts, "flip", GTK_WIDGET (compare));
  gtk_toggle_button_set_active (compare->blind_button, TRUE);
  check_page (texts, "blind test", GTK_WIDGET (compare));
  gtk_widget_activate_action (GTK_WIDGET (compare), "compare.answer-left", NULL);
  check_page (texts, "blind test, answered", GTK_WIDGET (compare));
  gtk_toggle_button_set_active (compare->blind_button, FALSE);
  kalon_search_box_clear (fixture->window->search_box);
  wait_until (shows (compare->stack, "message"));
  check_page (texts, "nothing to compare", GTK_WIDGET (compare));
  untranslated_end (texts);
}

static void
test_training (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *page = GTK_WIDGET (fixture->window->training_page);
  GtkWidget *profile = display_find (page, KALON_TYPE_PROFILE_PANEL, NULL);
  GtkWidget *learned = display_find (page, KALON_TYPE_LEARNED_PANEL, NULL);
  GtkStack *stack = GTK_STACK (display_find (learned, GTK_TYPE_STACK, NULL));
  Untranslated *texts = fill (fixture);

  show_view (fixture, KALON_VIEW_TRAINING);
  wait_until (shows (stack, "empty"));
  check_page (texts, "training without thumbs", page);
  show_view (fixture, KALON_VIEW_SEARCH);
  give_thumb (fixture);
  show_view (fixture, KALON_VIEW_TRAINING);
  wait_until (shows (stack, "learned"));
  check_page (texts, "training", page);
  check_popovers (texts, "popovers of the training", page);
  check_window (texts, profile, "profile.new", NULL);
  check_window (texts, profile, "profile.rename", NULL);
  untranslated_end (texts);
}

static void
import_label_set (WindowFixture *fixture)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("1", fixture->folder);
  KalonHpirItem *item = kalon_hpir_set_add_item (set, "1", QUERY);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  kalon_hpir_item_add_picture (item, 0, "picture 01.png", NULL);
  kalon_hpir_item_add_picture (item, 1, "picture 02.png", NULL);
  id = kalon_label_set_import (fixture->library, set, &error);
  g_assert_no_error (error);
}

static void
test_label (WindowFixture *fixture, gconstpointer data)
{
  KalonLabelPage *label = fixture->window->label_page;
  GtkWidget *page = GTK_WIDGET (label);
  GListModel *windows = gtk_window_get_toplevels ();
  Untranslated *texts = fill (fixture);
  g_autoptr (GtkWidget) dialog = NULL;
  g_autoptr (KalonLabelSetObject) object = NULL;
  guint n;

  show_view (fixture, KALON_VIEW_LABEL);
  wait_until (shows (label->stack, "empty"));
  check_page (texts, "no label sets", page);
  check_window (texts, page, "labels.new", NULL);
  import_label_set (fixture);
  show_view (fixture, KALON_VIEW_SEARCH);
  show_view (fixture, KALON_VIEW_LABEL);
  wait_until (shows (label->stack, "list"));
  check_page (texts, "label sets", page);
  check_popovers (texts, "popovers of label sets", page);
  object = g_list_model_get_item (G_LIST_MODEL (label->store), 0);
  check_window (texts, page, "labels.remove",
                g_variant_new_string (kalon_label_set_object_get_info (object)->id));
  n = g_list_model_get_n_items (windows);
  kalon_label_page_ask_who (label, kalon_label_set_object_get_info (object)->id);
  wait_until (g_list_model_get_n_items (windows) == n + 1);
  dialog = g_list_model_get_item (windows, n);
  wait_until (gtk_widget_get_mapped (dialog));
  check_page (texts, "who labels", dialog);
  g_signal_emit_by_name (dialog, "chosen", "3", NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (shows (label->stack, "task"));
  check_page (texts, "labelling", page);
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    gtk_widget_activate_action (GTK_WIDGET (label->view), "labelling.first", NULL);
  wait_until (shows (label->stack, "end"));
  check_page (texts, "labelled", page);
  untranslated_end (texts);
}

static void
test_boards (WindowFixture *fixture, gconstpointer data)
{
  KalonBoardsPage *boards = fixture->window->boards_page;
  GtkWidget *page = GTK_WIDGET (boards);
  Untranslated *texts = fill (fixture);
  KalonBoardEdit *edit = kalon_board_edit_create ("1", "2");
  g_autofree char *path = g_build_filename (fixture->folder, "picture 01.png", NULL);

  show_view (fixture, KALON_VIEW_BOARDS);
  wait_until (shows (boards->stack, "empty"));
  check_page (texts, "no boards", page);
  check_window (texts, page, "boards.new", NULL);
  kalon_board_edit_take_path (edit, path);
  kalon_boards_page_apply (page, edit, NULL);
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (boards->store)) == 1
              && shows (boards->stack, "list"));
  check_page (texts, "boards", page);
  g_signal_emit_by_name (boards->list_view, "activate", 0);
  wait_until (shows (boards->stack, "board"));
  check_page (texts, "a board", page);
  check_popovers (texts, "popovers of a board", page);
  check_window (texts, page, "boards.edit", NULL);
  check_window (texts, page, "boards.export", NULL);
  untranslated_end (texts);
}

static void
test_narrow (WindowFixture *fixture, gconstpointer data)
{
  static const char *const views[] = { KALON_VIEW_COMPARE, KALON_VIEW_BOARDS, KALON_VIEW_TRAINING,
                                       KALON_VIEW_LABEL, KALON_VIEW_SEARCH };
  GtkWidget *window = GTK_WIDGET (fixture->window);
  KalonLabelPage *label = fixture->window->label_page;
  GListModel *sets = G_LIST_MODEL (label->store);
  g_autoptr (KalonLabelSession) session = NULL;
  g_autoptr (KalonLabelSetObject) object = NULL;

  /* As in test-window.c: the buttons of a phone. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 400, 640);
  wait_until (gtk_widget_is_ancestor (GTK_WIDGET (fixture->window->filter_button),
                                      fixture->window->status_bar));
  check_width (window, "first run");
  untranslated_end (fill (fixture));
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      show_view (fixture, views[i]);
      check_width (window, views[i]);
    }
  import_label_set (fixture);
  show_view (fixture, KALON_VIEW_LABEL);
  wait_until (shows (label->stack, "list"));
  check_width (window, "label sets");
  object = g_list_model_get_item (sets, 0);
  session = kalon_label_session_open (
      fixture->library, kalon_label_set_object_get_info (object)->id, "3", NULL, NULL);
  g_assert_nonnull (session);
  kalon_label_view_begin (label->view, session);
  gtk_stack_set_visible_child_name (label->stack, "task");
  check_width (window, "labelling");
  show_view (fixture, KALON_VIEW_SEARCH);
  kalon_results_grid_select (fixture->window->grid, 0);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window->grid), "results.open", NULL);
  check_width (window, "a picture");
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-decoration-layout");
}

static void
set_up_preferences (PreferencesFixture *fixture, gconstpointer data)
{
  gtk_widget_set_default_direction (GPOINTER_TO_INT (data));
  preferences_set_up (fixture, "search");
}

static void
test_preferences (PreferencesFixture *fixture, gconstpointer data)
{
  static const char *const pages[] = { "search", "models", "looks", "rephrasing", "privacy" };
  AdwPreferencesWindow *preferences = ADW_PREFERENCES_WINDOW (fixture->preferences);
  Untranslated *texts = untranslated_new ();

  untranslated_allow (texts, fixture->window.folder);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      adw_preferences_window_set_visible_page_name (preferences, pages[i]);
      check_page (texts, pages[i], fixture->preferences);
    }
  untranslated_end (texts);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    GtkTextDirection direction;
  } directions[] = { { "ltr", GTK_TEXT_DIR_LTR }, { "rtl", GTK_TEXT_DIR_RTL } };
  static const struct
  {
    const char *name;
    void (*test) (WindowFixture *fixture, gconstpointer data);
  } tests[]
      = { { "empty", test_empty },       { "search", test_search }, { "compare", test_compare },
          { "training", test_training }, { "label", test_label },   { "boards", test_boards },
          { "narrow", test_narrow } };

  if (!g_file_test (EXISTING_LOCALE, G_FILE_TEST_IS_DIR))
    {
      g_print ("1..0 # SKIP there is no " EXISTING_LOCALE "\n");
      return 0;
    }
  set_locale ();
  preferences_init (&argc, &argv);
  use_pseudo_locale ();
  if (g_str_equal (_ ("Pictures"), "Pictures"))
    g_error ("The pseudo-translation is not in use");
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    {
      gconstpointer data = GINT_TO_POINTER (directions[i].direction);
      g_autofree char *preferences
          = g_strdup_printf ("/pseudo-locale/%s/preferences", directions[i].name);

      for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
        {
          g_autofree char *path
              = g_strdup_printf ("/pseudo-locale/%s/%s", directions[i].name, tests[j].name);

          g_test_add (path, WindowFixture, data, set_up, tests[j].test, window_tear_down);
        }
      g_test_add (preferences, PreferencesFixture, data, set_up_preferences, test_preferences,
                  preferences_tear_down);
    }
  return g_test_run ();
}
