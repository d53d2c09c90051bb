/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A picture's pixels as textures of a bounded size, which share the memory of one image: of a large
 * picture only the part in sight is drawn, so that no renderer copies, uploads or refuses hundreds
 * of megabytes. Made in any thread, drawn in the main thread.
 */

#include <gtk/gtk.h>

#include "image/kalon-image.h"

G_BEGIN_DECLS

typedef struct _KalonTiles KalonTiles;

/* @image: (transfer full): its pixels are kept, uncopied. */
KalonTiles *kalon_tiles_new (KalonImage *image);
/* One tile. */
KalonTiles *kalon_tiles_new_for_texture (GdkTexture *texture);
KalonTiles *kalon_tiles_ref (KalonTiles *self);
void kalon_tiles_unref (KalonTiles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTiles, kalon_tiles_unref)

guint kalon_tiles_get_width (KalonTiles *self);
guint kalon_tiles_get_height (KalonTiles *self);
guint kalon_tiles_get_n (KalonTiles *self);

/**
 * kalon_tiles_snapshot:
 * @width, @height: at which the whole is drawn, from (0, 0), logical pixels
 * @seen: of that, what needs drawing
 * @device: screen pixels for a logical one; tiles meet on whole ones
 *
 * Returns: how many tiles were drawn
 */
guint kalon_tiles_snapshot (KalonTiles *self, GtkSnapshot *snapshot, double width, double height,
                            const graphene_rect_t *seen, double device);

G_END_DECLS
