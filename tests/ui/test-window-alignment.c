/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "results/kalon-result-cell.h"
#include "settings/kalon-settings.h"

static void
set_up (WindowFixture *fixture, gconstpointer data)
{
  window_set_up (fixture, data);
  window_fill_folder (fixture);
  window_index_folder (fixture, fixture->folder);
  wait_until (window_get_n_shown (fixture) == 12);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 700);
  kalon_search_set_aligned (fixture->window->search, TRUE);
}

static gboolean
is_aligned (WindowFixture *fixture)
{
  KalonSearch *search = fixture->window->search;

  return kalon_search_get_state (search) == KALON_SEARCH_RESULTS && !kalon_search_is_busy (search)
         && kalon_search_is_aligned (search);
}

/* The ids that are shown, in order. */
static char *
describe (WindowFixture *fixture)
{
  KalonResultsModel *model = kalon_search_get_model (fixture->window->search);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < window_get_n_shown (fixture); i++)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " ",
                            kalon_results_model_get_picture_id (model, i));
  return g_string_free (text, FALSE);
}

static gboolean
is_ranked (WindowFixture *fixture, const char *ranking)
{
  g_autofree char *now = describe (fixture);

  return g_str_equal (now, ranking);
}

static KalonVerdict
get_verdict (WindowFixture *fixture, gint64 id)
{
  KalonResultItem *item
      = kalon_results_model_peek_item (kalon_search_get_model (fixture->window->search), id);

  return item != NULL ? kalon_result_item_get_verdict (item) : KALON_VERDICT_NONE;
}

static gint64
get_id (WindowFixture *fixture, guint position)
{
  return kalon_results_model_get_picture_id (kalon_search_get_model (fixture->window->search),
                                             position);
}

static gboolean
is_loaded (WindowFixture *fixture)
{
  KalonResultsModel *model = kalon_search_get_model (fixture->window->search);

  for (guint i = 0; i < window_get_n_shown (fixture); i++)
    {
      KalonResultItem *item = kalon_results_model_peek_item (model, get_id (fixture, i));

      if (item == NULL || kalon_result_item_get_texture (item) == NULL)
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  WindowFixture *fixture;
  gboolean baseline_seen;
  gboolean empty_seen;
} Watch;

static void
watch_cb (Watch *watch)
{
  KalonSearch *search = watch->fixture->window->search;

  if (kalon_search_get_state (search) != KALON_SEARCH_RESULTS)
    return;
  if (!kalon_search_is_busy (search) && !kalon_search_is_aligned (search))
    watch->baseline_seen = TRUE;
  if (window_get_n_shown (watch->fixture) == 0)
    watch->empty_seen = TRUE;
}

static void
test_rankings (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  Watch watch = { .fixture = fixture };
  g_autofree char *aligned = NULL, *plain = NULL;
  KalonResults *both;

  g_assert_false (gtk_widget_get_visible (window->alignment_bar));
  g_signal_connect_swapped (window->search, "changed", G_CALLBACK (watch_cb), &watch);

  /* The baseline at once, the aligned ranking in its place. */
  kalon_window_search (window, "a red square");
  wait_until (is_aligned (fixture));
  g_assert_true (watch.baseline_seen);
  g_assert_false (watch.empty_seen);
  g_assert_true (gtk_widget_get_visible (window->alignment_bar));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window->words_line)));
  g_assert_true (g_str_has_prefix (kalon_words_get_text (fixture->words), "a red square"));
  g_assert_nonnull (gtk_widget_get_tooltip_text (GTK_WIDGET (window->status_label)));

  /* Switched without a new search. */
  both = kalon_search_get_results (window->search);
  aligned = describe (fixture);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-aligned", NULL);
  g_assert_false (kalon_search_is_aligned (window->search));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->words_line)));
  plain = describe (fixture);
  g_assert_cmpint (get_id (fixture, 0), ==, g_array_index (both->results, KalonResult, 0).picture);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-aligned", NULL);
  g_assert_true (kalon_search_is_aligned (window->search));
  g_assert_true (kalon_search_get_results (window->search) == both);
  g_assert_true (is_ranked (fixture, aligned));
  g_assert_false (kalon_search_is_busy (window->search));

  /* Without all that it adds, it is the baseline. */
  kalon_words_set_own (fixture->words, "a red square");
  g_object_set (window->search, "aesthetic-weight", 0.0, "taste-weight", 0.0, NULL);
  wait_until (is_ranked (fixture, plain));

  /* With the switch off, none is asked for. */
  kalon_search_set_aligned (window->search, FALSE);
  kalon_window_search (window, "a blue square");
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS
              && !kalon_search_is_busy (window->search));
  g_assert_null (kalon_search_get_results (window->search)->aligned);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-aligned", NULL);
  wait_until (is_aligned (fixture));
}

