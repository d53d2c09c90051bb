/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * CLIP's byte-pair encoding (Radford et al. 2021, simple_tokenizer.py; Sennrich et al. 2016):
 * NFC, lower case, byte-level symbols, "</w>" at word ends. Tokens are identical to those of
 * transformers' CLIPTokenizer made from the same vocab.json and merges.txt; as there,
 * "<|startoftext|>" and "<|endoftext|>" written out in a text are the special tokens.
 *
 * Both files are treated as hostile; a refusal names the line or the token.
 * Immutable after construction: any thread.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

#define KALON_TYPE_TOKENIZER (kalon_tokenizer_get_type ())
G_DECLARE_FINAL_TYPE (KalonTokenizer, kalon_tokenizer, KALON, TOKENIZER, GObject)

/**
 * kalon_tokenizer_new:
 * @directory: holds vocab.json ({token: id}) and merges.txt (a pair a line, best first)
 */
KalonTokenizer *kalon_tokenizer_new (const char *directory, GError **error);

/* One more than the largest id. */
gsize kalon_tokenizer_get_vocabulary_size (KalonTokenizer *self);
/* Ids of <|startoftext|> and <|endoftext|>. */
gint32 kalon_tokenizer_get_start (KalonTokenizer *self);
gint32 kalon_tokenizer_get_end (KalonTokenizer *self);

/**
 * kalon_tokenizer_encode:
 * @text: any bytes up to the NUL; what is not UTF-8 becomes U+FFFD
 * @context_length: at least 2
 * @tokens: (out caller-allocates): [context_length]: start, words, end, then @pad
 * @n_dropped: (out) (optional): tokens of the text that did not fit
 *
 * Returns: the number of tokens before the padding, start and end included.
 */
gsize kalon_tokenizer_encode (KalonTokenizer *self, const char *text, gsize context_length,
                              gint32 pad, gint32 *tokens, gsize *n_dropped);

/* (transfer full): the words that @tokens: [n] stand for, special and unknown ones left out; for
 * messages and tests. */
char *kalon_tokenizer_decode (KalonTokenizer *self, const gint32 *tokens, gsize n);

G_END_DECLS
