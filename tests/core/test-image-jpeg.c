/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own decoding at 1/8 against libjpeg's, on files that libjpeg writes here. */
#include "image/kalon-image-jpeg-private.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "image/kalon-image-private.h"

typedef struct
{
  guint width, height;
  guint components;   /* 1: grey, 3: YCbCr */
  guint across, down; /* sampling factors of the first component */
  guint chroma_across, chroma_down;
  int quality;
  guint restart_interval; /* MCUs */
  gboolean optimise;      /* Huffman tables for this picture */
  gboolean progressive;
} Settings;

static guint8
noise (guint32 *state)
{
  *state = *state * 1664525 + 1013904223;
  return *state >> 24;
}

/* Slopes, an edge and a noisy corner: long and short codes, full and empty blocks. */
static void
draw_row (guint8 *row, guint y, const Settings *settings, guint32 *state)
{
  for (guint x = 0; x < settings->width; x++)
    for (guint c = 0; c < settings->components; c++)
      {
        guint8 *value = &row[x * settings->components + c];

        *value = (x * (c + 2) + y * (3 - c)) % 256;
        if (x > settings->width / 2 && y > settings->height / 2)
          *value = noise (state);
        else if (x > y)
          *value = c * 100;
      }
}

static void
encode (const Settings *settings, unsigned char **data, unsigned long *size)
{
  struct jpeg_compress_struct cinfo = { 0 };
  struct jpeg_error_mgr errors;
  g_autofree guint8 *row = g_malloc ((gsize) settings->width * settings->components);
  guint32 state = 1;

  cinfo.err = jpeg_std_error (&errors);
  jpeg_create_compress (&cinfo);
  jpeg_mem_dest (&cinfo, data, size);
  cinfo.image_width = settings->width;
  cinfo.image_height = settings->height;
  cinfo.input_components = settings->components;
  cinfo.in_color_space = settings->components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults (&cinfo);
  jpeg_set_quality (&cinfo, settings->quality, TRUE);
  cinfo.comp_info[0].h_samp_factor = settings->across;
  cinfo.comp_info[0].v_samp_factor = settings->down;
  for (int c = 1; c < cinfo.num_components; c++)
    {
      cinfo.comp_info[c].h_samp_factor = settings->chroma_across;
      cinfo.comp_info[c].v_samp_factor = settings->chroma_down;
    }
  cinfo.restart_interval = settings->restart_interval;
  cinfo.optimize_coding = settings->optimise;
  if (settings->progressive)
    jpeg_simple_progression (&cinfo);
  jpeg_start_compress (&cinfo, TRUE);
  for (guint y = 0; y < settings->height; y++)
    {
      draw_row (row, y, settings, &state);
      jpeg_write_scanlines (&cinfo, &row, 1);
    }
  jpeg_finish_compress (&cinfo);
  jpeg_destroy_compress (&cinfo);
}

/* Decodes at 1/8 with libjpeg into @expected, and with ours into @image (NULL when it declines). */
static void
decode_both (const unsigned char *data, unsigned long size, KalonImage **expected,
             KalonImage **image)
{
  struct jpeg_decompress_struct cinfo = { 0 };
  struct jpeg_error_mgr errors;

  cinfo.err = jpeg_std_error (&errors);
  jpeg_create_decompress (&cinfo);
  jpeg_mem_src (&cinfo, data, size);
  jpeg_read_header (&cinfo, TRUE);
  cinfo.scale_num = 1;
  cinfo.scale_denom = 8;
  cinfo.out_color_space = JCS_RGB;
  *image = kalon_jpeg_decode_eighth (&cinfo, cinfo.src->next_input_byte, cinfo.src->bytes_in_buffer,
                                     NULL);
  jpeg_start_decompress (&cinfo);
  *expected = kalon_image_new (cinfo.output_width, cinfo.output_height);
  while (cinfo.output_scanline < cinfo.output_height)
    {
      JSAMPROW row = (*expected)->pixels + (gsize) cinfo.output_scanline * cinfo.output_width * 3;

      jpeg_read_scanlines (&cinfo, &row, 1);
    }
  jpeg_finish_decompress (&cinfo);
  jpeg_destroy_decompress (&cinfo);
}

/* @ours: whether our decoder must take the file, or must leave it to libjpeg. */
static void
check (const Settings *settings, gboolean ours)
{
  unsigned char *data = NULL;
  unsigned long size = 0;
  g_autoptr (KalonImage) expected = NULL;
  g_autoptr (KalonImage) image = NULL;

  encode (settings, &data, &size);
  decode_both (data, size, &expected, &image);
  free (data);
  if (!ours)
    {
      g_assert_null (image);
      return;
    }
  g_assert_nonnull (image);
  g_assert_cmpuint (image->width, ==, expected->width);
  g_assert_cmpuint (image->height, ==, expected->height);
  g_assert_cmpmem (image->pixels, (gsize) image->width * image->height * 3, expected->pixels,
                   (gsize) expected->width * expected->height * 3);
}

static void
test_sampling (void)
{
  static const guint factors[][4] = {
    { 1, 1, 1, 1 }, { 2, 1, 1, 1 }, { 1, 2, 1, 1 }, { 2, 2, 1, 1 }, { 4, 1, 1, 1 },
    { 2, 2, 2, 1 }, { 2, 2, 1, 2 }, { 4, 2, 1, 1 }, { 1, 1, 1, 1 },
  };
  static const guint sizes[][2] = { { 8, 8 }, { 1, 1 }, { 17, 9 }, { 200, 131 }, { 131, 257 } };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      for (int quality = 10; quality <= 100; quality += 30)
        {
          const Settings settings = {
            .width = sizes[j][0],
            .height = sizes[j][1],
            .components = 3,
            .across = factors[i][0],
            .down = factors[i][1],
            .chroma_across = factors[i][2],
            .chroma_down = factors[i][3],
            .quality = quality,
          };

          check (&settings, TRUE);
        }
}

