/* SPDX-License-Identifier: GPL-3.0-or-later */
/* candidate_scores.cl and the two kernels of candidate_gradient.cl: one is the other's way back. */
#include "alignment/kalon-alignment-private.h"
#include "kernel-test.h"

/* Sums of up to 512 products of numbers below 1 in another order. */
#define ABSOLUTE 5e-5
#define RELATIVE 1e-5

#define N_QUERIES 5
#define N_ROWS 23

static KalonNumbers *
send (KalonNn *nn, const guint32 *values, gsize n)
{
  g_autoptr (GError) error = NULL;
  KalonNumbers *numbers = kalon_numbers_new (nn, values, n, &error);

  g_assert_no_error (error);
  return numbers;
}

static void
check_size (KalonNn *nn, KalonNn *reference, gsize dim)
{
  /* The third query has no candidates. */
  const guint32 first[N_QUERIES + 1] = { 0, 1, 8, 8, 11, 17 };
  KalonNn *both[] = { reference, nn };
  KalonTensor *scores[2], *sums[2], *scaled[2];
  guint32 owners[17], rows[17];
  g_autofree float *x = kernel_test_random (N_QUERIES * dim, 1);
  g_autofree float *v = kernel_test_random (N_ROWS * dim, 1);
  g_autofree float *coefficients = kernel_test_random (17, 1);

  for (guint32 q = 0; q < N_QUERIES; q++)
    for (guint32 e = first[q]; e < first[q + 1]; e++)
      {
        owners[e] = q;
        rows[e] = e * 7 % N_ROWS;
      }
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) x_tensor = kernel_test_tensor (both[i], x, N_QUERIES * dim);
      g_autoptr (KalonTensor) v_tensor = kernel_test_tensor (both[i], v, N_ROWS * dim);
      g_autoptr (KalonTensor) factors = kernel_test_tensor (both[i], coefficients, 17);
      g_autoptr (KalonNumbers) first_numbers = send (both[i], first, N_QUERIES + 1);
      g_autoptr (KalonNumbers) owner_numbers = send (both[i], owners, 17);
      g_autoptr (KalonNumbers) row_numbers = send (both[i], rows, 17);
      g_autoptr (GError) error = NULL;

      scores[i] = kernel_test_tensor (both[i], NULL, 17);
      sums[i] = kernel_test_tensor (both[i], NULL, N_QUERIES * dim);
      scaled[i] = kernel_test_tensor (both[i], NULL, 17 * dim);
      kalon_alignment_scores (both[i], x_tensor, owner_numbers, v_tensor, row_numbers, 17, dim,
                              scores[i], &error);
      g_assert_no_error (error);
      kalon_alignment_sum_rows (both[i], factors, first_numbers, v_tensor, row_numbers, N_QUERIES,
                                dim, sums[i], &error);
      g_assert_no_error (error);
      kalon_alignment_scale_rows (both[i], factors, owner_numbers, x_tensor, 17, dim, scaled[i],
                                  &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (scores[1], scores[0], 17, ABSOLUTE, RELATIVE);
  kernel_test_compare (sums[1], sums[0], N_QUERIES * dim, ABSOLUTE, RELATIVE);
  kernel_test_compare (scaled[1], scaled[0], 17 * dim, 0, 0);
  for (gsize i = 0; i < 2; i++)
    {
      kalon_tensor_unref (scores[i]);
      kalon_tensor_unref (sums[i]);
      kalon_tensor_unref (scaled[i]);
    }
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1);
  check_size (nn, reference, 77);
  check_size (nn, reference, 512);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("candidates", check);
  return g_test_run ();
}
