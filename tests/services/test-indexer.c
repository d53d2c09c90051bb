/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "aesthetics/kalon-aesthetics.h"
#include "errors/kalon-errors.h"
#include "indexer/kalon-indexer.h"
#include "library/kalon-library-private.h"
#include "thumbnails/kalon-thumbnails.h"
#include "test-folders.h"

/* Two models of the tree, so small that their random weights take no time. */
#define MODEL "quick-gelu-p16-f32"
#define OTHER_MODEL "gelu-p32-ragged-bf16"
#define HEAD MODEL "-mlp.safetensors"
#define OTHER_HEAD MODEL "-linear.safetensors"

typedef struct
{
  char *directory;
  char *photos;
  char *library_directory;
  char *model;
  char *other_model;
  KalonIndexerProgress progress; /* of the last run */
} Fixture;

static char *
dup_model_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "reference", "models", name, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-indexer-XXXXXX", NULL);
  fixture->photos = g_build_filename (fixture->directory, "photos", NULL);
  fixture->library_directory = g_build_filename (fixture->directory, "library", NULL);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
  fixture->model = dup_model_path (MODEL);
  fixture->other_model = dup_model_path (OTHER_MODEL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->photos);
  g_free (fixture->library_directory);
  g_free (fixture->model);
  g_free (fixture->other_model);
}

static char *
dup_photo_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->photos, name, NULL);
}

/* A picture of stripes and slopes that no other @seed gives. */
static void
make_photo (Fixture *fixture, const char *name, guint seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImage) image = kalon_image_new (64 + seed % 7, 48 + seed % 5);
  g_autofree char *path = dup_photo_path (fixture, name);
  g_autofree char *directory = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  for (guint y = 0; y < image->height; y++)
    for (guint x = 0; x < image->width; x++)
      {
        guint8 *pixel = image->pixels + 3 * (y * image->width + x);

        pixel[0] = (x * (seed % 11 + 1)) & 0xff;
        pixel[1] = (y * (seed % 13 + 1) + seed) & 0xff;
        pixel[2] = (x / 8 + y / 8 + seed) % 2 ? 220 : seed & 0xff;
      }
  if (g_str_has_suffix (name, ".png"))
    g_assert_true (kalon_image_save_png (image, path, &error));
  else
    g_assert_true (kalon_image_save_jpeg (image, path, 90, &error));
  g_assert_no_error (error);
}

