/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label-fixture.h"

#include "test-folders.h"

char *
label_fixture_dup_photo (LabelFixture *fixture, guint i)
{
  return g_strdup_printf ("%s/%02u.jpeg", fixture->photos, i % N_LABEL_PHOTOS);
}

static char *
dup_query (guint i)
{
  return g_strdup_printf ("query %u", i);
}

/* Answers of one system: of each query six pictures from @first on. The last query but one has the
 * same from both, and the last one none from the second. */
char *
label_fixture_write_results (LabelFixture *fixture, const char *name, guint first, guint n_pictures,
                             guint n_queries)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *file = g_strdup_printf ("%s/%s.json", fixture->directory, name);

  g_string_append_printf (text, "{\"system\": \"%s\", \"results\": [", name);
  for (guint i = 0; i < n_queries; i++)
    {
      g_autofree char *query = dup_query (i);

      g_string_append_printf (text, "%s{\"query\": \"%s\", \"pictures\": [", i > 0 ? "," : "",
                              query);
      for (guint j = 0; j < n_pictures; j++)
        {
          g_autofree char *photo
              = label_fixture_dup_photo (fixture, i + j + (i < N_ITEMS ? first : 0));

          g_string_append_printf (text, "%s\"%s\"", j > 0 ? ", " : "", photo);
        }
      g_string_append (text, "]}");
    }
  g_string_append (text, "]}\n");
  g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
  return g_strconcat ("results:", file, NULL);
}

char *
label_fixture_build (LabelFixture *fixture, const char *name, GError **error)
{
  g_autofree char *first = label_fixture_write_results (fixture, "ours", 0, 6, N_QUERIES);
  g_autofree char *second = label_fixture_write_results (fixture, "theirs", 5, 4, N_QUERIES - 1);
  g_autoptr (KalonSystems) systems = kalon_systems_new (fixture->library, "none", NULL);
  char *queries[N_QUERIES + 1] = { NULL };
  char *rephrased[N_QUERIES] = { NULL };
  KalonLabelPlan plan = { .name = name,
                          .queries = (const char *const *) queries,
                          .rephrased = (const char *const *) rephrased,
                          .style = "detail",
                          .systems = { first, second },
                          .k = KALON_LABEL_ROW,
                          .repeats = KALON_LABEL_REPEATS,
                          .seed = 7 };
  gsize n_same = 0;
  char *id;

  for (guint i = 0; i < N_QUERIES; i++)
    queries[i] = dup_query (i);
  rephrased[0] = (char *) "query nought";
  id = kalon_label_set_build (systems, fixture->library, &plan, NULL, NULL, &n_same, NULL, error);
  g_assert_cmpuint (n_same, ==, 2);
  for (guint i = 0; i < N_QUERIES; i++)
    g_free (queries[i]);
  return id;
}

void
label_fixture_set_up (LabelFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("kalon-labelling-XXXXXX", NULL);
  fixture->library = g_build_filename (fixture->directory, "library", NULL);
  fixture->photos = g_build_filename (fixture->directory, "photos", NULL);
  g_assert_cmpint (g_mkdir (fixture->library, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
  for (guint i = 0; i < N_LABEL_PHOTOS; i++)
    {
      g_autofree char *path = label_fixture_dup_photo (fixture, i);

      g_assert_true (g_file_set_contents (path, path, -1, NULL));
    }
  fixture->id = label_fixture_build (fixture, "Dawn & “Dusk”", &error);
  g_assert_no_error (error);
  fixture->log
      = g_build_filename (fixture->library, "label-sets", fixture->id, "labels.jsonl", NULL);
}

void
label_fixture_tear_down (LabelFixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->library);
  g_free (fixture->photos);
  g_free (fixture->id);
  g_free (fixture->log);
}

KalonLabelSession *
label_fixture_open (LabelFixture *fixture, const char *labeler, GHashTable *traits)
{
  g_autoptr (GError) error = NULL;
  KalonLabelSession *session
      = kalon_label_session_open (fixture->library, fixture->id, labeler, traits, &error);

  g_assert_no_error (error);
  return session;
}

KalonHpirSet *
label_fixture_load (LabelFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KalonHpirSet *set = kalon_label_set_load (fixture->library, fixture->id, &error);

  g_assert_no_error (error);
  return set;
}

/* What somebody thinks of an item: the same whenever asked, unless @fickle. */
void
label_fixture_judge (const KalonLabelTask *task, guint labeler, KalonHpirVote *votes)
{
  guint number = (guint) g_ascii_strtoull (task->item->id, NULL, 10) + labeler;

  votes[KALON_HPIR_ACCURACY] = number % 2 != 0 ? KALON_HPIR_A : KALON_HPIR_B;
  votes[KALON_HPIR_AESTHETIC] = number % 3 == 0 ? KALON_HPIR_CANNOT_TELL : KALON_HPIR_A;
  votes[KALON_HPIR_DIVERSITY] = task->repeat != 0 ? KALON_HPIR_A : KALON_HPIR_B;
}

/* The next @n tasks, or those that are left. */
void
label_fixture_answer (KalonLabelSession *session, guint labeler, guint n)
{
  KalonLabelTask task;

  while (n-- > 0 && kalon_label_session_peek (session, &task))
    {
      KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
      g_autoptr (GError) error = NULL;

      label_fixture_judge (&task, labeler, votes);
      g_assert_true (kalon_label_session_answer (session, votes, 1.5, &error));
      g_assert_no_error (error);
    }
}
