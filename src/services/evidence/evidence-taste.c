/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

/* What a curve is drawn of: the learned one, and the best known of each other kind. */
static const char *const drawn[] = { "learned", "rocchio", "nearest", "aesthetic" };
G_STATIC_ASSERT (G_N_ELEMENTS (drawn) <= KALON_CHART_MAX_SERIES);

/* A median is shown like a mean. */
static KalonEstimate
to_estimate (const KalonMedian *median)
{
  return (KalonEstimate){ median->median, median->low, median->high };
}

static const KalonTasteMethodFigures *
find_method (const KalonTasteFigures *figures, const char *name)
{
  for (guint i = 0; i < figures->methods->len; i++)
    {
      const KalonTasteMethodFigures *method = g_ptr_array_index (figures->methods, i);

      if (g_str_equal (method->name, name))
        return method;
    }
  return NULL;
}

static void
add_curves (KalonReportSection *section, const KalonTasteProtocol *protocol,
            const KalonTasteFigures *figures)
{
  guint n = protocol->n_thumbs;
  g_autofree double *x = g_new (double, n);
  g_autofree double *values = g_new (double, 3 * G_N_ELEMENTS (drawn) * n);
  KalonChartSeries series[G_N_ELEMENTS (drawn)];
  KalonChartData chart = {
    .kind = KALON_CHART_LINES,
    .title = "What is learned of a taste, thumb by thumb",
    .x_title = "Thumbs given",
    .y_title = "Unseen pairs in the user’s order",
    .n = n,
    .x = x,
    .series = series,
    .unit = KALON_CHART_SHARE,
    .min = NAN,
    .max = NAN,
    .reference = 0.5,
    .reference_name = "chance",
  };

  for (guint t = 0; t < n; t++)
    x[t] = protocol->thumbs[t];
  for (guint i = 0; i < G_N_ELEMENTS (drawn); i++)
    {
      const KalonTasteMethodFigures *method = find_method (figures, drawn[i]);
      double *own = values + 3 * n * chart.n_series;

      if (method == NULL)
        continue;
      for (guint t = 0; t < n; t++)
        {
          own[t] = method->agreement[t].median;
          own[n + t] = method->agreement[t].low;
          own[2 * n + t] = method->agreement[t].high;
        }
      series[chart.n_series++] = (KalonChartSeries){ method->name, own, own + n, own + 2 * n };
    }
  kalon_report_section_add_chart (section, "learning", &chart);
}

static void
add_methods (KalonReportSection *section, const KalonTasteProtocol *protocol,
             const KalonTasteFigures *figures)
{
  g_auto (KalonEvidenceColumns) agreement = { 0 };
  g_auto (KalonEvidenceColumns) ahead = { 0 };
  KalonReportTable *tables[2];

  kalon_evidence_columns_init (&agreement);
  kalon_evidence_columns_init (&ahead);
  for (guint t = 0; t < protocol->n_thumbs; t++)
    {
      kalon_evidence_columns_add_cut (&agreement, "thumbs", "After ", protocol->thumbs[t],
                                      KALON_REPORT_SHARE);
      kalon_evidence_columns_add_cut (&ahead, "thumbs", "After ", protocol->thumbs[t],
                                      KALON_REPORT_POINTS);
    }
  tables[0] = kalon_evidence_add_table (section, "agreement",
                                        "Unseen pairs in the user’s order, after so many thumbs",
                                        "Method", &agreement);
  tables[1] = kalon_evidence_add_table (section, "ahead", "By how much the learned one is ahead",
                                        "Of", &ahead);
  for (guint i = 0; i < figures->methods->len; i++)
    {
      const KalonTasteMethodFigures *method = g_ptr_array_index (figures->methods, i);

      kalon_report_table_add_row (tables[0], method->name);
      if (i > 0)
        kalon_report_table_add_row (tables[1], method->name);
      for (guint t = 0; t < protocol->n_thumbs; t++)
        {
          const KalonEstimate own = to_estimate (&method->agreement[t]);
          const KalonEstimate difference = to_estimate (&method->difference[t]);

          kalon_report_table_set_estimate (tables[0], t, &own);
          if (i > 0)
            kalon_report_table_set_estimate (tables[1], t, &difference);
        }
    }
}

