/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the templates and styles of widgets known, and mends what GTK 4.8 does not: the names of
 * buttons for screen readers, and where the focus goes when a popover closes. Before any widget of
 * ours, and before the application starts up; a static library's resources do not register
 * themselves. */
void kalon_ui_init (void);

G_END_DECLS
