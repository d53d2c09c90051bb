/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image-bits-private.h"

/* Across stuffed zeros, up to a marker. */
void
kalon_bits_fill_carefully (KalonBits *bits)
{
  while (bits->count < 56)
    {
      guint8 byte = 0;

      if (bits->at == bits->end)
        bits->invented += 8;
      else if (*bits->at != 0xff)
        byte = *bits->at++;
      else if (bits->end - bits->at >= 2 && bits->at[1] == 0)
        {
          byte = 0xff;
          bits->at += 2;
        }
      else
        bits->invented += 8;
      bits->bits |= (guint64) byte << (56 - bits->count);
      bits->count += 8;
    }
}

gboolean
kalon_bits_take_marker (KalonBits *bits, guint8 marker)
{
  /* Less than a byte may be left: the last one is padded with ones. */
  if (kalon_bits_are_exhausted (bits) || bits->count - bits->invented >= 8)
    return FALSE;
  if (bits->end - bits->at < 2 || bits->at[0] != 0xff || bits->at[1] != marker)
    return FALSE;
  *bits = (KalonBits){ .at = bits->at + 2, .end = bits->end };
  return TRUE;
}

gboolean
kalon_codes_init (KalonCodes *codes, const guint8 *lengths, const guint8 *symbols)
{
  gint32 code = 0, n = 0;

  memset (codes, 0, sizeof *codes);
  memcpy (codes->symbols, symbols, sizeof codes->symbols);
  for (guint length = 1; length <= 16; length++, code <<= 1)
    {
      const gint32 count = lengths[length];

      if (n + count > 256 || code + count > 1 << length)
        return FALSE;
      codes->shift[length] = n - code;
      codes->last[length] = count > 0 ? code + count - 1 : -1;
      for (gint32 i = 0; i < count; i++, code++, n++)
        for (guint rest = 0; length <= KALON_CODE_BITS && rest < 1u << (KALON_CODE_BITS - length);
             rest++)
          codes->fast[(guint) code << (KALON_CODE_BITS - length) | rest] = length << 8 | symbols[n];
    }
  return n > 0;
}

guint
kalon_codes_find_long (const KalonCodes *codes, guint64 bits)
{
  for (guint length = KALON_CODE_BITS + 1; length <= 16; length++)
    {
      const gint32 code = bits >> (64 - length);

      if (code <= codes->last[length])
        return length << 8 | codes->symbols[codes->shift[length] + code];
    }
  return 0;
}
