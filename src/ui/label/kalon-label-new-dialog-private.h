/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "label/kalon-label-new-dialog.h"
#include "label/kalon-label-systems.h"
#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

struct _KalonLabelNewDialog
{
  AdwWindow parent_instance;

  KalonSession *session;
  KalonLabelSystems *systems;
  GCancellable *cancellable; /* of all that is under way */
  gboolean building;
  GStrv queries;            /* (nullable): that the set is built of */
  char *style;              /* (nullable): they are rephrased in */
  guint selected[2];        /* of the systems: what to go back to */
  GtkNativeDialog *chooser; /* while it is open */
  guint choosing;           /* for which of the two */

  GtkWidget *create_button;
  GtkStack *stack;
  GtkEditable *name_row;
  GtkTextView *text_view;
  GtkLabel *count_label;
  GtkWidget *suggest_button;
  AdwComboRow *system_rows[2];
  GtkLabel *systems_label;
  GtkSpinButton *k_spin;
  GtkSpinButton *repeats_spin;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  GtkLabel *error_label;
};

/* (transfer full): one a line, without blanks, each once. */
GStrv kalon_label_new_dialog_list_queries (KalonLabelNewDialog *self);

/* label-new-build.c */
void kalon_label_new_dialog_build (KalonLabelNewDialog *self);

/* label-new-systems.c: the two drop-downs. */
void kalon_label_new_dialog_connect_systems (KalonLabelNewDialog *self);
const char *kalon_label_new_dialog_get_key (KalonLabelNewDialog *self, guint which);

G_END_DECLS