static void
make_file (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = dup_photo_path (fixture, name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
delete_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_photo_path (fixture, name);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
move_file (Fixture *fixture, const char *from, const char *to)
{
  g_autofree char *from_path = dup_photo_path (fixture, from);
  g_autofree char *to_path = dup_photo_path (fixture, to);

  g_assert_cmpint (g_rename (from_path, to_path), ==, 0);
}

static gboolean
index_photos (Fixture *fixture, const char *model, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (fixture->library_directory, model, "none");
  const char *folders[] = { fixture->photos, NULL };

  return kalon_indexer_run (indexer, folders, NULL, NULL, &fixture->progress, cancellable, error);
}

/* Indexes and checks the counts, in this order; all of them add up. */
static void
assert_run (Fixture *fixture, gsize added, gsize updated, gsize unchanged, gsize renamed,
            gsize removed, gsize failed)
{
  g_autoptr (GError) error = NULL;
  const KalonIndexerProgress *progress = &fixture->progress;

  g_assert_true (index_photos (fixture, fixture->model, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (progress->phase, ==, KALON_INDEXER_FINISHED);
  g_assert_cmpuint (progress->added, ==, added);
  g_assert_cmpuint (progress->updated, ==, updated);
  g_assert_cmpuint (progress->unchanged, ==, unchanged);
  g_assert_cmpuint (progress->renamed, ==, renamed);
  g_assert_cmpuint (progress->removed, ==, removed);
  g_assert_cmpuint (progress->failed, ==, failed);
  g_assert_cmpuint (progress->found, ==, added + updated + unchanged + renamed + failed);
  g_assert_cmpuint (progress->done, ==, progress->found);
}

static KalonLibrary *
open_library (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KalonLibrary *library = kalon_library_open (fixture->library_directory, &error);

  g_assert_no_error (error);
  return library;
}

static KalonPicture *
find_photo (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = open_library (fixture);
  g_autofree char *path = dup_photo_path (fixture, name);
  KalonPicture *picture = kalon_library_find_picture (library, path, &error);

  g_assert_no_error (error);
  return picture;
}

static gboolean
has_photo (Fixture *fixture, const char *name)
{
  g_autoptr (KalonPicture) picture = find_photo (fixture, name);

  return picture != NULL;
}

static char *
dup_reason (Fixture *fixture, const char *name)
{
  g_autoptr (KalonLibrary) library = open_library (fixture);
  g_autoptr (GPtrArray) failures = kalon_library_list_failures (library, NULL);
  g_autofree char *path = dup_photo_path (fixture, name);

  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (failures, i);

      if (strcmp (failure->path, path) == 0)
        return g_strdup (failure->reason);
    }
  return NULL;
}

static gboolean
has_failed (Fixture *fixture, const char *name)
{
  g_autofree char *reason = dup_reason (fixture, name);

  return reason != NULL;
}

/* The whole library in words: what is equal here answers equally. */
static char *
describe_library (const char *directory, const char *model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (directory, &error);
  g_autofree char *hash = kalon_model_dup_hash (model, NULL, &error);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (KalonIndex) index = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GPtrArray) failures = NULL;
  KalonModelConfig config;
  g_autofree float *embedding = NULL;

  g_assert_no_error (error);
  g_assert_true (kalon_model_config_load (model, &config, &error));
  embedding = g_new (float, config.projection);
  index = kalon_library_open_index (library, hash, config.projection, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_index_verify (index, NULL, &error));
  g_assert_no_error (error);
  rows = kalon_library_list_rows (library, hash, &error);
  for (guint i = 0; i < rows->len; i++)
    {
      const KalonLibraryRow *row = &g_array_index (rows, KalonLibraryRow, i);
      g_autoptr (KalonPicture) picture = kalon_library_get_picture (library, row->picture, &error);
      g_autofree char *thumbnail = kalon_thumbnail_dup_path (directory, picture->content_hash);

      g_assert_true (kalon_index_get_row (index, row->row, embedding, &error));
      g_assert_true (g_file_test (thumbnail, G_FILE_TEST_EXISTS));
      g_string_append_printf (words, "%u %s %s %ux%u %s %" G_GINT64_MODIFIER "x", i, picture->path,
                              picture->content_hash, picture->width, picture->height,
                              picture->format, picture->perceptual_hash);
      for (gsize j = 0; j < config.projection; j++)
        g_string_append_printf (words, " %.9g", embedding[j]);
      g_string_append_c (words, '\n');
    }
  failures = kalon_library_list_failures (library, &error);
  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (failures, i);

      g_string_append_printf (words, "failed %s %s\n", failure->path, failure->reason);
    }
  g_assert_no_error (error);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* The first line that differs, not two whole libraries. */
static void
assert_same_library (const char *a, const char *b)
{
  g_auto (GStrv) lines_a = g_strsplit (a, "\n", 0);
  g_auto (GStrv) lines_b = g_strsplit (b, "\n", 0);

  for (guint i = 0; lines_a[i] != NULL && lines_b[i] != NULL; i++)
    g_assert_cmpstr (lines_a[i], ==, lines_b[i]);
  g_assert_cmpuint (g_strv_length (lines_a), ==, g_strv_length (lines_b));
}

static void
test_added (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonPicture) picture = NULL;
  g_autoptr (KalonImage) thumbnail = NULL;
  g_autofree char *words = NULL;

  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "b.png", 2);
  make_photo (fixture, "sub/\xe9\xff.jpg", 3);
  make_photo (fixture, "sub/same as a.jpg", 1);
  make_file (fixture, "notes.txt", "no picture");
  make_file (fixture, ".hidden.jpg", "no picture");
  assert_run (fixture, 4, 0, 0, 0, 0, 0);
  g_assert_cmpuint (fixture->progress.other, ==, 1);
  g_assert_cmpuint (fixture->progress.excluded, ==, 1);
  words = describe_library (fixture->library_directory, fixture->model);
  g_assert_nonnull (strstr (words, "0 "));
  g_assert_nonnull (strstr (words, "3 "));

  picture = find_photo (fixture, "b.png");
  g_assert_nonnull (picture);
  g_assert_cmpstr (picture->format, ==, "png");
  g_assert_cmpuint (picture->width, ==, 66);
  g_assert_cmpuint (picture->height, ==, 50);
  g_assert_cmpuint (strlen (picture->content_hash), ==, 64);
  g_assert_cmpfloat (picture->luminance, >, 0);

  assert_run (fixture, 0, 0, 4, 0, 0, 0);
}

/* Gives the model a head of tests/reference/aesthetics, or (NULL) takes it away. */
static void
put_head (const char *model, const char *name)
{
  g_autofree char *to = g_build_filename (model, KALON_AESTHETIC_FILE, NULL);
  g_autofree char *from = NULL;
  g_autofree char *content = NULL;
  gsize size;

  if (name == NULL)
    {
      g_assert_cmpint (g_unlink (to), ==, 0);
      return;
    }
  from = g_test_build_filename (G_TEST_DIST, "reference", "aesthetics", name, NULL);
  g_assert_true (g_file_get_contents (from, &content, &size, NULL));
  g_assert_true (g_file_set_contents (to, content, size, NULL));
}

