/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "evidence/kalon-evidence-private.h"

static const KalonEstimate unknown = { NAN, NAN, NAN };

static char *
describe (KalonEstimate accuracy, KalonEstimate aesthetic, KalonEstimate diversity)
{
  KalonHpirRow row = { .name = (char *) "all, query", .role = KALON_HPIR_ALIGNED };

  row.aspects[KALON_HPIR_ACCURACY].gain = accuracy;
  row.aspects[KALON_HPIR_AESTHETIC].gain = aesthetic;
  row.aspects[KALON_HPIR_DIVERSITY].gain = diversity;
  return kalon_evidence_describe_hpir_row (&row);
}

/* Whatever came out, the words say that. */
static void
test_words (void)
{
  const KalonEstimate none = { 0, 0, 0 };
  g_autofree char *good
      = describe ((KalonEstimate){ 0.02, -0.005, 0.05 }, (KalonEstimate){ 0.124, 0.1, 0.15 }, none);
  g_autofree char *likely = describe ((KalonEstimate){ -0.009, -0.02, 0.01 },
                                      (KalonEstimate){ 0.1, 0.01, 0.2 }, unknown);
  g_autofree char *costly
      = describe ((KalonEstimate){ -0.05, -0.08, -0.02 }, (KalonEstimate){ 0.2, 0.1, 0.3 }, none);
  g_autofree char *weak = describe (none, (KalonEstimate){ -0.001, -0.03, 0.02 },
                                    (KalonEstimate){ 0.03, 0.01, 0.05 });
  g_autofree char *bad = describe ((KalonEstimate){ -0.05, -0.08, -0.02 },
                                   (KalonEstimate){ -0.1, -0.2, -0.04 }, none);
  g_autofree char *half = describe (unknown, (KalonEstimate){ 0.2, 0.1, 0.3 }, none);

  g_assert_cmpstr (good, ==,
                   "“all, query” against the baseline, in agreement with people: it gained 12.4 "
                   "points (10.0 to 15.0) on aesthetics; on diversity nothing changed; on accuracy "
                   "no difference can be told from chance (+2.0 points, −0.5 to +5.0). The aim, "
                   "+9.6 points on aesthetics for at most 1 point of accuracy, is reached.");
  g_assert_nonnull (strstr (likely, "of diversity nothing is known; on accuracy no difference can "
                                    "be told from chance (−0.9 points, −2.0 to +1.0)."));
  g_assert_nonnull (strstr (likely, "is reached by the means, though not by the whole of the"));
  g_assert_nonnull (strstr (costly, "it cost 5.0 points (2.0 to 8.0) on accuracy."));
  g_assert_nonnull (strstr (costly, "is missed by the means: accuracy lost more."));
  g_assert_nonnull (strstr (weak, "on aesthetics no difference can be told from chance (−0.1 "
                                  "points, −3.0 to +2.0); it gained 3.0 points (1.0 to 5.0) on "
                                  "diversity; on accuracy nothing changed."));
  g_assert_nonnull (strstr (weak, "is missed by the means: aesthetics gained less."));
  g_assert_nonnull (strstr (bad, "it cost 10.0 points (4.0 to 20.0) on aesthetics"));
  g_assert_nonnull (strstr (bad, "aesthetics gained less, and accuracy lost more."));
  g_assert_null (strstr (half, "The aim"));
}

/* Two items, two rankings, one of each table's rows. */
typedef struct
{
  KalonHpirSet *set;
  KalonHpirFigures figures;
  KalonHpirRow rows[3];
  KalonHpirSplit split;
  KalonHpirLabelerRow labeler;
  KalonHpirScorer scorer;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "baseline", "aesthetics", "rephrase + aesthetics" };
  static const KalonHpirRole roles[] = { KALON_HPIR_BASELINE, KALON_HPIR_PART, KALON_HPIR_ALIGNED };
  KalonHpirFigures *figures = &fixture->figures;
  KalonHpirExample example = { .item = 1,
                               .row = 2,
                               .baseline = KALON_HPIR_CHOICE_NEITHER,
                               .aligned = KALON_HPIR_CHOICE_B,
                               .gold = 1,
                               .is_right = TRUE };
  const guint items[] = { 0, 1 };

  fixture->set = kalon_hpir_set_new ("Made up", "/nowhere");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      KalonHpirItem *item = kalon_hpir_set_add_item (fixture->set, id, "a cat");

      kalon_hpir_item_add_picture (item, 0, "a.png", NULL);
      kalon_hpir_item_add_picture (item, 1, "b.png", NULL);
    }
  *figures
      = (KalonHpirFigures){ .name = (char *) "Made up", .is_synthetic = TRUE, .n_pictures = 2 };
  figures->items = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_vals (figures->items, items, 2);
  figures->rows = g_ptr_array_new ();
  figures->splits = g_ptr_array_new ();
  figures->labelers = g_ptr_array_new ();
  figures->scorers = g_ptr_array_new ();
  figures->examples = g_array_new (FALSE, FALSE, sizeof (KalonHpirExample));
  g_array_append_val (figures->examples, example);
  fixture->split = (KalonHpirSplit){ .name = (char *) "degradation", .n_items = { 0, 2, 0 } };
  fixture->split.agreement = g_array_new (FALSE, FALSE, sizeof (KalonEstimate));
  fixture->split.gains = g_array_new (FALSE, FALSE, sizeof (KalonEstimate));
  g_ptr_array_add (figures->splits, &fixture->split);
  for (guint r = 0; r < 3; r++)
    {
      fixture->rows[r].name = (char *) names[r];
      fixture->rows[r].role = roles[r];
      for (guint a = 0; a < KALON_N_HPIR_ASPECTS; a++)
        {
          double share = a == KALON_HPIR_DIVERSITY ? NAN : 0.5 + 0.1 * r + 0.01 * a;
          double gain = a == KALON_HPIR_DIVERSITY ? NAN : 0.1 * r;
          const KalonEstimate agreement = { share, share - 0.1, share + 0.1 };
          const KalonEstimate more = { gain, gain - 0.05, gain + 0.05 };

          fixture->rows[r].aspects[a]
              = (KalonHpirAgreement){ agreement, agreement, more, more, 3 + r, r, 0.125 * r };
          g_array_append_val (fixture->split.agreement, agreement);
          g_array_append_val (fixture->split.gains, more);
        }
      g_ptr_array_add (figures->rows, &fixture->rows[r]);
    }
  for (guint a = 0; a < KALON_N_HPIR_ASPECTS; a++)
    {
      figures->n_gold[a] = a == KALON_HPIR_DIVERSITY ? 0 : 2;
      figures->confidence[a] = a == KALON_HPIR_DIVERSITY ? unknown : (KalonEstimate){ 0.9, 0.8, 1 };
    }
  fixture->labeler.id = (char *) "anna";
  fixture->labeler.figures.n_labels = 2;
  fixture->labeler.figures.n_compared[KALON_HPIR_AESTHETIC] = 2;
  fixture->labeler.figures.with_others[KALON_HPIR_AESTHETIC] = (KalonEstimate){ 0.75, 0.5, 1 };
  g_ptr_array_add (figures->labelers, &fixture->labeler);
  fixture->scorer = (KalonHpirScorer){ .name = (char *) "own",
                                       .n_items = 2,
                                       .spearman = { 0.25, 0, 0.5 },
                                       .pearson = unknown,
                                       .n_decided = 2,
                                       .right = { 0.5, 0, 1 } };
  g_ptr_array_add (figures->scorers, &fixture->scorer);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->figures.rows);
  g_ptr_array_unref (fixture->figures.splits);
  g_ptr_array_unref (fixture->figures.labelers);
  g_ptr_array_unref (fixture->figures.scorers);
  g_array_unref (fixture->figures.examples);
  g_array_unref (fixture->figures.items);
  g_array_unref (fixture->split.agreement);
  g_array_unref (fixture->split.gains);
  kalon_hpir_set_free (fixture->set);
}

