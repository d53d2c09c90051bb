/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart as SVG in the page, with its legend and its numbers. */
#include "report/kalon-report-chart-private.h"

#include <math.h>
#include <string.h>

#define MARKER 3.6

void
kalon_svg_append_attribute (GString *svg, const char *name, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (svg, " %s=\"%s\"", name,
                          g_ascii_formatd (number, sizeof number, "%.1f", value));
}

void
kalon_svg_append_point (GString *svg, char command, double x, double y)
{
  char numbers[2][G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (svg, "%c%s %s", command,
                          g_ascii_formatd (numbers[0], sizeof numbers[0], "%.1f", x),
                          g_ascii_formatd (numbers[1], sizeof numbers[1], "%.1f", y));
}

void
kalon_svg_append_rule (GString *svg, const char *class, double x1, double y1, double x2, double y2)
{
  g_string_append_printf (svg, "<path class=\"%s\" d=\"", class);
  kalon_svg_append_point (svg, 'M', x1, y1);
  kalon_svg_append_point (svg, 'L', x2, y2);
  g_string_append (svg, "\"/>\n");
}

void
kalon_svg_append_text (GString *svg, const char *class, const char *anchor, double x, double y,
                       const char *text)
{
  g_string_append_printf (svg, "<text class=\"%s\" text-anchor=\"%s\"", class, anchor);
  kalon_svg_append_attribute (svg, "x", x);
  kalon_svg_append_attribute (svg, "y", y);
  g_string_append_c (svg, '>');
  kalon_html_append (svg, text);
  g_string_append (svg, "</text>\n");
}

/* Circle, square, triangle, diamond: as in the window. */
void
kalon_svg_append_marker (GString *svg, gsize series, double x, double y)
{
  g_string_append_printf (svg, "<path class=\"f%" G_GSIZE_FORMAT "\" d=\"", series + 1);
  switch (series)
    {
    case 0:
      kalon_svg_append_point (svg, 'M', x - MARKER, y);
      g_string_append (svg, "a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z");
      break;
    case 1:
      kalon_svg_append_point (svg, 'M', x - MARKER, y - MARKER);
      g_string_append (svg, "h7.2v7.2h-7.2z");
      break;
    case 2:
      kalon_svg_append_point (svg, 'M', x, y - MARKER - 1);
      g_string_append (svg, "l4.6 8.2h-9.2z");
      break;
    default:
      kalon_svg_append_point (svg, 'M', x, y - MARKER - 1);
      g_string_append (svg, "l4.6 4.6l-4.6 4.6l-4.6 -4.6z");
      break;
    }
  g_string_append (svg, "\"/>\n");
}

char *
kalon_svg_format_value (const KalonChartData *data, double value, guint decimals)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE], format[16];
  gboolean is_share = data->unit == KALON_CHART_SHARE;

  if (!isfinite (value))
    return g_strdup ("–");
  if (is_share)
    decimals = decimals > 2 ? decimals - 2 : 0;
  g_snprintf (format, sizeof format, "%%.%uf", decimals);
  g_ascii_formatd (digits, sizeof digits, format, fabs (is_share ? 100 * value : value));
  return g_strdup_printf ("%s%s%s", value < 0 && strpbrk (digits, "123456789") != NULL ? "−" : "",
                          digits, is_share ? " %" : "");
}

static gboolean
has_intervals (const KalonChartData *data)
{
  gsize n_shown = data->kind == KALON_CHART_BARS ? 1 : data->n_series;

  for (gsize i = 0; i < n_shown; i++)
    for (gsize j = 0; data->series[i].low != NULL && j < data->n; j++)
      if (isfinite (data->series[i].low[j]))
        return TRUE;
  return FALSE;
}

static void
append_legend_entry (GString *html, const char *sample, const char *name)
{
  g_string_append_printf (
      html, "<li><svg viewBox=\"0 0 36 12\" aria-hidden=\"true\">%s</svg> <bdi>", sample);
  kalon_html_append (html, name);
  g_string_append (html, "</bdi></li>\n");
}

