/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "evaluator/kalon-evaluator-taste-private.h"
#include "test-folders.h"

static const guint some_thumbs[] = { 0, 5, 40 };

static const KalonTasteProtocol exact = {
  .n_users = 4, .thumbs = some_thumbs, .n_thumbs = G_N_ELEMENTS (some_thumbs), .page = 6, .seed = 3
};

static void
assert_attributes (const KalonImage *image, JsonArray *expected, double tolerance)
{
  float attributes[KALON_N_ATTRIBUTES];

  g_assert_cmpuint (json_array_get_length (expected), ==, KALON_N_ATTRIBUTES);
  kalon_attributes_measure (image, attributes);
  for (guint i = 0; i < KALON_N_ATTRIBUTES; i++)
    {
      double value = json_array_get_double_element (expected, i);
      g_assert_cmpfloat_with_epsilon (attributes[i], value, tolerance * (1 + fabs (value)));
    }
}

/* As make-attributes.py makes it. */
static KalonImage *
make_image (guint seed)
{
  KalonImage *image = kalon_image_new (KALON_ATTRIBUTE_SIDE, KALON_ATTRIBUTE_SIDE);

  for (guint y = 0; y < image->height; y++)
    for (guint x = 0; x < image->width; x++)
      for (guint c = 0; c < 3; c++)
        {
          guint value = (x * (seed + c) / 3 + y * y * (2 - c) / 90 + x * y * seed / 70) % 256
                        * (c + seed) / 7 % 256;
          image->pixels[(y * image->width + x) * 3 + c]
              = (guint8) ((x / 20 + y / 32) % (seed + 2) == 0 ? value / 3 : value);
        }
  return image;
}

/* tests/reference/attributes is made by make-attributes.py with numpy and Pillow. */
static void
test_attributes (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "attributes", "expected.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *expected, *files;
  JsonArray *made;
  g_autoptr (GList) names = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  expected = json_node_get_object (json_parser_get_root (parser));
  made = json_object_get_array_member (expected, "made");
  g_assert_cmpuint (json_array_get_length (made), ==, 5);
  for (guint i = 0; i < json_array_get_length (made); i++)
    {
      g_autoptr (KalonImage) image = make_image (i + 1);

      assert_attributes (image, json_array_get_array_element (made, i), 1e-5);
    }

  files = json_object_get_object_member (expected, "files");
  names = json_object_get_members (files);
  g_assert_cmpuint (g_list_length (names), ==, 4);
  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *file
          = g_test_build_filename (G_TEST_DIST, "reference", "pictures", name->data, NULL);
      g_autoptr (KalonImage) image = kalon_image_load (file, 0, NULL, NULL, &error);

      g_assert_no_error (error);
      /* Decoding and resizing are equal within a step of 255. */
      assert_attributes (image, json_object_get_array_member (files, name->data), 5e-3);
    }
}

static void
test_standardise (void)
{
  float attributes[3 * KALON_N_ATTRIBUTES];

  for (guint i = 0; i < 3; i++)
    for (guint a = 0; a < KALON_N_ATTRIBUTES; a++)
      attributes[i * KALON_N_ATTRIBUTES + a] = a == 1 ? 5 : (float) (100 + i * (a + 1));
  kalon_attributes_standardise (attributes, 3);
  for (guint a = 0; a < KALON_N_ATTRIBUTES; a++)
    for (guint i = 0; i < 3; i++)
      g_assert_cmpfloat_with_epsilon (attributes[i * KALON_N_ATTRIBUTES + a],
                                      a == 1 ? 0 : sqrt (1.5) * ((double) i - 1), 1e-4);
}

/* A made-up set whose measures are the attributes, so that all of a liking can be learned. */
#define N 160
#define N_THUMBED 80
#define DIMENSION 16
#define N_ASKED 60
#define N_CAPTIONS 120
#define PAGE 6

static void
fill_normal (GRand *rand, float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      values[i] = -6;
      for (guint k = 0; k < 12; k++)
        values[i] += (float) g_rand_double (rand);
    }
}

