/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The models and aesthetic heads that there are and that are to be had, as list models of
 * KalonModelItem; downloads, imports, removals and measurements, which go on while nobody looks.
 * Main thread.
 */

#include "models/kalon-models.h"
#include "operations/kalon-operations.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_MODEL_AVAILABLE,
  KALON_MODEL_BEGUN, /* a download was stopped, and goes on from there */
  KALON_MODEL_DOWNLOADING,
  KALON_MODEL_INSTALLED,
} KalonModelItemState;

#define KALON_TYPE_MODEL_ITEM (kalon_model_item_get_type ())
G_DECLARE_FINAL_TYPE (KalonModelItem, kalon_model_item, KALON, MODEL_ITEM, GObject)

/* ::changed: any of these is another. */
const char *kalon_model_item_get_id (KalonModelItem *self);
KalonModelItemState kalon_model_item_get_state (KalonModelItem *self);
/* (nullable): of those that are to be had */
const KalonOffer *kalon_model_item_get_offer (KalonModelItem *self);
/* (nullable): of an installed one; %NULL for a head */
const KalonModel *kalon_model_item_get_model (KalonModelItem *self);
/* Of the download: 0 to 1; all of it is there and being verified at 1. */
double kalon_model_item_get_progress (KalonModelItem *self);
gboolean kalon_model_item_is_measuring (KalonModelItem *self);
/* Pictures per second, 0 while nobody has measured. */
double kalon_model_item_get_rate (KalonModelItem *self);
/* (nullable): why the last thing done with it failed */
const char *kalon_model_item_get_problem (KalonModelItem *self);

#define KALON_TYPE_MODEL_LIST (kalon_model_list_get_type ())
G_DECLARE_FINAL_TYPE (KalonModelList, kalon_model_list, KALON, MODEL_LIST, GObject)

/**
 * kalon_model_list_new:
 *
 * @operations: where downloads show as well
 *
 * Empty until kalon_model_list_refresh().
 *
 * ::downloaded (KalonModelItem *item): it is there, verified.
 * ::problem (char *message): an import failed.
 */
KalonModelList *kalon_model_list_new (KalonOperations *operations);

/* Looks what there is. */
void kalon_model_list_refresh (KalonModelList *self);

/* (transfer none) (element-type KalonModelItem) */
GListModel *kalon_model_list_get_installed (KalonModelList *self);
/* Models that are to be had and not there. */
GListModel *kalon_model_list_get_available (KalonModelList *self);
/* Aesthetic heads that are to be had, there or not. */
GListModel *kalon_model_list_get_heads (KalonModelList *self);

void kalon_model_list_download (KalonModelList *self, KalonModelItem *item);
/* A download or a measurement. What came stays. */
void kalon_model_list_stop (KalonModelList *self, KalonModelItem *item);
/* What is installed, or the beginning of it. */
void kalon_model_list_remove (KalonModelList *self, KalonModelItem *item);
void kalon_model_list_import (KalonModelList *self, const char *directory);
gboolean kalon_model_list_is_importing (KalonModelList *self);
/* @device_name: (nullable): as for kalon_models_measure() */
void kalon_model_list_measure (KalonModelList *self, KalonModelItem *item, const char *device_name);

G_END_DECLS
