/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include <json-glib/json-glib.h>

#include "errors/kalon-errors.h"
#include "evaluator/kalon-evaluator-hpir-private.h"
#include "search-fixture.h"

#define QUERY "dog"
#define OTHER_QUERY "the sea"
#define REPHRASED "a dog on a beach"

/* Set */

static KalonHpirItem *
add_item (KalonHpirSet *set, const char *id, const char *query, const guint *a, const guint *b)
{
  KalonHpirItem *item = kalon_hpir_set_add_item (set, id, query);
  const guint *groups[] = { a, b };

  for (guint group = 0; group < 2; group++)
    for (const guint *seed = groups[group]; *seed != G_MAXUINT; seed++)
      {
        g_autofree char *name = g_strdup_printf ("%02u.png", *seed);

        kalon_hpir_item_add_picture (item, group, name, NULL);
      }
  return item;
}

#define GROUP(...) ((const guint[]){ __VA_ARGS__, G_MAXUINT })

static void
vote (KalonHpirItem *item, KalonHpirAspect aspect, guint a, guint b)
{
  item->votes[aspect][0] = a;
  item->votes[aspect][1] = b;
}

/* All 24 photos, some in two items; those of a query are not beside each other. */
static KalonHpirSet *
make_set (SearchFixture *fixture)
{
  KalonHpirSet *set = kalon_hpir_set_new ("Blots", fixture->photos);
  KalonHpirItem *item;

  item = add_item (set, "1", QUERY, GROUP (0, 1, 2, 3), GROUP (4, 5, 6, 7));
  g_hash_table_insert (item->rephrased, g_strdup ("detail"), g_strdup (REPHRASED));
  vote (item, KALON_HPIR_ACCURACY, 3, 1);
  vote (item, KALON_HPIR_AESTHETIC, 1, 4);
  item = add_item (set, "2", OTHER_QUERY, GROUP (8, 9, 10), GROUP (11, 12, 13, 14, 15));
  vote (item, KALON_HPIR_ACCURACY, 0, 2);
  vote (item, KALON_HPIR_AESTHETIC, 2, 2);
  item = add_item (set, "3", QUERY, GROUP (16, 17), GROUP (18, 19, 20));
  g_hash_table_insert (item->rephrased, g_strdup ("detail"), g_strdup (REPHRASED));
  vote (item, KALON_HPIR_ACCURACY, 1, 0);
  vote (item, KALON_HPIR_AESTHETIC, 5, 0);
  item = add_item (set, "4", OTHER_QUERY, GROUP (21, 0), GROUP (22, 5, 23));
  vote (item, KALON_HPIR_AESTHETIC, 3, 1);
  return set;
}

/* Mean of the scores that the searcher gives the pictures of a group. */
static double
find_mean (SearchFixture *fixture, const KalonResults *results, const KalonHpirItem *item,
           guint group)
{
  double sum = 0;

  for (guint j = 0; j < item->groups[group]->len; j++)
    {
      const KalonHpirPicture *picture = g_ptr_array_index (item->groups[group], j);
      gint64 id = find_picture (fixture, (guint) g_ascii_strtoull (picture->path, NULL, 10));
      gboolean found = FALSE;

      for (guint i = 0; i < results->aligned->len; i++)
        {
          const KalonResult *result = &g_array_index (results->aligned, KalonResult, i);

          if (result->picture == id)
            {
              sum += result->score;
              found = TRUE;
            }
        }
      g_assert_true (found);
    }
  return sum / item->groups[group]->len;
}

static KalonResults *
search_aligned (KalonSearcher *searcher, const KalonHpirItem *item, const KalonAlignWay *way,
                const KalonRephraseRequest *request)
{
  g_autoptr (KalonQuery) query = make_query (item->query);
  g_autoptr (KalonRephrasing) rephrasing = NULL;
  g_autofree char *text = NULL;
  KalonAlignment alignment = { .rephrase = KALON_REPHRASE_DEFAULT_SHARE,
                               .aesthetic = way->aesthetic,
                               .adapter = way->adapter != NULL };
  KalonRephraseRequest own = *request;

  own.query = item->query;
  own.style = way->style;
  if (way->style == KALON_REPHRASE_DETAIL && g_str_equal (item->query, QUERY))
    text = g_strdup (REPHRASED);
  else if (way->style != KALON_REPHRASE_ORIGINAL)
    {
      rephrasing = kalon_rephrase_built_in (&own);
      text = g_strdup (rephrasing->text);
    }
  alignment.rephrased = text;
  kalon_query_set_limit (query, 0);
  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_alignment (query, &alignment);
  return search (searcher, query);
}

