/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "display.h"

#include "first-run/kalon-first-run-page.h"
#include "first-run/kalon-suggestions.h"
#include "indexing/kalon-failures-window.h"
#include "indexing/kalon-library-button.h"
#include "indexing/kalon-progress-text.h"
#include "operations/kalon-operations-button.h"
#include "results/kalon-result-cell.h"
#include "results/kalon-results-grid.h"
#include "search/kalon-aligned-button.h"
#include "search/kalon-query-token.h"
#include "search/kalon-search-box.h"
#include "search/kalon-strictness-button.h"
#include "search/kalon-words-line.h"
#include "viewer/kalon-details.h"
#include "viewer/kalon-viewer.h"

/* Each widget lives and dies alone, without services. */
static void
test_new_destroy (gconstpointer data)
{
  const GType type = ((GType (*) (void)) data) ();
  GtkWidget *widget = g_object_new (type, NULL);

  g_object_ref_sink (widget);
  g_assert_finalize_object (widget);
}

/* No library can be there. */
static KalonCatalogue *
create_catalogue (void)
{
  return kalon_catalogue_new ("/dev/null/kalon", NULL);
}

static void
left_cb (KalonSearchBox *box, guint *n_left)
{
  (*n_left)++;
}

static void
test_search_box (void)
{
  g_autoptr (KalonCatalogue) catalogue = create_catalogue ();
  g_autoptr (KalonSearch) search = kalon_search_new (NULL, "There is no model.", catalogue);
  KalonSearchBox *box = g_object_new (KALON_TYPE_SEARCH_BOX, NULL);
  GtkWidget *entry = display_find (GTK_WIDGET (box), GTK_TYPE_SEARCH_ENTRY, NULL);
  guint n_left = 0;

  g_object_ref_sink (box);
  kalon_search_box_set_search (box, search);
  g_signal_connect (box, "leave", G_CALLBACK (left_cb), &n_left);
  gtk_test_accessible_assert_role (entry, GTK_ACCESSIBLE_ROLE_SEARCH_BOX);
  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_LABEL, "Search pictures");

  /* As one types, but not at every key. */
  gtk_editable_set_text (GTK_EDITABLE (entry), "lake");
  g_assert_cmpstr (kalon_search_get_text (search), ==, "");
  wait_until (g_str_equal (kalon_search_get_text (search), "lake"));
  g_assert_cmpint (kalon_search_get_state (search), ==, KALON_SEARCH_FAILED);
  g_assert_cmpstr (kalon_search_get_error (search), ==, "There is no model.");

  kalon_search_add_term (search, KALON_TERM_PICTURE, "/pictures/lake at dawn.jpeg", 1);
  g_assert_nonnull (display_find (GTK_WIDGET (box), KALON_TYPE_QUERY_TOKEN, NULL));

  /* Escape clears, then leaves. */
  g_signal_emit_by_name (entry, "stop-search");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  g_assert_false (kalon_search_has_query (search));
  g_assert_null (display_find (GTK_WIDGET (box), KALON_TYPE_QUERY_TOKEN, NULL));
  g_assert_cmpuint (n_left, ==, 0);
  g_signal_emit_by_name (entry, "stop-search");
  g_assert_cmpuint (n_left, ==, 1);

  /* Return searches at once. */
  gtk_editable_set_text (GTK_EDITABLE (entry), "  mountains ");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (kalon_search_get_text (search), ==, "mountains");
  g_assert_cmpuint (n_left, ==, 2);

  wait_until (!kalon_search_is_busy (search));
  g_assert_finalize_object (box);
}

static void
test_search_without_model (void)
{
  g_autoptr (KalonCatalogue) catalogue = create_catalogue ();
  g_autoptr (KalonSearch) search = kalon_search_new (NULL, "There is no model.", catalogue);

  /* Browsing needs none; here the library itself cannot be opened. */
  kalon_search_refresh (search);
  g_assert_true (kalon_search_is_busy (search));
  g_assert_cmpint (kalon_search_get_state (search), ==, KALON_SEARCH_LOADING);
  wait_until (!kalon_search_is_busy (search));
  g_assert_cmpint (kalon_search_get_state (search), ==, KALON_SEARCH_FAILED);
  g_assert_nonnull (kalon_search_get_error (search));
  g_assert_cmpstr (kalon_search_get_error (search), !=, "There is no model.");
}