static void
set_up (KalonTasteSet *set, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  gsize n_features = KALON_TASTE_N_FEATURES (DIMENSION);

  *set = (KalonTasteSet){
    .n = N,
    .n_thumbed = N_THUMBED,
    .dimension = DIMENSION,
    .embeddings = g_new (float, N *DIMENSION),
    .attributes = g_new (float, N *KALON_N_ATTRIBUTES),
    .features = g_new0 (float, N *n_features),
    .n_captions = N_CAPTIONS,
    .captions = g_new (float, N_CAPTIONS *DIMENSION),
    .owners = g_new (guint32, N_CAPTIONS),
    .n_asked = N_ASKED,
    .page = PAGE,
    .pages = g_new (guint32, N_ASKED * PAGE),
  };
  fill_normal (rand, set->embeddings, N * DIMENSION);
  fill_normal (rand, set->captions, N_CAPTIONS * DIMENSION);
  fill_normal (rand, set->attributes, N * KALON_N_ATTRIBUTES);
  kalon_attributes_standardise (set->attributes, N);
  for (gsize i = 0; i < N; i++)
    {
      memcpy (set->features + i * n_features, set->attributes + i * KALON_N_ATTRIBUTES,
              KALON_N_ATTRIBUTES * sizeof (float));
      for (gsize j = 0; j < DIMENSION; j++)
        set->features[i * n_features + KALON_N_MEASURES + j]
            = set->embeddings[i * DIMENSION + j] / 10;
    }
  for (guint i = 0; i < N_CAPTIONS; i++)
    set->owners[i] = (guint32) g_rand_int_range (rand, 0, N);
  for (guint i = 0; i < N_ASKED; i++)
    for (guint k = 0; k < PAGE; k++)
      set->pages[i * PAGE + k] = (i * 7 + k * 11) % N_THUMBED;
}

static void
tear_down (KalonTasteSet *set, gconstpointer data)
{
  g_free (set->embeddings);
  g_free (set->attributes);
  g_free (set->features);
  g_free (set->embedding_features);
  g_free (set->captions);
  g_free (set->owners);
  g_free (set->pages);
}

static void
test_thumbs (KalonTasteSet *set, gconstpointer data)
{
  guint n_liked = 0, n_events = 0;

  for (guint number = 0; number < 20; number++)
    {
      g_autoptr (KalonTasteUser) user = kalon_taste_user_new (set, &exact, number);

      g_assert_cmpuint (user->n_events, ==, 40);
      for (guint e = 0; e < user->n_events; e++)
        {
          const KalonTasteEvent *event = &user->events[e];
          float chosen = user->liking[event->pictures[event->chosen]];

          g_assert_cmpuint (event->n, ==, PAGE);
          g_assert_cmpmem (event->pictures, PAGE * sizeof (guint32),
                           set->pages + event->query * PAGE, PAGE * sizeof (guint32));
          for (guint i = 0; i < PAGE; i++)
            if (event->liked)
              g_assert_cmpfloat (user->liking[event->pictures[i]], <=, chosen);
            else
              g_assert_cmpfloat (user->liking[event->pictures[i]], >=, chosen);
          n_liked += event->liked;
          n_events++;
        }
      for (guint i = 0; i < KALON_TASTE_N_PAIRS; i++)
        {
          g_assert_cmpuint (user->pairs[2 * i], >=, N_THUMBED);
          g_assert_cmpuint (user->pairs[2 * i], <, N);
          g_assert_cmpuint (user->pairs[2 * i], !=, user->pairs[2 * i + 1]);
        }
    }
  g_assert_cmpfloat_with_epsilon ((double) n_liked / n_events, 0.7, 0.05);
}

