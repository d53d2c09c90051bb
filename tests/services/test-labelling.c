/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "errors/kalon-errors.h"
#include "history/kalon-history.h"
#include "labelling/kalon-labelling-private.h"
#include "library/kalon-library.h"
#include "test-folders.h"

#define N_ITEMS 40
#define N_REPEATS 4
#define N_QUERIES (N_ITEMS + 2)
#define N_PHOTOS 12
#define N_TASKS (N_ITEMS + N_REPEATS)

typedef struct
{
  char *directory;
  char *library;
  char *photos;
  char *id;
  char *log;
} Fixture;

static char *
dup_photo (Fixture *fixture, guint i)
{
  return g_strdup_printf ("%s/%02u.jpeg", fixture->photos, i % N_PHOTOS);
}

static char *
dup_query (guint i)
{
  return g_strdup_printf ("query %u", i);
}

/* Answers of one system: of each query six pictures from @first on. The last query but one has the
 * same from both, and the last one none from the second. */
static char *
write_results (Fixture *fixture, const char *name, guint first, guint n_pictures, guint n_queries)
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
          g_autofree char *photo = dup_photo (fixture, i + j + (i < N_ITEMS ? first : 0));

          g_string_append_printf (text, "%s\"%s\"", j > 0 ? ", " : "", photo);
        }
      g_string_append (text, "]}");
    }
  g_string_append (text, "]}\n");
  g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
  return g_strconcat ("results:", file, NULL);
}

static char *
build (Fixture *fixture, const char *name, GError **error)
{
  g_autofree char *first = write_results (fixture, "ours", 0, 6, N_QUERIES);
  g_autofree char *second = write_results (fixture, "theirs", 5, 4, N_QUERIES - 1);
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

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("kalon-labelling-XXXXXX", NULL);
  fixture->library = g_build_filename (fixture->directory, "library", NULL);
  fixture->photos = g_build_filename (fixture->directory, "photos", NULL);
  g_assert_cmpint (g_mkdir (fixture->library, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      g_autofree char *path = dup_photo (fixture, i);

      g_assert_true (g_file_set_contents (path, path, -1, NULL));
    }
  fixture->id = build (fixture, "Dawn & “Dusk”", &error);
  g_assert_no_error (error);
  fixture->log
      = g_build_filename (fixture->library, "label-sets", fixture->id, "labels.jsonl", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->library);
  g_free (fixture->photos);
  g_free (fixture->id);
  g_free (fixture->log);
}

static KalonLabelSession *
open_session (Fixture *fixture, const char *labeler, GHashTable *traits)
{
  g_autoptr (GError) error = NULL;
  KalonLabelSession *session
      = kalon_label_session_open (fixture->library, fixture->id, labeler, traits, &error);

  g_assert_no_error (error);
  return session;
}

static KalonHpirSet *
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KalonHpirSet *set = kalon_label_set_load (fixture->library, fixture->id, &error);

  g_assert_no_error (error);
  return set;
}

/* What somebody thinks of an item: the same whenever asked, unless @fickle. */
static void
judge (const KalonLabelTask *task, guint labeler, KalonHpirVote *votes)
{
  guint number = (guint) g_ascii_strtoull (task->item->id, NULL, 10) + labeler;

  votes[KALON_HPIR_ACCURACY] = number % 2 != 0 ? KALON_HPIR_A : KALON_HPIR_B;
  votes[KALON_HPIR_AESTHETIC] = number % 3 == 0 ? KALON_HPIR_CANNOT_TELL : KALON_HPIR_A;
  votes[KALON_HPIR_DIVERSITY] = task->repeat != 0 ? KALON_HPIR_A : KALON_HPIR_B;
}

/* The next @n tasks, or those that are left. */
static void
answer (KalonLabelSession *session, guint labeler, guint n)
{
  KalonLabelTask task;

  while (n-- > 0 && kalon_label_session_peek (session, &task))
    {
      KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
      g_autoptr (GError) error = NULL;

      judge (&task, labeler, votes);
      g_assert_true (kalon_label_session_answer (session, votes, 1.5, &error));
      g_assert_no_error (error);
    }
}

