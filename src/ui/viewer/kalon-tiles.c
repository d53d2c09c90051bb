/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "viewer/kalon-tiles.h"

/* Pixels of a side. A screen of today shows four or so. */
#define TILE 1024

typedef struct
{
  guint x, y, width, height;
  GdkTexture *texture;
} Tile;

struct _KalonTiles
{
  guint width, height;
  GArray *tiles; /* Tile */
};

static void
tile_clear (Tile *tile)
{
  g_object_unref (tile->texture);
}

static KalonTiles *
create (guint width, guint height)
{
  KalonTiles *self = g_atomic_rc_box_new0 (KalonTiles);

  self->width = width;
  self->height = height;
  self->tiles = g_array_new (FALSE, FALSE, sizeof (Tile));
  g_array_set_clear_func (self->tiles, (GDestroyNotify) tile_clear);
  return self;
}

KalonTiles *
kalon_tiles_new (KalonImage *image)
{
  KalonTiles *self;
  gsize stride;
  g_autoptr (GBytes) pixels = NULL;

  g_return_val_if_fail (image != NULL, NULL);

  self = create (image->width, image->height);
  stride = (gsize) image->width * 3;
  pixels = g_bytes_new_with_free_func (image->pixels, stride * image->height,
                                       (GDestroyNotify) kalon_image_free, image);
  for (guint y = 0; y < self->height; y += TILE)
    for (guint x = 0; x < self->width; x += TILE)
      {
        Tile tile = { x, y, MIN (TILE, self->width - x), MIN (TILE, self->height - y), NULL };
        gsize offset = y * stride + (gsize) x * 3;
        g_autoptr (GBytes) part = g_bytes_new_from_bytes (
            pixels, offset, (tile.height - 1) * stride + (gsize) tile.width * 3);

        tile.texture = gdk_memory_texture_new ((int) tile.width, (int) tile.height,
                                               GDK_MEMORY_R8G8B8, part, stride);
        g_array_append_val (self->tiles, tile);
      }
  return self;
}

KalonTiles *
kalon_tiles_new_for_texture (GdkTexture *texture)
{
  KalonTiles *self;
  Tile tile = { 0 };

  g_return_val_if_fail (GDK_IS_TEXTURE (texture), NULL);

  tile.width = (guint) gdk_texture_get_width (texture);
  tile.height = (guint) gdk_texture_get_height (texture);
  tile.texture = g_object_ref (texture);
  self = create (tile.width, tile.height);
  g_array_append_val (self->tiles, tile);
  return self;
}

KalonTiles *
kalon_tiles_ref (KalonTiles *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tiles_clear (gpointer data)
{
  g_array_unref (((KalonTiles *) data)->tiles);
}

void
kalon_tiles_unref (KalonTiles *self)
{
  g_atomic_rc_box_release_full (self, tiles_clear);
}

guint
kalon_tiles_get_width (KalonTiles *self)
{
  return self->width;
}

guint
kalon_tiles_get_height (KalonTiles *self)
{
  return self->height;
}

guint
kalon_tiles_get_n (KalonTiles *self)
{
  return self->tiles->len;
}

guint
kalon_tiles_snapshot (KalonTiles *self, GtkSnapshot *snapshot, double width, double height,
                      const graphene_rect_t *seen, double device)
{
  double scale_x = width / self->width, scale_y = height / self->height;
  guint n_drawn = 0;

  for (guint i = 0; i < self->tiles->len; i++)
    {
      const Tile *tile = &g_array_index (self->tiles, Tile, i);
      double left = round (tile->x * scale_x * device) / device;
      double top = round (tile->y * scale_y * device) / device;
      double right = round ((tile->x + tile->width) * scale_x * device) / device;
      double bottom = round ((tile->y + tile->height) * scale_y * device) / device;
      graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) left, (float) top,
                                                   (float) (right - left), (float) (bottom - top));

      if (!graphene_rect_intersection (&bounds, seen, NULL))
        continue;
      gtk_snapshot_append_texture (snapshot, tile->texture, &bounds);
      n_drawn++;
    }
  return n_drawn;
}