/* A copy of the model that may have a head. */
static void
copy_model (Fixture *fixture)
{
  g_autofree char *copy = g_build_filename (fixture->directory, "model", NULL);

  copy_folder (fixture->model, copy);
  g_free (fixture->model);
  fixture->model = g_steal_pointer (&copy);
}

/* (transfer full): the scores of all rows, NaN where there is none */
static GArray *
list_scores (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = open_library (fixture);
  g_autofree char *hash = kalon_model_dup_hash (fixture->model, NULL, &error);
  g_autoptr (GArray) rows = kalon_library_list_rows (library, hash, &error);
  GArray *scores = g_array_new (FALSE, FALSE, sizeof (float));

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_array_append_val (scores, g_array_index (rows, KalonLibraryRow, i).aesthetic);
  return scores;
}

static void
assert_scored (Fixture *fixture, guint n, gboolean scored)
{
  g_autoptr (GArray) scores = list_scores (fixture);

  g_assert_cmpuint (scores->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (isfinite (g_array_index (scores, float, i)), ==, scored);
}

/* A head that comes later, or another one, scores what is there without embedding it again. */
static void
test_scores (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) at_once = NULL;
  g_autoptr (GArray) later = NULL;
  g_autofree char *head = NULL;
  g_autofree char *model_hash = NULL;
  g_autofree char *with_head_hash = NULL;

  copy_model (fixture);
  model_hash = kalon_model_dup_hash (fixture->model, NULL, &error);
  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "b.png", 2);
  assert_run (fixture, 2, 0, 0, 0, 0, 0);
  assert_scored (fixture, 2, FALSE);

  put_head (fixture->model, HEAD);
  with_head_hash = kalon_model_dup_hash (fixture->model, NULL, &error);
  g_assert_cmpstr (with_head_hash, ==, model_hash);
  make_photo (fixture, "c.png", 3);
  assert_run (fixture, 1, 2, 0, 0, 0, 0);
  assert_scored (fixture, 3, TRUE);
  assert_run (fixture, 0, 0, 3, 0, 0, 0);
  later = list_scores (fixture);

  put_head (fixture->model, OTHER_HEAD);
  assert_run (fixture, 0, 3, 0, 0, 0, 0);
  assert_scored (fixture, 3, TRUE);
  put_head (fixture->model, NULL);
  assert_run (fixture, 0, 0, 3, 0, 0, 0);
  assert_scored (fixture, 3, FALSE);

  /* The same scores as in a library that had the head from the start. */
  put_head (fixture->model, HEAD);
  remove_tree (fixture->library_directory);
  assert_run (fixture, 3, 0, 0, 0, 0, 0);
  at_once = list_scores (fixture);
  for (guint i = 0; i < at_once->len; i++)
    g_assert_cmpfloat (g_array_index (at_once, float, i), ==, g_array_index (later, float, i));

  head = g_build_filename (fixture->model, KALON_AESTHETIC_FILE, NULL);
  g_assert_true (g_file_set_contents (head, "no head", -1, NULL));
  g_assert_false (index_photos (fixture, fixture->model, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "aesthetic head"));
  assert_scored (fixture, 3, TRUE);
}

/* Other bytes, of the same size and time. */
static void
spoil (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_photo_path (fixture, name);
  struct stat status;
  struct timespec times[2];
  int fd = open (path, O_WRONLY);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fstat (fd, &status), ==, 0);
  g_assert_cmpint (pwrite (fd, "spoiled!", 8, 0), ==, 8);
  times[0] = status.st_atim;
  times[1] = status.st_mtim;
  g_assert_cmpint (futimens (fd, times), ==, 0);
  close (fd);
}

static void
forget_measures (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = open_library (fixture);

  g_assert_true (
      kalon_storage_execute (library->storage, "UPDATE pictures SET measures = NULL", &error));
  g_assert_no_error (error);
}

/* (transfer full): as kalon_library_list_measures() */
static GArray *
list_measures (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = open_library (fixture);
  g_autofree char *hash = kalon_model_dup_hash (fixture->model, NULL, &error);
  GArray *measures = kalon_library_list_measures (library, hash, &error);

  g_assert_no_error (error);
  return measures;
}

/* Pictures of a catalogue that had no measures get them, and are neither encoded nor scored anew;
 * a blend that needs nothing but what is stored reads no file. */
