/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"

#include <math.h>

const KalonLabelForm kalon_pair_form
    = { "better TAB worse TAB kind TAB severity", 4, 1 << 2 | 1 << 3 };

enum
{
  BETTER,
  WORSE,
  KIND,
  SEVERITY,
};

typedef struct
{
  const KalonLabel *label;
  guint32 better, worse; /* positions in the pictures */
} Pair;

/* Those of a label file; the pictures in the order in which they are first named. */
typedef struct
{
  GPtrArray *paths;
  GArray *pairs; /* Pair */
} Paired;

/* The pairs that one outcome is of. */
typedef struct
{
  KalonPairOutcome *outcome;
  GArray *wins;     /* double: 1, 1/2 or 0 of each pair */
  GArray *clusters; /* guint32: its better picture */
} Group;

static void
paired_clear (Paired *paired)
{
  g_clear_pointer (&paired->paths, g_ptr_array_unref);
  g_clear_pointer (&paired->pairs, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Paired, paired_clear)

static void
group_free (gpointer data)
{
  Group *group = data;

  g_array_unref (group->wins);
  g_array_unref (group->clusters);
  g_free (group);
}

static void
outcome_free (gpointer data)
{
  KalonPairOutcome *outcome = data;

  g_free (outcome->kind);
  g_free (outcome->severity);
  g_free (outcome);
}

void
kalon_pair_figures_free (KalonPairFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_ptr_array_unref (figures->outcomes);
  g_free (figures);
}

/* Pairs */

static guint32
add_picture (Paired *paired, GHashTable *known, const char *images, char *name)
{
  gpointer position;

  if (g_hash_table_lookup_extended (known, name, NULL, &position))
    return GPOINTER_TO_UINT (position);
  g_hash_table_insert (known, name, GUINT_TO_POINTER (paired->paths->len));
  g_ptr_array_add (paired->paths, g_build_filename (images, name, NULL));
  return paired->paths->len - 1;
}

static void
pair_up (GPtrArray *labels, const char *images, Paired *paired)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  paired->paths = g_ptr_array_new_with_free_func (g_free);
  paired->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  for (guint i = 0; i < labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (labels, i);
      Pair pair = { .label = label };

      pair.better = add_picture (paired, known, images, label->fields[BETTER]);
      pair.worse = add_picture (paired, known, images, label->fields[WORSE]);
      g_array_append_val (paired->pairs, pair);
    }
}

/* Takes out the pairs with a picture that has no score, and counts the pictures of the others. */
static void
leave_out (Paired *paired, const float *scores, KalonPairFigures *figures)
{
  g_autofree guint8 *used = g_new0 (guint8, paired->paths->len);
  guint n = 0;

  for (guint i = 0; i < paired->pairs->len; i++)
    {
      Pair pair = g_array_index (paired->pairs, Pair, i);

      if (isnan (scores[pair.better]) || isnan (scores[pair.worse]))
        continue;
      used[pair.better] = used[pair.worse] = TRUE;
      g_array_index (paired->pairs, Pair, n++) = pair;
    }
  figures->n_left_out = paired->pairs->len - n;
  g_array_set_size (paired->pairs, n);
  for (guint i = 0; i < paired->paths->len; i++)
    figures->n_pictures += used[i];
}

/* @kind, @severity: (nullable): any. Makes the group and its outcome when they are new. */
static Group *
get_group (GHashTable *groups, KalonPairFigures *figures, const char *kind, const char *severity)
{
  /* Neither is ever empty, nor has a TAB in it. */
  g_autofree char *key
      = g_strdup_printf ("%s\t%s", kind != NULL ? kind : "", severity != NULL ? severity : "");
  Group *group = g_hash_table_lookup (groups, key);

  if (group != NULL)
    return group;
  group = g_new (Group, 1);
  group->wins = g_array_new (FALSE, FALSE, sizeof (double));
  group->clusters = g_array_new (FALSE, FALSE, sizeof (guint32));
  group->outcome = g_new0 (KalonPairOutcome, 1);
  group->outcome->kind = g_strdup (kind);
  group->outcome->severity = g_strdup (severity);
  g_ptr_array_add (figures->outcomes, group->outcome);
  g_hash_table_insert (groups, g_steal_pointer (&key), group);
  return group;
}

