/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-align-private.h"

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

/* Written so that NaN is no number of any range. */
static gboolean
is_between (double value, double least, double most)
{
  return value >= least && value <= most;
}

gboolean
kalon_cli_align_read (const KalonCliCommand *command, const KalonCliAlign *align,
                      KalonAlignerOptions *options)
{
  kalon_aligner_options_init (options);
  if (align->style != NULL && !kalon_rephrase_style_from_name (align->style, &options->style))
    kalon_cli_usage (command,
                     "There is no style “%s”: original, detail, k-list, kw-dict, repeat, reorg.",
                     align->style);
  else if (!is_between (align->share, 0, 1) || !is_between (align->held_out, 0, 0.9))
    kalon_cli_usage (command, "--rephrase-share takes 0 to 1, --held-out 0 to 0.9.");
  else if (!is_between (align->k, 1, KALON_ORDER_MAX_K)
           || !is_between (align->stride, 1, KALON_ORDER_MAX_K)
           || !is_between (align->u, 1, KALON_ORDER_MAX_SIDE)
           || !is_between (align->v, 2, KALON_ORDER_MAX_SIDE))
    kalon_cli_usage (command, "--k and --stride take 1 to %d, --u 1 to %d, --v 2 to %d.",
                     KALON_ORDER_MAX_K, KALON_ORDER_MAX_SIDE, KALON_ORDER_MAX_SIDE);
  else if (!is_between (align->rank, 1, KALON_ADAPTER_MAX_RANK)
           || !is_between (align->anchor_pictures, 0, 1000))
    kalon_cli_usage (command, "--rank takes 1 to %d, --anchor-pictures 0 to 1000.",
                     KALON_ADAPTER_MAX_RANK);
  else if (!is_between (align->epochs, 1, 100000) || !is_between (align->batch, 1, 4096)
           || align->seed < 0)
    kalon_cli_usage (command, "--epochs takes 1 to 100000, --batch 1 to 4096, --seed 0 and more.");
  else if (!is_between (align->margin, 0, 1e6) || !is_between (align->beta, 1e-6, 1e6)
           || !is_between (align->learning_rate, 1e-12, 1e3) || !is_between (align->anchor, 0, 1e6)
           || !(align->smoothing >= 0 && align->smoothing < 0.5))
    kalon_cli_usage (command,
                     "--learning-rate and --beta are above 0, --margin and --anchor not below, "
                     "--smoothing is 0 to below 0.5.");
  else
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
