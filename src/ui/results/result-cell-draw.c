/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-result-cell-private.h"

/* Most photographs are 3:2 or 4:3 and lie; a square would leave a third of itself empty. */
#define HEIGHT_FOR_WIDTH 0.8
#define CORNER_RADIUS 6
#define OUTLINE 3

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
void
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

void
kalon_result_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KalonResultCell *self = KALON_RESULT_CELL (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  graphene_rect_t area;

  get_area (self, &area);
  if (self->duplicates != NULL)
    allocate_at (self->duplicates, &area, !rtl, FALSE);
  allocate_at (self->rank_label, &area, rtl, TRUE);
  if (self->mark_label != NULL)
    allocate_at (self->mark_label, &area, !rtl, TRUE);
  if (self->thumbs != NULL)
    allocate_at (self->thumbs, &area, rtl, FALSE);
  if (gtk_widget_should_layout (self->failure_icon))
    gtk_widget_size_allocate (self->failure_icon, &(GtkAllocation){ 0, 0, width, height }, -1);
}

static void
append_outline (KalonResultCell *self, GtkSnapshot *snapshot, const GskRoundedRect *rounded)
{
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                       "accent_bg_color", &colour))
    gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  gtk_snapshot_append_border (snapshot, rounded,
                              (const float[]){ OUTLINE, OUTLINE, OUTLINE, OUTLINE },
                              (const GdkRGBA[]){ colour, colour, colour, colour });
}

void
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
  if (self->linked)
    append_outline (self, snapshot, &rounded);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_snapshot_child (widget, child, snapshot);
}
