/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-test.h"

/* Sums of up to 3072 products of numbers below 1 in another order, then an activation whose slope
 * is at most 1.13; erf by a formula of error 1.5e-7. */
#define ABSOLUTE 1e-4
#define RELATIVE 1e-5

typedef struct
{
  gsize rows, in, out;
  KalonActivation activation;
  gboolean bias, residual;
  KalonDtype storage;
} Case;

static KalonTensor *
multiply (KalonNn *nn, const Case *test, const float *x, const float *weight, const float *bias,
          const float *residual, gboolean in_place)
{
  gsize n = test->rows * test->out;
  g_autoptr (KalonTensor) x_tensor = kernel_test_tensor (nn, x, test->rows * test->in);
  g_autoptr (KalonTensor) residual_tensor
      = residual != NULL ? kernel_test_tensor (nn, residual, n) : NULL;
  g_autoptr (KalonTensor) y = in_place && residual != NULL ? kalon_tensor_ref (residual_tensor)
                                                           : kernel_test_tensor (nn, NULL, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLinear) linear
      = kalon_nn_linear_new (nn, weight, bias, test->out, test->in, test->storage, &error);

  g_assert_no_error (error);
  kalon_nn_linear (nn, linear, x_tensor, test->rows, test->activation, residual_tensor, y, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&y);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  /* Every set of build options is a program to compile: few sets, many shapes. */
  const Case cases[] = {
    { 1, 1, 1, KALON_ACTIVATION_NONE, FALSE, FALSE, KALON_DTYPE_F32 },
    { 1, 64, 32, KALON_ACTIVATION_NONE, TRUE, FALSE, KALON_DTYPE_F32 },
    { 13, 37, 45, KALON_ACTIVATION_NONE, TRUE, FALSE, KALON_DTYPE_F32 },
    { 12, 48, 64, KALON_ACTIVATION_GELU, TRUE, TRUE, KALON_DTYPE_F32 },
    { 67, 51, 129, KALON_ACTIVATION_GELU, TRUE, TRUE, KALON_DTYPE_F16 },
    { 25, 33, 97, KALON_ACTIVATION_QUICK_GELU, FALSE, TRUE, KALON_DTYPE_F32 },
    { 50, 3072, 48, KALON_ACTIVATION_GELU, TRUE, TRUE, KALON_DTYPE_F16 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *test = &cases[i];
      gsize n = test->rows * test->out;
      g_autofree float *x = kernel_test_random (test->rows * test->in, 1);
      g_autofree float *weight = kernel_test_random (test->out * test->in, 1);
      g_autofree float *bias = test->bias ? kernel_test_random (test->out, 1) : NULL;
      g_autofree float *residual = test->residual ? kernel_test_random (n, 1) : NULL;
      g_autoptr (KalonTensor) expected
          = multiply (reference, test, x, weight, bias, residual, FALSE);
      g_autoptr (KalonTensor) got = multiply (nn, test, x, weight, bias, residual, FALSE);
      g_autoptr (KalonTensor) in_place = multiply (nn, test, x, weight, bias, residual, TRUE);

      kernel_test_compare (got, expected, n, ABSOLUTE, RELATIVE);
      kernel_test_compare (in_place, expected, n, ABSOLUTE, RELATIVE);
    }
}

/* The activations alone, along the whole line: weight 1, one input. */
static void
check_activation (KalonNn *nn, KalonNn *reference)
{
  const KalonActivation activations[] = { KALON_ACTIVATION_GELU, KALON_ACTIVATION_QUICK_GELU };
  const Case test = { 4001, 1, 1, 0, FALSE, TRUE, KALON_DTYPE_F32 };
  const float one = 1;
  const float zeros[4001] = { 0 };
  float x[4001];

  for (gsize i = 0; i < G_N_ELEMENTS (activations); i++)
    {
      Case each = test;
      g_autoptr (KalonTensor) expected = NULL;
      g_autoptr (KalonTensor) got = NULL;

      each.activation = activations[i];
      for (gsize j = 0; j < G_N_ELEMENTS (x); j++)
        x[j] = ((double) j - 2000) / 20; /* -100 to 100 */
      expected = multiply (reference, &each, x, &one, NULL, zeros, FALSE);
      got = multiply (nn, &each, x, &one, NULL, zeros, FALSE);
      kernel_test_compare (got, expected, G_N_ELEMENTS (x), 1e-6, 1e-6);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("linear", check);
  kernel_test_add ("linear-activation", check_activation);
  return g_test_run ();
}
