/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the reader and the writer of a set agree on; docs/formats.md. */

#include "alignment/kalon-preference-set.h"

G_BEGIN_DECLS

#define KALON_PREFERENCE_FORMAT "kalon-preference-set"
#define KALON_PREFERENCE_VERSION 1
#define KALON_PREFERENCE_MAX_FILE (512 << 20)
/* 64 x 64 pictures with paths of 4096 bytes, each escaped twice over. */
#define KALON_PREFERENCE_MAX_LINE (128 << 20)
/* A query, a rephrased one, a style: bytes. */
#define KALON_PREFERENCE_MAX_TEXT 65536
#define KALON_PREFERENCE_MAX_PATH 4096
/* Of a score: no scorer comes near, and their differences stay finite in a float. */
#define KALON_PREFERENCE_MAX_SCORE 1e9

KalonPreferenceQuery *
kalon_preference_query_new (const char *query, const char *rephrased, guint rows, guint columns);
void kalon_preference_query_free (KalonPreferenceQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPreferenceQuery, kalon_preference_query_free)

/* Takes @path. */
void kalon_preference_query_add (KalonPreferenceQuery *self, char *path, const char *content_hash,
                                 float semantic, float aesthetic);

G_END_DECLS
