/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "indexing/kalon-indexing-operation.h"
#include "indexing/kalon-progress-text.h"

#define SHOW_AFTER (G_USEC_PER_SEC / 2)

struct _KalonIndexingOperation
{
  GObject parent_instance;

  KalonIndexing *indexing;
  KalonOperations *operations;
  GPowerProfileMonitor *power;
  KalonOperation *operation; /* while it is shown */
  gint64 started_at;         /* 0 while none runs */
};

G_DEFINE_FINAL_TYPE (KalonIndexingOperation, kalon_indexing_operation, G_TYPE_OBJECT)

static void
pause_cb (KalonIndexingOperation *self, gboolean pause)
{
  kalon_indexing_set_paused (self->indexing, pause);
}

static void
cancel_cb (KalonIndexingOperation *self)
{
  kalon_indexing_stop (self->indexing);
}

static void
show (KalonIndexingOperation *self)
{
  self->operation = kalon_operation_new (_ ("Indexing Pictures"), TRUE, TRUE);
  g_signal_connect_object (self->operation, "pause", G_CALLBACK (pause_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->operation, "cancel", G_CALLBACK (cancel_cb), self,
                           G_CONNECT_SWAPPED);
  kalon_operations_add (self->operations, self->operation);
}

static void
changed_cb (KalonIndexingOperation *self)
{
  const KalonIndexerProgress *progress = kalon_indexing_get_progress (self->indexing);
  gint64 now = g_get_monotonic_time ();
  gboolean paused = kalon_indexing_is_paused (self->indexing);
  g_autofree char *detail = NULL;

  if (!kalon_indexing_is_running (self->indexing))
    return;
  if (self->started_at == 0)
    self->started_at = now;
  if (self->operation == NULL && now - self->started_at >= SHOW_AFTER)
    show (self);
  if (self->operation == NULL)
    return;
  detail = kalon_progress_to_text (self->indexing);
  kalon_operation_set_detail (self->operation, detail);
  kalon_operation_set_paused (self->operation, paused);
  kalon_operation_set_fraction (self->operation,
                                progress->phase == KALON_INDEXER_SCANNING || progress->found == 0
                                    ? -1
                                    : (double) progress->done / progress->found);
  kalon_operation_set_hint (
      self->operation,
      g_power_profile_monitor_get_power_saver_enabled (self->power) && !paused
          ? _ ("Power saver is on. Pausing spares the battery; it goes on where it was.")
          : NULL);
}

static void
finished_cb (KalonIndexingOperation *self, const GError *error)
{
  self->started_at = 0;
  if (self->operation != NULL)
    kalon_operation_finish (self->operation, error != NULL ? error->message : NULL);
  g_clear_object (&self->operation);
}

static void
kalon_indexing_operation_dispose (GObject *object)
{
  KalonIndexingOperation *self = KALON_INDEXING_OPERATION (object);

  g_clear_object (&self->indexing);
  g_clear_object (&self->operations);
  g_clear_object (&self->operation);
  g_clear_object (&self->power);
  G_OBJECT_CLASS (kalon_indexing_operation_parent_class)->dispose (object);
}

static void
kalon_indexing_operation_class_init (KalonIndexingOperationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kalon_indexing_operation_dispose;
}

static void
kalon_indexing_operation_init (KalonIndexingOperation *self)
{
  self->power = g_power_profile_monitor_dup_default ();
}

KalonIndexingOperation *
kalon_indexing_operation_new (KalonIndexing *indexing, KalonOperations *operations)
{
  KalonIndexingOperation *self;

  g_return_val_if_fail (KALON_IS_INDEXING (indexing), NULL);
  g_return_val_if_fail (KALON_IS_OPERATIONS (operations), NULL);

  self = g_object_new (KALON_TYPE_INDEXING_OPERATION, NULL);
  self->indexing = g_object_ref (indexing);
  self->operations = g_object_ref (operations);
  g_signal_connect_object (indexing, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (indexing, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->power, "notify::power-saver-enabled", G_CALLBACK (changed_cb),
                           self, G_CONNECT_SWAPPED);
  return self;
}
