/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/kalon-pair-area.h"

/* Logical pixels between the two. */
#define GAP 2

struct _KalonPairArea
{
  GtkWidget parent_instance;

  GtkWidget *children[2];
  gboolean stacked;
  gboolean second; /* is seen while stacked */
};

G_DEFINE_FINAL_TYPE (KalonPairArea, kalon_pair_area, GTK_TYPE_WIDGET)

static void
kalon_pair_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  KalonPairArea *self = KALON_PAIR_AREA (widget);

  /* Either way they can lie must fit, and each can be small. */
  for (guint i = 0; i < 2; i++)
    {
      int child_minimum, child_natural;

      gtk_widget_measure (self->children[i], orientation, -1, &child_minimum, &child_natural, NULL,
                          NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural = MAX (*natural, child_natural);
    }
}

static void
kalon_pair_area_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KalonPairArea *self = KALON_PAIR_AREA (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (int i = 0; i < 2; i++)
    {
      GtkAllocation place = { 0, 0, width, height };
      int at = i;

      if (!self->stacked && width >= height)
        {
          at = rtl ? 1 - i : i;
          place.width = MAX (0, (width - GAP) / 2);
          place.x = at * (width - place.width);
        }
      else if (!self->stacked)
        {
          place.height = MAX (0, (height - GAP) / 2);
          place.y = at * (height - place.height);
        }
      gtk_widget_size_allocate (self->children[i], &place, -1);
    }
}

static void
update (KalonPairArea *self)
{
  for (guint i = 0; i < 2; i++)
    gtk_widget_set_child_visible (self->children[i], !self->stacked || self->second == (i == 1));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
kalon_pair_area_dispose (GObject *object)
{
  KalonPairArea *self = KALON_PAIR_AREA (object);

  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->children[i], gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_pair_area_parent_class)->dispose (object);
}

static void
kalon_pair_area_class_init (KalonPairAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_pair_area_dispose;
  widget_class->measure = kalon_pair_area_measure;
  widget_class->size_allocate = kalon_pair_area_size_allocate;
}

static void
kalon_pair_area_init (KalonPairArea *self)
{
}

void
kalon_pair_area_set_children (KalonPairArea *self, GtkWidget *first, GtkWidget *second)
{
  g_return_if_fail (KALON_IS_PAIR_AREA (self));
  g_return_if_fail (self->children[0] == NULL);

  self->children[0] = first;
  self->children[1] = second;
  gtk_widget_set_parent (first, GTK_WIDGET (self));
  gtk_widget_set_parent (second, GTK_WIDGET (self));
}

void
kalon_pair_area_swap (KalonPairArea *self)
{
  GtkWidget *first;

  g_return_if_fail (KALON_IS_PAIR_AREA (self));

  first = self->children[0];
  self->children[0] = self->children[1];
  self->children[1] = first;
  /* The keyboard follows what is seen. */
  gtk_widget_insert_before (self->children[0], GTK_WIDGET (self), self->children[1]);
  update (self);
}

void
kalon_pair_area_set_stacked (KalonPairArea *self, gboolean stacked)
{
  g_return_if_fail (KALON_IS_PAIR_AREA (self));
  self->stacked = stacked;
  update (self);
}

gboolean
kalon_pair_area_get_stacked (KalonPairArea *self)
{
  g_return_val_if_fail (KALON_IS_PAIR_AREA (self), FALSE);
  return self->stacked;
}

void
kalon_pair_area_show_second (KalonPairArea *self, gboolean second)
{
  g_return_if_fail (KALON_IS_PAIR_AREA (self));
  self->second = second;
  update (self);
}

gboolean
kalon_pair_area_shows_second (KalonPairArea *self)
{
  g_return_val_if_fail (KALON_IS_PAIR_AREA (self), FALSE);
  return self->second;
}
