/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captions, queries for folders, classification. */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

#define N_RECALLS KALON_EVALUATOR_N_RECALLS
#define N_PRECISIONS G_N_ELEMENTS (kalon_evaluator_precision_cuts)
#define N_ACCURACIES G_N_ELEMENTS (kalon_evaluator_accuracy_cuts)
/* Of classes: more bars are not looked at. */
#define N_CLASS_BARS 12
/* With more queries a chart of them is a wall. */
#define MAX_QUERY_BARS 40

static void
add_direction (KalonReportTable *table, const char *name, const KalonRecallFigures *figures)
{
  kalon_report_table_add_row (table, name);
  for (guint c = 0; c < N_RECALLS; c++)
    kalon_report_table_set_estimate (table, c, &figures->recall[c]);
  kalon_report_table_set_number (table, N_RECALLS, figures->median_rank);
  kalon_report_table_set_estimate (table, N_RECALLS + 1, &figures->mrr);
  kalon_report_table_set_estimate (table, N_RECALLS + 2, &figures->ndcg);
}

static void
add_recall_chart (KalonReportSection *section, const KalonCaptionFigures *figures)
{
  const KalonRecallFigures *directions[] = { &figures->text_to_image, &figures->image_to_text };
  double x[N_RECALLS], values[2][3][N_RECALLS];
  KalonChartSeries series[2]
      = { { .name = "caption finds its picture" }, { .name = "picture finds a caption" } };
  const KalonChartData chart = {
    .kind = KALON_CHART_LINES,
    .title = "How often the right answer is among the first k",
    .x_title = "k: how many results one looks at",
    .y_title = "Recall",
    .n = N_RECALLS,
    .x = x,
    .series = series,
    .n_series = 2,
    .unit = KALON_CHART_SHARE,
    .min = NAN,
    .max = NAN,
    .reference = NAN,
  };

  for (guint c = 0; c < N_RECALLS; c++)
    x[c] = kalon_evaluator_recall_cuts[c];
  for (guint d = 0; d < 2; d++)
    {
      for (guint c = 0; c < N_RECALLS; c++)
        {
          values[d][0][c] = directions[d]->recall[c].mean;
          values[d][1][c] = directions[d]->recall[c].low;
          values[d][2][c] = directions[d]->recall[c].high;
        }
      series[d].values = values[d][0];
      series[d].low = values[d][1];
      series[d].high = values[d][2];
    }
  kalon_report_section_add_chart (section, "recall-by-k", &chart);
}

static void
add_examples (KalonReportSection *section, GPtrArray *examples)
{
  kalon_report_section_add_text (section,
                                 "What was found for %u of the captions, taken at equal distances "
                                 "from the list and not by how they came out; the frame and the ✓ "
                                 "are the caption’s own picture.",
                                 examples->len);
  for (guint i = 0; i < examples->len; i++)
    {
      const KalonExample *example = g_ptr_array_index (examples, i);
      g_autofree char *id = g_strdup_printf ("example-%u", i + 1);
      g_autofree char *title = g_strdup_printf ("“%s”", example->query);
      g_autofree char *row = example->rank <= example->paths->len
                                 ? g_strdup_printf ("the best %u", example->paths->len)
                                 : g_strdup_printf ("the best %u; the right one is at %u",
                                                    example->paths->len, example->rank);
      g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (KalonReportPicture));

      for (guint j = 0; j < example->paths->len; j++)
        {
          const KalonReportPicture picture
              = { g_ptr_array_index (example->paths, j), NULL, j + 1 == example->rank };

          g_array_append_val (pictures, picture);
        }
      kalon_report_rows_add (kalon_report_section_add_rows (section, id, title), row,
                             (const KalonReportPicture *) (gpointer) pictures->data, pictures->len);
    }
}

KalonReportSection *
kalon_evidence_add_captions (KalonReport *report, const char *id, const char *of,
                             const KalonCaptionFigures *figures, GPtrArray *examples)
{
  KalonReportSection *section
      = kalon_evidence_add_section (report, id, "Retrieval by captions", of);
  g_auto (KalonEvidenceColumns) columns = { 0 };
  KalonReportTable *table;

  kalon_report_section_add_text (
      section,
      "%" G_GSIZE_FORMAT " captions look for their picture among %" G_GSIZE_FORMAT
      " pictures, and each picture for one of its captions among all. Recall@k is the share that "
      "is found among the first k; a tie counts as a miss. Intervals draw pictures, each with all "
      "its captions.",
      figures->n_captions, figures->n_pictures);
  kalon_evidence_columns_init (&columns);
  for (guint c = 0; c < N_RECALLS; c++)
    kalon_evidence_columns_add_cut (&columns, "recall", "Recall@", kalon_evaluator_recall_cuts[c],
                                    KALON_REPORT_SHARE);
  kalon_evidence_columns_add (&columns, "median_rank", "Median rank", KALON_REPORT_NUMBER);
  kalon_evidence_columns_add (&columns, "mrr", "Mean of 1 / rank", KALON_REPORT_NUMBER);
  kalon_evidence_columns_add_cut (&columns, "ndcg", "nDCG@", KALON_EVALUATOR_NDCG_CUT,
                                  KALON_REPORT_NUMBER);
  table = kalon_evidence_add_table (section, "recall", "Recall", "Direction", &columns);
  add_direction (table, "text to image", &figures->text_to_image);
  add_direction (table, "image to text", &figures->image_to_text);
  add_recall_chart (section, figures);
  if (examples != NULL && examples->len > 0)
    add_examples (section, examples);
  return section;
}

