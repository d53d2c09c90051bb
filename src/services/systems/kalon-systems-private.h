/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "systems/kalon-systems.h"

G_BEGIN_DECLS

/* ---- names (systems-names.c); pure ---- */

/* (transfer full): what queries and names of folders are compared by. */
char *kalon_system_fold_name (const char *name);
/* Order of file names: bytes, but numbers in them by value. */
int kalon_system_compare_names (const char *a, const char *b);

/* ---- answers from elsewhere (systems-elsewhere.c) ---- */

typedef struct _KalonElsewhere KalonElsewhere;

#define KALON_SYSTEM_FOLDER "folder:"
#define KALON_SYSTEM_RESULTS "results:"

KalonElsewhere *kalon_elsewhere_open (const char *key, GError **error);
void kalon_elsewhere_free (KalonElsewhere *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonElsewhere, kalon_elsewhere_free)
const char *kalon_elsewhere_get_title (const KalonElsewhere *self);
/* As kalon_systems_answer(). */
GPtrArray *kalon_elsewhere_answer (const KalonElsewhere *self, const char *query, guint k,
                                   GCancellable *cancellable, GError **error);

G_END_DECLS
