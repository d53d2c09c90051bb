/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/kalon-devices.h"

#include "alignment/kalon-alignment.h"
#include "index/kalon-index.h"
#include "nn/kalon-nn.h"

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, kalon_device_list (), (GDestroyNotify) g_ptr_array_unref);
}

void
kalon_devices_list_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, kalon_devices_list_async);
  g_task_run_in_thread (task, list_in_thread);
}

GPtrArray *
kalon_devices_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
kalon_devices_test (KalonDevice *device, char **report, GError **error)
{
  g_autofree char *nn = NULL;
  g_autofree char *index = NULL;
  g_autofree char *alignment = NULL;
  gboolean passed;

  g_return_val_if_fail (KALON_IS_DEVICE (device), FALSE);

  passed = kalon_nn_self_test (device, &nn, error) && kalon_index_self_test (device, &index, error)
           && (report == NULL || kalon_alignment_self_test (device, &alignment, error));
  if (report != NULL)
    *report = nn != NULL ? g_strconcat (nn, index != NULL ? index : "", alignment, NULL) : NULL;
  if (!passed)
    g_prefix_error (error, "%s fails its self-test: ", kalon_device_get_info (device)->name);
  return passed;
}

static void
test_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (KalonDevice) device = NULL;
  g_autofree char *report = NULL;
  GError *error = NULL;

  device = kalon_device_open (task_data, &error);
  if (device != NULL && kalon_devices_test (device, &report, &error))
    g_task_return_pointer (task, g_steal_pointer (&report), g_free);
  else
    g_task_return_error (task, error);
}

void
kalon_devices_test_async (const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, kalon_devices_test_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  g_task_run_in_thread (task, test_in_thread);
}

char *
kalon_devices_test_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
