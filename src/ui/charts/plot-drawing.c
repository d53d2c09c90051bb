/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lines and bars are drawn with. */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "charts/kalon-plot-private.h"

#define LINE_WIDTH 2
#define MARKER 3.5
#define BOX_PADDING 8
#define BOX_RADIUS 6

static void
look_up (GtkStyleContext *context, const char *name, const GdkRGBA *fallback, GdkRGBA *colour)
{
  if (!gtk_style_context_lookup_color (context, name, colour))
    *colour = *fallback;
}

static double
get_line_height (GtkWidget *widget)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

void
kalon_plot_drawing_init (KalonPlotDrawing *drawing, KalonPlot *plot, cairo_t *cr)
{
  GtkWidget *widget = GTK_WIDGET (plot);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  *drawing = (KalonPlotDrawing){
    .plot = plot,
    .data = plot->data,
    .cr = cr,
    .width = gtk_widget_get_width (widget),
    .height = gtk_widget_get_height (widget),
    .mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
    .line = get_line_height (widget),
  };
  gtk_style_context_get_color (context, &drawing->text);
  look_up (context, "popover_bg_color", &(GdkRGBA){ 1, 1, 1, 1 }, &drawing->ground);
  for (guint i = 0; i < KALON_CHART_MAX_SERIES; i++)
    {
      g_autofree char *name = g_strdup_printf ("kalon_series_%u", i + 1);

      look_up (context, name, &drawing->text, &drawing->series[i]);
    }
  kalon_chart_data_get_range (plot->data, &drawing->min, &drawing->max);
}

void
kalon_plot_set_colour (KalonPlotDrawing *drawing, const GdkRGBA *colour, double alpha)
{
  cairo_set_source_rgba (drawing->cr, (double) colour->red, (double) colour->green,
                         (double) colour->blue, (double) colour->alpha * alpha);
}

double
kalon_plot_get_x (const KalonPlotDrawing *drawing, double x)
{
  return drawing->mirrored ? drawing->width - x : x;
}

