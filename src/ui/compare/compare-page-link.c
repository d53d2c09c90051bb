/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compare/kalon-compare-page-private.h"

/* Height that the two buttons of a row need. */
#define ROW_BUTTONS 60.f

static KalonResultsGrid *
get_grid (KalonComparePage *self, guint pane)
{
  return kalon_compare_pane_get_grid (self->panes[pane]);
}

static guint
find_pane (KalonComparePage *self, KalonResultsGrid *grid)
{
  return grid == get_grid (self, 1);
}

void
kalon_compare_page_update_link (KalonComparePage *self)
{
  gboolean hovers = self->hovered != 0;
  gint64 picture = hovers ? self->hovered : self->selected;
  guint source = hovers ? self->hovered_pane : self->selected_pane;

  for (guint pane = 0; pane < 2; pane++)
    {
      KalonRanking *ranking = kalon_compare_page_get_ranking (self, pane);
      guint rank = picture != 0 && ranking != NULL && !kalon_compare_page_is_single (self)
                       ? kalon_ranking_find (ranking, picture)
                       : 0;

      if (rank == 0 && picture != 0 && ranking != NULL && pane != source
          && !kalon_compare_page_is_single (self))
        kalon_compare_pane_set_missing (self->panes[pane]);
      else
        kalon_compare_pane_set_linked (self->panes[pane], rank, pane != source);
    }
}

static void
hovered_cb (KalonResultsGrid *grid, gint64 picture, KalonComparePage *self)
{
  guint pane = find_pane (self, grid);

  /* The pointer has been in the other one since. */
  if (picture == 0 && self->hovered_pane != pane)
    return;
  self->hovered = picture;
  self->hovered_pane = pane;
  kalon_compare_page_update_link (self);
}

static void
selected_cb (KalonResultsGrid *grid, gint64 picture, KalonComparePage *self)
{
  guint pane = find_pane (self, grid);

  if (picture == 0 && self->selected_pane != pane)
    return;
  self->selected = picture;
  self->selected_pane = pane;
  /* There is one selection: what it is in the other pane is told by the link. */
  if (picture != 0)
    kalon_results_grid_unselect (get_grid (self, 1 - pane));
  kalon_compare_page_update_link (self);
}

static void
scroll_to (GtkAdjustment *from, GtkAdjustment *to)
{
  double end = gtk_adjustment_get_upper (to) - gtk_adjustment_get_page_size (to);

  gtk_adjustment_set_value (to, MIN (gtk_adjustment_get_value (from), MAX (0, end)));
}

/* All cells are alike, so the same value is the same row. */
static void
follow_scroll (KalonComparePage *self)
{
  GtkAdjustment *from = kalon_results_grid_get_adjustment (get_grid (self, self->leader));
  GtkAdjustment *to = kalon_results_grid_get_adjustment (get_grid (self, 1 - self->leader));

  self->scroll_wanted = FALSE;
  self->scrolling = TRUE;
  scroll_to (from, to);
  self->scrolling = FALSE;
}

static void
scrolled_cb (GtkAdjustment *adjustment, KalonComparePage *self)
{
  if (self->scrolling || kalon_compare_page_is_single (self))
    return;
  self->leader = adjustment == kalon_results_grid_get_adjustment (get_grid (self, 1));
  /* In the middle of an allocation the other pane must not be asked for another one. */
  if (self->allocating)
    self->scroll_wanted = TRUE;
  else
    follow_scroll (self);
}

static void
laid_out_cb (KalonResultsGrid *grid, KalonComparePage *self)
{
  if (self->scroll_wanted && find_pane (self, grid) == 1 - self->leader
      && gtk_widget_get_mapped (GTK_WIDGET (grid)))
    follow_scroll (self);
  kalon_compare_page_update_rows (self);
}

/* (transfer full) (element-type gint64): the pictures of a row on the left or the right that the
 * row on the other side does not have. */
static GArray *
list_only (KalonComparePage *self, guint place, guint first, guint n)
{
  KalonRanking *ranking = kalon_compare_page_get_ranking (self, place);
  KalonRanking *other = kalon_compare_page_get_ranking (self, 1 - place);
  GArray *only = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (ranking == NULL || other == NULL)
    return only;
  for (guint i = first; i < MIN (first + n, ranking->results->len); i++)
    {
      gint64 picture = g_array_index (ranking->results, KalonResult, i).picture;
      guint rank = kalon_ranking_find (other, picture);

      if (rank <= first || rank > first + n)
        g_array_append_val (only, picture);
    }
  return only;
}

