/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <utime.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "indexer/kalon-indexer.h"
#include "search-fixture.h"
#include "test-folders.h"

#define N_IN_A_ROW 5000

static void
test_words (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a quiet lake at dawn");
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  gsize dimension = get_dimension (fixture);
  g_autofree float *text = g_new (float, dimension);
  g_autofree float *row = g_new (float, dimension);

  make_library (fixture);
  kalon_query_set_fold_duplicates (query, FALSE);
  results = search (searcher, query);
  g_assert_cmpuint (results->n_candidates, ==, N_PHOTOS);
  g_assert_cmpuint (results->n_pictures, ==, N_PHOTOS);
  g_assert_cmpuint (results->results->len, ==, N_PHOTOS);
  g_assert_cmpuint (results->n_dropped_tokens, ==, 0);
  g_assert_cmpuint (results->n_cut, ==, 0);
  encode_text (fixture, "a quiet lake at dawn", text);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      const KalonResult *result = get_result (results, i);

      read_row (fixture, result->row, row);
      g_assert_cmpfloat_with_epsilon (result->similarity, dot (text, row, dimension), 1e-5);
      g_assert_true (result->score == result->similarity);
      g_assert_true (g_hash_table_add (seen, (gpointer) &result->picture));
    }

  /* The limit takes the front of the same list. */
  kalon_query_set_limit (query, 5);
  {
    g_autoptr (KalonResults) first = search (searcher, query);

    g_assert_cmpuint (first->results->len, ==, 5);
    g_assert_cmpuint (first->n_candidates, ==, N_PHOTOS);
    for (guint i = 0; i < 5; i++)
      g_assert_cmpint (get_result (first, i)->picture, ==, get_result (results, i)->picture);
  }
}

/* Picture i of the ranking gets the score 9 - i % 4, every fifth none. */
static void
score_pictures (SearchFixture *fixture, const KalonResults *results)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, &error);
  g_autofree char *hash = kalon_model_dup_hash (fixture->model, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (kalon_library_set_aesthetic_models (library, hash, "blend", NULL, &error));
  for (guint i = 0; i < results->results->len; i++)
    if (i % 5 != 0)
      g_assert_true (kalon_library_store_aesthetic (library, hash, get_result (results, i)->picture,
                                                    9 - i % 4, &error));
  g_assert_no_error (error);
}

/* The limit is filled from however far down, and nothing that is good enough is lost. */
static void
test_min_aesthetic (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a photo of a dog");
  g_autoptr (KalonResults) all = NULL;
  guint n_good = 0;

  make_library (fixture);
  kalon_query_set_limit (query, 0);
  kalon_query_set_fold_duplicates (query, FALSE);
  all = search (searcher, query);
  score_pictures (fixture, all);
  for (guint i = 0; i < all->results->len; i++)
    n_good += i % 5 != 0 && i % 4 <= 1;
  g_assert_cmpuint (n_good, >, 3);
  kalon_query_set_min_aesthetic (query, 8);
  for (guint limit = 0; limit <= n_good; limit++)
    {
      g_autoptr (KalonResults) good = NULL;
      guint next = 0;

      kalon_query_set_limit (query, limit);
      good = search (searcher, query);
      g_assert_cmpuint (good->results->len, ==, limit == 0 ? n_good : limit);
      g_assert_cmpuint (good->n_unsightly, ==, all->results->len - n_good);
      for (guint i = 0; i < good->results->len; i++)
        {
          const KalonResult *result = get_result (good, i);

          while (next % 5 == 0 || next % 4 > 1)
            next++;
          g_assert_cmpint (result->picture, ==, get_result (all, next)->picture);
          g_assert_cmpfloat (result->aesthetic, ==, 9 - next % 4);
          next++;
        }
    }
}

