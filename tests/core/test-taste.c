/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "taste/kalon-taste-private.h"

/* f32 sums of a dozen terms against double ones. */
#define TOLERANCE 2e-5

typedef struct
{
  JsonObject *expected;
  JsonParser *parser;
  float *features;
  GArray *events; /* KalonTasteEvent */
  KalonTasteHistory history;
} Reference;

static float *
get_floats (JsonObject *object, const char *name, gsize *n)
{
  JsonArray *array = json_object_get_array_member (object, name);
  float *floats;

  *n = json_array_get_length (array);
  floats = g_new (float, *n);
  for (gsize i = 0; i < *n; i++)
    floats[i] = (float) json_array_get_double_element (array, i);
  return floats;
}

static void
clear_event (gpointer data)
{
  g_free ((gpointer) ((KalonTasteEvent *) data)->pictures);
}

/* tests/reference/taste is made by make-taste.py with torch and scipy. */
static void
set_up_reference (Reference *reference, gconstpointer data)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "taste", "expected.json", NULL);
  g_autoptr (GError) error = NULL;
  JsonArray *events;
  gsize n;

  reference->parser = json_parser_new ();
  json_parser_load_from_file (reference->parser, path, &error);
  g_assert_no_error (error);
  reference->expected = json_node_get_object (json_parser_get_root (reference->parser));
  reference->features = get_floats (reference->expected, "features", &n);
  reference->events = g_array_new (FALSE, FALSE, sizeof (KalonTasteEvent));
  g_array_set_clear_func (reference->events, clear_event);
  events = json_object_get_array_member (reference->expected, "events");
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *object = json_array_get_object_element (events, i);
      g_autofree float *pictures = get_floats (object, "pictures", &n);
      guint32 *numbers = g_new (guint32, n);
      KalonTasteEvent event = {
        .liked = json_object_get_boolean_member (object, "liked"),
        .chosen = (guint32) json_object_get_int_member (object, "chosen"),
        .n = (guint32) n,
        .pictures = numbers,
        .query = (guint32) json_object_get_int_member (object, "query"),
      };

      for (gsize j = 0; j < n; j++)
        numbers[j] = (guint32) pictures[j];
      g_array_append_val (reference->events, event);
    }
  reference->history = (KalonTasteHistory){
    .n_features = (gsize) json_object_get_int_member (reference->expected, "n_features"),
    .features = reference->features,
    .events = (const KalonTasteEvent *) (gpointer) reference->events->data,
    .n_events = reference->events->len,
  };
  g_assert_cmpuint (reference->events->len, >, 5);
}

static void
tear_down_reference (Reference *reference, gconstpointer data)
{
  g_array_unref (reference->events);
  g_free (reference->features);
  g_object_unref (reference->parser);
}

static void
test_loss (Reference *reference, gconstpointer data)
{
  gsize n;
  g_autofree float *weights = get_floats (reference->expected, "weights", &n);
  g_autofree float *expected = get_floats (reference->expected, "gradient", &n);
  g_autofree float *losses = get_floats (reference->expected, "event_losses", &n);
  g_autofree float *agreements = get_floats (reference->expected, "agreements", &n);
  g_autofree float *gradient = g_new (float, reference->history.n_features);
  g_autoptr (GArray) samples = kalon_taste_get_samples (&reference->history, 0, -1);
  double loss = kalon_taste_evaluate (&reference->history, samples, weights, gradient);

  g_assert_cmpfloat_with_epsilon (loss, json_object_get_double_member (reference->expected, "loss"),
                                  TOLERANCE);
  for (gsize i = 0; i < reference->history.n_features; i++)
    g_assert_cmpfloat_with_epsilon (gradient[i], expected[i], TOLERANCE);
  for (gsize i = 0; i < reference->history.n_events; i++)
    {
      const double scales[] = { 1, 0 };
      double event_losses[2], agreement;

      kalon_taste_judge (&reference->history, &reference->history.events[i], weights, scales, 2,
                         event_losses, &agreement);
      g_assert_cmpfloat_with_epsilon (event_losses[0], losses[i], TOLERANCE);
      g_assert_cmpfloat_with_epsilon (event_losses[1], M_LN2, TOLERANCE);
      g_assert_cmpfloat_with_epsilon (agreement, agreements[i], TOLERANCE);
    }
}

