/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/kalon-report-private.h"

#include <string.h>

static void
fact_free (gpointer data)
{
  KalonReportFact *fact = data;

  g_free (fact->key);
  g_free (fact->title);
  g_free (fact->value);
  g_free (fact);
}

static void
block_free (gpointer data)
{
  KalonReportBlock *block = data;

  g_free (block->text);
  kalon_report_table_free (block->table);
  g_free (block->chart_id);
  kalon_chart_data_free (block->chart);
  kalon_report_rows_free (block->rows);
  g_free (block);
}

static void
section_free (gpointer data)
{
  KalonReportSection *section = data;

  g_free (section->id);
  g_free (section->title);
  g_free (section->synthetic);
  g_ptr_array_unref (section->blocks);
  g_free (section);
}

KalonReport *
kalon_report_new (const char *title)
{
  KalonReport *report = g_new0 (KalonReport, 1);

  g_return_val_if_fail (title != NULL, NULL);

  report->title = g_strdup (title);
  report->time = g_get_real_time () / G_USEC_PER_SEC;
  report->facts = g_ptr_array_new_with_free_func (fact_free);
  report->sections = g_ptr_array_new_with_free_func (section_free);
  return report;
}

void
kalon_report_free (KalonReport *report)
{
  if (report == NULL)
    return;
  g_free (report->title);
  g_ptr_array_unref (report->facts);
  g_ptr_array_unref (report->sections);
  g_free (report);
}

const char *
kalon_report_get_title (const KalonReport *report)
{
  return report->title;
}

gint64
kalon_report_get_time (const KalonReport *report)
{
  return report->time;
}

void
kalon_report_set_time (KalonReport *report, gint64 time)
{
  report->time = time;
}

static KalonReportFact *
find_fact (const KalonReport *report, const char *key)
{
  for (guint i = 0; i < report->facts->len; i++)
    {
      KalonReportFact *fact = g_ptr_array_index (report->facts, i);

      if (g_str_equal (fact->key, key))
        return fact;
    }
  return NULL;
}

void
kalon_report_set_fact (KalonReport *report, const char *key, const char *title, const char *value)
{
  KalonReportFact *fact;

  g_return_if_fail (report != NULL && key != NULL && title != NULL && value != NULL);

  fact = find_fact (report, key);
  if (fact == NULL)
    {
      fact = g_new0 (KalonReportFact, 1);
      fact->key = g_strdup (key);
      g_ptr_array_add (report->facts, fact);
    }
  g_free (fact->title);
  g_free (fact->value);
  fact->title = g_strdup (title);
  fact->value = g_strdup (value);
}

const char *
kalon_report_get_fact (const KalonReport *report, const char *key)
{
  const KalonReportFact *fact = find_fact (report, key);

  return fact != NULL ? fact->value : NULL;
}

/* Quotes only where a shell needs them, so that a command is read easily. */
static void
append_word (GString *command, const char *word)
{
  static const char plain[] = "%+,-./:=@_";
  g_autofree char *quoted = NULL;
  gboolean is_plain = *word != '\0';

  for (const char *c = word; *c != '\0' && is_plain; c++)
    is_plain = g_ascii_isalnum (*c) || strchr (plain, *c) != NULL;
  if (!is_plain)
    quoted = g_shell_quote (word);
  if (command->len > 0)
    g_string_append_c (command, ' ');
  g_string_append (command, is_plain ? word : quoted);
}

void
kalon_report_set_command (KalonReport *report, const char *const *argv)
{
  g_autoptr (GString) command = g_string_new (NULL);

  for (gsize i = 0; argv[i] != NULL; i++)
    append_word (command, argv[i]);
  kalon_report_set_fact (report, "command", "Command", command->str);
}

gboolean
kalon_report_id_is_valid (const char *id)
{
  return *id != '\0' && strlen (id) <= 100
         && strspn (id, "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
                == strlen (id);
}

KalonReportSection *
kalon_report_add_section (KalonReport *report, const char *id, const char *title)
{
  KalonReportSection *section;

  g_return_val_if_fail (report != NULL && title != NULL, NULL);
  g_return_val_if_fail (id != NULL && kalon_report_id_is_valid (id), NULL);

  section = g_new0 (KalonReportSection, 1);
  section->id = g_strdup (id);
  for (guint i = 2; kalon_report_find_section (report, section->id) != NULL; i++)
    {
      g_free (section->id);
      section->id = g_strdup_printf ("%s-%u", id, i);
    }
  section->title = g_strdup (title);
  section->blocks = g_ptr_array_new_with_free_func (block_free);
  g_ptr_array_add (report->sections, section);
  return section;
}

KalonReportSection *
kalon_report_find_section (const KalonReport *report, const char *id)
{
  for (guint i = 0; i < report->sections->len; i++)
    {
      KalonReportSection *section = g_ptr_array_index (report->sections, i);

      if (g_str_equal (section->id, id))
        return section;
    }
  return NULL;
}

guint
kalon_report_get_n_sections (const KalonReport *report)
{
  return report->sections->len;
}

KalonReportSection *
kalon_report_get_section (const KalonReport *report, guint i)
{
  g_return_val_if_fail (i < report->sections->len, NULL);
  return g_ptr_array_index (report->sections, i);
}

const char *
kalon_report_section_get_id (const KalonReportSection *section)
{
  return section->id;
}

const char *
kalon_report_section_get_title (const KalonReportSection *section)
{
  return section->title;
}

void
kalon_report_section_set_synthetic (KalonReportSection *section, const char *why)
{
  g_free (section->synthetic);
  section->synthetic = g_strdup (why);
}

gboolean
kalon_report_section_is_synthetic (const KalonReportSection *section)
{
  return section->synthetic != NULL;
}

const char *
kalon_report_section_get_synthetic (const KalonReportSection *section)
{
  return section->synthetic;
}

KalonReportBlock *
kalon_report_section_add_block (KalonReportSection *section)
{
  KalonReportBlock *block = g_new0 (KalonReportBlock, 1);

  g_ptr_array_add (section->blocks, block);
  return block;
}

void
kalon_report_section_add_text (KalonReportSection *section, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  kalon_report_section_add_block (section)->text = g_strdup_vprintf (format, args);
  va_end (args);
}

void
kalon_report_section_add_chart (KalonReportSection *section, const char *id,
                                const KalonChartData *data)
{
  KalonReportBlock *block;

  g_return_if_fail (id != NULL && kalon_report_id_is_valid (id));

  block = kalon_report_section_add_block (section);
  block->chart_id = g_strdup (id);
  block->chart = kalon_chart_data_copy (data);
  if (block->chart->x_title == NULL)
    block->chart->x_title = g_strdup ("");
  if (block->chart->y_title == NULL)
    block->chart->y_title = g_strdup ("");
}

/* (nullable): the @i-th chart; *@n: how many there are up to it. */
static const KalonChartData *
find_chart (const KalonReportSection *section, guint i, guint *n)
{
  *n = 0;
  for (guint j = 0; j < section->blocks->len; j++)
    {
      const KalonReportBlock *block = g_ptr_array_index (section->blocks, j);

      if (block->chart != NULL && (*n)++ == i)
        return block->chart;
    }
  return NULL;
}

guint
kalon_report_section_get_n_charts (const KalonReportSection *section)
{
  guint n;

  find_chart (section, G_MAXUINT, &n);
  return n;
}

const KalonChartData *
kalon_report_section_get_chart (const KalonReportSection *section, guint i)
{
  guint n;

  return find_chart (section, i, &n);
}
