/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "systems/kalon-systems-private.h"

#include <string.h>

char *
kalon_system_fold_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  /* Some file systems write accents as characters of their own. */
  g_autofree char *composed = g_utf8_normalize (folded, -1, G_NORMALIZE_NFC);
  GString *key = g_string_new (NULL);

  for (const char *c = composed; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      if (g_unichar_isspace (letter))
        {
          if (key->len > 0 && key->str[key->len - 1] != ' ')
            g_string_append_c (key, ' ');
        }
      else
        g_string_append_unichar (key, letter == '/' || g_unichar_iscntrl (letter) ? '_' : letter);
    }
  if (key->len > 0 && key->str[key->len - 1] == ' ')
    g_string_truncate (key, key->len - 1);
  return g_string_free (key, FALSE);
}

/* Of the digits at @text, without zeros in front. @length: (out) */
static const char *
find_number (const char **text, gsize *length)
{
  const char *start;

  while (**text == '0')
    (*text)++;
  start = *text;
  while (g_ascii_isdigit (**text))
    (*text)++;
  *length = (gsize) (*text - start);
  return start;
}

int
kalon_system_compare_names (const char *a, const char *b)
{
  const char *one = a;
  const char *other = b;

  while (*one != '\0' && *other != '\0')
    if (g_ascii_isdigit (*one) && g_ascii_isdigit (*other))
      {
        gsize n_one, n_other;
        const char *number = find_number (&one, &n_one);
        const char *than = find_number (&other, &n_other);
        int order = n_one != n_other ? (n_one < n_other ? -1 : 1) : memcmp (number, than, n_one);

        if (order != 0)
          return order;
      }
    else if (*one == *other)
      {
        one++;
        other++;
      }
    else
      break;
  if (*one != *other)
    return (guchar) *one < (guchar) *other ? -1 : 1;
  /* "1" and "01": any order that is always the same. */
  return strcmp (a, b);
}
