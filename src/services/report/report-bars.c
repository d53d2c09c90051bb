/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/kalon-report-chart-private.h"

#include <math.h>

#define PITCH 25
#define THICKNESS 15
#define WHISKER 4
#define TOP 24
#define AXIS 24
#define GAP 8
/* Of the width, for the labels at most. */
#define LABELS 0.42
#define MAX_TICKS 5
/* "84.2 %", "0.25" */
#define DECIMALS(data) ((data)->unit == KALON_CHART_SHARE ? 3 : 2)

typedef struct
{
  GString *svg;
  const KalonChartData *data;
  double min, max;
  double start, end, bottom;
} Drawing;

double
kalon_svg_get_bars_height (const KalonChartData *data)
{
  return TOP + PITCH * (double) data->n + AXIS;
}

static double
get_x (const Drawing *drawing, double value)
{
  return kalon_chart_map (CLAMP (value, drawing->min, drawing->max), drawing->min, drawing->max,
                          drawing->start, drawing->end);
}

/* (transfer full): no longer than has room; the whole is in its title. */
static char *
shorten (const char *label, glong max)
{
  g_autofree char *part = NULL;

  if (!g_utf8_validate (label, -1, NULL) || g_utf8_strlen (label, -1) <= max)
    return g_strdup (label);
  part = g_utf8_substring (label, 0, MAX (max - 1, 1));
  return g_strconcat (part, "…", NULL);
}

static void
lay_out (Drawing *drawing)
{
  const KalonChartData *data = drawing->data;
  glong label = 0, number = 0;

  for (gsize i = 0; i < data->n; i++)
    {
      g_autofree char *text
          = kalon_svg_format_value (data, data->series[0].values[i], DECIMALS (data));

      label = MAX (label, g_utf8_strlen (data->labels[i], -1));
      number = MAX (number, g_utf8_strlen (text, -1));
    }
  drawing->start = MIN ((double) label * KALON_SVG_CHARACTER, KALON_SVG_WIDTH * LABELS) + GAP;
  drawing->end = KALON_SVG_WIDTH - (double) number * KALON_SVG_CHARACTER - 2 * GAP;
  drawing->bottom = TOP + PITCH * (double) data->n;
  kalon_chart_data_get_range (data, &drawing->min, &drawing->max);
  /* A bar's length says something only if it begins at 0. */
  if (!(isfinite (data->min) && isfinite (data->max) && data->min < data->max))
    {
      drawing->min = MIN (drawing->min, 0);
      drawing->max = MAX (drawing->max, 0);
    }
}

static void
append_axis (Drawing *drawing)
{
  KalonChartTicks ticks;

  kalon_chart_find_ticks (drawing->min, drawing->max, MAX_TICKS, &ticks);
  for (guint i = 0; i < ticks.n; i++)
    {
      double value = ticks.first + i * ticks.step, x = get_x (drawing, value);
      g_autofree char *text = kalon_svg_format_value (drawing->data, value, ticks.decimals);

      kalon_svg_append_rule (drawing->svg, "grid", x, TOP, x, drawing->bottom);
      kalon_svg_append_text (drawing->svg, "axis", "middle", x, drawing->bottom + 16, text);
    }
  kalon_svg_append_text (drawing->svg, "axis", "start", drawing->start, 12, drawing->data->y_title);
}

static void
append_label (Drawing *drawing, const char *label, double y)
{
  g_autofree char *shown = shorten (label, (glong) ((drawing->start - GAP) / KALON_SVG_CHARACTER));

  g_string_append (drawing->svg, "<g><title>");
  kalon_html_append (drawing->svg, label);
  g_string_append (drawing->svg, "</title>");
  kalon_svg_append_text (drawing->svg, "label", "end", drawing->start - GAP, y + 4, shown);
  g_string_append (drawing->svg, "</g>\n");
}

static void
append_bar (Drawing *drawing, gsize i)
{
  const KalonChartData *data = drawing->data;
  const KalonChartSeries *series = &data->series[0];
  double value = series->values[i], y = TOP + PITCH * ((double) i + 0.5);
  double zero = get_x (drawing, 0), end = get_x (drawing, value);
  g_autofree char *number = kalon_svg_format_value (data, value, DECIMALS (data));

  append_label (drawing, data->labels[i], y);
  if (isfinite (value))
    {
      g_string_append (drawing->svg, "<rect class=\"bar f1\"");
      kalon_svg_append_attribute (drawing->svg, "x", MIN (zero, end));
      kalon_svg_append_attribute (drawing->svg, "y", y - THICKNESS / 2.0);
      kalon_svg_append_attribute (drawing->svg, "width", fabs (end - zero));
      kalon_svg_append_attribute (drawing->svg, "height", THICKNESS);
      g_string_append (drawing->svg, "/>\n");
    }
  if (isfinite (value) && series->low != NULL && isfinite (series->low[i])
      && isfinite (series->high[i]))
    {
      double low = get_x (drawing, series->low[i]), high = get_x (drawing, series->high[i]);

      kalon_svg_append_rule (drawing->svg, "whisker", low, y, high, y);
      kalon_svg_append_rule (drawing->svg, "whisker", low, y - WHISKER, low, y + WHISKER);
      kalon_svg_append_rule (drawing->svg, "whisker", high, y - WHISKER, high, y + WHISKER);
    }
  kalon_svg_append_text (drawing->svg, "value", "end", KALON_SVG_WIDTH, y + 4, number);
}

void
kalon_svg_append_bars (GString *svg, const KalonChartData *data)
{
  Drawing drawing = { .svg = svg, .data = data };

  lay_out (&drawing);
  append_axis (&drawing);
  for (gsize i = 0; i < data->n; i++)
    append_bar (&drawing, i);
  kalon_svg_append_rule (svg, "zero", get_x (&drawing, 0), TOP, get_x (&drawing, 0),
                         drawing.bottom);
  if (isfinite (data->reference))
    kalon_svg_append_rule (svg, "reference", get_x (&drawing, data->reference), TOP,
                           get_x (&drawing, data->reference), drawing.bottom);
}
