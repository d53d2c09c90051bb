/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures and texts of an HPIR set, each read and encoded once. */
#include "evaluator/kalon-evaluator-hpir-private.h"

void
kalon_hpir_scene_clear (KalonHpirScene *scene)
{
  g_clear_pointer (&scene->paths, g_ptr_array_unref);
  g_clear_pointer (&scene->members, g_ptr_array_unref);
  g_clear_pointer (&scene->items, g_array_unref);
  g_clear_pointer (&scene->groups, g_array_unref);
  g_free (scene->is_good);
  g_free (scene->positions);
  g_free (scene->embeddings);
  g_free (scene->scores);
  g_free (scene->of_members);
  g_free (scene->clusters);
  g_free (scene->first);
  g_free (scene->spreads);
  for (guint style = 0; style < KALON_N_REPHRASE_STYLES; style++)
    g_free (scene->texts[style]);
}

/* Pictures */

/* @known: path in the set -> position in the paths */
static void
list_pictures (KalonHpirScene *scene, GHashTable *known)
{
  const KalonHpirSet *set = scene->task->set;

  scene->paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);

      for (guint group = 0; group < 2; group++)
        for (guint j = 0; j < item->groups[group]->len; j++)
          {
            const KalonHpirPicture *picture = g_ptr_array_index (item->groups[group], j);

            if (g_hash_table_contains (known, picture->path))
              continue;
            g_hash_table_insert (known, picture->path, GUINT_TO_POINTER (scene->paths->len));
            g_ptr_array_add (scene->paths, kalon_hpir_set_dup_path (set, picture));
          }
    }
}

static gboolean
encode_pictures (KalonHpirScene *scene, KalonEvaluator *self, float *measures,
                 GCancellable *cancellable, GError **error)
{
  scene->is_good = g_new0 (guint8, scene->paths->len + 1);
  scene->positions = g_new0 (gsize, scene->paths->len + 1);
  scene->embeddings = kalon_evaluator_encode_pictures (self, scene->paths, scene->is_good, measures,
                                                       NULL, cancellable, error);
  if (scene->embeddings == NULL)
    return FALSE;
  for (guint i = 0; i < scene->paths->len; i++)
    {
      scene->positions[i] = scene->n_good;
      scene->n_good += scene->is_good[i];
    }
  return TRUE;
}

/* Aesthetic scores */

static void
score_pictures (KalonHpirScene *scene, KalonEvaluator *self, const KalonAestheticBlend *members,
                const float *measures)
{
  guint n_members = kalon_aesthetic_blend_get_n_members (members);

  scene->is_blend = self->blend != NULL && kalon_aesthetic_blend_get_n_members (self->blend) > 1;
  scene->scores = self->blend != NULL ? g_new (float, scene->n_good + 1) : NULL;
  scene->of_members = g_new (float, scene->n_good *n_members + 1);
  for (guint m = 0; m < n_members; m++)
    g_ptr_array_add (scene->members, g_strdup (kalon_aesthetic_blend_get_id (members, m)));
  for (guint i = 0; i < scene->paths->len; i++)
    {
      gsize row = scene->positions[i];
      const float *embedding = scene->embeddings + row * scene->dimension;
      const float *own = measures != NULL ? measures + (gsize) i * KALON_N_MEASURES : NULL;

      if (!scene->is_good[i])
        continue;
      if (self->blend != NULL)
        scene->scores[row] = kalon_aesthetic_blend_score (self->blend, embedding, own, NULL);
      kalon_aesthetic_blend_score (members, embedding, own, scene->of_members + row * n_members);
    }
}

/* Items */

static gboolean
is_complete (const KalonHpirScene *scene, GHashTable *known, const KalonHpirItem *item)
{
  if (item->groups[0]->len == 0 || item->groups[1]->len == 0)
    return FALSE;
  for (guint group = 0; group < 2; group++)
    for (guint j = 0; j < item->groups[group]->len; j++)
      {
        const KalonHpirPicture *picture = g_ptr_array_index (item->groups[group], j);

        if (!scene->is_good[GPOINTER_TO_UINT (g_hash_table_lookup (known, picture->path))])
          return FALSE;
      }
  return TRUE;
}

