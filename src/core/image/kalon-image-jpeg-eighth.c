/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * At 1/8 a luminance block gives one pixel, its mean: of the block's 63 other coefficients only
 * the length is wanted. A table steps over several of them at once, where libjpeg decodes each.
 * (ITU-T T.81: Huffman codes F.2.2, restarts E.2.4, bit stuffing B.1.1.5.)
 */
#include "image/kalon-image-jpeg-private.h"

#include <string.h>

/* Bits looked at by one step: 8 KiB of table, which stays in the first-level cache. */
#define STEP_BITS 12
#define CODE_BITS 9

/* ------------------------------------------------------------------ bits */

typedef struct
{
  const guint8 *at, *end;
  guint64 bits; /* the next @count, from the top; what follows is zero or the true next bits */
  guint count;
  guint invented; /* of these, zeros behind the end or a marker */
} Bits;

/* At least 56 bits, one byte at a time: across stuffed zeros, up to a marker. */
G_GNUC_NO_INLINE static void
fill_carefully (Bits *bits)
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

static inline void
fill (Bits *bits)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 next = 0;
  Bits copy;

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
  /* Only a copy has its address taken, so that @bits itself can live in registers. */
  copy = *bits;
  fill_carefully (&copy);
  *bits = copy;
}

static inline void
skip (Bits *bits, guint n)
{
  bits->bits <<= n;
  bits->count -= n;
}

/* The signed value of a magnitude of @size bits (T.81 F.2.2.1, EXTEND): those with a leading 0
   are negative. Without branches, which nobody could predict. */
static inline gint32
take_value (Bits *bits, guint size)
{
  const gint32 value = bits->bits >> 1 >> (63 - size);
  const gint32 negative = (gint32) (bits->bits >> 63) - 1;

  skip (bits, size);
  return value + (negative & (1 - (1 << size)));
}

/* Whether bits were taken that are not in the file. */
static inline gboolean
is_exhausted (const Bits *bits)
{
  return bits->invented > bits->count;
}

/* ------------------------------------------------------------------ codes */

typedef struct
{
  guint8 symbols[256];
  gint32 last[17];              /* the largest code of a length, -1 when there is none */
  gint32 shift[17];             /* code + shift = index of its symbol */
  guint16 fast[1 << CODE_BITS]; /* length << 8 | symbol; 0 for a longer code */
} Codes;

/* As in a JHUFF_TBL: bits[1..16] codes of each length, symbols in the order of the codes. */
static gboolean
codes_init (Codes *codes, const JHUFF_TBL *table)
{
  gint32 code = 0, n = 0;

  memset (codes, 0, sizeof *codes);
  if (table == NULL)
    return FALSE;
  memcpy (codes->symbols, table->huffval, sizeof codes->symbols);
  for (guint length = 1; length <= 16; length++, code <<= 1)
    {
      const gint32 count = table->bits[length];

      codes->shift[length] = n - code;
      codes->last[length] = count > 0 ? code + count - 1 : -1;
      if (n + count > 256 || code + count > 1 << length)
        return FALSE;
      for (gint32 i = 0; i < count; i++, code++, n++)
        if (length <= CODE_BITS)
          for (guint rest = 0; rest < 1u << (CODE_BITS - length); rest++)
            codes->fast[(guint) code << (CODE_BITS - length) | rest]
                = length << 8 | table->huffval[n];
    }
  return n > 0;
}

/* The symbol that the top of @bits begins with, as length << 8 | symbol; 0 for no code. */
static inline guint
find_code (const Codes *codes, guint64 bits)
{
  const guint found = codes->fast[bits >> (64 - CODE_BITS)];

  if (G_LIKELY (found != 0))
    return found;
  for (guint length = CODE_BITS + 1; length <= 16; length++)
    {
      const gint32 code = bits >> (64 - length);

      if (code <= codes->last[length])
        return length << 8 | codes->symbols[codes->shift[length] + code];
    }
  return 0;
}

