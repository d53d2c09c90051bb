/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/kalon-evidence-private.h"

/* Of kinds: more bars are a wall. */
#define N_HARDEST 10

/* (transfer full): "blur, mild", "any kind, mild", "all" */
static char *
dup_name (const KalonPairOutcome *outcome)
{
  if (outcome->kind == NULL && outcome->severity == NULL)
    return g_strdup ("all");
  return g_strdup_printf ("%s, %s", outcome->kind != NULL ? outcome->kind : "any kind",
                          outcome->severity != NULL ? outcome->severity : "all");
}

static int
compare_outcomes (gconstpointer a, gconstpointer b)
{
  const KalonPairOutcome *x = *(KalonPairOutcome *const *) a;
  const KalonPairOutcome *y = *(KalonPairOutcome *const *) b;

  return x->share.mean < y->share.mean ? -1 : x->share.mean > y->share.mean;
}

/* All, by severity, and the hardest kinds. */
static void
add_bars (KalonReportSection *section, const KalonPairFigures *figures)
{
  g_auto (KalonEvidenceBars) bars = { 0 };
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();
  g_autoptr (GPtrArray) kinds = g_ptr_array_new ();

  for (guint i = 0; i < figures->outcomes->len; i++)
    {
      KalonPairOutcome *outcome = g_ptr_array_index (figures->outcomes, i);

      g_ptr_array_add (outcome->kind == NULL ? shown : kinds, outcome);
    }
  g_ptr_array_sort (kinds, compare_outcomes);
  for (guint i = 0; i < MIN (kinds->len, N_HARDEST); i++)
    g_ptr_array_add (shown, g_ptr_array_index (kinds, i));
  kalon_evidence_bars_init (&bars);
  for (guint i = 0; i < shown->len; i++)
    {
      const KalonPairOutcome *outcome = g_ptr_array_index (shown, i);

      kalon_evidence_bars_take (&bars, dup_name (outcome), &outcome->share);
    }
  kalon_evidence_bars_add (&bars, section, "better-above",
                           kinds->len > N_HARDEST
                               ? "How often the better picture has the higher score: in all, by "
                                 "severity, and of the hardest kinds"
                               : "How often the better picture has the higher score",
                           "Pairs", "Better one above", KALON_CHART_SHARE, 0.5, "chance");
}

KalonReportSection *
kalon_evidence_add_pairs (KalonReport *report, const char *id, const char *of,
                          const KalonPairFigures *figures)
{
  static const KalonReportColumn columns[] = {
    { "pairs", "Pairs", KALON_REPORT_COUNT },
    { "share", "Better above", KALON_REPORT_SHARE },
    { "difference", "Mean difference of scores", KALON_REPORT_CHANGE },
  };
  KalonReportSection *section
      = kalon_evidence_add_section (report, id, "Aesthetic scores of pairs", of);
  KalonReportTable *table;

  kalon_report_section_add_text (
      section,
      "Of two pictures, one is known to be the better. The share of pairs is given in which it has "
      "the higher aesthetic score (a tie is half; chance is 50 %%), of %" G_GSIZE_FORMAT
      " pictures. Intervals draw better pictures, each with all its pairs.",
      figures->n_pictures);
  add_bars (section, figures);
  table = kalon_report_section_add_table (section, "pairs", "Pairs by kind and severity", "Pairs",
                                          columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < figures->outcomes->len; i++)
    {
      const KalonPairOutcome *outcome = g_ptr_array_index (figures->outcomes, i);
      g_autofree char *name = dup_name (outcome);

      kalon_report_table_add_row (table, name);
      kalon_report_table_set_number (table, 0, (double) outcome->n_pairs);
      kalon_report_table_set_estimate (table, 1, &outcome->share);
      kalon_report_table_set_number (table, 2, outcome->difference);
    }
  return section;
}
