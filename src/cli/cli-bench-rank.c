/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "index/kalon-index.h"
#include "taste/kalon-taste.h"

#include <string.h>

/* Results that a page of the window asks for. */
#define K 200
/* Pictures shown with each thumb. */
#define PAGE 12
/* Rows made at a time. */
#define CHUNK 4096

typedef struct
{
  gsize n_rows;
  gsize dimension;
  gsize n_features;
  KalonIndex *index;
  KalonDevice *device; /* (nullable) */
  GRand *random;
  float *features;         /* [n_rows, KALON_N_MEASURES]: the measures' part of the features */
  float *history_features; /* [largest thumbs * PAGE, n_features] */
  guint32 *shown;          /* [largest thumbs * PAGE] rows of the above */
  KalonTasteEvent *events; /* [largest thumbs] */
  float *queries;          /* [2, dimension]: the query; the taste's direction */
  float *similarities;     /* [2, n_rows] */
  KalonNeighbour best[K];
  GCancellable *cancellable;
} RankBench;

/* Milliseconds of each round. */
typedef struct
{
  guint thumbs;
  GArray *learning; /* double */
  GArray *ranking;  /* double */
  GArray *total;    /* double */
  gsize learner_size;
  gsize events_size;
  gsize features_size;
} Timing;

static void
timing_free (Timing *timing)
{
  g_array_unref (timing->learning);
  g_array_unref (timing->ranking);
  g_array_unref (timing->total);
  g_free (timing);
}

static void
fill_random (GRand *random, float *values, gsize n, double limit)
{
  for (gsize i = 0; i < n; i++)
    values[i] = (float) g_rand_double_range (random, -limit, limit);
}

static gboolean
make_rows (RankBench *bench, GError **error)
{
  g_autofree float *rows = g_new (float, CHUNK * bench->dimension);

  for (gsize first = 0; first < bench->n_rows; first += CHUNK)
    {
      gsize n = MIN (CHUNK, bench->n_rows - first);

      fill_random (bench->random, rows, n * bench->dimension, 1);
      if (!kalon_index_append (bench->index, rows, n, NULL, error))
        return FALSE;
      kalon_cli_show_progress (first + n, bench->n_rows, "making random pictures");
    }
  fill_random (bench->random, bench->features, bench->n_rows * KALON_N_MEASURES, 0.3);
  fill_random (bench->random, bench->queries, bench->dimension, 1);
  kalon_cli_end_progress ();
  return TRUE;
}

/* Pages of random pictures of which the one with the most of the first measure is liked, so that
 * there is something to learn. */
static gboolean
make_history (RankBench *bench, gsize n_events, GError **error)
{
  for (gsize i = 0; i < n_events * PAGE; i++)
    {
      guint32 row = (guint32) g_rand_int_range (bench->random, 0, (gint32) bench->n_rows);
      float *features = bench->history_features + i * bench->n_features;

      memcpy (features, bench->features + (gsize) row * KALON_N_MEASURES,
              KALON_N_MEASURES * sizeof (float));
      if (!kalon_index_get_row (bench->index, row, features + KALON_N_MEASURES, error))
        return FALSE;
      bench->shown[i] = (guint32) i;
    }
  for (gsize e = 0; e < n_events; e++)
    {
      const guint32 *page = bench->shown + e * PAGE;
      guint32 chosen = 0;

      for (guint32 i = 1; i < PAGE; i++)
        if (bench->history_features[page[i] * bench->n_features]
            > bench->history_features[page[chosen] * bench->n_features])
          chosen = i;
      bench->events[e] = (KalonTasteEvent){
        .liked = TRUE, .chosen = chosen, .n = PAGE, .pictures = page, .query = (guint32) e
      };
    }
  return TRUE;
}

/* Keeps the @K largest, best first. */
static void
take (RankBench *bench, gsize *n_best, guint32 row, float score)
{
  gsize at;

  if (*n_best == K && score <= bench->best[K - 1].similarity)
    return;
  if (*n_best < K)
    (*n_best)++;
  for (at = *n_best - 1; at > 0 && bench->best[at - 1].similarity < score; at--)
    bench->best[at] = bench->best[at - 1];
  bench->best[at] = (KalonNeighbour){ row, score };
}

