/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranked DPO, its gradients and AdamW: against PyTorch (reference/alignment, made by
 * make-alignment.py) and against finite differences in double precision.
 */
#include <math.h>

#include "alignment/kalon-trainer-private.h"
#include "input/kalon-input.h"

static char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* Scores in f32 are right to 3e-8 and are multiplied by beta / tau = 4: what PyTorch has in double
 * precision is met to a few 1e-7 of the largest number. */
#define GOLDEN_TOLERANCE 1e-5

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

static double *
dup_numbers (JsonArray *array)
{
  gsize n = json_array_get_length (array);
  double *numbers = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    numbers[i] = json_array_get_double_element (array, (guint) i);
  return numbers;
}

static float *
dup_floats (JsonArray *array)
{
  gsize n = json_array_get_length (array);
  float *numbers = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    numbers[i] = (float) json_array_get_double_element (array, (guint) i);
  return numbers;
}

static JsonNode *
load_expected (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "alignment", "expected.json", NULL);
  g_autoptr (GError) error = NULL;
  JsonNode *root = kalon_input_load_json (path, 1 << 20, &error);

  g_assert_no_error (error);
  return root;
}

static KalonTrainingSet *
make_golden_set (JsonObject *expected)
{
  gsize d = json_object_get_int_member (expected, "dimension");
  JsonArray *images = json_object_get_array_member (expected, "images");
  JsonArray *queries = json_object_get_array_member (expected, "queries");
  g_autofree float *values = dup_floats (images);
  KalonTrainingSet *set = kalon_training_set_new (values, json_array_get_length (images) / d, d);

  for (guint q = 0; q < json_array_get_length (queries); q++)
    {
      JsonObject *query = json_array_get_object_element (queries, q);
      JsonArray *candidates = json_object_get_array_member (query, "candidates");
      JsonArray *pairs = json_object_get_array_member (query, "pairs");
      g_autofree float *vector = dup_floats (json_object_get_array_member (query, "vector"));
      g_autofree guint32 *numbers = g_new (guint32, json_array_get_length (candidates));
      g_autofree KalonPair *list = g_new (KalonPair, json_array_get_length (pairs));
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < json_array_get_length (candidates); i++)
        numbers[i] = (guint32) json_array_get_int_element (candidates, i);
      for (guint i = 0; i < json_array_get_length (pairs); i++)
        {
          JsonArray *pair = json_array_get_array_element (pairs, i);

          list[i] = (KalonPair){ .winner = (guint32) json_array_get_int_element (pair, 0),
                                 .loser = (guint32) json_array_get_int_element (pair, 1),
                                 .weight = (float) json_array_get_double_element (pair, 2) };
        }
      kalon_training_set_add_query (set, vector, numbers, json_array_get_length (candidates), list,
                                    json_array_get_length (pairs), &error);
      g_assert_no_error (error);
    }
  return set;
}

/* An adapter that already changes something: start_values() of make-alignment.py. */
static KalonAdapter *
make_start (KalonAdapterKind kind, gsize d, gsize rank)
{
  KalonAdapter *start = kalon_adapter_new (kind, hash, d, rank, 1);

  for (guint p = 0; p < start->n_parts; p++)
    for (gsize i = 0; i < start->parts[p].rows * d; i++)
      start->parts[p].values[i] = (float) (0.1 * sin (1 + p + 1.7 * i));
  return start;
}

static KalonTrainingOptions
get_golden_options (JsonObject *expected)
{
  JsonObject *found = json_object_get_object_member (expected, "options");
  KalonTrainingOptions options;

  kalon_training_options_init (&options);
  options.beta = json_object_get_double_member (found, "beta");
  options.temperature = json_object_get_double_member (found, "temperature");
  options.smoothing = json_object_get_double_member (found, "smoothing");
  options.anchor = json_object_get_double_member (found, "anchor");
  options.learning_rate = json_object_get_double_member (found, "learning_rate");
  options.weight_decay = json_object_get_double_member (found, "weight_decay");
  options.beta1 = json_object_get_double_member (found, "beta1");
  options.beta2 = json_object_get_double_member (found, "beta2");
  options.epsilon = json_object_get_double_member (found, "epsilon");
  options.max_gradient_norm = json_object_get_double_member (found, "max_gradient_norm");
  options.warm_up = json_object_get_double_member (found, "warm_up");
  options.epochs = (guint) json_object_get_int_member (found, "epochs");
  options.batch = 64;
  options.held_out = 0;
  return options;
}

