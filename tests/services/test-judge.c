/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "judge/kalon-judge-private.h"
#include "test-folders.h"
#include "vision-server.h"

#define N_ITEMS 12
#define SECRET "private-name"

typedef struct
{
  char *directory;
  char *cache;
  VisionServer *server;
  KalonLlm *llm;
  KalonJudge *judge;
  GPtrArray *items;
} Fixture;

static const KalonJudgeStyle all_styles[]
    = { KALON_JUDGE_RANKER, KALON_JUDGE_SCORER, KALON_JUDGE_CP_SCORER };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("kalon-judge-XXXXXX", NULL);
  fixture->cache = g_build_filename (fixture->directory, "kept", "judge.db", NULL);
  fixture->server = vision_server_new (VISION_FIRST);
  fixture->llm = kalon_llm_new (NULL, KALON_LLM_OPENAI, vision_server_get_url (fixture->server),
                                "vision", NULL, &error);
  g_assert_no_error (error);
  fixture->judge = kalon_judge_new (fixture->llm, fixture->directory, fixture->cache);
  fixture->items = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_judge_item_free);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->judge);
  /* The thread of the last run lets go of it in a moment of its own. */
  g_object_add_weak_pointer (G_OBJECT (fixture->llm), (gpointer *) &fixture->llm);
  g_object_unref (fixture->llm);
  for (guint i = 0; fixture->llm != NULL; i++)
    {
      g_assert_cmpuint (i, <, 10000);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  vision_server_free (fixture->server);
  g_ptr_array_unref (fixture->items);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->cache);
}

/* (transfer full): of soft blots whose mean is about @grey; another one for each @seed. */
static GPtrArray *
make_row (Fixture *fixture, guint seed, guint n, guint8 grey)
{
  GPtrArray *row = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_answer_free);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf (SECRET "-%u-%u-%u.png", seed, i, grey);
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
      g_autoptr (KalonImage) blots = kalon_image_new (4, 4);
      g_autoptr (KalonImage) image = NULL;
      g_autoptr (GError) error = NULL;

      for (guint p = 0; p < 4 * 4 * 3; p++)
        blots->pixels[p] = (guint8) (grey + g_rand_int_range (rand, -20, 20));
      image = kalon_image_resize (blots, i % 2 == 0 ? 184 : 100, 138);
      kalon_image_save_png (image, path, &error);
      g_assert_no_error (error);
      g_ptr_array_add (row, kalon_answer_new (path, NULL));
    }
  return row;
}

/* A's rows have the grey @a, B's @b. */
static void
make_items (Fixture *fixture, guint n, guint8 a, guint8 b)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("item-%u", i);
      g_autofree char *query = g_strdup_printf ("a \"query\" of number %u", i);
      g_autoptr (GPtrArray) row_a = make_row (fixture, i, 5, a);
      g_autoptr (GPtrArray) row_b = make_row (fixture, i, 5, b);

      g_ptr_array_add (fixture->items, kalon_judge_item_new (id, query, row_a, row_b));
    }
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Cancels when so many calls are done. */
typedef struct
{
  gsize at;
  GCancellable *cancellable;
  gsize done;
  gsize total;
} Stop;

static void
on_progress (gsize done, gsize total, gpointer user_data)
{
  Stop *stop = user_data;

  g_assert_cmpuint (done, ==, stop->done + 1);
  stop->done = done;
  stop->total = total;
  if (stop->cancellable != NULL && done == stop->at)
    g_cancellable_cancel (stop->cancellable);
}

