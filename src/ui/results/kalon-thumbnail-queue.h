/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Loads the thumbnails that a grid needs, nearest first.
 *
 * A GtkGridView binds many times more cells than it shows (peers.md 3.4), so nothing is loaded when
 * a cell is bound: the grid says which positions are visible, and only these and one screen before
 * and after are wanted. What leaves the wanted range before its turn is never started, what is
 * under way is cancelled. Textures are kept by picture, least recently wanted out first, up to a
 * limit of bytes; a texture that goes is also taken from its items. Main thread.
 *
 * Several grids may be on screen at once, each with a model of its own.
 */

#include "results/kalon-results-model.h"

G_BEGIN_DECLS

/**
 * KalonThumbnailLoadFunc:
 * @picture: (out) (transfer full) (optional): what the catalogue knows; also set when loading fails
 *
 * Runs on worker threads, several at a time.
 *
 * Returns: (transfer full) (nullable)
 */
typedef GdkTexture *(*KalonThumbnailLoadFunc) (gint64 picture_id, KalonPicture **picture,
                                               gpointer user_data, GCancellable *cancellable,
                                               GError **error);

#define KALON_TYPE_THUMBNAIL_QUEUE (kalon_thumbnail_queue_get_type ())
G_DECLARE_FINAL_TYPE (KalonThumbnailQueue, kalon_thumbnail_queue, KALON, THUMBNAIL_QUEUE, GObject)

KalonThumbnailQueue *
kalon_thumbnail_queue_new (KalonThumbnailLoadFunc func, gpointer user_data, GDestroyNotify destroy);
/* Over a library's catalogue and thumbnails. @library_directory as for kalon_library_open(). */
KalonThumbnailQueue *kalon_thumbnail_queue_new_for_library (const char *library_directory);

/* Default 96 MiB: about 700 thumbnails of 256 px. */
void kalon_thumbnail_queue_set_limit (KalonThumbnailQueue *self, gsize bytes);
gsize kalon_thumbnail_queue_get_size (KalonThumbnailQueue *self);

/* What is visible of @model, besides what is of others; @n_visible may be 0: nothing is wanted. The
 * queue follows @model until that ends, but does not keep it. */
void kalon_thumbnail_queue_set_range (KalonThumbnailQueue *self, KalonResultsModel *model,
                                      guint first, guint n_visible);

/* Gives @item its texture if that is at hand: for bind, so that a known picture never blinks. */
void kalon_thumbnail_queue_fill (KalonThumbnailQueue *self, KalonResultItem *item);

/**
 * kalon_thumbnail_queue_load:
 * @item: of no model, or of one that the queue has no range of
 *
 * Gives @item its picture and texture, or the reason why there is none, when they are there; after
 * those asked for before it, and before what the range wants. A cancelled one gets nothing. The
 * texture is the item's for as long as it lives.
 */
void kalon_thumbnail_queue_load (KalonThumbnailQueue *self, KalonResultItem *item,
                                 GCancellable *cancellable);

/* Files changed: everything wanted is looked up again. What is shown stays until then. */
void kalon_thumbnail_queue_refresh (KalonThumbnailQueue *self);

G_END_DECLS
