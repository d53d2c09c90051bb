/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A menu button with the strictness of the search, from everything to strong matches alone. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KALON_TYPE_STRICTNESS_BUTTON (kalon_strictness_button_get_type ())
G_DECLARE_FINAL_TYPE (KalonStrictnessButton, kalon_strictness_button, KALON, STRICTNESS_BUTTON,
                      GtkWidget)

/* Its "strictness" property, a uint of 0 to 100, is for binding to KalonSearch's. */

G_END_DECLS