static void
check_tensor (const KalonTensor *got, JsonArray *expected)
{
  gsize n = json_array_get_length (expected);
  g_autofree double *numbers = dup_numbers (expected);
  g_autofree float *values = g_new (float, n);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (kalon_tensor_get_count (got), ==, n);
  kalon_tensor_read (got, 0, values, n, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (get_difference (values, numbers, n), <, GOLDEN_TOLERANCE);
}

static void
check_step (const KalonTrainingProgress *progress, gpointer data)
{
  JsonArray *steps = data, *step;

  if (progress->step == 0)
    return;
  step = json_array_get_array_element (steps, progress->step - 1);

  const double got[]
      = { progress->batch.loss,      progress->batch.pair_loss, progress->batch.divergence,
          progress->batch.agreement, progress->gradient_norm,   progress->learning_rate };

  for (guint i = 0; i < G_N_ELEMENTS (got); i++)
    g_assert_cmpfloat_with_epsilon (
        got[i], json_array_get_double_element (step, i),
        GOLDEN_TOLERANCE * fmax (fabs (json_array_get_double_element (step, i)), 0.1));
}

static void
check_golden (KalonDevice *device)
{
  g_autoptr (JsonNode) root = load_expected ();
  JsonObject *expected = json_node_get_object (root);
  KalonTrainingOptions options = get_golden_options (expected);

  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      JsonObject *golden
          = json_object_get_object_member (expected, kalon_adapter_kind_get_name (kind));
      JsonArray *gradients = json_object_get_array_member (golden, "gradient");
      JsonArray *parameters = json_object_get_array_member (golden, "parameters");
      g_autoptr (KalonTrainingSet) set = make_golden_set (expected);
      g_autoptr (KalonAdapter) start
          = make_start (kind, set->dimension, json_object_get_int_member (expected, "rank"));
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonTrainer) trainer = kalon_trainer_new (device, set, start, &options, &error);
      KalonTrainingMeasure measure;

      g_assert_no_error (error);
      kalon_trainer_compute (trainer, trainer->order, trainer->n_trained, TRUE, &measure, &error);
      g_assert_no_error (error);
      for (guint p = 0; p < start->n_parts; p++)
        check_tensor (trainer->parts[p].gradient, json_array_get_array_element (gradients, p));
      kalon_trainer_run (trainer, 0, check_step, json_object_get_array_member (golden, "steps"),
                         NULL, &error);
      g_assert_no_error (error);
      for (guint p = 0; p < start->n_parts; p++)
        check_tensor (trainer->parts[p].parameter, json_array_get_array_element (parameters, p));
    }
}

