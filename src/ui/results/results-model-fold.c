/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-results-model-private.h"

static const KalonFolded *
get_folded (KalonResultsModel *self, guint i)
{
  return &g_array_index (self->folded, KalonFolded, i);
}

const KalonResult *
kalon_results_model_get_result (KalonResultsModel *self, guint position, gboolean *is_behind)
{
  gint32 row
      = self->rows != NULL ? g_array_index (self->rows, gint32, position) : (gint32) position;

  *is_behind = row < 0;
  return row < 0 ? &get_folded (self, (guint) (-1 - row))->result
                 : &g_array_index (self->ranking, KalonResult, row);
}

guint
kalon_results_model_get_leading_rank (KalonResultsModel *self, guint position)
{
  const KalonResult *result;
  gboolean is_behind;

  do
    result = kalon_results_model_get_result (self, position, &is_behind);
  while (is_behind && position-- > 0);
  return result->rank;
}

void
kalon_results_model_fold_all (KalonResultsModel *self)
{
  g_clear_pointer (&self->unfolded, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
}

static void
add_to_set (GHashTable *set, gint64 id)
{
  g_hash_table_add (set, g_memdup2 (&id, sizeof id));
}

/* @self->rows, of what is unfolded. */
static void
lay_out (KalonResultsModel *self)
{
  g_autoptr (GHashTable) groups
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < self->folded->len; i++)
    {
      const gint64 *leader = &get_folded (self, i)->leader;
      GArray *group = g_hash_table_lookup (groups, leader);
      gint32 row = -1 - (gint32) i;

      if (!g_hash_table_contains (self->unfolded, leader))
        continue;
      if (group == NULL)
        {
          group = g_array_new (FALSE, FALSE, sizeof (gint32));
          g_hash_table_insert (groups, (gpointer) leader, group);
        }
      g_array_append_val (group, row);
    }
  g_clear_pointer (&self->rows, g_array_unref);
  self->rows = g_array_sized_new (FALSE, FALSE, sizeof (gint32), self->ranking->len);
  for (guint i = 0; i < self->ranking->len; i++)
    {
      gint32 row = (gint32) i;
      GArray *group
          = g_hash_table_lookup (groups, &g_array_index (self->ranking, KalonResult, i).picture);

      g_array_append_val (self->rows, row);
      if (group != NULL)
        g_array_append_vals (self->rows, group->data, group->len);
    }
}

void
kalon_results_model_keep_unfolded (KalonResultsModel *self)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->unfolded);

  g_clear_pointer (&self->rows, g_array_unref);
  if (before == NULL)
    return;
  self->unfolded = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < self->folded->len; i++)
    {
      const KalonFolded *folded = get_folded (self, i);

      if (g_hash_table_contains (before, &folded->leader)
          || g_hash_table_contains (before, &folded->result.picture))
        add_to_set (self->unfolded, folded->leader);
    }
  if (g_hash_table_size (self->unfolded) > 0)
    lay_out (self);
  else
    kalon_results_model_fold_all (self);
}

/* (nullable): the result's picture that @picture_id is behind. */
static const gint64 *
find_leader (KalonResultsModel *self, const gint64 *picture_id)
{
  for (guint i = 0; self->folded != NULL && i < self->folded->len; i++)
    {
      const KalonFolded *folded = get_folded (self, i);

      if (folded->leader == *picture_id || folded->result.picture == *picture_id)
        return &folded->leader;
    }
  return NULL;
}

gboolean
kalon_results_model_find_leader (KalonResultsModel *self, gint64 picture_id, guint *position)
{
  const gint64 *leader;

  g_return_val_if_fail (KALON_IS_RESULTS_MODEL (self), FALSE);

  leader = find_leader (self, &picture_id);
  if (leader == NULL)
    return FALSE;
  return position == NULL || kalon_results_model_find (self, *leader, position);
}

gboolean
kalon_results_model_is_unfolded (KalonResultsModel *self, gint64 picture_id)
{
  const gint64 *leader;

  g_return_val_if_fail (KALON_IS_RESULTS_MODEL (self), FALSE);

  leader = self->unfolded != NULL ? find_leader (self, &picture_id) : NULL;
  return leader != NULL && g_hash_table_contains (self->unfolded, leader);
}

void
kalon_results_model_set_unfolded (KalonResultsModel *self, gint64 picture_id, gboolean unfolded)
{
  const gint64 *leader;
  KalonResultItem *item;
  guint n_before, position;

  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));

  leader = find_leader (self, &picture_id);
  if (leader == NULL || unfolded == kalon_results_model_is_unfolded (self, picture_id)
      || !kalon_results_model_find (self, *leader, &position))
    return;
  if (self->unfolded == NULL)
    self->unfolded = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (unfolded)
    add_to_set (self->unfolded, *leader);
  else
    g_hash_table_remove (self->unfolded, leader);
  lay_out (self);
  n_before = self->n_items;
  self->n_items = self->rows->len;
  item = kalon_results_model_peek_item (self, *leader);
  if (item != NULL)
    kalon_result_item_set_unfolded (item, unfolded);
  g_list_model_items_changed (G_LIST_MODEL (self), position + 1,
                              unfolded ? 0 : n_before - self->n_items,
                              unfolded ? self->n_items - n_before : 0);
}

guint
kalon_results_model_get_n_results (KalonResultsModel *self)
{
  g_return_val_if_fail (KALON_IS_RESULTS_MODEL (self), 0);
  return self->ranking != NULL ? self->ranking->len : self->n_items;
}
