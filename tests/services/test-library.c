/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "library/kalon-library-private.h"
#include "test-folders.h"

#define MODEL "0123456789abcdef"
#define OTHER_MODEL "fedcba9876543210"
#define DIMENSION 4

typedef struct
{
  char *directory;
  KalonLibrary *library;
} Fixture;

static KalonLibrary *
open_library (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KalonLibrary *library = kalon_library_open (fixture->directory, &error);

  g_assert_no_error (error);
  g_assert_nonnull (library);
  return library;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-library-XXXXXX", NULL);
  fixture->library = open_library (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->library);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static gint64
store_picture (KalonLibrary *library, const char *path, const char *content_hash)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonPicture) picture = g_new0 (KalonPicture, 1);

  picture->path = g_strdup (path);
  picture->size = 1234;
  picture->mtime = G_GINT64_CONSTANT (1700000000123456789);
  picture->content_hash = g_strdup (content_hash);
  picture->width = 640;
  picture->height = 480;
  picture->format = g_strdup ("jpeg");
  picture->perceptual_hash = G_GUINT64_CONSTANT (0xfedcba9876543210);
  picture->luminance = 50.5;
  picture->contrast = 12.25;
  picture->colourfulness = 33;
  picture->average[0] = 255;
  picture->average[1] = 128;
  picture->average[2] = 1;
  g_assert_true (kalon_library_store_picture (library, picture, &error));
  g_assert_no_error (error);
  g_assert_cmpint (picture->id, >, 0);
  return picture->id;
}

static void
store_picture_again (KalonLibrary *library, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonPicture) picture = kalon_library_find_picture (library, path, &error);

  g_assert_no_error (error);
  g_assert_true (kalon_library_store_picture (library, picture, &error));
  g_assert_no_error (error);
}

