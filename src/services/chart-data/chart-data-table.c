/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart's data as a table. */
#include "config.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "chart-data/kalon-chart-data.h"

/* NULL for the column of x. */
static const double *
find_column (const KalonChartData *data, guint column, const KalonChartSeries **series,
             const char **suffix)
{
  guint i = 1;

  for (gsize j = 0; j < data->n_series; j++)
    {
      const double *const parts[]
          = { data->series[j].values, data->series[j].low, data->series[j].high };
      const char *const names[] = { NULL, C_ ("chart", "from"), C_ ("chart", "to") };

      for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
        if (parts[k] != NULL && i++ == column)
          {
            *series = &data->series[j];
            *suffix = names[k];
            return parts[k];
          }
    }
  return NULL;
}

guint
kalon_chart_data_get_n_columns (const KalonChartData *data)
{
  guint n = 1;

  g_return_val_if_fail (data != NULL, 0);

  for (gsize i = 0; i < data->n_series; i++)
    n += data->series[i].low != NULL ? 3 : 1;
  return n;
}

char *
kalon_chart_data_format_title (const KalonChartData *data, guint column)
{
  const KalonChartSeries *series;
  const char *suffix;

  g_return_val_if_fail (data != NULL, NULL);

  if (find_column (data, column, &series, &suffix) == NULL)
    return g_strdup (data->x_title);
  /* Translators: the name of a line of a chart, and "from" or "to" of its interval. */
  return suffix != NULL ? g_strdup_printf (C_ ("chart", "%s, %s"), series->name, suffix)
                        : g_strdup (series->name);
}

char *
kalon_chart_data_format_cell (const KalonChartData *data, gsize row, guint column)
{
  const KalonChartSeries *series;
  const double *values;
  const char *suffix;

  g_return_val_if_fail (data != NULL && row < data->n, NULL);

  values = find_column (data, column, &series, &suffix);
  return values != NULL ? kalon_chart_data_format (data, values[row], KALON_CHART_DECIMALS)
                        : kalon_chart_data_format_x (data, row);
}

static void
append_quoted (GString *csv, const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append_c (csv, '"');
}

static void
append_number (GString *csv, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  /* An empty field is what is not there. */
  if (isfinite (value))
    g_string_append (csv, g_ascii_formatd (buffer, sizeof buffer, "%.6g", value));
}

char *
kalon_chart_data_format_csv (const KalonChartData *data)
{
  g_autoptr (GString) csv = g_string_new (NULL);
  guint n_columns;

  g_return_val_if_fail (data != NULL, NULL);

  n_columns = kalon_chart_data_get_n_columns (data);
  for (guint j = 0; j < n_columns; j++)
    {
      g_autofree char *title = kalon_chart_data_format_title (data, j);

      append_quoted (csv, title);
      g_string_append (csv, j + 1 < n_columns ? "," : "\r\n");
    }
  for (gsize i = 0; i < data->n; i++)
    for (guint j = 0; j < n_columns; j++)
      {
        const KalonChartSeries *series;
        const char *suffix;
        const double *values = find_column (data, j, &series, &suffix);

        if (values != NULL)
          append_number (csv, values[i]);
        else if (data->labels != NULL)
          append_quoted (csv, data->labels[i]);
        else
          append_number (csv, data->x[i]);
        g_string_append (csv, j + 1 < n_columns ? "," : "\r\n");
      }
  return g_strdup (csv->str);
}