/* @offset: of a KalonEstimate of each weight's figures. */
static void
add_weight_chart (KalonReportSection *section, const KalonTasteFigures *figures, const char *id,
                  const char *title, const char *y_title, gsize offset, KalonChartUnit unit,
                  double reference, const char *reference_name)
{
  double x[KALON_EVALUATOR_N_WEIGHTS];
  KalonEstimate values[KALON_EVALUATOR_N_WEIGHTS];
  const KalonChartData chart = {
    .kind = KALON_CHART_LINES,
    .title = title,
    .x_title = "Weight of taste",
    .y_title = y_title,
    .n = KALON_EVALUATOR_N_WEIGHTS,
    .x = x,
    .unit = unit,
    .min = NAN,
    .max = NAN,
    .reference = reference,
    .reference_name = reference_name,
  };

  for (guint i = 0; i < KALON_EVALUATOR_N_WEIGHTS; i++)
    {
      const KalonTasteWeightFigures *weight = &figures->weights[i];

      x[i] = weight->weight;
      values[i] = G_STRUCT_MEMBER (KalonEstimate, weight, offset);
    }
  kalon_evidence_add_estimates (section, id, y_title, &chart, values);
}

static void
add_weights (KalonReportSection *section, const KalonTasteFigures *figures)
{
  static const KalonReportColumn columns[] = {
    { "recall", "Recall@10", KALON_REPORT_SHARE },
    { "change", "Change of recall", KALON_REPORT_POINTS },
    { "gain", "Liking gained", KALON_REPORT_CHANGE },
  };
  KalonReportTable *table;

  kalon_report_section_add_text (
      section,
      "More weight gives more of what a user likes and costs recall. After %u thumbs, of "
      "%" G_GSIZE_FORMAT " captions; without taste recall@10 is %.1f %%. Liking is the mean of the "
      "best ten, in deviations over the pictures. %.2f is Kalon’s default.",
      figures->recall_thumbs, figures->n_recall_captions, 100 * figures->recall,
      (double) KALON_TASTE_WEIGHT);
  add_weight_chart (section, figures, "recall-by-weight", "What taste costs: recall", "Recall@10",
                    G_STRUCT_OFFSET (KalonTasteWeightFigures, recall), KALON_CHART_SHARE,
                    figures->recall, "without taste");
  add_weight_chart (section, figures, "liking-by-weight", "What taste gains: liking",
                    "Gain in liking of the best ten",
                    G_STRUCT_OFFSET (KalonTasteWeightFigures, gain), KALON_CHART_NUMBER, 0,
                    "without taste");
  table = kalon_report_section_add_table (section, "weights", "By the weight of taste", "Weight",
                                          columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < KALON_EVALUATOR_N_WEIGHTS; i++)
    {
      const KalonTasteWeightFigures *weight = &figures->weights[i];
      char name[G_ASCII_DTOSTR_BUF_SIZE];

      kalon_report_table_add_row (table,
                                  g_ascii_formatd (name, sizeof name, "%.2f", weight->weight));
      kalon_report_table_set_estimate (table, 0, &weight->recall);
      kalon_report_table_set_estimate (table, 1, &weight->change);
      kalon_report_table_set_estimate (table, 2, &weight->gain);
    }
}

KalonReportSection *
kalon_evidence_add_taste (KalonReport *report, const char *id, const char *of,
                          const KalonTasteProtocol *protocol, const KalonTasteFigures *figures)
{
  KalonReportSection *section = kalon_evidence_add_section (report, id, "Learning from thumbs", of);

  kalon_report_section_set_synthetic (
      section, "The users are simulated: what they like is made up of what can be measured in "
               "pixels. Real pictures, no real people.");
  kalon_report_section_add_text (
      section,
      "%u users thumb pictures of one half of %" G_GSIZE_FORMAT
      ", %u shown at a time%s; then pairs "
      "of the other half are put in order by what was learned. Medians over users; intervals draw "
      "users. All methods see the same thumbs.",
      protocol->n_users, figures->n_pictures, figures->page,
      protocol->random ? ", all of them slips" : "");
  add_curves (section, protocol, figures);
  add_methods (section, protocol, figures);
  add_weights (section, figures);
  return section;
}