static void
test_measures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) first = NULL;
  g_autoptr (GArray) none = NULL;
  g_autoptr (GArray) again = NULL;

  copy_model (fixture);
  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "b.png", 2);
  assert_run (fixture, 2, 0, 0, 0, 0, 0);
  first = list_measures (fixture);
  g_assert_cmpuint (first->len, ==, 2);
  for (guint i = 0; i < 2 * KALON_N_MEASURES; i++)
    g_assert_true (isfinite (((float *) first->data)[i]));

  forget_measures (fixture);
  none = list_measures (fixture);
  g_assert_true (isnan (((float *) none->data)[0]));
  assert_run (fixture, 0, 2, 0, 0, 0, 0);
  again = list_measures (fixture);
  /* As many rows in the same order: nothing was encoded. */
  g_assert_cmpmem (first->data, 2 * KALON_N_MEASURES * sizeof (float), again->data,
                   again->len * KALON_N_MEASURES * sizeof (float));
  assert_run (fixture, 0, 0, 2, 0, 0, 0);

  spoil (fixture, "a.jpg");
  spoil (fixture, "b.png");
  put_head (fixture->model, HEAD);
  assert_run (fixture, 0, 2, 0, 0, 0, 0);
  assert_scored (fixture, 2, TRUE);
}

static void
touch (Fixture *fixture, const char *name, gint64 seconds)
{
  g_autofree char *path = dup_photo_path (fixture, name);
  struct timespec times[2] = { { seconds, 5 }, { seconds, 5 } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static void
test_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonPicture) before = NULL;
  g_autoptr (KalonPicture) touched = NULL;
  g_autoptr (KalonPicture) after = NULL;
  g_autofree char *old_thumbnail = NULL;

  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "b.jpg", 2);
  assert_run (fixture, 2, 0, 0, 0, 0, 0);
  before = find_photo (fixture, "a.jpg");

  touch (fixture, "a.jpg", 1000000000);
  assert_run (fixture, 0, 0, 2, 0, 0, 0);
  touched = find_photo (fixture, "a.jpg");
  g_assert_cmpint (touched->mtime, ==, G_GINT64_CONSTANT (1000000000000000005));
  g_assert_cmpint (touched->id, ==, before->id);

  make_photo (fixture, "a.jpg", 77);
  assert_run (fixture, 0, 1, 1, 0, 0, 0);
  after = find_photo (fixture, "a.jpg");
  g_assert_cmpint (after->id, ==, before->id);
  g_assert_cmpstr (after->content_hash, !=, before->content_hash);
  old_thumbnail = kalon_thumbnail_dup_path (fixture->library_directory, before->content_hash);
  g_assert_false (g_file_test (old_thumbnail, G_FILE_TEST_EXISTS));
  assert_run (fixture, 0, 0, 2, 0, 0, 0);
}

static void
test_renamed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonPicture) before = NULL;
  g_autoptr (KalonPicture) after = NULL;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "b.jpg", 2);
  make_photo (fixture, "sub/c.jpg", 3);
  make_photo (fixture, "sub/d.jpg", 4);
  assert_run (fixture, 4, 0, 0, 0, 0, 0);
  before = find_photo (fixture, "a.jpg");

  move_file (fixture, "a.jpg", "z.jpg");
  assert_run (fixture, 0, 0, 3, 1, 0, 0);
  after = find_photo (fixture, "z.jpg");
  g_assert_cmpint (after->id, ==, before->id);
  g_assert_false (has_photo (fixture, "a.jpg"));

  /* A whole folder, and a copy beside a picture that stays. */
  move_file (fixture, "sub", "other");
  make_photo (fixture, "copy of b.jpg", 2);
  assert_run (fixture, 1, 0, 2, 2, 0, 0);
  assert_run (fixture, 0, 0, 5, 0, 0, 0);

  /* Renamed twice over: two copies of one that is gone. */
  move_file (fixture, "z.jpg", "y.jpg");
  make_photo (fixture, "x.jpg", 1);
  assert_run (fixture, 1, 0, 4, 1, 0, 0);

  /* Two that change names are two that changed. */
  move_file (fixture, "x.jpg", "t.jpg");
  move_file (fixture, "b.jpg", "x.jpg");
  move_file (fixture, "t.jpg", "b.jpg");
  assert_run (fixture, 0, 2, 4, 0, 0, 0);
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonPicture) a = NULL;
  g_autoptr (KalonPicture) b = NULL;
  g_autofree char *thumbnail_a = NULL;
  g_autofree char *thumbnail_b = NULL;

  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "b.jpg", 2);
  make_photo (fixture, "copy of b.jpg", 2);
  make_file (fixture, "bad.jpg", "bad");
  assert_run (fixture, 3, 0, 0, 0, 0, 1);
  a = find_photo (fixture, "a.jpg");
  b = find_photo (fixture, "b.jpg");
  thumbnail_a = kalon_thumbnail_dup_path (fixture->library_directory, a->content_hash);
  thumbnail_b = kalon_thumbnail_dup_path (fixture->library_directory, b->content_hash);
  g_assert_true (g_file_test (thumbnail_a, G_FILE_TEST_EXISTS));

  delete_file (fixture, "a.jpg");
  delete_file (fixture, "b.jpg");
  delete_file (fixture, "bad.jpg");
  assert_run (fixture, 0, 0, 1, 0, 2, 0);
  g_assert_false (g_file_test (thumbnail_a, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (thumbnail_b, G_FILE_TEST_EXISTS));
}

