/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole application over a library that exists (make-library makes one): process start to the
 * first usable frame, key press to refreshed results, frames while the grid is flung, and memory
 * after minutes of use.
 *
 *   xvfb-run -s "-screen 0 1280x1024x24" bench-window --library DIR [--minutes N] [--queries N]
 *
 * - Usable: a frame was painted in which every visible cell has its thumbnail.
 * - A key press is the last letter of a word into the entry. Refreshed: the pictures on screen are
 *   those of the new query, baseline or aligned, and were painted. The wait in which further keys
 *   may come (the entry's search delay) is part of it.
 * - Flinging: 1,500 px more in each frame. The time between two frames; 16.7 ms is all that a
 *   screen of 60 Hz takes.
 * - Use: searches, flings, the viewer, thumbs up and undone, for the minutes asked for.
 */

#include "config.h"

#include "kalon-application.h"
#include "results/kalon-results-grid.h"
#include "settings/kalon-settings.h"
#include "window/kalon-window.h"

#define FLING_PIXELS 1500
#define FLING_FRAMES 240

static const char *const words[] = {
  "a dog",    "a lake",   "the sea",  "snow",     "a bridge",  "a castle",   "a rose",
  "a boat",   "a train",  "a child",  "coffee",   "a clock",   "a guitar",   "fireworks",
  "a surfer", "a church", "a forest", "a street", "a wedding", "a mountain",
};

typedef struct
{
  GApplication *application;
  gint64 started;
  int minutes;
  int n_queries;
  GtkWidget *grid;
  GtkWidget *entry;
  GArray *first_ms, *aligned_ms, *fling_ms; /* double */
  double usable_ms;
} Bench;

static double
get_milliseconds (gint64 since)
{
  return (double) (g_get_monotonic_time () - since) / 1000;
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
iterate (void)
{
  g_main_context_iteration (NULL, TRUE);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_CONTINUE;
}

/* Until a frame that was begun after this moment has been painted. */
static void
wait_frame (Bench *bench)
{
  guint n_ticks = 0;
  guint id = gtk_widget_add_tick_callback (bench->grid, tick_cb, &n_ticks, NULL);

  while (n_ticks < 2)
    iterate ();
  gtk_widget_remove_tick_callback (bench->grid, id);
}

static KalonSearch *
get_search (Bench *bench)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (bench->application));
  g_autoptr (KalonSession) session = NULL;

  g_object_get (window, "session", &session, NULL);
  return kalon_session_get_search (session);
}

/* Every visible picture has its thumbnail. */
static gboolean
is_settled (Bench *bench)
{
  KalonResultsModel *model = kalon_search_get_model (get_search (bench));
  guint first, n_visible;

  kalon_results_grid_get_visible (KALON_RESULTS_GRID (bench->grid), &first, &n_visible);
  for (guint position = first; position < first + n_visible; position++)
    {
      KalonResultItem *item = kalon_results_model_peek_item (
          model, kalon_results_model_get_picture_id (model, position));

      if (item == NULL || kalon_result_item_get_texture (item) == NULL)
        return FALSE;
    }
  return n_visible > 0;
}

static void
wait_settled (Bench *bench)
{
  while (!is_settled (bench))
    iterate ();
}

static GtkAdjustment *
get_adjustment (Bench *bench)
{
  return gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (find_widget (bench->grid, GTK_TYPE_SCROLLED_WINDOW)));
}

static void
search (Bench *bench, const char *text)
{
  KalonSearch *found = get_search (bench);
  gint64 start;
  double ms;

  /* As if typed: all but the last letter stands there already. */
  g_autofree char *head = g_strndup (text, strlen (text) - 1);

  gtk_editable_set_text (GTK_EDITABLE (bench->entry), head);
  for (gint64 wait = g_get_monotonic_time (); get_milliseconds (wait) < 20;)
    g_main_context_iteration (NULL, FALSE);
  start = g_get_monotonic_time ();
  gtk_editable_set_text (GTK_EDITABLE (bench->entry), text);
  while (g_strcmp0 (kalon_search_get_text (found), text) != 0 || kalon_search_is_busy (found))
    iterate ();
  wait_frame (bench);
  ms = get_milliseconds (start);
  g_array_append_val (bench->first_ms, ms);
  while (!kalon_search_is_aligned (found) && kalon_search_get_alignment_problem (found) == NULL)
    iterate ();
  wait_frame (bench);
  ms = get_milliseconds (start);
  g_array_append_val (bench->aligned_ms, ms);
}

static gboolean
fling_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkAdjustment *adjustment = user_data;
  double value = gtk_adjustment_get_value (adjustment) + FLING_PIXELS;
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  gtk_adjustment_set_value (adjustment, value < end ? value : 0);
  return G_SOURCE_CONTINUE;
}

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  gint64 now = g_get_monotonic_time ();

  g_array_append_val ((GArray *) user_data, now);
}

static void
fling (Bench *bench, guint n_frames)
{
  g_autoptr (GArray) painted = g_array_new (FALSE, FALSE, sizeof (gint64));
  GdkFrameClock *clock = gtk_widget_get_frame_clock (bench->grid);
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), painted);
  guint tick = gtk_widget_add_tick_callback (bench->grid, fling_cb, get_adjustment (bench), NULL);

  while (painted->len < n_frames)
    iterate ();
  gtk_widget_remove_tick_callback (bench->grid, tick);
  g_signal_handler_disconnect (clock, handler);
  for (guint i = 1; i < painted->len; i++)
    {
      double ms
          = (double) (g_array_index (painted, gint64, i) - g_array_index (painted, gint64, i - 1))
            / 1000;

      g_array_append_val (bench->fling_ms, ms);
    }
}

