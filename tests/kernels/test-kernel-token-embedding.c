/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-test.h"

/* One addition: the same to the last bit. */
static void
check_size (KalonNn *nn, KalonNn *reference, gsize batch, gsize length, gsize width,
            gint32 vocabulary)
{
  gsize n = batch * length * width;
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *table = kernel_test_random (vocabulary * width, 1);
  g_autofree float *position = kernel_test_random ((length + 3) * width, 1);
  g_autofree gint32 *tokens = g_new (gint32, batch * length);

  for (gsize i = 0; i < batch * length; i++)
    tokens[i] = g_test_rand_int_range (0, vocabulary);
  tokens[0] = vocabulary - 1;
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) table_tensor
          = kernel_test_tensor (both[i], table, vocabulary * width);
      g_autoptr (KalonTensor) position_tensor
          = kernel_test_tensor (both[i], position, (length + 3) * width);
      g_autoptr (GError) error = NULL;

      results[i] = kernel_test_tensor (both[i], NULL, n);
      kalon_nn_token_embedding (both[i], tokens, table_tensor, position_tensor, batch, length,
                                width, results[i], &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (results[1], results[0], n, 0, 0);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1, 1, 1, 1);
  check_size (nn, reference, 3, 7, 33, 101);
  check_size (nn, reference, 2, 77, 512, 49);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("token-embedding", check);
  return g_test_run ();
}