static void
assert_counts (KalonLibrary *library, gsize pictures, gsize indexed, gsize failures)
{
  g_autoptr (GError) error = NULL;
  KalonLibraryCounts counts;

  g_assert_true (kalon_library_count (library, MODEL, &counts, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (counts.pictures, ==, pictures);
  g_assert_cmpuint (counts.indexed, ==, indexed);
  g_assert_cmpuint (counts.failures, ==, failures);
}

static void
assert_orphan (KalonLibrary *library, const char *content_hash)
{
  g_auto (GStrv) hashes = kalon_library_list_orphans (library, NULL);

  g_assert_nonnull (hashes);
  g_assert_cmpstr (hashes[0], ==, content_hash);
}

static void
test_pictures (Fixture *fixture, gconstpointer data)
{
  static const char path[] = "/photos/caf\xe9 \xff.jpg";
  g_autoptr (GError) error = NULL;
  gint64 id = store_picture (fixture->library, path, "aa");
  g_autoptr (KalonPicture) read = kalon_library_get_picture (fixture->library, id, &error);
  g_autoptr (KalonPicture) copy = NULL;
  g_autoptr (KalonPicture) found = NULL;
  KalonLibraryEntry entry;

  g_assert_no_error (error);
  copy = kalon_picture_copy (read);
  g_assert_cmpstr (copy->path, ==, path);
  g_assert_cmpuint (copy->size, ==, 1234);
  g_assert_cmpint (copy->mtime, ==, G_GINT64_CONSTANT (1700000000123456789));
  g_assert_cmpstr (copy->content_hash, ==, "aa");
  g_assert_cmpuint (copy->width, ==, 640);
  g_assert_cmpuint (copy->height, ==, 480);
  g_assert_cmpstr (copy->format, ==, "jpeg");
  g_assert_null (copy->camera);
  g_assert_cmpuint (copy->perceptual_hash, ==, G_GUINT64_CONSTANT (0xfedcba9876543210));
  g_assert_cmpfloat (copy->luminance, ==, 50.5f);
  g_assert_cmpfloat (copy->contrast, ==, 12.25f);
  g_assert_cmpfloat (copy->colourfulness, ==, 33);
  g_assert_cmpuint (copy->average[0], ==, 255);
  g_assert_cmpuint (copy->average[1], ==, 128);
  g_assert_cmpuint (copy->average[2], ==, 1);

  g_assert_true (kalon_library_look_up (fixture->library, path, MODEL, &entry, &error));
  g_assert_cmpint (entry.id, ==, id);
  g_assert_false (entry.failed);
  g_assert_false (entry.embedded);
  g_assert_cmpint (entry.size, ==, 1234);

  g_assert_true (kalon_library_move_picture (fixture->library, id, "/b.jpg", 5, 6, &error));
  g_assert_null (kalon_library_find_picture (fixture->library, path, &error));
  g_assert_no_error (error);
  found = kalon_library_find_picture (fixture->library, "/b.jpg", &error);
  g_assert_cmpint (found->id, ==, id);
  g_assert_cmpuint (found->size, ==, 5);
  g_assert_cmpint (found->mtime, ==, 6);

  g_assert_true (kalon_library_remove_picture (fixture->library, id, &error));
  g_assert_null (kalon_library_get_picture (fixture->library, id, &error));
  g_assert_no_error (error);
  assert_orphan (fixture->library, "aa");
  /* An id never comes to mean another picture. */
  g_assert_cmpint (store_picture (fixture->library, path, "aa"), >, id);
  assert_orphan (fixture->library, NULL);
  g_assert_true (kalon_library_forget_orphans (fixture->library, &error));
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failures = NULL;
  KalonLibraryEntry entry;

  g_assert_true (
      kalon_library_store_failure (fixture->library, "/p/a.jpg", 10, 20, "first", &error));
  g_assert_true (
      kalon_library_store_failure (fixture->library, "/p/a.jpg", 11, 21, "second", &error));
  g_assert_true (kalon_library_store_failure (fixture->library, "/p/b.jpg", -1, 0, "b", &error));
  assert_counts (fixture->library, 0, 0, 2);

  failures = kalon_library_list_failures (fixture->library, &error);
  g_assert_cmpuint (failures->len, ==, 2);
  g_assert_cmpstr (((KalonFailure *) failures->pdata[0])->path, ==, "/p/a.jpg");
  g_assert_cmpstr (((KalonFailure *) failures->pdata[0])->reason, ==, "second");

  g_assert_true (kalon_library_look_up (fixture->library, "/p/a.jpg", MODEL, &entry, &error));
  g_assert_true (entry.failed);
  g_assert_cmpint (entry.size, ==, 11);
  g_assert_cmpint (entry.mtime, ==, 21);

  /* A picture that is good again is no failure any more. */
  store_picture (fixture->library, "/p/a.jpg", "aa");
  assert_counts (fixture->library, 1, 0, 1);
  /* With both, the scan is told of the picture. */
  g_assert_true (kalon_library_store_failure (fixture->library, "/p/a.jpg", -1, 0, "c", &error));
  g_assert_true (kalon_library_look_up (fixture->library, "/p/a.jpg", MODEL, &entry, &error));
  g_assert_false (entry.failed);
  assert_counts (fixture->library, 1, 0, 2);
  store_picture_again (fixture->library, "/p/a.jpg");
  assert_counts (fixture->library, 1, 0, 1);
  g_assert_true (kalon_library_look_up (fixture->library, "/p/b.jpg", MODEL, &entry, &error));
  g_assert_true (kalon_library_remove_failure (fixture->library, entry.id, &error));
  assert_counts (fixture->library, 1, 0, 0);
}

static void
test_folders (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) folders = NULL;
  g_auto (GStrv) rest = NULL;
  g_autofree char *link = g_build_filename (fixture->directory, "link", NULL);
  g_autofree char *real = g_build_filename (fixture->directory, "embeddings", NULL);

  g_assert_true (kalon_library_add_folder (fixture->library, "/p/a/", &error));
  g_assert_true (kalon_library_add_folder (fixture->library, "/p/a", &error));
  g_assert_true (kalon_library_add_folder (fixture->library, "/p/./a/../a/sub", &error));
  g_assert_cmpint (symlink (real, link), ==, 0);
  g_assert_true (kalon_library_add_folder (fixture->library, link, &error));
  g_assert_no_error (error);
  folders = kalon_library_list_folders (fixture->library, &error);
  g_assert_cmpuint (g_strv_length (folders), ==, 3);
  g_assert_true (g_strv_contains ((const char *const *) folders, "/p/a"));
  g_assert_true (g_strv_contains ((const char *const *) folders, "/p/a/sub"));

  store_picture (fixture->library, "/p/a/1.jpg", "aa");
  store_picture (fixture->library, "/p/a/sub/2.jpg", "bb");
  store_picture (fixture->library, "/p/ab/3.jpg", "cc");
  store_picture (fixture->library, "/p/a0.jpg", "dd");
  g_assert_true (kalon_library_store_failure (fixture->library, "/p/a/4.jpg", 1, 1, "r", &error));
  g_assert_true (kalon_library_store_failure (fixture->library, "/p/a", -1, 0, "gone", &error));

  g_assert_true (kalon_library_remove_folder (fixture->library, "/p/a", &error));
  g_assert_no_error (error);
  assert_counts (fixture->library, 3, 0, 0);
  g_assert_null (kalon_library_find_picture (fixture->library, "/p/a/1.jpg", &error));
  rest = kalon_library_list_folders (fixture->library, &error);
  g_assert_cmpuint (g_strv_length (rest), ==, 2);

  g_assert_false (kalon_library_remove_folder (fixture->library, "/p/a", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
append (KalonLibrary *library, KalonIndex *index, gint64 picture, float first, gboolean commit)
{
  g_autoptr (GError) error = NULL;
  float row[DIMENSION] = { first, 0, 0, 0 };
  gsize number;

  row[1] = sqrtf (1 - first * first);
  g_assert_true (kalon_index_append (index, row, 1, &number, &error));
  g_assert_no_error (error);
  if (!commit)
    return;
  g_assert_true (kalon_library_begin (library, &error));
  g_assert_true (kalon_library_store_row (library, MODEL, picture, number, &error));
  g_assert_true (kalon_library_commit (library, &error));
  g_assert_no_error (error);
}

static KalonIndex *
open_index (KalonLibrary *library)
{
  g_autoptr (GError) error = NULL;
  KalonIndex *index = kalon_library_open_index (library, MODEL, DIMENSION, &error);

  g_assert_no_error (error);
  return index;
}

static void
test_index (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) reader = open_library (fixture);
  g_autoptr (KalonIndex) index = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GArray) others = NULL;
  gint64 a = store_picture (fixture->library, "/a.jpg", "aa");
  gint64 b = store_picture (fixture->library, "/b.jpg", "bb");
  guint version = kalon_library_get_version (reader);

  g_assert_true (kalon_library_lock (fixture->library, &error));
  index = open_index (fixture->library);
  append (fixture->library, index, b, 0.5, TRUE);
  append (fixture->library, index, a, 0.25, TRUE);
  append (fixture->library, index, a, 0.75, FALSE);
  g_assert_cmpuint (kalon_index_get_n_rows (index), ==, 3);
  g_assert_cmpuint (kalon_library_get_version (reader), !=, version);
  assert_counts (reader, 2, 2, 0);

  rows = kalon_library_list_rows (reader, MODEL, &error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpuint (g_array_index (rows, KalonLibraryRow, 0).row, ==, 0);
  g_assert_cmpint (g_array_index (rows, KalonLibraryRow, 0).picture, ==, b);
  g_assert_cmpuint (g_array_index (rows, KalonLibraryRow, 1).row, ==, 1);
  g_assert_cmpint (g_array_index (rows, KalonLibraryRow, 1).picture, ==, a);
  g_assert_cmpuint (g_array_index (rows, KalonLibraryRow, 1).perceptual_hash, ==,
                    G_GUINT64_CONSTANT (0xfedcba9876543210));
  others = kalon_library_list_rows (reader, OTHER_MODEL, &error);
  g_assert_cmpuint (others->len, ==, 0);

  /* A reader sees what is committed, and does not cut what a living writer is about to ... */
  {
    g_autoptr (KalonIndex) seen = open_index (reader);

    g_assert_cmpuint (kalon_index_get_n_rows (seen), ==, 2);
    g_assert_true (kalon_index_refresh (seen, 3, &error));
    g_assert_no_error (error);
  }
  /* ... but once the writer is gone, it never will be committed. */
  g_clear_object (&index);
  kalon_library_unlock (fixture->library);
  index = open_index (reader);
  g_assert_cmpuint (kalon_index_get_n_rows (index), ==, 2);
  g_assert_false (kalon_index_refresh (index, 3, &error));
  g_clear_error (&error);

  /* New content: its embedding is over. */
  {
    g_autoptr (KalonPicture) picture = kalon_library_get_picture (reader, a, &error);

    g_assert_true (kalon_library_store_picture (reader, picture, &error));
    assert_counts (reader, 2, 2, 0);
    picture->content_hash[0] = 'c';
    g_assert_true (kalon_library_store_picture (reader, picture, &error));
    assert_counts (reader, 2, 1, 0);
  }
  g_assert_true (kalon_library_remove_picture (reader, b, &error));
  assert_counts (reader, 1, 0, 0);
}

/* The score of the @i-th row, NaN when it has none. */
static float
get_score (KalonLibrary *library, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = kalon_library_list_rows (library, MODEL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (i, <, rows->len);
  return g_array_index (rows, KalonLibraryRow, i).aesthetic;
}

static void
set_head (KalonLibrary *library, const char *hash)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_library_set_aesthetic_models (library, MODEL, hash, NULL, &error));
  g_assert_no_error (error);
}

/* Scores are of one head; another one, or none, starts anew. */
static void
test_scores (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndex) index = open_index (fixture->library);
  gint64 a = store_picture (fixture->library, "/a.jpg", "aa");
  gint64 b = store_picture (fixture->library, "/b.jpg", "bb");
  KalonLibraryEntry entry;

  append (fixture->library, index, a, 0.5, TRUE);
  append (fixture->library, index, b, 0.25, TRUE);
  set_head (fixture->library, "e1");
  g_assert_true (isnan (get_score (fixture->library, 0)));
  g_assert_true (kalon_library_store_aesthetic (fixture->library, MODEL, a, 5.25, &error));
  g_assert_true (kalon_library_store_aesthetic (fixture->library, OTHER_MODEL, b, 4, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (get_score (fixture->library, 0), ==, 5.25f);
  g_assert_true (isnan (get_score (fixture->library, 1)));
  g_assert_true (kalon_library_look_up (fixture->library, "/a.jpg", MODEL, &entry, &error));
  g_assert_true (entry.embedded && entry.scored);
  g_assert_true (kalon_library_look_up (fixture->library, "/b.jpg", MODEL, &entry, &error));
  g_assert_true (entry.embedded && !entry.scored);
  g_assert_cmpuint (entry.row, ==, 1);

  set_head (fixture->library, "e1");
  g_assert_cmpfloat (get_score (fixture->library, 0), ==, 5.25f);
  set_head (fixture->library, "e2");
  g_assert_true (isnan (get_score (fixture->library, 0)));
  g_assert_true (kalon_library_store_aesthetic (fixture->library, MODEL, a, 3, &error));
  g_assert_cmpfloat (get_score (fixture->library, 0), ==, 3);
  /* A new row is a new embedding. */
  append (fixture->library, index, a, 0.75, TRUE);
  g_assert_true (isnan (get_score (fixture->library, 1)));
  g_assert_true (kalon_library_store_aesthetic (fixture->library, MODEL, b, 2, &error));
  set_head (fixture->library, NULL);
  g_assert_true (isnan (get_score (fixture->library, 0)));
}

/* Members' scores come and go with the blend's and with the row. */
static void
test_member_scores (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndex) index = open_index (fixture->library);
  gint64 a = store_picture (fixture->library, "/a.jpg", "aa");
  g_autofree char *none = NULL;
  g_autofree char *shares = NULL;

  append (fixture->library, index, a, 0.5, TRUE);
  g_assert_true (kalon_library_get_aesthetic_models (fixture->library, MODEL, &none, &error));
  g_assert_null (none);
  g_assert_true (kalon_library_set_aesthetic_models (fixture->library, MODEL, "e1",
                                                     "own:1,clip-iqa:0.5", &error));
  g_assert_no_error (error);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (KalonPictureScores) before = NULL;
      g_autoptr (KalonPictureScores) scores = NULL;
      g_autoptr (KalonPictureScores) again = NULL;
      g_autoptr (KalonPictureScores) after = NULL;

      before = kalon_library_get_scores (fixture->library, MODEL, a, &error);
      g_assert_no_error (error);
      g_assert_true (isnan (before->aesthetic));
      g_assert_cmpuint (before->members->len, ==, 0);
      g_assert_true (kalon_library_store_aesthetic (fixture->library, MODEL, a, 5, &error));
      g_assert_true (
          kalon_library_store_member_score (fixture->library, MODEL, a, "own", 3, &error));
      g_assert_true (
          kalon_library_store_member_score (fixture->library, MODEL, a, "own", 4, &error));
      g_assert_true (
          kalon_library_store_member_score (fixture->library, MODEL, a, "clip-iqa", 7, &error));
      g_assert_no_error (error);
      scores = kalon_library_get_scores (fixture->library, MODEL, a, &error);
      g_assert_cmpfloat (scores->aesthetic, ==, 5);
      g_assert_cmpuint (scores->members->len, ==, 2);
      g_assert_cmpstr (g_array_index (scores->members, KalonMemberScore, 0).id, ==, "clip-iqa");
      g_assert_cmpfloat (g_array_index (scores->members, KalonMemberScore, 0).score, ==, 7);
      g_assert_cmpfloat (g_array_index (scores->members, KalonMemberScore, 1).score, ==, 4);
      /* Members of a blend that is called otherwise do not stay beside the new ones. */
      g_assert_true (kalon_library_store_aesthetic (fixture->library, MODEL, a, 6, &error));
      again = kalon_library_get_scores (fixture->library, MODEL, a, &error);
      g_assert_cmpfloat (again->aesthetic, ==, 6);
      g_assert_cmpuint (again->members->len, ==, 0);
      if (round == 0)
        append (fixture->library, index, a, 0.75, TRUE);
      else
        set_head (fixture->library, "e2");
      after = kalon_library_get_scores (fixture->library, MODEL, a, &error);
      g_assert_true (isnan (after->aesthetic));
      g_assert_cmpuint (after->members->len, ==, 0);
    }
  /* The choice stays, and the picture takes its scores along. */
  g_assert_true (kalon_library_get_aesthetic_models (fixture->library, MODEL, &shares, &error));
  g_assert_cmpstr (shares, ==, "own:1,clip-iqa:0.5");
  g_assert_true (kalon_library_store_member_score (fixture->library, MODEL, a, "own", 3, &error));
  g_assert_true (kalon_library_remove_picture (fixture->library, a, &error));
  g_assert_no_error (error);
}

/* Measures are of a content, whatever the model, and come in the order of the rows. */
static void
test_measures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndex) index = open_index (fixture->library);
  gint64 a = store_picture (fixture->library, "/a.jpg", "aa");
  gint64 b = store_picture (fixture->library, "/b.jpg", "bb");
  g_autoptr (KalonPicture) picture = NULL;
  g_autoptr (GArray) rows = NULL;
  KalonLibraryEntry entry;
  float measures[KALON_N_MEASURES], stored[KALON_N_MEASURES];

  append (fixture->library, index, b, 0.25, TRUE);
  append (fixture->library, index, a, 0.5, TRUE);
  for (guint i = 0; i < KALON_N_MEASURES; i++)
    measures[i] = (float) i / 3 - 5;
  g_assert_true (kalon_library_store_measures (fixture->library, a, measures, &error));
  g_assert_true (kalon_library_get_measures (fixture->library, a, stored, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (measures, sizeof measures, stored, sizeof stored);
  g_assert_true (kalon_library_look_up (fixture->library, "/a.jpg", MODEL, &entry, &error));
  g_assert_true (entry.measured);
  g_assert_true (kalon_library_look_up (fixture->library, "/b.jpg", MODEL, &entry, &error));
  g_assert_false (entry.measured);

  rows = kalon_library_list_measures (fixture->library, MODEL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_true (isnan (((float *) rows->data)[0]));
  g_assert_cmpmem ((float *) rows->data + KALON_N_MEASURES, sizeof measures, measures,
                   sizeof measures);

  picture = kalon_library_get_picture (fixture->library, a, &error);
  g_assert_true (kalon_library_store_picture (fixture->library, picture, &error));
  g_assert_true (kalon_library_get_measures (fixture->library, a, stored, &error));
  g_assert_no_error (error);
  g_assert_true (isnan (stored[0]));
}

static char *
dup_index_path (Fixture *fixture)
{
  return g_build_filename (fixture->directory, "embeddings", MODEL ".kemb", NULL);
}

static void
expect_forgotten (void)
{
  g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "*computed again*");
}

static void
test_index_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndex) index = open_index (fixture->library);
  g_autofree char *path = dup_index_path (fixture);
  gint64 a = store_picture (fixture->library, "/a.jpg", "aa");

  append (fixture->library, index, a, 0.5, TRUE);
  g_clear_object (&index);
  g_assert_cmpint (g_unlink (path), ==, 0);

  expect_forgotten ();
  index = open_index (fixture->library);
  g_test_assert_expected_messages ();
  assert_counts (fixture->library, 1, 0, 0);
  append (fixture->library, index, a, 0.5, TRUE);
  assert_counts (fixture->library, 1, 1, 0);

  /* The same model cannot give embeddings of another length. */
  g_clear_object (&index);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (kalon_library_open_index (fixture->library, MODEL, DIMENSION + 1, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
}

static void
test_index_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = dup_index_path (fixture);

  g_object_unref (open_index (fixture->library));
  g_assert_true (g_file_set_contents (path, "nonsense, and more of it", -1, NULL));
  g_assert_null (kalon_library_open_index (fixture->library, MODEL, DIMENSION, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "index again"));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) other = open_library (fixture);

  g_assert_true (kalon_library_add_folder (fixture->library, "/p", &error));
  g_assert_true (kalon_library_lock (fixture->library, &error));
  g_assert_false (kalon_library_lock (other, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (kalon_library_remove_folder (other, "/p", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  g_clear_error (&error);
  kalon_library_unlock (fixture->library);
  g_assert_true (kalon_library_lock (other, &error));
  g_assert_no_error (error);
}

static char *
dup_schema (KalonLibrary *library)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path
      = g_build_filename (kalon_library_get_directory (library), "catalogue.db", NULL);
  g_autoptr (KalonStorage) storage = kalon_storage_open (path, &kalon_library_format, &error);
  g_autoptr (KalonStatement) statement = NULL;

  g_assert_no_error (error);
  statement = kalon_storage_prepare (
      storage,
      "SELECT group_concat (sql, x'0a') FROM (SELECT sql FROM sqlite_master ORDER BY name)",
      &error);
  g_assert_no_error (error);
  g_assert_true (kalon_statement_next (statement, &error));
  return kalon_statement_dup_text (statement, 0);
}

/* @n_scored: embeddings with a score, all of the model's one head. No format so far had measures.
 */
static void
assert_scores (KalonLibrary *library, gint64 n_scored)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      library->storage,
      "SELECT count (*), count (aesthetic), (SELECT count (aesthetic_head) FROM models), (SELECT "
      "count (measures) FROM pictures), (SELECT count (*) FROM scores) FROM embeddings",
      &error);

  g_assert_no_error (error);
  g_assert_true (kalon_statement_next (statement, &error));
  g_assert_cmpint (kalon_statement_get_int (statement, 0), ==, 3);
  g_assert_cmpint (kalon_statement_get_int (statement, 1), ==, n_scored);
  g_assert_cmpint (kalon_statement_get_int (statement, 2), ==, n_scored > 0);
  g_assert_cmpint (kalon_statement_get_int (statement, 3), ==, 0);
  g_assert_cmpint (kalon_statement_get_int (statement, 4), ==, 0);
}

