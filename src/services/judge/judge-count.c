/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/kalon-judge-private.h"

#include <math.h>

static const KalonEstimate nothing = { NAN, NAN, NAN };

static void
verdict_free (gpointer data)
{
  KalonJudgeVerdict *verdict = data;

  g_free (verdict->failure);
  g_free (verdict);
}

void
kalon_judge_count_free (KalonJudgeCount *count)
{
  g_free (count->name);
  g_ptr_array_unref (count->verdicts);
  g_free (count);
}

KalonJudgeFigures *
kalon_judge_figures_new (const char *judge, GPtrArray *items)
{
  KalonJudgeFigures *figures = g_new0 (KalonJudgeFigures, 1);

  figures->judge = g_strdup (judge);
  figures->items = items != NULL ? g_ptr_array_ref (items) : g_ptr_array_new ();
  figures->counts = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_judge_count_free);
  return figures;
}

void
kalon_judge_figures_free (KalonJudgeFigures *figures)
{
  if (figures == NULL)
    return;
  g_free (figures->titles[0]);
  g_free (figures->titles[1]);
  g_free (figures->judge);
  g_free (figures->synthetic);
  g_ptr_array_unref (figures->counts);
  g_ptr_array_unref (figures->items);
  g_free (figures);
}

KalonJudgeCount *
kalon_judge_count_new (const char *name)
{
  KalonJudgeCount *count = g_new0 (KalonJudgeCount, 1);

  count->name = g_strdup (name);
  count->verdicts = g_ptr_array_new_with_free_func (verdict_free);
  return count;
}

KalonJudgeVerdict *
kalon_judge_count_add (KalonJudgeCount *count, const KalonJudgeItem *item)
{
  KalonJudgeVerdict *verdict = g_new0 (KalonJudgeVerdict, 1);

  verdict->item = item;
  for (guint row = 0; row < 2; row++)
    for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
      verdict->points[row][aspect] = NAN;
  g_ptr_array_add (count->verdicts, verdict);
  return verdict;
}

/* By the two answers, of which both are there. */
static void
decide (KalonJudgeCount *count, KalonJudgeVerdict *verdict, const KalonJudgeCase *one)
{
  double sums[2][KALON_N_JUDGE_ASPECTS] = { { 0 } };
  guint n_answers[2] = { 0 }; /* that a row got points in */

  for (guint i = 0; i < KALON_JUDGE_CALLS; i++)
    {
      const KalonJudgeCall *call = &one->calls[i];
      KalonJudgeAnswer answer;

      /* It has been parsed before. */
      if (!kalon_judge_answer_parse (call->answer, call->style, &answer, NULL, NULL))
        g_assert_not_reached ();
      for (guint place = 0; place < call->n_rows; place++)
        n_answers[call->rows[place]]++;
      for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
        {
          for (guint place = 0; place < call->n_rows; place++)
            sums[call->rows[place]][aspect] += answer.points[place][aspect];
          if (call->n_rows < 2 || answer.points[0][aspect] == answer.points[1][aspect])
            continue;
          count->tallies[aspect].n_placed++;
          count->tallies[aspect].n_first += answer.points[0][aspect] > answer.points[1][aspect];
        }
    }
  for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
    {
      double difference = sums[0][aspect] / n_answers[0] - sums[1][aspect] / n_answers[1];

      /* A ranker's is 1, -1, or 0 where the calls do not agree. */
      verdict->outcomes[aspect] = fabs (difference) < KALON_JUDGE_EPSILON ? KALON_JUDGE_SIMILAR
                                  : difference > 0                        ? KALON_JUDGE_WIN
                                                                          : KALON_JUDGE_LOSE;
      for (guint row = 0; one->style != KALON_JUDGE_RANKER && row < 2; row++)
        verdict->points[row][aspect] = sums[row][aspect] / n_answers[row];
    }
}

static gboolean
is_answered (const KalonJudgeCase *one)
{
  for (guint i = 0; i < KALON_JUDGE_CALLS; i++)
    if (one->calls[i].answer == NULL)
      return FALSE;
  return TRUE;
}