/* Noise changes the choices and nothing else; a seed or a number changes the user. */
static void
test_noise (KalonTasteSet *set, gconstpointer data)
{
  KalonTasteProtocol noisy = exact, random = exact, other = exact;
  g_autoptr (KalonTasteUser) first = kalon_taste_user_new (set, &exact, 1);
  g_autoptr (KalonTasteUser) second = NULL;
  guint n_slips = 0, n_random = 0;

  noisy.noise = 0.25;
  random.random = TRUE;
  other.seed++;
  for (guint number = 0; number < 20; number++)
    {
      g_autoptr (KalonTasteUser) a = kalon_taste_user_new (set, &exact, number);
      g_autoptr (KalonTasteUser) b = kalon_taste_user_new (set, &noisy, number);
      g_autoptr (KalonTasteUser) c = kalon_taste_user_new (set, &random, number);

      g_assert_cmpmem (a->liking, N * sizeof (float), c->liking, N * sizeof (float));
      g_assert_cmpmem (a->pairs, sizeof a->pairs, c->pairs, sizeof c->pairs);
      for (guint e = 0; e < a->n_events; e++)
        {
          g_assert_cmpuint (a->events[e].query, ==, b->events[e].query);
          g_assert_cmpuint (a->events[e].query, ==, c->events[e].query);
          n_slips += a->events[e].chosen != b->events[e].chosen;
          n_random += a->events[e].chosen != c->events[e].chosen;
        }
    }
  /* One slip in six happens upon the right one. */
  g_assert_cmpfloat_with_epsilon (n_slips / 800.0, 0.25 * 5 / 6, 0.05);
  g_assert_cmpfloat_with_epsilon (n_random / 800.0, 5.0 / 6, 0.05);

  second = kalon_taste_user_new (set, &other, 1);
  g_assert_cmpint (memcmp (first->liking, second->liking, N * sizeof (float)), !=, 0);
}

static void
test_agreement (KalonTasteSet *set, gconstpointer data)
{
  g_autoptr (KalonTasteUser) user = kalon_taste_user_new (set, &exact, 2);
  float scores[N - N_THUMBED];
  double squares = 0, sum = 0;

  for (guint i = 0; i < N; i++)
    {
      sum += user->liking[i];
      squares += user->liking[i] * user->liking[i];
    }
  g_assert_cmpfloat_with_epsilon (squares / N - sum / N * sum / N, 1, 1e-4);

  g_assert_cmpfloat (kalon_taste_user_agree (user, set, user->liking + N_THUMBED), ==, 1);
  memset (scores, 0, sizeof scores);
  g_assert_cmpfloat (kalon_taste_user_agree (user, set, scores), ==, 0.5);
  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    scores[i] = -user->liking[N_THUMBED + i];
  g_assert_cmpfloat (kalon_taste_user_agree (user, set, scores), ==, 0);
}

static void
test_methods (KalonTasteSet *set, gconstpointer data)
{
  double means[KALON_TASTE_N_RUNS] = { 0 }, random_mean = 0;
  KalonTasteProtocol random = exact;
  gsize n_features = KALON_TASTE_N_FEATURES (DIMENSION);
  float aesthetics[N], taste[N];
  double sum = 0;

  random.random = TRUE;
  g_assert_cmpstr (kalon_taste_run_get_name (set, 0), ==, "learned");
  g_assert_null (kalon_taste_run_get_name (set, 1));
  g_assert_null (kalon_taste_run_get_name (set, KALON_TASTE_N_RUNS - 1));
  set->embedding_features = g_memdup2 (set->features, N * n_features * sizeof (float));
  for (guint i = 0; i < N; i++)
    memset (set->embedding_features + i * n_features, 0, KALON_N_MEASURES * sizeof (float));
  for (guint i = 0; i < N; i++)
    aesthetics[i] = set->attributes[i * KALON_N_ATTRIBUTES];
  set->aesthetics = aesthetics;

  for (guint number = 0; number < 10; number++)
    {
      g_autoptr (KalonTasteUser) user = kalon_taste_user_new (set, &exact, number);
      g_autoptr (KalonTasteUser) any = kalon_taste_user_new (set, &random, number);
      double agreements[G_N_ELEMENTS (some_thumbs)];

      for (guint run = 0; run < KALON_TASTE_N_RUNS; run++)
        {
          g_assert_nonnull (kalon_taste_run_get_name (set, run));
          kalon_taste_run_measure (set, run, user, &exact, agreements);
          if (run < 6)
            g_assert_cmpfloat (agreements[0], ==, 0.5);
          else
            g_assert_cmpfloat (agreements[0], ==, agreements[2]);
          means[run] += agreements[2] / 10;
        }
      g_assert_cmpfloat (agreements[0], ==,
                         kalon_taste_user_agree (user, set, aesthetics + N_THUMBED));
      kalon_taste_run_measure (set, 0, any, &random, agreements);
      random_mean += agreements[2] / 10;
      kalon_taste_learn (set, user, 40, taste);
      kalon_taste_run_measure (set, 0, user, &exact, agreements);
      g_assert_cmpfloat_with_epsilon (kalon_taste_user_agree (user, set, taste + N_THUMBED),
                                      agreements[2], 1e-9);
    }
  for (guint i = 0; i < N; i++)
    sum += taste[i];
  g_assert_cmpfloat_with_epsilon (sum / N, 0, 1e-5);
  /* What can be learned is; what the embedding does not tell, or nobody means, is not. */
  g_assert_cmpfloat (means[0], >, 0.8);
  g_assert_cmpfloat (means[3], >, 0.7);
  g_assert_cmpfloat_with_epsilon (means[1], 0.5, 0.07);
  g_assert_cmpfloat_with_epsilon (means[2], 0.5, 0.07);
  g_assert_cmpfloat_with_epsilon (random_mean, 0.5, 0.1);
  set->aesthetics = NULL;
}

