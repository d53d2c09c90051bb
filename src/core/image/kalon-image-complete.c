/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that end before their container says they do: gdk-pixbuf's PNG, WebP and BMP loaders give a
   half-grey picture for them without a word. */
#include "image/kalon-image-private.h"

#include <string.h>

static guint32
read_be32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

static guint32
read_le32 (const guint8 *data)
{
  return (guint32) data[3] << 24 | data[2] << 16 | data[1] << 8 | data[0];
}

/* PNG (W3C), 5.3: chunks of length, type, data, CRC; IEND is the last. */
static gboolean
is_complete_png (const guint8 *data, gsize size)
{
  for (gsize at = 8; size - at >= 12; at += 12 + (gsize) read_be32 (data + at))
    {
      if (read_be32 (data + at) > size - at - 12)
        return FALSE;
      if (memcmp (data + at + 4, "IEND", 4) == 0)
        return TRUE;
    }
  return FALSE;
}

/* ISO/IEC 14496-12, 4.2: boxes of size and type; what may follow them is left alone. */
static gboolean
is_complete_bmff (const guint8 *data, gsize size)
{
  gsize at = 0;

  while (size - at >= 16)
    {
      guint64 box = read_be32 (data + at);

      if (box == 1)
        box = (guint64) read_be32 (data + at + 8) << 32 | read_be32 (data + at + 12);
      if (box < 8)
        break;
      if (box > size - at)
        return memcmp (data + at + 4, "mdat", 4) != 0 && memcmp (data + at + 4, "meta", 4) != 0;
      at += box;
    }
  return TRUE;
}

/* BITMAPINFOHEADER, uncompressed: rows padded to four bytes, from the offset in the file header. */
static gboolean
is_complete_bmp (const guint8 *data, gsize size)
{
  guint64 width, height, depth, stride;

  if (size < 54 || read_le32 (data + 14) < 40 || read_le32 (data + 30) != 0)
    return TRUE;
  width = read_le32 (data + 18);
  height = ABS ((gint64) (gint32) read_le32 (data + 22));
  depth = data[28];
  stride = (width * depth + 31) / 32 * 4;
  return read_le32 (data + 10) + stride * height <= size;
}

gboolean
kalon_image_is_complete (KalonSniffed sniffed, const guint8 *data, gsize size)
{
  switch (sniffed)
    {
    case KALON_SNIFFED_PNG:
      return is_complete_png (data, size);

    case KALON_SNIFFED_WEBP: /* RIFF: the size of all that follows it */
      return read_le32 (data + 4) <= size - 8;

    case KALON_SNIFFED_HEIF:
    case KALON_SNIFFED_AVIF:
      return is_complete_bmff (data, size);

    case KALON_SNIFFED_OTHER:
      return size < 2 || memcmp (data, "BM", 2) != 0 || is_complete_bmp (data, size);

    default:
      return TRUE;
    }
}
