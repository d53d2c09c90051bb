/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "image/kalon-image.h"
#include "thumbnails/kalon-thumbnails.h"

#include <math.h>

#define CELL KALON_THUMBNAIL_SIZE
#define GAP 12
/* Height of the space under a picture that holds its number. */
#define CAPTION 24
/* A row of ten would be 2,700 pixels wide: five are seen whole on most screens. */
#define MAX_COLUMNS 5
/* Beyond this a sheet is no longer looked at, and its pixels are many. */
#define MAX_PICTURES 200
/* Font pixels are drawn this large. */
#define FONT_SCALE 3

static const guint8 paper[3] = { 0x24, 0x24, 0x24 };
static const guint8 blank[3] = { 0x50, 0x50, 0x50 };
static const guint8 ink[3] = { 0xf0, 0xf0, 0xf0 };

/* Digits of 3 x 5 pixels, a row in three bits, the leftmost the highest. */
static const guint8 digits[10][5] = {
  { 7, 5, 5, 5, 7 }, { 2, 6, 2, 2, 7 }, { 7, 1, 7, 4, 7 }, { 7, 1, 7, 1, 7 }, { 5, 5, 7, 1, 1 },
  { 7, 4, 7, 1, 7 }, { 7, 4, 7, 5, 7 }, { 7, 1, 1, 1, 1 }, { 7, 5, 7, 5, 7 }, { 7, 5, 7, 1, 7 },
};

static void
fill (KalonImage *sheet, guint x, guint y, guint width, guint height, const guint8 *colour)
{
  for (guint row = y; row < y + height; row++)
    for (guint column = x; column < x + width; column++)
      memcpy (sheet->pixels + ((gsize) row * sheet->width + column) * 3, colour, 3);
}

static void
paste (KalonImage *sheet, const KalonImage *image, guint x, guint y)
{
  for (guint row = 0; row < image->height; row++)
    memcpy (sheet->pixels + ((gsize) (y + row) * sheet->width + x) * 3,
            image->pixels + (gsize) row * image->width * 3, (gsize) image->width * 3);
}

static void
draw_number (KalonImage *sheet, guint number, guint x, guint y)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  for (const char *c = text; *c != '\0'; c++, x += 4 * FONT_SCALE)
    for (guint row = 0; row < 5; row++)
      for (guint column = 0; column < 3; column++)
        if (digits[*c - '0'][row] & (4 >> column))
          fill (sheet, x + column * FONT_SCALE, y + row * FONT_SCALE, FONT_SCALE, FONT_SCALE, ink);
}

/* A thumbnail from elsewhere may be larger than a cell. */
static KalonImage *
fit_cell (KalonImage *image)
{
  double scale = (double) CELL / MAX (image->width, image->height);
  KalonImage *small;

  if (scale >= 1)
    return image;
  small = kalon_image_resize (image, MAX (1, (guint) lround (image->width * scale)),
                              MAX (1, (guint) lround (image->height * scale)));
  kalon_image_free (image);
  return small;
}

gboolean
kalon_cli_write_sheet (const char *library_directory, const char *file, GPtrArray *paths,
                       GPtrArray *hashes, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonImage) sheet = NULL;
  guint n = MIN (paths->len, MAX_PICTURES);
  guint columns = CLAMP (n, 1, MAX_COLUMNS);
  guint rows = MAX (1, (n + columns - 1) / columns);

  sheet = kalon_image_new (columns * (CELL + GAP) + GAP, rows * (CELL + CAPTION + GAP) + GAP);
  fill (sheet, 0, 0, sheet->width, sheet->height, paper);
  if (n < paths->len)
    kalon_cli_message ("The contact sheet holds the first %u pictures.", n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (KalonImage) image = kalon_thumbnail_load (library_directory, paths->pdata[i],
                                                           hashes->pdata[i], cancellable, &reason);
      guint x = GAP + i % columns * (CELL + GAP);
      guint width = CELL;
      guint height = CELL;
      guint y = GAP + i / columns * (CELL + CAPTION + GAP);

      if (image != NULL)
        {
          image = fit_cell (g_steal_pointer (&image));
          width = image->width;
          height = image->height;
          paste (sheet, image, x + (CELL - width) / 2, y + (CELL - height) / 2);
        }
      else
        {
          fill (sheet, x, y, CELL, CELL, blank);
          kalon_cli_message ("%s", reason->message);
        }
      draw_number (sheet, i + 1, x + (CELL - width) / 2,
                   y + (CELL + height) / 2 + (CAPTION - 5 * FONT_SCALE) / 2);
    }
  return kalon_image_save_png (sheet, file, error);
}
