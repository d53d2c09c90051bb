/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "errors/kalon-errors.h"

#include <math.h>

#include <glib/gstdio.h>

/* Long enough to average over the scheduler, short enough for several rounds. */
#define ROUND_SECONDS 1.0

/* One contender at one size: the rates of all rounds. */
typedef struct
{
  char *who;
  gsize n;
  GArray *rates; /* double */
  double ratio;  /* median over the rounds of ours / this one; 1 for ours */
} Run;

static void
run_free (Run *run)
{
  g_free (run->who);
  g_array_unref (run->rates);
  g_free (run);
}

static Run *
run_new (const char *who, gsize n)
{
  Run *run = g_new0 (Run, 1);

  run->who = g_strdup (who);
  run->n = n;
  run->rates = g_array_new (FALSE, FALSE, sizeof (double));
  return run;
}

int
kalon_bench_compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
get_median (GArray *values)
{
  g_autoptr (GArray) sorted = g_array_copy (values);
  const double *v;

  g_array_sort (sorted, kalon_bench_compare_doubles);
  v = (const double *) sorted->data;
  return (v[(sorted->len - 1) / 2] + v[sorted->len / 2]) / 2;
}

static gboolean
measure_ours (const KalonBench *bench, KalonBenchFunc func, gsize n, double *rate, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  double seconds = 0;
  gsize total = 0;

  while (seconds < ROUND_SECONDS)
    {
      gsize done = func (bench->data, n, error);

      if (done == 0)
        return FALSE;
      total += done;
      seconds = (g_get_monotonic_time () - start) / (double) G_USEC_PER_SEC;
    }
  *rate = total / seconds;
  return TRUE;
}

/* All contenders at one size, in turns. Appends to @runs (element-type Run). */
static gboolean
measure_size (KalonCli *cli, const KalonBench *bench, KalonPeer *peer, gsize n, GPtrArray *runs,
              GError **error)
{
  guint first = runs->len;
  GStrv names = peer != NULL ? kalon_peer_get_names (peer) : NULL;

  g_ptr_array_add (runs, run_new (bench->ours, n));
  if (bench->also != NULL)
    g_ptr_array_add (runs, run_new (bench->also, n));
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    g_ptr_array_add (runs, run_new (names[i], n));

  /* Kernels are built and pages touched before the clock runs. */
  if (bench->func (bench->data, n, error) == 0
      || (bench->also != NULL && bench->also_func (bench->data, n, error) == 0))
    return FALSE;
  for (guint round = 0; round < bench->rounds; round++)
    {
      g_autofree char *detail
          = g_strdup_printf ("rounds of %s, batch %" G_GSIZE_FORMAT, bench->name, n);

      kalon_cli_show_progress (round, bench->rounds, detail);
      for (guint i = first; i < runs->len; i++)
        {
          Run *run = runs->pdata[i];
          double rate;
          gboolean done;

          if (i == first)
            done = measure_ours (bench, bench->func, n, &rate, error);
          else if (g_strcmp0 (run->who, bench->also) == 0)
            done = measure_ours (bench, bench->also_func, n, &rate, error);
          else
            done = kalon_peer_measure (peer, run->who, n, &rate, error);

          if (!done || g_cancellable_set_error_if_cancelled (cli->cancellable, error))
            return FALSE;
          g_array_append_val (run->rates, rate);
        }
    }

  for (guint i = first; i < runs->len; i++)
    {
      Run *ours = runs->pdata[first];
      Run *run = runs->pdata[i];
      g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

      for (guint round = 0; round < bench->rounds; round++)
        {
          double ratio = g_array_index (ours->rates, double, round)
                         / g_array_index (run->rates, double, round);
          g_array_append_val (ratios, ratio);
        }
      run->ratio = get_median (ratios);
    }
  return TRUE;
}