static void
append (Fixture *fixture, const char *text)
{
  g_autofree char *before = NULL, *after = NULL;

  g_assert_true (g_file_get_contents (fixture->log, &before, NULL, NULL));
  after = g_strconcat (before, text, NULL);
  g_assert_true (g_file_set_contents (fixture->log, after, -1, NULL));
}

static void
test_build (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonHpirSet) set = load (fixture);
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
              g_autofree char *photo = dup_photo (fixture, i + j + (ours ? 0 : 5));
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
test_plans (Fixture *fixture, gconstpointer data)
{
  const char *const queries[] = { "no such query", NULL };
  g_autofree char *first = write_results (fixture, "ours", 0, 6, N_QUERIES);
  g_autofree char *second = write_results (fixture, "theirs", 5, 4, N_QUERIES);
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

/* What was drawn, walked through by answering. */
static GArray *
list_steps (Fixture *fixture, const char *labeler)
{
  const KalonLabelHead head = { .seed = 7, .repeats = KALON_LABEL_REPEATS };
  GArray *steps = kalon_label_order_draw (&head, labeler, N_ITEMS);
  g_autoptr (KalonLabelSession) session = open_session (fixture, labeler, NULL);
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
      answer (session, 0, 1);
    }
  g_assert_false (kalon_label_session_peek (session, &task));
  return steps;
}

