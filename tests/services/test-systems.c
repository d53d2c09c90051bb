/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "search-fixture.h"
#include "systems/kalon-systems.h"

static void
write_file (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static void
assert_refused (KalonSystems *systems, const char *key, KalonError code, const char *what)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (kalon_systems_check (systems, key, &error));
  g_assert_error (error, KALON_ERROR, (int) code);
  if (strstr (error->message, what) == NULL)
    g_error ("“%s” does not name “%s”", error->message, what);
}

/* The base names of @key's answers, with a space between. */
static char *
dup_answers (KalonSystems *systems, const char *key, const char *query, const char *rephrased,
             guint k)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) answers
      = kalon_systems_answer (systems, key, query, rephrased, k, NULL, &error);
  GString *names = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < answers->len; i++)
    {
      const KalonAnswer *answer = g_ptr_array_index (answers, i);
      g_autofree char *name = g_path_get_basename (answer->path);

      g_assert_true (g_path_is_absolute (answer->path));
      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", name);
    }
  return g_string_free (names, FALSE);
}

static void
assert_answers (KalonSystems *systems, const char *key, const char *query, guint k,
                const char *expected)
{
  g_autofree char *names = dup_answers (systems, key, query, NULL, k);

  g_assert_cmpstr (names, ==, expected);
}

static void
test_folder (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSystems) systems = kalon_systems_new (fixture->library_directory, "none", NULL);
  g_autofree char *folder = g_build_filename (fixture->directory, "Engine X", NULL);
  g_autofree char *key = g_strconcat ("folder:", folder, NULL);
  g_autofree char *empty = g_strconcat ("folder:", fixture->photos, NULL);
  g_autofree char *missing = g_strconcat ("folder:", fixture->directory, "/nowhere", NULL);
  g_autofree char *title = NULL;

  write_file (folder, "Ein  CAFÉ/10.jpg", "");
  write_file (folder, "Ein  CAFÉ/9.JPG", "");
  write_file (folder, "Ein  CAFÉ/009b.png", "");
  write_file (folder, "Ein  CAFÉ/notes.txt", "");
  write_file (folder, "Ein  CAFÉ/.hidden.jpg", "");
  write_file (folder, "and_or/a.jpg", "");
  write_file (folder, "a file.jpg", "");
  g_assert_true (kalon_systems_check (systems, key, NULL));
  g_assert_false (kalon_systems_rephrases (systems, key));
  title = kalon_systems_dup_title (systems, key);
  g_assert_cmpstr (title, ==, "Engine X");

  /* The accent may be a character of its own. */
  assert_answers (systems, key, " ein cafe\xcc\x81\t", 5, "9.JPG 009b.png 10.jpg");
  assert_answers (systems, key, "Ein Café", 2, "9.JPG 009b.png");
  assert_answers (systems, key, "and/or", 5, "a.jpg");
  assert_answers (systems, key, "a lake", 5, "");

  assert_refused (systems, empty, KALON_ERROR_INVALID_DATA, "make one for each query");
  assert_refused (systems, missing, KALON_ERROR_ARGUMENT, "nowhere");
  assert_refused (systems, "folder:", KALON_ERROR_ARGUMENT, "names no folder");
  write_file (fixture->photos, "A Lake/a.jpg", "");
  write_file (fixture->photos, "a lake/a.jpg", "");
  assert_refused (systems, empty, KALON_ERROR_INVALID_DATA, "both of the same query");
}

static void
test_results (SearchFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *content;
    const char *what;
  } cases[] = {
    { "", "engine.json" },
    { "[]", "engine.json" },
    { "{\"results\": []}", "one at least" },
    { "{\"system\": 3, \"results\": [{\"query\": \"a\", \"pictures\": []}]}", "system" },
    { "{\"results\": [3]}", "results[0].query" },
    { "{\"results\": [{\"query\": \" \", \"pictures\": []}]}", "results[0].query is missing" },
    { "{\"results\": [{\"query\": \"a\"}]}", "results[0].pictures is not a list" },
    { "{\"results\": [{\"query\": \"a\", \"pictures\": [\"a.jpg\", 3]}]}", "at position 2" },
    { "{\"results\": [{\"query\": \"a\", \"pictures\": [\"gone.jpg\"]}]}", "gone.jpg" },
    { "{\"results\": [{\"query\": \"a\", \"pictures\": []}, {\"query\": \"A \", \"pictures\": "
      "[]}]}",
      "results[1].query is that of a result before it" },
  };
  g_autofree char *key = g_strconcat ("results:", fixture->directory, "/engine.json", NULL);
  g_autofree char *outside = g_build_filename (fixture->photos, "b.jpg", NULL);
  g_autofree char *content = NULL;
  g_autoptr (KalonSystems) systems = kalon_systems_new (fixture->library_directory, "none", NULL);
  g_autofree char *title = NULL;

  assert_refused (systems, key, KALON_ERROR_ARGUMENT, "engine.json");
  assert_refused (systems, "results:", KALON_ERROR_ARGUMENT, "names no file");
  write_file (fixture->directory, "sub/a.jpg", "");
  write_file (fixture->photos, "b.jpg", "");
  write_file (fixture->directory, "a.jpg", "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      write_file (fixture->directory, "engine.json", cases[i].content);
      assert_refused (systems, key, KALON_ERROR_INVALID_DATA, cases[i].what);
    }

  content = g_strdup_printf ("{\"system\": \"Engine\", \"results\": ["
                             "{\"query\": \"A lake\", \"pictures\": [\"sub/a.jpg\", \"%s\"]},"
                             "{\"query\": \"nothing\", \"pictures\": []}]}",
                             outside);
  write_file (fixture->directory, "engine.json", content);
  title = kalon_systems_dup_title (systems, key);
  g_assert_cmpstr (title, ==, "Engine");
  assert_answers (systems, key, "a lake", 5, "a.jpg b.jpg");
  assert_answers (systems, key, "a lake", 1, "a.jpg");
  assert_answers (systems, key, "nothing", 5, "");
  assert_answers (systems, key, "something", 5, "");
}

