/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-picture-actions.h"
#include "results/kalon-result-cell.h"
#include "results/kalon-results-grid.h"

#define DEFAULT_SIZE 160
/* A frame may be under way when pictures change their order: its layout is of the old one, and the
 * next one's can still move the view to its top. */
#define SETTLED_LAYOUTS 3

struct _KalonResultsGrid
{
  GtkWidget parent_instance;

  KalonThumbnailQueue *queue;
  KalonResultsModel *model;
  GtkSingleSelection *selection;
  GHashTable *bound; /* GtkListItem, borrowed: between bind and unbind */
  int size;
  gboolean update_wanted;
  gboolean keep_top;    /* the model changed while the view stood at its top */
  guint focus_position; /* to be focused once it has a cell */

  /* While the same query's pictures change their order. */
  gboolean reordering;
  guint n_layouts;         /* at the place, one after the other */
  double place;            /* the scroll position */
  gint64 focus_picture;    /* 0: the focus is elsewhere */
  guint focus_before;      /* where that was */
  gint64 selected_picture; /* 0: none */

  GtkScrolledWindow *scrolled;
  GtkGridView *view;
  GtkPopover *menu;
};

G_DEFINE_FINAL_TYPE (KalonResultsGrid, kalon_results_grid, GTK_TYPE_WIDGET)

enum
{
  PROP_THUMBNAIL_SIZE = 1,
  N_PROPERTIES
};

enum
{
  OPENED,
  MORE_LIKE_THIS,
  THUMB,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/* The view binds 30 rows of max-columns cells whatever it shows: more columns than fit are waste.
 */
static void
update_columns (KalonResultsGrid *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->scrolled));
  guint n_columns = MAX (1, width / self->size);

  if (width > 0 && gtk_grid_view_get_max_columns (self->view) != n_columns)
    gtk_grid_view_set_max_columns (self->view, n_columns);
}

/* gtk_grid_view_scroll_to() with its focus flag comes with GTK 4.12. */
static void
update_focus (KalonResultsGrid *self)
{
  GHashTableIter iter;
  gpointer list_item;

  if (self->focus_position == GTK_INVALID_LIST_POSITION)
    return;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (gtk_list_item_get_position (list_item) == self->focus_position)
      {
        self->focus_position = GTK_INVALID_LIST_POSITION;
        gtk_widget_grab_focus (gtk_widget_get_parent (gtk_list_item_get_child (list_item)));
        return;
      }
}

/* Once a frame, whatever happens in it. */
static void
queue_update (KalonResultsGrid *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (!self->update_wanted && clock != NULL)
    gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
  self->update_wanted = TRUE;
}

/* (nullable): the cell with the focus. */
static KalonResultCell *
get_focused_cell (KalonResultsGrid *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *cell = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  return cell != NULL && KALON_IS_RESULT_CELL (cell)
                 && gtk_widget_is_ancestor (cell, GTK_WIDGET (self))
             ? KALON_RESULT_CELL (cell)
             : NULL;
}

/* The cells still have the pictures of the old order. */
static void
reordering_cb (KalonResultsGrid *self)
{
  KalonResultCell *cell = get_focused_cell (self);
  KalonResultItem *focused = cell != NULL ? kalon_result_cell_get_item (cell) : NULL;
  KalonResultItem *selected = gtk_single_selection_get_selected_item (self->selection);

  self->n_layouts = 0;
  if (self->reordering)
    return;
  self->reordering = TRUE;
  self->place = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled));
  self->focus_picture = focused != NULL ? kalon_result_item_get_picture_id (focused) : 0;
  if (!kalon_results_model_find (self->model, self->focus_picture, &self->focus_before))
    self->focus_picture = 0;
  self->selected_picture = selected != NULL ? kalon_result_item_get_picture_id (selected) : 0;
}

/* Pictures have moved, what one looks at has not. The view has just been laid out, at its top for
 * all that it knows, and not been painted yet: it is laid out once more then. */
