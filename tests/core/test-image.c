/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "errors/kalon-errors.h"

static KalonImage *
new_gradient (guint width, guint height)
{
  KalonImage *image = kalon_image_new (width, height);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint8 *pixel = image->pixels + ((gsize) y * width + x) * 3;

        pixel[0] = x * 255 / width;
        pixel[1] = y * 255 / height;
        pixel[2] = (x * y) % 256;
      }
  return image;
}

static void
test_crop (void)
{
  g_autoptr (KalonImage) image = new_gradient (7, 5);
  g_autoptr (KalonImage) part = kalon_image_crop (image, 2, 1, 3, 4);

  g_assert_cmpuint (part->width, ==, 3);
  g_assert_cmpuint (part->height, ==, 4);
  g_assert_cmpmem (part->pixels, 9, image->pixels + (7 + 2) * 3, 9);
  g_assert_cmpmem (part->pixels + 3 * 9, 9, image->pixels + (4 * 7 + 2) * 3, 9);
}

/* What a preprocess cuts out is what resize and crop give; a flat picture stays flat. */
static void
test_preprocess_is_resize_and_crop (void)
{
  const KalonPreprocess preprocess = { .resize = 16, .crop = 12, .std = { 1, 1, 1 } };
  g_autoptr (KalonImage) image = new_gradient (53, 37);
  g_autoptr (KalonImage) resized = kalon_image_resize (image, 16 * 53 / 37, 16);
  g_autoptr (KalonImage) part = kalon_image_crop (resized, (22 - 12) / 2, 2, 12, 12);
  g_autofree float *out = g_new (float, 3 * 12 * 12);

  kalon_image_preprocess (image, &preprocess, out);
  for (guint c = 0; c < 3; c++)
    for (guint i = 0; i < 144; i++)
      g_assert_cmpfloat_with_epsilon (out[c * 144 + i], part->pixels[i * 3 + c] / 255.0f, 1e-6);
}

static void
check_refused (const char *path, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = kalon_image_load (path, 0, NULL, NULL, &error);

  g_assert_null (image);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, ": "));
}

