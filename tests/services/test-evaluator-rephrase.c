/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "errors/kalon-errors.h"
#include "evaluator/kalon-evaluator-private.h"
#include "search-fixture.h"

#define SHARE 0.5f

static const char *const words[] = { "a dog", "the sea", "red house", "an old tree" };

/* Two captions for each of the first photos, and one of a photo that is not there. */
static char *
write_captions (SearchFixture *fixture)
{
  g_autoptr (GString) lines = g_string_new ("nowhere.png\tgone\n");
  char *path = g_build_filename (fixture->directory, "captions.tsv", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_string_append_printf (lines, "%02u.png\t%s\n%02u.png\t%s at night\n", i, words[i], i,
                            words[i]);
  g_assert_true (g_file_set_contents (path, lines->str, -1, NULL));
  return path;
}

/* What it must come to, one query at a time. */
static void
expect (SearchFixture *fixture, const char *text, const char *rephrased, guint target,
        const float *pictures, double *reciprocal, double *recall)
{
  gsize dimension = get_dimension (fixture);
  g_autofree float *query = g_new (float, dimension);
  g_autofree float *other = g_new (float, dimension);
  float similarities[G_N_ELEMENTS (words)];
  guint8 relevant[G_N_ELEMENTS (words)] = { 0 };
  double squares = 0;
  guint32 rank;

  encode_text (fixture, text, query);
  encode_text (fixture, rephrased, other);
  for (gsize d = 0; d < dimension; d++)
    {
      query[d] = (1 - SHARE) * query[d] + SHARE * other[d];
      squares += (double) query[d] * query[d];
    }
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    similarities[i] = (float) (dot (pictures + i * dimension, query, dimension) / sqrt (squares));
  relevant[target] = 1;
  rank = kalon_metrics_get_rank (similarities, relevant, G_N_ELEMENTS (words));
  *reciprocal += 1.0 / rank;
  *recall += rank == 1;
}

static void
test_captions (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autofree char *captions = write_captions (fixture);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KalonRephraseFigures) figures = NULL;
  g_autoptr (KalonTokenizer) tokenizer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *pictures = NULL;
  g_autofree float *scores = NULL;
  guint8 is_good[G_N_ELEMENTS (words)];
  const KalonRephraseTask task
      = { .captions = captions, .images = fixture->photos, .share = SHARE };
  KalonRephraseRequest request = { 0 };
  double mean = 0;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      make_photo (fixture, i);
      g_ptr_array_add (paths, dup_photo_path (fixture, i));
    }
  figures = kalon_evaluator_compare_styles (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kalon_evaluator_get_failures (evaluator)->len, ==, 1);
  g_assert_cmpuint (figures->n_pictures, ==, G_N_ELEMENTS (words));
  g_assert_cmpuint (figures->n_queries, ==, 2 * G_N_ELEMENTS (words));
  g_assert_cmpuint (figures->rows->len, ==, KALON_N_REPHRASE_STYLES);
  g_assert_cmpstr (figures->models[0], ==, KALON_CLIP_IQA_ID);
  g_assert_cmpuint (figures->n_figures, ==, KALON_N_REPHRASE_FIGURES + 1);

  pictures = kalon_evaluator_encode_pictures (evaluator, paths, is_good, NULL, NULL, NULL, &error);
  tokenizer = kalon_tokenizer_new (fixture->model, &error);
  request.tokenizer = tokenizer;
  request.context_length = kalon_encoder_get_config (evaluator->encoder)->context_length;
  for (guint style = 0; style < KALON_N_REPHRASE_STYLES; style++)
    {
      const KalonRephraseRow *row = g_ptr_array_index (figures->rows, style);
      const KalonRephraseRow *typed = g_ptr_array_index (figures->rows, 0);
      double reciprocal = 0, recall = 0;

      for (guint i = 0; i < 2 * G_N_ELEMENTS (words); i++)
        {
          g_autofree char *text = g_strconcat (words[i / 2], i % 2 > 0 ? " at night" : "", NULL);
          g_autoptr (KalonRephrasing) rephrasing = NULL;

          request.query = text;
          request.style = (KalonRephraseStyle) style;
          rephrasing = kalon_rephrase_built_in (&request);
          expect (fixture, text, rephrasing->text, i / 2, pictures, &reciprocal, &recall);
        }
      g_assert_cmpint (row->style, ==, style);
      g_assert_cmpfloat_with_epsilon (row->figures[KALON_REPHRASE_MRR].mean, reciprocal / 8, 1e-6);
      g_assert_cmpfloat_with_epsilon (row->figures[KALON_REPHRASE_RECALL_1].mean, recall / 8, 1e-6);
      g_assert_cmpfloat (row->figures[KALON_REPHRASE_RECALL_5].mean, ==, 1);
      g_assert_cmpfloat_with_epsilon (
          row->gains[KALON_REPHRASE_MRR].mean,
          row->figures[KALON_REPHRASE_MRR].mean - typed->figures[KALON_REPHRASE_MRR].mean, 1e-9);
      /* Fewer than ten pictures: all of them, whatever the order. */
      g_assert_cmpfloat (row->figures[KALON_REPHRASE_OVERLAP].mean, ==, 1);
      g_assert_cmpfloat_with_epsilon (row->gains[KALON_N_REPHRASE_FIGURES].mean, 0, 1e-9);
      g_assert_cmpuint (row->n_changed > 0, ==, style != KALON_REPHRASE_ORIGINAL);
      g_assert_cmpuint (row->n_by_llm + row->n_stands_in, ==, 0);
    }
  kalon_evaluator_set_aesthetic_models (evaluator, KALON_CLIP_IQA_ID);
  scores = kalon_evaluator_score_pictures (evaluator, paths, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    mean += scores[i] / G_N_ELEMENTS (words);
  g_assert_cmpfloat_with_epsilon (
      ((KalonRephraseRow *) figures->rows->pdata[1])->figures[KALON_N_REPHRASE_FIGURES].mean, mean,
      1e-5);
}

