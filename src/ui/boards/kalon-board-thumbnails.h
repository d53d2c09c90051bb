/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Thumbnails of what is on boards: of pictures in the library, of files outside of it (made and
 * kept like the others), and of missing ones as long as they are kept. Main thread.
 */

#include "boards/kalon-boards.h"
#include "results/kalon-thumbnail-queue.h"

G_BEGIN_DECLS

#define KALON_TYPE_BOARD_THUMBNAILS (kalon_board_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardThumbnails, kalon_board_thumbnails, KALON, BOARD_THUMBNAILS,
                      GObject)

/* @library_directory: (nullable): as for kalon_library_open() */
KalonBoardThumbnails *kalon_board_thumbnails_new (const char *library_directory);

/* (transfer none): a queue whose ids are those of items. */
KalonThumbnailQueue *kalon_board_thumbnails_get_queue (KalonBoardThumbnails *self);
/* @items: (element-type KalonBoardItem): what the queue will be asked for */
void kalon_board_thumbnails_set_items (KalonBoardThumbnails *self, GPtrArray *items);

/* One of a board's covers. */
void kalon_board_thumbnails_load_async (KalonBoardThumbnails *self, const KalonBoardItem *item,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
GdkTexture *kalon_board_thumbnails_load_finish (KalonBoardThumbnails *self, GAsyncResult *result,
                                                GError **error);

G_END_DECLS
