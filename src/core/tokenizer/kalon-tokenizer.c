/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/kalon-tokenizer.h"

#include <string.h>

#include "input/kalon-input.h"
#include "tokenizer/kalon-unicode-private.h"
#include "tokenizer/kalon-vocabulary-private.h"

/* CLIP's own are 862 kB and 525 kB. */
#define MAX_FILE (64 * 1024 * 1024)
#define MAX_MARKS 1024

struct _KalonTokenizer
{
  GObject parent_instance;
  KalonVocabulary *vocabulary;
};

G_DEFINE_FINAL_TYPE (KalonTokenizer, kalon_tokenizer, G_TYPE_OBJECT)

static const char *
skip_class (const char *p, KalonUnicodeClass class)
{
  while (*p != '\0' && kalon_unicode_classify (g_utf8_get_char (p)) == class)
    p = g_utf8_next_char (p);
  return p;
}

static gsize
match_any (const char *p, const char *const *alternatives)
{
  for (gsize i = 0; alternatives[i] != NULL; i++)
    if (g_str_has_prefix (p, alternatives[i]))
      return strlen (alternatives[i]);
  return 0;
}

/*
 * The end of the word that starts at @p, as CLIP's expression has it:
 * <\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
 */
static const char *
find_word_end (const char *p, KalonUnicodeClass class)
{
  static const char *const contractions[] = { "'s", "'t", "'re", "'ve", "'m", "'ll", "'d", NULL };
  gsize n = match_any (p, contractions);

  if (n > 0)
    return p + n;
  if (class == KALON_UNICODE_NUMBER)
    return g_utf8_next_char (p);
  return skip_class (p, class);
}

static void
encode_word (const KalonVocabulary *vocabulary, const char *start, const char *end, GArray *ids)
{
  kalon_bpe_encode (vocabulary, (const guint8 *) start, (gsize) (end - start), ids);
}

/*
 * Appends the lower case of @text: [length] in normalisation form C. GLib's ordering of
 * consecutive marks is quadratic, so a run of more than MAX_MARKS, which no language has, is taken
 * in pieces.
 */
static void
append_clean (GString *clean, const char *text, gsize length)
{
  const char *end = text + length;

  for (const char *piece = text, *p; piece < end; piece = p)
    {
      g_autofree char *composed = NULL;
      guint n_marks = 0;

      for (p = piece; p < end && n_marks < MAX_MARKS; p = g_utf8_next_char (p))
        n_marks = g_unichar_ismark (g_utf8_get_char (p)) ? n_marks + 1 : 0;
      composed = g_utf8_normalize (piece, p - piece, G_NORMALIZE_NFC);
      for (const char *c = composed; *c != '\0'; c = g_utf8_next_char (c))
        kalon_unicode_append_lower (clean, g_utf8_get_char (c));
    }
}

/* @text: [length] valid UTF-8 that holds no special token as such. */
static void
encode_words (const KalonVocabulary *vocabulary, const char *text, gsize length, GArray *ids)
{
  /* In lower case these are words of the expression, but no longer special tokens: the byte-level
   * step takes them apart at their brackets. */
  static const char *const lowered[] = { KALON_VOCABULARY_START, KALON_VOCABULARY_END, NULL };
  g_autoptr (GString) clean = g_string_sized_new (length);
  const char *p, *end;

  append_clean (clean, text, length);
  for (p = clean->str; *p != '\0'; p = end)
    {
      KalonUnicodeClass class = kalon_unicode_classify (g_utf8_get_char (p));
      gsize special = match_any (p, lowered);

      end = find_word_end (p, class);
      if (special > 0)
        {
          end = p + special;
          encode_word (vocabulary, p, p + 2, ids);
          encode_word (vocabulary, p + 2, end - 2, ids);
          encode_word (vocabulary, end - 2, end, ids);
        }
      else if (class != KALON_UNICODE_SPACE)
        encode_word (vocabulary, p, end, ids);
    }
}

