/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "errors/kalon-errors.h"
#include "label-fixture.h"
#include "labelling/kalon-labelling-private.h"
#include "library/kalon-library.h"

static void
append (LabelFixture *fixture, const char *text)
{
  g_autofree char *before = NULL, *after = NULL;

  g_assert_true (g_file_get_contents (fixture->log, &before, NULL, NULL));
  after = g_strconcat (before, text, NULL);
  g_assert_true (g_file_set_contents (fixture->log, after, -1, NULL));
}

/* What was drawn, walked through by answering. */
static GArray *
list_steps (LabelFixture *fixture, const char *labeler)
{
  const KalonLabelHead head = { .seed = 7, .repeats = KALON_LABEL_REPEATS };
  GArray *steps = kalon_label_order_draw (&head, labeler, N_ITEMS);
  g_autoptr (KalonLabelSession) session = label_fixture_open (fixture, labeler, NULL);
  KalonLabelTask task;

  g_assert_cmpuint (kalon_label_session_get_n_tasks (session), ==, N_TASKS);
  g_assert_cmpuint (steps->len, ==, N_TASKS);
  for (guint i = 0; i < N_TASKS; i++)
    {
      const KalonLabelStep *step = &g_array_index (steps, KalonLabelStep, i);

      g_assert_cmpuint (kalon_label_session_get_position (session), ==, i);
      g_assert_true (kalon_label_session_peek (session, &task));
      g_assert_true (
          task.item
          == g_ptr_array_index (kalon_label_session_get_set (session)->items, step->item));
      g_assert_cmpint (task.swapped, ==, step->swapped);
      g_assert_cmpuint (task.repeat, ==, step->repeat);
      label_fixture_answer (session, 0, 1);
    }
  g_assert_false (kalon_label_session_peek (session, &task));
  return steps;
}

static void
test_order (LabelFixture *fixture, gconstpointer data)
{
  /* Made by tests/reference/label-order.py. */
  static const guint drawn[] = { 3, 4, 21, 6, 36, 0, 8, 13, 22, 38, 26, 30 };
  static const gboolean swapped[]
      = { TRUE, FALSE, FALSE, TRUE, TRUE, FALSE, FALSE, FALSE, TRUE, FALSE, TRUE, TRUE };
  g_autoptr (GArray) first = list_steps (fixture, "Ann");
  g_autoptr (GArray) second = list_steps (fixture, "Bob");
  guint n_swapped = 0, n_same = 0;
  guint counts[N_ITEMS] = { 0 };

  for (guint i = 0; i < N_ITEMS; i++)
    {
      const KalonLabelStep *step = &g_array_index (first, KalonLabelStep, i);
      const KalonLabelStep *other = &g_array_index (second, KalonLabelStep, i);

      counts[step->item]++;
      g_assert_cmpuint (step->repeat, ==, 0);
      n_swapped += step->swapped ? 1 : 0;
      n_same += step->item == other->item ? 1 : 0;
      if (i < G_N_ELEMENTS (drawn))
        {
          g_assert_cmpuint (step->item, ==, drawn[i]);
          g_assert_cmpint (step->swapped, ==, swapped[i]);
        }
    }
  for (guint i = 0; i < N_ITEMS; i++)
    g_assert_cmpuint (counts[i], ==, 1);
  g_assert_cmpuint (n_swapped, ==, N_ITEMS / 2);
  g_assert_cmpuint (n_same, <, 10);
  for (guint i = 0; i < N_REPEATS; i++)
    {
      const KalonLabelStep *before = &g_array_index (first, KalonLabelStep, i);
      const KalonLabelStep *after = &g_array_index (first, KalonLabelStep, N_ITEMS + i);

      g_assert_cmpuint (after->item, ==, before->item);
      g_assert_cmpint (after->swapped, !=, before->swapped);
      g_assert_cmpuint (after->repeat, ==, 1);
    }
}

