/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-taste-private.h"

#define BEST 10
/* Enough for a tenth of a point; a user and a weight cost a pass over the pictures for each. */
#define MAX_CAPTIONS 10000

#define N_WEIGHTS KALON_EVALUATOR_N_WEIGHTS
static const float weights[N_WEIGHTS] = { 0.05f, 0.1f, KALON_TASTE_WEIGHT, 0.2f, 0.3f, 0.5f };

typedef struct
{
  KalonEvaluator *evaluator;
  const KalonTasteSet *set;
  const float *tastes;  /* [n_users, set->n] */
  const float *likings; /* [n_users, set->n] */
  guint n_users;
  gsize step;      /* of the captions that are looked at */
  gsize n;         /* captions so far */
  gsize hits;      /* without taste */
  double *changed; /* [N_WEIGHTS, n_users] hits */
  double *gains;   /* [N_WEIGHTS, n_users] sums */
  float *scores;   /* [set->n] */
} Ranking;

/* Sets @best to the @BEST (or all) largest of @scores, [n], equal ones in any fixed order.
 * Returns: how many. */
static guint
find_best (const float *scores, gsize n, guint32 *best)
{
  guint count = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint at = count;

      if (count == BEST && scores[i] <= scores[best[BEST - 1]])
        continue;
      if (count < BEST)
        count++;
      else
        at--;
      for (; at > 0 && scores[best[at - 1]] < scores[i]; at--)
        best[at] = best[at - 1];
      best[at] = (guint32) i;
    }
  return count;
}

static double
sum_liking (const float *liking, const guint32 *best, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += liking[best[i]];
  return sum;
}

static void
rank_caption (gsize row, const float *similarities, gpointer user_data)
{
  Ranking *ranking = user_data;
  gsize n = ranking->set->n;
  guint32 owner = ranking->set->owners[row], before[BEST], after[BEST];
  float spread;
  guint n_best;

  if (row % ranking->step != 0)
    return;
  ranking->n++;
  /* The owner is not below itself: its rank is all that is not. */
  ranking->hits += kalon_metrics_count_ahead (similarities, n, similarities[owner]) <= BEST;
  n_best = find_best (similarities, n, before);
  spread = kalon_taste_get_spread (similarities, n);
  for (guint user = 0; user < ranking->n_users; user++)
    {
      const float *taste = ranking->tastes + user * n, *liking = ranking->likings + user * n;

      for (guint w = 0; w < N_WEIGHTS; w++)
        {
          float factor = weights[w] * spread, *scores = ranking->scores;
          gsize at = w * ranking->n_users + user;

          for (gsize i = 0; i < n; i++)
            scores[i] = similarities[i] + factor * taste[i];
          ranking->changed[at] += kalon_metrics_count_ahead (scores, n, scores[owner]) <= BEST;
          find_best (scores, n, after);
          ranking->gains[at]
              += (sum_liking (liking, after, n_best) - sum_liking (liking, before, n_best))
                 / n_best;
        }
    }
  if (ranking->n % 64 == 0)
    kalon_evaluator_tell (ranking->evaluator, KALON_EVALUATOR_RANKING, row,
                          ranking->set->n_captions);
}

static void
summarise (const Ranking *ranking, KalonTasteFigures *figures)
{
  guint n_users = ranking->n_users;
  g_autofree double *values = g_new (double, n_users);

  figures->n_recall_captions = ranking->n;
  figures->recall = (double) ranking->hits / (double) ranking->n;
  for (guint w = 0; w < N_WEIGHTS; w++)
    {
      KalonTasteWeightFigures *of_weight = &figures->weights[w];

      of_weight->weight = weights[w];
      for (guint user = 0; user < n_users; user++)
        values[user] = ranking->changed[w * n_users + user] / (double) ranking->n;
      kalon_metrics_bootstrap (values, NULL, n_users, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &of_weight->recall);
      for (guint user = 0; user < n_users; user++)
        values[user] -= figures->recall;
      kalon_metrics_bootstrap (values, NULL, n_users, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &of_weight->change);
      for (guint user = 0; user < n_users; user++)
        values[user] = ranking->gains[w * n_users + user] / (double) ranking->n;
      kalon_metrics_bootstrap (values, NULL, n_users, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &of_weight->gain);
    }
}

gboolean
kalon_evaluator_rank_with_taste (KalonEvaluator *self, const KalonTasteSet *set,
                                 const float *tastes, const float *likings, guint n_users,
                                 KalonTasteFigures *figures, GCancellable *cancellable,
                                 GError **error)
{
  g_autofree double *changed = g_new0 (double, N_WEIGHTS *n_users);
  g_autofree double *gains = g_new0 (double, N_WEIGHTS *n_users);
  g_autofree float *scores = g_new (float, set->n);
  Ranking ranking = {
    .evaluator = self,
    .set = set,
    .tastes = tastes,
    .likings = likings,
    .n_users = n_users,
    .step = (set->n_captions + MAX_CAPTIONS - 1) / MAX_CAPTIONS,
    .changed = changed,
    .gains = gains,
    .scores = scores,
  };

  if (!kalon_evaluator_score (self, set->captions, set->n_captions, set->embeddings, set->n,
                              rank_caption, &ranking, cancellable, error))
    return FALSE;
  summarise (&ranking, figures);
  return TRUE;
}