static void
layout_cb (GdkFrameClock *clock, KalonResultsGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  double place;

  if (!self->reordering)
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
static void
keep_focus (KalonResultsGrid *self)
{
  guint position, first, n_visible;

  if (self->n_layouts < SETTLED_LAYOUTS)
    {
      gtk_widget_queue_allocate (GTK_WIDGET (self->view));
      queue_update (self);
      return;
    }
  self->reordering = FALSE;
  kalon_results_grid_get_visible (self, &first, &n_visible);
  if (self->focus_picture != 0)
    {
      if (!kalon_results_model_find (self->model, self->focus_picture, &position)
          || position < first || position >= first + n_visible)
        position = MIN (self->focus_before, first + MAX (n_visible, 1) - 1);
      self->focus_position = position;
    }
  /* Cells come and go with it: last, and the focus finds its own in the next frame. */
  if (self->selected_picture != 0
      && kalon_results_model_find (self->model, self->selected_picture, &position))
    gtk_single_selection_set_selected (self->selection, position);
  queue_update (self);
}

/* Only when a frame's layout is done do cells lie where they will be seen. */
static void
after_paint_cb (GdkFrameClock *clock, KalonResultsGrid *self)
{
  guint first, n_visible;

  if (!self->update_wanted)
    return;
  self->update_wanted = FALSE;
  update_columns (self);
  if (self->keep_top)
    kalon_results_grid_scroll_to_top (self);
  self->keep_top = FALSE;
  if (self->reordering)
    keep_focus (self);
  else
    update_focus (self);
  if (self->queue != NULL)
    {
      kalon_results_grid_get_visible (self, &first, &n_visible);
      kalon_thumbnail_queue_set_range (self->queue, self->model, first, n_visible);
    }
}

/* The view stays with the pictures it shows; at its top one wants to see what comes in. */
static void
model_changed_cb (KalonResultsGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  if (gtk_adjustment_get_value (adjustment) < 1)
    self->keep_top = TRUE;
  queue_update (self);
}

static void
cell_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  GtkWidget *grid = gtk_widget_get_ancestor (cell, KALON_TYPE_RESULTS_GRID);
  KalonResultsGrid *self = KALON_RESULTS_GRID (grid);
  double menu_x, menu_y;

  gtk_widget_translate_coordinates (cell, grid, x, y, &menu_x, &menu_y);
  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (list_item));
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle){ (int) menu_x, (int) menu_y, 1, 1 });
  gtk_popover_popup (self->menu);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, GtkListItem *list_item)
{
  KalonResultItem *item = gtk_list_item_get_item (list_item);
  const KalonPicture *picture = item != NULL ? kalon_result_item_get_picture (item) : NULL;

  return picture != NULL ? kalon_picture_content (picture->path) : NULL;
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (cell);

  gtk_drag_source_set_icon (source, paintable, gtk_widget_get_width (cell) / 2,
                            gtk_widget_get_height (cell) / 2);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonResultsGrid *self)
{
  GtkWidget *cell = kalon_result_cell_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkDragSource *drag = gtk_drag_source_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (cell_pressed_cb), list_item, 0);
  gtk_widget_add_controller (cell, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (drag, "prepare", G_CALLBACK (drag_prepare_cb), list_item, 0);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), list_item, 0);
  gtk_widget_add_controller (cell, GTK_EVENT_CONTROLLER (drag));
  gtk_list_item_set_child (list_item, cell);
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
  g_hash_table_add (self->bound, list_item);
  queue_update (self);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonResultsGrid *self)
{
  kalon_result_cell_set_item (KALON_RESULT_CELL (gtk_list_item_get_child (list_item)), NULL);
  g_hash_table_remove (self->bound, list_item);
}

static void
view_activated_cb (KalonResultsGrid *self, guint position)
{
  g_signal_emit (self, signals[OPENED], 0, position);
}

/* (nullable): the selected picture, once it is known. */
static const KalonPicture *
get_selected_picture (KalonResultsGrid *self)
{
  KalonResultItem *item = gtk_single_selection_get_selected_item (self->selection);

  return item != NULL ? kalon_result_item_get_picture (item) : NULL;
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position != GTK_INVALID_LIST_POSITION)
    g_signal_emit (self, signals[OPENED], 0, position);
}

static void
more_like_this_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonPicture *picture = get_selected_picture (KALON_RESULTS_GRID (widget));

  if (picture != NULL)
    {
      /* The picture belongs to a result that the new search replaces. */
      g_autofree char *path = g_strdup (picture->path);

      g_signal_emit (widget, signals[MORE_LIKE_THIS], 0, path);
    }
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonPicture *picture = get_selected_picture (KALON_RESULTS_GRID (widget));

  if (picture != NULL)
    kalon_picture_copy_to_clipboard (widget, picture->path);
}

