/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer: it learns, keeps the best, goes on after a stop, refuses; OpenCL against plain C. */
#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "alignment/kalon-trainer-private.h"
#include "errors/kalon-errors.h"

static char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* Two orders of summing, thirty steps of it; Adam divides by the root of what is summed. Of the
 * largest parameter. */
#define BACKEND_TOLERANCE 5e-5

/* |a - b| of the worst element, as a share of the largest |b|. */
static double
get_difference (const float *a, const double *b, gsize n)
{
  double worst = 0, largest = 0;

  for (gsize i = 0; i < n; i++)
    {
      worst = fmax (worst, fabs (a[i] - b[i]));
      largest = fmax (largest, fabs (b[i]));
    }
  return worst / largest;
}

static KalonDevice *
open_device (void)
{
  g_autoptr (GError) error = NULL;
  KalonDevice *device = kalon_device_open (g_getenv ("KALON_TEST_DEVICE"), &error);

  if (device == NULL)
    g_test_skip (error->message);
  return device;
}

/* Unit vectors that share a part as long as their own, as the embeddings of one tower do; or none.
 */
static float *
random_units (GRand *random, gsize n, gsize d, gboolean alike)
{
  float *values = g_new (float, n *d);

  for (gsize r = 0; r < n; r++)
    {
      double square = 0;

      for (gsize i = 0; i < d; i++)
        {
          values[r * d + i] = (float) (g_rand_double_range (random, -1, 1)
                                       + (alike ? 0.6 * cos (1 + 2.1 * i) : 0));
          square += (double) values[r * d + i] * values[r * d + i];
        }
      for (gsize i = 0; i < d; i++)
        values[r * d + i] = (float) (values[r * d + i] / sqrt (square));
    }
  return values;
}

/* Queries whose pairs follow one hidden taste: there is something to learn. */
static KalonTrainingSet *
make_taste (gsize n_queries, gsize n_images, gsize d, gsize n_candidates)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autofree float *images = random_units (random, n_images, d, FALSE);
  g_autofree float *queries = random_units (random, n_queries, d, TRUE);
  g_autofree float *taste = random_units (random, 1, d, FALSE);
  g_autofree guint32 *candidates = g_new (guint32, n_candidates);
  KalonTrainingSet *set = kalon_training_set_new (images, n_images, d);

  for (gsize q = 0; q < n_queries; q++)
    {
      g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (KalonPair));
      gsize n = n_candidates - q % 3;
      g_autoptr (GError) error = NULL;

      for (gsize c = 0; c < n; c++)
        candidates[c] = (guint32) ((q * 31 + c * 7) % n_images);
      for (guint32 c = 0; c + 1 < n; c++)
        {
          double a = 0, b = 0;

          for (gsize i = 0; i < d; i++)
            {
              a += taste[i] * images[candidates[c] * d + i];
              b += taste[i] * images[candidates[c + 1] * d + i];
            }
          KalonPair pair = { .winner = a > b ? c : c + 1, .loser = a > b ? c + 1 : c, .weight = 1 };
          g_array_append_val (pairs, pair);
        }
      kalon_training_set_add_query (set, queries + q * d, candidates, n,
                                    (const KalonPair *) pairs->data, pairs->len, &error);
      g_assert_no_error (error);
    }
  return set;
}

static KalonTrainingOptions
get_taste_options (void)
{
  KalonTrainingOptions options;

  kalon_training_options_init (&options);
  options.learning_rate = 0.01;
  options.epochs = 6;
  options.batch = 7;
  options.held_out = 0.25;
  return options;
}

static KalonTrainer *
new_taste_trainer (KalonDevice *device, KalonAdapterKind kind, const KalonTrainingOptions *options)
{
  g_autoptr (KalonTrainingSet) set = make_taste (40, 60, 33, 9);
  g_autoptr (KalonAdapter) start = kalon_adapter_new (kind, hash, 33, 5, 3);
  g_autoptr (GError) error = NULL;
  KalonTrainer *trainer = kalon_trainer_new (device, set, start, options, &error);

  g_assert_no_error (error);
  return trainer;
}

