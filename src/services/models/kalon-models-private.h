/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "models/kalon-models.h"

G_BEGIN_DECLS

/* What a download leaves beside a model; docs/formats.md "Receipt". */
#define KALON_RECEIPT_FILE "download.json"

/* models-directory.c: what importing, downloading and removing share. */

/* (transfer full): where imported and downloaded models live, and aesthetic heads. */
char *kalon_models_dup_user_directory (void);
char *kalon_models_dup_heads_directory (void);
void kalon_models_set_io_error (GError **error, int number, const char *what, const char *path);
/* (transfer full) (nullable): a folder name that needs no quoting anywhere. */
char *kalon_models_dup_clean_id (const char *id, GError **error);
gboolean kalon_models_check_unused (const char *id, GError **error);
gboolean kalon_models_make_directory (const char *directory, GError **error);
/* @free_space: (nullable): in place of what the file system says, for tests */
gboolean
kalon_models_check_free_space (const char *directory, guint64 size, const guint64 *free_space,
                               GCancellable *cancellable, GError **error);
/* Model directories are flat; anything deeper is not ours and stays. */
gboolean kalon_models_empty_directory (const char *directory, GError **error);
gboolean kalon_models_remove_flat_directory (const char *directory, GError **error);

/* Keeps other processes out of @directory for as long as the file descriptor is open; -1 with
 * %KALON_ERROR_BUSY when another one is in there, %G_IO_ERROR_NOT_FOUND when there is none. */
int kalon_models_lock_directory (const char *directory, GError **error);
/* (transfer full): where a download of @id is kept until it is whole. */
char *kalon_models_dup_staging (KalonOfferKind kind, const char *id);
/* (transfer full) (nullable): the file of the head @id, if it is there. */
char *kalon_models_dup_head (const char *id);

/* (transfer full): the model in @directory, whatever folder that is in. */
KalonModel *kalon_models_load (const char *directory, GError **error);

/* models-receipt.c: KALON_RECEIPT_FILE. */

typedef struct
{
  const char *name;
  guint64 size;
  const char *sha256;
} KalonReceiptFile;

/* Of @n files that came from @host; @repository, @revision and @commit are (nullable). */
gboolean kalon_receipt_save (const char *path, const char *host, const char *repository,
                             const char *revision, const char *commit,
                             const KalonReceiptFile *files, gsize n, GError **error);
/* %FALSE with %KALON_ERROR_INVALID_DATA when a file of @directory is not the one that its receipt
 * tells of; a directory without a receipt is fine. */
gboolean kalon_receipt_check (const char *directory, GCancellable *cancellable, GError **error);

/* models-prepare.c and models-download.c: the public functions with what only tests change. */

typedef struct
{
  guint retry_delay;         /* milliseconds before the second try */
  const guint64 *free_space; /* (nullable): in place of what the file system says */
} KalonDownloadOptions;

KalonDownload *kalon_models_prepare_with (const char *what, const char *revision,
                                          const KalonDownloadOptions *options, SoupSession *session,
                                          GCancellable *cancellable, GError **error);
KalonDownload *
kalon_models_prepare_offer (const KalonOffer *offer, const KalonDownloadOptions *options,
                            SoupSession *session, GCancellable *cancellable, GError **error);
char *
kalon_models_download_with (const KalonDownload *download, const KalonDownloadOptions *options,
                            SoupSession *session, KalonDownloadFunc func, gpointer user_data,
                            GCancellable *cancellable, GError **error);

G_END_DECLS