static void
add_item (KalonHpirScene *scene, GHashTable *known, guint number)
{
  const KalonHpirItem *item = g_ptr_array_index (scene->task->set->items, number);

  for (guint group = 0; group < 2; group++)
    {
      scene->first[2 * scene->items->len + group] = scene->groups->len;
      for (guint j = 0; j < item->groups[group]->len; j++)
        {
          const KalonHpirPicture *picture = g_ptr_array_index (item->groups[group], j);
          guint path = GPOINTER_TO_UINT (g_hash_table_lookup (known, picture->path));
          guint32 row = (guint32) scene->positions[path];

          g_array_append_val (scene->groups, row);
        }
    }
  g_array_append_val (scene->items, number);
}

/* Those of a query together, queries in the order of the set. */
static void
list_items (KalonHpirScene *scene, GHashTable *known)
{
  GPtrArray *items = scene->task->set->items;
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) queries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  scene->items = g_array_new (FALSE, FALSE, sizeof (guint));
  scene->groups = g_array_new (FALSE, FALSE, sizeof (guint32));
  scene->first = g_new0 (guint, 2 * (gsize) items->len + 1);
  scene->clusters = g_new0 (guint32, items->len + 1);
  for (guint i = 0; i < items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (items, i);
      gpointer number;

      if (!is_complete (scene, known, item))
        continue;
      if (!g_hash_table_lookup_extended (numbers, item->query, NULL, &number))
        {
          number = GUINT_TO_POINTER (queries->len);
          g_hash_table_insert (numbers, item->query, number);
          g_ptr_array_add (queries, g_array_new (FALSE, FALSE, sizeof (guint)));
        }
      g_array_append_val ((GArray *) g_ptr_array_index (queries, GPOINTER_TO_UINT (number)), i);
    }
  for (guint q = 0; q < queries->len; q++)
    {
      const GArray *of_query = g_ptr_array_index (queries, q);

      for (guint i = 0; i < of_query->len; i++)
        {
          scene->clusters[scene->items->len] = q;
          add_item (scene, known, g_array_index (of_query, guint, i));
        }
    }
  scene->first[2 * scene->items->len] = scene->groups->len;
}

gboolean
kalon_hpir_scene_init (KalonHpirScene *scene, KalonEvaluator *self, const KalonHpirTask *task,
                       gboolean with_scores, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (KalonAestheticBlend) members = NULL;
  g_autofree float *measures = NULL;

  scene->task = task;
  scene->dimension = kalon_encoder_get_dimension (self->encoder);
  scene->members = g_ptr_array_new_with_free_func (g_free);
  list_pictures (scene, known);
  if (with_scores)
    {
      if (!kalon_evaluator_load_blend (self, FALSE, cancellable, error))
        return FALSE;
      members = kalon_evaluator_load_members (self, NULL, cancellable, error);
      if (members == NULL)
        return FALSE;
      if (kalon_aesthetic_blend_needs_measures (members)
          || (self->blend != NULL && kalon_aesthetic_blend_needs_measures (self->blend)))
        measures = g_new0 (float, (gsize) scene->paths->len *KALON_N_MEASURES + 1);
    }
  if (!encode_pictures (scene, self, measures, cancellable, error))
    return FALSE;
  if (with_scores)
    score_pictures (scene, self, members, measures);
  list_items (scene, known);
  return scene->items->len > 0 || kalon_evaluator_refuse_empty (task->set->folder, error);
}

double
kalon_hpir_scene_get_mean (const KalonHpirScene *scene, gsize i, guint group, const float *scores,
                           gsize stride)
{
  guint begin = scene->first[2 * i + group], end = scene->first[2 * i + group + 1];
  double sum = 0;

  for (guint j = begin; j < end; j++)
    sum += scores[g_array_index (scene->groups, guint32, j) * stride];
  return sum / (end - begin);
}
