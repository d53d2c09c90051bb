/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * encode-tokens DIRECTORY CONTEXT: reads texts from standard input, each ended by a zero byte, and
 * prints for each a line "dropped id id ..." without padding. For check-tokens.py.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tokenizer/kalon-tokenizer.h"

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonTokenizer) tokenizer = NULL;
  g_autofree gint32 *tokens = NULL;
  char *text = NULL;
  size_t capacity = 0;
  gsize context;

  if (argc != 3 || (context = strtoul (argv[2], NULL, 10)) < 2)
    {
      g_printerr ("usage: encode-tokens DIRECTORY CONTEXT < TEXTS\n");
      return 2;
    }
  tokenizer = kalon_tokenizer_new (argv[1], &error);
  if (tokenizer == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  tokens = g_new (gint32, context);
  while (getdelim (&text, &capacity, '\0', stdin) > 0)
    {
      gsize dropped;
      gsize n = kalon_tokenizer_encode (tokenizer, text, context, 0, tokens, &dropped);

      printf ("%zu", dropped);
      for (gsize i = 0; i < n; i++)
        printf (" %d", tokens[i]);
      putchar ('\n');
    }
  free (text);
  return 0;
}
