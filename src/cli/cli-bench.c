/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "encoder/kalon-encoder.h"
#include "models/kalon-models.h"

#include <math.h>

#define DEFAULT_ROUNDS 5

typedef struct
{
  KalonEncoder *encoder;
  GCancellable *cancellable;
  gboolean texts;    /* the text tower, not the image tower */
  const char **text; /* [largest n] */
  float *pixels;     /* [largest n, 3, resolution, resolution] */
  float *embeddings; /* [largest n, dimension] */
} EncodeBench;

/* As long as a caption is: about a dozen tokens. */
static const char caption[] = "a brown dog runs along the beach with a ball in its mouth";

static gsize
encode_batch (gpointer data, gsize n, GError **error)
{
  EncodeBench *bench = data;
  gboolean done
      = bench->texts ? kalon_encoder_encode_texts (
            bench->encoder, bench->text, n, bench->embeddings, NULL, bench->cancellable, error)
                     : kalon_encoder_encode_pixels (bench->encoder, bench->pixels, n,
                                                    bench->embeddings, bench->cancellable, error);

  return done ? n : 0;
}

/* Pixels as preprocessing leaves them: about zero mean and unit deviation. */
static float *
new_pixels (gsize n)
{
  float *pixels = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    pixels[i] = sinf (0.37f * (i % 65537)) * 1.4f;
  return pixels;
}

static KalonCliStatus
bench_encoder (KalonCli *cli, KalonBench *bench, const char *directory, gboolean texts)
{
  EncodeBench encode = { .cancellable = cli->cancellable, .texts = texts };
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (KalonEncoder) encoder = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree const char **text = NULL;
  g_autofree float *pixels = NULL;
  g_autofree float *embeddings = NULL;
  gsize largest = 0;
  gsize resolution;

  if (g_strcmp0 (cli->device, "none") != 0)
    {
      device = kalon_device_open (cli->device, &error);
      if (device == NULL)
        return kalon_cli_fail (cli, error);
    }
  encoder = kalon_encoder_new (directory, device, cli->cancellable, &error);
  if (encoder == NULL)
    return kalon_cli_fail (cli, error);

  for (guint i = 0; i < bench->sizes->len; i++)
    largest = MAX (largest, g_array_index (bench->sizes, gsize, i));
  resolution = kalon_encoder_get_config (encoder)->resolution;
  encode.encoder = encoder;
  encode.text = text = g_new (const char *, largest);
  for (gsize i = 0; i < largest; i++)
    text[i] = caption;
  encode.pixels = pixels = new_pixels (largest * 3 * resolution * resolution);
  encode.embeddings = embeddings = g_new (float, largest *kalon_encoder_get_dimension (encoder));
  bench->func = encode_batch;
  bench->data = &encode;
  return kalon_bench_run (cli, bench);
}

static KalonCliStatus
run_encode (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  int rounds = DEFAULT_ROUNDS;
  gboolean peers = FALSE;
  gboolean texts = FALSE;
  g_autofree char *shape = NULL;
  g_autofree char *batches = NULL;
  g_autofree char *device = NULL;
  g_autofree char *directory = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GArray) sizes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status;
  const GOptionEntry entries[] = {
    { "shape", 0, 0, G_OPTION_ARG_FILENAME, &shape,
      "Random weights in the shape of vit-b-32, vit-b-16 or vit-l-14 instead of a model", "SHAPE" },
    { "texts", 0, 0, G_OPTION_ARG_NONE, &texts, "Measure the text tower, with a caption", NULL },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batches, "Batch sizes (1,8,32)", "N,…" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Rounds to take the median of (5)", "N" },
    { "peers", 0, 0, G_OPTION_ARG_NONE, &peers,
      "Take turns with ONNX Runtime and PyTorch (Python in $KALON_PYTHON)", NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  sizes = kalon_bench_parse_sizes (batches != NULL ? batches : "1,8,32");
  if (sizes == NULL || rounds < 1)
    return kalon_cli_usage (command, "--batch takes sizes from 1 to 4096 and --rounds at least 1.");
  if (texts && (shape != NULL || peers))
    return kalon_cli_usage (command,
                            "--texts measures a model alone, without --shape and --peers.");
  if (!kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);

  kalon_cli_watch_signals (cli);
  if (shape != NULL)
    {
      directory = kalon_bench_make_directory (&error);
      if (directory == NULL)
        return kalon_cli_fail (cli, error);
    }
  else
    {
      model = kalon_models_find (cli->model, &error);
      if (model == NULL)
        return kalon_cli_fail (cli, error);
    }
  if (directory == NULL || kalon_bench_write_model (directory, shape, &error))
    {
      char *peer[]
          = { (char *) "peer-encode.py", directory != NULL ? directory : model->directory, NULL };
      KalonBench bench = { .name = "encode",
                           .ours = "fp32",
                           .unit = texts ? "texts/s" : "images/s",
                           .sizes = sizes,
                           .rounds = rounds,
                           .peer = peers ? peer : NULL,
                           .model = shape != NULL ? shape : model->id,
                           .device = device };

      status = bench_encoder (cli, &bench, peer[1], texts);
    }
  else
    status = kalon_cli_fail (cli, error);
  if (directory != NULL)
    kalon_bench_remove_directory (directory);
  return status;
}

static const KalonCliCommand encode_command = {
  .name = "bench encode",
  .arguments = "",
  .summary = "Images per second of the image tower, or texts per second of the text tower.",
  .run = run_encode,
};

static const KalonCliCommand *const children[] = {
  &encode_command,    &kalon_bench_decode, &kalon_bench_search,
  &kalon_bench_train, &kalon_bench_rank,   NULL,
};

static KalonCliStatus
run_bench (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, NULL);
}

const KalonCliCommand kalon_cli_bench = {
  .name = "bench",
  .arguments = "COMMAND",
  .summary = "Measure encoding, decoding, searching, training and ranking, also beside peers.",
  .details
  = "With --peers, Kalon and the peer take turns; a ratio is the median over the rounds of\n"
    "our rate over the peer's, and “ratios” in --json has those of the last size.",
  .run = run_bench,
  .children = children,
};
