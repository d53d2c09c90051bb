/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__ ((target ("sse4.2"))) static guint32
crc_sse42 (guint32 crc, const guint8 *data, gsize size)
{
  guint64 state = crc;

  for (; size >= 8; data += 8, size -= 8)
    {
      guint64 word;
      memcpy (&word, data, 8);
      state = _mm_crc32_u64 (state, word);
    }
  for (; size > 0; data++, size--)
    state = _mm_crc32_u8 ((guint32) state, *data);
  return (guint32) state;
}
#endif

/* The reflected polynomial 0x1EDC6F41 (RFC 3720, appendix B.4), a nibble at a time. */
guint32
kalon_index_crc_portable (guint32 crc, const void *bytes, gsize size)
{
  const guint8 *data = bytes;
  static const guint32 table[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
  };

  crc = ~crc;
  for (; size > 0; data++, size--)
    {
      crc = table[(crc ^ *data) & 15] ^ (crc >> 4);
      crc = table[(crc ^ (*data >> 4)) & 15] ^ (crc >> 4);
    }
  return ~crc;
}

guint32
kalon_index_crc (guint32 crc, const void *data, gsize size)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("sse4.2"))
    return ~crc_sse42 (~crc, data, size);
#endif
  return kalon_index_crc_portable (crc, data, size);
}
