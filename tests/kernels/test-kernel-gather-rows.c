/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-test.h"

/* A copy: the same to the last bit. */
static void
check_size (KalonNn *nn, KalonNn *reference, gsize n_rows, gsize n, gsize dim)
{
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *x = kernel_test_random (n_rows * dim, 1);
  g_autofree guint32 *rows = g_new (guint32, n);

  for (gsize i = 0; i < n; i++)
    rows[i] = g_test_rand_int_range (0, n_rows);
  rows[0] = n_rows - 1;
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) x_tensor = kernel_test_tensor (both[i], x, n_rows * dim);
      g_autoptr (GError) error = NULL;

      results[i] = kernel_test_tensor (both[i], NULL, n * dim);
      kalon_nn_gather_rows (both[i], x_tensor, rows, n, dim, results[i], &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (results[1], results[0], n * dim, 0, 0);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1, 1, 1);
  check_size (nn, reference, 11, 17, 67);
  check_size (nn, reference, 400, 8, 768);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("gather-rows", check);
  return g_test_run ();
}
