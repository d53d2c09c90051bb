/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An adapter: what is taken keeps its promises. */
#include "fuzz.h"

#include <math.h>

#include "alignment/kalon-adapter.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonAdapter) adapter = kalon_adapter_new_from_bytes (bytes, NULL, &error);

  g_assert_true ((adapter == NULL) == (error != NULL));
  if (adapter != NULL)
    {
      g_assert_cmpuint (kalon_adapter_get_dimension (adapter), >=, 1);
      g_assert_cmpuint (kalon_adapter_get_dimension (adapter), <=, KALON_ADAPTER_MAX_DIMENSION);
      g_assert_false (isnan (kalon_adapter_get_drift (adapter)));
      g_assert_cmpuint (strlen (kalon_adapter_get_model_hash (adapter)), ==, 64);
      g_assert_true ((kalon_adapter_get_linear_term (adapter) != NULL)
                     == (kalon_adapter_get_kind (adapter) == KALON_ADAPTER_IMAGE));
    }
  return 0;
}