/* The same results in another order: the best looking first, those without a score last. */
static void
test_sort_by_aesthetic (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a photo of a dog");
  g_autoptr (KalonResults) all = NULL;
  g_autoptr (KalonResults) sorted = NULL;
  g_autoptr (GError) error = NULL;

  make_library (fixture);
  kalon_query_set_limit (query, 7);
  kalon_query_set_fold_duplicates (query, FALSE);
  all = search (searcher, query);
  score_pictures (fixture, all);
  kalon_query_set_sort (query, KALON_SORT_AESTHETIC);
  sorted = kalon_searcher_search (searcher, query, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sorted->results->len, ==, 7);
  /* 9 - i % 4 of 1, 2, 3, 4, 6 in order of score, ties by relevance; 0 and 5 have none. */
  {
    static const guint order[] = { 4, 1, 2, 6, 3, 0, 5 };

    for (guint i = 0; i < 7; i++)
      {
        g_assert_cmpuint (get_result (sorted, i)->rank, ==, i + 1);
        g_assert_cmpint (get_result (sorted, i)->picture, ==, get_result (all, order[i])->picture);
      }
  }
}

static void
test_pictures (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) inside = make_query (NULL);
  g_autoptr (KalonQuery) both = make_query ("a red door");
  g_autoptr (KalonResults) results = NULL;
  g_autofree char *path = dup_photo_path (fixture, 7);
  g_autofree char *elsewhere = g_build_filename (fixture->directory, "elsewhere.png", NULL);
  gsize dimension = get_dimension (fixture);
  g_autofree float *row = g_new (float, dimension);
  struct utimbuf times = { 1000000000, 1000000000 };

  make_library (fixture);
  kalon_query_add_term (inside, KALON_TERM_PICTURE, path, 1);
  results = search (searcher, inside);
  g_assert_cmpint (get_result (results, 0)->picture, ==, find_picture (fixture, 7));
  /* To the last bit the stored row: its own length in f16. */
  read_row (fixture, get_result (results, 0)->row, row);
  g_assert_cmpfloat_with_epsilon (get_result (results, 0)->similarity,
                                  sqrt (dot (row, row, dimension)), 1e-6);

  /* A picture that the library does not have. */
  {
    g_autoptr (KalonImage) image = make_image (7);
    g_autoptr (KalonQuery) outside = make_query (NULL);
    g_autoptr (KalonResults) found = NULL;

    g_assert_true (kalon_image_save_png (image, elsewhere, NULL));
    kalon_query_add_term (outside, KALON_TERM_PICTURE, elsewhere, 1);
    found = search (searcher, outside);
    g_assert_cmpint (get_result (found, 0)->picture, ==, find_picture (fixture, 7));
    g_assert_cmpfloat_with_epsilon (get_result (found, 0)->similarity, 1, 1e-3);
  }

  /* Changed since it was indexed: what it shows now counts. */
  {
    g_autoptr (KalonImage) image = make_image (3);
    g_autoptr (KalonResults) found = NULL;

    g_assert_true (kalon_image_save_png (image, path, NULL));
    g_assert_cmpint (utime (path, &times), ==, 0);
    found = search (searcher, inside);
    g_assert_cmpint (get_result (found, 0)->picture, ==, find_picture (fixture, 3));
  }

  /* Words and a picture together: still cosines. */
  kalon_query_add_term (both, KALON_TERM_PICTURE, elsewhere, 1);
  {
    g_autoptr (KalonResults) found = search (searcher, both);

    g_assert_cmpuint (found->results->len, >, 1);
    g_assert_cmpfloat (get_result (found, 0)->similarity, <=, 1.001f);
  }

  {
    g_autoptr (KalonQuery) gone = make_query (NULL);
    g_autoptr (GError) error = NULL;

    kalon_query_add_term (gone, KALON_TERM_PICTURE, "/nonexistent/picture.jpg", 1);
    g_assert_null (kalon_searcher_search (searcher, gone, NULL, &error));
    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error->message, "picture.jpg"));
  }
}

