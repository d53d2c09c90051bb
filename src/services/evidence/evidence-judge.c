/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

/* Queries whose rows are shown: as many as one looks through. */
#define MAX_EXAMPLES 12

static const char *const aspects[KALON_N_JUDGE_ASPECTS] = {
  [KALON_HPIR_ACCURACY] = "accuracy",
  [KALON_HPIR_AESTHETIC] = "aesthetics",
  [KALON_HPIR_DIVERSITY] = "diversity",
  [KALON_JUDGE_OVERALL] = "overall",
};

static gboolean
has_points (const KalonJudgeCount *count)
{
  return !isnan (count->tallies[KALON_JUDGE_OVERALL].points[0].mean);
}

static gboolean
is_judged (const KalonJudgeTally *tally)
{
  return tally->win + tally->similar + tally->lose > 0;
}

static void
add_outcomes (KalonReportSection *section, const KalonJudgeFigures *figures,
              const KalonJudgeCount *count)
{
  g_auto (KalonEvidenceColumns) columns = { 0 };
  g_autofree char *title = g_strdup_printf ("%s against %s, by %s", figures->titles[0],
                                            figures->titles[1], count->name);
  gboolean placed = count->tallies[KALON_HPIR_ACCURACY].n_placed > 0;
  KalonReportTable *table;

  kalon_evidence_columns_init (&columns);
  kalon_evidence_columns_add (&columns, "win", "Win", KALON_REPORT_COUNT);
  kalon_evidence_columns_add (&columns, "similar", "Similar", KALON_REPORT_COUNT);
  kalon_evidence_columns_add (&columns, "lose", "Lose", KALON_REPORT_COUNT);
  kalon_evidence_columns_add (&columns, "win_rate", "Win rate", KALON_REPORT_SHARE);
  kalon_evidence_columns_add (&columns, "win_similar_rate", "Win and similar", KALON_REPORT_SHARE);
  if (placed)
    kalon_evidence_columns_add (&columns, "first", "Upper row chosen", KALON_REPORT_SHARE);
  for (guint row = 0; has_points (count) && row < 2; row++)
    {
      g_autofree char *points = g_strdup_printf ("Points, %s", figures->titles[row]);

      kalon_evidence_columns_add (&columns, row == 0 ? "points_a" : "points_b", points,
                                  KALON_REPORT_NUMBER);
    }
  table = kalon_evidence_add_table (section, count->name, title, "Aspect", &columns);
  for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
    {
      const KalonJudgeTally *tally = &count->tallies[aspect];

      if (!is_judged (tally))
        continue;
      kalon_report_table_add_row (table, aspects[aspect]);
      kalon_report_table_set_number (table, 0, (double) tally->win);
      kalon_report_table_set_number (table, 1, (double) tally->similar);
      kalon_report_table_set_number (table, 2, (double) tally->lose);
      kalon_report_table_set_estimate (table, 3, &tally->win_rate);
      kalon_report_table_set_estimate (table, 4, &tally->win_similar_rate);
      if (placed)
        kalon_report_table_set_estimate (table, 5, &tally->first);
      for (guint row = 0; has_points (count) && row < 2; row++)
        kalon_report_table_set_estimate (table, 5 + placed + row, &tally->points[row]);
    }
}

/* The win rates of all counts, in one chart. */
static void
add_chart (KalonReportSection *section, const KalonJudgeFigures *figures)
{
  g_auto (KalonEvidenceBars) bars = { 0 };

  kalon_evidence_bars_init (&bars);
  for (guint i = 0; i < figures->counts->len; i++)
    {
      const KalonJudgeCount *count = g_ptr_array_index (figures->counts, i);

      for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
        if (!isnan (count->tallies[aspect].win_rate.mean))
          kalon_evidence_bars_take (&bars, g_strdup_printf ("%s, %s", count->name, aspects[aspect]),
                                    &count->tallies[aspect].win_rate);
    }
  kalon_evidence_bars_add (&bars, section, "win-rates", "Win rates", "Judge and aspect", "Win rate",
                           KALON_CHART_SHARE, 0.5, "as often as not");
}

/* What has to be known of a count to believe it. */
static void
add_notes (KalonReportSection *section, const KalonJudgeCount *count)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %u queries", count->name, count->verdicts->len);
  if (count->n_same > 0)
    g_string_append_printf (text,
                            "; %" G_GSIZE_FORMAT " with the same pictures in both rows count as "
                            "similar without having been judged",
                            count->n_same);
  if (count->n_empty > 0)
    g_string_append_printf (
        text, "; %" G_GSIZE_FORMAT " left out, to which one of the systems has no answer",
        count->n_empty);
  if (count->n_failed > 0)
    {
      g_string_append_printf (text, "; %" G_GSIZE_FORMAT " failed", count->n_failed);
      for (guint i = 0; i < count->verdicts->len; i++)
        {
          const KalonJudgeVerdict *verdict = g_ptr_array_index (count->verdicts, i);

          if (verdict->failure != NULL)
            {
              g_string_append_printf (text, ", the first of them: %s", verdict->failure);
              break;
            }
        }
    }
  if (text->str[text->len - 1] != '.')
    g_string_append_c (text, '.');
  kalon_report_section_add_text (section, "%s", text->str);
}

static gboolean
knows_people (const KalonJudgeFigures *figures)
{
  for (guint i = 0; i < figures->counts->len; i++)
    for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
      if (((const KalonJudgeCount *) g_ptr_array_index (figures->counts, i))
              ->tallies[aspect]
              .n_people
          > 0)
        return TRUE;
  return FALSE;
}

