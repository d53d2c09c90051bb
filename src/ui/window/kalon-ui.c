/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>

#include "kalon-ui-resource.h"
#include "window/kalon-ui.h"

/* GTK 4.8 names a button with a mnemonic "_Add Add": by its label as it was written, and once more
 * by the label widget in it. So it is named again when it comes on screen, whoever made it: a
 * dialog of libadwaita as well. */
static gboolean
name_buttons (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GtkWidget *widget = g_value_get_object (&values[0]);
  GtkWidget *child = gtk_widget_get_last_child (widget);

  if (!GTK_IS_LABEL (child) || !gtk_label_get_use_underline (GTK_LABEL (child))
      || gtk_label_get_mnemonic_widget (GTK_LABEL (child)) != widget)
    return TRUE;
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (GTK_LABEL (child)), -1);
  return TRUE;
}

void
kalon_ui_init (void)
{
  static gsize done = 0;

  /* The reference keeps the linker from dropping the object, and registers once. */
  kalon_ui_get_resource ();
  if (g_once_init_enter (&done))
    {
      gtk_init ();
      g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET));
      g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, name_buttons, NULL,
                                  NULL);
      g_once_init_leave (&done, 1);
    }
}
