/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-align-private.h"

#include "cli-rephrase-private.h"

void
kalon_cli_align_init (KalonCliAlign *align)
{
  KalonAlignerOptions defaults;

  kalon_aligner_options_init (&defaults);
  *align = (KalonCliAlign){
    .share = defaults.share,
    .k = (int) defaults.order.k,
    .stride = (int) defaults.order.stride,
    .u = (int) defaults.order.u,
    .v = (int) defaults.order.v,
    .margin = defaults.aesthetic_margin,
    .rank = (int) defaults.rank,
    .anchor_pictures = (int) defaults.anchor_pictures,
    .held_out = defaults.held_out,
    .epochs = (int) defaults.training.epochs,
    .batch = (int) defaults.training.batch,
    .learning_rate = defaults.training.learning_rate,
    .beta = defaults.training.beta,
    .smoothing = defaults.training.smoothing,
    .anchor = defaults.training.anchor,
    .seed = (int) defaults.training.seed,
  };
}

void
kalon_cli_align_clear (KalonCliAlign *align)
{
  g_clear_pointer (&align->style, g_free);
}

/* The least above 0, as far as any use of it goes. */
#define SMALL 1e-12
/* Half of the pairs wrong would say nothing. */
#define MAX_SMOOTHING 0.499

static gboolean
are_in_range (const KalonCliCommand *command, const KalonCliAlign *align)
{
  const struct
  {
    const char *option;
    double value;
    double least;
    double most;
  } all[] = {
    { "--rephrase-share", align->share, 0, 1 },
    { "--held-out", align->held_out, 0, 0.9 },
    { "--k", align->k, 1, KALON_ORDER_MAX_K },
    { "--stride", align->stride, 1, KALON_ORDER_MAX_K },
    { "--u", align->u, 1, KALON_ORDER_MAX_SIDE },
    { "--v", align->v, 2, KALON_ORDER_MAX_SIDE },
    { "--rank", align->rank, 1, KALON_ADAPTER_MAX_RANK },
    { "--anchor-pictures", align->anchor_pictures, 0, 1000 },
    { "--epochs", align->epochs, 1, 100000 },
    { "--batch", align->batch, 1, 4096 },
    { "--seed", align->seed, 0, G_MAXINT },
    { "--margin", align->margin, 0, 1000 },
    { "--beta", align->beta, SMALL, 1000 },
    { "--learning-rate", align->learning_rate, SMALL, 10 },
    { "--anchor", align->anchor, 0, 1e6 },
    { "--smoothing", align->smoothing, 0, MAX_SMOOTHING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (!kalon_cli_check_number (command, all[i].option, all[i].value, all[i].least, all[i].most))
      return FALSE;
  return TRUE;
}

gboolean
kalon_cli_align_read (const KalonCliCommand *command, const KalonCliAlign *align,
                      KalonAlignerOptions *options)
{
  kalon_aligner_options_init (options);
  if (kalon_cli_parse_style (command, align->style, &options->style)
      && are_in_range (command, align))
    {
      options->share = (float) align->share;
      options->order = (KalonOrderOptions){ (guint) align->k, (guint) align->stride,
                                            (guint) align->u, (guint) align->v };
      options->aesthetic_margin = (float) align->margin;
      options->rank = (guint) align->rank;
      options->anchor_pictures = (guint) align->anchor_pictures;
      options->held_out = align->held_out;
      options->training.epochs = (guint) align->epochs;
      options->training.batch = (guint) align->batch;
      options->training.learning_rate = align->learning_rate;
      options->training.beta = align->beta;
      options->training.smoothing = align->smoothing;
      options->training.anchor = align->anchor;
      options->training.seed = (guint32) align->seed;
      return TRUE;
    }
  return FALSE;
}
