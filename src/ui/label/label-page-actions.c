/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-new-dialog.h"
#include "label/kalon-label-page-private.h"

#define ENDING ".hpir.jsonl"

/* New sets */

static void
built_cb (KalonLabelPage *self, const char *id, guint n_same)
{
  if (n_same > 0)
    {
      g_autofree char *text = g_strdup_printf (
          ngettext ("%u query was left out, because both rows were the same",
                    "%u queries were left out, because both rows were the same", n_same),
          n_same);

      kalon_label_page_say (self, text);
    }
  kalon_label_page_reload (self);
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);
  KalonLabelNewDialog *dialog
      = kalon_label_new_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->session);

  g_signal_connect_object (dialog, "built", G_CALLBACK (built_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Files */

typedef struct
{
  KalonLabelPage *page;
  char *path;
} Writing;

static void
writing_free (Writing *writing)
{
  g_object_unref (writing->page);
  g_free (writing->path);
  g_free (writing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Writing, writing_free)

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Writing) writing = user_data;
  g_autoptr (GError) error = NULL;
  gboolean exported = kalon_label_set_change_finish (result, &error);

  if (writing->page->session == NULL)
    return;
  if (exported)
    g_signal_emit_by_name (writing->page, "written", _ ("Label set exported"), writing->path);
  else
    kalon_label_page_say (writing->page, error->message);
}

static void
choose (KalonLabelPage *self, GtkFileChooserNative *chooser, GCallback chosen)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_set_object (&self->chooser, GTK_NATIVE_DIALOG (chooser));
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", chosen, self, 0);
  gtk_native_dialog_show (self->chooser);
}

static void
export_chosen_cb (GtkNativeDialog *dialog, int response, KalonLabelPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (dialog), "id");
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    {
      Writing *writing = g_new (Writing, 1);

      *writing = (Writing){ g_object_ref (self), g_file_get_path (file) };
      kalon_label_set_export_async (self->library_directory, id, writing->path, exported_cb,
                                    writing);
    }
  g_clear_object (&self->chooser);
}

static void export(KalonLabelPage *self, const char *id)
{
  const KalonLabelSetInfo *info = kalon_label_page_find (self, id);
  g_autoptr (GtkFileChooserNative) chooser = NULL;
  g_autofree char *name = NULL;

  if (info == NULL)
    return;
  name = g_strconcat (info->name, ENDING, NULL);
  g_strdelimit (name, "/\n\t", ' ');
  chooser = gtk_file_chooser_native_new (_ ("Export the Label Set"),
                                         GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_object_set_data_full (G_OBJECT (chooser), "id", g_strdup (id), g_free);
  choose (self, chooser, G_CALLBACK (export_chosen_cb));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);

  export(self, parameter != NULL ? g_variant_get_string (parameter, NULL) : self->set_id);
}

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = kalon_label_set_import_finish (result, &error);

  if (self->session == NULL)
    return;
  if (id == NULL)
    kalon_label_page_say (self, error->message);
  else
    kalon_label_page_reload (self);
}

static void
import_chosen_cb (GtkNativeDialog *dialog, int response, KalonLabelPage *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    kalon_label_set_import_async (self->library_directory, g_file_peek_path (file), imported_cb,
                                  g_object_ref (self));
  g_clear_object (&self->chooser);
}

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileChooserNative) chooser = gtk_file_chooser_native_new (
      _ ("Import a Label Set"), GTK_WINDOW (gtk_widget_get_root (widget)),
      GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"), NULL);

  choose (KALON_LABEL_PAGE (widget), chooser, G_CALLBACK (import_chosen_cb));
}

/* Removing */

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean removed = kalon_label_set_change_finish (result, &error);

  if (self->session == NULL)
    return;
  if (!removed)
    kalon_label_page_say (self, error->message);
  kalon_label_page_reload (self);
}

static void
remove_answered_cb (AdwMessageDialog *dialog, const char *response, KalonLabelPage *self)
{
  if (g_str_equal (response, "remove"))
    kalon_label_set_remove_async (self->library_directory,
                                  g_object_get_data (G_OBJECT (dialog), "id"), removed_cb,
                                  g_object_ref (self));
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);
  const KalonLabelSetInfo *info
      = kalon_label_page_find (self, g_variant_get_string (parameter, NULL));
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  AdwMessageDialog *dialog;

  if (info == NULL)
    return;
  title = g_strdup_printf (_ ("Remove “%s”?"), info->name);
  text = info->n_labels > 0 ? g_strdup_printf (ngettext ("%u labelled item is lost with it. "
                                                         "Your pictures stay where they are.",
                                                         "%u labelled items are lost with it. "
                                                         "Your pictures stay where they are.",
                                                         info->n_labels),
                                               (guint) info->n_labels)
                            : g_strdup (_ ("Your pictures stay where they are."));
  dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), title, text));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "remove", _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_default_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "id", g_strdup (info->id), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
evaluate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);

  kalon_label_page_evaluate (self, parameter != NULL ? g_variant_get_string (parameter, NULL)
                                                     : self->set_id);
}

/* After a set is labelled */

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);

  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_grab_focus (widget);
  kalon_label_page_reload (self);
}

static void
again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);
  g_autofree char *id = g_strdup (self->set_id);

  kalon_label_page_ask_who (self, id);
}

static gboolean
escape_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "end") != 0)
    return GDK_EVENT_PROPAGATE;
  leave_action (widget, NULL, NULL);
  return GDK_EVENT_STOP;
}

void
kalon_label_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "labels.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "labels.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "labels.export", "s", export_action);
  gtk_widget_class_install_action (widget_class, "labels.export-this", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "labels.evaluate", "s", evaluate_action);
  gtk_widget_class_install_action (widget_class, "labels.evaluate-this", NULL, evaluate_action);
  gtk_widget_class_install_action (widget_class, "labels.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "labels.leave", NULL, leave_action);
  gtk_widget_class_install_action (widget_class, "labels.again", NULL, again_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
}
