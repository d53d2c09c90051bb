/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture of the catalogue as pixels that are sharp at a wanted size. Main thread. */

#include <gtk/gtk.h>

#include "catalogue/kalon-catalogue.h"
#include "viewer/kalon-tiles.h"

G_BEGIN_DECLS

/* The longer side of the largest rendering made: 8192 x 8192 x 3 bytes are 192 MiB; what is
 * larger is looked at a little reduced. */
#define KALON_PICTURE_LOAD_MAX_SIDE 8192

typedef struct
{
  gint64 id;
  KalonPicture *picture; /* (nullable): it is not in the library any more */
  KalonTiles *tiles;     /* (nullable): then @error says why */
  KalonImageInfo *info;  /* (nullable): what the file says of itself; with @tiles */
  GError *error;
} KalonLoadedPicture;

void kalon_loaded_picture_free (KalonLoadedPicture *loaded);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLoadedPicture, kalon_loaded_picture_free)

/* Loaded pictures at hand, the latest first. (nullable) */
KalonLoadedPicture *kalon_loaded_pictures_find (GQueue *kept, gint64 id);
/* @loaded: (transfer full): in the place of an earlier one of the same id; beyond @most the oldest
 * goes. */
void kalon_loaded_pictures_add (GQueue *kept, KalonLoadedPicture *loaded, guint most);

/**
 * kalon_picture_load_async:
 * @side: its shorter side is to be at least this, or the picture's own
 *
 * Only cancellation and the catalogue's failures are errors of finish(); those of the file are in
 * the answer, beside what the catalogue knows of it.
 */
void kalon_picture_load_async (KalonCatalogue *catalogue, gint64 picture_id, guint side,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
KalonLoadedPicture *
kalon_picture_load_finish (KalonCatalogue *catalogue, GAsyncResult *result, GError **error);

G_END_DECLS
