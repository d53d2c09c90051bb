/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The perceptual hash and colour statistics, against numpy (make-pictures.py). */
#include "image/kalon-image.h"

#include <string.h>

static KalonImage *
load_picture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "pictures", name, NULL);
  g_autoptr (GError) error = NULL;
  KalonImage *image = kalon_image_load (path, 0, NULL, NULL, &error);

  g_assert_no_error (error);
  return image;
}

static guint
count_differing_bits (guint64 a, guint64 b)
{
  return __builtin_popcountll (a ^ b);
}

static void
check_line (const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  g_autoptr (KalonImage) image = load_picture (fields[0]);
  const guint64 hash = g_ascii_strtoull (fields[1], NULL, 16);
  KalonColourStatistics statistics;

  g_test_message ("%s", fields[0]);
  /* A coefficient on the median may round to either side. */
  g_assert_cmpuint (count_differing_bits (kalon_image_get_perceptual_hash (image), hash), <=, 1);
  kalon_image_get_colour_statistics (image, &statistics);
  for (guint c = 0; c < 3; c++)
    g_assert_cmpint (statistics.average[c], ==, (int) g_ascii_strtod (fields[2 + c], NULL));
  g_assert_cmpfloat_with_epsilon (statistics.luminance, g_ascii_strtod (fields[5], NULL), 0.01);
  g_assert_cmpfloat_with_epsilon (statistics.contrast, g_ascii_strtod (fields[6], NULL), 0.01);
  g_assert_cmpfloat_with_epsilon (statistics.colourfulness, g_ascii_strtod (fields[7], NULL), 0.01);
}

static void
test_against_numpy (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "pictures", "statistics.tsv", NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 4);
  for (char **line = lines; *line != NULL; line++)
    check_line (*line);
}

/* The same picture at another size is near, another picture is far. */
static void
test_near_duplicates (void)
{
  g_autoptr (KalonImage) picture = load_picture ("odd-444.jpg");
  g_autoptr (KalonImage) smaller = kalon_image_resize (picture, 50, 37);
  g_autoptr (KalonImage) larger = kalon_image_resize (picture, 300, 224);
  g_autoptr (KalonImage) other = load_picture ("orientation-3.jpg");
  const guint64 hash = kalon_image_get_perceptual_hash (picture);

  g_assert_cmpuint (count_differing_bits (hash, kalon_image_get_perceptual_hash (smaller)), <=, 6);
  g_assert_cmpuint (count_differing_bits (hash, kalon_image_get_perceptual_hash (larger)), <=, 6);
  g_assert_cmpuint (count_differing_bits (hash, kalon_image_get_perceptual_hash (other)), >=, 16);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/statistics/numpy", test_against_numpy);
  g_test_add_func ("/image/statistics/near-duplicates", test_near_duplicates);
  return g_test_run ();
}
