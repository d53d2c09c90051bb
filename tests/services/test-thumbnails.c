/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "thumbnails/kalon-thumbnails.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

/* A folder of its own with a picture in it, as if it were a library; removed afterwards. */
typedef struct
{
  char *folder;
  char *picture;
} Fixture;

static KalonImage *
new_plain (guint width, guint height, guint8 level)
{
  KalonImage *image = kalon_image_new (width, height);

  memset (image->pixels, level, (gsize) width * height * 3);
  return image;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = new_plain (800, 400, 200);

  fixture->folder = g_dir_make_tmp ("kalon-thumbnails-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->picture = g_build_filename (fixture->folder, "picture with space.png", NULL);
  kalon_image_save_png (image, fixture->picture, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->picture);
}

static void
test_path (void)
{
  g_autofree char *path = kalon_thumbnail_dup_path ("/library", "ab12cd");

  g_assert_cmpstr (path, ==, "/library/thumbnails/ab/ab12cd.jpg");
}

static void
test_made_and_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) made = NULL;
  g_autoptr (KalonImage) kept = NULL;
  g_autofree char *own = kalon_thumbnail_dup_path (fixture->folder, "00ff");

  made = kalon_thumbnail_load (fixture->folder, fixture->picture, "00ff", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (made->width, ==, KALON_THUMBNAIL_SIZE);
  g_assert_cmpuint (made->height, ==, KALON_THUMBNAIL_SIZE / 2);
  g_assert_true (g_file_test (own, G_FILE_TEST_IS_REGULAR));

  /* From now on the picture itself is not needed. */
  g_assert_cmpint (g_remove (fixture->picture), ==, 0);
  kept = kalon_thumbnail_load (fixture->folder, fixture->picture, "00ff", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->width, ==, KALON_THUMBNAIL_SIZE);
  g_assert_cmpint (ABS (kept->pixels[0] - 200), <=, 2);
}

static void
test_damaged_cache_is_made_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = NULL;
  g_autofree char *own = kalon_thumbnail_dup_path (fixture->folder, "00ff");
  g_autofree char *folder = g_path_get_dirname (own);
  GStatBuf status;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (own, "half a JPEG", -1, NULL));
  image = kalon_thumbnail_load (fixture->folder, fixture->picture, "00ff", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (own, &status), ==, 0);
  g_assert_cmpint (status.st_size, >, 100);
}

