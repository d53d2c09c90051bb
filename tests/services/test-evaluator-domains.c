/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "calibration/kalon-calibration.h"
#include "errors/kalon-errors.h"
#include "evaluator/kalon-evaluator-domains.h"
#include "evaluator/kalon-evaluator-private.h"
#include "search-fixture.h"

#define N_CLASSES 2
#define TOP 10

static const char *const classes[N_CLASSES] = { "dog", "the sea" };
static const char *const wordings[] = { "{}", "many {} in a row", "old photo: {}", NULL };
#define N_WORDINGS 3

/* Of a list of the searcher: which photos are the best, and how many are of the class. */
static guint
count_own (SearchFixture *fixture, const GArray *list, guint class, gint64 *top)
{
  guint n = 0;

  for (guint i = 0; i < TOP; i++)
    top[i] = g_array_index (list, KalonResult, i).picture;
  for (guint seed = 0; seed < N_PHOTOS; seed++)
    {
      gint64 id = find_picture (fixture, seed);

      for (guint i = 0; i < TOP; i++)
        n += top[i] == id && (seed < N_PHOTOS / 2) == (class == 0);
    }
  return n;
}

static double
get_overlap (const gint64 *a, const gint64 *b)
{
  guint n = 0;

  for (guint i = 0; i < TOP; i++)
    for (guint j = 0; j < TOP; j++)
      n += a[i] == b[j];
  return (double) n / TOP;
}

static double
get_looks (const GArray *list)
{
  double sum = 0;

  for (guint i = 0; i < TOP; i++)
    sum += g_array_index (list, KalonResult, i).aesthetic;
  return sum / TOP;
}

/* The same by searching. */
typedef struct
{
  double precision[2], looks[2], stability[2], overlap;
} Expected;

static void
search_all (SearchFixture *fixture, KalonSearcher *searcher, const KalonDomainTask *task,
            KalonRephraseRequest *request, Expected *expected)
{
  const double n_queries = N_CLASSES * N_WORDINGS;

  kalon_searcher_try_adapter (searcher, task->adapter);
  for (guint class = 0; class < N_CLASSES; class ++)
    {
      g_auto (GStrv) texts = kalon_calibration_dup_prompts (wordings, classes[class]);
      gint64 top[2][N_WORDINGS][TOP];

      for (guint w = 0; w < N_WORDINGS; w++)
        {
          g_autoptr (KalonQuery) query = make_query (texts[w]);
          g_autoptr (KalonRephrasing) rephrasing = NULL;
          g_autoptr (KalonResults) results = NULL;
          KalonAlignment alignment = { .rephrase = task->share,
                                       .aesthetic = task->aesthetic_weight,
                                       .adapter = task->adapter != NULL };

          request->query = texts[w];
          request->style = task->style;
          rephrasing = kalon_rephrase_built_in (request);
          alignment.rephrased = rephrasing->text;
          kalon_query_set_limit (query, 0);
          kalon_query_set_fold_duplicates (query, FALSE);
          kalon_query_set_alignment (query, &alignment);
          results = search (searcher, query);
          for (guint r = 0; r < 2; r++)
            {
              const GArray *list = r == 0 ? results->results : results->aligned;

              expected->precision[r]
                  += count_own (fixture, list, class, top[r][w]) / (TOP * n_queries);
              expected->looks[r] += get_looks (list) / n_queries;
            }
          expected->overlap += get_overlap (top[0][w], top[1][w]) / n_queries;
        }
      for (guint r = 0; r < 2; r++)
        for (guint a = 0; a < N_WORDINGS; a++)
          for (guint b = 0; b < a; b++)
            expected->stability[r] += get_overlap (top[r][a], top[r][b]) / (N_CLASSES * N_WORDINGS);
    }
}

/* A library stores embeddings as 16-bit floats: a picture of 60 may change its place with the next.
 */
#define STORED 0.017

