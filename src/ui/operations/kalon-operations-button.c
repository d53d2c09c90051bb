/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "operations/kalon-operation-row.h"
#include "operations/kalon-operations-button.h"

struct _KalonOperationsButton
{
  GtkWidget parent_instance;

  KalonOperations *operations;
  double turn; /* of the ring, while it is not known how far things are */

  GtkWidget *button;
  GtkPopover *popover;
  GtkWidget *ring;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (KalonOperationsButton, kalon_operations_button, GTK_TYPE_WIDGET)

static void
draw_ring (GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer user_data)
{
  KalonOperationsButton *self = user_data;
  double radius = MIN (width, height) / 2.0 - 1.5;
  double fraction = self->operations != NULL ? kalon_operations_get_fraction (self->operations) : 0;
  double start = -G_PI / 2;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &colour);
  if (fraction < 0)
    {
      start += self->turn;
      fraction = 0.25;
    }
  cairo_set_line_width (cairo, 3);
  gdk_cairo_set_source_rgba (
      cairo, &(GdkRGBA){ colour.red, colour.green, colour.blue, colour.alpha * 0.25f });
  cairo_arc (cairo, width / 2.0, height / 2.0, radius, 0, 2 * G_PI);
  cairo_stroke (cairo);
  gdk_cairo_set_source_rgba (cairo, &colour);
  cairo_arc (cairo, width / 2.0, height / 2.0, radius, start, start + fraction * 2 * G_PI);
  cairo_stroke (cairo);
}

static char *
describe (KalonOperationsButton *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->operations));
  guint n_failed = kalon_operations_count_failed (self->operations);
  double fraction = kalon_operations_get_fraction (self->operations);

  if (n_failed > 0)
    return g_strdup_printf (ngettext ("%u operation failed", "%u operations failed", n_failed),
                            n_failed);
  if (fraction < 0)
    return g_strdup_printf (
        ngettext ("%u operation is under way", "%u operations are under way", n), n);
  /* Translators: per cent of all that is under way. */
  return g_strdup_printf (
      ngettext ("%u operation is under way: %.0f %%", "%u operations are under way: %.0f %%", n), n,
      floor (fraction * 100));
}

static void
changed_cb (KalonOperationsButton *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->operations)) > 0;
  g_autofree char *text = NULL;

  if (!any)
    gtk_popover_popdown (self->popover);
  gtk_widget_set_visible (GTK_WIDGET (self), any);
  if (!any)
    return;
  text = describe (self);
  gtk_widget_set_tooltip_text (self->button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Operations"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  if (kalon_operations_count_failed (self->operations) > 0)
    gtk_widget_add_css_class (self->button, "failed");
  else
    gtk_widget_remove_css_class (self->button, "failed");
  self->turn = fmod (self->turn + G_PI / 8, 2 * G_PI);
  gtk_widget_queue_draw (self->ring);
}

static GtkWidget *
create_row (gpointer operation, gpointer user_data)
{
  KalonOperationsButton *self = user_data;

  return kalon_operation_row_new (operation, self->operations);
}

static void
kalon_operations_button_dispose (GObject *object)
{
  KalonOperationsButton *self = KALON_OPERATIONS_BUTTON (object);

  g_clear_object (&self->operations);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_operations_button_parent_class)->dispose (object);
}

static void
kalon_operations_button_class_init (KalonOperationsButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_operations_button_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/operations/kalon-operations-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonOperationsButton, button);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationsButton, popover);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationsButton, ring);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationsButton, list);
}

static void
kalon_operations_button_init (KalonOperationsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->ring), draw_ring, self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
kalon_operations_button_set_operations (KalonOperationsButton *self, KalonOperations *operations)
{
  g_return_if_fail (KALON_IS_OPERATIONS_BUTTON (self));
  g_return_if_fail (KALON_IS_OPERATIONS (operations));
  g_return_if_fail (self->operations == NULL);

  self->operations = g_object_ref (operations);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (operations), create_row, self, NULL);
  g_signal_connect_object (operations, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
}
