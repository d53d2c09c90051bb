/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "kernel-test.h"

/* Results are at most 1. */
#define ABSOLUTE 1e-7
#define RELATIVE 2e-6

static void
check_size (KalonNn *nn, KalonNn *reference, gsize rows, gsize dim, double scale)
{
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *x = kernel_test_random (rows * dim, scale);

  memset (x + (rows - 1) * dim, 0, dim * sizeof *x);
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      results[i] = kernel_test_tensor (both[i], x, rows * dim);
      kalon_nn_normalise (both[i], results[i], rows, dim, &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (results[1], results[0], rows * dim, ABSOLUTE, RELATIVE);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1, 1, 1);
  check_size (nn, reference, 5, 3, 10);
  check_size (nn, reference, 9, 77, 0.001);
  check_size (nn, reference, 4, 512, 30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("normalise", check);
  return g_test_run ();
}
