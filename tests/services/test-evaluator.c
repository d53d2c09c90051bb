/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "calibration/kalon-calibration.h"
#include "errors/kalon-errors.h"
#include "evaluator/kalon-evaluator-private.h"
#include "test-folders.h"

/* Three classes of two pictures; beside them lies d/3.png, which is none. */
static const char *const names[]
    = { "a/1.png", "a/2.png", "b_c/1.png", "b_c/2.png", "d/1.png", "d/2.png" };
#define N_PICTURES G_N_ELEMENTS (names)

typedef struct
{
  char *directory;
  KalonEvaluator *evaluator;
} Fixture;

static char *
dup_model (void)
{
  return g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
}

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

static void
make_folder (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_path (fixture, name);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
}

static void
make_file (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = dup_path (fixture, name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
make_picture (Fixture *fixture, const char *name, guint seed)
{
  g_autofree char *path = dup_path (fixture, name);
  g_autoptr (KalonImage) image = kalon_image_new (40 + seed, 48);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < (gsize) image->width * image->height * 3; i++)
    image->pixels[i] = (guint8) (128 + 120 * sin ((seed + 1) * 0.003 * i + seed * (i % 3)));
  kalon_image_save_png (image, path, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model = dup_model ();

  fixture->directory = g_dir_make_tmp ("kalon-evaluator-XXXXXX", NULL);
  fixture->evaluator = kalon_evaluator_new (model, "none");
  make_folder (fixture, "a");
  make_folder (fixture, "b_c");
  make_folder (fixture, "d");
  for (guint i = 0; i < N_PICTURES; i++)
    make_picture (fixture, names[i], i);
  make_file (fixture, "d/3.png", "not a picture");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->evaluator);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

/* What the evaluator must arrive at, one picture and one text at a time. */
typedef struct
{
  KalonEncoder *encoder;
  gsize dimension;
  float *pictures; /* [N_PICTURES, dimension] */
} Expected;

static void
expected_init (Expected *expected, Fixture *fixture)
{
  g_autofree char *model = dup_model ();
  g_autoptr (GError) error = NULL;

  expected->encoder = kalon_encoder_new (model, NULL, NULL, &error);
  g_assert_no_error (error);
  expected->dimension = kalon_encoder_get_dimension (expected->encoder);
  expected->pictures = g_new (float, N_PICTURES * expected->dimension);
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *path = dup_path (fixture, names[i]);

      kalon_encoder_encode_file (expected->encoder, path,
                                 expected->pictures + i * expected->dimension, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
expected_clear (Expected *expected)
{
  g_object_unref (expected->encoder);
  g_free (expected->pictures);
}

/* Adds the unit embedding of @text to @sum. */
static void
add_text (Expected *expected, const char *text, double weight, float *sum)
{
  g_autofree float *embedding = g_new (float, expected->dimension);
  g_autoptr (GError) error = NULL;

  kalon_encoder_encode_texts (expected->encoder, &text, 1, embedding, NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize d = 0; d < expected->dimension; d++)
    sum[d] += (float) (weight * embedding[d]);
}

static void
normalise (float *row, gsize dimension)
{
  double squares = 0;

  for (gsize d = 0; d < dimension; d++)
    squares += (double) row[d] * row[d];
  for (gsize d = 0; d < dimension; d++)
    row[d] = (float) (row[d] / sqrt (squares));
}

static float
dot (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return (float) sum;
}

static void
assert_one_failure (Fixture *fixture)
{
  GPtrArray *failures = kalon_evaluator_get_failures (fixture->evaluator);
  const KalonFailure *failure;

  g_assert_cmpuint (failures->len, ==, 1);
  failure = g_ptr_array_index (failures, 0);
  g_assert_true (g_str_has_suffix (failure->path, "/d/3.png"));
  g_assert_false (g_str_has_prefix (failure->reason, "3.png"));
}

/* Of six captions, grouped by picture, the second, fourth and sixth. @ranks: [6] in the file's
 * order */
static void
assert_examples (Fixture *fixture, const guint32 *ranks)
{
  static const char *const queries[] = { "the sea", "red", "one two" };
  static const guint captions[] = { 1, 2, 5 }, owners[] = { 0, 3, 4 };
  GPtrArray *examples = kalon_evaluator_get_examples (fixture->evaluator);

  g_assert_cmpuint (examples->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const KalonExample *example = g_ptr_array_index (examples, i);

      g_assert_cmpstr (example->query, ==, queries[i]);
      g_assert_cmpuint (example->paths->len, ==, 4);
      g_assert_cmpuint (example->rank, ==, ranks[captions[i]]);
      g_assert_true (g_str_has_suffix (g_ptr_array_index (example->paths, example->rank - 1),
                                       names[owners[i]]));
    }
}

static void
test_captions (Fixture *fixture, gconstpointer data)
{
  /* Of pictures 0, 0, 3, 1, 0, 4, in this order in the file. */
  static const guint owners[] = { 0, 0, 3, 1, 0, 4 };
  static const guint kept[] = { 0, 3, 1, 4 };
  static const char *const captions[] = { "dog", "the sea", "red", "a b", "house", "one two" };
  g_autoptr (GString) lines = g_string_new ("d/3.png\tbroken\r\n\n");
  g_autofree char *path = dup_path (fixture, "captions.tsv");
  g_autoptr (GError) error = NULL;
  float similarities[4][6];
  guint32 text_ranks[6], picture_ranks[4];
  double text_ndcg = 0, picture_ndcg = 0;
  KalonCaptionFigures figures;
  Expected expected;

  for (guint i = 0; i < 6; i++)
    g_string_append_printf (lines, "%s\t %s \r\n", names[owners[i]], captions[i]);
  make_file (fixture, "captions.tsv", lines->str);
  kalon_evaluator_set_n_examples (fixture->evaluator, 3);
  kalon_evaluator_rank_captions (fixture->evaluator, path, fixture->directory, &figures, NULL,
                                 &error);
  g_assert_no_error (error);
  g_assert_cmpuint (figures.n_pictures, ==, 4);
  g_assert_cmpuint (figures.n_captions, ==, 6);
  assert_one_failure (fixture);

  expected_init (&expected, fixture);
  for (guint c = 0; c < 6; c++)
    {
      g_autofree float *text = g_new0 (float, expected.dimension);
      float column[4];
      guint8 relevant[4];

      add_text (&expected, captions[c], 1, text);
      for (guint p = 0; p < 4; p++)
        {
          column[p] = similarities[p][c]
              = dot (expected.pictures + kept[p] * expected.dimension, text, expected.dimension);
          relevant[p] = kept[p] == owners[c];
        }
      text_ranks[c] = kalon_metrics_get_rank (column, relevant, 4);
      text_ndcg += kalon_metrics_get_ndcg (
          column, (float[]){ relevant[0], relevant[1], relevant[2], relevant[3] }, 4, 10);
    }
  assert_examples (fixture, text_ranks);
  for (guint p = 0; p < 4; p++)
    {
      guint8 relevant[6];
      float gains[6];

      for (guint c = 0; c < 6; c++)
        gains[c] = relevant[c] = kept[p] == owners[c];
      picture_ndcg += kalon_metrics_get_ndcg (similarities[p], gains, 6, 10);
      picture_ranks[p] = kalon_metrics_get_rank (similarities[p], relevant, 6);
    }
  g_assert_cmpfloat (figures.text_to_image.median_rank, ==,
                     kalon_metrics_get_median_rank (text_ranks, 6));
  g_assert_cmpfloat_with_epsilon (figures.text_to_image.mrr.mean,
                                  kalon_metrics_get_mrr (text_ranks, 6), 1e-9);
  g_assert_cmpfloat_with_epsilon (figures.image_to_text.mrr.mean,
                                  kalon_metrics_get_mrr (picture_ranks, 4), 1e-9);
  g_assert_cmpfloat_with_epsilon (figures.text_to_image.ndcg.mean, text_ndcg / 6, 1e-9);
  g_assert_cmpfloat_with_epsilon (figures.image_to_text.ndcg.mean, picture_ndcg / 4, 1e-9);
  g_assert_cmpfloat_with_epsilon (figures.text_to_image.recall[0].mean,
                                  kalon_metrics_get_recall (text_ranks, 6, 1), 1e-9);
  g_assert_cmpfloat_with_epsilon (figures.image_to_text.recall[0].mean,
                                  kalon_metrics_get_recall (picture_ranks, 4, 1), 1e-9);
  expected_clear (&expected);
}

static void
test_queries (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_path (fixture, "queries.tsv");
  g_autoptr (KalonFolderFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  const KalonQueryFigures *query;
  float similarities[N_PICTURES];
  Expected expected;
  g_autofree float *text = NULL;

  make_file (fixture, "queries.tsv", "the sea\tb_c\nhouse\td\n");
  figures
      = kalon_evaluator_rank_queries (fixture->evaluator, path, fixture->directory, NULL, &error);
  g_assert_no_error (error);
  assert_one_failure (fixture);
  g_assert_cmpuint (figures->n_pictures, ==, N_PICTURES);
  g_assert_cmpuint (figures->n_folders, ==, 3);
  g_assert_cmpuint (figures->queries->len, ==, 2);

  expected_init (&expected, fixture);
  text = g_new0 (float, expected.dimension);
  add_text (&expected, "the sea", 1, text);
  for (guint p = 0; p < N_PICTURES; p++)
    similarities[p] = dot (expected.pictures + p * expected.dimension, text, expected.dimension);
  query = g_ptr_array_index (figures->queries, 0);
  g_assert_cmpuint (query->n_pictures, ==, 2);
  g_assert_cmpfloat_with_epsilon (query->chance, 2.0 / N_PICTURES, 1e-9);
  g_assert_cmpfloat_with_epsilon (
      query->reciprocal_rank,
      1.0 / kalon_metrics_get_rank (similarities, (guint8[]){ 0, 0, 1, 1, 0, 0 }, N_PICTURES),
      1e-9);
  g_assert_cmpfloat (query->precision[1], ==, 0.2);
  expected_clear (&expected);
}

/* The queries are what classifies: a picture's class is that whose query finds it best. */
static void
test_rank_classes (Fixture *fixture, gconstpointer data)
{
  static const char *const templates[] = { "a photo of a {}", "{}", NULL };
  g_autofree char *path = dup_path (fixture, "names.tsv");
  g_autoptr (KalonFolderFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *text = NULL;
  float similarities[4];
  const KalonQueryFigures *query;
  Expected expected;

  make_file (fixture, "names.tsv", "a\tdog\nd\thouse\n");
  figures = kalon_evaluator_rank_classes (fixture->evaluator, fixture->directory, path, templates,
                                          NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (figures->n_left_out, ==, 1);
  g_assert_cmpuint (figures->n_pictures, ==, 4);
  g_assert_cmpuint (figures->queries->len, ==, 2);
  g_assert_cmpuint (g_strv_length (figures->templates), ==, 2);
  query = g_ptr_array_index (figures->queries, 1);
  g_assert_cmpstr (query->query, ==, "house");
  g_assert_cmpstr (query->folder, ==, "d");

  expected_init (&expected, fixture);
  text = g_new0 (float, expected.dimension);
  add_text (&expected, "a photo of a house", 0.5, text);
  add_text (&expected, "house", 0.5, text);
  for (guint p = 0; p < 4; p++)
    similarities[p] = dot (expected.pictures + (p < 2 ? p : p + 2) * expected.dimension, text,
                           expected.dimension);
  g_assert_cmpfloat_with_epsilon (
      query->ndcg, kalon_metrics_get_ndcg (similarities, (float[]){ 0, 0, 1, 1 }, 4, 10), 1e-9);
  g_assert_cmpfloat_with_epsilon (
      query->precision[0],
      kalon_metrics_get_precision (similarities, (guint8[]){ 0, 0, 1, 1 }, 4, 1), 1e-9);
  g_assert_cmpfloat_with_epsilon (
      figures->ndcg.mean,
      (query->ndcg + ((KalonQueryFigures *) figures->queries->pdata[0])->ndcg) / 2, 1e-9);
  expected_clear (&expected);
}

/* Names and templates averaged as Radford et al. do. */
static void
test_classify (Fixture *fixture, gconstpointer data)
{
  static const char *const templates[] = { "a photo of a {}", "{} and {}", NULL };
  static const char *const class_names[][2]
      = { { "dog", "sea" }, { "b c", NULL }, { "house", NULL } };
  g_autofree char *path = dup_path (fixture, "names.tsv");
  g_autoptr (KalonClassificationFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *classes = NULL;
  guint32 ranks[N_PICTURES];
  Expected expected;

  make_file (fixture, "names.tsv", "a\tdog\nb_c\tb c\nd\thouse\na\tsea\n");
  figures = kalon_evaluator_classify (fixture->evaluator, fixture->directory, path, templates, NULL,
                                      &error);
  g_assert_no_error (error);
  assert_one_failure (fixture);
  g_assert_cmpuint (figures->classes->len, ==, 3);

  expected_init (&expected, fixture);
  classes = g_new0 (float, 3 * expected.dimension);
  for (guint c = 0; c < 3; c++)
    {
      for (guint i = 0; i < 2 && class_names[c][i] != NULL; i++)
        {
          g_autofree float *mean = g_new0 (float, expected.dimension);
          g_autofree char *first = g_strconcat ("a photo of a ", class_names[c][i], NULL);
          g_autofree char *second
              = g_strconcat (class_names[c][i], " and ", class_names[c][i], NULL);

          add_text (&expected, first, 0.5, mean);
          add_text (&expected, second, 0.5, mean);
          normalise (mean, expected.dimension);
          for (gsize d = 0; d < expected.dimension; d++)
            classes[c * expected.dimension + d] += mean[d];
        }
      normalise (classes + c * expected.dimension, expected.dimension);
    }
  for (guint p = 0; p < N_PICTURES; p++)
    {
      float similarities[3];
      guint8 relevant[3] = { 0 };

      relevant[p / 2] = 1;
      for (guint c = 0; c < 3; c++)
        similarities[c] = dot (expected.pictures + p * expected.dimension,
                               classes + c * expected.dimension, expected.dimension);
      ranks[p] = kalon_metrics_get_rank (similarities, relevant, 3);
    }
  g_assert_cmpfloat_with_epsilon (figures->accuracy[0].mean,
                                  kalon_metrics_get_recall (ranks, N_PICTURES, 1), 1e-9);
  for (guint c = 0; c < 3; c++)
    {
      const KalonClassFigures *class = g_ptr_array_index (figures->classes, c);

      g_assert_cmpuint (class->n_pictures, ==, 2);
      g_assert_cmpfloat_with_epsilon (class->accuracy[0],
                                      kalon_metrics_get_recall (ranks + 2 * c, 2, 1), 1e-9);
    }
  expected_clear (&expected);
}

/* A model of ours in the folder “model”: the files of the one at hand, and one more. */
static void
use_model_with (Fixture *fixture, const char *file, const char *target)
{
  g_autofree char *model = dup_model ();
  g_autofree char *own = dup_path (fixture, "model");
  g_autofree char *added = g_build_filename (own, file, NULL);
  g_autoptr (GDir) dir = g_dir_open (model, 0, NULL);
  const char *name;

  make_folder (fixture, "model");
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (model, name, NULL);
      g_autofree char *to = g_build_filename (own, name, NULL);

      g_assert_cmpint (symlink (from, to), ==, 0);
    }
  g_assert_cmpint (symlink (target, added), ==, 0);
  g_assert_finalize_object (fixture->evaluator);
  fixture->evaluator = kalon_evaluator_new (own, "none");
}

/* The scores of the six pictures, each by itself: decoded as an index run does. */
static void
score_singly (Expected *expected, Fixture *fixture, float *scores)
{
  g_autofree char *model = dup_path (fixture, "model");
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonAestheticHead) head = NULL;

  kalon_aesthetic_head_load_for_model (model, expected->dimension, &head, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_aesthetic_head_needs_measures (head));
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *path = dup_path (fixture, names[i]);
      g_autoptr (KalonImage) image
          = kalon_image_load (path, KALON_MEASURE_MIN_SIDE, NULL, NULL, &error);
      float measures[KALON_N_MEASURES];

      g_assert_no_error (error);
      kalon_measure_image (image, measures);
      scores[i] = kalon_aesthetic_head_score (head, expected->pictures + i * expected->dimension,
                                              measures);
    }
}

static char *
dup_head (void)
{
  return g_test_build_filename (G_TEST_DIST, "reference", "aesthetics",
                                "quick-gelu-p16-f32-mlp.safetensors", NULL);
}

static void
test_scores (Fixture *fixture, gconstpointer data)
{
  g_autofree char *head = dup_head ();
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree float *scores = NULL;
  g_autoptr (GError) error = NULL;
  float expected_scores[N_PICTURES];
  Expected expected;

  use_model_with (fixture, KALON_AESTHETIC_FILE, head);
  g_assert_null (kalon_evaluator_get_aesthetic_hash (fixture->evaluator));
  /* The bad one between the good ones: rows of embeddings and of measures are not the same. */
  for (guint i = 0; i < N_PICTURES; i++)
    {
      if (i == 2)
        g_ptr_array_add (paths, dup_path (fixture, "d/3.png"));
      g_ptr_array_add (paths, dup_path (fixture, names[i]));
    }
  scores = kalon_evaluator_score_pictures (fixture->evaluator, paths, NULL, &error);
  g_assert_no_error (error);
  assert_one_failure (fixture);
  g_assert_cmpuint (strlen (kalon_evaluator_get_aesthetic_hash (fixture->evaluator)), ==, 64);

  expected_init (&expected, fixture);
  score_singly (&expected, fixture, expected_scores);
  g_assert_true (isnan (scores[2]));
  for (guint i = 0; i < N_PICTURES; i++)
    g_assert_cmpfloat_with_epsilon (scores[i < 2 ? i : i + 1], expected_scores[i], 1e-4);
  expected_clear (&expected);

  g_clear_pointer (&scores, g_free);
  g_ptr_array_set_size (paths, 0);
  g_ptr_array_add (paths, dup_path (fixture, "d/3.png"));
  scores = kalon_evaluator_score_pictures (fixture->evaluator, paths, NULL, &error);
  g_assert_null (scores);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  assert_one_failure (fixture);
}

/* The better pictures are mixed in the file and stand together in the intervals. */
static void
test_pairs (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint better, worse;
    const char *kind, *severity;
  } lines[] = {
    { 3, 1, "blur", "strong" }, { 0, 1, "blur", "mild" },   { 3, 5, "noise", "mild" },
    { 0, 0, "same", "mild" },   { 5, 2, "blur", "strong" }, { 0, 4, "blur", "strong" },
    { 4, 2, "noise", "mild" },
  };
  /* As the interval takes them: pairs of picture 0, which is named first, then of 3, 5, 4. */
  static const guint order[] = { 1, 3, 5, 0, 2, 4, 6 };
  static const char *const told[][2]
      = { { NULL, NULL },     { NULL, "strong" },  { NULL, "mild" },  { "blur", "strong" },
          { "blur", "mild" }, { "noise", "mild" }, { "same", "mild" } };
  g_autofree char *head = dup_head ();
  g_autofree char *path = dup_path (fixture, "pairs.tsv");
  g_autoptr (GString) text = g_string_new ("a/1.png\td/3.png\tbroken\tmild\r\n\n");
  g_autoptr (KalonPairFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  float scores[N_PICTURES];
  Expected expected;

  use_model_with (fixture, KALON_AESTHETIC_FILE, head);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_string_append_printf (text, "%s\t%s\t%s \t %s\r\n", names[lines[i].better],
                            names[lines[i].worse], lines[i].kind, lines[i].severity);
  make_file (fixture, "pairs.tsv", text->str);
  figures
      = kalon_evaluator_compare_pairs (fixture->evaluator, path, fixture->directory, NULL, &error);
  g_assert_no_error (error);
  assert_one_failure (fixture);
  g_assert_cmpuint (figures->n_pictures, ==, N_PICTURES);
  g_assert_cmpuint (figures->n_left_out, ==, 1);
  g_assert_cmpuint (figures->outcomes->len, ==, G_N_ELEMENTS (told));

  expected_init (&expected, fixture);
  score_singly (&expected, fixture, scores);
  for (guint o = 0; o < G_N_ELEMENTS (told); o++)
    {
      const KalonPairOutcome *outcome = g_ptr_array_index (figures->outcomes, o);
      double wins[G_N_ELEMENTS (lines)], difference = 0;
      guint32 clusters[G_N_ELEMENTS (lines)];
      KalonEstimate estimate;
      gsize n = 0;

      for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
        {
          guint line = order[i];
          float better = scores[lines[line].better], worse = scores[lines[line].worse];

          if ((told[o][0] != NULL && !g_str_equal (told[o][0], lines[line].kind))
              || (told[o][1] != NULL && !g_str_equal (told[o][1], lines[line].severity)))
            continue;
          wins[n] = better > worse ? 1 : better < worse ? 0 : 0.5;
          clusters[n++] = lines[line].better;
          difference += better - worse;
        }
      kalon_metrics_bootstrap (wins, clusters, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &estimate);
      g_assert_cmpstr (outcome->kind, ==, told[o][0]);
      g_assert_cmpstr (outcome->severity, ==, told[o][1]);
      g_assert_cmpuint (outcome->n_pairs, ==, n);
      g_assert_cmpfloat_with_epsilon (outcome->share.mean, estimate.mean, 1e-9);
      g_assert_cmpfloat_with_epsilon (outcome->share.low, estimate.low, 1e-9);
      g_assert_cmpfloat_with_epsilon (outcome->share.high, estimate.high, 1e-9);
      g_assert_cmpfloat_with_epsilon (outcome->difference, difference / n, 1e-4);
    }
  expected_clear (&expected);
}

static void
test_no_head (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_path (fixture, "pairs.tsv");
  g_autoptr (KalonPairFigures) figures = NULL;
  g_autoptr (GError) error = NULL;

  make_file (fixture, "pairs.tsv", "a/1.png\ta/2.png\tkind\tmild\n");
  figures
      = kalon_evaluator_compare_pairs (fixture->evaluator, path, fixture->directory, NULL, &error);
  g_assert_null (figures);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, KALON_AESTHETIC_FILE));
}

static void
test_own_templates (Fixture *fixture, gconstpointer data)
{
  static const char *const given[] = { "{} in the evening", NULL };
  g_autofree char *calibration
      = g_test_build_filename (G_TEST_DIST, "fuzz", "config.corpus", "calibration", NULL);
  g_autoptr (KalonClassificationFigures) own = NULL;
  g_autoptr (KalonClassificationFigures) other = NULL;
  g_autoptr (GError) error = NULL;

  use_model_with (fixture, KALON_CALIBRATION_FILE, calibration);
  own = kalon_evaluator_classify (fixture->evaluator, fixture->directory, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (own->templates), ==, 2);
  g_assert_cmpstr (own->templates[0], ==, "{}");
  other = kalon_evaluator_classify (fixture->evaluator, fixture->directory, NULL, given, NULL,
                                    &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (other->templates), ==, 1);
  g_assert_cmpstr (other->templates[0], ==, given[0]);
}

static void
test_own_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonClassificationFigures) figures = NULL;
  g_autoptr (GError) error = NULL;

  figures
      = kalon_evaluator_classify (fixture->evaluator, fixture->directory, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (figures->classes->len, ==, 3);
  g_assert_cmpuint (g_strv_length (figures->templates), ==, 1);
  g_assert_cmpstr (figures->templates[0], ==, KALON_DEFAULT_TEMPLATE);
  g_assert_cmpstr (((KalonClassFigures *) figures->classes->pdata[1])->folder, ==, "b_c");
  g_assert_cmpstr (((KalonClassFigures *) figures->classes->pdata[1])->names[0], ==, "b c");
}

/* Small whole numbers: products are exact, and many of them are equal. More texts than fit one run,
 * unevenly spread, one picture with more than a run holds. */
static void
test_rank_pairs (Fixture *fixture, gconstpointer data)
{
  enum
  {
    N = 61
  };
  KalonEvaluator *self = fixture->evaluator;
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GError) error = NULL;
  g_autofree float *pictures = NULL;
  g_autofree float *texts = NULL;
  g_autofree float *similarities = NULL;
  g_autofree guint32 *text_ranks = NULL;
  g_autofree guint32 *own_ranks = NULL;
  gsize first[N + 1] = { 0 };
  gsize dimension;

  g_assert_true (kalon_evaluator_begin (self, NULL, &error));
  g_assert_no_error (error);
  dimension = kalon_encoder_get_dimension (self->encoder);
  for (guint i = 0; i < N; i++)
    first[i + 1] = first[i] + (i == 40 ? 8500 : (gsize) g_rand_int_range (random, 1, 300));
  g_assert_cmpuint (first[40], <, 8192);
  pictures = g_new0 (float, N *dimension);
  texts = g_new0 (float, first[N] * dimension);
  similarities = g_new (float, N *first[N]);
  text_ranks = g_new (guint32, first[N]);
  own_ranks = g_new (guint32, first[N]);
  for (gsize i = 0; i < N; i++)
    for (gsize d = 0; d < 4; d++)
      pictures[i * dimension + d] = (float) g_rand_int_range (random, -3, 4);
  for (gsize i = 0; i < first[N]; i++)
    for (gsize d = 0; d < 4; d++)
      texts[i * dimension + d] = (float) g_rand_int_range (random, -3, 4);
  for (gsize i = 0; i < N; i++)
    for (gsize t = 0; t < first[N]; t++)
      similarities[i * first[N] + t] = dot (pictures + i * dimension, texts + t * dimension, 4);

  kalon_evaluator_rank_pairs (self, pictures, N, first, texts, text_ranks, own_ranks, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < N; i++)
    {
      const float *row = similarities + i * first[N];
      g_autofree guint8 *relevant = g_new0 (guint8, first[N]);
      g_autofree float *gains = g_new0 (float, first[N]);
      gsize n_own = first[i + 1] - first[i];

      memset (relevant + first[i], 1, n_own);
      for (gsize t = first[i]; t < first[i + 1]; t++)
        gains[t] = 1;
      g_assert_cmpuint (own_ranks[first[i]], ==, kalon_metrics_get_rank (row, relevant, first[N]));
      for (gsize k = 1; k < 20000; k *= 7)
        g_assert_cmpfloat_with_epsilon (
            kalon_metrics_get_ndcg_of_ranks (own_ranks + first[i], n_own, k),
            kalon_metrics_get_ndcg (row, gains, first[N], k), 1e-9);
      for (gsize t = first[i]; t < first[i + 1]; t++)
        {
          float column[N];
          guint8 own[N] = { 0 };

          own[i] = 1;
          for (gsize j = 0; j < N; j++)
            column[j] = similarities[j * first[N] + t];
          g_assert_cmpuint (text_ranks[t], ==, kalon_metrics_get_rank (column, own, N));
        }
    }
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (KalonClassificationFigures) figures = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_evaluator_begin (fixture->evaluator, NULL, NULL));
  g_cancellable_cancel (cancellable);
  figures = kalon_evaluator_classify (fixture->evaluator, fixture->directory, NULL, NULL,
                                      cancellable, &error);
  g_assert_null (figures);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Between two batches, from the progress function: as Ctrl-C does. */
static void
cancel_cb (KalonEvaluatorPhase phase, gsize done, gsize total, gpointer user_data)
{
  if (phase == KALON_EVALUATOR_PICTURES)
    g_cancellable_cancel (user_data);
}

static void
test_cancelled_on_the_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (KalonClassificationFigures) figures = NULL;
  g_autoptr (GError) error = NULL;

  kalon_evaluator_set_progress (fixture->evaluator, cancel_cb, cancellable);
  figures = kalon_evaluator_classify (fixture->evaluator, fixture->directory, NULL, NULL,
                                      cancellable, &error);
  g_assert_null (figures);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (kalon_evaluator_get_failures (fixture->evaluator)->len, ==, 0);
}

