/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What alignment gained and cost, from all that was measured. */
#include "evidence/kalon-evidence-private.h"

static void
sum_up_hpir (KalonReportSection *summary, GPtrArray *hpir)
{
  g_autoptr (GString) made_up = g_string_new (NULL);

  for (guint i = 0; i < hpir->len; i++)
    {
      const KalonHpirFigures *figures = g_ptr_array_index (hpir, i);
      const KalonHpirRow *row = kalon_hpir_figures_get_aligned (figures);
      g_autofree char *text = row != NULL ? kalon_evidence_describe_hpir_row (row) : NULL;

      if (figures->is_synthetic)
        g_string_append_printf (made_up, "%s“%s”", made_up->len > 0 ? ", " : "", figures->name);
      if (text != NULL)
        kalon_report_section_add_text (summary, "%s%s: %s", figures->name,
                                       figures->is_synthetic ? " (made up)" : "", text);
    }
  if (made_up->len > 0)
    {
      g_string_append (made_up, ": no human being has judged these; a program made them up. What "
                                "is said of them shows that the machinery works, and not what "
                                "people prefer.");
      kalon_report_section_set_synthetic (summary, made_up->str);
    }
}

static void
sum_up_align (KalonReportSection *summary, const KalonAlignFigures *figures, KalonAdapterKind kind)
{
  static const struct
  {
    KalonAlignFigure figure;
    const char *title;
    KalonReportUnit unit;
  } shown[] = {
    { KALON_ALIGN_JUDGED, "the judge's score of the ten best", KALON_REPORT_CHANGE },
    { KALON_ALIGN_BETTER, "clean copies among the ten best", KALON_REPORT_POINTS },
    { KALON_ALIGN_DIVERSITY, "diversity", KALON_REPORT_CHANGE },
    { KALON_ALIGN_RECALL_EITHER, "recall@10", KALON_REPORT_POINTS },
  };
  g_autofree char *name = g_strdup_printf ("all, %s", kalon_adapter_kind_get_name (kind));

  for (guint r = 0; r < figures->rows->len; r++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, r);
      g_autoptr (GString) text = g_string_new (NULL);

      if (!g_str_equal (row->name, name))
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
        {
          g_string_append (text, i > 0 ? "; " : "");
          kalon_evidence_append_gain (text, shown[i].title, &row->gains[shown[i].figure],
                                      shown[i].unit);
        }
      kalon_report_section_add_text (
          summary, "Photos with spoilt copies, “%s” against the baseline: %s.", name, text->str);
    }
}

static void
sum_up_rephrase (KalonReportSection *summary, const KalonRephraseFigures *figures)
{
  for (guint i = 0; i < figures->rows->len; i++)
    if (((KalonRephraseRow *) figures->rows->pdata[i])->style == KALON_REPHRASE_DEFAULT_STYLE)
      {
        g_autofree char *text = kalon_evidence_describe_style (figures, i);

        kalon_report_section_add_text (summary, "Rephrasing alone: %s", text);
      }
}

void
kalon_evidence_sum_up (KalonReportSection *summary, const KalonEvidence *evidence)
{
  g_return_if_fail (summary != NULL && evidence != NULL);

  kalon_report_section_add_text (
      summary, "Aligned rankings against the baseline, the frozen encoder on the words as typed. "
               "A gain or a cost is only called so where its 95 %% interval leaves out zero.");
  if (evidence->hpir != NULL)
    sum_up_hpir (summary, evidence->hpir);
  if (evidence->align != NULL)
    sum_up_align (summary, evidence->align, evidence->kind);
  if (evidence->rephrase != NULL)
    sum_up_rephrase (summary, evidence->rephrase);
  for (guint i = 0; evidence->domains != NULL && i < evidence->domains->len; i++)
    {
      g_autofree char *text = kalon_evidence_describe_domain (evidence->domains->pdata[i]);

      kalon_report_section_add_text (summary, "Domain %s", text);
    }
}
