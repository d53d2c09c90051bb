/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "llm/kalon-llm.h"
#include "preferences/kalon-preferences-private.h"
#include "secrets/kalon-secrets.h"

struct _KalonPreferencesLlmKey
{
  AdwPreferencesGroup parent_instance;

  GSettings *settings;
  char *host;                /* (nullable): whose key it is about */
  GCancellable *cancellable; /* of what was asked of that host's key */

  AdwPasswordEntryRow *entry_row;
  AdwActionRow *state_row;
  GtkButton *remove_button;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesLlmKey, kalon_preferences_llm_key, ADW_TYPE_PREFERENCES_GROUP)

static void
show_place (KalonPreferencesLlmKey *self, KalonSecretPlace place)
{
  static const char *const texts[] = {
    [KALON_SECRET_NOWHERE] = N_ ("There is none. Servers on your own computer usually need none."),
    [KALON_SECRET_KEYRING] = N_ ("In your keyring, and nowhere else"),
    [KALON_SECRET_SESSION]
    = N_ ("In the memory of this program until it ends: there is no keyring to keep it in."),
    [KALON_SECRET_ENVIRONMENT] = N_ ("In the environment, as KALON_LLM_KEY"),
  };

  adw_action_row_set_subtitle (self->state_row, _ (texts[place]));
  gtk_widget_set_visible (GTK_WIDGET (self->remove_button),
                          place == KALON_SECRET_KEYRING || place == KALON_SECRET_SESSION);
}

static gboolean
was_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesLlmKey) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonSecretPlace place = KALON_SECRET_NOWHERE;

  kalon_secret_free (kalon_secrets_lookup_finish (result, &place, &error));
  if (was_cancelled (error) || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  show_place (self, place);
  if (error != NULL)
    adw_action_row_set_subtitle (self->state_row, error->message);
}

static void
drop_questions (KalonPreferencesLlmKey *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* Only while the page is seen: it may be that the keyring asks the user for its password. */
static void
look_up (KalonPreferencesLlmKey *self)
{
  drop_questions (self);
  if (self->host == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->cancellable = g_cancellable_new ();
  kalon_secrets_lookup_async (self->host, KALON_LLM_SECRET, self->cancellable, looked_up_cb,
                              g_object_ref (self));
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesLlmKey) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonSecretPlace place = KALON_SECRET_NOWHERE;

  kalon_secrets_store_finish (result, &place, &error);
  if (self->settings == NULL)
    return;
  if (error != NULL)
    adw_action_row_set_subtitle (self->state_row, error->message);
  else
    look_up (self);
}

static void
applied_cb (KalonPreferencesLlmKey *self)
{
  g_autoptr (KalonLlmChoice) choice = kalon_llm_dup_choice (self->settings, NULL);
  g_autoptr (KalonLlm) llm = NULL;
  g_autoptr (GError) error = NULL;
  char *key = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry_row))));

  /* The client knows what a key may look like; which model does not matter here. */
  if (choice != NULL && key[0] != '\0')
    llm = kalon_llm_new (NULL, choice->dialect, choice->url, "any", key, &error);
  if (llm != NULL)
    kalon_secrets_store_async (choice->host, KALON_LLM_SECRET, key, NULL, stored_cb,
                               g_object_ref (self));
  else if (error != NULL)
    adw_action_row_set_subtitle (self->state_row, error->message);
  kalon_secret_free (key);
  /* Nobody reads it from the screen afterwards. */
  gtk_editable_set_text (GTK_EDITABLE (self->entry_row), "");
}

static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesLlmKey) self = user_data;
  g_autoptr (GError) error = NULL;

  kalon_secrets_clear_finish (result, NULL, &error);
  if (self->settings == NULL)
    return;
  if (error != NULL)
    adw_action_row_set_subtitle (self->state_row, error->message);
  else
    look_up (self);
}

static void
remove_cb (KalonPreferencesLlmKey *self)
{
  if (self->host != NULL)
    kalon_secrets_clear_async (self->host, KALON_LLM_SECRET, NULL, cleared_cb, g_object_ref (self));
}

static void
update (KalonPreferencesLlmKey *self)
{
  g_autoptr (KalonLlmChoice) choice = kalon_llm_dup_choice (self->settings, NULL);
  const char *host = choice != NULL ? choice->host : NULL;
  g_autofree char *title = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->entry_row), host != NULL);
  if (g_strcmp0 (host, self->host) == 0)
    return;
  g_free (self->host);
  self->host = g_strdup (host);
  title = host != NULL ? g_strdup_printf (_ ("Key for %s"), host) : g_strdup (_ ("Key"));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), title);
  show_place (self, KALON_SECRET_NOWHERE);
  look_up (self);
}

static void
kalon_preferences_llm_key_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kalon_preferences_llm_key_parent_class)->map (widget);
  look_up (KALON_PREFERENCES_LLM_KEY (widget));
}

static void
kalon_preferences_llm_key_unroot (GtkWidget *widget)
{
  KalonPreferencesLlmKey *self = KALON_PREFERENCES_LLM_KEY (widget);

  drop_questions (self);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->host, g_free);
  GTK_WIDGET_CLASS (kalon_preferences_llm_key_parent_class)->unroot (widget);
}

static void
kalon_preferences_llm_key_class_init (KalonPreferencesLlmKeyClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->unroot = kalon_preferences_llm_key_unroot;
  widget_class->map = kalon_preferences_llm_key_map;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-llm-key.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesLlmKey, entry_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesLlmKey, state_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesLlmKey, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
kalon_preferences_llm_key_init (KalonPreferencesLlmKey *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_preferences_llm_key_set_settings (KalonPreferencesLlmKey *self, GSettings *settings)
{
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
