/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The models that are installed: the starter (shipped) and those imported, each a Hugging Face
 * CLIPModel directory, named by its folder: ID. Search path: $KALON_MODELS_PATH (for tests), the
 * user's $XDG_DATA_HOME/kalon/models, the installed data directory, the source tree's.
 */

#include "calibration/kalon-calibration.h"
#include "weights/kalon-weights.h"

G_BEGIN_DECLS

#define KALON_MODEL_STARTER "starter"

typedef struct
{
  char *id;
  char *directory;
  gboolean removable; /* imported by the user */
  guint64 size;       /* bytes of all its files */
  KalonModelConfig config;
  KalonCalibration *calibration; /* defaults where it has none of its own */
} KalonModel;

void kalon_model_free (KalonModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonModel, kalon_model_free)

/* (transfer full) (element-type KalonModel): by id. A directory that does not load is left out with
 * a g_message. */
GPtrArray *kalon_models_list (void);

/**
 * kalon_models_find:
 * @id: (nullable): an id, or a path of a model directory; %NULL is the starter
 */
KalonModel *kalon_models_find (const char *id, GError **error);

/* Copies @directory's model files to the user's models as @id (%NULL: the folder's name), after
 * verifying them. */
KalonModel *kalon_models_import (const char *directory, const char *id, GCancellable *cancellable,
                                 GError **error);
gboolean kalon_models_remove (const char *id, GError **error);

/**
 * kalon_models_verify:
 * Reads every tensor that the towers need, encodes a text and a picture in plain C and checks that
 * they are finite; reads the aesthetic head where there is one. @hash: (out) (transfer full)
 * (optional): kalon_model_dup_hash().
 */
gboolean kalon_models_verify (const KalonModel *model, char **hash, GCancellable *cancellable,
                              GError **error);

G_END_DECLS
