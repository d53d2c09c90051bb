/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "training/kalon-evidence-panel-private.h"
#include "training/kalon-training-private.h"

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonEvidencePanel *self = KALON_EVIDENCE_PANEL (widget);
  g_autofree char *path = NULL;
  g_autofree char *uri = NULL;

  if (self->directory == NULL)
    return;
  path = g_build_filename (self->directory, KALON_REPORT_PAGE, NULL);
  uri = g_filename_to_uri (path, NULL, NULL);
  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (widget)), uri, GDK_CURRENT_TIME);
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonEvidencePanel) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kalon_report_files_finish (result, &error);

  kalon_training_say (GTK_WIDGET (self), done ? _ ("The report was copied") : error->message,
                      FALSE);
}

/* Into a folder of its own in the chosen one, called as in the library. */
static void
chosen_cb (GtkNativeDialog *dialog, int response, KalonEvidencePanel *self)
{
  g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  const char *path = folder != NULL ? g_file_peek_path (folder) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL && self->directory != NULL)
    {
      g_autofree char *name = g_path_get_basename (self->directory);
      g_autofree char *to = g_build_filename (path, name, NULL);

      kalon_report_copy_async (self->directory, to, NULL, copied_cb, g_object_ref (self));
    }
  g_clear_object (&self->chooser);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonEvidencePanel *self = KALON_EVIDENCE_PANEL (widget);

  if (self->directory == NULL)
    return;
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  self->chooser = GTK_NATIVE_DIALOG (
      gtk_file_chooser_native_new (_ ("Copy Report To"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                   GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Copy"), NULL));
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (self->chooser);
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonEvidencePanel) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kalon_report_files_finish (result, &error))
    kalon_training_say (GTK_WIDGET (self), error->message, FALSE);
  if (self->session != NULL)
    kalon_evidence_panel_reload (self);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, KalonEvidencePanel *self)
{
  const char *directory = g_object_get_data (G_OBJECT (dialog), "directory");

  if (g_str_equal (response, "delete"))
    kalon_report_remove_async (directory, removed_cb, g_object_ref (self));
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonEvidencePanel *self = KALON_EVIDENCE_PANEL (widget);
  GtkWidget *dialog;

  if (self->directory == NULL)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                   _ ("Delete This Report?"),
                                   _ ("Its page and its numbers are gone for good. The pictures "
                                      "that it was made of stay."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete",
                                    _ ("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  /* The selection may be another when the answer comes. */
  g_object_set_data_full (G_OBJECT (dialog), "directory", g_strdup (self->directory), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kalon_evidence_panel_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "evidence.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "evidence.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "evidence.delete", NULL, delete_action);
}