KalonJudgeCount *
kalon_judge_count_cases (KalonJudgeStyle style, GPtrArray *cases, gsize first, gsize n)
{
  KalonJudgeCount *count = kalon_judge_count_new (kalon_judge_style_get_name (style));

  for (gsize i = first; i < first + n; i++)
    {
      const KalonJudgeCase *one = g_ptr_array_index (cases, i);
      KalonJudgeVerdict *verdict = kalon_judge_count_add (count, one->item);

      if (one->state == KALON_JUDGE_SAME)
        {
          count->n_same++;
          for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
            verdict->outcomes[aspect] = KALON_JUDGE_SIMILAR;
        }
      else if (one->state == KALON_JUDGE_EMPTY)
        count->n_empty++;
      else if (one->failure == NULL && is_answered (one))
        decide (count, verdict, one);
      else
        {
          count->n_failed++;
          verdict->failure = g_strdup (one->failure);
        }
    }
  kalon_judge_count_finish (count);
  return count;
}

/* Undefined where nothing was counted. */
static void
estimate_share (gsize n_successes, gsize n, KalonEstimate *estimate)
{
  if (n > 0)
    kalon_metrics_estimate_share (n_successes, n, estimate);
  else
    *estimate = nothing;
}

static void
estimate_mean (const GArray *values, KalonEstimate *estimate)
{
  if (values->len > 0)
    kalon_metrics_bootstrap ((const double *) (gconstpointer) values->data, NULL, values->len,
                             KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, estimate);
  else
    *estimate = nothing;
}

static void
count_outcomes (const KalonJudgeCount *count, guint aspect, KalonJudgeTally *tally)
{
  for (guint i = 0; i < count->verdicts->len; i++)
    {
      const KalonJudgeVerdict *verdict = g_ptr_array_index (count->verdicts, i);

      tally->win += verdict->outcomes[aspect] == KALON_JUDGE_WIN;
      tally->similar += verdict->outcomes[aspect] == KALON_JUDGE_SIMILAR;
      tally->lose += verdict->outcomes[aspect] == KALON_JUDGE_LOSE;
    }
  estimate_share (tally->win, tally->win + tally->lose, &tally->win_rate);
  estimate_share (tally->win + tally->similar, tally->win + tally->similar + tally->lose,
                  &tally->win_similar_rate);
  estimate_share (tally->n_first, tally->n_placed, &tally->first);
}

static void
average_points (const KalonJudgeCount *count, guint aspect, KalonJudgeTally *tally)
{
  for (guint row = 0; row < 2; row++)
    {
      g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (double));

      for (guint i = 0; i < count->verdicts->len; i++)
        {
          const KalonJudgeVerdict *verdict = g_ptr_array_index (count->verdicts, i);

          if (!isnan (verdict->points[row][aspect]))
            g_array_append_val (points, verdict->points[row][aspect]);
        }
      estimate_mean (points, &tally->points[row]);
    }
}

/* With what people chose. */
static void
compare (const KalonJudgeCount *count, guint aspect, KalonJudgeTally *tally)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  gsize n_right = 0;

  for (guint i = 0; aspect < KALON_N_HPIR_ASPECTS && i < count->verdicts->len; i++)
    {
      const KalonJudgeVerdict *verdict = g_ptr_array_index (count->verdicts, i);
      KalonJudgeOutcome outcome = verdict->outcomes[aspect];
      double value = 0.5;

      if (verdict->item == NULL || verdict->item->chosen[aspect] < 0
          || outcome == KALON_JUDGE_UNJUDGED)
        continue;
      if (outcome != KALON_JUDGE_SIMILAR)
        {
          value = (outcome == KALON_JUDGE_WIN) == (verdict->item->chosen[aspect] == 0);
          n_right += value > 0.5;
          tally->n_decided++;
        }
      g_array_append_val (values, value);
    }
  tally->n_people = values->len;
  estimate_mean (values, &tally->agreement);
  estimate_share (n_right, tally->n_decided, &tally->decided);
}

void
kalon_judge_count_finish (KalonJudgeCount *count)
{
  for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
    {
      KalonJudgeTally *tally = &count->tallies[aspect];

      count_outcomes (count, aspect, tally);
      average_points (count, aspect, tally);
      compare (count, aspect, tally);
    }
}
