/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of an HPIR set as sections of a report. */
#include "evidence/kalon-evidence-private.h"

#define N KALON_N_HPIR_ASPECTS

/* A section with this end to its id, which says so when the set is made up. */
static KalonReportSection *
begin (KalonReport *report, const char *id, const char *end, const KalonHpirFigures *figures,
       const char *title)
{
  g_autofree char *whole = g_strconcat (id, end, NULL);
  g_autofree char *named = g_strdup_printf ("%s: %s", title, figures->name);
  KalonReportSection *section = kalon_report_add_section (report, whole, named);

  if (figures->is_synthetic)
    kalon_report_section_set_synthetic (
        section, "No human being has judged these items: a program made them, and says itself "
                 "which group is the better one.");
  return section;
}

/* Agreement */

static void
add_agreement (KalonReportSection *section, const KalonHpirFigures *figures)
{
  static const KalonReportColumn columns[2 * N] = {
    { "accuracy", "Accuracy", KALON_REPORT_SHARE },
    { "aesthetic", "Aesthetics", KALON_REPORT_SHARE },
    { "diversity", "Diversity", KALON_REPORT_SHARE },
    { "accuracy_weighted", "Accuracy, weighted", KALON_REPORT_SHARE },
    { "aesthetic_weighted", "Aesthetics, weighted", KALON_REPORT_SHARE },
    { "diversity_weighted", "Diversity, weighted", KALON_REPORT_SHARE },
  };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "agreement", "Agreement with people", "Ranking", columns, G_N_ELEMENTS (columns));

  for (guint r = 0; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);

      kalon_report_table_add_row (table, row->name);
      for (guint a = 0; a < N; a++)
        {
          kalon_report_table_set_estimate (table, a, &row->aspects[a].agreement);
          kalon_report_table_set_estimate (table, N + a, &row->aspects[a].weighted);
        }
    }
  kalon_report_table_add_row (table, "one of these people");
  for (guint a = 0; a < N; a++)
    kalon_report_table_set_estimate (table, a, &figures->confidence[a]);
}

static void
add_gains (KalonReportSection *section, const KalonHpirFigures *figures)
{
  static const KalonReportColumn columns[4 * N] = {
    { "accuracy", "Accuracy", KALON_REPORT_POINTS },
    { "accuracy_p", "p", KALON_REPORT_P },
    { "accuracy_better", "Nearer", KALON_REPORT_COUNT },
    { "accuracy_worse", "Farther", KALON_REPORT_COUNT },
    { "aesthetic", "Aesthetics", KALON_REPORT_POINTS },
    { "aesthetic_p", "p", KALON_REPORT_P },
    { "aesthetic_better", "Nearer", KALON_REPORT_COUNT },
    { "aesthetic_worse", "Farther", KALON_REPORT_COUNT },
    { "diversity", "Diversity", KALON_REPORT_POINTS },
    { "diversity_p", "p", KALON_REPORT_P },
    { "diversity_better", "Nearer", KALON_REPORT_COUNT },
    { "diversity_worse", "Farther", KALON_REPORT_COUNT },
  };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "gains", "Gain over the baseline, item by item; p of McNemar's exact test",
      "Ranking", columns, G_N_ELEMENTS (columns));

  for (guint r = 1; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);

      kalon_report_table_add_row (table, row->name);
      for (guint a = 0; a < N; a++)
        {
          const KalonHpirAgreement *agreement = &row->aspects[a];

          if (figures->n_gold[a] == 0)
            continue;
          kalon_report_table_set_estimate (table, 4 * a, &agreement->gain);
          kalon_report_table_set_number (table, 4 * a + 1, agreement->p);
          kalon_report_table_set_number (table, 4 * a + 2, agreement->n_better);
          kalon_report_table_set_number (table, 4 * a + 3, agreement->n_worse);
        }
    }
}

static void
add_weighted_gains (KalonReportSection *section, const KalonHpirFigures *figures)
{
  static const KalonReportColumn columns[N] = {
    { "accuracy", "Accuracy", KALON_REPORT_POINTS },
    { "aesthetic", "Aesthetics", KALON_REPORT_POINTS },
    { "diversity", "Diversity", KALON_REPORT_POINTS },
  };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "weighted-gains", "The same, weighted", "Ranking", columns, G_N_ELEMENTS (columns));

  for (guint r = 1; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);

      kalon_report_table_add_row (table, row->name);
      for (guint a = 0; a < N; a++)
        kalon_report_table_set_estimate (table, a, &row->aspects[a].weighted_gain);
    }
}

