/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JPEG straight through libjpeg(-turbo); why not gdk-pixbuf's loader: docs/decisions/jpeg.md.
 */
#include "image/kalon-image-private.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "image/kalon-image-jpeg-private.h"

#include <jerror.h> /* behind jpeglib.h, which says what is built in */

/* A progressive file may hold any number of scans over a picture of any size: a few kilobytes
   could keep a processor busy for hours. Encoders write about ten. */
#define MAX_SCANS 200

typedef struct
{
  struct jpeg_error_mgr base;
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
  gboolean truncated;
} Errors;

typedef struct
{
  struct jpeg_progress_mgr base;
  GCancellable *cancellable;
  gboolean cancelled;
  gboolean too_many_scans;
} Progress;

typedef struct
{
  struct jpeg_decompress_struct cinfo;
  Errors errors;
  Progress progress;
  guint8 *cmyk;      /* (nullable) */
  GByteArray *scans; /* (nullable): what is read instead of the file */
} Decoder;

G_GNUC_NORETURN static void
on_error (j_common_ptr cinfo)
{
  Errors *errors = (Errors *) cinfo->err;

  errors->base.format_message (cinfo, errors->message);
  longjmp (errors->jump, 1);
}

/* libjpeg goes on after damage, with grey in place of what is lost: that is no picture to index.
   Stray bytes between markers, and the like, lose nothing. */
static void
on_message (j_common_ptr cinfo, int level)
{
  Errors *errors = (Errors *) cinfo->err;

  if (level >= 0)
    return;
  switch (errors->base.msg_code)
    {
    case JWRN_JPEG_EOF:
      errors->truncated = TRUE;
      G_GNUC_FALLTHROUGH;
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_ARITH_BAD_CODE:
      on_error (cinfo);
    default:
      break;
    }
}

static void
on_progress (j_common_ptr cinfo)
{
  Progress *progress = (Progress *) cinfo->progress;

  progress->cancelled = g_cancellable_is_cancelled (progress->cancellable);
  progress->too_many_scans = ((j_decompress_ptr) cinfo)->input_scan_number > MAX_SCANS;
  if (progress->cancelled || progress->too_many_scans)
    longjmp (((Errors *) cinfo->err)->jump, 1);
}

static guint
read_uint (const guint8 *data, guint bytes, gboolean little)
{
  guint value = 0;

  for (guint i = 0; i < bytes; i++)
    value |= (guint) data[i] << 8 * (little ? i : bytes - 1 - i);
  return value;
}

/* Tag 0x0112 of the first directory; gexiv2 takes a lock and ten times as long. 0 unknown. */
static int
parse_orientation (const guint8 *data, gsize size)
{
  const guint8 *tiff = data + 6;
  gboolean little = FALSE;
  guint offset = 0, entries = 0;

  if (size < 6 + 8 || memcmp (data, "Exif\0", 6) != 0)
    return 0;
  size -= 6;
  little = tiff[0] == 'I';
  if (memcmp (tiff, little ? "II\x2a\0" : "MM\0\x2a", 4) != 0)
    return 0;
  offset = read_uint (tiff + 4, 4, little);
  if (offset > size - 2)
    return 0;
  entries = read_uint (tiff + offset, 2, little);
  for (gsize at = (gsize) offset + 2; entries > 0 && at + 12 <= size; at += 12, entries--)
    if (read_uint (tiff + at, 2, little) == 0x0112)
      {
        const guint value = read_uint (tiff + at + 8, 2, little);

        return value >= 1 && value <= 8 ? (int) value : 0;
      }
  return 0;
}

static int
find_orientation (j_decompress_ptr cinfo)
{
  for (jpeg_saved_marker_ptr marker = cinfo->marker_list; marker != NULL; marker = marker->next)
    if (marker->marker == JPEG_APP0 + 1)
      {
        const int orientation = parse_orientation (marker->data, marker->data_length);

        if (orientation != 0)
          return orientation;
      }
  return 0;
}

/* The smallest of libjpeg's DCT scales whose shorter side is still @min_side. */
static guint
choose_scale (guint width, guint height, guint min_side)
{
  const guint shorter = MIN (width, height);

  for (guint denominator = 8; min_side > 0 && denominator > 1; denominator /= 2)
    if ((shorter + denominator - 1) / denominator >= min_side)
      return denominator;
  return 1;
}

static void
read_rows (j_decompress_ptr cinfo, guint8 *pixels)
{
  const gsize stride = (gsize) cinfo->output_width * cinfo->output_components;

  while (cinfo->output_scanline < cinfo->output_height)
    {
      JSAMPROW rows[4];

      for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        rows[i] = pixels + MIN (cinfo->output_scanline + i, cinfo->output_height - 1) * stride;
      jpeg_read_scanlines (cinfo, rows, G_N_ELEMENTS (rows));
    }
}

