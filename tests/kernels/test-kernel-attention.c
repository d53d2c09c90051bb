/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-test.h"

/* Averages of values below 3, with weights of relative error 1e-6 or so. */
#define ABSOLUTE 2e-5
#define RELATIVE 1e-5

static void
check_size (KalonNn *nn, KalonNn *reference, gsize batch, gsize length, gsize heads, gsize head_dim,
            gboolean causal)
{
  gsize n = batch * length * heads * head_dim;
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *qkv = kernel_test_random (3 * n, 3);

  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) qkv_tensor = kernel_test_tensor (both[i], qkv, 3 * n);
      g_autoptr (GError) error = NULL;

      results[i] = kernel_test_tensor (both[i], NULL, n);
      kalon_nn_attention (both[i], qkv_tensor, batch, length, heads, head_dim, causal, results[i],
                          &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (results[1], results[0], n, ABSOLUTE, RELATIVE);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1, 1, 1, 1, TRUE);
  check_size (nn, reference, 2, 7, 3, 5, FALSE);
  check_size (nn, reference, 3, 77, 2, 64, TRUE);
  check_size (nn, reference, 2, 50, 3, 20, FALSE);
  check_size (nn, reference, 1, 197, 1, 80, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("attention", check);
  return g_test_run ();
}
