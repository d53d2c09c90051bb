/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>

#include "comparison/kalon-comparison.h"
#include "errors/kalon-errors.h"
#include "rivals/kalon-rivals.h"
#include "search-fixture.h"

/* Results of the pictures @ids, ended by 0; the aesthetic score of picture n is n / 2, of the odd
 * ones none. @folded: (nullable): pairs of a picture and what it is behind, ended by 0. */
static KalonRanking *
make_ranking (const gint64 *ids, const gint64 *folded)
{
  g_autoptr (GArray) results = g_array_new (FALSE, FALSE, sizeof (KalonResult));
  g_autoptr (GArray) behind = g_array_new (FALSE, FALSE, sizeof (KalonFolded));

  for (guint i = 0; ids[i] != 0; i++)
    {
      KalonResult result = { .picture = ids[i],
                             .rank = i + 1,
                             .aesthetic = ids[i] % 2 == 0 ? (float) ids[i] / 2 : NAN };

      g_array_append_val (results, result);
    }
  for (; folded != NULL && *folded != 0; folded += 2)
    {
      KalonFolded one = { folded[1], { .picture = folded[0] } };

      g_array_append_val (behind, one);
    }
  return kalon_ranking_new (results, behind);
}

static void
test_figures (void)
{
  g_autoptr (KalonRanking) a = make_ranking ((const gint64[]){ 1, 2, 3, 4, 0 }, NULL);
  /* 5 stands for 3 here. */
  g_autoptr (KalonRanking) b
      = make_ranking ((const gint64[]){ 2, 5, 6, 0 }, (const gint64[]){ 3, 5, 0 });
  g_autoptr (KalonRanking) none = make_ranking ((const gint64[]){ 0 }, NULL);
  guint n;

  g_assert_cmpuint (kalon_ranking_find (b, 2), ==, 1);
  g_assert_cmpuint (kalon_ranking_find (b, 3), ==, 2);
  g_assert_cmpuint (kalon_ranking_find (b, 4), ==, 0);
  g_assert_cmpuint (kalon_ranking_find (none, 4), ==, 0);

  g_assert_cmpuint (kalon_ranking_count_common (a, b, 2, &n), ==, 1);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (kalon_ranking_count_common (a, b, 3, &n), ==, 2);
  g_assert_cmpuint (kalon_ranking_count_common (a, b, 50, &n), ==, 2);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpuint (kalon_ranking_count_common (a, a, 50, &n), ==, 4);
  g_assert_cmpuint (kalon_ranking_count_common (none, none, 5, &n), ==, 0);
  g_assert_cmpuint (n, ==, 0);

  g_assert_cmpfloat (kalon_ranking_get_mean_aesthetic (a, 4), ==, 1.5);
  g_assert_cmpfloat (kalon_ranking_get_mean_aesthetic (a, 2), ==, 1);
  g_assert_true (isnan (kalon_ranking_get_mean_aesthetic (a, 1)));
  g_assert_true (isnan (kalon_ranking_get_mean_aesthetic (none, 5)));
}

static void
test_marks (void)
{
  static const struct
  {
    guint rank, other;
    const char *mark;
  } cases[] = { { 3, 15, "▲ 12" }, { 5, 2, "▼ 3" }, { 4, 4, "=" }, { 4, 0, "alone" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *mark = kalon_rank_to_mark (cases[i].rank, cases[i].other, "alone");

      g_assert_cmpstr (mark, ==, cases[i].mark);
    }
}

/* (transfer full): of the fixture's library, baseline against aligned. */
static KalonComparison *
make_comparison (SearchFixture *fixture, const char *text, guint k)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("lake");
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (KalonRival) baseline = kalon_rival_new (KALON_RIVAL_BASELINE, NULL, NULL);
  g_autoptr (KalonRival) aligned = kalon_rival_new (KALON_RIVAL_ALIGNED, NULL, NULL);
  g_autoptr (KalonRanking) left = NULL;
  g_autoptr (KalonRanking) right = NULL;
  KalonComparison *comparison = kalon_comparison_new (text, k);
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  kalon_query_set_limit (query, 0);
  alignment.rephrased = (char *) "glass hills under red rain";
  alignment.rephrase = 0.9f;
  kalon_rival_prepare (aligned, query, &alignment);
  results = search (searcher, query);
  left = kalon_rival_dup_ranking (baseline, results);
  right = kalon_rival_dup_ranking (aligned, results);
  kalon_comparison_set_side (comparison, 0, "Baseline", left);
  kalon_comparison_set_side (comparison, 1, "Aligned", right);
  comparison->rephrased = g_strdup (alignment.rephrased);
  comparison->rephrase = alignment.rephrase;
  comparison->model = g_strdup ("<model>");
  return comparison;
}

