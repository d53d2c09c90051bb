/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "models/kalon-models.h"

G_BEGIN_DECLS

/* (transfer full): where imported models live. */
char *kalon_models_dup_user_directory (void);

/* (transfer full): the model in @directory, whatever folder that is in. */
KalonModel *kalon_models_load (const char *directory, GError **error);

G_END_DECLS