/* Everything up to the first scan, and what is wanted of it. */
static void
read_header (j_decompress_ptr cinfo, const guint8 *data, gsize size, guint min_side)
{
  jpeg_mem_src (cinfo, data, size);
  jpeg_save_markers (cinfo, JPEG_APP0 + 1, 0xffff);
  jpeg_save_markers (cinfo, JPEG_APP0 + 2, 0xffff);
  jpeg_read_header (cinfo, TRUE);
  cinfo->scale_num = 1;
  cinfo->scale_denom = choose_scale (cinfo->image_width, cinfo->image_height, min_side);
  cinfo->out_color_space
      = cinfo->jpeg_color_space == JCS_CMYK || cinfo->jpeg_color_space == JCS_YCCK ? JCS_CMYK
                                                                                   : JCS_RGB;
}

static gboolean
describe (j_decompress_ptr cinfo, KalonDecoded *decoded, GError **error)
{
  JOCTET *profile = NULL;
  unsigned int size = 0;

  decoded->width = cinfo->image_width;
  decoded->height = cinfo->image_height;
  decoded->format = g_strdup ("jpeg");
  decoded->orientation = find_orientation (cinfo);
  if (!kalon_check_dimensions (decoded->width, decoded->height, error))
    return FALSE;
  if (jpeg_read_icc_profile (cinfo, &profile, &size))
    decoded->profile = g_bytes_new_with_free_func (profile, size, free, profile);
  return TRUE;
}

static gboolean
read_cmyk (Decoder *decoder, KalonDecoded *decoded)
{
  j_decompress_ptr cinfo = &decoder->cinfo;
  const gsize n = (gsize) cinfo->output_width * cinfo->output_height;

  decoder->cmyk = g_try_malloc (n * 4);
  if (decoder->cmyk == NULL)
    return FALSE;
  read_rows (cinfo, decoder->cmyk);
  /* Adobe's files, and so nearly all, store paper white as 255. */
  if (cinfo->saw_Adobe_marker)
    for (gsize i = 0; i < n * 4; i++)
      decoder->cmyk[i] = 255 - decoder->cmyk[i];
  kalon_colour_cmyk_to_srgb (decoder->cmyk, n, decoded->profile, decoded->image->pixels);
  g_clear_pointer (&decoded->profile, g_bytes_unref);
  return TRUE;
}

/* Everything that libjpeg may leave by longjmp(): what is allocated here is reached through
   @decoded and @decoder, so that the caller frees it. */
static gboolean
decode (Decoder *decoder, const guint8 *data, gsize size, guint min_side, KalonDecoded *decoded,
        GError **error)
{
  j_decompress_ptr cinfo = &decoder->cinfo;

  jpeg_create_decompress (cinfo);
  cinfo->progress = &decoder->progress.base;
  read_header (cinfo, data, size, min_side);
  if (!describe (cinfo, decoded, error))
    return FALSE;

  if (cinfo->scale_denom == 8 && !cinfo->progressive_mode)
    decoded->image
        = kalon_jpeg_decode_eighth (cinfo, cinfo->src->next_input_byte, cinfo->src->bytes_in_buffer,
                                    decoder->progress.cancellable);
  if (decoded->image != NULL)
    return TRUE;
  if (cinfo->scale_denom == 8 && cinfo->progressive_mode)
    decoder->scans = kalon_jpeg_drop_scans (cinfo, data, size);
  if (decoder->scans != NULL)
    {
      jpeg_abort_decompress (cinfo);
      read_header (cinfo, decoder->scans->data, decoder->scans->len, min_side);
      cinfo->do_block_smoothing = FALSE; /* it would guess the coefficients that were dropped */
    }

  jpeg_start_decompress (cinfo);
  decoded->image = kalon_image_try_new (cinfo->output_width, cinfo->output_height, error);
  if (decoded->image == NULL)
    return FALSE;
  if (cinfo->out_color_space != JCS_CMYK)
    read_rows (cinfo, decoded->image->pixels);
  else if (!read_cmyk (decoder, decoded))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "Not enough memory for a CMYK picture of this size. Close other programs or "
                   "shrink it.");
      return FALSE;
    }
  jpeg_finish_decompress (cinfo);
  return TRUE;
}

gboolean
kalon_decode_jpeg (const guint8 *data, gsize size, guint min_side, KalonDecoded *decoded,
                   GCancellable *cancellable, GError **error)
{
  Decoder decoder = { .progress = { .base = { .progress_monitor = on_progress } } };
  volatile gboolean done = FALSE;

  decoder.progress.cancellable = cancellable;
  decoder.cinfo.err = jpeg_std_error (&decoder.errors.base);
  decoder.errors.base.error_exit = on_error;
  decoder.errors.base.emit_message = on_message;
  if (setjmp (decoder.errors.jump) == 0)
    done = decode (&decoder, data, size, min_side, decoded, error);
  else if (decoder.progress.cancelled)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  else if (decoder.progress.too_many_scans)
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The JPEG has more than %d scans, as no camera writes. Save it anew from an "
                 "image editor.",
                 MAX_SCANS);
  else if (decoder.errors.truncated)
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The JPEG is truncated: the file ends before the picture does. Copy it again "
                 "from where it came.");
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The JPEG is corrupt (%s). Copy it again from where it came.",
                 decoder.errors.message);

  jpeg_destroy_decompress (&decoder.cinfo);
  g_free (decoder.cmyk);
  g_clear_pointer (&decoder.scans, g_byte_array_unref);
  return done;
}
