/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report for a terminal. */
#include "report/kalon-report-private.h"

#include "input/kalon-input.h"

/* Beside each other as on a page: longer lines are folded. */
#define WIDTH 100
#define GAP "  "

/* In cells of a terminal: CJK takes two, combining marks none. */
static guint
get_width (const char *text)
{
  guint width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (!g_unichar_iszerowidth (character))
        width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

/* (transfer full): in one line, of valid UTF-8. */
static char *
clean (const char *text)
{
  char *valid = kalon_input_dup_utf8 (text);

  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return valid;
}

static void
append_padded (GString *text, const char *cell, guint width, gboolean to_right)
{
  guint own = get_width (cell);
  guint padding = width > own ? width - own : 0;

  if (!to_right)
    g_string_append (text, cell);
  for (guint i = 0; i < padding; i++)
    g_string_append_c (text, ' ');
  if (to_right)
    g_string_append (text, cell);
}

static void
append_folded (GString *text, const char *paragraph)
{
  g_autofree char *line = clean (paragraph);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  guint column = 0;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      guint width = get_width (words[i]);

      if (column > 0 && column + 1 + width > WIDTH)
        {
          g_string_append_c (text, '\n');
          column = 0;
        }
      else if (column > 0)
        {
          g_string_append_c (text, ' ');
          column++;
        }
      g_string_append (text, words[i]);
      column += width;
    }
  g_string_append_c (text, '\n');
}

/* (transfer full): [rows + 1][columns + 1] texts, row by row: the titles, then the rows, each with
 * its name in front. */
static GPtrArray *
lay_out (const KalonReportTable *table)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (cells, clean (table->name_title));
  for (guint j = 0; j < table->n_columns; j++)
    {
      g_autofree char *title = kalon_report_table_format_title (table, j);

      g_ptr_array_add (cells, clean (title));
    }
  for (guint i = 0; i < table->rows->len; i++)
    {
      g_ptr_array_add (cells, clean (kalon_report_table_get_row_name (table, i)));
      for (guint j = 0; j < table->n_columns; j++)
        {
          g_autofree char *cell = kalon_report_table_format (table, i, j);

          g_ptr_array_add (cells, clean (cell));
        }
    }
  return cells;
}

static void
append_table (GString *text, const KalonReportTable *table)
{
  g_autoptr (GPtrArray) cells = lay_out (table);
  guint n = table->n_columns + 1;
  g_autofree guint *widths = g_new0 (guint, n);
  g_autofree char *title = clean (table->title);

  for (guint i = 0; i < cells->len; i++)
    widths[i % n] = MAX (widths[i % n], get_width (g_ptr_array_index (cells, i)));
  g_string_append_printf (text, "%s\n", title);
  for (guint i = 0; i < cells->len; i++)
    {
      guint j = i % n;
      gboolean to_right = j > 0 && table->columns[j - 1].unit != KALON_REPORT_TEXT;

      g_string_append (text, GAP);
      append_padded (text, g_ptr_array_index (cells, i), j + 1 == n && !to_right ? 0 : widths[j],
                     to_right);
      if (j + 1 == n)
        g_string_append_c (text, '\n');
    }
  if (table->rows->len == 0)
    g_string_append (text, GAP "(nothing)\n");
}

static void
append_rows (GString *text, const KalonReportRows *rows)
{
  g_autofree char *title = clean (rows->title);

  g_string_append_printf (text, "%s\n", title);
  for (guint i = 0; i < rows->rows->len; i++)
    {
      const KalonReportPictureRow *row = g_ptr_array_index (rows->rows, i);
      g_autofree char *name = clean (row->name);

      g_string_append_printf (text, GAP "%s:", name);
      for (guint j = 0; j < row->pictures->len; j++)
        {
          const KalonReportPicture *picture = g_ptr_array_index (row->pictures, j);
          g_autofree char *whole = kalon_report_picture_dup_name (picture);
          g_autofree char *file = clean (whole);

          g_string_append_printf (text, "%s %s%s", j > 0 ? "," : "", file,
                                  picture->is_marked ? " ✓" : "");
        }
      g_string_append_c (text, '\n');
    }
}

/* A chart says in words what it shows: its numbers are in a table mostly. */
static void
append_chart (GString *text, const KalonChartData *data)
{
  g_autofree char *words = kalon_chart_data_describe (data);

  append_folded (text, words);
}

static void
append_section (GString *text, const KalonReportSection *section)
{
  g_autofree char *title = clean (section->title);

  g_string_append_printf (text, "\n%s\n", title);
  for (guint i = get_width (title); i > 0; i--)
    g_string_append_c (text, '-');
  g_string_append_c (text, '\n');
  if (section->synthetic != NULL)
    {
      g_autofree char *words = g_strdup_printf ("SYNTHETIC: %s", section->synthetic);

      append_folded (text, words);
    }
  for (guint i = 0; i < section->blocks->len; i++)
    {
      const KalonReportBlock *block = g_ptr_array_index (section->blocks, i);

      if (i > 0)
        g_string_append_c (text, '\n');
      if (block->table != NULL)
        append_table (text, block->table);
      else if (block->chart != NULL)
        append_chart (text, block->chart);
      else if (block->rows != NULL)
        append_rows (text, block->rows);
      else
        append_folded (text, block->text);
    }
}

char *
kalon_report_to_text (const KalonReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *title = clean (report->title);
  g_autofree char *time = kalon_report_format_time (report);
  KalonReportLocale locale;

  g_string_append_printf (text, "%s\n%s\n", title, time);
  kalon_report_enter_english (&locale);
  for (guint i = 0; i < report->sections->len; i++)
    append_section (text, g_ptr_array_index (report->sections, i));
  kalon_report_leave_english (&locale);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < report->facts->len; i++)
    {
      const KalonReportFact *fact = g_ptr_array_index (report->facts, i);
      g_autofree char *name = clean (fact->title);
      g_autofree char *value = clean (fact->value);

      g_string_append_printf (text, "%s: %s\n", name, value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
