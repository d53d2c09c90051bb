/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "image/kalon-image.h"
#include "indexer/kalon-indexer.h"
#include "test-folders.h"

/* Two libraries of one folder: one is told what changed, the other looks at everything. */
typedef struct
{
  char *directory;
  char *photos;
  char *told;
  char *whole;
  char *model;
  KalonIndexerProgress progress; /* of the last update */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *made = g_dir_make_tmp ("kalon-update-XXXXXX", NULL);
  char *real = realpath (made, NULL);

  fixture->directory = g_strdup (real);
  free (real);
  fixture->photos = g_build_filename (fixture->directory, "photos", NULL);
  fixture->told = g_build_filename (fixture->directory, "told", NULL);
  fixture->whole = g_build_filename (fixture->directory, "whole", NULL);
  fixture->model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->photos);
  g_free (fixture->told);
  g_free (fixture->whole);
  g_free (fixture->model);
}

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->photos, name, NULL);
}

static void
make_photo (Fixture *fixture, const char *name, guint seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = kalon_image_new (48 + seed % 7, 40);
  g_autofree char *path = dup_path (fixture, name);
  g_autofree char *directory = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  for (guint i = 0; i < image->width * image->height * 3; i++)
    image->pixels[i] = (guint8) (i * (seed + 3) / 7);
  g_assert_true (kalon_image_save_png (image, path, &error));
  g_assert_no_error (error);
}

static void
rename_photo (Fixture *fixture, const char *from, const char *to)
{
  g_autofree char *old = dup_path (fixture, from);
  g_autofree char *new = dup_path (fixture, to);

  g_assert_cmpint (g_rename (old, new), ==, 0);
}

static void
delete_photo (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_path (fixture, name);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* What is in a library, by path, and what is not for which reason. */
static char *
describe (Fixture *fixture, const char *directory)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (directory, &error);
  g_autoptr (GArray) ids = kalon_library_list_pictures (library, NULL, NULL, &error);
  g_autoptr (GPtrArray) failures = kalon_library_list_failures (library, &error);
  g_autofree char *hash = kalon_model_dup_hash (fixture->model, NULL, &error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (KalonPicture) picture
          = kalon_library_get_picture (library, g_array_index (ids, gint64, i), &error);
      KalonLibraryEntry entry;

      g_assert_true (kalon_library_look_up (library, picture->path, hash, &entry, &error));
      g_assert_true (entry.failed || entry.embedded);
      g_ptr_array_add (lines,
                       g_strdup_printf ("%s %s %ux%u", picture->path + strlen (fixture->photos),
                                        picture->content_hash, picture->width, picture->height));
    }
  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (failures, i);

      g_ptr_array_add (lines, g_strdup_printf ("%s: %s", failure->path + strlen (fixture->photos),
                                               failure->reason));
    }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static void
