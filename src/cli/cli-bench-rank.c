/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "aesthetics/kalon-aesthetics.h"
#include "feedback/kalon-feedback.h"
#include "library/kalon-library.h"
#include "models/kalon-models.h"
#include "searcher/kalon-searcher.h"

#include <glib/gstdio.h>

/* Where no model is named: the shape that most published heads and libraries are of. */
#define SHAPE "vit-b-32"
/* Results that a page of the window asks for. */
#define LIMIT 200
/* Pictures shown with each thumb. */
#define PAGE 12
/* Rows made at a time. */
#define CHUNK 4096

#define QUERY "a quiet lake at dawn"
#define REPHRASED "a quiet lake at dawn, soft light, mist over calm water"

/* A library as an index run leaves it, of pictures that there are not, and what a window has open.
 */
typedef struct
{
  gsize n_pictures;
  char *directory;
  char *model_directory;
  char *model_hash;
  gsize dimension;
  GRand *random;
  KalonSearcher *searcher;
  KalonFeedback *feedback;
  GCancellable *cancellable;
} RankBench;

/* Milliseconds of each round. */
typedef struct
{
  guint thumbs;
  GArray *storing; /* double */
  GArray *ranking; /* double: learning, too */
  GArray *total;   /* double */
  gsize profile_size;
} Timing;

static void
timing_free (Timing *timing)
{
  g_array_unref (timing->storing);
  g_array_unref (timing->ranking);
  g_array_unref (timing->total);
  g_free (timing);
}

static char *
dup_content_hash (gsize number)
{
  return g_strdup_printf ("%064" G_GSIZE_MODIFIER "x", number);
}

static gboolean
store_picture (RankBench *bench, KalonLibrary *library, gsize number, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/pictures/%" G_GSIZE_FORMAT ".jpeg", number);
  g_autofree char *hash = dup_content_hash (number);
  KalonPicture picture = {
    .path = path,
    .size = 1,
    .content_hash = hash,
    .width = 4000,
    .height = 3000,
    /* Hashes that are far apart: nothing folds. */
    .perceptual_hash = (guint64) g_rand_int (bench->random) << 32 | g_rand_int (bench->random),
  };
  float measures[KALON_N_MEASURES];

  for (guint i = 0; i < KALON_N_MEASURES; i++)
    measures[i] = (float) g_rand_double_range (bench->random, 0, 100);
  return kalon_library_store_picture (library, &picture, error)
         && kalon_library_store_row (library, bench->model_hash, picture.id, number, error)
         && kalon_library_store_measures (library, picture.id, measures, error)
         && kalon_library_store_aesthetic (library, bench->model_hash, picture.id,
                                           g_rand_double_range (bench->random, 2, 7), error);
}

static gboolean
store_chunk (RankBench *bench, KalonLibrary *library, KalonIndex *index, gsize first, gsize n,
             GError **error)
{
  g_autofree float *rows = g_new (float, n * bench->dimension);

  for (gsize i = 0; i < n * bench->dimension; i++)
    rows[i] = (float) g_rand_double_range (bench->random, -1, 1);
  if (!kalon_index_append (index, rows, n, NULL, error) || !kalon_library_begin (library, error))
    return FALSE;
  for (gsize i = first; i < first + n; i++)
    if (!store_picture (bench, library, i, error))
      {
        kalon_library_rollback (library);
        return FALSE;
      }
  return kalon_library_commit (library, error);
}

static gboolean
make_library (RankBench *bench, GError **error)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (bench->directory, error);
  g_autoptr (KalonIndex) index = NULL;

  if (library == NULL || !kalon_library_lock (library, error))
    return FALSE;
  index = kalon_library_open_index (library, bench->model_hash, bench->dimension, error);
  if (index == NULL
      || !kalon_library_set_aesthetic_models (library, bench->model_hash, "bench", NULL, error))
    return FALSE;
  for (gsize first = 0; first < bench->n_pictures; first += CHUNK)
    {
      gsize n = MIN (CHUNK, bench->n_pictures - first);

      if (g_cancellable_set_error_if_cancelled (bench->cancellable, error)
          || !store_chunk (bench, library, index, first, n, error))
        return FALSE;
      kalon_cli_show_progress (first + n, bench->n_pictures, "making pictures");
    }
  kalon_cli_end_progress ();
  return TRUE;
}

