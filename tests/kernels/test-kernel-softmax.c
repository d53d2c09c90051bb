/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "kernel-test.h"

/* Results are below 1; e^x by a polynomial of error 2e-7. */
#define ABSOLUTE 1e-6
#define RELATIVE 5e-6

static void
check_size (KalonNn *nn, KalonNn *reference, gsize rows, gsize dim, double scale)
{
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *x = kernel_test_random (rows * dim, scale);

  for (gsize r = 0; dim > 2 && r < rows; r++)
    x[r * dim + 1 + r % (dim - 1)] = -INFINITY; /* what a mask puts there */
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      results[i] = kernel_test_tensor (both[i], x, rows * dim);
      kalon_nn_softmax (both[i], results[i], rows, dim, &error);
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
  check_size (nn, reference, 4, 2, 200);
  check_size (nn, reference, 9, 50, 5);
  check_size (nn, reference, 77, 77, 30);
  check_size (nn, reference, 3, 1001, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("softmax", check);
  return g_test_run ();
}