run_whole (Fixture *fixture, const char *directory)
{
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (directory, fixture->model, "none");
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_indexer_run (indexer, (const char *const[]){ fixture->photos, NULL }, NULL,
                                    NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

/* Tells the one of @names, and holds it against the other. */
static void
update (Fixture *fixture, const char *const *names)
{
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (fixture->told, fixture->model, "none");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) paths = NULL;
  g_autofree char *told = NULL;
  g_autofree char *whole = NULL;

  for (; *names != NULL; names++)
    {
      g_autofree char *path = **names == '/'    ? g_strdup (*names)
                              : **names != '\0' ? dup_path (fixture, *names)
                                                : g_strdup (fixture->photos);

      g_strv_builder_add (builder, path);
    }
  paths = g_strv_builder_end (builder);
  g_assert_true (kalon_indexer_update (indexer, (const char *const *) paths, NULL, NULL,
                                       &fixture->progress, NULL, &error));
  g_assert_no_error (error);
  run_whole (fixture, fixture->whole);
  told = describe (fixture, fixture->told);
  whole = describe (fixture, fixture->whole);
  g_assert_cmpstr (told, ==, whole);
}

#define UPDATE(...) update (fixture, (const char *const[]){ __VA_ARGS__, NULL })

static void
assert_progress (Fixture *fixture, gsize found, gsize added, gsize renamed, gsize removed,
                 gsize failed)
{
  g_assert_cmpuint (fixture->progress.found, ==, found);
  g_assert_cmpuint (fixture->progress.added, ==, added);
  g_assert_cmpuint (fixture->progress.renamed, ==, renamed);
  g_assert_cmpuint (fixture->progress.removed, ==, removed);
  g_assert_cmpuint (fixture->progress.failed, ==, failed);
}

static void
fill (Fixture *fixture)
{
  make_photo (fixture, "a.png", 1);
  make_photo (fixture, "b.png", 2);
  make_photo (fixture, "s/c.png", 3);
  make_photo (fixture, "s/t/d.png", 4);
  run_whole (fixture, fixture->told);
  run_whole (fixture, fixture->whole);
}

/* After each change the library that was told is as one that looked at everything. */
static void
test_changes (Fixture *fixture, gconstpointer data)
{
  fill (fixture);

  make_photo (fixture, "s/e.png", 5);
  UPDATE ("s/e.png");
  assert_progress (fixture, 1, 1, 0, 0, 0);

  /* Named twice and by its folder: once. */
  make_photo (fixture, "s/f.png", 6);
  UPDATE ("s/f.png", "s", "s/f.png");
  assert_progress (fixture, 4, 1, 0, 0, 0);

  rename_photo (fixture, "a.png", "s/t/a2.png");
  UPDATE ("s/t/a2.png", "a.png");
  assert_progress (fixture, 1, 0, 1, 0, 0);

  rename_photo (fixture, "s/t", "u");
  UPDATE ("s/t", "u");
  assert_progress (fixture, 2, 0, 2, 0, 0);

  delete_photo (fixture, "s/e.png");
  UPDATE ("s/e.png");
  assert_progress (fixture, 0, 0, 0, 1, 0);

  make_photo (fixture, "b.png", 9);
  UPDATE ("b.png");
  g_assert_cmpuint (fixture->progress.updated, ==, 1);

  make_photo (fixture, "v/w/g.png", 7);
  make_photo (fixture, "v/.h/h.png", 8);
  UPDATE ("v");
  assert_progress (fixture, 1, 1, 0, 0, 0);
  g_assert_cmpuint (fixture->progress.excluded, ==, 1);
  UPDATE ("v/.h/h.png");
  assert_progress (fixture, 0, 0, 0, 0, 0);

  delete_photo (fixture, "v/w/g.png");
  delete_photo (fixture, "v/w");
  UPDATE ("v/w");
  assert_progress (fixture, 0, 0, 0, 1, 0);

  /* Of no folder of the library: not looked at. */
  UPDATE ("/nowhere/x.png", "/");
  assert_progress (fixture, 0, 0, 0, 0, 0);
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bad = dup_path (fixture, "bad.png");

  fill (fixture);
  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  UPDATE ("bad.png");
  assert_progress (fixture, 1, 0, 0, 0, 1);
  make_photo (fixture, "bad.png", 5);
  UPDATE ("bad.png");
  assert_progress (fixture, 1, 1, 0, 0, 0);
  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  UPDATE ("bad.png");
  delete_photo (fixture, "bad.png");
  UPDATE ("bad.png");
  assert_progress (fixture, 0, 0, 0, 0, 0);
}

static void
write_at (const char *path, const char *content, gsize size, gint64 seconds)
{
  struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

  g_assert_true (g_file_set_contents (path, content, (gssize) size, NULL));
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

/* A file that looks as it did is tried again where it is named itself, and only there. */
static void
test_retry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (fixture->told, fixture->model, "none");
  g_autofree char *path = dup_path (fixture, "s/x.png");
  g_autofree char *good = NULL;
  g_autofree char *bad = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  fill (fixture);
  make_photo (fixture, "s/x.png", 5);
  g_assert_true (g_file_get_contents (path, &good, &size, NULL));
  bad = g_malloc0 (size);
  write_at (path, bad, size, 1700000000);
  UPDATE ("s/x.png");
  assert_progress (fixture, 1, 0, 0, 0, 1);
  write_at (path, good, size, 1700000000);
  UPDATE ("s");
  g_assert_cmpuint (fixture->progress.failed, ==, 1);
  g_assert_true (kalon_indexer_update (indexer, (const char *const[]){ path, NULL }, NULL, NULL,
                                       &fixture->progress, NULL, &error));
  g_assert_no_error (error);
  assert_progress (fixture, 1, 1, 0, 0, 0);
}

/* A disk that goes takes nothing with it, whatever is said to have changed; and comes back. */
static void
test_folder_gone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *away = g_build_filename (fixture->directory, "away", NULL);

  fill (fixture);
  g_assert_cmpint (g_rename (fixture->photos, away), ==, 0);
  UPDATE ("a.png", "s", "");
  assert_progress (fixture, 1, 0, 0, 0, 1);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
  UPDATE ("s/c.png", "s/t");
  assert_progress (fixture, 1, 0, 0, 0, 1);
  g_assert_cmpint (g_rmdir (fixture->photos), ==, 0);
  g_assert_cmpint (g_rename (away, fixture->photos), ==, 0);
  UPDATE ("");
  assert_progress (fixture, 4, 0, 0, 0, 0);
  g_assert_cmpuint (fixture->progress.unchanged, ==, 4);
}

