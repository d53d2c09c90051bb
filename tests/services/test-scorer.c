/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A library scored by several aesthetic models, from what is stored. */
#include <math.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "indexer/kalon-indexer.h"
#include "scorer/kalon-scorer.h"
#include "test-folders.h"

#define MODEL "quick-gelu-p16-f32"
#define N_PHOTOS 3

typedef struct
{
  char *directory;
  char *photos;
  char *library_directory;
  char *model; /* a copy with a head that needs measures */
  char *hash;
  gsize dimension;
} Fixture;

static char *
dup_reference_path (const char *folder, const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "reference", folder, name, NULL);
}

static void
make_photo (Fixture *fixture, guint seed)
{
  g_autoptr (KalonImage) image = kalon_image_new (60 + 9 * seed, 50);
  g_autofree char *name = g_strdup_printf ("%u.png", seed);
  g_autofree char *path = g_build_filename (fixture->photos, name, NULL);

  for (guint i = 0; i < 3 * image->width * image->height; i++)
    image->pixels[i] = (guint8) (i * (seed + 3) / 7 + (i % 3) * seed);
  g_assert_true (kalon_image_save_png (image, path, NULL));
}

static void
copy_head (const char *name, const char *to)
{
  g_autofree char *path = dup_reference_path ("aesthetics", name);
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_assert_true (g_file_set_contents (to, content, (gssize) size, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *reference = dup_reference_path ("models", MODEL);
  g_autofree char *head = NULL;
  KalonModelConfig config;

  fixture->directory = g_dir_make_tmp ("kalon-scorer-XXXXXX", NULL);
  fixture->photos = g_build_filename (fixture->directory, "photos", NULL);
  fixture->library_directory = g_build_filename (fixture->directory, "library", NULL);
  fixture->model = g_build_filename (fixture->directory, "model", NULL);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
  copy_folder (reference, fixture->model);
  head = g_build_filename (fixture->model, KALON_AESTHETIC_FILE, NULL);
  copy_head (MODEL "-mlp.safetensors", head);
  fixture->hash = kalon_model_dup_hash (fixture->model, NULL, NULL);
  g_assert_true (kalon_model_config_load (fixture->model, &config, NULL));
  fixture->dimension = config.projection;
  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->photos);
  g_free (fixture->library_directory);
  g_free (fixture->model);
  g_free (fixture->hash);
}

static void
index_photos (Fixture *fixture, const char *shares)
{
  g_autoptr (KalonIndexer) indexer
      = kalon_indexer_new (fixture->library_directory, fixture->model, "none");
  const char *folders[] = { fixture->photos, NULL };
  g_autoptr (GError) error = NULL;

  kalon_indexer_set_aesthetic_models (indexer, shares);
  g_assert_true (kalon_indexer_run (indexer, folders, NULL, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
import_head (Fixture *fixture, const char *id)
{
  g_autofree char *path = dup_reference_path ("aesthetics", MODEL "-linear.safetensors");
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_heads_import (path, id, KALON_HEAD_ACTIVATION_BY_NAME, fixture->hash,
                                     fixture->dimension, &error));
  g_assert_no_error (error);
}

static gboolean
score (Fixture *fixture, const char *shares, KalonScorerResult *result, GCancellable *cancellable,
       GError **error)
{
  return kalon_scorer_run (fixture->library_directory, fixture->model, "none", shares, NULL, NULL,
                           result, cancellable, error);
}

static void
assert_scored (Fixture *fixture, const char *shares)
{
  g_auto (KalonScorerResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (score (fixture, shares, &result, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (result.n_scored, ==, N_PHOTOS);
  g_assert_cmpuint (result.n_unmeasured, ==, 0);
}

/* (transfer full) (element-type KalonPictureScores): of all pictures, by id */
static GPtrArray *
list_scores (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, &error);
  g_autoptr (GArray) rows = kalon_library_list_rows (library, fixture->hash, &error);
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_picture_scores_free);

  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, N_PHOTOS);
  for (guint i = 0; i < rows->len; i++)
    {
      const KalonLibraryRow *row = &g_array_index (rows, KalonLibraryRow, i);
      KalonPictureScores *scores
          = kalon_library_get_scores (library, fixture->hash, row->picture, &error);

      g_assert_no_error (error);
      /* What ranking reads is what is shown. */
      g_assert_true (row->aesthetic == scores->aesthetic
                     || (isnan (row->aesthetic) && isnan (scores->aesthetic)));
      g_ptr_array_add (all, scores);
    }
  return all;
}

static const KalonMemberScore *
get_member (GPtrArray *all, guint picture, guint member)
{
  const KalonPictureScores *scores = g_ptr_array_index (all, picture);

  return &g_array_index (scores->members, KalonMemberScore, member);
}

static void
assert_same (GPtrArray *a, GPtrArray *b)
{
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      const KalonPictureScores *x = a->pdata[i], *y = b->pdata[i];

      g_assert_cmpfloat (x->aesthetic, ==, y->aesthetic);
      g_assert_cmpuint (x->members->len, ==, y->members->len);
      for (guint j = 0; j < x->members->len; j++)
        g_assert_cmpfloat (get_member (a, i, j)->score, ==, get_member (b, i, j)->score);
    }
}

/* The blend is the weighted mean of its members', and of no other run's. */
static void
test_library (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) own = NULL;
  g_autoptr (GPtrArray) blend = NULL;
  g_autoptr (GPtrArray) indexed = NULL;
  g_autoptr (GPtrArray) again = NULL;

  index_photos (fixture, NULL);
  own = list_scores (fixture);
  import_head (fixture, "mine");
  assert_scored (fixture, "own:1,clip-iqa:0.5,mine:0.25");
  blend = list_scores (fixture);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      const KalonPictureScores *scores = g_ptr_array_index (blend, i);
      const double clip_iqa = get_member (blend, i, 0)->score;
      const double mine = get_member (blend, i, 1)->score;
      const double first = get_member (blend, i, 2)->score;

      g_assert_cmpuint (scores->members->len, ==, 3);
      g_assert_cmpstr (get_member (blend, i, 0)->id, ==, "clip-iqa");
      g_assert_cmpstr (get_member (blend, i, 1)->id, ==, "mine");
      g_assert_cmpfloat (first, ==, get_member (own, i, 0)->score);
      g_assert_true (clip_iqa >= 0 && clip_iqa <= 10);
      g_assert_cmpfloat_with_epsilon (scores->aesthetic,
                                      (first + 0.5 * clip_iqa + 0.25 * mine) / 1.75, 1e-5);
    }

  /* An index run gives the very same, whether it scores at once or goes on with what was chosen. */
  remove_tree (fixture->library_directory);
  index_photos (fixture, "own:1,clip-iqa:0.5,mine:0.25");
  indexed = list_scores (fixture);
  assert_same (blend, indexed);
  index_photos (fixture, NULL);
  again = list_scores (fixture);
  assert_same (blend, again);
}

