/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "operations/kalon-operations.h"

struct _KalonOperations
{
  GObject parent_instance;

  GPtrArray *operations;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return KALON_TYPE_OPERATION;
}

static guint
get_n_items (GListModel *model)
{
  return KALON_OPERATIONS (model)->operations->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  KalonOperations *self = KALON_OPERATIONS (model);

  return position < self->operations->len
             ? g_object_ref (g_ptr_array_index (self->operations, position))
             : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (KalonOperations, kalon_operations, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
notified_cb (KalonOperations *self, GParamSpec *pspec, KalonOperation *operation)
{
  if (kalon_operation_is_finished (operation) && kalon_operation_get_error (operation) == NULL)
    kalon_operations_remove (self, operation);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
kalon_operations_finalize (GObject *object)
{
  g_ptr_array_unref (KALON_OPERATIONS (object)->operations);
  G_OBJECT_CLASS (kalon_operations_parent_class)->finalize (object);
}

static void
kalon_operations_class_init (KalonOperationsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_operations_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_operations_init (KalonOperations *self)
{
  self->operations = g_ptr_array_new_with_free_func (g_object_unref);
}

KalonOperations *
kalon_operations_new (void)
{
  return g_object_new (KALON_TYPE_OPERATIONS, NULL);
}

void
kalon_operations_add (KalonOperations *self, KalonOperation *operation)
{
  g_return_if_fail (KALON_IS_OPERATIONS (self));
  g_return_if_fail (KALON_IS_OPERATION (operation));

  g_ptr_array_add (self->operations, g_object_ref (operation));
  g_signal_connect_object (operation, "notify", G_CALLBACK (notified_cb), self, G_CONNECT_SWAPPED);
  g_list_model_items_changed (G_LIST_MODEL (self), self->operations->len - 1, 0, 1);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
kalon_operations_remove (KalonOperations *self, KalonOperation *operation)
{
  guint position;

  g_return_if_fail (KALON_IS_OPERATIONS (self));

  if (!g_ptr_array_find (self->operations, operation, &position))
    return;
  g_signal_handlers_disconnect_by_func (operation, notified_cb, self);
  g_ptr_array_remove_index (self->operations, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

double
kalon_operations_get_fraction (KalonOperations *self)
{
  double sum = 0;
  guint n = 0;

  g_return_val_if_fail (KALON_IS_OPERATIONS (self), -1);

  for (guint i = 0; i < self->operations->len; i++)
    {
      KalonOperation *operation = g_ptr_array_index (self->operations, i);
      double fraction = kalon_operation_get_fraction (operation);

      if (kalon_operation_is_finished (operation))
        continue;
      if (fraction < 0)
        return -1;
      sum += fraction;
      n++;
    }
  return n > 0 ? sum / n : -1;
}

guint
kalon_operations_count_failed (KalonOperations *self)
{
  guint n = 0;

  g_return_val_if_fail (KALON_IS_OPERATIONS (self), 0);

  for (guint i = 0; i < self->operations->len; i++)
    n += kalon_operation_get_error (g_ptr_array_index (self->operations, i)) != NULL;
  return n;
}
