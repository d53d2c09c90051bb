/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "preferences/kalon-preferences-private.h"
#include "rephraser/kalon-rephraser.h"
#include "settings/kalon-settings.h"

struct _KalonPreferencesRephrasing
{
  AdwPreferencesPage parent_instance;

  GSettings *settings;
  GCancellable *testing; /* NULL while no test is under way */
  gboolean closed;

  AdwComboRow *style_row;
  AdwComboRow *dialect_row;
  AdwPreferencesGroup *server_group;
  AdwEntryRow *url_row;
  AdwEntryRow *model_row;
  AdwActionRow *host_row;
  GtkButton *allow_button;
  AdwActionRow *test_row;
  GtkSpinner *test_spinner;
  GtkButton *test_button;
  KalonPreferencesLlmKey *key_group;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesRephrasing, kalon_preferences_rephrasing,
                     ADW_TYPE_PREFERENCES_PAGE)

/* In the order of KalonRephraseStyle. */
static const char *const style_texts[KALON_N_REPHRASE_STYLES] = {
  N_ ("Only the words that you type"),
  N_ ("Your words, with what such a picture would look like"),
  N_ ("Your words, with a list of keywords behind them"),
  N_ ("Your words, with keywords for light, composition and mood"),
  N_ ("Your words again and again: to see what mere length does"),
  N_ ("Your words in another order: to see what mere wording does"),
};

/* In the order of the row. The addresses are those that their makers document. */
static const struct
{
  const char *dialect, *url, *text;
} providers[] = {
  { "", "", N_ ("Built in: at once, on this computer") },
  { "ollama", "http://127.0.0.1:11434",
    N_ ("Language models on this computer or in your network") },
  { "openai", "https://api.openai.com/v1",
    N_ ("OpenAI, llama.cpp, vLLM, LM Studio and most others") },
  { "anthropic", "https://api.anthropic.com", N_ ("Language models of Anthropic") },
};

static void
update_style_text (KalonPreferencesRephrasing *self)
{
  guint style = adw_combo_row_get_selected (self->style_row);

  if (style < KALON_N_REPHRASE_STYLES)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->style_row), _ (style_texts[style]));
}

static gboolean
get_style (GValue *value, GVariant *variant, gpointer user_data)
{
  KalonRephraseStyle style;

  if (!kalon_rephrase_style_from_name (g_variant_get_string (variant, NULL), &style))
    return FALSE;
  g_value_set_uint (value, style);
  return TRUE;
}

static GVariant *
set_style (const GValue *value, const GVariantType *type, gpointer user_data)
{
  guint style = g_value_get_uint (value);

  return style < KALON_N_REPHRASE_STYLES
             ? g_variant_new_string (kalon_rephrase_style_get_name (style))
             : NULL;
}

static gboolean
get_provider (GValue *value, GVariant *variant, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    if (g_str_equal (g_variant_get_string (variant, NULL), providers[i].dialect))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }
  return FALSE;
}

static GVariant *
set_provider (const GValue *value, const GVariantType *type, gpointer user_data)
{
  guint provider = g_value_get_uint (value);

  return provider < G_N_ELEMENTS (providers) ? g_variant_new_string (providers[provider].dialect)
                                             : NULL;
}

static gboolean
is_suggested (const char *url)
{
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    if (g_str_equal (url, providers[i].url))
      return TRUE;
  return FALSE;
}

/* The usual address of another provider, unless the user has typed one. */
static void
provider_cb (KalonPreferencesRephrasing *self)
{
  guint provider = adw_combo_row_get_selected (self->dialect_row);
  g_autofree char *url = g_settings_get_string (self->settings, KALON_SETTING_LLM_URL);

  if (provider >= G_N_ELEMENTS (providers))
    return;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->dialect_row), _ (providers[provider].text));
  if (provider > 0 && is_suggested (url))
    g_settings_set_string (self->settings, KALON_SETTING_LLM_URL, providers[provider].url);
}

/* State */

static void
stop_test (KalonPreferencesRephrasing *self)
{
  if (self->testing != NULL)
    g_cancellable_cancel (self->testing);
  g_clear_object (&self->testing);
  gtk_spinner_stop (self->test_spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->test_spinner), FALSE);
}

static void
show_host (KalonPreferencesRephrasing *self, const KalonLlmChoice *choice, const char *problem)
{
  g_autofree char *text = NULL;
  gboolean asks = choice != NULL && !choice->local;

  if (choice == NULL)
    text = g_strdup (problem);
  else if (choice->local)
    text = g_strdup_printf (_ ("Only this computer: %s is a program on it."), choice->host);
  else if (choice->allowed)
    text = g_strdup_printf (_ ("%s. It is sent the words that you search for, and neither pictures "
                               "nor names of files."),
                            choice->host);
  else
    text = g_strdup_printf (_ ("Nobody yet. Allow %s to be sent the words that you search for; "
                               "pictures and names of files never are."),
                            choice->host);
  adw_action_row_set_subtitle (self->host_row, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->allow_button), asks);
  if (asks)
    gtk_button_set_label (self->allow_button, choice->allowed ? _ ("Forbid") : _ ("Allow"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->test_button),
                            choice != NULL && choice->allowed && choice->model[0] != '\0');
}

static void
show_text (AdwEntryRow *row, GSettings *settings, const char *key)
{
  g_autofree char *text = g_settings_get_string (settings, key);

  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), text) == 0)
    return;
  /* What comes from elsewhere is no edit that waits to be applied. */
  adw_entry_row_set_show_apply_button (row, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  adw_entry_row_set_show_apply_button (row, TRUE);
}

