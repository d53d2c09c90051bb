/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Thumbnails: JPEG, longer side 256 px, in the library's own thumbnails/ directory (the desktop's
 * shared cache is cleaned behind our back; peers.md 1.4.12), named by content hash so that a
 * renamed picture keeps its own. Any thread.
 */

#include "image/kalon-image.h"

G_BEGIN_DECLS

#define KALON_THUMBNAIL_SIZE 256

/* (transfer full): where the thumbnail of @content_hash lives below @library_directory. */
char *kalon_thumbnail_dup_path (const char *library_directory, const char *content_hash);

/* (transfer full) (nullable): @image with the longer side of a thumbnail; %NULL when it is as small
 * already. */
KalonImage *kalon_thumbnail_shrink (const KalonImage *image);

/* Makes and stores it from an already decoded picture. */
gboolean kalon_thumbnail_store (const char *library_directory, const char *content_hash,
                                const KalonImage *image, GError **error);

/**
 * kalon_thumbnail_load:
 * @path: the picture itself
 * @content_hash: (nullable): %NULL looks only in the desktop's cache, then decodes
 *
 * Returns: (transfer full): from our cache, else the desktop's (freedesktop thumbnail spec, when
 * its MTime fits), else made from the picture and stored.
 */
KalonImage *
kalon_thumbnail_load (const char *library_directory, const char *path, const char *content_hash,
                      GCancellable *cancellable, GError **error);

/* What the thumbnails of a library take. */
typedef struct
{
  gsize n_files;
  guint64 bytes;
} KalonThumbnailUsage;

/* Both on a thread of their own. @library_directory: (nullable): as for kalon_library_open() */
void kalon_thumbnails_get_usage_async (const char *library_directory, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_thumbnails_get_usage_finish (GAsyncResult *result, KalonThumbnailUsage *usage,
                                            GError **error);
/* Deletes them; each is made again when it is shown. */
void kalon_thumbnails_clear_async (const char *library_directory, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_thumbnails_clear_finish (GAsyncResult *result, GError **error);

G_END_DECLS
