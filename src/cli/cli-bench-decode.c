/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "image/kalon-image.h"

#include <math.h>

/* CLIP's own preprocessing (Radford et al. 2021). */
static const KalonPreprocess clip_preprocess = {
  .resize = 224,
  .crop = 224,
  .mean = { 0.48145466f, 0.4578275f, 0.40821073f },
  .std = { 0.26862954f, 0.26130258f, 0.27577711f },
};

typedef struct
{
  GStrv files;
  float *pixels; /* [3, crop, crop] */
  GCancellable *cancellable;
} DecodeBench;

static gsize
decode_files (gpointer data, gsize n, GError **error)
{
  DecodeBench *bench = data;
  gsize done = 0;

  for (; bench->files[done] != NULL; done++)
    {
      g_autoptr (KalonImage) image = kalon_image_load (bench->files[done], clip_preprocess.resize,
                                                       NULL, bench->cancellable, error);
      if (image == NULL)
        return 0;
      kalon_image_preprocess (image, &clip_preprocess, bench->pixels);
    }
  return done;
}

/* A rendered photograph-like picture of 12 megapixels: soft shapes under sensor noise, so that a
 * decoder meets about as many coefficients as in a camera's picture. */
static gboolean
write_picture (const char *path, GError **error)
{
  g_autoptr (KalonImage) image = kalon_image_new (4000, 3000);
  guint32 noise = 1;

  for (guint y = 0; y < image->height; y++)
    for (guint x = 0; x < image->width; x++)
      {
        guint8 *pixel = image->pixels + ((gsize) y * image->width + x) * 3;
        float wave = sinf (x * 0.004f) * cosf (y * 0.006f) + 0.3f * sinf ((x + y) * 0.11f);

        noise = noise * 1664525 + 1013904223;
        for (guint c = 0; c < 3; c++)
          pixel[c] = (guint8) CLAMP (128 + wave * (60 + 10 * c) + (noise >> 28) - 8, 0, 255);
      }
  return kalon_image_save_jpeg (image, path, 90, error);
}

static KalonCliStatus
bench_files (KalonCli *cli, GStrv files, int rounds, gboolean peers)
{
  DecodeBench decode = { .files = files, .cancellable = cli->cancellable };
  g_autofree float *pixels = g_new (float, 3 * clip_preprocess.crop * clip_preprocess.crop);
  g_autoptr (GArray) sizes = kalon_bench_parse_sizes ("1");
  g_autoptr (GPtrArray) peer = g_ptr_array_new ();
  KalonBench bench = { .name = "decode",
                       .ours = "kalon",
                       .unit = "pictures/s",
                       .func = decode_files,
                       .data = &decode,
                       .sizes = sizes,
                       .rounds = rounds,
                       .device = "one core" };

  decode.pixels = pixels;
  g_ptr_array_add (peer, (gpointer) "peer-decode.py");
  g_ptr_array_add (peer, (gpointer) "224");
  for (gsize i = 0; files[i] != NULL; i++)
    g_ptr_array_add (peer, files[i]);
  g_ptr_array_add (peer, NULL);
  if (peers)
    bench.peer = (char **) peer->pdata;
  return kalon_bench_run (cli, &bench);
}

static KalonCliStatus
run_decode (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  int rounds = 5;
  gboolean peers = FALSE;
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;
  KalonCliStatus status;
  const GOptionEntry entries[] = {
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Rounds to take the median of (5)", "N" },
    { "peers", 0, 0, G_OPTION_ARG_NONE, &peers, "Take turns with Pillow (Python in $KALON_PYTHON)",
      NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &files))
    return KALON_CLI_USAGE;
  if (rounds < 1)
    return kalon_cli_usage (command, "--rounds takes at least 1.");

  kalon_cli_watch_signals (cli);
  if (files[0] != NULL)
    return bench_files (cli, files, rounds, peers);

  directory = kalon_bench_make_directory (&error);
  if (directory == NULL)
    return kalon_cli_fail (cli, error);
  path = g_build_filename (directory, "12-megapixels.jpg", NULL);
  if (write_picture (path, &error))
    {
      char *rendered[] = { path, NULL };
      status = bench_files (cli, rendered, rounds, peers);
    }
  else
    status = kalon_cli_fail (cli, error);
  kalon_bench_remove_directory (directory);
  return status;
}

const KalonCliCommand kalon_bench_decode = {
  .name = "bench decode",
  .arguments = "[FILE...]",
  .summary = "Pictures per second decoded and preprocessed on one core.",
  .details = "Without FILE a picture of 12 megapixels is rendered. All of the FILEs are one turn.",
  .run = run_decode,
};
