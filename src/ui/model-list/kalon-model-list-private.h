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

struct _KalonModelList
{
  GObject parent_instance;

  GHashTable *items; /* id: KalonModelItem */
  GListStore *installed;
  GListStore *available;
  GListStore *heads;
  KalonOperations *operations;
  guint n_imports;
};

/* Of a job on an item. */
typedef struct
{
  KalonModelList *list;
  KalonModelItem *item;
  KalonOperation *operation; /* (nullable): of a download */
} KalonModelJob;

KalonModelJob *kalon_model_job_new (KalonModelList *list, KalonModelItem *item);
void kalon_model_job_free (KalonModelJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonModelJob, kalon_model_job_free)

void kalon_model_item_begin_job (KalonModelItem *self);
/* What was under way on the item is over. @error: (nullable) */
void kalon_model_item_end_job (KalonModelItem *self, const GError *error);

KalonModelItem *kalon_model_item_new (const char *id, const KalonOffer *offer);
/* Copies @problem (nullable). */
void kalon_model_item_set_problem (KalonModelItem *self, const char *problem);
void kalon_model_item_emit_changed (KalonModelItem *self);

G_END_DECLS