static KalonJudgeFigures *
run (Fixture *fixture, const KalonJudgeStyle *styles, guint n_styles, Stop *stop, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kalon_judge_run_async (fixture->judge, fixture->items, styles, n_styles,
                         stop != NULL ? on_progress : NULL, stop,
                         stop != NULL ? stop->cancellable : NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kalon_judge_run_finish (fixture->judge, result, error);
}

static const KalonJudgeCount *
get_count (const KalonJudgeFigures *figures, guint i)
{
  return g_ptr_array_index (figures->counts, i);
}

/* The first row is always better: nobody wins, and the bias is told. */
static void
test_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonJudgeFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  Stop stop = { 0 };

  make_items (fixture, N_ITEMS, 60, 200);
  figures = run (fixture, all_styles, 3, &stop, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (figures->counts->len, ==, 3);
  g_assert_cmpuint (stop.done, ==, 3 * 2 * N_ITEMS);
  g_assert_cmpuint (stop.total, ==, 3 * 2 * N_ITEMS);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, 3 * 2 * N_ITEMS);
  for (guint i = 0; i < 3; i++)
    {
      const KalonJudgeCount *count = get_count (figures, i);

      g_assert_cmpstr (count->name, ==, kalon_judge_style_get_name (all_styles[i]));
      g_assert_cmpuint (count->n_calls, ==, 2 * N_ITEMS);
      g_assert_cmpuint (count->n_failed, ==, 0);
      for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
        {
          const KalonJudgeTally *tally = &count->tallies[aspect];

          g_assert_cmpuint (tally->similar, ==, N_ITEMS);
          g_assert_cmpuint (tally->win + tally->lose, ==, 0);
          g_assert_true (isnan (tally->win_rate.mean));
          g_assert_cmpfloat (tally->win_similar_rate.mean, ==, 1);
          if (all_styles[i] == KALON_JUDGE_SCORER)
            {
              g_assert_cmpuint (tally->n_placed, ==, 0);
              g_assert_true (isnan (tally->first.mean));
              continue;
            }
          g_assert_cmpuint (tally->n_placed, ==, 2 * N_ITEMS);
          g_assert_cmpfloat (tally->first.mean, ==, 1);
          g_assert_cmpfloat (tally->first.low, >, 0.8);
        }
      g_assert_true (isnan (count->tallies[0].agreement.mean));
    }
  g_assert_true (isnan (get_count (figures, 0)->tallies[0].points[0].mean));
  g_assert_cmpfloat (get_count (figures, 2)->tallies[0].points[1].mean, ==, 3.5);
}

/* By lot: about as many win as lose, within the interval. */
static void
test_random (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonJudgeFigures) figures = NULL;
  g_autoptr (GError) error = NULL;

  vision_server_set_taste (fixture->server, VISION_RANDOM);
  make_items (fixture, 40, 60, 200);
  figures = run (fixture, all_styles, 3, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      const KalonJudgeTally *tally = &get_count (figures, i)->tallies[KALON_HPIR_AESTHETIC];

      g_assert_cmpuint (tally->win + tally->similar + tally->lose, ==, 40);
      g_assert_cmpuint (tally->win, >, 0);
      g_assert_cmpuint (tally->lose, >, 0);
      g_assert_cmpfloat (tally->win_rate.low, <, 0.5);
      g_assert_cmpfloat (tally->win_rate.high, >, 0.5);
      if (all_styles[i] != KALON_JUDGE_SCORER)
        {
          g_assert_cmpfloat (tally->first.low, <, 0.5);
          g_assert_cmpfloat (tally->first.high, >, 0.5);
        }
    }
}

