/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models-private.h"

/* Functions that block, each on another thread. */

typedef struct
{
  char *id; /* or a directory */
  char *device_name;
  double rate;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->id);
  g_free (job->device_name);
  g_free (job);
}

static void
run (gpointer tag, GTaskThreadFunc func, const char *id, const char *device_name,
     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->id = g_strdup (id);
  job->device_name = g_strdup (device_name);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, func);
}

void
kalon_models_state_free (KalonModelsState *state)
{
  g_ptr_array_unref (state->models);
  g_free (state->offers);
  g_free (state);
}

static KalonOfferState
get_offer_state (const KalonOffer *offer)
{
  g_autofree char *staging = kalon_models_dup_staging (offer->kind, offer->id);

  if (kalon_models_has (offer))
    return KALON_OFFER_PRESENT;
  return g_file_test (staging, G_FILE_TEST_IS_DIR) ? KALON_OFFER_BEGUN : KALON_OFFER_ABSENT;
}

static void
state_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  KalonModelsState *state = g_new0 (KalonModelsState, 1);
  gsize n;
  const KalonOffer *offers = kalon_models_get_offers (&n);

  state->models = kalon_models_list ();
  state->offers = g_new (KalonOfferState, n);
  for (gsize i = 0; i < n; i++)
    state->offers[i] = get_offer_state (&offers[i]);
  g_task_return_pointer (task, state, (GDestroyNotify) kalon_models_state_free);
}

static void
import_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  GError *error = NULL;
  KalonModel *model = kalon_models_import (job->id, NULL, cancellable, &error);

  if (model != NULL)
    g_task_return_pointer (task, model, (GDestroyNotify) kalon_model_free);
  else
    g_task_return_error (task, error);
}

static void
remove_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  GError *error = NULL;

  if (kalon_models_remove (job->id, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr (KalonModel) model = kalon_models_find (job->id, &error);

  if (model != NULL
      && kalon_models_measure (model, job->device_name, &job->rate, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_models_get_state_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  run (kalon_models_get_state_async, state_in_thread, NULL, NULL, cancellable, callback, user_data);
}

KalonModelsState *
kalon_models_get_state_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_models_get_state_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kalon_models_import_async (const char *directory, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  run (kalon_models_import_async, import_in_thread, directory, NULL, cancellable, callback,
       user_data);
}

KalonModel *
kalon_models_import_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_models_import_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kalon_models_remove_async (const char *id, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  run (kalon_models_remove_async, remove_in_thread, id, NULL, cancellable, callback, user_data);
}

gboolean
kalon_models_remove_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_models_remove_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kalon_models_measure_async (const char *id, const char *device_name, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  run (kalon_models_measure_async, measure_in_thread, id, device_name, cancellable, callback,
       user_data);
}

gboolean
kalon_models_measure_finish (GAsyncResult *result, double *rate, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_models_measure_async), FALSE);
  *rate = ((Job *) g_task_get_task_data (G_TASK (result)))->rate;
  return g_task_propagate_boolean (G_TASK (result), error);
}