static void
test_order (Fixture *fixture, gconstpointer data)
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
label_and_die (Fixture *fixture, guint n)
{
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      KalonLabelSession *session = open_session (fixture, "Bob", NULL);
      FILE *file = fopen (fixture->log, "a");

      answer (session, 1, n);
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

          judge (&task, labeler, said);
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
test_whole (Fixture *fixture, gconstpointer data)
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
  ann = open_session (fixture, " Ann ", traits);
  g_test_assert_expected_messages ();
  g_assert_cmpstr (kalon_label_session_get_labeler (ann), ==, "Ann");
  answer (ann, 0, N_TASKS);
  g_test_expect_message ("kalon", G_LOG_LEVEL_MESSAGE,
                         "An answer is passed over: labels.jsonl:17*");
  bob = open_session (fixture, "Bob", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (kalon_label_session_get_n_done (bob), ==, 15);
  g_assert_cmpuint (kalon_label_session_get_position (bob), ==, 15);
  answer (bob, 1, N_TASKS);
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
test_change (Fixture *fixture, gconstpointer data)
{
  static const KalonHpirVote other[]
      = { KALON_HPIR_CANNOT_TELL, KALON_HPIR_B, KALON_HPIR_CANNOT_TELL };
  g_autoptr (KalonLabelSession) session = open_session (fixture, "Ann", NULL);
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GError) error = NULL;
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
  g_autofree char *changed = NULL;
  KalonLabelTask task, next;
  const KalonHpirItem *item;

  g_assert_false (kalon_label_session_go_back (session));
  g_assert_false (kalon_label_session_go_on (session));
  answer (session, 0, 3);
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
  set = load (fixture);
  item = kalon_hpir_set_find_item (set, changed);
  g_assert_cmpuint (item->labels->len, ==, 1);
  g_assert_cmpint (g_array_index (item->labels, KalonHpirLabel, 0).votes[1], ==, KALON_HPIR_B);
  g_assert_cmpuint (item->votes[KALON_HPIR_AESTHETIC][0], ==, 0);
  g_assert_cmpuint (item->votes[KALON_HPIR_AESTHETIC][1], ==, 1);
  g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][0], ==, 0);
  g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][1], ==, 0);

  /* Opened again, the change is there, and labelling goes on. */
  g_clear_object (&session);
  session = open_session (fixture, "Ann", NULL);
  g_assert_cmpuint (kalon_label_session_get_position (session), ==, 3);
  g_assert_true (kalon_label_session_go_back (session));
  g_assert_true (kalon_label_session_go_back (session));
  g_assert_true (kalon_label_session_get_answer (session, votes));
  g_assert_cmpmem (votes, sizeof votes, other, sizeof other);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
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
      KalonLabelSession *other = open_session (fixture, "Ann", NULL);

      answer (other, 0, 2);
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
  session = open_session (fixture, "Bob", NULL);
  answer (session, 1, 1);
  g_clear_object (&session);

  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  close (ready[0]);
  close (ready[1]);
  session = open_session (fixture, "Ann", NULL);
  g_assert_cmpuint (kalon_label_session_get_n_done (session), ==, 2);
  g_clear_object (&session);
  g_assert_true (kalon_label_set_remove (fixture->library, fixture->id, &error));
  g_assert_no_error (error);
  g_assert_null (kalon_label_set_load (fixture->library, fixture->id, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

static void
test_names (Fixture *fixture, gconstpointer data)
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

/* A picture that is moved is found by its content, also where another has taken its name. */
static void
test_moved (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library, NULL);
  g_autofree char *path = dup_photo (fixture, 0);
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
      g_autoptr (KalonHpirSet) set = load (fixture);
      const KalonHpirItem *item = g_ptr_array_index (set->items, 0);
      guint group = g_str_has_suffix (item->systems[0], "ours.json") ? 0 : 1;
      const KalonHpirPicture *first = g_ptr_array_index (item->groups[group], 0);
      const KalonHpirPicture *second = g_ptr_array_index (item->groups[group], 1);
      g_autofree char *stays = dup_photo (fixture, 1);

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
  session = open_session (fixture, "Ann", NULL);
  {
    const KalonHpirItem *item = g_ptr_array_index (kalon_label_session_get_set (session)->items, 0);
    guint group = g_str_has_suffix (item->systems[0], "ours.json") ? 0 : 1;

    g_assert_cmpstr (((KalonHpirPicture *) g_ptr_array_index (item->groups[group], 0))->path, ==,
                     moved);
  }
}

static void
test_hostile (Fixture *fixture, gconstpointer data)
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
  set = load (fixture);
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
  session = open_session (fixture, "Ann", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (kalon_label_session_get_n_done (session), ==, 1);
}

static void
test_heads (Fixture *fixture, gconstpointer data)
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
test_list (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->directory, "nowhere", NULL);
  g_autoptr (KalonLabelSession) session = open_session (fixture, "Ann", NULL);
  g_autofree char *second = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  g_autoptr (GError) error = NULL;
  const KalonLabelSetInfo *info;
  GStatBuf status;

  none = kalon_label_sets_list (nowhere, &error);
  g_assert_cmpuint (none->len, ==, 0);
  answer (session, 0, 3);
  second = build (fixture, "dawn dusk", &error);
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

static void
test_traits (Fixture *fixture, gconstpointer data)
{
  static const char *const ages[] = { "20-29", "20-29", "30-39" };
  g_autoptr (KalonHpirSet) set = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      g_autoptr (GHashTable) traits = new_traits (ages[i]);

      g_object_unref (open_session (fixture, "Ann", traits));
    }
  g_object_unref (open_session (fixture, "Ann", NULL));
  set = load (fixture);
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
test_async (Fixture *fixture, gconstpointer data)
{
  static const KalonHpirVote votes[] = { KALON_HPIR_A, KALON_HPIR_B, KALON_HPIR_CANNOT_TELL };
  g_autoptr (KalonLabelSession) session = open_session (fixture, "Ann", NULL);

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

/* A set from elsewhere, with labels that are not taken along. */
static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "labelled.jsonl", NULL);
  g_autofree char *photo = dup_photo (fixture, 0);
  g_autofree char *id = NULL;
  g_autoptr (KalonLabelSession) session = open_session (fixture, "Ann", NULL);
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (KalonHpirSet) copy = NULL;
  g_autoptr (GError) error = NULL;
  const KalonHpirItem *item;

  answer (session, 0, 10);
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
test_suggest (Fixture *fixture, gconstpointer data)
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

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/labelling/odd", test_odd);
  /* Those that fork come before those that make threads. */
  add ("/labelling/whole", test_whole);
  add ("/labelling/busy", test_busy);
  add ("/labelling/build", test_build);
  add ("/labelling/plans", test_plans);
  add ("/labelling/order", test_order);
  add ("/labelling/change", test_change);
  add ("/labelling/names", test_names);
  add ("/labelling/moved", test_moved);
  add ("/labelling/hostile", test_hostile);
  add ("/labelling/heads", test_heads);
  add ("/labelling/list", test_list);
  add ("/labelling/traits", test_traits);
  add ("/labelling/import", test_import);
  add ("/labelling/suggest", test_suggest);
  add ("/labelling/async", test_async);
  return g_test_run ();
}
