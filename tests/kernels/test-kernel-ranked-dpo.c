/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "alignment/kalon-trainer-private.h"
#include "kernel-test.h"

/* The kernel is in f32 where plain C is in double: differences of scores, known to 6e-8, times
 * 1 / tau = 20 stand in an exponent. */
#define ABSOLUTE 1e-5
#define RELATIVE 2e-5

#define DIMENSION 3
#define N_IMAGES 200

/* Queries of 2, 71 (more than the lanes of a group) and 9 candidates, with many pairs each. */
static KalonTrainingSet *
make_set (void)
{
  const gsize sizes[] = { 2, 71, 9 };
  g_autofree float *images = kernel_test_random (N_IMAGES * DIMENSION, 1);
  g_autofree float *queries = kernel_test_random (G_N_ELEMENTS (sizes) * DIMENSION, 1);
  KalonTrainingSet *set = kalon_training_set_new (images, N_IMAGES, DIMENSION);

  for (gsize q = 0; q < G_N_ELEMENTS (sizes); q++)
    {
      guint32 candidates[71];
      g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (KalonPair));
      g_autoptr (GError) error = NULL;

      for (guint32 i = 0; i < sizes[q]; i++)
        candidates[i] = (guint32) (100 * (q % 2)) + i;
      for (guint32 i = 0; i < 3 * sizes[q]; i++)
        {
          KalonPair pair = { .winner = i % sizes[q],
                             .loser = (i + 1 + i % (sizes[q] - 1)) % sizes[q],
                             .weight = 0.5f + i % 4 };
          g_array_append_val (pairs, pair);
        }
      kalon_training_set_add_query (set, queries + q * DIMENSION, candidates, sizes[q],
                                    (const KalonPair *) pairs->data, pairs->len, &error);
      g_assert_no_error (error);
    }
  return set;
}

static void
check_scale (KalonNn *nn, KalonNn *reference, double spread)
{
  const KalonDpoFactors factors = {
    .scale = 4, .smoothing = 0.1f, .anchor = 0.3f, .inverse_temperature = 20, .share = 0.25f
  };
  const guint32 order[] = { 1, 0, 2 };
  g_autoptr (KalonTrainingSet) set = make_set ();
  KalonNn *both[] = { reference, nn };
  KalonTensor *coefficients[2], *losses[2];
  gsize n_candidates = set->candidates->len;
  g_autofree float *scores = kernel_test_random (n_candidates, spread);
  g_autofree float *before = kernel_test_random (n_candidates, spread);

  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonTrainingBatch) batch = kalon_training_batch_new (
          both[i], set, order, G_N_ELEMENTS (order), FALSE, before, &error);
      g_autoptr (KalonTensor) score_tensor = kernel_test_tensor (both[i], scores, n_candidates);
      g_autoptr (KalonTensor) slopes = kernel_test_tensor (both[i], NULL, set->pairs->len);

      g_assert_no_error (error);
      coefficients[i] = kernel_test_tensor (both[i], NULL, n_candidates);
      losses[i] = kernel_test_tensor (both[i], NULL, 3 * G_N_ELEMENTS (order));
      kalon_alignment_ranked_dpo (both[i], &batch->pairs, score_tensor, &factors, slopes,
                                  coefficients[i], losses[i], &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (coefficients[1], coefficients[0], n_candidates, ABSOLUTE, RELATIVE);
  kernel_test_compare (losses[1], losses[0], 3 * G_N_ELEMENTS (order), ABSOLUTE, RELATIVE);
  for (gsize i = 0; i < 2; i++)
    {
      kalon_tensor_unref (coefficients[i]);
      kalon_tensor_unref (losses[i]);
    }
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_scale (nn, reference, 0.05);
  check_scale (nn, reference, 1);
}

/* Where exp () of a margin or of a score / tau is far beyond a float: finite, and as plain C. */
static void
check_far (KalonNn *nn, KalonNn *reference)
{
  check_scale (nn, reference, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("ranked-dpo", check);
  kernel_test_add ("ranked-dpo-far", check_far);
  return g_test_run ();
}