static void
test_png (SearchFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "both.png", NULL);
  g_autoptr (GError) error = NULL;
  static const struct
  {
    guint k, width, height;
  } cases[] = { { 3, 984, 562 }, { 10, 1924, 562 }, { 20, 1924, 878 } };

  make_library (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KalonComparison) comparison = make_comparison (fixture, "a lake", cases[i].k);
      g_autoptr (KalonImage) image = NULL;
      gboolean coloured = FALSE;

      g_assert_true (
          kalon_comparison_export (comparison, fixture->library_directory, path, NULL, &error));
      g_assert_no_error (error);
      image = kalon_image_load (path, 0, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (image->width, ==, cases[i].width);
      g_assert_cmpuint (image->height, ==, cases[i].height);
      /* The first picture of the second side is there: its field is not of one grey. */
      for (guint x = 60; x < 170 && !coloured; x++)
        {
          const guint8 *pixel
              = image->pixels + ((gsize) (image->height - 28 - 26 - 66) * image->width + x) * 3;

          coloured = pixel[0] != pixel[1] || pixel[1] != pixel[2];
        }
      g_assert_true (coloured);
    }
}

typedef struct
{
  guint n_images, n_rows, n_others;
  GString *text;
} Page;

static void
start_cb (GMarkupParseContext *context, const char *name, const char **keys, const char **values,
          gpointer user_data, GError **error)
{
  Page *page = user_data;

  page->n_rows += g_str_equal (name, "tr");
  page->n_others += g_str_equal (name, "script") || g_str_equal (name, "link")
                    || g_str_equal (name, "iframe") || g_str_equal (name, "b");
  if (!g_str_equal (name, "img"))
    return;
  page->n_images++;
  for (guint i = 0; keys[i] != NULL; i++)
    if (g_str_equal (keys[i], "src"))
      {
        const char *data = values[i] + strlen ("data:image/jpeg;base64,");
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (KalonImage) image = NULL;
        gsize size;
        guchar *jpeg;

        g_assert_true (g_str_has_prefix (values[i], "data:image/jpeg;base64,"));
        jpeg = g_base64_decode (data, &size);
        bytes = g_bytes_new_take (jpeg, size);
        image = kalon_image_load_bytes (bytes, 0, NULL, NULL, NULL);
        g_assert_nonnull (image);
      }
}

static void
text_cb (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data,
         GError **error)
{
  g_string_append_len (((Page *) user_data)->text, text, (gssize) length);
}

