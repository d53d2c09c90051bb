/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences-fixture.h"

#include "settings/kalon-settings.h"

/* Search */

static void
test_search (PreferencesFixture *fixture, gconstpointer data)
{
  GSettings *settings = fixture->window.settings;
  GtkWidget *size
      = display_find (preferences_get_row (fixture, "Size of Pictures"), GTK_TYPE_SCALE, NULL);
  GtkWidget *aligned = display_find (
      preferences_get_row (fixture, "Show the Aligned Ranking First"), GTK_TYPE_SWITCH, NULL);
  GtkWidget *shell
      = display_find (preferences_get_row (fixture, "Find Pictures From the Desktop’s Search"),
                      GTK_TYPE_SWITCH, NULL);
  GtkWidget *weights = preferences_get_row (fixture, "Weights as They Were Measured to Be Best");
  GtkWidget *strictness = preferences_get_row (fixture, "Strictness");

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
  gtk_test_accessible_assert_role (shell, GTK_ACCESSIBLE_ROLE_SWITCH);
  gtk_test_accessible_assert_property (shell, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Find Pictures From the Desktop’s Search");
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (shell)));
  gtk_switch_set_active (GTK_SWITCH (shell), FALSE);
  g_assert_false (g_settings_get_boolean (settings, KALON_SETTING_SHELL_SEARCH));
  g_settings_reset (settings, KALON_SETTING_SHELL_SEARCH);

  /* The fixture has set a strictness. */
  g_assert_true (preferences_says (strictness, "0 of 100, as you have set it"));
  preferences_press (strictness, "_Reset");
  g_assert_cmpint (g_settings_get_int (settings, KALON_SETTING_STRICTNESS), ==,
                   KALON_STRICTNESS_OF_MODEL);
  g_assert_true (preferences_says (strictness, "30 of 100, as the model suggests"));

  g_assert_false (gtk_widget_get_sensitive (preferences_find_button (weights, "Rese_t")));
  g_settings_set_double (settings, KALON_SETTING_TASTE_WEIGHT, 0.4);
  preferences_press (weights, "Rese_t");
  g_assert_cmpfloat (g_settings_get_double (settings, KALON_SETTING_TASTE_WEIGHT), ==, 0.15);
}

static const char *
get_profile (GtkWidget *row)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (row));

  return item != NULL ? gtk_string_object_get_string (item) : NULL;
}

static void
test_profiles (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, "Active Profile");
  GtkWidget *name = preferences_get_row (fixture, "Name of a New Profile");

  wait_until (g_strcmp0 (get_profile (row), "default") == 0);
  preferences_type (name, "  holidays ");
  wait_until (g_strcmp0 (get_profile (row), "holidays") == 0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "");

  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 0);
  wait_until (g_strcmp0 (get_profile (row), "default") == 0);
  preferences_close (fixture);
  preferences_open (fixture, "search");
  row = preferences_get_row (fixture, "Active Profile");
  wait_until (g_strcmp0 (get_profile (row), "default") == 0);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))), ==,
                    2);
}

static void
test_leaves_for_the_window (PreferencesFixture *fixture, gconstpointer data)
{
  g_signal_emit_by_name (preferences_get_row (fixture, "What It Has Learned"), "activated");
  wait_until (fixture->preferences == NULL);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (fixture->window.window->views), ==,
                   "training");
}

/* Looks */

/* By what the library says of its model. */
static gboolean
scored_by (PreferencesFixture *fixture, const char *expected)
{
  const KalonSessionServices *services = kalon_session_get_services (fixture->window.session);
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->window.library, NULL);
  g_autofree char *hash = kalon_model_dup_hash (services->model_directory, NULL, NULL);
  g_autofree char *shares = NULL;

  g_assert_true (kalon_library_get_aesthetic_models (library, hash, &shares, NULL));
  return shares != NULL && strstr (shares, expected) != NULL;
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
test_looks (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, "CLIP-IQA");
  GtkWidget *weight = display_find (row, GTK_TYPE_SPIN_BUTTON, NULL);

  gtk_test_accessible_assert_role (weight, GTK_ACCESSIBLE_ROLE_SPIN_BUTTON);
  gtk_test_accessible_assert_property (weight, GTK_ACCESSIBLE_PROPERTY_LABEL, "Weight of CLIP-IQA");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (weight), 0.5);
  wait_until (scored_by (fixture, "clip-iqa:0.5"));
  wait_until (has_label (fixture->preferences, "12 pictures are scored by these weights."));

  /* Its model is not here. */
  row = preferences_get_row (fixture, "laion-v1-vit-b-32");
  g_assert_true (preferences_says (row, "Needs the model clip-vit-b-32."));
  g_assert_false (gtk_widget_get_sensitive (preferences_find_button (row, "Download")));

  /* A weight that was set a moment before the window was closed counts. */
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (weight), 0.25);
  preferences_close (fixture);
  wait_until (scored_by (fixture, "clip-iqa:0.25"));
  preferences_open (fixture, "looks");
  row = preferences_get_row (fixture, "CLIP-IQA");
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
set_server (PreferencesFixture *fixture, const char *url)
{
  GtkWidget *provider = preferences_get_row (fixture, "Rephrased By");

  adw_combo_row_set_selected (ADW_COMBO_ROW (provider), 2);
  preferences_type (preferences_get_row (fixture, "Address of the Server"), url);
  preferences_type (preferences_get_row (fixture, "Model, as the Server Calls It"), " small ");
}