static void
test_bad_labels (Fixture *fixture, gconstpointer data)
{
  static const char *const files[] = {
    "",
    "\n\r\n",
    "a/1.png",
    "a/1.png\t",
    "a/1.png\t  ",
    "\tcaption",
    "a/1.png\tcaf\xe9",
    "a/1.png\tgood\na/2.png bad\n",
    "a/1.png\ttwo\ttexts",
  };
  static const char *const pairs[] = {
    "a/1.png\ta/2.png\tkind",    "a/1.png\ta/2.png\tkind\tmild\tmore",
    "a/1.png\ta/2.png\t \tmild", "a/1.png\t\tkind\tmild",
    "a/1.png\ta/2.png\tkind\t",  "a/1.png\ta/2.png\tk\xe9nd\tmild",
  };
  g_autofree char *path = dup_path (fixture, "captions.tsv");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      KalonCaptionFigures figures;

      make_file (fixture, "captions.tsv", files[i]);
      g_assert_false (kalon_evaluator_rank_captions (fixture->evaluator, path, fixture->directory,
                                                     &figures, NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, "captions.tsv: "));
    }
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (KalonPairFigures) figures = NULL;
      g_autoptr (GError) error = NULL;

      make_file (fixture, "captions.tsv", pairs[i]);
      figures = kalon_evaluator_compare_pairs (fixture->evaluator, path, fixture->directory, NULL,
                                               &error);
      g_assert_null (figures);
      g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
    }
  g_assert_true (g_file_set_contents (path, "a/1.png\tx\0y\n", 12, NULL));
  {
    g_autoptr (GError) error = NULL;
    KalonCaptionFigures figures;

    g_assert_false (kalon_evaluator_rank_captions (fixture->evaluator, path, fixture->directory,
                                                   &figures, NULL, &error));
    g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/evaluator/captions", test_captions);
  ADD ("/evaluator/queries", test_queries);
  ADD ("/evaluator/classify", test_classify);
  ADD ("/evaluator/own-names", test_own_names);
  ADD ("/evaluator/own-templates", test_own_templates);
  ADD ("/evaluator/scores", test_scores);
  ADD ("/evaluator/pairs", test_pairs);
  ADD ("/evaluator/no-head", test_no_head);
  ADD ("/evaluator/rank-classes", test_rank_classes);
  ADD ("/evaluator/rank-pairs", test_rank_pairs);
  ADD ("/evaluator/cancelled", test_cancelled);
  ADD ("/evaluator/cancelled-on-the-way", test_cancelled_on_the_way);
  ADD ("/evaluator/bad-labels", test_bad_labels);
  return g_test_run ();
}
