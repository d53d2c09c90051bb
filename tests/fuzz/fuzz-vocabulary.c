/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vocab.json, a zero byte, merges.txt, a zero byte, a word. */
#include "fuzz.h"

#include <string.h>

#include "tokenizer/kalon-vocabulary-private.h"

/* Cuts the part up to the next zero byte off @data. */
static GBytes *
take_part (const uint8_t **data, size_t *size)
{
  const uint8_t *zero = *size > 0 ? memchr (*data, 0, *size) : NULL;
  size_t n = zero != NULL ? (size_t) (zero - *data) : *size;
  GBytes *part = g_bytes_new (*data, n);

  n += zero != NULL;
  *data += n;
  *size -= n;
  return part;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) vocab = take_part (&data, &size);
  g_autoptr (GBytes) merges = take_part (&data, &size);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonVocabulary) vocabulary = kalon_vocabulary_new (vocab, merges, &error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GString) text = g_string_new (NULL);

  if (vocabulary == NULL)
    {
      g_assert_nonnull (error);
      return 0;
    }
  if (size > 0)
    kalon_bpe_encode (vocabulary, data, size, ids);
  g_assert_cmpuint (ids->len, <=, size);
  for (guint i = 0; i < ids->len; i++)
    {
      gint32 id = g_array_index (ids, gint32, i);

      g_assert_cmpint (id, >=, 0);
      g_assert_cmpuint (id, <, kalon_vocabulary_get_size (vocabulary));
      kalon_vocabulary_append_text (vocabulary, id, text);
    }
  return 0;
}
