/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kalon-application-private.h"

static KalonWindow *
present (KalonApplication *self)
{
  KalonWindow *window = kalon_application_get_window (self);

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
show_window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  present (user_data);
}

static void
search_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  kalon_window_search_all (present (user_data), g_variant_get_string (parameter, NULL));
}

/* Those of the window that the desktop file names too. */
static void
window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *name = g_strconcat ("win.", g_action_get_name (G_ACTION (action)), NULL);

  gtk_widget_activate_action (GTK_WIDGET (present (user_data)), name, NULL);
}

static void
result_activated_cb (KalonApplication *self, gint64 picture, const char *words, guint timestamp)
{
  KalonWindow *window = kalon_application_get_window (self);

  gtk_window_present_with_time (GTK_WINDOW (window), timestamp);
  kalon_window_show_picture (window, words, picture);
}

static void
search_launched_cb (KalonApplication *self, const char *words, guint timestamp)
{
  KalonWindow *window = kalon_application_get_window (self);

  gtk_window_present_with_time (GTK_WINDOW (window), timestamp);
  kalon_window_search_all (window, words);
}

void
kalon_application_add_entrances (KalonApplication *self)
{
  static const GActionEntry actions[] = {
    { .name = "show-window", .activate = show_window_action },
    { .name = "search", .activate = search_action, .parameter_type = "s" },
    { .name = "add-folder", .activate = window_action },
    { .name = "search-by-picture", .activate = window_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

static KalonSession *
get_session (gpointer user_data)
{
  return kalon_application_get_session (user_data);
}

gboolean
kalon_application_export_search (KalonApplication *self, GDBusConnection *bus, GError **error)
{
  self->search_provider = kalon_search_provider_new (G_APPLICATION (self), self->settings,
                                                     self->library_directory, get_session, self);
  g_signal_connect_object (self->search_provider, "result-activated",
                           G_CALLBACK (result_activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_provider, "search-launched",
                           G_CALLBACK (search_launched_cb), self, G_CONNECT_SWAPPED);
  return kalon_search_provider_export (self->search_provider, bus, error);
}

gboolean
kalon_application_pass_words (KalonApplication *self, const char *words)
{
  g_autoptr (GError) error = NULL;

  if (!g_application_register (G_APPLICATION (self), NULL, &error))
    {
      g_printerr ("kalon: %s\n", error->message);
      return FALSE;
    }
  g_action_group_activate_action (G_ACTION_GROUP (self), "search", g_variant_new_string (words));
  return TRUE;
}
