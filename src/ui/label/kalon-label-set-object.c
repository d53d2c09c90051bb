/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "label/kalon-label-set-object.h"

struct _KalonLabelSetObject
{
  GObject parent_instance;

  KalonLabelSetInfo *info;
};

G_DEFINE_FINAL_TYPE (KalonLabelSetObject, kalon_label_set_object, G_TYPE_OBJECT)

static void
kalon_label_set_object_finalize (GObject *object)
{
  kalon_label_set_info_free (KALON_LABEL_SET_OBJECT (object)->info);
  G_OBJECT_CLASS (kalon_label_set_object_parent_class)->finalize (object);
}

static void
kalon_label_set_object_class_init (KalonLabelSetObjectClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_label_set_object_finalize;
}

static void
kalon_label_set_object_init (KalonLabelSetObject *self)
{
}

KalonLabelSetObject *
kalon_label_set_object_new (KalonLabelSetInfo *info)
{
  KalonLabelSetObject *self = g_object_new (KALON_TYPE_LABEL_SET_OBJECT, NULL);

  self->info = info;
  return self;
}

const KalonLabelSetInfo *
kalon_label_set_object_get_info (KalonLabelSetObject *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SET_OBJECT (self), NULL);
  return self->info;
}