static void
test_failed (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[]
      = { "empty.jpg", "text.jpg", "cut.jpg", "cut.png", "dangling.jpg", "fifo.jpg" };
  g_autofree char *cut = dup_photo_path (fixture, "cut.jpg");
  g_autofree char *cut_png = dup_photo_path (fixture, "cut.png");
  g_autofree char *dangling = dup_photo_path (fixture, "dangling.jpg");
  g_autofree char *fifo = dup_photo_path (fixture, "fifo.jpg");
  struct stat status;

  make_photo (fixture, "good.jpg", 1);
  make_photo (fixture, "cut.jpg", 2);
  make_photo (fixture, "cut.png", 2);
  g_assert_cmpint (stat (cut, &status), ==, 0);
  g_assert_cmpint (truncate (cut, status.st_size / 2), ==, 0);
  g_assert_cmpint (stat (cut_png, &status), ==, 0);
  g_assert_cmpint (truncate (cut_png, status.st_size / 2), ==, 0);
  make_file (fixture, "empty.jpg", "");
  make_file (fixture, "text.jpg", "this is no picture at all");
  g_assert_cmpint (symlink ("/no/such/file", dangling), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  for (guint run = 0; run < 2; run++)
    {
      assert_run (fixture, run == 0 ? 1 : 0, 0, run, 0, 0, G_N_ELEMENTS (bad));
      for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
        {
          g_autofree char *reason = dup_reason (fixture, bad[i]);

          g_assert_nonnull (reason);
          g_assert_cmpuint (strlen (reason), >, 10);
        }
    }

  /* Mended, and broken: what was good is not searched for under its old looks. */
  make_photo (fixture, "text.jpg", 5);
  make_file (fixture, "good.jpg", "not any more");
  assert_run (fixture, 1, 0, 0, 0, 0, G_N_ELEMENTS (bad));
  g_assert_false (has_failed (fixture, "text.jpg"));
  g_assert_true (has_photo (fixture, "text.jpg"));
  g_assert_false (has_photo (fixture, "good.jpg"));
}

static void
test_not_now (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_photo_path (fixture, "a.jpg");
  g_autofree char *reason = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  /* Unreadable for now says nothing about the picture that we have. */
  make_photo (fixture, "a.jpg", 1);
  assert_run (fixture, 1, 0, 0, 0, 0, 0);
  touch (fixture, "a.jpg", 1000);
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  assert_run (fixture, 0, 0, 0, 0, 0, 1);
  reason = dup_reason (fixture, "a.jpg");
  g_assert_nonnull (reason);
  g_assert_true (has_photo (fixture, "a.jpg"));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  assert_run (fixture, 0, 0, 1, 0, 0, 0);
  g_assert_false (has_failed (fixture, "a.jpg"));
}

static void
test_folder_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndexer) indexer
      = kalon_indexer_new (fixture->library_directory, fixture->model, "none");
  g_autofree char *away = g_build_filename (fixture->directory, "away", NULL);
  g_autofree char *typo = g_build_filename (fixture->directory, "phtoos", NULL);
  const char *typos[] = { typo, NULL };
  g_autoptr (KalonLibrary) library = NULL;
  g_auto (GStrv) folders = NULL;

  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "sub/b.jpg", 2);
  assert_run (fixture, 2, 0, 0, 0, 0, 0);

  g_assert_cmpint (g_rename (fixture->photos, away), ==, 0);
  assert_run (fixture, 0, 0, 0, 0, 0, 1);
  g_assert_true (has_photo (fixture, "a.jpg"));
  g_assert_true (has_failed (fixture, ""));

  /* The mount point of a disk that is not there. */
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
  assert_run (fixture, 0, 0, 0, 0, 0, 1);
  g_assert_true (has_photo (fixture, "sub/b.jpg"));

  g_assert_cmpint (g_rmdir (fixture->photos), ==, 0);
  g_assert_cmpint (g_rename (away, fixture->photos), ==, 0);
  assert_run (fixture, 0, 0, 2, 0, 0, 0);
  g_assert_false (has_failed (fixture, ""));

  g_assert_false (kalon_indexer_run (indexer, typos, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  library = open_library (fixture);
  folders = kalon_library_list_folders (library, NULL);
  g_assert_cmpuint (g_strv_length (folders), ==, 1);
}

static void
test_several_folders (Fixture *fixture, gconstpointer data)
{
  static const char *const excludes[] = { "b*", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndexer) indexer
      = kalon_indexer_new (fixture->library_directory, fixture->model, "none");
  g_autofree char *sub = dup_photo_path (fixture, "sub");
  g_autofree char *hidden = dup_photo_path (fixture, ".hidden");
  const char *both[] = { hidden, fixture->photos, sub, NULL };
  KalonIndexerProgress result;

  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "b.jpg", 2);
  make_photo (fixture, "sub/c.jpg", 3);
  make_photo (fixture, ".hidden/d.jpg", 4);
  g_assert_true (kalon_indexer_run (indexer, both, NULL, NULL, &result, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (result.added, ==, 4);

  /* The outer folder alone leaves the hidden one's pictures as they are. */
  assert_run (fixture, 0, 0, 4, 0, 0, 0);

  /* No folder is all of them; what is excluded now is removed, by the user's wish. */
  kalon_indexer_set_excludes (indexer, excludes);
  g_assert_true (kalon_indexer_run (indexer, NULL, NULL, NULL, &result, NULL, &error));
  g_assert_cmpuint (result.unchanged, ==, 3);
  g_assert_cmpuint (result.removed, ==, 1);
  /* Not the hidden folder, which is the library's own. */
  g_assert_cmpuint (result.excluded, ==, 1);
}

static void
test_other_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *other = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      make_photo (fixture, name, i);
    }
  assert_run (fixture, 5, 0, 0, 0, 0, 0);
  before = describe_library (fixture->library_directory, fixture->model);

  g_assert_true (index_photos (fixture, fixture->other_model, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->progress.updated, ==, 5);
  other = describe_library (fixture->library_directory, fixture->other_model);
  g_assert_false (g_str_equal (other, before));

  /* Back again: nothing was lost and nothing is computed. */
  assert_run (fixture, 0, 0, 5, 0, 0, 0);
  after = describe_library (fixture->library_directory, fixture->model);
  assert_same_library (after, before);

  /* A change is news to both. */
  make_photo (fixture, "0.jpg", 99);
  assert_run (fixture, 0, 1, 4, 0, 0, 0);
  g_assert_true (index_photos (fixture, fixture->other_model, NULL, &error));
  g_assert_cmpuint (fixture->progress.updated, ==, 1);
  g_assert_cmpuint (fixture->progress.unchanged, ==, 4);
}

/* The model, with a patch embedding so large that every pixel that is not zero overflows. */
static char *
make_overflowing_model (Fixture *fixture)
{
  static const char *const files[] = { "config.json", "vocab.json", "merges.txt" };
  const float huge = 3e38f;
  g_autofree char *weights = g_build_filename (fixture->model, "model.safetensors", NULL);
  char *directory = g_build_filename (fixture->directory, "overflowing", NULL);
  g_autofree char *to = g_build_filename (directory, "model.safetensors", NULL);
  g_autofree char *preprocess = g_build_filename (directory, "preprocessor_config.json", NULL);
  g_autofree char *content = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *offsets;
  guint64 header;
  gsize size;

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = g_build_filename (fixture->model, files[i], NULL);
      g_autofree char *copy = g_build_filename (directory, files[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (from, &text, NULL, NULL));
      g_assert_true (g_file_set_contents (copy, text, -1, NULL));
    }
  g_assert_true (g_file_get_contents (weights, &content, &size, NULL));
  memcpy (&header, content, sizeof header);
  g_assert_true (json_parser_load_from_data (parser, content + 8, header, &error));
  g_assert_no_error (error);
  offsets = json_object_get_array_member (
      json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)),
                                     "vision_model.embeddings.patch_embedding.weight"),
      "data_offsets");
  for (gint64 at = json_array_get_int_element (offsets, 0);
       at < json_array_get_int_element (offsets, 1); at += sizeof huge)
    memcpy (content + 8 + header + at, &huge, sizeof huge);
  g_assert_true (g_file_set_contents (to, content, size, NULL));
  g_assert_true (g_file_set_contents (
      preprocess,
      "{\"size\": {\"shortest_edge\": 48}, \"crop_size\": 48, \"image_mean\": [0, 0, 0], "
      "\"image_std\": [1, 1, 1]}",
      -1, NULL));
  return directory;
}

