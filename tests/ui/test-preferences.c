/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "hub-server.h"
#include "llm-server.h"
#include "preferences/kalon-preferences.h"
#include "settings/kalon-settings.h"

#define OFFER "tinyclip-8m-16"

/* The preferences above a window whose library has twelve pictures. */
typedef struct
{
  WindowFixture window;
  GtkWidget *preferences;
  Hub *hub;
  LlmServer *server;
} Fixture;

static void
open_preferences (Fixture *fixture, const char *page)
{
  fixture->preferences = GTK_WIDGET (
      kalon_preferences_new (fixture->window.session, GTK_WINDOW (fixture->window.window)));
  g_object_add_weak_pointer (G_OBJECT (fixture->preferences), (gpointer *) &fixture->preferences);
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (fixture->preferences),
                                                page);
  gtk_window_present (GTK_WINDOW (fixture->preferences));
}

static void
close_preferences (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->preferences));
  wait_until (fixture->preferences == NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  window_set_up (&fixture->window, NULL);
  window_fill_folder (&fixture->window);
  window_index_folder (&fixture->window, fixture->window.folder);
  wait_until (window_get_n_shown (&fixture->window) == 12);
  open_preferences (fixture, data);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const keys[] = { KALON_SETTING_MODEL,          KALON_SETTING_DEVICE,
                                      KALON_SETTING_LLM_DIALECT,    KALON_SETTING_LLM_URL,
                                      KALON_SETTING_LLM_MODEL,      KALON_SETTING_LLM_ALLOWED_HOSTS,
                                      KALON_SETTING_REPHRASE_STYLE, KALON_SETTING_AESTHETIC_MODELS,
                                      KALON_SETTING_ALIGNED,        KALON_SETTING_AESTHETIC_WEIGHT,
                                      KALON_SETTING_TASTE_WEIGHT,   KALON_SETTING_THUMBNAIL_SIZE };

  if (fixture->preferences != NULL)
    close_preferences (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (fixture->window.settings, keys[i]);
  window_tear_down (&fixture->window, NULL);
  g_clear_pointer (&fixture->server, llm_server_free);
  if (fixture->hub != NULL)
    hub_free (fixture->hub);
  display_remove_folder (g_get_user_data_dir ());
}

/* The first row of that title that is on screen, or could be by scrolling. */
static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (!gtk_widget_get_visible (widget))
    return NULL;
  if (ADW_IS_PREFERENCES_ROW (widget)
      && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
get_row (Fixture *fixture, const char *title)
{
  wait_until (find_row (fixture->preferences, title) != NULL);
  return find_row (fixture->preferences, title);
}

/* The visible button with that label. */
static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_visible (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press (GtkWidget *row, const char *label)
{
  GtkWidget *button;

  wait_until ((button = find_button (row, label)) != NULL && gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
says (GtkWidget *row, const char *part)
{
  const char *text = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));

  return text != NULL && strstr (text, part) != NULL;
}

static void
type_and_apply (GtkWidget *row, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

/* Search */

static void
test_search (Fixture *fixture, gconstpointer data)
{
  GSettings *settings = fixture->window.settings;
  GtkWidget *size = display_find (get_row (fixture, "Size of Pictures"), GTK_TYPE_SCALE, NULL);
  GtkWidget *aligned
      = display_find (get_row (fixture, "Show the Aligned Ranking First"), GTK_TYPE_SWITCH, NULL);
  GtkWidget *weights = get_row (fixture, "Weights as They Were Measured to Be Best");
  GtkWidget *strictness = get_row (fixture, "Strictness");

  gtk_test_accessible_assert_role (size, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_test_accessible_assert_property (size, GTK_ACCESSIBLE_PROPERTY_LABEL, "Size of Pictures");
  gtk_test_accessible_assert_role (aligned, GTK_ACCESSIBLE_ROLE_SWITCH);
  gtk_test_accessible_assert_property (aligned, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Show the Aligned Ranking First");

  /* In use at once, and the other way round. */
  gtk_range_set_value (GTK_RANGE (size), 224);
  g_assert_cmpuint (g_settings_get_uint (settings, KALON_SETTING_THUMBNAIL_SIZE), ==, 224);
  g_settings_set_uint (settings, KALON_SETTING_THUMBNAIL_SIZE, 128);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (size)), ==, 128);
  gtk_switch_set_active (GTK_SWITCH (aligned), FALSE);
  g_assert_false (g_settings_get_boolean (settings, KALON_SETTING_ALIGNED));

  /* The fixture has set a strictness. */
  g_assert_true (says (strictness, "0 of 100, as you have set it"));
  press (strictness, "_Reset");
  g_assert_cmpint (g_settings_get_int (settings, KALON_SETTING_STRICTNESS), ==,
                   KALON_STRICTNESS_OF_MODEL);
  g_assert_true (says (strictness, "30 of 100, as the model suggests"));

  g_assert_false (gtk_widget_get_sensitive (find_button (weights, "Rese_t")));
  g_settings_set_double (settings, KALON_SETTING_TASTE_WEIGHT, 0.4);
  press (weights, "Rese_t");
  g_assert_cmpfloat (g_settings_get_double (settings, KALON_SETTING_TASTE_WEIGHT), ==, 0.15);
}

static const char *
get_profile (GtkWidget *row)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (row));

  return item != NULL ? gtk_string_object_get_string (item) : NULL;
}

static void
test_profiles (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, "Active Profile");
  GtkWidget *name = get_row (fixture, "Name of a New Profile");

  wait_until (g_strcmp0 (get_profile (row), "default") == 0);
  type_and_apply (name, "  holidays ");
  wait_until (g_strcmp0 (get_profile (row), "holidays") == 0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "");

  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 0);
  wait_until (g_strcmp0 (get_profile (row), "default") == 0);
  close_preferences (fixture);
  open_preferences (fixture, "search");
  row = get_row (fixture, "Active Profile");
  wait_until (g_strcmp0 (get_profile (row), "default") == 0);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))), ==,
                    2);
}