/* A catalogue that an earlier version wrote holds what it held, and is like a new one. */
static void
test_old_format (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    gint64 n_scored;
  } formats[] = { { "catalogue-1.db", 0 }, { "catalogue-2.db", 3 }, { "catalogue-3.db", 3 } };
  g_autofree char *new_schema = dup_schema (fixture->library);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *saved
          = g_test_build_filename (G_TEST_DIST, "services", formats[i].name, NULL);
      g_autofree char *old = g_build_filename (fixture->directory, formats[i].name, NULL);
      g_autofree char *catalogue = g_build_filename (old, "catalogue.db", NULL);
      g_autofree char *content = NULL;
      gsize size;
      g_autoptr (KalonLibrary) library = NULL;
      g_autoptr (KalonPicture) picture = NULL;
      g_autoptr (GPtrArray) failures = NULL;
      g_autofree char *schema = NULL;

      g_test_message ("%s", formats[i].name);
      g_assert_cmpint (g_mkdir (old, 0700), ==, 0);
      g_assert_true (g_file_get_contents (saved, &content, &size, &error));
      g_assert_true (g_file_set_contents (catalogue, content, size, &error));
      library = kalon_library_open (old, &error);
      g_assert_no_error (error);

      picture = kalon_library_find_picture (library, "/photos/caf\xe9 1.jpg", &error);
      g_assert_no_error (error);
      g_assert_nonnull (picture);
      g_assert_cmpuint (picture->width, >, 0);
      g_assert_nonnull (picture->format);
      failures = kalon_library_list_failures (library, &error);
      g_assert_cmpuint (failures->len, ==, 1);
      schema = dup_schema (library);
      g_assert_cmpstr (schema, ==, new_schema);
      assert_scores (library, formats[i].n_scored);
    }
}

static void
test_unusable_directory (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  g_autofree char *inside = NULL;
  int fd = g_file_open_tmp ("kalon-library-XXXXXX", &file, &error);

  g_assert_no_error (error);
  close (fd);
  inside = g_build_filename (file, "library", NULL);
  g_assert_null (kalon_library_open (inside, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_nonnull (strstr (error->message, "another library folder"));
  g_unlink (file);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/library/pictures", test_pictures);
  ADD ("/library/failures", test_failures);
  ADD ("/library/folders", test_folders);
  ADD ("/library/index", test_index);
  ADD ("/library/scores", test_scores);
  ADD ("/library/member-scores", test_member_scores);
  ADD ("/library/measures", test_measures);
  ADD ("/library/index-lost", test_index_lost);
  ADD ("/library/index-damaged", test_index_damaged);
  ADD ("/library/lock", test_lock);
  ADD ("/library/old-format", test_old_format);
#undef ADD
  g_test_add_func ("/library/unusable-directory", test_unusable_directory);

  return g_test_run ();
}
