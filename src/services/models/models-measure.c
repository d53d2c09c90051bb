/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models.h"

#include "encoder/kalon-encoder.h"

#include <math.h>

/* What an index run hands to the encoder at a time keeps a processor as busy. */
#define BATCH 8
#define ROUNDS 3
#define ROUND_SECONDS 1.0

/* Pixels as preprocessing leaves them: about zero mean and unit deviation. */
static float *
create_pixels (gsize n)
{
  float *pixels = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    pixels[i] = sinf (0.37f * (float) (i % 65537)) * 1.4f;
  return pixels;
}

static gboolean
measure_round (KalonEncoder *encoder, const float *pixels, float *embeddings, double *rate,
               GCancellable *cancellable, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  gsize n = 0;
  double seconds;

  do
    {
      if (!kalon_encoder_encode_pixels (encoder, pixels, BATCH, embeddings, cancellable, error))
        return FALSE;
      n += BATCH;
      seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    }
  while (seconds < ROUND_SECONDS);
  *rate = (double) n / seconds;
  return TRUE;
}

static int
compare_rates (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

gboolean
kalon_models_measure (const KalonModel *model, const char *device_name, double *rate,
                      GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (KalonEncoder) encoder = NULL;
  g_autofree float *pixels = NULL;
  g_autofree float *embeddings = NULL;
  double rates[ROUNDS];

  g_return_val_if_fail (model != NULL, FALSE);

  if (g_strcmp0 (device_name, "none") != 0)
    {
      device = kalon_device_open (device_name, error);
      if (device == NULL)
        return FALSE;
    }
  encoder = kalon_encoder_new (model->directory, device, cancellable, error);
  if (encoder == NULL)
    return FALSE;
  pixels = create_pixels (BATCH * 3 * model->config.resolution * model->config.resolution);
  embeddings = g_new (float, BATCH *kalon_encoder_get_dimension (encoder));

  /* Kernels are built and weights read before the clock runs. */
  if (!kalon_encoder_encode_pixels (encoder, pixels, BATCH, embeddings, cancellable, error))
    return FALSE;
  for (guint i = 0; i < ROUNDS; i++)
    if (!measure_round (encoder, pixels, embeddings, &rates[i], cancellable, error))
      return FALSE;
  qsort (rates, ROUNDS, sizeof rates[0], compare_rates);
  *rate = rates[ROUNDS / 2];
  return TRUE;
}
