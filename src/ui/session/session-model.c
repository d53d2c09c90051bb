/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "session/kalon-session-private.h"
#include "settings/kalon-settings.h"

/* What a thread finds out before anything is changed. */
typedef struct
{
  char *id;
  char *library_directory;
  KalonModel *model;
  KalonTokenizer *tokenizer;
  KalonLibraryCounts counts;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->id);
  g_free (look->library_directory);
  g_clear_pointer (&look->model, kalon_model_free);
  g_clear_object (&look->tokenizer);
  g_free (look);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Look *look = task_data;
  g_autoptr (KalonLibrary) library = NULL;
  g_autofree char *hash = NULL;
  GError *error = NULL;

  look->model = kalon_models_find (look->id, &error);
  if (look->model != NULL)
    look->tokenizer = kalon_tokenizer_new (look->model->directory, &error);
  if (look->tokenizer != NULL)
    hash = kalon_model_dup_hash (look->model->directory, cancellable, &error);
  if (hash != NULL)
    library = kalon_library_open (look->library_directory, &error);
  if (library != NULL && kalon_library_count (library, hash, &look->counts, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
emit_changing (KalonSession *self)
{
  g_signal_emit_by_name (self, "model-changing");
}

static void
set_change (KalonSession *self, KalonModelChange change)
{
  self->change = change;
  emit_changing (self);
}

void
kalon_session_drop_change (KalonSession *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->begin_id, g_source_remove);
  if (self->indexer != NULL)
    kalon_indexing_set_indexer (self->services.indexing, self->indexer);
  g_clear_object (&self->indexer);
  g_clear_pointer (&self->wanted_id, g_free);
  g_clear_pointer (&self->model, kalon_model_free);
  g_clear_object (&self->tokenizer);
  g_clear_object (&self->made.searcher);
  g_clear_object (&self->made.indexer);
  g_clear_object (&self->made.aligner);
  self->change = KALON_MODEL_CHANGE_NONE;
}

static void
fail (KalonSession *self, const char *problem)
{
  kalon_session_drop_change (self);
  g_free (self->change_problem);
  self->change_problem = g_strdup (problem);
  emit_changing (self);
}

/* From here on the wanted model is the one that searches. */
static void
take_over (KalonSession *self)
{
  KalonSessionServices *services = &self->services;
  const char *id = self->model->id;
  gboolean same = g_strcmp0 (self->model->directory, self->model_directory) == 0;

  g_set_object (&services->searcher, self->made.searcher);
  kalon_indexing_set_indexer (services->indexing, self->made.indexer);
  kalon_aligning_set_aligner (services->aligning, self->made.aligner);
  kalon_rivals_set_searcher (services->rivals, self->device_name, self->model->directory,
                             self->made.searcher);
  g_clear_object (&self->indexer);
  g_free (self->model_id);
  services->model_id = self->model_id = g_strdup (id);
  g_free (self->model_directory);
  services->model_directory = self->model_directory = g_strdup (self->model->directory);
  g_clear_pointer (&self->model_problem, g_free);
  services->model_problem = NULL;
  services->model_strictness = self->model->calibration->strictness;
  kalon_catalogue_set_model (services->catalogue, self->model_directory);
  kalon_words_set_tokenizer (services->words, self->tokenizer, self->model->config.context_length);
  /* On another device it is the same model, which may be the command line's. */
  if (!same)
    g_settings_set_string (services->settings, KALON_SETTING_MODEL,
                           g_str_equal (id, KALON_MODEL_STARTER) ? "" : id);
  kalon_search_set_searcher (self->search, services->searcher);
  kalon_session_drop_change (self);
  emit_changing (self);
  g_signal_emit_by_name (self, "model-changed");
}

static gboolean
begin_indexing (gpointer user_data)
{
  KalonSession *self = user_data;
  KalonIndexing *indexing = self->services.indexing;

  self->begin_id = 0;
  /* What waited before us came first. */
  if (kalon_indexing_is_running (indexing))
    return G_SOURCE_REMOVE;
  g_set_object (&self->indexer, kalon_indexing_get_indexer (indexing));
  kalon_indexing_set_indexer (indexing, self->made.indexer);
  set_change (self, KALON_MODEL_CHANGE_INDEXING);
  kalon_indexing_start (indexing, (const char *const[]){ NULL });
  return G_SOURCE_REMOVE;
}

static void
indexing_finished_cb (KalonSession *self, const GError *error)
{
  const KalonIndexerProgress *progress = kalon_indexing_get_progress (self->services.indexing);

  if (self->change == KALON_MODEL_CHANGE_WAITING && self->begin_id == 0)
    /* Later, when everybody has seen the figures of the run that has just ended. */
    self->begin_id = g_idle_add (begin_indexing, self);
  else if (self->change == KALON_MODEL_CHANGE_INDEXING)
    {
      if (error != NULL)
        fail (self, error->message);
      else if (progress->found > 0 && progress->done >= progress->found)
        take_over (self);
      else
        fail (self, _ ("Indexing was stopped; it goes on from there the next time."));
    }
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonSession *self = KALON_SESSION (object);
  Look *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  /* Somebody has thought better of it meanwhile. */
  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (error != NULL)
    {
      fail (self, error->message);
      return;
    }
  self->model = g_steal_pointer (&look->model);
  self->tokenizer = g_steal_pointer (&look->tokenizer);
  self->services.make_model_services (self->model, self->device_name, &self->made,
                                      self->services.make_data);
  if (look->counts.indexed >= look->counts.pictures
      || g_strcmp0 (self->model->directory, self->model_directory) == 0)
    take_over (self);
  else if (kalon_indexing_is_running (self->services.indexing))
    set_change (self, KALON_MODEL_CHANGE_WAITING);
  else
    begin_indexing (self);
}

static void
look_at (KalonSession *self, const char *id)
{
  g_autoptr (GTask) task = NULL;
  Look *look = g_new0 (Look, 1);

  kalon_session_keep_model (self);
  g_clear_pointer (&self->change_problem, g_free);
  self->wanted_id = g_strdup (id);
  self->cancellable = g_cancellable_new ();
  look->id = g_strdup (id);
  look->library_directory = g_strdup (self->library_directory);
  task = g_task_new (self, self->cancellable, looked_cb, NULL);
  g_task_set_source_tag (task, look_at);
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_in_thread);
  set_change (self, KALON_MODEL_CHANGE_LOOKING);
}

