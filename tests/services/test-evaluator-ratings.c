/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "errors/kalon-errors.h"
#include "evaluator/kalon-evaluator-private.h"
#include "search-fixture.h"

static char *
write_file (SearchFixture *fixture, const char *content)
{
  char *path = g_build_filename (fixture->directory, "ratings", NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return path;
}

static void
check_refused (SearchFixture *fixture, const char *content, const char *message)
{
  g_autofree char *path = write_file (fixture, content);
  g_auto (KalonRatings) ratings = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (kalon_evaluator_read_ratings (path, "photos", &ratings, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_ava (SearchFixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_file (fixture, "1 953619 0 1 5 17 38 36 15 6 5 1 1 22 1396\r\n"
                                               "\n"
                                               "2  7   1 0 0 0 0 0 0 0 0 1 0 0 1\n");
  g_auto (KalonRatings) ratings = { 0 };
  g_autoptr (GError) error = NULL;

  kalon_evaluator_read_ratings (path, "photos", &ratings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ratings.paths->len, ==, 2);
  g_assert_cmpstr (ratings.paths->pdata[0], ==, "photos/953619.jpg");
  /* (2 + 15 + 68 + 190 + 216 + 105 + 48 + 45 + 10) / 124 */
  g_assert_cmpfloat_with_epsilon (g_array_index (ratings.ratings, double, 0), 699.0 / 124, 1e-12);
  g_assert_cmpfloat_with_epsilon (g_array_index (ratings.ratings, double, 1), 5.5, 1e-12);
  g_assert_cmpfloat (ratings.threshold, ==, 5);
}

static void
test_csv (SearchFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = write_file (fixture, "\xef\xbb\xbfid,Image , SCORE\n"
                             "1,\"a, \"\"b\"\".jpg\",1\n2,c.jpg, 4.5 \n3,c.jpg,2.5,more\r\n");
  g_auto (KalonRatings) ratings = { 0 };
  g_autoptr (GError) error = NULL;

  kalon_evaluator_read_ratings (path, "photos", &ratings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ratings.paths->len, ==, 2);
  g_assert_cmpstr (ratings.paths->pdata[0], ==, "photos/a, \"b\".jpg");
  g_assert_cmpstr (ratings.paths->pdata[1], ==, "photos/c.jpg");
  g_assert_cmpfloat_with_epsilon (g_array_index (ratings.ratings, double, 1), 3.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (ratings.threshold, 2.25, 1e-12);
}

static void
test_refused (SearchFixture *fixture, gconstpointer data)
{
  check_refused (fixture, "", "no rating in it");
  check_refused (fixture, "name,score\n", "no rating in it");
  check_refused (fixture, "picture,stars\na,1\n", "line 1 is neither");
  check_refused (fixture, "1 2 3\n", "line 1 is neither");
  check_refused (fixture, "name,score\na.jpg,1\nb.jpg,good\n", "line 3 has no number");
  check_refused (fixture, "name,score\na.jpg,inf\n", "line 2 has no number");
  check_refused (fixture, "name,score\n\"a.jpg,1\n", "line 2 has too few fields");
  check_refused (fixture, "name,score\n\"a\"b,1\n", "line 2 has too few fields");
  check_refused (fixture, "name,score\n,1\n", "line 2 names no picture");
  check_refused (fixture, "1 2 0 0 0 0 0 0 0 0 0 0 1 2 3\n", "line 1 counts no rating");
  check_refused (fixture, "1 2 1 0 0 0 0 0 0 0 0 0 1 2 3\n\n1 2 1 0 0 0 0 0 0 0 0 0 1 2 -3\n",
                 "line 3 has not the 15 numbers");
}

/* Ratings that are the scores of one model: it agrees with them wholly, and each model is told by
 * its own scores. */
static void
test_correlate (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) lines = g_string_new ("name,score\nnowhere.png,3\n");
  g_autoptr (KalonRatingFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *scores = NULL;
  g_autofree char *path = NULL;
  double others[N_PHOTOS], ratings[N_PHOTOS];
  const KalonRatingRow *row;
  guint n_above = 0;

  add_head (fixture);
  evaluator = kalon_evaluator_new (fixture->model, "none");
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      make_photo (fixture, i);
      g_ptr_array_add (paths, dup_photo_path (fixture, i));
    }
  scores = kalon_evaluator_score_pictures (evaluator, paths, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      g_autofree char *name = g_path_get_basename (paths->pdata[i]);

      ratings[i] = 1 - 2.0 * scores[i];
      g_string_append_printf (lines, "%s,%.9g\n", name, ratings[i]);
    }
  g_clear_pointer (&scores, g_free);
  kalon_evaluator_set_aesthetic_models (evaluator, KALON_CLIP_IQA_ID);
  scores = kalon_evaluator_score_pictures (evaluator, paths, NULL, &error);
  g_assert_no_error (error);
  path = write_file (fixture, lines->str);
  figures
      = kalon_evaluator_correlate_ratings (evaluator, path, fixture->photos, NULL, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kalon_evaluator_get_failures (evaluator)->len, ==, 1);
  g_assert_cmpuint (figures->n_pictures, ==, N_PHOTOS);
  g_assert_cmpfloat (figures->threshold, ==, 1);
  g_assert_cmpuint (figures->rows->len, ==, 2);
  row = g_ptr_array_index (figures->rows, 0);
  g_assert_cmpstr (row->model, ==, KALON_AESTHETIC_OWN_ID);
  g_assert_cmpfloat_with_epsilon (row->spearman.mean, -1, 1e-9);
  g_assert_cmpfloat_with_epsilon (row->pearson.mean, -1, 1e-6);
  g_assert_cmpfloat_with_epsilon (row->pearson.high, -1, 1e-6);
  row = g_ptr_array_index (figures->rows, 1);
  g_assert_cmpstr (row->model, ==, KALON_CLIP_IQA_ID);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      others[i] = scores[i];
      n_above += ratings[i] > 1;
    }
  g_assert_cmpfloat_with_epsilon (row->spearman.mean,
                                  kalon_metrics_get_spearman (others, ratings, N_PHOTOS), 1e-9);
  g_assert_cmpfloat_with_epsilon (figures->majority,
                                  MAX (n_above, N_PHOTOS - n_above) / (double) N_PHOTOS, 1e-12);
}

static void
test_few (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autofree char *path = write_file (fixture, "name,score\n00.png,1\n01.png,2\ngone.png,3\n");
  g_autoptr (KalonRatingFigures) figures = NULL;
  g_autoptr (GError) error = NULL;

  make_photo (fixture, 0);
  make_photo (fixture, 1);
  figures = kalon_evaluator_correlate_ratings (evaluator, path, fixture->photos, NULL, NAN, NULL,
                                               &error);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_null (figures);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD_SEARCH_TEST ("/evaluator-ratings/ava", test_ava);
  ADD_SEARCH_TEST ("/evaluator-ratings/csv", test_csv);
  ADD_SEARCH_TEST ("/evaluator-ratings/refused", test_refused);
  ADD_SEARCH_TEST ("/evaluator-ratings/correlate", test_correlate);
  ADD_SEARCH_TEST ("/evaluator-ratings/few", test_few);

  return g_test_run ();
}
