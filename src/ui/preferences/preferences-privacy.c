/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "indexing/kalon-progress-text.h"
#include "llm/kalon-llm.h"
#include "models/kalon-models.h"
#include "preferences/kalon-preferences-private.h"
#include "settings/kalon-settings.h"
#include "thumbnails/kalon-thumbnails.h"

struct _KalonPreferencesPrivacy
{
  AdwPreferencesPage parent_instance;

  KalonSession *session;
  GSettings *settings;
  GtkStringList *hosts;
  GCancellable *cancellable;

  AdwActionRow *words_row;
  AdwActionRow *downloads_row;
  AdwPreferencesGroup *hosts_group;
  GtkListBox *hosts_list;
  AdwActionRow *thumbnails_row;
  GtkButton *thumbnails_button;
  GtkButton *answers_button;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesPrivacy, kalon_preferences_privacy, ADW_TYPE_PREFERENCES_PAGE)

/* What leaves */

static void
show_words (KalonPreferencesPrivacy *self)
{
  g_autoptr (KalonLlmChoice) choice = kalon_llm_dup_choice (self->settings, NULL);
  g_autofree char *text = NULL;

  if (choice == NULL)
    text = g_strdup (_ ("Stay here: word lists rephrase them, on this computer."));
  else if (choice->local)
    text = g_strdup_printf (_ ("Stay here: %s, which rephrases them, is on this computer."),
                            choice->host);
  else if (choice->allowed)
    text = g_strdup_printf (_ ("Are sent to %s, which rephrases them. The page “Rephrasing” can "
                               "end that."),
                            choice->host);
  else
    text = g_strdup_printf (_ ("Stay here: %s has not been allowed to rephrase them."),
                            choice->host);
  adw_action_row_set_subtitle (self->words_row, text);
}

/* (transfer full): where aesthetic heads come from, which are not on the hub. */
static char *
dup_head_hosts (void)
{
  g_autoptr (GString) hosts = g_string_new (NULL);
  gsize n;
  const KalonOffer *offers = kalon_models_get_offers (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GUri) uri = offers[i].address != NULL
                                 ? g_uri_parse (offers[i].address, G_URI_FLAGS_NONE, NULL)
                                 : NULL;

      if (uri != NULL && strstr (hosts->str, g_uri_get_host (uri)) == NULL)
        g_string_append_printf (hosts, "%s%s", hosts->len > 0 ? ", " : "", g_uri_get_host (uri));
    }
  return g_string_free (g_steal_pointer (&hosts), FALSE);
}

static void
show_downloads (KalonPreferencesPrivacy *self)
{
  g_autofree char *hub = g_settings_get_string (self->settings, KALON_SETTING_MODEL_HUB);
  g_autofree char *heads = dup_head_hosts ();
  /* Translators: an address, and hosts. */
  g_autofree char *text
      = g_strdup_printf (_ ("%s is asked for models, and %s for aesthetic heads, when you press "
                            "“Download”, and never else."),
                         hub, heads);

  adw_action_row_set_subtitle (self->downloads_row, text);
}

static void
show_hosts (KalonPreferencesPrivacy *self)
{
  g_auto (GStrv) hosts = g_settings_get_strv (self->settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->hosts));

  gtk_widget_set_visible (GTK_WIDGET (self->hosts_group), hosts[0] != NULL);
  gtk_string_list_splice (self->hosts, 0, n, (const char *const *) hosts);
}

static void
settings_changed_cb (KalonPreferencesPrivacy *self, const char *key)
{
  if (g_str_has_prefix (key, "llm-"))
    show_words (self);
  if (g_str_equal (key, KALON_SETTING_LLM_ALLOWED_HOSTS))
    show_hosts (self);
  if (g_str_equal (key, KALON_SETTING_MODEL_HUB))
    show_downloads (self);
}

static void
forbid_cb (GtkButton *button, gpointer user_data)
{
  KalonPreferencesPrivacy *self = user_data;
  g_autofree char *host = g_strdup (g_object_get_data (G_OBJECT (button), "host"));

  /* The row goes, and with it the focus: to what comes next. */
  gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (button))),
                          GTK_DIR_TAB_FORWARD);
  kalon_llm_forget_host (self->settings, host);
}

