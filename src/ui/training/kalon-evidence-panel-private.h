/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/kalon-report.h"
#include "training/kalon-evidence-panel.h"

G_BEGIN_DECLS

struct _KalonEvidencePanel
{
  AdwPreferencesGroup parent_instance;

  KalonSession *session;
  GCancellable *listing;    /* (nullable): while reports are looked for */
  GCancellable *reading;    /* (nullable): while one is read */
  GPtrArray *kept;          /* (nullable) KalonKeptReport, as in the row */
  char *directory;          /* (nullable): of the one that is shown */
  gboolean filling;         /* the row's selection is ours */
  GtkNativeDialog *chooser; /* (nullable) */

  AdwComboRow *report_row;
  GtkLabel *message_label;
  GtkWidget *contents;
  GtkWidget *buttons;
};

void kalon_evidence_panel_reload (KalonEvidencePanel *self);
void kalon_evidence_panel_install_actions (GtkWidgetClass *widget_class);

/* @box is emptied, and filled with what a glance at @report, (nullable), needs. */
void kalon_evidence_fill (GtkBox *box, const KalonReport *report);

G_END_DECLS