/* What is really better is found, and people are agreed with as far as they say the same. */
static void
test_brighter (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonJudgeFigures) figures = NULL;
  g_autoptr (GError) error = NULL;

  vision_server_set_taste (fixture->server, VISION_BRIGHTER);
  make_items (fixture, N_ITEMS, 220, 40);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      KalonJudgeItem *item = g_ptr_array_index (fixture->items, i);

      item->chosen[KALON_HPIR_ACCURACY] = 0;
      item->chosen[KALON_HPIR_AESTHETIC] = i < 3 ? 1 : i < 9 ? 0 : -1;
    }
  figures = run (fixture, all_styles, 3, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      const KalonJudgeCount *count = get_count (figures, i);

      for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
        {
          g_assert_cmpuint (count->tallies[aspect].win, ==, N_ITEMS);
          g_assert_cmpfloat (count->tallies[aspect].win_rate.mean, ==, 1);
          g_assert_cmpfloat (count->tallies[aspect].win_rate.low, >, 0.7);
          if (all_styles[i] != KALON_JUDGE_SCORER)
            g_assert_cmpfloat (count->tallies[aspect].first.mean, ==, 0.5);
        }
      g_assert_cmpfloat (count->tallies[KALON_HPIR_ACCURACY].agreement.mean, ==, 1);
      g_assert_cmpuint (count->tallies[KALON_HPIR_AESTHETIC].n_people, ==, 9);
      g_assert_cmpuint (count->tallies[KALON_HPIR_AESTHETIC].n_decided, ==, 9);
      g_assert_cmpfloat_with_epsilon (count->tallies[KALON_HPIR_AESTHETIC].agreement.mean, 6. / 9,
                                      1e-12);
      g_assert_cmpfloat_with_epsilon (count->tallies[KALON_HPIR_AESTHETIC].decided.mean, 6. / 9,
                                      1e-12);
      g_assert_cmpuint (count->tallies[KALON_HPIR_DIVERSITY].n_people, ==, 0);
    }
  g_assert_cmpfloat (get_count (figures, 1)->tallies[0].points[0].mean, >,
                     get_count (figures, 1)->tallies[0].points[1].mean);
}

/* What is sent: a small JPEG and the query; no names, no metadata. */
static void
test_sent (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint n, width, height;
  } cases[] = { { 1, 248, 412 }, { 5, 1024, 412 }, { 8, 1024, 800 }, { 20, 1024, 412 } };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) row_a = make_row (fixture, i, cases[i].n, 90);
      g_autoptr (GPtrArray) row_b = make_row (fixture, i, MAX (1, cases[i].n - 1), 180);
      g_autoptr (KalonJudgeFigures) figures = NULL;
      g_autoptr (KalonImage) image = NULL;
      g_autoptr (KalonImageInfo) info = NULL;
      const guint8 *bytes;
      gsize size;

      g_ptr_array_set_size (fixture->items, 0);
      g_ptr_array_add (fixture->items, kalon_judge_item_new (SECRET, "a lake", row_a, row_b));
      figures = run (fixture, all_styles, 1, NULL, &error);
      g_assert_no_error (error);
      bytes = g_bytes_get_data (vision_server_get_picture (fixture->server), &size);
      g_assert_cmpuint (bytes[0], ==, 0xff);
      g_assert_cmpuint (bytes[1], ==, 0xd8);
      g_assert_null (g_strstr_len ((const char *) bytes, (gssize) size, SECRET));
      g_assert_null (g_strstr_len ((const char *) bytes, (gssize) size, "Exif"));
      image = kalon_image_load_bytes (vision_server_get_picture (fixture->server), 0, &info, NULL,
                                      &error);
      g_assert_no_error (error);
      g_assert_cmpstr (info->format, ==, "jpeg");
      g_assert_cmpuint (image->width, ==, cases[i].width);
      g_assert_cmpuint (image->height, ==, cases[i].height);
      g_assert_cmpuint (MAX (image->width, image->height), <=, KALON_JUDGE_SIDE);
      g_assert_null (strstr (vision_server_get_text (fixture->server), SECRET));
      g_assert_nonnull (strstr (vision_server_get_text (fixture->server), "a lake"));
    }
}

/* The rows change places, pixel for pixel; the marks do not. */
static void
test_swapped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) row_a = make_row (fixture, 1, 5, 90);
  g_autoptr (GPtrArray) row_b = make_row (fixture, 2, 5, 180);
  GPtrArray *straight[2] = { row_a, row_b };
  GPtrArray *crossed[2] = { row_b, row_a };
  g_autoptr (KalonImage) one = kalon_judge_draw (fixture->directory, straight, 2, NULL, NULL);
  g_autoptr (KalonImage) other = kalon_judge_draw (fixture->directory, crossed, 2, NULL, NULL);
  guint height = one->height / 2 - 12;
  gboolean differ = FALSE;

  for (guint y = 0; y < height; y++)
    {
      const guint8 *upper = one->pixels + (gsize) y * one->width * 3;
      const guint8 *lower = other->pixels + (gsize) (one->height - height + y) * one->width * 3;
      gsize offset = 54 * 3; /* of the fields, behind the mark */

      /* The margin is below the lower row, and above the upper one. */
      if (y >= 10)
        g_assert_cmpmem (upper + offset, one->width * 3 - offset,
                         lower + offset - (gsize) 10 * one->width * 3, one->width * 3 - offset);
      g_assert_cmpmem (upper, offset, other->pixels + (gsize) y * one->width * 3, offset);
      differ |= memcmp (upper + offset, other->pixels + (gsize) y * one->width * 3 + offset,
                        one->width * 3 - offset)
                != 0;
    }
  g_assert_true (differ);
}

