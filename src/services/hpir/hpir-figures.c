/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  gsize n;
  gsize n_same;
} Share;

static void
settle (const Share *share, gsize *n, KalonEstimate *estimate)
{
  *n = share->n;
  *estimate = (KalonEstimate){ NAN, NAN, NAN };
  if (share->n > 0)
    kalon_metrics_estimate_share (share->n_same, share->n, estimate);
}

/* Each later answer to an item against the first. */
static void
count_repeats (const KalonHpirItem *item, const KalonHpirLabel *first, Share *shares)
{
  for (guint i = 0; i < item->labels->len; i++)
    {
      const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, i);

      if (label->labeler != first->labeler || label->repeat == 0)
        continue;
      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        if (label->votes[aspect] != KALON_HPIR_UNASKED
            && first->votes[aspect] != KALON_HPIR_UNASKED)
          {
            shares[aspect].n++;
            shares[aspect].n_same += label->votes[aspect] == first->votes[aspect];
          }
    }
}

static void
count_others (const KalonHpirItem *item, const KalonHpirLabel *own, const gboolean *others,
              Share *shares)
{
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      guint choice;
      double confidence;

      if ((own->votes[aspect] != KALON_HPIR_A && own->votes[aspect] != KALON_HPIR_B)
          || !kalon_hpir_item_get_gold (item, aspect, others, &choice, &confidence))
        continue;
      shares[aspect].n++;
      shares[aspect].n_same += own->votes[aspect] == KALON_HPIR_A + choice;
    }
}

void
kalon_hpir_set_measure_labeler (const KalonHpirSet *set, guint labeler,
                                KalonHpirLabelerFigures *figures)
{
  Share repeats[KALON_N_HPIR_ASPECTS] = { 0 };
  Share compared[KALON_N_HPIR_ASPECTS] = { 0 };
  g_autofree gboolean *others = NULL;

  g_return_if_fail (set != NULL && labeler < set->labelers->len);
  g_return_if_fail (figures != NULL);

  memset (figures, 0, sizeof *figures);
  others = g_new (gboolean, set->labelers->len);
  for (guint i = 0; i < set->labelers->len; i++)
    others[i] = i != labeler;
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = set->items->pdata[i];
      const KalonHpirLabel *own = kalon_hpir_item_find_label (item, labeler, 0);

      if (own == NULL)
        continue;
      figures->n_labels++;
      count_repeats (item, own, repeats);
      count_others (item, own, others, compared);
    }
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      settle (&repeats[aspect], &figures->n_repeats[aspect], &figures->consistency[aspect]);
      settle (&compared[aspect], &figures->n_compared[aspect], &figures->with_others[aspect]);
    }
}
