/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-results-grid-private.h"

static void
tell_hovered (KalonResultsGrid *self, gint64 picture)
{
  if (self->hovered == picture)
    return;
  self->hovered = picture;
  g_signal_emit_by_name (self, "hovered", picture);
}

static void
moved_cb (KalonResultsGrid *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  GtkWidget *cell
      = picked != NULL ? gtk_widget_get_ancestor (picked, KALON_TYPE_RESULT_CELL) : NULL;
  KalonResultItem *item
      = cell != NULL ? kalon_result_cell_get_item (KALON_RESULT_CELL (cell)) : NULL;

  tell_hovered (self, item != NULL ? kalon_result_item_get_picture_id (item) : 0);
}

static void
left_cb (KalonResultsGrid *self)
{
  tell_hovered (self, 0);
}

void
kalon_results_grid_watch_pointer (KalonResultsGrid *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_object (motion, "enter", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "motion", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "leave", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->view), motion);
}

void
kalon_results_grid_tell_selected (KalonResultsGrid *self)
{
  KalonResultItem *item = gtk_single_selection_get_selected_item (self->selection);
  gint64 picture = item != NULL ? kalon_result_item_get_picture_id (item) : 0;

  if (self->selected == picture)
    return;
  self->selected = picture;
  g_signal_emit_by_name (self, "selected", picture);
}

GtkAdjustment *
kalon_results_grid_get_adjustment (KalonResultsGrid *self)
{
  g_return_val_if_fail (KALON_IS_RESULTS_GRID (self), NULL);
  return gtk_scrolled_window_get_vadjustment (self->scrolled);
}

void
kalon_results_grid_unselect (KalonResultsGrid *self)
{
  g_return_if_fail (KALON_IS_RESULTS_GRID (self));
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

void
kalon_results_grid_set_linked (KalonResultsGrid *self, gint64 picture)
{
  GHashTableIter iter;
  gpointer list_item;

  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  if (self->linked == picture)
    return;
  self->linked = picture;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      KalonResultCell *cell = KALON_RESULT_CELL (gtk_list_item_get_child (list_item));
      KalonResultItem *item = kalon_result_cell_get_item (cell);

      kalon_result_cell_set_linked (
          cell, item != NULL && kalon_result_item_get_picture_id (item) == picture);
    }
}

static gboolean
find_bounds (KalonResultsGrid *self, GtkListItem *list_item, graphene_rect_t *bounds)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);

  return gtk_widget_get_mapped (cell)
         && gtk_widget_compute_bounds (cell, GTK_WIDGET (self->scrolled), bounds)
         && bounds->origin.y + bounds->size.height > 0
         && bounds->origin.y < gtk_widget_get_height (GTK_WIDGET (self->scrolled));
}

void
kalon_results_grid_get_visible (KalonResultsGrid *self, guint *first, guint *n_visible)
{
  guint begin = G_MAXUINT, end = 0;
  GHashTableIter iter;
  gpointer list_item;

  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      guint position = gtk_list_item_get_position (list_item);
      graphene_rect_t bounds;

      if (!find_bounds (self, list_item, &bounds))
        continue;
      begin = MIN (begin, position);
      end = MAX (end, position + 1);
    }
  *first = begin < end ? begin : 0;
  *n_visible = begin < end ? end - begin : 0;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const KalonGridRow *x = a, *y = b;

  return (x->first > y->first) - (x->first < y->first);
}

GArray *
kalon_results_grid_list_rows (KalonResultsGrid *self)
{
  GArray *rows;
  GHashTableIter iter;
  gpointer list_item;

  g_return_val_if_fail (KALON_IS_RESULTS_GRID (self), NULL);

  rows = g_array_new (FALSE, FALSE, sizeof (KalonGridRow));
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      guint position = gtk_list_item_get_position (list_item);
      KalonGridRow *row = NULL;
      graphene_rect_t bounds;

      if (!find_bounds (self, list_item, &bounds))
        continue;
      for (guint i = 0; i < rows->len && row == NULL; i++)
        if (g_array_index (rows, KalonGridRow, i).y == bounds.origin.y)
          row = &g_array_index (rows, KalonGridRow, i);
      if (row == NULL)
        {
          KalonGridRow new_row = { position, 0, bounds.origin.y, bounds.size.height };

          g_array_append_val (rows, new_row);
          row = &g_array_index (rows, KalonGridRow, rows->len - 1);
        }
      row->first = MIN (row->first, position);
      row->n++;
    }
  g_array_sort (rows, compare_rows);
  return rows;
}