/* Well-formed, whole, and nothing of what others wrote is markup. */
static void
test_html (SearchFixture *fixture, gconstpointer data)
{
  static const GMarkupParser parser = { .start_element = start_cb, .text = text_cb };
  g_autofree char *path = g_build_filename (fixture->directory, "both.html", NULL);
  g_autofree char *odd = g_build_filename (fixture->photos, "<b>&\n\x01\xff.png", NULL);
  g_autoptr (KalonImage) image = make_image (99);
  g_autoptr (KalonComparison) comparison = NULL;
  g_autoptr (GMarkupParseContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *html = NULL;
  g_autofree char *gone = NULL;
  Page page = { .text = g_string_new (NULL) };
  const char *body;
  gsize length;

  make_library (fixture);
  g_assert_true (kalon_image_save_png (image, odd, &error));
  index_photos (fixture, fixture->model);
  comparison = make_comparison (fixture, "</title><script>alert (\"a\")</script>", 40);
  g_assert_true (
      kalon_comparison_export (comparison, fixture->library_directory, path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &html, &length, &error));
  g_assert_true (g_str_has_prefix (html, "<!DOCTYPE html>"));
  body = strchr (html, '\n');
  context = g_markup_parse_context_new (&parser, 0, &page, NULL);
  g_assert_true (g_markup_parse_context_parse (context, body, -1, &error));
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (page.n_images, ==, 2 * (N_PHOTOS + 1));
  g_assert_cmpuint (page.n_rows, ==, 1 + N_PHOTOS + 1);
  g_assert_cmpuint (page.n_others, ==, 0);
  g_assert_nonnull (strstr (page.text->str, "</title><script>alert (\"a\")</script>"));
  g_assert_nonnull (strstr (page.text->str, "Rephrased: glass hills under red rain"));
  g_assert_nonnull (strstr (page.text->str, "model <model>"));
  g_assert_nonnull (strstr (page.text->str, "rephrasing +"));
  /* Where the pictures are is nobody's business. */
  g_assert_null (strstr (html, fixture->photos));
  g_assert_null (strstr (html, "http://localhost"));
  g_string_free (page.text, TRUE);

  /* A picture that has gone costs its own field. */
  gone = dup_photo_path (fixture, 3);
  g_unlink (gone);
  index_photos (fixture, fixture->model);
  g_assert_true (
      kalon_comparison_export (comparison, fixture->library_directory, path, NULL, &error));
  g_clear_pointer (&html, g_free);
  g_assert_true (g_file_get_contents (path, &html, &length, &error));
  g_assert_nonnull (strstr (html, "not in the library any more"));
}

static void
test_errors (SearchFixture *fixture, gconstpointer data)
{
  g_autofree char *gif = g_build_filename (fixture->directory, "both.gif", NULL);
  g_autofree char *nowhere = g_build_filename (fixture->directory, "nowhere", "both.html", NULL);
  g_autoptr (KalonComparison) comparison = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  make_library (fixture);
  comparison = make_comparison (fixture, "a lake", 4);
  g_assert_false (
      kalon_comparison_export (comparison, fixture->library_directory, gif, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (
      kalon_comparison_export (comparison, fixture->library_directory, nowhere, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Models and profiles that there are, beside the three of the search itself. */
static void
test_rivals (SearchFixture *fixture, gconstpointer data)
{
  g_autofree char *models = g_test_build_filename (G_TEST_DIST, "reference", "models", NULL);
  g_autofree char *other = g_build_filename (models, OTHER_MODEL, NULL);
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonSearcher) same = NULL;
  g_autoptr (KalonSearcher) first = NULL;
  g_autoptr (KalonSearcher) again = NULL;
  g_autoptr (KalonRivals) rivals = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const KalonRival *model;

  g_setenv ("KALON_MODELS_PATH", models, TRUE);
  make_library (fixture);
  feedback = kalon_feedback_open (fixture->library_directory, &error);
  g_assert_true (kalon_feedback_set_profile (feedback, "warm", &error));
  searcher = make_searcher (fixture);
  rivals = kalon_rivals_new (fixture->library_directory, "none", fixture->model, searcher);
  kalon_rivals_list_async (rivals, NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  list = kalon_rivals_list_finish (rivals, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (kalon_rivals_find (list, "baseline"));
  g_assert_nonnull (kalon_rivals_find (list, "rephrased"));
  g_assert_nonnull (kalon_rivals_find (list, "aligned"));
  g_assert_nonnull (kalon_rivals_find (list, "profile:default"));
  g_assert_null (kalon_rivals_find (list, "profile:warm"));
  g_assert_null (kalon_rivals_find (list, "model:" MODEL));
  model = kalon_rivals_find (list, "model:" OTHER_MODEL);
  g_assert_nonnull (model);

  /* The search's own; another model's, which is kept. */
  same = kalon_rivals_get_searcher (rivals, kalon_rivals_find (list, "profile:default"));
  g_assert_true (same == searcher);
  first = kalon_rivals_get_searcher (rivals, model);
  again = kalon_rivals_get_searcher (rivals, model);
  g_assert_true (first == again && first != searcher);
  {
    g_autoptr (KalonQuery) query = make_query ("lake");
    g_autoptr (KalonResults) before = search (first, query);
    g_autoptr (KalonResults) after = NULL;

    g_assert_cmpuint (before->n_candidates, ==, 0);
    g_assert_cmpuint (before->n_pictures, ==, N_PHOTOS);
    index_photos (fixture, other);
    after = search (first, query);
    g_assert_cmpuint (after->n_candidates, ==, N_PHOTOS);
  }
  g_unsetenv ("KALON_MODELS_PATH");
}

/* Which of two near-duplicates stands for both may differ; both are known. */
static void
test_folded (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query ("lake");
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (KalonRanking) ranking = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;
  const KalonFolded *folded;

  make_photo (fixture, 1);
  make_photo (fixture, 2);
  make_copy (fixture, 1, 80);
  index_photos (fixture, fixture->model);
  kalon_query_set_alignment (query, &alignment);
  results = search (searcher, query);
  g_assert_cmpuint (results->results->len, ==, 2);
  g_assert_cmpuint (results->n_folded, ==, 1);
  g_assert_cmpuint (results->folded->len, ==, 1);
  g_assert_cmpuint (results->aligned_folded->len, ==, 1);
  folded = &g_array_index (results->folded, KalonFolded, 0);
  ranking = kalon_ranking_new (results->results, results->folded);
  g_assert_cmpint (folded->result.picture, !=, folded->leader);
  g_assert_cmpuint (kalon_ranking_find (ranking, folded->result.picture), >, 0);
  g_assert_cmpuint (kalon_ranking_find (ranking, folded->result.picture), ==,
                    kalon_ranking_find (ranking, folded->leader));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/comparison/figures", test_figures);
  g_test_add_func ("/comparison/marks", test_marks);
  ADD_SEARCH_TEST ("/comparison/png", test_png);
  ADD_SEARCH_TEST ("/comparison/html", test_html);
  ADD_SEARCH_TEST ("/comparison/errors", test_errors);
  ADD_SEARCH_TEST ("/comparison/rivals", test_rivals);
  ADD_SEARCH_TEST ("/comparison/folded", test_folded);

  return g_test_run ();
}