static void
test_leaves_for_the_window (Fixture *fixture, gconstpointer data)
{
  g_signal_emit_by_name (get_row (fixture, "What It Has Learned"), "activated");
  wait_until (fixture->preferences == NULL);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (fixture->window.window->views), ==,
                   "training");
}

/* Models */

static void
start_hub (Fixture *fixture)
{
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_autofree char *address = NULL;

  fixture->hub = hub_new (model);
  address = g_strdup_printf ("http://127.0.0.1:%u/hub", fixture->hub->port);
  g_setenv ("KALON_MODEL_HUB", address, TRUE);
}

static void
set_conduct (Fixture *fixture, HubConduct conduct, guint times)
{
  g_mutex_lock (&fixture->hub->lock);
  fixture->hub->conduct = conduct;
  fixture->hub->times = times;
  g_mutex_unlock (&fixture->hub->lock);
}

static guint
count_gets (Fixture *fixture)
{
  guint n;

  g_mutex_lock (&fixture->hub->lock);
  n = fixture->hub->n_gets;
  g_mutex_unlock (&fixture->hub->lock);
  return n;
}

/* It has a row in the other list then. */
static gboolean
is_installed (Fixture *fixture)
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
download (Fixture *fixture)
{
  start_hub (fixture);
  press (get_row (fixture, OFFER), "Download");
  wait_until (is_installed (fixture));
}

static void
test_download (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, OFFER);
  GtkWidget *button = find_button (row, "Download");
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "kalon", "models", OFFER, NULL);

  g_assert_true (says (row, "TinyCLIP, the smallest and fastest"));
  g_assert_true (says (row, "MB · licence: MIT"));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Download " OFFER);

  start_hub (fixture);
  set_conduct (fixture, HUB_STALLS, 1);
  press (row, "Download");
  wait_until (count_gets (fixture) == 1 && says (row, "Downloading: "));
  press (row, "Stop");
  wait_until (says (row, "The download was stopped."));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Continue to Download " OFFER);

  /* The window may be closed and opened meanwhile. */
  close_preferences (fixture);
  open_preferences (fixture, "models");
  press (get_row (fixture, OFFER), "Continue");
  wait_until (is_installed (fixture));
  g_assert_nonnull (find_button (get_row (fixture, OFFER), "Use"));
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
}

static void
test_download_fails (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, OFFER);

  start_hub (fixture);
  fixture->hub->missing = "config.json";
  press (row, "Download");
  wait_until (says (row, "127.0.0.1"));
  g_assert_nonnull (find_button (row, "Continue"));
}

