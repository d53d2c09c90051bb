/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A menu button that is there while something is under way or went wrong: how far all of it is, and
 * behind it each operation. It is made for the bottom of a window. */

#include <gtk/gtk.h>

#include "operations/kalon-operations.h"

G_BEGIN_DECLS

#define KALON_TYPE_OPERATIONS_BUTTON (kalon_operations_button_get_type ())
G_DECLARE_FINAL_TYPE (KalonOperationsButton, kalon_operations_button, KALON, OPERATIONS_BUTTON,
                      GtkWidget)

/* Once. */
void
kalon_operations_button_set_operations (KalonOperationsButton *self, KalonOperations *operations);

G_END_DECLS
