/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"
#include "llm-server.h"

#include "search/kalon-words-line.h"
#include "settings/kalon-settings.h"

#define ANSWER_1 "{\"language\":\"en\",\"english\":\"lake\",\"additions\":\"misty morning light, "
#define ANSWER_2 "mirror-like water\",\"filters\":[]}"
#define REPHRASED "lake, misty morning light, mirror-like water"

/* The line over words that follow settings, which have no language model at first. */
typedef struct
{
  GSettings *settings;
  KalonWords *words;
  GtkWindow *window;
  KalonWordsLine *line;
  LlmServer *server;
  char *stream;
  GPtrArray *seen; /* texts, as they grew */
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  const char *text = kalon_words_get_text (fixture->words);

  if (text != NULL && kalon_words_get_state (fixture->words) == KALON_WORDS_WRITING)
    g_ptr_array_add (fixture->seen, g_strdup (text));
}

static void
set_server (Fixture *fixture, const char *url)
{
  g_settings_set_string (fixture->settings, KALON_SETTING_LLM_URL, url);
  g_settings_set_string (fixture->settings, KALON_SETTING_LLM_MODEL, "small");
  g_settings_set_string (fixture->settings, KALON_SETTING_LLM_DIALECT, "openai");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const pieces[] = { ANSWER_1, ANSWER_2, NULL };

  fixture->settings = kalon_settings_new ();
  fixture->words = kalon_words_new (fixture->settings, NULL);
  fixture->seen = g_ptr_array_new_with_free_func (g_free);
  fixture->stream = llm_stream (KALON_LLM_OPENAI, pieces, "stop");
  g_signal_connect_swapped (fixture->words, "changed", G_CALLBACK (changed_cb), fixture);
  fixture->line = g_object_new (KALON_TYPE_WORDS_LINE, NULL);
  kalon_words_line_set_words (fixture->line, fixture->words);
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 500, 100);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->line));
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->line), (gpointer *) &fixture->line);
  gtk_window_destroy (fixture->window);
  wait_until (fixture->line == NULL);
  kalon_words_set_query (fixture->words, "");
  display_finalize (fixture->words);
  g_settings_reset (fixture->settings, KALON_SETTING_LLM_DIALECT);
  g_settings_reset (fixture->settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_settings_reset (fixture->settings, KALON_SETTING_REPHRASE_STYLE);
  g_object_unref (fixture->settings);
  g_clear_pointer (&fixture->server, llm_server_free);
  g_ptr_array_unref (fixture->seen);
  g_free (fixture->stream);
}

/* The first button with that icon, or that label. */
static GtkWidget *
find_button (GtkWidget *widget, const char *name)
{
  if (GTK_IS_BUTTON (widget)
      && (g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), name) == 0
          || g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press (Fixture *fixture, const char *name)
{
  GtkWidget *button = find_button (GTK_WIDGET (fixture->line), name);

  g_assert_true (gtk_widget_get_mapped (button));
  g_signal_emit_by_name (button, "clicked");
}

static GtkWidget *
find (Fixture *fixture, GType type, const char *css_class)
{
  return display_find (GTK_WIDGET (fixture->line), type, css_class);
}

static const char *
get_shown_text (Fixture *fixture)
{
  GtkWidget *button = find (fixture, GTK_TYPE_BUTTON, "words");

  return gtk_widget_get_visible (button)
             ? gtk_label_get_text (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))))
             : NULL;
}

static const char *
get_source (Fixture *fixture)
{
  return gtk_label_get_text (GTK_LABEL (find (fixture, GTK_TYPE_LABEL, "caption")));
}

