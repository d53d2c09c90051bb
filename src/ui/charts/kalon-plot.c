/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "charts/kalon-plot-private.h"

/* Of lines, in lines of text: with axes and legend. */
#define HEIGHT 15
#define MIN_WIDTH 160
#define NATURAL_WIDTH 420

G_DEFINE_FINAL_TYPE (KalonPlot, kalon_plot, GTK_TYPE_WIDGET)

static void
look_at (KalonPlot *self, gboolean has_current, gsize current)
{
  g_autofree char *text = NULL;

  if (self->has_current == has_current && (!has_current || self->current == current))
    return;
  self->has_current = has_current;
  self->current = current;
  if (has_current)
    text = kalon_chart_data_describe_point (self->data, current);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (KalonPlot *self, double x, double y)
{
  KalonPlotDrawing drawing;

  if (self->data == NULL)
    return;
  kalon_plot_drawing_init (&drawing, self, NULL);
  look_at (self, TRUE,
           self->data->kind == KALON_CHART_BARS ? kalon_plot_find_bar (&drawing, y)
                                                : kalon_plot_find_line_point (&drawing, x));
}

static void
leave_cb (KalonPlot *self)
{
  look_at (self, FALSE, 0);
}

static gboolean
key_pressed_cb (KalonPlot *self, guint keyval, guint keycode, GdkModifierType state)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean bars = self->data != NULL && self->data->kind == KALON_CHART_BARS;
  gsize last = self->data != NULL ? self->data->n - 1 : 0;
  guint next = mirrored ? GDK_KEY_Left : GDK_KEY_Right;
  guint previous = mirrored ? GDK_KEY_Right : GDK_KEY_Left;
  gsize to;

  if (self->data == NULL || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Escape && self->has_current)
    {
      look_at (self, FALSE, 0);
      return GDK_EVENT_STOP;
    }
  if (keyval == (bars ? GDK_KEY_Down : next))
    to = self->has_current ? MIN (self->current + 1, last) : 0;
  else if (keyval == (bars ? GDK_KEY_Up : previous))
    to = self->has_current ? self->current - MIN (self->current, 1) : last;
  else if (keyval == GDK_KEY_Home)
    to = 0;
  else if (keyval == GDK_KEY_End)
    to = last;
  else
    return GDK_EVENT_PROPAGATE;
  look_at (self, TRUE, to);
  return GDK_EVENT_STOP;
}

static GtkSizeRequestMode
kalon_plot_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
kalon_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
  KalonPlot *self = KALON_PLOT (widget);
  KalonPlotDrawing drawing;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }
  *minimum = *natural = 0;
  if (self->data == NULL)
    return;
  kalon_plot_drawing_init (&drawing, self, NULL);
  *minimum = *natural = self->data->kind == KALON_CHART_BARS ? kalon_plot_get_bars_height (&drawing)
                                                             : (int) (HEIGHT * drawing.line);
}

static void
kalon_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KalonPlot *self = KALON_PLOT (widget);
  float width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr;
  KalonPlotDrawing drawing;

  if (self->data == NULL || width < 1 || height < 1)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  kalon_plot_drawing_init (&drawing, self, cr);
  if (self->data->kind == KALON_CHART_BARS)
    kalon_plot_draw_bars (&drawing);
  else
    kalon_plot_draw_lines (&drawing);
  cairo_destroy (cr);
}

static void
kalon_plot_finalize (GObject *object)
{
  KalonPlot *self = KALON_PLOT (object);

  kalon_chart_data_free (self->data);
  G_OBJECT_CLASS (kalon_plot_parent_class)->finalize (object);
}

static void
kalon_plot_class_init (KalonPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_plot_finalize;
  widget_class->get_request_mode = kalon_plot_get_request_mode;
  widget_class->measure = kalon_plot_measure;
  widget_class->snapshot = kalon_plot_snapshot;

  gtk_widget_class_set_css_name (widget_class, "plot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
kalon_plot_init (KalonPlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

GtkWidget *
kalon_plot_new (void)
{
  return g_object_new (KALON_TYPE_PLOT, NULL);
}

void
kalon_plot_set_data (KalonPlot *self, const KalonChartData *data)
{
  KalonChartData *copy = data != NULL ? kalon_chart_data_copy (data) : NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (KALON_IS_PLOT (self));

  look_at (self, FALSE, 0);
  kalon_chart_data_free (self->data);
  self->data = copy;
  text = copy != NULL ? kalon_chart_data_describe (copy) : NULL;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? text : "", -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

const KalonChartData *
kalon_plot_get_data (KalonPlot *self)
{
  g_return_val_if_fail (KALON_IS_PLOT (self), NULL);
  return self->data;
}

gboolean
kalon_plot_get_current (KalonPlot *self, gsize *i)
{
  g_return_val_if_fail (KALON_IS_PLOT (self), FALSE);
  g_return_val_if_fail (i != NULL, FALSE);

  *i = self->current;
  return self->has_current;
}
