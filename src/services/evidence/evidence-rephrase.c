/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Styles of rephrasing as a section of a report. */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

#define N KALON_N_REPHRASE_FIGURES

static const KalonReportColumn answers[N + 1] = {
  [KALON_REPHRASE_RECALL_1] = { "recall_1", "Recall@1", KALON_REPORT_SHARE },
  [KALON_REPHRASE_RECALL_5] = { "recall_5", "Recall@5", KALON_REPORT_SHARE },
  [KALON_REPHRASE_RECALL_10] = { "recall_10", "Recall@10", KALON_REPORT_SHARE },
  [KALON_REPHRASE_MRR] = { "mrr", "MRR", KALON_REPORT_SHARE },
  [KALON_REPHRASE_NDCG] = { "ndcg", "nDCG@10", KALON_REPORT_SHARE },
  [KALON_REPHRASE_OVERLAP] = { "overlap", "Overlap@10", KALON_REPORT_SHARE },
  [N] = { "words", "Words", KALON_REPORT_NUMBER },
};

static const char *
get_name (const KalonRephraseFigures *figures, guint i)
{
  return kalon_rephrase_style_get_name (
      ((KalonRephraseRow *) g_ptr_array_index (figures->rows, i))->style);
}

static gboolean
is_control (KalonRephraseStyle style)
{
  return style == KALON_REPHRASE_REPEAT || style == KALON_REPHRASE_REORG;
}

static void
add_answers (KalonReportSection *section, const KalonRephraseFigures *figures)
{
  KalonReportTable *table
      = kalon_report_section_add_table (section, "answers",
                                        "What is found, and how much of it is "
                                        "what the query as typed finds",
                                        "Style", answers, G_N_ELEMENTS (answers));

  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonRephraseRow *row = g_ptr_array_index (figures->rows, i);

      kalon_report_table_add_row (table, get_name (figures, i));
      for (guint f = 0; f < N; f++)
        kalon_report_table_set_estimate (table, f, &row->figures[f]);
      kalon_report_table_set_number (table, N, row->n_words);
    }
}

static void
add_changes (KalonReportSection *section, const KalonRephraseFigures *figures)
{
  KalonReportColumn columns[KALON_REPHRASE_OVERLAP];
  KalonReportTable *table;

  for (guint f = 0; f < G_N_ELEMENTS (columns); f++)
    columns[f] = (KalonReportColumn){ answers[f].key, answers[f].title, KALON_REPORT_POINTS };
  table = kalon_report_section_add_table (section, "changes",
                                          "Change against original, query by query, in points",
                                          "Style", columns, G_N_ELEMENTS (columns));
  for (guint i = 1; i < figures->rows->len; i++)
    {
      const KalonRephraseRow *row = g_ptr_array_index (figures->rows, i);

      kalon_report_table_add_row (table, get_name (figures, i));
      for (guint f = 0; f < G_N_ELEMENTS (columns); f++)
        kalon_report_table_set_estimate (table, f, &row->gains[f]);
    }
}

/* @gains: those over the query as typed, else the scores */
static void
add_looks (KalonReportSection *section, const KalonRephraseFigures *figures, gboolean gains)
{
  guint n = figures->n_figures - N;
  g_autofree KalonReportColumn *columns = g_new (KalonReportColumn, n);
  KalonReportTable *table;

  for (guint m = 0; m < n; m++)
    columns[m] = (KalonReportColumn){ figures->models[m], figures->models[m],
                                      gains ? KALON_REPORT_CHANGE : KALON_REPORT_NUMBER };
  table = kalon_report_section_add_table (section, gains ? "looks-changes" : "looks",
                                          gains ? "The same, change against original"
                                                : "Mean aesthetic score of the ten best",
                                          "Style", columns, n);
  for (guint i = gains ? 1 : 0; i < figures->rows->len; i++)
    {
      const KalonRephraseRow *row = g_ptr_array_index (figures->rows, i);

      kalon_report_table_add_row (table, get_name (figures, i));
      for (guint m = 0; m < n; m++)
        kalon_report_table_set_estimate (table, m,
                                         gains ? &row->gains[N + m] : &row->figures[N + m]);
    }
}

static void
add_chart (KalonReportSection *section, const KalonRephraseFigures *figures, guint figure,
           const char *id, const char *title, const char *y_title, KalonChartUnit unit)
{
  guint n = figures->rows->len;
  g_autofree KalonEstimate *values = g_new (KalonEstimate, n);
  g_autofree const char **labels = g_new (const char *, n);

  for (guint i = 0; i < n; i++)
    {
      labels[i] = get_name (figures, i);
      values[i] = ((KalonRephraseRow *) g_ptr_array_index (figures->rows, i))->figures[figure];
    }
  kalon_evidence_add_bars (section, id, title, "Style", y_title, labels, values, n, unit,
                           values[0].mean, "original");
}

