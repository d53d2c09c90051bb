/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>

#include "kalon-ui-resource.h"
#include "window/kalon-ui.h"

/* (transfer full): "_Not Now" is "Not Now", and "a__b" is "a_b". */
static char *
dup_without_mnemonic (const char *label)
{
  GString *text = g_string_new (NULL);

  for (const char *c = label; *c != '\0'; c++)
    {
      if (*c == '_' && c[1] != '\0')
        c++;
      g_string_append_c (text, *c);
    }
  return g_string_free (text, FALSE);
}

static void
set_name (GtkWidget *widget, const char *label)
{
  g_autofree char *name = dup_without_mnemonic (label);

  /* Or the label in a button would be said once more, after the name. */
  if (GTK_IS_BUTTON (widget))
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* GTK 4.8 names a button by its label as it is written, the mnemonic's underscore included. Every
 * time that it is mapped: it forgets names of what was realized elsewhere. */
static gboolean
mapped_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GtkWidget *widget = g_value_get_object (values);

  if (GTK_IS_BUTTON (widget))
    {
      GtkButton *button = GTK_BUTTON (widget);

      if (gtk_button_get_use_underline (button) && gtk_button_get_label (button) != NULL)
        set_name (widget, gtk_button_get_label (button));
    }
  else if (GTK_IS_CHECK_BUTTON (widget))
    {
      GtkCheckButton *button = GTK_CHECK_BUTTON (widget);

      if (gtk_check_button_get_use_underline (button)
          && gtk_check_button_get_label (button) != NULL)
        set_name (widget, gtk_check_button_get_label (button));
    }
  return G_SOURCE_CONTINUE;
}

/* GTK 4.8 leaves the focus in a popover that has closed, unless it is a menu button's: no key would
 * do anything any more. */
static gboolean
popover_closed_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values,
                   gpointer user_data)
{
  GtkWidget *popover = g_value_get_object (values);
  GtkWidget *parent = gtk_widget_get_parent (popover);
  GtkRoot *root = gtk_widget_get_root (popover);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (parent != NULL && focus != NULL
      && (focus == popover || gtk_widget_is_ancestor (focus, popover)))
    {
      gtk_root_set_focus (root, NULL);
      gtk_widget_grab_focus (parent);
    }
  return G_SOURCE_CONTINUE;
}

static void
add_hook (const char *signal, GType type, GSignalEmissionHook hook)
{
  /* The signal is there with the class, which stays. */
  g_type_class_ref (type);
  g_signal_add_emission_hook (g_signal_lookup (signal, type), 0, hook, NULL, NULL);
}

void
kalon_ui_init (void)
{
  static gsize has_hook = 0;

  /* The reference keeps the linker from dropping the object, and registers once. */
  kalon_ui_get_resource ();
  if (g_once_init_enter (&has_hook))
    {
      add_hook ("map", GTK_TYPE_WIDGET, mapped_cb);
      add_hook ("closed", GTK_TYPE_POPOVER, popover_closed_cb);
      g_once_init_leave (&has_hook, 1);
    }
}