/* ------------------------------------------------------------------ steps */

/* What some whole symbols of a block's coefficients amount to: their bits in all, and how many
   coefficients they stand for, END more with the end-of-block code. A step whose first code is
   longer than its window has no bits, and goes beyond any block. */
typedef guint16 Step;
#define STEP(length, advance) ((length) | (advance) << 5)
#define STEP_LENGTH(step) ((step) &31)
#define STEP_ADVANCE(step) ((step) >> 5)
#define END 64

static void
steps_init (Step *steps, const Codes *codes)
{
  for (guint window = 0; window < 1 << STEP_BITS; window++)
    {
      guint length = 0, advance = 0;

      while (length < STEP_BITS && advance < END)
        {
          const guint found = find_code (codes, (guint64) window << (64 - STEP_BITS + length));
          const guint run = found >> 4 & 15, size = found & 15;
          const gboolean end = size == 0 && run < 15;

          /* The magnitude may reach beyond the window, the code may not. */
          if (found == 0 || length + (found >> 8) > STEP_BITS || (!end && advance + run + 1 >= END))
            break;
          length += (found >> 8) + size;
          advance += end ? END : run + 1;
        }
      steps[window] = STEP (length, length == 0 ? 2 * END - 1 : advance);
    }
}

/* One symbol; FALSE when it is none. */
static gboolean
skip_symbol (Bits *bits, const Codes *codes, guint *k)
{
  const guint found = find_code (codes, bits->bits);
  const guint run = found >> 4 & 15, size = found & 15;
  const gboolean end = size == 0 && run < 15;

  if (found == 0 || (!end && *k + run + 1 > 64))
    return FALSE;
  skip (bits, (found >> 8) + size);
  *k += end ? END : run + 1;
  return TRUE;
}

/* Over the coefficients 1 to 63 of a block. */
static inline gboolean
skip_coefficients (Bits *bits, const Codes *codes, const Step *steps)
{
  guint k = 1;

  do
    {
      guint64 before = 0;
      Step step = 0;

      /* Enough for two steps of at most 12 + 15 bits. */
      fill (bits);
      for (guint i = 0; i < 2 && k < 64; i++)
        {
          before = bits->bits;
          step = steps[before >> (64 - STEP_BITS)];
          skip (bits, STEP_LENGTH (step));
          k += STEP_ADVANCE (step);
        }
      /* Is the block over, and not somewhere within the step, which then has looked behind it? */
      if (k > 64 && !(STEP_ADVANCE (step) >= END && k < 2 * END))
        {
          bits->bits = before;
          bits->count += STEP_LENGTH (step);
          k -= STEP_ADVANCE (step);
          fill (bits);
          if (!skip_symbol (bits, codes, &k))
            return FALSE;
        }
    }
  while (k < 64);
  return TRUE;
}

/* ------------------------------------------------------------------ pixels */

static inline guint8
to_sample (gint32 value)
{
  return CLAMP (value + 128, 0, 255);
}

static inline guint8
mean_sample (gint32 mean)
{
  return to_sample ((mean + 4) >> 3);
}

/* Where stored chroma has half the picture's size, its block gives 2 x 2 pixels. This is libjpeg's
   reduced inverse DCT (jidctred.c, in 13-bit fixed point): at two samples a side all even
   frequencies but the mean cancel. It runs down the columns, then along the two rows left. */
static const gint32 odd_weights[8] = { 0, 29692, 0, -10426, 0, 6967, 0, -5906 };

/* Sums down the columns as the coefficients come; unsigned, since a damaged file overflows. */
typedef struct
{
  guint32 even[8], odd[8];
} Columns;

