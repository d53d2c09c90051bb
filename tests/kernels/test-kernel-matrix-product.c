/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-alignment-private.h"
#include "kernel-test.h"

/* Sums of up to 771 products of numbers below 1, in another order or with fused steps. */
#define ABSOLUTE 1e-4
#define RELATIVE 1e-5

typedef struct
{
  gsize rows, inner, columns;
  gboolean turned, residual;
} Case;

static KalonTensor *
multiply (KalonNn *nn, const Case *test, const float *a, const float *b, const float *residual)
{
  g_autoptr (KalonTensor) a_tensor = kernel_test_tensor (nn, a, test->rows * test->inner);
  g_autoptr (KalonTensor) b_tensor = kernel_test_tensor (nn, b, test->inner * test->columns);
  g_autoptr (KalonTensor) added
      = test->residual ? kernel_test_tensor (nn, residual, test->rows * test->columns) : NULL;
  g_autoptr (KalonTensor) y = kernel_test_tensor (nn, NULL, test->rows * test->columns);
  const KalonOperand operand = { .tensor = a_tensor,
                                 .row = test->turned ? 1 : test->inner,
                                 .step = test->turned ? test->rows : 1 };
  g_autoptr (GError) error = NULL;

  kalon_alignment_product (nn, operand, b_tensor, added, test->rows, test->inner, test->columns, y,
                           &error);
  g_assert_no_error (error);
  return g_steal_pointer (&y);
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  const Case cases[] = {
    { 1, 1, 1, FALSE, TRUE },     { 7, 3, 129, TRUE, FALSE },     { 8, 64, 64, FALSE, TRUE },
    { 65, 37, 97, FALSE, FALSE }, { 65, 37, 97, TRUE, FALSE },    { 13, 771, 33, TRUE, FALSE },
    { 1, 19, 77, FALSE, FALSE },  { 130, 130, 130, FALSE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *test = &cases[i];
      gsize n = test->rows * test->columns;
      g_autofree float *a = kernel_test_random (test->rows * test->inner, 1);
      g_autofree float *b = kernel_test_random (test->inner * test->columns, 1);
      g_autofree float *residual = kernel_test_random (n, 1);
      g_autoptr (KalonTensor) expected = multiply (reference, test, a, b, residual);
      g_autoptr (KalonTensor) got = multiply (nn, test, a, b, residual);

      kernel_test_compare (got, expected, n, ABSOLUTE, RELATIVE);
    }
}

/* The plain C itself, against the triple loop. */
static void
check_definition (KalonNn *nn, KalonNn *reference)
{
  const Case test = { 23, 41, 53, TRUE, TRUE };
  g_autofree float *a = kernel_test_random (23 * 41, 1);
  g_autofree float *b = kernel_test_random (41 * 53, 1);
  g_autofree float *residual = kernel_test_random (23 * 53, 1);
  g_autoptr (KalonTensor) got = multiply (reference, &test, a, b, residual);

  for (gsize i = 0; i < 23; i++)
    for (gsize j = 0; j < 53; j++)
      {
        double sum = residual[i * 53 + j];

        for (gsize k = 0; k < 41; k++)
          sum += (double) a[k * 23 + i] * b[k * 53 + j];
        g_assert_cmpfloat_with_epsilon (((float *) got->data)[i * 53 + j], sum, 1e-5);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("matrix-product", check);
  kernel_test_add ("matrix-product-definition", check_definition);
  return g_test_run ();
}
