/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An operation in a list: how far it is, with buttons to pause and to cancel it, or what went wrong
 * with a button that takes it from the list. */

#include <gtk/gtk.h>

#include "operations/kalon-operations.h"

G_BEGIN_DECLS

#define KALON_TYPE_OPERATION_ROW (kalon_operation_row_get_type ())
G_DECLARE_FINAL_TYPE (KalonOperationRow, kalon_operation_row, KALON, OPERATION_ROW, GtkListBoxRow)

GtkWidget *kalon_operation_row_new (KalonOperation *operation, KalonOperations *operations);

G_END_DECLS
