/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

static void
word_free (gpointer data)
{
  KalonWord *word = data;

  g_free (word->text);
  g_free (word->folded);
  g_free (word);
}

char *
kalon_word_fold (const char *text)
{
  g_autofree char *lower = g_utf8_casefold (text, -1);
  g_autofree char *parts = g_utf8_normalize (lower, -1, G_NORMALIZE_ALL);
  GString *folded = g_string_new (NULL);

  for (const char *p = parts; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_ismark (c))
        g_string_append_unichar (folded, c);
    }
  return g_string_free (folded, FALSE);
}

/* Marks belong to the letter before them. */
static gboolean
is_word_char (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

GPtrArray *
kalon_words_split (const char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (word_free);

  while (*text != '\0')
    {
      const char *start;
      KalonWord *word;
      gunichar mark = 0;

      for (; *text != '\0' && !is_word_char (g_utf8_get_char (text));
           text = g_utf8_next_char (text))
        if (!g_unichar_isspace (g_utf8_get_char (text)))
          mark = g_utf8_get_char (text);
      start = text;
      while (*text != '\0' && is_word_char (g_utf8_get_char (text)))
        text = g_utf8_next_char (text);
      if (text == start)
        break;
      word = g_new (KalonWord, 1);
      word->text = g_strndup (start, (gsize) (text - start));
      word->folded = kalon_word_fold (word->text);
      word->mark = mark;
      g_ptr_array_add (words, word);
    }
  return words;
}

gboolean
kalon_words_are_latin (const char *text)
{
  gboolean is_latin = FALSE;

  for (const char *p = text; *p != '\0' && !is_latin; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      is_latin = g_unichar_isdigit (c)
                 || (g_unichar_isalpha (c) && g_unichar_get_script (c) == G_UNICODE_SCRIPT_LATIN);
    }
  return is_latin;
}

char *
kalon_words_join (GPtrArray *words, guint first, guint n)
{
  GString *phrase = g_string_new (NULL);

  for (guint i = first; i < first + n; i++)
    {
      const KalonWord *word = g_ptr_array_index (words, i);

      g_string_append_printf (phrase, "%s%s", i > first ? " " : "", word->folded);
    }
  return g_string_free (phrase, FALSE);
}

char *
kalon_query_clean (const char *query)
{
  g_autofree char *valid = g_utf8_make_valid (query, -1);
  GString *line = g_string_new (NULL);
  gboolean space = FALSE;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        space = line->len > 0;
      else
        {
          if (space)
            g_string_append_c (line, ' ');
          space = FALSE;
          g_string_append_unichar (line, c);
        }
    }
  return g_string_free (line, FALSE);
}

/* What may stand between words of a query. "<", "|" and ">" may not: the tokenizer takes its
 * special tokens from a text. */
static gboolean
is_plain (gunichar c)
{
  return is_word_char (c) || (c < 128 && strchr (" ,.;:'-&/()!?%", (int) c) != NULL) || c == 0x2019;
}

/* Before this, nothing: ", ." at the end, or a hyphen that stood alone. */
static void
strip_end (GString *line)
{
  while (line->len > 0 && strchr (" ,;:-&/(", line->str[line->len - 1]) != NULL)
    g_string_truncate (line, line->len - 1);
}

char *
kalon_text_clean (const char *text, gsize max_length)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  gsize length = 0, end_of_word = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* Invisible characters (joiners, direction marks) go without leaving a space. */
      if (g_unichar_type (c) == G_UNICODE_FORMAT)
        continue;
      if (!is_plain (c))
        c = ' ';
      if (c == ' ' && (line->len == 0 || line->str[line->len - 1] == ' '))
        continue;
      if (line->len == 0 && !is_word_char (c))
        continue;
      if (c == ' ')
        end_of_word = line->len;
      if (++length > max_length)
        {
          g_string_truncate (line, end_of_word);
          break;
        }
      g_string_append_unichar (line, c);
    }
  strip_end (line);
  return g_string_free (line, FALSE);
}
