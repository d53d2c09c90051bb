/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste/kalon-taste-private.h"

#include <math.h>
#include <string.h>

/* The newest events are what the check is about: taste may change. */
#define CHECKED_EVENTS 20
/* Fewer say nothing. */
#define MIN_CHECKED 4

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
  return n >= MIN_CHECKED
         && mean > n_errors * sqrt (MAX (0, squares / (double) n - mean * mean) / (double) n);
}

static void
check (KalonTasteLearner *self, const KalonTasteHistory *history)
{
  gsize n = self->n_events, first = n > CHECKED_EVENTS ? n - CHECKED_EVENTS : 0;
  double worse_than_good[CHECKED_EVENTS], worse_than_nothing[CHECKED_EVENTS];
  KalonTasteCheck found = { .n = (guint) (n - first) };

  for (gsize i = first; i < n; i++)
    {
      const KalonTasteEvent *event = &history->events[i];
      int fold = (int) (i % KALON_TASTE_FOLDS);
      double loss, agreement, good_loss, unused;

      kalon_taste_judge (history, event, get_set (self, FALSE, fold), &loss, &agreement);
      kalon_taste_judge (history, event, get_set (self, TRUE, fold), &good_loss, &unused);
      worse_than_good[i - first] = loss - good_loss;
      worse_than_nothing[i - first] = good_loss - M_LN2;
      found.loss += loss / found.n;
      found.agreement += agreement / found.n;
    }
  /* The one-standard-error rule (Breiman et al. 1984): without it chance would turn down every
   * second event. */
  found.accepted = !is_above_zero (worse_than_good, found.n, 1);
  if (found.accepted)
    {
      memcpy (get_set (self, TRUE, -1), get_set (self, FALSE, -1),
              (1 + KALON_TASTE_FOLDS) * self->n_features * sizeof (float));
      for (gsize i = 0; i < found.n; i++)
        worse_than_nothing[i] += worse_than_good[i];
    }
  /* Against nothing at all the rule gets strict as events come in: few thumbs get the benefit of
   * the doubt, and by twenty they must have foretold each other. */
  found.active
      = !is_above_zero (worse_than_nothing, found.n, 1 - (double) found.n / CHECKED_EVENTS);
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
  if (self->check.active)
    memcpy (self->active, get_set (self, TRUE, -1), self->n_features * sizeof (float));
  else
    memset (self->active, 0, self->n_features * sizeof (float));
}
