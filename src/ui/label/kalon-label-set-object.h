/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A label set in a list model. Immutable. */

#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_SET_OBJECT (kalon_label_set_object_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelSetObject, kalon_label_set_object, KALON, LABEL_SET_OBJECT, GObject)

/* @info: (transfer full) */
KalonLabelSetObject *kalon_label_set_object_new (KalonLabelSetInfo *info);
const KalonLabelSetInfo *kalon_label_set_object_get_info (KalonLabelSetObject *self);

G_END_DECLS
