/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HPIR sets, end to end. */
#include "evaluator/kalon-evaluator-hpir-private.h"

#include "errors/kalon-errors.h"

#include <string.h>

static void
row_free (gpointer data)
{
  KalonHpirRow *row = data;

  g_free (row->name);
  g_free (row->choices);
  g_free (row);
}

static void
split_free (gpointer data)
{
  KalonHpirSplit *split = data;

  g_free (split->name);
  g_array_unref (split->agreement);
  g_array_unref (split->gains);
  g_free (split);
}

static void
labeler_free (gpointer data)
{
  KalonHpirLabelerRow *labeler = data;

  g_free (labeler->id);
  g_free (labeler);
}

static void
scorer_free (gpointer data)
{
  KalonHpirScorer *scorer = data;

  g_free (scorer->name);
  g_free (scorer);
}

static KalonHpirFigures *
figures_new (const KalonHpirSet *set)
{
  KalonHpirFigures *figures = g_new0 (KalonHpirFigures, 1);

  figures->name = g_strdup (set->name);
  figures->is_synthetic = set->synthetic;
  figures->items = g_array_new (FALSE, FALSE, sizeof (guint));
  figures->rows = g_ptr_array_new_with_free_func (row_free);
  figures->splits = g_ptr_array_new_with_free_func (split_free);
  figures->labelers = g_ptr_array_new_with_free_func (labeler_free);
  figures->scorers = g_ptr_array_new_with_free_func (scorer_free);
  figures->examples = g_array_new (FALSE, FALSE, sizeof (KalonHpirExample));
  return figures;
}

void
kalon_hpir_figures_free (KalonHpirFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_free (figures->name);
  g_array_unref (figures->items);
  g_ptr_array_unref (figures->rows);
  g_ptr_array_unref (figures->splits);
  g_ptr_array_unref (figures->labelers);
  g_ptr_array_unref (figures->scorers);
  g_array_unref (figures->examples);
  g_free (figures);
}

void
kalon_hpir_task_init (KalonHpirTask *task, const KalonHpirSet *set)
{
  g_return_if_fail (task != NULL);

  *task = (KalonHpirTask){
    .set = set,
    .style = KALON_REPHRASE_DEFAULT_STYLE,
    .share = KALON_REPHRASE_DEFAULT_SHARE,
    .aesthetic_weight = KALON_ALIGNMENT_DEFAULT.aesthetic,
    .n_examples = 3,
    .seed = KALON_METRICS_SEED,
  };
}

const KalonHpirRow *
kalon_hpir_figures_get_aligned (const KalonHpirFigures *figures)
{
  g_return_val_if_fail (figures != NULL, NULL);

  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, i);

      if (row->role == KALON_HPIR_ALIGNED)
        return row;
    }
  return NULL;
}

/* Rows */

/* @means: [items, 2] */
static void
add_row (const KalonHpirScene *scene, KalonHpirFigures *figures, const char *name,
         KalonHpirRole role, const double *means)
{
  KalonHpirRow *row = g_new0 (KalonHpirRow, 1);

  row->name = g_strdup (name);
  row->role = role;
  row->choices = kalon_hpir_choose (means, scene->items->len);
  g_ptr_array_add (figures->rows, row);
}

static gboolean
add_ways (KalonEvaluator *self, KalonHpirScene *scene, KalonHpirFigures *figures,
          GCancellable *cancellable, GError **error)
{
  const KalonHpirTask *task = scene->task;
  GPtrArray *adapters = task->adapters;
  g_autoptr (GArray) ways = kalon_evaluator_list_ways (
      task->style, task->aesthetic_weight,
      adapters != NULL ? (KalonAdapter *const *) adapters->pdata : NULL,
      adapters != NULL ? adapters->len : 0);

  for (guint i = 0; i < ways->len; i++)
    {
      const KalonAlignWay *way = &g_array_index (ways, KalonAlignWay, i);
      g_autofree double *means = NULL;

      kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, i, ways->len);
      if (scene->scores == NULL && way->aesthetic > 0)
        continue;
      means = kalon_hpir_scene_score (scene, self, way, cancellable, error);
      if (means == NULL)
        return FALSE;
      add_row (scene, figures, way->name, way->role, means);
    }
  return TRUE;
}

