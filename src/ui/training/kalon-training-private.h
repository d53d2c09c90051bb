/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the panels of the page tell the page that they are in. */

#include "training/kalon-training-page.h"

G_BEGIN_DECLS

/* Emits ::message of @widget's page; nothing when it is in none any more. */
void kalon_training_say (GtkWidget *widget, const char *text, gboolean can_undo);
/* Emits ::open-picture. */
void kalon_training_open (GtkWidget *widget, gint64 picture);

/* A picture of the library, in a cell that shows no more than it. (transfer full) */
KalonResultItem *kalon_training_make_item (gint64 picture);

G_END_DECLS