static void
test_negative (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a street in the rain");
  g_autoptr (KalonResults) plain = NULL;
  g_autoptr (KalonResults) penalised = NULL;
  gsize dimension = get_dimension (fixture);
  g_autofree float *against = g_new (float, dimension);
  g_autofree float *row = g_new (float, dimension);
  guint n_penalised = 0;

  make_library (fixture);
  kalon_query_set_fold_duplicates (query, FALSE);
  plain = search (searcher, query);
  kalon_query_add_term (query, KALON_TERM_TEXT, "people", -2);
  penalised = search (searcher, query);
  g_assert_cmpuint (penalised->results->len, ==, N_PHOTOS);
  encode_text (fixture, "people", against);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      const KalonResult *result = get_result (penalised, i);
      float penalty = result->similarity - result->score;
      guint n_above = 0;
      double median = 0;

      g_assert_cmpfloat (penalty, >=, 0);
      n_penalised += penalty > 0;
      /* The median by its meaning: as many below as above. */
      for (guint j = 0; j < N_PHOTOS && penalty > 0; j++)
        {
          double cosine;

          read_row (fixture, get_result (penalised, i)->row, row);
          cosine = dot (against, row, dimension);
          median = cosine - (double) penalty / 2;
          read_row (fixture, get_result (penalised, j)->row, row);
          n_above += dot (against, row, dimension) > median + 1e-5;
        }
      if (penalty > 0)
        g_assert_cmpuint (n_above, ==, N_PHOTOS / 2 - 1);
    }
  g_assert_cmpuint (n_penalised, ==, N_PHOTOS / 2 - 1);
  g_assert_true (get_result (plain, 0)->similarity == get_result (plain, 0)->score);
}

