/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences-fixture.h"

#include <glib/gstdio.h>

#include "preferences/kalon-preferences.h"
#include "settings/kalon-settings.h"

void
preferences_open (PreferencesFixture *fixture, const char *page)
{
  fixture->preferences = GTK_WIDGET (
      kalon_preferences_new (fixture->window.session, GTK_WINDOW (fixture->window.window)));
  g_object_add_weak_pointer (G_OBJECT (fixture->preferences), (gpointer *) &fixture->preferences);
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (fixture->preferences),
                                                page);
  gtk_window_present (GTK_WINDOW (fixture->preferences));
}

void
preferences_close (PreferencesFixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->preferences));
  wait_until (fixture->preferences == NULL);
}

void
preferences_set_up (PreferencesFixture *fixture, gconstpointer data)
{
  window_set_up (&fixture->window, NULL);
  window_fill_folder (&fixture->window);
  window_index_folder (&fixture->window, fixture->window.folder);
  wait_until (window_get_n_shown (&fixture->window) == 12);
  preferences_open (fixture, data);
}

void
preferences_tear_down (PreferencesFixture *fixture, gconstpointer data)
{
  static const char *const keys[] = { KALON_SETTING_MODEL,          KALON_SETTING_DEVICE,
                                      KALON_SETTING_LLM_DIALECT,    KALON_SETTING_LLM_URL,
                                      KALON_SETTING_LLM_MODEL,      KALON_SETTING_LLM_ALLOWED_HOSTS,
                                      KALON_SETTING_REPHRASE_STYLE, KALON_SETTING_AESTHETIC_MODELS,
                                      KALON_SETTING_ALIGNED,        KALON_SETTING_AESTHETIC_WEIGHT,
                                      KALON_SETTING_TASTE_WEIGHT,   KALON_SETTING_THUMBNAIL_SIZE };

  if (fixture->preferences != NULL)
    preferences_close (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (fixture->window.settings, keys[i]);
  window_tear_down (&fixture->window, NULL);
  g_clear_pointer (&fixture->server, llm_server_free);
  if (fixture->hub != NULL)
    hub_free (fixture->hub);
  display_remove_folder (g_get_user_data_dir ());
}

GtkWidget *
preferences_find_row (GtkWidget *widget, const char *title)
{
  if (!gtk_widget_get_visible (widget))
    return NULL;
  if (ADW_IS_PREFERENCES_ROW (widget)
      && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = preferences_find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

GtkWidget *
preferences_get_row (PreferencesFixture *fixture, const char *title)
{
  wait_until (preferences_find_row (fixture->preferences, title) != NULL);
  return preferences_find_row (fixture->preferences, title);
}

GtkWidget *
preferences_find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_visible (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = preferences_find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

void
preferences_press (GtkWidget *row, const char *label)
{
  GtkWidget *button;

  wait_until ((button = preferences_find_button (row, label)) != NULL
              && gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

gboolean
preferences_says (GtkWidget *row, const char *part)
{
  const char *text = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));

  return text != NULL && strstr (text, part) != NULL;
}

void
preferences_type (GtkWidget *row, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

void
preferences_init (int *argc, char ***argv)
{
  g_autofree char *home = g_dir_make_tmp ("kalon-home-XXXXXX", NULL);

  g_assert_nonnull (home);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  display_init (argc, argv);
}
