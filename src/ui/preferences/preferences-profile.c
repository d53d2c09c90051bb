/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "preferences/kalon-preferences-private.h"

struct _KalonPreferencesProfile
{
  AdwPreferencesGroup parent_instance;

  KalonSession *session;
  gboolean choosing; /* the user, and not we, changes the selection */

  AdwComboRow *profile_row;
  AdwEntryRow *name_row;
};

G_DEFINE_FINAL_TYPE (KalonPreferencesProfile, kalon_preferences_profile, ADW_TYPE_PREFERENCES_GROUP)

static KalonThumbs *
get_thumbs (KalonPreferencesProfile *self)
{
  return kalon_session_get_services (self->session)->thumbs;
}

static void
show_profiles (KalonPreferencesProfile *self, const KalonThumbsState *state)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new ((const char *const *) state->profiles);
  guint selected = 0;

  while (state->profiles[selected] != NULL
         && !g_str_equal (state->profiles[selected], state->profile))
    selected++;
  self->choosing = FALSE;
  adw_combo_row_set_model (self->profile_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->profile_row, selected);
  gtk_widget_set_sensitive (GTK_WIDGET (self->profile_row), TRUE);
  self->choosing = TRUE;
}

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesProfile) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonThumbsState) state
      = kalon_thumbs_get_state_finish (KALON_THUMBS (object), result, &error);

  if (self->session == NULL)
    return;
  if (state != NULL)
    show_profiles (self, state);
  else
    kalon_preferences_show_message (GTK_WIDGET (self), error->message);
}

static void
load (KalonPreferencesProfile *self)
{
  kalon_thumbs_get_state_async (get_thumbs (self), state_cb, g_object_ref (self));
}

static void
used_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPreferencesProfile) self = user_data;
  g_autoptr (GError) error = NULL;

  /* A change shows by the thumbs' ::changed. */
  if (kalon_thumbs_profile_finish (KALON_THUMBS (object), result, &error) || self->session == NULL)
    return;
  kalon_preferences_show_message (GTK_WIDGET (self), error->message);
  load (self);
}

static void
use (KalonPreferencesProfile *self, const char *name)
{
  kalon_thumbs_use_profile_async (get_thumbs (self), name, used_cb, g_object_ref (self));
}

static void
selected_cb (KalonPreferencesProfile *self)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (self->profile_row);

  if (self->choosing && item != NULL)
    use (self, gtk_string_object_get_string (item));
}

static void
named_cb (KalonPreferencesProfile *self)
{
  g_autofree char *name
      = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  if (name[0] == '\0')
    return;
  use (self, name);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), "");
}

static void
training_cb (KalonPreferencesProfile *self)
{
  kalon_preferences_leave (GTK_WIDGET (self), "win.show-view", g_variant_new_string ("training"));
}

static void
kalon_preferences_profile_unroot (GtkWidget *widget)
{
  KalonPreferencesProfile *self = KALON_PREFERENCES_PROFILE (widget);

  self->choosing = FALSE;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (get_thumbs (self), self);
  g_clear_object (&self->session);
  GTK_WIDGET_CLASS (kalon_preferences_profile_parent_class)->unroot (widget);
}

static void
kalon_preferences_profile_class_init (KalonPreferencesProfileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->unroot = kalon_preferences_profile_unroot;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/preferences/preferences-profile.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesProfile, profile_row);
  gtk_widget_class_bind_template_child (widget_class, KalonPreferencesProfile, name_row);
  gtk_widget_class_bind_template_callback (widget_class, named_cb);
  gtk_widget_class_bind_template_callback (widget_class, training_cb);
}

static void
kalon_preferences_profile_init (KalonPreferencesProfile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->profile_row, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

void
kalon_preferences_profile_set_session (KalonPreferencesProfile *self, KalonSession *session)
{
  self->session = g_object_ref (session);
  g_signal_connect_object (get_thumbs (self), "changed", G_CALLBACK (load), self,
                           G_CONNECT_SWAPPED);
  load (self);
}