static void
test_golden (void)
{
  check_golden (NULL);
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

static void
test_golden_device (void)
{
  g_autoptr (KalonDevice) device = open_device ();

  if (device != NULL)
    check_golden (device);
}

/* The whole loss in double precision, straight from the formulas. */
static double
reference_loss (const KalonTrainer *trainer, double *const *parts)
{
  const KalonTrainingSet *set = trainer->set;
  const KalonTrainingOptions *o = &trainer->options;
  gsize d = set->dimension, n_queries = kalon_training_set_get_n_queries (set);
  gsize rank = trainer->start->rank;
  double loss = 0;

  for (gsize q = 0; q < n_queries; q++)
    {
      const float *query = (const float *) set->queries->data + q * d;
      guint32 first = g_array_index (set->first, guint32, q);
      guint32 n = g_array_index (set->first, guint32, q + 1) - first;
      g_autofree double *s = g_new0 (double, n), *r = g_new0 (double, n);
      g_autofree double *changed = g_new (double, d);
      double square = 0, sum_s = 0, sum_r = 0, weights = 0, pair_loss = 0;

      for (gsize j = 0; j < d; j++)
        {
          changed[j] = query[j];
          if (trainer->start->kind == KALON_ADAPTER_QUERY)
            for (gsize k = 0; k < rank; k++)
              for (gsize i = 0; i < d; i++)
                changed[j] += query[i] * parts[0][k * d + i] * parts[1][k * d + j];
          if (trainer->start->kind == KALON_ADAPTER_PROJECTIONS)
            for (gsize i = 0; i < d; i++)
              changed[j] += query[i] * parts[0][i * d + j];
          square += changed[j] * changed[j];
        }
      if (trainer->start->kind == KALON_ADAPTER_IMAGE)
        square = 1;
      for (guint32 c = 0; c < n; c++)
        {
          const float *v = set->images + g_array_index (set->candidates, guint32, first + c) * d;
          double length = 0;

          for (gsize j = 0; j < d; j++)
            {
              double x = v[j];

              r[c] += query[j] * v[j];
              if (trainer->start->kind == KALON_ADAPTER_PROJECTIONS)
                for (gsize i = 0; i < d; i++)
                  x += v[i] * parts[1][i * d + j];
              length += x * x;
              s[c] += changed[j] * x;
              if (trainer->start->kind == KALON_ADAPTER_IMAGE)
                s[c] += parts[0][j] * v[j];
            }
          if (trainer->start->kind == KALON_ADAPTER_PROJECTIONS)
            s[c] /= sqrt (length);
          s[c] /= sqrt (square);
          sum_s += exp (s[c] / o->temperature);
          sum_r += exp (r[c] / o->temperature);
        }
      for (guint32 p = g_array_index (set->pair_first, guint32, q);
           p < g_array_index (set->pair_first, guint32, q + 1); p++)
        {
          const KalonPair *pair = &g_array_index (set->pairs, KalonPair, p);
          double h = o->beta / o->temperature
                     * (s[pair->winner] - s[pair->loser] - r[pair->winner] + r[pair->loser]);

          weights += pair->weight;
          pair_loss
              += pair->weight
                 * ((1 - o->smoothing) * log (1 + exp (-h)) + o->smoothing * log (1 + exp (h)));
        }
      loss += pair_loss / weights / n_queries;
      for (guint32 c = 0; c < n; c++)
        {
          double p = exp (r[c] / o->temperature) / sum_r;

          loss += o->anchor * p * (log (p) - s[c] / o->temperature + log (sum_s)) / n_queries;
        }
    }
  return loss;
}

/* Both loss terms alone and together, all three adapters. */
static void
test_finite_differences (void)
{
  const double steps = 1e-5;
  g_autoptr (JsonNode) root = load_expected ();
  const struct
  {
    double beta, anchor;
  } terms[] = { { 0.2, 0 }, { 1e-9, 0.5 }, { 0.2, 0.5 } };

  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    for (guint t = 0; t < G_N_ELEMENTS (terms); t++)
      {
        g_autoptr (KalonTrainingSet) set = make_golden_set (json_node_get_object (root));
        gsize d = set->dimension;
        g_autoptr (KalonAdapter) start = make_start (kind, d, 3);
        g_autoptr (KalonTrainer) trainer = NULL;
        g_autoptr (GError) error = NULL;
        KalonTrainingOptions options;
        KalonTrainingMeasure measure;
        double *parts[2] = { NULL, NULL };

        kalon_training_options_init (&options);
        options.beta = terms[t].beta;
        options.anchor = terms[t].anchor;
        options.temperature = 0.07;
        options.held_out = 0;
        trainer = kalon_trainer_new (NULL, set, start, &options, &error);
        g_assert_no_error (error);
        kalon_trainer_compute (trainer, trainer->order, 5, TRUE, &measure, &error);
        g_assert_no_error (error);
        for (guint p = 0; p < start->n_parts; p++)
          {
            gsize n = start->parts[p].rows * d;

            parts[p] = g_new (double, n);
            for (gsize i = 0; i < n; i++)
              parts[p][i] = start->parts[p].values[i];
          }
        g_assert_cmpfloat_with_epsilon (measure.loss, reference_loss (trainer, parts), 2e-6);
        for (guint p = 0; p < start->n_parts; p++)
          {
            gsize n = start->parts[p].rows * d;
            g_autofree double *slopes = g_new (double, n);

            for (gsize i = 0; i < n; i++)
              {
                double kept = parts[p][i], above;

                parts[p][i] = kept + steps;
                above = reference_loss (trainer, parts);
                parts[p][i] = kept - steps;
                slopes[i] = (above - reference_loss (trainer, parts)) / (2 * steps);
                parts[p][i] = kept;
              }
            g_assert_cmpfloat (get_difference (trainer->parts[p].gradient->data, slopes, n), <,
                               2e-5);
          }
        g_free (parts[0]);
        g_free (parts[1]);
      }
}

static void
test_pair_loss (void)
{
  double slope;

  g_assert_cmpfloat_with_epsilon (kalon_dpo_pair_loss (0, 0.1, &slope), G_LN2, 1e-15);
  g_assert_cmpfloat_with_epsilon (slope, 0.1 * 0.5 - 0.9 * 0.5, 1e-15);
  for (double h = -30; h <= 30; h += 0.37)
    {
      double epsilon = 0.2, sigmoid = 1 / (1 + exp (-h));

      g_assert_cmpfloat_with_epsilon (
          kalon_dpo_pair_loss (h, epsilon, &slope),
          -(1 - epsilon) * log (sigmoid) - epsilon * (log (sigmoid) - h), 1e-11);
      g_assert_cmpfloat_with_epsilon (slope, sigmoid - (1 - epsilon), 1e-12);
    }
  /* Where e^|h| overflows. */
  g_assert_cmpfloat_with_epsilon (kalon_dpo_pair_loss (-1000, 0, &slope), 1000, 1e-9);
  g_assert_cmpfloat (slope, ==, -1);
  g_assert_cmpfloat (kalon_dpo_pair_loss (1000, 0, &slope), ==, 0);
  g_assert_cmpfloat (fabs (slope), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alignment/loss/pair-loss", test_pair_loss);
  g_test_add_func ("/alignment/loss/golden", test_golden);
  g_test_add_func ("/alignment/loss/golden-device", test_golden_device);
  g_test_add_func ("/alignment/loss/finite-differences", test_finite_differences);
  return g_test_run ();
}
