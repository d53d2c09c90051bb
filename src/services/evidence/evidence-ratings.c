/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/kalon-evidence-private.h"

void
kalon_evidence_add_ratings (KalonReport *report, const char *id, const KalonRatingFigures *figures)
{
  static const KalonReportColumn columns[] = {
    { "spearman", "Spearman", KALON_REPORT_NUMBER },
    { "pearson", "Pearson", KALON_REPORT_NUMBER },
    { "accuracy", "Side of the middle", KALON_REPORT_SHARE },
    { "pictures", "Pictures", KALON_REPORT_COUNT },
  };
  KalonReportSection *section
      = kalon_report_add_section (report, id, "Aesthetic scores and ratings");
  KalonReportTable *table;

  kalon_report_section_add_text (
      section,
      "Correlation of aesthetic scores with ratings by people, and the share of pictures that "
      "both put on the same side of the middle: %.2f of the ratings, 5 of the scores. Who says the "
      "same of every picture is right for %.1f %%. In brackets 95 %% bootstrap intervals, which "
      "draw pictures.",
      figures->threshold, 100 * figures->majority);
  table = kalon_report_section_add_table (section, "models", "Scores beside ratings",
                                          "Aesthetic model", columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonRatingRow *row = g_ptr_array_index (figures->rows, i);

      kalon_report_table_add_row (table, row->model);
      kalon_report_table_set_estimate (table, 0, &row->spearman);
      kalon_report_table_set_estimate (table, 1, &row->pearson);
      kalon_report_table_set_estimate (table, 2, &row->accuracy);
      kalon_report_table_set_number (table, 3, (double) figures->n_pictures);
    }
}
