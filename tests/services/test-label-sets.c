/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "aligner/kalon-aligner.h"
#include "errors/kalon-errors.h"
#include "history/kalon-history.h"
#include "label-fixture.h"
#include "search-fixture.h"

static void
test_build (LabelFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = label_fixture_load (fixture);
  const KalonHpirItem *item = g_ptr_array_index (set->items, 0);
  guint n_first = 0;

  g_assert_cmpstr (fixture->id, ==, "dawn-dusk");
  g_assert_cmpstr (set->name, ==, "Dawn & “Dusk”");
  g_assert_false (set->synthetic);
  g_assert_cmpuint (set->items->len, ==, N_ITEMS);
  g_assert_cmpstr (item->query, ==, "query 0");
  g_assert_cmpstr (g_hash_table_lookup (item->rephrased, "detail"), ==, "query nought");
  for (guint i = 0; i < N_ITEMS; i++)
    {
      item = g_ptr_array_index (set->items, i);
      n_first += g_str_has_suffix (item->systems[0], "ours.json") ? 1 : 0;
      g_assert_cmpstr (item->systems[0], !=, item->systems[1]);
      for (guint group = 0; group < 2; group++)
        {
          gboolean ours = g_str_has_suffix (item->systems[group], "ours.json");

          /* As many as the shorter row has. */
          g_assert_cmpuint (item->groups[group]->len, ==, 4);
          for (guint j = 0; j < 4; j++)
            {
              const KalonHpirPicture *picture = g_ptr_array_index (item->groups[group], j);
              g_autofree char *photo = label_fixture_dup_photo (fixture, i + j + (ours ? 0 : 5));
              g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, photo, -1);

              g_assert_cmpstr (picture->path, ==, photo);
              g_assert_cmpstr (picture->content_hash, ==, hash);
            }
        }
    }
  /* Of 42 queries 21; two of them make no item. */
  g_assert_cmpuint (n_first, >=, N_QUERIES / 2 - 2);
  g_assert_cmpuint (n_first, <=, N_QUERIES / 2);
}

