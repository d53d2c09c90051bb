/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A picture of a row: the whole of it, never cropped. Can have the focus; ::activated when it is
 * clicked or Return is pressed. Main thread.
 */

#include "label/kalon-label-textures.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_PICTURE (kalon_label_picture_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelPicture, kalon_label_picture, KALON, LABEL_PICTURE, GtkWidget)

/* @name: for screen readers. Begins to load it, unless it is at hand. */
GtkWidget *
kalon_label_picture_new (KalonLabelTextures *textures, const char *path, const char *name);
const char *kalon_label_picture_get_path (KalonLabelPicture *self);
const char *kalon_label_picture_get_name (KalonLabelPicture *self);
/* It is loaded, or never will be. */
gboolean kalon_label_picture_is_ready (KalonLabelPicture *self);

G_END_DECLS