/* A thumb on one of a page of random pictures. @id: (out): to take it back */
static gboolean
give_thumb (RankBench *bench, gint64 *id, GError **error)
{
  char *shown[PAGE + 1] = { NULL };
  g_autofree char *query = g_strdup_printf ("%u", g_rand_int (bench->random));
  gboolean given;

  for (guint i = 0; i < PAGE; i++)
    shown[i] = dup_content_hash (
        (gsize) g_rand_int_range (bench->random, 0, (gint32) bench->n_pictures));
  given = kalon_feedback_add (bench->feedback, query, TRUE,
                              (guint) g_rand_int_range (bench->random, 0, PAGE),
                              (const char *const *) shown, id, error);
  for (guint i = 0; i < PAGE; i++)
    g_free (shown[i]);
  return given;
}

/* What the window asks for after a thumb. */
static gboolean
rank (RankBench *bench, GError **error)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  alignment.rephrased = (char *) REPHRASED;
  kalon_query_add_term (query, KALON_TERM_TEXT, QUERY, 1);
  kalon_query_set_limit (query, LIMIT);
  kalon_query_set_alignment (query, &alignment);
  results = kalon_searcher_search (bench->searcher, query, bench->cancellable, error);
  return results != NULL;
}

static double
get_milliseconds (gint64 since)
{
  return (double) (g_get_monotonic_time () - since) / 1000;
}

static gboolean
measure_profile (RankBench *bench, gsize *size, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KalonTasteReport) report = NULL;

  kalon_searcher_report_taste_async (bench->searcher, bench->cancellable, kalon_cli_take_result,
                                     &result);
  kalon_cli_wait (&result);
  report = kalon_searcher_report_taste_finish (bench->searcher, result, error);
  if (report == NULL)
    return FALSE;
  *size = report->size;
  return TRUE;
}

/* One thumb after thumbs - 1, again and again: it is taken back each time. */
static gboolean
measure (RankBench *bench, Timing *timing, guint rounds, GError **error)
{
  gint64 id;

  if (!kalon_feedback_reset (bench->feedback, NULL, error))
    return FALSE;
  for (guint i = 1; i < timing->thumbs; i++)
    if (!give_thumb (bench, &id, error))
      return FALSE;
  /* One round more: kernels are built and pages touched before the clock counts. */
  for (guint round = 0; round <= rounds; round++)
    {
      gint64 start;
      double storing, total, ranking;

      if (!rank (bench, error))
        return FALSE;
      start = g_get_monotonic_time ();
      if (!give_thumb (bench, &id, error))
        return FALSE;
      storing = get_milliseconds (start);
      if (!rank (bench, error))
        return FALSE;
      total = get_milliseconds (start);
      ranking = total - storing;
      if (round == 0 && !measure_profile (bench, &timing->profile_size, error))
        return FALSE;
      if (!kalon_feedback_undo (bench->feedback, id, error))
        return FALSE;
      if (round == 0)
        continue;
      g_array_append_val (timing->storing, storing);
      g_array_append_val (timing->ranking, ranking);
      g_array_append_val (timing->total, total);
    }
  return TRUE;
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
  kalon_cli_json_integer (builder, "rows", (gint64) bench->n_pictures);
  kalon_cli_json_integer (builder, "dimension", (gint64) bench->dimension);
  kalon_cli_json_integer (builder, "rounds", rounds);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < timings->len; i++)
    {
      const Timing *timing = g_ptr_array_index (timings, i);

      json_builder_begin_object (builder);
      kalon_cli_json_integer (builder, "thumbs", timing->thumbs);
      add_times (builder, "total", timing->total);
      add_times (builder, "storing", timing->storing);
      add_times (builder, "ranking", timing->ranking);
      kalon_cli_json_integer (builder, "profile_bytes", (gint64) timing->profile_size);
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
                   bench->n_pictures, bench->dimension, device, rounds);
  for (guint i = 0; i < timings->len; i++)
    {
      const Timing *timing = g_ptr_array_index (timings, i);

      kalon_cli_print ("  thumb %4u: %.1f (%.1f) = storing %.1f (%.1f) + learning and ranking "
                       "%.1f (%.1f); profile %" G_GSIZE_FORMAT " kB\n",
                       timing->thumbs, get_percentile (timing->total, 50),
                       get_percentile (timing->total, 95), get_percentile (timing->storing, 50),
                       get_percentile (timing->storing, 95), get_percentile (timing->ranking, 50),
                       get_percentile (timing->ranking, 95), timing->profile_size / 1000);
    }
}

