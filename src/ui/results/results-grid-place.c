/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-results-grid-private.h"

/* A frame may be under way when pictures change their order: its layout is of the old one. */
#define SETTLED_LAYOUTS 2

KalonResultCell *
kalon_results_grid_get_focused_cell (KalonResultsGrid *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *cell = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return cell != NULL && KALON_IS_RESULT_CELL (cell)
                 && gtk_widget_is_ancestor (cell, GTK_WIDGET (self))
             ? KALON_RESULT_CELL (cell)
             : NULL;
}

static GtkWidget *
get_focus (KalonResultsGrid *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

void
kalon_results_grid_want_focus (KalonResultsGrid *self, guint position)
{
  self->focus_position = position;
  self->focus_before_wanted = get_focus (self);
}

/* It went to the search box or to a popover meanwhile: what was to get it comes too late. But when
 * the cell that had it is gone, GTK gives it to whatever it finds. */
gboolean
kalon_results_grid_has_lost_focus (KalonResultsGrid *self)
{
  GtkWidget *focus = get_focus (self);

  if (focus == NULL)
    return FALSE;
  return gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL
         || (self->focus_before_wanted != NULL && focus != self->focus_before_wanted
             && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)));
}

/* The cells still have the pictures of the old order. */
void
kalon_results_grid_begin_reordering (KalonResultsGrid *self)
{
  KalonResultCell *cell = kalon_results_grid_get_focused_cell (self);
  KalonResultItem *focused = cell != NULL ? kalon_result_cell_get_item (cell) : NULL;

  self->n_layouts = 0;
  if (self->reordering || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->reordering = TRUE;
  self->place = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled));
  self->focus_picture = focused != NULL ? kalon_result_item_get_picture_id (focused) : 0;
  if (!kalon_results_model_find (self->model, self->focus_picture, &self->focus_before))
    self->focus_picture = 0;
}

/* Pictures have moved, what one looks at has not. The view has just been laid out, maybe elsewhere,
 * and not been painted yet: it is laid out once more then. */
void
kalon_results_grid_keep_place (KalonResultsGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  double place;

  if (!self->reordering || self->held)
    return;
  /* There may be fewer now. */
  place = MIN (self->place, MAX (0, gtk_adjustment_get_upper (adjustment)
                                        - gtk_adjustment_get_page_size (adjustment)));
  if (ABS (gtk_adjustment_get_value (adjustment) - place) < 1)
    {
      self->n_layouts++;
      return;
    }
  self->n_layouts = 0;
  gtk_adjustment_set_value (adjustment, place);
}

/* The focus goes with its picture as long as that is on screen; else it stays where it was. */
void
kalon_results_grid_keep_focus (KalonResultsGrid *self)
{
  guint position, first, n_visible;

  if (self->n_layouts < SETTLED_LAYOUTS)
    {
      gtk_widget_queue_allocate (GTK_WIDGET (self->view));
      kalon_results_grid_queue_update (self);
      return;
    }
  self->reordering = FALSE;
  kalon_results_grid_get_visible (self, &first, &n_visible);
  if (self->focus_picture != 0)
    {
      if (!kalon_results_model_find (self->model, self->focus_picture, &position)
          || position < first || position >= first + n_visible)
        position = MIN (self->focus_before, first + MAX (n_visible, 1) - 1);
      kalon_results_grid_want_focus (self, position);
    }
  kalon_results_grid_queue_update (self);
}

void
kalon_results_grid_set_unfolded (KalonResultsGrid *self, gint64 picture_id, gboolean unfolded)
{
  g_autoptr (KalonResultItem) item = NULL;
  KalonResultCell *cell;
  guint leader;
  gboolean is_behind;

  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  if (!kalon_results_model_find_leader (self->model, picture_id, &leader))
    return;
  cell = kalon_results_grid_get_focused_cell (self);
  item = cell != NULL ? g_object_ref (kalon_result_cell_get_item (cell))
                      : kalon_results_grid_dup_only_item (self);
  is_behind = item != NULL && kalon_result_item_is_behind (item);
  kalon_results_model_set_unfolded (self->model, picture_id, unfolded);
  if (!unfolded && is_behind)
    kalon_results_grid_select (self, leader);
}