static void
test_not_finite (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *overflowing = make_overflowing_model (fixture);
  g_autoptr (KalonImage) black = kalon_image_new (40, 40);
  g_autofree char *path = dup_photo_path (fixture, "black.png");
  g_autofree char *reason = NULL;

  memset (black->pixels, 0, 40 * 40 * 3);
  g_assert_true (kalon_image_save_png (black, path, &error));
  make_photo (fixture, "a.jpg", 1);
  make_photo (fixture, "z.jpg", 2);
  g_assert_true (index_photos (fixture, overflowing, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->progress.added, ==, 1);
  g_assert_cmpuint (fixture->progress.failed, ==, 2);
  g_assert_true (has_photo (fixture, "black.png"));
  reason = dup_reason (fixture, "z.jpg");
  g_assert_nonnull (reason);

  /* It is the model that failed, not the pictures. */
  assert_run (fixture, 2, 1, 0, 0, 0, 0);
}

typedef struct
{
  KalonIndexer *indexer;
  GCancellable *cancellable;
  guint n_reports;
  gboolean cancel_encoding; /* as soon as it begins */
  gsize cancel_at;          /* pictures done */
  gboolean was_paused;
  gboolean finished;
} Watch;

static gboolean
resume_cb (gpointer user_data)
{
  kalon_indexer_set_paused (user_data, FALSE);
  return G_SOURCE_REMOVE;
}

static gpointer
resume_later (gpointer user_data)
{
  g_usleep (G_USEC_PER_SEC / 5);
  resume_cb (user_data);
  return NULL;
}

static void
watch_cb (const KalonIndexerProgress *progress, gpointer user_data)
{
  Watch *watch = user_data;

  g_assert_false (watch->finished);
  watch->n_reports++;
  g_assert_cmpuint (progress->done, <=, progress->found);
  if (progress->phase == KALON_INDEXER_PAUSED && !watch->was_paused)
    {
      watch->was_paused = TRUE;
      g_thread_unref (g_thread_new ("resume", resume_later, watch->indexer));
    }
  if (watch->cancel_encoding && progress->phase == KALON_INDEXER_ENCODING)
    g_cancellable_cancel (watch->cancellable);
  if (watch->cancel_at > 0 && progress->done >= watch->cancel_at)
    g_cancellable_cancel (watch->cancellable);
  if (progress->phase == KALON_INDEXER_FINISHED)
    watch->finished = TRUE;
}

static void
make_photos (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u/%u.jpg", i % 3, i);

      make_photo (fixture, name, i);
    }
}

