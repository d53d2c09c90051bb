/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * At 1/8 a luminance block gives one pixel, its mean: of the block's 63 other coefficients only
 * the length is wanted. A table steps over several of them at once, where libjpeg decodes each.
 */
#include "image/kalon-image-jpeg-private.h"

#include <string.h>

#include "image/kalon-image-bits-private.h"
#include "image/kalon-image-private.h"

/* Bits looked at by one look-up. All tables together must stay in the first-level cache:
   8 KiB of steps and 4 KiB for each of the values' tables. */
#define STEP_BITS 12
#define VALUE_BITS 10

/* Counts as that many coefficients: the end-of-block code. */
#define END 64

/* What some whole symbols of a block's coefficients amount to: their bits in all, and how many
   coefficients they stand for. A step whose first code is longer than its window has no bits, and
   goes beyond any block. */
typedef guint16 Step;
#define STEP(length, advance) ((length) | (advance) << 5)
#define STEP_LENGTH(step) ((step) &31)
#define STEP_ADVANCE(step) ((step) >> 5)

/* One symbol with its magnitude: bits, coefficients, value. 0 when they do not fit the window. */
typedef guint32 Value;
#define VALUE(length, advance, value) ((length) | (advance) << 5 | (guint32) (value) << 16)
#define VALUE_LENGTH(entry) ((entry) &31)
#define VALUE_ADVANCE(entry) ((entry) >> 5 & 127)
#define VALUE_VALUE(entry) ((gint32) (entry) >> 16)

/* A code of the file with what is looked up in it. */
typedef struct
{
  KalonCodes codes;
  Value values[1 << VALUE_BITS];
  gboolean has_steps;
  Step steps[1 << STEP_BITS];
} Table;

typedef struct
{
  guint across, down;       /* blocks in an MCU */
  guint side;               /* pixels that a block gives: 1, or 2 where chroma has half the size */
  guint repeat_x, repeat_y; /* of each pixel in the picture */
  gsize stride;
  guint8 *pixels; /* whole MCUs */
  gint16 mean;    /* of the block before: what the next is coded against */
  const Table *means, *coefficients;
  const UINT16 *quantisation; /* [64], natural order */
  gint32 weights[64];         /* of coefficient k in its column's sum, see Columns */
  guint8 columns[64];         /* which sum that is */
} Plane;

typedef struct
{
  Plane planes[3];
  guint n_planes;
  guint mcus_across, mcus_down;
  Table *mean_tables[NUM_HUFF_TBLS], *coefficient_tables[NUM_HUFF_TBLS];
} Scan;

/* ------------------------------------------------------------------ look-ups */

/* How many coefficients the symbol run << 4 | size stands for (T.81 F.1.2.2). */
static inline guint
count_coefficients (guint symbol)
{
  const guint run = symbol >> 4 & 15, size = symbol & 15;

  return size == 0 && run < 15 ? END : run + 1;
}

static void
table_fill_steps (Table *table)
{
  for (guint window = 0; window < 1 << STEP_BITS; window++)
    {
      guint length = 0, advance = 0;

      while (length < STEP_BITS && advance < END)
        {
          const guint found
              = kalon_codes_find (&table->codes, (guint64) window << (64 - STEP_BITS + length));
          const guint n = count_coefficients (found);

          /* The magnitude may reach beyond the window, the code may not. */
          if (found == 0 || length + (found >> 8) > STEP_BITS || (n < END && advance + n >= END))
            break;
          length += (found >> 8) + (found & 15);
          advance += n;
        }
      table->steps[window] = STEP (length, length == 0 ? 2 * END - 1 : advance);
    }
}

static void
table_fill_values (Table *table)
{
  for (guint window = 0; window < 1 << VALUE_BITS; window++)
    {
      KalonBits bits = { .bits = (guint64) window << (64 - VALUE_BITS), .count = 63 };
      const guint found = kalon_codes_find (&table->codes, bits.bits);
      const guint size = found & 15, length = (found >> 8) + size;

      table->values[window] = 0;
      if (found == 0 || length > VALUE_BITS)
        continue;
      kalon_bits_skip (&bits, found >> 8);
      table->values[window]
          = VALUE (length, count_coefficients (found & 0xff), kalon_bits_take_value (&bits, size));
    }
}

/* The value of one symbol; @advance: how many coefficients, 0 for no code. */
static inline gint32
take_value (KalonBits *bits, const Table *table, guint *advance)
{
  const Value entry = table->values[bits->bits >> (64 - VALUE_BITS)];
  guint found = 0;

  if (G_LIKELY (entry != 0))
    {
      kalon_bits_skip (bits, VALUE_LENGTH (entry));
      *advance = VALUE_ADVANCE (entry);
      return VALUE_VALUE (entry);
    }
  found = kalon_codes_find (&table->codes, bits->bits);
  kalon_bits_skip (bits, found >> 8);
  *advance = found != 0 ? count_coefficients (found & 0xff) : 0;
  return kalon_bits_take_value (bits, found & 15);
}