static void
count_measurements (const KalonTrainingProgress *progress, gpointer data)
{
  guint *count = data;

  *count += progress->is_measured;
  if (progress->step == 0)
    {
      /* The start is the reference itself. */
      g_assert_cmpfloat_with_epsilon (progress->held_out.pair_loss, G_LN2, 1e-5);
      g_assert_cmpfloat_with_epsilon (progress->held_out.divergence, 0, 1e-5);
    }
}

/* A taste that is in the embeddings is learnt, for queries that were never shown. */
static void
test_learns (void)
{
  KalonTrainingOptions options = get_taste_options ();

  options.epochs = 20;
  /* Scores of random vectors lie far apart: let the pairs speak louder than the anchor. */
  options.temperature = 0.05;
  options.beta = 0.1;
  options.anchor = 0.01;
  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonTrainer) trainer = new_taste_trainer (NULL, kind, &options);
      const KalonTrainingProgress *progress = kalon_trainer_get_progress (trainer);
      g_autoptr (KalonAdapter) adapter = NULL;
      g_autoptr (GError) error = NULL;
      guint measurements = 0;
      double before;

      kalon_trainer_run (trainer, 1, count_measurements, &measurements, NULL, &error);
      g_assert_no_error (error);
      before = progress->best.agreement;
      kalon_trainer_run (trainer, 0, count_measurements, &measurements, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (progress->step, ==, progress->n_steps);
      g_assert_cmpuint (progress->n_steps, ==, 20 * 5); /* 30 queries in batches of 7 */
      g_assert_cmpuint (measurements, ==, 21);          /* at the start and after each epoch */
      g_assert_cmpfloat (progress->best.agreement, >, before + 0.1);
      g_assert_cmpfloat (progress->best.agreement, >=, progress->held_out.agreement);
      adapter = kalon_trainer_dup_adapter (trainer, &error);
      g_assert_no_error (error);
      g_assert_false (kalon_adapter_is_identity (adapter));
      g_assert_nonnull (strstr (kalon_adapter_get_made_from (adapter), "beta=0.1"));
    }
}

/* Preferences against the taste on every other query: what harms gives back the start. */
static void
test_keeps_best (void)
{
  KalonTrainingOptions options = get_taste_options ();
  g_autoptr (KalonTrainer) trainer = NULL;
  g_autoptr (KalonAdapter) adapter = NULL;
  g_autoptr (GError) error = NULL;

  trainer = new_taste_trainer (NULL, KALON_ADAPTER_IMAGE, &options);
  /* Turn round what is trained on, not what is held out. */
  for (gsize q = 0; q < trainer->n_trained; q++)
    {
      guint32 number = trainer->order[q];

      for (guint32 p = g_array_index (trainer->set->pair_first, guint32, number);
           p < g_array_index (trainer->set->pair_first, guint32, number + 1); p++)
        {
          KalonPair *pair = &g_array_index (trainer->set->pairs, KalonPair, p);
          guint32 winner = pair->winner;

          pair->winner = pair->loser;
          pair->loser = winner;
        }
    }
  kalon_trainer_run (trainer, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kalon_trainer_get_progress (trainer)->best_step, ==, 0);
  adapter = kalon_trainer_dup_adapter (trainer, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_adapter_is_identity (adapter));
}

