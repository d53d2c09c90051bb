/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison/kalon-comparison-private.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "errors/kalon-errors.h"

/* Pixels. Pictures stand in fields of 4:3, ten in a line: what a wide screen shows whole. */
#define MARGIN 28
#define FIELD_WIDTH 176
#define FIELD_HEIGHT 132
#define GAP 12
#define CAPTION 26
#define MIN_COLUMNS 5
#define MAX_COLUMNS 10
#define TITLE 44
#define LINE 26
#define HEADING 46
#define RADIUS 6
/* Between the two blocks, beside the heading's own room. */
#define BETWEEN 10

typedef struct
{
  double red, green, blue;
} Colour;

static const Colour paper = { 0.98, 0.98, 0.98 };
static const Colour ground = { 0.92, 0.92, 0.92 };
static const Colour ink = { 0.12, 0.12, 0.12 };
static const Colour faint = { 0.38, 0.38, 0.38 };
static const Colour risen = { 0.09, 0.45, 0.20 };
static const Colour fallen = { 0.60, 0.25, 0.05 };
static const Colour single = { 0.20, 0.30, 0.65 };

static void
set_colour (cairo_t *cr, Colour colour)
{
  cairo_set_source_rgb (cr, colour.red, colour.green, colour.blue);
}

/* One line, cut off with an ellipsis at @width. @alignment: of it within @width. */
static void
draw_text (cairo_t *cr, const char *text, double x, double y, double width, double size,
           gboolean bold, PangoAlignment alignment, Colour colour)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Cantarell, Sans");

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_alignment (layout, alignment);
  set_colour (cr, colour);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static cairo_surface_t *
create_surface (const KalonImage *image)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) image->width, (int) image->height);
  guint8 *rows = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  if (rows == NULL)
    return surface;
  for (guint y = 0; y < image->height; y++)
    for (guint x = 0; x < image->width; x++)
      {
        const guint8 *pixel = image->pixels + ((gsize) y * image->width + x) * 3;

        ((guint32 *) (gpointer) (rows + (gsize) y * stride))[x]
            = (guint32) pixel[0] << 16 | (guint32) pixel[1] << 8 | pixel[2];
      }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static void
round_rectangle (cairo_t *cr, double x, double y, double width, double height)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - RADIUS, y + RADIUS, RADIUS, -G_PI_2, 0);
  cairo_arc (cr, x + width - RADIUS, y + height - RADIUS, RADIUS, 0, G_PI_2);
  cairo_arc (cr, x + RADIUS, y + height - RADIUS, RADIUS, G_PI_2, G_PI);
  cairo_arc (cr, x + RADIUS, y + RADIUS, RADIUS, G_PI, G_PI + G_PI_2);
  cairo_close_path (cr);
}

/* The whole picture, never cropped, in the middle of its field. */
static void
draw_picture (cairo_t *cr, const KalonImage *image, double x, double y)
{
  cairo_surface_t *surface;
  double scale, width, height;

  round_rectangle (cr, x, y, FIELD_WIDTH, FIELD_HEIGHT);
  set_colour (cr, ground);
  cairo_fill (cr);
  if (image == NULL)
    return;
  scale = MIN ((double) FIELD_WIDTH / image->width, (double) FIELD_HEIGHT / image->height);
  width = image->width * scale;
  height = image->height * scale;
  surface = create_surface (image);
  cairo_save (cr);
  cairo_translate (cr, x + (FIELD_WIDTH - width) / 2, y + (FIELD_HEIGHT - height) / 2);
  round_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_GOOD);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

static void
draw_entry (cairo_t *cr, const KalonComparisonEntry *entry, guint rank, double x, double y)
{
  g_autofree char *number = g_strdup_printf ("%u", rank);
  Colour colour = entry->other == 0      ? single
                  : entry->other == rank ? faint
                  : entry->other > rank  ? risen
                                         : fallen;

  draw_picture (cr, entry->image, x, y);
  draw_text (cr, number, x + 2, y + FIELD_HEIGHT + 3, 40, 14, TRUE, PANGO_ALIGN_LEFT, ink);
  draw_text (cr, entry->mark, x + 44, y + FIELD_HEIGHT + 3, FIELD_WIDTH - 46, 14, FALSE,
             PANGO_ALIGN_RIGHT, colour);
}