static GtkWidget *
create_host_row (gpointer item, gpointer user_data)
{
  const char *host = gtk_string_object_get_string (item);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_ ("Forbid"));
  g_autofree char *name = g_strdup_printf (_ ("Forbid %s"), host);

  g_object_set (row, "use-markup", FALSE, "title", host, NULL);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "host", g_strdup (host), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (forbid_cb), user_data, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

/* What is kept */

static void
usage_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesPrivacy) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonThumbnailUsage usage = { 0 };
  g_autofree char *count = NULL;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;

  kalon_thumbnails_get_usage_finish (result, &usage, &error);
  if (self->session == NULL)
    return;
  count = kalon_count_to_text (usage.n_files);
  size = g_format_size (usage.bytes);
  if (usage.n_files > 0)
    /* Translators: a number, a size such as “12 MB”. */
    text = g_strdup_printf (ngettext ("%s thumbnail, %s; made again when it is shown",
                                      "%s thumbnails, %s; made again when they are shown",
                                      usage.n_files),
                            count, size);
  else
    text = g_strdup (error != NULL ? error->message : _ ("None"));
  adw_action_row_set_subtitle (self->thumbnails_row, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->thumbnails_button), usage.n_files > 0);
}

static void
measure_thumbnails (KalonPreferencesPrivacy *self)
{
  kalon_thumbnails_get_usage_async (kalon_session_get_services (self->session)->library_directory,
                                    self->cancellable, usage_cb, g_object_ref (self));
}

static void
thumbnails_cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesPrivacy) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kalon_thumbnails_clear_finish (result, &error) && self->session != NULL)
    kalon_preferences_show_message (GTK_WIDGET (self), error->message);
  if (self->session != NULL)
    measure_thumbnails (self);
}

static void
clear_thumbnails_cb (KalonPreferencesPrivacy *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->thumbnails_button), FALSE);
  kalon_thumbnails_clear_async (kalon_session_get_services (self->session)->library_directory, NULL,
                                thumbnails_cleared_cb, g_object_ref (self));
}

static void
answers_cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesPrivacy) self = user_data;
  g_autoptr (GError) error = NULL;

  kalon_words_clear_cache_finish (KALON_WORDS (object), result, &error);
  if (self->session == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->answers_button), TRUE);
  kalon_preferences_show_message (GTK_WIDGET (self),
                                  error != NULL ? error->message
                                                : _ ("The answers of language models are gone."));
}

static void
clear_answers_cb (KalonPreferencesPrivacy *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->answers_button), FALSE);
  kalon_words_clear_cache_async (kalon_session_get_services (self->session)->words, NULL,
                                 answers_cleared_cb, g_object_ref (self));
}

static void
kalon_preferences_privacy_dispose (GObject *object)
{
  KalonPreferencesPrivacy *self = KALON_PREFERENCES_PRIVACY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (kalon_preferences_privacy_parent_class)->dispose (object);
}

static void
kalon_preferences_privacy_finalize (GObject *object)
{
  KalonPreferencesPrivacy *self = KALON_PREFERENCES_PRIVACY (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->hosts);
  G_OBJECT_CLASS (kalon_preferences_privacy_parent_class)->finalize (object);
}

static void
kalon_preferences_privacy_class_init (KalonPreferencesPrivacyClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_preferences_privacy_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_preferences_privacy_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-privacy.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesPrivacy, words_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesPrivacy, downloads_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesPrivacy, hosts_group);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesPrivacy, hosts_list);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesPrivacy, thumbnails_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesPrivacy, thumbnails_button);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesPrivacy, answers_button);
  gtk_widget_class_bind_template_callback (widget_class, clear_thumbnails_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_answers_cb);
}

static void
kalon_preferences_privacy_init (KalonPreferencesPrivacy *self)
{
  self->cancellable = g_cancellable_new ();
  self->hosts = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->hosts_list, G_LIST_MODEL (self->hosts), create_host_row, self,
                           NULL);
}

void
kalon_preferences_privacy_set_session (KalonPreferencesPrivacy *self, KalonSession *session)
{
  self->session = g_object_ref (session);
  self->settings = g_object_ref (kalon_session_get_services (session)->settings);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_words (self);
  show_downloads (self);
  show_hosts (self);
  measure_thumbnails (self);
}
