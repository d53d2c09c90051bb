/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-list/kalon-model-list-private.h"

G_DEFINE_FINAL_TYPE (KalonModelList, kalon_model_list, G_TYPE_OBJECT)

enum
{
  DOWNLOADED,
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
kalon_model_list_finalize (GObject *object)
{
  KalonModelList *self = KALON_MODEL_LIST (object);

  g_hash_table_unref (self->items);
  g_object_unref (self->installed);
  g_object_unref (self->available);
  g_object_unref (self->heads);
  g_clear_object (&self->operations);
  G_OBJECT_CLASS (kalon_model_list_parent_class)->finalize (object);
}

static void
kalon_model_list_class_init (KalonModelListClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_model_list_finalize;

  signals[DOWNLOADED] = g_signal_new ("downloaded", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, KALON_TYPE_MODEL_ITEM);
  signals[PROBLEM] = g_signal_new ("problem", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kalon_model_list_init (KalonModelList *self)
{
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->installed = g_list_store_new (KALON_TYPE_MODEL_ITEM);
  self->available = g_list_store_new (KALON_TYPE_MODEL_ITEM);
  self->heads = g_list_store_new (KALON_TYPE_MODEL_ITEM);
}

KalonModelList *
kalon_model_list_new (KalonOperations *operations)
{
  KalonModelList *self = g_object_new (KALON_TYPE_MODEL_LIST, NULL);

  self->operations = g_object_ref (operations);
  return self;
}

/* (transfer none): the same as before, so that what is under way goes on in it. */
static KalonModelItem *
get_item (KalonModelList *self, const char *id, const KalonOffer *offer)
{
  KalonModelItem *item = g_hash_table_lookup (self->items, id);

  if (item == NULL)
    {
      item = kalon_model_item_new (id, offer);
      g_hash_table_insert (self->items, item->id, item);
    }
  return item;
}

/* Only what changed is told: a row keeps the focus. */
static void
set_items (GListStore *store, GPtrArray *items)
{
  GListModel *model = G_LIST_MODEL (store);
  guint n_old = g_list_model_get_n_items (model);
  guint start = 0, end = 0;

  while (start < MIN (n_old, items->len))
    {
      g_autoptr (GObject) old = g_list_model_get_item (model, start);

      if ((gpointer) old != items->pdata[start])
        break;
      start++;
    }
  while (end < MIN (n_old, items->len) - start)
    {
      g_autoptr (GObject) old = g_list_model_get_item (model, n_old - 1 - end);

      if ((gpointer) old != items->pdata[items->len - 1 - end])
        break;
      end++;
    }
  if (n_old != items->len || start < n_old)
    g_list_store_splice (store, start, n_old - start - end, items->pdata + start,
                         items->len - start - end);
}

static void
take_models (KalonModelList *self, GPtrArray *models)
{
  g_autoptr (GPtrArray) installed = g_ptr_array_new ();

  for (guint i = 0; i < models->len; i++)
    {
      KalonModel *model = models->pdata[i];
      KalonModelItem *item = get_item (self, model->id, kalon_models_find_offer (model->id));

      g_clear_pointer (&item->model, kalon_model_free);
      item->model = model;
      item->state = KALON_MODEL_INSTALLED;
      /* The starter is what everybody begins with. */
      g_ptr_array_insert (installed, g_str_equal (item->id, KALON_MODEL_STARTER) ? 0 : -1, item);
    }
  g_ptr_array_set_free_func (models, NULL);
  set_items (self->installed, installed);
}

static void
take_offers (KalonModelList *self, const KalonOfferState *states)
{
  g_autoptr (GPtrArray) available = g_ptr_array_new ();
  g_autoptr (GPtrArray) heads = g_ptr_array_new ();
  gsize n;
  const KalonOffer *offers = kalon_models_get_offers (&n);

  for (gsize i = 0; i < n; i++)
    {
      KalonModelItem *item = get_item (self, offers[i].id, &offers[i]);
      gboolean is_head = offers[i].kind == KALON_OFFER_HEAD;

      if (states[i] != KALON_OFFER_PRESENT)
        g_clear_pointer (&item->model, kalon_model_free);
      if (item->state != KALON_MODEL_DOWNLOADING || states[i] == KALON_OFFER_PRESENT)
        item->state = states[i] == KALON_OFFER_PRESENT ? KALON_MODEL_INSTALLED
                      : states[i] == KALON_OFFER_BEGUN ? KALON_MODEL_BEGUN
                                                       : KALON_MODEL_AVAILABLE;
      if (is_head)
        g_ptr_array_add (heads, item);
      else if (item->state != KALON_MODEL_INSTALLED)
        g_ptr_array_add (available, item);
    }
  set_items (self->available, available);
  set_items (self->heads, heads);
}

static void
refreshed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonModelList) self = user_data;
  g_autoptr (KalonModelsState) state = kalon_models_get_state_finish (result, NULL);
  GHashTableIter iter;
  gpointer item;

  take_models (self, state->models);
  take_offers (self, state->offers);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    kalon_model_item_emit_changed (item);
}

void
kalon_model_list_refresh (KalonModelList *self)
{
  g_return_if_fail (KALON_IS_MODEL_LIST (self));
  kalon_models_get_state_async (NULL, refreshed_cb, g_object_ref (self));
}

GListModel *
kalon_model_list_get_installed (KalonModelList *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_LIST (self), NULL);
  return G_LIST_MODEL (self->installed);
}

