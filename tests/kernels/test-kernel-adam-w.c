/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "alignment/kalon-alignment-private.h"
#include "kernel-test.h"

/* A dozen roundings an element, no sums. */
#define ABSOLUTE 1e-7
#define RELATIVE 2e-6

static void
check_size (KalonNn *nn, KalonNn *reference, gsize rows, gsize dim)
{
  const KalonAdamStep step = { .clip = 0.7f,
                               .keep = 0.9999f,
                               .step = 0.01f,
                               .square_scale = 1.5f,
                               .beta2 = 0.999f,
                               .mean_share = 0.1f,
                               .square_share = 0.001f,
                               .epsilon = 1e-8f };
  const gsize n = rows * dim;
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2][3];
  g_autofree float *parameter = kernel_test_random (n, 1);
  g_autofree float *gradient = kernel_test_random (n, 1);
  g_autofree float *mean = kernel_test_random (n, 0.1);
  g_autofree float *square = kernel_test_random (n, 0.1);

  for (gsize i = 0; i < n; i++)
    square[i] = fabsf (square[i]);
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) slope = kernel_test_tensor (both[i], gradient, n);
      g_autoptr (GError) error = NULL;

      results[i][0] = kernel_test_tensor (both[i], parameter, n);
      results[i][1] = kernel_test_tensor (both[i], mean, n);
      results[i][2] = kernel_test_tensor (both[i], square, n);
      kalon_alignment_adam_w (both[i], &step, rows, dim, results[i][0], slope, results[i][1],
                              results[i][2], &error);
      g_assert_no_error (error);
    }
  for (gsize r = 0; r < 3; r++)
    {
      kernel_test_compare (results[1][r], results[0][r], n, ABSOLUTE, RELATIVE);
      kalon_tensor_unref (results[0][r]);
      kalon_tensor_unref (results[1][r]);
    }
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1, 1);
  check_size (nn, reference, 5, 77);
  check_size (nn, reference, 16, 512);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("adam-w", check);
  return g_test_run ();
}
