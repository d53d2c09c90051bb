/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-spoil-private.h"

#define STRENGTHS_SIDE 160

const char *const kalon_spoilt_severities[] = { "mild", "medium", "strong" };

/* The coding of a cheap phone or a chat: JPEG of quality @strength. Its blocks are of 8 pixels
 * whatever the size. */
static KalonImage *
code_badly (const KalonImage *image, double strength, double unit, GRand *rand)
{
  g_autoptr (GBytes) bytes = kalon_image_encode_jpeg (image, MAX (1, (int) strength), NULL);
  KalonImage *out = bytes != NULL ? kalon_image_load_bytes (bytes, 0, NULL, NULL, NULL) : NULL;

  return out != NULL ? out : kalon_image_crop (image, 0, 0, image->width, image->height);
}

/* Strengths vary by @spread either way, so that no two pictures are spoilt quite alike. */
typedef struct
{
  const char *name;
  KalonSpoilFunc func;
  double strengths[KALON_SPOILT_N_SEVERITIES];
  double spread;
} Kind;

static const Kind kinds[KALON_N_SPOILT] = {
  [KALON_SPOILT_MOTION_BLUR] = { "motion-blur", kalon_spoil_blur_by_motion, { 3.5, 7, 13 }, 0.15 },
  [KALON_SPOILT_SALT_AND_PEPPER]
  = { "salt-and-pepper", kalon_spoil_salt_and_pepper, { 0.004, 0.02, 0.08 }, 0.15 },
  [KALON_SPOILT_SPECKLE] = { "speckle", kalon_spoil_speckle, { 0.1, 0.22, 0.45 }, 0.15 },
  [KALON_SPOILT_PIXELATED] = { "pixelated", kalon_spoil_pixelate, { 1.8, 3.2, 6 }, 0.15 },
  [KALON_SPOILT_UPSCALED] = { "upscaled", kalon_spoil_blow_up, { 2, 3.2, 6 }, 0.15 },
  [KALON_SPOILT_HAZE] = { "haze", kalon_spoil_add_haze, { 0.25, 0.5, 0.75 }, 0.08 },
  [KALON_SPOILT_FLAT_CONTRAST]
  = { "flat-contrast", kalon_spoil_flatten, { 0.65, 0.42, 0.22 }, 0.08 },
  [KALON_SPOILT_POSTERISED] = { "posterised", kalon_spoil_posterise, { 6, 4, 2 }, 0 },
  [KALON_SPOILT_OVERSATURATED] = { "oversaturated", kalon_spoil_oversaturate, { 1.8, 3, 6 }, 0.15 },
  [KALON_SPOILT_VIGNETTE] = { "vignette", kalon_spoil_darken_corners, { 0.5, 0.8, 0.97 }, 0.03 },
  [KALON_SPOILT_FINGER] = { "finger", kalon_spoil_add_finger, { 0.22, 0.36, 0.55 }, 0.15 },
  [KALON_SPOILT_BAR] = { "bar", kalon_spoil_add_bar, { 0.12, 0.22, 0.38 }, 0.15 },
  [KALON_SPOILT_GAUSSIAN_BLUR]
  = { "gaussian-blur", kalon_spoil_blur_softly, { 0.8, 1.5, 3 }, 0.15 },
  [KALON_SPOILT_NOISE] = { "noise", kalon_spoil_make_noisy, { 9, 20, 40 }, 0.15 },
  [KALON_SPOILT_JPEG] = { "jpeg", code_badly, { 26, 13, 6 }, 0.15 },
  [KALON_SPOILT_UNDEREXPOSED]
  = { "underexposed", kalon_spoil_underexpose, { 1.1, 2.2, 3.4 }, 0.15 },
  [KALON_SPOILT_OVEREXPOSED] = { "overexposed", kalon_spoil_overexpose, { 0.8, 1.5, 2.4 }, 0.15 },
  [KALON_SPOILT_TILTED] = { "tilted", kalon_spoil_tilt, { 4, 8, 16 }, 0.15 },
  [KALON_SPOILT_COLOUR_CAST] = { "colour-cast", kalon_spoil_cast_colour, { 0.55, 1, 1.8 }, 0.15 },
};

const char *
kalon_spoilt_get_name (KalonSpoilt kind)
{
  g_return_val_if_fail (kind < KALON_N_SPOILT, NULL);

  return kinds[kind].name;
}

KalonImage *
kalon_spoil_image (const KalonImage *image, KalonSpoilt kind, guint severity, GRand *rand)
{
  const double unit = MAX (1, (double) MIN (image->width, image->height) / STRENGTHS_SIDE);
  const double spread = kinds[kind].spread;
  const double times = 1 + g_rand_double_range (rand, -spread, spread + 1e-9);

  return kinds[kind].func (image, kinds[kind].strengths[severity] * times, unit, rand);
}

/* A part of 90 to 98 % of each side. */
static KalonImage *
cut_edges (const KalonImage *image, GRand *rand)
{
  const double share = g_rand_double_range (rand, 0.9, 0.98);
  const guint width = MAX (1, (guint) (image->width * share));
  const guint height = MAX (1, (guint) (image->height * share));

  return kalon_image_crop (image, g_rand_int_range (rand, 0, image->width - width + 1),
                           g_rand_int_range (rand, 0, image->height - height + 1), width, height);
}

static void
mirror (KalonImage *image)
{
  for (guint y = 0; y < image->height; y++)
    for (guint x = 0; x < image->width / 2; x++)
      {
        guint8 *row = image->pixels + (gsize) y * image->width * 3;

        for (guint c = 0; c < 3; c++)
          {
            guint8 *left = row + x * 3 + c, *right = row + (image->width - 1 - x) * 3 + c;
            const guint8 kept = *left;

            *left = *right;
            *right = kept;
          }
      }
}

KalonImage *
kalon_image_new_near_duplicate (const KalonImage *image, guint number, GRand *rand)
{
  g_autoptr (KalonImage) out = cut_edges (image, rand);
  /* What is seen when it stands beside the other one, and is no other photo. */
  const double stops = g_rand_double_range (rand, 0.15, 0.3);

  switch (number % 5)
    {
    case 0:
      return g_steal_pointer (&out);
    case 1:
      mirror (out);
      return g_steal_pointer (&out);
    case 2:
      return code_badly (out, g_rand_int_range (rand, 50, 75), 1, rand);
    case 3:
      return kalon_spoil_overexpose (out, stops, 1, rand);
    default:
      return kalon_spoil_underexpose (out, stops, 1, rand);
    }
}
