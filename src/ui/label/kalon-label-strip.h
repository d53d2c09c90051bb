/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A row of pictures beside its number. They share the width that there is; where that is too
 * little, the row scrolls. Main thread.
 *
 * ::opened (guint position): a picture is to be looked at.
 */

#include "label/kalon-label-picture.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_STRIP (kalon_label_strip_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelStrip, kalon_label_strip, KALON, LABEL_STRIP, GtkWidget)

/* 1 or 2; before the pictures. */
void kalon_label_strip_set_number (KalonLabelStrip *self, guint number);
/* @paths: (element-type filename) */
void kalon_label_strip_set_pictures (KalonLabelStrip *self, KalonLabelTextures *textures,
                                     GPtrArray *paths);
guint kalon_label_strip_get_n_pictures (KalonLabelStrip *self);
/* (transfer none) (nullable) */
KalonLabelPicture *kalon_label_strip_get_picture (KalonLabelStrip *self, guint position);

G_END_DECLS