static void
add_aesthetics_alone (const KalonHpirScene *scene, KalonHpirFigures *figures)
{
  g_autofree double *means = g_new (double, 2 * scene->items->len);

  if (scene->scores == NULL)
    return;
  for (gsize i = 0; i < scene->items->len; i++)
    for (guint group = 0; group < 2; group++)
      means[2 * i + group] = kalon_hpir_scene_get_mean (scene, i, group, scene->scores, 1);
  add_row (scene, figures, "aesthetic score alone", KALON_HPIR_AESTHETICS_ALONE, means);
}

/* The baseline of another model on the same items. */
static gboolean
add_other_model (KalonEvaluator *self, const KalonHpirScene *scene, KalonHpirFigures *figures,
                 GCancellable *cancellable, GError **error)
{
  const KalonHpirTask *task = scene->task;
  g_autoptr (KalonEvaluator) other = NULL;
  g_auto (KalonHpirScene) seen = { 0 };
  g_autofree double *means = NULL;
  g_autofree char *name = g_strdup_printf ("model %s", task->other_name);
  const KalonAlignWay baseline = { NULL, KALON_HPIR_OTHER_MODEL, KALON_REPHRASE_ORIGINAL, 0, NULL };

  if (task->other_model == NULL)
    return TRUE;
  other = kalon_evaluator_new (task->other_model, self->device_name);
  kalon_evaluator_set_progress (other, self->func, self->user_data);
  if (!kalon_evaluator_begin (other, cancellable, error)
      || !kalon_hpir_scene_init (&seen, other, task, FALSE, cancellable, error))
    return FALSE;
  /* What one model turns into NaN and the other not. */
  if (seen.items->len != scene->items->len
      || memcmp (seen.items->data, scene->items->data, seen.items->len * sizeof (guint)) != 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "Model “%s” cannot read the same pictures of the set as this one, so the two "
                   "cannot be compared.",
                   task->other_name);
      return FALSE;
    }
  means = kalon_hpir_scene_score (&seen, other, &baseline, cancellable, error);
  if (means == NULL)
    return FALSE;
  add_row (scene, figures, name, KALON_HPIR_OTHER_MODEL, means);
  return TRUE;
}

static gboolean
check_adapters (KalonEvaluator *self, const KalonHpirTask *task, GError **error)
{
  const char *hash = kalon_encoder_get_model_hash (self->encoder);

  for (guint i = 0; task->adapters != NULL && i < task->adapters->len; i++)
    {
      const KalonAdapter *adapter = g_ptr_array_index (task->adapters, i);

      if (g_str_equal (kalon_adapter_get_model_hash (adapter), hash))
        continue;
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "Adapter %u (%s) belongs to another model. Train one for this model.", i + 1,
                   kalon_adapter_kind_get_name (kalon_adapter_get_kind (adapter)));
      return FALSE;
    }
  return TRUE;
}

static void
add_labelers (const KalonHpirSet *set, KalonHpirFigures *figures)
{
  for (guint i = 0; i < set->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = g_ptr_array_index (set->labelers, i);
      KalonHpirLabelerRow *row = g_new0 (KalonHpirLabelerRow, 1);

      row->id = g_strdup (labeler->id);
      kalon_hpir_set_measure_labeler (set, i, &row->figures);
      g_ptr_array_add (figures->labelers, row);
    }
}

KalonHpirFigures *
kalon_evaluator_judge_hpir (KalonEvaluator *self, const KalonHpirTask *task,
                            GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonHpirFigures) figures = NULL;
  g_auto (KalonHpirScene) scene = { 0 };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (task != NULL && task->set != NULL, NULL);

  figures = figures_new (task->set);
  if (!kalon_evaluator_begin (self, cancellable, error) || !check_adapters (self, task, error)
      || !kalon_hpir_scene_init (&scene, self, task, TRUE, cancellable, error)
      || !add_ways (self, &scene, figures, cancellable, error))
    return NULL;
  add_aesthetics_alone (&scene, figures);
  if (!add_other_model (self, &scene, figures, cancellable, error))
    return NULL;
  g_array_append_vals (figures->items, scene.items->data, scene.items->len);
  figures->n_left_out = task->set->items->len - scene.items->len;
  figures->n_pictures = scene.n_good;
  figures->n_stored = scene.n_stored[task->style];
  kalon_hpir_count_agreement (&scene, figures);
  kalon_hpir_count_splits (&scene, figures);
  kalon_hpir_correlate (&scene, figures);
  kalon_hpir_draw_examples (&scene, figures);
  add_labelers (task->set, figures);
  return g_steal_pointer (&figures);
}
