/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "first-run/kalon-suggestions.h"

struct _KalonSuggestions
{
  GtkWidget parent_instance;

  gboolean single_line;
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (KalonSuggestions, kalon_suggestions, GTK_TYPE_WIDGET)

/* Translators: searches that find something in most people's pictures, and that a small model
 * knows. Take nouns that the list of translations (data/lexicon/translations.tsv) has. */
static const char *const examples[]
    = { N_ ("a beach"),         N_ ("a dog"),   N_ ("mountains"),
        N_ ("a sunset"),        N_ ("flowers"), N_ ("snow"),
        N_ ("food on a table"), N_ ("people"),  N_ ("a city at night") };

/* In a wide window they stay together, below the words. */
#define LINES_WIDTH 480

enum
{
  PROP_SINGLE_LINE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (KalonSuggestions *self, GtkButton *button)
{
  g_signal_emit (self, signals[CHOSEN], 0, gtk_button_get_label (button));
}

static GtkWidget *
create_button (KalonSuggestions *self, gsize i)
{
  GtkWidget *button = gtk_button_new_with_label (_ (examples[i]));

  gtk_widget_add_css_class (button, "chip");
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
create_line (KalonSuggestions *self)
{
  GtkWidget *window = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    gtk_box_append (GTK_BOX (box), create_button (self, i));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (window), GTK_POLICY_EXTERNAL,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), box);
  return window;
}

static GtkWidget *
create_lines (KalonSuggestions *self)
{
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), 3);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (box), 3);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (box), 3);
  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      GtkWidget *button = create_button (self, i);

      gtk_flow_box_append (GTK_FLOW_BOX (box), button);
      /* The button is what has the focus. */
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
    }
  return g_object_new (ADW_TYPE_CLAMP, "child", box, "maximum-size", LINES_WIDTH, NULL);
}

static void
kalon_suggestions_constructed (GObject *object)
{
  KalonSuggestions *self = KALON_SUGGESTIONS (object);

  G_OBJECT_CLASS (kalon_suggestions_parent_class)->constructed (object);

  self->box = self->single_line ? create_line (self) : create_lines (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Examples of searches"), -1);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

static void
kalon_suggestions_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_SINGLE_LINE:
      KALON_SUGGESTIONS (object)->single_line = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_suggestions_dispose (GObject *object)
{
  g_clear_pointer (&KALON_SUGGESTIONS (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_suggestions_parent_class)->dispose (object);
}

static void
kalon_suggestions_class_init (KalonSuggestionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = kalon_suggestions_constructed;
  object_class->set_property = kalon_suggestions_set_property;
  object_class->dispose = kalon_suggestions_dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  properties[PROP_SINGLE_LINE]
      = g_param_spec_boolean ("single-line", NULL, NULL, FALSE,
                              G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kalon_suggestions_init (KalonSuggestions *self)
{
}