/* A run that ends early leaves what was there. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_auto (KalonScorerResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  index_photos (fixture, NULL);
  before = list_scores (fixture);
  import_head (fixture, "mine");
  g_cancellable_cancel (cancellable);
  g_assert_false (score (fixture, "mine", &result, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  after = list_scores (fixture);
  assert_same (before, after);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *shares;
    KalonError code;
    const char *message;
  } cases[] = {
    { "nobody", KALON_ERROR_ARGUMENT, "There is no aesthetic model “nobody”" },
    { "own:-1", KALON_ERROR_ARGUMENT, "no number above 0" },
    { "", KALON_ERROR_ARGUMENT, "names no aesthetic model" },
    { "other", KALON_ERROR_MISMATCH, "is for another model" },
    { "own,broken", KALON_ERROR_INVALID_DATA, "broken.safetensors" },
  };
  g_autofree char *linear = dup_reference_path ("aesthetics", MODEL "-linear.safetensors");
  g_autofree char *broken
      = g_build_filename (g_get_user_data_dir (), "kalon", "heads", "broken.safetensors", NULL);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;

  index_photos (fixture, NULL);
  before = list_scores (fixture);
  g_assert_true (kalon_heads_import (linear, "other", KALON_HEAD_ACTIVATION_NONE, "c0ffee",
                                     fixture->dimension, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (broken, "no head", -1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (KalonScorerResult) result = { 0 };

      g_assert_false (score (fixture, cases[i].shares, &result, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, KALON_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_clear_error (&error);
    }
  after = list_scores (fixture);
  assert_same (before, after);
  g_unlink (broken);
}

/* Only heads that say for which model they are, and only those for this one where it is asked. */
static void
test_heads (Fixture *fixture, gconstpointer data)
{
  static const char *const bad_ids[] = { "own", "clip-iqa", "", "a/b", "..", "a:1", "a,b" };
  g_autofree char *linear = dup_reference_path ("aesthetics", MODEL "-linear.safetensors");
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "kalon", "heads", NULL);
  g_autofree char *stray = g_build_filename (directory, "stray.safetensors", NULL);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) fitting = NULL;
  g_autoptr (GError) error = NULL;
  const KalonHead *head;

  for (gsize i = 0; i < G_N_ELEMENTS (bad_ids); i++)
    {
      g_assert_false (kalon_heads_import (linear, bad_ids[i], KALON_HEAD_ACTIVATION_NONE,
                                          fixture->hash, fixture->dimension, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
  import_head (fixture, "b");
  g_assert_true (kalon_heads_import (linear, "a", KALON_HEAD_ACTIVATION_NONE, "c0ffee",
                                     fixture->dimension, &error));
  copy_head (MODEL "-linear.safetensors", stray);
  g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "*does not say for which model*");
  all = kalon_heads_list (NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (all->len, ==, 2);
  head = g_ptr_array_index (all, 0);
  g_assert_cmpstr (head->id, ==, "a");
  g_assert_cmpstr (head->source, ==, MODEL "-linear.safetensors");
  g_unlink (stray);
  fitting = kalon_heads_list (fixture->hash);
  g_assert_cmpuint (fitting->len, ==, 1);
  head = g_ptr_array_index (fitting, 0);
  g_assert_cmpstr (head->id, ==, "b");
}

#define ADD(name, function) g_test_add ("/scorer/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("library", test_library);
  ADD ("cancelled", test_cancelled);
  ADD ("refused", test_refused);
  ADD ("heads", test_heads);
  return g_test_run ();
}
