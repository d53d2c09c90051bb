/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Examples of what to search for, one button each: as many lines as there is room for, or with the
 * construct property "single-line" one that is scrolled. ::chosen (const char *text) */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KALON_TYPE_SUGGESTIONS (kalon_suggestions_get_type ())
G_DECLARE_FINAL_TYPE (KalonSuggestions, kalon_suggestions, KALON, SUGGESTIONS, GtkWidget)

G_END_DECLS
