/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "results/kalon-results-model-private.h"

enum
{
  REORDERING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KalonResultsModel, kalon_results_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

typedef struct
{
  gint64 id; /* first: the key of the table */
  KalonResultsModel *model;
  KalonResultItem *item;
} Entry;

static void
item_gone_cb (gpointer data, GObject *item)
{
  Entry *entry = data;

  entry->item = NULL;
  g_hash_table_remove (entry->model->items, &entry->id);
}

static void
entry_free (Entry *entry)
{
  if (entry->item != NULL)
    g_object_weak_unref (G_OBJECT (entry->item), item_gone_cb, entry);
  g_free (entry);
}

static GType
get_item_type (GListModel *list)
{
  return KALON_TYPE_RESULT_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return KALON_RESULTS_MODEL (list)->n_items;
}

static KalonResultItem *
create_item (KalonResultsModel *self, guint position)
{
  KalonResultItem *item;
  KalonResult result;
  gboolean is_behind;

  if (self->ranking == NULL)
    return kalon_result_item_new (
        &(KalonResult){ .picture = g_array_index (self->pictures, gint64, position),
                        .aesthetic = NAN },
        0);
  result = *kalon_results_model_get_result (self, position, &is_behind);
  if (is_behind)
    result.rank = kalon_results_model_get_leading_rank (self, position);
  item = kalon_result_item_new (&result, self->ranking->len);
  kalon_result_item_set_is_behind (item, is_behind);
  kalon_result_item_set_unfolded (item, kalon_results_model_is_unfolded (self, result.picture));
  return item;
}

static void
tell_other (KalonResultsModel *self, KalonResultItem *item)
{
  if (self->other == NULL)
    kalon_result_item_set_other (item, 0, NULL);
  else
    kalon_result_item_set_other (
        item, kalon_ranking_find (self->other, kalon_result_item_get_picture_id (item)),
        self->other_name);
}

static gpointer
get_item (GListModel *list, guint position)
{
  KalonResultsModel *self = KALON_RESULTS_MODEL (list);
  KalonResultItem *item;
  Entry *entry;
  gint64 id;

  if (position >= self->n_items)
    return NULL;
  id = kalon_results_model_get_picture_id (self, position);
  item = kalon_results_model_peek_item (self, id);
  if (item != NULL)
    return g_object_ref (item);

  item = create_item (self, position);
  if (self->thumbs != NULL)
    kalon_result_item_set_thumbs (item, self->thumbs, self->query, self->n_items);
  tell_other (self, item);
  kalon_result_item_set_plain (item, self->plain);
  entry = g_new (Entry, 1);
  *entry = (Entry){ id, self, item };
  g_object_weak_ref (G_OBJECT (item), item_gone_cb, entry);
  g_hash_table_insert (self->items, &entry->id, entry);
  return item;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
kalon_results_model_finalize (GObject *object)
{
  KalonResultsModel *self = KALON_RESULTS_MODEL (object);

  g_hash_table_unref (self->items);
  g_clear_pointer (&self->ranking, g_array_unref);
  g_clear_pointer (&self->pictures, g_array_unref);
  g_clear_pointer (&self->folded, g_array_unref);
  kalon_results_model_fold_all (self);
  g_clear_object (&self->thumbs);
  g_clear_pointer (&self->other, kalon_ranking_unref);
  g_free (self->other_name);
  g_free (self->query);
  G_OBJECT_CLASS (kalon_results_model_parent_class)->finalize (object);
}

static void
kalon_results_model_class_init (KalonResultsModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_results_model_finalize;

  signals[REORDERING] = g_signal_new ("reordering", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_results_model_init (KalonResultsModel *self)
{
  self->query = g_strdup ("");
  self->items
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) entry_free);
}

KalonResultsModel *
kalon_results_model_new (void)
{
  return g_object_new (KALON_TYPE_RESULTS_MODEL, NULL);
}

static gboolean
same_score (float a, float b)
{
  return a == b || (isnan (a) && isnan (b));
}

static gboolean
same_ranking (const GArray *a, const GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const KalonResult *x = &g_array_index (a, KalonResult, i);
      const KalonResult *y = &g_array_index (b, KalonResult, i);

      if (x->picture != y->picture || x->similarity != y->similarity
          || !same_score (x->aesthetic, y->aesthetic) || x->n_duplicates != y->n_duplicates
          || memcmp (x->moves, y->moves, sizeof x->moves) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
update_items (KalonResultsModel *self)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    kalon_result_item_update (((Entry *) entry)->item);
}

void
kalon_results_model_set_thumbs (KalonResultsModel *self, KalonThumbs *thumbs)
{
  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  g_return_if_fail (thumbs == NULL || KALON_IS_THUMBS (thumbs));

  if (self->thumbs != NULL)
    g_signal_handlers_disconnect_by_func (self->thumbs, update_items, self);
  g_set_object (&self->thumbs, thumbs);
  if (thumbs != NULL)
    g_signal_connect_object (thumbs, "changed", G_CALLBACK (update_items), self, G_CONNECT_SWAPPED);
}

static void
set_query (KalonResultsModel *self, const char *query)
{
  g_free (self->query);
  self->query = g_strdup (query);
}

/* @folded: (nullable) */
static void
take_ranking (KalonResultsModel *self, GArray *ranking, GArray *folded, const char *query)
{
  guint n_before = self->n_items;
  gboolean same_query;

  same_query = self->ranking != NULL && !self->is_other && g_str_equal (self->query, query);
  self->is_other = FALSE;
  if (same_query && (self->ranking == ranking || same_ranking (self->ranking, ranking)))
    return;
  if (same_query)
    g_signal_emit (self, signals[REORDERING], 0);
  g_array_ref (ranking);
  g_clear_pointer (&self->ranking, g_array_unref);
  g_clear_pointer (&self->pictures, g_array_unref);
  g_clear_pointer (&self->folded, g_array_unref);
  /* Live items of the old answer have its ranks: they must not be found again. */
  g_hash_table_remove_all (self->items);
  self->ranking = ranking;
  self->folded
      = folded != NULL ? g_array_ref (folded) : g_array_new (FALSE, FALSE, sizeof (KalonFolded));
  set_query (self, query);
  if (same_query)
    kalon_results_model_keep_unfolded (self);
  else
    kalon_results_model_fold_all (self);
  self->n_items = self->rows != NULL ? self->rows->len : ranking->len;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_items);
}

void
kalon_results_model_set_ranking (KalonResultsModel *self, GArray *ranking, const char *query)
{
  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  g_return_if_fail (ranking != NULL && query != NULL);

  take_ranking (self, ranking, NULL, query);
}

void
kalon_results_model_begin_question (KalonResultsModel *self)
{
  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  self->is_other = TRUE;
}

void
kalon_results_model_set_results (KalonResultsModel *self, KalonResults *results, gboolean aligned,
                                 const char *query)
{
  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  g_return_if_fail (results != NULL && query != NULL);
  g_return_if_fail (!aligned || results->aligned != NULL);

  take_ranking (self, aligned ? results->aligned : results->results,
                aligned ? results->aligned_folded : results->folded, query);
}

void
kalon_results_model_set_other (KalonResultsModel *self, KalonRanking *other, const char *name)
{
  GHashTableIter iter;
  gpointer entry;

  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  g_return_if_fail (other == NULL || name != NULL);

  if (self->other == other && g_strcmp0 (self->other_name, name) == 0)
    return;
  if (other != NULL)
    kalon_ranking_ref (other);
  g_clear_pointer (&self->other, kalon_ranking_unref);
  self->other = other;
  g_free (self->other_name);
  self->other_name = g_strdup (name);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    tell_other (self, ((Entry *) entry)->item);
}

void
kalon_results_model_set_plain (KalonResultsModel *self, gboolean plain)
{
  GHashTableIter iter;
  gpointer entry;

  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));

