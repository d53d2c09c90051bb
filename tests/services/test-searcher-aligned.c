/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "alignment/kalon-alignment-private.h"
#include "errors/kalon-errors.h"
#include "search-fixture.h"

#define QUERY "a quiet lake at dawn"
#define OTHER "glass hills under red rain"
#define TOLERANCE 1e-5

static KalonResults *
align (SearchFixture *fixture, KalonSearcher *searcher, const KalonAlignment *alignment)
{
  g_autoptr (KalonQuery) query = make_query (QUERY);
  KalonResults *results;

  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_limit (query, 0);
  kalon_query_set_alignment (query, alignment);
  results = search (searcher, query);
  g_assert_nonnull (results->aligned);
  g_assert_cmpuint (results->aligned->len, ==, results->results->len);
  return results;
}

static guint
find_rank (GArray *results, gint64 picture)
{
  for (guint i = 0; i < results->len; i++)
    if (g_array_index (results, KalonResult, i).picture == picture)
      return g_array_index (results, KalonResult, i).rank;
  g_assert_not_reached ();
}

/* Same pictures in score order; moves add up to the difference of ranks. */
static void
check_aligned (const KalonResults *results)
{
  for (guint i = 0; i < results->aligned->len; i++)
    {
      const KalonResult *result = &g_array_index (results->aligned, KalonResult, i);
      int sum = 0;

      g_assert_cmpuint (result->rank, ==, i + 1);
      g_assert_true (i == 0 || result->score <= result[-1].score);
      for (guint move = 0; move < KALON_N_MOVES; move++)
        sum += result->moves[move];
      g_assert_cmpint (sum, ==,
                       (int) find_rank (results->results, result->picture) - (int) result->rank);
    }
}

static double
get_spread (const KalonResults *results)
{
  g_autofree float *scores = g_new (float, results->results->len);

  for (guint i = 0; i < results->results->len; i++)
    scores[i] = get_result (results, i)->score;
  return kalon_taste_get_spread (scores, results->results->len);
}

/* Nothing to add: the aligned ranking is the baseline. */
static void
test_nothing (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonResults) results = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  make_library (fixture);
  results = align (fixture, searcher, &alignment);
  check_aligned (results);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      const KalonResult *aligned = &g_array_index (results->aligned, KalonResult, i);

      g_assert_cmpint (aligned->picture, ==, get_result (results, i)->picture);
      g_assert_cmpfloat_with_epsilon (aligned->score, get_result (results, i)->score, TOLERANCE);
    }
  g_assert_cmpuint (results->n_thumbs, ==, 0);
}

static void
test_rephrased (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonResults) results = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;
  gsize dimension = get_dimension (fixture);
  g_autofree float *blended = g_new (float, dimension);
  g_autofree float *other = g_new (float, dimension);
  g_autofree float *row = g_new (float, dimension);
  double length;

  make_library (fixture);
  alignment.rephrased = (char *) OTHER;
  alignment.rephrase = 0.75f;
  results = align (fixture, searcher, &alignment);
  check_aligned (results);
  encode_text (fixture, QUERY, blended);
  encode_text (fixture, OTHER, other);
  for (gsize i = 0; i < dimension; i++)
    blended[i] = 0.25f * blended[i] + 0.75f * other[i];
  length = sqrt (dot (blended, blended, dimension));
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      const KalonResult *result = &g_array_index (results->aligned, KalonResult, i);

      read_row (fixture, result->row, row);
      g_assert_cmpfloat_with_epsilon (result->similarity, dot (blended, row, dimension) / length,
                                      TOLERANCE);
      g_assert_cmpint (result->moves[KALON_MOVE_TASTE], ==, 0);
    }
}

static void
test_aesthetic (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonResults) plain = NULL;
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autofree char *hash = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;
  double spread;

  make_library (fixture);
  plain = align (fixture, searcher, &alignment);
  library = kalon_library_open (fixture->library_directory, NULL);
  hash = kalon_model_dup_hash (fixture->model, NULL, NULL);
  g_assert_true (kalon_library_set_aesthetic_models (library, hash, "blend", NULL, NULL));
  /* Every third has no score: it stays where it was. */
  for (guint i = 0; i < N_PHOTOS; i++)
    if (i % 3 != 0)
      g_assert_true (kalon_library_store_aesthetic (library, hash, get_result (plain, i)->picture,
                                                    i % 10, NULL));
  alignment.aesthetic = 0.5f;
  results = align (fixture, searcher, &alignment);
  check_aligned (results);
  spread = get_spread (plain);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      const KalonResult *result = &g_array_index (results->aligned, KalonResult, i);
      float aesthetic = result->aesthetic;

      g_assert_cmpfloat_with_epsilon (result->score - result->similarity,
                                      isnan (aesthetic) ? 0 : spread * 0.5 * (aesthetic - 5),
                                      TOLERANCE);
    }
}