static void
test_gradient (Reference *reference, gconstpointer data)
{
  const float step = 1e-2f;
  gsize n;
  g_autofree float *weights = get_floats (reference->expected, "weights", &n);
  g_autofree float *gradient = g_new (float, n);
  g_autofree float *unused = g_new (float, n);
  g_autoptr (GArray) samples = kalon_taste_get_samples (&reference->history, 1, 2);

  kalon_taste_evaluate (&reference->history, samples, weights, gradient);
  for (gsize i = 0; i < n; i++)
    {
      float weight = weights[i];
      double up, down;

      weights[i] = weight + step;
      up = kalon_taste_evaluate (&reference->history, samples, weights, unused);
      weights[i] = weight - step;
      down = kalon_taste_evaluate (&reference->history, samples, weights, unused);
      weights[i] = weight;
      g_assert_cmpfloat_with_epsilon ((up - down) / (2 * step), gradient[i], 1e-3);
    }
}

static void
test_fit (Reference *reference, gconstpointer data)
{
  gsize n;
  g_autofree float *best = get_floats (reference->expected, "best", &n);
  g_autofree float *weights = g_new0 (float, n);
  g_autofree float *gradient = g_new (float, n);
  g_autoptr (GArray) samples = kalon_taste_get_samples (&reference->history, 0, -1);
  double before = G_MAXDOUBLE, loss;

  /* A few steps at a time never go up, and many reach the minimum. */
  for (guint i = 0; i < 60; i++)
    {
      kalon_taste_fit (&reference->history, samples, weights);
      loss = kalon_taste_evaluate (&reference->history, samples, weights, gradient);
      g_assert_cmpfloat (loss, <=, before);
      before = loss;
    }
  g_assert_cmpfloat_with_epsilon (
      loss, json_object_get_double_member (reference->expected, "minimum"), TOLERANCE);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], best[i], 5e-3);
}

static void
test_features (void)
{
  const float embeddings[] = { 1, 0, 0, 1, -1, 0, 0, -1 };
  float measures[KALON_N_MEASURES], features[KALON_TASTE_N_FEATURES (2)];

  /* All of them one unit from their mean. */
  g_assert_cmpfloat_with_epsilon (kalon_taste_get_scale (embeddings, 4, 2), 0.5f, 1e-6f);
  g_assert_cmpfloat (kalon_taste_get_scale (embeddings, 0, 2), ==, 1);
  g_assert_cmpfloat (kalon_taste_get_scale (embeddings, 1, 2), ==, 1);

  for (guint i = 0; i < KALON_N_MEASURES; i++)
    measures[i] = i % 2 == 0 ? NAN : 1e6f;
  kalon_taste_fill_features (embeddings + 4, 2, 0.25f, measures, features);
  for (guint i = 0; i < KALON_N_MEASURES; i++)
    g_assert_cmpfloat_with_epsilon (features[i], i % 2 == 0 ? 0 : 4 / sqrtf (KALON_N_MEASURES),
                                    1e-6f);
  g_assert_cmpfloat (features[KALON_N_MEASURES], ==, -0.25f);
  kalon_taste_fill_features (embeddings, 2, 1, NULL, features);
  g_assert_cmpfloat (features[0], ==, 0);
  g_assert_cmpfloat (features[KALON_N_MEASURES], ==, 1);
}

/* A user who likes what is large in the first feature, or nothing in particular. */
#define N_FEATURES 9
#define N_PICTURES 200
#define N_EVENTS 40
#define PAGE 8

typedef struct
{
  float features[N_PICTURES * N_FEATURES];
  guint32 pages[N_EVENTS * PAGE];
  KalonTasteEvent events[N_EVENTS];
  KalonTasteHistory history;
} User;

static void
set_up_user (User *user, gboolean random, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < N_PICTURES * N_FEATURES; i++)
    user->features[i] = (float) g_rand_double_range (rand, -1, 1);
  for (guint i = 0; i < N_EVENTS; i++)
    {
      guint32 *page = user->pages + i * PAGE;
      guint32 chosen = (guint32) g_rand_int_range (rand, 0, PAGE);

      for (guint32 j = 0; j < PAGE; j++)
        page[j] = (guint32) g_rand_int_range (rand, 0, N_PICTURES);
      for (guint32 j = 0; j < PAGE && !random; j++)
        if (user->features[page[j] * N_FEATURES] > user->features[page[chosen] * N_FEATURES])
          chosen = j;
      user->events[i] = (KalonTasteEvent){ TRUE, chosen, PAGE, page, i / 3 };
    }
  user->history = (KalonTasteHistory){ N_FEATURES, user->features, user->events, N_EVENTS };
}

static KalonTasteLearner *
learn (const KalonTasteHistory *history, gsize n_events)
{
  KalonTasteLearner *learner = kalon_taste_learner_new (history->n_features);

  while (kalon_taste_learner_get_n_events (learner) < n_events)
    kalon_taste_learner_step (learner, history);
  return learner;
}

