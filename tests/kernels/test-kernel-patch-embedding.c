/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-test.h"

/* Sums of up to 3072 products of numbers below 1 in another order. */
#define ABSOLUTE 1e-4
#define RELATIVE 1e-5

static void
check_size (KalonNn *nn, KalonNn *reference, gsize batch, gsize resolution, gsize patch,
            gsize width)
{
  gsize tokens = 1 + (resolution / patch) * (resolution / patch);
  gsize in = 3 * patch * patch;
  KalonNn *both[] = { reference, nn };
  KalonTensor *results[2];
  g_autofree float *pixels = kernel_test_random (batch * 3 * resolution * resolution, 1);
  g_autofree float *weight = kernel_test_random (width * in, 1);
  g_autofree float *class = kernel_test_random (width, 1);
  g_autofree float *position = kernel_test_random (tokens * width, 1);

  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) pixels_tensor
          = kernel_test_tensor (both[i], pixels, batch * 3 * resolution * resolution);
      g_autoptr (KalonTensor) class_tensor = kernel_test_tensor (both[i], class, width);
      g_autoptr (KalonTensor) position_tensor
          = kernel_test_tensor (both[i], position, tokens * width);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonLinear) projection
          = kalon_nn_linear_new (both[i], weight, NULL, width, in, KALON_DTYPE_F32, &error);

      g_assert_no_error (error);
      results[i] = kernel_test_tensor (both[i], NULL, batch * tokens * width);
      kalon_nn_patch_embedding (both[i], pixels_tensor, projection, class_tensor, position_tensor,
                                batch, resolution, patch, results[i], &error);
      g_assert_no_error (error);
    }
  kernel_test_compare (results[1], results[0], batch * tokens * width, ABSOLUTE, RELATIVE);
  kalon_tensor_unref (results[0]);
  kalon_tensor_unref (results[1]);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 1, 1, 1, 1);
  check_size (nn, reference, 2, 11, 3, 21);
  check_size (nn, reference, 3, 64, 16, 40);
  check_size (nn, reference, 2, 70, 14, 33);
  check_size (nn, reference, 1, 64, 32, 96);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("patch-embedding", check);
  return g_test_run ();
}
