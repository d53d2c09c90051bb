/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/reference/pictures (make-pictures.py): every format and orientation, against Pillow. */
#include "image/kalon-image.h"

#include <math.h>
#include <string.h>

#include <gexiv2/gexiv2.h>
#include <glib/gstdio.h>

#include "errors/kalon-errors.h"

/* A line of expected.tsv. */
typedef struct
{
  char *path;
  guint min_side, resize, crop;
  double tolerance;
  guint width, height;
  char *format;
} Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  g_free (picture->path);
  g_free (picture->format);
  g_free (picture);
}

static gpointer
picture_parse (const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  Picture *picture = g_new0 (Picture, 1);

  g_assert_cmpuint (g_strv_length (fields), ==, 8);
  picture->path = g_test_build_filename (G_TEST_DIST, "reference", "pictures", fields[0], NULL);
  picture->min_side = atoi (fields[1]);
  picture->resize = atoi (fields[2]);
  picture->crop = atoi (fields[3]);
  picture->tolerance = g_ascii_strtod (fields[4], NULL);
  picture->width = atoi (fields[5]);
  picture->height = atoi (fields[6]);
  picture->format = g_strdup (fields[7]);
  return picture;
}

/* Steps of 255 by which the preprocessed picture differs from FILE.rgb, on average. */
static double
measure_difference (const Picture *picture, const KalonImage *image)
{
  const KalonPreprocess preprocess
      = { .resize = picture->resize, .crop = picture->crop, .std = { 1, 1, 1 } };
  const gsize plane = (gsize) picture->crop * picture->crop;
  g_autofree float *out = g_new (float, 3 * plane);
  g_autofree char *expected_path = g_strconcat (picture->path, ".rgb", NULL);
  g_autofree char *expected = NULL;
  gsize size = 0;
  double sum = 0;

  g_assert_true (g_file_get_contents (expected_path, &expected, &size, NULL));
  g_assert_cmpuint (size, ==, 3 * plane);
  kalon_image_preprocess (image, &preprocess, out);
  for (gsize i = 0; i < plane; i++)
    for (guint c = 0; c < 3; c++)
      sum += fabs (rint (out[c * plane + i] * 255.0) - (guint8) expected[i * 3 + c]);
  return sum / (3 * plane);
}

static void
test_picture (gconstpointer data)
{
  const Picture *picture = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImageInfo) info = NULL;
  g_autoptr (KalonImageInfo) alone = NULL;
  g_autoptr (KalonImage) image
      = kalon_image_load (picture->path, picture->min_side, &info, NULL, &error);
  double difference = 0;

  if (g_error_matches (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED))
    {
      g_test_skip (error->message);
      return;
    }
  g_assert_no_error (error);
  difference = measure_difference (picture, image);
  g_test_message ("mean absolute difference %.4f of 255", difference);
  g_assert_cmpfloat (difference, <=, picture->tolerance);

  g_assert_cmpuint (info->width, ==, picture->width);
  g_assert_cmpuint (info->height, ==, picture->height);
  /* The names of loaders change: "heif/avif" here, "avif" there. */
  g_assert_nonnull (strstr (info->format, picture->format));

  alone = kalon_image_read_info (picture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (alone->width, ==, picture->width);
  g_assert_cmpuint (alone->height, ==, picture->height);
  g_assert_cmpstr (alone->format, ==, info->format);
}

/* From memory, where no name helps, the same. */
static void
test_picture_bytes (gconstpointer data)
{
  const Picture *picture = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *content = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (picture->path, &content, &size, NULL));
  bytes = g_bytes_new_take (content, size);
  image = kalon_image_load_bytes (bytes, picture->min_side, NULL, NULL, &error);
  if (g_error_matches (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED))
    {
      g_test_skip (error->message);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpfloat (measure_difference (picture, image), <=, picture->tolerance);
}

/* Cut anywhere it is refused, except an animation behind its first frame. */
static void
test_picture_cut (gconstpointer data)
{
  const Picture *picture = data;
  g_autofree char *content = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (picture->path, &content, &size, NULL));
  for (guint eighths = 0; eighths < 8; eighths++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (content, size * eighths / 8);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonImage) image
          = kalon_image_load_bytes (bytes, picture->min_side, NULL, NULL, &error);

      if (image != NULL && g_str_has_suffix (picture->path, "moving.gif"))
        continue;
      g_assert_null (image);
      g_assert_true (g_error_matches (error, KALON_ERROR, KALON_ERROR_INVALID_DATA)
                     || g_error_matches (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED));
    }
}

/* Decode workers: all pictures at once, in threads that begin elsewhere in the list. */
#define THREADS 4
#define ROUNDS 5

typedef struct
{
  GPtrArray *pictures;
  guint first;
} Worker;

static gpointer
load_all (gpointer data)
{
  const Worker *worker = data;

  for (guint i = 0; i < ROUNDS * worker->pictures->len; i++)
    {
      const Picture *picture
          = g_ptr_array_index (worker->pictures, (worker->first + i) % worker->pictures->len);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonImageInfo) info = NULL;
      g_autoptr (KalonImage) image
          = kalon_image_load (picture->path, picture->min_side, &info, NULL, &error);

      if (g_error_matches (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED))
        continue;
      g_assert_no_error (error);
      g_assert_cmpfloat (measure_difference (picture, image), <=, picture->tolerance);
    }
  return NULL;
}

