/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste/kalon-taste-private.h"

#include <math.h>
#include <string.h>

/* Chosen on simulated users over dev photos (kalon-cli eval taste); none matters much:
 * lambda 0.1 and 0.2, smoothing 0.05 and 0.1, and 3 or 10 steps are about a point apart at most.
 */
#define LAMBDA 0.1f
/* One thumb in twenty is a slip. */
#define SMOOTHING 0.05f
#define STEPS 3

/* What was shown after the chosen one was perhaps not looked at (skip-above). */
#define BELOW_WEIGHT 0.5f
/* Being chosen at rank r says more the less often rank r is looked at: weight r^0.25, up to 2
 * (inverse propensity with its power tempered, Joachims et al. 2017). */
#define POSITION_POWER 0.25f
#define POSITION_LIMIT 2.0f

/* L-BFGS (Nocedal and Wright 2006, 7.2 and 3.1). */
#define MEMORY STEPS
#define ARMIJO 1e-4
#define HALVINGS 12

GArray *
kalon_taste_get_samples (const KalonTasteHistory *history, gsize first, int fold)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (KalonTasteSample));
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);

  for (gsize i = first; i < history->n_events; i++)
    {
      gpointer query = GUINT_TO_POINTER (history->events[i].query);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, query));

      g_hash_table_insert (counts, query, GUINT_TO_POINTER (count + 1));
    }
  for (gsize i = first; i < history->n_events; i++)
    if (fold < 0 || i % KALON_TASTE_FOLDS != (gsize) fold)
      {
        const KalonTasteEvent *event = &history->events[i];
        float rank = (float) event->chosen + 1;
        /* A query with many thumbs counts more than one with few, but less than in proportion:
         * half way to PickScore's one over their number (Kirstain et al. 2023). */
        float count = (float) GPOINTER_TO_UINT (
            g_hash_table_lookup (counts, GUINT_TO_POINTER (event->query)));
        KalonTasteSample sample
            = { event, fminf (powf (rank, POSITION_POWER), POSITION_LIMIT) / sqrtf (count) };

        g_array_append_val (samples, sample);
      }
  return samples;
}

static const float *
get_features (const KalonTasteHistory *history, guint32 picture)
{
  return history->features + picture * history->n_features;
}

static float
get_pair_weight (const KalonTasteEvent *event, guint32 i)
{
  return i == event->chosen ? 0 : i < event->chosen ? 1 : BELOW_WEIGHT;
}

static float
get_total (const KalonTasteEvent *event)
{
  return (float) event->chosen + BELOW_WEIGHT * (float) (event->n - 1 - event->chosen);
}

/* log (1 + exp (x)), without overflow. */
static double
softplus (double x)
{
  return MAX (x, 0) + log1p (exp (-fabs (x)));
}

/* The DPO loss of a pair at margin @h, with label smoothing. */
static double
get_pair_loss (double h)
{
  return (1 - SMOOTHING) * softplus (-h) + SMOOTHING * softplus (h);
}

static double
get_pair_slope (double h)
{
  return 1 / (1 + exp (-h)) - (1 - SMOOTHING);
}

void
kalon_taste_judge (const KalonTasteHistory *history, const KalonTasteEvent *event,
                   const float *weights, const double *scales, guint n_scales, double *losses,
                   double *agreement)
{
  gsize n = history->n_features;
  double sign = event->liked ? 1 : -1, total = get_total (event);
  float chosen
      = kalon_taste_dot (get_features (history, event->pictures[event->chosen]), weights, n);

  *agreement = 0;
  for (guint s = 0; s < n_scales; s++)
    losses[s] = 0;
  for (guint32 i = 0; i < event->n; i++)
    {
      double weight = get_pair_weight (event, i) / total, h;

      if (i == event->chosen)
        continue;
      h = sign
          * (chosen - kalon_taste_dot (get_features (history, event->pictures[i]), weights, n));
      for (guint s = 0; s < n_scales; s++)
        losses[s] += weight * get_pair_loss (scales[s] * h);
      *agreement += weight * (h > 0 ? 1 : h < 0 ? 0 : 0.5);
    }
}

