/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page-checks.h"

#include "display.h"

#define WIDTH_OF_A_PHONE 360

void
check_page (Untranslated *texts, const char *page, GtkWidget *widget)
{
  wait_until (gtk_widget_get_mapped (widget));
  display_run_for (150);
  untranslated_check (texts, page, widget);
}

static void
list_menu_buttons (GtkWidget *widget, GPtrArray *buttons)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_MENU_BUTTON (widget) && gtk_widget_is_sensitive (widget))
    g_ptr_array_add (buttons, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    list_menu_buttons (child, buttons);
}

void
check_popovers (Untranslated *texts, const char *page, GtkWidget *widget)
{
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();

  list_menu_buttons (widget, buttons);
  g_assert_cmpuint (buttons->len, >, 0);
  for (guint i = 0; i < buttons->len; i++)
    {
      GtkWidget *popover;

      gtk_menu_button_popup (buttons->pdata[i]);
      popover = GTK_WIDGET (gtk_menu_button_get_popover (buttons->pdata[i]));
      wait_until (gtk_widget_get_mapped (popover));
      check_page (texts, page, popover);
      gtk_menu_button_popdown (buttons->pdata[i]);
      wait_until (!gtk_widget_get_mapped (popover));
    }
}

void
check_window (Untranslated *texts, GtkWidget *widget, const char *action, GVariant *parameter)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (windows);
  g_autoptr (GtkWidget) opened = NULL;

  g_assert_true (gtk_widget_activate_action_variant (widget, action, parameter));
  wait_until (g_list_model_get_n_items (windows) == n + 1);
  opened = g_list_model_get_item (windows, n);
  wait_until (gtk_widget_get_mapped (opened));
  check_page (texts, action, opened);
  gtk_window_destroy (GTK_WINDOW (opened));
  wait_until (g_list_model_get_n_items (windows) == n);
}

static int
get_minimum (GtkWidget *widget)
{
  int minimum = 0;

  if (gtk_widget_get_visible (widget))
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* What is too wide in @widget, from it inwards. */
static void
tell_widest (GtkWidget *widget)
{
  GtkWidget *widest = NULL;

  g_test_message ("%d pixels: %s %s", get_minimum (widget), G_OBJECT_TYPE_NAME (widget),
                  GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_NATIVE (child) && (widest == NULL || get_minimum (child) > get_minimum (widest)))
      widest = child;
  if (widest != NULL)
    tell_widest (widest);
}

void
check_width (GtkWidget *window, const char *page)
{
  display_run_for (150);
  if (get_minimum (window) <= WIDTH_OF_A_PHONE)
    return;
  g_test_message ("Too wide: %s", page);
  tell_widest (window);
  g_test_fail ();
}