/* A library stores embeddings as 16-bit floats. */
#define STORED 2e-4

/* Whatever the parts, a group's score is the mean of what the search itself gives its pictures. */
static void
test_as_searched (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = make_set (fixture);
  g_autoptr (KalonEvaluator) evaluator = NULL;
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (GPtrArray) adapters
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_adapter_free);
  g_autoptr (KalonHpirFigures) figures = NULL;
  g_autoptr (KalonTokenizer) tokenizer = NULL;
  g_autoptr (GArray) ways = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (KalonHpirScene) scene = { 0 };
  g_autofree double *baseline = NULL;
  KalonRephraseRequest request = { 0 };
  KalonHpirTask task;

  add_head (fixture);
  make_library (fixture);
  evaluator = kalon_evaluator_new (fixture->model, "none");
  searcher = make_searcher (fixture);
  for (guint kind = 0; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    g_ptr_array_add (adapters, make_adapter (fixture, kind));
  kalon_hpir_task_init (&task, set);
  task.adapters = adapters;
  figures = kalon_evaluator_judge_hpir (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  ways = kalon_evaluator_list_ways (task.style, task.aesthetic_weight,
                                    (KalonAdapter *const *) adapters->pdata, adapters->len);
  g_assert_cmpuint (figures->rows->len, ==, ways->len + 1);
  g_assert_true (kalon_hpir_scene_init (&scene, evaluator, &task, TRUE, NULL, &error));
  tokenizer = kalon_tokenizer_new (fixture->model, &error);
  request.tokenizer = tokenizer;
  request.context_length = kalon_encoder_get_config (evaluator->encoder)->context_length;
  for (guint w = 0; w < ways->len; w++)
    {
      const KalonAlignWay *way = &g_array_index (ways, KalonAlignWay, w);
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, w);
      g_autofree double *means = kalon_hpir_scene_score (&scene, evaluator, way, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (row->name, ==, way->name);
      double moved = 0;

      kalon_searcher_try_adapter (searcher, way->adapter);
      for (guint i = 0; i < scene.items->len; i++)
        {
          const KalonHpirItem *item
              = g_ptr_array_index (set->items, g_array_index (scene.items, guint, i));
          g_autoptr (KalonResults) results = search_aligned (searcher, item, way, &request);
          double a = find_mean (fixture, results, item, 0);
          double b = find_mean (fixture, results, item, 1);

          g_assert_cmpfloat_with_epsilon (means[2 * i], a, STORED);
          g_assert_cmpfloat_with_epsilon (means[2 * i + 1], b, STORED);
          moved = MAX (moved, fabs (means[2 * i] - (baseline != NULL ? baseline[2 * i] : 0)));
          if (fabs (a - b) > 2 * STORED)
            g_assert_cmpuint (row->choices[i], ==,
                              a > b ? KALON_HPIR_CHOICE_A : KALON_HPIR_CHOICE_B);
        }
      /* What the parts do is far more than what storing loses. */
      g_assert_cmpfloat (moved, >, 5 * STORED);
      if (w == 0)
        baseline = g_steal_pointer (&means);
    }
  g_assert_cmpuint (figures->n_stored, ==, 2);
  g_assert_cmpuint (figures->n_pictures, ==, N_PHOTOS);
  /* Those of a query together. */
  g_assert_cmpuint (figures->items->len, ==, 4);
  g_assert_cmpuint (g_array_index (figures->items, guint, 1), ==, 2);
  g_assert_cmpuint (figures->n_gold[KALON_HPIR_ACCURACY], ==, 3);
  g_assert_cmpuint (figures->n_gold[KALON_HPIR_AESTHETIC], ==, 3);
  g_assert_cmpuint (figures->n_gold[KALON_HPIR_DIVERSITY], ==, 0);
  /* own and clip-iqa; of four items with votes one has as many on both sides. */
  g_assert_cmpuint (figures->scorers->len, ==, 2);
  g_assert_cmpuint (((KalonHpirScorer *) g_ptr_array_index (figures->scorers, 0))->n_items, ==, 4);
  g_assert_cmpuint (((KalonHpirScorer *) g_ptr_array_index (figures->scorers, 0))->n_decided, ==,
                    3);
  g_assert_cmpstr (kalon_hpir_figures_get_aligned (figures)->name, ==, "all, query");
}

static KalonHpirFigures *
judge (SearchFixture *fixture, const KalonHpirSet *set)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autoptr (GError) error = NULL;
  KalonHpirFigures *figures;
  KalonHpirTask task;

  kalon_hpir_task_init (&task, set);
  figures = kalon_evaluator_judge_hpir (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  return figures;
}

static void
swap_item (KalonHpirItem *item)
{
  GPtrArray *group = item->groups[0];

  item->groups[0] = item->groups[1];
  item->groups[1] = group;
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    vote (item, aspect, item->votes[aspect][1], item->votes[aspect][0]);
}

static void
assert_same (const KalonEstimate *a, const KalonEstimate *b)
{
  g_assert_true ((isnan (a->mean) && isnan (b->mean)) || a->mean == b->mean);
  g_assert_true ((isnan (a->low) && isnan (b->low)) || a->low == b->low);
  g_assert_true ((isnan (a->high) && isnan (b->high)) || a->high == b->high);
}

/* Which of two groups is called A is of no importance; turned round votes are. */
static void
test_swapped (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = make_set (fixture);
  g_autoptr (KalonHpirFigures) figures = NULL;
  g_autoptr (KalonHpirFigures) swapped = NULL;
  g_autoptr (KalonHpirFigures) against = NULL;

  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  figures = judge (fixture, set);
  for (guint i = 0; i < set->items->len; i++)
    swap_item (g_ptr_array_index (set->items, i));
  swapped = judge (fixture, set);
  for (guint i = 0; i < set->items->len; i++)
    {
      KalonHpirItem *item = g_ptr_array_index (set->items, i);

      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        vote (item, aspect, item->votes[aspect][1], item->votes[aspect][0]);
    }
  against = judge (fixture, set);
  /* Without a head: no row that needs scores. */
  g_assert_cmpuint (figures->rows->len, ==, 4);
  g_assert_null (kalon_hpir_figures_get_aligned (figures));
  for (guint r = 0; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);
      const KalonHpirRow *other = g_ptr_array_index (swapped->rows, r);
      const KalonHpirRow *wrong = g_ptr_array_index (against->rows, r);

      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        {
          assert_same (&row->aspects[aspect].agreement, &other->aspects[aspect].agreement);
          assert_same (&row->aspects[aspect].weighted, &other->aspects[aspect].weighted);
          assert_same (&row->aspects[aspect].gain, &other->aspects[aspect].gain);
          if (figures->n_gold[aspect] > 0)
            g_assert_cmpfloat_with_epsilon (row->aspects[aspect].agreement.mean
                                                + wrong->aspects[aspect].agreement.mean,
                                            1, 1e-12);
        }
    }
}