/* Whatever stops a run, no answer is asked for twice. */
static void
test_resume (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Stop stop = { .at = 9, .cancellable = cancellable };
  g_autoptr (KalonJudgeFigures) figures = NULL;
  g_autoptr (KalonJudgeFigures) again = NULL;
  g_autoptr (GError) error = NULL;
  KalonJudgeEstimate estimate;
  GStatBuf status;
  guint n;

  vision_server_set_taste (fixture->server, VISION_BRIGHTER);
  make_items (fixture, N_ITEMS, 220, 40);
  g_assert_null (run (fixture, all_styles, 1, &stop, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  n = vision_server_get_requests (fixture->server);
  g_assert_cmpuint (n, <, 2 * N_ITEMS);
  g_assert_true (kalon_judge_estimate (fixture->judge, fixture->items, all_styles, 1, &estimate,
                                       NULL, &error));
  g_assert_cmpuint (estimate.n_kept, >=, 9);
  g_assert_cmpuint (estimate.n_kept + estimate.n_calls, ==, 2 * N_ITEMS);

  figures = run (fixture, all_styles, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (get_count (figures, 0)->n_calls, ==, estimate.n_calls);
  /* Only the call that was in flight was made twice. */
  g_assert_cmpuint (vision_server_get_requests (fixture->server), <=, 2 * N_ITEMS + 1);
  g_assert_cmpuint (get_count (figures, 0)->tallies[0].win, ==, N_ITEMS);
  n = vision_server_get_requests (fixture->server);
  again = run (fixture, all_styles, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, n);
  g_assert_cmpuint (get_count (again, 0)->n_calls, ==, 0);
  g_assert_cmpuint (get_count (again, 0)->tallies[0].win, ==, N_ITEMS);

  /* A against B the other way round is the same question. */
  for (guint i = 0; i < N_ITEMS; i++)
    {
      KalonJudgeItem *item = g_ptr_array_index (fixture->items, i);
      GPtrArray *row = item->rows[0];

      item->rows[0] = item->rows[1];
      item->rows[1] = row;
    }
  g_clear_pointer (&again, kalon_judge_figures_free);
  again = run (fixture, all_styles, 1, NULL, &error);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, n);
  g_assert_cmpuint (get_count (again, 0)->tallies[0].lose, ==, N_ITEMS);

  g_assert_cmpint (g_stat (fixture->cache, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
}

/* An answer that was tampered with is asked for again. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonJudgeCache) cache = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  cache = kalon_judge_cache_open (fixture->cache, &error);
  g_assert_no_error (error);
  g_assert_null (kalon_judge_cache_find (cache, "key", &error));
  g_assert_no_error (error);
  g_assert_true (kalon_judge_cache_store (cache, "key", "{}", &error));
  g_assert_true (kalon_judge_cache_store (cache, "key", "{\"a\":1}", &error));
  text = kalon_judge_cache_find (cache, "key", &error);
  g_assert_cmpstr (text, ==, "{\"a\":1}");
  make_items (fixture, 1, 60, 200);
  {
    g_autoptr (GPtrArray) cases = kalon_judge_list_cases (fixture->judge, cache, fixture->items,
                                                          all_styles, 1, NULL, &error);
    const KalonJudgeCase *one = g_ptr_array_index (cases, 0);

    g_assert_cmpstr (one->calls[0].key, !=, one->calls[1].key);
    kalon_judge_cache_store (cache, one->calls[0].key, "{\"accuracy\":\"9\"}", &error);
    g_assert_no_error (error);
  }
  {
    g_autoptr (KalonJudgeFigures) figures = run (fixture, all_styles, 1, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (get_count (figures, 0)->n_calls, ==, 2);
  }
}

/* Answers that are nothing cost their own items, until there are too many in a row. */
static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  static const VisionTaste tastes[] = { VISION_NONSENSE, VISION_FLOOD, VISION_RANGE };
  g_autoptr (KalonJudgeFigures) last = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  make_items (fixture, KALON_JUDGE_MAX_FAILURES, 60, 200);
  for (guint i = 0; i < G_N_ELEMENTS (tastes); i++)
    for (guint style = 0; style < 3; style++)
      {
        g_autoptr (KalonJudgeFigures) figures = NULL;
        const KalonJudgeCount *count;

        vision_server_set_taste (fixture->server, tastes[i]);
        n = vision_server_get_requests (fixture->server);
        g_assert_null (run (fixture, &all_styles[style], 1, NULL, &error));
        g_assert_nonnull (error);
        g_assert_true (g_str_has_prefix (error->message, "The judge stops"));
        g_assert_cmpuint (strlen (error->message), <, 500);
        g_clear_error (&error);
        /* After a bad first answer the second call is not made. */
        g_assert_cmpuint (vision_server_get_requests (fixture->server), ==,
                          n + KALON_JUDGE_MAX_FAILURES);
        {
          g_autoptr (GPtrArray) all = g_steal_pointer (&fixture->items);

          fixture->items = g_ptr_array_new ();
          for (guint j = 0; j < KALON_JUDGE_MAX_FAILURES - 1; j++)
            g_ptr_array_add (fixture->items, g_ptr_array_index (all, j));
          figures = run (fixture, &all_styles[style], 1, NULL, &error);
          g_assert_no_error (error);
          g_ptr_array_unref (fixture->items);
          fixture->items = g_steal_pointer (&all);
        }
        count = get_count (figures, 0);
        g_assert_cmpuint (count->n_failed, ==, KALON_JUDGE_MAX_FAILURES - 1);
        g_assert_cmpuint (count->tallies[0].similar, ==, 0);
        g_assert_nonnull (
            ((const KalonJudgeVerdict *) g_ptr_array_index (count->verdicts, 0))->failure);
      }

  /* Nothing of it was kept. */
  vision_server_set_taste (fixture->server, VISION_FIRST);
  last = run (fixture, all_styles, 3, NULL, &error);
  g_assert_no_error (error);
  for (guint style = 0; style < 3; style++)
    g_assert_cmpuint (get_count (last, style)->tallies[0].similar, ==, KALON_JUDGE_MAX_FAILURES);

  g_ptr_array_set_size (fixture->items, 0);
  make_items (fixture, KALON_JUDGE_MAX_FAILURES, 61, 201);
  vision_server_set_taste (fixture->server, VISION_BUSY);
  g_assert_null (run (fixture, all_styles, 1, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_SERVICE);
}

/* Rows that are the same need no judge, rows that are empty can have none, and a picture that
 * cannot be read costs its own item. */
static void
test_odd_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) row = make_row (fixture, 1, 3, 90);
  g_autoptr (GPtrArray) same = make_row (fixture, 1, 3, 90);
  g_autoptr (GPtrArray) empty = g_ptr_array_new ();
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_answer_free);
  g_autoptr (GPtrArray) broken
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_answer_free);
  g_autofree char *path = g_build_filename (fixture->directory, "broken.jpg", NULL);
  g_autoptr (KalonJudgeFigures) figures = NULL;
  g_autoptr (GError) error = NULL;
  const KalonJudgeCount *count;

  g_assert_true (g_file_set_contents (path, "no picture", -1, NULL));
  g_ptr_array_add (broken, kalon_answer_new (path, NULL));
  g_ptr_array_add (gone, kalon_answer_new ("/nowhere/gone.jpg", NULL));
  g_ptr_array_add (fixture->items, kalon_judge_item_new ("same", "a", row, same));
  g_ptr_array_add (fixture->items, kalon_judge_item_new ("empty", "b", row, empty));
  g_ptr_array_add (fixture->items, kalon_judge_item_new ("gone", "c", gone, row));
  for (guint i = 0; i < KALON_JUDGE_MAX_FAILURES; i++)
    g_ptr_array_add (fixture->items, kalon_judge_item_new ("broken", "d", row, broken));
  figures = run (fixture, all_styles, 1, NULL, &error);
  g_assert_no_error (error);
  count = get_count (figures, 0);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, 0);
  g_assert_cmpuint (count->n_same, ==, 1);
  g_assert_cmpuint (count->n_empty, ==, 1);
  g_assert_cmpuint (count->n_failed, ==, 1 + KALON_JUDGE_MAX_FAILURES);
  g_assert_cmpuint (count->tallies[0].similar, ==, 1);
  g_assert_nonnull (strstr (
      ((const KalonJudgeVerdict *) g_ptr_array_index (count->verdicts, 2))->failure, "gone.jpg"));
  g_assert_nonnull (strstr (
      ((const KalonJudgeVerdict *) g_ptr_array_index (count->verdicts, 3))->failure, "broken.jpg"));
}

