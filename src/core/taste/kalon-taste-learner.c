/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste/kalon-taste-private.h"

#include <math.h>
#include <string.h>

/* The newest events are what the check is about: taste may change. */
#define CHECKED_EVENTS 20

/* New weights are turned down when they are worse by more than so many standard errors. At 0 chance
 * would do it to every second event; at 1 (the rule of Breiman et al. 1984) it did to every fifth
 * of users who are consistent, up to 26 in a row, and they were foretold no better for it. */
#define WORSE_ERRORS 2

/* Of the weights, largest first; the last is no taste at all. */
static const double scales[] = { 1, 0.5, 0.25, 0.125, 0 };
#define N_SCALES G_N_ELEMENTS (scales)

/*
 * Weights: of all events; of all but those of each fold (the events whose number has that
 * remainder), which the check asks about those events; and the same of the last good state.
 */
#define N_SETS (2 * (1 + KALON_TASTE_FOLDS))

struct _KalonTasteLearner
{
  gsize n_features;
  gsize n_events;
  KalonTasteCheck check;
  float *sets;   /* [N_SETS, n_features] */
  float *active; /* [n_features] */
};

static float *
get_set (const KalonTasteLearner *self, gboolean good, int fold)
{
  return self->sets + (gsize) ((good ? 1 + KALON_TASTE_FOLDS : 0) + 1 + fold) * self->n_features;
}

KalonTasteLearner *
kalon_taste_learner_new (gsize n_features)
{
  KalonTasteLearner *self = g_new0 (KalonTasteLearner, 1);

  self->n_features = n_features;
  self->sets = g_new0 (float, N_SETS *n_features);
  self->active = g_new0 (float, n_features);
  return self;
}

KalonTasteLearner *
kalon_taste_learner_copy (const KalonTasteLearner *self)
{
  KalonTasteLearner *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->sets = g_memdup2 (self->sets, N_SETS * self->n_features * sizeof (float));
  copy->active = g_memdup2 (self->active, self->n_features * sizeof (float));
  return copy;
}

void
kalon_taste_learner_free (KalonTasteLearner *self)
{
  if (self == NULL)
    return;
  g_free (self->sets);
  g_free (self->active);
  g_free (self);
}

gsize
kalon_taste_learner_get_n_events (const KalonTasteLearner *self)
{
  return self->n_events;
}

const KalonTasteCheck *
kalon_taste_learner_get_check (const KalonTasteLearner *self)
{
  return &self->check;
}

const float *
kalon_taste_learner_get_weights (const KalonTasteLearner *self)
{
  return self->active;
}

gsize
kalon_taste_learner_get_size (const KalonTasteLearner *self)
{
  return sizeof *self + (N_SETS + 1) * self->n_features * sizeof (float);
}

/* Whether the mean of @values, [n], is above 0 by more than @n_errors of its standard errors. */
static gboolean
is_above_zero (const double *values, gsize n, double n_errors)
{
  double sum = 0, squares = 0, mean;

  for (gsize i = 0; i < n; i++)
    {
      sum += values[i];
      squares += values[i] * values[i];
    }
  mean = sum / (double) n;
  return n >= KALON_TASTE_MIN_CHECKED
         && mean > n_errors * sqrt (MAX (0, squares / (double) n - mean * mean) / (double) n);
}

/*
 * How far to trust the weights: thumbs that follow from little else than each other make them long,
 * and then a direction that is right is lost with its length. @losses: of the events that were not
 * seen, by scale. The least of them by rights; but the rule gets as strict as that only as events
 * come in, and few thumbs get the benefit of the doubt.
 */
static guint
choose_scale (double losses[CHECKED_EVENTS][N_SCALES], guint n)
{
  double totals[N_SCALES] = { 0 }, worse[CHECKED_EVENTS];
  guint best = 0;

  for (guint s = 0; s < N_SCALES; s++)
    {
      for (guint i = 0; i < n; i++)
        totals[s] += losses[i][s];
      if (totals[s] < totals[best])
        best = s;
    }
  for (guint s = 0; s < best; s++)
    {
      for (guint i = 0; i < n; i++)
        worse[i] = losses[i][s] - losses[i][best];
      if (!is_above_zero (worse, n, 1 - (double) n / CHECKED_EVENTS))
        return s;
    }
  return best;
}

static void
check (KalonTasteLearner *self, const KalonTasteHistory *history)
{
  gsize n = self->n_events, first = n > CHECKED_EVENTS ? n - CHECKED_EVENTS : 0;
  double losses[CHECKED_EVENTS][N_SCALES], good_losses[CHECKED_EVENTS][N_SCALES];
  double worse[CHECKED_EVENTS];
  KalonTasteCheck found = { .n = (guint) (n - first) };

  for (gsize i = first; i < n; i++)
    {
      const KalonTasteEvent *event = &history->events[i];
      int fold = (int) (i % KALON_TASTE_FOLDS);
      double agreement, unused;

      kalon_taste_judge (history, event, get_set (self, FALSE, fold), scales, N_SCALES,
                         losses[i - first], &agreement);
      kalon_taste_judge (history, event, get_set (self, TRUE, fold), scales, N_SCALES,
                         good_losses[i - first], &unused);
      worse[i - first] = losses[i - first][0] - good_losses[i - first][0];
      found.loss += losses[i - first][0] / found.n;
      found.agreement += agreement / found.n;
    }
  found.accepted = !is_above_zero (worse, found.n, WORSE_ERRORS);
  if (found.accepted)
    {
      memcpy (get_set (self, TRUE, -1), get_set (self, FALSE, -1),
              (1 + KALON_TASTE_FOLDS) * self->n_features * sizeof (float));
      memcpy (good_losses, losses, sizeof losses);
    }
  found.scale = scales[choose_scale (good_losses, found.n)];
  found.active = found.scale > 0;
  self->check = found;
}

void
kalon_taste_learner_step (KalonTasteLearner *self, const KalonTasteHistory *history)
{
  KalonTasteHistory until;
  gsize first;

  g_return_if_fail (self != NULL && history != NULL && history->n_events > self->n_events);
  g_return_if_fail (history->n_features == self->n_features);

  self->n_events++;
  until = *history;
  until.n_events = self->n_events;
  first = self->n_events > KALON_TASTE_WINDOW ? self->n_events - KALON_TASTE_WINDOW : 0;
  for (int fold = -1; fold < KALON_TASTE_FOLDS; fold++)
    {
      g_autoptr (GArray) samples = kalon_taste_get_samples (&until, first, fold);

      kalon_taste_fit (&until, samples, get_set (self, FALSE, fold));
    }
  check (self, &until);
  for (gsize i = 0; i < self->n_features; i++)
    self->active[i] = (float) self->check.scale * get_set (self, TRUE, -1)[i];
}
