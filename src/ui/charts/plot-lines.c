/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "charts/kalon-plot-private.h"

#define GAP 6
/* Points that are nearer to each other than that, in pixels, have no markers but where one looks.
 */
#define MARKER_DISTANCE 9

static double
get_point_x (const KalonPlotDrawing *drawing, gsize i)
{
  const KalonChartData *data = drawing->data;

  return kalon_chart_map (data->x[i], data->x[0], data->x[data->n - 1], drawing->start,
                          drawing->end);
}

static double
get_y (const KalonPlotDrawing *drawing, double value)
{
  return kalon_chart_map (value, drawing->min, drawing->max, drawing->bottom, drawing->top);
}

static void
find_value_ticks (const KalonPlotDrawing *drawing, KalonChartTicks *ticks)
{
  double room = drawing->bottom - drawing->top;

  kalon_chart_find_ticks (drawing->min, drawing->max,
                          (guint) CLAMP (room / (2 * drawing->line), 2, 6), ticks);
}

static char *
format_tick (const KalonPlotDrawing *drawing, const KalonChartTicks *ticks, guint i)
{
  return kalon_chart_data_format (drawing->data, ticks->first + i * ticks->step, ticks->decimals);
}

static void
lay_out (KalonPlotDrawing *drawing)
{
  double widest = 0;
  KalonChartTicks ticks;

  drawing->top = drawing->line / 2 + 2;
  drawing->bottom = drawing->height - 2 * drawing->line - 2 * GAP;
  {
    double legend = 0;
    cairo_t *cr = drawing->cr;

    drawing->cr = NULL;
    legend = kalon_plot_draw_legend (drawing, 0);
    drawing->cr = cr;
    drawing->bottom -= legend > 0 ? legend + GAP : 0;
  }
  drawing->bottom = MAX (drawing->bottom, drawing->top + 1);
  find_value_ticks (drawing, &ticks);
  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = format_tick (drawing, &ticks, i);

      widest = MAX (widest, kalon_plot_measure_text (drawing, text));
    }
  drawing->start = widest + GAP;
  drawing->end = MAX (drawing->width - GAP, drawing->start + 1);
}

static void
draw_value_axis (KalonPlotDrawing *drawing)
{
  KalonChartTicks ticks;

  find_value_ticks (drawing, &ticks);
  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = format_tick (drawing, &ticks, i);
      double y = get_y (drawing, ticks.first + i * ticks.step);

      kalon_plot_set_colour (drawing, &drawing->text, i == 0 ? 0.4 : 0.15);
      kalon_plot_draw_rule (drawing, drawing->start, y, drawing->end, y);
      kalon_plot_set_colour (drawing, &drawing->text, 0.75);
      kalon_plot_draw_text (drawing, text, drawing->start - GAP, y, KALON_PLOT_TO, 0);
    }
}

static void
draw_x_axis (KalonPlotDrawing *drawing)
{
  const KalonChartData *data = drawing->data;
  double first = data->x[0], last = data->x[data->n - 1], y = drawing->bottom + GAP;
  guint max_ticks = (guint) CLAMP ((drawing->end - drawing->start) / (4 * drawing->line), 2, 8);
  KalonChartTicks ticks;

  kalon_chart_find_ticks (first, last, max_ticks, &ticks);
  kalon_plot_set_colour (drawing, &drawing->text, 0.75);
  for (guint i = 0; i < ticks.n; i++)
    {
      double value = ticks.first + i * ticks.step;
      g_autofree char *text = g_strdup_printf ("%'.*f", (int) ticks.decimals, value);
      double x = kalon_chart_map (value, first, last, drawing->start, drawing->end);
      double half = kalon_plot_measure_text (drawing, text) / 2;

      kalon_plot_draw_text (drawing, text,
                            CLAMP (x, drawing->start, MAX (drawing->start, drawing->width - half)),
                            y + drawing->line / 2, KALON_PLOT_CENTRE, 0);
    }
  kalon_plot_draw_text (drawing, data->x_title, (drawing->start + drawing->end) / 2,
                        y + 1.5 * drawing->line, KALON_PLOT_CENTRE, drawing->end - drawing->start);
}