/* Whatever the parts, figures are those of the lists that the searcher gives. */
static void
test_as_searched (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = NULL;
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonTokenizer) tokenizer = NULL;
  g_autoptr (GError) error = NULL;
  KalonRephraseRequest request = { 0 };

  add_head (fixture);
  make_library (fixture);
  make_classes (fixture);
  evaluator = kalon_evaluator_new (fixture->model, "none");
  searcher = make_searcher (fixture);
  tokenizer = kalon_tokenizer_new (fixture->model, &error);
  g_assert_true (kalon_evaluator_begin (evaluator, NULL, &error));
  request.tokenizer = tokenizer;
  request.context_length = kalon_encoder_get_config (evaluator->encoder)->context_length;
  for (guint kind = 0; kind <= KALON_ADAPTER_PROJECTIONS + 1; kind++)
    {
      g_autoptr (KalonAdapter) adapter
          = kind <= KALON_ADAPTER_PROJECTIONS ? make_adapter (fixture, kind) : NULL;
      const KalonDomainTask task = {
        .name = "blots",
        .images = fixture->classes,
        .wordings = wordings,
        .style = KALON_REPHRASE_K_LIST,
        .share = 0.4f,
        .aesthetic_weight = 0.3f,
        .adapter = adapter,
      };
      g_autoptr (KalonDomainFigures) figures
          = kalon_evaluator_measure_domain (evaluator, &task, NULL, &error);
      Expected expected = { 0 };

      g_assert_no_error (error);
      search_all (fixture, searcher, &task, &request, &expected);
      g_assert_cmpuint (figures->n_pictures, ==, N_PHOTOS);
      g_assert_cmpuint (figures->n_classes, ==, N_CLASSES);
      g_assert_cmpfloat_with_epsilon (figures->precision_chance, 0.5, 1e-12);
      for (guint r = 0; r < 2; r++)
        {
          g_assert_cmpfloat_with_epsilon (figures->figures[r][KALON_DOMAIN_PRECISION].mean,
                                          expected.precision[r], STORED);
          g_assert_cmpfloat_with_epsilon (figures->figures[r][KALON_DOMAIN_STABILITY].mean,
                                          expected.stability[r], STORED);
          g_assert_cmpfloat_with_epsilon (figures->figures[r][KALON_DOMAIN_AESTHETIC].mean,
                                          expected.looks[r], 0.01);
        }
      g_assert_cmpfloat_with_epsilon (figures->overlap.mean, expected.overlap, STORED);
      g_assert_cmpfloat (figures->overlap.mean, <, 1);
      g_assert_cmpfloat_with_epsilon (figures->gains[KALON_DOMAIN_AESTHETIC].mean,
                                      figures->figures[1][KALON_DOMAIN_AESTHETIC].mean
                                          - figures->figures[0][KALON_DOMAIN_AESTHETIC].mean,
                                      1e-9);
    }
}

/* Nothing is added, so nothing changes; the accuracy is that of the classification. */
static void
test_nothing_added (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autoptr (KalonDomainFigures) figures = NULL;
  g_autoptr (KalonClassificationFigures) classified = NULL;
  g_autoptr (GError) error = NULL;
  KalonDomainTask task = { .name = "blots" };

  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  make_classes (fixture);
  task.images = fixture->classes;
  figures = kalon_evaluator_measure_domain (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  classified = kalon_evaluator_classify (evaluator, fixture->classes, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (figures->accuracy[0].mean, ==, classified->accuracy[0].mean);
  g_assert_cmpfloat (figures->accuracy_chance, ==, 0.5);
  g_assert_cmpfloat (figures->overlap.mean, ==, 1);
  g_assert_cmpfloat (figures->gains[KALON_DOMAIN_PRECISION].mean, ==, 0);
  g_assert_cmpfloat (figures->accuracy_gain.mean, ==, 0);
  /* The model has no head. */
  g_assert_true (isnan (figures->figures[0][KALON_DOMAIN_AESTHETIC].mean));
  g_assert_cmpuint (figures->n_wordings, ==, 4);
}

static void
test_other_model (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autoptr (KalonAdapter) adapter
      = kalon_adapter_new (KALON_ADAPTER_IMAGE, "another", get_dimension (fixture), 0, 1);
  g_autoptr (KalonDomainFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  KalonDomainTask task = { .name = "blots", .adapter = adapter };

  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  make_classes (fixture);
  task.images = fixture->classes;
  figures = kalon_evaluator_measure_domain (evaluator, &task, NULL, &error);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_assert_null (figures);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD_SEARCH_TEST ("/evaluator-domains/as-searched", test_as_searched);
  ADD_SEARCH_TEST ("/evaluator-domains/nothing-added", test_nothing_added);
  ADD_SEARCH_TEST ("/evaluator-domains/other-model", test_other_model);

  return g_test_run ();
}