  self->plain = plain;
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    kalon_result_item_set_plain (((Entry *) entry)->item, plain);
}

void
kalon_results_model_set_pictures (KalonResultsModel *self, GArray *pictures)
{
  guint n_before = self->n_items;
  guint n_after, n_shared, begin = 0, end = 0;

  g_return_if_fail (KALON_IS_RESULTS_MODEL (self));
  g_return_if_fail (pictures != NULL);

  n_after = pictures->len;
  if (self->pictures != NULL)
    {
      const gint64 *old = (const gint64 *) self->pictures->data;
      const gint64 *new = (const gint64 *) pictures->data;

      n_shared = MIN (n_before, n_after);
      while (begin < n_shared && old[begin] == new[begin])
        begin++;
      while (end < n_shared - begin && old[n_before - 1 - end] == new[n_after - 1 - end])
        end++;
    }
  else
    g_hash_table_remove_all (self->items);
  g_array_ref (pictures);
  g_clear_pointer (&self->ranking, g_array_unref);
  g_clear_pointer (&self->folded, g_array_unref);
  kalon_results_model_fold_all (self);
  set_query (self, "");
  g_clear_pointer (&self->pictures, g_array_unref);
  self->pictures = pictures;
  self->n_items = n_after;
  if (n_before - begin - end > 0 || n_after - begin - end > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), begin, n_before - begin - end,
                                n_after - begin - end);
}

gint64
kalon_results_model_get_picture_id (KalonResultsModel *self, guint position)
{
  gboolean unused;

  g_return_val_if_fail (KALON_IS_RESULTS_MODEL (self), 0);
  g_return_val_if_fail (position < self->n_items, 0);

  if (self->ranking != NULL)
    return kalon_results_model_get_result (self, position, &unused)->picture;
  return g_array_index (self->pictures, gint64, position);
}

KalonResultItem *
kalon_results_model_peek_item (KalonResultsModel *self, gint64 picture_id)
{
  Entry *entry;

  g_return_val_if_fail (KALON_IS_RESULTS_MODEL (self), NULL);
  entry = g_hash_table_lookup (self->items, &picture_id);
  return entry != NULL ? entry->item : NULL;
}

gboolean
kalon_results_model_find (KalonResultsModel *self, gint64 picture_id, guint *position)
{
  g_return_val_if_fail (KALON_IS_RESULTS_MODEL (self), FALSE);

  for (guint i = 0; i < self->n_items; i++)
    if (kalon_results_model_get_picture_id (self, i) == picture_id)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}
