/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "training/kalon-profile-panel.h"

G_BEGIN_DECLS

struct _KalonProfilePanel
{
  AdwPreferencesGroup parent_instance;

  KalonSession *session;
  char *profile; /* the active one; (nullable): not known yet */
  GStrv profiles;
  gboolean updating;         /* the row's selection follows the state, and not the user */
  GtkNativeDialog *chooser;  /* while it is open */
  GCancellable *cancellable; /* of a profile file that is written or read */

  AdwComboRow *profile_row;
  AdwActionRow *model_row;
  AdwActionRow *import_row;
  GtkWidget *menu_button;
};

/* profile-actions.c */
void kalon_profile_panel_install_actions (GtkWidgetClass *widget_class);
/* What can be done with what there is. */
void kalon_profile_panel_update_actions (KalonProfilePanel *self);
/* Makes @name active, and makes it where there is none. */
void kalon_profile_panel_use (KalonProfilePanel *self, const char *name);

G_END_DECLS
