/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What aesthetic models say of two groups, beside what people say. */
#include "evaluator/kalon-evaluator-hpir-private.h"

#include <math.h>

static void
correlate (const KalonHpirScene *scene, KalonCorrelation correlation, const double *x,
           const double *y, gsize n, KalonEstimate *estimate)
{
  *estimate = (KalonEstimate){ NAN, NAN, NAN };
  if (n > 0)
    kalon_metrics_bootstrap_correlation (correlation, x, y, n, KALON_METRICS_RESAMPLES,
                                         scene->task->seed, estimate);
}

/* @scores: [n_good] with @stride from one to the next */
static void
add_scorer (const KalonHpirScene *scene, KalonHpirFigures *figures, const char *name,
            const float *scores, gsize stride)
{
  gsize room = scene->items->len, n = 0, n_decided = 0;
  g_autofree double *differences = g_new (double, room);
  g_autofree double *margins = g_new (double, room);
  g_autofree double *right = g_new (double, room);
  g_autofree guint32 *decided = g_new (guint32, room);
  KalonHpirScorer *scorer = g_new0 (KalonHpirScorer, 1);

  for (gsize i = 0; i < room; i++)
    {
      const KalonHpirItem *item
          = g_ptr_array_index (scene->task->set->items, g_array_index (scene->items, guint, i));
      const guint *votes = item->votes[KALON_HPIR_AESTHETIC];
      double difference = kalon_hpir_scene_get_mean (scene, i, 0, scores, stride)
                          - kalon_hpir_scene_get_mean (scene, i, 1, scores, stride);

      if (votes[0] + votes[1] == 0)
        continue;
      differences[n] = difference;
      margins[n++] = ((double) votes[0] - votes[1]) / (votes[0] + votes[1]);
      if (votes[0] == votes[1])
        continue;
      right[n_decided] = difference == 0 ? 0.5 : (difference > 0) == (votes[0] > votes[1]);
      decided[n_decided++] = scene->clusters[i];
    }
  scorer->name = g_strdup (name);
  scorer->n_items = n;
  scorer->n_decided = n_decided;
  kalon_hpir_estimate (scene, right, NULL, decided, n_decided, &scorer->right);
  correlate (scene, kalon_metrics_get_spearman, differences, margins, n, &scorer->spearman);
  correlate (scene, kalon_metrics_get_pearson, differences, margins, n, &scorer->pearson);
  g_ptr_array_add (figures->scorers, scorer);
}

void
kalon_hpir_correlate (const KalonHpirScene *scene, KalonHpirFigures *figures)
{
  gsize n_members = scene->members->len;

  for (gsize m = 0; m < n_members; m++)
    add_scorer (scene, figures, g_ptr_array_index (scene->members, m), scene->of_members + m,
                n_members);
  if (scene->is_blend)
    add_scorer (scene, figures, "all that rank", scene->scores, 1);
}

/* Moves @n of @examples, drawn by @random, to the front, and cuts off the rest. */
static void
draw (GArray *examples, guint n, GRand *random)
{
  for (guint i = 0; i < MIN (n, examples->len); i++)
    {
      guint j = (guint) g_rand_int_range (random, (gint32) i, (gint32) examples->len);
      KalonHpirExample drawn = g_array_index (examples, KalonHpirExample, j);

      g_array_index (examples, KalonHpirExample, j) = g_array_index (examples, KalonHpirExample, i);
      g_array_index (examples, KalonHpirExample, i) = drawn;
    }
  g_array_set_size (examples, MIN (n, examples->len));
}

static double
get_distance (KalonHpirChoice choice, guint gold)
{
  return choice == KALON_HPIR_CHOICE_NEITHER ? 0.5 : choice != gold;
}

void
kalon_hpir_draw_examples (const KalonHpirScene *scene, KalonHpirFigures *figures)
{
  const KalonHpirRow *baseline = g_ptr_array_index (figures->rows, 0);
  const KalonHpirRow *aligned = kalon_hpir_figures_get_aligned (figures);
  g_autoptr (GRand) random = g_rand_new_with_seed (scene->task->seed);
  guint number = 0;

  if (aligned == NULL)
    return;
  g_ptr_array_find (figures->rows, aligned, &number);
  for (guint right = 0; right < 2; right++)
    {
      g_autoptr (GArray) examples = g_array_new (FALSE, FALSE, sizeof (KalonHpirExample));

      for (gsize i = 0; i < scene->items->len; i++)
        {
          KalonHpirExample example = { .item = g_array_index (scene->items, guint, i),
                                       .row = number,
                                       .baseline = baseline->choices[i],
                                       .aligned = aligned->choices[i] };
          double confidence, gain;

          if (!kalon_hpir_item_get_gold (g_ptr_array_index (scene->task->set->items, example.item),
                                         KALON_HPIR_AESTHETIC, NULL, &example.gold, &confidence))
            continue;
          gain = get_distance (example.baseline, example.gold)
                 - get_distance (example.aligned, example.gold);
          example.is_right = gain > 0;
          if (gain != 0 && example.is_right == !right)
            g_array_append_val (examples, example);
        }
      draw (examples, scene->task->n_examples, random);
      g_array_append_vals (figures->examples, examples->data, examples->len);
    }
}
