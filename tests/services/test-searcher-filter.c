/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-fixture.h"

#define N_ROWS N_PHOTOS

static KalonFilter *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  KalonFilter *filter = kalon_filter_parse (text, NULL, &error);

  g_assert_no_error (error);
  return filter;
}

/* Photos are "00.png" to "23.png". */
static gboolean
is_even (SearchFixture *fixture, gint64 id)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, NULL);
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (library, id, NULL);
  g_autofree char *name = g_path_get_basename (picture->path);

  return g_ascii_digit_value (name[1]) % 2 == 0;
}
#define EVEN "name:?0.png,?2.png,?4.png,?6.png,?8.png"

/* The results of @filtered are those of @all that are even, in their order and with their scores.
 */
static void
assert_even (SearchFixture *fixture, const GArray *all, const GArray *filtered, guint limit)
{
  guint n = 0;

  for (guint i = 0; i < all->len && n < limit; i++)
    {
      const KalonResult *result = &g_array_index (all, KalonResult, i);
      const KalonResult *own;

      if (!is_even (fixture, result->picture))
        continue;
      g_assert_cmpuint (n, <, filtered->len);
      own = &g_array_index (filtered, KalonResult, n++);
      g_assert_cmpint (own->picture, ==, result->picture);
      g_assert_cmpfloat (own->score, ==, result->score);
      g_assert_cmpuint (own->rank, ==, n);
    }
  g_assert_cmpuint (filtered->len, ==, n);
}

static void
test_full_list (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonQuery) query = make_query ("a photo of a dog");
  g_autoptr (KalonFilter) filter = parse (EVEN);
  g_autoptr (KalonResults) all = NULL;

  make_library (fixture);
  searcher = make_searcher (fixture);
  kalon_query_set_limit (query, 0);
  kalon_query_set_fold_duplicates (query, FALSE);
  all = search (searcher, query);
  g_assert_cmpuint (all->results->len, ==, N_ROWS);
  g_assert_cmpuint (all->n_filtered, ==, 0);
  kalon_query_set_filter (query, filter);
  /* Small limits are answered by another way than the full list. */
  for (guint limit = 0; limit <= N_ROWS; limit++)
    for (guint fold = 0; fold < 2; fold++)
      {
        g_autoptr (KalonResults) results = NULL;

        kalon_query_set_limit (query, limit);
        kalon_query_set_fold_duplicates (query, fold == 1);
        results = search (searcher, query);
        assert_even (fixture, all->results, results->results, limit == 0 ? N_ROWS : limit);
        g_assert_cmpuint (results->n_filtered, ==, N_ROWS / 2);
        g_assert_cmpuint (results->n_cut, ==, 0);
        g_assert_cmpuint (results->n_candidates, ==, N_ROWS);
      }
  /* Penalties look at all rows. */
  {
    g_autoptr (KalonResults) plain = NULL;
    g_autoptr (KalonResults) results = NULL;

    kalon_query_add_term (query, KALON_TERM_TEXT, "people", -1);
    results = search (searcher, query);
    kalon_query_set_filter (query, NULL);
    plain = search (searcher, query);
    assert_even (fixture, plain->results, results->results, N_ROWS);
  }
}

/* What is cut is told by the whole library, and what the filter took away from what was kept. */
static void
test_cut_and_aligned (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonQuery) query = make_query ("a photo of a dog");
  g_autoptr (KalonFilter) filter = parse (EVEN);
  const KalonAlignment alignment = { .rephrased = "a cat", .rephrase = 0.5f };

  make_library (fixture);
  searcher = make_searcher (fixture);
  kalon_query_set_limit (query, 0);
  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_alignment (query, &alignment);
  for (int strictness = 10; strictness <= 40; strictness += 10)
    {
      g_autoptr (KalonResults) all = NULL;
      g_autoptr (KalonResults) results = NULL;

      kalon_query_set_strictness (query, strictness);
      kalon_query_set_filter (query, NULL);
      all = search (searcher, query);
      kalon_query_set_filter (query, filter);
      results = search (searcher, query);
      assert_even (fixture, all->results, results->results, N_ROWS);
      assert_even (fixture, all->aligned, results->aligned, N_ROWS);
      g_assert_cmpuint (results->n_filtered, ==, all->results->len - results->results->len);
      g_assert_cmpuint (results->n_cut, ==, N_ROWS / 2 - results->results->len);
      g_assert_cmpuint (all->n_cut, ==, N_ROWS - all->results->len);
    }
}

static void
test_nothing_passes (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonQuery) query = make_query ("a photo of a dog");
  g_autoptr (KalonFilter) filter = parse ("camera:none-has-this");

  make_library (fixture);
  searcher = make_searcher (fixture);
  kalon_query_set_filter (query, filter);
  for (guint limit = 0; limit < 3; limit++)
    {
      g_autoptr (KalonResults) results = NULL;

      kalon_query_set_limit (query, limit);
      results = search (searcher, query);
      g_assert_cmpuint (results->results->len, ==, 0);
      g_assert_cmpuint (results->n_filtered, ==, N_ROWS);
    }
}

/* The bitmap is kept for a filter that comes again, but not when what it is of has changed. */
static void
test_follows_changes (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonQuery) query = make_query ("a photo of a dog");
  g_autoptr (KalonFilter) odd = parse ("name:5");
  g_autoptr (KalonFilter) liked = parse ("liked:yes");
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GError) error = NULL;
  const char *shown[3] = { NULL };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  static const guint expected[] = { 2, 3 };

  make_library (fixture);
  searcher = make_searcher (fixture);
  kalon_query_set_filter (query, odd);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (KalonResults) results = search (searcher, query);

      g_assert_cmpuint (results->results->len, ==, expected[i]);
      make_photo (fixture, 35);
      index_photos (fixture, fixture->model);
    }

  kalon_query_set_filter (query, liked);
  feedback = kalon_feedback_open (fixture->library_directory, &error);
  g_assert_no_error (error);
  {
    g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, NULL);
    g_autoptr (KalonPicture) a
        = kalon_library_get_picture (library, find_picture (fixture, 3), NULL);
    g_autoptr (KalonPicture) b
        = kalon_library_get_picture (library, find_picture (fixture, 4), NULL);

    shown[0] = first = g_strdup (a->content_hash);
    shown[1] = second = g_strdup (b->content_hash);
  }
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (KalonResults) results = search (searcher, query);

      g_assert_cmpuint (results->results->len, ==, i);
      if (i < 2)
        g_assert_true (kalon_feedback_add (feedback, "dog", TRUE, i, shown, NULL, &error));
      g_assert_no_error (error);
    }
}

#define ADD(name, test)                                                                            \
  g_test_add ("/searcher-filter/" name, SearchFixture, NULL, search_fixture_set_up, test,          \
              search_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("full-list", test_full_list);
  ADD ("cut-and-aligned", test_cut_and_aligned);
  ADD ("nothing-passes", test_nothing_passes);
  ADD ("follows-changes", test_follows_changes);
  return g_test_run ();
}