static void
test_pause (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndexer) indexer
      = kalon_indexer_new (fixture->library_directory, fixture->model, "none");
  const char *folders[] = { fixture->photos, NULL };
  Watch watch = { .indexer = indexer };
  KalonIndexerProgress result;
  gint64 start = g_get_monotonic_time ();

  make_photos (fixture, 10);
  kalon_indexer_set_paused (indexer, TRUE);
  g_assert_true (kalon_indexer_run (indexer, folders, watch_cb, &watch, &result, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (watch.was_paused);
  g_assert_true (watch.finished);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC / 5);
  g_assert_cmpuint (result.added, ==, 10);
  g_assert_finalize_object (g_steal_pointer (&indexer));
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonIndexer) indexer
      = kalon_indexer_new (fixture->library_directory, fixture->model, "none");
  const char *folders[] = { fixture->photos, NULL };
  g_autofree char *expected = NULL;
  g_autofree char *resumed = NULL;
  gsize done = 0;

  make_photos (fixture, 80);
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (KalonLibrary) library = NULL;
      Watch watch = { .cancellable = cancellable, .cancel_at = done + 1 };
      KalonIndexerProgress result;
      KalonLibraryCounts counts;

      /* A fast machine may be done before the second report, but not before the first. */
      watch.cancel_encoding = round == 0;
      if (kalon_indexer_run (indexer, folders, watch_cb, &watch, &result, cancellable, &error))
        {
          g_assert_cmpuint (round, >, 0);
          done = 80;
          break;
        }
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* What was reported as done is there. */
      library = open_library (fixture);
      g_assert_true (kalon_library_count (library, "", &counts, NULL));
      g_assert_cmpuint (counts.pictures, ==, result.added + result.unchanged);
      g_assert_cmpuint (counts.pictures, >=, done);
      done = counts.pictures;
    }
  assert_run (fixture, 80 - done, 0, done, 0, 0, 0);
  resumed = describe_library (fixture->library_directory, fixture->model);

  remove_tree (fixture->library_directory);
  assert_run (fixture, 80, 0, 0, 0, 0, 0);
  expected = describe_library (fixture->library_directory, fixture->model);
  assert_same_library (resumed, expected);
}