static char *
dup_content_hash (SearchFixture *fixture, gint64 id)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, NULL);
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (library, id, NULL);

  return g_strdup (picture->content_hash);
}

/* A thumb on result @chosen of the aligned ranking's first eight. */
static gint64
thumb (SearchFixture *fixture, KalonFeedback *feedback, const KalonResults *results, guint chosen,
       gboolean liked)
{
  char *shown[9] = { NULL };
  g_autoptr (GError) error = NULL;
  gint64 id;

  for (guint i = 0; i < 8; i++)
    shown[i] = dup_content_hash (fixture, g_array_index (results->aligned, KalonResult, i).picture);
  g_assert_true (kalon_feedback_add (feedback, QUERY, liked, chosen, (const char *const *) shown,
                                     &id, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 8; i++)
    g_free (shown[i]);
  return id;
}

static void
assert_same (const KalonResults *a, const KalonResults *b)
{
  g_assert_cmpmem (a->aligned->data, a->aligned->len * sizeof (KalonResult), b->aligned->data,
                   b->aligned->len * sizeof (KalonResult));
}

/* A thumb lifts its picture; undo, forget and reset bring the earlier ranking back, to the bit. */
static void
test_taste (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (KalonResults) before = NULL;
  g_autoptr (KalonResults) liked = NULL;
  g_autoptr (KalonResults) twice = NULL;
  g_autoptr (KalonResults) after = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;
  gint64 picture, id;

  make_library (fixture);
  alignment.taste = 0.5f;
  before = align (fixture, searcher, &alignment);
  feedback = kalon_feedback_open (fixture->library_directory, NULL);
  picture = g_array_index (before->aligned, KalonResult, 6).picture;
  id = thumb (fixture, feedback, before, 6, TRUE);
  liked = align (fixture, searcher, &alignment);
  check_aligned (liked);
  g_assert_cmpuint (liked->n_thumbs, ==, 1);
  g_assert_cmpuint (find_rank (liked->aligned, picture), <, 7);
  for (guint i = 0; i < N_PHOTOS; i++)
    if (g_array_index (liked->aligned, KalonResult, i).picture == picture)
      g_assert_cmpint (g_array_index (liked->aligned, KalonResult, i).moves[KALON_MOVE_TASTE], >,
                       0);
  /* The baseline knows nothing of it. */
  for (guint i = 0; i < N_PHOTOS; i++)
    g_assert_cmpint (get_result (liked, i)->picture, ==, get_result (before, i)->picture);

  thumb (fixture, feedback, liked, 0, FALSE);
  twice = align (fixture, searcher, &alignment);
  g_assert_cmpuint (twice->n_thumbs, ==, 2);
  g_assert_true (kalon_feedback_undo (feedback, id, NULL));
  g_assert_true (kalon_feedback_forget_query (feedback, QUERY, NULL, NULL));
  after = align (fixture, searcher, &alignment);
  assert_same (after, before);

  /* The same thumb again gives the same ranking again, in another searcher too. */
  thumb (fixture, feedback, before, 6, TRUE);
  kalon_results_unref (g_steal_pointer (&after));
  after = align (fixture, searcher, &alignment);
  assert_same (after, liked);
  {
    g_autoptr (KalonSearcher) other = make_searcher (fixture);
    g_autoptr (KalonResults) again = align (fixture, other, &alignment);

    assert_same (again, liked);
  }
  g_assert_true (kalon_feedback_reset (feedback, NULL, NULL));
  kalon_results_unref (g_steal_pointer (&after));
  after = align (fixture, searcher, &alignment);
  assert_same (after, before);
}

static void
test_yardsticks (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (KalonResults) before = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  make_library (fixture);
  before = align (fixture, searcher, &alignment);
  feedback = kalon_feedback_open (fixture->library_directory, NULL);
  thumb (fixture, feedback, before, 5, TRUE);
  alignment.taste = 0.5f;
  for (guint method = 0; method < KALON_TASTE_N_METHODS; method++)
    {
      g_autoptr (KalonResults) results = NULL;
      gint64 liked = g_array_index (before->aligned, KalonResult, 5).picture;

      alignment.method = method;
      results = align (fixture, searcher, &alignment);
      check_aligned (results);
      if (method == KALON_TASTE_LEARNED || method == KALON_TASTE_ROCCHIO
          || method == KALON_TASTE_NEAREST)
        g_assert_cmpuint (find_rank (results->aligned, liked), <, 6);
    }
}

static void
fill (KalonAdapter *adapter)
{
  for (guint p = 0; p < adapter->n_parts; p++)
    for (gsize i = 0; i < adapter->parts[p].rows * adapter->dimension; i++)
      adapter->parts[p].values[i] = (float) (0.3 * sin (p + 2.3 * (double) i));
}

/* Each kind of adapter, with weights of its own, against the definition. */
static void
test_adapters (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autofree char *hash = kalon_model_dup_hash (fixture->model, NULL, NULL);
  g_autofree char *path = g_build_filename (fixture->directory, "adapter.safetensors", NULL);
  g_autoptr (KalonFeedback) feedback = NULL;
  gsize dimension = get_dimension (fixture);
  g_autofree float *query = g_new (float, dimension);
  g_autofree float *row = g_new (float, dimension);
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  make_library (fixture);
  feedback = kalon_feedback_open (fixture->library_directory, NULL);
  for (guint kind = 0; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonAdapter) adapter = kalon_adapter_new (kind, hash, dimension, 2, kind + 1);
      g_autoptr (KalonResults) results = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *content = NULL;
      const float *term;
      gsize size;

      fill (adapter);
      g_assert_true (kalon_adapter_save (adapter, path, &error));
      g_assert_true (g_file_get_contents (path, &content, &size, NULL));
      bytes = g_bytes_new (content, size);
      g_assert_true (
          kalon_feedback_store_part (feedback, KALON_PROFILE_ADAPTER, hash, bytes, &error));
      results = align (fixture, searcher, &alignment);
      check_aligned (results);
      encode_text (fixture, QUERY, query);
      kalon_adapter_apply_to_queries (adapter, query, 1);
      term = kalon_adapter_get_linear_term (adapter);
      for (guint i = 0; i < N_PHOTOS; i++)
        {
          const KalonResult *result = &g_array_index (results->aligned, KalonResult, i);
          double expected = 0;

          read_row (fixture, result->row, row);
          if (term != NULL)
            expected = dot (term, row, dimension);
          g_assert_true (kalon_adapter_apply_to_images (adapter, NULL, row, 1, NULL, &error));
          expected += dot (query, row, dimension);
          g_assert_cmpfloat_with_epsilon (result->similarity, expected, 2e-5);
        }
      alignment.adapter = FALSE;
      {
        g_autoptr (KalonResults) without = align (fixture, searcher, &alignment);

        for (guint i = 0; i < N_PHOTOS; i++)
          g_assert_cmpint (g_array_index (without->aligned, KalonResult, i).picture, ==,
                           get_result (without, i)->picture);
      }
      alignment.adapter = TRUE;
    }
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
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

/* What a profile learned goes into a file, and from it into another profile: the same ranking. */
static void
test_profile (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (KalonResults) before = NULL;
  g_autoptr (KalonResults) liked = NULL;
  g_autoptr (KalonResults) imported = NULL;
  g_autoptr (KalonTasteReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "profile.safetensors", NULL);
  static const char *const gone[] = { "gone", "away", NULL };
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;
  gint64 gone_id;

  make_library (fixture);
  alignment.taste = 0.5f;
  before = align (fixture, searcher, &alignment);
  feedback = kalon_feedback_open (fixture->library_directory, NULL);
  g_assert_true (kalon_feedback_add (feedback, QUERY, TRUE, 0, gone, &gone_id, &error));
  for (guint i = 0; i < 3; i++)
    thumb (fixture, feedback, before, 2 * i, TRUE);
  liked = align (fixture, searcher, &alignment);
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_searcher_report_taste_async (searcher, NULL, take_result, &result);
    report = kalon_searcher_report_taste_finish (searcher, wait_for (&result), &error);
    g_assert_no_error (error);
  }
  g_assert_cmpstr (report->profile, ==, KALON_PROFILE_DEFAULT);
  g_assert_cmpuint (report->n_thumbs, ==, 4);
  g_assert_cmpuint (report->n_learned, ==, 3);
  g_assert_cmpuint (report->learned->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (g_array_index (report->learned, gint64, i), >, gone_id);
  g_assert_cmpuint (strlen (report->model_hash), ==, 64);
  g_assert_cmpuint (report->curve->len, ==, 3);
  g_assert_cmpuint (report->raised->len, ==, KALON_TASTE_REPORT_PICTURES);
  g_assert_cmpfloat (g_array_index (report->raised, KalonTasteShift, 0).taste, >,
                     g_array_index (report->lowered, KalonTasteShift, 0).taste);
  g_assert_cmpuint (report->n_queries, ==, 1);
  g_assert_true (report->overlap > 0 && report->overlap <= 1);
  g_assert_cmpuint (report->drifts->len, ==, 1);
  g_assert_cmpstr (((KalonTasteDrift *) g_ptr_array_index (report->drifts, 0))->query, ==, QUERY);
  g_assert_cmpfloat (report->length, >, 0);

  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_searcher_export_profile_async (searcher, path, NULL, take_result, &result);
    g_assert_true (kalon_searcher_profile_finish (searcher, wait_for (&result), &error));
    g_assert_no_error (error);
  }
  g_assert_true (kalon_feedback_set_profile (feedback, "other", &error));
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_searcher_import_profile_async (searcher, path, NULL, take_result, &result);
    g_assert_true (kalon_searcher_profile_finish (searcher, wait_for (&result), &error));
    g_assert_no_error (error);
  }
  imported = align (fixture, searcher, &alignment);
  for (guint i = 0; i < N_PHOTOS; i++)
    g_assert_cmpint (g_array_index (imported->aligned, KalonResult, i).picture, ==,
                     g_array_index (liked->aligned, KalonResult, i).picture);
  g_assert_cmpuint (imported->n_thumbs, ==, 0);
}

