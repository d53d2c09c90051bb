/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences-fixture.h"

#include "settings/kalon-settings.h"

#define OFFER "tinyclip-8m-16"

static void
start_hub (PreferencesFixture *fixture)
{
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_autofree char *address = NULL;

  fixture->hub = hub_new (model);
  address = g_strdup_printf ("http://127.0.0.1:%u/hub", fixture->hub->port);
  g_setenv ("KALON_MODEL_HUB", address, TRUE);
}

static void
set_conduct (PreferencesFixture *fixture, HubConduct conduct, guint times)
{
  g_mutex_lock (&fixture->hub->lock);
  fixture->hub->conduct = conduct;
  fixture->hub->times = times;
  g_mutex_unlock (&fixture->hub->lock);
}

static guint
count_gets (PreferencesFixture *fixture)
{
  guint n;

  g_mutex_lock (&fixture->hub->lock);
  n = fixture->hub->n_gets;
  g_mutex_unlock (&fixture->hub->lock);
  return n;
}

/* It has a row in the other list then. */
static gboolean
is_installed (PreferencesFixture *fixture)
{
  GListModel *installed = kalon_model_list_get_installed (fixture->window.models);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (installed); i++)
    {
      g_autoptr (KalonModelItem) item = g_list_model_get_item (installed, i);

      found |= g_str_equal (kalon_model_item_get_id (item), OFFER);
    }
  return found;
}

static void
download (PreferencesFixture *fixture)
{
  start_hub (fixture);
  preferences_press (preferences_get_row (fixture, OFFER), "Download");
  wait_until (is_installed (fixture));
}

static void
test_download (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, OFFER);
  GtkWidget *button = preferences_find_button (row, "Download");
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "kalon", "models", OFFER, NULL);

  g_assert_true (preferences_says (row, "TinyCLIP, the smallest and fastest"));
  g_assert_true (preferences_says (row, "MB · licence: MIT"));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Download " OFFER);

  start_hub (fixture);
  set_conduct (fixture, HUB_STALLS, 1);
  preferences_press (row, "Download");
  wait_until (count_gets (fixture) == 1 && preferences_says (row, "Downloading: "));
  /* It shows in the window, too, where it goes on when the preferences are closed. */
  wait_until (kalon_operations_get_fraction (fixture->window.operations) > 0);
  preferences_press (row, "Stop");
  wait_until (preferences_says (row, "The download was stopped."));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Continue to Download " OFFER);

  /* The window may be closed and opened meanwhile. */
  preferences_close (fixture);
  preferences_open (fixture, "models");
  preferences_press (preferences_get_row (fixture, OFFER), "Continue");
  wait_until (is_installed (fixture));
  g_assert_nonnull (preferences_find_button (preferences_get_row (fixture, OFFER), "Use"));
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
}

static void
test_download_fails (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, OFFER);

  start_hub (fixture);
  fixture->hub->missing = "config.json";
  preferences_press (row, "Download");
  wait_until (preferences_says (row, "127.0.0.1"));
  g_assert_nonnull (preferences_find_button (row, "Continue"));
}

static void
test_use (PreferencesFixture *fixture, gconstpointer data)
{
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autoptr (KalonSearcher) old = g_object_ref (services->searcher);
  g_autofree char *old_model = g_strdup (services->model_id);
  GtkWidget *row;

  download (fixture);
  /* A model of other weights than the one at hand would have to index. This one is the same, so its
   * embeddings are there already. */
  row = preferences_get_row (fixture, OFFER);
  preferences_press (row, "Use");
  wait_until (g_strcmp0 (services->model_id, OFFER) == 0);
  g_assert_true (services->searcher != old);
  wait_until (preferences_find_button (row, "Use") == NULL);
  {
    g_autofree char *setting
        = g_settings_get_string (fixture->window.settings, KALON_SETTING_MODEL);

    g_assert_cmpstr (setting, ==, OFFER);
  }
  g_assert_cmpuint (window_get_n_shown (&fixture->window), ==, 12);
  g_assert_cmpstr (old_model, !=, OFFER);
}

static void
test_change_while_the_old_one_searches (PreferencesFixture *fixture, gconstpointer data)
{
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autoptr (KalonSearcher) old = g_object_ref (services->searcher);
  GtkWidget *row = preferences_get_row (fixture, KALON_MODEL_STARTER);

  preferences_press (row, "Use");
  wait_until (preferences_says (row, "Indexing, while the old one still searches"));
  g_assert_true (services->searcher == old);
  /* Somebody thinks better of it, and then again. */
  preferences_press (row, "Cancel");
  wait_until (preferences_find_button (row, "Use") != NULL);
  g_assert_true (services->searcher == old);
  wait_until (!kalon_indexing_is_running (fixture->window.indexing));
  preferences_press (row, "Use");
  wait_until (g_strcmp0 (services->model_id, KALON_MODEL_STARTER) == 0);
  g_assert_true (services->searcher != old);

  /* The search that is on screen is the new one's. */
  kalon_search_set_text (fixture->window.window->search, "a lake");
  wait_until (kalon_search_get_results (fixture->window.window->search) != NULL
              && !kalon_search_is_busy (fixture->window.window->search));
  g_assert_null (kalon_search_get_error (fixture->window.window->search));
}

