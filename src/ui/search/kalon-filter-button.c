/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-filter-button.h"

/* What stands around an open popover: the header bar, its arrow and shadow. */
#define MARGIN_WIDTH 40
#define MARGIN_HEIGHT 84
#define MIN_HEIGHT 160

struct _KalonFilterButton
{
  GtkWidget parent_instance;

  KalonSearch *search;

  GtkWidget *button;
  GtkWidget *popover;
  KalonFilterPane *pane;
  GtkLabel *count_label;
};

G_DEFINE_FINAL_TYPE (KalonFilterButton, kalon_filter_button, GTK_TYPE_WIDGET)

static void
update (KalonFilterButton *self)
{
  KalonFilter *filter = kalon_search_get_filter (self->search);
  guint n = filter != NULL ? kalon_filter_get_n_clauses (filter) : 0;
  g_autofree char *count = g_strdup_printf ("%u", n);
  g_autofree char *text = filter != NULL ? kalon_filter_to_string (filter) : NULL;
  g_autofree char *label
      = n > 0 ? g_strdup_printf (ngettext ("%u Filter: %s", "%u Filters: %s", n), n, text)
              : g_strdup (_ ("Filters"));

  gtk_label_set_text (self->count_label, count);
  gtk_widget_set_visible (GTK_WIDGET (self->count_label), n > 0);
  gtk_widget_set_tooltip_text (self->button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
shown_cb (KalonFilterButton *self)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  kalon_filter_pane_prepare (self->pane, gtk_widget_get_width (window) - MARGIN_WIDTH,
                             MAX (gtk_widget_get_height (window) - MARGIN_HEIGHT, MIN_HEIGHT));
}

static void
kalon_filter_button_dispose (GObject *object)
{
  KalonFilterButton *self = KALON_FILTER_BUTTON (object);

  g_clear_object (&self->search);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_filter_button_parent_class)->dispose (object);
}

static void
kalon_filter_button_class_init (KalonFilterButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_filter_button_dispose;

  g_type_ensure (KALON_TYPE_FILTER_PANE);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-filter-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonFilterButton, button);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterButton, popover);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterButton, pane);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterButton, count_label);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
}

static void
kalon_filter_button_init (KalonFilterButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_filter_button_set_sources (KalonFilterButton *self, KalonSearch *search,
                                 KalonCatalogue *catalogue)
{
  g_return_if_fail (KALON_IS_FILTER_BUTTON (self));
  g_return_if_fail (KALON_IS_SEARCH (search));
  g_return_if_fail (self->search == NULL);

  self->search = g_object_ref (search);
  kalon_filter_pane_set_sources (self->pane, search, catalogue);
  g_signal_connect_object (search, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
kalon_filter_button_popup (KalonFilterButton *self)
{
  g_return_if_fail (KALON_IS_FILTER_BUTTON (self));
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->button));
}
