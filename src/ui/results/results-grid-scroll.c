/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "results/kalon-results-grid-private.h"

/* Rows are guessed to lie where they do not quite: so many layouts bring a picture there. */
#define MAX_SCROLLS 8
/* A change of columns comes one layout later. And when the cell that had the focus goes, GTK gives
 * the focus to another after the next frame, and scrolls back to that. */
#define SETTLED_LAYOUTS 3

static void
set_deaf (KalonResultsGrid *self, gboolean deaf)
{
  GtkAdjustment *adjustments[] = { gtk_scrolled_window_get_hadjustment (self->scrolled),
                                   gtk_scrolled_window_get_vadjustment (self->scrolled) };

  for (guint i = 0; i < G_N_ELEMENTS (adjustments); i++)
    {
      if (deaf)
        g_signal_handlers_block_matched (adjustments[i], G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL,
                                         self->view);
      else
        g_signal_handlers_unblock_matched (adjustments[i], G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL,
                                           self->view);
    }
}

void
kalon_results_grid_hold (KalonResultsGrid *self)
{
  if (self->held)
    return;
  self->held = TRUE;
  set_deaf (self, TRUE);
}

void
kalon_results_grid_release (KalonResultsGrid *self)
{
  if (!self->held || !gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    return;
  self->held = FALSE;
  set_deaf (self, FALSE);
  kalon_results_grid_queue_update (self);
}

/* Cells lie in rows of one height. From those that have been laid out: where the row of @position
 * is, relative to the top of what is in sight, and how high it is. */
static gboolean
find_row (KalonResultsGrid *self, guint position, double *y, double *height)
{
  g_autoptr (GHashTable) rows = g_hash_table_new (NULL, NULL); /* y -> cells in it */
  guint n_columns = 1, known = GTK_INVALID_LIST_POSITION;
  double known_y = 0;
  GHashTableIter iter;
  gpointer list_item;

  *height = 0;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      GtkWidget *cell = gtk_list_item_get_child (list_item);
      GtkWidget *wrapper = gtk_widget_get_parent (cell);
      graphene_rect_t bounds;
      gpointer key;
      guint n;

      if (!gtk_widget_get_mapped (cell)
          || !gtk_widget_compute_bounds (wrapper, GTK_WIDGET (self->scrolled), &bounds))
        continue;
      key = GINT_TO_POINTER ((int) roundf (bounds.origin.y) + 1);
      n = GPOINTER_TO_UINT (g_hash_table_lookup (rows, key)) + 1;
      g_hash_table_insert (rows, key, GUINT_TO_POINTER (n));
      n_columns = MAX (n_columns, n);
      *height = bounds.size.height;
      if (known == position)
        continue;
      known = gtk_list_item_get_position (list_item);
      known_y = bounds.origin.y;
    }
  if (*height <= 0)
    return FALSE;
  *y = known_y + ((double) (position / n_columns) - (double) (known / n_columns)) * *height;
  return TRUE;
}

/* How far to go; 0: it is where it is to be. */
static double
get_way (KalonResultsGrid *self, double y, double height)
{
  double page = gtk_widget_get_height (GTK_WIDGET (self->scrolled));

  if (!isnan (self->scroll_y))
    return y - self->scroll_y;
  if (y < 0 || height > page)
    return y;
  return MAX (0, y + height - page);
}

void
kalon_results_grid_follow_scroll (KalonResultsGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  double before = gtk_adjustment_get_value (adjustment);
  double y, height, way;

  if (self->scroll_position == GTK_INVALID_LIST_POSITION || self->held || self->reordering)
    return;
  if (self->scroll_position < g_list_model_get_n_items (G_LIST_MODEL (self->model))
      && self->n_scrolls++ < MAX_SCROLLS && find_row (self, self->scroll_position, &y, &height))
    {
      way = get_way (self, y, height);
      if (fabs (way) >= 1)
        gtk_adjustment_set_value (adjustment, before + way);
      if (fabs (gtk_adjustment_get_value (adjustment) - before) >= 1)
        return;
      if (self->n_scrolls < SETTLED_LAYOUTS)
        {
          gtk_widget_queue_allocate (GTK_WIDGET (self->view));
          return;
        }
    }
  self->scroll_position = GTK_INVALID_LIST_POSITION;
}

static void
scroll_to (KalonResultsGrid *self, guint position, double y)
{
  self->scroll_position = position;
  self->scroll_y = y;
  self->n_scrolls = 0;
  self->keep_top = FALSE;
  gtk_widget_queue_allocate (GTK_WIDGET (self->view));
  kalon_results_grid_queue_update (self);
}

void
kalon_results_grid_go_to (KalonResultsGrid *self, guint position)
{
  kalon_results_grid_want_focus (self, position);
  scroll_to (self, position, NAN);
  if (self->held)
    return;
  kalon_results_grid_update_focus (self);
  /* Until its cell is there the view has the focus, so that no key is lost. */
  if (self->focus_position != GTK_INVALID_LIST_POSITION)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

void
kalon_results_grid_keep_in_sight (KalonResultsGrid *self)
{
  GtkListItem *focused = kalon_results_grid_get_focused (self);
  guint first, n_visible, position;
  double y, height;

  kalon_results_grid_get_visible (self, &first, &n_visible);
  if (n_visible == 0 || self->scroll_position != GTK_INVALID_LIST_POSITION)
    return;
  position = focused != NULL ? gtk_list_item_get_position (focused) : first;
  if (position < first || position >= first + n_visible)
    position = first;
  /* At the top one stays at the top. */
  if (gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled)) >= 1
      && find_row (self, position, &y, &height))
    scroll_to (self, position, MAX (y, 0));
}

void
kalon_results_grid_scroll_to_top (KalonResultsGrid *self)
{
  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  /* A cell that gets the focus is scrolled to. */
  if (self->focus_position != GTK_INVALID_LIST_POSITION)
    self->focus_position = 0;
  scroll_to (self, 0, 0);
  if (!self->held)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
}