static void
add_pair (Group *group, const Pair *pair, const float *scores)
{
  double difference = (double) scores[pair->better] - scores[pair->worse];
  double win = difference > 0 ? 1 : difference == 0 ? 0.5 : 0;

  g_array_append_val (group->wins, win);
  g_array_append_val (group->clusters, pair->better);
  group->outcome->n_pairs++;
  group->outcome->difference += difference;
}

static int
compare_better (gconstpointer a, gconstpointer b)
{
  const Pair *x = a, *y = b;

  return (x->better > y->better) - (x->better < y->better);
}

/* Pairs of one photo are no independent evidence: they are one cluster. */
static void
summarise (Paired *paired, const float *scores, KalonPairFigures *figures)
{
  g_autoptr (GHashTable) groups
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, group_free);
  GArray *pairs = paired->pairs;
  GHashTableIter iter;
  gpointer value;

  get_group (groups, figures, NULL, NULL);
  for (guint by_kind = 0; by_kind <= 1; by_kind++)
    for (guint i = 0; i < pairs->len; i++)
      {
        char *const *fields = g_array_index (pairs, Pair, i).label->fields;

        get_group (groups, figures, by_kind ? fields[KIND] : NULL, fields[SEVERITY]);
      }
  g_array_sort (pairs, compare_better);
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);
      char *const *fields = pair->label->fields;

      add_pair (get_group (groups, figures, NULL, NULL), pair, scores);
      add_pair (get_group (groups, figures, NULL, fields[SEVERITY]), pair, scores);
      add_pair (get_group (groups, figures, fields[KIND], fields[SEVERITY]), pair, scores);
    }
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Group *group = value;

      group->outcome->difference /= group->outcome->n_pairs;
      kalon_metrics_bootstrap ((const double *) group->wins->data,
                               (const guint32 *) group->clusters->data, group->wins->len,
                               KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, &group->outcome->share);
    }
}

KalonPairFigures *
kalon_evaluator_compare_pairs (KalonEvaluator *self, const char *pairs, const char *images,
                               GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonPairFigures) figures = g_new0 (KalonPairFigures, 1);
  g_autoptr (GPtrArray) labels = NULL;
  g_auto (Paired) paired = { 0 };
  g_autofree float *scores = NULL;

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (pairs != NULL && images != NULL, NULL);

  figures->outcomes = g_ptr_array_new_with_free_func (outcome_free);
  labels = kalon_labels_read (pairs, &kalon_pair_form, error);
  if (labels == NULL || !kalon_evaluator_begin (self, cancellable, error))
    return NULL;
  pair_up (labels, images, &paired);
  scores = kalon_evaluator_score_files (self, paired.paths, cancellable, error);
  if (scores == NULL)
    return NULL;
  leave_out (&paired, scores, figures);
  if (paired.pairs->len == 0)
    {
      kalon_evaluator_refuse_empty (images, error);
      return NULL;
    }
  summarise (&paired, scores, figures);
  return g_steal_pointer (&figures);
}

float *
kalon_evaluator_score_pictures (KalonEvaluator *self, GPtrArray *paths, GCancellable *cancellable,
                                GError **error)
{
  g_autofree float *scores = NULL;

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (paths != NULL && paths->len > 0, NULL);

  if (!kalon_evaluator_begin (self, cancellable, error))
    return NULL;
  scores = kalon_evaluator_score_files (self, paths, cancellable, error);
  if (scores == NULL)
    return NULL;
  if (kalon_evaluator_get_failures (self)->len == paths->len)
    {
      kalon_evaluator_refuse_empty (NULL, error);
      return NULL;
    }
  return g_steal_pointer (&scores);
}
