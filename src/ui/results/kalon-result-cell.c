/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-result-cell-private.h"

/* Most photographs are 3:2 or 4:3 and lie; a square would leave a third of itself empty. */
#define HEIGHT_FOR_WIDTH 0.8
#define CORNER_RADIUS 6

G_DEFINE_FINAL_TYPE (KalonResultCell, kalon_result_cell, GTK_TYPE_WIDGET)

static void
parent_changed_cb (KalonResultCell *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (parent != NULL)
    g_signal_connect_object (parent, "state-flags-changed",
                             G_CALLBACK (kalon_result_cell_update_thumbs), self, G_CONNECT_SWAPPED);
}

static void
set_accessible_text (KalonResultCell *self, GtkAccessibleProperty property, const char *text)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), property, text, -1);
  /* The view's own wrapper is what gets the focus, and so what is read aloud;
   * gtk_list_item_set_accessible_label() comes with GTK 4.12. */
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), property, text, -1);
}

static void
update (KalonResultCell *self)
{
  guint rank = 0;
  g_autofree char *label = NULL, *reason = NULL;

  if (self->item != NULL)
    {
      rank = kalon_result_item_get_rank (self->item);
      label = kalon_result_item_dup_label (self->item);
      reason = kalon_result_item_dup_reason (self->item);
    }
  gtk_widget_set_visible (self->failure_icon,
                          self->item != NULL && kalon_result_item_get_failure (self->item) != NULL);
  kalon_result_cell_update_duplicates (self);
  gtk_widget_set_visible (self->rank_label, rank > 0);
  if (rank > 0)
    {
      /* Translators: rank and similarity (0 to 1) of a picture, on its corner. */
      g_autofree char *text
          = g_strdup_printf (_ ("%u · %.2f"), rank, kalon_result_item_get_similarity (self->item));

      gtk_label_set_text (GTK_LABEL (self->rank_label), text);
    }
  if (label != NULL)
    {
      set_accessible_text (self, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
      set_accessible_text (self, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason != NULL ? reason : "");
    }
  kalon_result_cell_update_thumbs (self);
  /* The labels sit on the picture's corners. */
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where the whole picture lies in the cell; all of the cell before its shape is known. */
static void
get_area (KalonResultCell *self, graphene_rect_t *area)
{
  float width = gtk_widget_get_width (GTK_WIDGET (self));
  float height = gtk_widget_get_height (GTK_WIDGET (self));
  float picture_width = width, picture_height = height, scale;
  const KalonPicture *picture = NULL;
  GdkTexture *texture = NULL;

  if (self->item != NULL)
    {
      texture = kalon_result_item_get_texture (self->item);
      picture = kalon_result_item_get_picture (self->item);
    }
  if (texture != NULL)
    {
      picture_width = gdk_texture_get_width (texture);
      picture_height = gdk_texture_get_height (texture);
    }
  else if (picture != NULL && picture->width > 0 && picture->height > 0)
    {
      picture_width = picture->width;
      picture_height = picture->height;
    }
  scale = MIN (width / MAX (picture_width, 1), height / MAX (picture_height, 1));
  graphene_rect_init (area, roundf ((width - picture_width * scale) / 2),
                      roundf ((height - picture_height * scale) / 2),
                      roundf (picture_width * scale), roundf (picture_height * scale));
}

/* The cell's own size, whatever is on it: all cells of a view are alike. */
static void
kalon_result_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  KalonResultCell *self = KALON_RESULT_CELL (widget);
  int unused;

  /* GTK wants every child measured before it is allocated. */
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_measure (child, orientation, -1, &unused, &unused, NULL, NULL);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? self->size
                            : (int) (self->size * HEIGHT_FOR_WIDTH);
}

static void
allocate_at (GtkWidget *child, const graphene_rect_t *area, gboolean end, gboolean bottom)
{
  GtkRequisition size;

  if (!gtk_widget_should_layout (child))
    return;
  gtk_widget_get_preferred_size (child, NULL, &size);
  gtk_widget_size_allocate (
      child,
      &(GtkAllocation){ (int) area->origin.x + (end ? (int) area->size.width - size.width : 0),
                        (int) area->origin.y + (bottom ? (int) area->size.height - size.height : 0),
                        size.width, size.height },
      -1);
}

static void
kalon_result_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KalonResultCell *self = KALON_RESULT_CELL (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  graphene_rect_t area;

  get_area (self, &area);
  if (self->duplicates != NULL)
    allocate_at (self->duplicates, &area, !rtl, FALSE);
  allocate_at (self->rank_label, &area, rtl, TRUE);
  if (self->thumbs != NULL)
    allocate_at (self->thumbs, &area, rtl, FALSE);
  if (gtk_widget_should_layout (self->failure_icon))
    gtk_widget_size_allocate (self->failure_icon, &(GtkAllocation){ 0, 0, width, height }, -1);
}

static void
kalon_result_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KalonResultCell *self = KALON_RESULT_CELL (widget);
  const KalonPicture *picture = NULL;
  GdkTexture *texture = NULL;
  graphene_rect_t area;
  GskRoundedRect rounded;

  if (self->item != NULL)
    {
      texture = kalon_result_item_get_texture (self->item);
      picture = kalon_result_item_get_picture (self->item);
    }
  get_area (self, &area);
  gsk_rounded_rect_init_from_rect (&rounded, &area, CORNER_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  if (texture != NULL)
    gtk_snapshot_append_texture (snapshot, texture, &area);
  else
    {
      GdkRGBA colour;

      gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
      colour.alpha *= 0.06;
      if (picture != NULL)
        colour = (GdkRGBA){ picture->average[0] / 255.f, picture->average[1] / 255.f,
                            picture->average[2] / 255.f, 1 };
      gtk_snapshot_append_color (snapshot, &colour, &area);
    }
  gtk_snapshot_pop (snapshot);
  GTK_WIDGET_CLASS (kalon_result_cell_parent_class)->snapshot (widget, snapshot);
}

/* Made when it is asked for: setting one takes longer than all else that binding a cell does. */
static gboolean
kalon_result_cell_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                                 GtkTooltip *tooltip)
{
  KalonResultCell *self = KALON_RESULT_CELL (widget);
  g_autofree char *label = NULL, *reason = NULL, *text = NULL;

  if (self->item == NULL)
    return FALSE;
  label = kalon_result_item_dup_label (self->item);
  reason = kalon_result_item_dup_reason (self->item);
  text = g_strconcat (label, reason != NULL ? "\n" : NULL, reason, NULL);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
kalon_result_cell_dispose (GObject *object)
{
  KalonResultCell *self = KALON_RESULT_CELL (object);
  GtkWidget *child;

  kalon_result_cell_set_item (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (kalon_result_cell_parent_class)->dispose (object);
}

static void
kalon_result_cell_class_init (KalonResultCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_result_cell_dispose;
  widget_class->measure = kalon_result_cell_measure;
  widget_class->size_allocate = kalon_result_cell_size_allocate;
  widget_class->snapshot = kalon_result_cell_snapshot;
  widget_class->query_tooltip = kalon_result_cell_query_tooltip;

  gtk_widget_class_set_css_name (widget_class, "result");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/results/kalon-result-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonResultCell, failure_icon);
  gtk_widget_class_bind_template_child (widget_class, KalonResultCell, rank_label);
}

static void
kalon_result_cell_init (KalonResultCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::parent", G_CALLBACK (parent_changed_cb), NULL);
}

GtkWidget *
kalon_result_cell_new (void)
{
  return g_object_new (KALON_TYPE_RESULT_CELL, NULL);
}

void
kalon_result_cell_set_size (KalonResultCell *self, int size)
{
  g_return_if_fail (KALON_IS_RESULT_CELL (self));
  if (self->size == size)
    return;
  self->size = size;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
kalon_result_cell_set_item (KalonResultCell *self, KalonResultItem *item)
{
  g_return_if_fail (KALON_IS_RESULT_CELL (self));

  if (self->item == item)
    return;
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (item != NULL)
    {
      g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
      update (self);
    }
}

KalonResultItem *
kalon_result_cell_get_item (KalonResultCell *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_CELL (self), NULL);
  return self->item;
}
