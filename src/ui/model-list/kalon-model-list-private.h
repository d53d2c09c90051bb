/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model-list/kalon-model-list.h"

G_BEGIN_DECLS

struct _KalonModelItem
{
  GObject parent_instance;

  char *id;
  const KalonOffer *offer; /* (nullable) */
  KalonModel *model;       /* (nullable) */
  KalonModelItemState state;
  double progress;
  double rate;
  char *problem;
  GCancellable *cancellable; /* of what is under way */
  gboolean measuring;
};

KalonModelItem *kalon_model_item_new (const char *id, const KalonOffer *offer);
/* Copies @problem (nullable). */
void kalon_model_item_set_problem (KalonModelItem *self, const char *problem);
void kalon_model_item_emit_changed (KalonModelItem *self);

G_END_DECLS