/* Class folders: any picture of the class will do, and the looks of the ten best depend on them. */
static void
test_folders (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autoptr (KalonRephraseFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  KalonRephraseTask task = { .images = fixture->directory, .share = 0, .limit = 2 };
  const KalonRephraseRow *row;

  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  make_classes (fixture);
  task.images = fixture->classes;
  figures = kalon_evaluator_compare_styles (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (figures->of_folders);
  g_assert_cmpuint (figures->n_pictures, ==, N_PHOTOS);
  g_assert_cmpuint (figures->n_queries, ==, 2);
  g_assert_cmpstr (figures->example, ==, "dog");
  row = g_ptr_array_index (figures->rows, KALON_REPHRASE_DETAIL);
  /* Without a share nothing changes. */
  for (guint f = 0; f < figures->n_figures; f++)
    g_assert_cmpfloat (row->gains[f].mean, ==, 0);
  g_assert_cmpfloat (row->figures[KALON_REPHRASE_OVERLAP].mean, ==, 1);
  g_clear_pointer (&figures, kalon_rephrase_figures_free);

  task.share = 1;
  figures = kalon_evaluator_compare_styles (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  row = g_ptr_array_index (figures->rows, KALON_REPHRASE_DETAIL);
  g_assert_cmpfloat (row->figures[KALON_REPHRASE_OVERLAP].mean, <, 1);
}

/* A language model that fails for one text of two. */
static KalonRephrasing *
fail_half (const KalonRephraseRequest *request, gpointer user_data, GError **error)
{
  guint *n = user_data;

  if (!kalon_rephrase_style_asks (request->style))
    return kalon_rephrase_built_in (request);
  return (*n)++ % 2 == 0 ? kalon_rephrase_stand_in (request, "It is asleep.")
                         : kalon_rephrase_built_in (request);
}

static KalonRephrasing *
give_up (const KalonRephraseRequest *request, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  return NULL;
}

static void
test_failures (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autofree char *captions = write_captions (fixture);
  g_autoptr (KalonRephraseFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;
  KalonRephraseTask task = { .captions = captions,
                             .images = fixture->photos,
                             .share = SHARE,
                             .limit = 4,
                             .rephrase = fail_half,
                             .user_data = &n };
  const KalonRephraseRow *row;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    make_photo (fixture, i);
  figures = kalon_evaluator_compare_styles (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  /* The first of four evenly spaced ones is of the photo that is not there. */
  g_assert_cmpuint (figures->n_queries, ==, 3);
  row = g_ptr_array_index (figures->rows, KALON_REPHRASE_DETAIL);
  g_assert_cmpuint (row->n_stands_in, ==, 2);
  g_assert_nonnull (strstr (row->notice, "It is asleep."));
  g_clear_pointer (&figures, kalon_rephrase_figures_free);

  task.rephrase = give_up;
  figures = kalon_evaluator_compare_styles (evaluator, &task, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (figures);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD_SEARCH_TEST ("/evaluator-rephrase/captions", test_captions);
  ADD_SEARCH_TEST ("/evaluator-rephrase/folders", test_folders);
  ADD_SEARCH_TEST ("/evaluator-rephrase/failures", test_failures);

  return g_test_run ();
}