static void
test_use (Fixture *fixture, gconstpointer data)
{
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autoptr (KalonSearcher) old = g_object_ref (services->searcher);
  g_autofree char *old_model = g_strdup (services->model_id);
  GtkWidget *row;

  download (fixture);
  /* A model of other weights than the one at hand would have to index. This one is the same, so its
   * embeddings are there already. */
  row = get_row (fixture, OFFER);
  press (row, "Use");
  wait_until (g_strcmp0 (services->model_id, OFFER) == 0);
  g_assert_true (services->searcher != old);
  wait_until (find_button (row, "Use") == NULL);
  {
    g_autofree char *setting
        = g_settings_get_string (fixture->window.settings, KALON_SETTING_MODEL);

    g_assert_cmpstr (setting, ==, OFFER);
  }
  g_assert_cmpuint (window_get_n_shown (&fixture->window), ==, 12);
  g_assert_cmpstr (old_model, !=, OFFER);
}

static void
test_change_while_the_old_one_searches (Fixture *fixture, gconstpointer data)
{
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autoptr (KalonSearcher) old = g_object_ref (services->searcher);
  GtkWidget *row = get_row (fixture, KALON_MODEL_STARTER);

  press (row, "Use");
  wait_until (says (row, "Indexing, while the old one still searches"));
  g_assert_true (services->searcher == old);
  /* Somebody thinks better of it, and then again. */
  press (row, "Cancel");
  wait_until (find_button (row, "Use") != NULL);
  g_assert_true (services->searcher == old);
  wait_until (!kalon_indexing_is_running (fixture->window.indexing));
  press (row, "Use");
  wait_until (g_strcmp0 (services->model_id, KALON_MODEL_STARTER) == 0);
  g_assert_true (services->searcher != old);

  /* The search that is on screen is the new one's. */
  kalon_search_set_text (fixture->window.window->search, "a lake");
  wait_until (kalon_search_get_results (fixture->window.window->search) != NULL
              && !kalon_search_is_busy (fixture->window.window->search));
  g_assert_null (kalon_search_get_error (fixture->window.window->search));
}

static void
test_measure_and_remove (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "kalon", "models", OFFER, NULL);
  GtkWidget *row, *dialog = NULL;
  GListModel *toplevels = gtk_window_get_toplevels ();

  download (fixture);
  row = get_row (fixture, OFFER);
  gtk_widget_activate_action (row, "model.measure", NULL);
  wait_until (says (row, "Measuring"));
  wait_until (says (row, "pictures per second on this device: your library takes about 1 minute"));

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
  g_assert_nonnull (find_button (get_row (fixture, OFFER), "Download"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);

  kalon_model_list_import (fixture->window.models, model);
  g_assert_true (says (get_row (fixture, "quick-gelu-p16-f32"), "Imported from a folder"));
  /* The window's model is that of the folder; this is its copy, and another model. */
  g_assert_nonnull (find_button (get_row (fixture, "quick-gelu-p16-f32"), "Use"));
}

static void
test_device (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, "Compute On");
  GtkWidget *check = get_row (fixture, "Self-Test");
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autofree char *setting = NULL;

  wait_until (gtk_widget_is_sensitive (row));
  /* The window computes in plain C, which is what devices are compared with. */
  g_assert_true (says (row, "On the processor, without OpenCL"));
  g_assert_false (gtk_widget_get_sensitive (check));
  g_assert_cmpstr (services->device_name, ==, "none");

  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 0);
  g_assert_null (services->device_name);
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (row),
      g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))) - 1);
  g_assert_cmpstr (services->device_name, ==, "none");
  setting = g_settings_get_string (fixture->window.settings, KALON_SETTING_DEVICE);
  g_assert_cmpstr (setting, ==, "none");
}

/* Looks */

static gboolean
scored_by (Fixture *fixture, const char *shares)
{
  g_autofree char *setting
      = g_settings_get_string (fixture->window.settings, KALON_SETTING_AESTHETIC_MODELS);

  return strstr (setting, shares) != NULL;
}

static gboolean
has_label (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, text))
      return TRUE;
  return FALSE;
}

static void
test_looks (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, "CLIP-IQA");
  GtkWidget *weight = display_find (row, GTK_TYPE_SPIN_BUTTON, NULL);

  gtk_test_accessible_assert_role (weight, GTK_ACCESSIBLE_ROLE_SPIN_BUTTON);
  gtk_test_accessible_assert_property (weight, GTK_ACCESSIBLE_PROPERTY_LABEL, "Weight of CLIP-IQA");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (weight), 0.5);
  wait_until (scored_by (fixture, "clip-iqa:0.5"));
  wait_until (has_label (fixture->preferences, "12 pictures are scored by these weights."));

  /* Its model is not here. */
  row = get_row (fixture, "laion-v1-vit-b-32");
  g_assert_true (says (row, "Needs the model clip-vit-b-32."));
  g_assert_false (gtk_widget_get_sensitive (find_button (row, "Download")));

  /* A weight that was set a moment before the window was closed counts. */
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (weight), 0.25);
  close_preferences (fixture);
  wait_until (scored_by (fixture, "clip-iqa:0.25"));
  open_preferences (fixture, "looks");
  row = get_row (fixture, "CLIP-IQA");
  weight = display_find (row, GTK_TYPE_SPIN_BUTTON, NULL);
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (weight)), ==, 0.25);
}

