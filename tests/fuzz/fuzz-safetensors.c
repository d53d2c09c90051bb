/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A .safetensors file. */
#include "fuzz.h"

#include <math.h>

#include "weights/kalon-weights.h"

static void
read_tensor (const KalonSafetensors *file, const char *name)
{
  static const gsize any[8] = { 0 };

  for (guint n_dims = 0; n_dims <= G_N_ELEMENTS (any); n_dims++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree float *values = kalon_safetensors_dup_f32 (file, name, n_dims, any, &error);

      g_assert_true ((values == NULL) == (error != NULL));
      g_assert_true (values == NULL || isfinite (values[0]));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonSafetensors) file = kalon_safetensors_new_from_bytes (bytes, &error);
  g_autoptr (GPtrArray) names = NULL;

  if (file == NULL)
    {
      g_assert_nonnull (error);
      return 0;
    }
  names = kalon_safetensors_list (file);
  for (guint i = 0; i < names->len; i++)
    read_tensor (file, g_ptr_array_index (names, i));
  return 0;
}
