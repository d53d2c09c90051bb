/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"

#include <math.h>
#include <string.h>

#include "chart-data/kalon-chart-data.h"
#include "charts/kalon-chart.h"

static void
test_ticks (void)
{
  static const struct
  {
    double min, max;
    guint max_ticks;
    KalonChartTicks expected;
  } cases[] = {
    { 0, 1, 6, { 0, 0.2, 6, 1 } },
    { 0, 1, 3, { 0, 0.5, 3, 1 } },
    { 1, 51, 8, { 10, 10, 5, 0 } },
    { 1, 2, 2, { 1, 1, 2, 0 } },
    { -0.03, 0.04, 5, { -0.02, 0.02, 4, 2 } },
    { 0, 123456, 4, { 0, 50000, 3, 0 } },
    { 7, 7, 5, { 7, 1, 1, 0 } },
    { 1, 3, 8, { 1, 0.5, 5, 1 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KalonChartTicks ticks;

      kalon_chart_find_ticks (cases[i].min, cases[i].max, cases[i].max_ticks, &ticks);
      g_assert_cmpuint (ticks.n, ==, cases[i].expected.n);
      g_assert_cmpfloat_with_epsilon (ticks.first, cases[i].expected.first, 1e-9);
      g_assert_cmpfloat_with_epsilon (ticks.step, cases[i].expected.step, 1e-9);
      g_assert_cmpuint (ticks.decimals, ==, cases[i].expected.decimals);
    }
  /* Whatever the axis: within it, not too many, and more than one. */
  for (guint i = 0; i < 2000; i++)
    {
      double min = g_random_double_range (-100, 100) * pow (10, g_random_int_range (-6, 6));
      double length = g_random_double_range (1, 10) * pow (10, g_random_int_range (-6, 6));
      guint max_ticks = (guint) g_random_int_range (2, 12);
      KalonChartTicks ticks;

      kalon_chart_find_ticks (min, min + length, max_ticks, &ticks);
      g_assert_cmpuint (ticks.n, <=, max_ticks);
      if (max_ticks > 2)
        g_assert_cmpuint (ticks.n, >=, 1);
      g_assert_cmpfloat (ticks.first, >=, min - 1e-6 * ticks.step);
      g_assert_cmpfloat (ticks.first + (ticks.n - 1.0) * ticks.step, <=,
                         min + length + 1e-6 * ticks.step);
    }
}

static void
test_scale (void)
{
  const double x[] = { 1, 2, 4, 8 };

  g_assert_cmpfloat (kalon_chart_map (5, 0, 10, 100, 0), ==, 50);
  g_assert_cmpfloat (kalon_chart_map (-5, 0, 10, 0, 100), ==, -50);
  g_assert_cmpfloat (kalon_chart_map (3, 3, 3, 0, 100), ==, 50);
  g_assert_cmpuint (kalon_chart_find_nearest (x, 4, -9), ==, 0);
  g_assert_cmpuint (kalon_chart_find_nearest (x, 4, 2.9), ==, 1);
  g_assert_cmpuint (kalon_chart_find_nearest (x, 4, 3.1), ==, 2);
  g_assert_cmpuint (kalon_chart_find_nearest (x, 4, 99), ==, 3);
  g_assert_cmpuint (kalon_chart_find_nearest (x, 1, 99), ==, 0);
}

static const double thumbs[] = { 1, 2, 3 };
static const double agreement[] = { 0.5, NAN, 0.84 };
static const double low[] = { 0.25, NAN, 0.75 };
static const double high[] = { 0.75, NAN, 0.9 };
static const double other[] = { 0.5, 0.25, 0.125 };

static const KalonChartSeries series[] = {
  { "unseen, in order", agreement, low, high },
  { "trust", other, NULL, NULL },
};

static const KalonChartData lines = {
  .kind = KALON_CHART_LINES,
  .title = "Learning curve",
  .x_title = "Thumb",
  .y_title = "Share",
  .n = 3,
  .x = thumbs,
  .series = series,
  .n_series = 2,
  .unit = KALON_CHART_SHARE,
  .min = 0,
  .max = 1,
  .reference = 0.5,
  .reference_name = "Chance",
};

static const char *const queries[] = { "a lake, \"quiet\"", "night", "a very long query indeed" };
static const KalonChartSeries stayed = { "stayed", other, NULL, NULL };

static const KalonChartData bars = {
  .kind = KALON_CHART_BARS,
  .title = "Drift",
  .x_title = "Query",
  .y_title = "Share",
  .n = 3,
  .labels = queries,
  .series = &stayed,
  .n_series = 1,
  .min = NAN,
  .max = NAN,
  .reference = NAN,
};

static void
test_words (void)
{
  g_autofree char *all = kalon_chart_data_describe (&lines);
  g_autofree char *point = kalon_chart_data_describe_point (&lines, 2);
  g_autofree char *missing = kalon_chart_data_describe_point (&lines, 1);
  g_autofree char *bar = kalon_chart_data_describe_point (&bars, 1);
  g_autofree char *all_bars = kalon_chart_data_describe (&bars);
  double min, max;

  g_assert_cmpstr (all, ==,
                   "Learning curve. unseen, in order: from 50 % at 1 to 84 % at 3, lowest 50 % at "
                   "1, highest 84 % at 3. trust: from 50 % at 1 to 12 % at 3, lowest 12 % at 3, "
                   "highest 50 % at 1. Chance: 50 %.");
  g_assert_cmpstr (point, ==, "Thumb 3\nunseen, in order: 84 % (75 % to 90 %)\ntrust: 12 %");
  g_assert_cmpstr (missing, ==, "Thumb 2\nunseen, in order: –\ntrust: 25 %");
  g_assert_cmpstr (bar, ==, "night\nstayed: 0.25");
  g_assert_cmpstr (
      all_bars, ==,
      "Drift. stayed: lowest 0.12 (a very long query indeed), highest 0.50 (a lake, \"quiet\").");

  kalon_chart_data_get_range (&bars, &min, &max);
  g_assert_cmpfloat (min, ==, 0.125);
  g_assert_cmpfloat (max, ==, 0.5);
}

static void
test_table (void)
{
  g_autofree char *csv = kalon_chart_data_format_csv (&lines);
  g_autofree char *quoted = kalon_chart_data_format_csv (&bars);
  g_autofree char *title = kalon_chart_data_format_title (&lines, 2);
  g_autofree char *cell = kalon_chart_data_format_cell (&lines, 2, 3);

  g_assert_cmpstr (csv, ==,
                   "Thumb,\"unseen, in order\",\"unseen, in order, from\",\"unseen, in order, "
                   "to\",trust\r\n"
                   "1,0.5,0.25,0.75,0.5\r\n"
                   "2,,,,0.25\r\n"
                   "3,0.84,0.75,0.9,0.125\r\n");
  g_assert_cmpstr (quoted, ==,
                   "Query,stayed\r\n\"a lake, \"\"quiet\"\"\",0.5\r\nnight,0.25\r\n"
                   "a very long query indeed,0.125\r\n");
  g_assert_cmpuint (kalon_chart_data_get_n_columns (&lines), ==, 5);
  g_assert_cmpstr (title, ==, "unseen, in order, from");
  g_assert_cmpstr (cell, ==, "90 %");
}

typedef struct
{
  GtkWidget *window;
  KalonChart *chart;
  KalonPlot *plot;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = gtk_window_new ();
  fixture->chart = g_object_new (KALON_TYPE_CHART, NULL);
  fixture->plot = kalon_chart_get_plot (fixture->chart);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 500, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->chart));
  kalon_chart_set_data (fixture->chart, data);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_until (gtk_widget_get_width (GTK_WIDGET (fixture->plot)) > 100);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

/* Where @colour is, in a drawing of the plot: its share of what has it, left of the middle.
 * @n: (out): pixels that have it */
static double
find_colour (Fixture *fixture, const char *colour, guint *n)
{
  GtkWidget *widget = GTK_WIDGET (fixture->plot);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint8 *pixels = NULL;
  GskRenderNode *node;
  GdkRGBA rgba;
  guint n_left = 0;
  gsize width, height;

  g_assert_true (
      gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), colour, &rgba));
  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)),
                                         node, NULL);
  gsk_render_node_unref (node);
  width = (gsize) gdk_texture_get_width (texture);
  height = (gsize) gdk_texture_get_height (texture);
  pixels = g_malloc (width * height * 4);
  gdk_texture_download (texture, pixels, width * 4);
  *n = 0;
  for (gsize i = 0; i < width * height; i++)
    {
      guint32 pixel = ((guint32 *) (gpointer) pixels)[i];

      if (ABS ((int) (pixel >> 16 & 255) - (int) (rgba.red * 255)) > 4
          || ABS ((int) (pixel >> 8 & 255) - (int) (rgba.green * 255)) > 4
          || ABS ((int) (pixel & 255) - (int) (rgba.blue * 255)) > 4)
        continue;
      (*n)++;
      n_left += i % width < width / 2;
    }
  return *n > 0 ? (double) n_left / *n : 0;
}

