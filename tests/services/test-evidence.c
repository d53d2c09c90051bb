/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "evidence/kalon-evidence-private.h"

static void
check_gain (double mean, double low, double high, KalonReportUnit unit, const char *expected)
{
  const KalonEstimate gain = { mean, low, high };
  g_autoptr (GString) text = g_string_new (NULL);

  kalon_evidence_append_gain (text, "looks", &gain, unit);
  g_assert_cmpstr (text->str, ==, expected);
}

/* Whatever came out, the words say that. */
static void
test_words (void)
{
  const KalonReportUnit points = KALON_REPORT_POINTS, number = KALON_REPORT_CHANGE;

  check_gain (0.042, 0.02, 0.064, points, "it gained 4.2 points (2.0 to 6.4) on looks");
  check_gain (-0.042, -0.064, -0.02, points, "it cost 4.2 points (2.0 to 6.4) on looks");
  check_gain (0.04, 0.03, 0.05, number, "it gained 0.04 (0.03 to 0.05) on looks");
  check_gain (-0.04, -0.05, -0.03, number, "it cost 0.04 (0.03 to 0.05) on looks");
  check_gain (0.01, -0.02, 0.04, points,
              "on looks no difference can be told from chance (+1.0 points, −2.0 to +4.0)");
  check_gain (-0.01, -0.04, 0.02, number,
              "on looks no difference can be told from chance (−0.01, −0.04 to +0.02)");
  check_gain (0.01, 0, 0.02, points,
              "on looks no difference can be told from chance (+1.0 points, 0.0 to +2.0)");
  check_gain (0.01, 1e-17, 0.02, points,
              "on looks no difference can be told from chance (+1.0 points, 0.0 to +2.0)");
  check_gain (0, 0, 0, points, "on looks nothing changed");
  check_gain (1e-18, -1e-17, 1e-17, number, "on looks nothing changed");
  check_gain (NAN, NAN, NAN, points, "of looks nothing is known");
}

static void
assert_cell (KalonReport *report, const char *section, const char *table, const char *row,
             const char *column, double expected)
{
  KalonReportSection *found = kalon_report_find_section (report, section);
  KalonReportTable *cells;
  KalonEstimate estimate;

  g_assert_nonnull (found);
  cells = kalon_report_section_find_table (found, table);
  g_assert_nonnull (cells);
  g_assert_true (kalon_report_table_get (cells, row, column, &estimate));
  g_assert_cmpfloat_with_epsilon (estimate.mean, expected, 1e-9);
}

/* @gain: of the aesthetics, and what accuracy loses */
static KalonHpirFigures *
make_hpir (const char *name, gboolean is_synthetic, double gain)
{
  static const char *const names[] = { "baseline", "aesthetics", "all, image", "all, query" };
  static const KalonHpirRole roles[]
      = { KALON_HPIR_BASELINE, KALON_HPIR_PART, KALON_HPIR_ALIGNED, KALON_HPIR_ALIGNED };
  KalonHpirFigures *figures = g_new0 (KalonHpirFigures, 1);

  figures->name = g_strdup (name);
  figures->is_synthetic = is_synthetic;
  figures->rows = g_ptr_array_new ();
  for (guint r = 0; r < G_N_ELEMENTS (names); r++)
    {
      KalonHpirRow *row = g_new0 (KalonHpirRow, 1);
      double of_row = gain * r;

      row->name = g_strdup (names[r]);
      row->role = roles[r];
      row->aspects[KALON_HPIR_AESTHETIC].gain
          = (KalonEstimate){ of_row, of_row - 0.01, of_row + 0.01 };
      row->aspects[KALON_HPIR_ACCURACY].gain = (KalonEstimate){ -of_row, -of_row, -of_row };
      row->aspects[KALON_HPIR_DIVERSITY].gain = (KalonEstimate){ NAN, NAN, NAN };
      row->aspects[KALON_HPIR_AESTHETIC].p = 0.25;
      g_ptr_array_add (figures->rows, row);
    }
  return figures;
}

static void
hpir_free (gpointer data)
{
  KalonHpirFigures *figures = data;

  for (guint r = 0; r < figures->rows->len; r++)
    {
      g_free (((KalonHpirRow *) figures->rows->pdata[r])->name);
      g_free (figures->rows->pdata[r]);
    }
  g_ptr_array_unref (figures->rows);
  g_free (figures->name);
  g_free (figures);
}

static KalonDomainFigures *
make_domain (const char *name, double gain)
{
  KalonDomainFigures *domain = g_new0 (KalonDomainFigures, 1);

  domain->name = g_strdup (name);
  domain->n_pictures = 12;
  domain->n_classes = 3;
  domain->n_wordings = 4;
  domain->figures[0][KALON_DOMAIN_PRECISION] = (KalonEstimate){ 0.5, 0.4, 0.6 };
  domain->figures[1][KALON_DOMAIN_PRECISION] = (KalonEstimate){ 0.5 + gain, 0.4, 0.6 };
  domain->gains[KALON_DOMAIN_PRECISION] = (KalonEstimate){ gain, gain - 0.01, gain + 0.01 };
  domain->overlap = (KalonEstimate){ 0.75, 0.7, 0.8 };
  return domain;
}

