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

/* GTK 4.8 names a button by its label as it is written, the mnemonic's underscore included:
 * ordinary buttons beside the name that they have by the label in them, check buttons for want of
 * one. */
static gboolean
mapped_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GObject *widget = g_value_get_object (values);

  if (GTK_IS_BUTTON (widget))
    {
      GtkButton *button = GTK_BUTTON (widget);

      if (gtk_button_get_use_underline (button) && gtk_button_get_label (button) != NULL)
        gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
    }
  else if (GTK_IS_CHECK_BUTTON (widget))
    {
      GtkCheckButton *button = GTK_CHECK_BUTTON (widget);
      const char *label = gtk_check_button_get_label (button);

      if (gtk_check_button_get_use_underline (button) && label != NULL)
        {
          g_autofree char *name = dup_without_mnemonic (label);

          gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          name, -1);
        }
    }
  return TRUE;
}

void
kalon_ui_init (void)
{
  static gsize has_hook = 0;

  /* The reference keeps the linker from dropping the object, and registers once. */
  kalon_ui_get_resource ();
  if (g_once_init_enter (&has_hook))
    {
      /* The signal is there with the class, which stays. */
      g_type_class_ref (GTK_TYPE_WIDGET);
      g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_cb, NULL,
                                  NULL);
      g_once_init_leave (&has_hook, 1);
    }
}