static KalonResults *
align_by (KalonSearcher *searcher, const KalonAlignment *alignment, const char *profile,
          GError **error)
{
  g_autoptr (KalonQuery) query = make_query (QUERY);

  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_limit (query, 0);
  kalon_query_set_alignment (query, alignment);
  kalon_query_set_profile (query, profile);
  return kalon_searcher_search (searcher, query, NULL, error);
}

/* Ranked by another profile than the active one, it is as if that were active; which stays. */
static void
test_other_profile (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (KalonResults) plain = NULL;
  g_autoptr (KalonResults) liked = NULL;
  g_autoptr (KalonResults) other = NULL;
  g_autoptr (KalonResults) again = NULL;
  g_autoptr (KalonResults) grown = NULL;
  g_autoptr (KalonResults) grown_other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *active = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  make_library (fixture);
  alignment.taste = 0.5f;
  plain = align (fixture, searcher, &alignment);
  feedback = kalon_feedback_open (fixture->library_directory, NULL);
  for (guint i = 0; i < 3; i++)
    thumb (fixture, feedback, plain, 2 * i, TRUE);
  liked = align (fixture, searcher, &alignment);
  g_assert_cmpuint (liked->n_thumbs, ==, 3);

  g_assert_true (kalon_feedback_set_profile (feedback, "empty", &error));
  other = align_by (searcher, &alignment, KALON_PROFILE_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (other->n_thumbs, ==, 3);
  assert_same (other, liked);
  again = align (fixture, searcher, &alignment);
  g_assert_cmpuint (again->n_thumbs, ==, 0);
  assert_same (again, plain);
  active = kalon_feedback_dup_profile (feedback, &error);
  g_assert_cmpstr (active, ==, "empty");

  /* It follows what comes in. */
  g_assert_true (kalon_feedback_set_profile (feedback, KALON_PROFILE_DEFAULT, &error));
  thumb (fixture, feedback, plain, 1, FALSE);
  grown = align (fixture, searcher, &alignment);
  g_assert_true (kalon_feedback_set_profile (feedback, "empty", &error));
  grown_other = align_by (searcher, &alignment, KALON_PROFILE_DEFAULT, &error);
  g_assert_cmpuint (grown_other->n_thumbs, ==, 4);
  assert_same (grown_other, grown);

  g_assert_true (kalon_feedback_remove_profile (feedback, KALON_PROFILE_DEFAULT, &error));
  g_assert_null (align_by (searcher, &alignment, KALON_PROFILE_DEFAULT, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_clear_pointer (&again, kalon_results_unref);
  again = align (fixture, searcher, &alignment);
  assert_same (again, plain);
}

/* A library without pictures, and thumbs on pictures that left it. */
static void
test_gone (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query (QUERY);
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const shown[] = { "gone", "away", NULL };
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  index_photos (fixture, fixture->model);
  feedback = kalon_feedback_open (fixture->library_directory, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_feedback_add (feedback, QUERY, TRUE, 0, shown, NULL, &error));
  kalon_query_set_alignment (query, &alignment);
  results = kalon_searcher_search (searcher, query, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->aligned->len, ==, 0);
  g_assert_cmpuint (results->n_thumbs, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_SEARCH_TEST ("/aligned/nothing", test_nothing);
  ADD_SEARCH_TEST ("/aligned/rephrased", test_rephrased);
  ADD_SEARCH_TEST ("/aligned/aesthetic", test_aesthetic);
  ADD_SEARCH_TEST ("/aligned/taste", test_taste);
  ADD_SEARCH_TEST ("/aligned/yardsticks", test_yardsticks);
  ADD_SEARCH_TEST ("/aligned/adapters", test_adapters);
  ADD_SEARCH_TEST ("/aligned/profile", test_profile);
  ADD_SEARCH_TEST ("/aligned/other-profile", test_other_profile);
  ADD_SEARCH_TEST ("/aligned/gone", test_gone);

  return g_test_run ();
}
