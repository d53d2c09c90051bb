/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A menu button with the strictness of the search, from everything to strong matches alone. What
 * nobody has set is the model's own; a button in the popover goes back to it.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KALON_TYPE_STRICTNESS_BUTTON (kalon_strictness_button_get_type ())
G_DECLARE_FINAL_TYPE (KalonStrictnessButton, kalon_strictness_button, KALON, STRICTNESS_BUTTON,
                      GtkWidget)

/*
 * Properties: "strictness", an int of 0 to 100 or %KALON_STRICTNESS_OF_MODEL (at first), is for
 * binding to KalonSearch's; "model-strictness", a uint of 0 to 100, is where the scale stands then.
 * "fold-duplicates", a boolean, is for binding to KalonSearch's too.
 */

G_END_DECLS