/* A query with what is learned, as %KALON_ALIGNED_TASTE_WEIGHT tells. */
static gboolean
rank (RankBench *bench, const float *weights, GError **error)
{
  const float *similarities = bench->similarities;
  float *tastes = bench->similarities + bench->n_rows;
  gboolean has_direction = FALSE;
  double sum = 0;
  float factor, mean;
  gsize n_best = 0;

  /* Before anything was learned there is no direction, and a query of zeros is refused. */
  memcpy (bench->queries + bench->dimension, weights + KALON_N_MEASURES,
          bench->dimension * sizeof (float));
  for (gsize i = 0; i < bench->dimension && !has_direction; i++)
    has_direction = weights[KALON_N_MEASURES + i] != 0;
  if (!kalon_index_score (bench->index, bench->device, bench->queries, has_direction ? 2 : 1,
                          bench->similarities, bench->cancellable, error))
    return FALSE;
  if (!has_direction)
    memset (tastes, 0, bench->n_rows * sizeof (float));
  for (gsize row = 0; row < bench->n_rows; row++)
    {
      const float *measures = bench->features + row * KALON_N_MEASURES;

      for (guint i = 0; i < KALON_N_MEASURES; i++)
        tastes[row] += weights[i] * measures[i];
      sum += tastes[row];
    }
  mean = (float) (sum / (double) bench->n_rows);
  factor = KALON_ALIGNED_TASTE_WEIGHT * kalon_taste_get_spread (similarities, bench->n_rows);
  for (gsize row = 0; row < bench->n_rows; row++)
    take (bench, &n_best, (guint32) row, similarities[row] + factor * (tastes[row] - mean));
  return TRUE;
}

static double
get_milliseconds (gint64 since)
{
  return (double) (g_get_monotonic_time () - since) / 1000;
}

/* One thumb after thumbs - 1, again and again. */
static Timing *
measure (RankBench *bench, guint thumbs, guint rounds, GError **error)
{
  KalonTasteHistory history = { bench->n_features, bench->history_features, bench->events, thumbs };
  g_autoptr (KalonTasteLearner) before = kalon_taste_learner_new (bench->n_features);
  Timing *timing = g_new0 (Timing, 1);

  timing->thumbs = thumbs;
  timing->learning = g_array_new (FALSE, FALSE, sizeof (double));
  timing->ranking = g_array_new (FALSE, FALSE, sizeof (double));
  timing->total = g_array_new (FALSE, FALSE, sizeof (double));
  timing->learner_size = kalon_taste_learner_get_size (before);
  timing->events_size = thumbs * (sizeof (KalonTasteEvent) + PAGE * sizeof (guint32));
  timing->features_size = thumbs * PAGE * bench->n_features * sizeof (float);
  while (kalon_taste_learner_get_n_events (before) + 1 < thumbs)
    {
      kalon_cli_show_progress (kalon_taste_learner_get_n_events (before), thumbs, "thumbs");
      kalon_taste_learner_step (before, &history);
    }
  /* One round more: kernels are built and pages touched before the clock counts. */
  for (guint round = 0; round <= rounds; round++)
    {
      g_autoptr (KalonTasteLearner) learner = kalon_taste_learner_copy (before);
      gint64 start = g_get_monotonic_time ();
      double learning, total, ranking;

      kalon_taste_learner_step (learner, &history);
      learning = get_milliseconds (start);
      if (!rank (bench, kalon_taste_learner_get_weights (learner), error)
          || g_cancellable_set_error_if_cancelled (bench->cancellable, error))
        {
          timing_free (timing);
          return NULL;
        }
      total = get_milliseconds (start);
      ranking = total - learning;
      if (round == 0)
        continue;
      g_array_append_val (timing->learning, learning);
      g_array_append_val (timing->ranking, ranking);
      g_array_append_val (timing->total, total);
    }
  return timing;
}

/* The value that @percent of @times, sorted now, are not above. */
static double
get_percentile (GArray *times, guint percent)
{
  g_array_sort (times, kalon_bench_compare_doubles);
  return g_array_index (times, double, (times->len * percent + 99) / 100 - 1);
}

static void
add_times (JsonBuilder *builder, const char *key, GArray *times)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  kalon_cli_json_number (builder, "p50", get_percentile (times, 50));
  kalon_cli_json_number (builder, "p95", get_percentile (times, 95));
  json_builder_end_object (builder);
}