/* The same pictures in both groups, in another order, are a tie; and an item with a picture that
 * cannot be read is left out. */
static void
test_ties (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("Ties", fixture->photos);
  g_autoptr (KalonHpirFigures) figures = NULL;

  for (guint i = 0; i < 8; i++)
    make_photo (fixture, i);
  vote (add_item (set, "1", QUERY, GROUP (0, 1, 2, 3, 4), GROUP (3, 4, 1, 0, 2)),
        KALON_HPIR_AESTHETIC, 4, 1);
  vote (add_item (set, "2", QUERY, GROUP (5, 6), GROUP (6, 99)), KALON_HPIR_AESTHETIC, 4, 1);
  figures = judge (fixture, set);
  g_assert_cmpuint (figures->items->len, ==, 1);
  g_assert_cmpuint (figures->n_left_out, ==, 1);
  for (guint r = 0; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);
      const KalonHpirAgreement *agreement = &row->aspects[KALON_HPIR_AESTHETIC];

      g_assert_cmpuint (row->choices[0], ==, KALON_HPIR_CHOICE_NEITHER);
      g_assert_cmpfloat (agreement->agreement.mean, ==, 0.5);
      g_assert_cmpfloat (agreement->gain.mean, ==, 0);
      g_assert_cmpfloat (agreement->p, ==, 1);
      g_assert_true (isnan (row->aspects[KALON_HPIR_ACCURACY].agreement.mean));
      g_assert_true (isnan (row->aspects[KALON_HPIR_ACCURACY].p));
    }
}

