/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-dialog.h"

typedef struct
{
  GtkEditable *name;
  GtkEditable *description;
  KalonBoardDialogFunc func;
  gpointer user_data;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->user_data);
  g_free (question);
}

static void
responded_cb (AdwMessageDialog *dialog, const char *response, Question *question)
{
  if (g_str_equal (response, "agree"))
    question->func (gtk_editable_get_text (question->name),
                    gtk_editable_get_text (question->description), question->user_data);
}

/* A board without a name there is not. */
static void
name_changed_cb (GtkEditable *name, AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (name)));

  adw_message_dialog_set_response_enabled (dialog, "agree", *text != '\0');
}

static GtkWidget *
add_row (AdwPreferencesGroup *group, const char *title, const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  adw_preferences_group_add (group, row);
  return row;
}

void
kalon_board_dialog_present (GtkWidget *parent, const KalonBoard *board, KalonBoardDialogFunc func,
                            gpointer user_data)
{
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (parent)),
                                board != NULL ? _ ("Edit Board") : _ ("New Board"), NULL);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  Question *question = g_new (Question, 1);
  GtkWidget *name = add_row (group, _ ("Name"), board != NULL ? board->name : "");
  GtkWidget *description
      = add_row (group, _ ("What It Is About"), board != NULL ? board->description : "");

  *question = (Question){ GTK_EDITABLE (name), GTK_EDITABLE (description), func,
                          g_object_ref (user_data) };
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), GTK_WIDGET (group));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "agree",
                                    board != NULL ? _ ("_Apply") : _ ("C_reate"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "agree",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "agree");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (responded_cb), question, question_free, 0);
  g_signal_connect (name, "changed", G_CALLBACK (name_changed_cb), dialog);
  name_changed_cb (GTK_EDITABLE (name), ADW_MESSAGE_DIALOG (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (name);
}
