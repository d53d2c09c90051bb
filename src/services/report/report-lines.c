/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/kalon-report-chart-private.h"

#include <math.h>

#define TOP 26
#define BOTTOM (KALON_SVG_LINES_HEIGHT - 42)
#define END (KALON_SVG_WIDTH - 14)
#define GAP 7
/* Of the values' range, on both sides where the data names no range: nothing lies on the frame. */
#define MARGIN 0.06
#define MAX_TICKS 6
/* Points nearer than that have no markers. */
#define MARKER_DISTANCE 9

typedef struct
{
  GString *svg;
  const KalonChartData *data;
  double min, max;
  double start;
} Drawing;

static double
get_x (const Drawing *drawing, double x)
{
  const KalonChartData *data = drawing->data;

  return kalon_chart_map (x, data->x[0], data->x[data->n - 1], drawing->start, END);
}

static double
get_y (const Drawing *drawing, double value)
{
  return kalon_chart_map (CLAMP (value, drawing->min, drawing->max), drawing->min, drawing->max,
                          BOTTOM, TOP);
}

static void
find_range (Drawing *drawing)
{
  const KalonChartData *data = drawing->data;
  double margin;

  kalon_chart_data_get_range (data, &drawing->min, &drawing->max);
  if (isfinite (data->min) && isfinite (data->max) && data->min < data->max)
    return;
  margin = MARGIN * (drawing->max - drawing->min);
  /* A share has no room below 0 and above 1, unless it is a difference of two. */
  if (data->unit != KALON_CHART_SHARE || drawing->min < 0 || drawing->min - margin >= 0)
    drawing->min -= margin;
  else
    drawing->min = 0;
  if (data->unit != KALON_CHART_SHARE || drawing->max > 1 || drawing->max + margin <= 1)
    drawing->max += margin;
  else
    drawing->max = 1;
}

static void
append_value_axis (Drawing *drawing)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  glong widest = 0;
  KalonChartTicks ticks;

  kalon_chart_find_ticks (drawing->min, drawing->max, MAX_TICKS, &ticks);
  for (guint i = 0; i < ticks.n; i++)
    {
      char *text
          = kalon_svg_format_value (drawing->data, ticks.first + i * ticks.step, ticks.decimals);

      g_ptr_array_add (texts, text);
      widest = MAX (widest, g_utf8_strlen (text, -1));
    }
  drawing->start = (double) widest * KALON_SVG_CHARACTER + GAP;
  for (guint i = 0; i < ticks.n; i++)
    {
      double y = get_y (drawing, ticks.first + i * ticks.step);

      kalon_svg_append_rule (drawing->svg, "grid", drawing->start, y, END, y);
      kalon_svg_append_text (drawing->svg, "axis", "end", drawing->start - GAP, y + 4,
                             g_ptr_array_index (texts, i));
    }
  kalon_svg_append_text (drawing->svg, "axis", "start", 0, 12, drawing->data->y_title);
}

static void
append_x_axis (Drawing *drawing)
{
  const KalonChartData *data = drawing->data;
  KalonChartTicks ticks;

  kalon_svg_append_rule (drawing->svg, "zero", drawing->start, BOTTOM, END, BOTTOM);
  kalon_chart_find_ticks (data->x[0], data->x[data->n - 1], MAX_TICKS, &ticks);
  for (guint i = 0; i < ticks.n; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE], format[16];
      double value = ticks.first + i * ticks.step, x = get_x (drawing, value);

      g_snprintf (format, sizeof format, "%%.%uf", ticks.decimals);
      g_ascii_formatd (number, sizeof number, format, value);
      kalon_svg_append_rule (drawing->svg, "zero", x, BOTTOM, x, BOTTOM + 4);
      kalon_svg_append_text (drawing->svg, "axis", "middle", x, BOTTOM + 17, number);
    }
  kalon_svg_append_text (drawing->svg, "axis", "middle", (drawing->start + END) / 2, BOTTOM + 36,
                         data->x_title);
}

/* Between low and high, over each run of points that have both. */
static void
append_band (Drawing *drawing, gsize series)
{
  const KalonChartData *data = drawing->data;
  const double *low = data->series[series].low, *high = data->series[series].high;

  for (gsize i = 0, end; low != NULL && i < data->n; i = end + 1)
    {
      for (end = i; end < data->n && isfinite (low[end]) && isfinite (high[end]); end++)
        ;
      if (end == i)
        continue;
      g_string_append_printf (drawing->svg, "<path class=\"band f%" G_GSIZE_FORMAT "\" d=\"",
                              series + 1);
      for (gsize j = i; j < end; j++)
        kalon_svg_append_point (drawing->svg, j == i ? 'M' : 'L', get_x (drawing, data->x[j]),
                                get_y (drawing, high[j]));
      for (gsize j = end; j-- > i;)
        kalon_svg_append_point (drawing->svg, 'L', get_x (drawing, data->x[j]),
                                get_y (drawing, low[j]));
      g_string_append (drawing->svg, "z\"/>\n");
    }
}

static void
append_line (Drawing *drawing, gsize series)
{
  const KalonChartData *data = drawing->data;
  const double *values = data->series[series].values;
  double distance = data->n > 1 ? (END - drawing->start) / (double) (data->n - 1) : END;
  gboolean gap = TRUE;

  g_string_append_printf (drawing->svg, "<path class=\"line s%" G_GSIZE_FORMAT "\" d=\"",
                          series + 1);
  for (gsize i = 0; i < data->n; i++)
    {
      if (isfinite (values[i]))
        kalon_svg_append_point (drawing->svg, gap ? 'M' : 'L', get_x (drawing, data->x[i]),
                                get_y (drawing, values[i]));
      gap = !isfinite (values[i]);
    }
  g_string_append (drawing->svg, "\"/>\n");
  for (gsize i = 0; i < data->n; i++)
    if (isfinite (values[i]) && (distance >= MARKER_DISTANCE || i + 1 == data->n))
      kalon_svg_append_marker (drawing->svg, series, get_x (drawing, data->x[i]),
                               get_y (drawing, values[i]));
}

void
kalon_svg_append_lines (GString *svg, const KalonChartData *data)
{
  Drawing drawing = { .svg = svg, .data = data };

  find_range (&drawing);
  append_value_axis (&drawing);
  append_x_axis (&drawing);
  if (isfinite (data->reference))
    kalon_svg_append_rule (svg, "reference", drawing.start, get_y (&drawing, data->reference), END,
                           get_y (&drawing, data->reference));
  for (gsize i = 0; i < data->n_series; i++)
    append_band (&drawing, i);
  for (gsize i = data->n_series; i-- > 0;)
    append_line (&drawing, i);
}
