/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-aesthetics.h"

#include <math.h>

#define LOGIT_SCALE 100.0

const char *const kalon_clip_iqa_prompts[2 * KALON_CLIP_IQA_N_PAIRS] = {
  "Good image",       "bad image",    "Sharp image",           "blurry image",
  "sharp edges",      "blurry edges", "High resolution image", "low resolution image",
  "Noise-free image", "noisy image",
};

static double
multiply (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

float
kalon_clip_iqa_score (const float *prompts, const float *embedding, gsize dimension)
{
  double sum = 0;

  g_return_val_if_fail (prompts != NULL && embedding != NULL, 0);

  for (gsize i = 0; i < KALON_CLIP_IQA_N_PAIRS; i++)
    {
      const float *good = prompts + 2 * i * dimension;
      double lead = multiply (good, embedding, dimension)
                    - multiply (good + dimension, embedding, dimension);

      /* A softmax over two is a sigmoid of their difference. */
      sum += 1 / (1 + exp (-LOGIT_SCALE * lead));
    }
  return (float) (10 * sum / KALON_CLIP_IQA_N_PAIRS);
}