static void
test_strictness_button (void)
{
  GtkWidget *button = g_object_new (KALON_TYPE_STRICTNESS_BUTTON, NULL);
  GtkWidget *menu_button = display_find (button, GTK_TYPE_MENU_BUTTON, NULL);
  g_autoptr (KalonCatalogue) catalogue = create_catalogue ();
  g_autoptr (KalonSearch) search = kalon_search_new (NULL, "There is no model.", catalogue);
  GtkRange *scale;
  GtkWidget *reset;
  int strictness;

  g_object_ref_sink (button);
  gtk_test_accessible_assert_property (menu_button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Strictness");
  g_object_bind_property (search, "strictness", button, "strictness",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  scale = GTK_RANGE (display_find (button, GTK_TYPE_SCALE, NULL));
  reset = display_find (display_find (button, GTK_TYPE_POPOVER, NULL), GTK_TYPE_BUTTON, NULL);
  g_object_set (button, "strictness", 70, NULL);
  g_object_get (search, "strictness", &strictness, NULL);
  g_assert_cmpint (strictness, ==, 70);
  kalon_search_set_strictness (search, 20);
  g_object_get (button, "strictness", &strictness, NULL);
  g_assert_cmpint (strictness, ==, 20);
  g_assert_cmpfloat (gtk_range_get_value (scale), ==, 20);

  /* Left to the model: the scale shows where that is, and moving it is a choice of one's own. */
  g_assert_true (gtk_widget_get_sensitive (reset));
  g_signal_emit_by_name (reset, "clicked");
  g_object_get (search, "strictness", &strictness, NULL);
  g_assert_cmpint (strictness, ==, KALON_STRICTNESS_OF_MODEL);
  g_assert_false (gtk_widget_get_sensitive (reset));
  g_object_set (button, "model-strictness", 45, NULL);
  g_assert_cmpfloat (gtk_range_get_value (scale), ==, 45);
  g_object_get (search, "strictness", &strictness, NULL);
  g_assert_cmpint (strictness, ==, KALON_STRICTNESS_OF_MODEL);
  gtk_range_set_value (scale, 60);
  g_object_get (search, "strictness", &strictness, NULL);
  g_assert_cmpint (strictness, ==, 60);
  g_assert_true (gtk_widget_get_sensitive (reset));
  g_assert_finalize_object (button);
}

static void
test_aligned_button (void)
{
  static const char *const names[] = { "aligned", "aesthetic-weight", "taste-weight" };
  GtkWidget *button = g_object_new (KALON_TYPE_ALIGNED_BUTTON, NULL);
  GtkWidget *toggle = display_find (button, GTK_TYPE_TOGGLE_BUTTON, NULL);
  GtkWidget *menu_button = display_find (button, GTK_TYPE_MENU_BUTTON, NULL);
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (menu_button)));
  g_autoptr (KalonCatalogue) catalogue = create_catalogue ();
  g_autoptr (KalonSearch) search = kalon_search_new (NULL, "There is no model.", catalogue);
  GtkWidget *scale, *reset;
  gboolean aligned;
  double weight;

  g_object_ref_sink (button);
  gtk_test_accessible_assert_property (toggle, GTK_ACCESSIBLE_PROPERTY_LABEL, "Aligned");
  gtk_test_accessible_assert_property (menu_button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "What Moves Pictures Up");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_object_bind_property (search, names[i], button, names[i],
                            G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle)));
  gtk_test_accessible_assert_state (toggle, GTK_ACCESSIBLE_STATE_PRESSED,
                                    GTK_ACCESSIBLE_TRISTATE_TRUE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), FALSE);
  g_object_get (search, "aligned", &aligned, NULL);
  g_assert_false (aligned);

  scale = display_find (popover, GTK_TYPE_SCALE, NULL);
  reset = gtk_widget_get_last_child (gtk_widget_get_parent (scale));
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (scale),
                                                   GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (GTK_RANGE (scale)), 0.1, 1e-6);
  g_assert_false (gtk_widget_get_sensitive (reset));
  gtk_range_set_value (GTK_RANGE (scale), 0.4);
  g_object_get (search, "aesthetic-weight", &weight, NULL);
  g_assert_cmpfloat_with_epsilon (weight, 0.4, 1e-6);
  g_object_set (search, "taste-weight", 0.0, NULL);
  g_assert_true (gtk_widget_get_sensitive (reset));
  g_signal_emit_by_name (reset, "clicked");
  g_object_get (search, "aesthetic-weight", &weight, NULL);
  g_assert_cmpfloat_with_epsilon (weight, 0.1, 1e-6);
  g_object_get (search, "taste-weight", &weight, NULL);
  g_assert_cmpfloat_with_epsilon (weight, (double) KALON_TASTE_WEIGHT, 1e-6);
  g_assert_false (gtk_widget_get_sensitive (reset));
  g_assert_finalize_object (button);
}

