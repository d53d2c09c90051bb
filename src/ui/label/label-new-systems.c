/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-new-dialog-private.h"

/* At first: the ranking as it is, and the aligned one. */
#define FIRST 0
#define SECOND 2

const char *
kalon_label_new_dialog_get_key (KalonLabelNewDialog *self, guint which)
{
  return kalon_label_systems_get_key (self->systems,
                                      adw_combo_row_get_selected (self->system_rows[which]));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, KalonLabelNewDialog *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  AdwComboRow *row = self->system_rows[self->choosing];
  g_autofree char *asked = g_strdup (kalon_label_new_dialog_get_key (self, self->choosing));

  /* Before another entry comes in between: what asks must not be chosen then. */
  adw_combo_row_set_selected (row, self->selected[self->choosing]);
  g_clear_object (&self->chooser);
  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    adw_combo_row_set_selected (
        row, kalon_label_systems_add (self->systems, asked, g_file_peek_path (file)));
}

static void
choose (KalonLabelNewDialog *self, guint which, gboolean folder)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      folder ? _ ("Results in a Folder") : _ ("Results in a File"), GTK_WINDOW (self),
      folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"),
      NULL);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  self->chooser = GTK_NATIVE_DIALOG (chooser);
  self->choosing = which;
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (self->chooser);
}

static void
selected_cb (AdwComboRow *row, GParamSpec *pspec, KalonLabelNewDialog *self)
{
  guint which = row == self->system_rows[0] ? 0 : 1;
  guint other = 1 - which;
  guint position = adw_combo_row_get_selected (row);
  const char *key;

  if (position == GTK_INVALID_LIST_POSITION || self->chooser != NULL)
    return;
  key = kalon_label_systems_get_key (self->systems, position);
  if (g_str_equal (key, KALON_LABEL_ASK_FOLDER) || g_str_equal (key, KALON_LABEL_ASK_FILE))
    {
      choose (self, which, g_str_equal (key, KALON_LABEL_ASK_FOLDER));
      return;
    }
  /* Against itself there is nothing to judge: they change places. */
  if (adw_combo_row_get_selected (self->system_rows[other]) == position)
    {
      guint before = self->selected[which];

      self->selected[which] = position;
      adw_combo_row_set_selected (self->system_rows[other], before);
    }
  self->selected[which] = position;
}

void
kalon_label_new_dialog_connect_systems (KalonLabelNewDialog *self)
{
  GListModel *model = kalon_label_systems_get_model (self->systems);

  self->selected[0] = FIRST;
  self->selected[1] = SECOND;
  for (guint i = 0; i < 2; i++)
    {
      adw_combo_row_set_model (self->system_rows[i], model);
      adw_combo_row_set_selected (self->system_rows[i], self->selected[i]);
      g_signal_connect_object (self->system_rows[i], "notify::selected", G_CALLBACK (selected_cb),
                               self, 0);
    }
}
