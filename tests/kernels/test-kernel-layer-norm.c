/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-test.h"

/* Sums in float where the definition sums in double; rows far from zero lose digits with the
 * mean. */
#define ABSOLUTE 2e-5
#define RELATIVE 1e-5

static void
check_size (KalonNn *nn, KalonNn *reference, gsize rows, gsize dim, float offset)
{
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *x = kernel_test_random (rows * dim, 1);
  g_autofree float *gamma = kernel_test_random (dim, 2);
  g_autofree float *beta = kernel_test_random (dim, 2);

  for (gsize i = 0; i < rows * dim; i++)
    x[i] += offset;
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) x_tensor = kernel_test_tensor (both[i], x, rows * dim);
      g_autoptr (KalonTensor) gamma_tensor = kernel_test_tensor (both[i], gamma, dim);
      g_autoptr (KalonTensor) beta_tensor = kernel_test_tensor (both[i], beta, dim);
      g_autoptr (GError) error = NULL;

      results[i] = kernel_test_tensor (both[i], NULL, rows * dim);
      kalon_nn_layer_norm (both[i], x_tensor, gamma_tensor, beta_tensor, rows, dim, 1e-5f,
                           results[i], &error);
      g_assert_no_error (error);
      /* In place gives the same. */
      kalon_nn_layer_norm (both[i], x_tensor, gamma_tensor, beta_tensor, rows, dim, 1e-5f, x_tensor,
                           &error);
      g_assert_no_error (error);
      kernel_test_compare (x_tensor, results[i], rows * dim, 0, 0);
    }
  kernel_test_compare (results[1], results[0], rows * dim, ABSOLUTE, RELATIVE);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1, 1, 0);
  check_size (nn, reference, 3, 7, 0);
  check_size (nn, reference, 5, 64, 0.5f);
  check_size (nn, reference, 50, 77, -1);
  check_size (nn, reference, 7, 768, 0.25f);
  check_size (nn, reference, 2, 1029, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("layer-norm", check);
  return g_test_run ();
}
