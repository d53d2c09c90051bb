/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "charts/kalon-chart.h"

struct _KalonChart
{
  GtkWidget parent_instance;

  gboolean shows_table;

  GtkLabel *title;
  GtkStack *stack;
  KalonPlot *plot;
  GtkColumnView *table;
};

G_DEFINE_FINAL_TYPE (KalonChart, kalon_chart, GTK_TYPE_WIDGET)

enum
{
  PROP_TABLE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
cell_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (list_item, label);
}

/* The rows are strings of no meaning: what is in them is the data's. */
static void
cell_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer column)
{
  GtkWidget *label = gtk_list_item_get_child (list_item);
  GtkWidget *chart = gtk_widget_get_ancestor (label, KALON_TYPE_CHART);
  const KalonChartData *data
      = chart != NULL ? kalon_plot_get_data (KALON_CHART (chart)->plot) : NULL;
  guint row = gtk_list_item_get_position (list_item);
  g_autofree char *text = NULL;

  if (data == NULL || row >= data->n)
    return;
  text = kalon_chart_data_format_cell (data, row, GPOINTER_TO_UINT (column));
  gtk_label_set_text (GTK_LABEL (label), text);
}

static void
clear_table (KalonChart *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);
  GtkColumnViewColumn *column;

  gtk_column_view_set_model (self->table, NULL);
  while ((column = g_list_model_get_item (columns, 0)) != NULL)
    {
      gtk_column_view_remove_column (self->table, column);
      g_object_unref (column);
    }
}

static void
fill_table (KalonChart *self)
{
  const KalonChartData *data = kalon_plot_get_data (self->plot);
  g_autoptr (GtkStringList) rows = gtk_string_list_new (NULL);
  g_autoptr (GtkNoSelection) selection = NULL;

  clear_table (self);
  if (data == NULL || !self->shows_table)
    return;
  for (guint i = 0; i < kalon_chart_data_get_n_columns (data); i++)
    {
      g_autofree char *title = kalon_chart_data_format_title (data, i);
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (cell_bind_cb), GUINT_TO_POINTER (i));
      column = gtk_column_view_column_new (title, factory);
      gtk_column_view_column_set_expand (column, TRUE);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_append_column (self->table, column);
    }
  for (gsize i = 0; i < data->n; i++)
    gtk_string_list_append (rows, "");
  selection = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&rows)));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (selection));
}

static void
set_table (KalonChart *self, gboolean shows_table)
{
  if (self->shows_table == shows_table)
    return;
  self->shows_table = shows_table;
  fill_table (self);
  gtk_stack_set_visible_child_name (self->stack, shows_table ? "table" : "plot");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TABLE]);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonChartData *data = kalon_plot_get_data (KALON_CHART (widget)->plot);
  g_autofree char *csv = NULL;

  if (data == NULL)
    return;
  csv = kalon_chart_data_format_csv (data);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), csv);
}

static void
kalon_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TABLE:
      set_table (KALON_CHART (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TABLE:
      g_value_set_boolean (value, KALON_CHART (object)->shows_table);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_chart_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (kalon_chart_parent_class)->dispose (object);
}

static void
kalon_chart_class_init (KalonChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_chart_dispose;
  object_class->set_property = kalon_chart_set_property;
  object_class->get_property = kalon_chart_get_property;

  properties[PROP_TABLE]
      = g_param_spec_boolean ("table", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (KALON_TYPE_PLOT);
  gtk_widget_class_install_property_action (widget_class, "chart.table", "table");
  gtk_widget_class_install_action (widget_class, "chart.copy", NULL, copy_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/charts/kalon-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonChart, title);
  gtk_widget_class_bind_template_child (widget_class, KalonChart, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonChart, plot);
  gtk_widget_class_bind_template_child (widget_class, KalonChart, table);
}

static void
kalon_chart_init (KalonChart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_chart_set_data (KalonChart *self, const KalonChartData *data)
{
  g_return_if_fail (KALON_IS_CHART (self));

  gtk_widget_set_visible (GTK_WIDGET (self), data != NULL);
  gtk_label_set_text (self->title, data != NULL ? data->title : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  data != NULL ? data->title : "", -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  data != NULL ? data->title : "", -1);
  kalon_plot_set_data (self->plot, data);
  fill_table (self);
}

KalonPlot *
kalon_chart_get_plot (KalonChart *self)
{
  g_return_val_if_fail (KALON_IS_CHART (self), NULL);
  return self->plot;
}