static void
test_odd (void)
{
  const KalonLabelHead head = { .seed = 1, .repeats = 1 };

  for (guint n = 0; n < 8; n++)
    {
      g_autoptr (GArray) steps = kalon_label_order_draw (&head, "Ann", n);
      guint n_swapped = 0;

      g_assert_cmpuint (steps->len, ==, 2 * n);
      for (guint i = 0; i < n; i++)
        n_swapped += g_array_index (steps, KalonLabelStep, i).swapped ? 1 : 0;
      g_assert_cmpuint (n_swapped, >=, n / 2);
      g_assert_cmpuint (n_swapped, <=, (n + 1) / 2);
    }
}

/* Labels as "Bob", and is killed in the middle of writing an answer. */
static void
label_and_die (LabelFixture *fixture, guint n)
{
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      KalonLabelSession *session = label_fixture_open (fixture, "Bob", NULL);
      FILE *file = fopen (fixture->log, "a");

      label_fixture_answer (session, 1, n);
      fputs ("{\"time\":1,\"labeler\":\"Bob\",\"item\":\"00", file);
      fflush (file);
      kill (getpid (), SIGKILL);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
}

static GHashTable *
new_traits (const char *age)
{
  GHashTable *traits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (traits, g_strdup ("age"), g_strdup (age));
  return traits;
}

static void
check_votes (const KalonHpirSet *set)
{
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);
      const KalonLabelTask task = { .item = item };
      guint votes[KALON_N_HPIR_ASPECTS][2] = { { 0 } };

      for (guint labeler = 0; labeler < 2; labeler++)
        {
          KalonHpirVote said[KALON_N_HPIR_ASPECTS];

          label_fixture_judge (&task, labeler, said);
          for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
            if (said[aspect] == KALON_HPIR_A || said[aspect] == KALON_HPIR_B)
              votes[aspect][said[aspect] - KALON_HPIR_A]++;
        }
      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        for (guint group = 0; group < 2; group++)
          g_assert_cmpuint (item->votes[aspect][group], ==, votes[aspect][group]);
    }
}

static void
test_whole (LabelFixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "labelled.jsonl", NULL);
  g_autoptr (KalonLabelSession) ann = NULL;
  g_autoptr (KalonLabelSession) bob = NULL;
  g_autoptr (GHashTable) traits = new_traits ("30-39");
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (KalonHpirCheck) check = NULL;
  g_autoptr (GError) error = NULL;
  const KalonHpirItem *item;
  const KalonHpirLabel *label;
  KalonHpirLabelerFigures figures;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  label_and_die (fixture, 15);
  g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "An answer is passed over*");
  ann = label_fixture_open (fixture, " Ann ", traits);
  g_test_assert_expected_messages ();
  g_assert_cmpstr (kalon_label_session_get_labeler (ann), ==, "Ann");
  label_fixture_answer (ann, 0, N_TASKS);
  g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE,
                         "An answer is passed over: labels.jsonl:17*");
  bob = label_fixture_open (fixture, "Bob", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (kalon_label_session_get_n_done (bob), ==, 15);
  g_assert_cmpuint (kalon_label_session_get_position (bob), ==, 15);
  label_fixture_answer (bob, 1, N_TASKS);
  g_assert_cmpuint (kalon_label_session_get_n_done (bob), ==, N_TASKS);

  g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "An answer is passed over*");
  g_assert_true (kalon_label_set_export (fixture->library, fixture->id, file, &error));
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  set = kalon_hpir_set_read (file, &error);
  g_assert_no_error (error);
  item = g_ptr_array_index (set->items, 0);
  /* The photos lie below the file. */
  g_assert_true (g_str_has_prefix (
      ((KalonHpirPicture *) g_ptr_array_index (item->groups[0], 0))->path, "photos/"));
  check = kalon_hpir_set_check (set, TRUE, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < check->problems->len; i++)
    g_assert_false (((KalonHpirProblem *) g_ptr_array_index (check->problems, i))->is_error);
  g_assert_cmpuint (check->n_items, ==, N_ITEMS);
  g_assert_cmpuint (check->n_labels, ==, 2 * N_ITEMS);
  check_votes (set);

  g_assert_cmpuint (set->labelers->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const KalonHpirLabeler *labeler = g_ptr_array_index (set->labelers, i);

      if (g_str_equal (labeler->id, "Ann"))
        g_assert_cmpstr (g_hash_table_lookup (labeler->traits, "age"), ==, "30-39");
      kalon_hpir_set_measure_labeler (set, i, &figures);
      g_assert_cmpuint (figures.n_labels, ==, N_ITEMS);
      g_assert_cmpuint (figures.n_repeats[KALON_HPIR_ACCURACY], ==, N_REPEATS);
      g_assert_cmpfloat (figures.consistency[KALON_HPIR_ACCURACY].mean, ==, 1);
      g_assert_cmpfloat (figures.consistency[KALON_HPIR_DIVERSITY].mean, ==, 0);
      g_assert_cmpfloat (figures.with_others[KALON_HPIR_ACCURACY].mean, ==, 0);
      g_assert_cmpfloat (figures.with_others[KALON_HPIR_DIVERSITY].mean, ==, 1);
    }
  label = &g_array_index (item->labels, KalonHpirLabel, 0);
  g_assert_cmpint (label->time, >=, now);
  g_assert_cmpfloat (label->seconds, ==, 1.5);
}