void
kalon_session_connect_indexing (KalonSession *self)
{
  g_signal_connect_object (self->services.indexing, "finished", G_CALLBACK (indexing_finished_cb),
                           self, G_CONNECT_SWAPPED);
}

void
kalon_session_use_model (KalonSession *self, const char *id)
{
  g_return_if_fail (KALON_IS_SESSION (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (self->services.make_model_services != NULL);

  if (g_strcmp0 (id, self->model_id) == 0)
    kalon_session_keep_model (self);
  else if (g_strcmp0 (id, self->wanted_id) != 0)
    look_at (self, id);
}

void
kalon_session_use_device (KalonSession *self, const char *name)
{
  g_autofree char *wanted = NULL;

  g_return_if_fail (KALON_IS_SESSION (self));
  g_return_if_fail (self->services.make_model_services != NULL);

  g_settings_set_string (self->services.settings, KALON_SETTING_DEVICE, name != NULL ? name : "");
  if (g_strcmp0 (name, self->device_name) == 0)
    return;
  g_free (self->device_name);
  self->services.device_name = self->device_name = g_strdup (name);
  /* A model that is to come is indexed for on the new device. */
  wanted = g_strdup (self->wanted_id != NULL ? self->wanted_id : self->model_directory);
  if (wanted != NULL)
    look_at (self, wanted);
}

void
kalon_session_keep_model (KalonSession *self)
{
  gboolean indexing;

  g_return_if_fail (KALON_IS_SESSION (self));

  if (self->change == KALON_MODEL_CHANGE_NONE)
    return;
  indexing = self->change == KALON_MODEL_CHANGE_INDEXING;
  kalon_session_drop_change (self);
  if (indexing)
    kalon_indexing_stop (self->services.indexing);
  emit_changing (self);
}

KalonModelChange
kalon_session_get_model_change (KalonSession *self, const char **id, const char **problem)
{
  g_return_val_if_fail (KALON_IS_SESSION (self), KALON_MODEL_CHANGE_NONE);

  if (id != NULL)
    *id = self->wanted_id;
  if (problem != NULL)
    *problem = self->change_problem;
  return self->change;
}
