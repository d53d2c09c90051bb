/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-alignment.h"

#include <math.h>

#include "alignment/kalon-trainer-private.h"
#include "errors/kalon-errors.h"

/* Odd sizes: nothing is a multiple of a tile. */
#define DIMENSION 147
#define RANK 5
#define N_IMAGES 83
#define N_QUERIES 7
#define N_CANDIDATES 11
#define STEPS 3
/* Of the largest parameter: rounding in another order, through three steps. */
#define TOLERANCE 5e-5

/* [n, DIMENSION], unit length; linear congruential generator of Numerical Recipes. */
static void
draw (guint32 *state, float *vectors, gsize n)
{
  for (gsize i = 0; i < n * DIMENSION; i++)
    {
      *state = *state * 1664525u + 1013904223u;
      vectors[i] = (float) (*state >> 8) * 0x1p-23f - 1;
    }
  kalon_loops_normalise (vectors, n, DIMENSION);
}

static KalonTrainingSet *
make_set (GError **error)
{
  g_autofree float *vectors = g_new (float, (N_IMAGES + N_QUERIES) * DIMENSION);
  g_autoptr (KalonTrainingSet) set = NULL;
  guint32 state = 1;

  draw (&state, vectors, N_IMAGES + N_QUERIES);
  set = kalon_training_set_new (vectors, N_IMAGES, DIMENSION);
  for (guint32 q = 0; q < N_QUERIES; q++)
    {
      guint32 candidates[N_CANDIDATES];
      KalonPair pairs[N_CANDIDATES - 1];

      for (guint32 c = 0; c < N_CANDIDATES; c++)
        candidates[c] = (q * 31 + c * 7) % N_IMAGES;
      for (guint32 p = 0; p < N_CANDIDATES - 1; p++)
        pairs[p]
            = (KalonPair){ .winner = p,
                           .loser
                           = (p * 3 + 1) % N_CANDIDATES == p ? p + 1 : (p * 3 + 1) % N_CANDIDATES,
                           .weight = p + 1 };
      if (!kalon_training_set_add_query (set, vectors + (N_IMAGES + q) * DIMENSION, candidates,
                                         N_CANDIDATES, pairs, G_N_ELEMENTS (pairs), error))
        return NULL;
    }
  return g_steal_pointer (&set);
}

/* (transfer full): the adapter after some steps on @device. */
static KalonAdapter *
train (KalonDevice *device, KalonAdapterKind kind, GError **error)
{
  g_autofree char *hash = g_strnfill (64, '0');
  g_autoptr (KalonAdapter) start = kalon_adapter_new (kind, hash, DIMENSION, RANK, 1);
  g_autoptr (KalonTrainingSet) set = make_set (error);
  g_autoptr (KalonTrainer) trainer = NULL;
  KalonTrainingOptions options;
  guint32 state = 2;

  if (set == NULL)
    return NULL;
  /* Not from the identity: there half of the operations multiply with zeros. */
  for (guint p = 0; p < start->n_parts; p++)
    {
      gsize n = start->parts[p].rows * DIMENSION;

      draw (&state, start->parts[p].values, start->parts[p].rows);
      for (gsize i = 0; i < n; i++)
        start->parts[p].values[i] *= 0.3f;
    }
  kalon_training_options_init (&options);
  options.held_out = 0;
  options.batch = 5;
  /* Adam divides a gradient by its size, so one that is next to nothing would be all rounding. An
   * epsilon as large as the gradients keeps steps in proportion; the rate makes up for it. */
  options.epsilon = 0.1;
  options.learning_rate = 1;
  trainer = kalon_trainer_new (device, set, start, &options, error);
  if (trainer == NULL || !kalon_trainer_run (trainer, STEPS, NULL, NULL, NULL, error))
    return NULL;
  return kalon_trainer_dup_adapter (trainer, error);
}

/* Infinite where something is not a number. */
static double
get_difference (const KalonAdapter *got, const KalonAdapter *expected)
{
  double worst = 0, largest = 0;

  for (guint p = 0; p < expected->n_parts; p++)
    for (gsize i = 0; i < expected->parts[p].rows * DIMENSION; i++)
      {
        double difference = fabs ((double) got->parts[p].values[i] - expected->parts[p].values[i]);

        worst = isfinite (difference) ? MAX (worst, difference) : INFINITY;
        largest = MAX (largest, fabs (expected->parts[p].values[i]));
      }
  return worst / largest;
}

gboolean
kalon_alignment_self_test (KalonDevice *device, char **report, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *wrong = NULL;

  g_return_val_if_fail (KALON_IS_DEVICE (device), FALSE);

  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonAdapter) expected = train (NULL, kind, error);
      g_autoptr (KalonAdapter) got = expected != NULL ? train (device, kind, error) : NULL;
      const char *name = kalon_adapter_kind_get_name (kind);
      g_autofree char *operation = g_strconcat ("train-", name, NULL);
      double difference;

      if (got == NULL)
        {
          g_prefix_error (error, "The self-test of “%s” cannot run: ", operation);
          return FALSE;
        }
      difference = get_difference (got, expected);
      g_string_append_printf (text, "%-24s %12.2e %10.0e  %s\n", operation, difference, TOLERANCE,
                              difference <= TOLERANCE ? "ok" : "FAILED");
      if (!(difference <= TOLERANCE) && wrong == NULL)
        wrong = name;
    }
  if (report != NULL)
    *report = g_strdup (text->str);
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_DEVICE,
               "“%s” trains a “%s” adapter wrongly; update its driver, or choose another device or "
               "“none”",
               kalon_device_get_info (device)->name, wrong);
  return FALSE;
}
