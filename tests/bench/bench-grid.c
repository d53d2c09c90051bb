/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The grid over N synthetic pictures: time to the first frame, time between frames while it jumps
 * to random places and while it scrolls, thumbnails on screen after a jump, and memory.
 *
 *   xvfb-run -s "-screen 0 1280x1024x24" tests/bench/bench-grid [--items N] [--frames N]
 *
 * As peers.md 3.4 measured a bare GtkGridView. A thumbnail is made of its id (256 x 171, noise that
 * cannot be shared), after a wait that stands for reading and decoding a stored one.
 */

#include <time.h>

#include <adwaita.h>

#include "results/kalon-results-grid.h"
#include "window/kalon-ui.h"

#define WIDTH 256
#define HEIGHT 171
/* A stored thumbnail is read and decoded in about that time. */
#define LOAD_MICROSECONDS 1500

typedef enum
{
  WARM_UP,
  JUMP,
  SCROLL,
  SETTLE,
  DONE,
} Phase;

typedef struct
{
  GtkWindow *window;
  KalonResultsGrid *grid;
  KalonResultsModel *model;
  KalonThumbnailQueue *queue;
  GRand *random;
  guint n_items, n_frames;

  Phase phase;
  guint frame;
  gint64 started, last_frame, settle_start;
  double first_frame_ms;
  double last_cpu_ms;
  GArray *jump_ms, *scroll_ms, *settle_ms; /* double: wall clock */
  GArray *jump_cpu_ms, *scroll_cpu_ms;     /* double: of the main thread */
} Bench;

static GdkTexture *
load (gint64 id, KalonPicture **picture, gpointer user_data, GCancellable *cancellable,
      GError **error)
{
  guint8 *pixels = g_malloc (WIDTH * HEIGHT * 3);
  g_autoptr (GBytes) bytes = NULL;
  guint32 state = (guint32) id * 2654435761u | 1;
  KalonPicture known = { .id = id, .width = 4000, .height = 2672 };

  g_usleep (LOAD_MICROSECONDS);
  for (guint i = 0; i < WIDTH * HEIGHT * 3; i++)
    {
      state = state * 1664525u + 1013904223u;
      pixels[i] = (guint8) (state >> 24);
    }
  known.path = g_strdup_printf ("/pictures/%08" G_GINT64_FORMAT ".jpeg", id);
  *picture = kalon_picture_copy (&known);
  g_free (known.path);
  bytes = g_bytes_new_take (pixels, WIDTH * HEIGHT * 3);
  return gdk_memory_texture_new (WIDTH, HEIGHT, GDK_MEMORY_R8G8B8, bytes, WIDTH * 3);
}