static void
test_llm_works (PreferencesFixture *fixture, gconstpointer data)
{
  g_autofree char *model = NULL;
  GtkWidget *row;

  g_assert_null (preferences_find_row (fixture->preferences, "Test"));
  fixture->server = llm_server_new (answers, G_N_ELEMENTS (answers), NULL);
  set_server (fixture, llm_server_get_url (fixture->server));
  model = g_settings_get_string (fixture->window.settings, KALON_SETTING_LLM_MODEL);
  g_assert_cmpstr (model, ==, "small");
  g_assert_true (preferences_says (preferences_get_row (fixture, "Who Sees Your Words"),
                                   "Only this computer: 127.0.0.1"));

  row = preferences_get_row (fixture, "Test");
  preferences_press (row, "_Test");
  wait_until (preferences_says (row, "It works: 127.0.0.1"));
  g_assert_true (preferences_says (row, "“rose”"));
  /* What was sent is ours, whatever was searched for. */
  g_assert_cmpuint (llm_server_get_requests (fixture->server), ==, 1);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), KALON_LLM_TRIAL));
  /* Of another model it is not known. */
  preferences_type (preferences_get_row (fixture, "Model, as the Server Calls It"), "large");
  g_assert_true (preferences_says (row, "Whether the server answers"));
}

static void
test_llm_fails (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row;

  fixture->server = llm_server_new (refusals, G_N_ELEMENTS (refusals), NULL);
  set_server (fixture, llm_server_get_url (fixture->server));
  row = preferences_get_row (fixture, "Test");
  preferences_press (row, "_Test");
  wait_until (preferences_says (row, "127.0.0.1")
              && gtk_widget_is_sensitive (preferences_find_button (row, "_Test")));
  g_assert_null (strchr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), '\n'));
}