static void
test_errors (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("Gone", fixture->photos);
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autoptr (GPtrArray) adapters
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_adapter_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) mismatch = NULL;
  g_autofree char *hash = g_strnfill (64, 'a');
  KalonHpirTask task;

  add_item (set, "1", QUERY, GROUP (0), GROUP (1));
  kalon_hpir_task_init (&task, set);
  g_assert_null (kalon_evaluator_judge_hpir (evaluator, &task, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_cmpuint (kalon_evaluator_get_failures (evaluator)->len, ==, 2);
  g_ptr_array_add (adapters, kalon_adapter_new (KALON_ADAPTER_IMAGE, hash, 32, 0, 1));
  task.adapters = adapters;
  g_assert_null (kalon_evaluator_judge_hpir (evaluator, &task, NULL, &mismatch));
  g_assert_error (mismatch, KALON_ERROR, KALON_ERROR_MISMATCH);
}

/* What ranks is among the models that are compared with people; a blend of them is so too. */
static void
test_blend (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = make_set (fixture);
  g_autoptr (KalonEvaluator) evaluator = NULL;
  g_autoptr (KalonHpirFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  const KalonHpirScorer *scorer;
  KalonHpirTask task;

  add_head (fixture);
  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  evaluator = kalon_evaluator_new (fixture->model, "none");
  kalon_evaluator_set_aesthetic_models (evaluator, "own:2,clip-iqa");
  kalon_hpir_task_init (&task, set);
  figures = kalon_evaluator_judge_hpir (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (figures->scorers->len, ==, 3);
  scorer = g_ptr_array_index (figures->scorers, 2);
  g_assert_cmpstr (scorer->name, ==, "all that rank");
}

/* Another model ranks the same items by its own baseline. */
static void
test_other_model (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = make_set (fixture);
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (fixture->model, "none");
  g_autoptr (KalonHpirFigures) figures = NULL;
  g_autoptr (KalonHpirFigures) own = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *other
      = g_test_build_filename (G_TEST_DIST, "reference", "models", OTHER_MODEL, NULL);
  const KalonHpirRow *row, *baseline;
  KalonHpirTask task;

  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  kalon_hpir_task_init (&task, set);
  task.other_model = other;
  task.other_name = "the other";
  figures = kalon_evaluator_judge_hpir (evaluator, &task, NULL, &error);
  g_assert_no_error (error);
  row = g_ptr_array_index (figures->rows, figures->rows->len - 1);
  g_assert_cmpstr (row->name, ==, "model the other");
  g_assert_cmpuint (row->role, ==, KALON_HPIR_OTHER_MODEL);
  g_free (fixture->model);
  fixture->model = g_strdup (other);
  own = judge (fixture, set);
  baseline = g_ptr_array_index (own->rows, 0);
  g_assert_cmpmem (row->choices, 4, baseline->choices, 4);
}

/* Golden figures: tests/reference/hpir is made by make-hpir.py with numpy and scipy. */

#define TOLERANCE 1e-6

typedef struct
{
  JsonParser *parser;
  JsonObject *expected;
  KalonHpirSet *set;
  KalonHpirTask task;
  KalonHpirScene scene;
  KalonHpirFigures figures;
} Golden;

static double
get_number (JsonObject *object, const char *name)
{
  return json_object_get_double_member (object, name);
}

static void
golden_add_rows (Golden *golden)
{
  JsonArray *rows = json_object_get_array_member (golden->expected, "choices");

  golden->figures.rows = g_ptr_array_new_with_free_func (g_free);
  for (guint r = 0; r < json_array_get_length (rows); r++)
    {
      JsonArray *choices = json_array_get_array_element (rows, r);
      guint n = json_array_get_length (choices);
      KalonHpirRow *row = g_malloc0 (sizeof *row + n);

      row->choices = (guint8 *) (row + 1);
      for (guint i = 0; i < n; i++)
        row->choices[i] = (guint8) json_array_get_int_element (choices, i);
      g_ptr_array_add (golden->figures.rows, row);
    }
}

/* A row of scores for each picture of each group, in the order of the items. */
static void
golden_add_scores (Golden *golden)
{
  JsonArray *scores = json_object_get_array_member (golden->expected, "scores");
  guint n_members = json_array_get_length (scores);
  KalonHpirScene *scene = &golden->scene;
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (float));

  scene->members = g_ptr_array_new_with_free_func (g_free);
  scene->groups = g_array_new (FALSE, FALSE, sizeof (guint32));
  scene->first = g_new0 (guint, 2 * (gsize) scene->items->len + 1);
  for (guint i = 0; i < scene->items->len; i++)
    for (guint group = 0; group < 2; group++)
      {
        JsonArray *first = json_array_get_array_element (
            json_array_get_array_element (json_array_get_array_element (scores, 0), i), group);

        scene->first[2 * i + group] = scene->groups->len;
        for (guint j = 0; j < json_array_get_length (first); j++)
          {
            guint32 row = scene->groups->len;

            g_array_append_val (scene->groups, row);
            for (guint m = 0; m < n_members; m++)
              {
                float value = (float) json_array_get_double_element (
                    json_array_get_array_element (
                        json_array_get_array_element (json_array_get_array_element (scores, m), i),
                        group),
                    j);

                g_array_append_val (values, value);
              }
          }
      }
  scene->first[2 * scene->items->len] = scene->groups->len;
  for (guint m = 0; m < n_members; m++)
    g_ptr_array_add (scene->members, g_strdup_printf ("model-%u", m));
  scene->of_members = g_memdup2 (values->data, values->len * sizeof (float));
}

static void
golden_init (Golden *golden)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "hpir", "expected.json", NULL);
  g_autofree char *set
      = g_test_build_filename (G_TEST_DIST, "reference", "hpir", "set.jsonl", NULL);
  g_autoptr (GError) error = NULL;
  JsonArray *order, *clusters;

  golden->parser = json_parser_new ();
  g_assert_true (json_parser_load_from_file (golden->parser, path, &error));
  golden->expected = json_node_get_object (json_parser_get_root (golden->parser));
  golden->set = kalon_hpir_set_read (set, &error);
  g_assert_no_error (error);
  kalon_hpir_task_init (&golden->task, golden->set);
  golden->scene.task = &golden->task;
  order = json_object_get_array_member (golden->expected, "order");
  clusters = json_object_get_array_member (golden->expected, "clusters");
  golden->scene.items = g_array_new (FALSE, FALSE, sizeof (guint));
  golden->scene.clusters = g_new (guint32, json_array_get_length (order));
  for (guint i = 0; i < json_array_get_length (order); i++)
    {
      guint number = (guint) json_array_get_int_element (order, i);

      g_array_append_val (golden->scene.items, number);
      golden->scene.clusters[i] = (guint32) json_array_get_int_element (clusters, i);
    }
  golden_add_rows (golden);
  golden_add_scores (golden);
}

