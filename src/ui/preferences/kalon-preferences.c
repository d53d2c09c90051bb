/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "preferences/kalon-preferences-private.h"

struct _KalonPreferences
{
  AdwPreferencesWindow parent_instance;

  KalonPreferencesSearch *search_page;
  KalonPreferencesModels *models_page;
  KalonPreferencesLooks *looks_page;
  KalonPreferencesRephrasing *rephrasing_page;
  KalonPreferencesPrivacy *privacy_page;
};

G_DEFINE_FINAL_TYPE (KalonPreferences, kalon_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
kalon_preferences_class_init (KalonPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (KALON_TYPE_PREFERENCES_SEARCH);
  g_type_ensure (KALON_TYPE_PREFERENCES_MODELS);
  g_type_ensure (KALON_TYPE_PREFERENCES_LOOKS);
  g_type_ensure (KALON_TYPE_PREFERENCES_REPHRASING);
  g_type_ensure (KALON_TYPE_PREFERENCES_PRIVACY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/kalon-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferences, search_page);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferences, models_page);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferences, looks_page);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferences, rephrasing_page);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferences, privacy_page);
}

static void
kalon_preferences_init (KalonPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

KalonPreferences *
kalon_preferences_new (KalonSession *session, GtkWindow *parent)
{
  KalonPreferences *self;

  g_return_val_if_fail (KALON_IS_SESSION (session), NULL);

  self = g_object_new (KALON_TYPE_PREFERENCES, "transient-for", parent, NULL);
  kalon_preferences_search_set_session (self->search_page, session);
  kalon_preferences_models_set_session (self->models_page, session);
  kalon_preferences_looks_set_session (self->looks_page, session);
  kalon_preferences_rephrasing_set_session (self->rephrasing_page, session);
  kalon_preferences_privacy_set_session (self->privacy_page, session);
  return self;
}

void
kalon_preferences_show_message (GtkWidget *widget, const char *message)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  if (ADW_IS_PREFERENCES_WINDOW (root))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (root), adw_toast_new (escaped));
}

void
kalon_preferences_leave (GtkWidget *widget, const char *action, GVariant *target)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  GtkWindow *parent = gtk_window_get_transient_for (window);
  g_autoptr (GVariant) kept = target != NULL ? g_variant_ref_sink (target) : NULL;

  gtk_window_close (window);
  if (parent != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (parent), action, kept);
}
