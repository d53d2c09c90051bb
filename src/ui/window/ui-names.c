/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ui-names-private.h"

/* (transfer full): without the underscore of its mnemonic; two of them are one. */
static char *
dup_without_mnemonic (const char *label)
{
  GString *text = g_string_new (NULL);

  for (; *label != '\0'; label++)
    {
      if (*label == '_' && label[1] != '\0')
        label++;
      g_string_append_c (text, *label);
    }
  return g_string_free (text, FALSE);
}

/* GTK 4.8 reads the underscore of a mnemonic aloud. Every time that it is mapped: GTK forgets names
 * of what was realized elsewhere. */
static gboolean
mapped_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GObject *object = g_value_get_object (&values[0]);

  if (!GTK_IS_BUTTON (object))
    return G_SOURCE_CONTINUE;
  if (gtk_button_get_use_underline (GTK_BUTTON (object))
      && gtk_button_get_label (GTK_BUTTON (object)) != NULL)
    {
      g_autofree char *text = dup_without_mnemonic (gtk_button_get_label (GTK_BUTTON (object)));

      gtk_accessible_update_property (GTK_ACCESSIBLE (object), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                      -1);
    }
  return G_SOURCE_CONTINUE;
}

void
kalon_ui_name_buttons (void)
{
  static gsize hooked = 0;

  if (!g_once_init_enter (&hooked))
    return;
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_cb, NULL, NULL);
  g_once_init_leave (&hooked, 1);
}
