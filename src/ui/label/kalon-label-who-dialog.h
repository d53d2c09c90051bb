/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Who labels a set: a name, and what somebody wants to tell of herself. Main thread.
 *
 * ::chosen (const char *name, GHashTable *traits): @traits (nullable): as of
 *   kalon_label_session_open()
 */

#include <adwaita.h>

#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_WHO_DIALOG (kalon_label_who_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelWhoDialog, kalon_label_who_dialog, KALON, LABEL_WHO_DIALOG,
                      AdwWindow)

/* @set: (transfer full): with its labels. @name: who labelled last; "" is nobody */
KalonLabelWhoDialog *
kalon_label_who_dialog_new (GtkWindow *parent, KalonHpirSet *set, const char *name);

G_END_DECLS