static void
append_legend (GString *html, const KalonChartData *data)
{
  gboolean is_lines = data->kind == KALON_CHART_LINES;

  g_string_append (html, "<ul class=\"legend\">\n");
  for (gsize i = 0; i < data->n_series && is_lines; i++)
    {
      g_autoptr (GString) sample = g_string_new (NULL);

      g_string_append_printf (sample, "<path class=\"line s%" G_GSIZE_FORMAT "\" d=\"M1 6H35\"/>",
                              i + 1);
      kalon_svg_append_marker (sample, i, 18, 6);
      append_legend_entry (html, sample->str, data->series[i].name);
    }
  if (has_intervals (data))
    append_legend_entry (html,
                         is_lines ? "<path class=\"band f1\" d=\"M1 1H35V11H1z\"/>"
                                  : "<path class=\"whisker\" d=\"M4 6H32M4 2V10M32 2V10\"/>",
                         "95 % interval");
  if (isfinite (data->reference) && data->reference_name != NULL)
    append_legend_entry (html, "<path class=\"reference\" d=\"M1 6H35\"/>", data->reference_name);
  g_string_append (html, "</ul>\n");
}

/* A chart is a picture: its numbers, for who wants them exactly or can't see it. */
static void
append_numbers (GString *html, const KalonChartData *data)
{
  guint n_columns = kalon_chart_data_get_n_columns (data);

  g_string_append (html, "<details><summary>The numbers</summary>\n"
                         "<div class=\"scroll\"><table>\n<thead><tr>");
  for (guint j = 0; j < n_columns; j++)
    {
      g_autofree char *title = kalon_chart_data_format_title (data, j);

      g_string_append (html, j > 0 ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
      kalon_html_append (html, title);
      g_string_append (html, "</th>");
    }
  g_string_append (html, "</tr></thead>\n<tbody>\n");
  for (gsize i = 0; i < data->n; i++)
    {
      g_string_append (html, "<tr>");
      for (guint j = 0; j < n_columns; j++)
        {
          g_autofree char *cell = kalon_chart_data_format_cell (data, i, j);

          g_string_append (html, j > 0 ? "<td class=\"n\">" : "<th scope=\"row\">");
          kalon_html_append (html, cell);
          g_string_append (html, j > 0 ? "</td>" : "</th>");
        }
      g_string_append (html, "</tr>\n");
    }
  g_string_append (html, "</tbody></table></div></details>\n");
}

void
kalon_html_append_chart (GString *html, const char *id, const KalonChartData *data)
{
  g_autofree char *words = kalon_chart_data_describe (data);
  double height
      = data->kind == KALON_CHART_BARS ? kalon_svg_get_bars_height (data) : KALON_SVG_LINES_HEIGHT;

  g_string_append_printf (html, "<figure id=\"%s\">\n<p class=\"title\" dir=\"auto\">", id);
  kalon_html_append (html, data->title);
  g_string_append_printf (html,
                          "</p>\n<div class=\"scroll\"><svg class=\"chart\" role=\"img\" "
                          "xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" "
                          "aria-labelledby=\"%s.title %s.desc\">\n<title id=\"%s.title\">",
                          KALON_SVG_WIDTH, height, id, id, id);
  kalon_html_append (html, data->title);
  g_string_append_printf (html, "</title>\n<desc id=\"%s.desc\">", id);
  kalon_html_append (html, words);
  g_string_append (html, "</desc>\n");
  if (data->kind == KALON_CHART_BARS)
    kalon_svg_append_bars (html, data);
  else
    kalon_svg_append_lines (html, data);
  g_string_append (html, "</svg></div>\n<figcaption>\n");
  append_legend (html, data);
  append_numbers (html, data);
  g_string_append (html, "</figcaption></figure>\n");
}