static void
test_files_that_are_no_pictures (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kalon-image-XXXXXX", &error);
  g_autofree char *empty = g_build_filename (folder, "empty.jpg", NULL);
  g_autofree char *text = g_build_filename (folder, "text.png", NULL);
  g_autofree char *fifo = g_build_filename (folder, "fifo.jpg", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing.jpg", NULL);

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (g_file_set_contents (text, "Dear diary, no picture today.\n", -1, NULL));
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  check_refused (empty, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  check_refused (text, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  check_refused (fifo, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  check_refused (folder, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  check_refused (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  g_unlink (empty);
  g_unlink (text);
  g_unlink (fifo);
  g_rmdir (folder);
}

/* Every byte of these matters: with the last twenty missing they are refused, not shown in part. */
static void
test_truncated (void)
{
  static const guint8 gif[] = {
    'G', 'I',  'F', '8', '9', 'a', 1, 0, 1, 0, 0x80, 0, 0, 255,  255, 255, 0,    0,
    0,   0x2c, 0,   0,   0,   0,   1, 0, 1, 0, 0,    2, 2, 0x44, 1,   0,   0x3b,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = kalon_image_new (40, 30);
  g_autofree char *folder = g_dir_make_tmp ("kalon-image-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "picture", NULL);
  g_autofree char *content = NULL;
  gsize size = 0;

  g_assert_no_error (error);
  for (gsize i = 0; i < 40 * 30 * 3; i++)
    image->pixels[i] = i * i % 251;
  for (guint kind = 0; kind < 3; kind++)
    {
      g_clear_pointer (&content, g_free);
      if (kind == 0)
        g_assert_true (kalon_image_save_png (image, path, &error));
      else if (kind == 1)
        g_assert_true (kalon_image_save_jpeg (image, path, 90, &error));
      else
        g_assert_true (g_file_set_contents (path, (const char *) gif, sizeof gif, &error));
      g_assert_no_error (error);
      g_clear_pointer (&image, kalon_image_free);
      image = kalon_image_load (path, 0, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &content, &size, &error));
      g_assert_true (g_file_set_contents (path, content, size - 20, &error));
      check_refused (path, KALON_ERROR, KALON_ERROR_INVALID_DATA);
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* What a header claims is refused before it is allocated. */
static void
test_huge (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = new_gradient (16, 16);
  g_autofree char *folder = g_dir_make_tmp ("kalon-image-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "huge", NULL);
  g_autofree char *png = NULL;
  g_autofree char *jpeg = NULL;
  gsize size = 0;

  g_assert_no_error (error);
  g_assert_true (kalon_image_save_png (image, path, &error));
  g_assert_true (g_file_get_contents (path, &png, &size, &error));
  /* IHDR's width and height: 65,552 each, and its CRC. */
  png[17] = png[21] = 1;
  memcpy (png + 29, "\xc7\x9e\x24\xc7", 4);
  g_assert_true (g_file_set_contents (path, png, size, &error));
  check_refused (path, KALON_ERROR, KALON_ERROR_TOO_LARGE);

  g_assert_true (kalon_image_save_jpeg (image, path, 90, &error));
  g_assert_true (g_file_get_contents (path, &jpeg, &size, &error));
  for (gsize at = 0; at + 9 < size; at++)
    if ((guint8) jpeg[at] == 0xff && (guint8) jpeg[at + 1] == 0xc0)
      memset (jpeg + at + 5, 0xfe, 4);
  g_assert_true (g_file_set_contents (path, jpeg, size, &error));
  check_refused (path, KALON_ERROR, KALON_ERROR_TOO_LARGE);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_save (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = new_gradient (33, 21);
  g_autoptr (KalonImage) exact = NULL;
  g_autoptr (KalonImage) close = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kalon-image-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "picture", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "missing", "picture", NULL);
  guint64 difference = 0;

  g_assert_true (kalon_image_save_png (image, path, &error));
  exact = kalon_image_load (path, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (exact->pixels, 33 * 21 * 3, image->pixels, 33 * 21 * 3);

  /* Over the other one. */
  g_assert_true (kalon_image_save_jpeg (image, path, 95, &error));
  close = kalon_image_load (path, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 33 * 21 * 3; i++)
    difference += ABS (close->pixels[i] - image->pixels[i]);
  g_assert_cmpuint (difference, >, 0);
  g_assert_cmpuint (difference, <, 33 * 21 * 3 * 8);

  g_assert_false (kalon_image_save_png (image, nowhere, &error));
  g_assert_nonnull (error);
  g_unlink (path);
  /* Empty: nothing was left beside it. */
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_candidates (void)
{
  g_assert_true (kalon_image_is_candidate ("IMG_0001.JPG"));
  g_assert_true (kalon_image_is_candidate ("a.b.webp"));
  g_assert_true (kalon_image_is_candidate ("photo.heic"));
  g_assert_true (kalon_image_is_candidate ("_DSC1.NEF"));
  g_assert_false (kalon_image_is_candidate ("icon.svg"));
  g_assert_false (kalon_image_is_candidate ("favicon.ico"));
  g_assert_false (kalon_image_is_candidate ("notes.txt"));
  g_assert_false (kalon_image_is_candidate ("jpg"));
  g_assert_false (kalon_image_is_candidate ("folder.jpg/file"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/crop", test_crop);
  g_test_add_func ("/image/preprocess", test_preprocess_is_resize_and_crop);
  g_test_add_func ("/image/not-pictures", test_files_that_are_no_pictures);
  g_test_add_func ("/image/truncated", test_truncated);
  g_test_add_func ("/image/huge", test_huge);
  g_test_add_func ("/image/save", test_save);
  g_test_add_func ("/image/candidates", test_candidates);
  return g_test_run ();
}