static void
test_lines (Fixture *fixture, gconstpointer data)
{
  static const double values[] = { 0.2, 0.4, NAN };
  const KalonChartSeries first = { "first", values, NULL, NULL };
  KalonChartData left = lines;
  g_autofree char *words = kalon_chart_data_describe (&lines);
  guint n;

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (fixture->plot), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->plot),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, words);
  find_colour (fixture, "kalon_series_1", &n);
  g_assert_cmpuint (n, >, 30);
  find_colour (fixture, "kalon_series_2", &n);
  g_assert_cmpuint (n, >, 100);

  /* What lies at the beginning is on the other side where reading begins there. */
  left.series = &first;
  left.n_series = 1;
  left.reference = NAN;
  kalon_chart_set_data (fixture->chart, &left);
  g_assert_cmpfloat (find_colour (fixture, "kalon_series_1", &n), >, 0.7);
  g_assert_cmpuint (n, >, 100);
  gtk_widget_set_direction (GTK_WIDGET (fixture->plot), GTK_TEXT_DIR_RTL);
  g_assert_cmpfloat (find_colour (fixture, "kalon_series_1", &n), <, 0.3);
  g_assert_cmpuint (n, >, 100);

  kalon_chart_set_data (fixture->chart, NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->chart)));
}

static void
test_bars (Fixture *fixture, gconstpointer data)
{
  KalonChartData all = bars;
  guint n, n_all;

  find_colour (fixture, "kalon_series_1", &n);
  g_assert_cmpuint (n, >, 200);
  /* They begin at 0 unless the axis is given; a shorter axis makes longer bars. */
  all.min = 0;
  all.max = 0.4;
  kalon_chart_set_data (fixture->chart, &all);
  find_colour (fixture, "kalon_series_1", &n_all);
  g_assert_cmpuint (n_all, >, n);
}

