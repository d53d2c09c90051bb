/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-taste-private.h"

#include <string.h>

/* Which columns of the features count. */
typedef enum
{
  ALL,
  EMBEDDING, /* and that is how the yardstick was published */
} Columns;

static const struct
{
  const char *name;
  KalonTasteMethod method;
  Columns columns;
  gboolean needs_measures; /* else it is the same as the one of the embedding */
} runs[KALON_TASTE_N_RUNS] = {
  { "learned", KALON_TASTE_LEARNED, ALL, FALSE },
  { "learned-embedding", KALON_TASTE_LEARNED, EMBEDDING, TRUE },
  { "rocchio", KALON_TASTE_ROCCHIO, EMBEDDING, FALSE },
  { "rocchio-features", KALON_TASTE_ROCCHIO, ALL, TRUE },
  { "nearest", KALON_TASTE_NEAREST, EMBEDDING, FALSE },
  { "nearest-features", KALON_TASTE_NEAREST, ALL, TRUE },
  { "steering", KALON_TASTE_STEERING, EMBEDDING, FALSE },
  { "aesthetic", KALON_TASTE_AESTHETIC, EMBEDDING, FALSE },
};

static gboolean
is_static (KalonTasteMethod method)
{
  return method == KALON_TASTE_STEERING || method == KALON_TASTE_AESTHETIC;
}

const char *
kalon_taste_run_get_name (const KalonTasteSet *set, guint run)
{
  if ((runs[run].needs_measures && set->embedding_features == NULL)
      || (is_static (runs[run].method) && set->aesthetics == NULL))
    return NULL;
  return runs[run].name;
}

/* @rows: [n, stride], of whose first columns there are @n_columns; @scores: [n] */
static void
project (const float *rows, gsize n, gsize stride, const float *direction, gsize n_columns,
         float *scores)
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;

      for (gsize j = 0; j < n_columns; j++)
        sum += (double) rows[i * stride + j] * direction[j];
      scores[i] = (float) sum;
    }
}

static const float *
get_features (const KalonTasteSet *set, Columns columns)
{
  return columns == EMBEDDING && set->embedding_features != NULL ? set->embedding_features
                                                                 : set->features;
}

static KalonTasteHistory
get_history (const KalonTasteSet *set, Columns columns, const KalonTasteUser *user, guint n_events)
{
  return (KalonTasteHistory){ KALON_TASTE_N_FEATURES (set->dimension), get_features (set, columns),
                              user->events, n_events };
}

static void
measure_learned (const KalonTasteSet *set, Columns columns, const KalonTasteUser *user,
                 const KalonTasteProtocol *protocol, double *agreements)
{
  KalonTasteHistory history = get_history (set, columns, user, user->n_events);
  gsize n = set->n - set->n_thumbed, n_features = history.n_features;
  g_autoptr (KalonTasteLearner) learner = kalon_taste_learner_new (n_features);
  g_autofree float *scores = g_new (float, n);

  for (guint t = 0; t < protocol->n_thumbs; t++)
    {
      while (kalon_taste_learner_get_n_events (learner) < protocol->thumbs[t])
        kalon_taste_learner_step (learner, &history);
      project (history.features + set->n_thumbed * n_features, n, n_features,
               kalon_taste_learner_get_weights (learner), n_features, scores);
      agreements[t] = kalon_taste_user_agree (user, set, scores);
    }
}

/* @scores: [of the second half] */
static void
score_yardstick (const KalonTasteSet *set, guint run, const KalonTasteHistory *history,
                 float *scores)
{
  gsize n = set->n - set->n_thumbed, n_features = history->n_features;
  gsize first = runs[run].columns == EMBEDDING ? KALON_N_MEASURES : 0;
  const float *features = history->features + set->n_thumbed * n_features;
  g_autofree float *direction = g_new (float, n_features);

  switch (runs[run].method)
    {
    case KALON_TASTE_ROCCHIO:
      kalon_taste_rocchio (history, first, n_features - first, direction);
      project (features + first, n, n_features, direction, n_features - first, scores);
      break;
    case KALON_TASTE_NEAREST:
      kalon_taste_nearest (history, first, n_features - first, features, n, scores);
      break;
    case KALON_TASTE_STEERING:
      kalon_taste_steering (set->embeddings, set->aesthetics, set->n, set->dimension, direction);
      project (set->embeddings + set->n_thumbed * set->dimension, n, set->dimension, direction,
               set->dimension, scores);
      break;
    case KALON_TASTE_AESTHETIC:
      memcpy (scores, set->aesthetics + set->n_thumbed, n * sizeof (float));
      break;
    case KALON_TASTE_LEARNED:
      g_assert_not_reached ();
    }
}

void
kalon_taste_run_measure (const KalonTasteSet *set, guint run, const KalonTasteUser *user,
                         const KalonTasteProtocol *protocol, double *agreements)
{
  g_autofree float *scores = NULL;

  if (runs[run].method == KALON_TASTE_LEARNED)
    {
      measure_learned (set, runs[run].columns, user, protocol, agreements);
      return;
    }
  scores = g_new (float, set->n - set->n_thumbed);
  for (guint t = 0; t < protocol->n_thumbs; t++)
    {
      KalonTasteHistory history = get_history (set, runs[run].columns, user, protocol->thumbs[t]);

      if (t == 0 || !is_static (runs[run].method))
        score_yardstick (set, run, &history, scores);
      agreements[t] = kalon_taste_user_agree (user, set, scores);
    }
}

void
kalon_taste_learn (const KalonTasteSet *set, const KalonTasteUser *user, guint n_events,
                   float *taste)
{
  KalonTasteHistory history = get_history (set, ALL, user, n_events);
  g_autoptr (KalonTasteLearner) learner = kalon_taste_learner_new (history.n_features);
  double sum = 0;

  while (kalon_taste_learner_get_n_events (learner) < n_events)
    kalon_taste_learner_step (learner, &history);
  project (history.features, set->n, history.n_features, kalon_taste_learner_get_weights (learner),
           history.n_features, taste);
  for (gsize i = 0; i < set->n; i++)
    sum += taste[i];
  for (gsize i = 0; i < set->n; i++)
    taste[i] -= (float) (sum / (double) set->n);
}
