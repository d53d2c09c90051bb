/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image-private.h"

#include <lcms2.h>
#include <string.h>

/* Two steps of 255: profiles that call themselves sRGB differ by as much among themselves. */
#define SAME_COLOUR 2

/* Photographs of one camera share a profile, and making a transform takes a fifth of the time that
   decoding at 1/8 does. More profiles than this at a time are rare. */
#define MAX_CONVERSIONS 16

/* Bytes; the tables of a scanner's profile are about one million. */
#define MAX_PROFILE (4 * 1024 * 1024)

/* From a profile to sRGB. */
typedef struct
{
  cmsContext context; /* of its own: no errors to stderr, nothing shared between threads */
  cmsHPROFILE embedded;
  cmsHPROFILE srgb;
  cmsHTRANSFORM transform; /* (nullable): nothing is to be done; usable by several threads */
  gboolean grey;
} Conversion;

static void
conversion_clear (gpointer data)
{
  Conversion *conversion = data;

  if (conversion->transform != NULL)
    cmsDeleteTransform (conversion->transform);
  if (conversion->embedded != NULL)
    cmsCloseProfile (conversion->embedded);
  if (conversion->srgb != NULL)
    cmsCloseProfile (conversion->srgb);
  cmsDeleteContext (conversion->context);
}

static void
conversion_unref (gpointer conversion)
{
  g_atomic_rc_box_release_full (conversion, conversion_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Conversion, conversion_unref)

static void
ignore_error (cmsContext context, cmsUInt32Number code, const char *text)
{
}

/* Without a transform when @profile is unusable, or not for @space. */
static Conversion *
conversion_new (GBytes *profile, cmsColorSpaceSignature space, cmsUInt32Number pixels)
{
  Conversion *conversion = g_atomic_rc_box_new0 (Conversion);

  conversion->context = cmsCreateContext (NULL, NULL);
  cmsSetLogErrorHandlerTHR (conversion->context, ignore_error);
  conversion->embedded = cmsOpenProfileFromMemTHR (
      conversion->context, g_bytes_get_data (profile, NULL), g_bytes_get_size (profile));
  conversion->srgb = cmsCreate_sRGBProfileTHR (conversion->context);
  if (conversion->embedded != NULL && cmsGetColorSpace (conversion->embedded) == space)
    conversion->transform = cmsCreateTransformTHR (
        conversion->context, conversion->embedded, pixels, conversion->srgb, TYPE_RGB_8,
        INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE); /* lcms2's cache of one pixel is not for threads */
  return conversion;
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

static Conversion *
conversion_new_for_pixels (GBytes *profile)
{
  Conversion *conversion = conversion_new (profile, cmsSigRgbData, TYPE_RGB_8);

  if (conversion->transform != NULL && is_identity (conversion->transform))
    {
      cmsDeleteTransform (conversion->transform);
      conversion->transform = NULL;
    }
  else if (conversion->embedded != NULL
           && cmsGetColorSpace (conversion->embedded) == cmsSigGrayData)
    {
      conversion_unref (conversion);
      conversion = conversion_new (profile, cmsSigGrayData, TYPE_GRAY_8);
      conversion->grey = TRUE;
    }
  return conversion;
}

/* (transfer full): made now, or for an earlier picture. */
static Conversion *
find_conversion (GBytes *profile)
{
  static GMutex lock;
  static GHashTable *conversions = NULL; /* by the profile's bytes */
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  Conversion *conversion = NULL;

  if (conversions == NULL)
    conversions = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                         (GDestroyNotify) g_bytes_unref, conversion_unref);
  conversion = g_hash_table_lookup (conversions, profile);
  if (conversion == NULL)
    {
      if (g_hash_table_size (conversions) == MAX_CONVERSIONS)
        g_hash_table_remove_all (conversions);
      conversion = conversion_new_for_pixels (profile);
      g_hash_table_insert (conversions, g_bytes_ref (profile), conversion);
    }
  return g_atomic_rc_box_acquire (conversion);
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

char *
kalon_colour_dup_profile_name (GBytes *profile)
{
  cmsContext context;
  cmsHPROFILE opened;
  char name[256] = "";
  char *valid = NULL;

  if (g_bytes_get_size (profile) > MAX_PROFILE)
    return NULL;
  context = cmsCreateContext (NULL, NULL);
  cmsSetLogErrorHandlerTHR (context, ignore_error);
  opened = cmsOpenProfileFromMemTHR (context, g_bytes_get_data (profile, NULL),
                                     g_bytes_get_size (profile));
  if (opened != NULL)
    {
      cmsGetProfileInfoASCII (opened, cmsInfoDescription, cmsNoLanguage, cmsNoCountry, name,
                              sizeof name - 1);
      cmsCloseProfile (opened);
    }
  cmsDeleteContext (context);
  if (*g_strstrip (name) != '\0')
    valid = g_utf8_make_valid (name, -1);
  return valid;
}

void
kalon_colour_to_srgb (KalonImage *image, GBytes *profile)
{
  g_autoptr (Conversion) conversion = NULL;

  if (profile != NULL && g_bytes_get_size (profile) <= MAX_PROFILE)
    conversion = find_conversion (profile);
  if (conversion == NULL || conversion->transform == NULL)
    return;
  if (conversion->grey)
    grey_to_srgb (image, conversion->transform);
  else
    for (guint y = 0; y < image->height; y++)
      {
        guint8 *row = image->pixels + (gsize) y * image->width * 3;

        cmsDoTransform (conversion->transform, row, row, image->width);
      }
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
  g_autoptr (Conversion) conversion
      = profile != NULL ? conversion_new (profile, cmsSigCmykData, TYPE_CMYK_8) : NULL;

  if (conversion == NULL || conversion->transform == NULL)
    {
      cmyk_to_rgb (cmyk, n, rgb);
      return;
    }
  for (gsize at = 0; at < n; at += 65536)
    cmsDoTransform (conversion->transform, cmyk + at * 4, rgb + at * 3, MIN (n - at, 65536));
}
