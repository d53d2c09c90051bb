/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "boards/kalon-board-view-private.h"
#include "results/kalon-results-grid.h"

#define DEFAULT_SIZE 160

G_DEFINE_FINAL_TYPE (KalonBoardView, kalon_board_view, GTK_TYPE_WIDGET)

enum
{
  PROP_THUMBNAIL_SIZE = 1,
  N_PROPERTIES
};

enum
{
  CLOSED,
  OPENED,
  MORE_LIKE_THESE,
  LOADED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

void
kalon_board_view_queue_update (KalonBoardView *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (!self->update_wanted && clock != NULL)
    gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
  self->update_wanted = TRUE;
}

static void
view_activated_cb (KalonBoardView *self, guint position)
{
  kalon_board_view_open (self, position);
}

static void
set_thumbnail_size (KalonBoardView *self, int size)
{
  GHashTableIter iter;
  gpointer list_item;

  if (self->size == size)
    return;
  self->size = size;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    kalon_board_cell_set_size (KALON_BOARD_CELL (gtk_list_item_get_child (list_item)), size);
  kalon_board_view_queue_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THUMBNAIL_SIZE]);
}

static void
kalon_board_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_THUMBNAIL_SIZE:
      set_thumbnail_size (KALON_BOARD_VIEW (object), (int) g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_board_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_THUMBNAIL_SIZE:
      g_value_set_uint (value, (guint) KALON_BOARD_VIEW (object)->size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
kalon_board_view_grab_focus (GtkWidget *widget)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return GTK_WIDGET_CLASS (kalon_board_view_parent_class)->grab_focus (widget);
  return gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
after_paint_cb (GdkFrameClock *clock, KalonBoardView *self)
{
  kalon_board_view_after_paint (self);
}

static void
kalon_board_view_realize (GtkWidget *widget)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);

  GTK_WIDGET_CLASS (kalon_board_view_parent_class)->realize (widget);
  g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (after_paint_cb),
                    self);
  self->update_wanted = FALSE;
  kalon_board_view_queue_update (self);
}

static void
kalon_board_view_unrealize (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (widget), widget);
  GTK_WIDGET_CLASS (kalon_board_view_parent_class)->unrealize (widget);
}

static void
kalon_board_view_dispose (GObject *object)
{
  KalonBoardView *self = KALON_BOARD_VIEW (object);
  GtkWidget *child;

  self->board = 0;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->boards);
  g_clear_pointer (&self->bound, g_hash_table_unref);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->contents, kalon_board_contents_free);
  G_OBJECT_CLASS (kalon_board_view_parent_class)->dispose (object);
}

static void
kalon_board_view_class_init (KalonBoardViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = kalon_board_view_dispose;
  object_class->set_property = kalon_board_view_set_property;
  object_class->get_property = kalon_board_view_get_property;
  widget_class->realize = kalon_board_view_realize;
  widget_class->unrealize = kalon_board_view_unrealize;
  widget_class->grab_focus = kalon_board_view_grab_focus;

  properties[PROP_THUMBNAIL_SIZE] = g_param_spec_uint (
      "thumbnail-size", NULL, NULL, KALON_RESULTS_GRID_MIN_SIZE, KALON_RESULTS_GRID_MAX_SIZE,
      DEFAULT_SIZE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CLOSED]
      = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OPENED] = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_ARRAY, G_TYPE_UINT);
  signals[MORE_LIKE_THESE] = g_signal_new ("more-like-these", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);
  signals[LOADED]
      = g_signal_new ("loaded", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  kalon_board_view_install_actions (widget_class);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/boards/kalon-board-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonBoardView, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardView, message);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardView, view);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardView, menu);
  gtk_widget_class_bind_template_callback (widget_class, view_activated_cb);
}

static void
kalon_board_view_init (KalonBoardView *self)
{
  GtkAdjustment *adjustment;

  self->size = DEFAULT_SIZE;
  self->bound = g_hash_table_new (NULL, NULL);
  self->items = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->model = kalon_results_model_new ();
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (kalon_board_view_follow_selection), self, G_CONNECT_SWAPPED);
  kalon_board_view_make_cells (self);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (kalon_board_view_queue_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (kalon_board_view_queue_update), self,
                           G_CONNECT_SWAPPED);
  kalon_board_view_add_keys (self);
  kalon_board_view_add_drop_target (self);
  kalon_board_view_follow_selection (self);
}

void
kalon_board_view_set_sources (KalonBoardView *self, KalonBoards *boards,
                              KalonBoardThumbnails *thumbnails)
{
  g_return_if_fail (KALON_IS_BOARD_VIEW (self));
  g_return_if_fail (KALON_IS_BOARDS (boards));
  g_return_if_fail (self->boards == NULL);

  self->boards = g_object_ref (boards);
  self->thumbnails = g_object_ref (thumbnails);
}

gint64
kalon_board_view_get_board (KalonBoardView *self)
{
  g_return_val_if_fail (KALON_IS_BOARD_VIEW (self), 0);
  return self->board;
}

const KalonBoardContents *
kalon_board_view_get_contents (KalonBoardView *self)
{
  g_return_val_if_fail (KALON_IS_BOARD_VIEW (self), NULL);
  return self->contents;
}

void
kalon_board_view_focus_picture (KalonBoardView *self, gint64 picture)
{
  g_return_if_fail (KALON_IS_BOARD_VIEW (self));

  for (guint i = 0; self->contents != NULL && i < self->contents->items->len; i++)
    {
      const KalonBoardItem *item = kalon_board_view_get_item (self, i);

      if (item->picture != picture || picture == 0)
        continue;
      gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), i, TRUE);
      gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", i);
      self->focus_item = item->id;
      kalon_board_view_queue_update (self);
      return;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self));
}
