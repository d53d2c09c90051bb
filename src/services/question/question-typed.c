/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "question/kalon-question.h"

#include <string.h>

#define NOT "not:"

static const char *
skip_white_space (const char *p)
{
  while (g_unichar_isspace (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

static const char *
find_end_of_word (const char *p)
{
  while (*p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

/* -word, +"some words". (nullable): behind it; NULL when @p is no such thing. */
static const char *
read_signed (KalonQuestion *self, const char *p)
{
  float weight = *p == '-' ? -1 : 1;
  const char *begin = p + 1, *end;
  g_autofree char *value = NULL;

  if (*p != '-' && *p != '+')
    return NULL;
  if (*begin == '"')
    {
      begin++;
      end = strchr (begin, '"');
      if (end == NULL)
        end = begin + strlen (begin);
    }
  else if (g_unichar_isalnum (g_utf8_get_char (begin)))
    end = find_end_of_word (begin);
  else
    return NULL;
  value = g_strndup (begin, (gsize) (end - begin));
  kalon_question_add_term (self, KALON_TERM_TEXT, value, weight);
  return *end == '"' ? end + 1 : end;
}

static void
read_not (KalonQuestion *self, const char *list)
{
  g_auto (GStrv) values = g_strsplit (list, ",", -1);

  for (char **value = values; *value != NULL; value++)
    kalon_question_add_term (self, KALON_TERM_TEXT, *value, -1);
}

void
kalon_question_read_typed (KalonQuestion *self, const char *typed)
{
  g_autofree char *valid = NULL;
  g_autoptr (GString) words = g_string_new (NULL);
  const char *p;

  g_return_if_fail (self != NULL && typed != NULL);

  valid = g_utf8_make_valid (typed, -1);
  for (p = skip_white_space (valid); *p != '\0'; p = skip_white_space (p))
    {
      const char *end;

      if (g_ascii_strncasecmp (p, NOT, strlen (NOT)) == 0)
        {
          read_not (self, p + strlen (NOT));
          break;
        }
      end = read_signed (self, p);
      if (end == NULL)
        {
          end = find_end_of_word (p);
          if (words->len > 0)
            g_string_append_c (words, ' ');
          g_string_append_len (words, p, end - p);
        }
      p = end;
    }
  kalon_question_set_text (self, words->str);
}
