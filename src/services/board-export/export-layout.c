/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-export/kalon-board-export-private.h"

#include <math.h>

#include <pango/pangocairo.h>

#define MARGIN 36. /* half an inch, which every printer can */
#define GUTTER 14.
#define ROW_GAP 16.
#define CAPTION_GAP 5.
#define NOTE_GAP 1.5
#define HEAD_GAP 18.
#define FOOT 22. /* of the line with the page's number */
/* Most photographs are 3:2 or 4:3 and lie. */
#define HEIGHT_FOR_WIDTH 0.75
/* Room for a caption: one that is longer than this ends in "…". */
#define MAX_NAME_HEIGHT 22.
#define MAX_NOTE_HEIGHT 60.
#define MAX_DESCRIPTION_HEIGHT 60.

#define TITLE_SIZE 20.
#define TEXT_SIZE 9.5
#define CAPTION_SIZE 7.5
#define FOOT_SIZE 7.5

/* Black, and greys that a laser printer keeps legible. */
#define INK 0.1
#define GREY 0.38

typedef struct
{
  guint page;
  double y;
  double box_height; /* of its highest picture */
  double height;     /* of box and captions */
} Row;

struct _Layout
{
  const Export *export;
  PangoContext *context;
  double width, height;
  double column;     /* its width */
  double box_height; /* that no picture exceeds */
  double head;       /* height of title and description, with the gap below them */
  GArray *rows;      /* Row */
  guint n_pages;
  gboolean ends_early;
};

static PangoLayout *
make_text (const Layout *self, const char *text, double size, gboolean bold, double width,
           double max_height)
{
  PangoLayout *layout = pango_layout_new (self->context);
  PangoFontDescription *font
      = pango_font_description_from_string (bold ? "Cantarell, Sans Bold" : "Cantarell, Sans");
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, valid, -1);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_height (layout, (int) (max_height * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  /* Each paragraph runs as its letters do; where they say nothing, as the rows do. */
  pango_layout_set_auto_dir (layout, TRUE);
  return layout;
}

static double
get_height (PangoLayout *layout)
{
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);
  return (double) extents.height / PANGO_SCALE;
}

/* (transfer full) (nullable) */
static PangoLayout *
make_name (const Layout *self, guint i)
{
  g_autofree char *name = NULL;

  if (!self->export->options->names)
    return NULL;
  name = g_filename_display_basename (export_get_item (self->export, i)->path);
  return make_text (self, name, CAPTION_SIZE, TRUE, self->column, MAX_NAME_HEIGHT);
}

static PangoLayout *
make_note (const Layout *self, guint i)
{
  const char *note = export_get_item (self->export, i)->note;

  if (!self->export->options->notes || *note == '\0')
    return NULL;
  return make_text (self, note, CAPTION_SIZE, FALSE, self->column, MAX_NOTE_HEIGHT);
}

static PangoLayout *
make_title (const Layout *self)
{
  return make_text (self, self->export->contents->board->name, TITLE_SIZE, TRUE,
                    self->width - 2 * MARGIN, 2.5 * TITLE_SIZE);
}

static PangoLayout *
make_description (const Layout *self)
{
  const char *text = self->export->contents->board->description;

  if (*text == '\0')
    return NULL;
  return make_text (self, text, TEXT_SIZE, FALSE, self->width - 2 * MARGIN, MAX_DESCRIPTION_HEIGHT);
}

/* @text: (transfer full) (nullable): Returns: its height, with @gap above it; 0 without it */
static double
take_height (PangoLayout *text, double gap)
{
  double height = text != NULL ? get_height (text) + gap : 0;

  g_clear_object (&text);
  return height;
}

/* How high the picture will be; one of unknown shape may need all the room. */
static double
measure_picture (const Layout *self, guint i)
{
  const KalonBoardItem *item = export_get_item (self->export, i);

  if (item->width == 0 || item->height == 0 || item->missing)
    return self->box_height;
  return MIN (self->box_height, self->column * item->height / item->width);
}

static double
measure_caption (const Layout *self, guint i)
{
  double name = take_height (make_name (self, i), CAPTION_GAP);

  return name + take_height (make_note (self, i), name > 0 ? NOTE_GAP : CAPTION_GAP);
}

static Row
measure_row (const Layout *self, guint number)
{
  guint columns = self->export->options->columns;
  guint end = MIN ((number + 1) * columns, self->export->contents->items->len);
  Row row = { 0 };
  double caption = 0;

  for (guint i = number * columns; i < end; i++)
    {
      row.box_height = MAX (row.box_height, measure_picture (self, i));
      caption = MAX (caption, measure_caption (self, i));
    }
  row.height = row.box_height + caption;
  return row;
}

static void
lay_out_rows (Layout *self)
{
  guint columns = self->export->options->columns;
  guint n_rows = (self->export->contents->items->len + columns - 1) / columns;
  double bottom = self->height - MARGIN - FOOT;
  double y = MARGIN + self->head;
  guint page = 0;

  for (guint i = 0; i < n_rows; i++)
    {
      Row row = measure_row (self, i);
      gboolean first = self->rows->len == 0
                       || g_array_index (self->rows, Row, self->rows->len - 1).page != page;

      if (!first && y + row.height > bottom)
        {
          page++;
          y = MARGIN;
        }
      row.page = page;
      row.y = y;
      y += row.height + ROW_GAP;
      g_array_append_val (self->rows, row);
    }
  self->n_pages = page + 1;
}