static void
test_change (LabelFixture *fixture, gconstpointer data)
{
  static const KalonHpirVote other[]
      = { KALON_HPIR_CANNOT_TELL, KALON_HPIR_B, KALON_HPIR_CANNOT_TELL };
  g_autoptr (KalonLabelSession) session = label_fixture_open (fixture, "Ann", NULL);
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GError) error = NULL;
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
  g_autofree char *changed = NULL;
  KalonLabelTask task, next;
  const KalonHpirItem *item;

  g_assert_false (kalon_label_session_go_back (session));
  g_assert_false (kalon_label_session_go_on (session));
  label_fixture_answer (session, 0, 3);
  g_assert_false (kalon_label_session_get_answer (session, votes));
  g_assert_true (kalon_label_session_go_back (session));
  g_assert_true (kalon_label_session_go_back (session));
  g_assert_cmpuint (kalon_label_session_get_position (session), ==, 1);
  g_assert_true (kalon_label_session_peek (session, &task));
  g_assert_true (kalon_label_session_peek_next (session, &next));
  g_assert_true (kalon_label_session_get_answer (session, votes));
  changed = g_strdup (task.item->id);
  g_assert_true (kalon_label_session_answer (session, other, 9, &error));
  /* The one after it, which has its answer too. */
  g_assert_cmpuint (kalon_label_session_get_position (session), ==, 2);
  g_assert_true (kalon_label_session_peek (session, &task));
  g_assert_true (task.item == next.item);
  g_assert_true (kalon_label_session_go_on (session));
  g_assert_false (kalon_label_session_go_on (session));
  g_assert_cmpuint (kalon_label_session_get_n_done (session), ==, 3);
  set = label_fixture_load (fixture);
  item = kalon_hpir_set_find_item (set, changed);
  g_assert_cmpuint (item->labels->len, ==, 1);
  g_assert_cmpint (g_array_index (item->labels, KalonHpirLabel, 0).votes[1], ==, KALON_HPIR_B);
  g_assert_cmpuint (item->votes[KALON_HPIR_AESTHETIC][0], ==, 0);
  g_assert_cmpuint (item->votes[KALON_HPIR_AESTHETIC][1], ==, 1);
  g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][0], ==, 0);
  g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][1], ==, 0);

  /* Opened again, the change is there, and labelling goes on. */
  g_clear_object (&session);
  session = label_fixture_open (fixture, "Ann", NULL);
  g_assert_cmpuint (kalon_label_session_get_position (session), ==, 3);
  g_assert_true (kalon_label_session_go_back (session));
  g_assert_true (kalon_label_session_go_back (session));
  g_assert_true (kalon_label_session_get_answer (session, votes));
  g_assert_cmpmem (votes, sizeof votes, other, sizeof other);
}

