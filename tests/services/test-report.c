/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "image/kalon-image.h"
#include "json-text/kalon-json-text.h"
#include "report/kalon-report.h"
#include "test-folders.h"

#define HOSTILE "</script><b>&amp;\"'\x01\x7f\xef\xbf\xbf ]]> \xff"

typedef struct
{
  char *directory;
  char *picture;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonImage) image = kalon_image_new (400, 300);

  for (guint i = 0; i < 400 * 300; i++)
    {
      image->pixels[3 * i] = (guint8) (i % 400 / 2);
      image->pixels[3 * i + 1] = (guint8) (i / 400 / 2);
      image->pixels[3 * i + 2] = 120;
    }
  fixture->directory = g_dir_make_tmp ("kalon-report-XXXXXX", NULL);
  fixture->picture = g_build_filename (fixture->directory, "secret-folder", "lake <1>.jpg", NULL);
  {
    g_autofree char *folder = g_path_get_dirname (fixture->picture);

    g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  }
  g_assert_true (kalon_image_save_jpeg (image, fixture->picture, 90, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->picture);
}

static void
add_charts (KalonReportSection *section)
{
  const double x[] = { 0, 1, 5, 10, 20, 50 };
  const double learned[] = { 0.5, 0.577, 0.669, 0.74, 0.776, 0.798 };
  const double low[] = { 0.5, 0.55, 0.64, 0.71, 0.708, 0.77 };
  const double high[] = { 0.5, 0.6, 0.7, 0.77, 0.806, 0.82 };
  const double other[] = { NAN, 0.52, 0.56, NAN, 0.606, 0.62 };
  const KalonChartSeries lines[]
      = { { "learned", learned, low, high }, { "Rocchio, as published", other, NULL, NULL } };
  const char *const labels[] = { "rephrasing", "aesthetics " HOSTILE, "all, with an adapter" };
  const double gains[] = { -0.011, 0.064, NAN };
  const double gains_low[] = { -0.02, 0.05, NAN }, gains_high[] = { 0.001, 0.08, NAN };
  const KalonChartSeries bars[] = { { "gain", gains, gains_low, gains_high } };
  const KalonChartData first = { KALON_CHART_LINES,
                                 "Pairs in order after thumbs",
                                 "Thumbs",
                                 "Pairs in order",
                                 6,
                                 x,
                                 NULL,
                                 lines,
                                 2,
                                 KALON_CHART_SHARE,
                                 NAN,
                                 NAN,
                                 0.5,
                                 "chance" };
  const KalonChartData second
      = { KALON_CHART_BARS,  "Gains", "Part", "Gain", 3,   NULL, labels, bars, 1,
          KALON_CHART_SHARE, NAN,     NAN,    NAN,    NULL };

  kalon_report_section_add_chart (section, "curve", &first);
  kalon_report_section_add_chart (section, "gains", &second);
}

static void
add_figures (KalonReportSection *section)
{
  static const KalonReportColumn columns[] = {
    { "recall", "Recall@10", KALON_REPORT_SHARE },   { "change", "Change", KALON_REPORT_POINTS },
    { "score", "Score", KALON_REPORT_NUMBER },       { "p", "p", KALON_REPORT_P },
    { "pictures", "Pictures", KALON_REPORT_COUNT },  { "note", "Note", KALON_REPORT_TEXT },
    { "moved", "Score moved", KALON_REPORT_CHANGE },
  };
  KalonReportTable *table = kalon_report_section_add_table (
      section, "no-harm", "Before and after", "Ranking", columns, G_N_ELEMENTS (columns));

  kalon_report_table_add_row (table, "baseline");
  kalon_report_table_set_estimate (table, 0, &(KalonEstimate){ 0.62138, 0.58, 0.66 });
  kalon_report_table_set_number (table, 2, 1.0 / 3);
  kalon_report_table_set_number (table, 4, 31014);
  kalon_report_table_add_row (table, "aligned 画像");
  kalon_report_table_set_estimate (table, 0, &(KalonEstimate){ 0.614, 0.57, NAN });
  kalon_report_table_set_estimate (table, 1, &(KalonEstimate){ -0.0071, -0.011, -0.00001 });
  kalon_report_table_set_number (table, 3, 0.0004);
  kalon_report_table_set_text (table, 5, HOSTILE);
  kalon_report_table_set_number (table, 6, 0.254);
}

