/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-test.h"

/* Sums of up to 768 products of numbers below 1 in another order. */
#define ABSOLUTE 2e-5
#define RELATIVE 1e-5

static void
check_size (KalonNn *nn, KalonNn *reference, gsize n_queries, gsize n_rows, gsize dim,
            KalonDtype dtype)
{
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  gsize shape[] = { n_rows, dim };
  g_autofree float *queries = kernel_test_random (n_queries * dim, 1);
  g_autofree float *rows = kernel_test_random (n_rows * dim, 1);
  g_autofree guint16 *halves = g_new (guint16, n_rows * dim);

  kalon_f32_to_f16_array (rows, halves, n_rows * dim);
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) queries_tensor
          = kernel_test_tensor (both[i], queries, n_queries * dim);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonTensor) rows_tensor
          = kalon_tensor_new (kalon_nn_get_device (both[i]), dtype, 2, shape, &error);

      g_assert_no_error (error);
      kalon_tensor_write (rows_tensor, 0, dtype == KALON_DTYPE_F16 ? (void *) halves : rows,
                          n_rows * dim, &error);
      g_assert_no_error (error);
      results[i] = kernel_test_tensor (both[i], NULL, n_queries * n_rows);
      kalon_nn_score (both[i], queries_tensor, n_queries, rows_tensor, n_rows, dim, results[i],
                      &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (results[1], results[0], n_queries * n_rows, ABSOLUTE, RELATIVE);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  const KalonDtype dtypes[] = { KALON_DTYPE_F32, KALON_DTYPE_F16 };

  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    {
      check_size (nn, reference, 1, 1, 1, dtypes[i]);
      check_size (nn, reference, 1, 131, 37, dtypes[i]);
      check_size (nn, reference, 1, 1000, 512, dtypes[i]);
      check_size (nn, reference, 17, 67, 77, dtypes[i]);
      check_size (nn, reference, 3, 65, 768, dtypes[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("score", check);
  return g_test_run ();
}
