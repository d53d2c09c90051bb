/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "display.h"

typedef struct
{
  guint n_changes, position, removed, added;
} Changes;

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, Changes *changes)
{
  changes->n_changes++;
  changes->position = position;
  changes->removed = removed;
  changes->added = added;
}

static void
test_results (void)
{
  g_autoptr (KalonResultsModel) model = kalon_results_model_new ();
  g_autoptr (KalonResults) results = display_create_results (120, 0);
  g_autoptr (KalonResults) again = display_create_results (120, 3);
  g_autoptr (KalonResults) fewer = display_create_results (7, 0);
  g_autoptr (KalonResultItem) item = NULL;
  g_autoptr (KalonResultItem) same = NULL;
  g_autoptr (KalonResultItem) new_item = NULL;
  Changes changes = { 0 };

  g_signal_connect (model, "items-changed", G_CALLBACK (changed_cb), &changes);
  kalon_results_model_set_results (model, results, FALSE, "lake");
  g_assert_cmpuint (changes.n_changes, ==, 1);
  g_assert_cmpuint (changes.added, ==, 120);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (model)) == KALON_TYPE_RESULT_ITEM);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 120));

  /* An item is the same for as long as somebody holds it. */
  g_assert_null (kalon_results_model_peek_item (model, 5));
  item = g_list_model_get_item (G_LIST_MODEL (model), 4);
  same = g_list_model_get_item (G_LIST_MODEL (model), 4);
  g_assert_true (item == same);
  g_assert_true (kalon_results_model_peek_item (model, 5) == item);
  g_assert_cmpint (kalon_result_item_get_picture_id (item), ==, 5);
  g_assert_cmpuint (kalon_result_item_get_rank (item), ==, 5);
  g_assert_cmpuint (kalon_result_item_get_n_duplicates (item), ==, 1);

  /* The same answer again is no change; another one replaces everything. */
  kalon_results_model_set_results (model, again, FALSE, "lake");
  g_assert_cmpuint (changes.n_changes, ==, 1);
  kalon_results_model_set_results (model, fewer, FALSE, "lake");
  g_assert_cmpuint (changes.n_changes, ==, 2);
  g_assert_cmpuint (changes.removed, ==, 120);
  g_assert_cmpuint (changes.added, ==, 7);
  new_item = g_list_model_get_item (G_LIST_MODEL (model), 4);
  g_assert_true (new_item != item);
}

static void
test_pictures (void)
{
  g_autoptr (KalonResultsModel) model = kalon_results_model_new ();
  const gint64 before[] = { 9, 7, 5, 3, 1 };
  const gint64 after[] = { 9, 8, 7, 5, 1 };
  g_autoptr (GArray) old = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) new = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (KalonResultItem) item = NULL;
  g_autoptr (KalonResultItem) moved = NULL;
  Changes changes = { 0 };
  guint position;

  g_array_append_vals (old, before, G_N_ELEMENTS (before));
  g_array_append_vals (new, after, G_N_ELEMENTS (after));
  kalon_results_model_set_pictures (model, old);
  item = g_list_model_get_item (G_LIST_MODEL (model), 1);
  g_assert_cmpuint (kalon_result_item_get_rank (item), ==, 0);

  g_signal_connect (model, "items-changed", G_CALLBACK (changed_cb), &changes);
  kalon_results_model_set_pictures (model, new);
  /* The common beginning (9) and end (1) are not touched. */
  g_assert_cmpuint (changes.n_changes, ==, 1);
  g_assert_cmpuint (changes.position, ==, 1);
  g_assert_cmpuint (changes.removed, ==, 3);
  g_assert_cmpuint (changes.added, ==, 3);
  /* A picture that moved keeps its item, and with it its thumbnail. */
  moved = g_list_model_get_item (G_LIST_MODEL (model), 2);
  g_assert_true (moved == item);

  g_assert_true (kalon_results_model_find (model, 5, &position));
  g_assert_cmpuint (position, ==, 3);
  g_assert_false (kalon_results_model_find (model, 3, &position));

  kalon_results_model_set_pictures (model, new);
  g_assert_cmpuint (changes.n_changes, ==, 1);
}