static guint
count_lines (const GPtrArray *entries, guint columns)
{
  return MAX (1, (entries->len + columns - 1) / columns);
}

static double
draw_side (cairo_t *cr, const KalonComparison *self, guint side, const GPtrArray *entries,
           guint columns, double width, double y)
{
  g_autofree char *mean = kalon_comparison_dup_mean (self, side);

  draw_text (cr, self->sides[side].name, MARGIN, y + 10, width * 0.55, 20, TRUE, PANGO_ALIGN_LEFT,
             ink);
  draw_text (cr, mean, MARGIN + width * 0.45, y + 14, width * 0.55, 14, FALSE, PANGO_ALIGN_RIGHT,
             faint);
  y += HEADING;
  for (guint i = 0; i < entries->len; i++)
    draw_entry (cr, g_ptr_array_index (entries, i), i + 1,
                MARGIN + i % columns * (FIELD_WIDTH + GAP),
                y + i / columns * (FIELD_HEIGHT + CAPTION));
  return y + count_lines (entries, columns) * (FIELD_HEIGHT + CAPTION) + BETWEEN;
}

static void
draw (cairo_t *cr, const KalonComparison *self, GPtrArray *const sides[2], guint columns,
      double width)
{
  g_autofree char *title = g_strdup_printf ("“%s”", self->query);
  g_autofree char *summary = kalon_comparison_dup_summary (self);
  double y = MARGIN - 8;

  set_colour (cr, paper);
  cairo_paint (cr);
  draw_text (cr, title, MARGIN, y, width, 28, TRUE, PANGO_ALIGN_LEFT, ink);
  y += TITLE;
  if (self->rephrased != NULL)
    {
      g_autofree char *text = g_strdup_printf ("Rephrased: %s", self->rephrased);

      draw_text (cr, text, MARGIN, y, width, 16, FALSE, PANGO_ALIGN_LEFT, ink);
      y += LINE;
    }
  draw_text (cr, summary, MARGIN, y, width, 14, FALSE, PANGO_ALIGN_LEFT, faint);
  y += LINE;
  for (guint side = 0; side < 2; side++)
    y = draw_side (cr, self, side, sides[side], columns, width, y);
}

/* (transfer full) (nullable) */
static KalonImage *
take_pixels (cairo_surface_t *surface)
{
  guint width = (guint) cairo_image_surface_get_width (surface);
  guint height = (guint) cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  const guint8 *rows;
  KalonImage *image;

  cairo_surface_flush (surface);
  rows = cairo_image_surface_get_data (surface);
  if (rows == NULL)
    return NULL;
  image = kalon_image_new (width, height);
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint32 pixel = ((const guint32 *) (gconstpointer) (rows + (gsize) y * stride))[x];
        guint8 *out = image->pixels + ((gsize) y * width + x) * 3;

        out[0] = (guint8) (pixel >> 16);
        out[1] = (guint8) (pixel >> 8);
        out[2] = (guint8) pixel;
      }
  return image;
}

gboolean
kalon_comparison_write_png (const KalonComparison *self, GPtrArray *const sides[2],
                            const char *path, GError **error)
{
  guint columns = CLAMP (MAX (sides[0]->len, sides[1]->len), MIN_COLUMNS, MAX_COLUMNS);
  guint width = columns * FIELD_WIDTH + (columns - 1) * GAP;
  guint height = 2 * MARGIN - 8 + TITLE + LINE + (self->rephrased != NULL ? LINE : 0)
                 + 2 * (HEADING + BETWEEN)
                 + (count_lines (sides[0], columns) + count_lines (sides[1], columns))
                       * (FIELD_HEIGHT + CAPTION)
                 - BETWEEN;
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (width + 2 * MARGIN), (int) height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (KalonImage) image = NULL;

  draw (cr, self, sides, columns, width);
  cairo_destroy (cr);
  image = take_pixels (surface);
  cairo_surface_destroy (surface);
  if (image == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "A picture of %u by %u pixels is too large; compare fewer pictures.",
                   width + 2 * MARGIN, height);
      return FALSE;
    }
  return kalon_image_save_png (image, path, error);
}
