/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "judgements/kalon-judgements.h"
#include "library/kalon-library.h"
#include "test-folders.h"

typedef struct
{
  char *directory;
  char *file;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-judgements-XXXXXX", NULL);
  fixture->file = kalon_judgements_dup_path (fixture->directory);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->file);
}

static void
add (Fixture *fixture, const char *left, const char *right, KalonPreferred preferred)
{
  g_autoptr (KalonJudgement) judgement = kalon_judgement_new ("a “lake”\n", left, right, preferred);
  g_autoptr (GError) error = NULL;

  judgement->pictures[0] = g_strdupv ((char *[]){ (char *) "aa", (char *) "bb", NULL });
  g_assert_true (kalon_judgements_add (fixture->directory, judgement, &error));
  g_assert_no_error (error);
}

static GPtrArray *
list (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *judgements = kalon_judgements_list (fixture->directory, &error);

  g_assert_no_error (error);
  return judgements;
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) none = list (fixture);
  g_autoptr (GPtrArray) judgements = NULL;
  const KalonJudgement *first, *second;

  g_assert_cmpuint (none->len, ==, 0);
  add (fixture, "aligned", "profile:“x”", KALON_PREFERRED_RIGHT);
  add (fixture, "baseline", "aligned", KALON_PREFERRED_NEITHER);
  judgements = list (fixture);
  g_assert_cmpuint (judgements->len, ==, 2);
  first = g_ptr_array_index (judgements, 0);
  second = g_ptr_array_index (judgements, 1);
  g_assert_cmpstr (first->query, ==, "a “lake”\n");
  g_assert_cmpstr (first->rankings[0], ==, "aligned");
  g_assert_cmpstr (first->rankings[1], ==, "profile:“x”");
  g_assert_cmpint (first->preferred, ==, KALON_PREFERRED_RIGHT);
  g_assert_cmpint (first->time, >, 1700000000);
  g_assert_null (first->rephrased);
  g_assert_cmpuint (g_strv_length (first->pictures[0]), ==, 2);
  g_assert_cmpstr (first->pictures[0][1], ==, "bb");
  g_assert_cmpuint (g_strv_length (first->pictures[1]), ==, 0);
  g_assert_cmpint (second->preferred, ==, KALON_PREFERRED_NEITHER);
}

/* A process was killed in the middle of a line; somebody edited another. */
static void
test_torn (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[] = {
    "{\"time\": 1, \"query\": \"a\", \"left\": \"base",
    "{\"time\": 1, \"query\": \"a\", \"left\": \"baseline\", \"right\": \"aligned\", "
    "\"preferred\": \"middle\"}\n",
    "{\"time\": 1, \"query\": 3, \"left\": \"baseline\", \"right\": \"aligned\"}\n",
    "{\"time\": 1, \"query\": \"a\", \"right\": \"aligned\"}\n",
    "{\"time\": 1, \"query\": \"a\", \"left\": \"baseline\", \"right\": \"aligned\", "
    "\"left_pictures\": [1]}\n",
    "\n",
  };

  add (fixture, "baseline", "aligned", KALON_PREFERRED_LEFT);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *text = NULL, *longer = NULL;
      g_autoptr (GPtrArray) judgements = NULL;

      g_assert_true (g_file_get_contents (fixture->file, &text, NULL, NULL));
      longer = g_strconcat (text, lines[i], NULL);
      g_assert_true (g_file_set_contents (fixture->file, longer, -1, NULL));
      /* What is there still counts, and what comes is not lost in the torn line. */
      add (fixture, "baseline", "aligned", KALON_PREFERRED_RIGHT);
      g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "A judgement is passed over*");
      for (guint j = 0; j < i; j++)
        g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "A judgement is passed over*");
      judgements = list (fixture);
      g_test_assert_expected_messages ();
      g_assert_cmpuint (judgements->len, ==, 2 + i);
    }
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    int code;
  } cases[] = {
    { "{\"format\": \"kalon-judgements\", \"version\": 2}\n", KALON_ERROR_UNSUPPORTED },
    { "{\"format\": \"other\", \"version\": 1}\n", KALON_ERROR_INVALID_DATA },
    { "no JSON\n", KALON_ERROR_INVALID_DATA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (fixture->file, cases[i].text, -1, NULL));
      g_assert_null (kalon_judgements_list (fixture->directory, &error));
      g_assert_error (error, KALON_ERROR, cases[i].code);
    }
  {
    g_autoptr (KalonJudgement) judgement
        = kalon_judgement_new ("a", "baseline", "aligned", KALON_PREFERRED_LEFT);
    g_autoptr (GError) error = NULL;

    g_assert_false (kalon_judgements_add ("/dev/null/kalon", judgement, &error));
    g_assert_nonnull (strstr (error->message, "judgements.jsonl"));
  }
}