static void
test_busy (LabelFixture *fixture, gconstpointer data)
{
  int ready[2];
  char byte;
  pid_t child;
  g_autoptr (KalonLabelSession) session = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pipe (ready), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      KalonLabelSession *other = label_fixture_open (fixture, "Ann", NULL);

      label_fixture_answer (other, 0, 2);
      g_assert_cmpint (write (ready[1], "x", 1), ==, 1);
      pause ();
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  g_assert_null (kalon_label_session_open (fixture->library, fixture->id, "Ann", NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "“Ann”"));
  g_clear_error (&error);
  g_assert_false (kalon_label_set_remove (fixture->library, fixture->id, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  g_clear_error (&error);
  /* Under another name one labels beside it. */
  session = label_fixture_open (fixture, "Bob", NULL);
  label_fixture_answer (session, 1, 1);
  g_clear_object (&session);

  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  close (ready[0]);
  close (ready[1]);
  session = label_fixture_open (fixture, "Ann", NULL);
  g_assert_cmpuint (kalon_label_session_get_n_done (session), ==, 2);
  g_clear_object (&session);
  g_assert_true (kalon_label_set_remove (fixture->library, fixture->id, &error));
  g_assert_no_error (error);
  g_assert_null (kalon_label_set_load (fixture->library, fixture->id, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

/* A picture that is moved is found by its content, also where another has taken its name. */
static void
test_moved (LabelFixture *fixture, gconstpointer data)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library, NULL);
  g_autofree char *path = label_fixture_dup_photo (fixture, 0);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *moved = g_build_filename (fixture->directory, "moved.jpeg", NULL);
  g_autoptr (KalonLabelSession) session = NULL;
  g_autoptr (GError) error = NULL;
  KalonPicture picture = { .path = moved, .content_hash = hash };
  KalonPicture other = { .path = path, .content_hash = (char *) "another" };

  g_assert_true (kalon_library_store_picture (library, &picture, &error));
  g_assert_cmpint (g_rename (path, moved), ==, 0);
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (KalonHpirSet) set = label_fixture_load (fixture);
      const KalonHpirItem *item = g_ptr_array_index (set->items, 0);
      guint group = g_str_has_suffix (item->systems[0], "ours.json") ? 0 : 1;
      const KalonHpirPicture *first = g_ptr_array_index (item->groups[group], 0);
      const KalonHpirPicture *second = g_ptr_array_index (item->groups[group], 1);
      g_autofree char *stays = label_fixture_dup_photo (fixture, 1);

      g_assert_cmpstr (first->path, ==, round < 2 ? moved : path);
      g_assert_cmpstr (second->path, ==, stays);
      if (round == 0)
        {
          g_assert_true (g_file_set_contents (path, "another", -1, NULL));
          g_assert_true (kalon_library_store_picture (library, &other, &error));
        }
      else
        g_unlink (moved);
    }
  g_assert_true (g_file_set_contents (moved, path, -1, NULL));
  session = label_fixture_open (fixture, "Ann", NULL);
  {
    const KalonHpirItem *item = g_ptr_array_index (kalon_label_session_get_set (session)->items, 0);
    guint group = g_str_has_suffix (item->systems[0], "ours.json") ? 0 : 1;

    g_assert_cmpstr (((KalonHpirPicture *) g_ptr_array_index (item->groups[group], 0))->path, ==,
                     moved);
  }
}

static void
test_hostile (LabelFixture *fixture, gconstpointer data)
{
  static const char *const lines[] = {
    "no JSON\n",
    "[]\n",
    "{}\n",
    "{\"labeler\": \"\", \"item\": \"0001\", \"votes\": {\"accuracy\": \"a\"}}\n",
    "{\"labeler\": 7, \"item\": \"0001\", \"votes\": {\"accuracy\": \"a\"}}\n",
    "{\"labeler\": \"Eve\", \"item\": \"0001\"}\n",
    "{\"labeler\": \"Eve\", \"item\": \"0001\", \"votes\": {}}\n",
    "{\"labeler\": \"Eve\", \"item\": \"0001\", \"votes\": {\"accuracy\": \"c\"}}\n",
    "{\"labeler\": \"Eve\", \"item\": \"0001\", \"repeat\": 2, \"votes\": {\"accuracy\": \"a\"}}\n",
    "{\"labeler\": \"Eve\", \"item\": \"0001\", \"seconds\": -1, \"votes\": {\"accuracy\": "
    "\"a\"}}\n",
    "{\"labeler\": \"Eve\", \"item\": \"0001\", \"swapped\": 1, \"votes\": {\"accuracy\": "
    "\"a\"}}\n",
    "{\"labeler\": \"Eve\", \"item\": \"0001\", \"time\": -1, \"votes\": {\"accuracy\": \"a\"}}\n",
    "{\"labeler\": \"Eve\", \"item\": \"none\", \"votes\": {\"accuracy\": \"a\"}}\n",
    "{\"labeler\": \"Eve\", \"item\": 1, \"votes\": {\"accuracy\": \"a\"}}\n",
    "{\"labeler\": \"Eve\", \"traits\": {\"age\": 30}}\n",
    "{\"labeler\": \"Eve\", \"traits\": []}\n",
    "\n",
    "\xff\xfe\n",
  };
  g_autoptr (KalonLabelSession) session = NULL;
  g_autoptr (KalonHpirSet) set = NULL;
  guint n_votes = 0;

  append (fixture, "{\"labeler\": \"Ann\", \"traits\": {\"age\": \"20-29\"}}\n"
                   "{\"labeler\": \"Ann\", \"item\": \"0001\", \"votes\": {\"accuracy\": \"b\", "
                   "\"diversity\": null}}\n");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      append (fixture, lines[i]);
      g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "An answer is passed over*");
    }
  set = label_fixture_load (fixture);
  g_test_assert_expected_messages ();
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);

      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        n_votes += item->votes[aspect][0] + item->votes[aspect][1];
    }
  g_assert_cmpuint (n_votes, ==, 1);

  for (guint i = 0; i < G_N_ELEMENTS (lines) - 1; i++)
    g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE, "An answer is passed over*");
  session = label_fixture_open (fixture, "Ann", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (kalon_label_session_get_n_done (session), ==, 1);
}