/* What is below 0 goes the other way from it, as long as what is above; where there are intervals,
 * bars are paler, so that these are seen on them. */
static void
test_signed_bars (Fixture *fixture, gconstpointer data)
{
  const double losses[] = { -1, -0.5, NAN }, gains[] = { 1, 0.5, NAN };
  KalonChartSeries change = { "change", gains, NULL, NULL };
  KalonChartData both = bars;
  guint n_gains, n_losses, n_pale;

  both.series = &change;
  both.min = 0;
  both.max = 1;
  kalon_chart_set_data (fixture->chart, &both);
  find_colour (fixture, "kalon_series_1", &n_gains);
  g_assert_cmpuint (n_gains, >, 200);
  change.values = losses;
  both.min = -1;
  both.max = 0;
  kalon_chart_set_data (fixture->chart, &both);
  find_colour (fixture, "kalon_series_1", &n_losses);
  /* A minus takes some room. */
  g_assert_cmpuint (n_losses, >, n_gains * 4 / 5);
  change.low = losses;
  change.high = losses;
  kalon_chart_set_data (fixture->chart, &both);
  find_colour (fixture, "kalon_series_1", &n_pale);
  g_assert_cmpuint (n_pale, <, n_losses / 4);
}

/* A key, as the plot that has the focus gets it. */
static gboolean
press (Fixture *fixture, guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->plot));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
    }
  return handled;
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  const char *third = "Thumb 3\nunseen, in order: 84 % (75 % to 90 %)\ntrust: 12 %";
  gsize i;

  g_assert_false (kalon_plot_get_current (fixture->plot, &i));
  g_assert_false (press (fixture, GDK_KEY_Escape));
  g_assert_true (press (fixture, GDK_KEY_Right));
  g_assert_true (kalon_plot_get_current (fixture->plot, &i));
  g_assert_cmpuint (i, ==, 0);
  press (fixture, GDK_KEY_End);
  press (fixture, GDK_KEY_Right);
  kalon_plot_get_current (fixture->plot, &i);
  g_assert_cmpuint (i, ==, 2);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->plot),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, third);
  press (fixture, GDK_KEY_Left);
  kalon_plot_get_current (fixture->plot, &i);
  g_assert_cmpuint (i, ==, 1);
  gtk_widget_set_direction (GTK_WIDGET (fixture->plot), GTK_TEXT_DIR_RTL);
  press (fixture, GDK_KEY_Left);
  kalon_plot_get_current (fixture->plot, &i);
  g_assert_cmpuint (i, ==, 2);
  g_assert_false (press (fixture, GDK_KEY_a));
  g_assert_true (press (fixture, GDK_KEY_Escape));
  g_assert_false (kalon_plot_get_current (fixture->plot, &i));
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, NULL);
}

