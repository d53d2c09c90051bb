/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "alignment/kalon-alignment.h"

/* A matrix of 5 by 5: 5 C(5, 2) + 5 C(5, 2) pairs. */
#define SIDE 5
#define N_CELLS (SIDE * SIDE)
#define N_PAIRS 100
/* More than any measurement takes. */
#define EPOCHS 10000

/* The trainer of one backend, for the n of the last call. */
typedef struct
{
  KalonDevice *device; /* (nullable) */
  KalonTrainer *trainer;
  gsize n;
} Side;

typedef struct
{
  KalonTrainingSet *set;
  KalonAdapter *start;
  Side on_device;
  Side plain;
  GCancellable *cancellable;
} TrainBench;

static gsize
take_step (TrainBench *bench, Side *side, gsize n, GError **error)
{
  if (side->n != n)
    {
      KalonTrainingOptions options;

      kalon_training_options_init (&options);
      options.batch = (guint) n;
      options.epochs = EPOCHS;
      options.held_out = 0;
      g_clear_pointer (&side->trainer, kalon_trainer_free);
      side->trainer = kalon_trainer_new (side->device, bench->set, bench->start, &options, error);
      if (side->trainer == NULL)
        return 0;
      side->n = n;
    }
  return kalon_trainer_run (side->trainer, 1, NULL, NULL, bench->cancellable, error) ? n * N_PAIRS
                                                                                     : 0;
}

static gsize
step_on_device (gpointer data, gsize n, GError **error)
{
  TrainBench *bench = data;

  return take_step (bench, &bench->on_device, n, error);
}

static gsize
step_in_plain_c (gpointer data, gsize n, GError **error)
{
  TrainBench *bench = data;

  return take_step (bench, &bench->plain, n, error);
}

static KalonTrainingSet *
make_set (gsize n_queries, gsize n_images, gsize dimension, GError **error)
{
  guint64 state = 1;
  g_autofree float *images = g_new (float, n_images *dimension);
  g_autofree float *queries = g_new (float, n_queries *dimension);
  g_autoptr (KalonTrainingSet) set = NULL;
  g_autoptr (GArray) pairs = NULL;
  float scores[N_CELLS];

  kalon_bench_fill_rows (images, n_images, dimension, &state);
  kalon_bench_fill_rows (queries, n_queries, dimension, &state);
  set = kalon_training_set_new (images, n_images, dimension);
  for (guint i = 0; i < N_CELLS; i++)
    scores[i] = N_CELLS - (float) i;
  pairs = kalon_order_list_pairs (SIDE, SIDE, scores, scores, 0, 0);
  for (gsize q = 0; q < n_queries; q++)
    {
      guint32 candidates[N_CELLS];

      for (gsize i = 0; i < N_CELLS; i++)
        candidates[i] = (guint32) ((q * 7919 + 37 * i) % n_images);
      if (!kalon_training_set_add_query (set, queries + q * dimension, candidates, N_CELLS,
                                         (const KalonPair *) pairs->data, pairs->len, error))
        return NULL;
    }
  return g_steal_pointer (&set);
}

