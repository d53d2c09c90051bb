/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "image/kalon-image.h"

G_BEGIN_DECLS

/* @image: (transfer full): its pixels become the texture's, uncopied. (transfer full). Any thread.
 */
GdkTexture *kalon_image_to_texture (KalonImage *image);

G_END_DECLS
