/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-indexer.h"

#include "indexer/kalon-indexer-private.h"
#include "jobs/kalon-jobs.h"

struct _KalonIndexer
{
  GObject parent_instance;

  char *library_directory;
  char *model_directory;
  char *device_name;
  GStrv excludes;
  gboolean include_hidden;
  char *aesthetic_models; /* (nullable) */
  int paused;             /* atomic */
};

G_DEFINE_FINAL_TYPE (KalonIndexer, kalon_indexer, G_TYPE_OBJECT)

static void
kalon_indexer_finalize (GObject *object)
{
  KalonIndexer *self = KALON_INDEXER (object);

  g_clear_pointer (&self->library_directory, g_free);
  g_clear_pointer (&self->model_directory, g_free);
  g_clear_pointer (&self->device_name, g_free);
  g_clear_pointer (&self->excludes, g_strfreev);
  g_clear_pointer (&self->aesthetic_models, g_free);

  G_OBJECT_CLASS (kalon_indexer_parent_class)->finalize (object);
}

static void
kalon_indexer_class_init (KalonIndexerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_indexer_finalize;
}

static void
kalon_indexer_init (KalonIndexer *self)
{
}

KalonIndexer *
kalon_indexer_new (const char *library_directory, const char *model_directory,
                   const char *device_name)
{
  KalonIndexer *self;

  g_return_val_if_fail (model_directory != NULL, NULL);

  self = g_object_new (KALON_TYPE_INDEXER, NULL);
  self->library_directory = g_strdup (library_directory);
  self->model_directory = g_strdup (model_directory);
  self->device_name = g_strdup (device_name);
  return self;
}

void
kalon_indexer_set_excludes (KalonIndexer *self, const char *const *patterns)
{
  g_return_if_fail (KALON_IS_INDEXER (self));

  g_strfreev (self->excludes);
  self->excludes = g_strdupv ((GStrv) patterns);
}

void
kalon_indexer_set_include_hidden (KalonIndexer *self, gboolean include)
{
  g_return_if_fail (KALON_IS_INDEXER (self));

  self->include_hidden = include;
}

void
kalon_indexer_set_aesthetic_models (KalonIndexer *self, const char *shares)
{
  g_return_if_fail (KALON_IS_INDEXER (self));

  g_free (self->aesthetic_models);
  self->aesthetic_models = g_strdup (shares);
}

void
kalon_indexer_set_paused (KalonIndexer *self, gboolean paused)
{
  g_return_if_fail (KALON_IS_INDEXER (self));

  g_atomic_int_set (&self->paused, paused);
}

/* A run keeps the rules it began with: @excludes and @aesthetic_models outlive it. */
static KalonIndexerSettings
get_settings (KalonIndexer *self, GStrv excludes, gboolean include_hidden,
              const char *aesthetic_models)
{
  return (KalonIndexerSettings){
    .library_directory = self->library_directory,
    .model_directory = self->model_directory,
    .device_name = self->device_name,
    .excludes = (const char *const *) excludes,
    .include_hidden = include_hidden,
    .aesthetic_models = aesthetic_models,
    .paused = &self->paused,
  };
}

gboolean
kalon_indexer_run (KalonIndexer *self, const char *const *folders, KalonIndexerFunc func,
                   gpointer user_data, KalonIndexerProgress *result, GCancellable *cancellable,
                   GError **error)
{
  g_auto (GStrv) excludes = NULL;
  g_autofree char *aesthetic_models = NULL;
  KalonIndexerSettings settings;

  g_return_val_if_fail (KALON_IS_INDEXER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  excludes = g_strdupv (self->excludes);
  aesthetic_models = g_strdup (self->aesthetic_models);
  settings = get_settings (self, excludes, self->include_hidden, aesthetic_models);
  return kalon_indexer_run_with (&settings, folders, func, user_data, result, cancellable, error);
}

/* Asynchronous */

typedef struct
{
  GStrv folders;
  GStrv excludes;
  gboolean include_hidden;
  char *aesthetic_models;
  KalonIndexerFunc func;
  gpointer user_data;
  KalonIndexerProgress result;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_strfreev (run->folders);
  g_strfreev (run->excludes);
  g_free (run->aesthetic_models);
  g_free (run);
}

static void
deliver_progress (gconstpointer progress, gpointer task_data)
{
  const Run *run = task_data;

  run->func (progress, run->user_data);
}

static void
send_progress (const KalonIndexerProgress *progress, gpointer user_data)
{
  kalon_job_report (user_data, g_memdup2 (progress, sizeof *progress), g_free, deliver_progress);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Run *run = task_data;
  KalonIndexerSettings settings
      = get_settings (source, run->excludes, run->include_hidden, run->aesthetic_models);
  GError *error = NULL;

  if (kalon_indexer_run_with (&settings, (const char *const *) run->folders,
                              run->func != NULL ? send_progress : NULL, task, &run->result,
                              cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_indexer_run_async (KalonIndexer *self, const char *const *folders, KalonIndexerFunc func,
                         gpointer user_data, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer callback_data)
{
  g_autoptr (GTask) task = NULL;
  Run *run;

  g_return_if_fail (KALON_IS_INDEXER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, callback_data);
  g_task_set_source_tag (task, kalon_indexer_run_async);
  run = g_new0 (Run, 1);
  run->folders = g_strdupv ((GStrv) folders);
  run->excludes = g_strdupv (self->excludes);
  run->include_hidden = self->include_hidden;
  run->aesthetic_models = g_strdup (self->aesthetic_models);
  run->func = func;
  run->user_data = user_data;
  g_task_set_task_data (task, run, run_free);
  g_task_run_in_thread (task, run_in_thread);
}

gboolean
kalon_indexer_run_finish (KalonIndexer *self, GAsyncResult *result, KalonIndexerProgress *final,
                          GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEXER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (final != NULL)
    *final = ((Run *) g_task_get_task_data (G_TASK (result)))->result;
  return g_task_propagate_boolean (G_TASK (result), error);
}
