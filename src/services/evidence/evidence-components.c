/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the aligned ranking, alone and together. */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

static void
add_hpir (KalonReportSection *section, const KalonHpirFigures *figures, guint number)
{
  static const KalonReportColumn columns[] = {
    { "aesthetic", "Aesthetics", KALON_REPORT_POINTS },
    { "diversity", "Diversity", KALON_REPORT_POINTS },
    { "accuracy", "Accuracy", KALON_REPORT_POINTS },
    { "aesthetic_p", "p of aesthetics", KALON_REPORT_P },
    { "accuracy_p", "p of accuracy", KALON_REPORT_P },
  };
  static const KalonHpirAspect aspects[]
      = { KALON_HPIR_AESTHETIC, KALON_HPIR_DIVERSITY, KALON_HPIR_ACCURACY };
  g_autofree char *id = g_strdup_printf ("hpir-%u", number);
  g_autofree char *title = g_strdup_printf (
      "%s%s: gain in agreement over the baseline, item by item; p of McNemar's exact test",
      figures->name, figures->is_synthetic ? " (made up)" : "");
  KalonReportTable *table = kalon_report_section_add_table (section, id, title, "Ranking", columns,
                                                            G_N_ELEMENTS (columns));

  for (guint r = 1; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);

      if (row->role == KALON_HPIR_AESTHETICS_ALONE || row->role == KALON_HPIR_OTHER_MODEL)
        continue;
      kalon_report_table_add_row (table, row->name);
      for (guint a = 0; a < G_N_ELEMENTS (aspects); a++)
        kalon_report_table_set_estimate (table, a, &row->aspects[aspects[a]].gain);
      kalon_report_table_set_number (table, 3, row->aspects[KALON_HPIR_AESTHETIC].p);
      kalon_report_table_set_number (table, 4, row->aspects[KALON_HPIR_ACCURACY].p);
    }
}

static void
add_align (KalonReportSection *section, const KalonAlignFigures *figures)
{
  static const KalonReportColumn columns[] = {
    { "judged", "Judge's score", KALON_REPORT_CHANGE },
    { "better", "Clean ones", KALON_REPORT_POINTS },
    { "diversity", "Diversity", KALON_REPORT_CHANGE },
    { "recall", "Recall@10", KALON_REPORT_POINTS },
  };
  static const KalonAlignFigure shown[] = { KALON_ALIGN_JUDGED, KALON_ALIGN_BETTER,
                                            KALON_ALIGN_DIVERSITY, KALON_ALIGN_RECALL_EITHER };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "align",
      "Photos with spoilt copies: gain of the ten best over the baseline, query by query",
      "Ranking", columns, G_N_ELEMENTS (columns));

  for (guint r = 1; r < figures->rows->len; r++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, r);

      kalon_report_table_add_row (table, row->name);
      for (guint f = 0; f < G_N_ELEMENTS (shown); f++)
        kalon_report_table_set_estimate (table, f, &row->gains[shown[f]]);
    }
}

void
kalon_evidence_add_components (KalonReport *report, const char *id, const KalonEvidence *evidence)
{
  KalonReportSection *section;
  guint n_hpir = evidence->hpir != NULL ? evidence->hpir->len : 0;
  gboolean is_synthetic = FALSE;

  if (n_hpir == 0 && evidence->align == NULL)
    return;
  section = kalon_report_add_section (report, id, "Each component's share");
  for (guint i = 0; i < n_hpir; i++)
    is_synthetic = is_synthetic || ((KalonHpirFigures *) evidence->hpir->pdata[i])->is_synthetic;
  if (is_synthetic)
    kalon_report_section_set_synthetic (section, "Sets that are called made up were judged by a "
                                                 "program and by no human being.");
  kalon_report_section_add_text (
      section,
      "The ablation: rephrasing, the aesthetic term and each kind of adapter (DPO) alone, then "
      "together. “Repeat” and “reorg” are controls, which rephrase without adding anything: what "
      "they gain is no gain of the words. Parts need not add up.");
  for (guint i = 0; i < n_hpir; i++)
    add_hpir (section, evidence->hpir->pdata[i], i + 1);
  if (evidence->align != NULL)
    add_align (section, evidence->align);
}
