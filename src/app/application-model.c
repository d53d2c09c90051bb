/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kalon-application-private.h"
#include "settings/kalon-settings.h"

static void
load_tokenizer_in_thread (GTask *task, gpointer source, gpointer task_data,
                          GCancellable *cancellable)
{
  GError *error = NULL;
  KalonTokenizer *tokenizer = kalon_tokenizer_new (task_data, &error);

  if (tokenizer != NULL)
    g_task_return_pointer (task, tokenizer, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
tokenizer_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonApplication *self = KALON_APPLICATION (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonTokenizer) tokenizer = g_task_propagate_pointer (G_TASK (result), &error);

  /* Whoever searches will tell. */
  if (tokenizer == NULL)
    g_debug ("Tokenizer: %s", error->message);
  else
    kalon_words_set_tokenizer (self->words, tokenizer, self->context_length);
}

static void
load_tokenizer (KalonApplication *self, const KalonModel *model)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, tokenizer_loaded_cb, NULL);

  g_task_set_source_tag (task, load_tokenizer);
  g_task_set_task_data (task, g_strdup (model->directory), g_free);
  self->context_length = model->config.context_length;
  g_task_run_in_thread (task, load_tokenizer_in_thread);
}

void
kalon_application_make_model_services (const KalonModel *model, const char *device_name,
                                       KalonModelServices *services, gpointer user_data)
{
  KalonApplication *self = user_data;

  services->searcher = kalon_searcher_new (self->library_directory, model->directory, device_name);
  services->indexer = kalon_indexer_new (self->library_directory, model->directory, device_name);
  services->aligner = kalon_aligner_new (self->library_directory, model->directory, device_name);
}

void
kalon_application_create_model_services (KalonApplication *self, const char *model_id,
                                         KalonModelServices *services)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonModel) model = kalon_models_find (model_id, &error);
  g_autofree char *shares = g_settings_get_string (self->settings, KALON_SETTING_AESTHETIC_MODELS);

  self->model_strictness = KALON_DEFAULT_STRICTNESS;
  if (model == NULL)
    {
      self->model_problem = g_strdup (error->message);
      return;
    }
  self->model_name = g_strdup (model->id);
  self->model_directory = g_strdup (model->directory);
  self->model_strictness = model->calibration->strictness;
  kalon_application_make_model_services (model, self->device_name, services, self);
  /* Of the model that it was set for: another one may have no such heads. */
  kalon_indexer_set_aesthetic_models (services->indexer, shares[0] != '\0' ? shares : NULL);
  load_tokenizer (self, model);
}