static void
test_threads (gconstpointer data)
{
  Worker workers[THREADS];
  GThread *threads[THREADS];

  for (guint i = 0; i < THREADS; i++)
    {
      workers[i] = (Worker){ .pictures = (GPtrArray *) data, .first = i * 11 };
      threads[i] = g_thread_new ("decode", load_all, &workers[i]);
    }
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
}

static void
test_camera (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "pictures", "orientation-6.jpg", NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) taken = g_date_time_new (zone, 2021, 6, 5, 4, 3, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImageInfo) info = kalon_image_read_info (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (info->taken_at, ==, g_date_time_to_unix (taken));
  g_assert_cmpstr (info->camera, ==, "Kalon One");
  g_assert_cmpstr (info->lens, ==, "Kalon 35mm F2");
}

static void
test_exposure (void)
{
  static const char *const tags[][2] = {
    { "Exif.Photo.ExposureTime", "1/250" },
    { "Exif.Photo.FNumber", "28/10" },
    { "Exif.Photo.ISOSpeedRatings", "400" },
    { "Exif.Photo.FocalLength", "35/1" },
  };
  g_autofree char *source
      = g_test_build_filename (G_TEST_DIST, "reference", "pictures", "grey.jpg", NULL);
  g_autofree char *path = NULL, *pixels = NULL;
  g_autoptr (GExiv2Metadata) metadata = gexiv2_metadata_new ();
  g_autoptr (KalonImageInfo) none = NULL, some = NULL, copy = NULL, odd = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  int descriptor = g_file_open_tmp ("kalon-exposure-XXXXXX.jpg", &path, &error);

  g_assert_no_error (error);
  g_close (descriptor, NULL);
  g_assert_true (g_file_get_contents (source, &pixels, &size, &error));
  g_assert_true (g_file_set_contents (path, pixels, (gssize) size, &error));
  none = kalon_image_read_info (path, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (none->exposure, ==, 0);
  g_assert_cmpuint (none->iso, ==, 0);
  g_assert_false (none->has_position);

  g_assert_true (gexiv2_metadata_open_path (metadata, path, &error));
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    g_assert_true (gexiv2_metadata_try_set_tag_string (metadata, tags[i][0], tags[i][1], &error));
  g_assert_true (gexiv2_metadata_try_set_gps_info (metadata, -11.5755, 48.137, 520, &error));
  g_assert_true (gexiv2_metadata_save_file (metadata, path, &error));
  some = kalon_image_read_info (path, &error);
  g_assert_no_error (error);
  copy = kalon_image_info_copy (some);
  g_assert_cmpfloat_with_epsilon (copy->exposure, 1.0 / 250, 1e-9);
  g_assert_cmpfloat_with_epsilon (copy->f_number, 2.8, 1e-6);
  g_assert_cmpfloat_with_epsilon (copy->focal_length, 35, 1e-6);
  g_assert_cmpuint (copy->iso, ==, 400);
  g_assert_true (copy->has_position);
  g_assert_cmpfloat_with_epsilon (copy->latitude, 48.137, 1e-4);
  g_assert_cmpfloat_with_epsilon (copy->longitude, -11.5755, 1e-4);
  g_assert_cmpstr (copy->format, ==, some->format);

  /* Nonsense is unknown. */
  g_assert_true (gexiv2_metadata_try_set_tag_string (metadata, tags[0][0], "1/0", &error));
  g_assert_true (gexiv2_metadata_try_set_tag_string (metadata, tags[1][0], "0/0", &error));
  g_assert_true (gexiv2_metadata_save_file (metadata, path, &error));
  odd = kalon_image_read_info (path, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (odd->exposure, ==, 0);
  g_assert_cmpfloat (odd->f_number, ==, 0);
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (picture_free);
  g_autofree char *table = NULL;
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  g_test_init (&argc, &argv, NULL);
  table = g_test_build_filename (G_TEST_DIST, "reference", "pictures", "expected.tsv", NULL);
  g_assert_true (g_file_get_contents (table, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      Picture *picture = picture_parse (*line);
      g_autofree char *name = g_path_get_basename (picture->path);
      g_autofree char *file_test = g_strconcat ("/image/pictures/file/", name, NULL);
      g_autofree char *bytes_test = g_strconcat ("/image/pictures/bytes/", name, NULL);

      g_autofree char *cut_test = g_strconcat ("/image/pictures/cut/", name, NULL);

      g_ptr_array_add (pictures, picture);
      g_test_add_data_func (cut_test, picture, test_picture_cut);
      g_test_add_data_func (file_test, picture, test_picture);
      g_test_add_data_func (bytes_test, picture, test_picture_bytes);
    }
  g_test_add_data_func ("/image/pictures/threads", pictures, test_threads);
  g_test_add_func ("/image/pictures/camera", test_camera);
  g_test_add_func ("/image/pictures/exposure", test_exposure);
  return g_test_run ();
}
