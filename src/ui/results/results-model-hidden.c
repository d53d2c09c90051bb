/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-results-model-private.h"

/* Of both kinds of elements: a KalonResult begins with it. */
static gint64
get_id (const GArray *array, guint position)
{
  return *(const gint64 *) (const void *) (array->data
                                           + (gsize) position
                                                 * g_array_get_element_size ((GArray *) array));
}

G_STATIC_ASSERT (G_STRUCT_OFFSET (KalonResult, picture) == 0);

GArray *
kalon_results_model_keep_all (KalonResultsModel *self, GArray *all)
{
  GArray *shown;

  g_array_ref (all);
  g_clear_pointer (&self->all, g_array_unref);
  self->all = all;
  if (g_hash_table_size (self->hidden) == 0)
    return g_array_ref (all);
  shown = g_array_sized_new (FALSE, FALSE, g_array_get_element_size (all), all->len);
  for (guint i = 0; i < all->len; i++)
    {
      gint64 id = get_id (all, i);

      if (!g_hash_table_contains (self->hidden, &id))
        g_array_append_vals (shown, all->data + (gsize) i * g_array_get_element_size (all), 1);
    }
  return shown;
}

void
kalon_results_model_set_hidden (KalonResultsModel *self, GArray *pictures, gboolean hidden)
{
  g_autoptr (GArray) before = NULL, after = NULL;
  GArray **shown;
  guint begin = 0, end = 0, n_shared;

  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  g_return_if_fail (pictures != NULL);

  for (guint i = 0; i < pictures->len; i++)
    {
      gint64 id = g_array_index (pictures, gint64, i);

      if (hidden)
        g_hash_table_add (self->hidden, g_memdup2 (&id, sizeof id));
      else
        g_hash_table_remove (self->hidden, &id);
    }
  if (self->all == NULL)
    return;
  after = kalon_results_model_keep_all (self, self->all);
  if (after->len == self->n_items)
    return;
  /* Views keep their place and what is selected. */
  g_signal_emit_by_name (self, "reordering");
  shown = self->ranking != NULL ? &self->ranking : &self->pictures;
  before = *shown;
  *shown = g_array_ref (after);
  self->n_items = after->len;
  n_shared = MIN (before->len, after->len);
  while (begin < n_shared && get_id (before, begin) == get_id (after, begin))
    begin++;
  while (end < n_shared - begin
         && get_id (before, before->len - 1 - end) == get_id (after, after->len - 1 - end))
    end++;
  g_list_model_items_changed (G_LIST_MODEL (self), begin, before->len - begin - end,
                              after->len - begin - end);
}
