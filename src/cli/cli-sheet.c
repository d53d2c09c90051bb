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

/* Characters of 3 x 5 pixels, a row in three bits, the leftmost the highest. */
static const struct
{
  char character;
  guint8 rows[5];
} glyphs[] = {
  { '0', { 7, 5, 5, 5, 7 } }, { '1', { 2, 6, 2, 2, 7 } }, { '2', { 7, 1, 7, 4, 7 } },
  { '3', { 7, 1, 7, 1, 7 } }, { '4', { 5, 5, 7, 1, 1 } }, { '5', { 7, 4, 7, 1, 7 } },
  { '6', { 7, 4, 7, 5, 7 } }, { '7', { 7, 1, 1, 1, 1 } }, { '8', { 7, 5, 7, 5, 7 } },
  { '9', { 7, 5, 7, 1, 7 } }, { 'A', { 2, 5, 7, 5, 5 } }, { 'B', { 6, 5, 6, 5, 6 } },
  { 'D', { 6, 5, 5, 5, 6 } }, { 'E', { 7, 4, 6, 4, 7 } }, { 'G', { 3, 4, 5, 5, 3 } },
  { 'I', { 7, 2, 2, 2, 7 } }, { 'L', { 4, 4, 4, 4, 7 } }, { 'N', { 6, 5, 5, 5, 5 } },
  { 'S', { 3, 4, 2, 1, 6 } },
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
draw_text (KalonImage *sheet, const char *text, guint x, guint y)
{
  for (const char *c = text; *c != '\0'; c++, x += 4 * FONT_SCALE)
    for (gsize glyph = 0; glyph < G_N_ELEMENTS (glyphs); glyph++)
      for (guint row = 0; glyphs[glyph].character == *c && row < 5; row++)
        for (guint column = 0; column < 3; column++)
          if (glyphs[glyph].rows[row] & (4 >> column))
            fill (sheet, x + column * FONT_SCALE, y + row * FONT_SCALE, FONT_SCALE, FONT_SCALE,
                  ink);
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

static guint
get_n_pictures (const KalonSheetSection *section)
{
  return MIN (section->paths->len, MAX_PICTURES);
}

static guint
get_height (const KalonSheetSection *section, guint columns)
{
  guint rows = MAX (1, (get_n_pictures (section) + columns - 1) / columns);

  return (section->caption != NULL ? CAPTION : 0) + rows * (CELL + CAPTION + GAP);
}

/* @x, @y: of the cell */
static void
draw_picture (KalonImage *sheet, const char *library_directory, const KalonSheetSection *section,
              guint number, guint x, guint y, GCancellable *cancellable)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonImage) image
      = kalon_thumbnail_load (library_directory, section->paths->pdata[number],
                              section->hashes->pdata[number], cancellable, &reason);
  g_autofree char *text = g_strdup_printf ("%u", number + 1);
  guint width = CELL, height = CELL;

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
  draw_text (sheet, text, x + (CELL - width) / 2,
             y + (CELL + height) / 2 + (CAPTION - 5 * FONT_SCALE) / 2);
}

gboolean
kalon_cli_write_sheet (const char *library_directory, const char *file,
                       const KalonSheetSection *sections, guint n_sections,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonImage) sheet = NULL;
  guint columns = 1, height = GAP, top = GAP;

  for (guint s = 0; s < n_sections; s++)
    columns = CLAMP (get_n_pictures (&sections[s]), columns, MAX_COLUMNS);
  for (guint s = 0; s < n_sections; s++)
    height += get_height (&sections[s], columns);
  sheet = kalon_image_new (columns * (CELL + GAP) + GAP, height);
  fill (sheet, 0, 0, sheet->width, sheet->height, paper);
  for (guint s = 0; s < n_sections; s++)
    {
      const KalonSheetSection *section = &sections[s];
      guint n = get_n_pictures (section), below = section->caption != NULL ? CAPTION : 0;

      if (n < section->paths->len)
        kalon_cli_message ("The contact sheet holds the first %u pictures.", n);
      if (section->caption != NULL)
        draw_text (sheet, section->caption, GAP, top);
      for (guint i = 0; i < n; i++)
        draw_picture (sheet, library_directory, section, i, GAP + i % columns * (CELL + GAP),
                      top + below + i / columns * (CELL + CAPTION + GAP), cancellable);
      top += get_height (section, columns);
    }
  return kalon_image_save_png (sheet, file, error);
}
