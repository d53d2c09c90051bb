/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "history/kalon-history.h"
#include "search/kalon-name-dialog.h"

typedef struct
{
  GtkEditable *entry;
  KalonNameFunc func;
  GObject *user_data;
} Asking;

static void
asking_free (gpointer data, GClosure *closure)
{
  Asking *asking = data;

  g_object_unref (asking->user_data);
  g_free (asking);
}

static char *
dup_name (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
changed_cb (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *name = dup_name (entry);

  adw_message_dialog_set_response_enabled (
      dialog, "accept", name[0] != '\0' && strlen (name) <= KALON_HISTORY_MAX_NAME);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Asking *asking)
{
  g_autofree char *name = dup_name (asking->entry);

  if (g_str_equal (response, "accept"))
    asking->func (name, asking->user_data);
}

void
kalon_name_dialog_show (GtkWidget *parent, const char *heading, const char *accept,
                        const char *name, KalonNameFunc func, GObject *user_data)
{
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, NULL);
  GtkWidget *entry = gtk_entry_new ();
  Asking *asking = g_new (Asking, 1);

  *asking = (Asking){ GTK_EDITABLE (entry), func, g_object_ref (user_data) };
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the search"), -1);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "accept", accept);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "accept",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "accept");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (entry, "changed", G_CALLBACK (changed_cb), dialog);
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  changed_cb (GTK_EDITABLE (entry), ADW_MESSAGE_DIALOG (dialog));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asking, asking_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}
