/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page. It is well-formed XML as well: what checks XML checks it. */
#include "report/kalon-report-private.h"

#include "input/kalon-input.h"

#include <string.h>

static const char head[]
    = "<!DOCTYPE html>\n"
      "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
      "<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\"/>\n"
      "<meta name=\"generator\" content=\"Kalon\"/>\n";

/* Not an id of a section, which has no point. */
#define FACTS_ANCHOR "kalon.facts"

void
kalon_html_append (GString *html, const char *text)
{
  g_autofree char *valid = kalon_input_dup_utf8 (text);
  g_autofree char *escaped = NULL;

  /* What XML cannot hold. */
  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) && *c != '\n')
      *c = ' ';
    else if (strncmp (c, "\xef\xbf\xbe", 3) == 0 || strncmp (c, "\xef\xbf\xbf", 3) == 0)
      c[2] = '\xbd'; /* U+FFFE and U+FFFF become U+FFFD */
  escaped = g_markup_escape_text (valid, -1);
  g_string_append (html, escaped);
}

/* "<TAG>text</TAG>"; @attributes: (nullable) */
static void
append_element (GString *html, const char *tag, const char *attributes, const char *text)
{
  g_string_append_printf (html, "<%s%s%s>", tag, attributes != NULL ? " " : "",
                          attributes != NULL ? attributes : "");
  kalon_html_append (html, text);
  g_string_append_printf (html, "</%s>", tag);
}

static void
append_table_head (GString *html, const KalonReportTable *table)
{
  g_string_append (html, "<thead><tr>");
  append_element (html, "th", "scope=\"col\"", table->name_title);
  for (guint j = 0; j < table->n_columns; j++)
    {
      g_autofree char *title = kalon_report_table_format_title (table, j);

      append_element (html, "th",
                      table->columns[j].unit != KALON_REPORT_TEXT ? "scope=\"col\" class=\"n\""
                                                                  : "scope=\"col\"",
                      title);
    }
  g_string_append (html, "</tr></thead>\n");
}

/* So many columns are as wide as the page only with the intervals below their figures. */
#define N_WIDE_COLUMNS 5

static void
append_cell (GString *html, const KalonReportTable *table, const KalonReportRow *row, guint column)
{
  KalonReportUnit unit = table->columns[column].unit;
  g_autofree char *value = kalon_report_cell_format (&row->cells[column], unit);
  g_autofree char *interval = kalon_report_cell_format_interval (&row->cells[column], unit);

  g_string_append (html, unit != KALON_REPORT_TEXT ? "<td class=\"n\">" : "<td>");
  kalon_html_append (html, value);
  /* Figures without one are aligned with those before one. */
  if (kalon_report_table_has_intervals (table, column))
    append_element (html, "small", NULL, interval != NULL ? interval : "");
  g_string_append (html, "</td>");
}

static void
append_table (GString *html, const KalonReportTable *table)
{
  /* No caption: it would scroll sideways with the table. */
  append_element (html, "p", "class=\"title\" dir=\"auto\"", table->title);
  g_string_append_printf (html, "\n<div class=\"scroll\" tabindex=\"0\"><table%s aria-label=\"",
                          table->n_columns >= N_WIDE_COLUMNS ? " class=\"wide\"" : "");
  kalon_html_append (html, table->title);
  g_string_append (html, "\">\n");
  append_table_head (html, table);
  g_string_append (html, "<tbody>\n");
  for (guint i = 0; i < table->rows->len; i++)
    {
      const KalonReportRow *row = g_ptr_array_index (table->rows, i);

      g_string_append (html, "<tr>");
      append_element (html, "th", "scope=\"row\" dir=\"auto\"", row->name);
      for (guint j = 0; j < table->n_columns; j++)
        append_cell (html, table, row, j);
      g_string_append (html, "</tr>\n");
    }
  g_string_append (html, "</tbody></table></div>\n");
  if (table->rows->len == 0)
    g_string_append (html, "<p class=\"faint\">Nothing.</p>\n");
}

static gboolean
append_block (GString *html, const KalonReportSection *section, const KalonReportBlock *block,
              GCancellable *cancellable, GError **error)
{
  if (block->rows != NULL)
    return kalon_html_append_rows (html, block->rows, cancellable, error);
  if (block->table != NULL)
    append_table (html, block->table);
  else if (block->chart != NULL)
    {
      g_autofree char *id = g_strdup_printf ("%s.%s", section->id, block->chart_id);

      kalon_html_append_chart (html, id, block->chart);
    }
  else
    {
      append_element (html, "p", "dir=\"auto\"", block->text);
      g_string_append_c (html, '\n');
    }
  return TRUE;
}

