/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The entropy-coded bits of a JPEG scan and their Huffman codes (ITU-T T.81: stuffing B.1.1.5,
 * codes F.2.2). No input makes it read outside its bounds: behind the end, or behind a marker, it
 * gives zeros, and kalon_bits_are_exhausted() tells that some were taken.
 */

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Held by value in local variables, so that a compiler can keep the members in registers. */
typedef struct
{
  const guint8 *at, *end;
  guint64 bits;   /* the next @count, from the top; what follows is zero or the true next bits */
  guint count;    /* at most 63 */
  guint invented; /* how many of these are zeros that the file does not have */
} KalonBits;

/* At least 56 bits, one byte at a time. */
void kalon_bits_fill_carefully (KalonBits *bits);

/* At least 56 bits. */
static inline void
kalon_bits_fill (KalonBits *bits)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 next = 0;
  KalonBits copy;

  if (G_LIKELY (bits->end - bits->at >= 8))
    {
      memcpy (&next, bits->at, 8);
      /* Is no byte 0xff? Such a byte has its top bit, and carries into it. */
      if (G_LIKELY ((((next & ones * 0x7f) + ones) & next & ones * 0x80) == 0))
        {
          bits->bits |= GUINT64_FROM_BE (next) >> bits->count;
          bits->at += (63 - bits->count) >> 3;
          bits->count |= 56;
          return;
        }
    }
  /* Member by member: a whole copy would put the caller's variable into memory for good. */
  copy = (KalonBits){ bits->at, bits->end, bits->bits, bits->count, bits->invented };
  kalon_bits_fill_carefully (&copy);
  bits->at = copy.at;
  bits->bits = copy.bits;
  bits->count = copy.count;
  bits->invented = copy.invented;
}

static inline void
kalon_bits_skip (KalonBits *bits, guint n)
{
  bits->bits <<= n;
  bits->count -= n;
}

/* The signed value of a magnitude of @size bits, at most 15 (T.81 F.2.2.1, EXTEND): those with a
   leading 0 are negative. */
static inline gint32
kalon_bits_take_value (KalonBits *bits, guint size)
{
  const gint32 value = bits->bits >> 1 >> (63 - size);
  const gint32 negative = (gint32) (bits->bits >> 63) - 1;

  kalon_bits_skip (bits, size);
  return value + (negative & (1 - (1 << size)));
}

static inline gboolean
kalon_bits_are_exhausted (const KalonBits *bits)
{
  return bits->invented > bits->count;
}

/* Whether the data is used up and @marker follows; if so, goes behind it. */
gboolean kalon_bits_take_marker (KalonBits *bits, guint8 marker);

#define KALON_CODE_BITS 9

typedef struct
{
  guint8 symbols[256];
  gint32 last[17];                    /* the largest code of a length, -1 when there is none */
  gint32 shift[17];                   /* code + shift = index of its symbol */
  guint16 fast[1 << KALON_CODE_BITS]; /* length << 8 | symbol; 0 for a longer code */
} KalonCodes;

/* @lengths: [17], how many codes of 1 to 16 bits; @symbols: [256], in the order of the codes.
   %FALSE when there are no such codes. */
gboolean kalon_codes_init (KalonCodes *codes, const guint8 *lengths, const guint8 *symbols);

guint kalon_codes_find_long (const KalonCodes *codes, guint64 bits);

/* The symbol that the top of @bits begins with, as length << 8 | symbol; 0 for no code. */
static inline guint
kalon_codes_find (const KalonCodes *codes, guint64 bits)
{
  const guint found = codes->fast[bits >> (64 - KALON_CODE_BITS)];

  return G_LIKELY (found != 0) ? found : kalon_codes_find_long (codes, bits);
}

G_END_DECLS
