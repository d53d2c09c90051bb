/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-result-cell.h"

/* Most photographs are 3:2 or 4:3 and lie; a square would leave a third of itself empty. */
#define HEIGHT_FOR_WIDTH 0.8
#define CORNER_RADIUS 6

struct _KalonResultCell
{
  GtkWidget parent_instance;

  KalonResultItem *item;

  GtkWidget *failure_icon;
  GtkWidget *duplicates_label;
  GtkWidget *rank_label;
};

G_DEFINE_FINAL_TYPE (KalonResultCell, kalon_result_cell, GTK_TYPE_WIDGET)

static void
update (KalonResultCell *self)
{
  guint rank = 0, n_duplicates = 0;
  g_autofree char *label = NULL;
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (self->item != NULL)
    {
      rank = kalon_result_item_get_rank (self->item);
      n_duplicates = kalon_result_item_get_n_duplicates (self->item);
      label = kalon_result_item_dup_label (self->item);
    }
  gtk_widget_set_visible (self->failure_icon,
                          self->item != NULL && kalon_result_item_get_failure (self->item) != NULL);
  gtk_widget_set_visible (self->duplicates_label, n_duplicates > 0);
  if (n_duplicates > 0)
    {
      g_autofree char *text = g_strdup_printf ("+%u", n_duplicates);

      gtk_label_set_text (GTK_LABEL (self->duplicates_label), text);
    }
  gtk_widget_set_visible (self->rank_label, rank > 0);
  if (rank > 0)
    {
      /* Translators: rank and similarity (0 to 1) of a picture, on its corner. */
      g_autofree char *text
          = g_strdup_printf (_ ("%u · %.2f"), rank, kalon_result_item_get_similarity (self->item));

      gtk_label_set_text (GTK_LABEL (self->rank_label), text);
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), label);
  if (label != NULL)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                      -1);
      /* The view's own wrapper is what gets the focus, and so what is read aloud;
       * gtk_list_item_set_accessible_label() comes with GTK 4.12. */
      if (parent != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        label, -1);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
kalon_result_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KalonResultCell *self = KALON_RESULT_CELL (widget);
  const KalonPicture *picture = NULL;
  GdkTexture *texture = NULL;
  float width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  float inner_width = 0, inner_height = 0, scale;
  graphene_rect_t area;
  GskRoundedRect rounded;

  if (self->item != NULL)
    {
      texture = kalon_result_item_get_texture (self->item);
      picture = kalon_result_item_get_picture (self->item);
    }
  if (texture != NULL)
    {
      inner_width = gdk_texture_get_width (texture);
      inner_height = gdk_texture_get_height (texture);
    }
  else if (picture != NULL)
    {
      inner_width = picture->width;
      inner_height = picture->height;
    }
  if (inner_width <= 0 || inner_height <= 0)
    {
      inner_width = width;
      inner_height = height;
    }
  scale = MIN (width / inner_width, height / inner_height);
  graphene_rect_init (&area, roundf ((width - inner_width * scale) / 2),
                      roundf ((height - inner_height * scale) / 2), roundf (inner_width * scale),
                      roundf (inner_height * scale));
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
  widget_class->snapshot = kalon_result_cell_snapshot;

  gtk_widget_class_set_css_name (widget_class, "result");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/results/kalon-result-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonResultCell, failure_icon);
  gtk_widget_class_bind_template_child (widget_class, KalonResultCell, duplicates_label);
  gtk_widget_class_bind_template_child (widget_class, KalonResultCell, rank_label);
}

static void
kalon_result_cell_init (KalonResultCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  gtk_widget_set_size_request (GTK_WIDGET (self), size, (int) (size * HEIGHT_FOR_WIDTH));
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
