/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <math.h>

#include "metrics/kalon-metrics.h"

#define TOLERANCE 1e-6

/* tests/reference/metrics is made by make-metrics.py with scipy, scikit-learn and numpy. */
static JsonParser *
load_reference (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "metrics", "expected.json", NULL);
  JsonParser *parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return parser;
}

static JsonArray *
get_cases (JsonParser *parser, const char *name)
{
  JsonArray *cases
      = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), name);

  g_assert_cmpuint (json_array_get_length (cases), >, 5);
  return cases;
}

static double *
get_numbers (JsonObject *object, const char *name, gsize *n)
{
  JsonArray *array = json_object_get_array_member (object, name);
  double *numbers;

  *n = json_array_get_length (array);
  numbers = g_new (double, *n);
  for (gsize i = 0; i < *n; i++)
    numbers[i] = json_array_get_double_element (array, i);
  return numbers;
}

static float *
get_floats (JsonObject *object, const char *name, gsize *n)
{
  g_autofree double *numbers = get_numbers (object, name, n);
  float *floats = g_new (float, *n);

  for (gsize i = 0; i < *n; i++)
    floats[i] = (float) numbers[i];
  return floats;
}

static guint32 *
get_integers (JsonObject *object, const char *name, gsize *n)
{
  g_autofree double *numbers = get_numbers (object, name, n);
  guint32 *integers = g_new (guint32, *n);

  for (gsize i = 0; i < *n; i++)
    integers[i] = (guint32) numbers[i];
  return integers;
}

typedef double (*AtFunc) (gsize k, gpointer data);

/* @name: an object of k and value */
static void
check_cuts (JsonObject *expected, const char *name, AtFunc func, gpointer data)
{
  JsonObject *values = json_object_get_object_member (expected, name);
  g_autoptr (GList) cuts = json_object_get_members (values);

  g_assert_nonnull (cuts);
  for (GList *cut = cuts; cut != NULL; cut = cut->next)
    {
      gsize k = g_ascii_strtoull (cut->data, NULL, 10);

      g_assert_cmpfloat_with_epsilon (func (k, data),
                                      json_object_get_double_member (values, cut->data), TOLERANCE);
    }
}

typedef struct
{
  gsize n;
  float *similarities;
  float *gains;
  guint8 *relevant;
} Ranking;

static double
get_precision (gsize k, gpointer data)
{
  Ranking *ranking = data;

  return kalon_metrics_get_precision (ranking->similarities, ranking->relevant, ranking->n, k);
}

static double
get_ndcg (gsize k, gpointer data)
{
  Ranking *ranking = data;

  return kalon_metrics_get_ndcg (ranking->similarities, ranking->gains, ranking->n, k);
}

static void
test_rankings (void)
{
  g_autoptr (JsonParser) parser = load_reference ();
  JsonArray *cases = get_cases (parser, "rankings");

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *expected = json_array_get_object_element (cases, i);
      Ranking ranking = { 0 };
      g_autofree float *similarities = get_floats (expected, "similarities", &ranking.n);
      g_autofree float *gains = get_floats (expected, "gains", &ranking.n);
      g_autofree guint8 *relevant = g_new (guint8, ranking.n);

      for (gsize j = 0; j < ranking.n; j++)
        relevant[j] = gains[j] > 0;
      ranking.similarities = similarities;
      ranking.gains = gains;
      ranking.relevant = relevant;
      g_test_message ("ranking %u of %" G_GSIZE_FORMAT, i, ranking.n);
      g_assert_cmpuint (kalon_metrics_get_rank (similarities, relevant, ranking.n), ==,
                        json_object_get_int_member (expected, "rank"));
      check_cuts (expected, "precision", get_precision, &ranking);
      check_cuts (expected, "ndcg", get_ndcg, &ranking);
    }
}

typedef struct
{
  guint32 *ranks;
  gsize n;
} Ranks;