/* Everything that a report can hold. */
static KalonReport *
make_report (const Fixture *fixture)
{
  static const char *const argv[] = { "kalon-cli", "eval", "two words", "it's", "", NULL };
  const KalonReportPicture pictures[]
      = { { fixture->picture, NULL, TRUE }, { "/nowhere/secret-folder/b.jpg", HOSTILE, FALSE } };
  KalonReport *report = kalon_report_new ("A report of " HOSTILE);
  KalonReportSection *section = kalon_report_add_section (report, "figures", "Figures & more");
  KalonReportSection *empty;
  KalonReportRows *rows;

  kalon_report_set_time (report, 1764115200);
  kalon_report_set_command (report, argv);
  kalon_report_set_fact (report, "seed", "Seed", "1");
  kalon_report_set_fact (report, "model", "Model", "starter");
  kalon_report_set_fact (report, "seed", "Seed", "7");
  kalon_report_section_set_synthetic (section, "Votes are made up " HOSTILE ".");
  kalon_report_section_add_text (section, "Of %d queries: " HOSTILE, 3);
  add_figures (section);
  add_charts (section);
  rows = kalon_report_section_add_rows (section, "examples", "“a lake” " HOSTILE);
  kalon_report_rows_add (rows, "baseline", pictures, G_N_ELEMENTS (pictures));
  kalon_report_rows_add (rows, "nothing", NULL, 0);
  empty = kalon_report_add_section (report, "figures", "Empty");
  g_assert_cmpstr (kalon_report_section_get_id (empty), ==, "figures-2");
  kalon_report_section_add_table (empty, "none", "Nothing", "Name", NULL, 0);
  return report;
}

static char *
read_file (const Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->directory, "page", name, NULL);
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return content;
}

static char *
write_report (const Fixture *fixture, const KalonReport *report)
{
  char *directory = g_build_filename (fixture->directory, "page", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_report_write (report, directory, NULL, &error));
  g_assert_no_error (error);
  return directory;
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is missing in: %.2000s", part, text);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonReport) report = make_report (fixture);
  g_autofree char *directory = write_report (fixture, report);
  g_autofree char *first = read_file (fixture, "report.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonReport) again = kalon_report_read (directory, &error);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *second = NULL;
  g_autofree char *text = kalon_report_to_text (report);
  g_autofree char *text_again = NULL;
  KalonReportTable *table;
  KalonEstimate estimate;

  g_assert_no_error (error);
  node = kalon_report_to_json (again);
  second = kalon_json_to_text (node);
  g_assert_cmpstr (first, ==, second);
  text_again = kalon_report_to_text (again);
  g_assert_cmpstr (text, ==, text_again);
  /* Six significant digits and no more; integers whole; what is not there is null. */
  assert_has (first, "\"mean\" : 0.62138,");
  assert_has (first, "\"score\" : 0.333333,");
  assert_has (first, "\"pictures\" : 31014");
  assert_has (first, "\"p\" : null");
  assert_has (first, "\"file\" : \"lake <1>.jpg\"");
  g_assert_null (strstr (first, "secret-folder"));

  g_assert_cmpint (kalon_report_get_time (again), ==, 1764115200);
  g_assert_cmpstr (kalon_report_get_fact (again, "seed"), ==, "7");
  g_assert_cmpstr (kalon_report_get_fact (again, "command"), ==,
                   "kalon-cli eval 'two words' 'it'\\''s' ''");
  g_assert_true (kalon_report_section_is_synthetic (kalon_report_find_section (again, "figures")));
  g_assert_false (
      kalon_report_section_is_synthetic (kalon_report_find_section (again, "figures-2")));
  table = kalon_report_section_find_table (kalon_report_find_section (again, "figures"), "no-harm");
  g_assert_true (kalon_report_table_get (table, "baseline", "recall", &estimate));
  g_assert_cmpfloat_with_epsilon (estimate.low, 0.58, 1e-9);
  g_assert_false (kalon_report_table_get (table, "baseline", "change", &estimate));
  g_assert_false (kalon_report_table_get (table, "nobody", "recall", &estimate));
}

static void
assert_cell (const KalonReportTable *table, guint row, guint column, const char *expected)
{
  g_autofree char *cell = kalon_report_table_format (table, row, column);

  g_assert_cmpstr (cell, ==, expected);
}

static void
test_figures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonReport) report = make_report (fixture);
  KalonReportTable *table
      = kalon_report_section_get_table (kalon_report_get_section (report, 0), 0);
  g_autofree char *title = kalon_report_table_format_title (table, 0);
  g_autofree char *text = kalon_report_to_text (report);

  g_assert_cmpstr (title, ==, "Recall@10 (%)");
  assert_cell (table, 0, 0, "62.1 (58.0 to 66.0)");
  assert_cell (table, 0, 1, "–");
  assert_cell (table, 0, 4, "31014");
  assert_cell (table, 1, 0, "61.4");
  assert_cell (table, 1, 1, "−0.7 (−1.1 to 0.0)");
  assert_cell (table, 1, 3, "< 0.001");
  assert_cell (table, 1, 6, "+0.25");
  assert_has (text, "SYNTHETIC: Votes are made up");
  /* Wide characters are two columns: both lines end their first figure in the same one. */
  assert_has (text, "  baseline      62.1 (58.0 to 66.0)  ");
  assert_has (text, "  aligned 画像                 61.4  ");
}