static void
test_measure_and_remove (PreferencesFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "kalon", "models", OFFER, NULL);
  GtkWidget *row, *dialog = NULL;
  GListModel *toplevels = gtk_window_get_toplevels ();

  download (fixture);
  row = preferences_get_row (fixture, OFFER);
  gtk_widget_activate_action (row, "model.measure", NULL);
  wait_until (preferences_says (row, "Measuring"));
  wait_until (preferences_says (
      row, "pictures per second on this device: your library takes about 1 minute"));

  gtk_widget_activate_action (row, "model.remove", NULL);
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        dialog = window;
    }
  g_assert_nonnull (dialog);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "remove");
  wait_until (!is_installed (fixture));
  g_assert_nonnull (preferences_find_button (preferences_get_row (fixture, OFFER), "Download"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_import (PreferencesFixture *fixture, gconstpointer data)
{
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);

  kalon_model_list_import (fixture->window.models, model);
  g_assert_true (preferences_says (preferences_get_row (fixture, "quick-gelu-p16-f32"),
                                   "Imported from a folder"));
  /* The window's model is that of the folder; this is its copy, and another model. */
  g_assert_nonnull (
      preferences_find_button (preferences_get_row (fixture, "quick-gelu-p16-f32"), "Use"));
}

static void
test_use_fails (PreferencesFixture *fixture, gconstpointer data)
{
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autofree char *model = g_strdup (services->model_id);
  const char *problem = NULL;

  /* Removed in a terminal, say. */
  kalon_session_use_model (fixture->window.session, "gone");
  wait_until (kalon_session_get_model_change (fixture->window.session, NULL, &problem)
              == KALON_MODEL_CHANGE_NONE);
  g_assert_nonnull (strstr (problem, "gone"));
  g_assert_cmpstr (services->model_id, ==, model);

  /* Indexing that is stopped is no change either; the old indexer is back. */
  kalon_session_use_model (fixture->window.session, KALON_MODEL_STARTER);
  wait_until (kalon_session_get_model_change (fixture->window.session, NULL, NULL)
              == KALON_MODEL_CHANGE_INDEXING);
  kalon_indexing_stop (fixture->window.indexing);
  wait_until (kalon_session_get_model_change (fixture->window.session, NULL, &problem)
              == KALON_MODEL_CHANGE_NONE);
  g_assert_nonnull (problem);
  g_assert_cmpstr (services->model_id, ==, model);
  kalon_indexing_start (fixture->window.indexing, (const char *const[]){ NULL });
  wait_until (!kalon_indexing_is_running (fixture->window.indexing));
  g_assert_cmpuint (kalon_indexing_get_progress (fixture->window.indexing)->updated, ==, 0);
}

/* From the page of an empty library. */
static void
test_shown_by_the_window (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window.window);
  AdwPreferencesWindow *preferences;

  preferences_close (fixture);
  gtk_widget_activate_action (window, "win.show-models", NULL);
  preferences = ADW_PREFERENCES_WINDOW (fixture->window.window->preferences);
  g_assert_nonnull (preferences);
  g_assert_cmpstr (adw_preferences_window_get_visible_page_name (preferences), ==, "models");
  /* The same once more. */
  kalon_window_show_preferences (fixture->window.window, NULL);
  g_assert_true ((gpointer) preferences == (gpointer) fixture->window.window->preferences);
  gtk_window_destroy (GTK_WINDOW (preferences));
  wait_until (fixture->window.window->preferences == NULL);
}

static void
test_device (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, "Compute On");
  GtkWidget *check = preferences_get_row (fixture, "Self-Test");
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autoptr (KalonSearcher) old = g_object_ref (services->searcher);
  g_autofree char *directory = g_strdup (services->model_directory);
  g_autofree char *setting = NULL;

  wait_until (gtk_widget_is_sensitive (row));
  /* The window computes in plain C, which is what devices are compared with. */
  g_assert_true (preferences_says (row, "On the processor, without OpenCL"));
  g_assert_false (gtk_widget_get_sensitive (check));
  g_assert_cmpstr (services->device_name, ==, "none");

  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 0);
  g_assert_null (services->device_name);
  /* The model is the same, and no setting of it is written. */
  wait_until (services->searcher != old
              && kalon_session_get_model_change (fixture->window.session, NULL, NULL)
                     == KALON_MODEL_CHANGE_NONE);
  g_assert_cmpstr (services->model_directory, ==, directory);
  g_assert_null (g_settings_get_user_value (fixture->window.settings, KALON_SETTING_MODEL));
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (row),
      g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))) - 1);
  g_assert_cmpstr (services->device_name, ==, "none");
  setting = g_settings_get_string (fixture->window.settings, KALON_SETTING_DEVICE);
  g_assert_cmpstr (setting, ==, "none");
}

#define ADD(path, page, test)                                                                      \
  g_test_add (path, PreferencesFixture, page, preferences_set_up, test, preferences_tear_down)

int
main (int argc, char **argv)
{
  preferences_init (&argc, &argv);
  ADD ("/preferences-models/download", "models", test_download);
  ADD ("/preferences-models/download-fails", "models", test_download_fails);
  ADD ("/preferences-models/use", "models", test_use);
  ADD ("/preferences-models/change-while-the-old-one-searches", "models",
       test_change_while_the_old_one_searches);
  ADD ("/preferences-models/measure-and-remove", "models", test_measure_and_remove);
  ADD ("/preferences-models/import", "models", test_import);
  ADD ("/preferences-models/device", "models", test_device);
  ADD ("/preferences-models/use-fails", "models", test_use_fails);
  ADD ("/preferences-models/shown-by-the-window", "models", test_shown_by_the_window);
  return g_test_run ();
}
