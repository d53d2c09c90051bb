/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-aligned-button.h"
#include "search/kalon-search.h"

/* Of fewer thumbs a percentage would be read as if it meant something. */
#define MIN_CHECKED 5

struct _KalonAlignedButton
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *reset_button;
  GtkWidget *switch_button;
  GtkWidget *switch_label;
  GtkWidget *weights_icon;
  GtkLabel *taste_label;
  GtkAdjustment *aesthetic_adjustment;
  GtkAdjustment *taste_adjustment;

  gboolean aligned;
};

G_DEFINE_FINAL_TYPE (KalonAlignedButton, kalon_aligned_button, GTK_TYPE_WIDGET)

enum
{
  PROP_ALIGNED = 1,
  PROP_AESTHETIC_WEIGHT,
  PROP_TASTE_WEIGHT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static double
get_default (guint id)
{
  return g_value_get_double (g_param_spec_get_default_value (properties[id]));
}

static void
update_reset_button (KalonAlignedButton *self)
{
  gboolean own
      = ABS (gtk_adjustment_get_value (self->aesthetic_adjustment)
             - get_default (PROP_AESTHETIC_WEIGHT))
            > 1e-6
        || ABS (gtk_adjustment_get_value (self->taste_adjustment) - get_default (PROP_TASTE_WEIGHT))
               > 1e-6;

  gtk_widget_set_sensitive (self->reset_button, own);
}

static void
aesthetic_changed_cb (KalonAlignedButton *self)
{
  update_reset_button (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AESTHETIC_WEIGHT]);
}

static void
taste_changed_cb (KalonAlignedButton *self)
{
  update_reset_button (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TASTE_WEIGHT]);
}

static void
reset_cb (KalonAlignedButton *self)
{
  gtk_adjustment_set_value (self->aesthetic_adjustment, get_default (PROP_AESTHETIC_WEIGHT));
  gtk_adjustment_set_value (self->taste_adjustment, get_default (PROP_TASTE_WEIGHT));
}

static void
kalon_aligned_button_set_property (GObject *object, guint id, const GValue *value,
                                   GParamSpec *pspec)
{
  KalonAlignedButton *self = KALON_ALIGNED_BUTTON (object);

  switch (id)
    {
    case PROP_ALIGNED:
      if (self->aligned == g_value_get_boolean (value))
        return;
      self->aligned = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_AESTHETIC_WEIGHT:
      gtk_adjustment_set_value (self->aesthetic_adjustment, g_value_get_double (value));
      break;
    case PROP_TASTE_WEIGHT:
      gtk_adjustment_set_value (self->taste_adjustment, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_aligned_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KalonAlignedButton *self = KALON_ALIGNED_BUTTON (object);

  switch (id)
    {
    case PROP_ALIGNED:
      g_value_set_boolean (value, self->aligned);
      break;
    case PROP_AESTHETIC_WEIGHT:
      g_value_set_double (value, gtk_adjustment_get_value (self->aesthetic_adjustment));
      break;
    case PROP_TASTE_WEIGHT:
      g_value_set_double (value, gtk_adjustment_get_value (self->taste_adjustment));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_aligned_button_dispose (GObject *object)
{
  g_clear_pointer (&KALON_ALIGNED_BUTTON (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_aligned_button_parent_class)->dispose (object);
}

static void
kalon_aligned_button_class_init (KalonAlignedButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const KalonAlignment defaults = KALON_ALIGNMENT_DEFAULT;

  object_class->dispose = kalon_aligned_button_dispose;
  object_class->set_property = kalon_aligned_button_set_property;
  object_class->get_property = kalon_aligned_button_get_property;

  properties[PROP_ALIGNED] = g_param_spec_boolean ("aligned", NULL, NULL, FALSE, flags);
  properties[PROP_AESTHETIC_WEIGHT]
      = g_param_spec_double ("aesthetic-weight", NULL, NULL, 0, KALON_SEARCH_MAX_WEIGHT,
                             (double) defaults.aesthetic, flags);
  properties[PROP_TASTE_WEIGHT] = g_param_spec_double (
      "taste-weight", NULL, NULL, 0, KALON_SEARCH_MAX_WEIGHT, (double) defaults.taste, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-aligned-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, box);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, reset_button);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, taste_label);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, switch_button);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, switch_label);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, weights_icon);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, aesthetic_adjustment);
  gtk_widget_class_bind_template_child (widget_class, KalonAlignedButton, taste_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, aesthetic_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, taste_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
kalon_aligned_button_init (KalonAlignedButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  reset_cb (self);
  update_reset_button (self);
}

char *
kalon_taste_to_text (const KalonResults *results)
{
  const KalonTasteCheck *check = &results->taste;
  g_autofree char *learned = NULL;

  if (results->n_thumbs == 0)
    return g_strdup (_ ("No taste yet: it is learned from your thumbs."));
  /* Translators: the user's taste in pictures, as learned. */
  learned = g_strdup_printf (
      ngettext ("Taste from %u thumb", "Taste from %u thumbs", (gulong) results->n_thumbs),
      (guint) results->n_thumbs);
  if (check->n > 0 && !check->active)
    return g_strdup_printf (_ ("%s; no better than chance on unseen ones, so it is not used."),
                            learned);
  if (check->n < MIN_CHECKED)
    return g_strdup_printf (_ ("%s; too few to check it."), learned);
  /* Translators: "Taste from 14 thumbs; 71 % right on unseen ones." */
  return g_strdup_printf (_ ("%s; %.0f %% right on unseen ones."), learned, check->agreement * 100);
}

void
kalon_aligned_button_set_taste (KalonAlignedButton *self, const char *text)
{
  g_return_if_fail (KALON_IS_ALIGNED_BUTTON (self));
  gtk_label_set_text (self->taste_label, text);
}

void
kalon_aligned_button_set_narrow (KalonAlignedButton *self, gboolean narrow)
{
  g_return_if_fail (KALON_IS_ALIGNED_BUTTON (self));
  gtk_widget_set_visible (self->switch_label, !narrow);
}

void
kalon_aligned_button_set_both (KalonAlignedButton *self, gboolean both)
{
  g_return_if_fail (KALON_IS_ALIGNED_BUTTON (self));

  gtk_widget_set_visible (self->switch_button, !both);
  gtk_widget_set_visible (self->weights_icon, both);
}
