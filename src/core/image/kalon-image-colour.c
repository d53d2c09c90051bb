/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image-private.h"

#include <lcms2.h>
#include <string.h>

/* Two steps of 255: profiles that call themselves sRGB differ by as much among themselves. */
#define SAME_COLOUR 2

typedef struct
{
  cmsContext context; /* of its own: no errors to stderr, nothing shared between threads */
  cmsHPROFILE embedded;
  cmsHPROFILE srgb;
} Profiles;

static void
profiles_clear (Profiles *profiles)
{
  if (profiles->embedded != NULL)
    cmsCloseProfile (profiles->embedded);
  if (profiles->srgb != NULL)
    cmsCloseProfile (profiles->srgb);
  if (profiles->context != NULL)
    cmsDeleteContext (profiles->context);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Profiles, profiles_clear)

static void
ignore_error (cmsContext context, cmsUInt32Number code, const char *text)
{
}

static gboolean
profiles_open (Profiles *profiles, GBytes *profile)
{
  profiles->context = cmsCreateContext (NULL, NULL);
  cmsSetLogErrorHandlerTHR (profiles->context, ignore_error);
  profiles->embedded = cmsOpenProfileFromMemTHR (
      profiles->context, g_bytes_get_data (profile, NULL), g_bytes_get_size (profile));
  profiles->srgb = cmsCreate_sRGBProfileTHR (profiles->context);
  return profiles->embedded != NULL;
}

static cmsHTRANSFORM
create_transform (Profiles *profiles, cmsUInt32Number input)
{
  return cmsCreateTransformTHR (profiles->context, profiles->embedded, input, profiles->srgb,
                                TYPE_RGB_8, INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE);
}

/* Whether the transform moves none of the colours of a coarse cube. */
static gboolean
is_identity (cmsHTRANSFORM transform)
{
  guint8 colours[6 * 6 * 6][3];
  guint8 converted[6 * 6 * 6][3];

  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    {
      colours[i][0] = i % 6 * 51;
      colours[i][1] = i / 6 % 6 * 51;
      colours[i][2] = i / 36 * 51;
    }
  cmsDoTransform (transform, colours, converted, G_N_ELEMENTS (colours));
  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    for (guint c = 0; c < 3; c++)
      if (ABS (colours[i][c] - converted[i][c]) > SAME_COLOUR)
        return FALSE;
  return TRUE;
}

static void
grey_to_srgb (KalonImage *image, cmsHTRANSFORM transform)
{
  guint8 levels[256], converted[256][3];
  guint8 *pixel = image->pixels;

  for (guint level = 0; level < 256; level++)
    levels[level] = level;
  cmsDoTransform (transform, levels, converted, 256);
  for (gsize n = (gsize) image->width * image->height; n > 0; n--, pixel += 3)
    memcpy (pixel, converted[pixel[0]], 3);
}

void
kalon_colour_to_srgb (KalonImage *image, GBytes *profile)
{
  g_auto (Profiles) profiles = { 0 };
  cmsHTRANSFORM transform = NULL;
  gboolean grey = FALSE;

  if (profile == NULL || !profiles_open (&profiles, profile))
    return;
  grey = cmsGetColorSpace (profiles.embedded) == cmsSigGrayData;
  if (!grey && cmsGetColorSpace (profiles.embedded) != cmsSigRgbData)
    return;
  transform = create_transform (&profiles, grey ? TYPE_GRAY_8 : TYPE_RGB_8);
  if (transform == NULL)
    return;

  if (grey)
    grey_to_srgb (image, transform);
  else if (!is_identity (transform))
    for (guint y = 0; y < image->height; y++)
      {
        guint8 *row = image->pixels + (gsize) y * image->width * 3;

        cmsDoTransform (transform, row, row, image->width);
      }
  cmsDeleteTransform (transform);
}

/* Pillow's: what ink leaves of the light, R = (255 - K) - C (255 - K) / 255. */
static void
cmyk_to_rgb (const guint8 *cmyk, gsize n, guint8 *rgb)
{
  for (; n > 0; n--, cmyk += 4, rgb += 3)
    for (guint c = 0; c < 3; c++)
      {
        const guint light = 255 - cmyk[3];
        const guint taken = cmyk[c] * light + 128;

        rgb[c] = light - (((taken >> 8) + taken) >> 8);
      }
}

void
kalon_colour_cmyk_to_srgb (const guint8 *cmyk, gsize n, GBytes *profile, guint8 *rgb)
{
  g_auto (Profiles) profiles = { 0 };
  cmsHTRANSFORM transform = NULL;

  if (profile != NULL && profiles_open (&profiles, profile)
      && cmsGetColorSpace (profiles.embedded) == cmsSigCmykData)
    transform = create_transform (&profiles, TYPE_CMYK_8);
  if (transform == NULL)
    {
      cmyk_to_rgb (cmyk, n, rgb);
      return;
    }
  for (gsize at = 0; at < n; at += 65536)
    cmsDoTransform (transform, cmyk + at * 4, rgb + at * 3, MIN (n - at, 65536));
  cmsDeleteTransform (transform);
}