static void
assert_refused (KalonSearcher *searcher, KalonQuery *query, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_searcher_search (searcher, query, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_refused (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  const float weights[] = { NAN, INFINITY };

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (KalonQuery) query = make_query ((const char *[]){ NULL, "", " \t\n" }[i]);
      assert_refused (searcher, query, "empty");
      kalon_query_add_term (query, KALON_TERM_TEXT, "people", -1);
      assert_refused (searcher, query, "what to find");
    }
  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    {
      g_autoptr (KalonQuery) query = make_query ("lake");
      kalon_query_add_term (query, KALON_TERM_TEXT, "dawn", weights[i]);
      assert_refused (searcher, query, "weight");
    }
  {
    g_autoptr (KalonQuery) query = make_query ("\xff\xfe");
    assert_refused (searcher, query, "UTF-8");
  }
}

static void
test_empty_library (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("anything");

  for (guint strictness = 0; strictness <= 100; strictness += 50)
    {
      g_autoptr (KalonResults) results = NULL;

      kalon_query_set_strictness (query, strictness);
      results = search (searcher, query);
      g_assert_cmpuint (results->results->len, ==, 0);
      g_assert_cmpuint (results->n_candidates, ==, 0);
      g_assert_cmpuint (results->n_pictures, ==, 0);
    }
}

static void
test_dropped_tokens (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (KalonQuery) query = NULL;
  g_autoptr (KalonResults) results = NULL;

  make_photo (fixture, 1);
  index_photos (fixture, fixture->model);
  for (guint i = 0; i < 500; i++)
    g_string_append (text, "word ");
  query = make_query (text->str);
  results = search (searcher, query);
  g_assert_cmpuint (results->n_dropped_tokens, >, 0);
  g_assert_cmpuint (results->results->len, ==, 1);
}

static void
test_other_model (SearchFixture *fixture, gconstpointer data)
{
  g_autofree char *other
      = g_test_build_filename (G_TEST_DIST, "reference", "models", OTHER_MODEL, NULL);
  g_autoptr (KalonSearcher) searcher
      = kalon_searcher_new (fixture->library_directory, other, "none");
  g_autoptr (KalonQuery) query = make_query ("a lake");

  make_library (fixture);
  {
    g_autoptr (KalonResults) results = search (searcher, query);

    g_assert_cmpuint (results->results->len, ==, 0);
    g_assert_cmpuint (results->n_candidates, ==, 0);
    g_assert_cmpuint (results->n_pictures, ==, N_PHOTOS);
  }
  index_photos (fixture, other);
  {
    g_autoptr (KalonResults) results = search (searcher, query);

    g_assert_cmpuint (results->n_candidates, ==, N_PHOTOS);
  }
}

static void
test_changes (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a lake");
  g_autofree char *path = dup_photo_path (fixture, 4);
  gint64 picture;

  kalon_query_set_fold_duplicates (query, FALSE);
  make_library (fixture);
  kalon_results_unref (search (searcher, query));
  picture = find_picture (fixture, 4);

  for (guint i = 0; i < 100; i++)
    make_photo (fixture, N_PHOTOS + i);
  g_assert_cmpint (g_unlink (path), ==, 0);
  index_photos (fixture, fixture->model);
  {
    g_autoptr (KalonResults) results = search (searcher, query);

    g_assert_cmpuint (results->n_candidates, ==, N_PHOTOS + 99);
    g_assert_cmpuint (results->results->len, ==, N_PHOTOS + 99);
    for (guint i = 0; i < results->results->len; i++)
      g_assert_cmpint (get_result (results, i)->picture, !=, picture);
  }
}

/* The one of @picture, which must be there. */
static const KalonResult *
find_result (const KalonResults *results, gint64 picture)
{
  guint i = 0;

  while (get_result (results, i)->picture != picture)
    i++;
  return get_result (results, i);
}

static void
test_fold (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a lake");
  g_autoptr (KalonResults) folded = NULL;
  g_autoptr (KalonResults) all = NULL;
  gsize n_duplicates = 0;

  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  for (guint i = 0; i < 5; i++)
    for (guint size = 48; size <= 80; size += 16)
      make_copy (fixture, i, size);
  index_photos (fixture, fixture->model);

  folded = search (searcher, query);
  g_assert_cmpuint (folded->results->len, ==, N_PHOTOS);
  g_assert_cmpuint (folded->n_folded, ==, 15);
  for (guint i = 0; i < folded->results->len; i++)
    {
      guint n = get_result (folded, i)->n_duplicates;

      g_assert_true (n == 0 || n == 3);
      n_duplicates += n;
    }
  g_assert_cmpuint (n_duplicates, ==, 15);

  /* Which they are, and behind whom: each the same photo as its leader. */
  g_assert_cmpuint (folded->folded->len, ==, 15);
  for (guint i = 0; i < folded->folded->len; i++)
    {
      const KalonFolded *behind = &g_array_index (folded->folded, KalonFolded, i);
      const KalonResult *leader = find_result (folded, behind->leader);
      g_autofree float *a = g_new (float, get_dimension (fixture));
      g_autofree float *b = g_new (float, get_dimension (fixture));

      g_assert_cmpuint (leader->n_duplicates, ==, 3);
      g_assert_cmpuint (behind->result.rank, ==, 0);
      g_assert_cmpfloat (behind->result.score, <=, leader->score);
      read_row (fixture, leader->row, a);
      read_row (fixture, behind->result.row, b);
      g_assert_cmpfloat (dot (a, b, get_dimension (fixture)), >=, FOLD_COSINE);
    }

  kalon_query_set_fold_duplicates (query, FALSE);
  all = search (searcher, query);
  g_assert_cmpuint (all->results->len, ==, N_PHOTOS + 15);
  g_assert_cmpuint (all->n_folded, ==, 0);
  g_assert_cmpuint (all->folded->len, ==, 0);
  g_assert_cmpint (get_result (all, 0)->picture, ==, get_result (folded, 0)->picture);
}

/* What the fold is looked up from. */
typedef struct
{
  gsize dimension;
  float *rows;
} Rows;

static gboolean
get_row (guint32 row, float *embedding, gpointer user_data, GError **error)
{
  Rows *rows = user_data;

  memcpy (embedding, rows->rows + row * rows->dimension, rows->dimension * sizeof (float));
  return TRUE;
}

/* Against the definition: the first earlier representative within both distances. */
static void
test_fold_definition (void)
{
  enum
  {
    N = 2000,
    DIMENSION = 8
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree float *values = g_new (float, N *DIMENSION);
  g_autofree guint64 *hashes = g_new (guint64, N);
  Rows rows = { DIMENSION, values };
  g_autoptr (KalonFold) fold = kalon_fold_new (DIMENSION, FOLD_COSINE, get_row, &rows);
  g_autoptr (GArray) representatives = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_folded = 0;

  for (guint i = 0; i < N; i++)
    {
      double length;

      hashes[i] = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
      for (guint j = 0; j < DIMENSION; j++)
        values[i * DIMENSION + j] = (float) g_rand_double_range (rand, -1, 1);
      if (i > 0 && g_rand_boolean (rand))
        {
          guint other = (guint) g_rand_int_range (rand, 0, (int) i);

          hashes[i] = hashes[other];
          for (int bits = g_rand_int_range (rand, 0, 12); bits > 0; bits--)
            hashes[i] ^= G_GUINT64_CONSTANT (1) << g_rand_int_range (rand, 0, 64);
          for (guint j = 0; j < DIMENSION; j++)
            values[i * DIMENSION + j]
                = values[other * DIMENSION + j] + 0.12f * values[i * DIMENSION + j];
        }
      length = sqrt (dot (values + i * DIMENSION, values + i * DIMENSION, DIMENSION));
      for (guint j = 0; j < DIMENSION; j++)
        values[i * DIMENSION + j] /= (float) length;
    }

  for (guint i = 0; i < N; i++)
    {
      guint wanted = 0;
      gsize found;

      for (; wanted < representatives->len; wanted++)
        {
          guint other = g_array_index (representatives, guint, wanted);
          if (__builtin_popcountll (hashes[i] ^ hashes[other]) <= KALON_FOLD_BITS
              && dot (values + i * DIMENSION, values + other * DIMENSION, DIMENSION)
                     >= (double) FOLD_COSINE)
            break;
        }
      g_assert_true (kalon_fold_add (fold, i, hashes[i], &found, NULL));
      g_assert_cmpuint (found, ==, wanted);
      if (wanted == representatives->len)
        g_array_append_val (representatives, i);
      else
        n_folded++;
    }
  g_test_message ("%u of %u folded", n_folded, N);
  g_assert_cmpuint (n_folded, >, N / 10);
  g_assert_cmpuint (n_folded, <, N / 2);
}

/* A whole library in one list, and one whose hashes are all the same. */
static void
test_fold_many (void)
{
  enum
  {
    N = 100000,
    DIMENSION = 64
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autofree float *values = g_new0 (float, N *DIMENSION);
  Rows rows = { DIMENSION, values };

  for (guint i = 0; i < N; i++)
    values[i * DIMENSION + i % DIMENSION] = i / DIMENSION % 2 ? 1 : -1;
  for (guint same = 0; same < 2; same++)
    {
      g_autoptr (KalonFold) fold = kalon_fold_new (DIMENSION, FOLD_COSINE, get_row, &rows);
      gint64 start = g_get_monotonic_time (), taken;

      for (guint i = 0; i < N; i++)
        {
          guint64 hash = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
          gsize representative;
          g_assert_true (kalon_fold_add (fold, i, same ? 0 : hash, &representative, NULL));
        }
      taken = g_get_monotonic_time () - start;
      g_test_message ("%s: %" G_GINT64_FORMAT " ms", same ? "one hash" : "random hashes",
                      taken / 1000);
      g_assert_cmpint (taken, <, 20 * G_USEC_PER_SEC);
    }
}

static int
compare_descending (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x < y) - (x > y);
}

/* [n] scores of unrelated pictures around @centre, the first @n_good of them replaced by matches.
 */
static float *
make_scores (guint32 seed, gsize n, gsize n_good, float centre, float spread, float good)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  float *scores = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    {
      double noise = 0;

      for (guint j = 0; j < 12; j++)
        noise += g_rand_double (rand) - 0.5;
      scores[i] = centre + spread * (float) noise + (i < n_good ? good : 0);
    }
  qsort (scores, n, sizeof *scores, compare_descending);
  return scores;
}

static void
test_cut (void)
{
  /* Scores of OpenAI CLIP, of an encoder with a negative median, and of pictures to a picture. */
  const float centres[] = { 0.17f, -0.03f, 0.6f }, spreads[] = { 0.02f, 0.04f, 0.08f };
  const gsize sizes[] = { 50, 1000, 20000 };

  for (guint e = 0; e < 3; e++)
    for (guint s = 0; s < 3; s++)
      for (gsize n_good = 0; n_good <= sizes[s] / 4; n_good = n_good * 5 + 5)
        {
          gsize n = sizes[s], last = n;
          g_autofree float *scores
              = make_scores (5, n, n_good, centres[e], spreads[e], 8 * spreads[e]);

          for (guint strictness = 0; strictness <= 100; strictness++)
            {
              gsize kept = kalon_cut_scores (scores, n, strictness);

              g_assert_cmpuint (kept, <=, last);
              last = kept;
              g_assert_true (strictness > 0 || kept == n);
              /* The cliff is found from the middle on, whatever the encoder's scale. */
              if (strictness >= 50)
                {
                  g_assert_cmpuint (kept, >=, n_good * 9 / 10);
                  g_assert_cmpuint (kept, <=, n_good + n / 5);
                }
              if (strictness <= 25)
                g_assert_cmpuint (kept, >=, n / 2);
            }
        }
}

/* A query that nothing answers: next to nothing is left, on average over libraries. */
static void
test_cut_nothing (void)
{
  const gsize sizes[] = { 50, 1000, 20000 };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      gsize kept[2] = { 0, 0 }, n = sizes[s];

      for (guint seed = 1; seed <= 20; seed++)
        {
          g_autofree float *scores = make_scores (seed, n, 0, 0.17f, 0.02f, 0);

          kept[0] += kalon_cut_scores (scores, n, 50);
          kept[1] += kalon_cut_scores (scores, n, 100);
        }
      g_test_message ("of %zu: %.1f at 50, %.2f at 100", n, (double) kept[0] / 20,
                      (double) kept[1] / 20);
      g_assert_cmpuint (kept[0], <=, 20 * (n / 20 + 2));
      g_assert_cmpuint (kept[1], <=, 20 * (n / 200 + 1));
    }
}

