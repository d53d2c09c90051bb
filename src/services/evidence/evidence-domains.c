/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains beside each other as a section of a report. */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

static void
add_sizes (KalonReportSection *section, GPtrArray *domains)
{
  static const KalonReportColumn columns[] = {
    { "pictures", "Pictures", KALON_REPORT_COUNT },
    { "classes", "Classes", KALON_REPORT_COUNT },
    { "failed", "Not read", KALON_REPORT_COUNT },
    { "accuracy_chance", "Top-1 by chance", KALON_REPORT_SHARE },
    { "precision_chance", "Precision by chance", KALON_REPORT_SHARE },
  };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "domains", "The domains", "Domain", columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < domains->len; i++)
    {
      const KalonDomainFigures *domain = g_ptr_array_index (domains, i);

      kalon_report_table_add_row (table, domain->name);
      kalon_report_table_set_number (table, 0, (double) domain->n_pictures);
      kalon_report_table_set_number (table, 1, (double) domain->n_classes);
      kalon_report_table_set_number (table, 2, (double) domain->n_failed);
      kalon_report_table_set_number (table, 3, domain->accuracy_chance);
      kalon_report_table_set_number (table, 4, domain->precision_chance);
    }
}

/* Baseline, aligned and change of one figure. */
static void
add_figure (KalonReportSection *section, GPtrArray *domains, const char *id, const char *title,
            gboolean is_share, const KalonEstimate *(*get) (const KalonDomainFigures *, guint))
{
  const KalonReportColumn columns[] = {
    { "baseline", "Baseline", is_share ? KALON_REPORT_SHARE : KALON_REPORT_NUMBER },
    { "aligned", "Aligned", is_share ? KALON_REPORT_SHARE : KALON_REPORT_NUMBER },
    { "change", "Change", is_share ? KALON_REPORT_POINTS : KALON_REPORT_CHANGE },
  };
  KalonReportTable *table = kalon_report_section_add_table (section, id, title, "Domain", columns,
                                                            G_N_ELEMENTS (columns));

  for (guint i = 0; i < domains->len; i++)
    {
      kalon_report_table_add_row (table, ((KalonDomainFigures *) domains->pdata[i])->name);
      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        kalon_report_table_set_estimate (table, c, get (domains->pdata[i], c));
    }
}

/* @column: 0 baseline, 1 aligned, 2 change */
static const KalonEstimate *
get_accuracy (const KalonDomainFigures *domain, guint column)
{
  return column == 2 ? &domain->accuracy_gain : &domain->accuracy[column];
}

#define DEFINE_GET(name, figure)                                                                   \
  static const KalonEstimate *get_##name (const KalonDomainFigures *domain, guint column)          \
  {                                                                                                \
    return column == 2 ? &domain->gains[figure] : &domain->figures[column][figure];                \
  }

DEFINE_GET (precision, KALON_DOMAIN_PRECISION)
DEFINE_GET (r_precision, KALON_DOMAIN_R_PRECISION)
DEFINE_GET (aesthetic, KALON_DOMAIN_AESTHETIC)
DEFINE_GET (stability, KALON_DOMAIN_STABILITY)

static void
add_overlap (KalonReportSection *section, GPtrArray *domains)
{
  static const KalonReportColumn column = { "overlap", "Overlap@10", KALON_REPORT_SHARE };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "overlap", "What of the ten best stays when they are aligned", "Domain", &column, 1);

  for (guint i = 0; i < domains->len; i++)
    {
      const KalonDomainFigures *domain = g_ptr_array_index (domains, i);

      kalon_report_table_add_row (table, domain->name);
      kalon_report_table_set_estimate (table, 0, &domain->overlap);
    }
}

char *
kalon_evidence_describe_domain (const KalonDomainFigures *domain)
{
  GString *text;

  g_return_val_if_fail (domain != NULL, NULL);

  text = g_string_new (NULL);
  g_string_append_printf (text, "“%s”, aligned against the baseline: ", domain->name);
  kalon_evidence_append_gain (text, "precision@10", &domain->gains[KALON_DOMAIN_PRECISION],
                              KALON_REPORT_POINTS);
  g_string_append (text, "; ");
  kalon_evidence_append_gain (text, "zero-shot accuracy", &domain->accuracy_gain,
                              KALON_REPORT_POINTS);
  g_string_append (text, "; ");
  kalon_evidence_append_gain (text, "the looks of the ten best",
                              &domain->gains[KALON_DOMAIN_AESTHETIC], KALON_REPORT_CHANGE);
  g_string_append (text, "; ");
  kalon_evidence_append_gain (text, "stability", &domain->gains[KALON_DOMAIN_STABILITY],
                              KALON_REPORT_POINTS);
  g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}

void
kalon_evidence_add_domains (KalonReport *report, const char *id, GPtrArray *domains,
                            const char *aligned_by)
{
  KalonReportSection *section = kalon_report_add_section (report, id, "Domains beside each other");
  g_auto (KalonEvidenceBars) bars = { 0 };

  kalon_report_section_add_text (
      section,
      "Pictures in class folders. Each class is searched for in %" G_GSIZE_FORMAT " wordings; "
      "figures are means over them, and stability is the share of the ten best that two wordings "
      "have in common. Aligned is by %s. Zero-shot accuracy is that of the model and of the model "
      "under the adapter. Intervals draw classes, of the accuracy pictures.",
      ((KalonDomainFigures *) domains->pdata[0])->n_wordings, aligned_by);
  for (guint i = 0; i < domains->len; i++)
    {
      g_autofree char *text = kalon_evidence_describe_domain (domains->pdata[i]);

      kalon_report_section_add_text (section, "%s", text);
    }
  add_sizes (section, domains);
  add_figure (section, domains, "accuracy", "Zero-shot accuracy, top 1", TRUE, get_accuracy);
  add_figure (section, domains, "precision", "Precision@10 of class queries", TRUE, get_precision);
  add_figure (section, domains, "r-precision", "R-precision of class queries", TRUE,
              get_r_precision);
  add_figure (section, domains, "looks", "Mean aesthetic score of the ten best", FALSE,
              get_aesthetic);
  add_figure (section, domains, "stability", "Stability: what two wordings have in common", TRUE,
              get_stability);
  add_overlap (section, domains);
  kalon_evidence_bars_init (&bars);
  for (guint i = 0; i < domains->len; i++)
    {
      const KalonDomainFigures *domain = g_ptr_array_index (domains, i);

      for (guint r = 0; r < 2; r++)
        kalon_evidence_bars_take (
            &bars, g_strdup_printf ("%s, %s", domain->name, r == 0 ? "baseline" : "aligned"),
            &domain->figures[r][KALON_DOMAIN_PRECISION]);
    }
  kalon_evidence_bars_add (&bars, section, "precision-chart", "Precision@10 by domain", "Domain",
                           "precision@10", KALON_CHART_SHARE, NAN, NULL);
}
