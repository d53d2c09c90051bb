/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "operations/kalon-operation.h"

struct _KalonOperation
{
  GObject parent_instance;

  char *title;
  char *detail;
  char *hint;
  char *error;
  double fraction;
  gboolean paused;
  gboolean can_pause;
  gboolean can_cancel;
  gboolean finished;
};

G_DEFINE_FINAL_TYPE (KalonOperation, kalon_operation, G_TYPE_OBJECT)

enum
{
  PROP_TITLE = 1,
  PROP_DETAIL,
  PROP_HINT,
  PROP_ERROR,
  PROP_FRACTION,
  PROP_PAUSED,
  PROP_CAN_PAUSE,
  PROP_CAN_CANCEL,
  PROP_FINISHED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  PAUSE,
  CANCEL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
kalon_operation_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KalonOperation *self = KALON_OPERATION (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_HINT:
      g_value_set_string (value, self->hint);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, self->paused);
      break;
    case PROP_CAN_PAUSE:
      g_value_set_boolean (value, self->can_pause && !self->finished);
      break;
    case PROP_CAN_CANCEL:
      g_value_set_boolean (value, self->can_cancel && !self->finished);
      break;
    case PROP_FINISHED:
      g_value_set_boolean (value, self->finished);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_operation_finalize (GObject *object)
{
  KalonOperation *self = KALON_OPERATION (object);

  g_free (self->title);
  g_free (self->detail);
  g_free (self->hint);
  g_free (self->error);
  G_OBJECT_CLASS (kalon_operation_parent_class)->finalize (object);
}

static void
kalon_operation_class_init (KalonOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kalon_operation_get_property;
  object_class->finalize = kalon_operation_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_PAUSE] = g_param_spec_boolean ("can-pause", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_CANCEL] = g_param_spec_boolean ("can-cancel", NULL, NULL, FALSE, flags);
  properties[PROP_FINISHED] = g_param_spec_boolean ("finished", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[PAUSE] = g_signal_new ("pause", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[CANCEL] = g_signal_new ("cancel", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_operation_init (KalonOperation *self)
{
  self->fraction = -1;
}

KalonOperation *
kalon_operation_new (const char *title, gboolean can_pause, gboolean can_cancel)
{
  KalonOperation *self;

  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (KALON_TYPE_OPERATION, NULL);
  self->title = g_strdup (title);
  self->can_pause = can_pause;
  self->can_cancel = can_cancel;
  return self;
}

static void
set_text (KalonOperation *self, char **text, const char *new, guint property)
{
  if (g_strcmp0 (*text, new) == 0)
    return;
  g_free (*text);
  *text = g_strdup (new);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
kalon_operation_set_detail (KalonOperation *self, const char *detail)
{
  g_return_if_fail (KALON_IS_OPERATION (self));
  set_text (self, &self->detail, detail, PROP_DETAIL);
}

void
kalon_operation_set_hint (KalonOperation *self, const char *hint)
{
  g_return_if_fail (KALON_IS_OPERATION (self));
  set_text (self, &self->hint, hint, PROP_HINT);
}

void
kalon_operation_set_fraction (KalonOperation *self, double fraction)
{
  g_return_if_fail (KALON_IS_OPERATION (self));

  self->fraction = fraction < 0 ? -1 : MIN (fraction, 1);
  /* Also when it is the same: what is not known moves on a bit. */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

void
kalon_operation_set_paused (KalonOperation *self, gboolean paused)
{
  g_return_if_fail (KALON_IS_OPERATION (self));

  if (self->paused == paused)
    return;
  self->paused = paused;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAUSED]);
}

void
kalon_operation_finish (KalonOperation *self, const char *error)
{
  g_return_if_fail (KALON_IS_OPERATION (self));

  if (self->finished)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  self->finished = TRUE;
  set_text (self, &self->error, error, PROP_ERROR);
  set_text (self, &self->hint, NULL, PROP_HINT);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FINISHED]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_PAUSE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_CANCEL]);
  g_object_thaw_notify (G_OBJECT (self));
}

const char *
kalon_operation_get_title (KalonOperation *self)
{
  g_return_val_if_fail (KALON_IS_OPERATION (self), NULL);
  return self->title;
}

const char *
kalon_operation_get_detail (KalonOperation *self)
{
  g_return_val_if_fail (KALON_IS_OPERATION (self), NULL);
  return self->detail;
}

const char *
kalon_operation_get_hint (KalonOperation *self)
{
  g_return_val_if_fail (KALON_IS_OPERATION (self), NULL);
  return self->hint;
}

const char *
kalon_operation_get_error (KalonOperation *self)
{
  g_return_val_if_fail (KALON_IS_OPERATION (self), NULL);
  return self->error;
}

double
kalon_operation_get_fraction (KalonOperation *self)
{
  g_return_val_if_fail (KALON_IS_OPERATION (self), -1);
  return self->fraction;
}

gboolean
kalon_operation_is_paused (KalonOperation *self)
{
  g_return_val_if_fail (KALON_IS_OPERATION (self), FALSE);
  return self->paused;
}

gboolean
kalon_operation_is_finished (KalonOperation *self)
{
  g_return_val_if_fail (KALON_IS_OPERATION (self), FALSE);
  return self->finished;
}

void
kalon_operation_pause (KalonOperation *self, gboolean pause)
{
  g_return_if_fail (KALON_IS_OPERATION (self));

  if (self->can_pause && !self->finished)
    g_signal_emit (self, signals[PAUSE], 0, pause);
}

void
kalon_operation_cancel (KalonOperation *self)
{
  g_return_if_fail (KALON_IS_OPERATION (self));

  if (self->can_cancel && !self->finished)
    g_signal_emit (self, signals[CANCEL], 0);
}