static double
get_recall (gsize k, gpointer data)
{
  Ranks *ranks = data;

  return kalon_metrics_get_recall (ranks->ranks, ranks->n, k);
}

/* Ranks three ways: a row at once, by counting along a row, and column by column. */
static void
check_matrix (JsonObject *expected)
{
  gsize columns = (gsize) json_object_get_int_member (expected, "columns");
  gsize n, n_all;
  g_autofree float *similarities = get_floats (expected, "similarities", &n_all);
  g_autofree guint32 *truth = get_integers (expected, "truth", &n);
  g_autofree guint32 *ranks = get_integers (expected, "ranks", &n);
  g_autofree guint32 *found = g_new (guint32, n);
  g_autofree guint32 *ahead = g_new0 (guint32, n);
  g_autofree float *best = g_new (float, n);
  g_autofree float *column = g_new (float, n);
  Ranks all = { .ranks = found, .n = n };

  g_assert_cmpuint (n_all, ==, n * columns);
  for (gsize i = 0; i < n; i++)
    {
      const float *row = similarities + i * columns;
      g_autofree guint8 *relevant = g_new0 (guint8, columns);

      relevant[truth[i]] = 1;
      best[i] = row[truth[i]];
      found[i] = kalon_metrics_get_rank (row, relevant, columns);
      g_assert_cmpuint (found[i], ==, ranks[i]);
      g_assert_cmpuint (kalon_metrics_count_ahead (row, columns, best[i]), ==, ranks[i]);
    }
  for (gsize c = 0; c < columns; c++)
    {
      for (gsize i = 0; i < n; i++)
        column[i] = similarities[i * columns + c];
      kalon_metrics_add_ahead (column, best, n, ahead);
    }
  g_assert_cmpmem (ahead, n * sizeof *ahead, ranks, n * sizeof *ranks);

  check_cuts (expected, "recall", get_recall, &all);
  g_assert_cmpfloat_with_epsilon (kalon_metrics_get_median_rank (found, n),
                                  json_object_get_double_member (expected, "median"), TOLERANCE);
  g_assert_cmpfloat_with_epsilon (kalon_metrics_get_mrr (found, n),
                                  json_object_get_double_member (expected, "mrr"), TOLERANCE);
}

static void
test_matrices (void)
{
  g_autoptr (JsonParser) parser = load_reference ();
  JsonArray *cases = get_cases (parser, "matrices");

  for (guint i = 0; i < json_array_get_length (cases); i++)
    check_matrix (json_array_get_object_element (cases, i));
}

static void
check_estimate (const KalonEstimate *estimate, double mean, double low, double high)
{
  g_assert_cmpfloat_with_epsilon (estimate->mean, mean, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (estimate->low, low, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (estimate->high, high, TOLERANCE);
}

static void
test_bootstraps (void)
{
  g_autoptr (JsonParser) parser = load_reference ();
  JsonArray *cases = get_cases (parser, "bootstraps");

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *expected = json_array_get_object_element (cases, i);
      gsize n;
      g_autofree double *values = get_numbers (expected, "values", &n);
      g_autofree guint32 *clusters = get_integers (expected, "clusters", &n);
      guint n_resamples = (guint) json_object_get_int_member (expected, "resamples");
      guint32 seed = (guint32) json_object_get_int_member (expected, "seed");
      KalonEstimate estimate;

      kalon_metrics_bootstrap (values, clusters, n, n_resamples, seed, &estimate);
      check_estimate (&estimate, json_object_get_double_member (expected, "mean"),
                      json_object_get_double_member (expected, "low"),
                      json_object_get_double_member (expected, "high"));
    }
}

static void
test_weighted (void)
{
  g_autoptr (JsonParser) parser = load_reference ();
  JsonArray *cases = get_cases (parser, "weighted");
  const double values[] = { 0, 1 }, none[] = { 0, 0 };
  KalonEstimate estimate;

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *expected = json_array_get_object_element (cases, i);
      gsize n;
      g_autofree double *numbers = get_numbers (expected, "values", &n);
      g_autofree double *weights = get_numbers (expected, "weights", &n);
      g_autofree guint32 *clusters = get_integers (expected, "clusters", &n);

      kalon_metrics_bootstrap_weighted (
          numbers, weights, clusters, n, (guint) json_object_get_int_member (expected, "resamples"),
          (guint32) json_object_get_int_member (expected, "seed"), &estimate);
      check_estimate (&estimate, json_object_get_double_member (expected, "mean"),
                      json_object_get_double_member (expected, "low"),
                      json_object_get_double_member (expected, "high"));
    }
  kalon_metrics_bootstrap_weighted (values, none, NULL, 2, 10, 1, &estimate);
  g_assert_true (isnan (estimate.mean) && isnan (estimate.low) && isnan (estimate.high));
}