/* Rephrasing */

static const LlmStep answers[] = {
  { .deed = LLM_REPLY,
    .body = "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"answer\\\":\\\"rose\\\"}\"},"
            "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
    .header_name = "Content-Type",
    .header_value = "text/event-stream" },
};
static const LlmStep refusals[] = {
  { .deed = LLM_REPLY,
    .status = 401,
    .body = "{\"error\":{\"message\":\"no such key\",\"type\":\"authentication_error\"}}" },
};

static void
set_server (Fixture *fixture, const char *url)
{
  GtkWidget *provider = get_row (fixture, "Rephrased By");

  adw_combo_row_set_selected (ADW_COMBO_ROW (provider), 2);
  type_and_apply (get_row (fixture, "Address of the Server"), url);
  type_and_apply (get_row (fixture, "Model, as the Server Calls It"), " small ");
}

static void
test_llm_works (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model = NULL;
  GtkWidget *row;

  g_assert_null (find_row (fixture->preferences, "Test"));
  fixture->server = llm_server_new (answers, G_N_ELEMENTS (answers), NULL);
  set_server (fixture, llm_server_get_url (fixture->server));
  model = g_settings_get_string (fixture->window.settings, KALON_SETTING_LLM_MODEL);
  g_assert_cmpstr (model, ==, "small");
  g_assert_true (says (get_row (fixture, "Who Sees Your Words"), "Only this computer: 127.0.0.1"));

  row = get_row (fixture, "Test");
  press (row, "_Test");
  wait_until (says (row, "It works: 127.0.0.1"));
  g_assert_true (says (row, "“rose”"));
  /* What was sent is ours, whatever was searched for. */
  g_assert_cmpuint (llm_server_get_requests (fixture->server), ==, 1);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), KALON_LLM_TRIAL));
  /* Of another model it is not known. */
  type_and_apply (get_row (fixture, "Model, as the Server Calls It"), "large");
  g_assert_true (says (row, "Whether the server answers"));
}

static void
test_llm_fails (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row;

  fixture->server = llm_server_new (refusals, G_N_ELEMENTS (refusals), NULL);
  set_server (fixture, llm_server_get_url (fixture->server));
  row = get_row (fixture, "Test");
  press (row, "_Test");
  wait_until (says (row, "127.0.0.1") && gtk_widget_is_sensitive (find_button (row, "_Test")));
  g_assert_null (strchr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), '\n'));
}

