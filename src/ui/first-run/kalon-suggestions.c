/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "first-run/kalon-suggestions.h"

struct _KalonSuggestions
{
  GtkWidget parent_instance;

  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (KalonSuggestions, kalon_suggestions, GTK_TYPE_WIDGET)

/* Translators: searches that find something in most people's pictures, and that a small model
 * knows. Take nouns that the list of translations (data/lexicon/translations.tsv) has. */
static const char *const examples[]
    = { N_ ("a beach"),         N_ ("a dog"),   N_ ("mountains"),
        N_ ("a sunset"),        N_ ("flowers"), N_ ("snow"),
        N_ ("food on a table"), N_ ("people"),  N_ ("a city at night") };

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

static void
kalon_suggestions_dispose (GObject *object)
{
  g_clear_pointer (&KALON_SUGGESTIONS (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_suggestions_parent_class)->dispose (object);
}

static void
kalon_suggestions_class_init (KalonSuggestionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kalon_suggestions_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kalon_suggestions_init (KalonSuggestions *self)
{
  self->box = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->box), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->box), G_N_ELEMENTS (examples));
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->box), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->box), 3);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->box), 3);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Examples of searches"), -1);
  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (_ (examples[i]));

      gtk_widget_add_css_class (button, "chip");
      g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
      gtk_flow_box_append (GTK_FLOW_BOX (self->box), button);
      /* The button is what has the focus. */
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
    }
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}