static void
test_correlations (void)
{
  static const struct
  {
    const char *name;
    KalonCorrelation correlation;
  } kinds[] = {
    { "pearson", kalon_metrics_get_pearson },
    { "spearman", kalon_metrics_get_spearman },
  };
  const double rising[] = { 0.1, 0.1 + 0.2, 0.7 }, same[] = { 0.1, 0.1, 0.1 };
  g_autoptr (JsonParser) parser = load_reference ();
  JsonArray *cases = get_cases (parser, "correlations");
  KalonEstimate estimate;

  for (guint i = 0; i < json_array_get_length (cases); i++)
    for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
      {
        JsonObject *expected = json_array_get_object_element (cases, i);
        gsize n, n_figures;
        g_autofree double *x = get_numbers (expected, "x", &n);
        g_autofree double *y = get_numbers (expected, "y", &n);
        g_autofree double *figures = get_numbers (expected, kinds[kind].name, &n_figures);

        kalon_metrics_bootstrap_correlation (
            kinds[kind].correlation, x, y, n,
            (guint) json_object_get_int_member (expected, "resamples"),
            (guint32) json_object_get_int_member (expected, "seed"), &estimate);
        g_assert_cmpuint (n_figures, ==, 3);
        check_estimate (&estimate, figures[0], figures[1], figures[2]);
      }
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      kalon_metrics_bootstrap_correlation (kinds[kind].correlation, rising, same, 3, 10, 1,
                                           &estimate);
      g_assert_true (isnan (estimate.mean) && isnan (estimate.low) && isnan (estimate.high));
    }
}

static void
test_mcnemar (void)
{
  g_autoptr (JsonParser) parser = load_reference ();
  JsonArray *cases = get_cases (parser, "mcnemar");

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *expected = json_array_get_object_element (cases, i);
      gsize first = (gsize) json_object_get_int_member (expected, "first");
      gsize second = (gsize) json_object_get_int_member (expected, "second");

      g_assert_cmpfloat_with_epsilon (kalon_metrics_test_mcnemar (first, second),
                                      json_object_get_double_member (expected, "p"), TOLERANCE);
    }
}

static void
test_medians (void)
{
  g_autoptr (JsonParser) parser = load_reference ();
  JsonArray *cases = get_cases (parser, "medians");

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *expected = json_array_get_object_element (cases, i);
      gsize n;
      g_autofree double *values = get_numbers (expected, "values", &n);
      KalonMedian estimate;

      kalon_metrics_bootstrap_median (
          values, n, (guint) json_object_get_int_member (expected, "resamples"),
          (guint32) json_object_get_int_member (expected, "seed"), &estimate);
      g_assert_cmpfloat_with_epsilon (
          estimate.median, json_object_get_double_member (expected, "median"), TOLERANCE);
      g_assert_cmpfloat_with_epsilon (estimate.low, json_object_get_double_member (expected, "low"),
                                      TOLERANCE);
      g_assert_cmpfloat_with_epsilon (estimate.high,
                                      json_object_get_double_member (expected, "high"), TOLERANCE);
    }
}

