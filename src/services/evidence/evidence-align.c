/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

/* Of recall: what alignment may cost. */
#define HARMLESS 0.01

/* By KalonAlignFigure: as it is, and as a gain. */
static const KalonReportColumn figure_columns[KALON_N_ALIGN_FIGURES] = {
  [KALON_ALIGN_JUDGED] = { "judged", "Judge’s score", KALON_REPORT_NUMBER },
  [KALON_ALIGN_OWN] = { "own", "Own score", KALON_REPORT_NUMBER },
  [KALON_ALIGN_BETTER] = { "better", "Better ones in the first ten", KALON_REPORT_SHARE },
  [KALON_ALIGN_TWINS] = { "twins", "Above its spoilt copy", KALON_REPORT_SHARE },
  [KALON_ALIGN_RECALL_EITHER] = { "recall_either", "Recall@10, either", KALON_REPORT_SHARE },
  [KALON_ALIGN_RECALL_BETTER] = { "recall_better", "Recall@10, better one", KALON_REPORT_SHARE },
  [KALON_ALIGN_DIVERSITY] = { "diversity", "Diversity of the first ten", KALON_REPORT_SHARE },
};

static void
add_gains (KalonReportSection *section, const KalonAlignFigures *figures)
{
  KalonReportColumn columns[KALON_N_ALIGN_FIGURES];
  KalonReportTable *table;

  for (guint f = 0; f < KALON_N_ALIGN_FIGURES; f++)
    {
      columns[f] = figure_columns[f];
      columns[f].unit
          = columns[f].unit == KALON_REPORT_SHARE ? KALON_REPORT_POINTS : KALON_REPORT_CHANGE;
    }
  table = kalon_report_section_add_table (section, "gains", "Gains over the baseline", "Ranking",
                                          columns, KALON_N_ALIGN_FIGURES);
  for (guint i = 1; i < figures->rows->len; i++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, i);

      kalon_report_table_add_row (table, row->name);
      for (guint f = 0; f < KALON_N_ALIGN_FIGURES; f++)
        kalon_report_table_set_estimate (table, f, &row->gains[f]);
    }
}

static void
add_figures (KalonReportSection *section, const KalonAlignFigures *figures)
{
  KalonReportTable *table
      = kalon_report_section_add_table (section, "figures", "The figures themselves", "Ranking",
                                        figure_columns, KALON_N_ALIGN_FIGURES);

  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, i);

      kalon_report_table_add_row (table, row->name);
      for (guint f = 0; f < KALON_N_ALIGN_FIGURES; f++)
        kalon_report_table_set_estimate (table, f, &row->figures[f]);
    }
}

/* Whether the loss is less than %HARMLESS, as far as the interval tells. */
static const char *
judge_harm (const KalonEstimate *change)
{
  if (change->low >= -HARMLESS)
    return "yes";
  return change->mean >= -HARMLESS ? "in the mean" : change->high >= -HARMLESS ? "hardly" : "no";
}

static void
add_no_harm (KalonReportSection *section, const KalonAlignFigures *figures)
{
  static const KalonReportColumn columns[] = {
    { "before", "Before", KALON_REPORT_SHARE },
    { "after", "After", KALON_REPORT_SHARE },
    { "change", "Change", KALON_REPORT_POINTS },
    { "within", "Within 1 point", KALON_REPORT_TEXT },
  };
  const KalonAlignRow *baseline = g_ptr_array_index (figures->rows, 0);
  KalonReportTable *table;

  kalon_report_section_add_text (
      section,
      "No harm: how often the picture that a caption is of, or its spoilt copy, is among the first "
      "ten. “Yes” says that the whole interval of the change is above −1 point, “in the mean” that "
      "only the mean is, “hardly” that only the interval’s upper end is, “no” that nothing is.");
  table = kalon_report_section_add_table (section, "no-harm", "Recall@10 before and after",
                                          "Ranking", columns, G_N_ELEMENTS (columns));
  for (guint i = 1; i < figures->rows->len; i++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, i);
      const KalonEstimate *change = &row->gains[KALON_ALIGN_RECALL_EITHER];

      kalon_report_table_add_row (table, row->name);
      kalon_report_table_set_estimate (table, 0, &baseline->figures[KALON_ALIGN_RECALL_EITHER]);
      kalon_report_table_set_estimate (table, 1, &row->figures[KALON_ALIGN_RECALL_EITHER]);
      kalon_report_table_set_estimate (table, 2, change);
      kalon_report_table_set_text (table, 3, judge_harm (change));
    }
}

