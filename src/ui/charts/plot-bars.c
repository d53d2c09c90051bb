/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "charts/kalon-plot-private.h"

#define GAP 8
/* Of the width, for the labels at most. */
#define LABELS 0.45
/* Of a line of text: the room that a bar has, and how thick it is. */
#define PITCH 1.6
#define THICKNESS 0.7

static const double *
get_values (const KalonPlotDrawing *drawing)
{
  return drawing->data->series[0].values;
}

static void
lay_out (KalonPlotDrawing *drawing)
{
  const KalonChartData *data = drawing->data;
  double labels = 0, numbers = 0;

  for (gsize i = 0; i < data->n; i++)
    {
      g_autofree char *number
          = kalon_chart_data_format (data, get_values (drawing)[i], KALON_CHART_DECIMALS);

      labels = MAX (labels, kalon_plot_measure_text (drawing, data->labels[i]));
      numbers = MAX (numbers, kalon_plot_measure_text (drawing, number));
    }
  drawing->start = MIN (labels, drawing->width * LABELS) + GAP;
  drawing->end = MAX (drawing->width - numbers - GAP, drawing->start + 1);
  drawing->top = 0;
  drawing->bottom = PITCH * drawing->line * (double) data->n;
  /* A bar's length says something only if it begins at 0. */
  if (!(isfinite (data->min) && isfinite (data->max) && data->min < data->max))
    {
      drawing->min = MIN (drawing->min, 0);
      drawing->max = MAX (drawing->max, 0);
    }
}

static double
map (const KalonPlotDrawing *drawing, double value)
{
  return kalon_chart_map (CLAMP (value, drawing->min, drawing->max), drawing->min, drawing->max,
                          drawing->start, drawing->end);
}

/* Its interval. */
static void
draw_whisker (KalonPlotDrawing *drawing, gsize i, double middle, double height)
{
  const KalonChartSeries *series = &drawing->data->series[0];
  double low, high;

  if (series->low == NULL || !isfinite (series->low[i]) || !isfinite (series->high[i]))
    return;
  low = map (drawing, series->low[i]);
  high = map (drawing, series->high[i]);
  kalon_plot_draw_rule (drawing, low, middle, high, middle);
  kalon_plot_draw_rule (drawing, low, middle - height / 4, low, middle + height / 4);
  kalon_plot_draw_rule (drawing, high, middle - height / 4, high, middle + height / 4);
}

int
kalon_plot_get_bars_height (KalonPlotDrawing *drawing)
{
  return (int) ceil (PITCH * drawing->line * (double) drawing->data->n);
}

static void
draw_box (KalonPlotDrawing *drawing, double from, double to, double y, double height)
{
  double x1 = kalon_plot_get_x (drawing, from), x2 = kalon_plot_get_x (drawing, to);

  cairo_rectangle (drawing->cr, MIN (x1, x2), round (y), fabs (x2 - x1), round (height));
  cairo_fill (drawing->cr);
}

static void
draw_bar (KalonPlotDrawing *drawing, gsize i)
{
  const KalonChartData *data = drawing->data;
  double value = get_values (drawing)[i];
  double pitch = PITCH * drawing->line, height = THICKNESS * drawing->line;
  double middle = drawing->top + ((double) i + 0.5) * pitch;
  g_autofree char *number = kalon_chart_data_format (data, value, KALON_CHART_DECIMALS);

  kalon_plot_set_colour (drawing, &drawing->text, 1);
  kalon_plot_draw_text (drawing, data->labels[i], drawing->start - GAP, middle, KALON_PLOT_TO,
                        drawing->start - GAP);
  kalon_plot_set_colour (drawing, &drawing->text, 0.1);
  draw_box (drawing, drawing->start, drawing->end, middle - height / 2, height);
  if (isfinite (value))
    {
      kalon_plot_set_colour (drawing, &drawing->series[0],
                             drawing->data->series[0].low != NULL ? 0.6 : 1);
      draw_box (drawing, map (drawing, 0), map (drawing, value), middle - height / 2, height);
    }
  kalon_plot_set_colour (drawing, &drawing->text, 1);
  draw_whisker (drawing, i, middle, height);
  kalon_plot_draw_text (drawing, number, drawing->width, middle, KALON_PLOT_TO, 0);
}

void
kalon_plot_draw_bars (KalonPlotDrawing *drawing)
{
  gsize current = drawing->plot->current;
  double pitch = PITCH * drawing->line;

  lay_out (drawing);
  if (drawing->plot->has_current)
    {
      kalon_plot_set_colour (drawing, &drawing->text, 0.08);
      draw_box (drawing, 0, drawing->width, (double) current * pitch, pitch);
    }
  for (gsize i = 0; i < drawing->data->n; i++)
    draw_bar (drawing, i);
  /* A label may have been cut short. */
  if (drawing->plot->has_current
      && kalon_plot_measure_text (drawing, drawing->data->labels[current]) > drawing->start - GAP)
    kalon_plot_draw_values (drawing, drawing->start, ((double) current + 0.5) * pitch);
}

gsize
kalon_plot_find_bar (KalonPlotDrawing *drawing, double y)
{
  double i = floor (y / (PITCH * drawing->line));

  return (gsize) CLAMP (i, 0, (double) drawing->data->n - 1);
}
