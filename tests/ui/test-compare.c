/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "compare/kalon-compare-page-private.h"
#include "results/kalon-results-grid-private.h"
#include "settings/kalon-settings.h"

static KalonComparePage *
get_page (WindowFixture *fixture)
{
  return fixture->window->compare_page;
}

static void
set_up (WindowFixture *fixture, gconstpointer data)
{
  window_set_up (fixture, data);
  g_settings_reset (fixture->settings, KALON_SETTING_REPHRASE_STYLE);
  kalon_search_set_aligned (fixture->window->search, TRUE);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1000, 500);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-view", "s", "compare");
}

static gboolean
is_complete (WindowFixture *fixture)
{
  KalonComparePage *page = get_page (fixture);

  return g_strcmp0 (gtk_stack_get_visible_child_name (page->stack), "panes") == 0
         && !kalon_search_is_busy (page->search)
         && kalon_contest_get_state (page->contest, 0) == KALON_CONTEST_READY
         && kalon_contest_get_state (page->contest, 1) == KALON_CONTEST_READY;
}

static KalonResultsGrid *
get_grid (WindowFixture *fixture, guint pane)
{
  return kalon_compare_pane_get_grid (get_page (fixture)->panes[pane]);
}

static guint
get_n (WindowFixture *fixture, guint pane)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_page (fixture)->models[pane]));
}

static gint64
get_id (WindowFixture *fixture, guint pane, guint position)
{
  return kalon_results_model_get_picture_id (get_page (fixture)->models[pane], position);
}

/* Shows both, with their cells. */
static void
compare (WindowFixture *fixture, const char *query)
{
  kalon_window_search (fixture->window, query);
  wait_until (is_complete (fixture)
              && g_str_equal (kalon_search_get_text (fixture->window->search), query));
  wait_until (get_n (fixture, 0) > 6);
  if (!kalon_compare_page_is_single (get_page (fixture)))
    {
      guint first, n;

      wait_until (get_n (fixture, 1) > 6);
      wait_until ((kalon_results_grid_get_visible (get_grid (fixture, 1), &first, &n), n > 0));
    }
}

static char *
describe (WindowFixture *fixture, guint pane)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < get_n (fixture, pane); i++)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " ", get_id (fixture, pane, i));
  return g_string_free (text, FALSE);
}

static gboolean
is_shown (WindowFixture *fixture, guint pane, const char *ranking)
{
  g_autofree char *now = describe (fixture, pane);

  return g_str_equal (now, ranking);
}

static void
test_empty (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);

  g_assert_cmpstr (gtk_stack_get_visible_child_name (page->stack), ==, "message");
  g_assert_cmpstr (adw_status_page_get_title (page->message_page), ==,
                   "Search for Something to Compare");
  g_assert_true (gtk_widget_get_visible (page->search_button));
  g_signal_emit_by_name (page->search_button, "clicked");
  g_assert_true (GTK_IS_EDITABLE (gtk_root_get_focus (GTK_ROOT (fixture->window))));
}

static void
test_no_model (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-view", "s", "compare");
  g_assert_cmpstr (adw_status_page_get_title (page->message_page), ==, "Nothing to Compare With");
  g_assert_nonnull (strstr (adw_status_page_get_description (page->message_page), "missing"));
  g_assert_false (gtk_widget_get_visible (page->search_button));
}