static void
add_chart (KalonReportSection *section, const KalonHpirFigures *figures, KalonHpirAspect aspect)
{
  guint n = figures->rows->len;
  g_autofree const char **labels = g_new (const char *, n);
  g_autofree KalonEstimate *values = g_new (KalonEstimate, n);
  g_autofree char *id = g_strdup_printf ("agreement-%s", kalon_hpir_aspect_get_name (aspect));
  g_autofree char *title = g_strdup_printf ("Agreement on %s", kalon_evidence_hpir_titles[aspect]);
  const KalonChartData data = {
    .kind = KALON_CHART_BARS,
    .title = title,
    .x_title = "Ranking",
    .y_title = "agreement with people",
    .n = n,
    .labels = labels,
    .unit = KALON_CHART_SHARE,
    .min = 0,
    .max = 1,
    .reference = 0.5,
    .reference_name = "chance",
  };

  if (figures->n_gold[aspect] == 0)
    return;
  for (guint r = 0; r < n; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);

      labels[r] = row->name;
      values[r] = row->aspects[aspect].agreement;
    }
  kalon_evidence_add_estimates (section, id, "agreement", &data, values);
}

static void
add_facts (KalonReportSection *section, const KalonHpirSet *set, const KalonHpirFigures *figures)
{
  if (set->made_from != NULL)
    kalon_report_section_add_text (section, "How the set came to be: %s", set->made_from);
  kalon_report_section_add_text (
      section,
      "%u items of %" G_GSIZE_FORMAT " pictures are judged. %" G_GSIZE_FORMAT
      " of them have a majority on accuracy, %" G_GSIZE_FORMAT " on aesthetics, %" G_GSIZE_FORMAT
      " on diversity; the others count for nothing there. A ranking chooses the group of the "
      "higher mean score, and neither where they are the same, which counts half; weighted, an "
      "item counts 2 p − 1 where a share p of people chose so. Chance is 50 %%. Intervals draw "
      "queries, each with all its items.",
      figures->items->len, figures->n_pictures, figures->n_gold[KALON_HPIR_ACCURACY],
      figures->n_gold[KALON_HPIR_AESTHETIC], figures->n_gold[KALON_HPIR_DIVERSITY]);
  if (figures->n_left_out > 0)
    kalon_report_section_add_text (section,
                                   "%" G_GSIZE_FORMAT " items are left out: of their pictures not "
                                   "all could be read.",
                                   figures->n_left_out);
  if (figures->n_stored == 0)
    kalon_report_section_add_text (section, "Rephrasing is by word lists.");
  else
    kalon_report_section_add_text (section,
                                   "The rephrasings of %" G_GSIZE_FORMAT
                                   " items are the set's own, any others by word lists.",
                                   figures->n_stored);
}

static void
add_reading (KalonReportSection *section, const KalonHpirFigures *figures)
{
  g_autofree char *parts = kalon_evidence_describe_hpir_parts (figures);
  g_autofree char *aim = kalon_evidence_describe_hpir_aim (figures);

  for (guint r = 0; r < figures->rows->len; r++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, r);
      g_autofree char *text = NULL;

      if (row->role != KALON_HPIR_ALIGNED)
        continue;
      text = kalon_evidence_describe_hpir_row (row);
      kalon_report_section_add_text (section, "%s", text);
    }
  if (parts != NULL)
    kalon_report_section_add_text (section, "%s", parts);
  if (aim != NULL)
    kalon_report_section_add_text (section, "%s", aim);
}

/* Beauty */