static gboolean
has_text (KalonReport *report, const char *part)
{
  g_autofree char *text = kalon_report_to_text (report);
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
  g_autoptr (GString) line = g_string_new (NULL);

  /* Lines are broken anywhere. */
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_printf (line, "%s ", words[i]);
  return strstr (line->str, part) != NULL;
}

/* The reading at the top, for gains and for losses; made-up sets are called so. */
static void
test_summary (void)
{
  for (int sign = -1; sign <= 1; sign += 2)
    {
      g_autoptr (KalonReport) report = kalon_report_new ("Evidence");
      KalonReportSection *summary = kalon_report_add_section (report, "reading", "Reading");
      g_autoptr (GPtrArray) hpir = g_ptr_array_new_with_free_func (hpir_free);
      g_autoptr (GPtrArray) domains
          = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_domain_figures_free);
      const KalonEvidence evidence = { .hpir = hpir, .domains = domains };

      g_ptr_array_add (hpir, make_hpir ("Set", sign > 0, sign * 0.05));
      g_ptr_array_add (domains, make_domain ("petals", sign * 0.03));
      kalon_evidence_add_components (report, "components", &evidence);
      kalon_evidence_add_domains (report, "domains", domains, "nothing");
      kalon_evidence_sum_up (summary, &evidence);

      g_assert_true (kalon_report_section_is_synthetic (summary) == (sign > 0));
      g_assert_true (
          kalon_report_section_is_synthetic (kalon_report_find_section (report, "components"))
          == (sign > 0));
      g_assert_true (has_text (report, sign > 0
                                           ? "it gained 10.0 points (9.0 to 11.0) on aesthetics"
                                           : "it cost 10.0 points (9.0 to 11.0) on aesthetics"));
      g_assert_true (has_text (report, sign > 0
                                           ? "it gained 3.0 points (2.0 to 4.0) on precision@10"
                                           : "it cost 3.0 points (2.0 to 4.0) on precision@10"));
      g_assert_cmpstr (
          kalon_report_section_get_title (kalon_report_find_section (report, "components")), ==,
          "Each component's share");
      assert_cell (report, "components", "hpir-1", "aesthetics", "aesthetic", sign * 0.05);
      assert_cell (report, "components", "hpir-1", "aesthetics", "aesthetic_p", 0.25);
      assert_cell (report, "domains", "precision", "petals", "change", sign * 0.03);
      assert_cell (report, "domains", "overlap", "petals", "overlap", 0.75);
      assert_cell (report, "domains", "domains", "petals", "pictures", 12);
    }
}

/* A control that gained as much says that the words did not. */
static void
test_rephrase (void)
{
  g_autoptr (KalonReport) report = kalon_report_new ("Styles");
  g_autoptr (KalonRephraseFigures) figures = g_new0 (KalonRephraseFigures, 1);
  static const char *const models[] = { "own", "clip-iqa", NULL };

  figures->models = g_strdupv ((GStrv) models);
  figures->n_queries = 5;
  figures->n_pictures = 7;
  figures->share = 0.25f;
  figures->n_figures = KALON_N_REPHRASE_FIGURES + 2;
  figures->rows = g_ptr_array_new_with_free_func (g_free);
  figures->rephrased = g_new0 (char *, KALON_N_REPHRASE_STYLES + 1);
  for (guint style = 0; style < KALON_N_REPHRASE_STYLES; style++)
    {
      KalonRephraseRow *row
          = g_malloc0 (sizeof (KalonRephraseRow) + 2 * figures->n_figures * sizeof (KalonEstimate));

      row->style = (KalonRephraseStyle) style;
      row->figures = (KalonEstimate *) (row + 1);
      row->gains = row->figures + figures->n_figures;
      for (guint m = 0; m < 2; m++)
        row->gains[KALON_N_REPHRASE_FIGURES + m] = (KalonEstimate){ 0.2, 0.1, 0.3 };
      if (style == KALON_REPHRASE_REPEAT || style == KALON_REPHRASE_REORG)
        row->gains[KALON_N_REPHRASE_FIGURES] = (KalonEstimate){ 0, -0.05, 0.05 };
      row->figures[KALON_REPHRASE_RECALL_10] = (KalonEstimate){ 0.4 + 0.01 * style, 0.3, 0.5 };
      row->n_stands_in = style == KALON_REPHRASE_K_LIST ? 2 : 0;
      row->notice = style == KALON_REPHRASE_K_LIST ? (char *) "It is asleep." : NULL;
      figures->rephrased[style] = g_strdup (kalon_rephrase_style_get_name (style));
      g_ptr_array_add (figures->rows, row);
    }
  kalon_evidence_add_rephrase (report, "rephrase", figures);
  g_assert_true (has_text (report, "it gained 0.20 (0.10 to 0.30) on the looks of the ten best by "
                                   "“own”, more than with either control"));
  g_assert_true (has_text (report, "it gained 0.20 (0.10 to 0.30) on the looks of the ten best by "
                                   "“clip-iqa”, no more than a control may have gained"));
  g_assert_true (has_text (report, "2 by word lists in its place: It is asleep."));
  assert_cell (report, "rephrase", "answers", "k-list", "recall_10", 0.42);
  assert_cell (report, "rephrase", "looks-changes", "detail", "clip-iqa", 0.2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/evidence/words", test_words);
  g_test_add_func ("/evidence/summary", test_summary);
  g_test_add_func ("/evidence/rephrase", test_rephrase);

  return g_test_run ();
}
