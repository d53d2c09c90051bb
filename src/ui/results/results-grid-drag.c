/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-picture-actions.h"
#include "results/kalon-results-grid-private.h"

/* Files of one drag: what takes them is given all their names at once. */
#define MAX_DRAGGED 2000
/* Milliseconds after the last change of the selection: rubber bands change it with every move. */
#define RESOLVE_DELAY 80
#define ICON_SIZE 128

static void
resolved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonResultsGrid) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *pictures
      = kalon_catalogue_get_pictures_finish (KALON_CATALOGUE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (pictures == NULL)
    g_debug ("Selected pictures: %s", error->message);
  g_clear_pointer (&self->resolved, g_ptr_array_unref);
  self->resolved = pictures;
}

static gboolean
resolve (gpointer user_data)
{
  KalonResultsGrid *self = user_data;
  g_autoptr (GArray) ids = kalon_picture_selection_list (self->selection);

  self->resolve_id = 0;
  self->resolving = g_cancellable_new ();
  kalon_catalogue_get_pictures_async (self->catalogue, ids, self->resolving, resolved_cb,
                                      g_object_ref (self));
  return G_SOURCE_REMOVE;
}

void
kalon_results_grid_resolve (KalonResultsGrid *self)
{
  guint n_selected = kalon_picture_selection_get_n (self->selection);

  g_clear_handle_id (&self->resolve_id, g_source_remove);
  if (self->resolving != NULL)
    g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  g_clear_pointer (&self->resolved, g_ptr_array_unref);
  if (self->catalogue != NULL && n_selected > 1 && n_selected <= MAX_DRAGGED)
    self->resolve_id = g_timeout_add (RESOLVE_DELAY, resolve, self);
}

/* What is dragged with the picture of @list_item: all that is selected, if it is among that. */
static gboolean
drags_many (KalonResultsGrid *self, GtkListItem *list_item)
{
  return kalon_picture_selection_get_n (self->selection) > 1
         && gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection),
                                             gtk_list_item_get_position (list_item));
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  KalonResultsGrid *self
      = KALON_RESULTS_GRID (gtk_widget_get_ancestor (cell, KALON_TYPE_RESULTS_GRID));
  KalonResultItem *item = gtk_list_item_get_item (list_item);
  const KalonPicture *picture = item != NULL ? kalon_result_item_get_picture (item) : NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  /* Beside the picture a rubber band begins. */
  if (!kalon_result_cell_contains (KALON_RESULT_CELL (cell), x, y))
    return NULL;
  if (drags_many (self, list_item))
    for (guint i = 0; self->resolved != NULL && i < self->resolved->len; i++)
      g_ptr_array_add (paths, ((KalonPicture *) g_ptr_array_index (self->resolved, i))->path);
  else if (picture != NULL)
    g_ptr_array_add (paths, picture->path);
  if (paths->len == 0)
    return NULL;
  g_ptr_array_add (paths, NULL);
  return kalon_pictures_content ((const char *const *) paths->pdata);
}

/* The picture, and how many go with it. */
static GdkPaintable *
create_icon (KalonResultsGrid *self, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (cell);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  double scale = (double) ICON_SIZE / MAX (gtk_widget_get_width (cell), 1);
  float height = (float) (gtk_widget_get_height (cell) * scale);

  gdk_paintable_snapshot (picture, snapshot, ICON_SIZE, height);
  if (drags_many (self, list_item))
    {
      g_autofree char *text
          = g_strdup_printf ("%u", kalon_picture_selection_get_n (self->selection));
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (cell, text);
      GskRoundedRect badge;
      int width, text_height;

      pango_layout_get_pixel_size (layout, &width, &text_height);
      gsk_rounded_rect_init_from_rect (
          &badge, &GRAPHENE_RECT_INIT (0, 0, width + 16, text_height + 6), text_height / 2.f + 3);
      gtk_snapshot_push_rounded_clip (snapshot, &badge);
      gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0.1f, 0.37f, 0.71f, 1 }, &badge.bounds);
      gtk_snapshot_pop (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (8, 3));
      gtk_snapshot_append_layout (snapshot, layout, &(GdkRGBA){ 1, 1, 1, 1 });
    }
  return gtk_snapshot_to_paintable (snapshot, &GRAPHENE_SIZE_INIT (ICON_SIZE, height));
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, GtkListItem *list_item)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  GtkWidget *grid = gtk_widget_get_ancestor (cell, KALON_TYPE_RESULTS_GRID);
  g_autoptr (GdkPaintable) icon = create_icon (KALON_RESULTS_GRID (grid), list_item);

  gtk_drag_source_set_icon (source, icon, ICON_SIZE / 2, ICON_SIZE / 3);
}

void
kalon_results_grid_add_drag (KalonResultsGrid *self, GtkListItem *list_item)
{
  GtkDragSource *drag = gtk_drag_source_new ();

  g_signal_connect_object (drag, "prepare", G_CALLBACK (drag_prepare_cb), list_item, 0);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), list_item, 0);
  gtk_widget_add_controller (gtk_list_item_get_child (list_item), GTK_EVENT_CONTROLLER (drag));
}
