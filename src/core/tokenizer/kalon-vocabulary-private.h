/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * vocab.json and merges.txt, and byte-pair encoding with them. Immutable after construction.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

#define KALON_VOCABULARY_START "<|startoftext|>"
#define KALON_VOCABULARY_END "<|endoftext|>"

typedef struct _KalonVocabulary KalonVocabulary;

/* @vocab, @merges: the two files' content, untrusted. */
KalonVocabulary *kalon_vocabulary_new (GBytes *vocab, GBytes *merges, GError **error);
void kalon_vocabulary_free (KalonVocabulary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonVocabulary, kalon_vocabulary_free)

/* One more than the largest id. */
gsize kalon_vocabulary_get_size (const KalonVocabulary *self);
gint32 kalon_vocabulary_get_start (const KalonVocabulary *self);
gint32 kalon_vocabulary_get_end (const KalonVocabulary *self);

/* The symbol of @byte, as the last of a word or not; a missing one is the end token, as
 * transformers' unk_token is. */
gint32 kalon_vocabulary_get_byte (const KalonVocabulary *self, guint8 byte, gboolean is_last);

/* %TRUE when @left and @right merge into @merged; a lower @rank merges first. */
gboolean kalon_vocabulary_get_merge (const KalonVocabulary *self, gint32 left, gint32 right,
                                     guint32 *rank, gint32 *merged);

/* Appends the bytes that @id stands for, a space for "</w>"; nothing for special tokens. */
void kalon_vocabulary_append_text (const KalonVocabulary *self, gint32 id, GString *text);

/**
 * kalon_bpe_encode:
 * @word: [n] bytes, @n at least 1
 * @ids: (element-type gint32): where the tokens are appended
 */
void kalon_bpe_encode (const KalonVocabulary *self, const guint8 *word, gsize n, GArray *ids);

G_END_DECLS
