/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An aesthetic.safetensors: what is taken gives a finite score. */
#include "fuzz.h"

#include <math.h>

#include "aesthetics/kalon-aesthetics.h"

#define DIMENSION 5

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const float embedding[DIMENSION] = { 0.5f, -0.5f, 0.5f, -0.5f, 0 };
  static const float measures[KALON_N_MEASURES] = { 1, -1, 255, 0, 0.5f };
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonAestheticHead) head
      = kalon_aesthetic_head_new_from_bytes (bytes, DIMENSION, &error);

  g_assert_true ((head == NULL) == (error != NULL));
  if (head != NULL)
    g_assert_true (isfinite (kalon_aesthetic_head_score (head, embedding, measures)));
  return 0;
}