/* Special tokens are found in the text as it was typed, before any cleaning. */
static void
encode_text (const KalonVocabulary *vocabulary, const char *text, GArray *ids)
{
  const char *rest = text;

  for (const char *p = strstr (text, "<|"); p != NULL; p = strstr (p, "<|"))
    {
      gboolean is_start = g_str_has_prefix (p, KALON_VOCABULARY_START);
      gint32 id = is_start ? kalon_vocabulary_get_start (vocabulary)
                           : kalon_vocabulary_get_end (vocabulary);

      if (!is_start && !g_str_has_prefix (p, KALON_VOCABULARY_END))
        {
          p++;
          continue;
        }
      encode_words (vocabulary, rest, (gsize) (p - rest), ids);
      g_array_append_val (ids, id);
      p += strlen (is_start ? KALON_VOCABULARY_START : KALON_VOCABULARY_END);
      rest = p;
    }
  encode_words (vocabulary, rest, strlen (rest), ids);
}

static void
kalon_tokenizer_finalize (GObject *object)
{
  KalonTokenizer *self = KALON_TOKENIZER (object);

  g_clear_pointer (&self->vocabulary, kalon_vocabulary_free);
  G_OBJECT_CLASS (kalon_tokenizer_parent_class)->finalize (object);
}

static void
kalon_tokenizer_class_init (KalonTokenizerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_tokenizer_finalize;
}

static void
kalon_tokenizer_init (KalonTokenizer *self)
{
}

KalonTokenizer *
kalon_tokenizer_new (const char *directory, GError **error)
{
  g_autoptr (KalonTokenizer) self = NULL;
  g_autofree char *vocab_path = NULL;
  g_autofree char *merges_path = NULL;
  g_autoptr (GBytes) vocab = NULL;
  g_autoptr (GBytes) merges = NULL;

  g_return_val_if_fail (directory != NULL, NULL);

  vocab_path = g_build_filename (directory, "vocab.json", NULL);
  merges_path = g_build_filename (directory, "merges.txt", NULL);
  vocab = kalon_input_read (vocab_path, MAX_FILE, error);
  merges = vocab != NULL ? kalon_input_read (merges_path, MAX_FILE, error) : NULL;
  if (merges == NULL)
    return NULL;
  self = g_object_new (KALON_TYPE_TOKENIZER, NULL);
  self->vocabulary = kalon_vocabulary_new (vocab, merges, error);
  return self->vocabulary != NULL ? g_steal_pointer (&self) : NULL;
}

gsize
kalon_tokenizer_get_vocabulary_size (KalonTokenizer *self)
{
  g_return_val_if_fail (KALON_IS_TOKENIZER (self), 0);

  return kalon_vocabulary_get_size (self->vocabulary);
}

gint32
kalon_tokenizer_get_start (KalonTokenizer *self)
{
  g_return_val_if_fail (KALON_IS_TOKENIZER (self), 0);

  return kalon_vocabulary_get_start (self->vocabulary);
}

gint32
kalon_tokenizer_get_end (KalonTokenizer *self)
{
  g_return_val_if_fail (KALON_IS_TOKENIZER (self), 0);

  return kalon_vocabulary_get_end (self->vocabulary);
}

gsize
kalon_tokenizer_encode (KalonTokenizer *self, const char *text, gsize context_length, gint32 pad,
                        gint32 *tokens, gsize *n_dropped)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autofree char *valid = NULL;
  gsize n;

  g_return_val_if_fail (KALON_IS_TOKENIZER (self), 0);
  g_return_val_if_fail (text != NULL && context_length >= 2 && tokens != NULL, 0);

  valid = g_utf8_make_valid (text, -1);
  encode_text (self->vocabulary, valid, ids);

  n = MIN (ids->len, context_length - 2);
  tokens[0] = kalon_vocabulary_get_start (self->vocabulary);
  if (n > 0)
    memcpy (tokens + 1, ids->data, n * sizeof *tokens);
  tokens[n + 1] = kalon_vocabulary_get_end (self->vocabulary);
  for (gsize i = n + 2; i < context_length; i++)
    tokens[i] = pad;
  if (n_dropped != NULL)
    *n_dropped = ids->len - n;
  return n + 2;
}

char *
kalon_tokenizer_decode (KalonTokenizer *self, const gint32 *tokens, gsize n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (KALON_IS_TOKENIZER (self), NULL);

  for (gsize i = 0; i < n; i++)
    kalon_vocabulary_append_text (self->vocabulary, tokens[i], text);
  return g_strchomp (g_utf8_make_valid (text->str, (gssize) text->len));
}
