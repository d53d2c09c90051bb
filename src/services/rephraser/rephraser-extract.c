/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

/* Deeper than any schema of ours; what is further down is not looked at. */
#define MAX_DEPTH 32

/* Appends the character of the four digits at *@p, or of two such escapes. Half a pair is left out.
 * %FALSE when the text ends in the middle. */
static gboolean
read_unicode (const char **p, GString *value)
{
  guint code = 0, low = 0;

  for (guint i = 0; i < 4; i++, (*p)++)
    {
      if (**p == '\0')
        return FALSE;
      code = code * 16 + (guint) MAX (g_ascii_xdigit_value (**p), 0);
    }
  if (code >= 0xdc00 && code < 0xe000)
    return TRUE;
  if (code >= 0xd800 && code < 0xdc00)
    {
      if ((*p)[0] != '\\' || (*p)[1] != 'u')
        return (*p)[0] != '\0' && ((*p)[0] != '\\' || (*p)[1] != '\0');
      *p += 2;
      for (guint i = 0; i < 4; i++, (*p)++)
        {
          if (**p == '\0')
            return FALSE;
          low = low * 16 + (guint) MAX (g_ascii_xdigit_value (**p), 0);
        }
      if (low < 0xdc00 || low >= 0xe000)
        return TRUE;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
  if (code != 0)
    g_string_append_unichar (value, code);
  return TRUE;
}

/* *@p is behind the opening quote, and then behind the closing one; %FALSE when there is none:
 * @value has what is there, without an escape that was cut. */
static gboolean
read_string (const char **p, GString *value)
{
  static const char escapes[] = "bfnrt";

  for (; **p != '\0';)
    {
      char c = *(*p)++;

      if (c == '"')
        return TRUE;
      if (c != '\\')
        {
          g_string_append_c (value, c);
          continue;
        }
      c = **p;
      if (c == '\0')
        return FALSE;
      (*p)++;
      if (c == 'u')
        {
          if (!read_unicode (p, value))
            return FALSE;
        }
      else
        g_string_append_c (value, strchr (escapes, c) != NULL ? ' ' : c);
    }
  return FALSE;
}

char *
kalon_rephrase_answer_extract (const char *json, const char *key)
{
  const char *p = strchr (json, '{');
  g_autoptr (GString) found = NULL;
  char closing[MAX_DEPTH];
  gsize depth = 0;
  gboolean key_next = FALSE, wanted = FALSE;

  while (p != NULL && *p != '\0')
    {
      char c = *p++;

      if (c == '"')
        {
          g_autoptr (GString) value = g_string_new (NULL);
          gboolean is_whole = read_string (&p, value);

          if (!key_next && wanted)
            {
              if (found == NULL)
                found = g_string_new (NULL);
              g_string_append_printf (found, "%s%s", found->len > 0 && value->len > 0 ? ", " : "",
                                      value->str);
            }
          else if (key_next && depth == 1)
            wanted = is_whole && g_str_equal (value->str, key);
          key_next = FALSE;
        }
      else if (c == '{' || c == '[')
        {
          if (depth == MAX_DEPTH)
            break;
          closing[depth++] = c == '{' ? '}' : ']';
          key_next = c == '{';
        }
      else if (c == '}' || c == ']')
        {
          if (--depth == 0)
            break;
          key_next = FALSE;
        }
      else if (c == ',')
        key_next = closing[depth - 1] == '}';
    }
  return found != NULL ? g_utf8_make_valid (found->str, (gssize) found->len) : NULL;
}
