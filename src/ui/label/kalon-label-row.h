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

#define KALON_TYPE_LABEL_ROW (kalon_label_row_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelRow, kalon_label_row, KALON, LABEL_ROW, GtkWidget)

/* 1 or 2; before the pictures. */
void kalon_label_row_set_number (KalonLabelRow *self, guint number);
/* @paths: (element-type filename) */
void
kalon_label_row_set_pictures (KalonLabelRow *self, KalonLabelTextures *textures, GPtrArray *paths);
guint kalon_label_row_get_n_pictures (KalonLabelRow *self);
/* (transfer none) (nullable) */
KalonLabelPicture *kalon_label_row_get_picture (KalonLabelRow *self, guint position);

G_END_DECLS
