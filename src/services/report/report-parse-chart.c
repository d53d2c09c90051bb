/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and charts of report.json. */
#include "report/kalon-report-parse-private.h"

#include <math.h>

/* Beyond these nobody sees anything. */
#define MAX_COLUMNS 1000
#define MAX_POINTS 100000
/* Of a chart: with more, or less but not 0, its axis could not be divided. */
#define MOST 1e15
#define LEAST 1e-30

static gboolean
parse_cell (const KalonSection *cells, const char *key, KalonReportTable *table, guint column,
            GError **error)
{
  JsonNode *node = kalon_section_get (cells, key);
  KalonEstimate estimate = { NAN, NAN, NAN };

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autofree char *path = g_strdup_printf ("%s.%s", cells->section, key);
      const KalonSection section = { json_node_get_object (node), cells->file, path };

      if (!kalon_section_get_number (&section, "mean", -G_MAXDOUBLE, G_MAXDOUBLE, &estimate.mean,
                                     error)
          || !kalon_section_get_number (&section, "low", -G_MAXDOUBLE, G_MAXDOUBLE, &estimate.low,
                                        error)
          || !kalon_section_get_number (&section, "high", -G_MAXDOUBLE, G_MAXDOUBLE, &estimate.high,
                                        error))
        return FALSE;
    }
  else if (node != NULL && JSON_NODE_HOLDS_VALUE (node)
           && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      kalon_report_table_set_text (table, column, json_node_get_string (node));
      return TRUE;
    }
  else if (!kalon_section_get_number (cells, key, -G_MAXDOUBLE, G_MAXDOUBLE, &estimate.mean, error))
    return FALSE;
  kalon_report_table_set_estimate (table, column, &estimate);
  return TRUE;
}

static gboolean
parse_row (const KalonSection *row, const GArray *columns, KalonReportTable *table, GError **error)
{
  JsonNode *node = kalon_section_get (row, "cells");
  g_autofree char *path = g_strdup_printf ("%s.cells", row->section);
  const char *name;
  KalonSection cells;

  if (!kalon_report_parse_text (row, "name", &name, error))
    return FALSE;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (row, "cells", error, "is no object");
  cells = (KalonSection){ json_node_get_object (node), row->file, path };
  kalon_report_table_add_row (table, name);
  for (guint i = 0; i < columns->len; i++)
    if (!parse_cell (&cells, g_array_index (columns, KalonReportColumn, i).key, table, i, error))
      return FALSE;
  return TRUE;
}

/* (transfer full) (nullable): of KalonReportColumn, whose texts are the file's. */
static GArray *
parse_columns (const KalonSection *block, GError **error)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (KalonReportColumn));
  g_autofree char *name = NULL;
  JsonArray *array;

  if (!kalon_report_parse_array (block, "columns", &array, error))
    return NULL;
  if (json_array_get_length (array) > MAX_COLUMNS)
    {
      kalon_section_refuse (block, "columns", error, "has more than %d", MAX_COLUMNS);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      KalonReportColumn column;
      KalonSection section;
      guint unit;

      if (!kalon_report_parse_element (block, "columns", array, i, &section, &name, error)
          || !kalon_report_parse_text (&section, "key", &column.key, error)
          || !kalon_report_parse_text (&section, "title", &column.title, error)
          || !kalon_report_parse_name (&section, "unit", kalon_report_unit_names,
                                       KALON_REPORT_N_UNITS, &unit, error))
        return NULL;
      column.unit = unit;
      g_array_append_val (columns, column);
    }
  return g_steal_pointer (&columns);
}

gboolean
kalon_report_parse_table (const KalonSection *block, KalonReportSection *section, GError **error)
{
  g_autoptr (GArray) columns = NULL;
  g_autofree char *name = NULL;
  const char *id, *title, *name_title;
  KalonReportTable *table;
  JsonArray *rows;

  if (!kalon_report_parse_id (block, &id, error)
      || !kalon_report_parse_text (block, "title", &title, error)
      || !kalon_report_parse_text (block, "name_title", &name_title, error)
      || !kalon_report_parse_array (block, "rows", &rows, error)
      || (columns = parse_columns (block, error)) == NULL)
    return FALSE;
  table = kalon_report_section_add_table (section, id, title, name_title,
                                          (const KalonReportColumn *) (gpointer) columns->data,
                                          columns->len);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      KalonSection row;

      if (!kalon_report_parse_element (block, "rows", rows, i, &row, &name, error)
          || !parse_row (&row, columns, table, error))
        return FALSE;
    }
  return TRUE;
}

/* @numbers: (out) (transfer full) (nullable): [n]; null gives %NULL, and NaN for one of them. */
static gboolean
parse_numbers (const KalonSection *section, const char *key, gsize n, const double **numbers,
               GError **error)
{
  g_autofree double *values = NULL;
  JsonArray *array;

  *numbers = NULL;
  if (kalon_section_get (section, key) == NULL)
    return TRUE;
  if (!kalon_report_parse_array (section, key, &array, error))
    return FALSE;
  if (json_array_get_length (array) != n)
    return kalon_section_refuse (section, key, error, "has not %" G_GSIZE_FORMAT " numbers", n);
  values = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      values[i] = NAN;
      if (JSON_NODE_HOLDS_NULL (node))
        continue;
      if (JSON_NODE_HOLDS_VALUE (node)
          && (json_node_get_value_type (node) == G_TYPE_DOUBLE
              || json_node_get_value_type (node) == G_TYPE_INT64))
        values[i] = json_node_get_double (node);
      if (fabs (values[i]) < LEAST)
        values[i] = 0;
      if (!(fabs (values[i]) <= MOST))
        return kalon_section_refuse (section, key, error,
                                     "has an element that is no number, or beyond %g", MOST);
    }
  *numbers = g_steal_pointer (&values);
  return TRUE;
}