static KalonLibraryFolder *
get_folder (Fixture *fixture, KalonLibrary *library, GPtrArray **folders)
{
  g_autoptr (GError) error = NULL;

  *folders = kalon_library_get_folders (library, &error);
  g_assert_no_error (error);
  g_assert_cmpuint ((*folders)->len, ==, 1);
  return g_ptr_array_index (*folders, 0);
}

/* What is left out leaves with the next run, and returns. */
static void
test_excludes (Fixture *fixture, gconstpointer data)
{
  static const char *const patterns[] = { "t", "b*", "b*", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (GPtrArray) folders = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) of_all = NULL;
  KalonLibraryFolder *folder;
  KalonLibraryCounts counts;
  g_autofree char *described = NULL;

  make_photo (fixture, ".h.png", 5);
  fill (fixture);
  library = kalon_library_open (fixture->told, &error);
  folder = get_folder (fixture, library, &folders);
  g_assert_cmpuint (g_strv_length (folder->excludes), ==, 0);
  g_assert_cmpuint (folder->n_excluded, ==, 1);
  g_assert_cmpint (folder->scanned_at, >, 1700000000);
  g_assert_true (kalon_library_count_below (library, fixture->photos, "", &counts, &error));
  g_assert_cmpuint (counts.pictures, ==, 4);

  g_assert_true (kalon_library_set_excludes (library, fixture->photos, patterns, &error));
  run_whole (fixture, fixture->told);
  g_clear_pointer (&folders, g_ptr_array_unref);
  folder = get_folder (fixture, library, &folders);
  g_assert_cmpuint (g_strv_length (folder->excludes), ==, 2);
  g_assert_cmpstr (folder->excludes[0], ==, "b*");
  g_assert_cmpuint (folder->n_excluded, ==, 3);
  described = describe (fixture, fixture->told);
  g_assert_null (strstr (described, "/b.png"));
  g_assert_null (strstr (described, "/d.png"));
  g_assert_nonnull (strstr (described, "/a.png"));

  /* Of all folders, and the hidden ones. */
  g_assert_true (
      kalon_library_set_excludes (library, NULL, (const char *const[]){ "a*", NULL }, &error));
  g_assert_true (kalon_library_set_excludes (library, fixture->photos, none, &error));
  g_assert_true (kalon_library_set_include_hidden (library, fixture->photos, TRUE, &error));
  g_assert_no_error (error);
  of_all = kalon_library_list_excludes (library, NULL, &error);
  g_assert_cmpuint (g_strv_length (of_all), ==, 1);
  run_whole (fixture, fixture->told);
  g_free (described);
  described = describe (fixture, fixture->told);
  g_assert_null (strstr (described, "/a.png"));
  g_assert_nonnull (strstr (described, "/.h.png"));
  g_assert_nonnull (strstr (described, "/d.png"));

  g_assert_false (
      kalon_library_set_excludes (library, NULL, (const char *const[]){ "x/", NULL }, &error));
  g_assert_nonnull (strstr (error->message, "“x/”"));
  g_clear_error (&error);
  g_assert_false (kalon_library_set_excludes (library, "/nowhere", patterns, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* Rules go with their folder. */
  g_assert_true (kalon_library_set_excludes (library, fixture->photos, patterns, &error));
  g_assert_true (kalon_library_remove_folder (library, fixture->photos, &error));
  g_assert_true (kalon_library_add_folder (library, fixture->photos, &error));
  g_clear_pointer (&folders, g_ptr_array_unref);
  folder = get_folder (fixture, library, &folders);
  g_assert_cmpuint (g_strv_length (folder->excludes), ==, 0);
  g_assert_false (folder->include_hidden);
  g_assert_cmpint (folder->scanned_at, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/indexer-update/changes", test_changes);
  ADD ("/indexer-update/failures", test_failures);
  ADD ("/indexer-update/retry", test_retry);
  ADD ("/indexer-update/folder-gone", test_folder_gone);
  ADD ("/indexer-update/excludes", test_excludes);
#undef ADD

  return g_test_run ();
}