static inline Step
take_step (KalonBits *bits, const Table *table, guint *k)
{
  const Step step = table->steps[bits->bits >> (64 - STEP_BITS)];

  kalon_bits_skip (bits, STEP_LENGTH (step));
  *k += STEP_ADVANCE (step);
  return step;
}

/* Over the coefficients 1 to 63 of a block; FALSE where there is no code. */
static inline gboolean
skip_coefficients (KalonBits *bits, const Table *table)
{
  guint k = 1;

  do
    {
      guint64 before = 0;
      Step step = 0;

      /* Enough for two steps of at most 12 + 15 bits. */
      kalon_bits_fill (bits);
      before = bits->bits;
      step = take_step (bits, table, &k);
      if (k < 64)
        {
          before = bits->bits;
          step = take_step (bits, table, &k);
        }
      /* Does the block end within the step, which then has looked behind it? One symbol, then. */
      if (k > 64 && !(STEP_ADVANCE (step) >= END && k < 2 * END))
        {
          guint advance = 0;

          bits->bits = before;
          bits->count += STEP_LENGTH (step);
          k -= STEP_ADVANCE (step);
          kalon_bits_fill (bits);
          take_value (bits, table, &advance);
          k += advance;
          if (advance == 0 || (k > 64 && advance < END))
            return FALSE;
        }
    }
  while (k < 64);
  return TRUE;
}

/* ------------------------------------------------------------------ blocks */

static inline guint8
to_sample (gint32 value)
{
  return CLAMP (value + 128, 0, 255);
}

static inline guint8
mean_to_sample (gint32 mean)
{
  return to_sample ((mean + 4) >> 3);
}

/* Where stored chroma has half the picture's size, its block gives 2 x 2 pixels. This is libjpeg's
   reduced inverse DCT (jidctred.c, in 13-bit fixed point): at two samples a side all even
   frequencies but the mean cancel. It runs down the columns, then along the two rows left. */
static const gint32 odd_weights[8] = { 0, 29692, 0, -10426, 0, 6967, 0, -5906 };

/* Sums down the columns as the coefficients come: the eight of row 0, then of the odd rows.
   Unsigned, since a damaged file overflows them. */
typedef guint32 Columns[16];

