/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is under way, as a list model of KalonOperation, the newest last. One that ends well leaves
 * the list at once; one with an error stays until it is removed. ::changed: any of them did, or the
 * list. Main thread.
 */

#include <gio/gio.h>

#include "operations/kalon-operation.h"

G_BEGIN_DECLS

#define KALON_TYPE_OPERATIONS (kalon_operations_get_type ())
G_DECLARE_FINAL_TYPE (KalonOperations, kalon_operations, KALON, OPERATIONS, GObject)

KalonOperations *kalon_operations_new (void);

void kalon_operations_add (KalonOperations *self, KalonOperation *operation);
void kalon_operations_remove (KalonOperations *self, KalonOperation *operation);

/* Of all that are under way; negative when it is not known of one of them, or there is none. */
double kalon_operations_get_fraction (KalonOperations *self);
/* Those that ended with an error. */
guint kalon_operations_count_failed (KalonOperations *self);

G_END_DECLS
