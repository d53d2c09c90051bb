/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the benchmarks share: measuring, taking turns with a peer, and the report.
 */

#include "kalon-cli-private.h"

#include "weights/kalon-weights.h"

G_BEGIN_DECLS

/* Does the work once for batches of @n. Returns: how many things were done, 0 with an error. */
typedef gsize (*KalonBenchFunc) (gpointer data, gsize n, GError **error);

typedef struct
{
  const char *name; /* "encode" */
  const char *ours; /* what our runs are called in the ratios: "fp32" */
  const char *unit; /* "images/s" */
  KalonBenchFunc func;
  gpointer data;
  const char *also;         /* (nullable): another form of ours that takes turns too */
  KalonBenchFunc also_func; /* of the same data */
  gsize per_step; /* things in a step for each n; above 0 prints steps per second as well */
  GArray *sizes;  /* gsize: the values of n */
  guint rounds;
  char **peer; /* (nullable): script in tests/bench and its arguments */
  const char *model;
  const char *device;
} KalonBench;

extern const KalonCliCommand kalon_bench_decode;
extern const KalonCliCommand kalon_bench_search;
extern const KalonCliCommand kalon_bench_train;
extern const KalonCliCommand kalon_bench_rank;

/* Measures, prints and returns the exit status. */
KalonCliStatus kalon_bench_run (KalonCli *cli, const KalonBench *bench);

/* (transfer full) (nullable): "1,8,32" as an array of gsize; %NULL when it is not that. */
GArray *kalon_bench_parse_sizes (const char *text);

/* Of two doubles, for g_array_sort(). */
int kalon_bench_compare_doubles (gconstpointer a, gconstpointer b);

/* A Python program that measures the same work; see tests/bench/README.md for the protocol. */
typedef struct _KalonPeer KalonPeer;

/* @argv: script in tests/bench and its arguments */
KalonPeer *kalon_peer_start (char **argv, GError **error);
void kalon_peer_stop (KalonPeer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPeer, kalon_peer_stop)
/* (transfer none): what it can measure. */
GStrv kalon_peer_get_names (KalonPeer *peer);
/* (transfer none): versions and threads as it told them. */
JsonObject *kalon_peer_get_description (KalonPeer *peer);
gboolean
kalon_peer_measure (KalonPeer *peer, const char *name, gsize n, double *rate, GError **error);

/**
 * kalon_bench_write_model:
 * @shape: "vit-b-32", ...
 *
 * A CLIPModel directory with an image tower of that shape, random weights in f32, and a text tower
 * that is as small as it can be.
 */
gboolean kalon_bench_write_model (const char *directory, const char *shape, GError **error);

/* Random directions: [n, dimension], uniform values, to unit length. @state: 1 for the first rows
 * of all, so that every run measures the same. */
void kalon_bench_fill_rows (float *rows, gsize n, gsize dimension, guint64 *state);

/* A temporary directory of plain files, removed with them. */
char *kalon_bench_make_directory (GError **error);
/* With all that is in it. */
void kalon_bench_remove_directory (const char *directory);

G_END_DECLS