static void
update (KalonPreferencesRephrasing *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlmChoice) choice = kalon_llm_dup_choice (self->settings, &error);
  gboolean server = choice != NULL || error != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->server_group), server);
  gtk_widget_set_visible (GTK_WIDGET (self->key_group), server);
  show_host (self, choice, error != NULL ? error->message : NULL);
}

static void
settings_changed_cb (KalonPreferencesRephrasing *self, const char *key)
{
  if (!g_str_has_prefix (key, "llm-"))
    return;
  stop_test (self);
  adw_action_row_set_subtitle (self->test_row, _ ("Whether the server answers, with a question of "
                                                  "ours and nothing of yours"));
  show_text (self->url_row, self->settings, KALON_SETTING_LLM_URL);
  show_text (self->model_row, self->settings, KALON_SETTING_LLM_MODEL);
  update (self);
}

static void
apply (KalonPreferencesRephrasing *self, AdwEntryRow *row, const char *key)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  g_settings_set_string (self->settings, key, text);
  show_text (row, self->settings, key);
}

static void
url_applied_cb (KalonPreferencesRephrasing *self)
{
  apply (self, self->url_row, KALON_SETTING_LLM_URL);
}

static void
model_applied_cb (KalonPreferencesRephrasing *self)
{
  apply (self, self->model_row, KALON_SETTING_LLM_MODEL);
}

static void
allow_cb (KalonPreferencesRephrasing *self)
{
  g_autoptr (KalonLlmChoice) choice = kalon_llm_dup_choice (self->settings, NULL);

  if (choice == NULL)
    return;
  if (choice->allowed)
    kalon_llm_forget_host (self->settings, choice->host);
  else
    kalon_llm_allow_host (self->settings, choice->host);
}

/* Test */

static void
show_result (KalonPreferencesRephrasing *self, const char *text)
{
  stop_test (self);
  adw_action_row_set_subtitle (self->test_row, text);
  update (self);
}

/* Nobody waits for that answer any more. */
static gboolean
is_old (KalonPreferencesRephrasing *self, GAsyncResult *result)
{
  return self->closed || g_task_get_cancellable (G_TASK (result)) != self->testing;
}

static void
tried_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesRephrasing) self = user_data;
  g_autoptr (GError) error = NULL;
  double seconds;
  g_autofree char *answer = kalon_llm_try_finish (KALON_LLM (object), result, &seconds, &error);
  g_autofree char *text = NULL;

  if (is_old (self, result))
    return;
  if (answer != NULL)
    /* Translators: a host, a time, what a language model answered. */
    text = g_strdup_printf (_ ("It works: %s answered after %.1f seconds: “%s”"),
                            kalon_llm_get_host (KALON_LLM (object)), seconds, answer);
  show_result (self, text != NULL ? text : error->message);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesRephrasing) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlm) llm = kalon_llm_new_from_settings_finish (result, &error);

  if (is_old (self, result))
    return;
  if (llm != NULL)
    kalon_llm_try_async (llm, self->testing, tried_cb, g_object_ref (self));
  else
    show_result (self, error != NULL ? error->message : "");
}

static void
test_cb (KalonPreferencesRephrasing *self)
{
  stop_test (self);
  self->testing = g_cancellable_new ();
  gtk_widget_set_sensitive (GTK_WIDGET (self->test_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->test_spinner), TRUE);
  gtk_spinner_start (self->test_spinner);
  adw_action_row_set_subtitle (self->test_row, _ ("Asking…"));
  kalon_llm_new_from_settings_async (self->settings, NULL, self->testing, opened_cb,
                                     g_object_ref (self));
}

static void
kalon_preferences_rephrasing_dispose (GObject *object)
{
  KalonPreferencesRephrasing *self = KALON_PREFERENCES_REPHRASING (object);

  self->closed = TRUE;
  if (self->testing != NULL)
    g_cancellable_cancel (self->testing);
  g_clear_object (&self->testing);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (kalon_preferences_rephrasing_parent_class)->dispose (object);
}

static void
kalon_preferences_rephrasing_class_init (KalonPreferencesRephrasingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_preferences_rephrasing_dispose;
  g_type_ensure (KALON_TYPE_PREFERENCES_LLM_KEY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-rephrasing.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, style_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, dialect_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, server_group);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, url_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, model_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, host_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, allow_button);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, test_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, test_button);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesRephrasing, key_group);
  gtk_widget_class_bind_template_callback (widget_class, url_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, model_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, allow_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
}

static void
kalon_preferences_rephrasing_init (KalonPreferencesRephrasing *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_set (self->host_row, "use-markup", FALSE, NULL);
  g_object_set (self->test_row, "use-markup", FALSE, NULL);
}

void
kalon_preferences_rephrasing_set_session (KalonPreferencesRephrasing *self, KalonSession *session)
{
  self->settings = g_object_ref (kalon_session_get_services (session)->settings);
  kalon_preferences_llm_key_set_settings (self->key_group, self->settings);
  g_signal_connect_object (self->style_row, "notify::selected", G_CALLBACK (update_style_text),
                           self, G_CONNECT_SWAPPED);
  g_settings_bind_with_mapping (self->settings, KALON_SETTING_REPHRASE_STYLE, self->style_row,
                                "selected", G_SETTINGS_BIND_DEFAULT, get_style, set_style, NULL,
                                NULL);
  g_settings_bind_with_mapping (self->settings, KALON_SETTING_LLM_DIALECT, self->dialect_row,
                                "selected", G_SETTINGS_BIND_DEFAULT, get_provider, set_provider,
                                NULL, NULL);
  g_signal_connect_object (self->dialect_row, "notify::selected", G_CALLBACK (provider_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_style_text (self);
  provider_cb (self);
  settings_changed_cb (self, KALON_SETTING_LLM_URL);
}
