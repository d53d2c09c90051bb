/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.json; docs/formats.md has it. report-parse.c reads it. */
#include "report/kalon-report-private.h"

#include "input/kalon-input.h"
#include "json-text/kalon-json-text.h"

#include <math.h>

const char *const kalon_report_unit_names[KALON_REPORT_N_UNITS] = {
  [KALON_REPORT_TEXT] = "text",     [KALON_REPORT_COUNT] = "count",
  [KALON_REPORT_NUMBER] = "number", [KALON_REPORT_SHARE] = "share",
  [KALON_REPORT_CHANGE] = "change", [KALON_REPORT_POINTS] = "points",
  [KALON_REPORT_P] = "p",
};
const char *const kalon_report_chart_names[2] = {
  [KALON_CHART_LINES] = "lines",
  [KALON_CHART_BARS] = "bars",
};
const char *const kalon_report_chart_unit_names[2] = {
  [KALON_CHART_NUMBER] = "number",
  [KALON_CHART_SHARE] = "share",
};

static void
add_key (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
}

static void
add_number (JsonBuilder *builder, const char *key, double value)
{
  add_key (builder, key);
  json_builder_add_value (builder, kalon_json_node_new_figure (value));
}

static void
add_numbers (JsonBuilder *builder, const char *key, const double *values, gsize n)
{
  add_key (builder, key);
  if (values == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    json_builder_add_value (builder, kalon_json_node_new_figure (values[i]));
  json_builder_end_array (builder);
}

static void
add_cell (JsonBuilder *builder, const KalonReportColumn *column, const KalonReportCell *cell)
{
  add_key (builder, column->key);
  if (cell->text != NULL)
    kalon_json_add_text_element (builder, cell->text);
  else if (!isfinite (cell->estimate.mean))
    json_builder_add_null_value (builder);
  else if (kalon_report_cell_has_interval (cell))
    {
      json_builder_begin_object (builder);
      add_number (builder, "mean", cell->estimate.mean);
      add_number (builder, "low", cell->estimate.low);
      add_number (builder, "high", cell->estimate.high);
      json_builder_end_object (builder);
    }
  else if (column->unit == KALON_REPORT_COUNT && fabs (cell->estimate.mean) < 1e15)
    json_builder_add_int_value (builder, (gint64) cell->estimate.mean);
  else
    json_builder_add_value (builder, kalon_json_node_new_figure (cell->estimate.mean));
}

static void
add_table (JsonBuilder *builder, const KalonReportTable *table)
{
  kalon_json_add_text (builder, "type", "table");
  kalon_json_add_text (builder, "id", table->id);
  kalon_json_add_text (builder, "title", table->title);
  kalon_json_add_text (builder, "name_title", table->name_title);
  add_key (builder, "columns");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->n_columns; i++)
    {
      json_builder_begin_object (builder);
      kalon_json_add_text (builder, "key", table->columns[i].key);
      kalon_json_add_text (builder, "title", table->columns[i].title);
      kalon_json_add_text (builder, "unit", kalon_report_unit_names[table->columns[i].unit]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_key (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->rows->len; i++)
    {
      const KalonReportRow *row = g_ptr_array_index (table->rows, i);

      json_builder_begin_object (builder);
      kalon_json_add_text (builder, "name", row->name);
      add_key (builder, "cells");
      json_builder_begin_object (builder);
      for (guint j = 0; j < table->n_columns; j++)
        add_cell (builder, &table->columns[j], &row->cells[j]);
      json_builder_end_object (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_chart (JsonBuilder *builder, const char *id, const KalonChartData *data)
{
  kalon_json_add_text (builder, "type", "chart");
  kalon_json_add_text (builder, "id", id);
  kalon_json_add_text (builder, "title", data->title);
  kalon_json_add_text (builder, "kind", kalon_report_chart_names[data->kind]);
  kalon_json_add_text (builder, "unit", kalon_report_chart_unit_names[data->unit]);
  kalon_json_add_text (builder, "x_title", data->x_title);
  kalon_json_add_text (builder, "y_title", data->y_title);
  if (data->kind == KALON_CHART_LINES)
    add_numbers (builder, "x", data->x, data->n);
  else
    {
      add_key (builder, "labels");
      json_builder_begin_array (builder);
      for (gsize i = 0; i < data->n; i++)
        kalon_json_add_text_element (builder, data->labels[i]);
      json_builder_end_array (builder);
    }
  add_key (builder, "series");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < data->n_series; i++)
    {
      json_builder_begin_object (builder);
      kalon_json_add_text (builder, "name", data->series[i].name);
      add_numbers (builder, "values", data->series[i].values, data->n);
      add_numbers (builder, "low", data->series[i].low, data->n);
      add_numbers (builder, "high", data->series[i].high, data->n);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_number (builder, "min", data->min);
  add_number (builder, "max", data->max);
  add_number (builder, "reference", data->reference);
  kalon_json_add_text (builder, "reference_name", data->reference_name);
}

static void
add_picture (JsonBuilder *builder, const KalonReportPicture *picture)
{
  g_autofree char *name = kalon_report_picture_dup_name (picture);

  json_builder_begin_object (builder);
  kalon_json_add_text (builder, "file", name);
  kalon_json_add_text (builder, "caption", picture->caption);
  kalon_json_add_boolean (builder, "marked", picture->is_marked);
  json_builder_end_object (builder);
}

static void
add_rows (JsonBuilder *builder, const KalonReportRows *rows)
{
  kalon_json_add_text (builder, "type", "pictures");
  kalon_json_add_text (builder, "id", rows->id);
  kalon_json_add_text (builder, "title", rows->title);
  add_key (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->rows->len; i++)
    {
      const KalonReportPictureRow *row = g_ptr_array_index (rows->rows, i);

      json_builder_begin_object (builder);
      kalon_json_add_text (builder, "name", row->name);
      add_key (builder, "pictures");
      json_builder_begin_array (builder);
      for (guint j = 0; j < row->pictures->len; j++)
        add_picture (builder, g_ptr_array_index (row->pictures, j));
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_block (JsonBuilder *builder, const KalonReportBlock *block)
{
  json_builder_begin_object (builder);
  if (block->table != NULL)
    add_table (builder, block->table);
  else if (block->chart != NULL)
    add_chart (builder, block->chart_id, block->chart);
  else if (block->rows != NULL)
    add_rows (builder, block->rows);
  else
    {
      kalon_json_add_text (builder, "type", "text");
      kalon_json_add_text (builder, "text", block->text);
    }
  json_builder_end_object (builder);
}

static void
add_section (JsonBuilder *builder, const KalonReportSection *section)
{
  add_key (builder, section->id);
  json_builder_begin_object (builder);
  kalon_json_add_text (builder, "title", section->title);
  kalon_json_add_boolean (builder, "synthetic", section->synthetic != NULL);
  kalon_json_add_text (builder, "synthetic_why", section->synthetic);
  add_key (builder, "content");
  json_builder_begin_array (builder);
  for (guint i = 0; i < section->blocks->len; i++)
    add_block (builder, g_ptr_array_index (section->blocks, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

JsonNode *
kalon_report_to_json (const KalonReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  kalon_json_add_text (builder, "format", KALON_REPORT_FORMAT);
  kalon_json_add_integer (builder, "version", KALON_REPORT_VERSION);
  kalon_json_add_text (builder, "title", report->title);
  kalon_json_add_integer (builder, "time", report->time);
  add_key (builder, "facts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < report->facts->len; i++)
    {
      const KalonReportFact *fact = g_ptr_array_index (report->facts, i);

      add_key (builder, fact->key);
      json_builder_begin_object (builder);
      kalon_json_add_text (builder, "title", fact->title);
      kalon_json_add_text (builder, "value", fact->value);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  add_key (builder, "sections");
  json_builder_begin_object (builder);
  for (guint i = 0; i < report->sections->len; i++)
    add_section (builder, g_ptr_array_index (report->sections, i));
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