static void
test_learner (void)
{
  g_autofree User *user = g_new0 (User, 1);
  g_autoptr (KalonTasteLearner) learner = NULL;
  const float *weights;

  set_up_user (user, FALSE, 1);
  learner = learn (&user->history, N_EVENTS);
  weights = kalon_taste_learner_get_weights (learner);
  g_assert_cmpfloat (weights[0], >, 1);
  for (guint i = 1; i < N_FEATURES; i++)
    g_assert_cmpfloat (fabsf (weights[i]), <, weights[0] / 2);
  g_assert_true (kalon_taste_learner_get_check (learner)->active);
  g_assert_cmpfloat (kalon_taste_learner_get_check (learner)->agreement, >, 0.85);
  g_assert_cmpuint (kalon_taste_learner_get_check (learner)->n, ==, 20);
  g_assert_cmpuint (kalon_taste_learner_get_size (learner), <, 4096);
}

static double
get_length (const KalonTasteLearner *learner)
{
  const float *weights = kalon_taste_learner_get_weights (learner);
  double squares = 0;

  for (guint i = 0; i < N_FEATURES; i++)
    squares += (double) weights[i] * weights[i];
  return sqrt (squares);
}

/* Thumbs that mean nothing move next to nothing: of 20 such users most are not believed at all, and
 * what is left of the others is short beside what a real taste gets. */
static void
test_random (void)
{
  g_autofree User *user = g_new0 (User, 1);
  double random = 0, real = 0;
  guint n_active = 0;

  for (guint32 seed = 0; seed < 20; seed++)
    {
      g_autoptr (KalonTasteLearner) learner = NULL;
      g_autoptr (KalonTasteLearner) other = NULL;

      set_up_user (user, TRUE, 100 + seed);
      learner = learn (&user->history, N_EVENTS);
      random += get_length (learner);
      n_active += kalon_taste_learner_get_check (learner)->active;
      if (!kalon_taste_learner_get_check (learner)->active)
        g_assert_cmpfloat (get_length (learner), ==, 0);
      set_up_user (user, FALSE, 100 + seed);
      other = learn (&user->history, N_EVENTS);
      real += get_length (other);
    }
  g_assert_cmpuint (n_active, <=, 12);
  g_assert_cmpfloat (random, <, real / 10);
}

/* Consistent thumbs are hardly ever turned down: chance makes every other one look a little worse.
 */
static void
test_consistent (void)
{
  g_autofree User *user = g_new0 (User, 1);
  guint n_steps = 0, n_rejected = 0;

  for (guint32 seed = 0; seed < 20; seed++)
    {
      g_autoptr (KalonTasteLearner) learner = kalon_taste_learner_new (N_FEATURES);

      set_up_user (user, FALSE, 200 + seed);
      for (; kalon_taste_learner_get_n_events (learner) < N_EVENTS; n_steps++)
        {
          kalon_taste_learner_step (learner, &user->history);
          n_rejected += !kalon_taste_learner_get_check (learner)->accepted;
        }
    }
  g_test_message ("%u of %u turned down", n_rejected, n_steps);
  g_assert_cmpuint (n_rejected, <, n_steps / 20);
}

/* A change of mind makes the newest weights worse on what they have not seen. */
static void
test_keeps_last_good (void)
{
  g_autofree User *user = g_new0 (User, 1);
  g_autoptr (KalonTasteLearner) learner = NULL;
  gboolean refused = FALSE;

  set_up_user (user, FALSE, 3);
  for (guint i = N_EVENTS / 2; i < N_EVENTS; i++)
    user->events[i].chosen = (user->events[i].chosen + 1 + i % (PAGE - 1)) % PAGE;
  learner = learn (&user->history, N_EVENTS / 2);
  while (kalon_taste_learner_get_n_events (learner) < N_EVENTS)
    {
      g_autofree float *before
          = g_memdup2 (kalon_taste_learner_get_weights (learner), N_FEATURES * sizeof (float));
      double scale = kalon_taste_learner_get_check (learner)->scale;

      kalon_taste_learner_step (learner, &user->history);
      if (!kalon_taste_learner_get_check (learner)->accepted
          && kalon_taste_learner_get_check (learner)->active && scale > 0)
        {
          /* Shortened perhaps, by a power of two; the direction stays. */
          for (guint i = 0; i < N_FEATURES; i++)
            g_assert_cmpfloat (before[i] / scale, ==,
                               kalon_taste_learner_get_weights (learner)[i]
                                   / kalon_taste_learner_get_check (learner)->scale);
          refused = TRUE;
        }
    }
  g_assert_true (refused);
}

