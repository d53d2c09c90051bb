/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image-private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gexiv2/gexiv2.h>

#include "errors/kalon-errors.h"

/* Exiv2's XMP and makernote code keeps global state; a file takes a fraction of a millisecond. */
static GMutex lock;

/* Called with the lock held. */
static GExiv2Metadata *
open_metadata (const KalonSource *source, GError **error)
{
  static gboolean initialised = FALSE;
  g_autoptr (GExiv2Metadata) metadata = NULL;
  gboolean opened = FALSE;

  if (!initialised)
    {
      gexiv2_initialize ();
      /* It reports every oddity of every makernote; none of them is ours to act on. */
      gexiv2_log_set_level (GEXIV2_LOG_LEVEL_MUTE);
      initialised = TRUE;
    }
  metadata = gexiv2_metadata_new ();
  if (source->path != NULL)
    opened = gexiv2_metadata_open_path (metadata, source->path, error);
  else
    opened = gexiv2_metadata_open_buf (metadata, g_bytes_get_data (source->bytes, NULL),
                                       g_bytes_get_size (source->bytes), error);
  return opened ? g_steal_pointer (&metadata) : NULL;
}

/* (transfer full) (nullable): without surrounding blanks, as valid UTF-8. */
static char *
dup_tag (GExiv2Metadata *metadata, const char *tag)
{
  g_autofree char *raw = gexiv2_metadata_try_get_tag_string (metadata, tag, NULL);
  g_autofree char *text = NULL;

  if (raw == NULL)
    return NULL;
  text = g_strstrip (g_utf8_make_valid (raw, -1));
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static gint64
read_date (GExiv2Metadata *metadata)
{
  g_autofree char *text = dup_tag (metadata, "Exif.Photo.DateTimeOriginal");
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) date = NULL;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;

  if (text == NULL
      || sscanf (text, "%4d:%2d:%2d %2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second)
             != 6)
    return 0;
  date = g_date_time_new (zone, year, month, day, hour, minute, second);
  return date != NULL ? g_date_time_to_unix (date) : 0;
}

static char *
dup_camera (GExiv2Metadata *metadata)
{
  g_autofree char *make = dup_tag (metadata, "Exif.Image.Make");
  g_autofree char *model = dup_tag (metadata, "Exif.Image.Model");
  g_autofree char *first_word = NULL;

  if (make == NULL || model == NULL)
    return g_strdup (model != NULL ? model : make);
  /* "NIKON CORPORATION" and "NIKON D90", "Canon" and "Canon EOS 6D". */
  first_word = g_strndup (make, strcspn (make, " "));
  if (g_ascii_strncasecmp (model, first_word, strlen (first_word)) == 0)
    return g_steal_pointer (&model);
  return g_strdup_printf ("%s %s", make, model);
}

/* Files say anything: what is no number of the kind is unknown. */
static double
to_positive (double value)
{
  return isfinite (value) && value > 0 ? value : 0;
}

static void
read_exposure (GExiv2Metadata *metadata, KalonImageInfo *info)
{
  int numerator = 0, denominator = 0;
  int iso;

  if (gexiv2_metadata_try_get_exposure_time (metadata, &numerator, &denominator, NULL)
      && denominator != 0)
    info->exposure = to_positive ((double) numerator / denominator);
  info->f_number = to_positive (gexiv2_metadata_try_get_fnumber (metadata, NULL));
  info->focal_length = to_positive (gexiv2_metadata_try_get_focal_length (metadata, NULL));
  iso = gexiv2_metadata_try_get_iso_speed (metadata, NULL);
  info->iso = iso > 0 ? (guint) iso : 0;
}

static void
read_position (GExiv2Metadata *metadata, KalonImageInfo *info)
{
  double latitude = 0, longitude = 0;

  if (!gexiv2_metadata_try_has_tag (metadata, "Exif.GPSInfo.GPSLatitude", NULL)
      || !gexiv2_metadata_try_get_gps_latitude (metadata, &latitude, NULL)
      || !gexiv2_metadata_try_get_gps_longitude (metadata, &longitude, NULL)
      || !(ABS (latitude) <= 90) || !(ABS (longitude) <= 180))
    return;
  info->has_position = TRUE;
  info->latitude = latitude;
  info->longitude = longitude;
}

static int
read_orientation (GExiv2Metadata *metadata)
{
  const int orientation = gexiv2_metadata_try_get_orientation (metadata, NULL);

  return orientation >= 1 && orientation <= 8 ? orientation : 0;
}

int
kalon_metadata_read (const KalonSource *source, KalonImageInfo *info)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GExiv2Metadata) metadata = open_metadata (source, NULL);

  if (metadata == NULL)
    return 0;
  if (info != NULL)
    {
      info->taken_at = read_date (metadata);
      info->camera = dup_camera (metadata);
      info->lens = dup_tag (metadata, "Exif.Photo.LensModel");
      read_exposure (metadata, info);
      read_position (metadata, info);
    }
  return read_orientation (metadata);
}