static void
test_taste_text (void)
{
  static const struct
  {
    gsize n_thumbs;
    KalonTasteCheck check;
    const char *text;
  } cases[] = {
    { 0, { 0 }, "No taste yet: it is learned from your thumbs." },
    { 1, { .active = TRUE }, "Taste from 1 thumb; too few to check it." },
    { 14,
      { .n = 12, .agreement = 0.714, .active = TRUE },
      "Taste from 14 thumbs; 71 % right on unseen ones." },
    { 14,
      { .n = 12, .agreement = 0.45, .active = FALSE },
      "Taste from 14 thumbs; no better than chance on unseen ones, so it is not used." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KalonResults) results = kalon_results_new ();
      g_autofree char *text = NULL;

      results->n_thumbs = cases[i].n_thumbs;
      results->taste = cases[i].check;
      text = kalon_taste_to_text (results);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
finished_cb (KalonIndexing *indexing, const GError *error, char **message)
{
  *message = g_strdup (error->message);
}

static void
test_indexing_without_model (void)
{
  KalonIndexing *indexing = kalon_indexing_new (NULL, "There is no model.");
  g_autofree char *message = NULL;

  g_signal_connect (indexing, "finished", G_CALLBACK (finished_cb), &message);
  kalon_indexing_start (indexing, (const char *const[]){ "/pictures", NULL });
  g_assert_cmpstr (message, ==, "There is no model.");
  g_assert_false (kalon_indexing_is_running (indexing));
  kalon_indexing_stop (indexing);
  kalon_indexing_set_paused (indexing, TRUE);
  g_assert_false (kalon_indexing_is_paused (indexing));
  g_assert_finalize_object (indexing);
}

static void
test_texts (void)
{
  const KalonIndexerProgress none = { 0 };
  const KalonIndexerProgress some = { .added = 1, .renamed = 12, .failed = 3 };
  const KalonIndexerProgress soon = { .rate = 24.4, .remaining = 12 };
  const KalonIndexerProgress later = { .rate = 2.26, .remaining = 200 };
  const KalonIndexerProgress much_later = { .rate = 2, .remaining = 7.6 * 3600 };
  const KalonIndexerProgress unknown = { .rate = 2, .remaining = -1 };
  g_autofree char *nothing = kalon_outcome_to_text (&none);
  g_autofree char *something = kalon_outcome_to_text (&some);
  g_autofree char *seconds = kalon_speed_to_text (&soon);
  g_autofree char *minutes = kalon_speed_to_text (&later);
  g_autofree char *hours = kalon_speed_to_text (&much_later);

  g_assert_cmpstr (nothing, ==, "The library is up to date");
  g_assert_cmpstr (something, ==, "1 picture added, 12 renamed, 3 could not be read");
  g_assert_cmpstr (seconds, ==, "24 per second · less than a minute left");
  g_assert_cmpstr (minutes, ==, "2.3 per second · about 3 minutes left");
  g_assert_cmpstr (hours, ==, "2.0 per second · about 8 hours left");
  g_assert_null (kalon_speed_to_text (&unknown));
}

static void
test_details (void)
{
  GtkWidget *details = g_object_new (KALON_TYPE_DETAILS, NULL);
  KalonPicture picture = {
    .id = 1,
    .path = (char *) "/pictures/summer/lake.jpeg",
    .size = 1500000,
    .mtime = G_GINT64_CONSTANT (1700000000) * 1000000000,
    .width = 4000,
    .height = 3000,
    .format = (char *) "jpeg",
    .taken_at = 1690000000,
    .camera = (char *) "Pentax K-1",
  };
  g_autoptr (KalonResultItem) item = kalon_result_item_new (
      &(KalonResult){ .picture = 1, .rank = 3, .similarity = 0.31f, .aesthetic = NAN }, 120);
  const KalonMemberScore members[] = { { (char *) "clip-iqa", 7 }, { (char *) "own", 4 } };
  g_autoptr (GArray) scored = g_array_new (FALSE, FALSE, sizeof (KalonMemberScore));
  KalonPictureScores scores = { .aesthetic = 5.5f, .members = scored };
  g_autoptr (GString) text = g_string_new (NULL);
  GtkWidget *rows, *value;

  g_object_ref_sink (details);
  kalon_details_set_picture (KALON_DETAILS (details), &picture, item);
  rows = gtk_widget_get_parent (
      gtk_widget_get_parent (display_find (details, GTK_TYPE_LABEL, "caption")));
  for (GtkWidget *row = gtk_widget_get_first_child (rows); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      value = gtk_widget_get_last_child (row);
      g_string_append_printf (text, "%s=%s;",
                              gtk_label_get_text (GTK_LABEL (gtk_widget_get_first_child (row))),
                              gtk_label_get_text (GTK_LABEL (value)));
      g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (value),
                                                       GTK_ACCESSIBLE_RELATION_LABELLED_BY));
    }
  g_assert_true (g_str_has_prefix (
      text->str, "Name=lake.jpeg;Folder=/pictures/summer;Rank=3;Similarity=0.310;"
                 "Size=4000 × 3000 (12.0 megapixels);File Size=1.5\302\240MB;Format=JPEG;"
                 "Taken=22 July 2023, 04:26;Modified="));
  g_assert_true (g_str_has_suffix (text->str, ";Camera=Pentax K-1;"));

  kalon_details_add_scores (KALON_DETAILS (details), &scores);
  value = gtk_widget_get_last_child (gtk_widget_get_last_child (rows));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (value)), ==, "5.50");
  g_array_append_vals (scores.members, members, 2);
  kalon_details_add_scores (KALON_DETAILS (details), &scores);
  value = gtk_widget_get_last_child (gtk_widget_get_last_child (rows));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (value)), ==, "5.50\nclip-iqa: 7.00\nown: 4.00");

  kalon_details_set_picture (KALON_DETAILS (details), &picture, NULL);
  scores.aesthetic = NAN;
  value = gtk_widget_get_last_child (rows);
  kalon_details_add_scores (KALON_DETAILS (details), &scores);
  g_assert_true (value == gtk_widget_get_last_child (rows));

  kalon_details_set_picture (KALON_DETAILS (details), NULL, NULL);
  g_assert_null (display_find (details, GTK_TYPE_LABEL, NULL));
  g_assert_finalize_object (details);
}