static void
test_plans (LabelFixture *fixture, gconstpointer data)
{
  const char *const queries[] = { "no such query", NULL };
  g_autofree char *first = label_fixture_write_results (fixture, "ours", 0, 6, N_QUERIES);
  g_autofree char *second = label_fixture_write_results (fixture, "theirs", 5, 4, N_QUERIES);
  g_autoptr (KalonSystems) systems = kalon_systems_new (fixture->library, "none", NULL);
  const KalonLabelPlan good = { .name = "x",
                                .queries = queries,
                                .systems = { first, second },
                                .k = KALON_LABEL_ROW,
                                .repeats = KALON_LABEL_REPEATS };
  KalonLabelPlan plans[] = { good, good, good, good, good, good };

  plans[1].name = " ";
  plans[2].k = KALON_HPIR_MAX_GROUP + 1;
  plans[3].repeats = 1.5;
  plans[4].systems[1] = first;
  plans[5].systems[1] = "nobody";
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (kalon_label_set_build (systems, fixture->library, &plans[i], NULL, NULL, NULL,
                                            NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
}

static void
test_names (LabelFixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "", ".", "..", "../label-sets/dawn-dusk", "Dawn", "none" };
  g_autofree char *long_name = g_strnfill (101, 'x');
  const char *const names[] = { "", " \n", long_name };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (kalon_label_set_load (fixture->library, ids[i], &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_clear_error (&error);
      g_assert_false (kalon_label_set_remove (fixture->library, ids[i], &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          kalon_label_session_open (fixture->library, fixture->id, names[i], NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
}

static void
test_heads (LabelFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    int code;
  } cases[] = {
    { "{\"format\": \"kalon-labels\", \"version\": 2}\n", KALON_ERROR_UNSUPPORTED },
    { "{\"format\": \"other\", \"version\": 1}\n", KALON_ERROR_INVALID_DATA },
    { "{\"format\": \"kalon-labels\", \"version\": 1, \"repeats\": 2}\n",
      KALON_ERROR_INVALID_DATA },
    { "{\"format\": \"kalon-labels\", \"version\": 1, \"seed\": -1}\n", KALON_ERROR_INVALID_DATA },
    { "no JSON\n", KALON_ERROR_INVALID_DATA },
    { "", KALON_ERROR_INVALID_DATA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) infos = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (fixture->log, cases[i].text, -1, NULL));
      g_assert_null (kalon_label_set_load (fixture->library, fixture->id, &error));
      g_assert_error (error, KALON_ERROR, cases[i].code);
      g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "A label set is left out*");
      infos = kalon_label_sets_list (fixture->library, NULL);
      g_test_assert_expected_messages ();
      g_assert_cmpuint (infos->len, ==, 0);
    }
}

static void
test_list (LabelFixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->directory, "nowhere", NULL);
  g_autoptr (KalonLabelSession) session = label_fixture_open (fixture, "Ann", NULL);
  g_autofree char *second = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  g_autoptr (GError) error = NULL;
  const KalonLabelSetInfo *info;
  GStatBuf status;

  none = kalon_label_sets_list (nowhere, &error);
  g_assert_cmpuint (none->len, ==, 0);
  label_fixture_answer (session, 0, 3);
  second = label_fixture_build (fixture, "dawn dusk", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second, ==, "dawn-dusk-2");
  infos = kalon_label_sets_list (fixture->library, &error);
  g_assert_cmpuint (infos->len, ==, 2);
  info = g_ptr_array_index (
      infos, g_str_equal (((KalonLabelSetInfo *) infos->pdata[0])->id, fixture->id) ? 0 : 1);
  g_assert_cmpstr (info->name, ==, "Dawn & “Dusk”");
  g_assert_cmpuint (info->n_items, ==, N_ITEMS);
  g_assert_cmpuint (info->n_labels, ==, 3);
  g_assert_cmpuint (g_strv_length (info->labelers), ==, 1);
  g_assert_cmpstr (info->labelers[0], ==, "Ann");
  g_assert_cmpint (info->created, >, 1700000000);
  g_assert_cmpint (g_stat (fixture->log, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* A set from elsewhere, with labels that are not taken along. */
static void
test_import (LabelFixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "labelled.jsonl", NULL);
  g_autofree char *photo = label_fixture_dup_photo (fixture, 0);
  g_autofree char *id = NULL;
  g_autoptr (KalonLabelSession) session = label_fixture_open (fixture, "Ann", NULL);
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (KalonHpirSet) copy = NULL;
  g_autoptr (GError) error = NULL;
  const KalonHpirItem *item;

  label_fixture_answer (session, 0, 10);
  g_assert_true (kalon_label_set_export (fixture->library, fixture->id, file, &error));
  set = kalon_hpir_set_read (file, &error);
  g_assert_no_error (error);
  id = kalon_label_set_import (fixture->library, set, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "dawn-dusk-2");
  copy = kalon_label_set_load (fixture->library, id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (copy->items->len, ==, N_ITEMS);
  g_assert_cmpuint (copy->labelers->len, ==, 0);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      const KalonHpirItem *from = g_ptr_array_index (set->items, i);

      item = g_ptr_array_index (copy->items, i);
      g_assert_cmpuint (item->labels->len, ==, 0);
      g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][0], ==, 0);
      g_assert_cmpstr (item->systems[1], ==, from->systems[1]);
      g_assert_true (
          g_path_is_absolute (((KalonHpirPicture *) g_ptr_array_index (item->groups[1], 2))->path));
    }

  g_assert_true (g_file_set_contents (photo, "another", -1, NULL));
  g_assert_null (kalon_label_set_import (fixture->library, set, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_clear_error (&error);
  g_unlink (photo);
  g_assert_null (kalon_label_set_import (fixture->library, set, &error));
  g_assert_nonnull (strstr (error->message, "Item “0001”"));
}

static void
test_suggest (LabelFixture *fixture, gconstpointer data)
{
  static const char *const searched[] = { "a lake", "A Lake", "a boat", "snow" };
  g_autoptr (KalonHistory) history = kalon_history_new (fixture->library);
  g_auto (GStrv) queries = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (searched); i++)
    {
      g_autoptr (KalonQuestion) question = kalon_question_new ();

      kalon_question_set_text (question, searched[i]);
      g_assert_true (kalon_history_add (history, question, &error));
    }
  queries = kalon_label_suggest_queries (fixture->library, NULL, 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (queries), ==, 2);
  g_assert_cmpstr (queries[0], ==, "snow");
  g_assert_cmpstr (queries[1], ==, "a boat");
}

/* How many pictures answer, as the window finds them. */
static guint
count_found (KalonSearcher *searcher, const char *text)
{
  g_autoptr (KalonQuery) query = make_query (text);
  g_autoptr (KalonResults) results = NULL;

  kalon_query_set_strictness (query, KALON_STRICTNESS_OF_MODEL);
  results = search (searcher, query);
  return results->results->len;
}

/* Built-in queries are suggested when they have a row of answers. */
static void
test_answered (SearchFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (GHashTable) answered = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) built_in = kalon_aligner_list_built_in ();
  static const guint asked[] = { 3, 1000 };

  make_library (fixture);
  searcher = make_searcher (fixture);
  for (guint i = 0; built_in[i] != NULL; i++)
    if (count_found (searcher, built_in[i]) >= KALON_LABEL_ROW)
      g_hash_table_add (answered, built_in[i]);
  g_assert_cmpuint (g_hash_table_size (answered), >, 3);
  g_assert_cmpuint (g_hash_table_size (answered), <, g_strv_length (built_in));
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) queries = kalon_label_suggest_queries (fixture->library_directory, searcher,
                                                            asked[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (queries), ==, MIN (asked[i], g_hash_table_size (answered)));
      for (guint j = 0; queries[j] != NULL; j++)
        {
          g_assert_true (g_hash_table_contains (answered, queries[j]));
          g_assert_false (g_strv_contains ((const char *const *) queries + j + 1, queries[j]));
        }
    }
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
count_progress (gsize done, gsize total, gpointer user_data)
{
  guint *n = user_data;

  g_assert_cmpuint (total, ==, N_QUERIES);
  g_assert_cmpuint (done, ==, ++*n);
}

/* The same from a main loop. */
static void
test_main_loop (LabelFixture *fixture, gconstpointer data)
{
  g_autofree char *first = label_fixture_write_results (fixture, "ours", 0, 6, N_QUERIES);
  g_autofree char *second = label_fixture_write_results (fixture, "theirs", 5, 4, N_QUERIES - 1);
  g_autofree char *file = g_build_filename (fixture->directory, "exported.jsonl", NULL);
  g_autoptr (KalonSystems) systems = kalon_systems_new (fixture->library, "none", NULL);
  g_autoptr (KalonLabelSession) session = NULL;
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  g_autofree char *id = NULL, *imported = NULL;
  g_auto (GStrv) queries = g_new0 (char *, N_QUERIES + 1);
  g_auto (GStrv) suggested = NULL;
  g_autoptr (GError) error = NULL;
  KalonLabelPlan plan = {
    .name = "Loop", .queries = (const char *const *) queries, .systems = { first, second }, .k = 2
  };
  guint n_told = 0;
  gsize n_same;

  for (guint i = 0; i < N_QUERIES; i++)
    queries[i] = g_strdup_printf ("query %u", i);
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_set_build_async (systems, fixture->library, &plan, count_progress, &n_told, NULL,
                                 take_result, &result);
    id = kalon_label_set_build_finish (wait_for (&result), &n_same, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (id, ==, "loop");
    g_assert_cmpuint (n_same, ==, 2);
    g_assert_cmpuint (n_told, ==, N_QUERIES);
  }
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_session_open_async (fixture->library, id, "Ann", NULL, NULL, take_result, &result);
    session = kalon_label_session_open_finish (wait_for (&result), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (kalon_label_session_get_n_tasks (session), ==, N_ITEMS);
    label_fixture_answer (session, 0, 3);
  }
  {
    g_autoptr (GAsyncResult) opened = NULL;
    g_autoptr (GAsyncResult) loaded = NULL;

    kalon_label_session_open_async (fixture->library, "none", "Ann", NULL, NULL, take_result,
                                    &opened);
    g_assert_null (kalon_label_session_open_finish (wait_for (&opened), &error));
    g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    g_clear_error (&error);
    kalon_label_set_load_async (fixture->library, "none", NULL, take_result, &loaded);
    g_assert_null (kalon_label_set_load_finish (wait_for (&loaded), &error));
    g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    g_clear_error (&error);
  }
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_set_load_async (fixture->library, id, NULL, take_result, &result);
    set = kalon_label_set_load_finish (wait_for (&result), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (set->labelers->len, ==, 1);
  }
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_set_export_async (fixture->library, id, file, take_result, &result);
    g_assert_true (kalon_label_set_change_finish (wait_for (&result), &error));
    g_assert_no_error (error);
  }
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_set_import_async (fixture->library, file, take_result, &result);
    imported = kalon_label_set_import_finish (wait_for (&result), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (imported, ==, "loop-2");
  }
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_set_import_async (fixture->library, first, take_result, &result);
    g_assert_null (kalon_label_set_import_finish (wait_for (&result), &error));
    g_assert_nonnull (error);
    g_clear_error (&error);
  }
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_suggest_queries_async (fixture->library, NULL, 5, NULL, take_result, &result);
    suggested = kalon_label_suggest_queries_finish (wait_for (&result), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_strv_length (suggested), ==, 0);
  }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      /* While it is being labelled it stays. */
      kalon_label_set_remove_async (fixture->library, id, take_result, &result);
      g_assert_cmpint (kalon_label_set_change_finish (wait_for (&result), &error), ==, i == 1);
      if (i == 0)
        g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
      g_clear_error (&error);
      g_clear_object (&session);
    }
  {
    g_autoptr (GAsyncResult) result = NULL;

    kalon_label_sets_list_async (fixture->library, NULL, take_result, &result);
    infos = kalon_label_sets_list_finish (wait_for (&result), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (infos->len, ==, 2);
  }
}

static void
add (const char *name, void (*test) (LabelFixture *, gconstpointer))
{
  g_test_add (name, LabelFixture, NULL, label_fixture_set_up, test, label_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/label-sets/answered", SearchFixture, NULL, search_fixture_set_up, test_answered,
              search_fixture_tear_down);
  add ("/label-sets/build", test_build);
  add ("/label-sets/plans", test_plans);
  add ("/label-sets/names", test_names);
  add ("/label-sets/heads", test_heads);
  add ("/label-sets/list", test_list);
  add ("/label-sets/import", test_import);
  add ("/label-sets/suggest", test_suggest);
  add ("/label-sets/main-loop", test_main_loop);
  return g_test_run ();
}