GListModel *
kalon_model_list_get_available (KalonModelList *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_LIST (self), NULL);
  return G_LIST_MODEL (self->available);
}

GListModel *
kalon_model_list_get_heads (KalonModelList *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_LIST (self), NULL);
  return G_LIST_MODEL (self->heads);
}

void
kalon_model_list_stop (KalonModelList *self, KalonModelItem *item)
{
  g_return_if_fail (KALON_IS_MODEL_LIST (self));
  g_return_if_fail (KALON_IS_MODEL_ITEM (item));

  if (item->cancellable != NULL)
    g_cancellable_cancel (item->cancellable);
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonModelJob) job = user_data;
  g_autoptr (GError) error = NULL;

  kalon_models_remove_finish (result, &error);
  kalon_model_item_end_job (job->item, error);
  kalon_model_item_emit_changed (job->item);
  kalon_model_list_refresh (job->list);
}

void
kalon_model_list_remove (KalonModelList *self, KalonModelItem *item)
{
  g_return_if_fail (KALON_IS_MODEL_LIST (self));
  g_return_if_fail (KALON_IS_MODEL_ITEM (item));

  if (item->cancellable != NULL)
    return;
  kalon_model_item_begin_job (item);
  kalon_models_remove_async (item->id, NULL, removed_cb, kalon_model_job_new (self, item));
}

static void
imported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonModelList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonModel) model = kalon_models_import_finish (result, &error);

  self->n_imports--;
  if (model == NULL)
    g_signal_emit (self, signals[PROBLEM], 0, error->message);
  kalon_model_list_refresh (self);
}

void
kalon_model_list_import (KalonModelList *self, const char *directory)
{
  g_return_if_fail (KALON_IS_MODEL_LIST (self));
  g_return_if_fail (directory != NULL);

  self->n_imports++;
  kalon_models_import_async (directory, NULL, imported_cb, g_object_ref (self));
}

gboolean
kalon_model_list_is_importing (KalonModelList *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_LIST (self), FALSE);
  return self->n_imports > 0;
}

static void
measured_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonModelItem) item = user_data;
  g_autoptr (GError) error = NULL;
  double rate = 0;

  if (kalon_models_measure_finish (result, &rate, &error))
    item->rate = rate;
  kalon_model_item_end_job (item, error);
  kalon_model_item_emit_changed (item);
}

void
kalon_model_list_measure (KalonModelList *self, KalonModelItem *item, const char *device_name)
{
  g_return_if_fail (KALON_IS_MODEL_LIST (self));
  g_return_if_fail (KALON_IS_MODEL_ITEM (item));

  if (item->cancellable != NULL)
    return;
  kalon_model_item_begin_job (item);
  item->measuring = TRUE;
  kalon_models_measure_async (item->id, device_name, item->cancellable, measured_cb,
                              g_object_ref (item));
  kalon_model_item_emit_changed (item);
}