static void
show_in_files_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonPicture *picture = get_selected_picture (KALON_RESULTS_GRID (widget));

  if (picture != NULL)
    kalon_picture_show_in_files (widget, picture->path);
}

static void
emit_thumb (KalonResultsGrid *self, gint64 picture, gboolean liked)
{
  guint position;

  if (kalon_results_model_find (self->model, picture, &position))
    g_signal_emit (self, signals[THUMB], 0, position, liked);
}

/* Of a cell's button. */
static void
thumb_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gint64 picture;
  gboolean liked;

  g_variant_get (parameter, "(xb)", &picture, &liked);
  emit_thumb (KALON_RESULTS_GRID (widget), picture, liked);
}

/* Of a key, for the picture with the focus; or of the menu, which has taken it, for the selected
 * one. */
static void
like_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  KalonResultCell *cell = get_focused_cell (self);
  KalonResultItem *item = cell != NULL ? kalon_result_cell_get_item (cell)
                                       : gtk_single_selection_get_selected_item (self->selection);

  if (item != NULL && kalon_result_item_takes_thumbs (item))
    emit_thumb (self, kalon_result_item_get_picture_id (item), g_str_equal (name, "results.like"));
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  GtkWidget *cell = (GtkWidget *) get_focused_cell (self);
  GHashTableIter iter;
  gpointer list_item;

  if (cell == NULL)
    return;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (gtk_list_item_get_child (list_item) == cell)
      {
        graphene_rect_t bounds;

        gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (list_item));
        if (!gtk_widget_compute_bounds (cell, widget, &bounds))
          return;
        gtk_popover_set_pointing_to (
            self->menu, &(GdkRectangle){ (int) (bounds.origin.x + bounds.size.width / 2),
                                         (int) (bounds.origin.y + bounds.size.height / 2), 1, 1 });
        gtk_popover_popup (self->menu);
        return;
      }
}

static void
selection_changed_cb (KalonResultsGrid *self)
{
  gboolean selected
      = gtk_single_selection_get_selected (self->selection) != GTK_INVALID_LIST_POSITION;
  const char *const names[]
      = { "results.open",          "results.more-like-this", "results.copy",
          "results.show-in-files", "results.like",           "results.dislike" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], selected);
}

static void
set_thumbnail_size (KalonResultsGrid *self, int size)
{
  GHashTableIter iter;
  gpointer list_item;

  if (self->size == size)
    return;
  self->size = size;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    kalon_result_cell_set_size (KALON_RESULT_CELL (gtk_list_item_get_child (list_item)), size);
  queue_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THUMBNAIL_SIZE]);
}

static void
kalon_results_grid_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_THUMBNAIL_SIZE:
      set_thumbnail_size (KALON_RESULTS_GRID (object), (int) g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_results_grid_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_THUMBNAIL_SIZE:
      g_value_set_uint (value, (guint) KALON_RESULTS_GRID (object)->size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
kalon_results_grid_grab_focus (GtkWidget *widget)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  guint position = gtk_single_selection_get_selected (self->selection);

  if (self->model == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return FALSE;
  kalon_results_grid_select (self, position != GTK_INVALID_LIST_POSITION ? position : 0);
  return TRUE;
}

static void
kalon_results_grid_realize (GtkWidget *widget)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);

  GTK_WIDGET_CLASS (kalon_results_grid_parent_class)->realize (widget);
  g_signal_connect (gtk_widget_get_frame_clock (widget), "layout", G_CALLBACK (layout_cb), self);
  g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (after_paint_cb),
                    self);
  self->update_wanted = FALSE;
  queue_update (self);
}

static void
kalon_results_grid_unrealize (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (widget), widget);
  GTK_WIDGET_CLASS (kalon_results_grid_parent_class)->unrealize (widget);
}

static void
kalon_results_grid_dispose (GObject *object)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->bound, g_hash_table_unref);
  G_OBJECT_CLASS (kalon_results_grid_parent_class)->dispose (object);
}