static void
test_tally (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) judgements = NULL;
  KalonTally tally;

  for (guint i = 0; i < 4; i++)
    add (fixture, "baseline", "aligned", KALON_PREFERRED_RIGHT);
  for (guint i = 0; i < 3; i++)
    add (fixture, "aligned", "baseline", KALON_PREFERRED_LEFT);
  add (fixture, "aligned", "baseline", KALON_PREFERRED_RIGHT);
  add (fixture, "baseline", "aligned", KALON_PREFERRED_LEFT);
  add (fixture, "baseline", "aligned", KALON_PREFERRED_NEITHER);
  add (fixture, "rephrased", "aligned", KALON_PREFERRED_LEFT);
  judgements = list (fixture);
  kalon_judgements_count (judgements, "aligned", "baseline", &tally);
  g_assert_cmpuint (tally.first, ==, 7);
  g_assert_cmpuint (tally.second, ==, 2);
  g_assert_cmpuint (tally.neither, ==, 1);
  g_assert_cmpfloat_with_epsilon (tally.share.mean, 7.0 / 9, 1e-9);
  g_assert_cmpfloat_with_epsilon (tally.share.low, 0.452589, 1e-5);
  g_assert_cmpfloat_with_epsilon (tally.share.high, 0.936775, 1e-5);
  kalon_judgements_count (judgements, "aligned", "rephrased", &tally);
  g_assert_cmpuint (tally.first, ==, 0);
  g_assert_cmpuint (tally.second, ==, 1);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Ids become contents; what has gone is left out. */
static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->directory, NULL);
  KalonPicture picture = { .path = (char *) "/p/a.png", .content_hash = (char *) "aa" };
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) right = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GPtrArray) judgements = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;
  const KalonJudgement *judgement;
  gint64 gone = 4711;

  g_assert_true (kalon_library_store_picture (library, &picture, &error));
  g_array_append_val (left, gone);
  g_array_append_val (left, picture.id);
  kalon_judgements_add_async (
      fixture->directory, kalon_judgement_new ("lake", "baseline", "aligned", KALON_PREFERRED_LEFT),
      left, right, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  judgements = kalon_judgements_list_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (judgements->len, ==, 1);
  judgement = g_ptr_array_index (judgements, 0);
  g_assert_cmpuint (g_strv_length (judgement->pictures[0]), ==, 1);
  g_assert_cmpstr (judgement->pictures[0][0], ==, "aa");

  kalon_judgements_list_async (fixture->directory, NULL, take_result, &listed);
  while (listed == NULL)
    g_main_context_iteration (NULL, TRUE);
  again = kalon_judgements_list_finish (listed, &error);
  g_assert_cmpuint (again->len, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/judgements/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/judgements/torn", Fixture, NULL, set_up, test_torn, tear_down);
  g_test_add ("/judgements/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/judgements/tally", Fixture, NULL, set_up, test_tally, tear_down);
  g_test_add ("/judgements/async", Fixture, NULL, set_up, test_async, tear_down);
  return g_test_run ();
}
