/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-results-grid-private.h"

GtkListItem *
kalon_results_grid_get_focused (KalonResultsGrid *self)
{
  GtkWidget *cell = (GtkWidget *) kalon_results_grid_get_focused_cell (self);
  GHashTableIter iter;
  gpointer list_item;

  g_hash_table_iter_init (&iter, self->bound);
  while (cell != NULL && g_hash_table_iter_next (&iter, &list_item, NULL))
    if (gtk_list_item_get_child (list_item) == cell)
      return list_item;
  return NULL;
}

/* What is selected already is meant as a whole. */
static void
pop_up_menu_at (KalonResultsGrid *self, GtkListItem *list_item, double x, double y)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  guint position = gtk_list_item_get_position (list_item);
  double menu_x, menu_y;

  gtk_widget_translate_coordinates (cell, GTK_WIDGET (self), x, y, &menu_x, &menu_y);
  if (!gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_select_item (selection, position, TRUE);
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle){ (int) menu_x, (int) menu_y, 1, 1 });
  gtk_popover_popup (self->menu);
}

void
kalon_results_grid_pop_up_menu (KalonResultsGrid *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);

  pop_up_menu_at (self, list_item, gtk_widget_get_width (cell) / 2.0,
                  gtk_widget_get_height (cell) / 2.0);
}

static void
cell_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  GtkWidget *grid = gtk_widget_get_ancestor (cell, KALON_TYPE_RESULTS_GRID);

  pop_up_menu_at (KALON_RESULTS_GRID (grid), list_item, x, y);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonResultsGrid *self)
{
  GtkWidget *cell = kalon_result_cell_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (cell_pressed_cb), list_item, 0);
  gtk_widget_add_controller (cell, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (list_item, cell);
  kalon_results_grid_add_drag (self, list_item);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonResultsGrid *self)
{
  KalonResultCell *cell = KALON_RESULT_CELL (gtk_list_item_get_child (list_item));
  KalonResultItem *item = gtk_list_item_get_item (list_item);

  if (self->queue != NULL)
    kalon_thumbnail_queue_fill (self->queue, item);
  kalon_result_cell_set_size (cell, self->size);
  kalon_result_cell_set_item (cell, item);
  kalon_result_cell_set_linked (cell, kalon_result_item_get_picture_id (item) == self->linked);
  g_hash_table_add (self->bound, list_item);
  kalon_results_grid_queue_update (self);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonResultsGrid *self)
{
  kalon_result_cell_set_item (KALON_RESULT_CELL (gtk_list_item_get_child (list_item)), NULL);
  g_hash_table_remove (self->bound, list_item);
}

/* Control and the wheel: larger and smaller pictures. */
static gboolean
scrolled_cb (GtkEventControllerScroll *controller, double x, double y, KalonResultsGrid *self)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0 || y == 0)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action (GTK_WIDGET (self), y < 0 ? "win.larger" : "win.smaller", NULL);
  return GDK_EVENT_STOP;
}

void
kalon_results_grid_set_up_view (KalonResultsGrid *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_VERTICAL | GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (kalon_results_grid_follow_selection), self,
                           G_CONNECT_SWAPPED);
  gtk_grid_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  /* Selected pictures may have gone. */
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (kalon_results_grid_follow_selection), self,
                           G_CONNECT_SWAPPED);
  gtk_grid_view_set_factory (self->view, factory);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE, -1);

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_object (scroll, "scroll", G_CALLBACK (scrolled_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), scroll);
}