static void
assert_same (const KalonTrainer *a, const KalonTrainer *b)
{
  for (guint p = 0; p < a->start->n_parts; p++)
    {
      gsize n = a->start->parts[p].rows * a->set->dimension;
      g_autofree float *x = g_new (float, n), *y = g_new (float, n);
      g_autoptr (GError) error = NULL;

      kalon_tensor_read (a->parts[p].parameter, 0, x, n, &error);
      g_assert_no_error (error);
      kalon_tensor_read (b->parts[p].parameter, 0, y, n, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (x, n * sizeof *x, y, n * sizeof *y);
      g_assert_cmpmem (a->parts[p].best, n * sizeof *x, b->parts[p].best, n * sizeof *y);
    }
  g_assert_cmpfloat (a->progress.best.loss, ==, b->progress.best.loss);
  g_assert_cmpuint (a->progress.best_step, ==, b->progress.best_step);
}

/* Stopped in the middle of an epoch, saved, and gone on in another trainer: the same bits. */
static void
check_resume (KalonDevice *device)
{
  KalonTrainingOptions options = get_taste_options ();
  g_autofree char *directory = g_dir_make_tmp ("kalon-training-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "state.safetensors", NULL);

  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonTrainer) whole = new_taste_trainer (device, kind, &options);
      g_autoptr (KalonTrainer) again = new_taste_trainer (device, kind, &options);
      g_autoptr (KalonTrainer) first = new_taste_trainer (device, kind, &options);
      g_autoptr (KalonTrainer) second = new_taste_trainer (device, kind, &options);
      g_autoptr (GError) error = NULL;

      kalon_trainer_run (whole, 0, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      kalon_trainer_run (again, 0, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      assert_same (whole, again);

      kalon_trainer_run (first, 13, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      kalon_trainer_save (first, path, &error);
      g_assert_no_error (error);
      kalon_trainer_resume (second, path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (kalon_trainer_get_progress (second)->step, ==, 13);
      kalon_trainer_run (second, 0, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      assert_same (whole, second);
    }
  g_unlink (path);
  g_rmdir (directory);
}

static void
test_resume (void)
{
  check_resume (NULL);
}

static void
test_resume_device (void)
{
  g_autoptr (KalonDevice) device = open_device ();

  if (device != NULL)
    check_resume (device);
}

static void
test_resume_refused (void)
{
  KalonTrainingOptions options = get_taste_options ();
  g_autofree char *directory = g_dir_make_tmp ("kalon-training-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "state.safetensors", NULL);
  g_autoptr (KalonTrainer) saved = new_taste_trainer (NULL, KALON_ADAPTER_QUERY, &options);
  g_autoptr (KalonTrainer) other = NULL;
  g_autoptr (GError) error = NULL;

  kalon_trainer_save (saved, path, &error);
  g_assert_no_error (error);
  options.seed = 2;
  other = new_taste_trainer (NULL, KALON_ADAPTER_QUERY, &options);
  g_assert_false (kalon_trainer_resume (other, path, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "cut off", -1, NULL));
  g_assert_false (kalon_trainer_resume (saved, path, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_unlink (path);
  g_rmdir (directory);
}

/* The same training on both, step for step. */
static void
test_backends (void)
{
  KalonTrainingOptions options = get_taste_options ();
  g_autoptr (KalonDevice) device = open_device ();

  if (device == NULL)
    return;
  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonTrainer) plain = new_taste_trainer (NULL, kind, &options);
      g_autoptr (KalonTrainer) on_device = new_taste_trainer (device, kind, &options);
      g_autoptr (GError) error = NULL;

      kalon_trainer_run (plain, 0, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      kalon_trainer_run (on_device, 0, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      for (guint p = 0; p < plain->start->n_parts; p++)
        {
          gsize n = plain->start->parts[p].rows * 33;
          g_autofree float *got = g_new (float, n);
          g_autofree double *expected = g_new (double, n);

          kalon_tensor_read (on_device->parts[p].parameter, 0, got, n, &error);
          g_assert_no_error (error);
          for (gsize i = 0; i < n; i++)
            expected[i] = ((float *) plain->parts[p].parameter->data)[i];
          g_test_message ("%s, part %u: %.1e apart", kalon_adapter_kind_get_name (kind), p,
                          get_difference (got, expected, n));
          g_assert_cmpfloat (get_difference (got, expected, n), <, BACKEND_TOLERANCE);
        }
      g_assert_cmpfloat_with_epsilon (plain->progress.held_out.loss,
                                      on_device->progress.held_out.loss, BACKEND_TOLERANCE);
    }
}

static void
cancel (const KalonTrainingProgress *progress, gpointer data)
{
  if (progress->step == 3)
    g_cancellable_cancel (data);
}

static void
test_cancel (void)
{
  KalonTrainingOptions options = get_taste_options ();
  g_autoptr (KalonTrainer) trainer = new_taste_trainer (NULL, KALON_ADAPTER_QUERY, &options);
  g_autoptr (KalonTrainer) whole = new_taste_trainer (NULL, KALON_ADAPTER_QUERY, &options);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (kalon_trainer_run (trainer, 0, cancel, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (kalon_trainer_get_progress (trainer)->step, ==, 3);
  kalon_trainer_run (trainer, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  kalon_trainer_run (whole, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_same (whole, trainer);
}

static void
test_not_finite (void)
{
  KalonTrainingOptions options = get_taste_options ();
  g_autoptr (KalonTrainingSet) set = make_taste (8, 20, 33, 5);
  g_autoptr (KalonAdapter) start = kalon_adapter_new (KALON_ADAPTER_IMAGE, hash, 33, 0, 1);
  g_autoptr (KalonTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < 20 * 33; i++)
    set->images[i] = NAN;
  options.held_out = 0;
  trainer = kalon_trainer_new (NULL, set, start, &options, &error);
  g_assert_no_error (error);
  g_assert_false (kalon_trainer_run (trainer, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE);
  g_assert_cmpuint (kalon_trainer_get_progress (trainer)->step, ==, 0);
  for (gsize i = 0; i < 33; i++)
    g_assert_cmpfloat (((float *) trainer->parts[0].parameter->data)[i], ==, 0);
}

static void
test_refused (void)
{
  const float images[] = { 1, 0, 0, 1, -1, 0 };
  const float query[] = { 1, 0 }, broken[] = { NAN, 0 };
  const guint32 candidates[] = { 0, 1, 2, 0 }, outside[] = { 0, 3 };
  const KalonPair good = { 0, 1, 1 }, itself = { 0, 3, 1 }, beyond = { 0, 4, 1 },
                  light = { 0, 1, 0 };
  const struct
  {
    const float *query;
    const guint32 *candidates;
    gsize n_candidates;
    const KalonPair *pair;
    gsize n_pairs;
  } cases[] = {
    { broken, candidates, 4, &good, 1 },  { query, outside, 2, &good, 1 },
    { query, candidates, 1, &good, 1 },   { query, candidates, 4, &itself, 1 },
    { query, candidates, 4, &beyond, 1 }, { query, candidates, 4, &light, 1 },
    { query, candidates, 4, NULL, 0 },
  };
  g_autoptr (KalonTrainingSet) set = kalon_training_set_new (images, 3, 2);
  g_autoptr (KalonAdapter) start = kalon_adapter_new (KALON_ADAPTER_IMAGE, hash, 2, 0, 1);
  g_autoptr (KalonAdapter) longer = kalon_adapter_new (KALON_ADAPTER_IMAGE, hash, 3, 0, 1);
  g_autoptr (KalonTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  KalonTrainingOptions options;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_false (kalon_training_set_add_query (set, cases[i].query, cases[i].candidates,
                                                    cases[i].n_candidates, cases[i].pair,
                                                    cases[i].n_pairs, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
  g_assert_cmpuint (kalon_training_set_get_n_queries (set), ==, 0);
  kalon_training_set_add_query (set, query, candidates, 4, &good, 1, &error);
  g_assert_no_error (error);

  /* One query cannot be trained on and held out. */
  kalon_training_options_init (&options);
  g_assert_null (kalon_trainer_new (NULL, set, start, &options, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  options.held_out = 0;
  g_assert_null (kalon_trainer_new (NULL, set, longer, &options, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  options.smoothing = 0.5;
  g_assert_null (kalon_trainer_new (NULL, set, start, &options, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  options.smoothing = 0;
  trainer = kalon_trainer_new (NULL, set, start, &options, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alignment/training/learns", test_learns);
  g_test_add_func ("/alignment/training/keeps-best", test_keeps_best);
  g_test_add_func ("/alignment/training/resume", test_resume);
  g_test_add_func ("/alignment/training/resume-device", test_resume_device);
  g_test_add_func ("/alignment/training/resume-refused", test_resume_refused);
  g_test_add_func ("/alignment/training/backends", test_backends);
  g_test_add_func ("/alignment/training/cancel", test_cancel);
  g_test_add_func ("/alignment/training/not-finite", test_not_finite);
  g_test_add_func ("/alignment/training/refused", test_refused);
  return g_test_run ();
}
