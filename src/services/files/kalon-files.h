/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is done to the files of pictures: into the trash and out of it again, and copied elsewhere.
 * Nothing is ever overwritten. Work runs in a thread; callbacks come to the caller's main context.
 *
 * A file that fails costs its own result and is listed with the reason, as KalonFailure.
 */

#include "library/kalon-library.h"

G_BEGIN_DECLS

/**
 * KalonTrashed: a file that is in the trash, and where (freedesktop.org Trash specification 1.0).
 * @trashed, @info: (nullable): the file and its .trashinfo; %NULL when a portal took it, or the
 *   trash is not one of this machine's folders: then it can be restored by the file manager only
 */
typedef struct
{
  char *path; /* where it was */
  char *trashed;
  char *info;
} KalonTrashed;

/**
 * KalonFilesResult: what came of it.
 * @trashed: (element-type KalonTrashed): of kalon_files_trash_async()
 * @n_done: files that were trashed, restored or copied
 * @failures: (element-type KalonFailure): the others. What a cancelled copy did not reach is not
 *   among them.
 */
typedef struct
{
  GPtrArray *trashed;
  guint n_done;
  GPtrArray *failures;
} KalonFilesResult;

void kalon_files_result_free (KalonFilesResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonFilesResult, kalon_files_result_free)

/* @paths: (element-type filename): absolute */
void kalon_files_trash_async (GPtrArray *paths, GAsyncReadyCallback callback, gpointer user_data);
KalonFilesResult *kalon_files_trash_finish (GAsyncResult *result, GError **error);

/**
 * kalon_files_restore_async:
 * @trashed: (element-type KalonTrashed): as kalon_files_trash_finish() gave them; kept until done
 *
 * Each goes back where it was, its folder is made again if need be. Where another file has taken
 * its place it stays in the trash.
 */
void
kalon_files_restore_async (GPtrArray *trashed, GAsyncReadyCallback callback, gpointer user_data);
KalonFilesResult *kalon_files_restore_finish (GAsyncResult *result, GError **error);

/* @n_done of @n files, in the main context of the caller. */
typedef void (*KalonFilesProgressFunc) (guint n_done, guint n, gpointer user_data);

/**
 * kalon_files_copy_async:
 * @paths: (element-type filename): absolute
 * @folder: where to; it must exist
 * @progress: (nullable)
 *
 * Copies the originals, times kept. A name that is taken gets a number, "lake (2).jpeg". A
 * cancelled copy leaves whole files only; finish() then gives what was done, not an error.
 */
void kalon_files_copy_async (GPtrArray *paths, const char *folder, KalonFilesProgressFunc progress,
                             gpointer progress_data, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
KalonFilesResult *kalon_files_copy_finish (GAsyncResult *result, GError **error);

G_END_DECLS
