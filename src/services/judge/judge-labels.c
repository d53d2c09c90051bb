/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The human judge: an HPIR set that people have labelled. */
#include "judge/kalon-judge-private.h"

/* Group A's and B's systems, in the other order: 1; neither: -1. */
static int
find_order (const KalonHpirItem *item, const char *a, const char *b)
{
  if (g_strcmp0 (item->systems[0], a) == 0 && g_strcmp0 (item->systems[1], b) == 0)
    return 0;
  if (g_strcmp0 (item->systems[0], b) == 0 && g_strcmp0 (item->systems[1], a) == 0)
    return 1;
  return -1;
}

static guint
count_cannot_tell (const KalonHpirItem *item, guint aspect)
{
  guint n = 0;

  for (guint i = 0; i < item->labels->len; i++)
    {
      const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, i);

      n += label->repeat == 0 && label->votes[aspect] == KALON_HPIR_CANNOT_TELL;
    }
  return n;
}

KalonJudgeFigures *
kalon_judge_count_labels (const KalonHpirSet *set, const char *a, const char *b)
{
  KalonJudgeFigures *figures = kalon_judge_figures_new (NULL, NULL);
  KalonJudgeCount *count = kalon_judge_count_new ("people");

  g_return_val_if_fail (set != NULL && a != NULL && b != NULL, figures);

  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);
      int order = find_order (item, a, b);
      KalonJudgeVerdict *verdict;

      if (order < 0)
        continue;
      verdict = kalon_judge_count_add (count, NULL);
      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        {
          guint own = item->votes[aspect][order];
          guint other = item->votes[aspect][1 - order];
          guint neither = count_cannot_tell (item, aspect);

          if (own > other && own > neither)
            verdict->outcomes[aspect] = KALON_JUDGE_WIN;
          else if (other > own && other > neither)
            verdict->outcomes[aspect] = KALON_JUDGE_LOSE;
          else if (own + other + neither > 0)
            verdict->outcomes[aspect] = KALON_JUDGE_SIMILAR;
        }
    }
  kalon_judge_count_finish (count);
  g_ptr_array_add (figures->counts, count);
  return figures;
}