/* By how much the controls may have gained in the looks that model @m judges. */
static double
get_best_control (const KalonRephraseFigures *figures, guint m)
{
  double best = -INFINITY;

  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonRephraseRow *row = g_ptr_array_index (figures->rows, i);

      if (is_control (row->style))
        best = MAX (best, row->gains[N + m].high);
    }
  return best;
}

char *
kalon_evidence_describe_style (const KalonRephraseFigures *figures, guint i)
{
  const KalonRephraseRow *row;
  GString *text;

  g_return_val_if_fail (figures != NULL && i < figures->rows->len, NULL);

  row = g_ptr_array_index (figures->rows, i);
  text = g_string_new (NULL);
  g_string_append_printf (text, "“%s” against original: ", get_name (figures, i));
  kalon_evidence_append_gain (text, "recall@10", &row->gains[KALON_REPHRASE_RECALL_10],
                              KALON_REPORT_POINTS);
  for (guint m = 0; figures->models[m] != NULL; m++)
    {
      g_autofree char *title
          = g_strdup_printf ("the looks of the ten best by “%s”", figures->models[m]);

      g_string_append (text, "; ");
      kalon_evidence_append_gain (text, title, &row->gains[N + m], KALON_REPORT_CHANGE);
      if (row->gains[N + m].low > 0)
        g_string_append (text, row->gains[N + m].low > get_best_control (figures, m)
                                   ? ", more than with either control"
                                   : ", no more than a control may have gained");
    }
  g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}

static void
add_reading (KalonReportSection *section, const KalonRephraseFigures *figures)
{
  for (guint i = 1; i < figures->rows->len; i++)
    if (!is_control (((KalonRephraseRow *) figures->rows->pdata[i])->style))
      {
        g_autofree char *text = kalon_evidence_describe_style (figures, i);

        kalon_report_section_add_text (section, "%s", text);
      }
}

/* From where the texts are. */
static void
add_sources (KalonReportSection *section, const KalonRephraseFigures *figures)
{
  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonRephraseRow *row = g_ptr_array_index (figures->rows, i);

      if (row->n_by_llm + row->n_stands_in > 0)
        kalon_report_section_add_text (
            section,
            "%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " queries by the language model, "
            "%" G_GSIZE_FORMAT " by word lists in its place%s%s",
            get_name (figures, i), row->n_by_llm, figures->n_queries, row->n_stands_in,
            row->notice != NULL ? ": " : ".", row->notice != NULL ? row->notice : "");
    }
}

static void
add_example (KalonReportSection *section, const KalonRephraseFigures *figures)
{
  static const KalonReportColumn column = { "text", "Text", KALON_REPORT_TEXT };
  KalonReportTable *table
      = kalon_report_section_add_table (section, "example", "The first query", "Style", &column, 1);

  for (guint i = 0; i < figures->rows->len; i++)
    {
      kalon_report_table_add_row (table, get_name (figures, i));
      kalon_report_table_set_text (table, 0, figures->rephrased[i]);
    }
}

void
kalon_evidence_add_rephrase (KalonReport *report, const char *id,
                             const KalonRephraseFigures *figures)
{
  KalonReportSection *section
      = kalon_report_add_section (report, id, "Original against rephrased queries");

  kalon_report_section_add_text (
      section,
      "%" G_GSIZE_FORMAT " queries among %" G_GSIZE_FORMAT
      " pictures, %s. The rephrased text has a "
      "share of %.2f in what is searched with; nothing else differs. “repeat” and “reorg” are "
      "controls: longer, or worded otherwise, with nothing added.",
      figures->n_queries, figures->n_pictures,
      figures->of_folders ? "each for the pictures of a class"
                          : "each a caption that looks for its picture",
      figures->share);
  add_sources (section, figures);
  add_reading (section, figures);
  add_answers (section, figures);
  add_changes (section, figures);
  add_looks (section, figures, FALSE);
  add_looks (section, figures, TRUE);
  add_chart (section, figures, KALON_REPHRASE_RECALL_10, "recall-chart", "Recall@10 by style",
             "recall@10", KALON_CHART_SHARE);
  add_chart (section, figures, N, "looks-chart", "Looks of the ten best by style",
             "mean aesthetic score", KALON_CHART_NUMBER);
  add_example (section, figures);
}