static void
print_json (const RankBench *bench, const char *device, guint rounds, GPtrArray *timings)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "bench", "rank");
  kalon_cli_json_string (builder, "device", device);
  kalon_cli_json_string (builder, "unit", "ms");
  kalon_cli_json_integer (builder, "rows", bench->n_rows);
  kalon_cli_json_integer (builder, "dimension", bench->dimension);
  kalon_cli_json_integer (builder, "rounds", rounds);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < timings->len; i++)
    {
      const Timing *timing = g_ptr_array_index (timings, i);

      json_builder_begin_object (builder);
      kalon_cli_json_integer (builder, "thumbs", timing->thumbs);
      add_times (builder, "total", timing->total);
      add_times (builder, "learning", timing->learning);
      add_times (builder, "ranking", timing->ranking);
      kalon_cli_json_integer (builder, "learner_bytes", timing->learner_size);
      kalon_cli_json_integer (builder, "events_bytes", timing->events_size);
      kalon_cli_json_integer (builder, "features_bytes", timing->features_size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

static void
print_text (const RankBench *bench, const char *device, guint rounds, GPtrArray *timings)
{
  kalon_cli_print ("thumb to re-ranked list, %" G_GSIZE_FORMAT " pictures of %" G_GSIZE_FORMAT
                   " on %s, ms of %u rounds (95 %% in brackets)\n",
                   bench->n_rows, bench->dimension, device, rounds);
  for (guint i = 0; i < timings->len; i++)
    {
      const Timing *timing = g_ptr_array_index (timings, i);

      kalon_cli_print (
          "  thumb %4u: %.1f (%.1f) = learning %.1f (%.1f) + ranking %.1f (%.1f); "
          "profile %" G_GSIZE_FORMAT " kB, features of its pictures %" G_GSIZE_FORMAT " kB\n",
          timing->thumbs, get_percentile (timing->total, 50), get_percentile (timing->total, 95),
          get_percentile (timing->learning, 50), get_percentile (timing->learning, 95),
          get_percentile (timing->ranking, 50), get_percentile (timing->ranking, 95),
          (timing->learner_size + timing->events_size) / 1000, timing->features_size / 1000);
    }
}

static KalonCliStatus
bench_rank (KalonCli *cli, RankBench *bench, const char *directory, const char *device,
            GArray *sizes, guint rounds)
{
  g_autoptr (GPtrArray) timings = g_ptr_array_new_with_free_func ((GDestroyNotify) timing_free);
  g_autoptr (KalonIndex) index = NULL;
  g_autoptr (KalonDevice) opened = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (directory, "rows.kemb", NULL);
  /* The stamp of a model that there is not. */
  g_autofree char *hash = g_strnfill (64, '0');
  g_autofree float *features = g_new (float, bench->n_rows *KALON_N_MEASURES);
  g_autofree float *queries = g_new (float, 2 * bench->dimension);
  g_autofree float *similarities = g_new (float, 2 * bench->n_rows);
  g_autofree float *history_features = NULL;
  g_autofree guint32 *shown = NULL;
  g_autofree KalonTasteEvent *events = NULL;
  gsize largest = 0;

  for (guint i = 0; i < sizes->len; i++)
    largest = MAX (largest, g_array_index (sizes, gsize, i));
  if (g_strcmp0 (cli->device, "none") != 0)
    opened = kalon_device_open (cli->device, &error);
  if (error == NULL)
    index = kalon_index_open (path, hash, bench->dimension, &error);
  if (index == NULL)
    return kalon_cli_fail (cli, error);
  bench->n_features = KALON_TASTE_N_FEATURES (bench->dimension);
  bench->index = index;
  bench->device = opened;
  bench->random = random;
  bench->features = features;
  bench->queries = queries;
  bench->similarities = similarities;
  bench->history_features = history_features = g_new (float, largest *PAGE * bench->n_features);
  bench->shown = shown = g_new (guint32, largest * PAGE);
  bench->events = events = g_new (KalonTasteEvent, largest);
  if (!make_rows (bench, &error) || !make_history (bench, largest, &error))
    return kalon_cli_fail (cli, error);
  for (guint i = 0; i < sizes->len; i++)
    {
      Timing *timing = measure (bench, (guint) g_array_index (sizes, gsize, i), rounds, &error);

      if (timing == NULL)
        return kalon_cli_fail (cli, error);
      g_ptr_array_add (timings, timing);
    }
  kalon_cli_end_progress ();
  if (cli->json)
    print_json (bench, device, rounds, timings);
  else
    print_text (bench, device, rounds, timings);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_rank (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  int rows = 100000, dimension = 512, rounds = 20;
  g_autofree char *thumbs = NULL;
  g_autofree char *device = NULL;
  g_autofree char *directory = NULL;
  g_autofree RankBench *bench = NULL;
  g_autoptr (GArray) sizes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status;
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &rows, "Pictures to rank (100000)", "N" },
    { "dimension", 0, 0, G_OPTION_ARG_INT, &dimension, "Length of their embeddings (512)", "N" },
    { "thumbs", 0, 0, G_OPTION_ARG_FILENAME, &thumbs, "Which thumb is given (20,100,256)", "N,…" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Rounds (20)", "N" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  sizes = kalon_bench_parse_sizes (thumbs != NULL ? thumbs : "20,100,256");
  if (sizes == NULL || rounds < 1 || rows < 1 || dimension < 1 || dimension > 4096)
    return kalon_cli_usage (command,
                            "--thumbs takes numbers from 1 to 4096, --rows and --rounds at "
                            "least 1, --dimension 1 to 4096.");
  if (!kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);
  kalon_cli_watch_signals (cli);
  directory = kalon_bench_make_directory (&error);
  if (directory == NULL)
    return kalon_cli_fail (cli, error);
  bench = g_new0 (RankBench, 1);
  bench->n_rows = (gsize) rows;
  bench->dimension = (gsize) dimension;
  bench->cancellable = cli->cancellable;
  status = bench_rank (cli, bench, directory, device, sizes, (guint) rounds);
  kalon_bench_remove_directory (directory);
  return status;
}

const KalonCliCommand kalon_bench_rank = {
  .name = "bench rank",
  .arguments = "",
  .summary = "Milliseconds from a thumb to the list ranked anew, over random pictures.",
  .details = "Learning from the thumb, scoring every picture by query and taste, and choosing the\n"
             "best 200. Also the memory of a profile.",
  .run = run_rank,
};
