/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-indexer.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "indexer/kalon-indexer-private.h"
#include "jobs/kalon-jobs.h"

/* Of a run in a thread of its own: whoever works at the machine, or searches meanwhile, is served
 * first. */
#define NICE 10

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

/* A run keeps the rules it began with. */
typedef struct
{
  GStrv folders;
  GStrv paths; /* %NULL: of @folders */
  GStrv excludes;
  char *aesthetic_models;
  KalonIndexerSettings settings; /* borrows from these and from the indexer */
  KalonIndexerFunc func;
  gpointer user_data;
  KalonIndexerProgress result;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_strfreev (run->folders);
  g_strfreev (run->paths);
  g_strfreev (run->excludes);
  g_free (run->aesthetic_models);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static Run *
run_new (KalonIndexer *self, const char *const *folders, const char *const *paths,
         KalonIndexerFunc func, gpointer user_data)
{
  Run *run = g_new0 (Run, 1);

  run->folders = g_strdupv ((GStrv) folders);
  run->paths = g_strdupv ((GStrv) paths);
  run->excludes = g_strdupv (self->excludes);
  run->aesthetic_models = g_strdup (self->aesthetic_models);
  run->settings = (KalonIndexerSettings){
    .library_directory = self->library_directory,
    .model_directory = self->model_directory,
    .device_name = self->device_name,
    .excludes = (const char *const *) run->excludes,
    .include_hidden = self->include_hidden,
    .paths = (const char *const *) run->paths,
    .aesthetic_models = run->aesthetic_models,
    .paused = &self->paused,
  };
  run->func = func;
  run->user_data = user_data;
  return run;
}

static gboolean
run_here (KalonIndexer *self, const char *const *folders, const char *const *paths,
          KalonIndexerFunc func, gpointer user_data, KalonIndexerProgress *result,
          GCancellable *cancellable, GError **error)
{
  g_autoptr (Run) run = run_new (self, folders, paths, func, user_data);

  return kalon_indexer_run_with (&run->settings, folders, func, user_data, result, cancellable,
                                 error);
}

gboolean
kalon_indexer_run (KalonIndexer *self, const char *const *folders, KalonIndexerFunc func,
                   gpointer user_data, KalonIndexerProgress *result, GCancellable *cancellable,
                   GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEXER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return run_here (self, folders, NULL, func, user_data, result, cancellable, error);
}

gboolean
kalon_indexer_update (KalonIndexer *self, const char *const *paths, KalonIndexerFunc func,
                      gpointer user_data, KalonIndexerProgress *result, GCancellable *cancellable,
                      GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEXER (self), FALSE);
  g_return_val_if_fail (paths != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return run_here (self, NULL, paths, func, user_data, result, cancellable, error);
}

/* Asynchronous */

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

/* Decode workers and an OpenCL driver's threads that are born here are as patient. */
static void
stand_back (void)
{
#ifdef __linux__
  /* There the nice value is each thread's own. */
  if (setpriority (PRIO_PROCESS, (id_t) gettid (), NICE) != 0)
    g_debug ("The index run keeps its priority: %s", g_strerror (errno));
#endif
}

static gpointer
run_in_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;

  stand_back ();
  if (kalon_indexer_run_with (&run->settings, (const char *const *) run->folders,
                              run->func != NULL ? send_progress : NULL, task, &run->result,
                              g_task_get_cancellable (task), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  return NULL;
}

/* A thread of its own, for those of GTask are used again and could not get their priority back. */
static void
start (KalonIndexer *self, gpointer tag, Run *run, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer callback_data)
{
  GTask *task = g_task_new (self, cancellable, callback, callback_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, run, run_free);
  g_thread_unref (g_thread_new ("kalon-index", run_in_thread, task));
}

void
kalon_indexer_run_async (KalonIndexer *self, const char *const *folders, KalonIndexerFunc func,
                         gpointer user_data, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer callback_data)
{
  g_return_if_fail (KALON_IS_INDEXER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  start (self, kalon_indexer_run_async, run_new (self, folders, NULL, func, user_data), cancellable,
         callback, callback_data);
}

void
kalon_indexer_update_async (KalonIndexer *self, const char *const *paths, KalonIndexerFunc func,
                            gpointer user_data, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer callback_data)
{
  g_return_if_fail (KALON_IS_INDEXER (self));
  g_return_if_fail (paths != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  start (self, kalon_indexer_update_async, run_new (self, NULL, paths, func, user_data),
         cancellable, callback, callback_data);
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
