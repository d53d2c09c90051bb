/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scorer/kalon-scorer.h"

#include "jobs/kalon-jobs.h"

/* Functions that block, each on another thread. */

typedef struct
{
  char *library_directory;
  char *model_directory;
  char *device_name;
  char *shares;
  char *source;
  char *id;
  KalonScorerFunc func;
  gpointer func_data;
  KalonScorerResult result;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->library_directory);
  g_free (job->model_directory);
  g_free (job->device_name);
  g_free (job->shares);
  g_free (job->source);
  g_free (job->id);
  kalon_scorer_result_clear (&job->result);
  g_free (job);
}

static void
start (gpointer tag, GTaskThreadFunc func, const Job *job, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_memdup2 (job, sizeof *job), job_free);
  g_task_run_in_thread (task, func);
}

/* Scoring */

typedef struct
{
  gsize done, total;
} Progress;

static void
deliver_progress (gconstpointer report, gpointer task_data)
{
  const Progress *progress = report;
  const Job *job = task_data;

  job->func (progress->done, progress->total, job->func_data);
}

static void
send_progress (gsize done, gsize total, gpointer user_data)
{
  Progress progress = { done, total };

  kalon_job_report (user_data, g_memdup2 (&progress, sizeof progress), g_free, deliver_progress);
}

static void
score_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (kalon_scorer_run (job->library_directory, job->model_directory, job->device_name, job->shares,
                        job->func != NULL ? send_progress : NULL, task, &job->result, cancellable,
                        &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_scorer_run_async (const char *library_directory, const char *model_directory,
                        const char *device_name, const char *shares, KalonScorerFunc func,
                        gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  start (kalon_scorer_run_async, score_in_thread,
         &(Job){
             .library_directory = g_strdup (library_directory),
             .model_directory = g_strdup (model_directory),
             .device_name = g_strdup (device_name),
             .shares = g_strdup (shares),
             .func = func,
             .func_data = func_data,
         },
         cancellable, callback, user_data);
}

gboolean
kalon_scorer_run_finish (GAsyncResult *async_result, KalonScorerResult *result, GError **error)
{
  Job *job;

  g_return_val_if_fail (g_async_result_is_tagged (async_result, kalon_scorer_run_async), FALSE);

  job = g_task_get_task_data (G_TASK (async_result));
  *result = job->result;
  job->result = (KalonScorerResult){ 0 };
  return g_task_propagate_boolean (G_TASK (async_result), error);
}

/* State */

void
kalon_scorer_state_free (KalonScorerState *state)
{
  g_strfreev (state->members);
  g_free (state->shares);
  g_free (state);
}

static char *
dup_shares (KalonLibrary *library, const char *hash, GStrv members, GError **error)
{
  char *shares = NULL;

  if (!kalon_library_get_aesthetic_models (library, hash, &shares, error) || shares != NULL)
    return shares;
  /* Nobody has chosen: it is the model's own head. */
  return g_strv_contains ((const char *const *) members, KALON_AESTHETIC_OWN_ID)
             ? g_strdup (KALON_AESTHETIC_OWN_ID)
             : NULL;
}

static void
state_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (KalonScorerState) state = g_new0 (KalonScorerState, 1);
  g_autoptr (KalonLibrary) library = NULL;
  g_autofree char *hash = NULL;
  GError *error = NULL;

  library = kalon_library_open (job->library_directory, &error);
  if (library != NULL)
    hash = kalon_model_dup_hash (job->model_directory, cancellable, &error);
  if (hash != NULL)
    {
      state->members = kalon_scorer_list_members (job->model_directory, hash);
      state->shares = dup_shares (library, hash, state->members, &error);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&state),
                           (GDestroyNotify) kalon_scorer_state_free);
}

void
kalon_scorer_get_state_async (const char *library_directory, const char *model_directory,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  start (kalon_scorer_get_state_async, state_in_thread,
         &(Job){
             .library_directory = g_strdup (library_directory),
             .model_directory = g_strdup (model_directory),
         },
         cancellable, callback, user_data);
}

KalonScorerState *
kalon_scorer_get_state_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_scorer_get_state_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Importing a head */

static void
import_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autofree char *hash = NULL;
  KalonModelConfig config;
  GError *error = NULL;

  if (kalon_model_config_load (job->model_directory, &config, &error)
      && (hash = kalon_model_dup_hash (job->model_directory, cancellable, &error)) != NULL
      && kalon_heads_import (job->source, job->id, KALON_HEAD_ACTIVATION_BY_NAME, hash,
                             config.projection, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_heads_import_async (const char *source, const char *id, const char *model_directory,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  start (kalon_heads_import_async, import_in_thread,
         &(Job){
             .model_directory = g_strdup (model_directory),
             .source = g_strdup (source),
             .id = g_strdup (id),
         },
         cancellable, callback, user_data);
}

gboolean
kalon_heads_import_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_heads_import_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
