/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The index run under way as one of the operations, once it has run for half a second. On power
 * saver it says so. */

#include "indexing/kalon-indexing.h"
#include "operations/kalon-operations.h"

G_BEGIN_DECLS

#define KALON_TYPE_INDEXING_OPERATION (kalon_indexing_operation_get_type ())
G_DECLARE_FINAL_TYPE (KalonIndexingOperation, kalon_indexing_operation, KALON, INDEXING_OPERATION,
                      GObject)

KalonIndexingOperation *
kalon_indexing_operation_new (KalonIndexing *indexing, KalonOperations *operations);

G_END_DECLS
