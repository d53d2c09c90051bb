/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A new label set: queries, the two systems whose answers are to be judged, and how. It builds the
 * set itself, and stays until that is done. Main thread.
 *
 * ::built (const char *id, guint n_same): the set is in the library; @n_same queries made no item
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_NEW_DIALOG (kalon_label_new_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelNewDialog, kalon_label_new_dialog, KALON, LABEL_NEW_DIALOG,
                      AdwWindow)

KalonLabelNewDialog *kalon_label_new_dialog_new (GtkWindow *parent, KalonSession *session);

G_END_DECLS