static void
golden_clear (Golden *golden)
{
  kalon_hpir_scene_clear (&golden->scene);
  g_ptr_array_unref (golden->figures.rows);
  kalon_hpir_set_free (golden->set);
  g_object_unref (golden->parser);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Golden, golden_clear)

/* The interval is there, around the mean, and not a point. */
static void
check_estimate (const KalonEstimate *estimate, double expected)
{
  g_assert_cmpfloat_with_epsilon (estimate->mean, expected, TOLERANCE);
  g_assert_cmpfloat (estimate->low, <=, estimate->mean);
  g_assert_cmpfloat (estimate->high, >=, estimate->mean);
}

static void
test_golden_agreement (void)
{
  g_auto (Golden) golden = { 0 };
  JsonArray *rows;

  golden_init (&golden);
  rows = json_object_get_array_member (golden.expected, "rows");
  kalon_hpir_count_agreement (&golden.scene, &golden.figures);
  g_assert_cmpuint (json_array_get_length (rows), ==, 3);
  for (guint r = 0; r < 3; r++)
    for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
      {
        const KalonHpirRow *row = g_ptr_array_index (golden.figures.rows, r);
        const KalonHpirAgreement *found = &row->aspects[aspect];
        JsonObject *expected
            = json_array_get_object_element (json_array_get_array_element (rows, r), aspect);

        check_estimate (&found->agreement, get_number (expected, "agreement"));
        check_estimate (&found->weighted, get_number (expected, "weighted"));
        check_estimate (&found->gain, get_number (expected, "gain"));
        check_estimate (&found->weighted_gain, get_number (expected, "weighted_gain"));
        g_assert_cmpfloat (found->agreement.high - found->agreement.low, >, 0.1);
        g_assert_cmpfloat (found->weighted.low, !=, found->agreement.low);
        g_assert_cmpuint (found->n_better, ==, get_number (expected, "better"));
        g_assert_cmpuint (found->n_worse, ==, get_number (expected, "worse"));
        g_assert_cmpfloat_with_epsilon (found->p, get_number (expected, "p"), TOLERANCE);
        g_assert_cmpuint (golden.figures.n_gold[aspect], ==, get_number (expected, "n"));
        check_estimate (&golden.figures.confidence[aspect], get_number (expected, "confidence"));
      }
}

