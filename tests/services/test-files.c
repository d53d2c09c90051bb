/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "files/kalon-files.h"

/* The home, and in it the trash and the pictures, are folders of the test's own. */
static char *home;
static char *pictures;
static char *elsewhere;

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

static char *
write_file (const char *folder, const char *name, const char *content)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
  return path;
}

static void
assert_content (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, content);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

/* (transfer full) */
static KalonFilesResult *
trash (GPtrArray *paths)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KalonFilesResult *done;

  kalon_files_trash_async (paths, answered_cb, &result);
  done = kalon_files_trash_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  return done;
}

static KalonFilesResult *
restore (GPtrArray *trashed)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KalonFilesResult *done;

  kalon_files_restore_async (trashed, answered_cb, &result);
  done = kalon_files_restore_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  return done;
}

static void
test_trash (void)
{
  g_autofree char *infos = g_build_filename (home, "data", "Trash", "info", NULL);
  g_autofree char *folder = g_build_filename (pictures, "a folder, 100 %", NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KalonFilesResult) trashed = NULL, restored = NULL, again = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_ptr_array_add (paths, write_file (pictures, "lake.jpeg", "one"));
  g_ptr_array_add (paths, write_file (folder, "lake.jpeg", "two"));
  g_ptr_array_add (paths, write_file (pictures, "caf\303\251 \"x\".png", "three"));
  g_ptr_array_add (paths, g_build_filename (pictures, "never there.png", NULL));
  trashed = trash (paths);
  g_assert_cmpuint (trashed->n_done, ==, 3);
  g_assert_cmpuint (trashed->failures->len, ==, 1);
  g_assert_cmpuint (count_files (infos), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const KalonTrashed *file = g_ptr_array_index (trashed->trashed, i);

      g_assert_cmpstr (file->path, ==, g_ptr_array_index (paths, i));
      g_assert_false (g_file_test (file->path, G_FILE_TEST_EXISTS));
      g_assert_true (g_file_test (file->trashed, G_FILE_TEST_IS_REGULAR));
      g_assert_true (g_file_test (file->info, G_FILE_TEST_IS_REGULAR));
    }

  /* Back where they were, each of two of one name, though a folder went meanwhile and a file came.
   */
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (write_file (pictures, "caf\303\251 \"x\".png", "another"));
  restored = restore (trashed->trashed);
  g_assert_cmpuint (restored->n_done, ==, 2);
  g_assert_cmpuint (restored->failures->len, ==, 1);
  assert_content (pictures, "lake.jpeg", "one");
  assert_content (folder, "lake.jpeg", "two");
  assert_content (pictures, "caf\303\251 \"x\".png", "another");
  g_assert_cmpuint (count_files (infos), ==, 1);

  /* What is not there can't be restored twice. */
  again = restore (trashed->trashed);
  g_assert_cmpuint (again->n_done, ==, 0);
  g_assert_cmpuint (again->failures->len, ==, 3);
  assert_content (pictures, "lake.jpeg", "one");
}

/* Of several that were thrown away at one place, the last one is meant. */
static void
test_trash_again (void)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KalonFilesResult) first = NULL, second = NULL, restored = NULL;

  g_ptr_array_add (paths, write_file (pictures, "twice.png", "old"));
  first = trash (paths);
  g_free (write_file (pictures, "twice.png", "new"));
  second = trash (paths);
  restored = restore (second->trashed);
  g_assert_cmpuint (restored->n_done, ==, 1);
  assert_content (pictures, "twice.png", "new");
}

static void
progress_cb (guint n_done, guint n, gpointer user_data)
{
  guint *last = user_data;

  g_assert_cmpuint (n_done, ==, *last + 1);
  g_assert_cmpuint (n, ==, 4);
  *last = n_done;
}

static void
test_copy (void)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KalonFilesResult) done = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint last = 0;
  GStatBuf before, after;
  g_autofree char *copy = g_build_filename (elsewhere, "copied.jpeg", NULL);

  g_ptr_array_add (paths, write_file (pictures, "copied.jpeg", "copied"));
  g_ptr_array_add (paths, write_file (pictures, "taken.tar.gz", "ours"));
  g_ptr_array_add (paths, g_build_filename (pictures, "not there", NULL));
  g_ptr_array_add (paths, write_file (pictures, ".hidden", "dot"));
  g_free (write_file (elsewhere, "taken.tar.gz", "theirs"));
  g_free (write_file (elsewhere, "taken.tar (2).gz", "theirs too"));
  g_free (write_file (elsewhere, ".hidden", "their dot"));
  kalon_files_copy_async (paths, elsewhere, progress_cb, &last, NULL, answered_cb, &result);
  done = kalon_files_copy_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done->n_done, ==, 3);
  g_assert_cmpuint (done->failures->len, ==, 1);
  g_assert_cmpuint (last, ==, 4);
  assert_content (elsewhere, "copied.jpeg", "copied");
  assert_content (elsewhere, "taken.tar.gz", "theirs");
  assert_content (elsewhere, "taken.tar (2).gz", "theirs too");
  assert_content (elsewhere, "taken.tar (3).gz", "ours");
  assert_content (elsewhere, ".hidden", "their dot");
  assert_content (elsewhere, ".hidden (2)", "dot");
  /* Nothing half done lies about, and the originals are there. */
  g_assert_cmpuint (count_files (elsewhere), ==, 6);
  assert_content (pictures, "copied.jpeg", "copied");
  g_assert_cmpint (g_stat (g_ptr_array_index (paths, 0), &before), ==, 0);
  g_assert_cmpint (g_stat (copy, &after), ==, 0);
  g_assert_cmpint (before.st_mtime, ==, after.st_mtime);
}

static void
test_copy_cancelled (void)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (KalonFilesResult) done = NULL;
  g_autoptr (GAsyncResult) result = NULL, nowhere = NULL;
  g_autoptr (GError) error = NULL;
  guint n_before = count_files (elsewhere);

  g_ptr_array_add (paths, write_file (pictures, "cancelled.jpeg", "x"));
  g_cancellable_cancel (cancellable);
  kalon_files_copy_async (paths, elsewhere, NULL, NULL, cancellable, answered_cb, &result);
  done = kalon_files_copy_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done->n_done, ==, 0);
  g_assert_cmpuint (done->failures->len, ==, 0);
  g_assert_cmpuint (count_files (elsewhere), ==, n_before);

  kalon_files_copy_async (paths, "/nowhere at all", NULL, NULL, NULL, answered_cb, &nowhere);
  g_assert_null (kalon_files_copy_finish (wait_for (&nowhere), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  int status;

  /* Before anybody asks for them. */
  home = g_dir_make_tmp ("kalon-files-XXXXXX", NULL);
  data = g_build_filename (home, "data", NULL);
  pictures = g_build_filename (home, "pictures", NULL);
  elsewhere = g_build_filename (home, "elsewhere", NULL);
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_mkdir (pictures, 0700);
  g_mkdir (elsewhere, 0700);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/files/trash", test_trash);
  g_test_add_func ("/files/trash-again", test_trash_again);
  g_test_add_func ("/files/copy", test_copy);
  g_test_add_func ("/files/copy-cancelled", test_copy_cancelled);
  status = g_test_run ();
  remove_tree (home);
  g_free (home);
  g_free (pictures);
  g_free (elsewhere);
  return status;
}
