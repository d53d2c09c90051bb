/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/kalon-unicode-private.h"

/* The only character whose lower case, without knowing its language, is two: i and U+0307. */
#define CAPITAL_I_WITH_DOT 0x130

static gboolean
contains (const KalonUnicodeRange *ranges, gsize n, gunichar c)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (c > ranges[middle].last)
        low = middle + 1;
      else if (c < ranges[middle].first)
        high = middle;
      else
        return TRUE;
    }
  return FALSE;
}

KalonUnicodeClass
kalon_unicode_classify (gunichar c)
{
  if (c < 0x80 && g_ascii_isalpha ((char) c))
    return KALON_UNICODE_LETTER;
  if (c < 0x80 && g_ascii_isdigit ((char) c))
    return KALON_UNICODE_NUMBER;
  if (contains (kalon_unicode_letters, kalon_unicode_n_letters, c))
    return KALON_UNICODE_LETTER;
  if (contains (kalon_unicode_numbers, kalon_unicode_n_numbers, c))
    return KALON_UNICODE_NUMBER;
  if (contains (kalon_unicode_spaces, kalon_unicode_n_spaces, c))
    return KALON_UNICODE_SPACE;
  return KALON_UNICODE_OTHER;
}

void
kalon_unicode_append_lower (GString *text, gunichar c)
{
  gsize low = 0, high = kalon_unicode_n_lower;

  if (c < 0x80)
    {
      g_string_append_c (text, g_ascii_tolower ((char) c));
      return;
    }
  if (c == CAPITAL_I_WITH_DOT)
    {
      g_string_append (text, "i\xcc\x87");
      return;
    }
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      const KalonUnicodeLower *run = &kalon_unicode_lower[middle];

      if (c > run->last)
        low = middle + 1;
      else if (c < run->first)
        high = middle;
      else
        {
          if ((c - run->first) % run->step == 0)
            c = (gunichar) ((gint32) c + run->delta);
          break;
        }
    }
  g_string_append_unichar (text, c);
}