static void
add_run (JsonBuilder *builder, const KalonBench *bench, const Run *run)
{
  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "who", run->who);
  kalon_cli_json_integer (builder, "n", run->n);
  kalon_cli_json_number (builder, "median", get_median (run->rates));
  kalon_cli_json_number (builder, "ratio", run->ratio);
  if (bench->per_step > 0)
    kalon_cli_json_number (builder, "steps_per_second",
                           get_median (run->rates) / (run->n * bench->per_step));
  json_builder_set_member_name (builder, "rates");
  json_builder_begin_array (builder);
  for (guint i = 0; i < run->rates->len; i++)
    json_builder_add_double_value (builder, g_array_index (run->rates, double, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_json (const KalonBench *bench, KalonPeer *peer, GPtrArray *runs)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();
  gsize largest = g_array_index (bench->sizes, gsize, bench->sizes->len - 1);

  kalon_cli_json_string (builder, "bench", bench->name);
  kalon_cli_json_string (builder, "model", bench->model);
  kalon_cli_json_string (builder, "device", bench->device);
  kalon_cli_json_string (builder, "unit", bench->unit);
  json_builder_set_member_name (builder, "ratios");
  json_builder_begin_object (builder);
  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = runs->pdata[i];

      if (run->n == largest && !g_str_equal (run->who, bench->ours))
        {
          g_autofree char *key = g_strdup_printf ("%s/%s", bench->ours, run->who);
          kalon_cli_json_number (builder, key, run->ratio);
        }
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < runs->len; i++)
    add_run (builder, bench, runs->pdata[i]);
  json_builder_end_array (builder);
  if (peer != NULL)
    {
      json_builder_set_member_name (builder, "peer");
      json_builder_add_value (
          builder, json_node_init_object (json_node_alloc (), kalon_peer_get_description (peer)));
    }
  kalon_cli_json_print (builder);
}

static void
print_text (const KalonBench *bench, GPtrArray *runs)
{
  kalon_cli_print ("%s on %s, median of %u rounds\n", bench->name, bench->device, bench->rounds);
  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = runs->pdata[i];

      kalon_cli_print ("  n %4" G_GSIZE_FORMAT "  %-20s %10.1f %s", run->n, run->who,
                       get_median (run->rates), bench->unit);
      if (bench->per_step > 0)
        kalon_cli_print ("  %8.1f steps/s", get_median (run->rates) / (run->n * bench->per_step));
      if (!g_str_equal (run->who, bench->ours))
        kalon_cli_print ("  %s is %.2f times that", bench->ours, run->ratio);
      kalon_cli_print ("\n");
    }
}

KalonCliStatus
kalon_bench_run (KalonCli *cli, const KalonBench *bench)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) run_free);
  g_autoptr (KalonPeer) peer = NULL;
  g_autoptr (GError) error = NULL;

  if (bench->peer != NULL)
    {
      peer = kalon_peer_start (bench->peer, &error);
      if (peer == NULL)
        return kalon_cli_fail (cli, error);
    }
  for (guint i = 0; i < bench->sizes->len; i++)
    if (!measure_size (cli, bench, peer, g_array_index (bench->sizes, gsize, i), runs, &error))
      return kalon_cli_fail (cli, error);
  kalon_cli_end_progress ();
  if (cli->json)
    print_json (bench, peer, runs);
  else
    print_text (bench, runs);
  return KALON_CLI_DONE;
}

GArray *
kalon_bench_parse_sizes (const char *text)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      guint64 number;
      gsize size;

      /* A batch of 4096 pictures of 224 x 224 is 2.5 GB of pixels. */
      if (!g_ascii_string_to_unsigned (parts[i], 10, 1, 4096, &number, NULL))
        return NULL;
      size = number;
      g_array_append_val (sizes, size);
    }
  return sizes->len > 0 ? g_steal_pointer (&sizes) : NULL;
}

char *
kalon_bench_make_directory (GError **error)
{
  return g_dir_make_tmp ("kalon-bench-XXXXXX", error);
}

void
kalon_bench_remove_directory (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_unlink (path) != 0)
        kalon_bench_remove_directory (path);
    }
  g_rmdir (directory);
}

void
kalon_bench_fill_rows (float *rows, gsize n, gsize dimension, guint64 *state)
{
  for (gsize row = 0; row < n; row++)
    {
      float *values = rows + row * dimension;
      double sum = 0;

      for (gsize i = 0; i < dimension; i++)
        {
          *state = *state * G_GUINT64_CONSTANT (6364136223846793005)
                   + G_GUINT64_CONSTANT (1442695040888963407);
          values[i] = (gint32) (*state >> 32) / 2147483648.0f;
          sum += values[i] * values[i];
        }
      for (gsize i = 0; i < dimension; i++)
        values[i] = (float) (values[i] / sqrt (sum));
    }
}
