/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A progressive JPEG brings its coefficients in scans; those that bring other coefficients than
 * the means of luminance blocks, by far the most of the file, do nothing for a picture at 1/8.
 * (ITU-T T.81: markers B.1.1, scan header B.2.3, progressive scans G.1.1.1.)
 */
#include "image/kalon-image-jpeg-private.h"

#include <string.h>

/* Whether a block of the component gives one pixel at 1/8, as libjpeg chooses: two where stored
   chroma has half the size both ways. */
static gboolean
gives_one_pixel (j_decompress_ptr cinfo, guint id)
{
  for (int c = 0; c < cinfo->num_components; c++)
    {
      const jpeg_component_info *component = &cinfo->comp_info[c];

      if ((guint) component->component_id == id)
        return cinfo->max_h_samp_factor % (2 * component->h_samp_factor) != 0
               || cinfo->max_v_samp_factor % (2 * component->v_samp_factor) != 0;
    }
  return FALSE;
}

/* @header: that of a scan, from its length on, [length] */
static gboolean
is_needed (j_decompress_ptr cinfo, const guint8 *header, gsize length)
{
  const guint n_components = header[2];

  /* Only scans of means hold several components. */
  if (n_components != 1 || length < 8)
    return TRUE;
  return header[5] == 0 || !gives_one_pixel (cinfo, header[3]);
}

/* Where the entropy-coded data that begins at @at ends: at the next marker but a restart's. */
static gsize
find_marker (const guint8 *data, gsize size, gsize at)
{
  while (at < size)
    {
      const guint8 *found = memchr (data + at, 0xff, size - at);

      if (found == NULL || found + 1 == data + size)
        return size;
      at = found - data;
      if (found[1] != 0 && found[1] != 0xff && (found[1] < JPEG_RST0 || found[1] > JPEG_RST0 + 7))
        return at;
      at += found[1] == 0xff ? 1 : 2;
    }
  return size;
}

GByteArray *
kalon_jpeg_drop_scans (j_decompress_ptr cinfo, const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) kept = g_byte_array_new ();
  gsize at = 2;

  g_byte_array_append (kept, data, 2);
  while (size - at >= 2 && data[at] == 0xff)
    {
      const guint8 marker = data[at + 1];
      gsize length = 0, end = 0;

      if (marker == JPEG_EOI)
        {
          g_byte_array_append (kept, data + at, 2);
          return g_steal_pointer (&kept);
        }
      if (size - at < 5)
        break;
      length = data[at + 2] << 8 | data[at + 3];
      if (length < 3 || length > size - at - 2)
        break;
      end = at + 2 + length;
      if (marker == 0xda)
        end = find_marker (data, size, end);
      if (marker != 0xda || is_needed (cinfo, data + at + 2, length))
        g_byte_array_append (kept, data + at, end - at);
      at = end;
    }
  return NULL;
}