static void
test_menu (Fixture *fixture, gconstpointer data)
{
  GtkWidget *chart = GTK_WIDGET (fixture->chart);
  GtkWidget *button = display_find (chart, GTK_TYPE_MENU_BUTTON, NULL);
  GtkWidget *table = display_find (chart, GTK_TYPE_COLUMN_VIEW, NULL);
  g_autofree char *copied = NULL, *csv = kalon_chart_data_format_csv (&lines);

  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Chart Menu");
  gtk_widget_activate_action (chart, "chart.table", NULL);
  g_assert_true (gtk_widget_get_mapped (table));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (table), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Learning curve");
  g_assert_cmpuint (
      g_list_model_get_n_items (gtk_column_view_get_columns (GTK_COLUMN_VIEW (table))), ==, 5);
  g_assert_cmpuint (
      g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (table)))),
      ==, 3);
  gtk_widget_activate_action (chart, "chart.table", NULL);
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (fixture->plot)));

  gtk_widget_activate_action (chart, "chart.copy", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (chart), NULL, read_cb, &copied);
  wait_until (copied != NULL);
  g_assert_cmpstr (copied, ==, csv);
}

/* An application loads it by itself. */
static void
add_style (void)
{
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (style, "/io/github/kalon_project/Kalon/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  add_style ();
  g_test_add_func ("/charts/ticks", test_ticks);
  g_test_add_func ("/charts/scale", test_scale);
  g_test_add_func ("/charts/words", test_words);
  g_test_add_func ("/charts/table", test_table);
  g_test_add ("/charts/lines", Fixture, &lines, set_up, test_lines, tear_down);
  g_test_add ("/charts/bars", Fixture, &bars, set_up, test_bars, tear_down);
  g_test_add ("/charts/signed-bars", Fixture, &bars, set_up, test_signed_bars, tear_down);
  g_test_add ("/charts/keys", Fixture, &lines, set_up, test_keys, tear_down);
  g_test_add ("/charts/menu", Fixture, &lines, set_up, test_menu, tear_down);
  return g_test_run ();
}
