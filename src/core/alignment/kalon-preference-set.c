/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-preference-set-private.h"

static void
cell_free (gpointer data)
{
  KalonPreferenceCell *cell = data;

  g_free (cell->path);
  g_free (cell->content_hash);
  g_free (cell);
}

KalonPreferenceQuery *
kalon_preference_query_new (const char *query, const char *rephrased, guint rows, guint columns)
{
  KalonPreferenceQuery *self = g_new0 (KalonPreferenceQuery, 1);

  self->query = g_strdup (query);
  self->rephrased = g_strdup (rephrased);
  self->rows = rows;
  self->columns = columns;
  self->cells = g_ptr_array_new_with_free_func (cell_free);
  return self;
}

void
kalon_preference_query_free (KalonPreferenceQuery *self)
{
  if (self == NULL)
    return;
  g_free (self->query);
  g_free (self->rephrased);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

void
kalon_preference_query_add (KalonPreferenceQuery *self, char *path, const char *content_hash,
                            float semantic, float aesthetic)
{
  KalonPreferenceCell *cell = g_new0 (KalonPreferenceCell, 1);

  cell->path = path;
  cell->content_hash = g_strdup (content_hash);
  cell->semantic = semantic;
  cell->aesthetic = aesthetic;
  g_ptr_array_add (self->cells, cell);
}

KalonPreferenceSet *
kalon_preference_set_new (const char *model_hash, const char *style,
                          const KalonOrderOptions *options)
{
  KalonPreferenceSet *self;

  g_return_val_if_fail (model_hash != NULL && style != NULL && options != NULL, NULL);

  self = g_new0 (KalonPreferenceSet, 1);
  self->model_hash = g_strdup (model_hash);
  self->style = g_strdup (style);
  self->options = *options;
  self->queries = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_preference_query_free);
  return self;
}

void
kalon_preference_set_free (KalonPreferenceSet *self)
{
  if (self == NULL)
    return;
  g_free (self->model_hash);
  g_free (self->style);
  g_ptr_array_unref (self->queries);
  g_free (self);
}

void
kalon_preference_set_add (KalonPreferenceSet *self, const char *query, const char *rephrased,
                          const KalonOrder *order, const char *const *paths,
                          const char *const *content_hashes, const float *semantic,
                          const float *aesthetic)
{
  KalonPreferenceQuery *added;

  g_return_if_fail (self != NULL && query != NULL && rephrased != NULL);
  g_return_if_fail (order != NULL && order->rows > 0);
  g_return_if_fail (paths != NULL && content_hashes != NULL);
  g_return_if_fail (semantic != NULL && aesthetic != NULL);

  added = kalon_preference_query_new (query, rephrased, order->rows, order->columns);
  for (gsize i = 0; i < (gsize) order->rows * order->columns; i++)
    {
      guint32 number = order->cells[i];

      kalon_preference_query_add (added, g_strdup (paths[number]), content_hashes[number],
                                  semantic[number], aesthetic[number]);
    }
  g_ptr_array_add (self->queries, added);
}

GArray *
kalon_preference_query_list_pairs (const KalonPreferenceQuery *query, float semantic_margin,
                                   float aesthetic_margin)
{
  g_autofree float *semantic = NULL;
  g_autofree float *aesthetic = NULL;

  g_return_val_if_fail (query != NULL, NULL);

  semantic = g_new (float, query->cells->len);
  aesthetic = g_new (float, query->cells->len);
  for (guint i = 0; i < query->cells->len; i++)
    {
      const KalonPreferenceCell *cell = query->cells->pdata[i];

      semantic[i] = cell->semantic;
      aesthetic[i] = cell->aesthetic;
    }
  return kalon_order_list_pairs (query->rows, query->columns, semantic, aesthetic, semantic_margin,
                                 aesthetic_margin);
}
