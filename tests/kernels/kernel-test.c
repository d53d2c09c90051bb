/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "kernel-test.h"

typedef struct
{
  KernelCheck check;
  KalonNnForm form;
} Case;

static void
run (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonDevice) device = kalon_device_open (g_getenv ("KALON_TEST_DEVICE"), &error);
  g_autoptr (KalonNn) nn = NULL;
  g_autoptr (KalonNn) reference = NULL;

  if (device == NULL)
    {
      g_test_skip (error->message);
      return;
    }
  nn = kalon_nn_new_with_form (device, test->form);
  reference = kalon_nn_new (NULL);
  test->check (nn, reference);
}

void
kernel_test_add (const char *operation, KernelCheck check)
{
  static const char *const forms[] = { "tile16", "tile8", "tile4", "group" };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kernel/%s/%s", operation, forms[i]);
      Case *test = g_new0 (Case, 1);

      test->check = check;
      g_assert_true (kalon_nn_form_from_name (forms[i], &test->form));
      g_test_add_data_func_full (path, test, run, g_free);
    }
}

float *
kernel_test_random (gsize n, double scale)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = g_test_rand_double_range (-scale, scale);
  return values;
}

KalonTensor *
kernel_test_tensor (KalonNn *nn, const float *data, gsize n)
{
  g_autoptr (GError) error = NULL;
  KalonTensor *tensor = data != NULL ? kalon_nn_tensor_new_from_data (nn, 1, &n, data, &error)
                                     : kalon_nn_tensor_new (nn, 1, &n, &error);

  g_assert_no_error (error);
  return tensor;
}

void
kernel_test_compare (const KalonTensor *got, const KalonTensor *expected, gsize n, double absolute,
                     double relative)
{
  g_autofree float *a = g_new (float, n);
  g_autofree float *b = g_new (float, n);
  g_autoptr (GError) error = NULL;

  kalon_tensor_read (got, 0, a, n, &error);
  g_assert_no_error (error);
  kalon_tensor_read (expected, 0, b, n, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    if (!(fabs ((double) a[i] - b[i]) <= absolute + relative * fabs (b[i])))
      g_error ("element %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " is %.9g, expected %.9g", i, n,
               a[i], b[i]);
}