/* A host that is not this machine, reached through a proxy that is the test's server. */
static void
test_consent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GProxyResolver) resolver
      = g_simple_proxy_resolver_new (vision_server_get_url (fixture->server), NULL);
  g_autoptr (SoupSession) session
      = soup_session_new_with_options ("proxy-resolver", resolver, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlm) remote
      = kalon_llm_new (session, KALON_LLM_OPENAI, "http://judge.local", "vision", NULL, &error);
  g_autoptr (KalonJudge) local = g_steal_pointer (&fixture->judge);
  g_autoptr (KalonJudgeFigures) figures = NULL;
  g_autoptr (KalonJudgeFigures) again = NULL;
  KalonJudgeEstimate estimate;

  g_assert_no_error (error);
  g_assert_false (kalon_llm_is_local (remote));
  fixture->judge = kalon_judge_new (remote, fixture->directory, fixture->cache);
  make_items (fixture, 3, 60, 200);
  g_assert_true (kalon_judge_estimate (fixture->judge, fixture->items, all_styles, 2, &estimate,
                                       NULL, &error));
  g_assert_cmpuint (estimate.n_calls, ==, 12);
  g_assert_cmpuint (estimate.n_kept, ==, 0);
  g_assert_cmpuint (estimate.bytes, >, 12 * 2000);
  g_assert_cmpuint (estimate.bytes, <, 12 * 400000);
  /* 2 tiles and the words. */
  g_assert_cmpuint (estimate.n_tokens, >, 12 * (85 + 2 * 170));
  g_assert_cmpuint (estimate.n_tokens, <, 12 * 2000);
  g_assert_null (run (fixture, all_styles, 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, "6 pictures"));
  g_assert_nonnull (strstr (error->message, "judge.local"));
  g_assert_nonnull (strstr (error->message, "--send-pictures"));
  g_clear_error (&error);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, 0);

  kalon_judge_set_may_send (fixture->judge, TRUE);
  figures = run (fixture, all_styles, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, 6);
  /* What is known already can be read without any. */
  kalon_judge_set_may_send (fixture->judge, FALSE);
  again = run (fixture, all_styles, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, 6);
  g_object_unref (fixture->judge);
  fixture->judge = g_steal_pointer (&local);
}

