/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "training/kalon-profile-panel-private.h"
#include "training/kalon-training-private.h"

#define FILE_NAME "%s.kalon-profile.safetensors"

static const KalonSessionServices *
get_services (KalonProfilePanel *self)
{
  return kalon_session_get_services (self->session);
}

/* What is shown follows from the thumbs' ::changed; the selection, where nothing changed. */
static void
profile_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonProfilePanel) self = user_data;
  g_autoptr (GError) error = NULL;

  if (kalon_thumbs_profile_finish (KALON_THUMBS (object), result, &error) || self->session == NULL)
    return;
  kalon_training_say (GTK_WIDGET (self), error->message, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "training.reload", NULL);
}

void
kalon_profile_panel_use (KalonProfilePanel *self, const char *name)
{
  kalon_thumbs_use_profile_async (get_services (self)->thumbs, name, profile_cb,
                                  g_object_ref (self));
}

/* Asking for a name */

static gboolean
has_profile (KalonProfilePanel *self, const char *name)
{
  return self->profiles != NULL && g_strv_contains ((const char *const *) self->profiles, name);
}

static void
name_changed_cb (GtkEditable *entry, AdwMessageDialog *dialog)
{
  KalonProfilePanel *self = g_object_get_data (G_OBJECT (dialog), "panel");
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  gboolean taken = has_profile (self, name);

  adw_message_dialog_set_response_enabled (dialog, "accept", *name != '\0' && !taken);
  /* One's own name, to be changed, is no news. */
  if (taken && g_strcmp0 (name, self->profile) != 0)
    adw_message_dialog_format_body (dialog, _ ("There is a profile “%s” already."), name);
  else
    adw_message_dialog_set_body (dialog, "");
}

typedef void (*NameFunc) (KalonProfilePanel *self, const char *name);

static void
named_cb (AdwMessageDialog *dialog, const char *response, GtkEditable *entry)
{
  KalonProfilePanel *self = g_object_get_data (G_OBJECT (dialog), "panel");
  NameFunc func = g_object_get_data (G_OBJECT (dialog), "func");
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  if (g_str_equal (response, "accept") && self->session != NULL)
    func (self, name);
}

static void
ask_name (KalonProfilePanel *self, const char *title, const char *accept, const char *name,
          NameFunc func)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  AdwMessageDialog *dialog
      = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (window), title, NULL));
  GtkWidget *entry = gtk_entry_new ();

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "accept", accept, NULL);
  adw_message_dialog_set_response_appearance (dialog, "accept", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "accept");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_response_enabled (dialog, "accept", FALSE);
  adw_message_dialog_set_extra_child (dialog, entry);
  g_object_set_data_full (G_OBJECT (dialog), "panel", g_object_ref (self), g_object_unref);
  g_object_set_data (G_OBJECT (dialog), "func", func);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the Profile"), -1);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  g_signal_connect_object (entry, "changed", G_CALLBACK (name_changed_cb), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (named_cb), entry, 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_name (KALON_PROFILE_PANEL (widget), _ ("New Profile"), _ ("_Create"), "",
            kalon_profile_panel_use);
}

static void
rename_profile (KalonProfilePanel *self, const char *name)
{
  kalon_thumbs_rename_profile_async (get_services (self)->thumbs, name, profile_cb,
                                     g_object_ref (self));
}

static void
rename_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonProfilePanel *self = KALON_PROFILE_PANEL (widget);

  ask_name (self, _ ("Rename Profile"), _ ("_Rename"), self->profile, rename_profile);
}

/* Files */

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonProfilePanel) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kalon_searcher_profile_finish (KALON_SEARCHER (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  kalon_training_say (GTK_WIDGET (self),
                      done ? _ ("Exported: weights only, no query and no picture") : error->message,
                      FALSE);
}

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonProfilePanel) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kalon_searcher_profile_finish (KALON_SEARCHER (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  /* It was written over another connection. */
  kalon_thumbs_check (get_services (self)->thumbs);
  kalon_training_say (GTK_WIDGET (self),
                      done ? _ ("The profile has the imported taste now") : error->message, FALSE);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, KalonProfilePanel *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  gboolean saves
      = gtk_file_chooser_get_action (GTK_FILE_CHOOSER (dialog)) == GTK_FILE_CHOOSER_ACTION_SAVE;
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;
  KalonSearcher *searcher = get_services (self)->searcher;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      if (saves)
        kalon_searcher_export_profile_async (searcher, path, self->cancellable, exported_cb,
                                             g_object_ref (self));
      else
        kalon_searcher_import_profile_async (searcher, path, self->cancellable, imported_cb,
                                             g_object_ref (self));
    }
  g_clear_object (&self->chooser);
}