static void
test_grey (void)
{
  for (guint factor = 1; factor <= 2; factor++)
    {
      const Settings settings = {
        .width = 133, .height = 75, .components = 1, .across = factor, .down = factor, .quality = 90
      };

      check (&settings, TRUE);
    }
}

static void
test_restarts (void)
{
  for (guint interval = 1; interval <= 11; interval++)
    {
      const Settings settings = { .width = 201,
                                  .height = 99,
                                  .components = 3,
                                  .across = 2,
                                  .down = 2,
                                  .chroma_across = 1,
                                  .chroma_down = 1,
                                  .quality = 92,
                                  .restart_interval = interval };

      check (&settings, TRUE);
    }
}

static void
test_optimised_codes (void)
{
  for (int quality = 5; quality <= 100; quality += 19)
    {
      const Settings settings = { .width = 320,
                                  .height = 200,
                                  .components = 3,
                                  .across = 2,
                                  .down = 1,
                                  .chroma_across = 1,
                                  .chroma_down = 1,
                                  .quality = quality,
                                  .optimise = TRUE };

      check (&settings, TRUE);
    }
}

/* Most scans of a progressive file are left out, to the same end. */
static void
test_progressive (void)
{
  static const guint factors[][2] = { { 1, 1 }, { 2, 1 }, { 1, 2 }, { 2, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    for (guint components = 1; components <= 3; components += 2)
      {
        const Settings settings = { .width = 211,
                                    .height = 150,
                                    .components = components,
                                    .across = factors[i][0],
                                    .down = factors[i][1],
                                    .chroma_across = 1,
                                    .chroma_down = 1,
                                    .quality = 85,
                                    .restart_interval = i,
                                    .progressive = TRUE };
        unsigned char *data = NULL;
        unsigned long size = 0;
        g_autoptr (KalonImage) expected = NULL;
        g_autoptr (KalonImage) declined = NULL;
        g_auto (KalonDecoded) decoded = { 0 };
        g_autoptr (GError) error = NULL;

        encode (&settings, &data, &size);
        decode_both (data, size, &expected, &declined);
        g_assert_null (declined);
        kalon_decode_jpeg (data, size, 1, &decoded, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (decoded.image->width, ==, expected->width);
        g_assert_cmpmem (decoded.image->pixels, (gsize) expected->width * expected->height * 3,
                         expected->pixels, (gsize) expected->width * expected->height * 3);
        free (data);
      }
}

static void
test_declined (void)
{
  const Settings progressive = { .width = 64,
                                 .height = 64,
                                 .components = 3,
                                 .across = 2,
                                 .down = 2,
                                 .chroma_across = 1,
                                 .chroma_down = 1,
                                 .quality = 80,
                                 .progressive = TRUE };

  check (&progressive, FALSE);
}

/* Cut anywhere, or with any byte spoilt, a file is refused or decoded, as libjpeg would. */
static void
test_damage (gconstpointer progressive)
{
  const Settings settings = { .width = 96,
                              .height = 64,
                              .components = 3,
                              .across = 2,
                              .down = 2,
                              .chroma_across = 1,
                              .chroma_down = 1,
                              .quality = 75,
                              .progressive = GPOINTER_TO_INT (progressive) };
  unsigned char *data = NULL;
  unsigned long size = 0;

  encode (&settings, &data, &size);
  for (gsize cut = 0; cut < size; cut++)
    {
      g_auto (KalonDecoded) decoded = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (kalon_decode_jpeg (data, cut, 8, &decoded, NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
    }
  for (gsize at = 0; at < size; at++)
    for (guint bit = 0; bit < 8; bit += 3)
      {
        g_auto (KalonDecoded) decoded = { 0 };

        data[at] ^= 1 << bit;
        kalon_decode_jpeg (data, size, 8, &decoded, NULL, NULL);
        data[at] ^= 1 << bit;
      }
  free (data);
}

static void
test_cancelled (void)
{
  const Settings settings = { .width = 96,
                              .height = 64,
                              .components = 3,
                              .across = 2,
                              .down = 2,
                              .chroma_across = 1,
                              .chroma_down = 1,
                              .quality = 75 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  unsigned char *data = NULL;
  unsigned long size = 0;

  encode (&settings, &data, &size);
  g_cancellable_cancel (cancellable);
  for (guint min_side = 0; min_side <= 8; min_side += 8)
    {
      g_auto (KalonDecoded) decoded = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (kalon_decode_jpeg (data, size, min_side, &decoded, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  free (data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/jpeg/sampling", test_sampling);
  g_test_add_func ("/image/jpeg/grey", test_grey);
  g_test_add_func ("/image/jpeg/restarts", test_restarts);
  g_test_add_func ("/image/jpeg/optimised-codes", test_optimised_codes);
  g_test_add_func ("/image/jpeg/declined", test_declined);
  g_test_add_func ("/image/jpeg/progressive", test_progressive);
  g_test_add_data_func ("/image/jpeg/damage/baseline", GINT_TO_POINTER (FALSE), test_damage);
  g_test_add_data_func ("/image/jpeg/damage/progressive", GINT_TO_POINTER (TRUE), test_damage);
  g_test_add_func ("/image/jpeg/cancelled", test_cancelled);
  return g_test_run ();
}