/* In a process of its own, which the test kills. */
static int
run_child (char **argv)
{
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (argv[3], argv[2], "none");
  const char *folders[] = { argv[4], NULL };

  return kalon_indexer_run (indexer, folders, NULL, NULL, NULL, NULL, NULL) ? 0 : 1;
}

static pid_t
spawn_child (Fixture *fixture)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      execl (program, program, "--index", fixture->model, fixture->library_directory,
             fixture->photos, (char *) NULL);
      _exit (127);
    }
  return pid;
}

static void
test_kill (Fixture *fixture, gconstpointer data)
{
  g_autofree char *expected = NULL;
  g_autofree char *resumed = NULL;
  gint64 start;
  gint64 duration;
  guint n_killed = 0;
  int status;

  make_photos (fixture, 120);
  make_file (fixture, "bad.jpg", "no picture");
  start = g_get_monotonic_time ();
  g_assert_cmpint (waitpid (spawn_child (fixture), &status, 0), >, 0);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  duration = g_get_monotonic_time () - start;
  expected = describe_library (fixture->library_directory, fixture->model);
  remove_tree (fixture->library_directory);

  for (guint i = 0; i < 10; i++)
    {
      pid_t pid = spawn_child (fixture);

      g_usleep (g_test_rand_int_range (0, MAX (1000, duration / 3)));
      g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
      if (WIFSIGNALED (status))
        n_killed++;
    }
  g_test_message ("killed %u of 10, a whole run takes %" G_GINT64_FORMAT " ms", n_killed,
                  duration / 1000);
  g_assert_cmpuint (n_killed, >, 0);

  g_assert_cmpint (waitpid (spawn_child (fixture), &status, 0), >, 0);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  resumed = describe_library (fixture->library_directory, fixture->model);
  assert_same_library (resumed, expected);
}

static void
test_two_writers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = open_library (fixture);

  make_photo (fixture, "a.jpg", 1);
  g_assert_true (kalon_library_lock (library, &error));
  g_assert_false (index_photos (fixture, fixture->model, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  kalon_library_unlock (library);
  assert_run (fixture, 1, 0, 0, 0, 0, 0);
}

static void
test_damaged_catalogue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->library_directory, "catalogue.db", NULL);
  g_autofree char *after = NULL;
  g_autofree char *garbage = g_strnfill (8192, 'x');

  make_photo (fixture, "a.jpg", 1);
  assert_run (fixture, 1, 0, 0, 0, 0, 0);
  g_assert_true (g_file_set_contents (path, garbage, 8192, NULL));
  g_assert_false (index_photos (fixture, fixture->model, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_CATALOGUE);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpint (memcmp (after, garbage, 8192), ==, 0);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndexer) indexer
      = kalon_indexer_new (fixture->library_directory, fixture->model, "none");
  const char *folders[] = { fixture->photos, NULL };
  g_autoptr (GAsyncResult) result = NULL;
  KalonIndexerProgress progress;
  Watch watch = { 0 };

  make_photos (fixture, 20);
  kalon_indexer_run_async (indexer, folders, watch_cb, &watch, NULL, done_cb, &result);
  /* Nobody runs the main loop: nothing is called on a thread that is not ours. */
  g_usleep (G_USEC_PER_SEC / 10);
  g_assert_cmpuint (watch.n_reports, ==, 0);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (watch.finished);
  g_assert_true (kalon_indexer_run_finish (indexer, result, &progress, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (progress.added, ==, 20);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char *argv[])
{
  if (argc == 5 && strcmp (argv[1], "--index") == 0)
    return run_child (argv);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/indexer/added", test_added);
  ADD ("/indexer/changed", test_changed);
  ADD ("/indexer/renamed", test_renamed);
  ADD ("/indexer/removed", test_removed);
  ADD ("/indexer/failed", test_failed);
  ADD ("/indexer/not-now", test_not_now);
  ADD ("/indexer/folder-gone", test_folder_gone);
  ADD ("/indexer/several-folders", test_several_folders);
  ADD ("/indexer/other-model", test_other_model);
  ADD ("/indexer/not-finite", test_not_finite);
  ADD ("/indexer/pause", test_pause);
  ADD ("/indexer/scores", test_scores);
  ADD ("/indexer/measures", test_measures);
  ADD ("/indexer/cancel", test_cancel);
  ADD ("/indexer/kill", test_kill);
  ADD ("/indexer/two-writers", test_two_writers);
  ADD ("/indexer/damaged-catalogue", test_damaged_catalogue);
  ADD ("/indexer/async", test_async);
#undef ADD

  return g_test_run ();
}
