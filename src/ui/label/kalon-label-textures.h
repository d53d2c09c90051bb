/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Pictures of a label set as textures, by their files: they need not be in the library. The last
 * ones are kept, so that the next item's can be made ready. Main thread; decoding is on others.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_TEXTURES (kalon_label_textures_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelTextures, kalon_label_textures, KALON, LABEL_TEXTURES, GObject)

/* @side: pixels of a texture's longer side, at most */
KalonLabelTextures *kalon_label_textures_new (guint side);

/* (transfer none) (nullable): if it is at hand. */
GdkTexture *kalon_label_textures_peek (KalonLabelTextures *self, const char *path);

/* So that it is at hand later. */
void kalon_label_textures_prepare (KalonLabelTextures *self, const char *path,
                                   GCancellable *cancellable);
void kalon_label_textures_load_async (KalonLabelTextures *self, const char *path,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* (transfer full) */
GdkTexture *
kalon_label_textures_load_finish (KalonLabelTextures *self, GAsyncResult *result, GError **error);

G_END_DECLS