static void
test_word_lists (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button = find (fixture, GTK_TYPE_BUTTON, "words");
  g_autofree char *label = NULL;
  const char *text;

  gtk_test_accessible_assert_role (GTK_WIDGET (fixture->line), GTK_ACCESSIBLE_ROLE_GROUP);
  g_assert_null (get_shown_text (fixture));
  /* At once, and without the words that were typed. */
  kalon_words_set_query (fixture->words, "lake");
  g_assert_cmpint (kalon_words_get_state (fixture->words), ==, KALON_WORDS_READY);
  text = kalon_words_get_text (fixture->words);
  g_assert_true (g_str_has_prefix (text, "lake, "));
  g_assert_true (g_str_has_prefix (get_shown_text (fixture), "+ "));
  g_assert_cmpstr (get_shown_text (fixture) + 2, ==, text + strlen ("lake, "));
  g_assert_cmpstr (get_source (fixture), ==, "word lists");
  label = g_strdup_printf ("Searched for as well: %s; press to edit", text);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
  g_assert_true (gtk_widget_get_visible (find (fixture, GTK_TYPE_LABEL, "caption")));
  kalon_words_line_set_narrow (fixture->line, TRUE);
  g_assert_false (gtk_widget_get_visible (find (fixture, GTK_TYPE_LABEL, "caption")));

  kalon_words_set_query (fixture->words, "");
  g_assert_null (get_shown_text (fixture));
}

static void
test_edit (Fixture *fixture, gconstpointer data)
{
  GtkWidget *entry = find (fixture, GTK_TYPE_ENTRY, NULL);
  g_autofree char *rephrased = NULL;

  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Words to search for as well");
  kalon_words_set_query (fixture->words, "lake");
  rephrased = g_strdup (kalon_words_get_text (fixture->words));
  g_signal_emit_by_name (find (fixture, GTK_TYPE_BUTTON, "words"), "clicked");
  g_assert_true (gtk_widget_get_visible (entry));
  g_assert_null (get_shown_text (fixture));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, rephrased);
  gtk_editable_set_text (GTK_EDITABLE (entry), " a frozen lake ");
  g_assert_cmpstr (kalon_words_get_text (fixture->words), ==, rephrased);
  g_signal_emit_by_name (entry, "activate");
  g_assert_false (gtk_widget_get_visible (entry));
  g_assert_cmpstr (kalon_words_get_text (fixture->words), ==, "a frozen lake");
  g_assert_cmpstr (get_shown_text (fixture), ==, "a frozen lake");
  g_assert_cmpstr (get_source (fixture), ==, "your words");
  press (fixture, "edit-undo-symbolic");
  g_assert_cmpstr (kalon_words_get_text (fixture->words), ==, rephrased);

  /* One's own are for one query, unless they are pinned. */
  kalon_words_set_own (fixture->words, "snow");
  kalon_words_set_query (fixture->words, "mountain");
  g_assert_true (g_str_has_prefix (kalon_words_get_text (fixture->words), "mountain, "));
  kalon_words_set_own (fixture->words, "snow");
  press (fixture, "kalon-pin-symbolic");
  g_assert_true (kalon_words_is_pinned (fixture->words));
  kalon_words_set_query (fixture->words, "");
  g_assert_null (get_shown_text (fixture));
  kalon_words_set_query (fixture->words, "trees");
  g_assert_cmpstr (get_shown_text (fixture), ==, "snow");
  press (fixture, "kalon-pin-symbolic");
  g_assert_cmpstr (get_shown_text (fixture), ==, "snow");
  kalon_words_set_query (fixture->words, "tree");
  g_assert_true (g_str_has_prefix (kalon_words_get_text (fixture->words), "tree, "));

  /* Off, and on again. */
  press (fixture, "window-close-symbolic");
  g_assert_false (kalon_words_is_on (fixture->words));
  g_assert_cmpint (kalon_words_get_state (fixture->words), ==, KALON_WORDS_NONE);
  g_assert_null (get_shown_text (fixture));
  press (fixture, "Re_phrase");
  g_assert_true (g_str_has_prefix (kalon_words_get_text (fixture->words), "tree, "));
}