static void
browse (Bench *bench)
{
  KalonSearch *found = get_search (bench);

  gtk_editable_set_text (GTK_EDITABLE (bench->entry), "");
  while (kalon_search_has_query (found) || kalon_search_is_busy (found))
    iterate ();
  wait_frame (bench);
}

/* Of this process, MiB. */
static double
get_memory (const char *field)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, field);
  return line != NULL ? g_ascii_strtod (line + strlen (field), NULL) / 1024 : 0;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
quantile (GArray *values, double q)
{
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, double, (guint) (q * (values->len - 1))) : 0;
}

static void
report (const char *name, GArray *values)
{
  g_print ("%-36s p50 %7.1f ms   p95 %7.1f ms   max %7.1f ms   (%u)\n", name,
           quantile (values, 0.5), quantile (values, 0.95), quantile (values, 1), values->len);
}

/* Tells the resident memory once a minute. */
static void
use (Bench *bench)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (bench->application));
  gint64 start = g_get_monotonic_time ();
  int minute = 0;

  for (guint round = 0; minute < bench->minutes; round++)
    {
      search (bench, words[round % G_N_ELEMENTS (words)]);
      fling (bench, 30);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show-all", NULL);
      fling (bench, 120);
      if (round % 4 == 0)
        {
          browse (bench);
          fling (bench, 120);
        }
      wait_settled (bench);
      search (bench, words[round % G_N_ELEMENTS (words)]);
      g_signal_emit_by_name (bench->grid, "thumb", 0u, TRUE);
      wait_frame (bench);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.undo-thumb", NULL);
      g_signal_emit_by_name (bench->grid, "opened", 0u);
      for (gint64 wait = g_get_monotonic_time (); get_milliseconds (wait) < 400;)
        g_main_context_iteration (NULL, FALSE);
      kalon_window_search (KALON_WINDOW (window), words[round % G_N_ELEMENTS (words)]);
      wait_frame (bench);
      if (get_milliseconds (start) < 60000.0 * (minute + 1))
        continue;
      minute++;
      g_print ("minute %2d: %5u rounds, resident %5.0f MiB (own %5.0f, files %5.0f)\n", minute,
               round + 1, get_memory ("VmRSS:"), get_memory ("RssAnon:"), get_memory ("RssFile:"));
    }
}

static void
measure_searches (Bench *bench)
{
  guint n_results = 0;

  /* The model is loaded by the first one. */
  search (bench, "a horse");
  g_print ("%-36s     %7.1f ms, aligned %.1f ms\n", "first search", quantile (bench->first_ms, 1),
           quantile (bench->aligned_ms, 1));
  g_array_set_size (bench->first_ms, 0);
  g_array_set_size (bench->aligned_ms, 0);
  for (int i = 0; i < bench->n_queries; i++)
    {
      search (bench, words[(guint) i % G_N_ELEMENTS (words)]);
      n_results
          += g_list_model_get_n_items (G_LIST_MODEL (kalon_search_get_model (get_search (bench))));
    }
  report ("key press to the baseline", bench->first_ms);
  report ("key press to the aligned ranking", bench->aligned_ms);
  g_print ("%-36s     %7u\n", "results of a query, mean",
           n_results / (guint) MAX (bench->n_queries, 1));
}

static gboolean
measure (gpointer user_data)
{
  Bench *bench = user_data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (bench->application));

  bench->grid = find_widget (GTK_WIDGET (window), KALON_TYPE_RESULTS_GRID);
  bench->entry = find_widget (GTK_WIDGET (window), GTK_TYPE_TEXT);
  wait_settled (bench);
  wait_frame (bench);
  bench->usable_ms = get_milliseconds (bench->started);
  g_print ("%-36s     %7.1f ms\n", "start to first usable frame", bench->usable_ms);
  g_print ("%-36s     %7.0f MiB\n", "resident then", get_memory ("VmRSS:"));

  measure_searches (bench);
  browse (bench);
  wait_settled (bench);
  fling (bench, FLING_FRAMES);
  report ("frames while flinging", bench->fling_ms);
  use (bench);
  g_print ("%-36s     %7.0f MiB (most: %.0f; own %.0f)\n", "resident in the end",
           get_memory ("VmRSS:"), get_memory ("VmHWM:"), get_memory ("RssAnon:"));
  gtk_window_destroy (window);
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_LOW, measure, user_data, NULL);
}

int
main (int argc, char **argv)
{
  Bench bench = { .started = g_get_monotonic_time (), .n_queries = 100 };
  g_autofree char *library = NULL;
  const GOptionEntry options[] = {
    { "library", 0, 0, G_OPTION_ARG_FILENAME, &library, "The library to open", "DIR" },
    { "minutes", 0, 0, G_OPTION_ARG_INT, &bench.minutes, "Minutes of use (0)", "N" },
    { "queries", 0, 0, G_OPTION_ARG_INT, &bench.n_queries, "Searches to time (100)", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *argument = NULL;
  char *arguments[3] = { argv[0] };
  int status;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || library == NULL)
    {
      g_printerr ("bench-window: %s\n", error != NULL ? error->message : "takes --library DIR");
      return 2;
    }
  argument = g_strdup_printf ("--library=%s", library);
  arguments[1] = argument;
  bench.first_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.aligned_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.fling_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.application = G_APPLICATION (kalon_application_new ());
  g_signal_connect_after (bench.application, "activate", G_CALLBACK (activated_cb), &bench);
  status = g_application_run (bench.application, 2, arguments);
  g_object_unref (bench.application);
  g_array_unref (bench.first_ms);
  g_array_unref (bench.aligned_ms);
  g_array_unref (bench.fling_ms);
  return status;
}