/* The model that is named, or one of random weights. */
static gboolean
find_model (KalonCli *cli, RankBench *bench, GError **error)
{
  g_autofree char *directory = g_build_filename (bench->directory, "model", NULL);
  g_autoptr (KalonModel) model = NULL;

  if (cli->model == NULL
      && (g_mkdir (directory, 0700) != 0 || !kalon_bench_write_model (directory, SHAPE, error)))
    return FALSE;
  model = kalon_models_find (cli->model != NULL ? cli->model : directory, error);
  if (model == NULL)
    return FALSE;
  bench->model_directory = g_strdup (model->directory);
  bench->dimension = model->config.projection;
  bench->model_hash = kalon_model_dup_hash (model->directory, bench->cancellable, error);
  return bench->model_hash != NULL;
}

static KalonCliStatus
bench_rank (KalonCli *cli, RankBench *bench, const char *device, GArray *sizes, guint rounds)
{
  g_autoptr (GPtrArray) timings = g_ptr_array_new_with_free_func ((GDestroyNotify) timing_free);
  g_autoptr (GError) error = NULL;

  if (!find_model (cli, bench, &error) || !make_library (bench, &error))
    return kalon_cli_fail (cli, error);
  bench->searcher = kalon_searcher_new (bench->directory, bench->model_directory, cli->device);
  bench->feedback = kalon_feedback_open (bench->directory, &error);
  if (bench->feedback == NULL)
    return kalon_cli_fail (cli, error);
  for (guint i = 0; i < sizes->len; i++)
    {
      Timing *timing = g_new0 (Timing, 1);

      timing->thumbs = (guint) g_array_index (sizes, gsize, i);
      timing->storing = g_array_new (FALSE, FALSE, sizeof (double));
      timing->ranking = g_array_new (FALSE, FALSE, sizeof (double));
      timing->total = g_array_new (FALSE, FALSE, sizeof (double));
      g_ptr_array_add (timings, timing);
      if (!measure (bench, timing, rounds, &error))
        return kalon_cli_fail (cli, error);
    }
  if (cli->json)
    print_json (bench, device, rounds, timings);
  else
    print_text (bench, device, rounds, timings);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_rank (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  int rows = 100000, rounds = 20;
  g_autofree char *thumbs = NULL;
  g_autofree char *device = NULL;
  RankBench bench = { .cancellable = cli->cancellable };
  g_autoptr (GArray) sizes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status;
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &rows, "Pictures to rank (100000)", "N" },
    { "thumbs", 0, 0, G_OPTION_ARG_FILENAME, &thumbs, "Which thumb is given (20,100,256)", "N,…" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Rounds (20)", "N" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  sizes = kalon_bench_parse_sizes (thumbs != NULL ? thumbs : "20,100,256");
  if (sizes == NULL || rounds < 1 || rows < PAGE)
    return kalon_cli_usage (
        command, "--thumbs takes numbers from 1 to 4096, --rounds at least 1, --rows at least %d.",
        PAGE);
  if (!kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);
  kalon_cli_watch_signals (cli);
  bench.directory = kalon_bench_make_directory (&error);
  if (bench.directory == NULL)
    return kalon_cli_fail (cli, error);
  bench.n_pictures = (gsize) rows;
  bench.random = g_rand_new_with_seed (1);
  status = bench_rank (cli, &bench, device, sizes, (guint) rounds);
  g_clear_object (&bench.searcher);
  g_clear_object (&bench.feedback);
  kalon_bench_remove_directory (bench.directory);
  g_rand_free (bench.random);
  g_free (bench.directory);
  g_free (bench.model_directory);
  g_free (bench.model_hash);
  return status;
}

const KalonCliCommand kalon_bench_rank = {
  .name = "bench rank",
  .arguments = "",
  .summary = "Milliseconds from a thumb to the list ranked anew, over random pictures.",
  .details = "As the window does it: the thumb is stored, learned from, and both rankings of all\n"
             "pictures are made, with the best 200 of each. Also the memory of a profile. Of the\n"
             "model that is named, or one of random weights and 512 dimensions.",
  .run = run_rank,
};
