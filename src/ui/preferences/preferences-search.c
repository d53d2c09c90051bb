/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "preferences/kalon-preferences-private.h"
#include "settings/kalon-settings.h"

struct _KalonPreferencesSearch
{
  AdwPreferencesPage parent_instance;

  KalonSession *session;
  GSettings *settings;
  GtkAdjustment *size_adjustment;
  GtkAdjustment *aesthetic_adjustment;
  GtkAdjustment *taste_adjustment;
  GtkSwitch *aligned_switch;
  GtkSwitch *adapter_switch;
  GtkSwitch *shell_search_switch;
  AdwActionRow *strictness_row;
  GtkWidget *strictness_button;
  GtkWidget *weights_button;
  KalonPreferencesProfile *profile_group;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesSearch, kalon_preferences_search, ADW_TYPE_PREFERENCES_PAGE)

static void
update (KalonPreferencesSearch *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);
  int strictness = g_settings_get_int (self->settings, KALON_SETTING_STRICTNESS);
  g_autoptr (GVariant) aesthetic
      = g_settings_get_user_value (self->settings, KALON_SETTING_AESTHETIC_WEIGHT);
  g_autoptr (GVariant) taste
      = g_settings_get_user_value (self->settings, KALON_SETTING_TASTE_WEIGHT);
  g_autofree char *text = NULL;

  if (strictness == KALON_STRICTNESS_OF_MODEL)
    text = g_strdup_printf (_ ("%u of 100, as the model suggests"), services->model_strictness);
  else
    text = g_strdup_printf (_ ("%u of 100, as you have set it; the model suggests %u"),
                            (guint) strictness, services->model_strictness);
  adw_action_row_set_subtitle (self->strictness_row, text);
  gtk_widget_set_sensitive (self->strictness_button, strictness != KALON_STRICTNESS_OF_MODEL);
  gtk_widget_set_sensitive (self->weights_button, aesthetic != NULL || taste != NULL);
}

static void
strictness_reset_cb (KalonPreferencesSearch *self)
{
  g_settings_reset (self->settings, KALON_SETTING_STRICTNESS);
}

static void
weights_reset_cb (KalonPreferencesSearch *self)
{
  g_settings_reset (self->settings, KALON_SETTING_AESTHETIC_WEIGHT);
  g_settings_reset (self->settings, KALON_SETTING_TASTE_WEIGHT);
}

static void
library_cb (KalonPreferencesSearch *self)
{
  kalon_preferences_leave (GTK_WIDGET (self), "win.show-library", NULL);
}

static void
kalon_preferences_search_dispose (GObject *object)
{
  KalonPreferencesSearch *self = KALON_PREFERENCES_SEARCH (object);

  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (kalon_preferences_search_parent_class)->dispose (object);
}

static void
kalon_preferences_search_class_init (KalonPreferencesSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_preferences_search_dispose;
  g_type_ensure (KALON_TYPE_PREFERENCES_PROFILE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-search.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, size_adjustment);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, aesthetic_adjustment);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, taste_adjustment);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, aligned_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, adapter_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, shell_search_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, profile_group);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, strictness_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, strictness_button);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesSearch, weights_button);
  gtk_widget_class_bind_template_callback (widget_class, strictness_reset_cb);
  gtk_widget_class_bind_template_callback (widget_class, weights_reset_cb);
  gtk_widget_class_bind_template_callback (widget_class, library_cb);
}

static void
kalon_preferences_search_init (KalonPreferencesSearch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_preferences_search_set_session (KalonPreferencesSearch *self, KalonSession *session)
{
  self->session = g_object_ref (session);
  self->settings = g_object_ref (kalon_session_get_services (session)->settings);

  g_settings_bind (self->settings, KALON_SETTING_THUMBNAIL_SIZE, self->size_adjustment, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_AESTHETIC_WEIGHT, self->aesthetic_adjustment,
                   "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_TASTE_WEIGHT, self->taste_adjustment, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_ALIGNED, self->aligned_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_SHELL_SEARCH, self->shell_search_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_USE_ADAPTER, self->adapter_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  kalon_preferences_profile_set_session (self->profile_group, session);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