static void
add_scorers (KalonReport *report, const char *id, const KalonHpirFigures *figures)
{
  static const KalonReportColumn columns[] = {
    { "items", "Items", KALON_REPORT_COUNT },
    { "spearman", "Spearman", KALON_REPORT_NUMBER },
    { "pearson", "Pearson", KALON_REPORT_NUMBER },
    { "right", "Pairs in order", KALON_REPORT_SHARE },
  };
  KalonReportSection *section
      = begin (report, id, "-beauty", figures, "Aesthetic scores and human labels");
  KalonReportTable *table;

  kalon_report_section_add_text (
      section, "For each item, an aesthetic model's mean score of group A less that of group B, "
               "beside what people say of the beauty: votes for A less those for B, over both. "
               "Pairs in order: share of items with a majority where the two point the same way.");
  table = kalon_report_section_add_table (section, "correlation",
                                          "Correlation with the margin of votes", "Model", columns,
                                          G_N_ELEMENTS (columns));
  for (guint i = 0; i < figures->scorers->len; i++)
    {
      const KalonHpirScorer *scorer = g_ptr_array_index (figures->scorers, i);

      kalon_report_table_add_row (table, scorer->name);
      kalon_report_table_set_number (table, 0, scorer->n_items);
      kalon_report_table_set_estimate (table, 1, &scorer->spearman);
      kalon_report_table_set_estimate (table, 2, &scorer->pearson);
      kalon_report_table_set_estimate (table, 3, &scorer->right);
    }
}

/* Examples */

static const char *
get_choice_name (KalonHpirChoice choice)
{
  return choice == KALON_HPIR_CHOICE_A ? "A" : choice == KALON_HPIR_CHOICE_B ? "B" : "neither";
}

static void
add_group (KalonReportRows *rows, const KalonHpirSet *set, const KalonHpirItem *item, guint group,
           const KalonHpirExample *example)
{
  guint n = item->groups[group]->len;
  g_autofree KalonReportPicture *pictures = g_new0 (KalonReportPicture, n);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) name = g_string_new (group == 0 ? "A" : "B");

  if (example->gold == group)
    g_string_append (name, ", chosen by people");
  if (example->baseline == (KalonHpirChoice) group)
    g_string_append (name, ", by the baseline");
  if (example->aligned == (KalonHpirChoice) group)
    g_string_append (name, ", by the aligned ranking");
  for (guint i = 0; i < n; i++)
    {
      char *path = kalon_hpir_set_dup_path (set, g_ptr_array_index (item->groups[group], i));

      g_ptr_array_add (paths, path);
      pictures[i] = (KalonReportPicture){ .path = path, .is_marked = example->gold == group };
    }
  kalon_report_rows_add (rows, name->str, pictures, n);
}

static void
add_examples (KalonReport *report, const char *id, const KalonHpirSet *set,
              const KalonHpirFigures *figures)
{
  KalonReportSection *section;
  guint n_right = 0;

  if (figures->examples->len == 0)
    return;
  section = begin (report, id, "-examples", figures, "Where alignment changes the choice");
  for (guint i = 0; i < figures->examples->len; i++)
    n_right += g_array_index (figures->examples, KalonHpirExample, i).is_right;
  kalon_report_section_add_text (
      section,
      "Items drawn from those where the baseline and the aligned ranking choose "
      "differently, asked for beauty: %u that come nearer to people, then %u that go away "
      "from them. What people chose has a frame.",
      n_right, figures->examples->len - n_right);
  for (guint i = 0; i < figures->examples->len; i++)
    {
      const KalonHpirExample *example = &g_array_index (figures->examples, KalonHpirExample, i);
      const KalonHpirItem *item = g_ptr_array_index (set->items, example->item);
      g_autofree char *rows_id = g_strdup_printf ("example-%u", i + 1);
      g_autofree char *title = g_strdup_printf (
          "“%s”: people %s, baseline %s, aligned %s", item->query, example->gold == 0 ? "A" : "B",
          get_choice_name (example->baseline), get_choice_name (example->aligned));
      KalonReportRows *rows = kalon_report_section_add_rows (section, rows_id, title);

      for (guint group = 0; group < 2; group++)
        add_group (rows, set, item, group, example);
    }
}

void
kalon_evidence_add_hpir (KalonReport *report, const char *id, const KalonHpirSet *set,
                         const KalonHpirFigures *figures)
{
  KalonReportSection *section;

  g_return_if_fail (report != NULL && id != NULL);
  g_return_if_fail (set != NULL && figures != NULL);

  section = begin (report, id, "", figures, "Preference of image retrieval");
  add_facts (section, set, figures);
  add_reading (section, figures);
  add_agreement (section, figures);
  for (guint a = 0; a < N; a++)
    add_chart (section, figures, a);
  add_gains (section, figures);
  add_weighted_gains (section, figures);
  kalon_evidence_add_hpir_splits (section, figures);
  kalon_evidence_add_hpir_labelers (section, figures);
  add_scorers (report, id, figures);
  add_examples (report, id, set, figures);
}