void
kalon_compare_page_update_rows (KalonComparePage *self)
{
  gboolean shown = !kalon_compare_page_is_single (self) && !kalon_compare_page_hides (self)
                   && kalon_compare_page_get_ranking (self, 0) != NULL
                   && kalon_compare_page_get_ranking (self, 1) != NULL;
  g_autoptr (GArray) rows = kalon_results_grid_list_rows (get_grid (self, 0));
  g_autoptr (GArray) judged = g_array_new (FALSE, FALSE, sizeof (KalonJudgedRow));
  float height = gtk_widget_get_height (GTK_WIDGET (get_grid (self, 0)));

  for (guint i = 0; shown && i < rows->len; i++)
    {
      KalonJudgedRow row = { g_array_index (rows, KalonGridRow, i), FALSE };
      g_autoptr (GArray) left = list_only (self, 0, row.row.first, row.row.n);
      g_autoptr (GArray) right = list_only (self, 1, row.row.first, row.row.n);
      float middle = row.row.y + row.row.height / 2;
      graphene_point_t point;

      /* What is half outside has its buttons over something else. */
      if (middle < ROW_BUTTONS / 2 || middle > height - ROW_BUTTONS / 2)
        continue;

      if (!gtk_widget_compute_point (GTK_WIDGET (get_grid (self, 0)), GTK_WIDGET (self->row_judge),
                                     &GRAPHENE_POINT_INIT (0, row.row.y), &point))
        continue;
      row.row.y = point.y;
      row.differs = left->len > 0 && right->len > 0;
      g_array_append_val (judged, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->row_judge), shown);
  kalon_row_judge_set_rows (self->row_judge, judged);
}

static void
judged_cb (KalonComparePage *self, guint first, guint n, guint place)
{
  g_autoptr (GArray) better = list_only (self, place, first, n);
  g_autoptr (GArray) worse = list_only (self, 1 - place, first, n);

  g_signal_emit_by_name (self, "row-judged", better, worse);
}

static void
opened_cb (KalonResultsGrid *grid, guint position, KalonComparePage *self)
{
  g_signal_emit_by_name (self, "opened", self->models[find_pane (self, grid)], position);
}

static void
thumb_cb (KalonResultsGrid *grid, guint position, gboolean liked, KalonComparePage *self)
{
  KalonResultsModel *model = self->models[find_pane (self, grid)];
  g_autoptr (KalonResultItem) item = g_list_model_get_item (G_LIST_MODEL (model), position);
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint first, n_visible, n_seen;

  kalon_results_grid_get_visible (grid, &first, &n_visible);
  n_seen = MIN (MAX (first + n_visible, position + 1),
                g_list_model_get_n_items (G_LIST_MODEL (model)));
  for (guint i = 0; i < n_seen; i++)
    {
      gint64 picture = kalon_results_model_get_picture_id (model, i);

      g_array_append_val (shown, picture);
    }
  g_signal_emit_by_name (self, "thumb", item, shown, liked);
}

static void
more_like_this_cb (KalonComparePage *self, const char *path)
{
  g_signal_emit_by_name (self, "more-like-this", path);
}

static void
not_like_this_cb (KalonComparePage *self, const char *path)
{
  g_signal_emit_by_name (self, "not-like-this", path);
}

void
kalon_compare_page_connect_panes (KalonComparePage *self)
{
  for (guint pane = 0; pane < 2; pane++)
    {
      KalonResultsGrid *grid = get_grid (self, pane);

      g_signal_connect_object (grid, "hovered", G_CALLBACK (hovered_cb), self, 0);
      g_signal_connect_object (grid, "selected", G_CALLBACK (selected_cb), self, 0);
      g_signal_connect_object (grid, "laid-out", G_CALLBACK (laid_out_cb), self, 0);
      g_signal_connect_object (grid, "opened", G_CALLBACK (opened_cb), self, 0);
      g_signal_connect_object (grid, "thumb", G_CALLBACK (thumb_cb), self, 0);
      g_signal_connect_object (grid, "more-like-this", G_CALLBACK (more_like_this_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (grid, "not-like-this", G_CALLBACK (not_like_this_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (kalon_results_grid_get_adjustment (grid), "value-changed",
                               G_CALLBACK (scrolled_cb), self, 0);
    }
  g_signal_connect_object (self->row_judge, "judged", G_CALLBACK (judged_cb), self,
                           G_CONNECT_SWAPPED);
}
