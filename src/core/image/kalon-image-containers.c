/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What loaders do not tell: whether a file is whole, and how large its picture will be. */
#include "image/kalon-image-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

static guint32
read_be32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* The bytes up to the end of the first frame; a GIF of hundreds would be held in memory whole.
   (GIF89a: blocks 18 to 26; sub-blocks end with an empty one.) */
static gsize
measure_gif_frame (const guint8 *data, gsize size)
{
  gsize at = 13;

  if (size < at)
    return size;
  if (data[10] & 0x80)
    at += 3u << ((data[10] & 7) + 1);
  while (at < size && data[at] != 0x3b)
    {
      const gboolean image = data[at] == 0x2c;

      if (!image)
        at += 2;
      else if (size - at < 11)
        return size;
      else
        at += 11 + (data[at + 9] & 0x80 ? 3u << ((data[at + 9] & 7) + 1) : 0);
      while (at < size && data[at] != 0)
        at += data[at] + 1;
      at++;
      if (image)
        return MIN (at, size);
    }
  return size;
}

/* Whether the last chunk is there (PNG 1.2, 3.2: length, type, data, CRC). */
static gboolean
is_whole_png (const guint8 *data, gsize size)
{
  for (gsize at = 8; at + 12 <= size;)
    {
      const gsize length = read_be32 (data + at);

      if (memcmp (data + at + 4, "IEND", 4) == 0)
        return TRUE;
      if (length > size - at - 12)
        return FALSE;
      at += length + 12;
    }
  return FALSE;
}

/* Whether the file is as long as it says (RIFF: tag, little-endian length of the rest). */
static gboolean
is_whole_webp (const guint8 *data, gsize size)
{
  guint32 length = 0;

  memcpy (&length, data + 4, sizeof length);
  return GUINT32_FROM_LE (length) <= size - 8;
}

/* The length of the box at @at, cut to the file's; 0 when there is none. @cut: whether it was.
   (ISO/IEC 14496-12, 4.2: length, or 1 and eight bytes of it, or 0 for all the rest; type.) */
static gsize
measure_box (const guint8 *data, gsize size, gsize at, gboolean *cut)
{
  guint64 length = 0;

  *cut = FALSE;
  if (size - at < 16)
    return 0;
  length = read_be32 (data + at);
  if (length == 1)
    length = (guint64) read_be32 (data + at + 8) << 32 | read_be32 (data + at + 12);
  else if (length == 0)
    return size - at;
  *cut = length > size - at;
  return *cut ? size - at : length < 8 ? 0 : length;
}

/* The images' sizes are boxes "ispe" somewhere within the box "meta" (ISO/IEC 23008-12, 6.5.3); the
   loader would allocate before it tells them. */
static gboolean
check_sizes (const guint8 *box, const guint8 *end, GError **error)
{
  while ((box = memmem (box, end - box, "ispe", 4)) != NULL && end - box >= 16)
    {
      if (!kalon_check_dimensions (read_be32 (box + 8), read_be32 (box + 12), error))
        return FALSE;
      box += 16;
    }
  return TRUE;
}

/* HEIC and AVIF. What may follow the boxes that matter is left alone. */
static gboolean
check_boxes (const guint8 *data, gsize size, gboolean *whole, GError **error)
{
  gboolean cut = FALSE;
  gsize length = 0;

  for (gsize at = 0; (length = measure_box (data, size, at, &cut)) > 0; at += length)
    {
      const gboolean meta = memcmp (data + at + 4, "meta", 4) == 0;

      if (cut && (at == 0 || meta || memcmp (data + at + 4, "mdat", 4) == 0))
        *whole = FALSE;
      if (meta && !check_sizes (data + at, data + at + length, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_check_container (KalonSniffed sniffed, const guint8 *data, gsize *size, GError **error)
{
  gboolean whole = TRUE;

  switch (sniffed)
    {
    case KALON_SNIFFED_GIF:
      *size = measure_gif_frame (data, *size);
      break;
    case KALON_SNIFFED_PNG:
      whole = is_whole_png (data, *size);
      break;
    case KALON_SNIFFED_WEBP:
      whole = is_whole_webp (data, *size);
      break;
    case KALON_SNIFFED_HEIF:
    case KALON_SNIFFED_AVIF:
      if (!check_boxes (data, *size, &whole, error))
        return FALSE;
      break;
    default:
      break;
    }
  if (!whole)
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The picture is truncated: the file ends before it does. Copy it again from "
                 "where it came.");
  return whole;
}