static void
assert_cell (const KalonReport *report, const char *section, const char *table, const char *row,
             const char *column, double expected)
{
  KalonReportSection *found = kalon_report_find_section (report, section);
  KalonEstimate estimate;

  g_assert_nonnull (found);
  g_assert_nonnull (kalon_report_section_find_table (found, table));
  g_assert_true (kalon_report_table_get (kalon_report_section_find_table (found, table), row,
                                         column, &estimate));
  g_assert_cmpfloat_with_epsilon (estimate.mean, expected, 1e-9);
}

static void
test_sections (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonReport) report = kalon_report_new ("A test");
  g_autofree char *text = NULL;
  KalonReportSection *section;

  kalon_evidence_add_hpir (report, "set", fixture->set, &fixture->figures);
  g_assert_cmpuint (kalon_report_get_n_sections (report), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_true (kalon_report_section_is_synthetic (kalon_report_get_section (report, i)));
  assert_cell (report, "set", "agreement", "aesthetics", "aesthetic", 0.61);
  assert_cell (report, "set", "agreement", "baseline", "accuracy_weighted", 0.5);
  assert_cell (report, "set", "agreement", "one of these people", "aesthetic", 0.9);
  assert_cell (report, "set", "gains", "rephrase + aesthetics", "accuracy", 0.2);
  assert_cell (report, "set", "gains", "rephrase + aesthetics", "accuracy_p", 0.25);
  assert_cell (report, "set", "gains", "aesthetics", "aesthetic_better", 4);
  assert_cell (report, "set", "gains", "aesthetics", "aesthetic_worse", 1);
  assert_cell (report, "set", "weighted-gains", "aesthetics", "aesthetic", 0.1);
  assert_cell (report, "set", "kinds-aesthetic", "degradation", "items", 2);
  assert_cell (report, "set", "kinds-aesthetic", "degradation", "baseline", 0.51);
  assert_cell (report, "set", "kinds-aesthetic", "degradation", "aligned", 0.71);
  assert_cell (report, "set", "kinds-aesthetic", "degradation", "gain", 0.2);
  assert_cell (report, "set", "labelers", "anna", "aesthetic", 0.75);
  assert_cell (report, "set-beauty", "correlation", "own", "spearman", 0.25);
  section = kalon_report_find_section (report, "set");
  /* Nobody was asked about diversity. */
  g_assert_cmpuint (kalon_report_section_get_n_charts (section), ==, 2);
  g_assert_null (kalon_report_section_find_table (section, "kinds-diversity"));
  g_assert_null (kalon_report_section_find_table (section, "people-aesthetic"));
  text = kalon_report_to_text (report);
  g_assert_nonnull (strstr (text, "SYNTHETIC"));
  g_assert_nonnull (strstr (text, "people B, baseline neither, aligned B"));
}

static void
test_real (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonReport) report = kalon_report_new ("A test");

  fixture->figures.is_synthetic = FALSE;
  g_array_set_size (fixture->figures.examples, 0);
  kalon_evidence_add_hpir (report, "set", fixture->set, &fixture->figures);
  g_assert_cmpuint (kalon_report_get_n_sections (report), ==, 2);
  g_assert_false (kalon_report_section_is_synthetic (kalon_report_get_section (report, 0)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/evidence-hpir/words", test_words);
  g_test_add ("/evidence-hpir/sections", Fixture, NULL, set_up, test_sections, tear_down);
  g_test_add ("/evidence-hpir/real", Fixture, NULL, set_up, test_real, tear_down);

  return g_test_run ();
}
