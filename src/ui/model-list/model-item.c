/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-list/kalon-model-list-private.h"

G_DEFINE_FINAL_TYPE (KalonModelItem, kalon_model_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
kalon_model_item_finalize (GObject *object)
{
  KalonModelItem *self = KALON_MODEL_ITEM (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->model, kalon_model_free);
  g_free (self->problem);
  g_free (self->id);
  G_OBJECT_CLASS (kalon_model_item_parent_class)->finalize (object);
}

static void
kalon_model_item_class_init (KalonModelItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_model_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_model_item_init (KalonModelItem *self)
{
}

KalonModelItem *
kalon_model_item_new (const char *id, const KalonOffer *offer)
{
  KalonModelItem *self = g_object_new (KALON_TYPE_MODEL_ITEM, NULL);

  self->id = g_strdup (id);
  self->offer = offer;
  return self;
}

void
kalon_model_item_emit_changed (KalonModelItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

void
kalon_model_item_set_problem (KalonModelItem *self, const char *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
}

const char *
kalon_model_item_get_id (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), NULL);
  return self->id;
}

KalonModelItemState
kalon_model_item_get_state (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), KALON_MODEL_AVAILABLE);
  return self->state;
}

const KalonOffer *
kalon_model_item_get_offer (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), NULL);
  return self->offer;
}

const KalonModel *
kalon_model_item_get_model (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), NULL);
  return self->model;
}

double
kalon_model_item_get_progress (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), 0);
  return self->progress;
}

gboolean
kalon_model_item_is_measuring (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), FALSE);
  return self->measuring;
}

double
kalon_model_item_get_rate (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), 0);
  return self->rate;
}

const char *
kalon_model_item_get_problem (KalonModelItem *self)
{
  g_return_val_if_fail (KALON_IS_MODEL_ITEM (self), NULL);
  return self->problem;
}

KalonModelJob *
kalon_model_job_new (KalonModelList *list, KalonModelItem *item)
{
  KalonModelJob *job = g_new0 (KalonModelJob, 1);

  job->list = g_object_ref (list);
  job->item = g_object_ref (item);
  return job;
}

void
kalon_model_job_free (KalonModelJob *job)
{
  g_object_unref (job->list);
  g_object_unref (job->item);
  g_clear_object (&job->operation);
  g_free (job);
}

void
kalon_model_item_begin_job (KalonModelItem *self)
{
  self->cancellable = g_cancellable_new ();
  kalon_model_item_set_problem (self, NULL);
}

void
kalon_model_item_end_job (KalonModelItem *self, const GError *error)
{
  gboolean stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_object (&self->cancellable);
  self->measuring = FALSE;
  kalon_model_item_set_problem (self, error != NULL && !stopped ? error->message : NULL);
}
