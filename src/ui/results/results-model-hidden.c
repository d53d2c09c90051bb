/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-results-model-private.h"

void
kalon_results_model_keep_all (KalonResultsModel *self, GArray *all, GArray *folded)
{
  g_array_ref (all);
  if (folded != NULL)
    g_array_ref (folded);
  g_clear_pointer (&self->all, g_array_unref);
  g_clear_pointer (&self->all_folded, g_array_unref);
  self->all = all;
  self->all_folded = folded;
}

GArray *
kalon_results_model_dup_shown (KalonResultsModel *self, GArray *all, gsize id_offset)
{
  gsize size = g_array_get_element_size (all);
  GArray *shown;

  if (g_hash_table_size (self->hidden) == 0)
    return g_array_ref (all);
  shown = g_array_sized_new (FALSE, FALSE, (guint) size, all->len);
  for (guint i = 0; i < all->len; i++)
    {
      const char *element = all->data + i * size;

      if (!g_hash_table_contains (self->hidden, element + id_offset))
        g_array_append_vals (shown, element, 1);
    }
  return shown;
}

GArray *
kalon_results_model_dup_shown_folded (KalonResultsModel *self)
{
  if (self->all_folded == NULL)
    return g_array_new (FALSE, FALSE, sizeof (KalonFolded));
  return kalon_results_model_dup_shown (self, self->all_folded,
                                        G_STRUCT_OFFSET (KalonFolded, result.picture));
}

/* (transfer full) (element-type gint64) */
static GArray *
list_ids (KalonResultsModel *self)
{
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), self->n_items);

  for (guint i = 0; i < self->n_items; i++)
    {
      gint64 id = kalon_results_model_get_picture_id (self, i);

      g_array_append_val (ids, id);
    }
  return ids;
}

static void
show (KalonResultsModel *self)
{
  g_clear_pointer (&self->folded, g_array_unref);
  if (self->ranking == NULL)
    {
      g_array_unref (self->pictures);
      self->pictures = kalon_results_model_dup_shown (self, self->all, 0);
      self->n_items = self->pictures->len;
      return;
    }
  g_array_unref (self->ranking);
  self->ranking
      = kalon_results_model_dup_shown (self, self->all, G_STRUCT_OFFSET (KalonResult, picture));
  self->folded = kalon_results_model_dup_shown_folded (self);
  kalon_results_model_keep_unfolded (self);
  self->n_items = self->rows != NULL ? self->rows->len : self->ranking->len;
}

void
kalon_results_model_set_hidden (KalonResultsModel *self, GArray *pictures, gboolean hidden)
{
  g_autoptr (GArray) before = NULL, after = NULL;
  guint begin = 0, end = 0, n_shared, n_changed = 0;

  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  g_return_if_fail (pictures != NULL);

  for (guint i = 0; i < pictures->len; i++)
    {
      gint64 id = g_array_index (pictures, gint64, i);

      if (hidden)
        n_changed += g_hash_table_add (self->hidden, g_memdup2 (&id, sizeof id)) ? 1 : 0;
      else
        n_changed += g_hash_table_remove (self->hidden, &id) ? 1 : 0;
    }
  if (self->all == NULL || n_changed == 0)
    return;
  /* Views keep their place and what is selected. */
  g_signal_emit_by_name (self, "reordering");
  before = list_ids (self);
  show (self);
  after = list_ids (self);
  n_shared = MIN (before->len, after->len);
  while (begin < n_shared
         && g_array_index (before, gint64, begin) == g_array_index (after, gint64, begin))
    begin++;
  while (end < n_shared - begin
         && g_array_index (before, gint64, before->len - 1 - end)
                == g_array_index (after, gint64, after->len - 1 - end))
    end++;
  if (before->len > begin + end || after->len > begin + end)
    g_list_model_items_changed (G_LIST_MODEL (self), begin, before->len - begin - end,
                                after->len - begin - end);
}
