/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-strictness-button.h"

#include "calibration/kalon-calibration.h"
#include "searcher/kalon-searcher.h"

struct _KalonStrictnessButton
{
  GtkWidget parent_instance;

  GtkWidget *button;
  GtkWidget *reset_button;
  GtkAdjustment *adjustment;

  GtkSwitch *fold_switch;

  int strictness;
  guint model_strictness;
  gboolean fold;
};

G_DEFINE_FINAL_TYPE (KalonStrictnessButton, kalon_strictness_button, GTK_TYPE_WIDGET)

enum
{
  PROP_STRICTNESS = 1,
  PROP_MODEL_STRICTNESS,
  PROP_FOLD_DUPLICATES,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
set_strictness (KalonStrictnessButton *self, int strictness)
{
  if (self->strictness == strictness)
    return;
  self->strictness = strictness;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STRICTNESS]);
}

static void
value_changed_cb (KalonStrictnessButton *self)
{
  set_strictness (self, (int) gtk_adjustment_get_value (self->adjustment));
  gtk_widget_set_sensitive (self->reset_button, TRUE);
}

/* Without a word from the scale: it is not the user who moves it. */
static void
update_scale (KalonStrictnessButton *self)
{
  gboolean of_model = self->strictness == KALON_STRICTNESS_OF_MODEL;

  g_signal_handlers_block_by_func (self->adjustment, value_changed_cb, self);
  gtk_adjustment_set_value (self->adjustment,
                            of_model ? self->model_strictness : (guint) self->strictness);
  g_signal_handlers_unblock_by_func (self->adjustment, value_changed_cb, self);
  gtk_widget_set_sensitive (self->reset_button, !of_model);
}

static void
reset_cb (KalonStrictnessButton *self)
{
  set_strictness (self, KALON_STRICTNESS_OF_MODEL);
  update_scale (self);
}

static void
set_fold (KalonStrictnessButton *self, gboolean fold)
{
  if (self->fold == fold)
    return;
  self->fold = fold;
  gtk_switch_set_active (self->fold_switch, fold);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLD_DUPLICATES]);
}

static void
fold_changed_cb (KalonStrictnessButton *self)
{
  set_fold (self, gtk_switch_get_active (self->fold_switch));
}

static void
kalon_strictness_button_set_property (GObject *object, guint id, const GValue *value,
                                      GParamSpec *pspec)
{
  KalonStrictnessButton *self = KALON_STRICTNESS_BUTTON (object);

  switch (id)
    {
    case PROP_STRICTNESS:
      set_strictness (self, g_value_get_int (value));
      update_scale (self);
      break;
    case PROP_MODEL_STRICTNESS:
      self->model_strictness = g_value_get_uint (value);
      update_scale (self);
      break;
    case PROP_FOLD_DUPLICATES:
      set_fold (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_strictness_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KalonStrictnessButton *self = KALON_STRICTNESS_BUTTON (object);

  switch (id)
    {
    case PROP_STRICTNESS:
      g_value_set_int (value, self->strictness);
      break;
    case PROP_MODEL_STRICTNESS:
      g_value_set_uint (value, self->model_strictness);
      break;
    case PROP_FOLD_DUPLICATES:
      g_value_set_boolean (value, self->fold);
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

  properties[PROP_STRICTNESS] = g_param_spec_int (
      "strictness", NULL, NULL, KALON_STRICTNESS_OF_MODEL, 100, KALON_STRICTNESS_OF_MODEL,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MODEL_STRICTNESS]
      = g_param_spec_uint ("model-strictness", NULL, NULL, 0, 100, KALON_DEFAULT_STRICTNESS,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLD_DUPLICATES]
      = g_param_spec_boolean ("fold-duplicates", NULL, NULL, TRUE,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-strictness-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonStrictnessButton, button);
  gtk_widget_class_bind_template_child (widget_class, KalonStrictnessButton, reset_button);
  gtk_widget_class_bind_template_child (widget_class, KalonStrictnessButton, adjustment);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
  gtk_widget_class_bind_template_child (widget_class, KalonStrictnessButton, fold_switch);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
  gtk_widget_class_bind_template_callback (widget_class, fold_changed_cb);
}

static void
kalon_strictness_button_init (KalonStrictnessButton *self)
{
  self->strictness = KALON_STRICTNESS_OF_MODEL;
  self->model_strictness = KALON_DEFAULT_STRICTNESS;
  self->fold = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  update_scale (self);
}
