/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the reader and the writer of a set agree on; docs/formats.md. */

#include "hpir/kalon-hpir.h"
#include "input/kalon-input.h"

G_BEGIN_DECLS

#define KALON_HPIR_FORMAT "kalon-hpir-set"
#define KALON_HPIR_VERSION 1
#define KALON_HPIR_MAX_FILE (512 << 20)
/* All of the below at once, each byte escaped. */
#define KALON_HPIR_MAX_LINE (64 << 20)
/* A query, a rephrased one, the set's name: bytes. */
#define KALON_HPIR_MAX_TEXT 65536
/* An id, a kind, a style, a trait and its name: bytes. */
#define KALON_HPIR_MAX_WORD 256
#define KALON_HPIR_MAX_PATH 4096
/* "folder:" and a path. */
#define KALON_HPIR_MAX_SYSTEM (KALON_HPIR_MAX_PATH + 64)
#define KALON_HPIR_MAX_STYLES 16
#define KALON_HPIR_MAX_TRAITS 16
#define KALON_HPIR_MAX_LABELERS 1000
#define KALON_HPIR_MAX_LABELS 2000 /* of one item: of all labelers, twice */
#define KALON_HPIR_MAX_REPEAT 100
#define KALON_HPIR_MAX_VOTES 1000000
#define KALON_HPIR_MAX_SECONDS 1e9

extern const char *const kalon_hpir_group_keys[2]; /* "group_a", "group_b" */

KalonHpirItem *kalon_hpir_item_new (const char *id, const char *query);
void kalon_hpir_item_free (KalonHpirItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonHpirItem, kalon_hpir_item_free)
/* The votes of all labels that are no repeats. */
void kalon_hpir_item_count_votes (const KalonHpirItem *item, const gboolean *only,
                                  guint votes[KALON_N_HPIR_ASPECTS][2]);
gboolean kalon_hpir_item_has_votes (const KalonHpirItem *item);

/* What is longer or more than a file may hold is named. */
gboolean kalon_hpir_set_check_limits (const KalonHpirSet *set, GError **error);

/* A member of @section that is an object of texts into @texts, char * -> char *; missing: none.
 * @max: how many; @max_text: bytes of each */
gboolean kalon_hpir_read_texts (const KalonSection *section, const char *key, guint max,
                                gsize max_text, GHashTable *texts, GError **error);
/* Takes a line's object as an item to the end of @set. @labelers: id -> position + 1 */
gboolean kalon_hpir_read_item (const KalonSection *section, KalonHpirSet *set, GHashTable *labelers,
                               GError **error);

G_END_DECLS
