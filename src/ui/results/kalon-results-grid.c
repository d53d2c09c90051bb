/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-results-grid-private.h"

#define DEFAULT_SIZE 160

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
  NOT_LIKE_THIS,
  THUMB,
  HOVERED,
  SELECTED,
  LAID_OUT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/* The view binds 30 rows of max-columns cells whatever it shows: more columns than fit are waste.
 */
void
kalon_results_grid_update_columns (KalonResultsGrid *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->scrolled));
  guint n_columns = MAX (1, width / self->size);

  if (width > 0 && gtk_grid_view_get_max_columns (self->view) != n_columns)
    gtk_grid_view_set_max_columns (self->view, n_columns);
}

/* gtk_grid_view_scroll_to() with its focus flag comes with GTK 4.12. */
void
kalon_results_grid_update_focus (KalonResultsGrid *self)
{
  GHashTableIter iter;
  gpointer list_item;

  if (kalon_results_grid_has_lost_focus (self))
    self->focus_position = GTK_INVALID_LIST_POSITION;
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
void
kalon_results_grid_queue_update (KalonResultsGrid *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (!self->update_wanted && clock != NULL)
    gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
  self->update_wanted = TRUE;
}

/* Only when a frame's layout is done do cells lie where they will be seen. */
static void
after_paint_cb (GdkFrameClock *clock, KalonResultsGrid *self)
{
  guint first, n_visible;

  if (!self->update_wanted)
    return;
  self->update_wanted = FALSE;
  kalon_results_grid_update_columns (self);
  if (self->keep_top)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
  self->keep_top = FALSE;
  if (self->reordering)
    kalon_results_grid_keep_focus (self);
  else if (!self->held)
    kalon_results_grid_update_focus (self);
  if (self->queue != NULL)
    {
      kalon_results_grid_get_visible (self, &first, &n_visible);
      kalon_thumbnail_queue_set_range (self->queue, self->model, first, n_visible);
    }
  g_signal_emit (self, signals[LAID_OUT], 0);
}

/* The view stays with the pictures it shows; at its top one wants to see what comes in. */
static void
model_changed_cb (KalonResultsGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  if (!self->reordering && gtk_adjustment_get_value (adjustment) < 1)
    self->keep_top = TRUE;
  kalon_results_grid_hold (self);
  kalon_results_grid_queue_update (self);
}

static void
view_activated_cb (KalonResultsGrid *self, guint position)
{
  g_signal_emit (self, signals[OPENED], 0, position);
}

static void
set_thumbnail_size (KalonResultsGrid *self, int size)
{
  GHashTableIter iter;
  gpointer list_item;

  if (self->size == size)
    return;
  kalon_results_grid_keep_in_sight (self);
  self->size = size;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    kalon_result_cell_set_size (KALON_RESULT_CELL (gtk_list_item_get_child (list_item)), size);
  kalon_results_grid_update_columns (self);
  kalon_results_grid_queue_update (self);
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
  guint position = kalon_picture_selection_get_first (self->selection);

  if (self->model == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return FALSE;
  if (position == GTK_INVALID_LIST_POSITION)
    position = 0;
  if (self->reordering)
    {
      /* The cell with the focus went, so GTK looks for another: there will be one in a moment. */
      kalon_results_grid_want_focus (self, position);
      return TRUE;
    }
  /* GTK asks with Shift+Tab, too, when no cell is before the one that has it: on to who is. */
  if (kalon_results_grid_get_focused_cell (self) != NULL)
    return FALSE;
  if (kalon_picture_selection_get_n (self->selection) > 1)
    kalon_results_grid_go_to (self, position);
  else
    kalon_results_grid_select (self, position);
  return TRUE;
}

static void
layout_cb (GdkFrameClock *clock, KalonResultsGrid *self)
{
  kalon_results_grid_release (self);
  kalon_results_grid_keep_place (self);
  kalon_results_grid_follow_scroll (self);
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
  kalon_results_grid_queue_update (self);
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
  g_clear_handle_id (&self->resolve_id, g_source_remove);
  if (self->resolving != NULL)
    g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  g_clear_pointer (&self->resolved, g_ptr_array_unref);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->bound, g_hash_table_unref);
  G_OBJECT_CLASS (kalon_results_grid_parent_class)->dispose (object);
}

static void
kalon_results_grid_class_init (KalonResultsGridClass *klass)
{
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
  signals[NOT_LIKE_THIS]
      = g_signal_new ("not-like-this", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[THUMB] = g_signal_new ("thumb", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
  signals[HOVERED] = g_signal_new ("hovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[LAID_OUT] = g_signal_new ("laid-out", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  kalon_results_grid_install_actions (widget_class);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/results/kalon-results-grid.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, scrolled);
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, view);
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, menu);
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, bar);
  gtk_widget_class_bind_template_child (widget_class, KalonResultsGrid, selected_label);
  gtk_widget_class_bind_template_callback (widget_class, view_activated_cb);
}

static void
kalon_results_grid_init (KalonResultsGrid *self)
{
  GtkAdjustment *adjustment;

  self->size = DEFAULT_SIZE;
  self->focus_position = GTK_INVALID_LIST_POSITION;
  self->scroll_position = GTK_INVALID_LIST_POSITION;
  self->bound = g_hash_table_new (NULL, NULL);
  self->selection = kalon_picture_selection_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  kalon_results_grid_follow_selection (self);
  kalon_results_grid_watch_pointer (self);
  kalon_results_grid_set_up_view (self);

  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  g_signal_connect_object (adjustment, "value-changed",
                           G_CALLBACK (kalon_results_grid_queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (kalon_results_grid_queue_update),
                           self, G_CONNECT_SWAPPED);
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
  g_signal_connect_object (model, "reordering", G_CALLBACK (kalon_results_grid_begin_reordering),
                           self, G_CONNECT_SWAPPED);
  kalon_picture_selection_set_model (self->selection, model);
}

void
kalon_results_grid_set_catalogue (KalonResultsGrid *self, KalonCatalogue *catalogue)
{
  g_return_if_fail (KALON_IS_RESULTS_GRID (self));
  g_return_if_fail (KALON_IS_CATALOGUE (catalogue));
  g_set_object (&self->catalogue, catalogue);
}

void
kalon_results_grid_select (KalonResultsGrid *self, guint position)
{
  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  self->reordering = FALSE;
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  kalon_results_grid_go_to (self, position);
}
