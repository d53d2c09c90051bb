/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and rows of pictures. */
#include "report/kalon-report-private.h"

#include <math.h>

static void
row_free (gpointer data)
{
  KalonReportRow *row = data;

  for (guint i = 0; i < row->n_cells; i++)
    g_free (row->cells[i].text);
  g_free (row->cells);
  g_free (row->name);
  g_free (row);
}

void
kalon_report_table_free (KalonReportTable *table)
{
  if (table == NULL)
    return;
  for (guint i = 0; i < table->n_columns; i++)
    {
      g_free ((gpointer) table->columns[i].key);
      g_free ((gpointer) table->columns[i].title);
    }
  g_free (table->columns);
  g_ptr_array_unref (table->rows);
  g_free (table->id);
  g_free (table->title);
  g_free (table->name_title);
  g_free (table);
}

KalonReportTable *
kalon_report_section_add_table (KalonReportSection *section, const char *id, const char *title,
                                const char *name_title, const KalonReportColumn *columns,
                                guint n_columns)
{
  KalonReportTable *table;

  g_return_val_if_fail (section != NULL && title != NULL && name_title != NULL, NULL);
  g_return_val_if_fail (id != NULL && kalon_report_id_is_valid (id), NULL);

  table = g_new0 (KalonReportTable, 1);
  table->id = g_strdup (id);
  table->title = g_strdup (title);
  table->name_title = g_strdup (name_title);
  table->n_columns = n_columns;
  table->columns = g_new (KalonReportColumn, n_columns);
  for (guint i = 0; i < n_columns; i++)
    table->columns[i] = (KalonReportColumn){ g_strdup (columns[i].key), g_strdup (columns[i].title),
                                             columns[i].unit };
  table->rows = g_ptr_array_new_with_free_func (row_free);
  kalon_report_section_add_block (section)->table = table;
  return table;
}

void
kalon_report_table_add_row (KalonReportTable *table, const char *name)
{
  KalonReportRow *row;

  g_return_if_fail (table != NULL && name != NULL);

  row = g_new0 (KalonReportRow, 1);
  row->name = g_strdup (name);
  row->n_cells = table->n_columns;
  row->cells = g_new (KalonReportCell, table->n_columns);
  for (guint i = 0; i < table->n_columns; i++)
    row->cells[i] = (KalonReportCell){ NULL, { NAN, NAN, NAN } };
  g_ptr_array_add (table->rows, row);
}

/* (nullable): of the last row. */
static KalonReportCell *
get_last_cell (KalonReportTable *table, guint column)
{
  KalonReportRow *row;

  g_return_val_if_fail (table->rows->len > 0 && column < table->n_columns, NULL);

  row = g_ptr_array_index (table->rows, table->rows->len - 1);
  return &row->cells[column];
}

void
kalon_report_table_set_text (KalonReportTable *table, guint column, const char *text)
{
  KalonReportCell *cell = get_last_cell (table, column);

  if (cell == NULL)
    return;
  g_free (cell->text);
  cell->text = g_strdup (text);
}

void
kalon_report_table_set_number (KalonReportTable *table, guint column, double value)
{
  const KalonEstimate estimate = { value, NAN, NAN };

  kalon_report_table_set_estimate (table, column, &estimate);
}

void
kalon_report_table_set_estimate (KalonReportTable *table, guint column,
                                 const KalonEstimate *estimate)
{
  KalonReportCell *cell = get_last_cell (table, column);

  if (cell != NULL)
    cell->estimate = *estimate;
}

/* (nullable): the @i-th table, or the one that is called @id; *@n: how many there are up to it. */
static KalonReportTable *
find_table (const KalonReportSection *section, guint i, const char *id, guint *n)
{
  *n = 0;
  for (guint j = 0; j < section->blocks->len; j++)
    {
      const KalonReportBlock *block = g_ptr_array_index (section->blocks, j);

      if (block->table == NULL)
        continue;
      if (id != NULL ? g_str_equal (block->table->id, id) : *n == i)
        return block->table;
      (*n)++;
    }
  return NULL;
}

KalonReportTable *
kalon_report_section_find_table (const KalonReportSection *section, const char *id)
{
  guint n;

  g_return_val_if_fail (id != NULL, NULL);
  return find_table (section, 0, id, &n);
}

guint
kalon_report_section_get_n_tables (const KalonReportSection *section)
{
  guint n;

  find_table (section, G_MAXUINT, NULL, &n);
  return n;
}

