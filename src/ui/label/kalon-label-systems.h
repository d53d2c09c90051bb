/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The systems that there are to choose from, as a list model of GtkStringObject, what they are
 * called: those of rivals/, those that were added from elsewhere, and two entries that ask for one
 * more. Main thread.
 */

#include <gtk/gtk.h>

#include "rivals/kalon-rivals.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_SYSTEMS (kalon_label_systems_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelSystems, kalon_label_systems, KALON, LABEL_SYSTEMS, GObject)

/* Other models and profiles come when they are known. */
KalonLabelSystems *kalon_label_systems_new (KalonRivals *rivals);
/* (transfer none) */
GListModel *kalon_label_systems_get_model (KalonLabelSystems *self);

/* Keys of systems/; these two ask. */
#define KALON_LABEL_ASK_FOLDER "folder:"
#define KALON_LABEL_ASK_FILE "results:"
const char *kalon_label_systems_get_key (KalonLabelSystems *self, guint position);
/* @asked: %KALON_LABEL_ASK_FOLDER or %KALON_LABEL_ASK_FILE. Returns: its position */
guint kalon_label_systems_add (KalonLabelSystems *self, const char *asked, const char *path);

G_END_DECLS
