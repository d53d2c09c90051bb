/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shown-texts.h"

#include <adwaita.h>

typedef struct
{
  ShownTextFunc func;
  gpointer user_data;
} Visit;

static void
take (Visit *visit, GtkWidget *widget, const char *what, const char *text)
{
  g_autofree char *place = NULL;

  if (text == NULL || *text == '\0')
    return;
  place = g_strdup_printf ("%s, %s", G_OBJECT_TYPE_NAME (widget), what);
  visit->func (place, text, visit->user_data);
}

static void
take_menu (Visit *visit, GtkWidget *widget, GMenuModel *menu)
{
  static const char *const links[] = { G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU };

  for (int i = 0; menu != NULL && i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *label = NULL;

      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label))
        take (visit, widget, "menu", label);
      for (guint j = 0; j < G_N_ELEMENTS (links); j++)
        {
          g_autoptr (GMenuModel) linked = g_menu_model_get_item_link (menu, i, links[j]);

          take_menu (visit, widget, linked);
        }
    }
}

static void
take_choices (Visit *visit, GtkWidget *widget, GListModel *choices)
{
  for (guint i = 0; choices != NULL && i < g_list_model_get_n_items (choices); i++)
    {
      g_autoptr (GObject) choice = g_list_model_get_object (choices, i);

      if (GTK_IS_STRING_OBJECT (choice))
        take (visit, widget, "choice", gtk_string_object_get_string (GTK_STRING_OBJECT (choice)));
    }
}

static void
take_read_aloud (Visit *visit, GtkWidget *widget)
{
  static const struct
  {
    GtkAccessibleProperty property;
    const char *name;
  } properties[] = {
    { GTK_ACCESSIBLE_PROPERTY_LABEL, "accessible label" },
    { GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "accessible description" },
    { GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER, "accessible placeholder" },
    { GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "accessible value" },
    { GTK_ACCESSIBLE_PROPERTY_ROLE_DESCRIPTION, "accessible role" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    if (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), properties[i].property))
      {
        /* There is no getter, but what it is instead of "" is told. */
        g_autofree char *value = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                                                     properties[i].property, "");

        take (visit, widget, properties[i].name, value);
      }
}

static void
take_widget (Visit *visit, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget))
    take (visit, widget, "label", gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_WINDOW (widget))
    take (visit, widget, "title", gtk_window_get_title (GTK_WINDOW (widget)));
  if (GTK_IS_DROP_DOWN (widget))
    take_choices (visit, widget, gtk_drop_down_get_model (GTK_DROP_DOWN (widget)));
  if (ADW_IS_COMBO_ROW (widget))
    take_choices (visit, widget, adw_combo_row_get_model (ADW_COMBO_ROW (widget)));
  if (GTK_IS_MENU_BUTTON (widget))
    take_menu (visit, widget, gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)));
  take (visit, widget, "tooltip", gtk_widget_get_tooltip_text (widget));
  take_read_aloud (visit, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      /* Menus of what is pressed with the other button are there before they are open. */
      if (GTK_IS_POPOVER_MENU (child))
        take_menu (visit, child, gtk_popover_menu_get_menu_model (GTK_POPOVER_MENU (child)));
      take_widget (visit, child);
    }
}

void
shown_texts_foreach (GtkWidget *widget, ShownTextFunc func, gpointer user_data)
{
  take_widget (&(Visit){ .func = func, .user_data = user_data }, widget);
}
