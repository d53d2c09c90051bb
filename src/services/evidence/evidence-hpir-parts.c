/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agreement on an HPIR set by kind of item and by people, and the people themselves. */
#include "evidence/kalon-evidence-private.h"

#define N KALON_N_HPIR_ASPECTS

static void
add_splits (KalonReportSection *section, const KalonHpirFigures *figures, gboolean of_people,
            KalonHpirAspect aspect)
{
  static const KalonReportColumn columns[] = {
    { "items", "Items", KALON_REPORT_COUNT },
    { "baseline", "Baseline", KALON_REPORT_SHARE },
    { "aligned", "Aligned", KALON_REPORT_SHARE },
    { "gain", "Gain", KALON_REPORT_POINTS },
  };
  const KalonHpirRow *aligned = kalon_hpir_figures_get_aligned (figures);
  const char *name = kalon_evidence_hpir_titles[aspect];
  g_autofree char *id = g_strdup_printf ("%s-%s", of_people ? "people" : "kinds",
                                         kalon_hpir_aspect_get_name (aspect));
  g_autofree char *title = NULL;
  KalonReportTable *table = NULL;
  guint row = 0;

  if (aligned == NULL)
    return;
  g_ptr_array_find (figures->rows, aligned, &row);
  title = g_strdup_printf ("Agreement on %s by %s: baseline and “%s”", name,
                           of_people ? "who judged" : "what the groups differ in", aligned->name);
  for (guint s = 0; s < figures->splits->len; s++)
    {
      const KalonHpirSplit *split = g_ptr_array_index (figures->splits, s);

      if (split->is_of_people != of_people || split->n_items[aspect] == 0)
        continue;
      if (table == NULL)
        table = kalon_report_section_add_table (section, id, title, of_people ? "People" : "Kind",
                                                columns, G_N_ELEMENTS (columns));
      kalon_report_table_add_row (table, split->name);
      kalon_report_table_set_number (table, 0, split->n_items[aspect]);
      kalon_report_table_set_estimate (table, 1,
                                       &g_array_index (split->agreement, KalonEstimate, aspect));
      kalon_report_table_set_estimate (
          table, 2, &g_array_index (split->agreement, KalonEstimate, row * N + aspect));
      kalon_report_table_set_estimate (
          table, 3, &g_array_index (split->gains, KalonEstimate, row * N + aspect));
    }
}

void
kalon_evidence_add_hpir_splits (KalonReportSection *section, const KalonHpirFigures *figures)
{
  for (guint a = 0; a < N; a++)
    add_splits (section, figures, FALSE, a);
  for (guint a = 0; a < N; a++)
    add_splits (section, figures, TRUE, a);
}

void
kalon_evidence_add_hpir_labelers (KalonReportSection *section, const KalonHpirFigures *figures)
{
  static const KalonReportColumn columns[1 + 2 * N] = {
    { "labels", "Items", KALON_REPORT_COUNT },
    { "accuracy", "Accuracy", KALON_REPORT_SHARE },
    { "aesthetic", "Aesthetics", KALON_REPORT_SHARE },
    { "diversity", "Diversity", KALON_REPORT_SHARE },
    { "accuracy_again", "Accuracy, again", KALON_REPORT_SHARE },
    { "aesthetic_again", "Aesthetics, again", KALON_REPORT_SHARE },
    { "diversity_again", "Diversity, again", KALON_REPORT_SHARE },
  };
  KalonReportTable *table;

  if (figures->labelers->len == 0)
    return;
  table = kalon_report_section_add_table (
      section, "labelers",
      "The human ceiling: agreement of each person with most of the others, and with what the same "
      "person said before",
      "Labeler", columns, G_N_ELEMENTS (columns));
  for (guint l = 0; l < figures->labelers->len; l++)
    {
      const KalonHpirLabelerRow *labeler = g_ptr_array_index (figures->labelers, l);

      kalon_report_table_add_row (table, labeler->id);
      kalon_report_table_set_number (table, 0, labeler->figures.n_labels);
      for (guint a = 0; a < N; a++)
        {
          if (labeler->figures.n_compared[a] > 0)
            kalon_report_table_set_estimate (table, 1 + a, &labeler->figures.with_others[a]);
          if (labeler->figures.n_repeats[a] > 0)
            kalon_report_table_set_estimate (table, 1 + N + a, &labeler->figures.consistency[a]);
        }
    }
}