static void
add_gain_chart (KalonReportSection *section, const KalonAlignFigures *figures, KalonAlignFigure f,
                const char *id, const char *title, const char *y_title)
{
  g_auto (KalonEvidenceBars) bars = { 0 };

  kalon_evidence_bars_init (&bars);
  for (guint i = 1; i < figures->rows->len; i++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, i);

      kalon_evidence_bars_take (&bars, g_strdup (row->name), &row->gains[f]);
    }
  kalon_evidence_bars_add (&bars, section, id, title, "Ranking", y_title,
                           figure_columns[f].unit == KALON_REPORT_SHARE ? KALON_CHART_SHARE
                                                                        : KALON_CHART_NUMBER,
                           NAN, NULL);
}

static void
add_trainings (KalonReportSection *section, const KalonAlignFigures *figures)
{
  static const KalonReportColumn columns[] = {
    { "pairs", "Pairs", KALON_REPORT_COUNT },
    { "steps", "Steps", KALON_REPORT_COUNT },
    { "best_step", "Best step", KALON_REPORT_COUNT },
    { "before", "In order before", KALON_REPORT_SHARE },
    { "after", "In order after", KALON_REPORT_SHARE },
    { "drift", "Drift", KALON_REPORT_NUMBER },
  };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "trainings", "Training of the adapters, on queries that were held out", "Adapter",
      columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < figures->trainings->len; i++)
    {
      const KalonAlignTraining *training
          = &g_array_index (figures->trainings, KalonAlignTraining, i);

      kalon_report_table_add_row (table, kalon_adapter_kind_get_name (training->kind));
      kalon_report_table_set_number (table, 0, (double) training->n_pairs);
      kalon_report_table_set_number (table, 1, training->n_steps);
      kalon_report_table_set_number (table, 2, training->best_step);
      kalon_report_table_set_estimate (table, 3, &training->before);
      kalon_report_table_set_estimate (table, 4, &training->after);
      kalon_report_table_set_number (table, 5, training->drift);
    }
}

static void
add_judges (KalonReportSection *section, const KalonAlignFigures *figures)
{
  static const KalonReportColumn columns[] = { { "right", "Pairs right", KALON_REPORT_SHARE } };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "judges", "How far the scores can be trusted: better pictures scored higher",
      "Models", columns, G_N_ELEMENTS (columns));

  kalon_report_table_add_row (table, "the judge, which neither learned nor ranked");
  kalon_report_table_set_estimate (table, 0, &figures->judge_power);
  kalon_report_table_add_row (table, "the models that rank");
  kalon_report_table_set_estimate (table, 0, &figures->own_power);
}

KalonReportSection *
kalon_evidence_add_align (KalonReport *report, const char *id, const char *of,
                          const KalonAlignFigures *figures)
{
  KalonReportSection *section
      = kalon_evidence_add_section (report, id, "What alignment gains and costs", of);

  kalon_report_section_add_text (
      section,
      "%" G_GSIZE_FORMAT " captions search a collection of %" G_GSIZE_FORMAT
      " pictures, among them %" G_GSIZE_FORMAT
      " pairs of a picture and a spoilt copy of it. Each part of the aligned ranking is measured "
      "alone, then together. Gains are taken query by query; intervals draw pairs, each with all "
      "its "
      "captions. “Repeat” and “reorg” are controls: they rephrase without adding anything.",
      figures->n_queries, figures->n_pictures, figures->n_pairs);
  add_gain_chart (section, figures, KALON_ALIGN_JUDGED, "judged-gain",
                  "Aesthetics: gain of each part", "Gain in the judge’s score of the first ten");
  add_gain_chart (section, figures, KALON_ALIGN_RECALL_EITHER, "recall-change",
                  "Accuracy: cost of each part", "Change of recall@10");
  add_gains (section, figures);
  add_no_harm (section, figures);
  add_figures (section, figures);
  add_judges (section, figures);
  add_trainings (section, figures);
  return section;
}
