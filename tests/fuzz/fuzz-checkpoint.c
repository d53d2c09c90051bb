/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PyTorch checkpoint to be imported as a head, and a bare pickle: what is taken is a head that
 * gives a finite score. */
#include "fuzz.h"

#include <math.h>

#include "aesthetics/kalon-aesthetics.h"
#include "aesthetics/kalon-torch-private.h"

#define DIMENSION 5

static void
import (GBytes *bytes, KalonHeadActivation activation)
{
  static const float embedding[DIMENSION] = { 0.5f, -0.5f, 0.5f, -0.5f, 0 };
  static const float measures[KALON_N_MEASURES] = { 1, -1, 255, 0, 0.5f };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) converted
      = kalon_aesthetic_head_convert (bytes, "fuzz", activation, NULL, DIMENSION, &error);
  g_autoptr (KalonAestheticHead) head = NULL;

  g_assert_true ((converted == NULL) == (error != NULL));
  if (converted == NULL)
    return;
  head = kalon_aesthetic_head_new_from_bytes (converted, DIMENSION, &error);
  g_assert_no_error (error);
  g_assert_true (isfinite (kalon_aesthetic_head_score (head, embedding, measures)));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  /* A checksum would keep most changes of an archive from its pickle. */
  g_autoptr (GPtrArray) tensors = kalon_torch_read_state_dict (data, size, "fuzz", &error);

  g_assert_true ((tensors == NULL) == (error != NULL));
  import (bytes, KALON_HEAD_ACTIVATION_NONE);
  import (bytes, KALON_HEAD_ACTIVATION_RELU);
  return 0;
}
