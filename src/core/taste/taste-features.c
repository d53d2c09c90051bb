/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste/kalon-taste-private.h"

#include <math.h>

/* Beyond this a measure is an outlier and says no more. */
#define MEASURE_LIMIT 4.0f
/* The embedding's share: on simulated users (dev photos, two seeds) 0.3 is as good, 1 worse by up
 * to three points. */
#define EMBEDDING_DISTANCE 0.5f

/* Mean and deviation over the 6,091 photos that the starter model was trained with, in the order of
 * kalon_measure_get_name(). Any ordinary photos would do: they make measures comparable. */
static const struct
{
  float mean;
  float deviation;
} standard[KALON_N_MEASURES] = {
  { 7.46f, 0.6093f },      /* sharpness */
  { 7.972f, 0.5777f },     /* sharpness-half */
  { 1.67f, 0.3596f },      /* noise */
  { 0.7188f, 0.4316f },    /* noise-flat */
  { 0.4449f, 0.1078f },    /* sparsity */
  { 0.06054f, 0.08241f },  /* flat */
  { 0.1932f, 0.1161f },    /* anisotropy */
  { 0.07074f, 0.1434f },   /* alignment */
  { 54.92f, 14.29f },      /* contrast */
  { 171.3f, 39.77f },      /* range */
  { 113.6f, 31.69f },      /* luminance */
  { 0.03351f, 0.08028f },  /* shadows */
  { 0.01536f, 0.04211f },  /* highlights */
  { 0.1343f, 0.7781f },    /* skew */
  { 7.277f, 0.4836f },     /* entropy */
  { 39.42f, 18.85f },      /* colourfulness */
  { 0.3228f, 0.1426f },    /* saturation */
  { 0.05427f, 0.0966f },   /* saturated */
  { 2.921f, 17.26f },      /* cast-rg */
  { 12.02f, 22.08f },      /* cast-yb */
  { 0.5171f, 0.2984f },    /* cast */
  { 52.39f, 31.91f },      /* dark-channel */
  { 0.6488f, 21.87f },     /* frame-light */
  { -0.7127f, 0.5144f },   /* frame-detail */
  { 0.3338f, 0.07624f },   /* mscn-variance */
  { 0.6549f, 0.03681f },   /* mscn-shape */
  { 0.1045f, 0.04422f },   /* mscn-right */
  { 0.0924f, 0.04441f },   /* mscn-down */
  { 0.005082f, 0.02484f }, /* mscn-diagonal */
  { 0.349f, 0.07308f },    /* mscn-variance-half */
  { 0.6642f, 0.03967f },   /* mscn-shape-half */
  { 0.1011f, 0.04917f },   /* mscn-right-half */
  { 0.08455f, 0.05541f },  /* mscn-down-half */
  { 0.001216f, 0.02835f }, /* mscn-diagonal-half */
};

float
kalon_taste_get_scale (const float *embeddings, gsize n, gsize dimension)
{
  g_autofree double *mean = g_new0 (double, dimension);
  double squares = 0, spread;

  g_return_val_if_fail (embeddings != NULL || n == 0, 1);

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < dimension; j++)
      {
        double x = embeddings[i * dimension + j];

        mean[j] += x;
        squares += x * x;
      }
  spread = n > 0 ? squares / (double) n : 0;
  for (gsize j = 0; j < dimension && n > 0; j++)
    spread -= mean[j] / (double) n * (mean[j] / (double) n);
  /* One picture, or copies of one: there is nothing to tell apart. */
  return spread > 1e-6 ? EMBEDDING_DISTANCE / (float) sqrt (spread) : 1;
}

void
kalon_taste_fill_features (const float *embedding, gsize dimension, float scale,
                           const float *measures, float *features)
{
  const float share = 1 / sqrtf (KALON_N_MEASURES);

  g_return_if_fail (features != NULL && (embedding != NULL || dimension == 0));

  for (guint i = 0; i < KALON_N_MEASURES; i++)
    {
      float value = measures != NULL && isfinite (measures[i])
                        ? (measures[i] - standard[i].mean) / standard[i].deviation
                        : 0;

      features[i] = CLAMP (value, -MEASURE_LIMIT, MEASURE_LIMIT) * share;
    }
  for (gsize j = 0; j < dimension; j++)
    features[KALON_N_MEASURES + j] = embedding[j] * scale;
}