static void
set_size (Layout *self)
{
  const KalonBoardExportOptions *options = self->export->options;
  gboolean a4 = options->paper == KALON_PAPER_A4;
  /* ISO 216: 210 x 297 mm; ANSI A: 8.5 x 11 inches. */
  double shorter = a4 ? 210 / 25.4 * 72 : 8.5 * 72;
  double longer = a4 ? 297 / 25.4 * 72 : 11 * 72;
  double rest;

  self->width = options->landscape ? longer : shorter;
  self->height = options->landscape ? shorter : longer;
  self->column = (self->width - 2 * MARGIN - (options->columns - 1) * GUTTER) / options->columns;
  self->head
      = take_height (make_title (self), 0) + take_height (make_description (self), 6) + HEAD_GAP;
  /* A single wide column must leave room for what is said of it. */
  rest = self->height - 2 * MARGIN - FOOT - self->head - MAX_NAME_HEIGHT - MAX_NOTE_HEIGHT / 2;
  self->box_height = MIN (self->column * HEIGHT_FOR_WIDTH, rest);
}

Layout *
layout_new (const Export *export, gboolean measure_end)
{
  Layout *self = g_new0 (Layout, 1);
  cairo_font_options_t *options = cairo_font_options_create ();

  self->export = export;
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  pango_cairo_context_set_resolution (self->context, 72);
  pango_context_set_round_glyph_positions (self->context, FALSE);
  pango_context_set_base_dir (self->context, export->options->right_to_left
                                                 ? PANGO_DIRECTION_WEAK_RTL
                                                 : PANGO_DIRECTION_WEAK_LTR);
  /* What is measured here holds at every resolution. */
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (self->context, options);
  cairo_font_options_destroy (options);
  set_size (self);
  lay_out_rows (self);
  self->ends_early = measure_end && self->n_pages == 1;
  return self;
}

void
layout_free (Layout *self)
{
  g_object_unref (self->context);
  g_array_unref (self->rows);
  g_free (self);
}

guint
layout_get_n_pages (const Layout *self)
{
  return self->n_pages;
}

void
layout_get_size (const Layout *self, guint page, double *width, double *height)
{
  const Row *last = &g_array_index (self->rows, Row, self->rows->len - 1);

  *width = self->width;
  *height = self->ends_early ? MIN (last->y + last->height + MARGIN, self->height) : self->height;
}

void
layout_get_items (const Layout *self, guint page, guint *first, guint *n)
{
  guint columns = self->export->options->columns;
  guint begin = 0, end;

  while (g_array_index (self->rows, Row, begin).page < page)
    begin++;
  for (end = begin; end < self->rows->len && g_array_index (self->rows, Row, end).page == page;)
    end++;
  *first = begin * columns;
  *n = MIN (end * columns, self->export->contents->items->len) - *first;
}

void
layout_get_box (const Layout *self, guint i, cairo_rectangle_t *box)
{
  guint columns = self->export->options->columns;
  guint column = i % columns;
  const Row *row = &g_array_index (self->rows, Row, i / columns);

  if (self->export->options->right_to_left)
    column = columns - 1 - column;
  box->x = MARGIN + column * (self->column + GUTTER);
  box->y = row->y;
  box->width = self->column;
  box->height = row->box_height;
}

/* @text: (transfer full) (nullable): Returns: where it ends */
static double
draw_text (cairo_t *cr, PangoLayout *text, double x, double y, double grey)
{
  if (text == NULL)
    return y;
  cairo_set_source_rgb (cr, grey, grey, grey);
  cairo_move_to (cr, x, y);
  pango_cairo_update_layout (cr, text);
  pango_cairo_show_layout (cr, text);
  y += get_height (text);
  g_object_unref (text);
  return y;
}

static void
draw_caption (Layout *self, cairo_t *cr, guint i)
{
  g_autoptr (PangoLayout) name = make_name (self, i);
  cairo_rectangle_t box;
  double y;

  layout_get_box (self, i, &box);
  y = box.y + box.height + CAPTION_GAP;
  if (name != NULL)
    y = draw_text (cr, g_steal_pointer (&name), box.x, y, INK) + NOTE_GAP;
  draw_text (cr, make_note (self, i), box.x, y, GREY);
}

static void
draw_foot (Layout *self, cairo_t *cr, guint page)
{
  g_autofree char *number = g_strdup_printf ("%u / %u", page + 1, self->n_pages);
  double room = self->width - 2 * MARGIN;
  double y = self->height - MARGIN - FOOT_SIZE;
  gboolean rtl = self->export->options->right_to_left;
  PangoLayout *place = make_text (self, number, FOOT_SIZE, FALSE, room, FOOT_SIZE * 2);

  pango_layout_set_auto_dir (place, FALSE);
  pango_layout_set_alignment (place, PANGO_ALIGN_RIGHT);
  draw_text (cr, place, MARGIN, y, GREY);
  if (page > 0)
    draw_text (
        cr, make_text (self, self->export->contents->board->name, FOOT_SIZE, FALSE, room * 0.8, 0),
        rtl ? MARGIN + room * 0.2 : MARGIN, y, GREY);
}

void
layout_draw_page (Layout *self, cairo_t *cr, guint page)
{
  guint first, n;

  pango_cairo_update_context (cr, self->context);
  if (page == 0)
    {
      double y = draw_text (cr, make_title (self), MARGIN, MARGIN, INK);

      draw_text (cr, make_description (self), MARGIN, y + 6, GREY);
    }
  layout_get_items (self, page, &first, &n);
  for (guint i = first; i < first + n; i++)
    draw_caption (self, cr, i);
  if (self->n_pages > 1)
    draw_foot (self, cr, page);
}