/* Five captions that are all found or all missed say no more than one: the interval must be that of
 * the pictures, about the square root of five wider than that of captions on their own. */
static void
test_clusters_widen (void)
{
  double values[500];
  guint32 clusters[500];
  KalonEstimate alone, clustered;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      clusters[i] = i / 5;
      values[i] = clusters[i] % 2;
    }
  kalon_metrics_bootstrap (values, NULL, G_N_ELEMENTS (values), KALON_METRICS_RESAMPLES,
                           KALON_METRICS_SEED, &alone);
  kalon_metrics_bootstrap (values, clusters, G_N_ELEMENTS (values), KALON_METRICS_RESAMPLES,
                           KALON_METRICS_SEED, &clustered);
  g_assert_cmpfloat (alone.mean, ==, 0.5);
  g_assert_cmpfloat (clustered.mean, ==, 0.5);
  g_assert_cmpfloat_with_epsilon ((clustered.high - clustered.low) / (alone.high - alone.low),
                                  sqrt (5), 0.3);
  g_assert_cmpfloat_with_epsilon (alone.high - alone.low, 2 * 1.96 * 0.5 / sqrt (500), 0.01);
}

static void
test_not_a_number (void)
{
  const float similarities[] = { NAN, 0.5f, 0.25f };
  const guint8 first[] = { 1, 0, 0 };
  const guint8 second[] = { 0, 1, 0 };
  const guint8 both[] = { 1, 1, 0 };

  g_assert_cmpuint (kalon_metrics_get_rank (similarities, first, 3), ==, 3);
  g_assert_cmpuint (kalon_metrics_get_rank (similarities, second, 3), ==, 2);
  g_assert_cmpuint (kalon_metrics_get_rank (similarities, both, 3), ==, 1);
  g_assert_cmpfloat (kalon_metrics_get_precision (similarities, first, 3, 2), ==, 0);
  g_assert_cmpfloat (kalon_metrics_get_precision (similarities, second, 3, 1), ==, 0);
  g_assert_cmpfloat (kalon_metrics_get_precision (similarities, second, 3, 2), ==, 0.5);
  g_assert_cmpuint (kalon_metrics_count_ahead (similarities, 3, 0.25f), ==, 3);
}

/* Of SciPy: binomtest (k, n).proportion_ci (method="wilson"). */
static void
test_share (void)
{
  static const struct
  {
    gsize n_successes, n;
    double low, high;
  } cases[] = {
    { 7, 9, 0.452589, 0.936775 },    { 0, 10, 0.0, 0.277533 }, { 10, 10, 0.722467, 1.0 },
    { 50, 100, 0.403832, 0.596168 }, { 1, 1, 0.206549, 1.0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KalonEstimate estimate;

      kalon_metrics_estimate_share (cases[i].n_successes, cases[i].n, &estimate);
      g_assert_cmpfloat (estimate.mean, ==, (double) cases[i].n_successes / cases[i].n);
      g_assert_cmpfloat_with_epsilon (estimate.low, cases[i].low, 1e-5);
      g_assert_cmpfloat_with_epsilon (estimate.high, cases[i].high, 1e-5);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/rankings", test_rankings);
  g_test_add_func ("/metrics/matrices", test_matrices);
  g_test_add_func ("/metrics/bootstraps", test_bootstraps);
  g_test_add_func ("/metrics/weighted", test_weighted);
  g_test_add_func ("/metrics/correlations", test_correlations);
  g_test_add_func ("/metrics/mcnemar", test_mcnemar);
  g_test_add_func ("/metrics/medians", test_medians);
  g_test_add_func ("/metrics/clusters-widen", test_clusters_widen);
  g_test_add_func ("/metrics/not-a-number", test_not_a_number);
  g_test_add_func ("/metrics/share", test_share);
  return g_test_run ();
}