static void
add_query_bars (KalonReportSection *section, const KalonFolderFigures *figures)
{
  g_auto (KalonEvidenceBars) bars = { 0 };

  kalon_evidence_bars_init (&bars);
  for (guint i = 0; i < figures->queries->len; i++)
    {
      const KalonQueryFigures *query = g_ptr_array_index (figures->queries, i);

      /* Of one query there is no interval. */
      kalon_evidence_bars_take (&bars, g_strdup (query->query),
                                &(KalonEstimate){ query->precision[1], NAN, NAN });
    }
  kalon_evidence_bars_add (&bars, section, "precision-by-query",
                           "Right pictures among the first ten", "Query", "Precision@10",
                           KALON_CHART_SHARE, figures->chance, "mean share of a random order");
}

KalonReportSection *
kalon_evidence_add_folders (KalonReport *report, const char *id, const char *of,
                            const KalonFolderFigures *figures)
{
  KalonReportSection *section = kalon_evidence_add_section (report, id, "Queries for folders", of);
  g_auto (KalonEvidenceColumns) columns = { 0 };
  KalonReportTable *table;

  kalon_report_section_add_text (
      section,
      "%u queries look for the pictures of their folder among %" G_GSIZE_FORMAT
      " pictures in %" G_GSIZE_FORMAT
      " folders. Precision@k is the share of right pictures among the first k; chance is that of a "
      "random order. Intervals draw queries.",
      figures->queries->len, figures->n_pictures, figures->n_folders);
  kalon_evidence_columns_init (&columns);
  for (guint c = 0; c < N_PRECISIONS; c++)
    kalon_evidence_columns_add_cut (&columns, "precision", "Precision@",
                                    kalon_evaluator_precision_cuts[c], KALON_REPORT_SHARE);
  kalon_evidence_columns_add (&columns, "mrr", "Mean of 1 / rank", KALON_REPORT_NUMBER);
  kalon_evidence_columns_add_cut (&columns, "ndcg", "nDCG@", KALON_EVALUATOR_NDCG_CUT,
                                  KALON_REPORT_NUMBER);
  kalon_evidence_columns_add (&columns, "chance", "Chance", KALON_REPORT_SHARE);
  table = kalon_evidence_add_table (section, "precision", "Precision", "", &columns);
  kalon_report_table_add_row (table, "all queries");
  for (guint c = 0; c < N_PRECISIONS; c++)
    kalon_report_table_set_estimate (table, c, &figures->precision[c]);
  kalon_report_table_set_estimate (table, N_PRECISIONS, &figures->mrr);
  kalon_report_table_set_estimate (table, N_PRECISIONS + 1, &figures->ndcg);
  kalon_report_table_set_number (table, N_PRECISIONS + 2, figures->chance);
  if (figures->queries->len <= MAX_QUERY_BARS)
    add_query_bars (section, figures);
  kalon_evidence_columns_add (&columns, "folder", "Folder", KALON_REPORT_TEXT);
  kalon_evidence_columns_add (&columns, "pictures", "Pictures", KALON_REPORT_COUNT);
  table = kalon_evidence_add_table (section, "queries", "Each query", "Query", &columns);
  for (guint i = 0; i < figures->queries->len; i++)
    {
      const KalonQueryFigures *query = g_ptr_array_index (figures->queries, i);

      kalon_report_table_add_row (table, query->query);
      for (guint c = 0; c < N_PRECISIONS; c++)
        kalon_report_table_set_number (table, c, query->precision[c]);
      kalon_report_table_set_number (table, N_PRECISIONS, query->reciprocal_rank);
      kalon_report_table_set_number (table, N_PRECISIONS + 1, query->ndcg);
      kalon_report_table_set_number (table, N_PRECISIONS + 2, query->chance);
      kalon_report_table_set_text (table, N_PRECISIONS + 3, query->folder);
      kalon_report_table_set_number (table, N_PRECISIONS + 4, (double) query->n_pictures);
    }
  return section;
}