/* What is an icon alone must have a name. */
static void
check_buttons (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL
      && !GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget))
      && gtk_widget_get_ancestor (widget, ADW_TYPE_HEADER_BAR) == NULL)
    {
      g_assert_nonnull (gtk_widget_get_tooltip_text (widget));
      g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget),
                                                       GTK_ACCESSIBLE_PROPERTY_LABEL));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_buttons (child);
}

static void
test_viewer_names (void)
{
  GtkWidget *viewer = g_object_new (KALON_TYPE_VIEWER, NULL);

  g_object_ref_sink (viewer);
  check_buttons (viewer);
  g_assert_finalize_object (viewer);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    GType (*get_type) (void);
  } types[] = {
    { "/widgets/new-destroy/result-cell", kalon_result_cell_get_type },
    { "/widgets/new-destroy/results-grid", kalon_results_grid_get_type },
    { "/widgets/new-destroy/aligned-button", kalon_aligned_button_get_type },
    { "/widgets/new-destroy/words-line", kalon_words_line_get_type },
    { "/widgets/new-destroy/search-box", kalon_search_box_get_type },
    { "/widgets/new-destroy/strictness-button", kalon_strictness_button_get_type },
    { "/widgets/new-destroy/details", kalon_details_get_type },
    { "/widgets/new-destroy/viewer", kalon_viewer_get_type },
    { "/widgets/new-destroy/library-button", kalon_library_button_get_type },
    { "/widgets/new-destroy/operations-button", kalon_operations_button_get_type },
    { "/widgets/new-destroy/first-run-page", kalon_first_run_page_get_type },
    { "/widgets/new-destroy/suggestions", kalon_suggestions_get_type },
  };

  display_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_test_add_data_func (types[i].path, (gconstpointer) types[i].get_type, test_new_destroy);
  g_test_add_func ("/widgets/search-box", test_search_box);
  g_test_add_func ("/widgets/search-without-model", test_search_without_model);
  g_test_add_func ("/widgets/strictness-button", test_strictness_button);
  g_test_add_func ("/widgets/aligned-button", test_aligned_button);
  g_test_add_func ("/widgets/taste-text", test_taste_text);
  g_test_add_func ("/widgets/indexing-without-model", test_indexing_without_model);
  g_test_add_func ("/widgets/texts", test_texts);
  g_test_add_func ("/widgets/details", test_details);
  g_test_add_func ("/widgets/viewer-names", test_viewer_names);
  return g_test_run ();
}