static void
check_split (const KalonHpirSplit *split, JsonArray *expected)
{
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      JsonObject *of_aspect = json_array_get_object_element (expected, aspect);
      JsonArray *agreement = json_object_get_array_member (of_aspect, "agreement");
      JsonArray *gain = json_object_get_array_member (of_aspect, "gain");

      g_assert_cmpuint (split->n_items[aspect], ==, get_number (of_aspect, "n"));
      for (guint r = 0; r < 3; r++)
        {
          guint i = r * KALON_N_HPIR_ASPECTS + aspect;

          check_estimate (&g_array_index (split->agreement, KalonEstimate, i),
                          json_array_get_double_element (agreement, r));
          check_estimate (&g_array_index (split->gains, KalonEstimate, i),
                          json_array_get_double_element (gain, r));
        }
    }
}

static void
split_free (gpointer data)
{
  KalonHpirSplit *split = data;

  g_free (split->name);
  g_array_unref (split->agreement);
  g_array_unref (split->gains);
  g_free (split);
}

static void
test_golden_splits (void)
{
  g_auto (Golden) golden = { 0 };
  g_autoptr (GPtrArray) splits = g_ptr_array_new_with_free_func (split_free);
  JsonObject *expected;

  golden_init (&golden);
  golden.figures.splits = splits;
  kalon_hpir_count_splits (&golden.scene, &golden.figures);
  expected = json_object_get_object_member (golden.expected, "splits");
  /* One age group has judged three items only. */
  g_assert_cmpuint (json_object_get_size (expected), ==, 7);
  g_assert_cmpuint (splits->len, ==, 7);
  for (guint i = 0; i < splits->len; i++)
    {
      const KalonHpirSplit *split = g_ptr_array_index (splits, i);

      g_assert_true (json_object_has_member (expected, split->name));
      g_assert_cmpint (split->is_of_people, ==, strchr (split->name, ':') != NULL);
      check_split (split, json_object_get_array_member (expected, split->name));
    }
}

static void
scorer_free (gpointer data)
{
  KalonHpirScorer *scorer = data;

  g_free (scorer->name);
  g_free (scorer);
}

static void
test_golden_scorers (void)
{
  g_auto (Golden) golden = { 0 };
  g_autoptr (GPtrArray) scorers = g_ptr_array_new_with_free_func (scorer_free);
  JsonArray *expected;

  golden_init (&golden);
  golden.figures.scorers = scorers;
  kalon_hpir_correlate (&golden.scene, &golden.figures);
  expected = json_object_get_array_member (golden.expected, "scorers");
  g_assert_cmpuint (scorers->len, ==, json_array_get_length (expected));
  for (guint i = 0; i < scorers->len; i++)
    {
      const KalonHpirScorer *scorer = g_ptr_array_index (scorers, i);
      JsonObject *object = json_array_get_object_element (expected, i);

      g_assert_cmpuint (scorer->n_items, ==, get_number (object, "n"));
      g_assert_cmpuint (scorer->n_decided, ==, get_number (object, "n_decided"));
      check_estimate (&scorer->right, get_number (object, "right"));
      check_estimate (&scorer->spearman, get_number (object, "spearman"));
      check_estimate (&scorer->pearson, get_number (object, "pearson"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_SEARCH_TEST ("/evaluator-hpir/as-searched", test_as_searched);
  ADD_SEARCH_TEST ("/evaluator-hpir/swapped", test_swapped);
  ADD_SEARCH_TEST ("/evaluator-hpir/ties", test_ties);
  ADD_SEARCH_TEST ("/evaluator-hpir/errors", test_errors);
  ADD_SEARCH_TEST ("/evaluator-hpir/blend", test_blend);
  ADD_SEARCH_TEST ("/evaluator-hpir/other-model", test_other_model);
  g_test_add_func ("/evaluator-hpir/golden/agreement", test_golden_agreement);
  g_test_add_func ("/evaluator-hpir/golden/splits", test_golden_splits);
  g_test_add_func ("/evaluator-hpir/golden/scorers", test_golden_scorers);

  return g_test_run ();
}
