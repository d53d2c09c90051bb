/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "kernel-test.h"

/* A choice: the same rows in the same order. @levels: distinct scores, few of them make ties. */
static void
check_size (KalonNn *nn, KalonNn *reference, gsize first, gsize n_rows, gsize k, gint32 levels,
            double nan_share)
{
  KalonNn *both[] = { reference, nn };
  g_autofree float *scores = g_new (float, first + n_rows + 5);
  g_autofree guint32 *all_indices = g_new (guint32, 2 * k);
  g_autofree float *all_values = g_new (float, 2 * k);
  guint32 *indices[] = { all_indices, all_indices + k };
  float *values[] = { all_values, all_values + k };
  gsize n_found[2];

  for (gsize i = 0; i < first + n_rows + 5; i++)
    if (i < first || i >= first + n_rows)
      scores[i] = 1e9f; /* must not be seen */
    else if (g_test_rand_double () < nan_share)
      scores[i] = NAN;
    else
      scores[i] = g_test_rand_int_range (0, levels) / 1000.0f - 1;
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (KalonTensor) tensor = kernel_test_tensor (both[i], scores, first + n_rows + 5);
      g_autoptr (GError) error = NULL;

      kalon_nn_top_k (both[i], tensor, first, n_rows, k, indices[i], values[i], &n_found[i],
                      &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (n_found[1], ==, n_found[0]);
  g_assert_cmpmem (indices[1], n_found[1] * sizeof **indices, indices[0],
                   n_found[0] * sizeof **indices);
  for (gsize i = 0; i < n_found[0]; i++)
    g_assert_true (values[1][i] == values[0][i] || (isnan (values[1][i]) && isnan (values[0][i])));
  /* The definition itself, on its own terms. */
  for (gsize i = 1; i < n_found[0]; i++)
    g_assert_true (isnan (values[0][i]) || values[0][i - 1] > values[0][i]
                   || (values[0][i - 1] == values[0][i] && indices[0][i - 1] < indices[0][i]));
}

static void
check (KalonNn *nn, KalonNn *reference)
{
  check_size (nn, reference, 0, 1, 1, 10, 0);
  check_size (nn, reference, 3, 100, 200, 1000, 0);
  check_size (nn, reference, 0, 10007, 20, 1000000, 0);
  check_size (nn, reference, 7, 10007, 20, 3, 0);
  check_size (nn, reference, 1, 9999, 20, 1, 0);
  check_size (nn, reference, 64, 20000, 100, 5000, 0.5);
  check_size (nn, reference, 0, 4096, 10, 5, 1);
  check_size (nn, reference, 0, 50000, 1, 1000, 0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  kernel_test_add ("top-k", check);
  return g_test_run ();
}