KalonReportTable *
kalon_report_section_get_table (const KalonReportSection *section, guint i)
{
  guint n;

  return find_table (section, i, NULL, &n);
}

const char *
kalon_report_table_get_title (const KalonReportTable *table)
{
  return table->title;
}

guint
kalon_report_table_get_n_columns (const KalonReportTable *table)
{
  return table->n_columns;
}

guint
kalon_report_table_get_n_rows (const KalonReportTable *table)
{
  return table->rows->len;
}

gboolean
kalon_report_table_has_intervals (const KalonReportTable *table, guint column)
{
  g_return_val_if_fail (column < table->n_columns, FALSE);

  for (guint i = 0; i < table->rows->len; i++)
    {
      const KalonReportRow *row = g_ptr_array_index (table->rows, i);

      if (kalon_report_cell_has_interval (&row->cells[column]))
        return TRUE;
    }
  return FALSE;
}

static const KalonReportRow *
get_row (const KalonReportTable *table, guint row)
{
  g_return_val_if_fail (row < table->rows->len, NULL);
  return g_ptr_array_index (table->rows, row);
}

const char *
kalon_report_table_get_row_name (const KalonReportTable *table, guint row)
{
  return get_row (table, row)->name;
}

gboolean
kalon_report_table_get (const KalonReportTable *table, const char *row, const char *column,
                        KalonEstimate *estimate)
{
  for (guint i = 0; i < table->rows->len; i++)
    for (guint j = 0; j < table->n_columns && g_str_equal (get_row (table, i)->name, row); j++)
      if (g_str_equal (table->columns[j].key, column))
        {
          *estimate = get_row (table, i)->cells[j].estimate;
          return isfinite (estimate->mean);
        }
  return FALSE;
}

char *
kalon_report_table_format_title (const KalonReportTable *table, guint column)
{
  g_return_val_if_fail (column < table->n_columns, NULL);
  return kalon_report_column_format_title (&table->columns[column]);
}

char *
kalon_report_table_format (const KalonReportTable *table, guint row, guint column)
{
  const KalonReportCell *cell = &get_row (table, row)->cells[column];
  g_autofree char *value = kalon_report_cell_format (cell, table->columns[column].unit);
  g_autofree char *interval = kalon_report_cell_format_interval (cell, table->columns[column].unit);

  return interval != NULL ? g_strdup_printf ("%s (%s)", value, interval) : g_steal_pointer (&value);
}

static void
picture_free (gpointer data)
{
  KalonReportPicture *picture = data;

  g_free ((gpointer) picture->path);
  g_free ((gpointer) picture->caption);
  g_free (picture);
}

static void
picture_row_free (gpointer data)
{
  KalonReportPictureRow *row = data;

  g_ptr_array_unref (row->pictures);
  g_free (row->name);
  g_free (row);
}

void
kalon_report_rows_free (KalonReportRows *rows)
{
  if (rows == NULL)
    return;
  g_ptr_array_unref (rows->rows);
  g_free (rows->id);
  g_free (rows->title);
  g_free (rows);
}

KalonReportRows *
kalon_report_section_add_rows (KalonReportSection *section, const char *id, const char *title)
{
  KalonReportRows *rows;

  g_return_val_if_fail (section != NULL && title != NULL, NULL);
  g_return_val_if_fail (id != NULL && kalon_report_id_is_valid (id), NULL);

  rows = g_new0 (KalonReportRows, 1);
  rows->id = g_strdup (id);
  rows->title = g_strdup (title);
  rows->rows = g_ptr_array_new_with_free_func (picture_row_free);
  kalon_report_section_add_block (section)->rows = rows;
  return rows;
}

void
kalon_report_rows_add (KalonReportRows *rows, const char *name, const KalonReportPicture *pictures,
                       guint n_pictures)
{
  KalonReportPictureRow *row;

  g_return_if_fail (rows != NULL && name != NULL && (pictures != NULL || n_pictures == 0));

  row = g_new0 (KalonReportPictureRow, 1);
  row->name = g_strdup (name);
  row->pictures = g_ptr_array_new_with_free_func (picture_free);
  for (guint i = 0; i < n_pictures; i++)
    {
      KalonReportPicture *picture = g_memdup2 (&pictures[i], sizeof *picture);

      picture->path = g_strdup (pictures[i].path);
      picture->caption = g_strdup (pictures[i].caption);
      g_ptr_array_add (row->pictures, picture);
    }
  g_ptr_array_add (rows->rows, row);
}
