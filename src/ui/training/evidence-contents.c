/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report at a glance: its charts, and the main column of its main tables. */
#include "config.h"

#include <glib/gi18n.h>

#include "charts/kalon-chart.h"
#include "training/kalon-evidence-panel-private.h"

/* The page has the rest. */
#define MAX_TABLES 2
#define MAX_ROWS 8

static GtkWidget *
add_label (GtkBox *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);
  return label;
}

/* @css_class: (nullable) */
static void
attach (GtkGrid *grid, const char *text, int column, int row, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

/* The first that was measured and not only counted. */
static guint
find_main_column (const KalonReportTable *table)
{
  for (guint i = 0; i < kalon_report_table_get_n_columns (table); i++)
    if (kalon_report_table_has_intervals (table, i))
      return i;
  return 0;
}

static void
add_table (GtkBox *box, const KalonReportTable *table)
{
  guint n_rows = kalon_report_table_get_n_rows (table);
  GtkWidget *grid = gtk_grid_new ();
  g_autofree char *title = NULL;
  guint column;

  if (n_rows == 0 || kalon_report_table_get_n_columns (table) == 0)
    {
      g_object_ref_sink (grid);
      g_object_unref (grid);
      return;
    }
  column = find_main_column (table);
  title = kalon_report_table_format_title (table, column);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  attach (GTK_GRID (grid), kalon_report_table_get_title (table), 0, 0, "caption-heading");
  attach (GTK_GRID (grid), title, 1, 0, "caption-heading");
  for (guint i = 0; i < MIN (n_rows, MAX_ROWS); i++)
    {
      g_autofree char *value = kalon_report_table_format (table, i, column);

      attach (GTK_GRID (grid), kalon_report_table_get_row_name (table, i), 0, (int) i + 1, NULL);
      attach (GTK_GRID (grid), value, 1, (int) i + 1, "numeric");
    }
  gtk_box_append (box, grid);
  if (n_rows > MAX_ROWS)
    {
      g_autofree char *rest = g_strdup_printf (
          ngettext ("%u more row in the page", "%u more rows in the page", n_rows - MAX_ROWS),
          n_rows - MAX_ROWS);

      add_label (box, rest, "dim-label");
    }
}

static void
add_section (GtkBox *box, const KalonReportSection *section)
{
  /* Words, rows of pictures: the page has them. */
  if (kalon_report_section_get_n_charts (section) == 0
      && kalon_report_section_get_n_tables (section) == 0)
    return;
  add_label (box, kalon_report_section_get_title (section), "heading");
  if (kalon_report_section_is_synthetic (section))
    {
      /* Translators: above figures of made-up data; then why, in English. */
      g_autofree char *text = g_strdup_printf (_ ("⚠ Synthetic data. %s"),
                                               kalon_report_section_get_synthetic (section));

      add_label (box, text, "warning");
    }
  for (guint i = 0; i < kalon_report_section_get_n_charts (section); i++)
    {
      KalonChart *chart = g_object_new (KALON_TYPE_CHART, NULL);

      kalon_chart_set_data (chart, kalon_report_section_get_chart (section, i));
      gtk_box_append (box, GTK_WIDGET (chart));
    }
  for (guint i = 0; i < MIN (kalon_report_section_get_n_tables (section), MAX_TABLES); i++)
    add_table (box, kalon_report_section_get_table (section, i));
}

void
kalon_evidence_fill (GtkBox *box, const KalonReport *report)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  for (guint i = 0; report != NULL && i < kalon_report_get_n_sections (report); i++)
    add_section (box, kalon_report_get_section (report, i));
}