static void
test_traits (LabelFixture *fixture, gconstpointer data)
{
  static const char *const ages[] = { "20-29", "20-29", "30-39" };
  g_autoptr (KalonHpirSet) set = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      g_autoptr (GHashTable) traits = new_traits (ages[i]);

      g_object_unref (label_fixture_open (fixture, "Ann", traits));
    }
  g_object_unref (label_fixture_open (fixture, "Ann", NULL));
  set = label_fixture_load (fixture);
  g_assert_cmpstr (g_hash_table_lookup (
                       ((KalonHpirLabeler *) g_ptr_array_index (set->labelers, 0))->traits, "age"),
                   ==, "30-39");
  /* What is known already is not written again. */
  g_assert_true (g_file_get_contents (fixture->log, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 2 + 1);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KalonLabelSession *session = KALON_LABEL_SESSION (source);

  /* The next one is at hand already. */
  g_assert_cmpuint (kalon_label_session_get_position (session), ==,
                    kalon_label_session_get_n_done (session));
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_async (LabelFixture *fixture, gconstpointer data)
{
  static const KalonHpirVote votes[] = { KALON_HPIR_A, KALON_HPIR_B, KALON_HPIR_CANNOT_TELL };
  g_autoptr (KalonLabelSession) session = label_fixture_open (fixture, "Ann", NULL);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      /* At last the set is taken away: the answer stays open. */
      if (i == 3)
        g_unlink (fixture->log);
      kalon_label_session_answer_async (session, votes, 2, take_result, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (kalon_label_session_answer_finish (session, result, &error), ==, i < 3);
      g_assert_cmpuint (kalon_label_session_get_n_done (session), ==, MIN (i + 1, 3));
      if (i == 3)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
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
  g_test_add_func ("/labelling/odd", test_odd);
  /* Those that fork come before those that make threads. */
  add ("/labelling/whole", test_whole);
  add ("/labelling/busy", test_busy);
  add ("/labelling/order", test_order);
  add ("/labelling/change", test_change);
  add ("/labelling/moved", test_moved);
  add ("/labelling/hostile", test_hostile);
  add ("/labelling/traits", test_traits);
  add ("/labelling/async", test_async);
  return g_test_run ();
}
