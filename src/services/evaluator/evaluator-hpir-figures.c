/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often people say the same as a ranking, of all items and of parts of them. */
#include "evaluator/kalon-evaluator-hpir-private.h"

#include <math.h>
#include <string.h>

/* Outcomes */

void
kalon_hpir_outcomes_clear (KalonHpirOutcomes *outcomes)
{
  g_free (outcomes->right);
  g_free (outcomes->baseline);
  g_free (outcomes->weights);
  g_free (outcomes->confidence);
  g_free (outcomes->clusters);
}

static double
get_right (guint8 choice, guint gold)
{
  return choice == KALON_HPIR_CHOICE_NEITHER ? 0.5 : choice == gold;
}

void
kalon_hpir_outcomes_init (KalonHpirOutcomes *outcomes, const KalonHpirScene *scene,
                          const guint8 *choices, const guint8 *baseline, KalonHpirAspect aspect,
                          const gboolean *only, const char *kind)
{
  gsize room = scene->items->len;

  outcomes->right = g_new (double, room);
  outcomes->baseline = g_new (double, room);
  outcomes->weights = g_new (double, room);
  outcomes->confidence = g_new (double, room);
  outcomes->clusters = g_new (guint32, room);
  for (gsize i = 0; i < room; i++)
    {
      const KalonHpirItem *item
          = g_ptr_array_index (scene->task->set->items, g_array_index (scene->items, guint, i));
      guint gold;
      double confidence;
      gsize n = outcomes->n;

      if ((kind != NULL && g_strcmp0 (item->kind, kind) != 0)
          || !kalon_hpir_item_get_gold (item, aspect, only, &gold, &confidence))
        continue;
      outcomes->right[n] = get_right (choices[i], gold);
      outcomes->baseline[n] = get_right (baseline[i], gold);
      outcomes->weights[n] = 2 * confidence - 1;
      outcomes->confidence[n] = confidence;
      outcomes->clusters[n] = scene->clusters[i];
      outcomes->n++;
    }
}

void
kalon_hpir_estimate (const KalonHpirScene *scene, const double *values, const double *weights,
                     const guint32 *clusters, gsize n, KalonEstimate *estimate)
{
  *estimate = (KalonEstimate){ NAN, NAN, NAN };
  if (n > 0)
    kalon_metrics_bootstrap_weighted (values, weights, clusters, n, KALON_METRICS_RESAMPLES,
                                      scene->task->seed, estimate);
}

/* (transfer full): [n] right less the baseline */
static double *
get_gains (const KalonHpirOutcomes *outcomes)
{
  double *gains = g_new (double, outcomes->n + 1);

  for (gsize i = 0; i < outcomes->n; i++)
    gains[i] = outcomes->right[i] - outcomes->baseline[i];
  return gains;
}

/* All items */

static void
count_aspect (const KalonHpirScene *scene, const KalonHpirOutcomes *outcomes,
              KalonHpirAgreement *agreement)
{
  g_autofree double *gains = get_gains (outcomes);
  gsize n = outcomes->n;

  kalon_hpir_estimate (scene, outcomes->right, NULL, outcomes->clusters, n, &agreement->agreement);
  kalon_hpir_estimate (scene, outcomes->right, outcomes->weights, outcomes->clusters, n,
                       &agreement->weighted);
  kalon_hpir_estimate (scene, gains, NULL, outcomes->clusters, n, &agreement->gain);
  kalon_hpir_estimate (scene, gains, outcomes->weights, outcomes->clusters, n,
                       &agreement->weighted_gain);
  for (gsize i = 0; i < n; i++)
    {
      agreement->n_better += gains[i] > 0;
      agreement->n_worse += gains[i] < 0;
    }
  agreement->p = n > 0 ? kalon_metrics_test_mcnemar (agreement->n_better, agreement->n_worse) : NAN;
}

void
kalon_hpir_count_agreement (const KalonHpirScene *scene, KalonHpirFigures *figures)
{
  const KalonHpirRow *baseline = g_ptr_array_index (figures->rows, 0);

  for (guint r = 0; r < figures->rows->len; r++)
    {
      KalonHpirRow *row = g_ptr_array_index (figures->rows, r);

      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        {
          g_auto (KalonHpirOutcomes) outcomes = { 0 };

          kalon_hpir_outcomes_init (&outcomes, scene, row->choices, baseline->choices, aspect, NULL,
                                    NULL);
          count_aspect (scene, &outcomes, &row->aspects[aspect]);
          if (r > 0)
            continue;
          figures->n_gold[aspect] = outcomes.n;
          kalon_hpir_estimate (scene, outcomes.confidence, NULL, outcomes.clusters, outcomes.n,
                               &figures->confidence[aspect]);
        }
    }
}