static char *
dup_model (void)
{
  return g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
}

static int
compare_falling (gconstpointer a, gconstpointer b, gpointer data)
{
  const float *scores = data;
  float x = scores[*(const guint32 *) a], y = scores[*(const guint32 *) b];

  return (x < y) - (x > y);
}

/* Recall and liking of the best ten by sorting everything. */
static void
rank_slowly (const KalonTasteSet *set, const float *taste, const float *liking, float weight,
             double *recall, double *liked)
{
  *recall = *liked = 0;
  for (guint c = 0; c < N_CAPTIONS; c++)
    {
      float scores[N];
      guint32 order[N];
      float spread;

      for (guint i = 0; i < N; i++)
        {
          scores[i] = 0;
          order[i] = i;
          for (guint j = 0; j < DIMENSION; j++)
            scores[i] += set->captions[c * DIMENSION + j] * set->embeddings[i * DIMENSION + j];
        }
      spread = kalon_taste_get_spread (scores, N);
      for (guint i = 0; i < N; i++)
        scores[i] += weight * spread * taste[i];
      g_qsort_with_data (order, N, sizeof *order, compare_falling, scores);
      for (guint k = 0; k < 10; k++)
        {
          *recall += order[k] == set->owners[c] ? 1.0 / N_CAPTIONS : 0;
          *liked += liking[order[k]] / 10 / N_CAPTIONS;
        }
    }
}

static void
test_recall (KalonTasteSet *set, gconstpointer data)
{
  g_autofree char *model = dup_model ();
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (model, "none");
  g_autoptr (KalonTasteUser) user = kalon_taste_user_new (set, &exact, 0);
  g_autoptr (GError) error = NULL;
  KalonTasteFigures figures = { 0 };
  float tastes[2 * N] = { 0 }, likings[2 * N];
  double before, liked_before;
  gboolean has_default = FALSE;

  kalon_evaluator_begin (evaluator, NULL, &error);
  g_assert_no_error (error);
  /* The evaluator scores embeddings of its encoder's length. */
  g_assert_cmpuint (kalon_encoder_get_dimension (evaluator->encoder), ==, DIMENSION);
  memcpy (likings, user->liking, N * sizeof (float));
  memcpy (likings + N, user->liking, N * sizeof (float));
  kalon_taste_learn (set, user, 40, tastes);
  kalon_evaluator_rank_with_taste (evaluator, set, tastes, likings, 2, &figures, NULL, &error);
  g_assert_no_error (error);

  rank_slowly (set, tastes + N, likings, 0, &before, &liked_before);
  g_assert_cmpuint (figures.n_recall_captions, ==, N_CAPTIONS);
  g_assert_cmpfloat_with_epsilon (figures.recall, before, 1e-9);
  for (guint w = 0; w < KALON_EVALUATOR_N_WEIGHTS; w++)
    {
      const KalonTasteWeightFigures *of_weight = &figures.weights[w];
      double recall, liked;

      has_default |= (float) of_weight->weight == KALON_TASTE_WEIGHT;
      rank_slowly (set, tastes, likings, (float) of_weight->weight, &recall, &liked);
      /* The second user has learned nothing. */
      g_assert_cmpfloat_with_epsilon (of_weight->recall.mean, (recall + before) / 2, 1e-9);
      g_assert_cmpfloat_with_epsilon (of_weight->change.mean, (recall - before) / 2, 1e-9);
      g_assert_cmpfloat_with_epsilon (of_weight->gain.mean, (liked - liked_before) / 2, 1e-4);
      g_assert_cmpfloat (of_weight->gain.mean, >, 0);
    }
  g_assert_true (has_default);
}