/* A common subject without a cliff: a third of the library, two spreads up. */
static void
test_cut_common (void)
{
  const gsize n = 3000, n_good = 1000;
  g_autofree float *scores = make_scores (6, n, n_good, 0.2f, 0.02f, 0.06f);

  g_assert_cmpuint (kalon_cut_scores (scores, n, 50), >=, n_good / 2);
  g_assert_cmpuint (kalon_cut_scores (scores, n, 50), <=, n_good * 5 / 4);
  g_assert_cmpuint (kalon_cut_scores (scores, n, 100), <, kalon_cut_scores (scores, n, 50));
}

static void
test_cut_degenerate (void)
{
  const float same[] = { 0.2f, 0.2f, 0.2f, 0.2f }, two[] = { 0.3f, 0.1f };

  for (guint strictness = 0; strictness <= 100; strictness += 10)
    {
      g_assert_cmpuint (kalon_cut_scores (same, 0, strictness), ==, 0);
      g_assert_cmpuint (kalon_cut_scores (same, 1, strictness), ==, 1);
      g_assert_cmpuint (kalon_cut_scores (same, 4, strictness), ==, 4);
      g_assert_cmpuint (kalon_cut_scores (two, 2, strictness), <=, 2);
    }
}

static void
test_strictness (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a lake");
  gsize last = G_MAXSIZE;

  make_library (fixture);
  for (guint strictness = 0; strictness <= 100; strictness += 10)
    {
      g_autoptr (KalonResults) results = NULL;

      kalon_query_set_strictness (query, strictness);
      results = search (searcher, query);
      g_assert_cmpuint (results->results->len + results->n_folded + results->n_cut, ==, N_PHOTOS);
      g_assert_cmpuint (N_PHOTOS - results->n_cut, <=, last);
      last = N_PHOTOS - results->n_cut;
    }
  g_assert_cmpuint (last, <, N_PHOTOS);
}

