/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

/* Gives the button of a thumb the icon, the name and the tooltip for a picture that has @verdict.
 * @of_button: %KALON_VERDICT_LIKED or %KALON_VERDICT_DISLIKED. A thumb that is set is filled. */
void kalon_show_thumb (GtkButton *button, KalonVerdict of_button, KalonVerdict verdict);

G_END_DECLS