/* Parts */

/* @kind, @only: one of them. Does not keep a split of people that is too small to tell of. */
static void
add_split (const KalonHpirScene *scene, KalonHpirFigures *figures, char *name, const char *kind,
           const gboolean *only)
{
  const KalonHpirRow *baseline = g_ptr_array_index (figures->rows, 0);
  KalonHpirSplit *split = g_new0 (KalonHpirSplit, 1);
  gsize n_most = 0;

  split->name = name;
  split->is_of_people = only != NULL;
  split->agreement = g_array_new (FALSE, FALSE, sizeof (KalonEstimate));
  split->gains = g_array_new (FALSE, FALSE, sizeof (KalonEstimate));
  g_ptr_array_add (figures->splits, split);
  for (guint r = 0; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);

      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        {
          g_auto (KalonHpirOutcomes) outcomes = { 0 };
          g_autofree double *gains = NULL;
          KalonEstimate estimate;

          kalon_hpir_outcomes_init (&outcomes, scene, row->choices, baseline->choices, aspect, only,
                                    kind);
          gains = get_gains (&outcomes);
          split->n_items[aspect] = outcomes.n;
          n_most = MAX (n_most, outcomes.n);
          if (split->is_of_people && outcomes.n < KALON_HPIR_MIN_SPLIT)
            outcomes.n = 0;
          kalon_hpir_estimate (scene, outcomes.right, NULL, outcomes.clusters, outcomes.n,
                               &estimate);
          g_array_append_val (split->agreement, estimate);
          kalon_hpir_estimate (scene, gains, NULL, outcomes.clusters, outcomes.n, &estimate);
          g_array_append_val (split->gains, estimate);
        }
    }
  if (n_most < (split->is_of_people ? KALON_HPIR_MIN_SPLIT : 1))
    g_ptr_array_set_size (figures->splits, (int) figures->splits->len - 1);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* By name. (transfer container): of the keys of @table, which is a set */
static GPtrArray *
list_keys (GHashTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, compare_names);
  return keys;
}

static void
split_by_kind (const KalonHpirScene *scene, KalonHpirFigures *figures)
{
  GPtrArray *items = scene->task->set->items;
  g_autoptr (GHashTable) kinds = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) names = NULL;

  for (guint i = 0; i < scene->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (items, g_array_index (scene->items, guint, i));

      if (item->kind != NULL)
        g_hash_table_add (kinds, item->kind);
    }
  names = list_keys (kinds);
  for (guint i = 0; i < names->len; i++)
    {
      const char *kind = g_ptr_array_index (names, i);

      add_split (scene, figures, g_strdup (kind), kind, NULL);
    }
}

/* "age: 30-39" of every trait and value that somebody has. */
static void
split_by_people (const KalonHpirScene *scene, KalonHpirFigures *figures)
{
  GPtrArray *labelers = scene->task->set->labelers;
  g_autoptr (GHashTable) traits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) names = NULL;

  for (guint l = 0; l < labelers->len; l++)
    {
      const KalonHpirLabeler *labeler = g_ptr_array_index (labelers, l);
      GHashTableIter iter;
      gpointer trait, value;

      g_hash_table_iter_init (&iter, labeler->traits);
      while (g_hash_table_iter_next (&iter, &trait, &value))
        {
          g_autofree char *name
              = g_strdup_printf ("%s: %s", (const char *) trait, (const char *) value);
          gboolean *only = g_hash_table_lookup (traits, name);

          if (only == NULL)
            {
              only = g_new0 (gboolean, labelers->len);
              g_hash_table_insert (traits, g_steal_pointer (&name), only);
            }
          only[l] = TRUE;
        }
    }
  names = list_keys (traits);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      add_split (scene, figures, g_strdup (name), NULL, g_hash_table_lookup (traits, name));
    }
}

void
kalon_hpir_count_splits (const KalonHpirScene *scene, KalonHpirFigures *figures)
{
  split_by_kind (scene, figures);
  split_by_people (scene, figures);
}
