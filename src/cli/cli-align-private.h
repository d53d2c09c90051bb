/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* cli-align-options.c: how to align, for “align” and “eval align”. */

#include "kalon-cli-private.h"

#include "aligner/kalon-aligner.h"

G_BEGIN_DECLS

/* As GOption reads them. */
typedef struct
{
  char *style;
  double share;
  int k;
  int stride;
  int u;
  int v;
  double margin;
  int rank;
  int anchor_pictures;
  double held_out;
  int epochs;
  int batch;
  double learning_rate;
  double beta;
  double smoothing;
  double anchor;
  int seed;
} KalonCliAlign;

/* The defaults. */
void kalon_cli_align_init (KalonCliAlign *align);
void kalon_cli_align_clear (KalonCliAlign *align);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonCliAlign, kalon_cli_align_clear)

/* Elements of an array of GOptionEntry. */
#define KALON_CLI_ALIGN_ENTRIES(a)                                                                    \
  { "style",    0,                                                                                    \
    0,          G_OPTION_ARG_STRING,                                                                  \
    &(a).style, "How queries are rephrased: see “rephrase” (detail)",                                 \
    "STYLE" },                                                                                        \
      { "rephrase-share",                                                                             \
        0,                                                                                            \
        0,                                                                                            \
        G_OPTION_ARG_DOUBLE,                                                                          \
        &(a).share,                                                                                   \
        "What the rephrased words count beside those typed, 0 to 1 (0.25)",                           \
        "SHARE" },                                                                                    \
      { "k",    0,                                                                                    \
        0,      G_OPTION_ARG_INT,                                                                     \
        &(a).k, "The best pictures of a query that are looked at (400)",                              \
        "N" },                                                                                        \
      { "stride", 0, 0, G_OPTION_ARG_INT, &(a).stride, "Of these every N-th is taken (10)", "N" },    \
      { "u", 0, 0, G_OPTION_ARG_INT, &(a).u, "Rows of the matrix: semantic levels (5)", "N" },        \
      { "v", 0, 0, G_OPTION_ARG_INT, &(a).v, "Columns: pictures of a level (5)", "N" },               \
      { "margin",    0,                                                                               \
        0,           G_OPTION_ARG_DOUBLE,                                                             \
        &(a).margin, "Aesthetic scores that differ by less are no preference (0.001)",                \
        "POINTS" },                                                                                   \
      { "rank", 0, 0, G_OPTION_ARG_INT, &(a).rank, "Rank of a query adapter (8)", "N" },              \
      { "anchor-pictures",                                                                            \
        0,                                                                                            \
        0,                                                                                            \
        G_OPTION_ARG_INT,                                                                             \
        &(a).anchor_pictures,                                                                         \
        "The best of a query as typed that the anchor holds too (100)",                               \
        "N" },                                                                                        \
      { "held-out",                                                                                   \
        0,                                                                                            \
        0,                                                                                            \
        G_OPTION_ARG_DOUBLE,                                                                          \
        &(a).held_out,                                                                                \
        "Share of the queries that before and after are measured on (0.2)",                           \
        "SHARE" },                                                                                    \
      { "epochs", 0, 0, G_OPTION_ARG_INT, &(a).epochs, "Times over the queries (10)", "N" },          \
      { "batch", 0, 0, G_OPTION_ARG_INT, &(a).batch, "Queries of a step (16)", "N" },                 \
      { "learning-rate", 0, 0, G_OPTION_ARG_DOUBLE, &(a).learning_rate, "Of AdamW (0.001)", "RATE" }, \
      { "beta", 0, 0, G_OPTION_ARG_DOUBLE, &(a).beta, "DPO's beta (0.1)", "BETA" },                   \
      { "smoothing",                                                                                  \
        0,                                                                                            \
        0,                                                                                            \
        G_OPTION_ARG_DOUBLE,                                                                          \
        &(a).smoothing,                                                                               \
        "Share of pairs that are taken to be wrong, 0 to below 0.5 (0.1)",                            \
        "SHARE" },                                                                                    \
      { "anchor",    0,                                                                               \
        0,           G_OPTION_ARG_DOUBLE,                                                             \
        &(a).anchor, "Weight of holding to what the model knew (0.1)",                                \
        "WEIGHT" },                                                                                   \
  {                                                                                                   \
    "seed", 0, 0, G_OPTION_ARG_INT, &(a).seed, "Which queries are held out, and the order (1)",       \
        "N"                                                                                           \
  }

/* @options: (out caller-allocates). %FALSE after a message when they make no sense. */
gboolean kalon_cli_align_read (const KalonCliCommand *command, const KalonCliAlign *align,
                               KalonAlignerOptions *options);

G_END_DECLS
