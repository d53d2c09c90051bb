/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalogue/kalon-catalogue-private.h"
#include "weights/kalon-weights.h"

G_DEFINE_FINAL_TYPE (KalonCatalogue, kalon_catalogue, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  KalonCatalogueQuestion question;
  gpointer argument;
  GDestroyNotify argument_free;
  GDestroyNotify answer_free;
} Job;

static void
job_free (Job *job)
{
  if (job->argument_free != NULL)
    job->argument_free (job->argument);
  g_free (job);
}

static void
run_job (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  KalonCatalogue *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gpointer answer;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->library == NULL)
    {
      self->library = kalon_library_open (self->library_directory, &error);
      if (self->library == NULL)
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
    }
  answer = job->question (self, job->argument, g_task_get_cancellable (task), &error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, answer, job->answer_free);
}

void
kalon_catalogue_ask (KalonCatalogue *self, gpointer tag, KalonCatalogueQuestion question,
                     gpointer argument, GDestroyNotify argument_free, GDestroyNotify answer_free,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job){ question, argument, argument_free, answer_free };
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_thread_pool_push (self->worker, task, NULL);
}

gpointer
kalon_catalogue_answer (KalonCatalogue *self, gpointer tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A model that does not load is told by whoever searches or indexes with it: "" then. */
const char *
kalon_catalogue_get_model_hash (KalonCatalogue *self, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (self->model_hash == NULL && self->model_directory != NULL)
    self->model_hash = kalon_model_dup_hash (self->model_directory, cancellable, &error);
  if (error != NULL)
    g_debug ("No hash of %s: %s", self->model_directory, error->message);
  return self->model_hash != NULL ? self->model_hash : "";
}

static gpointer
ask_picture (KalonCatalogue *self, gpointer argument, GCancellable *cancellable, GError **error)
{
  return kalon_library_get_picture (self->library, *(gint64 *) argument, error);
}

static gpointer
ask_scores (KalonCatalogue *self, gpointer argument, GCancellable *cancellable, GError **error)
{
  return kalon_library_get_scores (self->library,
                                   kalon_catalogue_get_model_hash (self, cancellable),
                                   *(gint64 *) argument, error);
}

static gpointer
ask_failures (KalonCatalogue *self, gpointer argument, GCancellable *cancellable, GError **error)
{
  return kalon_library_list_failures (self->library, error);
}

static gpointer
ask_model (KalonCatalogue *self, gpointer argument, GCancellable *cancellable, GError **error)
{
  g_free (self->model_directory);
  self->model_directory = g_strdup (argument);
  g_clear_pointer (&self->model_hash, g_free);
  return NULL;
}

static gpointer
ask_version (KalonCatalogue *self, gpointer argument, GCancellable *cancellable, GError **error)
{
  return GUINT_TO_POINTER (kalon_library_get_version (self->library));
}

static void
version_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonCatalogue *self = KALON_CATALOGUE (object);
  g_autoptr (GError) error = NULL;
  guint version
      = GPOINTER_TO_UINT (kalon_catalogue_answer (self, kalon_catalogue_check, result, &error));
  gboolean changed = self->checked && version != self->version;

  if (error != NULL)
    {
      g_debug ("Catalogue version: %s", error->message);
      return;
    }
  self->version = version;
  self->checked = TRUE;
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
kalon_catalogue_finalize (GObject *object)
{
  KalonCatalogue *self = KALON_CATALOGUE (object);

  /* Every job holds a reference on us: none is left. Not waiting, for this may be the worker. */
  g_thread_pool_free (self->worker, FALSE, FALSE);
  g_clear_object (&self->library);
  g_free (self->model_hash);
  g_free (self->model_directory);
  g_free (self->library_directory);
  G_OBJECT_CLASS (kalon_catalogue_parent_class)->finalize (object);
}

static void
kalon_catalogue_class_init (KalonCatalogueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_catalogue_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_catalogue_init (KalonCatalogue *self)
{
  self->worker = g_thread_pool_new (run_job, NULL, 1, FALSE, NULL);
}

KalonCatalogue *
kalon_catalogue_new (const char *library_directory, const char *model_directory)
{
  KalonCatalogue *self = g_object_new (KALON_TYPE_CATALOGUE, NULL);

  self->library_directory = g_strdup (library_directory);
  self->model_directory = g_strdup (model_directory);
  return self;
}

void
kalon_catalogue_set_model (KalonCatalogue *self, const char *model_directory)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_catalogue_ask (self, kalon_catalogue_set_model, ask_model, g_strdup (model_directory),
                       g_free, NULL, NULL, NULL, NULL);
}

void
kalon_catalogue_check (KalonCatalogue *self)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_catalogue_ask (self, kalon_catalogue_check, ask_version, NULL, NULL, NULL, NULL,
                       version_answered_cb, NULL);
}

void
kalon_catalogue_get_picture_async (KalonCatalogue *self, gint64 id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_catalogue_ask (self, kalon_catalogue_get_picture_async, ask_picture,
                       g_memdup2 (&id, sizeof id), g_free, (GDestroyNotify) kalon_picture_free,
                       cancellable, callback, user_data);
}

KalonPicture *
kalon_catalogue_get_picture_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_catalogue_answer (self, kalon_catalogue_get_picture_async, result, error);
}

void
kalon_catalogue_get_scores_async (KalonCatalogue *self, gint64 id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_catalogue_ask (
      self, kalon_catalogue_get_scores_async, ask_scores, g_memdup2 (&id, sizeof id), g_free,
      (GDestroyNotify) kalon_picture_scores_free, cancellable, callback, user_data);
}

KalonPictureScores *
kalon_catalogue_get_scores_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_catalogue_answer (self, kalon_catalogue_get_scores_async, result, error);
}

void
kalon_catalogue_list_failures_async (KalonCatalogue *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_catalogue_ask (self, kalon_catalogue_list_failures_async, ask_failures, NULL, NULL,
                       (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
kalon_catalogue_list_failures_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_catalogue_answer (self, kalon_catalogue_list_failures_async, result, error);
}

void
kalon_catalogue_tell_changed (KalonCatalogue *self)
{
  /* data_version does not change for what this very connection commits. */
  g_signal_emit (self, signals[CHANGED], 0);
}