static void
choose (KalonProfilePanel *self, const char *title, GtkFileChooserAction action, const char *accept)
{
  g_autoptr (GtkFileChooserNative) chooser = gtk_file_chooser_native_new (
      title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), action, accept, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Profiles"));
  gtk_file_filter_add_suffix (filter, "safetensors");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    {
      g_autofree char *name = g_strdup_printf (FILE_NAME, self->profile);

      gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser),
                                         g_strdelimit (name, G_DIR_SEPARATOR_S, '-'));
    }
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_set_object (&self->chooser, GTK_NATIVE_DIALOG (chooser));
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (self->chooser);
}

static void
file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonProfilePanel *self = KALON_PROFILE_PANEL (widget);

  if (g_str_equal (name, "profile.export"))
    choose (self, _ ("Export Profile"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"));
  else
    choose (self, _ ("Import Profile"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"));
}

/* Emptying and removing */

static void
reset_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonProfilePanel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  if (kalon_thumbs_forget_finish (KALON_THUMBS (object), result, &n, &error))
    text = g_strdup_printf (ngettext ("The profile was reset: %u thumb forgotten",
                                      "The profile was reset: %u thumbs forgotten", n),
                            n);
  kalon_training_say (GTK_WIDGET (self), text != NULL ? text : error->message, text != NULL);
}

static void
reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonProfilePanel *self = KALON_PROFILE_PANEL (widget);

  kalon_thumbs_reset_async (get_services (self)->thumbs, reset_cb, g_object_ref (self));
}

/* Another than the active one. */
static const char *
find_successor (KalonProfilePanel *self)
{
  for (guint i = 0; self->profiles != NULL && self->profiles[i] != NULL; i++)
    if (!g_str_equal (self->profiles[i], self->profile))
      return self->profiles[i];
  return NULL;
}

static void
remove_answered_cb (KalonProfilePanel *self, const char *response)
{
  const char *successor = find_successor (self);

  if (g_str_equal (response, "remove") && successor != NULL && self->session != NULL)
    kalon_thumbs_remove_profile_async (get_services (self)->thumbs, successor, profile_cb,
                                       g_object_ref (self));
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonProfilePanel *self = KALON_PROFILE_PANEL (widget);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), NULL, NULL);

  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Remove “%s”?"),
                                     self->profile);
  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("Its thumbs and all that was learned from them are gone for good. The profile “%s” will "
         "be active."),
      find_successor (self));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "remove",
                                    _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kalon_profile_panel_update_actions (KalonProfilePanel *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean known = self->profile != NULL;
  gboolean has_model = known && get_services (self)->searcher != NULL;

  gtk_widget_action_set_enabled (widget, "profile.new", known);
  gtk_widget_action_set_enabled (widget, "profile.rename", known);
  gtk_widget_action_set_enabled (widget, "profile.export", has_model);
  gtk_widget_action_set_enabled (widget, "profile.import", has_model);
  gtk_widget_action_set_enabled (widget, "profile.reset", known);
  gtk_widget_action_set_enabled (widget, "profile.remove", find_successor (self) != NULL);
}

void
kalon_profile_panel_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "profile.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "profile.rename", NULL, rename_action);
  gtk_widget_class_install_action (widget_class, "profile.export", NULL, file_action);
  gtk_widget_class_install_action (widget_class, "profile.import", NULL, file_action);
  gtk_widget_class_install_action (widget_class, "profile.reset", NULL, reset_action);
  gtk_widget_class_install_action (widget_class, "profile.remove", NULL, remove_action);
}
