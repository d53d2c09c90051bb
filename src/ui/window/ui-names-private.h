/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on every button has the name for screen readers that GTK does not give it. */
void kalon_ui_name_buttons (void);

G_END_DECLS
