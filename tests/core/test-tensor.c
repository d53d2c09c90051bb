/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "tensor/kalon-tensor.h"

static void
test_new (void)
{
  const gsize shape[] = { 3, 5, 7 };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonTensor) tensor = kalon_tensor_new (NULL, KALON_DTYPE_F32, 3, shape, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (kalon_tensor_get_count (tensor), ==, 105);
  g_assert_cmpuint ((guintptr) tensor->data % 64, ==, 0);
  g_assert_null (tensor->buffer);
}

static void
test_too_large (void)
{
  const gsize overflowing[] = { G_MAXSIZE / 2, 3 };
  const gsize huge[] = { G_MAXSSIZE / 8 };
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_tensor_new (NULL, KALON_DTYPE_F32, 2, overflowing, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (kalon_tensor_new (NULL, KALON_DTYPE_F32, 1, huge, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE);
}

static void
test_write_read (gconstpointer data)
{
  gboolean on_device = GPOINTER_TO_INT (data);
  const gsize shape[] = { 4, 3 };
  const float written[] = { 1, 2, 3, 4, 5 };
  float read[5] = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (KalonTensor) tensor = NULL;

  if (on_device)
    {
      device = kalon_device_open (NULL, &error);
      if (device == NULL)
        {
          g_test_skip (error->message);
          return;
        }
    }
  tensor = kalon_tensor_new (device, KALON_DTYPE_F32, 2, shape, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_tensor_write (tensor, 7, written, 5, &error));
  g_assert_true (kalon_tensor_read (tensor, 7, read, 5, &error));
  g_assert_cmpmem (read, sizeof read, written, sizeof written);

  g_assert_false (kalon_tensor_write (tensor, 8, written, 5, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (kalon_tensor_read (tensor, G_MAXSIZE, read, 2, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

static void
test_f16_known (void)
{
  static const struct
  {
    float value;
    guint16 half;
  } known[] = {
    { 0.0f, 0x0000 },       { -0.0f, 0x8000 },        { 1.0f, 0x3c00 },
    { -2.0f, 0xc000 },      { 65504.0f, 0x7bff },     { 65519.0f, 0x7bff },
    { 65520.0f, 0x7c00 },   { INFINITY, 0x7c00 },     { -INFINITY, 0xfc00 },
    { 0x1p-14f, 0x0400 },   { 0x1p-24f, 0x0001 },     { 0x1p-25f, 0x0000 },
    { 0x1.8p-25f, 0x0001 }, { 0x1.ff8p-15f, 0x03ff }, { 0x1.ffcp-15f, 0x0400 },
    { 0x1.002p0f, 0x3c00 }, { 0x1.006p0f, 0x3c02 },   { 1e-30f, 0x0000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmphex (kalon_f32_to_f16 (known[i].value), ==, known[i].half);
  g_assert_true (isnan (kalon_f16_to_f32 (kalon_f32_to_f16 (NAN))));
  g_assert_true (isnan (kalon_bf16_to_f32 (kalon_f32_to_bf16 (NAN))));
}

/* Every half survives the way to float and back, and the array form agrees with the scalar one. */
static void
test_f16_round_trip (void)
{
  g_autofree guint16 *halves = g_new (guint16, 65536);
  g_autofree guint16 *back = g_new (guint16, 65536);
  g_autofree float *floats = g_new (float, 65536);

  for (guint i = 0; i < 65536; i++)
    halves[i] = i;
  kalon_f16_to_f32_array (halves, floats, 65536);
  kalon_f32_to_f16_array (floats, back, 65536);
  for (guint i = 0; i < 65536; i++)
    {
      float scalar = kalon_f16_to_f32 (i);

      if ((i & 0x7fff) > 0x7c00)
        g_assert_true (isnan (scalar) && isnan (floats[i]) && (back[i] & 0x7fff) > 0x7c00);
      else
        {
          g_assert_true (memcmp (&scalar, &floats[i], sizeof scalar) == 0);
          g_assert_cmphex (back[i], ==, i);
        }
    }
}

static void
test_bf16 (void)
{
  g_assert_cmphex (kalon_f32_to_bf16 (1.0f), ==, 0x3f80);
  g_assert_cmphex (kalon_f32_to_bf16 (0x1.01p0f), ==, 0x3f80); /* tie: to even */
  g_assert_cmphex (kalon_f32_to_bf16 (0x1.03p0f), ==, 0x3f82);
  g_assert_cmphex (kalon_f32_to_bf16 (-INFINITY), ==, 0xff80);
  g_assert_cmpfloat (kalon_bf16_to_f32 (0x4049), ==, 3.140625f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tensor/new", test_new);
  g_test_add_func ("/tensor/too-large", test_too_large);
  g_test_add_data_func ("/tensor/write-read/host", GINT_TO_POINTER (FALSE), test_write_read);
  g_test_add_data_func ("/tensor/write-read/device", GINT_TO_POINTER (TRUE), test_write_read);
  g_test_add_func ("/tensor/f16/known", test_f16_known);
  g_test_add_func ("/tensor/f16/round-trip", test_f16_round_trip);
  g_test_add_func ("/tensor/bf16", test_bf16);
  return g_test_run ();
}
