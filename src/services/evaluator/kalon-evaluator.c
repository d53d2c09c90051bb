/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"

G_DEFINE_FINAL_TYPE (KalonEvaluator, kalon_evaluator, G_TYPE_OBJECT)

const guint kalon_evaluator_recall_cuts[KALON_EVALUATOR_N_RECALLS] = { 1, 5, 10 };
const guint kalon_evaluator_precision_cuts[2] = { 1, 10 };
const guint kalon_evaluator_accuracy_cuts[2] = { 1, 5 };

gboolean
kalon_evaluator_begin (KalonEvaluator *self, GCancellable *cancellable, GError **error)
{
  g_ptr_array_set_size (self->failures, 0);
  g_ptr_array_set_size (self->examples, 0);
  self->n_truncated = 0;
  if (self->encoder != NULL)
    return TRUE;
  if (self->device == NULL && g_strcmp0 (self->device_name, "none") != 0)
    {
      self->device = kalon_device_open (self->device_name, error);
      if (self->device == NULL)
        return FALSE;
    }
  self->encoder = kalon_encoder_new (self->model_directory, self->device, cancellable, error);
  if (self->encoder == NULL)
    return FALSE;
  self->nn = kalon_nn_new (self->device);
  return TRUE;
}

void
kalon_evaluator_tell (KalonEvaluator *self, KalonEvaluatorPhase phase, gsize done, gsize total)
{
  if (self->func != NULL)
    self->func (phase, done, total, self->user_data);
}

void
kalon_evaluator_fail (KalonEvaluator *self, const char *path, const char *reason)
{
  g_ptr_array_add (self->failures, kalon_failure_new (path, reason));
}

gboolean
kalon_evaluator_refuse_empty (const char *images, GError **error)
{
  g_autofree char *name = images != NULL ? g_filename_display_name (images) : NULL;

  if (name != NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "Nothing is left to measure: what is asked for of %s could not be read. Check the "
                 "folder and the names.",
                 name);
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "Nothing is left to measure: none of the pictures could be read.");
  return FALSE;
}

static void
kalon_evaluator_finalize (GObject *object)
{
  KalonEvaluator *self = KALON_EVALUATOR (object);

  g_clear_pointer (&self->blend, kalon_aesthetic_blend_free);
  g_clear_object (&self->nn);
  g_clear_object (&self->encoder);
  g_clear_object (&self->device);
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->examples);
  g_free (self->model_directory);
  g_free (self->device_name);
  g_free (self->aesthetic_models);
  G_OBJECT_CLASS (kalon_evaluator_parent_class)->finalize (object);
}

static void
kalon_evaluator_class_init (KalonEvaluatorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_evaluator_finalize;
}

static void
kalon_evaluator_init (KalonEvaluator *self)
{
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  self->examples = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_example_free);
}

KalonEvaluator *
kalon_evaluator_new (const char *model_directory, const char *device_name)
{
  KalonEvaluator *self;

  g_return_val_if_fail (model_directory != NULL, NULL);

  self = g_object_new (KALON_TYPE_EVALUATOR, NULL);
  self->model_directory = g_strdup (model_directory);
  self->device_name = g_strdup (device_name);
  return self;
}

void
kalon_evaluator_set_progress (KalonEvaluator *self, KalonEvaluatorFunc func, gpointer user_data)
{
  g_return_if_fail (KALON_IS_EVALUATOR (self));

  self->func = func;
  self->user_data = user_data;
}

GPtrArray *
kalon_evaluator_get_failures (KalonEvaluator *self)
{
  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);

  return self->failures;
}

gsize
kalon_evaluator_get_n_truncated (KalonEvaluator *self)
{
  g_return_val_if_fail (KALON_IS_EVALUATOR (self), 0);

  return self->n_truncated;
}

const char *
kalon_evaluator_get_model_hash (KalonEvaluator *self)
{
  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);

  return self->encoder != NULL ? kalon_encoder_get_model_hash (self->encoder) : NULL;
}

const char *
kalon_evaluator_get_aesthetic_hash (KalonEvaluator *self)
{
  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);

  return self->blend != NULL ? kalon_aesthetic_blend_get_hash (self->blend) : NULL;
}

void
kalon_evaluator_set_aesthetic_models (KalonEvaluator *self, const char *shares)
{
  g_return_if_fail (KALON_IS_EVALUATOR (self));

  g_free (self->aesthetic_models);
  self->aesthetic_models = g_strdup (shares);
  g_clear_pointer (&self->blend, kalon_aesthetic_blend_free);
}