/* Pictures of a class stand for themselves: the score interval. */
static void
estimate_class (const KalonClassFigures *class, guint c, KalonEstimate *estimate)
{
  kalon_metrics_estimate_share ((gsize) lround (class->accuracy[c] * (double) class->n_pictures),
                                class->n_pictures, estimate);
}

static int
compare_classes (gconstpointer a, gconstpointer b)
{
  const KalonClassFigures *x = *(KalonClassFigures *const *) a;
  const KalonClassFigures *y = *(KalonClassFigures *const *) b;

  if (x->accuracy[0] < y->accuracy[0] || x->accuracy[0] > y->accuracy[0])
    return x->accuracy[0] < y->accuracy[0] ? -1 : 1;
  return g_strcmp0 (x->folder, y->folder);
}

/* (transfer container): those that have pictures, the hardest first. */
static GPtrArray *
sort_classes (const KalonClassificationFigures *figures)
{
  GPtrArray *classes = g_ptr_array_new ();

  for (guint i = 0; i < figures->classes->len; i++)
    {
      KalonClassFigures *class = g_ptr_array_index (figures->classes, i);

      if (class->n_pictures > 0)
        g_ptr_array_add (classes, class);
    }
  g_ptr_array_sort (classes, compare_classes);
  return classes;
}

static void
add_class_bars (KalonReportSection *section, GPtrArray *classes)
{
  guint n = MIN (classes->len, N_CLASS_BARS);
  g_auto (KalonEvidenceBars) bars = { 0 };

  kalon_evidence_bars_init (&bars);
  for (guint i = 0; i < n; i++)
    {
      const KalonClassFigures *class = g_ptr_array_index (
          classes, n > 1 ? i * (classes->len - 1) / (n - 1) : 0);
      KalonEstimate estimate;

      estimate_class (class, 0, &estimate);
      kalon_evidence_bars_take (&bars, g_strdup (class->folder), &estimate);
    }
  kalon_evidence_bars_add (&bars, section, "by-class",
                           classes->len > n
                               ? "From the hardest class to the easiest, at equal distances"
                               : "From the hardest class to the easiest",
                           "Class", "Right at the first guess", KALON_CHART_SHARE, NAN, NULL);
}

KalonReportSection *
kalon_evidence_add_classification (KalonReport *report, const char *id, const char *of,
                                   const KalonClassificationFigures *figures)
{
  KalonReportSection *section
      = kalon_evidence_add_section (report, id, "Zero-shot classification", of);
  g_autoptr (GPtrArray) classes = sort_classes (figures);
  g_autofree char *templates = g_strjoinv ("”, “", figures->templates);
  g_auto (KalonEvidenceColumns) columns = { 0 };
  KalonReportTable *table;

  kalon_report_section_add_text (
      section,
      "%" G_GSIZE_FORMAT
      " pictures of %u classes; the class is the one whose name is most like the "
      "picture, put into “%s”. Top-k is the share of pictures whose own class is among the first "
      "k. Intervals draw pictures.",
      figures->n_pictures, figures->classes->len, templates);
  kalon_evidence_columns_init (&columns);
  for (guint c = 0; c < N_ACCURACIES; c++)
    kalon_evidence_columns_add_cut (&columns, "top", "Top-", kalon_evaluator_accuracy_cuts[c],
                                    KALON_REPORT_SHARE);
  table = kalon_evidence_add_table (section, "accuracy", "Accuracy", "", &columns);
  kalon_report_table_add_row (table, "all pictures");
  for (guint c = 0; c < N_ACCURACIES; c++)
    kalon_report_table_set_estimate (table, c, &figures->accuracy[c]);
  kalon_report_table_add_row (table, "mean of the classes");
  kalon_report_table_set_number (table, 0, figures->mean_per_class);
  kalon_report_table_add_row (table, "chance");
  for (guint c = 0; c < N_ACCURACIES; c++)
    kalon_report_table_set_number (table, c, figures->chance[c]);
  add_class_bars (section, classes);
  kalon_evidence_columns_add (&columns, "pictures", "Pictures", KALON_REPORT_COUNT);
  table = kalon_evidence_add_table (section, "classes", "Each class, the hardest first", "Class",
                                    &columns);
  for (guint i = 0; i < classes->len; i++)
    {
      const KalonClassFigures *class = g_ptr_array_index (classes, i);

      kalon_report_table_add_row (table, class->folder);
      for (guint c = 0; c < N_ACCURACIES; c++)
        {
          KalonEstimate estimate;

          estimate_class (class, c, &estimate);
          kalon_report_table_set_estimate (table, c, &estimate);
        }
      kalon_report_table_set_number (table, N_ACCURACIES, (double) class->n_pictures);
    }
  return section;
}