/* The run, on pictures in a folder and a tiny model. */
#define N_FILES 16

typedef struct
{
  char *directory;
  char *captions;
} Files;

static void
set_up_files (Files *files, gconstpointer data)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  files->directory = g_dir_make_tmp ("kalon-taste-XXXXXX", NULL);
  files->captions = g_build_filename (files->directory, "captions.tsv", NULL);
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *path = g_build_filename (files->directory, name, NULL);
      g_autoptr (KalonImage) image = make_image (i + 1);
      g_autoptr (GError) error = NULL;

      kalon_image_save_png (image, path, &error);
      g_assert_no_error (error);
      g_string_append_printf (lines, "%s\tpicture %u\n%s\tone of %u\n", name, i, name, i / 2);
    }
  g_string_append (lines, "gone.png\tnothing\n");
  g_assert_true (g_file_set_contents (files->captions, lines->str, -1, NULL));
}

static void
tear_down_files (Files *files, gconstpointer data)
{
  remove_tree (files->directory);
  g_free (files->directory);
  g_free (files->captions);
}

static KalonTasteFigures *
simulate (Files *files, const char *model, const KalonTasteProtocol *protocol, GError **error)
{
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (model, "none");
  g_autoptr (KalonTasteFigures) figures = kalon_evaluator_simulate_taste (
      evaluator, files->captions, files->directory, protocol, NULL, error);

  if (figures != NULL)
    g_assert_cmpuint (kalon_evaluator_get_failures (evaluator)->len, ==, 1);
  return g_steal_pointer (&figures);
}