static void
test_language_model (Fixture *fixture, gconstpointer data)
{
  const LlmStep steps[] = { { .status = 401 }, { .body = fixture->stream } };
  GtkWidget *retry = find_button (GTK_WIDGET (fixture->line), "_Retry");
  GtkWidget *notice;

  fixture->server = llm_server_new (steps, G_N_ELEMENTS (steps), NULL);
  set_server (fixture, llm_server_get_url (fixture->server));

  /* What is typed on is not asked about. */
  kalon_words_set_query (fixture->words, "l");
  g_assert_cmpint (kalon_words_get_state (fixture->words), ==, KALON_WORDS_WRITING);
  g_assert_cmpstr (get_shown_text (fixture), ==, "Rephrasing…");
  g_assert_false (gtk_widget_get_visible (retry));
  kalon_words_set_query (fixture->words, "lake");

  /* A failure is one line, and word lists stand in. */
  wait_until (kalon_words_get_state (fixture->words) == KALON_WORDS_FAILED);
  g_assert_cmpuint (llm_server_get_requests (fixture->server), ==, 1);
  g_assert_nonnull (strstr (llm_server_get_body (fixture->server, 0), "lake"));
  g_assert_true (g_str_has_prefix (kalon_words_get_text (fixture->words), "lake, "));
  g_assert_cmpstr (kalon_words_get_source (fixture->words), ==, "");
  g_assert_true (gtk_widget_get_visible (retry));
  notice = gtk_widget_get_prev_sibling (retry);
  g_assert_true (gtk_widget_get_visible (notice));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (notice)), ==,
                   kalon_words_get_notice (fixture->words));
  g_assert_nonnull (strstr (kalon_words_get_notice (fixture->words), "127.0.0.1"));

  press (fixture, "_Retry");
  wait_until (kalon_words_get_state (fixture->words) == KALON_WORDS_READY);
  g_assert_cmpstr (kalon_words_get_text (fixture->words), ==, REPHRASED);
  g_assert_cmpstr (get_shown_text (fixture), ==, "+ misty morning light, mirror-like water");
  g_assert_true (g_str_has_prefix (get_source (fixture), "127.0.0.1:"));
  g_assert_false (gtk_widget_get_visible (retry));
  /* It grew. */
  g_assert_cmpuint (fixture->seen->len, >, 0);
  g_assert_true (g_str_has_prefix (REPHRASED, g_ptr_array_index (fixture->seen, 0)));
}

/* Nothing is sent to a host that was not allowed. That it is not sent later either is for
 * llm-settings to test: here nobody may reach for the network. */
static void
test_permission (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) allowed = NULL;

  set_server (fixture, "https://llm.example/v1");
  kalon_words_set_query (fixture->words, "lake");
  g_assert_cmpstr (kalon_words_get_unknown_host (fixture->words), ==, "llm.example");
  g_assert_cmpint (kalon_words_get_state (fixture->words), ==, KALON_WORDS_READY);
  g_assert_cmpstr (get_source (fixture), ==, "word lists");

  /* Not now is not now, for other words neither. */
  kalon_words_answer (fixture->words, FALSE);
  g_assert_null (kalon_words_get_unknown_host (fixture->words));
  kalon_words_set_query (fixture->words, "sea");
  g_assert_null (kalon_words_get_unknown_host (fixture->words));
  g_assert_cmpint (kalon_words_get_state (fixture->words), ==, KALON_WORDS_READY);

  /* Another host is another question. */
  set_server (fixture, "https://other.example/v1");
  g_assert_cmpstr (kalon_words_get_unknown_host (fixture->words), ==, "other.example");
  kalon_words_answer (fixture->words, TRUE);
  g_assert_null (kalon_words_get_unknown_host (fixture->words));
  g_assert_cmpint (kalon_words_get_state (fixture->words), ==, KALON_WORDS_WRITING);
  /* Before its time to be asked. */
  kalon_words_set_query (fixture->words, "");
  allowed = g_settings_get_strv (fixture->settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_assert_true (
      g_strv_equal ((const char *const *) allowed, (const char *const[]){ "other.example", NULL }));
}

static void
test_bad_setting (Fixture *fixture, gconstpointer data)
{
  set_server (fixture, "ftp://nowhere");
  kalon_words_set_query (fixture->words, "lake");
  g_assert_cmpint (kalon_words_get_state (fixture->words), ==, KALON_WORDS_FAILED);
  g_assert_nonnull (kalon_words_get_notice (fixture->words));
  g_assert_true (g_str_has_prefix (kalon_words_get_text (fixture->words), "lake, "));
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add ("/words/word-lists", Fixture, NULL, set_up, test_word_lists, tear_down);
  g_test_add ("/words/edit", Fixture, NULL, set_up, test_edit, tear_down);
  g_test_add ("/words/language-model", Fixture, NULL, set_up, test_language_model, tear_down);
  g_test_add ("/words/permission", Fixture, NULL, set_up, test_permission, tear_down);
  g_test_add ("/words/bad-setting", Fixture, NULL, set_up, test_bad_setting, tear_down);
  return g_test_run ();
}