static void
test_store (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = new_plain (300, 900, 40);
  g_autoptr (KalonImage) loaded = NULL;

  kalon_thumbnail_store (fixture->folder, "abcd", image, &error);
  g_assert_no_error (error);
  loaded = kalon_thumbnail_load (fixture->folder, "/nowhere", "abcd", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (loaded->width, ==, 85);
  g_assert_cmpuint (loaded->height, ==, KALON_THUMBNAIL_SIZE);
}

static guint32
crc (const guint8 *data, gsize size)
{
  guint32 value = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    {
      value ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        value = value & 1 ? value >> 1 ^ 0xedb88320 : value >> 1;
    }
  return ~value;
}

static void
append_be32 (GByteArray *to, guint32 value)
{
  const guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (to, (const guint8 *) &big, 4);
}

/* Writes @image where the desktop would keep the thumbnail of @picture, stamped @mtime. */
static void
write_desktop_thumbnail (const char *picture, const KalonImage *image, gint64 mtime)
{
  g_autofree char *uri = g_filename_to_uri (picture, NULL, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_MD5, uri, -1);
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "thumbnails", "large", NULL);
  g_autofree char *name = g_strconcat (digest, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *stamp = g_strdup_printf ("tEXtThumb::MTime%c%" G_GINT64_FORMAT, '?', mtime);
  const gsize stamp_size = strlen (stamp);
  g_autoptr (GByteArray) stamped = g_byte_array_new ();
  g_autofree char *png = NULL;
  gsize size = 0;

  stamp[strlen ("tEXtThumb::MTime")] = '\0';
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (kalon_image_save_png (image, path, NULL));
  g_assert_true (g_file_get_contents (path, &png, &size, NULL));
  /* Signature and IHDR are 33 bytes; our chunk goes behind them. */
  g_byte_array_append (stamped, (guint8 *) png, 33);
  append_be32 (stamped, stamp_size - 4);
  g_byte_array_append (stamped, (guint8 *) stamp, stamp_size);
  append_be32 (stamped, crc ((guint8 *) stamp, stamp_size));
  g_byte_array_append (stamped, (guint8 *) png + 33, size - 33);
  g_assert_true (g_file_set_contents (path, (char *) stamped->data, stamped->len, NULL));
}

static void
test_desktop_cache (Fixture *fixture, gconstpointer data)
{
  const struct utimbuf times = { 1500000000, 1500000000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) black = new_plain (256, 128, 0);
  g_autoptr (KalonImage) fresh = NULL;
  g_autoptr (KalonImage) stale = NULL;

  g_assert_cmpint (utime (fixture->picture, &times), ==, 0);

  write_desktop_thumbnail (fixture->picture, black, 1500000000);
  fresh = kalon_thumbnail_load (fixture->folder, fixture->picture, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fresh->pixels[0], ==, 0);

  write_desktop_thumbnail (fixture->picture, black, 1499999999);
  stale = kalon_thumbnail_load (fixture->folder, fixture->picture, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stale->pixels[0], ==, 200);
}

static void
test_unreadable_picture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image
      = kalon_thumbnail_load (fixture->folder, "/nowhere.jpg", "0123", NULL, &error);

  g_assert_null (image);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static KalonThumbnailUsage
get_usage (Fixture *fixture)
{
  KalonThumbnailUsage usage = { 77, 77 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kalon_thumbnails_get_usage_async (fixture->folder, NULL, answered_cb, &result);
  g_assert_true (kalon_thumbnails_get_usage_finish (wait_for (&result), &usage, &error));
  g_assert_no_error (error);
  return usage;
}

static void
test_clear (Fixture *fixture, gconstpointer data)
{
  const char *const hashes[] = { "ab01", "ab02", "cd03" };
  g_autoptr (KalonImage) image = new_plain (800, 400, 90);
  g_autofree char *own = kalon_thumbnail_dup_path (fixture->folder, "ab01");
  g_autofree char *outside = g_build_filename (fixture->folder, "outside", NULL);
  g_autofree char *picture = g_build_filename (outside, "own.jpg", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "thumbnails", "ef", NULL);
  g_autofree char *note = g_build_filename (fixture->folder, "thumbnails", "ab", "note.txt", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (get_usage (fixture).n_files, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    g_assert_true (kalon_thumbnail_store (fixture->folder, hashes[i], image, NULL));
  g_assert_cmpuint (get_usage (fixture).n_files, ==, 3);
  g_assert_cmpuint (get_usage (fixture).bytes, >, 300);
  /* What somebody else has put there stays, and so does what a link leads to. */
  g_assert_cmpint (g_mkdir (outside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (picture, "x", 1, NULL));
  g_assert_true (g_file_set_contents (note, "x", 1, NULL));
  g_assert_cmpint (symlink (outside, link), ==, 0);

  g_cancellable_cancel (cancellable);
  kalon_thumbnails_clear_async (fixture->folder, cancellable, answered_cb, &cancelled);
  g_assert_false (kalon_thumbnails_clear_finish (wait_for (&cancelled), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (g_file_test (own, G_FILE_TEST_EXISTS));

  kalon_thumbnails_clear_async (fixture->folder, NULL, answered_cb, &result);
  g_assert_true (kalon_thumbnails_clear_finish (wait_for (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (get_usage (fixture).n_files, ==, 0);
  g_assert_false (g_file_test (own, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (note, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (picture, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (link), ==, 0);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/thumbnails/path", test_path);
  ADD ("/thumbnails/made-and-kept", test_made_and_kept);
  ADD ("/thumbnails/damaged-cache", test_damaged_cache_is_made_again);
  ADD ("/thumbnails/store", test_store);
  ADD ("/thumbnails/desktop-cache", test_desktop_cache);
  ADD ("/thumbnails/clear", test_clear);
  ADD ("/thumbnails/unreadable", test_unreadable_picture);
  return g_test_run ();
}