static const guint8 natural_order[64] = {
  0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
  41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
  30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

static void
plane_fill_weights (Plane *plane)
{
  for (guint k = 0; k < 64; k++)
    {
      const guint at = natural_order[k];

      plane->columns[k] = at < 8 ? at : 8 + at % 8;
      plane->weights[k] = plane->quantisation[at] * (at < 8 ? 1 << 15 : odd_weights[at / 8]);
    }
}

static inline void
columns_reduce (const guint32 *columns, guint8 *out, gsize stride)
{
  guint32 even[2] = { 0 }, odd[2] = { 0 };

  for (guint x = 0; x < 8; x = x == 0 ? 1 : x + 2)
    {
      const gint32 rows[2] = { (gint32) (columns[x] + columns[8 + x] + (1 << 12)) >> 13,
                               (gint32) (columns[x] - columns[8 + x] + (1 << 12)) >> 13 };

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

/* The mean, times its quantisation; it is coded as the difference to the block's before. */
static inline gboolean
read_mean (Plane *plane, KalonBits *bits, gint32 *mean)
{
  guint advance = 0;

  kalon_bits_fill (bits);
  plane->mean += take_value (bits, plane->means, &advance);
  *mean = plane->mean * plane->quantisation[0];
  return advance != 0;
}

static inline gboolean
read_coefficients (KalonBits *bits, const Plane *plane, gint32 mean, guint8 *out)
{
  Columns columns = { 0 };
  guint k = 0, advance = 0, n = 0;

  for (;; n++)
    {
      guint32 value = 0;

      kalon_bits_fill (bits);
      value = take_value (bits, plane->coefficients, &advance);
      k += advance;
      if (k > 63 || advance == 0)
        break;
      columns[plane->columns[k]] += value * plane->weights[k];
      if (k == 63)
        {
          advance = END;
          break;
        }
    }
  if (n == 0 && advance >= END)
    out[0] = out[1] = out[plane->stride] = out[plane->stride + 1] = mean_to_sample (mean);
  else
    {
      columns[0] += (guint32) mean << 15;
      columns_reduce (columns, out, plane->stride);
    }
  return advance >= END;
}

/* The blocks of one plane in one MCU; @out: where the first pixel goes. Two functions, not inlined,
   with the bits in a local copy: so a compiler finds registers for all that matters. */
G_GNUC_NO_INLINE static gboolean
read_single_pixels (Plane *plane, KalonBits *state, guint8 *out)
{
  KalonBits bits = *state;

  for (guint y = 0; y < plane->down; y++, out += plane->stride)
    for (guint x = 0; x < plane->across; x++)
      {
        gint32 mean = 0;

        if (!read_mean (plane, &bits, &mean) || !skip_coefficients (&bits, plane->coefficients))
          return FALSE;
        out[x] = mean_to_sample (mean);
      }
  *state = bits;
  return TRUE;
}

G_GNUC_NO_INLINE static gboolean
read_double_pixels (Plane *plane, KalonBits *state, guint8 *out)
{
  KalonBits bits = *state;

  for (guint y = 0; y < plane->down; y++, out += 2 * plane->stride)
    for (guint x = 0; x < plane->across; x++)
      {
        gint32 mean = 0;

        if (!read_mean (plane, &bits, &mean)
            || !read_coefficients (&bits, plane, mean, out + 2 * x))
          return FALSE;
      }
  *state = bits;
  return TRUE;
}

/* ------------------------------------------------------------------ scan */

static void
scan_clear (Scan *scan)
{
  for (guint c = 0; c < scan->n_planes; c++)
    g_free (scan->planes[c].pixels);
  for (guint i = 0; i < NUM_HUFF_TBLS; i++)
    {
      g_free (scan->mean_tables[i]);
      g_free (scan->coefficient_tables[i]);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

/* The table @number of @tables, made of @codes when it is first asked for. What a file names need
   not be there: libjpeg looks only when it starts to decode. */
static Table *
find_table (Table **tables, JHUFF_TBL **codes, guint number)
{
  if (number >= NUM_HUFF_TBLS || codes[number] == NULL)
    return NULL;
  if (tables[number] == NULL)
    {
      tables[number] = g_new0 (Table, 1);
      if (kalon_codes_init (&tables[number]->codes, codes[number]->bits, codes[number]->huffval))
        table_fill_values (tables[number]);
      else
        g_clear_pointer (&tables[number], g_free);
    }
  return tables[number];
}

static gboolean
plane_find_tables (Plane *plane, Scan *scan, j_decompress_ptr cinfo,
                   const jpeg_component_info *component)
{
  const guint number = component->quant_tbl_no;
  Table *coefficients
      = find_table (scan->coefficient_tables, cinfo->ac_huff_tbl_ptrs, component->ac_tbl_no);

  plane->means = find_table (scan->mean_tables, cinfo->dc_huff_tbl_ptrs, component->dc_tbl_no);
  plane->coefficients = coefficients;
  if (plane->means == NULL || coefficients == NULL || number >= NUM_QUANT_TBLS
      || cinfo->quant_tbl_ptrs[number] == NULL)
    return FALSE;
  plane->quantisation = cinfo->quant_tbl_ptrs[number]->quantval;
  if (plane->side == 2)
    plane_fill_weights (plane);
  else if (!coefficients->has_steps)
    {
      table_fill_steps (coefficients);
      coefficients->has_steps = TRUE;
    }
  return TRUE;
}

static gboolean
plane_init (Plane *plane, Scan *scan, j_decompress_ptr cinfo, const jpeg_component_info *component)
{
  /* A plane alone in its scan comes block by block, whatever its factors say (T.81 A.2.2). */
  const gboolean alone = cinfo->num_components == 1;
  const guint across = alone ? 1 : cinfo->max_h_samp_factor / component->h_samp_factor;
  const guint down = alone ? 1 : cinfo->max_v_samp_factor / component->v_samp_factor;

  if (cinfo->max_h_samp_factor % component->h_samp_factor != 0
      || cinfo->max_v_samp_factor % component->v_samp_factor != 0)
    return FALSE;
  /* libjpeg takes more pixels from a block instead of repeating them, where both sides allow. */
  plane->side = across % 2 == 0 && down % 2 == 0 ? 2 : 1;
  if ((across % 4 == 0 && down % 4 == 0) || !plane_find_tables (plane, scan, cinfo, component))
    return FALSE;
  plane->across = alone ? 1 : component->h_samp_factor;
  plane->down = alone ? 1 : component->v_samp_factor;
  plane->repeat_x = across / plane->side;
  plane->repeat_y = down / plane->side;
  plane->stride = (gsize) scan->mcus_across * plane->across * plane->side;
  plane->pixels = g_malloc (plane->stride * scan->mcus_down * plane->down * plane->side);
  return TRUE;
}

static gboolean
scan_init (Scan *scan, j_decompress_ptr cinfo)
{
  const gboolean grey = cinfo->jpeg_color_space == JCS_GRAYSCALE && cinfo->num_components == 1;
  const gboolean colour = cinfo->jpeg_color_space == JCS_YCbCr && cinfo->num_components == 3;
  const guint mcu_width = (grey ? 1 : cinfo->max_h_samp_factor) * 8;
  const guint mcu_height = (grey ? 1 : cinfo->max_v_samp_factor) * 8;

  if (cinfo->progressive_mode || cinfo->arith_code || cinfo->data_precision != 8
      || cinfo->comps_in_scan != cinfo->num_components || cinfo->Ss != 0 || cinfo->Se != 63
      || cinfo->Ah != 0 || cinfo->Al != 0 || !(grey || colour))
    return FALSE;
  scan->mcus_across = (cinfo->image_width + mcu_width - 1) / mcu_width;
  scan->mcus_down = (cinfo->image_height + mcu_height - 1) / mcu_height;
  while (scan->n_planes < (guint) cinfo->num_components)
    {
      const guint c = scan->n_planes++;

      if (cinfo->cur_comp_info[c] != &cinfo->comp_info[c]
          || !plane_init (&scan->planes[c], scan, cinfo, &cinfo->comp_info[c]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_mcu (Scan *scan, KalonBits *bits, guint x, guint y)
{
  for (guint c = 0; c < scan->n_planes; c++)
    {
      Plane *plane = &scan->planes[c];
      guint8 *out = plane->pixels + (gsize) y * plane->down * plane->side * plane->stride
                    + (gsize) x * plane->across * plane->side;

      if (plane->side == 1 ? !read_single_pixels (plane, bits, out)
                           : !read_double_pixels (plane, bits, out))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_scan (Scan *scan, KalonBits *bits, guint restart_interval, GCancellable *cancellable)
{
  guint restarts = 0, until_restart = restart_interval;

  for (guint y = 0; y < scan->mcus_down; y++)
    {
      if (kalon_bits_are_exhausted (bits) || g_cancellable_is_cancelled (cancellable))
        return FALSE;
      for (guint x = 0; x < scan->mcus_across; x++, until_restart--)
        {
          if (restart_interval > 0 && until_restart == 0)
            {
              if (!kalon_bits_take_marker (bits, JPEG_RST0 + restarts++ % 8))
                return FALSE;
              until_restart = restart_interval;
              for (guint c = 0; c < scan->n_planes; c++)
                scan->planes[c].mean = 0;
            }
          if (!read_mcu (scan, bits, x, y))
            return FALSE;
        }
    }
  return kalon_bits_take_marker (bits, JPEG_EOI);
}

/* ------------------------------------------------------------------ colours */

/* As libjpeg converts, in 16-bit fixed point (jdcolor.c; ITU-T T.871). */
static inline void
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

/* Row @y of the picture, @width pixels of it: in the plane itself, or repeated into @space. */
static const guint8 *
find_row (const Plane *plane, guint y, guint width, guint8 *space)
{
  const guint8 *row = plane->pixels + y / plane->repeat_y * plane->stride;

  if (plane->repeat_x == 1)
    return row;
  for (guint x = 0; x < width; x++)
    space[x] = row[x / plane->repeat_x];
  return space;
}

static KalonImage *
scan_to_image (const Scan *scan, guint width, guint height)
{
  KalonImage *image = kalon_image_new (width, height);
  g_autofree guint8 *space = g_malloc ((gsize) width * 3);
  guint8 *rgb = image->pixels;

  for (guint y = 0; y < height; y++)
    {
      const guint8 *rows[3] = { 0 };

      for (guint c = 0; c < scan->n_planes; c++)
        rows[c] = find_row (&scan->planes[c], y, width, space + (gsize) c * width);
      for (guint x = 0; x < width; x++, rgb += 3)
        if (scan->n_planes == 1)
          rgb[0] = rgb[1] = rgb[2] = rows[0][x];
        else
          to_rgb (rows[0][x], rows[1][x] - 128, rows[2][x] - 128, rgb);
    }
  return image;
}

KalonImage *
kalon_jpeg_decode_eighth (j_decompress_ptr cinfo, const guint8 *data, gsize size,
                          GCancellable *cancellable)
{
  g_auto (Scan) scan = { 0 };
  KalonBits bits = { .at = data, .end = data + size };

  if (!scan_init (&scan, cinfo) || !read_scan (&scan, &bits, cinfo->restart_interval, cancellable))
    return NULL;
  return scan_to_image (&scan, (cinfo->image_width + 7) / 8, (cinfo->image_height + 7) / 8);
}