typedef struct
{
  guint n_charts;
  guint n_images;
  guint n_right;
  guint n_banners;
  gboolean has_policy;
} Seen;

static void
start_element (GMarkupParseContext *context, const char *element, const char **names,
               const char **values, gpointer user_data, GError **error)
{
  static const char *const known[]
      = { "html",    "head",    "meta",       "title", "style", "body",  "header", "nav",
          "main",    "section", "h1",         "h2",    "h3",    "h4",    "p",      "span",
          "strong",  "a",       "ol",         "ul",    "li",    "bdi",   "div",    "table",
          "thead",   "tbody",   "tr",         "th",    "td",    "small", "figure", "svg",
          "desc",    "path",    "text",       "rect",  "g",     "img",   "pre",    "code",
          "details", "summary", "figcaption", NULL };
  Seen *seen = user_data;

  g_assert_true (g_strv_contains (known, element));
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_assert_false (g_str_has_prefix (names[i], "on"));
      if (g_str_equal (names[i], "src"))
        g_assert_true (g_str_has_prefix (values[i], "data:image/jpeg;base64,"));
      if (g_str_equal (names[i], "href"))
        g_assert_true (values[i][0] == '#');
      if (g_str_equal (names[i], "content") && strstr (values[i], "default-src 'none'") != NULL)
        seen->has_policy = TRUE;
      seen->n_banners += g_str_equal (values[i], "banner");
      seen->n_right += g_str_equal (element, "li") && g_str_equal (values[i], "right");
      seen->n_charts += g_str_equal (values[i], "chart");
    }
  seen->n_images += g_str_equal (element, "img");
}