/* A DNG says so; other RAW in a TIFF shell holds a colour filter array or linear sensor data
   (TIFF/EP and DNG PhotometricInterpretation). */
gboolean
kalon_metadata_is_raw (const KalonSource *source)
{
  static const char *const tags[] = {
    "Exif.Image.PhotometricInterpretation",
    "Exif.SubImage1.PhotometricInterpretation",
    "Exif.SubImage2.PhotometricInterpretation",
    "Exif.SubImage3.PhotometricInterpretation",
  };
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GExiv2Metadata) metadata = open_metadata (source, NULL);

  if (metadata == NULL)
    return FALSE;
  if (gexiv2_metadata_try_has_tag (metadata, "Exif.Image.DNGVersion", NULL))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      const long photometric = gexiv2_metadata_try_get_tag_long (metadata, tags[i], NULL);

      if (photometric == 32803 || photometric == 34892)
        return TRUE;
    }
  return FALSE;
}

/* (nullable): the properties are valid as long as @metadata. */
static GExiv2PreviewProperties *
find_largest_preview (GExiv2Metadata *metadata, GError **error)
{
  GExiv2PreviewProperties **previews = gexiv2_metadata_get_preview_properties (metadata);
  GExiv2PreviewProperties *largest = NULL;

  for (gsize i = 0; previews != NULL && previews[i] != NULL; i++)
    if (largest == NULL
        || gexiv2_preview_properties_get_size (previews[i])
               > gexiv2_preview_properties_get_size (largest))
      largest = previews[i];
  if (largest == NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                 "This camera RAW has no embedded preview. Export it as JPEG.");
  return largest;
}

static GExiv2Metadata *
open_raw (const KalonSource *source, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GExiv2Metadata *metadata = open_metadata (source, &reason);

  if (metadata == NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                 "This camera RAW cannot be read (%s). Export it as JPEG.", reason->message);
  return metadata;
}

gboolean
kalon_metadata_read_preview_size (const KalonSource *source, guint *width, guint *height,
                                  GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GExiv2Metadata) metadata = open_raw (source, error);
  GExiv2PreviewProperties *largest = NULL;

  if (metadata != NULL)
    largest = find_largest_preview (metadata, error);
  if (largest == NULL)
    return FALSE;
  *width = gexiv2_preview_properties_get_width (largest);
  *height = gexiv2_preview_properties_get_height (largest);
  return TRUE;
}

GBytes *
kalon_metadata_dup_preview (const KalonSource *source, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GExiv2Metadata) metadata = open_raw (source, error);
  g_autoptr (GExiv2PreviewImage) preview = NULL;
  GExiv2PreviewProperties *largest = NULL;
  const guint8 *data = NULL;
  guint32 size = 0;

  if (metadata != NULL)
    largest = find_largest_preview (metadata, error);
  if (largest == NULL)
    return NULL;
  preview = gexiv2_metadata_try_get_preview_image (metadata, largest, NULL);
  if (preview != NULL)
    data = gexiv2_preview_image_get_data (preview, &size);
  if (data == NULL || size == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The preview in this camera RAW is damaged. Copy it again from where it came.");
      return NULL;
    }
  return g_bytes_new (data, size);
}