/* A copy of the model, with @calibration in it when there is one: another directory, the same
 * hash. */
static void
copy_model (SearchFixture *fixture, const char *calibration)
{
  g_autofree char *copy = g_build_filename (fixture->directory, "model", NULL);
  g_autofree char *path = g_build_filename (copy, KALON_CALIBRATION_FILE, NULL);

  copy_folder (fixture->model, copy);
  if (calibration != NULL)
    g_assert_true (g_file_set_contents (path, calibration, -1, NULL));
  g_free (fixture->model);
  fixture->model = g_steal_pointer (&copy);
}

/* The same pictures with the model's own strictness and with that number. */
static void
assert_strictness_of_model (SearchFixture *fixture, guint strictness)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a lake");
  g_autoptr (KalonResults) own = NULL;
  g_autoptr (KalonResults) number = NULL;

  kalon_query_set_strictness (query, KALON_STRICTNESS_OF_MODEL);
  own = search (searcher, query);
  g_assert_cmpuint (own->strictness, ==, strictness);
  kalon_query_set_strictness (query, (int) strictness);
  number = search (searcher, query);
  g_assert_cmpuint (number->strictness, ==, strictness);
  g_assert_cmpuint (own->n_cut, ==, number->n_cut);
  g_assert_cmpuint (own->results->len, ==, number->results->len);
}

