/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/kalon-judge-private.h"

G_DEFINE_FINAL_TYPE (KalonJudge, kalon_judge, G_TYPE_OBJECT)

static const char *const names[KALON_N_JUDGE_STYLES] = {
  [KALON_JUDGE_RANKER] = "ranker",
  [KALON_JUDGE_SCORER] = "scorer",
  [KALON_JUDGE_CP_SCORER] = "cp-scorer",
};

const char *
kalon_judge_style_get_name (KalonJudgeStyle style)
{
  return names[style];
}

gboolean
kalon_judge_style_from_name (const char *name, KalonJudgeStyle *style)
{
  for (guint i = 0; i < KALON_N_JUDGE_STYLES; i++)
    if (g_str_equal (name, names[i]))
      {
        *style = (KalonJudgeStyle) i;
        return TRUE;
      }
  return FALSE;
}

static void
kalon_judge_finalize (GObject *object)
{
  KalonJudge *self = KALON_JUDGE (object);

  g_object_unref (self->llm);
  g_free (self->library_directory);
  g_free (self->cache_path);
  G_OBJECT_CLASS (kalon_judge_parent_class)->finalize (object);
}

static void
kalon_judge_class_init (KalonJudgeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_judge_finalize;
}

static void
kalon_judge_init (KalonJudge *self)
{
}

KalonJudge *
kalon_judge_new (KalonLlm *llm, const char *library_directory, const char *cache_path)
{
  KalonJudge *self;

  g_return_val_if_fail (llm != NULL && cache_path != NULL, NULL);

  self = g_object_new (KALON_TYPE_JUDGE, NULL);
  self->llm = g_object_ref (llm);
  self->library_directory = library_directory != NULL
                                ? g_strdup (library_directory)
                                : g_build_filename (g_get_user_data_dir (), "kalon", NULL);
  self->cache_path = g_strdup (cache_path);
  return self;
}

char *
kalon_judge_dup_cache_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "kalon", "judge.db", NULL);
}

void
kalon_judge_set_may_send (KalonJudge *self, gboolean may_send)
{
  g_return_if_fail (KALON_IS_JUDGE (self));

  self->may_send = may_send;
}

void
kalon_judge_set_per_minute (KalonJudge *self, guint calls)
{
  g_return_if_fail (KALON_IS_JUDGE (self));

  self->per_minute = calls;
}

KalonJudgeItem *
kalon_judge_item_new (const char *id, const char *query, GPtrArray *row_a, GPtrArray *row_b)
{
  KalonJudgeItem *item;

  g_return_val_if_fail (id != NULL && query != NULL && row_a != NULL && row_b != NULL, NULL);

  item = g_new0 (KalonJudgeItem, 1);
  item->id = g_strdup (id);
  item->query = g_strdup (query);
  item->rows[0] = g_ptr_array_ref (row_a);
  item->rows[1] = g_ptr_array_ref (row_b);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    item->chosen[aspect] = -1;
  return item;
}

void
kalon_judge_item_free (KalonJudgeItem *item)
{
  if (item == NULL)
    return;
  g_free (item->id);
  g_free (item->query);
  g_ptr_array_unref (item->rows[0]);
  g_ptr_array_unref (item->rows[1]);
  g_free (item);
}

/* (transfer full) */
static GPtrArray *
dup_row (const KalonHpirSet *set, const GPtrArray *group)
{
  GPtrArray *row = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_answer_free);

  for (guint i = 0; i < group->len; i++)
    {
      g_autofree char *named = kalon_hpir_set_dup_path (set, g_ptr_array_index (group, i));
      g_autofree char *path = g_canonicalize_filename (named, NULL);

      /* Thumbnails are kept by hash, and what a file says of another need not be so. */
      g_ptr_array_add (row, kalon_answer_new (path, NULL));
    }
  return row;
}

GPtrArray *
kalon_judge_list_items (const KalonHpirSet *set)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_judge_item_free);

  g_return_val_if_fail (set != NULL, items);

  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *from = g_ptr_array_index (set->items, i);
      g_autoptr (GPtrArray) row_a = dup_row (set, from->groups[0]);
      g_autoptr (GPtrArray) row_b = dup_row (set, from->groups[1]);
      KalonJudgeItem *item = kalon_judge_item_new (from->id, from->query, row_a, row_b);

      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        {
          guint choice;
          double confidence;

          if (kalon_hpir_item_get_gold (from, (KalonHpirAspect) aspect, NULL, &choice, &confidence))
            item->chosen[aspect] = (int) choice;
        }
      g_ptr_array_add (items, item);
    }
  return items;
}
