/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "files/kalon-files.h"

G_BEGIN_DECLS

KalonFilesResult *kalon_files_result_new (void);
/* @error: (transfer full) */
void kalon_files_result_add_failure (KalonFilesResult *self, const char *path, GError *error);

/* files-trash.c: blocking, of one file. */

/* (transfer full) (nullable) */
KalonTrashed *kalon_files_trash (const char *path, GError **error);
gboolean kalon_files_restore (const KalonTrashed *trashed, GError **error);
void kalon_trashed_free (KalonTrashed *trashed);

/* files-copy.c: blocking, of one file; @folder exists. */
gboolean
kalon_files_copy (const char *path, const char *folder, GCancellable *cancellable, GError **error);

G_END_DECLS