static void
draw_reference (KalonPlotDrawing *drawing)
{
  double y = get_y (drawing, drawing->data->reference);

  if (!isfinite (drawing->data->reference))
    return;
  kalon_plot_set_colour (drawing, &drawing->text, 0.7);
  cairo_set_dash (drawing->cr, (double[]){ 4, 4 }, 2, 0);
  kalon_plot_draw_rule (drawing, drawing->start, y, drawing->end, y);
  cairo_set_dash (drawing->cr, NULL, 0, 0);
}

/* Between @low and @high, over each run of points that have both. */
static void
draw_interval (KalonPlotDrawing *drawing, gsize series)
{
  const KalonChartData *data = drawing->data;
  const double *low = data->series[series].low, *high = data->series[series].high;

  if (low == NULL)
    return;
  kalon_plot_set_colour (drawing, &drawing->series[series], 0.2);
  for (gsize i = 0, end; i < data->n; i = end + 1)
    {
      for (end = i; end < data->n && isfinite (low[end]) && isfinite (high[end]); end++)
        cairo_line_to (drawing->cr, kalon_plot_get_x (drawing, get_point_x (drawing, end)),
                       get_y (drawing, high[end]));
      for (gsize j = end; j-- > i;)
        cairo_line_to (drawing->cr, kalon_plot_get_x (drawing, get_point_x (drawing, j)),
                       get_y (drawing, low[j]));
      cairo_fill (drawing->cr);
    }
}

static void
draw_series (KalonPlotDrawing *drawing, gsize series)
{
  const KalonChartData *data = drawing->data;
  const double *values = data->series[series].values;
  double distance = data->n > 1 ? (drawing->end - drawing->start) / (double) (data->n - 1) : 0;
  gboolean has_markers = data->n == 1 || distance >= MARKER_DISTANCE, gap = TRUE;

  kalon_plot_set_stroke (drawing, series);
  for (gsize i = 0; i < data->n; i++)
    {
      if (isfinite (values[i]) && gap)
        cairo_move_to (drawing->cr, kalon_plot_get_x (drawing, get_point_x (drawing, i)),
                       get_y (drawing, values[i]));
      else if (isfinite (values[i]))
        cairo_line_to (drawing->cr, kalon_plot_get_x (drawing, get_point_x (drawing, i)),
                       get_y (drawing, values[i]));
      gap = !isfinite (values[i]);
    }
  cairo_stroke (drawing->cr);
  cairo_set_dash (drawing->cr, NULL, 0, 0);
  for (gsize i = 0; i < data->n; i++)
    if (isfinite (values[i]) && (has_markers || i + 1 == data->n))
      kalon_plot_draw_marker (drawing, series, get_point_x (drawing, i),
                              get_y (drawing, values[i]));
}

static void
draw_current (KalonPlotDrawing *drawing)
{
  const KalonChartData *data = drawing->data;
  gsize i = drawing->plot->current;
  double x = get_point_x (drawing, i), y = (drawing->top + drawing->bottom) / 2;

  kalon_plot_set_colour (drawing, &drawing->text, 0.5);
  kalon_plot_draw_rule (drawing, x, drawing->top, x, drawing->bottom);
  for (gsize j = data->n_series; j-- > 0;)
    if (isfinite (data->series[j].values[i]))
      {
        y = get_y (drawing, data->series[j].values[i]);
        kalon_plot_draw_marker (drawing, j, x, y);
      }
  kalon_plot_draw_values (drawing, x, y);
}

void
kalon_plot_draw_lines (KalonPlotDrawing *drawing)
{
  lay_out (drawing);
  draw_value_axis (drawing);
  draw_x_axis (drawing);
  draw_reference (drawing);
  for (gsize i = 0; i < drawing->data->n_series; i++)
    draw_interval (drawing, i);
  for (gsize i = drawing->data->n_series; i-- > 0;)
    draw_series (drawing, i);
  kalon_plot_draw_legend (drawing, drawing->bottom + 2 * drawing->line + 2 * GAP);
  if (drawing->plot->has_current)
    draw_current (drawing);
}

gsize
kalon_plot_find_line_point (KalonPlotDrawing *drawing, double x)
{
  const KalonChartData *data = drawing->data;

  lay_out (drawing);
  x = kalon_chart_map (kalon_plot_get_x (drawing, x), drawing->start, drawing->end, data->x[0],
                       data->x[data->n - 1]);
  return kalon_chart_find_nearest (data->x, data->n, x);
}