/* Marks, labels and figures agree with the two rankings. */
static void
test_side_by_side (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);
  KalonResults *results;
  guint n_marks = 0, common, n;
  g_autofree char *overlap = NULL;

  compare (fixture, "a red square");
  results = kalon_search_get_results (fixture->window->search);
  g_assert_cmpuint (get_n (fixture, 0), ==, results->results->len);
  g_assert_cmpuint (get_n (fixture, 1), ==, results->aligned->len);
  for (guint pane = 0; pane < 2; pane++)
    for (guint i = 0; i < get_n (fixture, pane); i++)
      {
        g_autoptr (KalonResultItem) item
            = g_list_model_get_item (G_LIST_MODEL (page->models[pane]), i);
        KalonRanking *other = kalon_compare_page_get_ranking (page, 1 - pane);
        guint rank = kalon_ranking_find (other, kalon_result_item_get_picture_id (item));
        const char *style = NULL;
        g_autofree char *mark = kalon_result_item_dup_mark (item, &style);
        g_autofree char *reason = kalon_result_item_dup_reason (item);
        g_autofree char *expected = kalon_rank_to_mark (i + 1, rank, "only here");

        g_assert_cmpstr (mark, ==, expected);
        g_assert_nonnull (strstr (reason, rank == i + 1 ? "The same rank in “"
                                          : pane == 0   ? "“Aligned”"
                                                        : "“Baseline”"));
        n_marks += rank != i + 1;
      }
  /* Aligned by random weights it is another order. */
  g_assert_cmpuint (n_marks, >, 0);
  common = kalon_ranking_count_common (kalon_compare_page_get_ranking (page, 0),
                                       kalon_compare_page_get_ranking (page, 1), 10, &n);
  overlap = g_strdup_printf ("%u of %u in common", common, n);
  g_assert_cmpstr (gtk_label_get_text (page->overlap_label), ==, overlap);
  gtk_drop_down_set_selected (page->top_drop_down, 0);
  g_assert_true (g_str_has_suffix (gtk_label_get_text (page->overlap_label), "of 5 in common"));
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (page->panes[0])), ==,
                   gtk_widget_get_width (GTK_WIDGET (page->panes[1])));

  /* Swapped, each is where the other was. */
  {
    g_autofree char *left = describe (fixture, 0), *right = describe (fixture, 1);
    g_autofree char *left_after = NULL, *right_after = NULL;

    gtk_widget_activate_action (GTK_WIDGET (page), "compare.swap", NULL);
    left_after = describe (fixture, 0);
    right_after = describe (fixture, 1);
    g_assert_cmpstr (left_after, ==, right);
    g_assert_cmpstr (right_after, ==, left);
  }

  /* With the aligned ranking switched off on the search page it is still there to compare. */
  kalon_search_set_aligned (fixture->window->search, FALSE);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window->words_line)));
  compare (fixture, "a blue square");
  g_assert_nonnull (kalon_search_get_results (fixture->window->search)->aligned);
}

