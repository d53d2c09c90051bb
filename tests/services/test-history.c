/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errors/kalon-errors.h"
#include "history/kalon-history.h"
#include "storage/kalon-storage.h"
#include "test-folders.h"

#include <sys/stat.h>

typedef struct
{
  char *directory;
  KalonHistory *history;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-history-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->history = kalon_history_new (fixture->directory);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->history), (gpointer *) &fixture->history);
  g_object_unref (fixture->history);
  /* A worker may let go of the last job a moment later. */
  while (fixture->history != NULL)
    g_usleep (1000);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static KalonQuestion *
make (const char *typed)
{
  KalonQuestion *question = kalon_question_new ();

  kalon_question_read_typed (question, typed);
  return question;
}

static void
add (Fixture *fixture, const char *typed)
{
  g_autoptr (KalonQuestion) question = make (typed);
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_history_add (fixture->history, question, &error));
  g_assert_no_error (error);
}

/* "*name:text text ..." of what is found. */
static char *
find (Fixture *fixture, const char *text, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = kalon_history_find (fixture->history, text, limit, &error);
  GString *list = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    {
      const KalonHistoryEntry *entry = g_ptr_array_index (entries, i);

      g_assert_cmpint (entry->id > 0, ==, entry->name == NULL);
      g_assert_cmpint (entry->time, >, 1500000000);
      g_string_append_printf (list, "%s%s%s%s%s", i > 0 ? " " : "", entry->name != NULL ? "*" : "",
                              entry->name != NULL ? entry->name : "",
                              entry->name != NULL ? ":" : "", entry->question->text);
    }
  return g_string_free (list, FALSE);
}

static void
assert_found (Fixture *fixture, const char *text, guint limit, const char *expected)
{
  g_autofree char *found = find (fixture, text, limit);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "history.db", NULL);
  g_autoptr (KalonQuestion) picture = kalon_question_new ();
  g_autoptr (GPtrArray) entries = NULL;
  GStatBuf status;
  gsize n = 0;

  assert_found (fixture, "", 0, "");
  add (fixture, "boat");
  add (fixture, "lake -people");
  add (fixture, "sunset");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  assert_found (fixture, "", 0, "sunset lake boat");
  assert_found (fixture, "", 2, "sunset lake");

  /* The same again, in another case, moves to the front; other terms are another question. */
  add (fixture, "BOAT");
  assert_found (fixture, "", 0, "BOAT sunset lake");
  add (fixture, "boat -fog");
  assert_found (fixture, "", 0, "boat BOAT sunset lake");
  add (fixture, "  ");
  assert_found (fixture, "", 0, "boat BOAT sunset lake");

  /* By anything in it, what begins so first. */
  add (fixture, "a boat");
  assert_found (fixture, "Bo", 0, "boat BOAT a boat");
  assert_found (fixture, "peop", 0, "lake");
  assert_found (fixture, "%", 0, "");
  kalon_question_add_term (picture, KALON_TERM_PICTURE, "/pictures/IMG_41.jpeg", 1);
  kalon_question_set_filter (picture, "date:2021");
  g_assert_true (kalon_history_add (fixture->history, picture, NULL));
  entries = kalon_history_find (fixture->history, "img_4", 0, NULL);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_true (
      kalon_question_equal (((KalonHistoryEntry *) entries->pdata[0])->question, picture));
  assert_found (fixture, "date:", 0, "");

  g_assert_true (
      kalon_history_remove (fixture->history, ((KalonHistoryEntry *) entries->pdata[0])->id, NULL));
  assert_found (fixture, "", 0, "a boat boat BOAT sunset lake");
  g_assert_true (kalon_history_clear (fixture->history, &n, NULL));
  g_assert_cmpuint (n, ==, 5);
  assert_found (fixture, "", 0, "");
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = NULL;

  for (guint i = 0; i < KALON_HISTORY_MAX_SEARCHES + 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("search %u", i);

      add (fixture, text);
    }
  entries = kalon_history_find (fixture->history, "", 0, NULL);
  g_assert_cmpuint (entries->len, ==, KALON_HISTORY_MAX_SEARCHES);
  g_assert_cmpstr (((KalonHistoryEntry *) entries->pdata[entries->len - 1])->question->text, ==,
                   "search 3");
}