static void
test_page (Fixture *fixture, gconstpointer data)
{
  static const GMarkupParser parser = { .start_element = start_element };
  g_autoptr (KalonReport) report = make_report (fixture);
  g_autofree char *directory = write_report (fixture, report);
  g_autofree char *page = read_file (fixture, "index.html");
  const char *body = page + strlen ("<!DOCTYPE html>\n");
  Seen seen = { 0 };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &seen, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_str_has_prefix (page, "<!DOCTYPE html>\n"));
  g_assert_true (g_utf8_validate (page, -1, NULL));
  g_markup_parse_context_parse (context, body, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_assert_true (seen.has_policy);
  g_assert_cmpuint (seen.n_charts, ==, 2);
  /* One of the two can't be read. */
  g_assert_cmpuint (seen.n_images, ==, 1);
  g_assert_cmpuint (seen.n_right, ==, 1);
  g_assert_cmpuint (seen.n_banners, ==, 1);
  g_assert_null (strstr (page, "<b>"));
  g_assert_null (strstr (page, "</script"));
  g_assert_null (strstr (page, "secret-folder"));
  g_assert_null (strstr (page, "\xef\xbf\xbf"));
  g_assert_null (strpbrk (page, "\x01\x7f"));
  assert_has (page, "href=\"#figures-2\"");
  assert_has (page, "62.1<small>58.0 to 66.0</small>");
  assert_has (page, "kalon-cli eval &apos;two words&apos;");
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonReport) report = make_report (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *directory = g_build_filename (fixture->directory, "page", NULL);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (kalon_report_write (report, directory, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
}

#define HEAD "{\"format\": \"kalon-report\", \"version\": 1, \"title\": \"x\", \"facts\": {}, "
#define CONTENT(block) HEAD "\"sections\": {\"a\": {\"title\": \"A\", \"content\": [" block "]}}}"
#define CHART(rest)                                                                                \
  CONTENT ("{\"type\": \"chart\", \"id\": \"c\", \"title\": \"\", \"x_title\": \"\", "             \
           "\"y_title\": \"\", \"unit\": \"share\", " rest "}")

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *json;
    const char *field;
  } cases[] = {
    { "{}", "format is not" },
    { "{\"format\": \"kalon-report\", \"version\": 2}", "version 2" },
    { "{\"format\": \"kalon-report\", \"version\": 1}", "title is missing" },
    { "{\"format\": \"kalon-report\", \"version\": 1, \"title\": \"\", \"facts\": 3}", "facts is" },
    { HEAD "\"sections\": []}", "sections is no object" },
    { HEAD "\"sections\": {\"<b>\": {}}}", "letters" },
    { HEAD "\"sections\": {\"a\": 1}}", "sections.a is no object" },
    { CONTENT ("7"), "sections.a.content" },
    { CONTENT ("{\"type\": \"film\"}"), "sections.a.content.0.type" },
    { CONTENT ("{\"type\": \"text\"}"), "sections.a.content.0.text is missing" },
    { CONTENT ("{\"type\": \"table\", \"id\": \"a b\"}"), "content.0.id" },
    { CONTENT ("{\"type\": \"table\", \"id\": \"t\", \"title\": \"\", \"name_title\": \"\", "
               "\"columns\": [{\"key\": \"k\", \"title\": \"\", \"unit\": \"miles\"}], "
               "\"rows\": []}"),
      "columns.0.unit" },
    { CONTENT ("{\"type\": \"table\", \"id\": \"t\", \"title\": \"\", \"name_title\": \"\", "
               "\"columns\": [{\"key\": \"k\", \"title\": \"\", \"unit\": \"p\"}], "
               "\"rows\": [{\"name\": \"\", \"cells\": {\"k\": {\"mean\": \"x\"}}}]}"),
      "rows.0.cells.k.mean" },
    { CHART ("\"kind\": \"pie\", \"x\": []"), "content.0.kind" },
    { CHART ("\"kind\": \"lines\", \"x\": []"), "content.0.x" },
    { CHART ("\"kind\": \"lines\", \"x\": [2, 1]"), "content.0.x is not rising" },
    { CHART ("\"kind\": \"lines\", \"x\": [1, null]"), "content.0.x" },
    { CHART ("\"kind\": \"lines\", \"x\": [1, 1e300]"), "content.0.x" },
    { CHART ("\"kind\": \"bars\", \"labels\": [1]"), "content.0.labels" },
    { CHART ("\"kind\": \"bars\", \"labels\": [\"a\"], \"series\": []"), "content.0.series" },
    { CHART ("\"kind\": \"bars\", \"labels\": [\"a\"], \"series\": [{\"name\": \"\", \"values\": "
             "[1, 2]}]"),
      "series.0.values" },
    { CHART ("\"kind\": \"bars\", \"labels\": [\"a\"], \"series\": [{\"name\": \"\", \"values\": "
             "[1], \"low\": [1]}]"),
      "series.0.low" },
    { CONTENT ("{\"type\": \"pictures\", \"id\": \"p\", \"title\": \"\", \"rows\": [{\"name\": "
               "\"\", \"pictures\": [{}]}]}"),
      "rows.0.pictures.0.file" },
    { CONTENT ("{\"type\": \"pictures\", \"id\": \"p\", \"title\": \"\", \"rows\": [{\"name\": "
               "\"\", \"pictures\": [{\"file\": \"/etc/x.png\"}]}]}"),
      "pictures.0.file is no file" },
  };
  g_autofree char *path = g_build_filename (fixture->directory, "report.json", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, cases[i].json, -1, NULL));
      g_assert_null (kalon_report_read (path, &error));
      g_assert_true (error->domain == KALON_ERROR);
      assert_has (error->message, "report.json: ");
      assert_has (error->message, cases[i].field);
    }
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonReport) report = make_report (fixture);
  g_autoptr (KalonReport) old = kalon_report_new ("Older");
  g_autofree char *first = kalon_reports_make_folder (fixture->directory, "eval-x", NULL);
  g_autofree char *second = kalon_reports_make_folder (fixture->directory, "eval-x", NULL);
  g_autofree char *stray = kalon_reports_make_folder (fixture->directory, "empty", NULL);
  g_autofree char *to = g_build_filename (fixture->directory, "a", "copy", NULL);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GError) error = NULL;
  const KalonKeptReport *kept;

  g_assert_cmpstr (first, !=, second);
  kalon_report_set_time (old, 1000);
  g_assert_true (kalon_report_write (old, first, NULL, NULL));
  g_assert_true (kalon_report_write (report, second, NULL, NULL));
  list = kalon_reports_list (fixture->directory, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  kept = g_ptr_array_index (list, 0);
  g_assert_cmpstr (kept->directory, ==, second);
  g_assert_true (kept->is_synthetic);
  kept = g_ptr_array_index (list, 1);
  g_assert_cmpstr (kept->title, ==, "Older");
  g_assert_false (kept->is_synthetic);

  g_assert_true (kalon_report_copy (first, to, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (kalon_report_remove (first, &error));
  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));
  {
    g_autoptr (KalonReport) copy = kalon_report_read (to, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (kalon_report_get_title (copy), ==, "Older");
  }
  rest = kalon_reports_list (fixture->directory, NULL, NULL);
  g_assert_cmpuint (rest->len, ==, 1);
}

static void
test_no_library (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->directory, "nowhere", NULL);
  g_autoptr (GPtrArray) list = kalon_reports_list (nowhere, NULL, NULL);

  g_assert_cmpuint (list->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/report/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("figures", test_figures);
  ADD ("page", test_page);
  ADD ("cancelled", test_cancelled);
  ADD ("refused", test_refused);
  ADD ("kept", test_kept);
  ADD ("no-library", test_no_library);
  return g_test_run ();
}
