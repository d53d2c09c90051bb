/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/kalon-session-private.h"
#include "settings/kalon-settings.h"

G_DEFINE_FINAL_TYPE (KalonSession, kalon_session, G_TYPE_OBJECT)

enum
{
  MODEL_CHANGED,
  MODEL_CHANGING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
kalon_session_dispose (GObject *object)
{
  kalon_session_drop_change (KALON_SESSION (object));
  G_OBJECT_CLASS (kalon_session_parent_class)->dispose (object);
}

static void
kalon_session_finalize (GObject *object)
{
  KalonSession *self = KALON_SESSION (object);

  g_clear_object (&self->search);
  g_clear_object (&self->services.settings);
  g_clear_object (&self->services.catalogue);
  g_clear_object (&self->services.searcher);
  g_clear_object (&self->services.indexing);
  g_clear_object (&self->services.thumbnails);
  g_clear_object (&self->services.thumbs);
  g_clear_object (&self->services.words);
  g_clear_object (&self->services.history);
  g_clear_object (&self->services.models);
  g_clear_object (&self->services.aligning);
  g_clear_object (&self->services.boards);
  g_clear_object (&self->services.operations);
  g_clear_object (&self->services.watching);
  g_clear_object (&self->services.staying);
  g_clear_object (&self->services.rivals);
  g_free (self->library_directory);
  g_free (self->device_name);
  g_free (self->model_id);
  g_free (self->model_directory);
  g_free (self->model_problem);
  g_free (self->change_problem);
  G_OBJECT_CLASS (kalon_session_parent_class)->finalize (object);
}

static void
kalon_session_class_init (KalonSessionClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_session_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_session_finalize;

  signals[MODEL_CHANGED] = g_signal_new ("model-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[MODEL_CHANGING] = g_signal_new ("model-changing", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
kalon_session_init (KalonSession *self)
{
}

static void
keep_services (KalonSession *self, const KalonSessionServices *services)
{
  self->services = *services;
  self->services.library_directory = self->library_directory
      = g_strdup (services->library_directory);
  self->services.device_name = self->device_name = g_strdup (services->device_name);
  self->services.model_id = self->model_id = g_strdup (services->model_id);
  self->services.model_directory = self->model_directory = g_strdup (services->model_directory);
  self->services.model_problem = self->model_problem = g_strdup (services->model_problem);
  g_object_ref (services->settings);
  g_object_ref (services->catalogue);
  if (services->searcher != NULL)
    g_object_ref (services->searcher);
  g_object_ref (services->indexing);
  g_object_ref (services->thumbnails);
  g_object_ref (services->thumbs);
  g_object_ref (services->words);
  g_object_ref (services->history);
  g_object_ref (services->models);
  g_object_ref (services->aligning);
  g_object_ref (services->boards);
  g_object_ref (services->operations);
  if (services->watching != NULL)
    g_object_ref (services->watching);
  if (services->staying != NULL)
    g_object_ref (services->staying);
  g_object_ref (services->rivals);
}

KalonSession *
kalon_session_new (const KalonSessionServices *services)
{
  /* Keys that are the search's properties by name. */
  static const char *const keys[] = {
    KALON_SETTING_STRICTNESS,   KALON_SETTING_ALIGNED,         KALON_SETTING_AESTHETIC_WEIGHT,
    KALON_SETTING_TASTE_WEIGHT, KALON_SETTING_FOLD_DUPLICATES, KALON_SETTING_REMEMBER_SEARCHES,
    KALON_SETTING_USE_ADAPTER,
  };
  KalonSession *self;

  g_return_val_if_fail (services != NULL, NULL);

  self = g_object_new (KALON_TYPE_SESSION, NULL);
  keep_services (self, services);
  self->search
      = kalon_search_new (services->searcher, services->model_problem, services->catalogue);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_bind (services->settings, keys[i], self->search, keys[i], G_SETTINGS_BIND_DEFAULT);
  kalon_search_set_words (self->search, services->words);
  kalon_search_set_history (self->search, services->history);
  kalon_results_model_set_thumbs (kalon_search_get_model (self->search), services->thumbs);
  g_signal_connect_object (services->thumbs, "changed", G_CALLBACK (kalon_search_follow_thumbs),
                           self->search, G_CONNECT_SWAPPED);
  kalon_session_connect_indexing (self);
  return self;
}

const KalonSessionServices *
kalon_session_get_services (KalonSession *self)
{
  g_return_val_if_fail (KALON_IS_SESSION (self), NULL);
  return &self->services;
}

KalonSearch *
kalon_session_get_search (KalonSession *self)
{
  g_return_val_if_fail (KALON_IS_SESSION (self), NULL);
  return self->search;
}