static double
get_cpu_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static GtkAdjustment *
get_adjustment (Bench *bench)
{
  GtkWidget *scrolled = gtk_widget_get_first_child (GTK_WIDGET (bench->grid));

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

static void
jump (Bench *bench)
{
  GtkAdjustment *adjustment = get_adjustment (bench);
  double last = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  gtk_adjustment_set_value (adjustment, g_rand_double_range (bench->random, 0, last));
}

/* Every visible picture has its thumbnail. */
static gboolean
is_settled (Bench *bench)
{
  guint first, n_visible;

  kalon_results_grid_get_visible (bench->grid, &first, &n_visible);
  for (guint position = first; position < first + n_visible; position++)
    {
      KalonResultItem *item = kalon_results_model_peek_item (
          bench->model, kalon_results_model_get_picture_id (bench->model, position));

      if (item == NULL || kalon_result_item_get_texture (item) == NULL)
        return FALSE;
    }
  return n_visible > 0;
}

static void
next_phase (Bench *bench, Phase phase)
{
  bench->phase = phase;
  bench->frame = 0;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();
  double ms = (double) (now - bench->last_frame) / 1000;
  double cpu_now = get_cpu_ms (), cpu_ms = cpu_now - bench->last_cpu_ms;
  GtkAdjustment *adjustment = get_adjustment (bench);

  bench->last_frame = now;
  bench->last_cpu_ms = cpu_now;
  bench->frame++;
  switch (bench->phase)
    {
    case WARM_UP:
      if (bench->frame > 30)
        next_phase (bench, JUMP);
      break;
    case JUMP:
      if (bench->frame > 1)
        {
          g_array_append_val (bench->jump_ms, ms);
          g_array_append_val (bench->jump_cpu_ms, cpu_ms);
        }
      jump (bench);
      if (bench->frame > bench->n_frames)
        next_phase (bench, SCROLL);
      break;
    case SCROLL:
      if (bench->frame > 2)
        {
          g_array_append_val (bench->scroll_ms, ms);
          g_array_append_val (bench->scroll_cpu_ms, cpu_ms);
        }
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 40);
      if (bench->frame > bench->n_frames)
        {
          next_phase (bench, SETTLE);
          bench->settle_start = 0;
        }
      break;
    case SETTLE:
      if (bench->settle_start != 0 && is_settled (bench))
        {
          double settle = (double) (now - bench->settle_start) / 1000;

          g_array_append_val (bench->settle_ms, settle);
          bench->settle_start = 0;
        }
      if (bench->settle_start == 0)
        {
          if (bench->settle_ms->len >= 20)
            {
              next_phase (bench, DONE);
              break;
            }
          jump (bench);
          bench->settle_start = now;
        }
      break;
    case DONE:
      gtk_window_destroy (bench->window);
      bench->window = NULL;
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *bench)
{
  if (bench->first_frame_ms == 0)
    bench->first_frame_ms = (double) (g_get_monotonic_time () - bench->started) / 1000;
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

static void
report (const char *name, GArray *values)
{
  g_print ("%-28s median %6.1f ms   p95 %6.1f ms   max %6.1f ms   (%u)\n", name,
           quantile (values, 0.5), quantile (values, 0.95), quantile (values, 1), values->len);
}

int
main (int argc, char **argv)
{
  Bench bench = { .n_items = 100000, .n_frames = 300 };
  const GOptionEntry options[] = {
    { "items", 0, 0, G_OPTION_ARG_INT, &bench.n_items, "Pictures in the grid", "N" },
    { "frames", 0, 0, G_OPTION_ARG_INT, &bench.n_frames, "Frames of each measurement", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("bench-grid: %s\n", error->message);
      return 2;
    }
  bench.started = g_get_monotonic_time ();
  kalon_ui_init ();
  adw_init ();

  bench.random = g_rand_new_with_seed (1);
  bench.jump_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.scroll_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.settle_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.jump_cpu_ms = g_array_new (FALSE, FALSE, sizeof (double));
  bench.scroll_cpu_ms = g_array_new (FALSE, FALSE, sizeof (double));
  for (gint64 id = 1; id <= bench.n_items; id++)
    g_array_append_val (ids, id);
  bench.model = kalon_results_model_new ();
  kalon_results_model_set_pictures (bench.model, ids);
  bench.queue = kalon_thumbnail_queue_new (load, NULL, NULL);
  bench.grid = g_object_new (KALON_TYPE_RESULTS_GRID, NULL);
  kalon_results_grid_set_sources (bench.grid, bench.model, bench.queue);
  bench.window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (bench.window, 1280, 800);
  gtk_window_set_child (bench.window, GTK_WIDGET (bench.grid));
  gtk_window_present (bench.window);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench.window)), "after-paint",
                    G_CALLBACK (after_paint_cb), &bench);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench.window), tick_cb, &bench, NULL);
  bench.last_frame = g_get_monotonic_time ();
  while (bench.window != NULL)
    g_main_context_iteration (NULL, TRUE);

  g_print ("%u pictures, GTK %u.%u.%u\n", bench.n_items, gtk_get_major_version (),
           gtk_get_minor_version (), gtk_get_micro_version ());
  g_print ("%-28s %13.1f ms\n", "process start to first frame", bench.first_frame_ms);
  report ("frames, a jump in each", bench.jump_ms);
  report ("  main thread's CPU", bench.jump_cpu_ms);
  report ("frames, scrolling 40 px each", bench.scroll_ms);
  report ("  main thread's CPU", bench.scroll_cpu_ms);
  report ("jump to last thumbnail", bench.settle_ms);
  g_print ("%-28s %11.0f MiB, at most %.0f MiB; textures %.0f MiB\n", "resident memory",
           get_memory ("VmRSS:"), get_memory ("VmHWM:"),
           (double) kalon_thumbnail_queue_get_size (bench.queue) / 1048576);

  g_object_unref (bench.queue);
  g_object_unref (bench.model);
  g_rand_free (bench.random);
  g_array_unref (bench.jump_ms);
  g_array_unref (bench.scroll_ms);
  g_array_unref (bench.settle_ms);
  g_array_unref (bench.jump_cpu_ms);
  g_array_unref (bench.scroll_cpu_ms);
  return 0;
}
