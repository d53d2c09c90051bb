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

static gboolean
open_library (gpointer object, GError **error)
{
  KalonCatalogue *self = object;

  if (self->library == NULL)
    self->library = kalon_library_open (self->library_directory, error);
  return self->library != NULL;
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
ask_picture (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  return kalon_library_get_picture (self->library, *(gint64 *) argument, error);
}

static gpointer
ask_scores (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  return kalon_library_get_scores (self->library,
                                   kalon_catalogue_get_model_hash (self, cancellable),
                                   *(gint64 *) argument, error);
}

static gpointer
ask_failures (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  return kalon_library_list_failures (self->library, error);
}

static gpointer
ask_model (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  g_free (self->model_directory);
  self->model_directory = g_strdup (argument);
  g_clear_pointer (&self->model_hash, g_free);
  return NULL;
}

static gpointer
ask_version (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  return GUINT_TO_POINTER (kalon_library_get_version (self->library));
}

static void
version_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonCatalogue *self = KALON_CATALOGUE (object);
  g_autoptr (GError) error = NULL;
  guint version
      = GPOINTER_TO_UINT (kalon_worker_answer (self, kalon_catalogue_check, result, &error));
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

  kalon_worker_free (self->worker);
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
  self->worker = kalon_worker_new (open_library);
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
  kalon_worker_ask (self->worker, self, kalon_catalogue_set_model, ask_model,
                    g_strdup (model_directory), g_free, NULL, NULL, NULL, NULL);
}

void
kalon_catalogue_check (KalonCatalogue *self)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_worker_ask (self->worker, self, kalon_catalogue_check, ask_version, NULL, NULL, NULL, NULL,
                    version_answered_cb, NULL);
}

void
kalon_catalogue_get_picture_async (KalonCatalogue *self, gint64 id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_worker_ask (self->worker, self, kalon_catalogue_get_picture_async, ask_picture,
                    g_memdup2 (&id, sizeof id), g_free, (GDestroyNotify) kalon_picture_free,
                    cancellable, callback, user_data);
}

KalonPicture *
kalon_catalogue_get_picture_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_catalogue_get_picture_async, result, error);
}

void
kalon_catalogue_get_scores_async (KalonCatalogue *self, gint64 id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_worker_ask (self->worker, self, kalon_catalogue_get_scores_async, ask_scores,
                    g_memdup2 (&id, sizeof id), g_free, (GDestroyNotify) kalon_picture_scores_free,
                    cancellable, callback, user_data);
}

KalonPictureScores *
kalon_catalogue_get_scores_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_catalogue_get_scores_async, result, error);
}

void
kalon_catalogue_list_failures_async (KalonCatalogue *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_worker_ask (self->worker, self, kalon_catalogue_list_failures_async, ask_failures, NULL,
                    NULL, (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
kalon_catalogue_list_failures_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_catalogue_list_failures_async, result, error);
}

void
kalon_catalogue_tell_changed (KalonCatalogue *self)
{
  /* data_version does not change for what this very connection commits. */
  g_signal_emit (self, signals[CHANGED], 0);
}