static void
test_llm_host_is_asked_about (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *host, *test;
  g_auto (GStrv) allowed = NULL;

  set_server (fixture, "https://llm.example.org/v1");
  host = preferences_get_row (fixture, "Who Sees Your Words");
  test = preferences_find_button (preferences_get_row (fixture, "Test"), "_Test");
  g_assert_true (preferences_says (host, "Nobody yet. Allow llm.example.org"));
  g_assert_false (gtk_widget_get_sensitive (test));
  preferences_press (host, "Allow");
  g_assert_true (
      preferences_says (host, "llm.example.org. It is sent the words that you search for"));
  g_assert_true (gtk_widget_get_sensitive (test));
  preferences_press (host, "Forbid");
  g_assert_true (preferences_says (host, "Nobody yet"));
  g_assert_false (gtk_widget_get_sensitive (test));
  allowed = g_settings_get_strv (fixture->window.settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_assert_null (allowed[0]);
}

/* Without a keyring: for the session. */
static void
test_llm_key (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *entry, *place;

  fixture->server = llm_server_new (answers, G_N_ELEMENTS (answers), NULL);
  set_server (fixture, llm_server_get_url (fixture->server));
  entry = preferences_get_row (fixture, "Key of the Server");
  place = preferences_get_row (fixture, "Where It Is Kept");
  wait_until (preferences_says (place, "There is none."));
  preferences_type (entry, "not a key");
  wait_until (preferences_says (place, "is no key"));
  preferences_type (entry, " sk-secret-1 ");
  wait_until (preferences_says (place, "In the memory of this program"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");

  preferences_press (preferences_get_row (fixture, "Test"), "_Test");
  wait_until (preferences_says (preferences_get_row (fixture, "Test"), "It works"));
  g_assert_nonnull (strstr (llm_server_get_key (fixture->server, 0), "sk-secret-1"));
  preferences_press (place, "Remove");
  wait_until (preferences_says (place, "There is none."));
}

static void
test_style (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, "Style");
  g_autofree char *style = NULL;

  g_assert_true (preferences_says (row, "what such a picture would look like"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 0);
  style = g_settings_get_string (fixture->window.settings, KALON_SETTING_REPHRASE_STYLE);
  g_assert_cmpstr (style, ==, "original");
  g_assert_true (preferences_says (row, "Only the words that you type"));
}

/* Privacy */

static void
test_thumbnails_are_cleared (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, "Thumbnails");
  GtkWidget *button = preferences_find_button (row, "Clear");
  g_autofree char *other
      = g_build_filename (fixture->window.library, "thumbnails", "kept.jpg", NULL);

  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Clear the Thumbnails");
  wait_until (preferences_says (row, "12 thumbnails, "));
  /* Not where ours are. */
  g_assert_true (g_file_set_contents (other, "x", 1, NULL));
  preferences_press (row, "Clear");
  wait_until (preferences_says (row, "None"));
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
}

static void
test_what_leaves (PreferencesFixture *fixture, gconstpointer data)
{
  GSettings *settings = fixture->window.settings;
  const char *const hosts[] = { "llm.example.org", "other.example.org", NULL };
  GtkWidget *words = preferences_get_row (fixture, "Words That You Search For");
  GtkWidget *row;
  g_auto (GStrv) left = NULL;

  g_assert_true (preferences_says (words, "Stay here: word lists"));
  g_assert_true (preferences_says (preferences_get_row (fixture, "Downloads of Models"),
                                   "https://huggingface.co"));
  g_assert_null (preferences_find_row (fixture->preferences, "llm.example.org"));

  g_settings_set_string (settings, KALON_SETTING_LLM_URL, "https://llm.example.org/v1");
  g_settings_set_string (settings, KALON_SETTING_LLM_DIALECT, "openai");
  g_assert_true (preferences_says (words, "llm.example.org has not been allowed"));
  g_settings_set_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS, hosts);
  g_assert_true (preferences_says (words, "Are sent to llm.example.org"));
  row = preferences_get_row (fixture, "llm.example.org");
  gtk_test_accessible_assert_property (preferences_find_button (row, "Forbid"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Forbid llm.example.org");
  preferences_press (row, "Forbid");
  g_assert_true (preferences_says (words, "has not been allowed"));
  left = g_settings_get_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_assert_cmpstr (left[0], ==, "other.example.org");
  g_assert_null (left[1]);
}

static void
test_answers_are_cleared (PreferencesFixture *fixture, gconstpointer data)
{
  GtkWidget *row = preferences_get_row (fixture, "Answers of Language Models");

  preferences_press (row, "Clear");
  wait_until (gtk_widget_get_sensitive (preferences_find_button (row, "Clear")));
  g_assert_true (has_label (fixture->preferences, "The answers of language models are gone."));
}

#define ADD(path, page, test)                                                                      \
  g_test_add (path, PreferencesFixture, page, preferences_set_up, test, preferences_tear_down)

int
main (int argc, char **argv)
{
  preferences_init (&argc, &argv);
  ADD ("/preferences/search", "search", test_search);
  ADD ("/preferences/profiles", "search", test_profiles);
  ADD ("/preferences/leaves-for-the-window", "search", test_leaves_for_the_window);
  ADD ("/preferences/looks", "looks", test_looks);
  ADD ("/preferences/llm-works", "rephrasing", test_llm_works);
  ADD ("/preferences/llm-fails", "rephrasing", test_llm_fails);
  ADD ("/preferences/llm-host-is-asked-about", "rephrasing", test_llm_host_is_asked_about);
  ADD ("/preferences/llm-key", "rephrasing", test_llm_key);
  ADD ("/preferences/style", "rephrasing", test_style);
  ADD ("/preferences/thumbnails-are-cleared", "privacy", test_thumbnails_are_cleared);
  ADD ("/preferences/what-leaves", "privacy", test_what_leaves);
  ADD ("/preferences/answers-are-cleared", "privacy", test_answers_are_cleared);
  return g_test_run ();
}