static void
test_exact (void)
{
  g_autofree User *user = g_new0 (User, 1);
  g_autoptr (KalonTasteLearner) learner = NULL;
  g_autoptr (KalonTasteLearner) copy = NULL;
  g_autoptr (KalonTasteLearner) without = NULL;

  set_up_user (user, FALSE, 5);
  learner = learn (&user->history, 15);
  copy = kalon_taste_learner_copy (learner);
  /* An event more; then one from the copy, as if that had never been. */
  kalon_taste_learner_step (learner, &user->history);
  memmove (user->events + 15, user->events + 16, (N_EVENTS - 16) * sizeof *user->events);
  user->history.n_events = N_EVENTS - 1;
  while (kalon_taste_learner_get_n_events (copy) < N_EVENTS - 1)
    kalon_taste_learner_step (copy, &user->history);
  without = learn (&user->history, N_EVENTS - 1);
  g_assert_cmpmem (kalon_taste_learner_get_weights (copy), N_FEATURES * sizeof (float),
                   kalon_taste_learner_get_weights (without), N_FEATURES * sizeof (float));
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Of any order, with and without equal values: as sorting would find it. */
static void
test_spread (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);

  for (guint n = 1; n < 300; n += 1 + n / 10)
    for (gint32 levels = 1; levels < 2000; levels *= 7)
      {
        g_autofree float *values = g_new (float, n);
        g_autofree float *sorted = NULL;

        for (guint i = 0; i < n; i++)
          values[i] = (float) g_rand_int_range (rand, 0, levels);
        sorted = g_memdup2 (values, n * sizeof *values);
        qsort (sorted, n, sizeof *sorted, compare_floats);
        g_assert_cmpfloat (kalon_taste_get_spread (values, n), ==,
                           sorted[(n - 1) / 2] - sorted[(n - 1) * 16 / 100]);
      }
  g_assert_cmpfloat (kalon_taste_get_spread (NULL, 0), ==, 0);
}

static void
test_yardsticks (void)
{
  /* Two features; liked 0 over 1 and 2, disliked 3. */
  const float features[] = { 1, 0, 0, 1, -1, 0, 0, -2 };
  const guint32 shown[] = { 1, 0, 2 }, others[] = { 3, 1 };
  const KalonTasteEvent events[] = { { TRUE, 1, 3, shown, 0 }, { FALSE, 0, 2, others, 1 } };
  const KalonTasteHistory history = { 2, features, events, 2 };
  const float candidates[] = { 2, 0, 0, -1, 0, 0 }, aesthetics[] = { 1, NAN, 7, 2 };
  float direction[2], scores[3];
  KalonTasteMethod method;

  kalon_taste_rocchio (&history, 0, 2, direction);
  g_assert_cmpfloat_with_epsilon (direction[0], 1 + 1.0f / 3, 1e-6f);
  g_assert_cmpfloat_with_epsilon (direction[1], 1.0f / 3, 1e-6f);
  kalon_taste_rocchio (&history, 1, 1, direction);
  g_assert_cmpfloat_with_epsilon (direction[0], 1.0f / 3, 1e-6f);
  kalon_taste_nearest (&history, 0, 2, candidates, 3, scores);
  g_assert_cmpfloat_with_epsilon (scores[0], 1 - 0, 1e-6f);
  g_assert_cmpfloat_with_epsilon (scores[1], 0 - 1, 1e-6f);
  g_assert_cmpfloat (scores[2], ==, 0);
  kalon_taste_steering (features, aesthetics, 4, 2, direction);
  g_assert_cmpfloat (direction[0], ==, -1);
  kalon_taste_steering (features, aesthetics + 1, 1, 2, direction);
  g_assert_cmpfloat (direction[0], ==, 0);

  g_assert_true (kalon_taste_method_parse ("nearest", &method));
  g_assert_cmpint (method, ==, KALON_TASTE_NEAREST);
  g_assert_false (kalon_taste_method_parse ("", &method));
  g_assert_cmpstr (kalon_taste_method_get_name (KALON_TASTE_AESTHETIC), ==, "aesthetic");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add (path, Reference, NULL, set_up_reference, function, tear_down_reference)
  ADD ("/taste/loss", test_loss);
  ADD ("/taste/gradient", test_gradient);
  ADD ("/taste/fit", test_fit);
#undef ADD
  g_test_add_func ("/taste/features", test_features);
  g_test_add_func ("/taste/learner", test_learner);
  g_test_add_func ("/taste/random", test_random);
  g_test_add_func ("/taste/consistent", test_consistent);
  g_test_add_func ("/taste/keeps-last-good", test_keeps_last_good);
  g_test_add_func ("/taste/exact", test_exact);
  g_test_add_func ("/taste/spread", test_spread);
  g_test_add_func ("/taste/yardsticks", test_yardsticks);

  return g_test_run ();
}