static void
columns_reduce (const Columns *columns, guint8 *out, gsize stride)
{
  guint32 even[2] = { 0 }, odd[2] = { 0 };

  for (guint x = 0; x < 8; x = x == 0 ? 1 : x + 2)
    {
      const gint32 rows[2] = { (gint32) (columns->even[x] + columns->odd[x] + (1 << 12)) >> 13,
                               (gint32) (columns->even[x] - columns->odd[x] + (1 << 12)) >> 13 };

      for (guint y = 0; y < 2; y++)
        if (x == 0)
          even[y] = (guint32) rows[y] << 15;
        else
          odd[y] += (guint32) rows[y] * odd_weights[x];
    }
  for (guint y = 0; y < 2; y++, out += stride)
    {
      out[0] = to_sample ((gint32) (even[y] + odd[y] + (1 << 19)) >> 20);
      out[1] = to_sample ((gint32) (even[y] - odd[y] + (1 << 19)) >> 20);
    }
}

/* Reads the coefficients 1 to 63; @mean is the one before them, @quantisation in natural order. */
static inline gboolean
read_block (Bits *bits, const Codes *codes, const UINT16 *quantisation, gint32 mean, guint8 *out,
            gsize stride)
{
  static const guint8 natural[64] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
  };
  Columns columns;
  gboolean flat = TRUE;

  for (guint k = 1; k < 64; k++)
    {
      guint found = 0, size = 0, at = 0;
      guint32 value = 0;

      fill (bits);
      found = find_code (codes, bits->bits);
      if (found == 0)
        return FALSE;
      skip (bits, found >> 8);
      size = found & 15;
      k += found >> 4 & 15;
      if (size == 0 && (found & 0xf0) != 0xf0)
        break;
      if (size == 0)
        continue;
      if (k > 63)
        return FALSE;
      if (flat)
        columns = (Columns){ 0 };
      flat = FALSE;
      at = natural[k];
      value = (guint32) take_value (bits, size) * quantisation[at];
      if (at < 8)
        columns.even[at] += value << 15;
      else
        columns.odd[at % 8] += value * odd_weights[at / 8];
    }
  if (flat)
    {
      out[0] = out[1] = out[stride] = out[stride + 1] = mean_sample (mean);
      return TRUE;
    }
  columns.even[0] += (guint32) mean << 15;
  columns_reduce (&columns, out, stride);
  return TRUE;
}

/* ------------------------------------------------------------------ scan */

/* One of the picture's planes; it covers whole MCUs. */
typedef struct
{
  guint across, down; /* blocks in an MCU */
  guint side;         /* pixels that a block gives: 1, or 2 where chroma is stored at half size */
  guint repeat_x, repeat_y; /* of each pixel in the picture */
  gsize stride;
  guint8 *pixels;
  gint16 mean; /* of the block before: what the next is coded against */
  Codes dc, ac;
  Step *steps; /* [1 << STEP_BITS], for side 1 */
  const UINT16 *quantisation;
} Plane;

typedef struct
{
  Plane planes[3];
  guint n_planes;
  guint mcus_across, mcus_down;
} Scan;