static void
test_llm_host_is_asked_about (Fixture *fixture, gconstpointer data)
{
  GtkWidget *host, *test;
  g_auto (GStrv) allowed = NULL;

  set_server (fixture, "https://llm.example.org/v1");
  host = get_row (fixture, "Who Sees Your Words");
  test = find_button (get_row (fixture, "Test"), "_Test");
  g_assert_true (says (host, "Nobody yet. Allow llm.example.org"));
  g_assert_false (gtk_widget_get_sensitive (test));
  press (host, "Allow");
  g_assert_true (says (host, "llm.example.org. It is sent the words that you search for"));
  g_assert_true (gtk_widget_get_sensitive (test));
  press (host, "Forbid");
  g_assert_true (says (host, "Nobody yet"));
  g_assert_false (gtk_widget_get_sensitive (test));
  allowed = g_settings_get_strv (fixture->window.settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_assert_null (allowed[0]);
}

/* Without a keyring: for the session. */
static void
test_llm_key (Fixture *fixture, gconstpointer data)
{
  GtkWidget *entry, *place;

  fixture->server = llm_server_new (answers, G_N_ELEMENTS (answers), NULL);
  set_server (fixture, llm_server_get_url (fixture->server));
  entry = get_row (fixture, "Key of the Server");
  place = get_row (fixture, "Where It Is Kept");
  wait_until (says (place, "There is none."));
  type_and_apply (entry, "not a key");
  wait_until (says (place, "is no key"));
  type_and_apply (entry, " sk-secret-1 ");
  wait_until (says (place, "In the memory of this program"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");

  press (get_row (fixture, "Test"), "_Test");
  wait_until (says (get_row (fixture, "Test"), "It works"));
  g_assert_nonnull (strstr (llm_server_get_key (fixture->server, 0), "sk-secret-1"));
  press (place, "Remove");
  wait_until (says (place, "There is none."));
}

static void
test_style (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, "Style");
  g_autofree char *style = NULL;

  g_assert_true (says (row, "what such a picture would look like"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 0);
  style = g_settings_get_string (fixture->window.settings, KALON_SETTING_REPHRASE_STYLE);
  g_assert_cmpstr (style, ==, "original");
  g_assert_true (says (row, "Only the words that you type"));
}

/* Privacy */

static void
test_thumbnails_are_cleared (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, "Thumbnails");
  GtkWidget *button = find_button (row, "Clear");
  g_autofree char *other
      = g_build_filename (fixture->window.library, "thumbnails", "kept.jpg", NULL);

  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Clear the Thumbnails");
  wait_until (says (row, "12 thumbnails, "));
  /* Not where ours are. */
  g_assert_true (g_file_set_contents (other, "x", 1, NULL));
  press (row, "Clear");
  wait_until (says (row, "None"));
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
}

static void
test_what_leaves (Fixture *fixture, gconstpointer data)
{
  GSettings *settings = fixture->window.settings;
  const char *const hosts[] = { "llm.example.org", "other.example.org", NULL };
  GtkWidget *words = get_row (fixture, "Words That You Search For");
  GtkWidget *row;
  g_auto (GStrv) left = NULL;

  g_assert_true (says (words, "Stay here: word lists"));
  g_assert_true (says (get_row (fixture, "Downloads of Models"), "https://huggingface.co"));
  g_assert_null (find_row (fixture->preferences, "llm.example.org"));

  g_settings_set_string (settings, KALON_SETTING_LLM_URL, "https://llm.example.org/v1");
  g_settings_set_string (settings, KALON_SETTING_LLM_DIALECT, "openai");
  g_assert_true (says (words, "llm.example.org has not been allowed"));
  g_settings_set_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS, hosts);
  g_assert_true (says (words, "Are sent to llm.example.org"));
  row = get_row (fixture, "llm.example.org");
  gtk_test_accessible_assert_property (find_button (row, "Forbid"), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Forbid llm.example.org");
  press (row, "Forbid");
  g_assert_true (says (words, "has not been allowed"));
  left = g_settings_get_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_assert_cmpstr (left[0], ==, "other.example.org");
  g_assert_null (left[1]);
}

static void
test_answers_are_cleared (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = get_row (fixture, "Answers of Language Models");

  press (row, "Clear");
  wait_until (gtk_widget_get_sensitive (find_button (row, "Clear")));
  g_assert_true (has_label (fixture->preferences, "The answers of language models are gone."));
}

#define ADD(path, page, test) g_test_add (path, Fixture, page, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("kalon-home-XXXXXX", NULL);
  int status;

  /* Downloads and imports are this program's own. */
  g_assert_nonnull (home);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  display_init (&argc, &argv);
  ADD ("/preferences/search", "search", test_search);
  ADD ("/preferences/profiles", "search", test_profiles);
  ADD ("/preferences/leaves-for-the-window", "search", test_leaves_for_the_window);
  ADD ("/preferences/download", "models", test_download);
  ADD ("/preferences/download-fails", "models", test_download_fails);
  ADD ("/preferences/use", "models", test_use);
  ADD ("/preferences/change-while-the-old-one-searches", "models",
       test_change_while_the_old_one_searches);
  ADD ("/preferences/measure-and-remove", "models", test_measure_and_remove);
  ADD ("/preferences/import", "models", test_import);
  ADD ("/preferences/device", "models", test_device);
  ADD ("/preferences/looks", "looks", test_looks);
  ADD ("/preferences/llm-works", "rephrasing", test_llm_works);
  ADD ("/preferences/llm-fails", "rephrasing", test_llm_fails);
  ADD ("/preferences/llm-host-is-asked-about", "rephrasing", test_llm_host_is_asked_about);
  ADD ("/preferences/llm-key", "rephrasing", test_llm_key);
  ADD ("/preferences/style", "rephrasing", test_style);
  ADD ("/preferences/thumbnails-are-cleared", "privacy", test_thumbnails_are_cleared);
  ADD ("/preferences/what-leaves", "privacy", test_what_leaves);
  ADD ("/preferences/answers-are-cleared", "privacy", test_answers_are_cleared);
  status = g_test_run ();
  g_rmdir (home);
  return status;
}