static void
kalon_results_grid_class_init (KalonResultsGridClass *klass)
{
  static const struct
  {
    guint key;
    GdkModifierType state;
    const char *action;
  } keys[] = {
    { GDK_KEY_c, GDK_CONTROL_MASK, "results.copy" },
    { GDK_KEY_F10, GDK_SHIFT_MASK, "results.menu" },
    { GDK_KEY_Menu, 0, "results.menu" },
    { GDK_KEY_plus, 0, "results.like" },
    { GDK_KEY_KP_Add, 0, "results.like" },
    { GDK_KEY_minus, 0, "results.dislike" },
    { GDK_KEY_KP_Subtract, 0, "results.dislike" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo-thumb" },
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_results_grid_dispose;
  object_class->set_property = kalon_results_grid_set_property;
  object_class->get_property = kalon_results_grid_get_property;
  widget_class->realize = kalon_results_grid_realize;
  widget_class->unrealize = kalon_results_grid_unrealize;
  widget_class->grab_focus = kalon_results_grid_grab_focus;

  properties[PROP_THUMBNAIL_SIZE] = g_param_spec_uint (
      "thumbnail-size", NULL, NULL, KALON_RESULTS_GRID_MIN_SIZE, KALON_RESULTS_GRID_MAX_SIZE,
      DEFAULT_SIZE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[MORE_LIKE_THIS]
      = g_signal_new ("more-like-this", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[THUMB] = g_signal_new ("thumb", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "results.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "results.more-like-this", NULL,
                                   more_like_this_action);
  gtk_widget_class_install_action (widget_class, "results.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "results.show-in-files", NULL,
                                   show_in_files_action);
  gtk_widget_class_install_action (widget_class, "results.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "results.thumb", "(xb)", thumb_action);
  gtk_widget_class_install_action (widget_class, "results.like", NULL, like_action);
  gtk_widget_class_install_action (widget_class, "results.dislike", NULL, like_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].state, keys[i].action,
                                         NULL);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/results/kalon-results-grid.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, scrolled);
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, view);
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, menu);
  gtk_widget_class_bind_template_callback (widget_class, view_activated_cb);
}

static void
kalon_results_grid_init (KalonResultsGrid *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkAdjustment *adjustment;

  self->size = DEFAULT_SIZE;
  self->focus_position = GTK_INVALID_LIST_POSITION;
  self->bound = g_hash_table_new (NULL, NULL);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selection_changed_cb),
                           self, G_CONNECT_SWAPPED);

  gtk_widget_init_template (GTK_WIDGET (self));
  selection_changed_cb (self);

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_grid_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  gtk_grid_view_set_factory (self->view, factory);

  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
}

void
kalon_results_grid_set_sources (KalonResultsGrid *self, KalonResultsModel *model,
                                KalonThumbnailQueue *queue)
{
  g_return_if_fail (KALON_IS_RESULTS_GRID (self));
  g_return_if_fail (KALON_IS_RESULTS_MODEL (model));
  g_return_if_fail (KALON_IS_THUMBNAIL_QUEUE (queue));

  g_return_if_fail (self->model == NULL);

  self->queue = g_object_ref (queue);
  self->model = g_object_ref (model);
  /* Before the view's own handler, which moves the adjustment. */
  g_signal_connect_object (model, "items-changed", G_CALLBACK (model_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "reordering", G_CALLBACK (reordering_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (model));
}

void
kalon_results_grid_select (KalonResultsGrid *self, guint position)
{
  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  self->focus_position = position;
  queue_update (self);
}

void
kalon_results_grid_scroll_to_top (KalonResultsGrid *self)
{
  g_return_if_fail (KALON_IS_RESULTS_GRID (self));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
}

void
kalon_results_grid_get_visible (KalonResultsGrid *self, guint *first, guint *n_visible)
{
  GtkWidget *viewport = GTK_WIDGET (self->scrolled);
  float height = gtk_widget_get_height (viewport);
  guint begin = G_MAXUINT, end = 0;
  GHashTableIter iter;
  gpointer list_item;

  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      GtkWidget *cell = gtk_list_item_get_child (list_item);
      guint position = gtk_list_item_get_position (list_item);
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (cell) || !gtk_widget_compute_bounds (cell, viewport, &bounds))
        continue;
      if (bounds.origin.y + bounds.size.height <= 0 || bounds.origin.y >= height)
        continue;
      begin = MIN (begin, position);
      end = MAX (end, position + 1);
    }
  *first = begin < end ? begin : 0;
  *n_visible = begin < end ? end - begin : 0;
}