/* @decided: of what the judge did not find similar alone */
static void
add_agreement_table (KalonReportSection *section, const KalonJudgeFigures *figures,
                     gboolean decided)
{
  g_auto (KalonEvidenceColumns) columns = { 0 };
  KalonReportTable *table;

  kalon_evidence_columns_init (&columns);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      const char *key = kalon_hpir_aspect_get_name ((KalonHpirAspect) aspect);
      g_autofree char *count_key = g_strdup_printf ("%s_n", key);

      kalon_evidence_columns_add (&columns, key, aspects[aspect], KALON_REPORT_SHARE);
      kalon_evidence_columns_add (&columns, count_key, "of", KALON_REPORT_COUNT);
    }
  table = kalon_evidence_add_table (section, decided ? "agreement-decided" : "agreement",
                                    decided ? "Agreement with people, where the style decided"
                                            : "Agreement with people",
                                    "Style", &columns);
  for (guint i = 0; i < figures->counts->len; i++)
    {
      const KalonJudgeCount *count = g_ptr_array_index (figures->counts, i);

      kalon_report_table_add_row (table, count->name);
      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        {
          const KalonJudgeTally *tally = &count->tallies[aspect];

          kalon_report_table_set_estimate (table, 2 * aspect,
                                           decided ? &tally->decided : &tally->agreement);
          kalon_report_table_set_number (table, 2 * aspect + 1,
                                         (double) (decided ? tally->n_decided : tally->n_people));
        }
    }
}

static void
add_agreement (KalonReport *report, const char *id, const KalonJudgeFigures *figures)
{
  g_autofree char *own = g_strconcat (id, "-agreement", NULL);
  KalonReportSection *section
      = kalon_report_add_section (report, own, "Which way of asking is closest to people");

  if (figures->synthetic != NULL)
    kalon_report_section_set_synthetic (section, figures->synthetic);
  kalon_report_section_add_text (
      section, "Of the items with a majority of people: how often the judge chose the same group. "
               "“Similar” counts half; the second table leaves it out. Chance is 50 %%.");
  add_agreement_table (section, figures, FALSE);
  add_agreement_table (section, figures, TRUE);
}

static const char *
get_word (KalonJudgeOutcome outcome)
{
  static const char *const words[] = { "not judged", "win", "similar", "lose" };

  return words[outcome];
}

static void
add_row (KalonReportRows *rows, const char *name, const GPtrArray *answers)
{
  g_autofree KalonReportPicture *pictures = g_new0 (KalonReportPicture, answers->len + 1);

  for (guint i = 0; i < answers->len; i++)
    pictures[i].path = ((const KalonAnswer *) g_ptr_array_index (answers, i))->path;
  kalon_report_rows_add (rows, name, pictures, answers->len);
}

/* What both systems found for some queries, and what the first count says of A's. */
static void
add_examples (KalonReportSection *section, const KalonJudgeFigures *figures)
{
  const KalonJudgeCount *count
      = figures->counts->len > 0 ? g_ptr_array_index (figures->counts, 0) : NULL;
  guint n = 0;

  for (guint i = 0; count != NULL && i < count->verdicts->len && n < MAX_EXAMPLES; i++)
    {
      const KalonJudgeVerdict *verdict = g_ptr_array_index (count->verdicts, i);
      g_autoptr (GString) name = g_string_new (figures->titles[0]);
      g_autofree char *id = g_strdup_printf ("example-%u", n + 1);
      KalonReportRows *rows;

      if (verdict->item == NULL || verdict->outcomes[KALON_HPIR_ACCURACY] == KALON_JUDGE_UNJUDGED)
        continue;
      g_string_append_printf (name, " (%s", count->name);
      for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
        g_string_append_printf (name, "%s %s: %s", aspect > 0 ? "," : ":", aspects[aspect],
                                get_word (verdict->outcomes[aspect]));
      g_string_append_c (name, ')');
      rows = kalon_report_section_add_rows (section, id, verdict->item->query);
      add_row (rows, name->str, verdict->item->rows[0]);
      add_row (rows, figures->titles[1], verdict->item->rows[1]);
      n++;
    }
}

void
kalon_evidence_add_judge (KalonReport *report, const char *id, const KalonJudgeFigures *figures)
{
  g_autofree char *of = NULL;
  KalonReportSection *section;

  g_return_if_fail (report != NULL && id != NULL && figures != NULL);

  of = g_strdup_printf ("%s against %s", figures->titles[0], figures->titles[1]);
  section = kalon_evidence_add_section (report, id, "Which rows are better", of);
  if (figures->synthetic != NULL)
    kalon_report_section_set_synthetic (section, figures->synthetic);
  if (figures->judge != NULL)
    kalon_report_section_add_text (
        section,
        "Judged by a vision-language model (%s), with order consistency: where both rows stand in "
        "one picture it is asked twice, with the rows swapped, and rows are similar that it does "
        "not tell apart both times. Win rate is wins of wins and losses, with 95 %% "
        "intervals. A judge without a favourite place chooses the upper row half of the time.",
        figures->judge);
  else
    kalon_report_section_add_text (
        section, "Judged by people who did not know which row was whose: what most of them said of "
                 "a query. Win rate is wins of wins and losses, with 95 %% intervals.");
  for (guint i = 0; i < figures->counts->len; i++)
    {
      const KalonJudgeCount *count = g_ptr_array_index (figures->counts, i);

      add_notes (section, count);
      add_outcomes (section, figures, count);
    }
  add_chart (section, figures);
  add_examples (section, figures);
  if (knows_people (figures))
    add_agreement (report, id, figures);
}