/* Calls begin no faster than asked for. */
static void
test_rate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonJudgeFigures) figures = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Stop stop = { .at = 1, .cancellable = cancellable };
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  make_items (fixture, 2, 60, 200);
  kalon_judge_set_per_minute (fixture->judge, 600);
  figures = run (fixture, all_styles, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 3 * G_USEC_PER_SEC / 10);
  /* Waiting can be cancelled: this would take a minute. */
  g_ptr_array_set_size (fixture->items, 0);
  make_items (fixture, 1, 61, 201);
  kalon_judge_set_per_minute (fixture->judge, 1);
  g_assert_null (run (fixture, all_styles, 1, &stop, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (vision_server_get_requests (fixture->server), ==, 5);
}

static void
add_labelled (KalonHpirSet *set, const char *id, const char *a, const char *b, const char *votes)
{
  KalonHpirItem *item = kalon_hpir_set_add_item (set, id, "a lake");

  item->systems[0] = g_strdup (a);
  item->systems[1] = g_strdup (b);
  kalon_hpir_item_add_picture (item, 0, "a.jpg", NULL);
  kalon_hpir_item_add_picture (item, 1, "b.jpg", NULL);
  for (guint i = 0; votes[i] != '\0'; i++)
    {
      KalonHpirLabel label = { .labeler = 0, .repeat = votes[i] == 'r' };

      label.votes[KALON_HPIR_AESTHETIC] = votes[i] == 'A'   ? KALON_HPIR_A
                                          : votes[i] == 'B' ? KALON_HPIR_B
                                                            : KALON_HPIR_CANNOT_TELL;
      kalon_hpir_item_add_label (item, &label);
    }
}

static void
test_labels (void)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("set", "/nowhere");
  g_autoptr (KalonJudgeFigures) figures = NULL;
  const KalonJudgeTally *tally;

  kalon_hpir_set_add_labeler (set, "Eve", NULL);
  add_labelled (set, "1", "baseline", "aligned", "A");
  add_labelled (set, "2", "aligned", "baseline", "AA?B");
  add_labelled (set, "3", "baseline", "aligned", "AB");
  add_labelled (set, "4", "aligned", "baseline", "??A");
  add_labelled (set, "5", "aligned", "baseline", "Brrr");
  add_labelled (set, "6", "baseline", "rephrased", "A");
  add_labelled (set, "7", "aligned", "baseline", "");
  figures = kalon_judge_count_labels (set, "aligned", "baseline");
  g_assert_cmpuint (figures->counts->len, ==, 1);
  g_assert_cmpuint (get_count (figures, 0)->verdicts->len, ==, 6);
  tally = &get_count (figures, 0)->tallies[KALON_HPIR_AESTHETIC];
  g_assert_cmpuint (tally->win, ==, 1);
  g_assert_cmpuint (tally->lose, ==, 2);
  g_assert_cmpuint (tally->similar, ==, 2);
  g_assert_cmpfloat_with_epsilon (tally->win_rate.mean, 1. / 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (tally->win_similar_rate.mean, 3. / 5, 1e-12);
  tally = &get_count (figures, 0)->tallies[KALON_HPIR_ACCURACY];
  g_assert_cmpuint (tally->win + tally->similar + tally->lose, ==, 0);
  g_assert_true (isnan (tally->win_rate.mean));
}

static void
test_items (void)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("set", "/nowhere");
  g_autoptr (GPtrArray) items = NULL;
  const KalonJudgeItem *item;
  const KalonAnswer *answer;

  kalon_hpir_set_add_labeler (set, "Eve", NULL);
  add_labelled (set, "one", "baseline", "aligned", "B");
  items = kalon_judge_list_items (set);
  g_assert_cmpuint (items->len, ==, 1);
  item = g_ptr_array_index (items, 0);
  g_assert_cmpstr (item->id, ==, "one");
  g_assert_cmpint (item->chosen[KALON_HPIR_AESTHETIC], ==, 1);
  g_assert_cmpint (item->chosen[KALON_HPIR_ACCURACY], ==, -1);
  answer = g_ptr_array_index (item->rows[1], 0);
  g_assert_cmpstr (answer->path, ==, "/nowhere/b.jpg");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/judge/first", test_first);
  ADD ("/judge/random", test_random);
  ADD ("/judge/brighter", test_brighter);
  ADD ("/judge/sent", test_sent);
  ADD ("/judge/swapped", test_swapped);
  ADD ("/judge/resume", test_resume);
  ADD ("/judge/kept", test_kept);
  ADD ("/judge/hostile", test_hostile);
  ADD ("/judge/odd-rows", test_odd_rows);
  ADD ("/judge/consent", test_consent);
  ADD ("/judge/rate", test_rate);
  g_test_add_func ("/judge/labels", test_labels);
  g_test_add_func ("/judge/items", test_items);
  return g_test_run ();
}
