/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-view-private.h"
#include "boards/kalon-boards-page.h"
#include "results/kalon-picture-actions.h"

/* So near to an edge the board scrolls while something is held there, this far a frame. */
#define EDGE 48
#define SCROLL_STEP 12

/* What is dragged on its own board; elsewhere it is files. */
typedef struct
{
  gint64 board;
  GArray *items;
} KalonBoardDrag;

static KalonBoardDrag *
kalon_board_drag_copy (KalonBoardDrag *drag)
{
  KalonBoardDrag *copy = g_memdup2 (drag, sizeof *drag);

  g_array_ref (copy->items);
  return copy;
}

static void
kalon_board_drag_free (KalonBoardDrag *drag)
{
  g_array_unref (drag->items);
  g_free (drag);
}

static GType kalon_board_drag_get_type (void);
G_DEFINE_BOXED_TYPE (KalonBoardDrag, kalon_board_drag, kalon_board_drag_copy, kalon_board_drag_free)

static KalonBoardView *
get_view (GtkListItem *list_item)
{
  return KALON_BOARD_VIEW (
      gtk_widget_get_ancestor (gtk_list_item_get_child (list_item), KALON_TYPE_BOARD_VIEW));
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, GtkListItem *list_item)
{
  KalonBoardView *self = get_view (list_item);
  KalonBoardDrag drag = { self->board, NULL };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  GdkContentProvider *parts[2];

  if (!gtk_list_item_get_selected (list_item))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection),
                                     gtk_list_item_get_position (list_item), TRUE);
  drag.items = kalon_board_view_list_selected (self);
  for (guint i = 0; i < drag.items->len; i++)
    {
      const KalonBoardItem *item
          = g_hash_table_lookup (self->items, &g_array_index (drag.items, gint64, i));

      if (item != NULL && !item->missing)
        g_strv_builder_add (builder, item->path);
    }
  paths = g_strv_builder_end (builder);
  parts[0] = gdk_content_provider_new_typed (kalon_board_drag_get_type (), &drag);
  g_array_unref (drag.items);
  if (paths[0] == NULL)
    return parts[0];
  parts[1] = kalon_pictures_content ((const char *const *) paths);
  return gdk_content_provider_new_union (parts, G_N_ELEMENTS (parts));
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, GtkListItem *list_item)
{
  GtkWidget *picture = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (picture);

  gtk_drag_source_set_icon (source, paintable, gtk_widget_get_width (picture) / 2,
                            gtk_widget_get_height (picture) / 2);
}

void
kalon_board_view_add_drag_source (KalonBoardView *self, GtkListItem *list_item)
{
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY | GDK_ACTION_MOVE);
  g_signal_connect_object (source, "prepare", G_CALLBACK (drag_prepare_cb), list_item, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (drag_begin_cb), list_item, 0);
  gtk_widget_add_controller (gtk_list_item_get_child (list_item), GTK_EVENT_CONTROLLER (source));
}

/* The place between two pictures that (x, y) is nearest to. @position: in front of which one */
static KalonBoardCell *
find_place (KalonBoardView *self, double x, double y, KalonDropPlace *place, guint *position)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkListItem *list_item = kalon_board_view_find_list_item (self, picked);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkWidget *cell;
  double cell_x, cell_y;

  *place = KALON_DROP_NOWHERE;
  *position = self->contents != NULL ? self->contents->items->len : 0;
  if (list_item == NULL)
    return NULL;
  cell = gtk_list_item_get_child (list_item);
  gtk_widget_translate_coordinates (GTK_WIDGET (self), cell, x, y, &cell_x, &cell_y);
  *place
      = (cell_x < gtk_widget_get_width (cell) / 2.) != rtl ? KALON_DROP_BEFORE : KALON_DROP_AFTER;
  *position = gtk_list_item_get_position (list_item) + (*place == KALON_DROP_AFTER ? 1 : 0);
  return KALON_BOARD_CELL (cell);
}

static void
show_place (KalonBoardView *self, KalonBoardCell *cell, KalonDropPlace place)
{
  if (self->drop_cell != NULL && self->drop_cell != cell)
    kalon_board_cell_set_drop_place (self->drop_cell, KALON_DROP_NOWHERE);
  self->drop_cell = cell;
  if (cell != NULL)
    kalon_board_cell_set_drop_place (cell, place);
}

static gboolean
scroll_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + self->drop_scroll);
  return G_SOURCE_CONTINUE;
}

static void
set_scroll (KalonBoardView *self, int step)
{
  self->drop_scroll = step;
  if (step != 0 && self->drop_tick == 0)
    self->drop_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_tick, NULL, NULL);
  else if (step == 0 && self->drop_tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->drop_tick);
      self->drop_tick = 0;
    }
}

static GdkDragAction
motion_cb (GtkDropTarget *target, double x, double y, KalonBoardView *self)
{
  const GValue *value = gtk_drop_target_get_value (target);
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  KalonDropPlace place;
  guint position;
  KalonBoardCell *cell = find_place (self, x, y, &place, &position);

  show_place (self, cell, place);
  set_scroll (self, y < EDGE ? -SCROLL_STEP : y > height - EDGE ? SCROLL_STEP : 0);
  return value != NULL && G_VALUE_HOLDS (value, kalon_board_drag_get_type ()) ? GDK_ACTION_MOVE
                                                                              : GDK_ACTION_COPY;
}

static void
leave_cb (GtkDropTarget *target, KalonBoardView *self)
{
  show_place (self, NULL, KALON_DROP_NOWHERE);
  set_scroll (self, 0);
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, KalonBoardView *self)
{
  const KalonBoardItem *before;
  KalonDropPlace place;
  guint position;

  find_place (self, x, y, &place, &position);
  leave_cb (target, self);
  before = kalon_board_view_get_item (self, position);
  if (self->contents == NULL)
    return FALSE;
  if (G_VALUE_HOLDS (value, kalon_board_drag_get_type ()))
    {
      const KalonBoardDrag *drag = g_value_get_boxed (value);

      if (drag->board != self->board)
        return FALSE;
      kalon_board_view_move (self, drag->items, before != NULL ? before->id : 0);
      return TRUE;
    }
  kalon_boards_page_add_files (GTK_WIDGET (self), self->board, before != NULL ? before->id : 0,
                               g_value_get_boxed (value));
  return TRUE;
}

void
kalon_board_view_add_drop_target (KalonBoardView *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY | GDK_ACTION_MOVE);

  gtk_drop_target_set_gtypes (target, (GType[]){ kalon_board_drag_get_type (), GDK_TYPE_FILE_LIST },
                              2);
  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect_object (target, "enter", G_CALLBACK (motion_cb), self, 0);
  g_signal_connect_object (target, "motion", G_CALLBACK (motion_cb), self, 0);
  g_signal_connect_object (target, "leave", G_CALLBACK (leave_cb), self, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
