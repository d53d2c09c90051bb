/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "boards/kalon-board-view-private.h"
#include "boards/kalon-boards-page.h"

/* As style.css has them, both sides together. */
#define VIEW_PADDING 12
#define CELL_PADDING 8

const KalonBoardItem *
kalon_board_view_get_item (KalonBoardView *self, guint position)
{
  return self->contents != NULL && position < self->contents->items->len
             ? g_ptr_array_index (self->contents->items, position)
             : NULL;
}

GArray *
kalon_board_view_list_selected (KalonBoardView *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GtkBitset) selected
      = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  for (guint64 i = 0; i < gtk_bitset_get_size (selected); i++)
    {
      gint64 id = kalon_results_model_get_picture_id (self->model,
                                                      gtk_bitset_get_nth (selected, (guint) i));

      g_array_append_val (ids, id);
    }
  return ids;
}

GtkListItem *
kalon_board_view_find_list_item (KalonBoardView *self, GtkWidget *widget)
{
  GHashTableIter iter;
  gpointer list_item;

  if (widget == NULL)
    return NULL;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      GtkWidget *cell = gtk_list_item_get_child (list_item);

      if (cell == widget || gtk_widget_get_parent (cell) == widget
          || gtk_widget_is_ancestor (widget, cell))
        return list_item;
    }
  return NULL;
}

void
kalon_board_view_fill_cell (KalonBoardView *self, GtkListItem *list_item)
{
  KalonBoardCell *cell = KALON_BOARD_CELL (gtk_list_item_get_child (list_item));
  KalonResultItem *result = gtk_list_item_get_item (list_item);
  gint64 id = kalon_result_item_get_picture_id (result);

  kalon_board_cell_set_item (cell, result, g_hash_table_lookup (self->items, &id),
                             gtk_list_item_get_position (list_item),
                             self->contents != NULL ? self->contents->items->len : 0);
}

static void
note_written_cb (KalonBoardCell *cell, const char *note, GtkListItem *list_item)
{
  KalonResultItem *result = gtk_list_item_get_item (list_item);

  if (result != NULL)
    kalon_boards_page_apply (
        GTK_WIDGET (cell), kalon_board_edit_note (kalon_result_item_get_picture_id (result), note),
        NULL);
}

static void
cell_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  GtkWidget *widget = gtk_widget_get_ancestor (cell, KALON_TYPE_BOARD_VIEW);
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  double menu_x, menu_y;

  if (!gtk_list_item_get_selected (list_item))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection),
                                     gtk_list_item_get_position (list_item), TRUE);
  gtk_widget_translate_coordinates (cell, widget, x, y, &menu_x, &menu_y);
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle){ (int) menu_x, (int) menu_y, 1, 1 });
  gtk_popover_popup (self->menu);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonBoardView *self)
{
  GtkWidget *cell = kalon_board_cell_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (cell_pressed_cb), list_item, 0);
  gtk_widget_add_controller (cell, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (cell, "note-written", G_CALLBACK (note_written_cb), list_item, 0);
  gtk_list_item_set_child (list_item, cell);
  kalon_board_view_add_drag_source (self, list_item);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonBoardView *self)
{
  KalonBoardCell *cell = KALON_BOARD_CELL (gtk_list_item_get_child (list_item));

  kalon_thumbnail_queue_fill (kalon_board_thumbnails_get_queue (self->thumbnails),
                              gtk_list_item_get_item (list_item));
  kalon_board_cell_set_size (cell, self->size);
  kalon_board_view_fill_cell (self, list_item);
  g_hash_table_add (self->bound, list_item);
  kalon_board_view_queue_update (self);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonBoardView *self)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);

  if (self->drop_cell == KALON_BOARD_CELL (cell))
    self->drop_cell = NULL;
  kalon_board_cell_set_item (KALON_BOARD_CELL (cell), NULL, NULL, 0, 0);
  g_hash_table_remove (self->bound, list_item);
}

static void
get_visible (KalonBoardView *self, guint *first, guint *n_visible)
{
  GtkWidget *viewport = GTK_WIDGET (self->scrolled);
  float height = gtk_widget_get_height (viewport);
  guint begin = G_MAXUINT, end = 0;
  GHashTableIter iter;
  gpointer list_item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      GtkWidget *cell = gtk_list_item_get_child (list_item);
      guint position = gtk_list_item_get_position (list_item);
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (cell) || !gtk_widget_compute_bounds (cell, viewport, &bounds)
          || bounds.origin.y + bounds.size.height <= 0 || bounds.origin.y >= height)
        continue;
      begin = MIN (begin, position);
      end = MAX (end, position + 1);
    }
  *first = begin < end ? begin : 0;
  *n_visible = begin < end ? end - begin : 0;
}

/* gtk_grid_view_scroll_to() with its focus flag comes with GTK 4.12. */
static void
update_focus (KalonBoardView *self)
{
  GHashTableIter iter;
  gpointer list_item;

  if (self->focus_item == 0)
    return;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (kalon_result_item_get_picture_id (gtk_list_item_get_item (list_item)) == self->focus_item)
      {
        self->focus_item = 0;
        gtk_widget_grab_focus (gtk_widget_get_parent (gtk_list_item_get_child (list_item)));
        return;
      }
}

void
kalon_board_view_after_paint (KalonBoardView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->scrolled));
  guint n_columns = (guint) MAX (1, (width - VIEW_PADDING) / (self->size + CELL_PADDING));
  guint first, n_visible;

  if (!self->update_wanted)
    return;
  self->update_wanted = FALSE;
  if (width > 0 && gtk_grid_view_get_max_columns (self->view) != n_columns)
    gtk_grid_view_set_max_columns (self->view, n_columns);
  update_focus (self);
  if (self->thumbnails == NULL)
    return;
  get_visible (self, &first, &n_visible);
  kalon_thumbnail_queue_set_range (kalon_board_thumbnails_get_queue (self->thumbnails), self->model,
                                   first, n_visible);
}

void
kalon_board_view_make_cells (KalonBoardView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_grid_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  gtk_grid_view_set_factory (self->view, factory);
}