/* As the searcher itself ranks. */
static void
assert_ranked (SearchFixture *fixture, KalonSystems *systems, const char *key, const char *text,
               const char *rephrased, const KalonAlignment *alignment)
{
  g_autoptr (KalonSearcher) searcher = make_searcher (fixture);
  g_autoptr (KalonQuery) query = make_query (text);
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) answers
      = kalon_systems_answer (systems, key, text, rephrased, 5, NULL, &error);
  GArray *ranked;

  g_assert_no_error (error);
  kalon_query_set_limit (query, 5);
  kalon_query_set_alignment (query, alignment);
  results = search (searcher, query);
  ranked = alignment != NULL ? results->aligned : results->results;
  g_assert_cmpuint (ranked->len, ==, 5);
  g_assert_cmpuint (answers->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      const KalonAnswer *answer = g_ptr_array_index (answers, i);
      g_autoptr (KalonPicture) picture = kalon_library_get_picture (
          library, g_array_index (ranked, KalonResult, i).picture, NULL);

      g_assert_cmpstr (answer->path, ==, picture->path);
      g_assert_cmpstr (answer->content_hash, ==, picture->content_hash);
    }
}

static void
test_rankings (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSystems) systems
      = kalon_systems_new (fixture->library_directory, "none", fixture->model);
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;
  KalonAlignment strong = KALON_ALIGNMENT_DEFAULT;
  const char *rephrased = "glass hills under red rain";
  g_autofree char *same = NULL;
  g_autofree char *other = NULL;

  make_library (fixture);
  assert_ranked (fixture, systems, "baseline", "lake", NULL, NULL);
  alignment.rephrased = (char *) rephrased;
  assert_ranked (fixture, systems, "aligned", "lake", rephrased, &alignment);
  /* Rephrased words alone: no looks, no taste. */
  alignment.aesthetic = alignment.taste = 0;
  alignment.adapter = FALSE;
  assert_ranked (fixture, systems, "rephrased", "lake", rephrased, &alignment);
  /* Its weights can be others. */
  strong.rephrase = 0.9f;
  strong.rephrased = (char *) "not looked at";
  kalon_systems_set_alignment (systems, &strong);
  strong.rephrased = (char *) rephrased;
  assert_ranked (fixture, systems, "aligned", "lake", rephrased, &strong);

  same = dup_answers (systems, "baseline", "lake", rephrased, 5);
  other = dup_answers (systems, "baseline", "lake", NULL, 5);
  g_assert_cmpstr (same, ==, other);
  g_assert_false (kalon_systems_rephrases (systems, "baseline"));
  g_assert_true (kalon_systems_rephrases (systems, "aligned"));
  g_assert_true (kalon_systems_rephrases (systems, "rephrased"));
}

static void
test_models_and_profiles (SearchFixture *fixture, gconstpointer data)
{
  g_autofree char *models = g_test_build_filename (G_TEST_DIST, "reference", "models", NULL);
  g_autoptr (KalonSystems) systems
      = kalon_systems_new (fixture->library_directory, "none", fixture->model);
  g_autoptr (KalonSystems) modelless = kalon_systems_new (fixture->library_directory, "none", NULL);
  g_autofree char *other = g_build_filename (models, OTHER_MODEL, NULL);
  g_autofree char *title = NULL;
  g_autofree char *baseline = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("KALON_MODELS_PATH", models, TRUE);
  make_library (fixture);
  baseline = dup_answers (systems, "baseline", "lake", NULL, 4);
  /* The model that is searched with is the baseline. */
  assert_answers (systems, "model:" MODEL, "lake", 4, baseline);
  g_assert_null (
      kalon_systems_answer (systems, "model:" OTHER_MODEL, "lake", NULL, 4, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "--model " OTHER_MODEL " index"));
  g_clear_error (&error);
  index_photos (fixture, other);
  g_assert_true (kalon_systems_check (systems, "model:" OTHER_MODEL, NULL));
  {
    g_autofree char *others = dup_answers (systems, "model:" OTHER_MODEL, "lake", NULL, 4);

    g_assert_cmpstr (others, !=, baseline);
  }
  title = kalon_systems_dup_title (systems, "model:" OTHER_MODEL);
  g_assert_cmpstr (title, ==, "Model " OTHER_MODEL);

  assert_refused (systems, "best", KALON_ERROR_ARGUMENT, "folder:DIR");
  assert_refused (systems, "model:none-such", KALON_ERROR_ARGUMENT, "none-such");
  assert_refused (systems, "profile:Eve", KALON_ERROR_ARGUMENT, "Eve");
  assert_refused (modelless, "aligned", KALON_ERROR_ARGUMENT, "no model");
  g_assert_true (kalon_systems_check (modelless, "model:" MODEL, NULL));
  feedback = kalon_feedback_open (fixture->library_directory, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_feedback_set_profile (feedback, "Eve", &error));
  g_assert_no_error (error);
  g_assert_true (kalon_systems_check (systems, "profile:Eve", NULL));
  g_assert_true (kalon_systems_rephrases (systems, "profile:Eve"));
  g_unsetenv ("KALON_MODELS_PATH");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD_SEARCH_TEST ("/systems/folder", test_folder);
  ADD_SEARCH_TEST ("/systems/results", test_results);
  ADD_SEARCH_TEST ("/systems/rankings", test_rankings);
  ADD_SEARCH_TEST ("/systems/models-and-profiles", test_models_and_profiles);
  return g_test_run ();
}
