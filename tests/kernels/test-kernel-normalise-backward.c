/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "alignment/kalon-alignment-private.h"
#include "kernel-test.h"

/* Two sums in another order; their difference cancels where z and the gradient point one way. */
#define ABSOLUTE 2e-6
#define RELATIVE 2e-5

static void
check_size (KalonNn *nn, KalonNn *reference, gsize rows, gsize dim)
{
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *z = kernel_test_random (rows * dim, 2);
  g_autofree float *gradient = kernel_test_random (rows * dim, 1);

  /* A row of zeros has no direction: its gradient is zero, not infinite. */
  memset (z + (rows - 1) * dim, 0, dim * sizeof *z);
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) z_tensor = kernel_test_tensor (both[i], z, rows * dim);
      g_autoptr (GError) error = NULL;

      results[i] = kernel_test_tensor (both[i], gradient, rows * dim);
      kalon_alignment_normalise_backward (both[i], z_tensor, rows, dim, results[i], &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (results[1], results[0], rows * dim, ABSOLUTE, RELATIVE);
  for (gsize i = (rows - 1) * dim; i < rows * dim; i++)
    g_assert_cmpfloat (((float *) results[0]->data)[i], ==, 0);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 2, 1);
  check_size (nn, reference, 5, 3);
  check_size (nn, reference, 9, 77);
  check_size (nn, reference, 4, 512);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("normalise-backward", check);
  return g_test_run ();
}
