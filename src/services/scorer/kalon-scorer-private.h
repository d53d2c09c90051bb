/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scorer/kalon-scorer.h"

G_BEGIN_DECLS

/* (transfer full): where the head @id is, or would be. */
char *kalon_heads_dup_path (const char *id);

G_END_DECLS