static gboolean
append_section (GString *html, const KalonReportSection *section, GCancellable *cancellable,
                GError **error)
{
  g_string_append_printf (html, "<section id=\"%s\"%s>\n", section->id,
                          section->synthetic != NULL ? " class=\"synthetic\"" : "");
  if (section->synthetic != NULL)
    {
      g_string_append (html, "<p class=\"banner\" role=\"note\"><strong>⚠ Synthetic: these "
                             "figures are of made-up data</strong> ");
      kalon_html_append (html, section->synthetic);
      g_string_append (html, "</p>\n");
    }
  append_element (html, "h2", "dir=\"auto\"", section->title);
  g_string_append_c (html, '\n');
  for (guint i = 0; i < section->blocks->len; i++)
    if (!append_block (html, section, g_ptr_array_index (section->blocks, i), cancellable, error))
      return FALSE;
  g_string_append (html, "</section>\n");
  return TRUE;
}

static void
append_contents (GString *html, const KalonReport *report)
{
  g_string_append (html, "<nav aria-labelledby=\"kalon.contents\">"
                         "<h2 id=\"kalon.contents\">Contents</h2>\n<ol>\n");
  for (guint i = 0; i < report->sections->len; i++)
    {
      const KalonReportSection *section = g_ptr_array_index (report->sections, i);

      g_string_append_printf (html, "<li><a href=\"#%s\">", section->id);
      append_element (html, "bdi", NULL, section->title);
      g_string_append_printf (
          html, "</a>%s</li>\n",
          section->synthetic != NULL ? " <span class=\"tag\">synthetic data</span>" : "");
    }
  g_string_append (html, "<li><a href=\"#" FACTS_ANCHOR "\">How this was made</a></li>\n"
                         "</ol></nav>\n");
}

static void
append_facts (GString *html, const KalonReport *report)
{
  const char *command = kalon_report_get_fact (report, "command");
  g_autofree char *time = kalon_report_format_time (report);

  g_string_append (html, "<section id=\"" FACTS_ANCHOR "\">\n<h2>How this was made</h2>\n"
                         "<p>The same numbers are in <code>" KALON_REPORT_DATA
                         "</code> beside this page, under stable keys. Behind each figure its 95 % "
                         "interval is given; intervals of two figures that overlap do not say that "
                         "they are equal.</p>\n");
  if (command != NULL)
    {
      append_element (html, "pre", NULL, command);
      g_string_append_c (html, '\n');
    }
  g_string_append (html, "<table class=\"facts\"><tbody>\n");
  for (guint i = 0; i < report->facts->len; i++)
    {
      const KalonReportFact *fact = g_ptr_array_index (report->facts, i);

      if (g_str_equal (fact->key, "command"))
        continue;
      g_string_append (html, "<tr>");
      append_element (html, "th", "scope=\"row\"", fact->title);
      append_element (html, "td", "dir=\"auto\"", fact->value);
      g_string_append (html, "</tr>\n");
    }
  g_string_append (html, "<tr><th scope=\"row\">Date</th>");
  append_element (html, "td", NULL, time);
  g_string_append (html, "</tr>\n</tbody></table>\n</section>\n");
}

/* What is said below the title. */
static void
append_summary (GString *html, const KalonReport *report)
{
  const char *model = kalon_report_get_fact (report, "model");
  g_autofree char *time = kalon_report_format_time (report);
  gboolean has_synthetic = FALSE;

  for (guint i = 0; i < report->sections->len; i++)
    has_synthetic |= kalon_report_section_is_synthetic (g_ptr_array_index (report->sections, i));
  g_string_append_printf (html, "<p class=\"faint\">%s", time);
  if (model != NULL)
    {
      g_string_append (html, " · model ");
      kalon_html_append (html, model);
    }
  g_string_append (html, "</p>\n");
  if (has_synthetic)
    g_string_append (html, "<p><span class=\"tag\">synthetic data</span> Sections with this mark "
                           "have figures of made-up data.</p>\n");
}

static gboolean
append_body (GString *html, const KalonReport *report, GCancellable *cancellable, GError **error)
{
  append_element (html, "h1", "dir=\"auto\"", report->title);
  g_string_append_c (html, '\n');
  append_summary (html, report);
  g_string_append (html, "</header>\n");
  append_contents (html, report);
  g_string_append (html, "<main>\n");
  for (guint i = 0; i < report->sections->len; i++)
    if (!append_section (html, g_ptr_array_index (report->sections, i), cancellable, error))
      return FALSE;
  append_facts (html, report);
  g_string_append (html, "</main>\n</body>\n</html>\n");
  return TRUE;
}

char *
kalon_report_to_html (const KalonReport *report, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) html = g_string_new (head);
  KalonReportLocale locale;
  gboolean ok;

  append_element (html, "title", NULL, report->title);
  g_string_append_printf (html, "\n<style>\n%s</style>\n</head>\n<body>\n<header>\n",
                          kalon_html_style);
  kalon_report_enter_english (&locale);
  ok = append_body (html, report, cancellable, error);
  kalon_report_leave_english (&locale);
  return ok ? g_string_free (g_steal_pointer (&html), FALSE) : NULL;
}