static gboolean
parse_x (const KalonSection *block, KalonChartData *data, GError **error)
{
  if (!parse_numbers (block, "x", data->n, &data->x, error))
    return FALSE;
  for (gsize i = 0; data->x != NULL && i < data->n; i++)
    if (!isfinite (data->x[i]) || (i > 0 && data->x[i] < data->x[i - 1]))
      return kalon_section_refuse (block, "x", error, "is not rising");
  return data->x != NULL || kalon_section_refuse (block, "x", error, "is missing");
}

static gboolean
parse_labels (const KalonSection *block, KalonChartData *data, GError **error)
{
  char **labels = g_new0 (char *, data->n + 1);
  JsonArray *array = NULL;

  data->labels = (const char *const *) labels;
  if (!kalon_report_parse_array (block, "labels", &array, error))
    return FALSE;
  for (guint i = 0; i < data->n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return kalon_section_refuse (block, "labels", error, "has an element that is no text");
      labels[i] = g_strdup (json_node_get_string (node));
    }
  return TRUE;
}

static gboolean
parse_series (const KalonSection *block, KalonChartData *data, GError **error)
{
  KalonChartSeries *series = g_new0 (KalonChartSeries, KALON_CHART_MAX_SERIES);
  g_autofree char *name = NULL;
  JsonArray *array;

  data->series = series;
  if (!kalon_report_parse_array (block, "series", &array, error))
    return FALSE;
  if (json_array_get_length (array) < 1 || json_array_get_length (array) > KALON_CHART_MAX_SERIES)
    return kalon_section_refuse (block, "series", error, "has not 1 to %d elements",
                                 KALON_CHART_MAX_SERIES);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      KalonSection section;
      const char *text;

      if (!kalon_report_parse_element (block, "series", array, i, &section, &name, error)
          || !kalon_report_parse_text (&section, "name", &text, error))
        return FALSE;
      data->n_series = i + 1;
      series[i].name = g_strdup (text);
      if (!parse_numbers (&section, "values", data->n, &series[i].values, error)
          || !parse_numbers (&section, "low", data->n, &series[i].low, error)
          || !parse_numbers (&section, "high", data->n, &series[i].high, error))
        return FALSE;
      if (series[i].values == NULL)
        return kalon_section_refuse (&section, "values", error, "is missing");
      if ((series[i].low == NULL) != (series[i].high == NULL))
        return kalon_section_refuse (&section, "low", error, "needs “high”, and the other way");
    }
  return TRUE;
}

static gboolean
parse_number (const KalonSection *block, const char *key, double *value, GError **error)
{
  *value = NAN;
  if (!kalon_section_get_number (block, key, -MOST, MOST, value, error))
    return FALSE;
  if (fabs (*value) < LEAST)
    *value = 0;
  return TRUE;
}

static gboolean
parse_axis (const KalonSection *block, KalonChartData *data, GError **error)
{
  const char *reference_name = NULL;

  if (!parse_number (block, "min", &data->min, error)
      || !parse_number (block, "max", &data->max, error)
      || !parse_number (block, "reference", &data->reference, error)
      || !kalon_section_get_string (block, "reference_name", &reference_name, error))
    return FALSE;
  data->reference_name = g_strdup (reference_name);
  return TRUE;
}

gboolean
kalon_report_parse_chart (const KalonSection *block, KalonReportSection *section, GError **error)
{
  g_autoptr (KalonChartData) data = g_new0 (KalonChartData, 1);
  const char *id, *title, *x_title, *y_title;
  KalonReportBlock *to;
  JsonArray *points;
  guint kind, unit;

  if (!kalon_report_parse_id (block, &id, error)
      || !kalon_report_parse_text (block, "title", &title, error)
      || !kalon_report_parse_text (block, "x_title", &x_title, error)
      || !kalon_report_parse_text (block, "y_title", &y_title, error)
      || !kalon_report_parse_name (block, "kind", kalon_report_chart_names, 2, &kind, error)
      || !kalon_report_parse_name (block, "unit", kalon_report_chart_unit_names, 2, &unit, error)
      || !kalon_report_parse_array (block, kind == KALON_CHART_BARS ? "labels" : "x", &points,
                                    error))
    return FALSE;
  data->kind = kind;
  data->unit = unit;
  data->title = g_strdup (title);
  data->x_title = g_strdup (x_title);
  data->y_title = g_strdup (y_title);
  data->n = json_array_get_length (points);
  if (data->n < 1 || data->n > MAX_POINTS)
    return kalon_section_refuse (block, kind == KALON_CHART_BARS ? "labels" : "x", error,
                                 "has not 1 to %d elements", MAX_POINTS);
  if (!(kind == KALON_CHART_BARS ? parse_labels (block, data, error) : parse_x (block, data, error))
      || !parse_series (block, data, error) || !parse_axis (block, data, error))
    return FALSE;
  to = kalon_report_section_add_block (section);
  to->chart_id = g_strdup (id);
  to->chart = g_steal_pointer (&data);
  return TRUE;
}
