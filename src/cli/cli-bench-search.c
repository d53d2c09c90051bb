/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "index/kalon-index.h"

#include <errno.h>
#include <stdio.h>

/* Results per query. */
#define K 100
/* Rows made and written at a time. */
#define CHUNK 4096

typedef struct
{
  KalonIndex *index;
  KalonDevice *device; /* (nullable) */
  float *queries;      /* [largest n, dimension] */
  KalonNeighbour *neighbours;
  gsize *n_found;
  GCancellable *cancellable;
} SearchBench;

static gsize
search_once (gpointer data, gsize n, GError **error)
{
  SearchBench *bench = data;

  return kalon_index_search (bench->index, bench->device, bench->queries, n, NULL, K,
                             bench->neighbours, bench->n_found, bench->cancellable, error)
             ? n
             : 0;
}

/* The rows into the index, and as raw floats into @raw (nullable) for the peer. The first rows are
 * the queries. */
static gboolean
write_rows (SearchBench *bench, gsize n_rows, gsize dimension, gsize n_queries, const char *raw,
            GError **error)
{
  g_autofree float *rows = g_new (float, CHUNK *dimension);
  FILE *file = raw != NULL ? fopen (raw, "wb") : NULL;
  guint64 state = 1;
  gboolean written = raw == NULL || file != NULL;

  for (gsize first = 0; written && first < n_rows; first += CHUNK)
    {
      gsize n = MIN (CHUNK, n_rows - first);

      kalon_bench_fill_rows (rows, n, dimension, &state);
      if (first == 0)
        memcpy (bench->queries, rows, n_queries * dimension * sizeof (float));
      if (file != NULL)
        written = fwrite (rows, sizeof (float) * dimension, n, file) == n;
      if (!kalon_index_append (bench->index, rows, n, NULL, error))
        {
          if (file != NULL)
            fclose (file);
          return FALSE;
        }
      kalon_cli_show_progress (first + n, n_rows, "making random rows");
    }
  if (file != NULL && fclose (file) != 0)
    written = FALSE;
  kalon_cli_end_progress ();
  if (!written)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s could not be written: %s",
                 raw, g_strerror (errno));
  return written;
}

static KalonCliStatus
bench_index (KalonCli *cli, KalonBench *bench, const char *directory, gsize n_rows, gsize dimension,
             gboolean peers)
{
  SearchBench search = { .cancellable = cli->cancellable };
  g_autoptr (KalonIndex) index = NULL;
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (directory, "rows.kemb", NULL);
  g_autofree char *raw = g_build_filename (directory, "rows.f32", NULL);
  /* The stamp of a model that there is not. */
  g_autofree char *hash = g_strnfill (64, '0');
  g_autofree float *queries = NULL;
  g_autofree KalonNeighbour *neighbours = NULL;
  g_autofree gsize *n_found = NULL;
  g_autofree char *rows_text = g_strdup_printf ("%" G_GSIZE_FORMAT, n_rows);
  g_autofree char *dimension_text = g_strdup_printf ("%" G_GSIZE_FORMAT, dimension);
  char *peer[] = { (char *) "peer-search.py", rows_text, dimension_text, raw, NULL };
  gsize largest = 0;

  if (g_strcmp0 (cli->device, "none") != 0)
    device = kalon_device_open (cli->device, &error);
  if (error == NULL)
    index = kalon_index_open (path, hash, dimension, &error);
  if (index == NULL)
    return kalon_cli_fail (cli, error);

  for (guint i = 0; i < bench->sizes->len; i++)
    largest = MAX (largest, g_array_index (bench->sizes, gsize, i));
  search.index = index;
  search.device = device;
  search.queries = queries = g_new (float, largest *dimension);
  search.neighbours = neighbours = g_new (KalonNeighbour, largest * K);
  search.n_found = n_found = g_new (gsize, largest);
  if (!write_rows (&search, n_rows, dimension, largest, peers ? raw : NULL, &error))
    return kalon_cli_fail (cli, error);
  bench->func = search_once;
  bench->data = &search;
  bench->peer = peers ? peer : NULL;
  return kalon_bench_run (cli, bench);
}

static KalonCliStatus
run_search (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  int rows = 1000000;
  int dimension = 512;
  int rounds = 5;
  gboolean peers = FALSE;
  g_autofree char *queries = NULL;
  g_autofree char *device = NULL;
  g_autofree char *directory = NULL;
  g_autoptr (GArray) sizes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonBench bench = { .name = "search", .ours = "kalon", .unit = "queries/s" };
  KalonCliStatus status;
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &rows, "Embeddings to search (1000000)", "N" },
    { "dimension", 0, 0, G_OPTION_ARG_INT, &dimension, "Their length (512)", "N" },
    { "queries", 0, 0, G_OPTION_ARG_FILENAME, &queries, "Queries at once (1,2)", "N,…" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Rounds to take the median of (5)", "N" },
    { "peers", 0, 0, G_OPTION_ARG_NONE, &peers, "Take turns with FAISS (Python in $KALON_PYTHON)",
      NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  /* 1,2: the baseline ranking alone, and both rankings in one pass. */
  sizes = kalon_bench_parse_sizes (queries != NULL ? queries : "1,2");
  if (sizes == NULL || rounds < 1 || rows < CHUNK || dimension < 1 || dimension > 4096)
    return kalon_cli_usage (command,
                            "--queries takes sizes from 1 to 4096, --rows at least %d, "
                            "--dimension 1 to 4096, --rounds at least 1.",
                            CHUNK);
  if (!kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);

  kalon_cli_watch_signals (cli);
  directory = kalon_bench_make_directory (&error);
  if (directory == NULL)
    return kalon_cli_fail (cli, error);
  bench.sizes = sizes;
  bench.rounds = rounds;
  bench.device = device;
  status = bench_index (cli, &bench, directory, rows, dimension, peers);
  kalon_bench_remove_directory (directory);
  return status;
}

const KalonCliCommand kalon_bench_search = {
  .name = "bench search",
  .arguments = "",
  .summary = "Queries per second of exact search over random embeddings.",
  .details
  = "A million embeddings of length 512 take 1 GB in the temporary directory, and 2 GB more\n"
    "with --peers (TMPDIR moves it).",
  .run = run_search,
};