static void
test_names (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);

  compare (fixture, "a red square");
  gtk_test_accessible_assert_property (page->panes[0], GTK_ACCESSIBLE_PROPERTY_LABEL, "Baseline");
  gtk_test_accessible_assert_property (page->panes[1], GTK_ACCESSIBLE_PROPERTY_LABEL, "Aligned");
  gtk_test_accessible_assert_role (page->panes[0], GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_test_accessible_assert_property (
      display_find (GTK_WIDGET (page->panes[1]), GTK_TYPE_MENU_BUTTON, NULL),
      GTK_ACCESSIBLE_PROPERTY_LABEL, "Ranking: Aligned");
  gtk_test_accessible_assert_property (page->both_button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Side by Side");
  gtk_test_accessible_assert_property (page->flip_button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Flip Between the Two");
  gtk_test_accessible_assert_property (page->blind_button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Blind Test");
  gtk_test_accessible_assert_property (page->top_drop_down, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "How Much of Each Ranking");
  gtk_test_accessible_assert_property (page->row_judge, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Which Row Is Better");
  wait_until (display_find (GTK_WIDGET (page->row_judge), GTK_TYPE_BUTTON, NULL) != NULL);
  g_assert_nonnull (gtk_widget_get_tooltip_text (
      display_find (GTK_WIDGET (page->row_judge), GTK_TYPE_BUTTON, NULL)));
  /* Left is on the left where reading begins from the right, too. */
  g_assert_cmpint (gtk_widget_get_direction (page->panes_box), ==, GTK_TEXT_DIR_LTR);
  g_assert_cmpint (gtk_widget_get_direction (page->flip_bar), ==, GTK_TEXT_DIR_LTR);
}

/* One scrolls the other; a picture that is selected or hovered is marked in both. */
static void
test_linked (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);
  GtkAdjustment *left, *right;
  GtkWidget *above, *below;
  gint64 picture;
  guint rank;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 400);
  compare (fixture, "a red square");
  left = kalon_results_grid_get_adjustment (get_grid (fixture, 0));
  right = kalon_results_grid_get_adjustment (get_grid (fixture, 1));
  wait_until (gtk_adjustment_get_upper (left) > gtk_adjustment_get_page_size (left) + 100
              && gtk_adjustment_get_upper (right) > gtk_adjustment_get_page_size (right) + 100);
  gtk_adjustment_set_value (left, 60);
  g_assert_cmpfloat (gtk_adjustment_get_value (right), ==, 60);
  gtk_adjustment_set_value (right, 30);
  g_assert_cmpfloat (gtk_adjustment_get_value (left), ==, 30);
  gtk_adjustment_set_value (right, 0);

  kalon_results_grid_select (get_grid (fixture, 0), 1);
  picture = get_id (fixture, 0, 1);
  g_assert_cmpint (get_grid (fixture, 0)->linked, ==, picture);
  g_assert_cmpint (get_grid (fixture, 1)->linked, ==, picture);
  /* There is one selection. */
  kalon_results_grid_select (get_grid (fixture, 1), 0);
  picture = get_id (fixture, 1, 0);
  g_assert_cmpint (get_grid (fixture, 0)->linked, ==, picture);
  g_assert_cmpint (get_grid (fixture, 0)->selected, ==, 0);
  g_signal_emit_by_name (get_grid (fixture, 0), "hovered", get_id (fixture, 0, 2));
  g_assert_cmpint (get_grid (fixture, 1)->linked, ==, get_id (fixture, 0, 2));
  g_signal_emit_by_name (get_grid (fixture, 0), "hovered", (gint64) 0);
  g_assert_cmpint (get_grid (fixture, 1)->linked, ==, picture);

  /* Not on screen: an edge says where. */
  wait_until (gtk_adjustment_get_value (left) == 0);
  rank = get_n (fixture, 0);
  g_signal_emit_by_name (
      get_grid (fixture, 1), "hovered",
      g_array_index (kalon_compare_page_get_ranking (page, 0)->results, KalonResult, rank - 1)
          .picture);
  above = display_find (GTK_WIDGET (page->panes[0]), GTK_TYPE_BUTTON, "edge");
  below = gtk_widget_get_next_sibling (above);
  g_assert_false (gtk_widget_get_visible (above));
  g_assert_true (gtk_widget_get_visible (below));
  {
    g_autofree char *text = g_strdup_printf ("Rank %u ↓", rank);

    g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (below)), ==, text);
  }
  /* Pressed, it is shown, and the other side scrolls along. */
  g_signal_emit_by_name (below, "clicked");
  wait_until (gtk_adjustment_get_value (left) > 0);
  wait_until (!gtk_widget_get_visible (below));
  g_assert_cmpfloat (gtk_adjustment_get_value (left), ==, gtk_adjustment_get_value (right));
}

static void
test_flip (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);
  g_autofree char *left = NULL, *right = NULL, *first = NULL, *second = NULL;

  compare (fixture, "a red square");
  left = describe (fixture, 0);
  right = describe (fixture, 1);
  g_assert_false (gtk_widget_get_visible (page->flip_bar));
  gtk_widget_activate_action (GTK_WIDGET (page), "compare.flip", NULL);
  g_assert_true (kalon_compare_page_is_single (page));
  g_assert_true (gtk_widget_get_visible (page->flip_bar));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (page->panes[1])));
  g_assert_true (gtk_toggle_button_get_active (page->place_buttons[0]));
  first = describe (fixture, 0);
  g_assert_cmpstr (first, ==, left);
  gtk_widget_activate_action (GTK_WIDGET (page), "compare.flip", NULL);
  second = describe (fixture, 0);
  g_assert_cmpstr (second, ==, right);
  g_assert_true (gtk_toggle_button_get_active (page->place_buttons[1]));
  gtk_test_accessible_assert_property (page->place_buttons[1], GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Aligned");
  gtk_toggle_button_set_active (page->place_buttons[0], TRUE);
  g_free (first);
  first = describe (fixture, 0);
  g_assert_cmpstr (first, ==, left);
  gtk_toggle_button_set_active (page->both_button, TRUE);
  g_assert_false (kalon_compare_page_is_single (page));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (page->panes[1])));
}