double
kalon_taste_evaluate (const KalonTasteHistory *history, const GArray *samples, const float *weights,
                      float *gradient)
{
  gsize n = history->n_features;
  double loss = LAMBDA / 2 * kalon_taste_dot (weights, weights, n);

  for (gsize i = 0; i < n; i++)
    gradient[i] = LAMBDA * weights[i];
  for (guint s = 0; s < samples->len; s++)
    {
      const KalonTasteSample *sample = &g_array_index (samples, KalonTasteSample, s);
      const KalonTasteEvent *event = sample->event;
      const float *of_chosen = get_features (history, event->pictures[event->chosen]);
      float chosen = kalon_taste_dot (of_chosen, weights, n), slopes = 0;
      float sign = event->liked ? 1 : -1, total = get_total (event);

      for (guint32 i = 0; i < event->n; i++)
        {
          const float *features = get_features (history, event->pictures[i]);
          float weight = sample->weight * get_pair_weight (event, i) / total, slope;
          double h;

          if (i == event->chosen)
            continue;
          h = sign * (chosen - kalon_taste_dot (features, weights, n));
          loss += weight * get_pair_loss (h);
          slope = sign * weight * (float) get_pair_slope (h);
          kalon_taste_add (gradient, -slope, features, n);
          slopes += slope;
        }
      kalon_taste_add (gradient, slopes, of_chosen, n);
    }
  return loss;
}

typedef struct
{
  gsize n;
  guint count;
  float *moves[MEMORY];   /* [n] each: changes of the weights, newest last */
  float *changes[MEMORY]; /* of the gradient */
  double products[MEMORY];
} Memory;

/* The two-loop recursion: @direction becomes -H gradient. */
static void
find_direction (const Memory *memory, const float *gradient, float *direction)
{
  double alphas[MEMORY];
  gsize n = memory->n;

  for (gsize i = 0; i < n; i++)
    direction[i] = -gradient[i];
  for (guint k = memory->count; k-- > 0;)
    {
      alphas[k] = kalon_taste_dot (memory->moves[k], direction, n) / memory->products[k];
      kalon_taste_add (direction, (float) -alphas[k], memory->changes[k], n);
    }
  if (memory->count > 0)
    {
      const float *last = memory->changes[memory->count - 1];
      float scale = (float) (memory->products[memory->count - 1] / kalon_taste_dot (last, last, n));

      for (gsize i = 0; i < n; i++)
        direction[i] *= scale;
    }
  for (guint k = 0; k < memory->count; k++)
    {
      double beta = kalon_taste_dot (memory->changes[k], direction, n) / memory->products[k];

      kalon_taste_add (direction, (float) (alphas[k] - beta), memory->moves[k], n);
    }
}

static void
remember (Memory *memory, const float *old_weights, const float *new_weights,
          const float *old_gradient, const float *new_gradient)
{
  float *move = memory->moves[memory->count], *change = memory->changes[memory->count];
  double product;

  for (gsize i = 0; i < memory->n; i++)
    {
      move[i] = new_weights[i] - old_weights[i];
      change[i] = new_gradient[i] - old_gradient[i];
    }
  product = kalon_taste_dot (move, change, memory->n);
  /* The loss is strongly convex, so only rounding can make this anything but positive. */
  if (product > 0)
    memory->products[memory->count++] = product;
}

void
kalon_taste_fit (const KalonTasteHistory *history, const GArray *samples, float *weights)
{
  gsize n = history->n_features;
  g_autofree float *space = g_new0 (float, (4 + 2 * MEMORY) * n);
  float *gradient = space, *direction = space + n, *tried = space + 2 * n,
        *tried_gradient = space + 3 * n;
  Memory memory = { .n = n };
  double loss;

  if (samples->len == 0)
    return;
  for (guint k = 0; k < MEMORY; k++)
    {
      memory.moves[k] = space + (4 + k) * n;
      memory.changes[k] = space + (4 + MEMORY + k) * n;
    }
  loss = kalon_taste_evaluate (history, samples, weights, gradient);
  for (guint step = 0; step < STEPS; step++)
    {
      double slope, length = 1, tried_loss = 0;
      guint halvings;

      find_direction (&memory, gradient, direction);
      slope = kalon_taste_dot (direction, gradient, n);
      /* The first step has no curvature to go by: at most one unit long. */
      if (memory.count == 0)
        length = 1 / MAX (1, sqrt (-slope));
      for (halvings = 0; halvings < HALVINGS; halvings++, length /= 2)
        {
          memcpy (tried, weights, n * sizeof (float));
          kalon_taste_add (tried, (float) length, direction, n);
          tried_loss = kalon_taste_evaluate (history, samples, tried, tried_gradient);
          if (tried_loss <= loss + ARMIJO * length * slope)
            break;
        }
      if (halvings == HALVINGS)
        return;
      remember (&memory, weights, tried, gradient, tried_gradient);
      memcpy (weights, tried, n * sizeof (float));
      memcpy (gradient, tried_gradient, n * sizeof (float));
      loss = tried_loss;
    }
}
