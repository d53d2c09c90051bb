/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the widgets' templates and styles known, and mends names for screen readers. Before any
 * widget of ours, and before the application starts up; a static library's resources do not
 * register themselves. */
void kalon_ui_init (void);

G_END_DECLS