static void
test_strictness_of_model (SearchFixture *fixture, gconstpointer data)
{
  make_library (fixture);
  assert_strictness_of_model (fixture, KALON_DEFAULT_STRICTNESS);
  copy_model (fixture, "{\"version\": 1, \"strictness\": 70}");
  assert_strictness_of_model (fixture, 70);
}

/* Where it takes a cosine of 1 to be alike, only what is alike to the last bit is folded. */
static void
test_fold_calibrated (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonQuery) query = make_query ("a lake");

  for (guint i = 0; i < 5; i++)
    {
      make_photo (fixture, i);
      make_copy (fixture, i, 48);
    }
  index_photos (fixture, fixture->model);
  {
    g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
    g_autoptr (KalonResults) results = search (searcher, query);

    g_assert_cmpuint (results->n_folded, ==, 5);
  }
  copy_model (fixture, "{\"version\": 1, \"near_duplicate_cosine\": 1}");
  {
    g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
    g_autoptr (KalonResults) results = search (searcher, query);

    /* The very embeddings: the file is no part of the model's hash. */
    g_assert_cmpuint (results->n_candidates, ==, 10);
    g_assert_cmpuint (results->n_folded, <, 5);
  }
}

static void
test_calibration_refused (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonQuery) query = make_query ("a lake");
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (GError) error = NULL;

  copy_model (fixture, "{\"version\": 1, \"strictness\": 700}");
  searcher = make_searcher (fixture);
  g_assert_null (kalon_searcher_search (searcher, query, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "calibration.json: strictness"));
}

static void
count_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  guint *counts = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonResults) results
      = kalon_searcher_search_finish (KALON_SEARCHER (object), result, &error);

  if (results != NULL)
    counts[0]++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    counts[1]++;
  g_assert_true (g_main_context_is_owner (g_main_context_default ()));
}

/* Typing: each request cancels the one before; all are answered, in this thread. */
static void
test_superseded (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (GCancellable) cancellable = NULL;
  guint counts[2] = { 0, 0 };

  make_library (fixture);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (KalonQuery) query = make_query ("a lake at dawn");

      if (cancellable != NULL)
        g_cancellable_cancel (cancellable);
      g_clear_object (&cancellable);
      cancellable = g_cancellable_new ();
      kalon_searcher_search_async (searcher, query, cancellable, count_cb, counts);
    }
  while (counts[0] + counts[1] < 20)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (counts[0], >=, 1);
  g_assert_cmpuint (counts[1], >=, 18);
}

