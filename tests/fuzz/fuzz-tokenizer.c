/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text, with the vocabulary of tests/reference/tokens. */
#include "fuzz.h"

#include "tokenizer/kalon-tokenizer.h"

#define CONTEXT 77
#define PAD -1

static KalonTokenizer *
get_tokenizer (void)
{
  static KalonTokenizer *tokenizer;

  if (tokenizer == NULL)
    {
      const char *tests = g_getenv ("G_TEST_SRCDIR");
      g_autofree char *path
          = g_build_filename (tests != NULL ? tests : "tests", "reference", "tokens", NULL);
      g_autoptr (GError) error = NULL;

      tokenizer = kalon_tokenizer_new (path, &error);
      g_assert_no_error (error);
    }
  return tokenizer;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  KalonTokenizer *tokenizer = get_tokenizer ();
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *decoded = NULL;
  gint32 tokens[CONTEXT];
  gsize dropped;
  gsize n = kalon_tokenizer_encode (tokenizer, text, CONTEXT, PAD, tokens, &dropped);

  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpuint (n, <=, CONTEXT);
  g_assert_true (dropped == 0 || n == CONTEXT);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpint (tokens[i], >=, 0);
      g_assert_cmpuint (tokens[i], <, kalon_tokenizer_get_vocabulary_size (tokenizer));
    }
  for (gsize i = n; i < CONTEXT; i++)
    g_assert_cmpint (tokens[i], ==, PAD);
  decoded = kalon_tokenizer_decode (tokenizer, tokens, n);
  g_assert_true (g_utf8_validate (decoded, -1, NULL));
  return 0;
}