/* Everything that changes a picture's rank but the taste is left out. */
static void
search_by_taste_alone (WindowFixture *fixture)
{
  g_settings_set_string (fixture->settings, KALON_SETTING_REPHRASE_STYLE, "original");
  g_object_set (fixture->window->search, "aesthetic-weight", 0.0, "taste-weight", 0.5, NULL);
  kalon_window_search (fixture->window, "a red square");
  wait_until (is_aligned (fixture));
  wait_until (is_loaded (fixture));
}

static void
test_thumbs (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;
  g_autofree char *before = NULL, *after = NULL, *restarted = NULL;
  gint64 last, first;
  guint n;

  search_by_taste_alone (fixture);
  n = window_get_n_shown (fixture);
  g_assert_cmpuint (n, >, 2);
  before = describe (fixture);
  first = get_id (fixture, 0);
  last = get_id (fixture, n - 1);

  /* The best one down: it goes, and everything else stays where one looks. */
  kalon_results_grid_select (window->grid, 0);
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.dislike", NULL);
  wait_until (get_verdict (fixture, first) == KALON_VERDICT_DISLIKED);
  wait_until (!is_ranked (fixture, before));
  g_assert_cmpint (get_id (fixture, 0), !=, first);
  g_assert_nonnull (window->thumb_toast);
  g_assert_nonnull (strstr (adw_toast_get_title (window->thumb_toast), "Thumb down"));
  wait_until (g_str_has_suffix (gtk_label_get_text (window->status_label), "taste from 1 thumb"));

  /* Undone, everything is what it was. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo-thumb", NULL);
  wait_until (is_ranked (fixture, before));
  wait_until (get_verdict (fixture, first) == KALON_VERDICT_NONE);

  /* By the cell's button; pressed again, taken back. */
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.thumb", "(xb)", last, TRUE);
  wait_until (get_verdict (fixture, last) == KALON_VERDICT_LIKED);
  wait_until (!is_ranked (fixture, before));
  wait_until (is_loaded (fixture));
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.thumb", "(xb)", last, TRUE);
  wait_until (is_ranked (fixture, before));
  wait_until (get_verdict (fixture, last) == KALON_VERDICT_NONE);

  /* In the viewer the first one is not the only one that was seen. */
  wait_until (is_loaded (fixture));
  kalon_results_grid_select (window->grid, 0);
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.open", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.dislike", NULL);
  wait_until (!is_ranked (fixture, before));
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "win.undo-thumb", NULL);
  wait_until (is_ranked (fixture, before));
  kalon_window_show_viewer (window, FALSE);

  /* In the viewer, and there after a restart. */
  wait_until (is_loaded (fixture));
  kalon_results_grid_select (window->grid, n - 1);
  gtk_widget_activate_action (GTK_WIDGET (window->grid), "results.open", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window->viewer), "viewer.like", NULL);
  wait_until (!is_ranked (fixture, before));
  kalon_window_show_viewer (window, FALSE);
  after = describe (fixture);
  window_close (fixture);
  window_open (fixture, TRUE);
  search_by_taste_alone (fixture);
  wait_until (get_verdict (fixture, last) == KALON_VERDICT_LIKED);
  wait_until (is_ranked (fixture, after));
  wait_until (display_find (GTK_WIDGET (fixture->window->grid), GTK_TYPE_BUTTON, "thumb") != NULL);
  gtk_test_accessible_assert_property (
      display_find (GTK_WIDGET (fixture->window->grid), GTK_TYPE_BUTTON, "thumb"),
      GTK_ACCESSIBLE_PROPERTY_LABEL, "Take Back the Thumb Up");
  restarted = describe (fixture);
  g_assert_cmpstr (restarted, ==, after);
}

static void
test_permission (WindowFixture *fixture, gconstpointer data)
{
  KalonWindow *window = fixture->window;

  g_settings_reset (fixture->settings, KALON_SETTING_REPHRASE_STYLE);
  g_settings_set_string (fixture->settings, KALON_SETTING_LLM_URL, "https://llm.example/v1");
  g_settings_set_string (fixture->settings, KALON_SETTING_LLM_MODEL, "small");
  g_settings_set_string (fixture->settings, KALON_SETTING_LLM_DIALECT, "openai");
  g_assert_false (gtk_info_bar_get_revealed (window->permission_bar));
  kalon_window_search (window, "lake");
  g_assert_true (gtk_info_bar_get_revealed (window->permission_bar));
  g_assert_nonnull (strstr (gtk_label_get_text (window->permission_label), "llm.example"));
  /* The search does not wait for the answer. */
  wait_until (is_aligned (fixture));
  gtk_info_bar_response (window->permission_bar, GTK_RESPONSE_REJECT);
  g_assert_false (gtk_info_bar_get_revealed (window->permission_bar));
  g_settings_reset (fixture->settings, KALON_SETTING_LLM_DIALECT);
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add ("/window-alignment/rankings", WindowFixture, NULL, set_up, test_rankings,
              window_tear_down);
  g_test_add ("/window-alignment/thumbs", WindowFixture, NULL, set_up, test_thumbs,
              window_tear_down);
  g_test_add ("/window-alignment/permission", WindowFixture, NULL, set_up, test_permission,
              window_tear_down);
  return g_test_run ();
}