static gpointer
search_in_thread (gpointer data)
{
  g_autoptr (KalonQuery) query = make_query ("a boat");

  return search (data, query);
}

static void
test_threads (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  GThread *threads[4];

  make_library (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("search", search_in_thread, searcher);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (KalonResults) results = g_thread_join (threads[i]);
      g_assert_cmpuint (results->n_candidates, ==, N_PHOTOS);
    }
}

static guint
count_threads (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_finalize (SearchFixture *fixture, gconstpointer data)
{
  KalonSearcher *unused = make_searcher (fixture);
  KalonSearcher *searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("a lake");
  guint counts[2] = { 0, 0 }, n_threads;

  g_object_add_weak_pointer (G_OBJECT (unused), (gpointer *) &unused);
  g_object_unref (unused);
  g_assert_null (unused);

  /* Another one's threads (GLib's own pools) have started by now. */
  kalon_results_unref (search (searcher, query));
  n_threads = count_threads ();
  g_object_add_weak_pointer (G_OBJECT (searcher), (gpointer *) &searcher);
  /* The request keeps the searcher until it is answered. */
  kalon_searcher_search_async (searcher, query, NULL, count_cb, counts);
  g_object_unref (searcher);
  while (searcher != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (counts[0], ==, 1);
  g_assert_cmpuint (count_threads (), ==, n_threads - 1);
}

/* Each blocking search has a main context of its own, which the worker must not touch when the
 * answer is out: that hung one search in some thousands. */
static void
test_many_in_a_row (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("red");

  for (guint i = 0; i < N_IN_A_ROW; i++)
    {
      g_autoptr (KalonResults) results = search (searcher, query);

      g_assert_cmpuint (results->results->len, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_SEARCH_TEST ("/searcher/words", test_words);
  ADD_SEARCH_TEST ("/searcher/min-aesthetic", test_min_aesthetic);
  ADD_SEARCH_TEST ("/searcher/sort-by-aesthetic", test_sort_by_aesthetic);
  ADD_SEARCH_TEST ("/searcher/pictures", test_pictures);
  ADD_SEARCH_TEST ("/searcher/negative", test_negative);
  ADD_SEARCH_TEST ("/searcher/refused", test_refused);
  ADD_SEARCH_TEST ("/searcher/empty-library", test_empty_library);
  ADD_SEARCH_TEST ("/searcher/dropped-tokens", test_dropped_tokens);
  ADD_SEARCH_TEST ("/searcher/other-model", test_other_model);
  ADD_SEARCH_TEST ("/searcher/changes", test_changes);
  ADD_SEARCH_TEST ("/searcher/fold", test_fold);
  g_test_add_func ("/searcher/fold-definition", test_fold_definition);
  g_test_add_func ("/searcher/fold-many", test_fold_many);
  g_test_add_func ("/searcher/cut", test_cut);
  g_test_add_func ("/searcher/cut-nothing", test_cut_nothing);
  g_test_add_func ("/searcher/cut-common", test_cut_common);
  g_test_add_func ("/searcher/cut-degenerate", test_cut_degenerate);
  ADD_SEARCH_TEST ("/searcher/strictness", test_strictness);
  ADD_SEARCH_TEST ("/searcher/strictness-of-model", test_strictness_of_model);
  ADD_SEARCH_TEST ("/searcher/fold-calibrated", test_fold_calibrated);
  ADD_SEARCH_TEST ("/searcher/calibration-refused", test_calibration_refused);
  ADD_SEARCH_TEST ("/searcher/superseded", test_superseded);
  ADD_SEARCH_TEST ("/searcher/many-in-a-row", test_many_in_a_row);
  ADD_SEARCH_TEST ("/searcher/threads", test_threads);
  ADD_SEARCH_TEST ("/searcher/finalize", test_finalize);
  return g_test_run ();
}
