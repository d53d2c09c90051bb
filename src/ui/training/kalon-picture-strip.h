/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A row of pictures to scroll along; activating one opens it. Main thread. */

#include "results/kalon-thumbnail-queue.h"

G_BEGIN_DECLS

#define KALON_TYPE_PICTURE_STRIP (kalon_picture_strip_get_type ())
G_DECLARE_FINAL_TYPE (KalonPictureStrip, kalon_picture_strip, KALON, PICTURE_STRIP, GtkWidget)

/* @name: of the row, for screen readers */
void kalon_picture_strip_set_name (KalonPictureStrip *self, const char *name);

/* @pictures: (element-type gint64): ids. The same ones again change nothing. */
void kalon_picture_strip_set_pictures (KalonPictureStrip *self, GArray *pictures,
                                       KalonThumbnailQueue *thumbnails);

G_END_DECLS
