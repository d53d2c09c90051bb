/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-strictness-button.h"

struct _KalonStrictnessButton
{
  GtkWidget parent_instance;

  GtkWidget *button;
  GtkAdjustment *adjustment;
};

G_DEFINE_FINAL_TYPE (KalonStrictnessButton, kalon_strictness_button, GTK_TYPE_WIDGET)

enum
{
  PROP_STRICTNESS = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
value_changed_cb (KalonStrictnessButton *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STRICTNESS]);
}

static void
kalon_strictness_button_set_property (GObject *object, guint id, const GValue *value,
                                      GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STRICTNESS:
      gtk_adjustment_set_value (KALON_STRICTNESS_BUTTON (object)->adjustment,
                                g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_strictness_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STRICTNESS:
      g_value_set_uint (
          value, (guint) gtk_adjustment_get_value (KALON_STRICTNESS_BUTTON (object)->adjustment));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_strictness_button_dispose (GObject *object)
{
  g_clear_pointer (&KALON_STRICTNESS_BUTTON (object)->button, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_strictness_button_parent_class)->dispose (object);
}

static void
kalon_strictness_button_class_init (KalonStrictnessButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_strictness_button_dispose;
  object_class->set_property = kalon_strictness_button_set_property;
  object_class->get_property = kalon_strictness_button_get_property;

  properties[PROP_STRICTNESS]
      = g_param_spec_uint ("strictness", NULL, NULL, 0, 100, 0,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-strictness-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonStrictnessButton, button);
  gtk_widget_class_bind_template_child (widget_class, KalonStrictnessButton, adjustment);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
}

static void
kalon_strictness_button_init (KalonStrictnessButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