static void
test_run (Files *files, gconstpointer data)
{
  g_autofree char *model = dup_model ();
  g_autofree char *scored = g_build_filename (files->directory, "scored", NULL);
  g_autofree char *head = g_test_build_filename (G_TEST_DIST, "reference", "aesthetics",
                                                 "quick-gelu-p16-f32-mlp.safetensors", NULL);
  g_autofree char *own_head = g_build_filename (scored, KALON_AESTHETIC_FILE, NULL);
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonTasteFigures) figures = simulate (files, model, &exact, &error);
  g_autoptr (KalonTasteFigures) again = NULL;
  g_autoptr (KalonTasteFigures) embedding = NULL;
  KalonTasteProtocol embedding_only = exact;

  g_assert_no_error (error);
  g_assert_cmpuint (figures->n_pictures, ==, N_FILES);
  g_assert_cmpuint (figures->n_captions, ==, 2 * N_FILES);
  g_assert_cmpuint (figures->n_thumbed, >=, 2);
  g_assert_cmpuint (figures->n_thumbed, <=, N_FILES - 2);
  g_assert_cmpuint (figures->page, ==, MIN (exact.page, figures->n_thumbed));
  g_assert_cmpuint (figures->recall_thumbs, ==, KALON_EVALUATOR_RECALL_THUMBS);
  g_assert_cmpuint (figures->methods->len, ==, 6);
  for (guint i = 0; i < figures->methods->len; i++)
    {
      const KalonTasteMethodFigures *method = g_ptr_array_index (figures->methods, i);

      g_assert_cmpfloat (method->agreement[0].median, ==, 0.5);
      g_assert_cmpfloat (method->ahead[0], ==, 0.5);
      for (guint t = 0; t < exact.n_thumbs; t++)
        {
          g_assert_cmpfloat (method->agreement[t].low, <=, method->agreement[t].median);
          g_assert_cmpfloat (method->agreement[t].high, >=, method->agreement[t].median);
          if (i == 0)
            g_assert_cmpfloat (method->difference[t].median, ==, 0);
        }
    }

  /* With a head two more, and the others as they were. */
  copy_folder (model, scored);
  g_assert_true (g_file_get_contents (head, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (own_head, bytes, (gssize) length, NULL));
  again = simulate (files, scored, &exact, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->methods->len, ==, 8);
  for (guint i = 0; i < figures->methods->len; i++)
    {
      const KalonTasteMethodFigures *a = g_ptr_array_index (figures->methods, i);
      const KalonTasteMethodFigures *b = g_ptr_array_index (again->methods, i);

      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_cmpmem (a->agreement, exact.n_thumbs * sizeof *a->agreement, b->agreement,
                       exact.n_thumbs * sizeof *b->agreement);
    }

  embedding_only.embedding_only = TRUE;
  embedding = simulate (files, model, &embedding_only, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (embedding->methods->len, ==, 3);
  g_assert_cmpmem (((KalonTasteMethodFigures *) embedding->methods->pdata[0])->agreement,
                   exact.n_thumbs * sizeof (KalonMedian),
                   ((KalonTasteMethodFigures *) figures->methods->pdata[1])->agreement,
                   exact.n_thumbs * sizeof (KalonMedian));
}

static void
test_too_few (Files *files, gconstpointer data)
{
  g_autofree char *model = dup_model ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonTasteFigures) figures = NULL;

  g_assert_true (
      g_file_set_contents (files->captions, "0.png\tx\n1.png\ty\ngone.png\tz\n", -1, NULL));
  figures = simulate (files, model, &exact, &error);
  g_assert_null (figures);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "too few pictures"));
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (files->captions, "gone.png\tz\n", -1, NULL));
  figures = simulate (files, model, &exact, &error);
  g_assert_null (figures);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

static void
cancel_at_users (KalonEvaluatorPhase phase, gsize done, gsize total, gpointer user_data)
{
  if (phase == KALON_EVALUATOR_USERS && done == 1)
    g_cancellable_cancel (user_data);
}

static void
test_cancelled (Files *files, gconstpointer data)
{
  g_autofree char *model = dup_model ();
  g_autoptr (KalonEvaluator) evaluator = kalon_evaluator_new (model, "none");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonTasteFigures) figures = NULL;

  kalon_evaluator_set_progress (evaluator, cancel_at_users, cancellable);
  figures = kalon_evaluator_simulate_taste (evaluator, files->captions, files->directory, &exact,
                                            cancellable, &error);
  g_assert_null (figures);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluator-taste/attributes", test_attributes);
  g_test_add_func ("/evaluator-taste/standardise", test_standardise);
#define ADD(path, function) g_test_add (path, KalonTasteSet, NULL, set_up, function, tear_down)
  ADD ("/evaluator-taste/thumbs", test_thumbs);
  ADD ("/evaluator-taste/noise", test_noise);
  ADD ("/evaluator-taste/agreement", test_agreement);
  ADD ("/evaluator-taste/methods", test_methods);
  ADD ("/evaluator-taste/recall", test_recall);
#undef ADD
#define ADD(path, function) g_test_add (path, Files, NULL, set_up_files, function, tear_down_files)
  ADD ("/evaluator-taste/run", test_run);
  ADD ("/evaluator-taste/too-few", test_too_few);
  ADD ("/evaluator-taste/cancelled", test_cancelled);
#undef ADD
  return g_test_run ();
}