double
kalon_plot_measure_text (KalonPlotDrawing *drawing, const char *text)
{
  g_autoptr (PangoLayout) layout
      = gtk_widget_create_pango_layout (GTK_WIDGET (drawing->plot), text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

void
kalon_plot_draw_text (KalonPlotDrawing *drawing, const char *text, double x, double y,
                      KalonPlotAnchor anchor, double room)
{
  g_autoptr (PangoLayout) layout
      = gtk_widget_create_pango_layout (GTK_WIDGET (drawing->plot), text);
  double left;
  int width, height;

  if (room > 0)
    {
      pango_layout_get_pixel_size (layout, &width, NULL);
      if (width > room)
        {
          pango_layout_set_width (layout, (int) (room * PANGO_SCALE));
          pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
        }
    }
  pango_layout_get_pixel_size (layout, &width, &height);
  if (anchor == KALON_PLOT_CENTRE)
    x -= width / 2.0;
  else if (anchor == KALON_PLOT_TO)
    x -= width;
  left = drawing->mirrored ? drawing->width - x - width : x;
  cairo_move_to (drawing->cr, round (left), round (y - height / 2.0));
  pango_cairo_show_layout (drawing->cr, layout);
}

void
kalon_plot_draw_rule (KalonPlotDrawing *drawing, double x1, double y1, double x2, double y2)
{
  cairo_set_line_width (drawing->cr, 1);
  cairo_move_to (drawing->cr, floor (kalon_plot_get_x (drawing, x1)) + 0.5, floor (y1) + 0.5);
  cairo_line_to (drawing->cr, floor (kalon_plot_get_x (drawing, x2)) + 0.5, floor (y2) + 0.5);
  cairo_stroke (drawing->cr);
}

void
kalon_plot_set_stroke (KalonPlotDrawing *drawing, gsize series)
{
  static const double dashes[KALON_CHART_MAX_SERIES][4]
      = { { 0 }, { 7, 4 }, { 2, 3 }, { 8, 3, 2, 3 } };
  static const int n_dashes[KALON_CHART_MAX_SERIES] = { 0, 2, 2, 4 };

  cairo_set_line_width (drawing->cr, LINE_WIDTH);
  cairo_set_line_join (drawing->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash (drawing->cr, dashes[series], n_dashes[series], 0);
  kalon_plot_set_colour (drawing, &drawing->series[series], 1);
}

void
kalon_plot_draw_marker (KalonPlotDrawing *drawing, gsize series, double x, double y)
{
  cairo_t *cr = drawing->cr;

  x = kalon_plot_get_x (drawing, x);
  cairo_new_path (cr);
  switch (series)
    {
    case 0:
      cairo_arc (cr, x, y, MARKER, 0, 2 * G_PI);
      break;
    case 1:
      cairo_rectangle (cr, x - MARKER, y - MARKER, 2 * MARKER, 2 * MARKER);
      break;
    case 2:
      cairo_move_to (cr, x, y - MARKER - 1);
      cairo_line_to (cr, x + MARKER + 1, y + MARKER);
      cairo_line_to (cr, x - MARKER - 1, y + MARKER);
      break;
    default:
      cairo_move_to (cr, x, y - MARKER - 1);
      cairo_line_to (cr, x + MARKER + 1, y);
      cairo_line_to (cr, x, y + MARKER + 1);
      cairo_line_to (cr, x - MARKER - 1, y);
      break;
    }
  cairo_close_path (cr);
  kalon_plot_set_colour (drawing, &drawing->series[series], 1);
  cairo_fill (cr);
}

static void
add_rounded (cairo_t *cr, double x, double y, double width, double height)
{
  double r = BOX_RADIUS;

  cairo_new_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, G_PI / 2);
  cairo_arc (cr, x + r, y + height - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

void
kalon_plot_draw_values (KalonPlotDrawing *drawing, double x, double y)
{
  cairo_t *cr = drawing->cr;
  g_autofree char *text = kalon_chart_data_describe_point (drawing->data, drawing->plot->current);
  g_autoptr (PangoLayout) layout
      = gtk_widget_create_pango_layout (GTK_WIDGET (drawing->plot), text);
  double room = MAX (drawing->width - 2 * BOX_PADDING, 1), box_width, box_height;
  int width, height;

  pango_layout_set_width (layout, (int) (room * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size (layout, &width, &height);
  /* A layout of a set width lies at its right end where that is where it begins. */
  pango_layout_set_width (layout, width * PANGO_SCALE);
  box_width = width + 2 * BOX_PADDING;
  box_height = height + 2 * BOX_PADDING;

  /* Under the point or, where there is no room, over it: what one looks at stays to be seen. */
  x = kalon_plot_get_x (drawing, x) - box_width / 2;
  y = y + box_height + 2 * BOX_PADDING <= drawing->bottom ? y + 2 * BOX_PADDING
                                                          : y - box_height - 2 * BOX_PADDING;
  x = round (CLAMP (x, 0, MAX (0, drawing->width - box_width)));
  y = round (CLAMP (y, 0, MAX (0, drawing->height - box_height)));
  add_rounded (cr, x + 0.5, y + 0.5, box_width - 1, box_height - 1);
  kalon_plot_set_colour (drawing, &drawing->ground, 1);
  cairo_fill_preserve (cr);
  kalon_plot_set_colour (drawing, &drawing->text, 0.3);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  kalon_plot_set_colour (drawing, &drawing->text, 1);
  cairo_move_to (cr, x + BOX_PADDING, y + BOX_PADDING);
  pango_cairo_show_layout (cr, layout);
}

#define LEGEND_SAMPLE 28
#define LEGEND_GAP 6

static void
draw_sample (KalonPlotDrawing *drawing, guint entry, double x, double y)
{
  if (entry < drawing->data->n_series)
    {
      kalon_plot_set_stroke (drawing, entry);
      cairo_move_to (drawing->cr, kalon_plot_get_x (drawing, x), y);
      cairo_line_to (drawing->cr, kalon_plot_get_x (drawing, x + LEGEND_SAMPLE), y);
      cairo_stroke (drawing->cr);
      cairo_set_dash (drawing->cr, NULL, 0, 0);
      kalon_plot_draw_marker (drawing, entry, x + LEGEND_SAMPLE / 2.0, y);
      return;
    }
  kalon_plot_set_colour (drawing, &drawing->text, 0.7);
  cairo_set_dash (drawing->cr, (double[]){ 4, 4 }, 2, 0);
  kalon_plot_draw_rule (drawing, x, y, x + LEGEND_SAMPLE, y);
  cairo_set_dash (drawing->cr, NULL, 0, 0);
}

double
kalon_plot_draw_legend (KalonPlotDrawing *drawing, double top)
{
  const KalonChartData *data = drawing->data;
  gboolean has_reference = isfinite (data->reference) && data->reference_name != NULL;
  guint n = (guint) data->n_series + (has_reference ? 1 : 0);
  double x = 0, y = top + drawing->line / 2;

  /* What is alone has the title of the chart. */
  if (n < 2)
    return 0;
  for (guint i = 0; i < n; i++)
    {
      const char *name = i < data->n_series ? data->series[i].name : data->reference_name;
      double needed = LEGEND_SAMPLE + LEGEND_GAP + kalon_plot_measure_text (drawing, name);

      if (x > 0 && x + needed > drawing->width)
        {
          x = 0;
          y += drawing->line + LEGEND_GAP;
        }
      if (drawing->cr != NULL)
        {
          draw_sample (drawing, i, x, round (y));
          kalon_plot_set_colour (drawing, &drawing->text, 1);
          kalon_plot_draw_text (drawing, name, x + LEGEND_SAMPLE + LEGEND_GAP, y, KALON_PLOT_FROM,
                                MAX (drawing->width - x - LEGEND_SAMPLE - LEGEND_GAP, 1));
        }
      x += needed + 3 * LEGEND_GAP;
    }
  return y + drawing->line / 2 - top;
}