static void
scan_clear (Scan *scan)
{
  for (guint c = 0; c < scan->n_planes; c++)
    {
      g_free (scan->planes[c].pixels);
      g_free (scan->planes[c].steps);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

/* What the file names may not be there: libjpeg looks only when it starts to decode. */
static gboolean
find_tables (Plane *plane, j_decompress_ptr cinfo, const jpeg_component_info *component)
{
  const guint dc = component->dc_tbl_no, ac = component->ac_tbl_no, q = component->quant_tbl_no;

  if (dc >= NUM_HUFF_TBLS || ac >= NUM_HUFF_TBLS || q >= NUM_QUANT_TBLS
      || cinfo->quant_tbl_ptrs[q] == NULL)
    return FALSE;
  plane->quantisation = cinfo->quant_tbl_ptrs[q]->quantval;
  return codes_init (&plane->dc, cinfo->dc_huff_tbl_ptrs[dc])
         && codes_init (&plane->ac, cinfo->ac_huff_tbl_ptrs[ac]);
}

static gboolean
plane_init (Plane *plane, j_decompress_ptr cinfo, const jpeg_component_info *component,
            const Scan *scan)
{
  /* A plane alone in its scan comes block by block, whatever its factors say (T.81 A.2.2). */
  const guint alone = cinfo->num_components == 1;
  const guint across = alone ? 1 : cinfo->max_h_samp_factor / component->h_samp_factor;
  const guint down = alone ? 1 : cinfo->max_v_samp_factor / component->v_samp_factor;

  if (cinfo->max_h_samp_factor % component->h_samp_factor != 0
      || cinfo->max_v_samp_factor % component->v_samp_factor != 0)
    return FALSE;
  /* libjpeg takes more pixels from a block instead of repeating them, where both sides allow. */
  plane->side = across % 2 == 0 && down % 2 == 0 ? 2 : 1;
  if ((across % 4 == 0 && down % 4 == 0) || !find_tables (plane, cinfo, component))
    return FALSE;
  plane->across = alone ? 1 : component->h_samp_factor;
  plane->down = alone ? 1 : component->v_samp_factor;
  plane->repeat_x = across / plane->side;
  plane->repeat_y = down / plane->side;
  if (plane->side == 1)
    {
      plane->steps = g_new (Step, 1 << STEP_BITS);
      steps_init (plane->steps, &plane->ac);
    }
  plane->stride = (gsize) scan->mcus_across * plane->across * plane->side;
  plane->pixels = g_malloc (plane->stride * scan->mcus_down * plane->down * plane->side);
  return TRUE;
}

static gboolean
scan_init (Scan *scan, j_decompress_ptr cinfo)
{
  const gboolean alone = cinfo->num_components == 1;
  const guint mcu_width = (alone ? 1 : cinfo->max_h_samp_factor) * 8;
  const guint mcu_height = (alone ? 1 : cinfo->max_v_samp_factor) * 8;

  if (cinfo->progressive_mode || cinfo->arith_code || cinfo->data_precision != 8
      || cinfo->comps_in_scan != cinfo->num_components || cinfo->Ss != 0 || cinfo->Se != 63
      || cinfo->Ah != 0 || cinfo->Al != 0)
    return FALSE;
  if (!(cinfo->jpeg_color_space == JCS_YCbCr && cinfo->num_components == 3)
      && !(cinfo->jpeg_color_space == JCS_GRAYSCALE && cinfo->num_components == 1))
    return FALSE;
  scan->mcus_across = (cinfo->image_width + mcu_width - 1) / mcu_width;
  scan->mcus_down = (cinfo->image_height + mcu_height - 1) / mcu_height;
  for (scan->n_planes = 0; scan->n_planes < (guint) cinfo->num_components;)
    {
      const guint c = scan->n_planes++;

      if (cinfo->cur_comp_info[c] != &cinfo->comp_info[c]
          || !plane_init (&scan->planes[c], cinfo, &cinfo->comp_info[c], scan))
        return FALSE;
    }
  return TRUE;
}

/* The blocks of one plane in the MCU at (@mcu_x, @mcu_y). */
static inline gboolean
read_blocks (Plane *plane, Bits *bits, guint mcu_x, guint mcu_y)
{
  for (guint y = 0; y < plane->down; y++)
    for (guint x = 0; x < plane->across; x++)
      {
        guint8 *out = plane->pixels
                      + ((gsize) mcu_y * plane->down + y) * plane->side * plane->stride
                      + (mcu_x * plane->across + x) * plane->side;
        guint found = 0;
        gint32 mean = 0;

        fill (bits);
        found = find_code (&plane->dc, bits->bits);
        if (found == 0 || (found & 0xff) > 11)
          return FALSE;
        skip (bits, found >> 8);
        plane->mean += take_value (bits, found & 0xff);
        mean = plane->mean * plane->quantisation[0];
        if (plane->side == 2)
          {
            if (!read_block (bits, &plane->ac, plane->quantisation, mean, out, plane->stride))
              return FALSE;
            continue;
          }
        *out = mean_sample (mean);
        if (!skip_coefficients (bits, &plane->ac, plane->steps))
          return FALSE;
      }
  return TRUE;
}

/* Whether the scan's data is used up and @marker follows; if so, goes behind it. */
static gboolean
take_marker (Bits *bits, guint8 marker)
{
  if (is_exhausted (bits) || bits->count - bits->invented >= 8)
    return FALSE;
  if (bits->end - bits->at < 2 || bits->at[0] != 0xff || bits->at[1] != marker)
    return FALSE;
  *bits = (Bits){ .at = bits->at + 2, .end = bits->end };
  return TRUE;
}

static gboolean
read_scan (Scan *scan, Bits start, guint restart_interval, GCancellable *cancellable)
{
  Bits bits = start;
  guint restarts = 0, until_restart = restart_interval;

  for (guint y = 0; y < scan->mcus_down; y++)
    {
      if (is_exhausted (&bits) || g_cancellable_is_cancelled (cancellable))
        return FALSE;
      for (guint x = 0; x < scan->mcus_across; x++)
        {
          if (restart_interval > 0 && until_restart == 0)
            {
              if (!take_marker (&bits, JPEG_RST0 + restarts % 8))
                return FALSE;
              restarts++;
              until_restart = restart_interval;
              for (guint c = 0; c < scan->n_planes; c++)
                scan->planes[c].mean = 0;
            }
          for (guint c = 0; c < scan->n_planes; c++)
            if (!read_blocks (&scan->planes[c], &bits, x, y))
              return FALSE;
          until_restart--;
        }
    }
  return take_marker (&bits, JPEG_EOI);
}

/* As libjpeg converts, in 16-bit fixed point (jdcolor.c; ITU-T T.871). */
static void
to_rgb (guint8 y, gint32 cb, gint32 cr, guint8 *rgb)
{
  const gint32 half = 1 << 15;
  const gint32 r = y + ((91881 * cr + half) >> 16);
  const gint32 g = y + ((-22554 * cb - 46802 * cr + half) >> 16);
  const gint32 b = y + ((116130 * cb + half) >> 16);

  rgb[0] = CLAMP (r, 0, 255);
  rgb[1] = CLAMP (g, 0, 255);
  rgb[2] = CLAMP (b, 0, 255);
}

static inline const guint8 *
find_row (const Plane *plane, guint y)
{
  return plane->pixels + y / plane->repeat_y * plane->stride;
}

static KalonImage *
scan_to_image (const Scan *scan, guint width, guint height)
{
  KalonImage *image = kalon_image_new (width, height);
  guint8 *rgb = image->pixels;

  for (guint y = 0; y < height; y++)
    {
      const guint8 *rows[3] = { 0 };

      for (guint c = 0; c < scan->n_planes; c++)
        rows[c] = find_row (&scan->planes[c], y);
      for (guint x = 0; x < width; x++, rgb += 3)
        if (scan->n_planes == 1)
          rgb[0] = rgb[1] = rgb[2] = rows[0][x];
        else
          to_rgb (rows[0][x / scan->planes[0].repeat_x],
                  rows[1][x / scan->planes[1].repeat_x] - 128,
                  rows[2][x / scan->planes[2].repeat_x] - 128, rgb);
    }
  return image;
}

KalonImage *
kalon_jpeg_decode_eighth (j_decompress_ptr cinfo, const guint8 *data, gsize size,
                          GCancellable *cancellable)
{
  g_auto (Scan) scan = { 0 };
  Bits bits = { .at = data, .end = data + size };

  if (!scan_init (&scan, cinfo) || !read_scan (&scan, bits, cinfo->restart_interval, cancellable))
    return NULL;
  return scan_to_image (&scan, (cinfo->image_width + 7) / 8, (cinfo->image_height + 7) / 8);
}