static KalonCliStatus
bench_trainer (KalonCli *cli, KalonBench *bench, KalonAdapterKind kind, gsize n_queries,
               gsize n_images, gsize dimension, gboolean peers)
{
  TrainBench train = { .cancellable = cli->cancellable };
  /* The stamp of a model that there is not. */
  g_autofree char *hash = g_strnfill (64, '0');
  g_autofree char *queries = g_strdup_printf ("%" G_GSIZE_FORMAT, n_queries);
  g_autofree char *images = g_strdup_printf ("%" G_GSIZE_FORMAT, n_images);
  g_autofree char *columns = g_strdup_printf ("%" G_GSIZE_FORMAT, dimension);
  g_autofree char *rank = g_strdup_printf ("%d", KALON_ADAPTER_DEFAULT_RANK);
  g_autoptr (KalonTrainingSet) set = NULL;
  g_autoptr (KalonAdapter) start
      = kalon_adapter_new (kind, hash, dimension, KALON_ADAPTER_DEFAULT_RANK, 1);
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (GError) error = NULL;
  char *peer[] = { (char *) "peer-train.py",
                   (char *) kalon_adapter_kind_get_name (kind),
                   queries,
                   images,
                   columns,
                   rank,
                   NULL };
  KalonCliStatus status;

  set = make_set (n_queries, n_images, dimension, &error);
  if (set != NULL && g_strcmp0 (cli->device, "none") != 0)
    device = kalon_device_open (cli->device, &error);
  if (error != NULL)
    return kalon_cli_fail (cli, error);

  train.set = set;
  train.start = start;
  train.on_device.device = device;
  bench->data = &train;
  bench->per_step = N_PAIRS;
  bench->peer = peers ? peer : NULL;
  bench->ours = "plain-c";
  bench->func = step_in_plain_c;
  if (device != NULL)
    {
      bench->ours = "opencl";
      bench->func = step_on_device;
      bench->also = "plain-c";
      bench->also_func = step_in_plain_c;
    }
  status = kalon_bench_run (cli, bench);
  kalon_trainer_free (train.on_device.trainer);
  kalon_trainer_free (train.plain.trainer);
  return status;
}

static KalonCliStatus
run_train (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  int queries = 1000;
  int images = 5000;
  int dimension = 512;
  int rounds = 5;
  gboolean peers = FALSE;
  KalonAdapterKind kind = KALON_ADAPTER_QUERY;
  g_autofree char *kind_name = NULL;
  g_autofree char *batches = NULL;
  g_autofree char *device = NULL;
  g_autoptr (GArray) sizes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonBench bench = { .name = "train", .unit = "pairs/s" };
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_FILENAME, &kind_name,
      "What is trained: query, image or projections (query)", "KIND" },
    { "queries", 0, 0, G_OPTION_ARG_INT, &queries, "Queries, with 100 pairs each (1000)", "N" },
    { "images", 0, 0, G_OPTION_ARG_INT, &images, "Pictures that they are about (5000)", "N" },
    { "dimension", 0, 0, G_OPTION_ARG_INT, &dimension, "Length of an embedding (512)", "N" },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batches, "Queries of a step (16)", "N,…" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Rounds to take the median of (5)", "N" },
    { "peers", 0, 0, G_OPTION_ARG_NONE, &peers, "Take turns with PyTorch (Python in $KALON_PYTHON)",
      NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  if (kind_name != NULL && !kalon_adapter_kind_from_name (kind_name, &kind))
    return kalon_cli_usage (command, "--kind takes query, image or projections.");
  sizes = kalon_bench_parse_sizes (batches != NULL ? batches : "16");
  /* 37 apart, 25 candidates are 25 different pictures. */
  if (sizes == NULL || rounds < 1 || queries < 1 || queries > 1000000 || images < 1000
      || images > 10000000 || dimension < 1 || dimension > KALON_ADAPTER_MAX_DIMENSION)
    return kalon_cli_usage (command,
                            "--batch takes sizes from 1 to 4096, --queries 1 to 1000000, --images "
                            "1000 to 10000000, --dimension 1 to %d, --rounds at least 1.",
                            KALON_ADAPTER_MAX_DIMENSION);
  if (!kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);

  kalon_cli_watch_signals (cli);
  bench.sizes = sizes;
  bench.rounds = rounds;
  bench.device = device;
  return bench_trainer (cli, &bench, kind, queries, images, dimension, peers);
}

const KalonCliCommand kalon_bench_train = {
  .name = "bench train",
  .arguments = "",
  .summary = "Pairs and steps per second of ranked DPO over random embeddings.",
  .details = "A step takes --batch queries with 25 candidates and 100 pairs each. Without\n"
             "“--device none” plain C takes turns with the device.",
  .run = run_train,
};