static void
test_label (void)
{
  KalonPicture picture = { .id = 3, .path = (char *) "/pictures/lake.jpeg" };
  g_autoptr (KalonResultItem) ranked
      = kalon_result_item_new (&(KalonResult){ 3, 0, 3, 0.314f, 0, 0, 6.25f, { 0 } }, 120);
  g_autoptr (KalonResultItem) folded
      = kalon_result_item_new (&(KalonResult){ 3, 0, 1, 0.5f, 0, 2, NAN, { 0 } }, 2);
  g_autoptr (KalonResultItem) plain = kalon_result_item_new (&(KalonResult){ .picture = 3 }, 0);
  g_autofree char *unknown = kalon_result_item_dup_label (ranked);
  g_autofree char *ranked_label = NULL, *folded_label = NULL, *plain_label = NULL;

  g_assert_cmpstr (unknown, ==, "Picture, rank 3 of 120, similarity 0.31, aesthetic score 6.2");
  kalon_result_item_set_loaded (ranked, &picture, NULL, NULL);
  kalon_result_item_set_loaded (folded, &picture, NULL, NULL);
  kalon_result_item_set_loaded (plain, &picture, NULL, "It is damaged.");
  ranked_label = kalon_result_item_dup_label (ranked);
  folded_label = kalon_result_item_dup_label (folded);
  plain_label = kalon_result_item_dup_label (plain);
  g_assert_cmpstr (ranked_label, ==,
                   "lake.jpeg, rank 3 of 120, similarity 0.31, aesthetic score 6.2");
  g_assert_cmpstr (folded_label, ==,
                   "lake.jpeg, rank 1 of 2, similarity 0.50, and 2 near-duplicates");
  g_assert_cmpstr (plain_label, ==, "lake.jpeg\nIt is damaged.");
}