static void
test_saved (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonQuestion) question = make ("lake -people");
  g_autoptr (KalonQuestion) other = make ("boat");
  g_autoptr (KalonQuestion) empty = kalon_question_new ();
  g_autoptr (KalonHistoryEntry) entry = NULL;
  g_autofree char *long_name = g_strnfill (KALON_HISTORY_MAX_NAME + 1, 'x');
  g_autoptr (GError) error = NULL;

  question->strictness = 70;
  add (fixture, "lake district");
  g_assert_true (kalon_history_save (fixture->history, " Quiet lakes ", question, &error));
  g_assert_true (kalon_history_save (fixture->history, "boats", other, &error));
  g_assert_no_error (error);
  assert_found (fixture, "", 0, "*boats:boat *Quiet lakes:lake lake district");
  assert_found (fixture, "quiet", 0, "*Quiet lakes:lake");
  assert_found (fixture, "lake", 1, "*Quiet lakes:lake lake district");

  entry = kalon_history_get_saved (fixture->history, "quiet LAKES", &error);
  g_assert_no_error (error);
  g_assert_true (kalon_question_equal (entry->question, question));
  g_assert_cmpint (entry->question->strictness, ==, 70);

  /* The same name again replaces; renaming does not. */
  g_assert_true (kalon_history_save (fixture->history, "BOATS", question, NULL));
  assert_found (fixture, "boats", 0, "*BOATS:lake");
  g_assert_false (kalon_history_rename_saved (fixture->history, "boats", "Quiet Lakes", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (kalon_history_rename_saved (fixture->history, "boats", "Boats", &error));
  g_assert_true (kalon_history_rename_saved (fixture->history, "Boats", "ships", &error));
  assert_found (fixture, "", 0, "*Quiet lakes:lake *ships:lake lake district");

  g_assert_false (kalon_history_rename_saved (fixture->history, "boats", "x", NULL));
  g_assert_false (kalon_history_remove_saved (fixture->history, "boats", NULL));
  g_assert_null (kalon_history_get_saved (fixture->history, "boats", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_true (kalon_history_remove_saved (fixture->history, "SHIPS", NULL));
  g_assert_false (kalon_history_save (fixture->history, " ", question, NULL));
  g_assert_false (kalon_history_save (fixture->history, long_name, question, NULL));
  g_assert_false (kalon_history_save (fixture->history, "nothing", empty, NULL));

  /* Clearing the history is no reason to lose what was kept on purpose. */
  g_assert_true (kalon_history_clear (fixture->history, NULL, NULL));
  assert_found (fixture, "", 0, "*Quiet lakes:lake");
}

static void
take_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonQuestion) question = make ("boat");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) added = NULL, saved = NULL, renamed = NULL, found = NULL;
  g_autoptr (GAsyncResult) superseded = NULL, removed = NULL, cleared = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  /* In the order asked: what is added is found by what is asked next. */
  kalon_history_add_async (fixture->history, question, take_result, &added);
  kalon_history_save_async (fixture->history, "b", question, take_result, &saved);
  kalon_history_rename_saved_async (fixture->history, "b", "boats", take_result, &renamed);
  kalon_history_find_async (fixture->history, "", 0, cancellable, take_result, &superseded);
  g_cancellable_cancel (cancellable);
  kalon_history_find_async (fixture->history, "boat", 0, NULL, take_result, &found);
  entries = kalon_history_find_finish (fixture->history, wait_for (&found), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (((KalonHistoryEntry *) entries->pdata[0])->name, ==, "boats");
  g_assert_true (kalon_history_change_finish (fixture->history, wait_for (&added), NULL));
  g_assert_true (kalon_history_change_finish (fixture->history, wait_for (&saved), NULL));
  g_assert_true (kalon_history_change_finish (fixture->history, wait_for (&renamed), NULL));
  g_assert_null (kalon_history_find_finish (fixture->history, wait_for (&superseded), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  kalon_history_remove_saved_async (fixture->history, "nobody", take_result, &removed);
  g_assert_false (kalon_history_change_finish (fixture->history, wait_for (&removed), &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_object (&removed);
  kalon_history_remove_async (fixture->history, ((KalonHistoryEntry *) entries->pdata[1])->id,
                              take_result, &removed);
  g_assert_true (kalon_history_change_finish (fixture->history, wait_for (&removed), NULL));
  kalon_history_clear_async (fixture->history, take_result, &cleared);
  g_assert_true (kalon_history_change_finish (fixture->history, wait_for (&cleared), NULL));
  assert_found (fixture, "", 0, "*boats:boat");
}

/* Another program's rows are read as distrustfully as a file; another database is left alone. */
static void
test_odd_database (Fixture *fixture, gconstpointer data)
{
  static const char *const scripts[] = { "SELECT 1" };
  const KalonStorageFormat ours = { 0x4b616c53, scripts, 1 };
  g_autofree char *path = g_build_filename (fixture->directory, "history.db", NULL);
  g_autoptr (KalonStorage) storage = NULL;
  g_autoptr (KalonHistory) other = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, "boat");
  storage = kalon_storage_open (path, &ours, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_storage_execute (storage,
                                        "INSERT INTO searches (time, key, words, question) "
                                        "VALUES (1600000000, 'x', 'boat', '{\"text\": 3}')",
                                        &error));
  g_assert_no_error (error);
  assert_found (fixture, "", 0, "boat");

  /* It is a file where a folder should be. */
  other = kalon_history_new (path);
  g_assert_null (kalon_history_find (other, "", 0, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/history/history", Fixture, NULL, set_up, test_history, tear_down);
  g_test_add ("/history/limit", Fixture, NULL, set_up, test_limit, tear_down);
  g_test_add ("/history/saved", Fixture, NULL, set_up, test_saved, tear_down);
  g_test_add ("/history/async", Fixture, NULL, set_up, test_async, tear_down);
  g_test_add ("/history/odd-database", Fixture, NULL, set_up, test_odd_database, tear_down);
  return g_test_run ();
}
