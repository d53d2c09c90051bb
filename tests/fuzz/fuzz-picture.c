/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture file of any format, decoded at 1/8 (for JPEG, through our own decoder) and in full. */
#include "fuzz.h"

#include <math.h>

#include "image/kalon-image.h"

/* Loaders log what they dislike about a file; only our own complaints are findings. */
static void
ignore_message (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

static void
set_up_once (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_fatal_mask (G_LOG_DOMAIN,
                        G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  g_log_set_default_handler (ignore_message, NULL);
  g_log_set_handler (G_LOG_DOMAIN, G_LOG_LEVEL_MASK, g_log_default_handler, NULL);
  g_once_init_leave (&done, 1);
}

/* A few bytes may stand for hundreds of megapixels of one colour: those are left alone. */
#define MAX_PIXELS (1000 * 1000)

static void
use (const KalonImage *image)
{
  const KalonPreprocess preprocess = { .resize = 8, .crop = 8, .std = { 1, 1, 1 } };
  KalonColourStatistics statistics;
  float out[3 * 8 * 8];

  kalon_image_preprocess (image, &preprocess, out);
  for (gsize i = 0; i < G_N_ELEMENTS (out); i++)
    g_assert_true (out[i] >= 0 && out[i] <= 1);
  kalon_image_get_perceptual_hash (image);
  kalon_image_get_colour_statistics (image, &statistics);
  g_assert_true (isfinite (statistics.luminance) && isfinite (statistics.contrast)
                 && isfinite (statistics.colourfulness));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  set_up_once ();
  for (guint min_side = 0; min_side <= 1; min_side++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonImageInfo) info = NULL;
      g_autoptr (KalonImage) image = kalon_image_load_bytes (bytes, min_side, &info, NULL, &error);

      g_assert_true ((image == NULL) == (error != NULL));
      g_assert_true ((image == NULL) == (info == NULL));
      if (image != NULL && (guint64) image->width * image->height <= MAX_PIXELS)
        use (image);
    }
  return 0;
}