/* Where there is room for one, one is shown. */
static void
test_narrow (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);

  compare (fixture, "a red square");
  g_assert_false (page->narrow);
  wait_until ((window_ask_for_size (fixture, 359, 500),
               page->narrow && gtk_widget_get_visible (page->flip_bar)
                   && gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 360));
  g_assert_false (gtk_widget_get_visible (page->mode_box));
  gtk_widget_activate_action (GTK_WIDGET (page), "compare.flip", NULL);
  g_assert_cmpuint (page->place, ==, 1);
  wait_until ((window_ask_for_size (fixture, 1000, 500),
               !page->narrow && !gtk_widget_get_visible (page->flip_bar)));
}

static gboolean
tells (const char *text)
{
  static const char *const words[]
      = { "Baseline", "Aligned", "similarity", "aesthetic", "taste", "rephrasing",
          "places",   "Thumb",   "only",       "duplicate", "▲",     "▼" };

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (words); i++)
    if (strstr (text, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* No label and no tooltip below @widget, a pane, may tell which ranking it shows. */
static void
assert_tells_nothing (GtkWidget *widget)
{
  if (!gtk_widget_get_visible (widget))
    return;
  if (GTK_IS_LABEL (widget))
    g_assert_false (tells (gtk_label_get_text (GTK_LABEL (widget))));
  g_assert_false (tells (gtk_widget_get_tooltip_text (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_tells_nothing (child);
}

static void
assert_blind (WindowFixture *fixture)
{
  KalonComparePage *page = get_page (fixture);

  gtk_test_accessible_assert_property (page->panes[0], GTK_ACCESSIBLE_PROPERTY_LABEL, "Left");
  gtk_test_accessible_assert_property (page->panes[1], GTK_ACCESSIBLE_PROPERTY_LABEL, "Right");
  for (guint pane = 0; pane < 2; pane++)
    {
      assert_tells_nothing (GTK_WIDGET (page->panes[pane]));
      for (guint i = 0; i < get_n (fixture, pane); i++)
        {
          g_autoptr (KalonResultItem) item
              = g_list_model_get_item (G_LIST_MODEL (page->models[pane]), i);
          g_autofree char *label = kalon_result_item_dup_label (item);
          const char *style;

          g_assert_false (tells (label));
          g_assert_null (kalon_result_item_dup_reason (item));
          g_assert_null (kalon_result_item_dup_mark (item, &style));
          g_assert_false (kalon_result_item_takes_thumbs (item));
          g_assert_cmpint (kalon_result_item_get_verdict (item), ==, KALON_VERDICT_NONE);
          g_assert_cmpuint (kalon_result_item_get_n_duplicates (item), ==, 0);
        }
    }
  assert_tells_nothing (page->flip_bar);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (page->row_judge)));
}

static void
test_blind (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);
  g_autofree char *left = NULL, *right = NULL, *after = NULL, *path = NULL, *text = NULL;
  g_autofree char *tally = NULL;
  guint place;

  compare (fixture, "a red square");
  /* A thumb would stand at the top of one side. */
  wait_until (kalon_result_item_get_picture (
                  kalon_results_model_peek_item (page->models[1], get_id (fixture, 1, 0)))
              != NULL);
  gtk_widget_activate_action (GTK_WIDGET (get_grid (fixture, 1)), "results.thumb", "(xb)",
                              get_id (fixture, 1, 0), TRUE);
  wait_until (kalon_result_item_get_verdict (
                  kalon_results_model_peek_item (page->models[1], get_id (fixture, 1, 0)))
              == KALON_VERDICT_LIKED);
  wait_until (kalon_search_get_results (fixture->window->search)->n_thumbs == 1);

  gtk_toggle_button_set_active (page->blind_button, TRUE);
  wait_until (page->frozen[0] != NULL);
  assert_blind (fixture);
  left = describe (fixture, 0);
  right = describe (fixture, 1);
  g_assert_cmpstr (left, !=, right);
  /* Nothing moves under the judge's eyes. */
  g_object_set (fixture->window->search, "aesthetic-weight", 0.5, "taste-weight", 0.0, NULL);
  wait_until (kalon_search_get_results (fixture->window->search)->aligned != NULL
              && !kalon_search_is_busy (fixture->window->search));
  display_run_for (100);
  after = describe (fixture, 1);
  g_assert_cmpstr (after, ==, right);
  assert_blind (fixture);
  place = page->order[0] == 1 ? 0 : 1; /* where the aligned one stands */
  gtk_widget_activate_action (GTK_WIDGET (page),
                              place == 0 ? "compare.answer-left" : "compare.answer-right", NULL);
  g_assert_true (page->revealed);
  g_assert_cmpstr (gtk_label_get_text (page->verdict_label), ==, "You preferred “Aligned”.");
  gtk_test_accessible_assert_property (page->panes[place], GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Aligned");
  wait_until (*gtk_label_get_text (page->tally_label) != '\0');
  tally = g_strdup (gtk_label_get_text (page->tally_label));
  g_assert_nonnull (strstr (tally, "“Aligned” was preferred in 1 of 1 blind test: 100 %"));
  path = kalon_judgements_dup_path (fixture->library);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"query\":\"a red square\""));
  g_assert_nonnull (
      strstr (text, place == 0 ? "\"preferred\":\"left\"" : "\"preferred\":\"right\""));

  /* Judged once; the next query is another round. */
  gtk_widget_activate_action (GTK_WIDGET (page), "compare.answer-left", NULL);
  kalon_window_search (fixture->window, "a blue square");
  wait_until (!page->revealed && page->frozen[0] != NULL && is_complete (fixture));
  assert_blind (fixture);
  gtk_widget_activate_action (GTK_WIDGET (page), "compare.answer-neither", NULL);
  wait_until (strstr (gtk_label_get_text (page->tally_label), "In 1 no difference") != NULL);
  g_assert_nonnull (strstr (gtk_label_get_text (page->tally_label), "1 of 1"));
  gtk_toggle_button_set_active (page->blind_button, FALSE);
  gtk_test_accessible_assert_property (page->panes[0], GTK_ACCESSIBLE_PROPERTY_LABEL, "Baseline");
}

/* The pictures that only the better row has get a thumb; undone together. */
static void
test_rows (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);
  g_autoptr (GArray) rows = NULL;
  g_autofree char *before = NULL;
  guint first = G_MAXUINT, n = 0;

  g_object_set (fixture->window->search, "taste-weight", 0.5, NULL);
  compare (fixture, "a red square");
  wait_until (is_complete (fixture));
  rows = kalon_results_grid_list_rows (get_grid (fixture, 0));
  g_assert_cmpuint (rows->len, >, 1);
  g_assert_cmpuint (g_array_index (rows, KalonGridRow, 0).first, ==, 0);
  g_assert_cmpuint (g_array_index (rows, KalonGridRow, 1).first, ==,
                    g_array_index (rows, KalonGridRow, 0).n);
  for (guint i = 0; i < rows->len && n == 0; i++) /* the first that differs */
    {
      const KalonGridRow *row = &g_array_index (rows, KalonGridRow, i);

      for (guint j = row->first; j < row->first + row->n; j++)
        {
          guint rank = kalon_ranking_find (kalon_compare_page_get_ranking (page, 1),
                                           get_id (fixture, 0, j));

          n += rank <= row->first || rank > row->first + row->n;
        }
      first = row->first;
    }
  g_assert_cmpuint (n, >, 0);
  before = describe (fixture, 1);
  g_signal_emit_by_name (page->row_judge, "judged", first, g_array_index (rows, KalonGridRow, 0).n,
                         0);
  wait_until (kalon_search_get_results (fixture->window->search)->n_thumbs == n);
  g_assert_nonnull (fixture->window->thumb_toast);
  g_assert_nonnull (strstr (adw_toast_get_title (fixture->window->thumb_toast), "up for what"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo-thumb", NULL);
  wait_until (kalon_search_get_results (fixture->window->search)->n_thumbs == 0);
  {
    g_autofree char *after = describe (fixture, 1);

    g_assert_cmpstr (after, ==, before);
  }
}

/* Any two: the rephrased words alone, another profile, another model. */
static void
test_rivals (WindowFixture *fixture, gconstpointer data)
{
  KalonComparePage *page = get_page (fixture);
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (KalonRival) rephrased = kalon_rival_new (KALON_RIVAL_REPHRASED, NULL, NULL);
  g_autoptr (KalonRival) profile = NULL;
  g_autoptr (KalonRival) model = NULL;
  g_autofree char *models = g_test_build_filename (G_TEST_DIST, "reference", "models", NULL);
  g_autofree char *directory = g_build_filename (models, "gelu-p32-ragged-bf16", NULL);
  g_autofree char *baseline = NULL;

  compare (fixture, "a red square");
  wait_until (kalon_contest_get_rivals (page->contest)->len >= 3);
  /* Rephrased to what it was, it is the baseline. */
  baseline = describe (fixture, 0);
  kalon_words_set_own (fixture->words, "a red square");
  g_signal_emit_by_name (page->panes[1], "chosen", "rephrased");
  g_assert_true (kalon_rival_equal (kalon_contest_get_rival (page->contest, 1), rephrased));
  wait_until (is_complete (fixture));
  wait_until (is_shown (fixture, 1, baseline));
  gtk_test_accessible_assert_property (page->panes[1], GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Rephrased Words Alone");

  /* What stands on the other side is swapped with it. */
  g_signal_emit_by_name (page->panes[1], "chosen", "baseline");
  g_assert_cmpint (kalon_contest_get_rival (page->contest, 0)->kind, ==, KALON_RIVAL_REPHRASED);

  feedback = kalon_feedback_open (fixture->library, NULL);
  g_assert_true (kalon_feedback_set_profile (feedback, "warm", NULL));
  g_assert_true (kalon_feedback_set_profile (feedback, KALON_PROFILE_DEFAULT, NULL));
  profile = kalon_rival_new (KALON_RIVAL_PROFILE, "warm", NULL);
  kalon_contest_choose (page->contest, 0, profile);
  wait_until (is_complete (fixture));
  gtk_test_accessible_assert_property (page->panes[0], GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Profile warm");

  /* A model that nothing is indexed for says what to do. */
  model = kalon_rival_new (KALON_RIVAL_MODEL, "other", directory);
  kalon_contest_choose (page->contest, 0, model);
  wait_until (kalon_contest_get_state (page->contest, 0) == KALON_CONTEST_FAILED);
  g_assert_nonnull (strstr (kalon_contest_get_problem (page->contest, 0), "--model other index"));
}

/* The viewer shows the ranking that it was opened from. */
static void
test_viewer (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  guint position;

  compare (fixture, "a red square");
  kalon_results_grid_select (get_grid (fixture, 1), 2);
  gtk_widget_activate_action (GTK_WIDGET (get_grid (fixture, 1)), "results.open", NULL);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->pages), ==, "viewer");
  g_assert_true (kalon_viewer_get_position (window->viewer, &position));
  g_assert_cmpuint (position, ==, 2);
  g_assert_true (kalon_viewer_get_model (window->viewer) == get_page (fixture)->models[1]);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.next", NULL);
  g_assert_true (kalon_viewer_get_position (window->viewer, &position));
  g_assert_cmpuint (position, ==, 3);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.close", NULL);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->pages), ==, "search");
  g_assert_cmpint (get_grid (fixture, 1)->selected, ==, get_id (fixture, 1, 3));
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);

#define ADD(path, function)                                                                        \
  g_test_add (path, WindowFixture, NULL, set_up, function, window_tear_down)
  ADD ("/compare/empty", test_empty);
  g_test_add ("/compare/no-model", WindowFixture, "no model", window_set_up, test_no_model,
              window_tear_down);
  ADD ("/compare/side-by-side", test_side_by_side);
  ADD ("/compare/names", test_names);
  ADD ("/compare/linked", test_linked);
  ADD ("/compare/flip", test_flip);
  ADD ("/compare/narrow", test_narrow);
  ADD ("/compare/blind", test_blind);
  ADD ("/compare/rows", test_rows);
  ADD ("/compare/rivals", test_rivals);
  ADD ("/compare/viewer", test_viewer);
#undef ADD
  return g_test_run ();
}
