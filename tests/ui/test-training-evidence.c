/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>
#include <math.h>

#include "charts/kalon-chart.h"
#include "report/kalon-report.h"
#include "training/kalon-evidence-panel.h"

typedef struct
{
  WindowFixture window;
  GtkWidget *panel;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  window_set_up (&fixture->window, data);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window.window), 1100, 800);
  fixture->panel = display_find (GTK_WIDGET (fixture->window.window->training_page),
                                 KALON_TYPE_EVIDENCE_PANEL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  window_tear_down (&fixture->window, data);
}

/* (transfer full): its folder. */
static char *
keep_report (Fixture *fixture, const char *title, gint64 time, gboolean is_synthetic)
{
  static const KalonReportColumn columns[] = { { "recall", "Recall", KALON_REPORT_SHARE } };
  const double x[] = { 1, 5, 10 }, values[] = { 0.1, NAN, 0.4 };
  const KalonChartSeries series = { "recall", values, NULL, NULL };
  const KalonChartData chart
      = { KALON_CHART_LINES, "A curve", "k", "Recall", 3,   x, NULL, &series, 1,
          KALON_CHART_SHARE, NAN,       NAN, NAN,      NULL };
  g_autoptr (KalonReport) report = kalon_report_new (title);
  KalonReportSection *section = kalon_report_add_section (report, "a", "What <b>was</b> found");
  KalonReportTable *table;
  g_autoptr (GError) error = NULL;
  char *directory;

  kalon_report_set_time (report, time);
  if (is_synthetic)
    kalon_report_section_set_synthetic (section, "Made up.");
  table = kalon_report_section_add_table (section, "t", "Recall by ranking", "Ranking", columns, 1);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("ranking %u", i);

      kalon_report_table_add_row (table, name);
      kalon_report_table_set_estimate (table, 0, &(KalonEstimate){ 0.5, 0.4, 0.6 });
    }
  kalon_report_section_add_chart (section, "c", &chart);
  directory = kalon_reports_make_folder (fixture->window.library, "eval-x", &error);
  g_assert_no_error (error);
  g_assert_true (kalon_report_write (report, directory, NULL, &error));
  g_assert_no_error (error);
  return directory;
}

static GtkWidget *
find_label (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL
      && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_label (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static AdwComboRow *
get_row (Fixture *fixture)
{
  return ADW_COMBO_ROW (display_find (fixture->panel, ADW_TYPE_COMBO_ROW, NULL));
}

static guint
get_n_reports (Fixture *fixture)
{
  GListModel *model = adw_combo_row_get_model (get_row (fixture));

  return model != NULL ? g_list_model_get_n_items (model) : 0;
}

static void
show_page (Fixture *fixture)
{
  kalon_window_show_view (fixture->window.window, KALON_VIEW_TRAINING);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  show_page (fixture);
  wait_until (find_label (fixture->panel, "--keep") != NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (get_row (fixture))));
  g_assert_null (find_label (fixture->panel, "Delete"));
}

static void
test_shown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = keep_report (fixture, "Older", 1000000000, FALSE);
  g_autofree char *new = keep_report (fixture, "Newer & made up", 1764115200, TRUE);
  GtkWidget *chart;
  int minimum;

  show_page (fixture);
  wait_until (find_label (fixture->panel, "Synthetic data. Made up.") != NULL);
  g_assert_cmpuint (get_n_reports (fixture), ==, 2);
  /* What a file says is no markup. */
  g_assert_nonnull (find_label (fixture->panel, "What <b>was</b> found"));
  g_assert_nonnull (find_label (fixture->panel, "50.0 (40.0 to 60.0)"));
  g_assert_nonnull (find_label (fixture->panel, "2 more rows"));
  g_assert_nonnull (find_label (fixture->panel, "Newer & made up"));
  chart = display_find (fixture->panel, KALON_TYPE_CHART, NULL);
  g_assert_cmpuint (kalon_plot_get_data (kalon_chart_get_plot (KALON_CHART (chart)))->n, ==, 3);
  gtk_widget_measure (fixture->panel, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 316);

  adw_combo_row_set_selected (get_row (fixture), 1);
  wait_until (find_label (fixture->panel, "Synthetic data") == NULL);
  g_assert_nonnull (find_label (fixture->panel, "ranking 0"));
}

/* A file that another program broke meanwhile says what is wrong with it. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = keep_report (fixture, "Older", 1000000000, FALSE);
  g_autofree char *new = keep_report (fixture, "Newer", 1764115200, FALSE);
  g_autofree char *path = g_build_filename (old, KALON_REPORT_DATA, NULL);

  show_page (fixture);
  wait_until (find_label (fixture->panel, "ranking 0") != NULL);
  g_assert_true (g_file_set_contents (path, "{}", -1, NULL));
  adw_combo_row_set_selected (get_row (fixture), 1);
  wait_until (find_label (fixture->panel, "report.json: format") != NULL);
  g_assert_null (find_label (fixture->panel, "ranking 0"));
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }
  return NULL;
}

static void
test_deleted (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = keep_report (fixture, "Older", 1000000000, FALSE);
  g_autofree char *new = keep_report (fixture, "Newer", 1764115200, FALSE);
  GtkWidget *dialog = NULL;

  show_page (fixture);
  wait_until (find_label (fixture->panel, "ranking 0") != NULL);
  gtk_widget_activate_action (fixture->panel, "evidence.delete", NULL);
  wait_until ((dialog = find_dialog ()) != NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "delete");
  wait_until (get_n_reports (fixture) == 1);
  g_assert_false (g_file_test (new, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (old, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/training-evidence/empty", test_empty);
  ADD ("/training-evidence/shown", test_shown);
  ADD ("/training-evidence/broken", test_broken);
  ADD ("/training-evidence/deleted", test_deleted);
  return g_test_run ();
}