static void
test_reason (void)
{
  static const struct
  {
    gint32 moves[KALON_N_MOVES];
    const char *text;
  } cases[] = {
    { { 12, 0, 3, -3 }, "12 places up: rephrasing +12, aesthetics +3, taste −3" },
    { { 0, 0, -1, 0 }, "1 place down: aesthetics −1" },
    { { 0, 2, 0, -2 }, "Where it was: alignment +2, taste −2" },
    { { 0 }, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KalonResult result = { .picture = 1, .rank = 3 };
      g_autoptr (KalonResultItem) item = NULL;
      g_autofree char *reason = NULL;

      memcpy (result.moves, cases[i].moves, sizeof result.moves);
      item = kalon_result_item_new (&result, 20);
      reason = kalon_result_item_dup_reason (item);
      g_assert_cmpstr (reason, ==, cases[i].text);
    }
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Another ranking of the same query is announced; that of another query is not. */
static void
test_reordering (void)
{
  g_autoptr (KalonResultsModel) model = kalon_results_model_new ();
  g_autoptr (KalonResults) results = display_create_results (5, 0);
  g_autoptr (KalonResultItem) item = NULL;
  guint n_reorderings = 0;

  results->aligned = g_array_new (FALSE, FALSE, sizeof (KalonResult));
  for (guint i = 5; i-- > 0;)
    g_array_append_val (results->aligned, g_array_index (results->results, KalonResult, i));
  g_signal_connect_swapped (model, "reordering", G_CALLBACK (count_cb), &n_reorderings);
  kalon_results_model_set_results (model, results, FALSE, "lake");
  g_assert_cmpuint (n_reorderings, ==, 0);
  g_assert_cmpint (kalon_results_model_get_picture_id (model, 0), ==, 1);
  kalon_results_model_set_results (model, results, TRUE, "lake");
  g_assert_cmpuint (n_reorderings, ==, 1);
  g_assert_cmpint (kalon_results_model_get_picture_id (model, 0), ==, 5);
  kalon_results_model_set_results (model, results, TRUE, "lake");
  g_assert_cmpuint (n_reorderings, ==, 1);
  kalon_results_model_set_results (model, results, FALSE, "sea");
  g_assert_cmpuint (n_reorderings, ==, 1);
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_assert_false (kalon_result_item_takes_thumbs (item));
  g_assert_cmpint (kalon_result_item_get_verdict (item), ==, KALON_VERDICT_NONE);
}

/* The pictures, near-duplicates as +ID. */
static char *
describe (KalonResultsModel *model)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    {
      g_autoptr (KalonResultItem) item = g_list_model_get_item (G_LIST_MODEL (model), i);
      gboolean is_behind = kalon_result_item_is_behind (item);

      g_assert_cmpint (kalon_result_item_get_picture_id (item), ==,
                       kalon_results_model_get_picture_id (model, i));
      g_string_append_printf (text, "%s%s%d", i > 0 ? " " : "", is_behind ? "+" : "",
                              (int) kalon_result_item_get_picture_id (item) % DISPLAY_FOLDED);
    }
  return g_string_free (text, FALSE);
}

static void
assert_shown (KalonResultsModel *model, const char *expected)
{
  g_autofree char *shown = describe (model);

  g_assert_cmpstr (shown, ==, expected);
}

static void
test_unfold (void)
{
  g_autoptr (KalonResultsModel) model = kalon_results_model_new ();
  g_autoptr (KalonResults) results = display_create_results (11, 0);
  g_autoptr (KalonResults) other = display_create_results (6, 0);
  g_autoptr (KalonResultItem) leader = NULL;
  g_autoptr (KalonResultItem) behind = NULL;
  g_autofree char *label = NULL;
  KalonFolded second
      = { 5, { .picture = DISPLAY_FOLDED + 6, .similarity = 0.25f, .aesthetic = NAN } };
  Changes changes = { 0 };
  guint position;

  g_array_index (results->results, KalonResult, 4).n_duplicates = 2;
  g_array_append_val (results->folded, second);
  kalon_results_model_set_results (model, results, FALSE, "lake");
  assert_shown (model, "1 2 3 4 5 6 7 8 9 10 11");
  leader = g_list_model_get_item (G_LIST_MODEL (model), 4);
  g_assert_false (kalon_result_item_is_unfolded (leader));

  /* In place: nothing else changes, and the leader stays the item it was. */
  g_signal_connect (model, "items-changed", G_CALLBACK (changed_cb), &changes);
  kalon_results_model_set_unfolded (model, 5, TRUE);
  assert_shown (model, "1 2 3 4 5 +5 +6 6 7 8 9 10 11");
  g_assert_cmpuint (changes.n_changes, ==, 1);
  g_assert_cmpuint (changes.position, ==, 5);
  g_assert_cmpuint (changes.removed, ==, 0);
  g_assert_cmpuint (changes.added, ==, 2);
  g_assert_true (kalon_result_item_is_unfolded (leader));
  g_assert_cmpuint (kalon_results_model_get_n_results (model), ==, 11);
  behind = g_list_model_get_item (G_LIST_MODEL (model), 6);
  label = kalon_result_item_dup_label (behind);
  g_assert_cmpstr (label, ==, "Picture, near-duplicate of rank 5, similarity 0.25");
  g_assert_true (kalon_results_model_find (model, 7, &position));
  g_assert_cmpuint (position, ==, 8);
  g_assert_true (kalon_results_model_find_leader (model, DISPLAY_FOLDED + 6, &position));
  g_assert_cmpuint (position, ==, 4);
  g_assert_false (kalon_results_model_find_leader (model, 7, NULL));

  /* Another group too; again is no change; nor is one that has none. */
  kalon_results_model_set_unfolded (model, 10, TRUE);
  assert_shown (model, "1 2 3 4 5 +5 +6 6 7 8 9 10 +10 11");
  kalon_results_model_set_unfolded (model, 10, TRUE);
  kalon_results_model_set_unfolded (model, 7, TRUE);
  g_assert_cmpuint (changes.n_changes, ==, 2);
  g_assert_false (kalon_results_model_is_unfolded (model, 7));

  /* In another ranking of the same question another one leads: the group stays open. */
  results->aligned = g_array_new (FALSE, FALSE, sizeof (KalonResult));
  results->aligned_folded = g_array_new (FALSE, FALSE, sizeof (KalonFolded));
  for (guint i = 4; i < 7; i++)
    {
      KalonResult result = g_array_index (results->results, KalonResult, i);
      KalonFolded folded = { DISPLAY_FOLDED + 6, { .picture = 5 } };

      if (i == 4)
        {
          result.picture = DISPLAY_FOLDED + 6;
          g_array_append_val (results->aligned_folded, folded);
        }
      g_array_append_val (results->aligned, result);
    }
  kalon_results_model_set_results (model, results, TRUE, "lake");
  assert_shown (model, "6 +5 6 7");
  kalon_results_model_set_results (model, results, FALSE, "lake");
  assert_shown (model, "1 2 3 4 5 +5 +6 6 7 8 9 10 11");

  /* Folded by one of its own; gone with the question. */
  kalon_results_model_set_unfolded (model, DISPLAY_FOLDED + 6, FALSE);
  assert_shown (model, "1 2 3 4 5 6 7 8 9 10 11");
  kalon_results_model_set_unfolded (model, 5, TRUE);
  kalon_results_model_begin_question (model);
  kalon_results_model_set_results (model, other, FALSE, "lake");
  assert_shown (model, "1 2 3 4 5 6");
}

static void
test_finalize (void)
{
  KalonResultsModel *model = kalon_results_model_new ();
  g_autoptr (KalonResults) results = display_create_results (10, 0);
  g_autoptr (KalonResultItem) outlives = NULL;
  KalonResultItem *item;

  kalon_results_model_set_results (model, results, FALSE, "lake");
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  outlives = g_list_model_get_item (G_LIST_MODEL (model), 1);
  g_assert_finalize_object (item);
  g_assert_null (kalon_results_model_peek_item (model, 1));
  g_assert_finalize_object (model);
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add_func ("/results-model/results", test_results);
  g_test_add_func ("/results-model/pictures", test_pictures);
  g_test_add_func ("/results-model/label", test_label);
  g_test_add_func ("/results-model/reason", test_reason);
  g_test_add_func ("/results-model/reordering", test_reordering);
  g_test_add_func ("/results-model/unfold", test_unfold);
  g_test_add_func ("/results-model/finalize", test_finalize);
  return g_test_run ();
}
